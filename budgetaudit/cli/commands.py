"""Every command: its options, and the work it hands on."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path

import click

from budgetaudit import __version__, config, delivery, inputs, runs, streams
from budgetaudit.cli.figures import figures
from budgetaudit.cli.options import (
    INPUT,
    PATH,
    complete_rule_files,
    fail_on_option,
    language,
    min_coverage_option,
    output_option,
    outputs_option,
    rule_specs,
    tuning_options,
    waivers_option,
)
from budgetaudit.cli.rules import rules
from budgetaudit.cli.usage import CONFIGURATION, PER_FILE, Group
from budgetaudit.delivery import FINDINGS, INCOMPLETE, OK, USAGE, Refusal, view_of, write_text
from budgetaudit.messages import say
from budgetaudit.model import ReadError
from budgetaudit.reports import REPORTS

READING = ("rules", "tables", "discover")  # commands to which the defaults of an audit do not apply
SORTS = ("severity", "place", "rule", "amount")
ENGINES = ("auto", "pandas", "duckdb", "spark")


@click.group(
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing found at or above --fail-on; 1 findings, or less proven than "
    "--min-coverage asks; 2 wrong usage or a broken rule file; 3 an input could not be read, a rule crashed, or no figure was "
    "checked.",
)
@click.version_option(__version__, "--version", prog_name="budgetaudit", message="%(prog)s %(version)s")
@click.option(
    "--config", "chosen", type=PATH, help="Configuration file  [default: the nearest budgetaudit.toml or "
    "pyproject.toml with a table tool.budgetaudit]",
)  # fmt: skip
@click.option("--no-config", is_flag=True, help="Read no configuration file.")
@click.pass_context
def cli(context: click.Context, chosen: Path | None, no_config: bool) -> int | None:
    """Audit public budgets and their execution: find where a document contradicts itself.

    \b
    Examples:
      budgetaudit check plan.hwpx
      budgetaudit check plans/ --fail-on warning --format json --output report.json
      budgetaudit tables plan.hwpx
      budgetaudit rules funding-sources
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return USAGE
    if not no_config:
        _configure(context, chosen)
    return None


def _configure(context: click.Context, chosen: Path | None) -> None:
    """Give the commands the defaults of the project."""
    try:
        path = chosen or config.trusted(config.find(Path.cwd()))
        values = config.load(path) if path is not None else {}
        context.meta[PER_FILE] = config.per_file(path) if path is not None else []
    except config.ConfigError as error:
        raise Refusal(error.text(context.obj or config.system_language())) from None
    context.meta[CONFIGURATION] = path
    context.default_map = {
        name: {key: value for key, value in values.items() if key in {option.name for option in command.params}}
        for name, command in cli.commands.items()
        if name not in READING
    } | {name: {"lang": values["lang"]} for name in READING if "lang" in values}


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=INPUT)
@rule_specs
@tuning_options
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these paths out of folders and patterns.")
@fail_on_option
@min_coverage_option
@click.option(
    "--format", "-f", type=click.Choice(tuple(REPORTS)), help="Format of the report  [default: by --output, else table]"
)
@outputs_option
@click.option("--marked", type=PATH, help="Also write a copy of the document with its findings marked (or a folder of copies).")
@click.option("--tick-marks", is_flag=True, help="In the marked copy also sign what is proven: footed, cross-footed, tied.")
@click.option("--evidence", is_flag=True, help="List every comparison, passing ones included.")
@click.option(
    "--sort", type=click.Choice(SORTS), default="severity", show_default=True, help="Order of the findings of each file."
)
@click.option("--statistics", is_flag=True, help="Print counts per rule instead of the findings.")
@waivers_option
@click.option("--update-waivers", is_flag=True, help="Drop dead waivers from the waiver files.")
@click.option("--write-waivers", type=PATH, help="Draft waivers of what is found, to be reviewed.")
@click.option("--baseline", type=PATH, help="Count only what is not in this file; without the file it is written.")
@click.option(
    "--together", is_flag=True, help="Also tie figures across the files: books, pledge cards, last year's book, ledgers."
)
@click.option("--allow-unchecked", is_flag=True, help="No failure for a file without a figure that could be checked.")
@click.option("--jobs", "-j", type=click.IntRange(0), default=1, show_default=True, help="Processes; 0 means one a processor.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="What runs ledgers of many rows (large CSV, Parquet).",
)
@click.option("--all-findings", type=PATH, help="Write every finding of a ledger to this CSV or Parquet file.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until interrupted.")
@click.option("--verbose", "-v", is_flag=True, help="Show every suspect, and findings that follow from another one.")
@click.option("--quiet", "-q", is_flag=True, help="One line a file on the screen.")
@language
@click.pass_context
def check(
    context: click.Context,
    files: tuple[Path, ...],
    rules: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    exclude: tuple[str, ...],
    fail_on: str,
    min_coverage: Decimal | None,
    format: str | None,  # noqa: A002 - the option's name
    outputs: tuple[Path, ...],
    marked: Path | None,
    tick_marks: bool,
    evidence: bool,
    sort: str,
    statistics: bool,
    waivers: tuple[Path, ...],
    update_waivers: bool,
    write_waivers: Path | None,
    baseline: Path | None,
    together: bool,
    allow_unchecked: bool,
    jobs: int,
    engine: str,
    all_findings: Path | None,
    watch: bool,
    verbose: bool,
    quiet: bool,
    lang: str,
) -> int:
    """Check documents against rules and report where they contradict themselves.

    Reads HWPX, HWP, PDF, DOCX, XLSX, XLS, CSV, TSV, HTML, Markdown and plain text; a folder means
    all documents below it, - means standard input. Each file is audited by itself, with --together also against the others;
    all are reported before the exit code is given. Nothing is ever changed.

    \b
    Examples:
      budgetaudit check plan.hwpx
      budgetaudit check plans/*.hwpx || exit 1             as a gate
      budgetaudit check plans/ --jobs 0                    every document below a folder
      budgetaudit check ledger.csv --rules my-rules.yaml   an auditor's own rules
      budgetaudit check plan.hwpx book.pdf --together      what one states, the other states too
      budgetaudit check plan.pdf --lang ko -o report.html  a report in Korean for the browser
      budgetaudit check plan.pdf --marked marked.pdf       the document itself, its findings marked
      budgetaudit check plan.hwpx --severity execution-within-plan=error --ignore grouped-numbers
      budgetaudit check plans/ --baseline baseline.json    only what is new since the baseline
    """
    per_file = [
        (pattern, runs.tuning(given.get("select", ()), given.get("ignore", ()), given.get("severity", ()), lang, pattern))
        for pattern, given in context.meta.get(PER_FILE, ())
    ]
    request = runs.Request(
        tuple(files),
        rules,
        tuning=runs.tuning(select, ignore, severity, lang),
        per_file=tuple(per_file),
        exclude=exclude,
        jobs=jobs,
        engine=engine,
        together=together,
        every=all_findings,
        waivers=waivers,
        update_waivers=update_waivers,
        write_waivers=write_waivers,
        baseline=baseline,
        sort=sort,
        config=context.meta.get(CONFIGURATION),
    )
    written = delivery.Delivery(
        tuple(path for path in outputs if path != Path("-")),
        format,
        fail_on,
        evidence=evidence,
        verbose=verbose,
        quiet=quiet,
        statistics=statistics,
        allow_unchecked=allow_unchecked,
        least=min_coverage,
        marked=marked,
        tick_marks=tick_marks,
    )
    once = partial(runs.check, request, written, lang)
    return runs.watched(request, once) if watch else once()


@cli.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@rule_specs
@fail_on_option
@click.option(
    "--format",
    "-f",
    type=click.Choice(("table", "json", "html")),
    help="Format of the report  [default: by --output, else table]",
)
@output_option
@waivers_option
@language
def compare(
    old: Path,
    new: Path,
    rules: tuple[str, ...],
    fail_on: str,
    format: str | None,  # noqa: A002 - the option's name
    output: Path | None,
    waivers: tuple[Path, ...],
    lang: str,
) -> int:
    """Compare two drafts of a document: findings fixed, new, changed and persisting, and figures that changed.

    Findings and figures are matched by their labels, not by their rows, figures of sentences by what
    the sentence says. Of two folders, the documents of one name are matched. Only findings that are
    new or have changed, and that no waiver accepts, count for the exit code.

    \b
    Examples:
      budgetaudit compare plan-draft1.hwpx plan-draft2.hwpx
      budgetaudit compare book-2024.xlsx book-2025.xlsx --format json --output changes.json
      budgetaudit compare books-june/ books-july/ --output changes.html
    """
    from budgetaudit import drafts
    from budgetaudit.reports import drafts as written

    suffix = output.suffix.lower() if output is not None else ""
    name = format or {".json": "json", ".html": "html", ".htm": "html"}.get(suffix, "table")
    delivery.check_output(output, name, (old, new, *waivers, *inputs.rule_files(rules)), lang)
    accepted = runs.accepted(waivers, lang)
    earlier, later = (inputs.expand([path]) for path in (old, new))
    before, after = (runs.run(paths, rules, 1, lang, tables=True) for paths in (earlier, later))
    after = runs.waive(after, accepted, lang)
    found = drafts.compare(before, after, runs.retold(earlier, later, rules))
    delivery.complain((*written.incomplete(found, lang), *written.notices(found, lang)), name, output)
    render = {"table": written.to_text, "json": written.to_json, "html": written.to_html}[name]
    delivery.emit(lambda out: render(found, out, view_of(output, lang)), output, lang)
    if INCOMPLETE in (delivery.exit_code(before, fail_on), delivery.exit_code(after, fail_on)):
        return INCOMPLETE
    return FINDINGS if any(finding.severity in delivery.failing(fail_on) for finding in found.unsettled()) else OK


@cli.command()
@click.argument("file", metavar="FILE", type=PATH)
@click.option("--format", "-f", "name", type=click.Choice(("text", "json")), default="text", show_default=True, help="Format.")
@click.option(
    "--rules",
    "-r",
    multiple=True,
    metavar="PATH|PACK",
    shell_complete=complete_rule_files,
    help="Rule files or packs: read with their vocabulary, and say where each rule applied.",
)
@output_option
@language
def tables(file: Path, name: str, rules: tuple[str, ...], output: Path | None, lang: str) -> int:
    """Show what was read: every table with its coordinates, units and doubts.

    Rows and columns are numbered as findings name them. An arrow points to the cell whose span
    covers a place. With --rules, also where each rule applied, and why it did not elsewhere.

    \b
    Examples:
      budgetaudit tables plan.hwpx
      budgetaudit tables plan.hwpx --format json --output tables.json
      budgetaudit tables plan.hwpx --rules my-rules.yaml   my own words and rules at work
    """
    delivery.check_output(output, name, [file, *inputs.rule_files(rules)], lang)
    from budgetaudit.authoring.commands import fitted
    from budgetaudit.deadline import bounded
    from budgetaudit.readers import read
    from budgetaudit.reports import tables as written

    try:
        with bounded(str(file)):
            document = read(file)
        with bounded(str(file), document):
            labelled, applied = fitted(document, rules, lang)
    except ReadError as error:
        streams.complain(f"{file}: {say(error.message, lang)}")
        return INCOMPLETE
    render = {"text": written.to_text, "json": written.to_json}[name]
    delivery.emit(lambda out: render(document, labelled, out, view_of(output, lang), applied), output, lang)
    return INCOMPLETE if any(problem.level == "unread" for problem in document.problems) else OK


cli.add_command(figures)
cli.add_command(rules)


@cli.command()
@click.argument("file", metavar="FILE", type=PATH)
@click.option("--format", "-f", "name", type=click.Choice(("yaml", "json")), help="Format  [default: by --output, else yaml]")
@output_option
@language
def discover(file: Path, name: str | None, output: Path | None, lang: str) -> int:
    """Find relations among the figures of a document by arithmetic, without its labels.

    Sums with subtotals, averages, ratios and changes that hold, or hold but for a few cells: as a
    rule file to review, edit and give to check --rules, or as JSON, cell by cell.

    \b
    Examples:
      budgetaudit discover ledger.xlsx --output my-rules.yaml
      budgetaudit discover table.csv --format json
    """
    delivery.check_output(output, "", [file], lang)
    from budgetaudit import vocabulary
    from budgetaudit.authoring import discovered
    from budgetaudit.deadline import bounded
    from budgetaudit.readers import read

    form = name or ("json" if output is not None and output.suffix.lower() == ".json" else "yaml")
    words = vocabulary.load()
    try:
        with bounded(str(file)):
            document = read(file, whole=form == "json")  # the cells of the JSON are counted as in the file
        with bounded(str(file), document):
            found = discovered.to_json(document, words) if form == "json" else discovered.to_rules(document, words, lang)
    except ReadError as error:
        streams.complain(f"{file}: {say(error.message, lang)}")
        return INCOMPLETE
    for problem in document.problems:
        streams.complain(f"{file}: {say(problem.message, lang)}")
    write_text(found, output, lang)
    return INCOMPLETE if any(problem.level == "unread" for problem in document.problems) else OK


@cli.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the script that completes commands, options and files in a shell.

    \b
    Example, for bash:
      budgetaudit completion bash > ~/.local/share/bash-completion/completions/budgetaudit
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    return write_text(
        made(cli, {}, "budgetaudit", "_BUDGETAUDIT_COMPLETE").source() + "\n", None, context.obj or config.system_language()
    )
