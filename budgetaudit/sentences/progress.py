"""Progress over the years: it never falls, and a project that is said to be complete has not spent a part of its plan only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from budgetaudit.label_text import squeeze
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.labels.numbers import Axis, View, view
from budgetaudit.labels.project import executed, grand_total, is_plan, is_spending
from budgetaudit.model import Comparison, Figure, Message, Unit
from budgetaudit.relations.confront import claim, confront
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.schedules import place_of
from budgetaudit.sentences.text import Prose

HUNDRED = Decimal(100)
EXACT = Fraction(0)
STARTED = Decimal("0.5")


def compare_rising(rule: Rule, tables: Sequence[Table], words: Sequence[str]) -> Iterator[Comparison]:
    """The progress that a plan states for each year is at least that of the year before."""
    names = tuple(squeeze(word) for word in words)
    axes: tuple[Axis, Axis] = ("row", "column")
    for table in tables:
        for axis in axes:
            seen = view(table, axis)
            years = [j for j, cross in enumerate(seen.cross) if cross.year is not None]
            for i, line in enumerate(seen.lines):
                if len(years) > 1 and _is_progress(line, names):
                    yield from _risen(rule, table, seen, i, sorted(years, key=lambda j: seen.cross[j].year or 0))


def _is_progress(line: Line, names: tuple[str, ...]) -> bool:
    return line.measure == "rate" and any(label.key.endswith(names) for label in line.labels if label.key)


def _risen(rule: Rule, table: Table, seen: View, line: int, years: Sequence[int]) -> Iterator[Comparison]:
    before: Figure | None = None
    for j in years:
        figure = seen.figure(line, j)
        if figure is None or figure.value is None or figure.dash:
            continue
        if before is not None and before.value is not None:
            args = {"label": figure.label, "stated": figure.text.strip(), "before": before.text.strip(), "earlier": before.label}
            terms = (states(figure, step=EXACT), Term(before, role="limit", step=EXACT))
            law = f"{table.place.file}#{table.number}:{line}:rising"
            yield confront(Relation(rule, terms, law, ">=", message=Message("progress-falls", args)))
        before = figure


def compare_completed(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """A progress of 100%, where less than half of the plan is spent and the plan foresees less for the last year with spending.

    Which year's plan holds is inferred from the spending, so that this is only a note.
    """
    names = tuple(squeeze(word) for word in prose.vocabulary.prose.get("progress_words", ()))
    plans = [table for table in tables if is_plan(table)]
    spendings = [table for table in tables if is_spending(table)]
    done = _complete(prose, names)
    if done is None or len(plans) != 1 or len(spendings) != 1:
        return
    planned, spent = grand_total(plans[0]), grand_total(spendings[0])
    year = max((year for year, figure in executed(spendings[0]).items() if figure.value), default=None)
    foreseen = _foreseen(tables, year, names)
    if planned is None or spent is None or not planned.base or spent.base is None or foreseen is None or foreseen.value is None:
        return
    failed = spent.base / planned.base < STARTED and foreseen.value < HUNDRED
    args = {"label": done.label, "stated": done.text, "spent": spent.text.strip(), "plan": planned.text.strip()}
    message = Message("progress-complete", {**args, "foreseen": foreseen.text.strip(), "year": str(year)})
    operands = (("numerator", spent), ("denominator", planned), ("limit", foreseen))
    wanted = foreseen.value if failed else HUNDRED
    law = f"text:{done.place.file}:completed"
    yield claim(rule, done, message, law, failed=failed, severity="note", operands=operands, expected=wanted)


def _complete(prose: Prose, names: tuple[str, ...]) -> Figure | None:
    """A cell that says 100% in a row of progress (not of a year)."""
    for number, grid in enumerate(prose.grids, start=1):
        heads = {cell.row: squeeze(cell.text) for cell in reversed(grid.cells) if cell.column == 0}
        for cell in grid.cells:
            if cell.column and squeeze(cell.text) == "100%" and heads.get(cell.row, "").endswith(names):
                place = place_of(prose.document.path, grid, number, cell)
                return Figure(HUNDRED, cell.text.strip(), place, unit=Unit("%", "percent"), label=heads[cell.row])
    return None


def _foreseen(tables: Sequence[Table], year: int | None, names: tuple[str, ...]) -> Figure | None:
    """The progress that a plan states for a year."""
    for table in tables:
        for line in table.columns:
            row = next((row for row in table.rows if row.year == year), None)
            if row is not None and year is not None and _is_progress(line, names):
                return table.figures.get((row.index, line.index))
    return None
