"""The command that writes what was read as tidy data."""

from __future__ import annotations

from pathlib import Path

import click

from budgetaudit import delivery, inputs, streams
from budgetaudit.cli.options import PATH, language, output_option, rule_specs
from budgetaudit.cli.usage import Command
from budgetaudit.delivery import INCOMPLETE, OK, Refusal
from budgetaudit.messages import say
from budgetaudit.rulefiles.strict_yaml import RuleFileError


@click.command(cls=Command)
@click.argument("file", metavar="FILE", type=PATH)
@click.option(
    "--format",
    "-f",
    "name",
    type=click.Choice(("csv", "json", "xlsx", "parquet")),
    help="Format  [default: by --output, else csv]",
)
@rule_specs
@output_option
@language
def figures(file: Path, name: str | None, rules: tuple[str, ...], output: Path | None, lang: str) -> int:
    """Write every number that was read as one row of a table: a messy budget book as tidy data.

    Each row has its place (file, page, sheet, table, row, column, line), its coordinates (item,
    source, year, measure), its text, its exact amount with unit and scale, and the same amount as
    an integer with its decimal places, and whether an equation proves it. Parquet needs the extra
    'parquet'.

    \b
    Examples:
      budgetaudit figures book.hwpx -o figures.parquet
      budgetaudit figures book.xlsx -o figures.csv
      budgetaudit figures book.pdf --format json
    """
    from budgetaudit.reports import figures as written

    suffix = output.suffix.lower() if output is not None else ".csv"
    form = name or written.FORMATS.get(suffix)
    if form is None:
        known = " ".join(sorted(written.FORMATS))
        raise Refusal(say("cli.suffix", lang, path=output, suffix=suffix or str(output), known=known))
    delivery.check_output(output, form, [file, *inputs.rule_files(rules)], lang)
    from budgetaudit.pipeline import audit

    try:
        made = audit(file, rules)
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None
    try:
        frame = made.figures
        amounts = made.frames.decimal(frame, "value")
        delivery.emit(
            lambda out: written.write(frame, amounts, form, out), output, lang, binary=form in written.BINARY, bom=form == "csv"
        )
    except ImportError:
        raise Refusal(say("engine-missing", lang, extra="parquet", package="pyarrow")) from None
    for problem in (problem for source in made.inputs for problem in source.problems):
        streams.complain(f"{problem.place.file}: {say(problem.message, lang)}")
    return INCOMPLETE if any(problem.level == "unread" for source in made.inputs for problem in source.problems) else OK
