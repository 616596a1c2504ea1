"""Compare the amount of a row with the calculation printed beside it, and with its own columns of price and number.

A cell of remarks explains a row only if everything in it is understood; a table's columns multiply only if most rows show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import prod

from budgetaudit.amounts import parse
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.model import Comparison, Figure, Severity
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Computed
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.arithmetic import Value
from budgetaudit.sentences.products import rounded_figure
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.units import Units

ESTIMATE = Fraction(1, 100)  # a monthly average times twelve misses its year by less than this
EXACT = Fraction(1, 1000)  # a price is stated to its trailing zeros only where that is next to nothing
CURRENT = ("revised_budget", "budget", "plan", "execution", "settlement", "")
NO_AMOUNT, MANY_COLUMNS = ("price", "count"), 12
ROWS, SHARE = 2, 3  # columns multiply if this many rows show it, and no more than one row in three does not


PrintedLine = tuple[Statement, Scan, list[list[Value]]]


@dataclass(frozen=True, slots=True)
class Basis:
    """The calculation that a cell prints: what it comes to in the base unit, and its numbers."""

    total: Fraction
    numbers: tuple[Number, ...]
    statement: Statement
    rounding: Fraction


def compare_basis(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """The amount of each row that has a calculation in one of its cells."""
    by_number = {table.number: table for table in tables}
    filled = {number: _filled(table) for number, table in by_number.items()}
    cells: dict[tuple[int, int, int], list[PrintedLine]] = {}
    for line in zip(prose.statements, prose.scans, prose.arithmetic, strict=True):
        cell = line[0].cell
        if cell is not None and cell[0] in by_number:
            number, row, column = cell
            cells.setdefault((number, _begun(filled[number], row, column), column), []).append(line)
    made: dict[int, list[Comparison]] = {}
    for (number, row, _), lines in cells.items():
        basis = _basis(lines)
        table = by_number[number]
        if basis is not None and basis.total > 0:
            stated = _stated(table, row, basis.total)
            if stated is not None:
                made.setdefault(number, []).append(_row(rule, stated, basis, table))
    for comparisons in made.values():
        good = sum(c.verdict != "fail" or c.severity == "note" for c in comparisons)
        yield from (c for c in comparisons if c.verdict != "fail" or good > len(comparisons) - good)


def _filled(table: Table) -> dict[int, set[int]]:
    """The columns in which each row prints something."""
    found: dict[int, set[int]] = {}
    for row, column in (*table.figures, *(position for position, text in table.texts.items() if text.strip())):
        found.setdefault(row, set()).add(column)
    return found


def _begun(filled: Mapping[int, set[int]], row: int, column: int) -> int:
    """The row in which a cell began: a row with nothing else in it goes on with the one above."""
    while filled.get(row) == {column} and row - 1 in filled:
        row -= 1
    return row


def _basis(lines: Sequence[PrintedLine]) -> Basis | None:
    """What the lines of a cell come to together; None if no line multiplies or one is not understood."""
    numbers: list[Number] = []
    total, rounding, products = Fraction(0), Fraction(0), 0
    for _, scan, found in lines:
        for sides in found:
            result = sides[-1]
            if result.family != "money" or any(number.bound for number in result.operands):
                return None
            total += result.value
            products += sides[0].products
            rounding += _rounding(result)
            numbers.extend(sides[0].operands)
        lone = _lone(scan, found)
        if lone is None:
            return None
        total += sum(Fraction(n.value) * Fraction(n.unit.scale if n.unit and n.unit.scale else 1) for n in lone)
        numbers.extend(lone)
    return Basis(total, tuple(numbers), lines[0][0], rounding) if products and numbers else None


def _lone(scan: Scan, found: Sequence[Sequence[Value]]) -> list[Number] | None:
    """Amounts of a line that stand in no calculation; None if the line holds amounts of unclear use."""
    spans = [(sides[0].start, sides[-1].end) for sides in found]
    rest = [n for n in scan.numbers if n.family == "money" and n.depth == 0 and not any(a <= n.start < b for a, b in spans)]
    if found and rest:
        return None
    return rest if len(rest) < 2 else None


def _rounding(value: Value) -> Fraction:
    """How far a product may be off because its price was rounded to its last digit."""
    price = next((n for n in value.operands if n.family == "money"), None)
    if price is None or not price.value or not value.products:
        return Fraction(0)
    return abs(value.value) * min(Fraction(price.step) / Fraction(abs(price.value)), EXACT) / 2


def _stated(table: Table, row: int, total: Fraction) -> Figure | None:
    """The amount of a row that its calculation explains: one that it equals, else the nearest of the current ones."""
    found = []
    for column in table.columns:
        figure = table.figures.get((row, column.index))
        if figure is None or not figure.value or column.measure not in CURRENT or not column.additive:
            continue
        if figure.unit is None or figure.unit.family == "money":
            found.append(figure)
    return min(found, key=lambda figure: abs(_base(figure) - total), default=None)


def _base(figure: Figure) -> Fraction:
    value = figure.base if figure.base is not None else figure.value
    return Fraction(value or 0)


def _row(rule: Rule, stated: Figure, basis: Basis, table: Table) -> Comparison:
    scale = Fraction(stated.unit.scale) if stated.unit is not None and stated.unit.scale else Fraction(1)
    base = _base(stated)
    gap = base - basis.total
    zeros = min(Fraction(rounded_figure(stated)) * scale, base * EXACT * 2)  # only where they change next to nothing
    step = max(basis.rounding * 2, zeros) / scale
    severity: Severity = rule.severity if abs(gap) > base * ESTIMATE else "note"
    if severity == "error":
        severity = "warning"
    operands = [("factor", number.figure(basis.statement.place, stated.label)) for number in basis.numbers]
    message = said("basis-differs", stated.label, stated.text.strip(), quoted(basis.statement.text))
    expected = _decimal(basis.total / scale)
    relation = f"{table.place.file}#{table.number}:row:{stated.place.row}=basis"
    wanted = Interval(expected, expected)
    return confront(Computed(rule, stated, wanted, tuple(operands), relation, step=step, severity=severity, message=message))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# --- columns that multiply -------------------------------------------------------------------------


def compare_columns(rule: Rule, table: Table, units: Units) -> Iterator[Comparison]:
    """Rows of price × number (× months) = amount, where a column says that it holds prices."""
    prices = [line.index for line in table.columns if line.measure == "price"]
    if len(prices) != 1 or len(table.columns) > MANY_COLUMNS:
        return
    factors = [column for column in range(table.grid.columns) if column not in prices and _counts(table, column, units)]
    amounts = [c.index for c in table.columns if c.additive and c.index not in factors and c.measure not in NO_AMOUNT]
    best: tuple[int, list[Comparison]] = (0, [])
    for amount in amounts:
        for size in range(1, min(len(factors), 3) + 1):
            for chosen in combinations(factors[:5], size):
                columns = (*prices, *chosen)
                made = [c for row in table.rows if (c := _multiplied(rule, table, row, columns, amount, units)) is not None]
                held = sum(c.verdict != "fail" for c in made)
                if held >= ROWS and (len(made) - held) * SHARE <= len(made) and held > best[0]:
                    best = (held, made)
    yield from best[1]


def _counts(table: Table, column: int, units: Units) -> bool:
    """True if a column holds numbers of things or of months."""
    if any(line.index == column and line.measure == "count" for line in table.columns):
        return True
    figures = [figure for row in table.rows if (figure := _cell(table, row.index, column, units)) is not None]
    return bool(figures) and all(figure.unit is not None and figure.unit.family in ("count", "other") for figure in figures)


def _cell(table: Table, row: int, column: int, units: Units) -> Figure | None:
    """The number of a cell; `12월` is a label to labelling, a factor here."""
    figure = table.figures.get((row, column))
    if figure is not None:
        return figure
    text = table.texts.get((row, column), "")
    amount = parse(text, units) if text[:1].isdigit() else None
    if amount is None or amount.unit is None:
        return None
    place = replace(table.place, row=row + 1, column=column + 1)
    return Figure(amount.value, text, place, unit=amount.unit)


def _multiplied(rule: Rule, table: Table, row: Line, columns: Sequence[int], amount: int, units: Units) -> Comparison | None:
    figures = [figure for column in columns if (figure := _cell(table, row.index, column, units)) is not None and figure.value]
    stated = table.figures.get((row.index, amount))
    if stated is None or not stated.value or len(figures) < len(columns):
        return None
    scale = Fraction(1)
    price = figures[0].unit
    if price is not None and stated.unit is not None and price.scale and stated.unit.scale:
        scale = Fraction(price.scale) / Fraction(stated.unit.scale)
    expected = _decimal(prod((Fraction(figure.value or 0) for figure in figures), start=scale))
    step = 2 * max(stated.step, min(rounded_figure(stated), abs(expected) / 1000))
    operands = [("factor", figure) for figure in figures]
    calculation = " × ".join(figure.text.strip() for figure in figures)
    message = said("product-differs", stated.label, stated.text.strip(), row.text, calculation=calculation)
    relation = f"{table.place.file}#{table.number}:column:{amount}=product"
    wanted = Interval(expected, expected)
    return confront(Computed(rule, stated, wanted, tuple(operands), relation, step=step, message=message))
