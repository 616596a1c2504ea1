"""What a sentence says against the cells of a table that speak of the same: subject, period and measure.

`2025년 세입은 지방세 43,655백만원, 교부세 68,905백만원` is a row of a table, told in words: which column it is its year says, or
those of its amounts that agree. An amount that differs must be a slip of the cell's, or the two speak of different things.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from budgetaudit.label_text import squeeze
from budgetaudit.labels import labelling
from budgetaudit.labels.aspects import Aspect
from budgetaudit.labels.captions import BRACKETED
from budgetaudit.labels.numbers import Axis, bits
from budgetaudit.model import Comparison, Figure, Severity
from budgetaudit.periods import part_of_year, years_in
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, summed
from budgetaudit.rounding import Interval, in_unit_of, interval
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.alternatives import alternatives
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.slips import stroke
from budgetaudit.structure.sheets import Sheet
from budgetaudit.vocabulary import Vocabulary

WORD = re.compile(r"[ぁ-ゖ]+|(?:(?![ぁ-ゖ])[^\W\d_])+(?:[-·ㆍ/&][^\W\d_]+)*|\d+(?=[^\W\d_])(?:(?![ぁ-ゖ])[^\W_])+")
CLOSES = re.compile(r"(?<!\d)[,，]|[,，](?!\d)|[;:：()\[\]{}<>⇒→/=]|\.\s")
WINDOW, NAME_WORDS, MANY = 60, 5, 30
LEAST_NAME, LATIN_NAME, TELLING, LONG = 2, 4, 3, 4
REACH = 8  # words between a subject and its amount
UNKNOWN = 4  # words between a subject and its amount that no vocabulary knows: 분야, `brings in`
SUPPORT = 9.0  # bits of the amounts beside it that agree
STROKES = ("digit", "transposition")
ALONE = 5  # digits of an amount that needs no other beside it
SURE, SHORT = 15.0, 2  # with so many of them two digits tell enough
BESIDE = 2  # lines before and behind a line that may be of one list with it
COMMON = 60  # lines that one name stands beside


@dataclass(frozen=True, slots=True)
class Told:
    """An amount of a sentence: whose it is said to be, and when."""

    statement: Statement
    number: Number
    figure: Figure
    name: str
    year: str
    part: str
    loose: bool = False  # words that nobody knows stand between the two
    measure: str = ""  # what is said to be so much: 지출액

    @property
    def whole(self) -> bool:
        """True if it is the total of some table: a name that tells little."""
        return self.name == TOTAL or self.name.startswith(WHOLE)


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column of a table that bears a name."""

    sheet: Sheet
    axis: Axis
    index: int


Spot = tuple[str, int, Axis, int]  # a crossing line of a table


@dataclass(frozen=True, slots=True)
class Match:
    """An amount and a cell that speak of the same. `wanted`: the cell in the unit of the amount."""

    told: Told
    cell: Figure
    wanted: Interval

    @property
    def gap(self) -> Decimal:
        assert self.told.figure.value is not None
        return self.told.figure.value - self.wanted.middle

    @property
    def agrees(self) -> bool:
        return interval(self.told.figure).meets(self.wanted)

    @property
    def evidence(self) -> float:
        assert self.told.figure.value is not None
        digits = self.told.figure.value.normalize().as_tuple().digits
        return bits(int("".join(map(str, digits))), 1)

    def slip(self, least: int) -> str:
        """The slip that makes one of the other, in the digits that the sentence gives; `least`: how many both must show."""
        value, step = self.told.figure.value, self.told.figure.step or self.told.number.last_place
        assert value is not None
        if self.power:
            return "unit"
        for rounding in (ROUND_HALF_UP, ROUND_DOWN):
            mine, cell = value / step, (self.wanted.middle / step).quantize(Decimal(1), rounding)
            short = min(len(str(abs(int(number))).rstrip("0")) for number in (mine, cell))
            if short >= least and (found := stroke(int(mine), int(cell))):
                return found
        return ""

    @property
    def power(self) -> int:
        """By which power of ten two amounts of the same digits differ."""
        value, cell = self.told.figure.value, self.wanted.middle
        if not value or not cell or value.normalize().as_tuple().digits != cell.normalize().as_tuple().digits:
            return 0
        return value.adjusted() - cell.adjusted() if len(value.normalize().as_tuple().digits) >= TELLING else 0


Groups = dict[Spot, list[Match]]


def compare_cells(rule: Rule, index: Mapping[str, Sequence[Line]], prose: Prose) -> Iterator[Comparison]:
    """One comparison for each amount of a sentence and the cell that states the same."""
    words = Words(prose.vocabulary)
    lines: list[tuple[Statement, Groups, dict[Spot, bool]]] = []
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        if scan.numbers and len(scan.numbers) <= MANY:
            told = [one for number in scan.numbers if (one := _told(statement, scan, number, words, index)) is not None]
            if told:
                lines.append((statement, *_groups(statement, told, index)))
    agreed = [{key: _support(group) for key, group in groups.items()} for _, groups, _ in lines]
    for at, (statement, groups, named) in enumerate(lines):
        near = [
            agreed[other]
            for other in range(max(0, at - BESIDE), min(len(lines), at + BESIDE + 1))
            if other != at and abs(lines[other][0].number - statement.number) <= BESIDE
        ]
        yield from _held(rule, groups, named, near)


def names_of(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> dict[str, list[Line]]:
    """The lines of all tables by the one name that tells each from the others of its table."""
    found: dict[str, list[Line]] = defaultdict(list)
    for sheet in sheets:
        for axis, lines in (("row", sheet.table.rows), ("column", sheet.table.columns)):
            aspects = sheet.rows if axis == "row" else sheet.columns
            own: dict[str, list[int]] = defaultdict(list)
            for index, name in ((line.index, _name(aspects[line.index], line)) for line in lines if line.index in aspects):
                if name:
                    own[name].append(index)
            for name, indexes in own.items():
                if len(indexes) == 1 and len(name) >= LEAST_NAME:
                    line = Line(sheet, axis, indexes[0])  # type: ignore[arg-type]
                    found[name].append(line)
                    if name == TOTAL:
                        for word in _called(sheet.table.caption, vocabulary):
                            found[WHOLE + word].append(line)
    return {name: lines for name, lines in found.items() if len(lines) <= COMMON}


def _name(aspect: Aspect, line: labelling.Line) -> str:
    """The one word of a line that says nothing else; a total is called so, a measure or a fund source by its label."""
    if aspect == Aspect(measure=aspect.measure) and aspect.measure:
        return MEASURE + next((label.key for label in reversed(line.labels) if label.text.strip()), "")
    if aspect.total and not aspect.words and not aspect.source:
        return TOTAL
    if aspect.source and aspect == Aspect(source=aspect.source):
        return next((label.key for label in reversed(line.labels) if label.text.strip()), "")
    return next(iter(aspect.words)) if len(aspect.words) == 1 and not aspect.total and not aspect.year else ""


def _called(caption: str, vocabulary: Vocabulary) -> set[str]:
    """What a caption says that its table is about: 세출 of `2025년 세출 현황 (단위: 백만원)`."""
    said = {squeeze(word) for word in WORD.findall(BRACKETED.sub("", caption)) if not word[0].isdigit()}
    return {word for word in said - vocabulary.lists["captions"] if len(word) >= (LATIN_NAME if word.isascii() else LEAST_NAME)}


TOTAL, MEASURE, WHOLE = "Σ#", "measure#", "whole#"  # before what is no name of its own; WHOLE: a table of nothing but this


class Words:
    """The words of a vocabulary that stand between a subject and its amount, and those that make it another amount."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        prose, lists = vocabulary.prose, vocabulary.lists
        self.vocabulary = vocabulary
        self.particles = tuple(sorted(prose.get("particles", ()), key=len, reverse=True))
        measures = {label for label, (dimension, _) in vocabulary.members.items() if dimension == "measure"}
        self.light = (
            measures
            | lists["captions"]
            | {squeeze(word) for name in ("linking", "generic", "particles") for word in prose.get(name, ())}
        )
        self.totals = (
            lists["totals"]
            | {word for word in lists["total_prefixes"] if not word.endswith(" ")}
            | set(map(squeeze, prose.get("total_words", ())))
        )
        compared = alternatives(prose.get("compared", ()))
        before = alternatives(prose.get("year_before", ()))
        self.year_before = re.compile(rf"(?:{before})(?!.{{0,6}}(?:{compared}))", re.IGNORECASE)
        earlier, change, ended = (
            alternatives(word for name in names for word in prose.get(name, ()))
            for names in (("year_before", "previous"), ("up", "down"), ("attributive",))
        )
        self.grown = re.compile(rf"(?:{earlier})[^.;]{{0,40}}?(?:{change})[^\W\d_]{{0,2}}?(?:{ended})\s*\Z", re.IGNORECASE)
        joined = "|".join(rf"\b{re.escape(word)}\b" for word in prose.get("and", ())) or "(?!)"
        self.joined = re.compile(joined, re.IGNORECASE)
        within = alternatives(prose.get("in_year", ()))
        self.in_year = re.compile(rf"\s(?:{within})\s(?:fy\s?)?(?:19|20)\d\d(?!\d)", re.IGNORECASE)
        other = (*prose.get("not_parts", ()), *prose.get("previous", ()), *prose.get("compared", ()), *prose.get("versions", ()))
        self.other = frozenset(squeeze(word) for word in other if len(word) > 1)

    def without_change(self, text: str) -> str:
        """A text without the change that leads to the amount behind it: `취득세는 전년 대비 4,845백만원 감소한`."""
        found = self.grown.search(text)
        return text[: found.start()] if found else text

    def measure(self, spoken: Sequence[str], last: int | None = NAME_WORDS) -> str:
        """The measure that the last words before an amount name; '' if they name none."""
        members = self.vocabulary.members
        near = spoken if last is None else spoken[-last:]
        found = (members.get(key) for word in reversed(near) for key in (word.lower(), self.bare(word)))
        return next((member for one in found if one is not None and (member := one[1]) and one[0] == "measure"), "")

    def bare(self, word: str) -> str:
        """A word without the particle it ends in."""
        low = word.lower()
        return next((low[: -len(p)] for p in self.particles if low.endswith(p) and len(low) - len(p) >= LEAST_NAME), low)


def _told(statement: Statement, scan: Scan, number: Number, words: Words, index: Mapping[str, object]) -> Told | None:
    """An amount with its subject: the name of some line that stands before it, with nothing but light words between."""
    if number.bound or not number.value or number.malformed or number.family in ("percent", "other"):
        return None
    if words.year_before.search(scan.text[: number.start]):
        return None  # of another year than the table's, and nobody says which
    before = words.without_change(scan.text[max(0, number.start - WINDOW) : number.start])
    parts = CLOSES.split(before.rstrip(" :：("))
    near = parts[-1]
    spoken = [word for word in WORD.findall(near) if word]
    if any(words.bare(word) in words.other or word.lower() in words.other for word in spoken[-NAME_WORDS:]):
        return None
    name, loose = subject(spoken, words, index)
    if not name or loose or name.startswith(WHOLE):
        behind = _behind(scan, number, words, index)
        name, loose = behind or name, loose or bool(behind)
    if not name:
        return None
    year, part = period(scan, number, words)
    figure = number.figure(statement.place, " ".join(near.split())[-WINDOW:].strip() or name)
    return Told(statement, number, figure, name, year, part, loose, words.measure(spoken))


def _behind(scan: Scan, number: Number, words: Words, index: Mapping[str, object]) -> str:
    """The name of a line that follows an amount in its clause: `EUR 5,642 thousand went to the Northern region`."""
    text = words.joined.split(CLOSES.split(scan.text[number.end : number.end + WINDOW])[0])[0]
    if not text.isascii():
        return ""
    spoken = WORD.findall(text)[:NAME_WORDS]
    runs = (spoken[start:end] for start in range(len(spoken)) for end in range(len(spoken), start, -1))
    return next((key for run in runs if (key := squeeze("".join(run)).lower()) in index and len(key) >= LATIN_NAME), "")


def period(scan: Scan, number: Number, words: Words) -> tuple[str, str]:
    """The year, and the part of it, that a sentence speaks of where a number stands; '' for what it does not say."""
    dates = [date for date in scan.dates if date.year is not None and date.end <= number.start]
    year = str(dates[-1].year) if dates else ""
    part = part_of_year(scan.text[max(0, number.start - WINDOW * 2) : number.start], words.vocabulary.periods, anywhere=True)
    if part is not None and part[0] is not None:
        year = str(part[0])
    if not year and (behind := words.in_year.match(scan.text, number.end)):
        year = str(years_in(behind.group())[0])  # `rose by $43.5 million in FY 2025`
    return year, part[1] if part else ""


def subject(spoken: Sequence[str], words: Words, index: Mapping[str, object]) -> tuple[str, bool]:
    """The longest run of words that names a line, before words that name nothing; whether unknown words stand between."""
    measure, unknown = "", 0
    for end in range(len(spoken), max(0, len(spoken) - REACH), -1):
        for start in range(max(0, end - NAME_WORDS), end):
            run = spoken[start:end]
            for last in (run[-1].lower(), words.bare(run[-1])):
                key = squeeze("".join(run[:-1])) + last
                if key in index and len(key) >= LEAST_NAME:
                    return key, bool(unknown)
                measure = measure or next((kind + key for kind in (MEASURE, WHOLE) if kind + key in index), "")
        word = spoken[end - 1]
        if word.lower() in words.totals or words.bare(word) in words.totals:
            return (TOTAL, bool(unknown)) if TOTAL in index else ("", False)
        if words.bare(word) not in words.light and word.lower() not in words.light and not word[0].isdigit():
            unknown += 1
            if unknown > UNKNOWN:
                break
    return measure, bool(unknown)


def _groups(statement: Statement, told: Sequence[Told], index: Mapping[str, Sequence[Line]]) -> tuple[Groups, dict[Spot, bool]]:
    """The amounts of one sentence with the cells they may be, by the crossing line of each table that names their subjects."""
    groups: Groups = defaultdict(list)
    named: dict[Spot, bool] = {}
    for one in told:
        for line in index[one.name]:
            if statement.cell is not None and statement.cell[0] == line.sheet.table.number:
                continue
            for at, sure in _crossings(one, line):
                spot = (line.index, at) if line.axis == "row" else (at, line.index)
                cell = line.sheet.table.figures.get(spot)
                if cell is None or cell.value is None or (wanted := in_unit_of(cell, one.figure)) is None:
                    continue
                key = (line.sheet.table.place.file, line.sheet.table.number, line.axis, at)
                groups[key].append(Match(one, cell, wanted))
                named[key] = sure
    return groups, named


def _support(group: Sequence[Match]) -> float:
    return sum(match.evidence for match in group if match.agrees)


def _held(rule: Rule, groups: Groups, named: Mapping[Spot, bool], near: Sequence[Mapping[Spot, float]]) -> Iterator[Comparison]:
    """The amounts of one sentence against the cells of each table; lines beside it that agree with one speak for it."""
    settled = {id(match.told) for group in groups.values() for match in group if match.agrees}
    done: set[int] = set()
    for key, group in sorted(groups.items(), key=lambda item: -_support(item[1])):
        agreeing = [match for match in group if match.agrees]
        support = _support(group) + sum(line.get(key, 0.0) for line in near)
        for match in group:
            if id(match.told) in done or (
                match.told.whole and not support and not (match.told.measure and named[key]) and not _alone(match, named[key])
            ):
                continue
            loose = match.told.loose
            if match.agrees and ((named[key] and not loose) or support - match.evidence >= SUPPORT):
                done.add(id(match.told))
                yield _compared(rule, match, len(agreeing), len(group))
            elif not match.agrees and id(match.told) not in settled and _meant(match, support):
                long = min(_digits(match.told.figure.value), _digits(match.wanted.middle)) >= LONG
                known = match.told.figure.unit is not None and match.cell.unit is not None
                plain = named[key] and long and not loose and (not match.told.whole or match.told.measure)
                if support >= SUPPORT or (known and (plain or _alone(match, named[key]))):
                    done.add(id(match.told))
                    yield _compared(rule, match, len(agreeing), len(group))


def _meant(match: Match, support: float) -> bool:
    """True if an amount is a slip of a cell; behind words that nobody knows only one that keeps its length: 체납 is less."""
    found = match.slip(TELLING if support < SURE else SHORT)
    return found in STROKES if match.told.loose else bool(found)


def _alone(match: Match, named: bool) -> bool:
    """True if an amount has so many digits that one stroke between it and a cell of its name is no chance."""
    digits = min(_digits(match.told.figure.value), _digits(match.wanted.middle))
    least = ALONE + (match.told.whole or not named)
    return digits >= least and match.slip(TELLING) in STROKES


def _crossings(told: Told, line: Line) -> Iterator[tuple[int, bool]]:
    """The crossing lines that an amount may be of; whether its period says which."""
    sheet = line.sheet
    crossing = sheet.columns if line.axis == "row" else sheet.rows
    own = (sheet.rows if line.axis == "row" else sheet.columns)[line.index]
    for at, aspect in crossing.items():
        whole = aspect.within(sheet.context.aspect).within(own)
        if (told.year and whole.year and told.year != whole.year) or told.part != whole.part:
            continue
        of_another = told.measure and aspect.measure and told.measure != aspect.measure
        if of_another and any(other.measure == told.measure for other in crossing.values()):
            continue
        named = bool(told.year and told.year == whole.year and not aspect.words and not aspect.source)
        yield at, named or bool(told.measure and told.measure == aspect.measure)


def _digits(value: Decimal | None) -> int:
    return len((value or Decimal(0)).normalize().as_tuple().digits)


def _compared(rule: Rule, match: Match, agreeing: int, common: int) -> Comparison:
    told, cell = match.told, match.cell
    sure = match.agrees or rule.severity != "error" or agreeing > 1
    severity: Severity = rule.severity if sure else "warning"
    code = "told-unit" if not match.agrees and match.power else "told-cell"
    message = said(
        code,
        told.figure.label,
        told.figure.text.strip(),
        quoted(told.statement.text, told.number.start),
        there=cell.text.strip(),
        other=cell.label,
        agreeing=agreeing,
        common=common,
    )
    relation = f"text:{told.statement.place.file}#{told.statement.number}~#{cell.place.table}"
    terms = summed(told.figure, [cell], "expected")
    return confront(Relation(rule, terms, relation, severity=severity, message=message))
