"""Which line of a table is the first, the last or before another, as a sentence tells it: `복지가 가장 많고`, `도로, 하천 순`.

Only names of one table in one sentence are ranked, by a column of amounts that the sentence may mean: where any of them bears it
out nothing is wrong. What is reported is a mistake of one place: two neighbours exchanged, or a line that is not the first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from budgetaudit.label_text import squeeze
from budgetaudit.model import Comparison, Figure, Message, Severity, Unit
from budgetaudit.periods import years_in
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Computed
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.cells import WORD, Line, Words
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted
from budgetaudit.structure.sheets import DERIVED, Sheet

CLAUSE = re.compile(r"[.;]|\s-\s")
NAME_WORDS, REACH = 4, 40
FEW, MANY = 3, 8
RANK = Unit("", "count")
OTHER = re.compile(r"%|％")


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a sentence, and where it stands."""

    name: str
    start: int
    end: int


class Ranking:
    """The words of a vocabulary that say which is the first and in which order others are told."""

    def __init__(self, words: Words) -> None:
        prose = words.vocabulary.prose
        self.words = words
        self.most, self.least, self.order = (_any(prose.get(name, ())) for name in ("most", "least", "in_order"))
        self.followed = _any(prose.get("followed", ()))
        self.after = tuple(prose.get("named_after", ()))
        changing = (*prose.get("up", ()), *prose.get("down", ()), *prose.get("share_words", ()))
        rates = {
            label
            for label, (dimension, member) in words.vocabulary.members.items()
            if dimension == "measure" and member in DERIVED
        }
        self.another = _any(
            [
                word
                for word in (*changing, *rates)
                if len(word) > 1 and word not in ("많", "높", "higher", "more", "lower", "less")
            ]
        )


def _any(listed: Sequence[str]) -> re.Pattern[str]:
    words = sorted(listed, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![A-Za-z]){re.escape(word)}" for word in words) or r"(?!)", re.IGNORECASE)


def compare_ranks(rule: Rule, index: Mapping[str, Sequence[Line]], prose: Prose) -> Iterator[Comparison]:
    """One comparison for each rank that a sentence tells of a table."""
    ranking = Ranking(Words(prose.vocabulary))
    for statement in prose.statements:
        text = statement.text
        if not (
            ranking.most.search(text) or ranking.least.search(text) or ranking.order.search(text) or ranking.followed.search(text)
        ):
            continue
        if ranking.another.search(ranking.order.sub(" ", text)) or OTHER.search(text):
            continue  # ranked by what it grew or by its share of something
        yield from _ordered(rule, statement, ranking, index)
        yield from _extreme(rule, statement, ranking, index)


def _names(text: str, ranking: Ranking, index: Mapping[str, Sequence[Line]], base: int = 0) -> list[Named]:
    """The names of lines in a text, the longest first, none within another."""
    spoken = list(WORD.finditer(text))
    found: list[Named] = []
    at = 0
    while at < len(spoken):
        for end in range(min(len(spoken), at + NAME_WORDS), at, -1):
            run = spoken[at:end]
            texts = [one.group() for one in run]
            keys = {squeeze("".join(texts)).lower(), squeeze("".join(texts[:-1])).lower() + ranking.words.bare(texts[-1])}
            key = next((key for key in keys if key in index and not key.startswith("Σ")), "")
            if key:
                found.append(Named(key, base + run[0].start(), base + run[-1].end()))
                at = end
                break
        else:
            at += 1
    return found


def _year(text: str, at: int) -> str:
    years = years_in(text[:at])
    return str(years[-1]) if years else ""


def _lines(named: Sequence[Named], index: Mapping[str, Sequence[Line]], statement: Statement) -> Iterator[list[Line]]:
    """The lines that some names stand for, in each table that has them all along one axis."""
    homes: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for one in named:
        for line in index[one.name]:
            if statement.cell is None or statement.cell[0] != line.sheet.table.number:
                homes[line.sheet.table.number, line.axis].append(line)
    yield from (lines for lines in homes.values() if len(lines) == len(named) == len({line.index for line in lines}))


def _columns(lines: Sequence[Line], year: str) -> list[list[Figure]]:
    """The amounts of some lines in each crossing that a sentence of a year may mean, the latest last."""
    sheet, axis = lines[0].sheet, lines[0].axis
    across = sheet.columns if axis == "row" else sheet.rows
    found: list[tuple[str, list[Figure]]] = []
    for at, aspect in across.items():
        whole = aspect.within(sheet.context.aspect)
        if whole.measure in DERIVED or (year and whole.year and whole.year != year):
            continue
        figures = [sheet.table.figures.get((line.index, at) if axis == "row" else (at, line.index)) for line in lines]
        held = [figure for figure in figures if figure is not None and figure.value is not None]
        if len(held) == len(lines) and not any(figure.unit is not None and figure.unit.family == "percent" for figure in held):
            found.append((whole.year, held))
    return [held for _, held in sorted(found, key=lambda item: item[0])]


def _ordered(rule: Rule, statement: Statement, ranking: Ranking, index: Mapping[str, Sequence[Line]]) -> Iterator[Comparison]:
    """`A, B, C 순`, `A, followed by B and C`."""
    text = statement.text
    for end in ranking.order.finditer(text):
        begin = max((m.end() for m in CLAUSE.finditer(text, 0, end.start()) if not _decimal(text, m.start())), default=0)
        told = text[begin : end.start()]
        if text[end.end() :].lstrip().startswith((":", "：")):  # in descending order: schools, roads
            begin, told = end.end(), text[end.end() :]
        yield from _in_order(rule, statement, _names(told, ranking, index, begin), index)
    for followed in ranking.followed.finditer(text):
        before = _names(text[: followed.start()], ranking, index)[:1]
        stop = CLAUSE.search(text, followed.end())
        behind = _names(text[followed.end() : stop.start() if stop else len(text)], ranking, index, followed.end())
        yield from _in_order(rule, statement, [*before, *behind], index)


def _decimal(text: str, at: int) -> bool:
    return text[at] == "." and text[at + 1 : at + 2].isdigit()


def _in_order(
    rule: Rule, statement: Statement, named: Sequence[Named], index: Mapping[str, Sequence[Line]]
) -> Iterator[Comparison]:
    if not FEW <= len(named) <= MANY or len({one.name for one in named}) < len(named):
        return
    year = _year(statement.text, named[0].start) or _year(statement.text, len(statement.text))
    wrong: list[tuple[int, list[Figure]]] = []
    for lines in _lines(named, index, statement):
        columns = _columns(lines, year)
        if any(not _falls(column) for column in columns):
            return
        wrong += [(_falls(column)[0], column) for column in columns[-1:] if len(_falls(column)) == 1]
    if len(wrong) == 1:
        at, column = wrong[0]
        exchanged = [*column[:at], column[at + 1], column[at], *column[at + 2 :]]
        if not _falls(exchanged):
            yield _misplaced(rule, statement, named[at], at + 1, at + 2, column[at], column[at + 1])


def _falls(column: Sequence[Figure]) -> list[int]:
    """Where amounts rise in a list that should fall."""
    values = [figure.value or Decimal(0) for figure in column]
    return [at for at, (a, b) in enumerate(pairwise(values)) if a < b]


def _extreme(rule: Rule, statement: Statement, ranking: Ranking, index: Mapping[str, Sequence[Line]]) -> Iterator[Comparison]:
    """`가장 많은 분야는 A`, `A가 가장 많고`, `the largest of them is A`."""
    text = statement.text
    for pattern, sign in ((ranking.most, 1), (ranking.least, -1)):
        for told in pattern.finditer(text):
            named = _named(text, told.start(), told.end(), ranking, index)
            if named is not None:
                year = _year(text, told.start()) or _year(text, len(text))
                yield from _first(rule, statement, year, named, sign, index)


def _named(text: str, start: int, end: int, ranking: Ranking, index: Mapping[str, Sequence[Line]]) -> Named | None:
    """Whom a sentence calls the first: the name behind `가장 많은 분야는`, else the one before `가장 많고`."""
    stop = next((m.start() for m in re.finditer(r"[,.;]", text[end:]) if not _decimal(text[end:], m.start())), len(text))
    next_ = min((m.start() for pattern in (ranking.most, ranking.least) if (m := pattern.search(text, end))), default=len(text))
    behind = _names(text[end : min(end + stop, end + REACH, next_)], ranking, index, end)
    begin = max((m.end() for m in re.finditer(r"[.;]|,(?!\d)", text[:start]) if not _decimal(text, m.start())), default=0)
    before = _names(text[max(begin, start - REACH) : start], ranking, index, max(begin, start - REACH))
    if text[start:end].endswith(ranking.after) or text[start:end].isascii():
        found = behind if len(behind) == 1 else before if text[start:end].isascii() or not behind else []
    else:
        found = before
    return found[0] if len(found) == 1 else None


def _first(
    rule: Rule, statement: Statement, year: str, named: Named, sign: int, index: Mapping[str, Sequence[Line]]
) -> Iterator[Comparison]:
    wrong: list[tuple[int, Figure, Figure]] = []
    for line in index[named.name]:
        if statement.cell is not None and statement.cell[0] == line.sheet.table.number:
            continue
        rivals = _rivals(line)
        columns = _columns([line, *rivals], year) if len(rivals) >= FEW - 1 else []
        for column in columns:
            values = [sign * (figure.value or Decimal(0)) for figure in column]
            if values[0] == max(values):
                return
        for column in columns[-1:]:
            values = [sign * (figure.value or Decimal(0)) for figure in column]
            ahead = sum(value > values[0] for value in values)
            wrong.append((ahead + 1, column[0], column[values.index(max(values))]))
    if len(wrong) == 1 and year:
        rank, own, first = wrong[0]
        yield _misplaced(rule, statement, named, 1, rank, own, first)


def _rivals(line: Line) -> list[Line]:
    """The lines beside a line: of its level, no totals."""
    sheet: Sheet = line.sheet
    printed = sheet.table.rows if line.axis == "row" else sheet.table.columns
    level = {one.index: one.level for one in printed}
    aspects = sheet.rows if line.axis == "row" else sheet.columns
    return [
        Line(sheet, line.axis, at)
        for at, aspect in aspects.items()
        if at != line.index and not aspect.total and aspect.measure not in DERIVED and level[at] == level[line.index]
    ]


def _misplaced(rule: Rule, statement: Statement, named: Named, rank: int, should: int, own: Figure, ahead: Figure) -> Comparison:
    """A rank told against the rank that the table gives."""
    text = statement.text[named.start : named.end]
    stated = Figure(Decimal(rank), text, statement.place, Decimal(0), RANK, text)
    severity: Severity = "warning" if rule.severity == "error" else rule.severity
    args = {
        "label": text,
        "stated": str(rank),
        "other": ahead.label,
        "there": f"{ahead.text.strip()} > {own.text.strip()}",
        "sentence": quoted(statement.text, named.start),
    }
    expected = Interval(Decimal(should), Decimal(should))
    law = f"text:{statement.place.file}#{statement.number}:{named.start}rank"
    operands = (("compared", own), ("compared", ahead))
    # that a rank holds proves none of the amounts
    return confront(
        Computed(
            rule, stated, expected, operands, law, ">=", step=Decimal(0), severity=severity, message=Message("told-rank", args)
        )
    )
