"""What two tables both state: the cells that speak of the same, decided for the pair of tables as a whole.

A cell speaks of what its row, its column and its table's caption say together, so it does not matter which of them stands
across and which down. How many cells agree, and how unlikely that is, decides whether two tables state the same at all;
then every cell that both print is held against the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from budgetaudit.labels.aspects import Aspect
from budgetaudit.labels.labelling import Table
from budgetaudit.model import Figure
from budgetaudit.rounding import conversion, in_unit_of
from budgetaudit.structure.sheets import SHORTEST, Pair, Sheet, Spot, digits, evidence, whole

Apart = Callable[["Sheet", "Sheet"], bool]

NONE: Mapping[int, Set[Spot]] = {}
KEY_DIGITS = 4  # the first digits by which tables that share numbers find each other
CROWD = 24  # a number in more tables than these says little about which belong together
SHARED = 2  # numbers that two tables must share to be looked at
AGREEING, BITS = 2, 16.0  # of a pair whose labels say all, and which differs at most by slips
SOFT_AGREEING, SOFT_BITS = 3, 30.0  # where a label leaves something out
CHANGED_PER, CHANGED_BITS = 8, 80.0  # where something differs by more than a slip
STRANGE = 4
COUNTED = frozenset(["count"])
SLIP_BITS, LONG = 7.0, 4  # of two hundred numbers of four digits one is a slip of another


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two tables both state. `sure`: their labels say all; `power`: all of it differs by this power of ten."""

    one: Table
    other: Table
    pairs: tuple[Pair, ...]
    sure: bool
    evidence: float
    power: int = 0

    @property
    def agreeing(self) -> int:
        return sum(pair.agrees and bool(pair.ours.value) for pair in self.pairs)


def overlaps(sheets: Sequence[Sheet], apart: Apart, known: Mapping[int, Set[Spot]] = NONE) -> Iterator[Overlap]:
    """What each two tables that belong together both state; a cell is held against the first earlier one that states it.

    `known`: cells, by the number of their table, of which it is known what states the same.
    """
    tied: dict[int, set[Spot]] = {at: set(known.get(sheet.table.number, ())) for at, sheet in enumerate(sheets)}
    for a, b in _candidates(sheets):
        one, other = sheets[a], sheets[b]
        if not apart(one, other) or one.context.denies(other.context):
            continue
        found = overlap(one, other, tied[b])
        if found is not None:
            tied[b] |= {(pair.lines[2], pair.lines[3]) for pair in found.pairs}
            yield found


def _candidates(sheets: Sequence[Sheet]) -> list[tuple[int, int]]:
    """Pairs of tables, in their order, that print the same numbers under a name in common.

    Numbers are joined by their first digits, so that units do not matter.
    """
    printing: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, sheet in enumerate(sheets):
        rows = {index: _marks(aspect) for index, aspect in sheet.rows.items()}
        columns = {index: _marks(aspect) for index, aspect in sheet.columns.items()}
        keys: set[tuple[str, str]] = set()
        for (r, c), figure in sheet.table.figures.items():
            if r in rows and c in columns and (first := _first_digits(figure)):
                keys.update((first, mark) for mark in (*rows[r], *columns[c]))
        for key in keys:
            printing[key].append(at)
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (first, _), places in printing.items():
        if len(places) <= CROWD:
            joined: Iterable[tuple[int, int]] = combinations(places, 2)
        else:  # then with those that stand near
            joined = ((a, b) for i, a in enumerate(places) for b in places[i + 1 : i + 3])
        for pair in joined:
            shared[pair].add(first)
    return sorted(pair for pair, found in shared.items() if len(found) >= SHARED)


def _marks(aspect: Aspect) -> frozenset[str]:
    """What a line may have in common with one that states the same."""
    named = aspect.words | ({aspect.source} if aspect.source else set()) | ({"Σ"} if aspect.total else set())
    return named or frozenset({aspect.year + aspect.part} - {""})


def _first_digits(figure: Figure) -> str:
    if not figure.value:
        return ""
    shown = str(whole(abs(figure.value))).rstrip("0")
    return shown[:KEY_DIGITS] if len(shown) >= SHORTEST else ""


def overlap(one: Sheet, other: Sheet, tied: set[Spot]) -> Overlap | None:
    """What two tables both state, if their figures confirm that they do."""
    labelled = _labelled(one, other)
    if labelled is not None:
        pairs, sure = labelled
        pairs = [pair for pair in pairs if (pair.lines[2], pair.lines[3]) not in tied]
        found = _of_another_unit(one, other, pairs, sure) or _confirmed(one, other, pairs, sure=sure)
        if found is not None:
            return found
    return _by_values(one, other, tied)


# --- by labels ---------------------------------------------------------------------------------------


def _labelled(one: Sheet, other: Sheet) -> tuple[list[Pair], bool] | None:
    """The cells of two tables that speak of the same; whether their labels say all that the labels of either say."""
    if one.measures and other.measures and not one.measures & other.measures:
        return None
    measure, year = _counts(one.measures, other.measures), _counts(one.years, other.years)
    if measure is None or year is None:
        return None
    ours, theirs = one.cells(measure=measure, year=year), other.cells(measure=measure, year=year)
    pairs = [_pair(one, spot, other, theirs[key]) for key, spot in ours.items() if key in theirs]
    alike = one.measures - COUNTED == other.measures - COUNTED  # how many there are says nothing of what amounts are
    return [pair for pair in pairs if pair is not None], (measure or alike) and (year or one.years == other.years)


def _counts(mine: frozenset[str], theirs: frozenset[str]) -> bool | None:
    """True if a dimension distinguishes cells: not where one table omits the only member that the other names."""
    if bool(mine) == bool(theirs):
        return True
    return len(mine | theirs) != 1


def _pair(one: Sheet, ours: Spot, other: Sheet, theirs: Spot) -> Pair | None:
    a, b = one.table.figures[ours], other.table.figures[theirs]
    expected = in_unit_of(b, a)
    if expected is None or _percent(a) or _percent(b):
        return None
    aspects = (one.rows[ours[0]], one.columns[ours[1]], other.rows[theirs[0]], other.columns[theirs[1]])
    total = any(aspect.total and not aspect.words for aspect in aspects)
    return Pair(a, b, expected, (*ours, *theirs), total)


def _percent(figure: Figure) -> bool:
    return figure.unit is not None and figure.unit.family == "percent"


# --- by values ---------------------------------------------------------------------------------------


def _by_values(one: Sheet, other: Sheet, tied: set[Spot]) -> Overlap | None:
    """Two lines that print the same numbers for the same items, where neither label denies it."""
    if one.measures and other.measures and not one.measures & other.measures:
        return None
    best: Overlap | None = None
    for down, along in product((True, False), repeat=2):
        named = other.named(rows=along)
        items = [(index, named[key]) for key, index in one.named(rows=down).items() if key in named]
        if len(items) < SOFT_AGREEING:
            continue
        theirs = [
            (aspect, words, spots)
            for line, aspect, words in other.speaking(rows=not along)
            if _several(other, spots := _printed(other, [(j, line) if along else (line, j) for _, j in items], tied))
        ]
        for line, aspect, words in one.speaking(rows=not down):
            ours = _printed(one, [(i, line) if down else (line, i) for i, _ in items])
            if not _several(one, ours):
                continue
            for second, also, yours in theirs:
                if not (words <= also or also <= words) or aspect.denies(second):
                    continue
                printed = [(a, b) for a, b in zip(ours, yours, strict=True) if a is not None and b is not None]
                if not _alike(one.table, other.table, printed):
                    continue
                made = [pair for a, b in printed if (pair := _pair(one, a, other, b)) is not None]
                found = _confirmed(one, other, made, sure=False)
                if found is not None and (best is None or found.evidence > best.evidence):
                    best = found
    return best


def _printed(sheet: Sheet, spots: Iterable[Spot], tied: Set[Spot] = frozenset()) -> list[Spot | None]:
    """Some spots of a table, None for those that hold no number or of which it is known what they state."""
    figures = sheet.table.figures
    return [
        spot if (figure := figures.get(spot)) is not None and figure.value is not None and spot not in tied else None
        for spot in spots
    ]


def _several(sheet: Sheet, spots: Iterable[Spot | None]) -> bool:
    """True if a line prints enough different amounts, beside zero, to be like another one."""
    values = {abs(value) for spot in spots if spot is not None and (value := sheet.table.figures[spot].value)}
    return len(values) >= AGREEING


def _alike(one: Table, other: Table, spots: Iterable[tuple[Spot, Spot]]) -> bool:
    """True if both tables print enough amounts alike at some spots, beside zero."""
    found = set()
    for a, b in spots:
        ours, theirs = one.figures[a], other.figures[b]
        ratio = conversion(theirs, ours)
        if ours.value and theirs.value is not None and ratio is not None:
            gap = abs(ours.value - theirs.value * ratio)
            if not gap or 2 * gap <= ours.step + theirs.step * ratio:
                found.add(abs(ours.value))
                if len(found) >= AGREEING:
                    return True
    return False


# --- what confirms a pair ----------------------------------------------------------------------------


def _confirmed(one: Sheet, other: Sheet, pairs: Sequence[Pair], *, sure: bool) -> Overlap | None:
    """Two tables' common cells if enough of them agree for the others to be meant to."""
    every, pairs = len(pairs), _without_strangers(pairs)
    strangers = every - len(pairs)
    agreeing = [pair for pair in pairs if pair.agrees and pair.ours.value]
    distinct = {abs(pair.ours.value) for pair in agreeing if pair.ours.value}
    weight = evidence(distinct)
    pairs = _meant_totals(one, other, pairs)
    differing = [pair for pair in pairs if not pair.agrees]
    if not differing:
        enough = len(distinct) >= AGREEING and weight >= (BITS if sure else SOFT_BITS)
    else:
        if one.context.versions != other.context.versions:
            return None  # one of them is another state of the other
        causes = _causes(differing)
        if strangers * STRANGE > len(agreeing):
            return None  # a part of the other: what only that part has agrees
        slips = all(any(pair.slip for pair in cause) for cause in causes)
        if slips:
            with_slips = weight + sum(SLIP_BITS for cause in causes if any(_long(pair) for pair in cause))
            enough = len(distinct) >= AGREEING * len(causes) and with_slips >= (BITS if sure else SOFT_BITS) * len(causes)
        else:
            plain = sure and not one.context.versions and not other.context.versions and all(pair.near for pair in differing)
            enough = plain and len(distinct) >= CHANGED_PER * len(causes) and weight >= CHANGED_BITS * len(causes)
    return Overlap(one.table, other.table, tuple(pairs), sure, weight) if enough else None


def _long(pair: Pair) -> bool:
    return bool(pair.slip) and min(digits(pair.ours.value or Decimal(0)), digits(pair.expected.middle)) >= LONG


def _without_strangers(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without lines most of whose cells differ by more than slips: they carry a name in common, no more.

    One line alone whose cells are all near may be an older state of it.
    """
    for axis in (0, 1, 2, 3):
        gaps_of: dict[int, set[Decimal]] = defaultdict(set)
        fine: Counter[int] = Counter()
        for pair in pairs:
            if pair.agrees or pair.slip:
                fine[pair.lines[axis]] += 1
            else:
                gaps_of[pair.lines[axis]].add(abs(pair.gap))  # a total that a changed part changes is no other difference
        strange = {line for line, gaps in gaps_of.items() if len(gaps) > 1 and len(gaps) > fine[line]}
        older = len(strange) == 1 and all(pair.near for pair in pairs if pair.lines[axis] in strange)
        if strange and not older and len(strange) < len({pair.lines[axis] for pair in pairs}):
            pairs = [pair for pair in pairs if pair.lines[axis] not in strange]
    return list(pairs)


def _meant_totals(one: Sheet, other: Sheet, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without totals that differ because their parts do, or because the tables list other parts."""
    gaps: dict[tuple[int, int], set[Decimal]] = defaultdict(set)
    parts = {pair.lines for pair in pairs if not pair.total}
    for pair in pairs:
        if not pair.agrees and not pair.total:
            for axis in (0, 1):
                gaps[axis, pair.lines[axis]].add(pair.gap)
    changed = {gap for found in gaps.values() for gap in found}

    def meant(pair: Pair) -> bool:
        if pair.agrees or not pair.total or not parts:
            return True
        return bool(pair.slip) and pair.gap not in changed and _same_parts(one, other, pairs, pair)

    return [pair for pair in pairs if meant(pair)]


def _same_parts(one: Sheet, other: Sheet, pairs: Sequence[Pair], total: Pair) -> bool:
    """True if both tables list the same rows beside a total."""
    for sheet, at in ((one, 0), (other, 2)):
        joined = {pair.lines[at : at + 2] for pair in pairs}
        row, column = total.lines[at : at + 2]
        down = [(r, column) for r, aspect in sheet.rows.items() if not aspect.total and (r, column) in sheet.table.figures]
        across = [(row, c) for c, aspect in sheet.columns.items() if not aspect.total and (row, c) in sheet.table.figures]
        lists = ([down] if sheet.rows[row].total else []) + ([across] if sheet.columns[column].total else [])
        if any(not joined.issuperset(cells) for cells in lists):
            return False
    return True


def _causes(differing: Sequence[Pair]) -> list[list[Pair]]:
    """Differences gathered: those of one line that are of one size, of one power of ten, or no slips at all, are one."""
    groups: list[list[Pair]] = []
    for pair in differing:
        for group in groups:
            first = group[0]
            beside = any(first.lines[axis] == pair.lines[axis] for axis in range(4))
            alike = abs(first.gap) == abs(pair.gap) or (_power(first) and _power(first) == _power(pair))
            if beside and (alike or not (first.slip or pair.slip)):
                group.append(pair)
                break
        else:
            groups.append([pair])
    return groups


def _power(pair: Pair) -> int:
    """By which power of ten two numbers of the same digits differ; 0 for others."""
    ours, theirs = pair.ours.value, pair.expected.middle
    if not ours or not theirs or ours.normalize().as_tuple().digits != theirs.normalize().as_tuple().digits:
        return 0
    return ours.adjusted() - theirs.adjusted()


def _of_another_unit(one: Sheet, other: Sheet, pairs: Sequence[Pair], sure: bool) -> Overlap | None:
    """Two tables all of whose common cells print the same digits, though their units say that they differ."""
    powers = Counter(power for pair in pairs if (power := _power(pair)))
    agreeing = sum(pair.agrees and bool(pair.ours.value) for pair in pairs)
    if not powers:
        return None
    power, count = powers.most_common(1)[0]
    same = [pair for pair in pairs if _power(pair) == power]
    values = {abs(pair.ours.value) for pair in same if pair.ours.value}
    weight = evidence(values)
    if count < SOFT_AGREEING or agreeing * 2 > count or weight < SOFT_BITS or len(values) < SOFT_AGREEING:
        return None
    if any(pair.ours.unit is None or pair.theirs.unit is None for pair in same):
        return None  # an unknown unit denies nothing
    return Overlap(one.table, other.table, tuple(same), sure, weight, power)
