"""The yearly narrative of a project against its execution table: amounts told under a year's label, and dates of its events.

A year's label stands beside its row and holds on, over broken tables and the paragraphs between them, until another year or a
heading. An item whose dates all lie in another year stands in the wrong row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budgetaudit.labels.labelling import Table
from budgetaudit.labels.project import executed as executed_in
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.relations.confront import claim, confront, not_evaluated
from budgetaudit.relations.relation import Relation, summed
from budgetaudit.rounding import total_of
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.breakdowns import label_before
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan

EVENT = re.compile(r"[:：]\s*\Z")
BEHIND_DATE = re.compile(r"\s*[(（]\s*\Z")
MAIN = 3
HEADING = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the narrative: the amount told at its end, the dates of its events, the year of its row."""

    statement: Statement
    year: int
    amount: Number | None
    years: frozenset[int]  # of the events dated in it and beneath it
    main: bool
    nested: bool


def items(prose: Prose, block: int, until: int) -> list[Item]:
    """The items told between two blocks, those beneath a bullet gathered into it."""
    labels = _year_rows(prose, block, until)
    found: list[Item] = []
    year: int | None = None
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        if not block <= statement.block < until:
            continue
        if statement.cell is None:
            if statement.mark and statement.rank <= HEADING:
                year = None
        else:
            year = labels.get(statement.cell[:2], year)
            if _nested(prose, statement) is not None:
                year = labels.get(_nested(prose, statement) or (0, 0), year)
        if year is not None and (statement.cell is None or not _is_label(statement, labels)):
            found.append(_item(statement, scan, year, prose))
    return _gathered(found)


def _nested(prose: Prose, statement: Statement) -> tuple[int, int] | None:
    """The outer grid (counted from 1) and row of a statement in a nested table."""
    assert statement.cell is not None
    grid = prose.grids[statement.cell[0] - 1]
    return (grid.parent[0] + 1, grid.parent[1]) if grid.parent is not None else None


def _is_label(statement: Statement, labels: dict[tuple[int, int], int]) -> bool:
    return statement.cell is not None and statement.cell[2] == 0 and statement.cell[:2] in labels and len(statement.text) < LABEL


LABEL = 8


def _year_rows(prose: Prose, block: int, until: int) -> dict[tuple[int, int], int]:
    """The rows that a year labels: (grid number, row) → year, carried down inside a grid over rows without a label."""
    found: dict[tuple[int, int], int] = {}
    for number, grid in enumerate(prose.grids, start=1):
        if not block <= prose.block_of(grid) < until or grid.parent is not None:
            continue
        year: int | None = None
        for row in range(grid.rows):
            first = next((cell for cell in grid.cells if cell.row == row and cell.column == 0 and cell.text.strip()), None)
            if first is not None:
                label = prose.vocabulary.label(first.text.strip())
                year = label.year if label.year is not None and label.dimension == "year" and label.member.isdigit() else year
            if year is not None:
                found[(number, row)] = year
    return found


def _item(statement: Statement, scan: Scan, year: int, prose: Prose) -> Item:
    nested = statement.cell is not None and prose.grids[statement.cell[0] - 1].parent is not None
    events = frozenset(
        date.year
        for date in scan.dates
        if date.year is not None and date.own_year and date.months is not None and EVENT.search(scan.text, 0, date.start)
    )
    main = statement.mark != "" and statement.rank <= MAIN
    return Item(statement, year, _told(scan), events, main, nested)


def _told(scan: Scan) -> Number | None:
    """The amount an item ends with: behind a colon, or in brackets behind its dates."""
    money = [number for number in scan.numbers if number.family == "money" and number.depth <= 1]
    if not money:
        return None
    number = money[0]
    ends = not scan.text[number.end :].strip(" .)）")
    stands = EVENT.search(scan.text, 0, number.start) or (BEHIND_DATE.search(scan.text, 0, number.start) and scan.dates)
    return number if stands and (ends or number.depth == 0) and len(money) == 1 else None


def _gathered(found: Sequence[Item]) -> list[Item]:
    """Main items with the dates of what stands beneath them."""
    gathered: list[Item] = []
    for item in found:
        if item.main or not gathered or item.amount is not None or gathered[-1].year != item.year:
            gathered.append(item)
        else:
            last = gathered[-1]
            gathered[-1] = replace(last, years=last.years | item.years)
    return gathered


# --- an item dated outside its row's year ----------------------------------------------------------


def misplaced(found: Sequence[Item]) -> list[tuple[Item, int]]:
    """Items whose events are all dated in one other year that has a row of its own."""
    rows = {item.year for item in found}
    return [
        (item, min(item.years)) for item in found if len(item.years) == 1 and item.year not in item.years and item.years <= rows
    ]


def compare_events(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """One comparison for each dated item of a yearly narrative."""
    for start, end in _stretches(tables, prose):
        found = items(prose, start, end)
        wrong = {id(item): year for item, year in misplaced(found)}
        for item in found:
            if item.years:
                yield _dated(rule, item, wrong.get(id(item)))


def _dated(rule: Rule, item: Item, year: int | None) -> Comparison:
    figure = Figure(None, str(item.year), item.statement.place, label=quoted(item.statement.text))
    message = said("event-misplaced", str(item.year), str(item.year), quoted(item.statement.text), year=str(year or item.year))
    relation = f"text:{item.statement.place.file}#{item.statement.number}:event"
    return claim(rule, figure, message, relation, failed=year is not None)


# --- amounts told against the execution table ------------------------------------------------------


def _stretches(tables: Sequence[Table], prose: Prose) -> list[tuple[int, int]]:
    """From each execution table to the next one (or the end): where its narrative stands."""
    starts = sorted({prose.block_of(table.grid) for table in tables if executed_in(table)})
    ends = [*starts[1:], len(prose.document.blocks)] if starts else []
    return [(start + 1, end) for start, end in zip(starts, ends, strict=True)]


def compare_narrative(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """What is told of a year adds up to what the table says was executed in it."""
    by_block = {prose.block_of(table.grid): table for table in tables}
    for start, end in _stretches(tables, prose):
        executed = executed_in(by_block[start - 1])
        found = items(prose, start, end)
        moved = {id(item): year for item, year in misplaced(found)}
        told = [replace(item, year=moved.get(id(item), item.year)) for item in found if item.amount is not None]
        if told:
            yield from _years(rule, executed, told)


def _years(rule: Rule, executed: dict[int, Figure], told: Sequence[Item]) -> Iterator[Comparison]:
    """Each year under the reading (which items are amounts of their own) that fits most years."""
    readings = [
        [item for item in told if item.main],
        [item for item in told if not item.nested],
        list(told),
    ]
    chosen = max(readings, key=lambda reading: sum(_fits(executed[year], reading, year) for year in executed))
    proven = any(_fits(executed[year], chosen, year) for year in executed)
    for year, stated in executed.items():
        mine = [item for item in chosen if item.year == year and item.amount is not None]
        operands = [("part", _figure(item)) for item in mine]
        expected = total_of([(1, figure) for _, figure in operands], stated)
        if not operands or expected is None or stated.value is None:
            continue
        relation = f"text:{stated.place.file}#{stated.place.table}:{year}:narrative"
        missing = not stated.value and expected.middle > 0
        sentence = quoted(mine[0].statement.text)
        code = "narrative-missing" if missing else "narrative-differs"
        message = Message(code, {"label": stated.label, "stated": stated.text.strip(), "year": str(year), "sentence": sentence})
        severity: Severity = "warning" if rule.severity == "error" else rule.severity
        terms = summed(stated, [figure for _, figure in operands])
        comparison = confront(Relation(rule, terms, relation, severity=severity, message=message))
        if comparison.verdict == "fail" and not missing and not proven:
            comparison = not_evaluated(rule, stated, Message("reason-narrative", {}), operands, relation)
        yield comparison


def _figure(item: Item) -> Figure:
    assert item.amount is not None
    label = label_before(item.statement.text, item.amount.start)
    return item.amount.figure(item.statement.place, label, step=item.amount.last_place)


def _fits(stated: Figure, reading: Sequence[Item], year: int) -> bool:
    figures = [_figure(item) for item in reading if item.year == year and item.amount is not None]
    total = total_of([(1, figure) for figure in figures], stated)
    return bool(figures) and total is not None and stated.value == total.middle
