"""One quantity stated in several places is the same everywhere: a summary's row and the total of the table that details it.

Two tables are tied by name (the row's label stands in the other's caption) or by equal labels; figures confirm the tie:
some of the amounts must agree, and what differs must look like a slip, or the tables speak of different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice

from budgetaudit.kinds.options import AgreeOptions
from budgetaudit.labels.captions import bare_caption
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.labels.numbers import bits, slip
from budgetaudit.labels.pairing import pairs
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.periods import years_in
from budgetaudit.rounding import compare, in_unit_of
from budgetaudit.rulefiles.rule import Rule

Apart = Callable[[Table, Table], bool]

SHORTEST_NAME = 3
EVIDENCE = 10.0
STRONG_EVIDENCE = 30.0
TELLING = 3
NEAR = 10


@dataclass(frozen=True, slots=True)
class Tie:
    """A row of one table and the row of another that states the same; figures paired by column."""

    summary: Table
    detail: Table
    pairs: tuple[tuple[Figure, Figure], ...]
    named: bool
    evidence: float


def compare_ties(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each pair of figures that two tied rows state."""
    options: AgreeOptions = rule.options
    tables = list(material.chosen(rule))
    if options.told != "tables":
        yield from _told(rule, options, tables, material)
        return
    totals = {id(table): totals_of(table, material) for table in tables}
    measures = {id(table): material.measure(table) for table in tables}

    def comparable(one: Table, other: Table) -> bool:
        mine, theirs = measures[id(one)], measures[id(other)]
        return not _of_other_times(one, other) and not (mine and theirs and mine != theirs)

    for tie in ties(tables, totals, comparable):
        yield from compared(rule, tie)


def ties(tables: Sequence[Table], totals: dict[int, list[Line]], apart: Apart) -> Iterator[Tie]:
    """Rows that state the same, by name, then by label; `apart` says which two tables may be held against each other."""
    captions = [bare_caption(table.caption) for table in tables]
    every = "\n".join(captions)
    named: set[tuple[int, int, int]] = set()
    for summary in tables:
        for row in summary.rows:
            name = "".join(label.key for label in row.labels[:1])
            if row.total or len(name) < SHORTEST_NAME or row.dimension or name not in every:
                continue
            details = [table for table, caption in zip(tables, captions, strict=True) if name in caption]
            tie = _by_name(summary, row, [table for table in details if apart(summary, table)], totals)
            if tie is not None:
                named.add((summary.number, row.index, tie.detail.number))
                yield tie
    yield from _by_label(tables, totals, named, apart)


def _told(rule: Rule, options: AgreeOptions, tables: Sequence[Table], material: Material) -> Iterator[Comparison]:
    """What sentences say, against each other and against tables."""
    if not material.wordy:
        return
    from budgetaudit.sentences import narrative, ties

    if options.told == "narrative":
        yield from narrative.compare_narrative(rule, tables, material.prose)
    else:
        yield from ties.compare_told(rule, tables, material.prose)


def totals_of(table: Table, material: Material) -> list[Line]:
    """The rows that state the whole of a table: total rows that are no part of another total."""
    structure = material.structure(table)
    lines = structure.views["row"].lines
    parts = {p for item in structure.sums if item.axis == "row" for p in item.parts}
    return [line for i, line in enumerate(lines) if line.total and i not in parts]


# --- ties by name ----------------------------------------------------------------------------------


def _by_name(summary: Table, row: Line, details: Sequence[Table], totals: dict[int, list[Line]]) -> Tie | None:
    """The one of the tables whose captions name a row that its figures confirm best."""
    best: Tie | None = None
    for detail in details:
        if detail.number == summary.number:
            continue
        for total in totals[id(detail)][:3]:
            tie = _tie(summary, row, detail, total, named=True)
            if tie is not None and (best is None or tie.evidence > best.evidence):
                best = tie
    return best


def _of_other_times(one: Table, other: Table) -> bool:
    """Whether captions name different years: last year's total is not this year's."""
    mine, theirs = set(years_in(one.caption)), set(years_in(other.caption))
    return bool(mine and theirs and not mine & theirs)


def _tie(summary: Table, row: Line, detail: Table, total: Line, *, named: bool) -> Tie | None:
    """Two rows paired column by column; None if the figures do not confirm that they state the same."""
    columns = pairs(summary.columns, detail.columns, _key, _whole)
    both = []
    for line in summary.columns:
        other = columns.get(line.index)
        if other is None or not line.additive or not other.additive:
            continue
        a, b = summary.figures.get((row.index, line.index)), detail.figures.get((total.index, other.index))
        if a is None or b is None or a.value is None or b.value is None or in_unit_of(b, a) is None:
            continue
        if a.unit is None or a.unit.family != "percent":
            both.append((a, b))
    evidence, agreeing, differing, odd = 0.0, 0, 0, 0
    seen = set()
    for a, b in both:
        other_interval = in_unit_of(b, a)
        assert other_interval is not None
        assert a.value is not None
        gap = abs(other_interval.middle - a.value)
        if gap * 2 <= a.step + (other_interval.high - other_interval.low):
            if a.value != 0:
                agreeing += 1
                evidence += bits(int(abs(a.value) / (a.step or 1)), 1) if a.value not in seen else 0
                seen.add(a.value)
        else:
            differing += 1
            near = named and abs(gap) * NEAR <= abs(other_interval.middle)
            telling = named or min(_figures(a.value), _figures(other_interval.middle)) >= TELLING
            odd += not (near or (telling and slip(digits(a.value), digits(other_interval.middle))))
    if odd or differing > agreeing or evidence < (EVIDENCE if named or not differing else STRONG_EVIDENCE):
        return None
    if not named and (agreeing < 2 or differing * 2 > agreeing):
        return None
    return Tie(summary, detail, tuple(both), named, evidence)


def digits(value: Decimal) -> int:
    """A number as the whole number its digits show, so that slips are seen in decimals too."""
    return int(value.normalize().scaleb(6))


def _figures(value: Decimal) -> int:
    """How many digits a number shows."""
    return len(value.normalize().as_tuple().digits)


def _key(line: Line) -> str:
    """What a column is about: its member, its year and measure, else its innermost label; a total is that of its group."""
    if line.total:
        return "Σ" + "/".join(label.key for label in line.labels[:-1] if label.key)
    if line.dimension == "source":
        return f"source={line.member}/{line.year or ''}/{line.measure}"
    if line.dimension == "year" or line.year is not None:
        return f"year={line.member or line.year}/{line.measure}"
    printed = [label.key for label in line.labels if label.key]
    return printed[-1] if printed else ""


def _whole(line: Line) -> str:
    """Where each table has one total left, both mean it: 총사업비 계 and 사업비 계."""
    return "Σ" if line.total else ""


# --- ties by label ---------------------------------------------------------------------------------


def _by_label(
    tables: Sequence[Table], totals: dict[int, list[Line]], named: set[tuple[int, int, int]], apart: Apart
) -> Iterator[Tie]:
    """Rows of equal labels in tables of equal columns: each with the first table that states it."""
    first: dict[str, dict[int, list[tuple[Table, Line]]]] = {}  # by the number of their table
    for table in tables:
        tied: set[int] = set()
        for row in table.rows:
            key = _row_key(row, totals[id(table)])
            if not key:
                continue
            earlier = first.setdefault(key, {})
            others = chain.from_iterable(rows for number, rows in earlier.items() if number != table.number)
            fitting = ((other, line) for other, line in others if apart(other, table))
            for other, line in islice(fitting, 20):
                if other.number in tied or (other.number, line.index, table.number) in named:
                    continue
                tie = _tie(other, line, table, row, named=False)
                if tie is not None and not _stated_elsewhere(tie, line, row):
                    yield tie
                    break
            earlier.setdefault(table.number, []).append((table, row))


def _stated_elsewhere(tie: Tie, line: Line, row: Line) -> bool:
    """Whether a tie that differs is not meant: another row of the first table states exactly what the second one's row does."""
    if all(a.base == b.base and a.value == b.value for a, b in tie.pairs):
        return False
    others = (_tie(tie.summary, other, tie.detail, row, named=False) for other in tie.summary.rows if other != line)
    return any(other is not None and all(a.value == b.value for a, b in other.pairs) for other in others)


def _row_key(row: Line, totals: Sequence[Line]) -> str:
    if row.total:
        return "Σ" if row in totals else ""
    keys = [label.key for label in row.labels if label.key]
    if not keys or row.measure or len("".join(keys)) < SHORTEST_NAME:
        return ""
    return "/".join(keys)


# --- comparisons -----------------------------------------------------------------------------------


def compared(rule: Rule, tie: Tie) -> Iterator[Comparison]:
    """One comparison for each pair of figures of a tie."""
    ours, theirs = tie.summary.place.file, tie.detail.place.file
    there = tie.detail.caption or f"#{tie.detail.number}"
    if theirs != ours:
        there = f"{theirs}: {there}" if tie.detail.caption else theirs
    relation = f"{ours}#{tie.summary.number}~{theirs if theirs != ours else ''}#{tie.detail.number}:{tie.pairs[0][0].place.row}"
    severity: Severity = rule.severity if tie.named else ("warning" if rule.severity == "error" else rule.severity)
    for stated, other in tie.pairs:
        wanted = in_unit_of(other, stated)
        if wanted is None:
            continue
        args = {
            "label": stated.label,
            "stated": stated.text.strip(),
            "there": other.text.strip(),
            "other": there,
        }
        yield compare(
            rule, stated, wanted, (("expected", other),), Message("agree-differs", args), severity=severity, relation=relation
        )
