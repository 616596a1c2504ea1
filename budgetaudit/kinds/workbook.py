"""A workbook's own formulas are evidence: what they give, how far they reach, where a number stands in place of one.

Only sums and differences of cells are followed; what a formula names and no table holds is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from budgetaudit.labels.labelling import Line, Table
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rulefiles.rule import Rule

LEFT_OUT = 3  # cells between a range and its sum that may have been forgotten
RANGE = 100_000  # cells a range may cover
LIKE = 3  # cells of one formula before a number among them is in the place of one
_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_SHEET = r"(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
_TERM = re.compile(rf"\s*([+-]?)\s*(?:SUM\(([^()]*)\)|({_SHEET}{_CELL}))", re.IGNORECASE)
_AREA = re.compile(rf"\s*({_SHEET})({_CELL})(?::({_CELL}))?\s*\Z", re.IGNORECASE)
_AT = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})\Z", re.IGNORECASE)

Spot = tuple[str, int, int]  # sheet, row, column


class Area(NamedTuple):
    """The cells a formula counts, and with which sign; `summed` if they stand in a SUM."""

    weight: int
    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    summed: bool

    def spots(self) -> Iterator[Spot]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield self.sheet, row, column


def compare_workbook(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each formula, for each sum that stops short, for each number among formulas of one shape."""
    if not any(cell.formula for grid in material.document.grids() for cell in grid.cells):
        return
    figures: dict[Spot, Figure] = {}
    for table in material.all_tables:
        for figure in table.figures.values():
            if (at := _spot(figure)) is not None:
                figures[at] = figure
    for table in material.chosen(rule):
        formulas = _formulas(table)
        for at, areas in formulas.items():
            if at in figures:
                yield from _given(rule, figures, at, areas)
        yield from _short(rule, table, figures, formulas)
        yield from _typed_over(rule, table, figures, formulas)


def _spot(figure: Figure) -> Spot | None:
    match = _AT.match(figure.place.cell or "")
    return (figure.place.sheet or "", *_position(match)) if match else None


def _position(match: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _formulas(table: Table) -> dict[Spot, list[Area]]:
    """The sums and differences that the cells of a table hold."""
    found: dict[Spot, list[Area]] = {}
    for cell in table.grid.cells:
        match = _AT.match(cell.name or "") if cell.formula else None
        if match and (areas := areas_of(cell.formula, table.grid.sheet or "")):
            found[(table.grid.sheet or "", *_position(match))] = areas
    return found


def areas_of(formula: str, sheet: str) -> list[Area]:
    """What a formula adds and takes away; nothing if it does anything else."""
    found: list[Area] = []
    at = 0
    text = formula.strip()
    while at < len(text):
        match = _TERM.match(text, at)
        if not match or (found and not match[1]):
            return []
        weight = -1 if match[1] == "-" else 1
        for part in match[2].split(",") if match[2] is not None else [match[3]]:
            area = _AREA.match(part)
            if area is None:
                return []
            first, last = _AT.match(area[2]), _AT.match(area[3] or area[2])
            assert first is not None
            assert last is not None
            (top, left), (bottom, right) = _position(first), _position(last)
            named = area[1].rstrip("!").strip("'").replace("''", "'") or sheet
            if bottom < top or right < left or (bottom - top + 1) * (right - left + 1) > RANGE:
                return []
            found.append(Area(weight, named, top, left, bottom, right, match[2] is not None))
        at = match.end()
    return found


def _given(rule: Rule, figures: Mapping[Spot, Figure], at: Spot, areas: Sequence[Area]) -> Iterator[Comparison]:
    """What is stored with a formula against what the formula gives."""
    parts = [(figures[spot], area.weight) for area in areas for spot in area.spots() if spot in figures and spot != at]
    missing = any(spot not in figures for area in areas if not area.summed for spot in area.spots())
    if parts and not missing:
        yield _compared(rule, figures[at], parts, "workbook-stale", f"{_law(at)}:given")


def _short(rule: Rule, table: Table, figures: Mapping[Spot, Figure], formulas: Mapping[Spot, list[Area]]) -> Iterator[Comparison]:
    """Sums that leave out the cells between their range and themselves, or before it, though these are of one list with it."""
    totals = {at for at, line in _labelled(table) if line is not None and line.total}
    for at, areas in formulas.items():
        if at not in totals or len(areas) != 1 or not areas[0].summed or at not in figures:
            continue
        (area,) = areas
        down = area.left == area.right == at[2] and area.top < area.bottom
        across = area.top == area.bottom == at[1] and area.left < area.right
        if area.sheet != at[0] or not (down or across):
            continue
        left_out = _left_out(at, area, down, figures, formulas)
        if left_out:
            parts = [(figures[spot], 1) for spot in (*area.spots(), *left_out) if spot in figures]
            yield _compared(rule, figures[at], parts, "workbook-short", f"{_law(at)}:short")


def _labelled(table: Table) -> Iterator[tuple[Spot, Line | None]]:
    """Each figure's place with the line of its total, a row or a column."""
    rows, columns = {line.index: line for line in table.rows}, {line.index: line for line in table.columns}
    for (r, c), figure in table.figures.items():
        if (at := _spot(figure)) is not None:
            row, column = rows.get(r), columns.get(c)
            yield at, row if row is not None and row.total else column


def _left_out(
    at: Spot, area: Area, down: bool, figures: Mapping[Spot, Figure], formulas: Mapping[Spot, list[Area]]
) -> list[Spot]:
    """The plain numbers next to a range, up to the sum itself or to the begin of the list, if they are few."""
    own = at[1] if down else at[2]
    first, last = (area.top, area.bottom) if down else (area.left, area.right)

    def spot(place: int) -> Spot:
        return (at[0], place, at[2]) if down else (at[0], at[1], place)

    def plain(place: int) -> bool:
        figure = figures.get(spot(place))
        return figure is not None and figure.value is not None and spot(place) not in formulas

    between = range(last + 1, own) if own > last else range(own + 1, first)
    if between and all(map(plain, between)) and all(map(plain, range(first, last + 1))):
        return [spot(place) for place in between] if len(between) <= LEFT_OUT else []
    return []


def _typed_over(
    rule: Rule, table: Table, figures: Mapping[Spot, Figure], formulas: Mapping[Spot, list[Area]]
) -> Iterator[Comparison]:
    """Numbers that stand where all others of their row or column have one formula, and are not what it gives."""
    lines: dict[tuple[bool, int], list[Spot]] = {}
    additive = {line.index: line.additive for line in table.columns}
    for (_, c), figure in table.figures.items():
        if (at := _spot(figure)) is not None and additive.get(c, True):
            lines.setdefault((True, at[1]), []).append(at)
            lines.setdefault((False, at[2]), []).append(at)
    reported: set[Spot] = set()
    for (across, _), spots in lines.items():
        shapes = Counter(tuple(_shape(spot, area) for area in formulas[spot]) for spot in spots if spot in formulas)
        shape, count = next(iter(shapes.most_common(1)), ((), 0))
        alike = [s for s in spots if s in formulas and tuple(_shape(s, area) for area in formulas[s]) == shape]
        if count < LIKE:
            continue
        others = [spot for spot in spots if spot not in formulas and (across or min(alike) < spot < max(alike))]
        # a column often begins or ends with another thing: what was carried in, a total
        if len(others) != 1 or others[0] in reported or (across and len(alike) + 1 < len(spots)):
            continue
        at = others[0]
        areas = [_moved(at, area) for area in shape]
        parts = [(figures[spot], area.weight) for area in areas for spot in area.spots() if spot in figures]
        if parts and all(spot in figures for area in areas if not area.summed for spot in area.spots()):
            reported.add(at)
            yield _compared(rule, figures[at], parts, "workbook-typed", f"{_law(at)}:typed")


def _shape(at: Spot, area: Area) -> Area:
    """An area as seen from the cell that counts it."""
    rows, columns = at[1], at[2]
    return area._replace(top=area.top - rows, bottom=area.bottom - rows, left=area.left - columns, right=area.right - columns)


def _moved(at: Spot, area: Area) -> Area:
    """An area that another cell counts, as seen from this one."""
    rows, columns = at[1], at[2]
    return area._replace(top=area.top + rows, bottom=area.bottom + rows, left=area.left + columns, right=area.right + columns)


def _compared(rule: Rule, stated: Figure, parts: Sequence[tuple[Figure, int]], code: str, law: str) -> Comparison:
    args = {"label": stated.label, "stated": stated.text.strip(), "cell": stated.place.cell}
    terms = (states(stated), *(Term(figure, Fraction(weight)) for figure, weight in parts))
    return confront(Relation(rule, terms, law, blanks="zero", mixed=True, message=Message(code, args)))


def _law(at: Spot) -> str:
    return f"{at[0]}!{at[1]},{at[2]}"
