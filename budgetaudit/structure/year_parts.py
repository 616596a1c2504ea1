"""Quarters, half-years and months against their year: in one table, or told in one table and summed up in another.

A cell speaks of an item, a source and a measure in a part of a year; four quarters of it, two halves or twelve months are what
another cell says of the year, if the amounts are of the kind that adds up over time. Whether they are the figures decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgetaudit.model import Figure
from budgetaudit.rounding import in_unit_of, interval, total_of
from budgetaudit.slips import stroke
from budgetaudit.structure.sheets import DERIVED, Key, Sheet, evidence, whole

SETS = (("q1", "q2", "q3", "q4"), ("h1", "h2"), tuple(f"m{month}" for month in range(1, 13)))
AGREEING, BITS, PER = 2, 16.0, 2  # lines that must hold, how telling they must be, and how many for each that does not
NEAR = 10


@dataclass(frozen=True, slots=True)
class Parted:
    """What a year is said to come to, and the parts of it; `sheet` states the year, `other` the parts."""

    sheet: Sheet
    other: Sheet
    year: Figure
    parts: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        total = total_of([(1, part) for part in self.parts], self.year)
        assert total is not None
        return interval(self.year).meets(total)

    @property
    def slipped(self) -> bool:
        """True if the two are near each other, or one stroke makes them equal: in the year or in a part of it."""
        total = total_of([(1, part) for part in self.parts], self.year)
        assert total is not None
        assert self.year.value is not None
        gap = self.year.value - total.middle
        if abs(gap) * NEAR <= abs(total.middle) or stroke(whole(self.year.value), whole(total.middle)):
            return True
        return any(part.value and stroke(whole(part.value), whole(part.value + gap)) for part in self.parts)


def year_parts(sheets: Sequence[Sheet], whole_year: frozenset[str]) -> Iterator[list[Parted]]:
    """For each two tables, of which one states years and the other their parts: the cells that belong together.

    `whole_year`: what the line of a year is called among those of its parts (연간, annual).
    """
    parts: dict[Key, dict[str, tuple[Sheet, Figure]]] = defaultdict(dict)
    years: dict[Key, list[tuple[Sheet, Figure]]] = defaultdict(list)
    for sheet in sheets:
        _collect(sheet, whole_year, parts, years)
    found: dict[tuple[int, int], list[Parted]] = defaultdict(list)
    for key, known in parts.items():
        for names in SETS:
            if not all(name in known for name in names):
                continue
            homes = {known[name][0].table.number for name in names}
            if len(homes) > 1:
                continue
            other = known[names[0]][0]
            figures = tuple(known[name][1] for name in names)
            for sheet, year in years.get(key, ()):
                if not _denies(sheet, other) and all(in_unit_of(figure, year) is not None for figure in figures):
                    found[id(sheet), id(other)].append(Parted(sheet, other, year, figures))
    yield from (made for made in found.values() if _additive(made))


def _denies(one: Sheet, other: Sheet) -> bool:
    """True if two tables are of different measures or versions."""
    mine, theirs = one.context.aspect.measure, other.context.aspect.measure
    return bool(mine and theirs and mine != theirs) or one.context.versions != other.context.versions


def _collect(
    sheet: Sheet,
    whole_year: frozenset[str],
    parts: dict[Key, dict[str, tuple[Sheet, Figure]]],
    years: dict[Key, list[tuple[Sheet, Figure]]],
) -> None:
    """The cells of a table under what they speak of, but for their part of the year."""
    context = sheet.context.aspect
    seen: set[tuple[Key, str]] = set()
    timed = {line.part for line in (*sheet.rows.values(), *sheet.columns.values())} - {""}
    for (r, c), figure in sheet.table.figures.items():
        row, column = sheet.rows.get(r), sheet.columns.get(c)
        if row is None or column is None or figure.value is None or not (row.stated or column.stated):
            continue
        measures = {row.measure, column.measure} - {""} or {context.measure} - {""}
        if measures & DERIVED or (figure.unit is not None and figure.unit.family == "percent"):
            continue
        part = row.part or column.part or context.part
        year = row.year or column.year or context.year
        if not year and not timed:
            continue
        home = "" if year else f"{sheet.table.place.file}#{sheet.table.number}"  # a year that nobody names is this table's
        words = row.words | column.words
        if not part and not year and not words & whole_year:
            continue
        own_measures = frozenset({row.measure, column.measure} - {""})
        key = (words - whole_year, year, home, row.source or column.source, own_measures, row.total + column.total)
        if not part:
            years[key].append((sheet, figure))
        elif (key, part) in seen:
            parts[key].pop(part, None)  # told twice in one table: nobody knows which is meant
        else:
            seen.add((key, part))
            parts[key].setdefault(part, (sheet, figure))


def _additive(made: Sequence[Parted]) -> bool:
    """True if enough years equal the sum of their parts for the others to be errors."""
    holding = {abs(one.year.value) for one in made if one.agrees and one.year.value}
    failing = [one for one in made if not one.agrees]
    enough = len(holding) >= max(AGREEING, PER * len(failing)) and evidence(holding) >= BITS
    return enough and all(one.slipped for one in failing)
