"""Counts and rates that a table prints in words: `소계(7지구)` against its rows, a rate against the two counts beside it.

Which rows are parts of which total the table's structure says; a count that is far from its rows counts something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from budgetaudit.amounts import Amount, parse
from budgetaudit.labels.labelling import Table
from budgetaudit.labels.numbers import View
from budgetaudit.model import Cell, Comparison, Figure, Grid, Place, Severity, Unit
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.schedules import place_of
from budgetaudit.sentences.statements import LARGEST_GRID
from budgetaudit.sentences.text import Prose, said
from budgetaudit.structure.search import LineSum
from budgetaudit.structure.structure import Structure

NEAR = 1  # a count that misses its rows by more counts something else
ROWS, DEEP = 3, 4
MISSED = 10  # percentage points beyond which two counts are not those of the rate
PERCENT = Unit("%", "percent")


def compare_rows(rule: Rule, structure: Structure, prose: Prose) -> Iterator[Comparison]:
    """The counts of one table's total rows."""
    sums = {item.target: item for item in structure.sums if item.axis == "row" and item.cue}
    view, table = structure.views.get("row"), structure.table
    if view is None or not sums:
        return
    for item in sums.values():
        yield from _in_label(rule, table, view, item, _leaves(item, sums), prose)


def _leaves(item: LineSum, sums: dict[int, LineSum], depth: int = 0) -> list[int]:
    """The rows that are no totals themselves, beneath a total."""
    found: list[int] = []
    for part in item.parts:
        found.extend(_leaves(sums[part], sums, depth + 1) if part in sums and depth < DEEP else [part])
    return found


def _in_label(rule: Rule, table: Table, view: View, item: LineSum, rows: Sequence[int], prose: Prose) -> Iterator[Comparison]:
    """`소계(7지구)`: as many rows as it says."""
    line = view.lines[item.target]
    if "(" not in line.text and "（" not in line.text:
        return
    inside = [n for n in prose.scanner.scan(line.text).numbers if n.depth == 1 and n.family == "count" and n.value > 0]
    if len(inside) != 1 or len(rows) < ROWS or abs(inside[0].value - len(rows)) > NEAR:
        return
    number = inside[0]
    figure = Figure(number.value, number.text, _place(table, line.index), unit=number.unit, label=line.text)
    message = said("rows-counted", line.text, number.text, line.text, rows=len(rows))
    severity: Severity = "warning" if rule.severity == "error" else rule.severity
    law = _law(figure.place)
    yield confront(Relation(rule, (states(figure),), law, constant=Fraction(len(rows)), severity=severity, message=message))


def _place(table: Table, row: int) -> Place:
    cell = next((c for c in table.grid.cells if c.row == row and c.text.strip()), None)
    return place_of(table.place.file, table.grid, table.number, cell) if cell is not None else table.place


def _law(place: Place) -> str:
    return f"text:{place.file}#{place.table}:{place.row}:{place.column}:count"


# --- rates in tables that labelling cannot read --------------------------------------------------------


def compare_loose_rates(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """`85% | 474명 | 403명` in a row of a broken table: one rate and two counts. Only what comes near is compared."""
    read = {table.number for table in tables}
    for number, grid in enumerate(prose.grids, start=1):
        if number in read or grid.rows * grid.columns > LARGEST_GRID:
            continue
        rows: dict[int, list[tuple[Cell, Amount]]] = {}
        for cell in grid.cells:
            amount = parse(cell.text, prose.vocabulary.units) if cell.text[:1].isdigit() else None
            if amount is not None and amount.unit is not None and not amount.malformed:
                rows.setdefault(cell.row, []).append((cell, amount))
        for found in rows.values():
            yield from _rate(rule, prose.document.path, grid, number, found)


def _rate(rule: Rule, file: str, grid: Grid, number: int, found: Sequence[tuple[Cell, Amount]]) -> Iterator[Comparison]:
    rates = [(cell, amount) for cell, amount in found if amount.unit is not None and amount.unit.family == "percent"]
    counts = [(cell, amount) for cell, amount in found if amount.unit is not None and amount.unit.family == "count"]
    if len(rates) != 1 or len(counts) != 2 or counts[0][1].unit != counts[1][1].unit:
        return
    (small_cell, small), (large_cell, large) = sorted(counts, key=lambda pair: pair[1].value)
    if not large.value:
        return
    cell, rate = rates[0]
    expected = small.value / large.value * 100
    if abs(rate.value - expected) > MISSED:
        return
    label = " · ".join(c.text.strip() for c in grid.cells if c.column == cell.column and c.row < cell.row and c.text.strip())
    first, second = (
        Figure(a.value, c.text.strip(), place_of(file, grid, number, c), unit=a.unit, label=label)
        for c, a in ((small_cell, small), (large_cell, large))
    )
    stated = Figure(rate.value, cell.text.strip(), place_of(file, grid, number, cell), rate.step, PERCENT, label)
    message = said("sentence-ratio", label or stated.text, stated.text, label, first=first.text, second=second.text)
    law = f"text:{file}#{number}:{cell.row}:rate"
    terms = (
        states(stated),
        Term(first, Fraction(100), role="numerator"),
        Term(second, side="divisor", role="denominator"),
    )
    severity: Severity = "warning" if rule.severity == "error" else rule.severity
    yield confront(Relation(rule, terms, law, rounded="either", severity=severity, message=message))
