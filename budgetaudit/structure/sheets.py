"""What the lines and cells of a table speak of, and two figures that speak of the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cached_property

from budgetaudit.labels.aspects import Aspect, Context, aspects_of, context_of
from budgetaudit.labels.labelling import Table
from budgetaudit.labels.numbers import bits
from budgetaudit.model import Figure
from budgetaudit.rounding import Interval, interval
from budgetaudit.slips import stroke
from budgetaudit.vocabulary import Vocabulary

Spot = tuple[int, int]
Key = Hashable
ONE, CUTS = Decimal(1), (ROUND_HALF_UP, ROUND_DOWN)
SHORTEST = 3  # digits of a number that says something
NEAR = Decimal("0.3")
DERIVED = frozenset(["change", "change_rate", "execution_rate", "share", "rate", "price", "running", "balance"])


@dataclass(frozen=True)
class Sheet:
    """A table as pairing sees it: what each line and each cell speaks of."""

    table: Table
    context: Context
    rows: Mapping[int, Aspect]
    columns: Mapping[int, Aspect]
    measures: frozenset[str]
    years: frozenset[str]
    _keyed: dict[tuple[bool, bool], dict[Key, Spot]] = field(default_factory=dict, compare=False, repr=False)

    def cells(self, *, measure: bool, year: bool) -> dict[Key, Spot]:
        """Cells by what they speak of; what several cells speak of is left out. `measure`, `year`: whether these count."""
        found = self._keyed.get((measure, year))
        if found is None:
            seen: Counter[Key] = Counter()
            places: dict[Key, Spot] = {}
            for (r, c), figure in self.table.figures.items():
                row, column = self.rows.get(r), self.columns.get(c)
                if row is None or column is None or figure.value is None:
                    continue
                key = self._key(row, column, measure=measure, year=year)
                if key is not None:
                    seen[key] += 1
                    places[key] = (r, c)
            found = self._keyed[measure, year] = {key: spot for key, spot in places.items() if seen[key] == 1}
        return found

    def named(self, *, rows: bool) -> Mapping[Aspect, int]:
        """The lines that alone bear their words."""
        return self._named[rows]

    def speaking(self, *, rows: bool) -> Sequence[tuple[int, Aspect, frozenset[str]]]:
        """What each line speaks of in its table, and the words in which it alone says so."""
        return self._speaking[rows]

    @cached_property
    def _named(self) -> dict[bool, dict[Aspect, int]]:
        return {True: _by_words(self.rows), False: _by_words(self.columns)}

    @cached_property
    def _speaking(self) -> dict[bool, list[tuple[int, Aspect, frozenset[str]]]]:
        context = self.context.aspect
        return {
            rows: [(index, aspect.within(context), aspect.statements) for index, aspect in lines.items()]
            for rows, lines in ((True, self.rows), (False, self.columns))
        }

    def _key(self, row: Aspect, column: Aspect, *, measure: bool, year: bool) -> Key | None:
        if (row.year and column.year and row.year != column.year) or (
            row.source and column.source and row.source != column.source
        ):
            return None
        context = self.context.aspect
        if not (row.stated or column.stated):
            return None
        words = row.words | column.words
        totals = sum(line.total and not line.words for line in (row, column))  # the subtotal of a thing is what another names it
        when = (row.year or column.year or context.year) if year else ""
        part = row.part or column.part or context.part
        own_measures = {row.measure, column.measure} - {""} or {context.measure} - {""}
        what = frozenset(own_measures if measure else own_measures & DERIVED)
        return words, when, part, row.source or column.source, what, totals


@dataclass(frozen=True)
class Pair:
    """Two figures that speak of the same. `expected` is the other one in the unit of ours; `total`: it follows from parts."""

    ours: Figure
    theirs: Figure
    expected: Interval
    lines: tuple[int, int, int, int] = (0, 0, 0, 0)
    total: bool = False

    @cached_property
    def gap(self) -> Decimal:
        assert self.ours.value is not None
        return self.ours.value - self.expected.middle

    @cached_property
    def agrees(self) -> bool:
        return interval(self.ours).meets(self.expected)

    @cached_property
    def slip(self) -> str:
        """The slip that makes one of the other, '' if none does or the numbers are too short to tell."""
        assert self.ours.value is not None
        ours, theirs = self.ours.value, self.expected.middle
        if min(digits(ours), digits(theirs)) < SHORTEST:
            return ""
        step = max(self.ours.step, self.expected.radius * 2)
        exact = [(whole(ours), whole(theirs))]
        rounded = (
            [(int((ours / step).quantize(ONE, how)), int((theirs / step).quantize(ONE, how))) for how in CUTS] if step else []
        )
        return next((found for a, b in exact + rounded if len(str(abs(b))) >= SHORTEST and (found := stroke(a, b))), "")

    @property
    def near(self) -> bool:
        return abs(self.gap) <= NEAR * max(abs(self.expected.low), abs(self.expected.high))


def sheet_of(table: Table, measure: str, vocabulary: Vocabulary) -> Sheet:
    """A table with what its lines and cells speak of; `measure`: what the whole table speaks of."""
    rows = aspects_of([line for line in table.rows if line.additive], vocabulary)
    columns = aspects_of([line for line in table.columns if line.additive], vocabulary)
    context = context_of(table, "" if measure in DERIVED else measure, vocabulary)
    lines = [*rows.values(), *columns.values(), context.aspect]
    measures = frozenset(line.measure for line in lines) - {""} - DERIVED
    years = frozenset(line.year for line in lines) - {""}
    return Sheet(table, context, rows, columns, measures, years)


def _by_words(lines: Mapping[int, Aspect]) -> dict[Aspect, int]:
    counts = Counter(lines.values())
    return {
        aspect: index
        for index, aspect in lines.items()
        if counts[aspect] == 1 and (aspect.words or aspect.source) and not aspect.total
    }


def whole(value: Decimal) -> int:
    """A number as the whole number its digits show, so that slips are seen in decimals too."""
    return int(value.normalize().scaleb(6))


def digits(value: Decimal) -> int:
    """How many digits a number shows."""
    return len(value.normalize().as_tuple().digits)


def evidence(values: Iterable[Decimal | None]) -> float:
    """Bits for some amounts that agree, each counted once; round ones agree by chance, so the zeros they end in tell nothing."""
    distinct = {abs(value) for value in values if value}
    return sum(bits(int("".join(map(str, value.normalize().as_tuple().digits))), 1) for value in distinct)
