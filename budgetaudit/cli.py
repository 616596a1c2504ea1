"""The command line: options in, a report out, and the exit code a gate needs.

0 nothing at or above --fail-on · 1 findings · 2 wrong usage or a broken rule file · 3 an input could
not be read, a rule crashed, or nothing was checked. 3 beats 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from budgetaudit import __version__, streams
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.model import SEVERITIES, Audit, ReadError
from budgetaudit.reports import BINARY, REPORTS, SUFFIXES, View, write
from budgetaudit.reports.wording import counted
from budgetaudit.rule import RuleSet
from budgetaudit.strict_yaml import RuleFileError
from budgetaudit.typed_yaml import hint

if TYPE_CHECKING:
    from budgetaudit.waivers import Waiver

OK, FINDINGS, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
DEFAULT_PACK = "korea-local"

Command = TypeVar("Command", bound=Callable[..., Any])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    streams.prepare(sys.stdout)
    streams.prepare(sys.stderr)
    try:
        code = cli.main(arguments, prog_name="budgetaudit", standalone_mode=False)
    except click.ClickException as error:
        _complain(error)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit:  # click's answer to a closed pipe while it prints help
        return OK
    except Exception as error:
        if os.environ.get("BUDGETAUDIT_DEBUG"):
            raise
        print(say("cli.internal", _default_lang(), error=type(error).__name__), file=sys.stderr)  # noqa: T201
        return INCOMPLETE
    return code if isinstance(code, int) else OK


class Refusal(click.ClickException):
    """Wrong usage, or a rule file that cannot be used: one line, exit code 2."""

    exit_code = USAGE


def language(command: Command) -> Command:
    """The option every command has."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        envvar="BUDGETAUDIT_LANG",
        help="Language of the report and of every message.",
    )(command)


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing found at or above --fail-on; 1 findings; 2 wrong usage or a broken rule file; "
    "3 an input could not be read, a rule crashed, or nothing was checked.",
)
@click.version_option(__version__, "--version", prog_name="budgetaudit", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> int | None:
    """Audit public budgets and their execution: find where a document contradicts itself.

    \b
    Examples:
      budgetaudit check plan.hwpx
      budgetaudit check *.xlsx --fail-on warning --format json --output report.json
      budgetaudit tables plan.hwpx
      budgetaudit rules funding-sources
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return USAGE
    return None


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--rules",
    "-r",
    multiple=True,
    metavar="PATH|PACK",
    default=(DEFAULT_PACK,),
    show_default=True,
    help="Rule file, folder of rule files, or pack (korea-local, generic); given several times they combine.",
)
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    default="error",
    show_default=True,
    help="Least severity that makes the exit code 1.",
)
@click.option(
    "--format", "-f", "name", type=click.Choice(tuple(REPORTS)), help="Format of the report  [default: by --output, else table]"
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write the report to this file, whole or not at all.")
@click.option("--evidence", is_flag=True, help="List every comparison, passing ones included.")
@click.option(
    "--waivers",
    "waiver_files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Waiver file: findings accepted with a reason.",
)
@click.option(
    "--write-waivers", "drafted", type=click.Path(path_type=Path), help="Draft waivers of what is found, to be reviewed."
)
@click.option("--verbose", "-v", is_flag=True, help="Show every suspect, and findings that follow from another one.")
@language
def check(
    files: tuple[Path, ...],
    rules: tuple[str, ...],
    fail_on: str,
    name: str | None,
    output: Path | None,
    evidence: bool,
    waiver_files: tuple[Path, ...],
    drafted: Path | None,
    verbose: bool,
    lang: str,
) -> int:
    """Check documents against rules and report where they contradict themselves.

    Reads HWPX, HWP, PDF, DOCX, XLSX, XLS, CSV, TSV, HTML, Markdown and plain text. Each file is
    audited by itself; all are reported before the exit code is given. Nothing is ever changed.

    \b
    Examples:
      budgetaudit check plan.hwpx
      budgetaudit check *.hwpx || exit 1                   as a gate
      budgetaudit check ledger.csv --rules my-rules.yaml   an auditor's own rules
      budgetaudit check plan.pdf --lang ko -o report.md    a report in Korean
    """
    name = name or SUFFIXES.get(output.suffix.lower() if output else "", "table")
    _check_output(output, name, files, lang)
    _check_draft(drafted, files, lang)
    from budgetaudit.audit import audit  # after the cheap refusals: this is the import that costs

    try:
        accepted = _waivers(waiver_files)
        result = audit([str(file) for file in files], rules=rules)
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None
    result = _waived(result, accepted, drafted, lang)
    _warn(result, name, output, lang)
    view = replace(_view(output, lang), evidence=evidence, verbose=verbose, fail_on=fail_on)
    _emit(lambda out: write(name, result, out, view), output, lang, binary=name in BINARY)
    return exit_code(result, fail_on)


@cli.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--format", "-f", "name", type=click.Choice(("text", "json")), default="text", show_default=True, help="Format.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to this file, whole or not at all.")
@language
def tables(file: Path, name: str, output: Path | None, lang: str) -> int:
    """Show what was read: every table with its coordinates, units and doubts.

    Rows and columns are numbered as findings name them. An arrow points to the cell whose span covers a place.

    \b
    Examples:
      budgetaudit tables plan.hwpx
      budgetaudit tables plan.hwpx --format json --output tables.json
    """
    _check_output(output, name, [file], lang)
    from budgetaudit import vocabulary
    from budgetaudit.labelling import label
    from budgetaudit.readers import read
    from budgetaudit.reports import tables as report

    try:
        document = read(file)
    except ReadError as error:
        click.echo(f"{file}: {say(error.message, lang)}", err=True)
        return INCOMPLETE
    labelled = label(document, vocabulary.load())
    write_tables = {"text": report.to_text, "json": report.to_json}[name]
    _emit(lambda out: write_tables(document, labelled, out, _view(output, lang)), output, lang)
    return INCOMPLETE if any(problem.level == "unread" for problem in document.problems) else OK


@cli.command()
@click.argument("words", metavar="[ID | lint FILE...]", nargs=-1)
@click.option(
    "--rules", "-r", "specs", multiple=True, metavar="PATH|PACK", help="Packs or rule files to explain  [default: every pack]"
)
@click.option("--markdown", is_flag=True, help="Print the whole catalogue as Markdown.")
@language
def rules(words: tuple[str, ...], specs: tuple[str, ...], markdown: bool, lang: str) -> int:
    """List the rules, explain one of them, or check a rule file for mistakes.

    \b
    Examples:
      budgetaudit rules                       every rule of every pack
      budgetaudit rules funding-sources       what it checks, why, and how to waive it
      budgetaudit rules lint my-rules.yaml    every mistake, with its line
    """
    from budgetaudit import catalogue
    from budgetaudit.rulefile import packs

    if words[:1] == ("lint",):
        return _lint(words[1:], lang)
    if len(words) > 1:
        raise click.UsageError(say("cli.one-rule", lang), click.get_current_context())
    sets = {spec: _load((spec,), lang) for spec in specs or packs()}
    if markdown:
        return _say(catalogue.markdown(sets), lang)
    if not words:
        from budgetaudit.reports.rules import listing

        return _say(listing(sets, lang, _view(None, lang).width), lang)
    rule = next((rule for ruleset in sets.values() for rule in ruleset.rules if rule.id == words[0]), None)
    if rule is None:
        known = sorted(rule.id for ruleset in sets.values() for rule in ruleset.rules)
        raise Refusal(say("cli.unknown-rule", lang, rule=words[0], hint=hint(words[0], known)))
    return _say(catalogue.explain(rule, lang), lang)


def _lint(files: Sequence[str], lang: str) -> int:
    """Every mistake of every file; 2 if there is one."""
    if not files:
        raise click.UsageError(say("cli.lint-what", lang), click.get_current_context())
    code = OK
    for file in files:
        try:
            loaded = _load((file,), lang)
        except Refusal as refusal:
            click.echo(refusal.message, err=True)
            code = USAGE
        else:
            _say(say("cli.lint-clean", lang, file=file, rules=counted("rule", len(loaded.rules), lang)) + "\n", lang)
    return code


def _load(specs: Sequence[str], lang: str) -> RuleSet:
    from budgetaudit.kinds import KINDS
    from budgetaudit.rulefile import load

    try:
        return load(specs, {name: kind.options for name, kind in KINDS.items()})
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None


def _say(text: str, lang: str) -> int:
    _emit(lambda out: out.write(text), None, lang)
    return OK


def exit_code(result: Audit, fail_on: str) -> int:
    """What an audit means for a gate."""
    unread = any(problem.level == "unread" for source in result.inputs for problem in source.problems)
    if unread or result.errors or result.count("not_evaluated") == len(result.comparisons):
        return INCOMPLETE
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    return FINDINGS if any(result.severity_count(severity) for severity in failing) else OK


def _warn(result: Audit, name: str, output: Path | None, lang: str) -> None:
    """One line on standard error for all that is incomplete, unless the screen shows it in the report anyway."""
    if name == "table" and output is None and sys.stdout.isatty():
        return
    from budgetaudit.reports.summary import problems, unchecked

    for line in problems(result, lang, notices=False):
        click.echo(line, err=True)
    if result.errors:
        return
    for path in unchecked(result):
        click.echo(say("cli.nothing-checked", lang, path=path), err=True)


def _view(output: Path | None, lang: str) -> View:
    screen = output is None and sys.stdout.isatty()
    color = screen and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = max(shutil.get_terminal_size().columns, 40) if screen else View().width
    return View(lang=lang, width=width, color=color)


def _waivers(files: Sequence[Path]) -> dict[Path, tuple[Waiver, ...]]:
    if not files:
        return {}
    from budgetaudit import waivers

    return {file: waivers.load(file) for file in files}


def _waived(result: Audit, accepted: Mapping[Path, tuple[Waiver, ...]], drafted: Path | None, lang: str) -> Audit:
    """The audit with its waivers applied; what is not waived is drafted where that is wished."""
    if not accepted and drafted is None:
        return result
    from budgetaudit import waivers

    today = date.today()  # noqa: DTZ011 - a waiver ends on a day where its reader is
    for file, given in accepted.items():
        result = waivers.apply(result, given, file, today)
    if drafted is not None:
        author = os.environ.get("USER") or os.environ.get("USERNAME") or "?"
        text = waivers.draft(result, author, today)
        _emit(lambda out: out.write(text), drafted, lang)
    return result


def _check_draft(drafted: Path | None, inputs: Sequence[Path], lang: str) -> None:
    if drafted is None:
        return
    if drafted.exists():
        raise Refusal(say("cli.waivers-exist", lang, path=drafted))
    _check_output(drafted, "", inputs, lang)


def _check_output(output: Path | None, name: str, inputs: Sequence[Path], lang: str) -> None:
    """Refuse before the work what could not be written after it."""
    if output is None:
        if name in BINARY and sys.stdout.isatty():
            raise Refusal(say("cli.binary", lang, format=name))
        return
    reason = streams.why_unwritable(output)
    if reason:
        raise Refusal(say("cli.unwritable", lang, path=output, reason=reason))
    if any(file.exists() and output.exists() and file.samefile(output) for file in inputs):
        raise Refusal(say("cli.input-as-output", lang, path=output))


def _emit(render: Callable[[IO[Any]], object], output: Path | None, lang: str, *, binary: bool = False) -> None:
    try:
        if output is None:
            streams.print_whole(render, binary=binary)
            return
        with streams.whole_file(output, binary=binary) as stream:
            render(stream)
    except OSError as error:
        target = output or say("cli.standard-output", lang)
        raise Refusal(say("cli.unwritable", lang, path=target, reason=error.strerror or type(error).__name__)) from None


def _complain(error: click.ClickException) -> None:
    """One line: which command, what is wrong, and for wrong usage where to look."""
    text = error.format_message()
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "budgetaudit"
        text = say("cli.usage", _default_lang(), command=command, text=" ".join(text.split()).rstrip("."))
    click.echo(text, err=True)


def _default_lang() -> str:
    wanted = os.environ.get("BUDGETAUDIT_LANG", "")
    return wanted if wanted in LANGUAGES else "en"


if __name__ == "__main__":
    sys.exit(main())
