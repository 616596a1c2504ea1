"""One quantity stated in several places is the same everywhere: a summary's row and the total of the table that details it.

Two tables are tied by name (a row's label stands in the other's caption) or by what their cells speak of (structure/overlaps.py);
figures confirm the tie: enough of the amounts must agree for those that differ to be meant to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from budgetaudit.label_text import normal, squeeze
from budgetaudit.labels.captions import bare_caption
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.labels.naming import pairs
from budgetaudit.labels.numbers import bits
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.periods import years_in
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, summed
from budgetaudit.rounding import in_unit_of
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.slips import stroke
from budgetaudit.structure.overlaps import Overlap, overlaps
from budgetaudit.structure.sheets import Sheet, sheet_of
from budgetaudit.structure.sheets import whole as digits
from budgetaudit.structure.year_parts import year_parts
from budgetaudit.vocabulary import Vocabulary

Apart = Callable[[Table, Table], bool]

BRACKETED = re.compile(r"[(（\[<〔].*")
SHORTEST_NAME = 3
EVIDENCE = 10.0
NEAR = 10
CROWD = 40  # tables that one name stands over
PAIR = 2
CERTAIN = 6  # cells that agree for each that differs


@dataclass(frozen=True, slots=True)
class Tie:
    """A row of one table and the row of another that states the same; figures paired by column."""

    summary: Table
    detail: Table
    pairs: tuple[tuple[Figure, Figure], ...]
    evidence: float
    agreeing: int = 0
    differing: int = 0
    slips: bool = True  # what differs, differs by slips

    @property
    def rank(self) -> tuple[bool, float, bool]:
        return self.evidence >= EVIDENCE, self.evidence, self.slips


@dataclass(frozen=True, slots=True)
class AgreeOptions:
    """One quantity, stated in several places, is the same everywhere: in tables and text, a narrative and its table, words.

    `years`: a year is what its quarters, halves or months come to.
    """

    told: Literal["tables", "text", "narrative", "words", "years"] = "tables"


def compare_ties(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each pair of figures that tables both state: by name, then by what their cells speak of."""
    options: AgreeOptions = rule.options
    tables = list(material.chosen(rule))
    if options.told == "years":
        yield from compare_years(
            rule, [sheet_of(t, material.measure(t), material.vocabulary) for t in tables], material.vocabulary
        )
        return
    if options.told != "tables":
        yield from _in_text(rule, options, tables, material)
        return
    if len(tables) < PAIR:
        return
    totals = {id(table): totals_of(table, material) for table in tables}
    measures = {id(table): material.measure(table) for table in tables}

    def comparable(one: Table, other: Table) -> bool:
        mine, theirs = measures[id(one)], measures[id(other)]
        return not _of_other_times(one, other) and not (mine and theirs and mine != theirs)

    known: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for tie in ties(tables, totals, comparable):
        known[tie.detail.number] |= {
            (b.place.row - 1, b.place.column - 1) for _, b in tie.pairs if b.place.row is not None and b.place.column is not None
        }
        yield from compared(rule, tie)
    sheets = [sheet_of(table, measures[id(table)], material.vocabulary) for table in tables]
    for found in overlaps(sheets, _any, known):
        yield from compared_overlap(rule, found)


def _any(_one: Sheet, _other: Sheet) -> bool:
    return True


def ties(tables: Sequence[Table], totals: dict[int, list[Line]], apart: Apart) -> Iterator[Tie]:
    """Rows that another table's caption names, each with that table; `apart`: which tables may be held against each other.

    Rows of one summary lend each other evidence: where most are what their tables come to, a slip in one is meant to be.
    """
    captions = [bare_caption(table.caption) for table in tables]
    every = "\n".join(captions)
    for summary in tables:
        found: list[Tie] = []
        for row in summary.rows:
            name = "".join(label.key for label in row.labels[:1])
            if row.total or not name or name not in every:
                continue
            whole = len(name) < SHORTEST_NAME or bool(row.dimension)  # a word as common as 세입 must be all that a caption says
            named = (
                t for t, caption in zip(tables, captions, strict=True) if (_core(caption) == name if whole else name in caption)
            )
            details = [table for table in islice(named, CROWD) if apart(summary, table)]
            tie = _by_name(summary, row, details, totals)
            if tie is not None:
                found.append(tie)
        shared = sum(tie.evidence for tie in found if not tie.differing)
        agreeing = sum(not tie.differing for tie in found)
        for tie in found:
            alone = tie.evidence >= EVIDENCE and tie.differing <= tie.agreeing
            others = sum(bool(other.differing) for other in found)
            lent = agreeing >= others and shared >= EVIDENCE if tie.slips else agreeing >= 2 * others and shared >= 2 * EVIDENCE
            if alone or lent:
                yield tie


def _core(caption: str) -> str:
    """A caption without what stands in brackets behind it, its unit."""
    return normal(BRACKETED.sub("", caption))


def _in_text(rule: Rule, options: AgreeOptions, tables: Sequence[Table], material: Material) -> Iterator[Comparison]:
    """What sentences say, against each other and against tables."""
    if options.told == "words":
        if material.reads(rule):
            from budgetaudit.sentences.spelled import compare_spelled

            yield from compare_spelled(rule, material.prose)
        return
    if not material.wordy:
        return
    from budgetaudit.sentences import narrative, ties

    if options.told == "narrative":
        yield from narrative.compare_narrative(rule, tables, material.prose)
    else:
        sheets = [sheet_of(table, material.measure(table), material.vocabulary) for table in tables]
        yield from ties.compare_told(rule, sheets, material.prose)


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
            tie = _tie(summary, row, detail, total)
            if tie is not None and (best is None or tie.rank > best.rank):
                best = tie
    return best


def _of_other_times(one: Table, other: Table) -> bool:
    """True if captions name different years: last year's total is not this year's."""
    mine, theirs = set(years_in(one.caption)), set(years_in(other.caption))
    return bool(mine and theirs and not mine & theirs)


def _tie(summary: Table, row: Line, detail: Table, total: Line) -> Tie | None:
    """Two rows paired column by column; None if the figures deny that they state the same."""
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
    evidence, agreeing, unlike, slips = 0.0, 0, 0, True
    seen, differing = set(), set()
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
            differing.add(gap)  # a changed part and the total it changes are one cause
            near = gap * NEAR <= abs(other_interval.middle)
            one_stroke = bool(stroke(digits(a.value), digits(other_interval.middle)))
            unlike += not (near or one_stroke)
            slips = slips and one_stroke
    if unlike or not (agreeing or differing):
        return None
    return Tie(summary, detail, tuple(both), evidence, agreeing, len(differing), slips)


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


# --- comparisons of a pair of tables -----------------------------------------------------------------


def compared_overlap(rule: Rule, found: Overlap) -> Iterator[Comparison]:
    """One comparison for each pair of figures that two tables both state; one for all where all differ by one power of ten."""
    ours, theirs = found.one.place.file, found.other.place.file
    there = _name(found.other, ours)
    relation = f"{ours}#{found.one.number}~{theirs if theirs != ours else ''}#{found.other.number}"
    shared_args = {"other": there, "agreeing": found.agreeing, "common": len(found.pairs)}
    if found.power:
        first = max(found.pairs, key=lambda pair: (pair.total, abs(pair.ours.value or 0)))
        args = {"label": first.ours.label, "stated": _printed(first.ours), "there": _printed(first.theirs), **shared_args}
        message = Message("agree-unit", {**args, "agreeing": len(found.pairs)})
        yield confront(Relation(rule, summed(first.ours, [first.theirs], "expected"), f"{relation}:unit", message=message))
        return
    severity = _severity(rule, found)
    for pair in found.pairs:
        args = {"label": pair.ours.label, "stated": pair.ours.text.strip(), "there": pair.theirs.text.strip(), **shared_args}
        message = Message("agree-tied", args)
        terms = summed(pair.ours, [pair.theirs], "expected")
        yield confront(Relation(rule, terms, relation, severity=severity, message=message))


def _severity(rule: Rule, found: Overlap) -> Severity:
    """An error where labels say all and a slip alone differs among many that agree; a warning where less speaks for it."""
    differing = [pair for pair in found.pairs if not pair.agrees]
    certain = found.sure and all(pair.slip for pair in differing) and found.agreeing >= CERTAIN * len(differing)
    return rule.severity if certain or rule.severity != "error" else "warning"


def _printed(figure: Figure) -> str:
    """A number as printed, with its unit."""
    symbol = figure.unit.symbol if figure.unit is not None else ""
    text = figure.text.strip()
    return text if not symbol or text.endswith(symbol) else f"{text} {symbol}"


def _name(table: Table, ours: str) -> str:
    there = table.caption or (table.grid.sheet or "") or f"#{table.number}"
    file = table.place.file
    return there if file == ours else f"{file}: {table.caption}" if table.caption else file


# --- a year and its parts -----------------------------------------------------------------------------


def compare_years(rule: Rule, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> Iterator[Comparison]:
    """One comparison for each amount of a year whose quarters, halves or months are printed too."""
    named = frozenset(map(squeeze, vocabulary.prose.get("whole_year", ())))
    for found in year_parts(sheets, named):
        there = _name(found[0].other.table, found[0].sheet.table.place.file)
        agreeing = sum(one.agrees for one in found)
        for one in found:
            place = one.year.place
            args = {"label": one.year.label, "stated": one.year.text.strip(), "parts": len(one.parts), "other": there}
            message = Message("agree-years", {**args, "agreeing": agreeing, "common": len(found)})
            law = f"{place.file}#{place.table}~years#{one.other.table.place.file}#{one.other.table.number}"
            severity: Severity = "warning" if rule.severity == "error" and agreeing < CERTAIN else rule.severity
            yield confront(Relation(rule, summed(one.year, one.parts), law, severity=severity, message=message))


# --- comparisons -----------------------------------------------------------------------------------


def compared(rule: Rule, tie: Tie) -> Iterator[Comparison]:
    """One comparison for each pair of figures of a tie."""
    ours, theirs = tie.summary.place.file, tie.detail.place.file
    relation = f"{ours}#{tie.summary.number}~{theirs if theirs != ours else ''}#{tie.detail.number}:{tie.pairs[0][0].place.row}"
    counterparts = [in_unit_of(other, stated) for stated, other in tie.pairs]
    agreeing = sum(i is not None and a.value == i.middle for (a, _), i in zip(tie.pairs, counterparts, strict=True))
    shared_args = {"other": _name(tie.detail, ours), "agreeing": agreeing, "common": len(tie.pairs)}
    for (stated, other), expected in zip(tie.pairs, counterparts, strict=True):
        if expected is not None:
            args = {"label": stated.label, "stated": stated.text.strip(), "there": other.text.strip(), **shared_args}
            yield confront(Relation(rule, summed(stated, [other], "expected"), relation, message=Message("agree-tied", args)))
