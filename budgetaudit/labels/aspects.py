"""What a line of a table speaks of, whatever stands in rows or columns: words, year and part of it, source, measure, total.

Two lines that speak of the same pair; two that say different things of one dimension never do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from budgetaudit.label_text import mark_style, squeeze, unmarked
from budgetaudit.labels.captions import bare_caption
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.periods import leading_year, part_of_year, years_in
from budgetaudit.vocabulary import Label, Vocabulary

NUMBER_WORD = re.compile(r"(?<![\d.,'‘’-])(\d{1,3})([^\W\d_]{1,4})")  # 2단계, 1차
WORD_NUMBER = re.compile(r"([A-Za-z]{3,})\s(\d{1,3})(?![\d.,)]|\w)")  # phase 2
LETTER = re.compile(r"(?<![A-Za-z.(])[A-Za-z](?![A-Za-z.)&/’'])")  # option B, but no heading `B.`
STEM = 2
LEAST = 2


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a line speaks of. `part` is a quarter, half or month of its year; `words` is all that no vocabulary knows."""

    words: frozenset[str] = frozenset()
    year: str = ""
    part: str = ""
    source: str = ""
    measure: str = ""
    total: bool = False

    @property
    def stated(self) -> bool:
        return self != Aspect()

    def within(self, context: Aspect) -> Aspect:
        """The same where a table says for all its lines what this one leaves out."""
        return replace(
            self, year=self.year or context.year, part=self.part or context.part, measure=self.measure or context.measure
        )

    def denies(self, other: Aspect) -> bool:
        """True if two lines say different things of one dimension, so that they never state the same."""
        mine, theirs = (self.year, self.part, self.source), (other.year, other.part, other.source)
        if any(a and b and a != b for a, b in zip(mine, theirs, strict=True)):
            return True
        if self.measure and other.measure and self.measure != other.measure:
            return True
        return bool(self.total and other.source) or bool(other.total and self.source)

    @property
    def statements(self) -> frozenset[str]:
        """All that it says, one by one: of two that go together one says only more than the other, `2025년` and `2025년 예산`."""
        named = (("year", self.year), ("part", self.part), ("source", self.source), ("measure", self.measure))
        return self.words | {f"{name}={value}" for name, value in named if value}


def aspects_of(lines: Sequence[Line], vocabulary: Vocabulary) -> dict[int, Aspect]:
    """What each line of a table speaks of; the number it is listed by counts where names without it would be one."""
    bare = {line.index: aspect_of(line, vocabulary) for line in lines}
    counts = Counter(bare.values())
    return {line.index: _listed(line, vocabulary) if counts[bare[line.index]] > 1 else bare[line.index] for line in lines}


def _listed(line: Line, vocabulary: Vocabulary) -> Aspect:
    return aspect_of(line, vocabulary, marked=True)


def aspect_of(line: Line, vocabulary: Vocabulary, *, marked: bool = False) -> Aspect:
    """What a row or a column speaks of by all its labels; `marked`: with the numbers they are listed by."""
    words: set[str] = set()
    year, part = "", ""
    for label in line.labels:
        if not label.text.strip():
            continue
        dated = part_of_year(label.text, vocabulary.periods)
        if dated is not None:
            year, part = str(dated[0] or "") or year, dated[1]
        elif label.year is not None or label.dimension == "year":
            year = label.member if label.dimension == "year" else str(label.year)
            if label.dimension != "year" and not label.measure:
                words |= _beside_year(label.text, label.key, vocabulary)
        elif label.total:
            words |= _totalled(label, vocabulary)
        elif not (label.measure or label.dimension == "source"):
            words.add(squeeze(label.text) if marked else _unmarked(label.text, label.key))
    source = line.member if line.dimension == "source" else ""
    return Aspect(frozenset(words), year or str(line.year or ""), part, source, line.measure, bool(line.total))


def _totalled(label: Label, vocabulary: Vocabulary) -> set[str]:
    """What a label says to be totalled, which another table may call by that name alone: 도로 소계, Total roads."""
    lists = vocabulary.lists
    behind = {squeeze(word) for name in ("totals", "subtotals", "total_suffixes") for word in lists[name]}
    before = {squeeze(word) for word in lists["total_prefixes"] if word.endswith(" ")}
    rests = [label.key.removesuffix(word) for word in behind] + [label.key.removeprefix(word) for word in before]
    rest = min(rests, key=len, default="")
    known = rest in vocabulary.members or rest in behind
    return {rest} if LEAST <= len(rest) < len(label.key) and not known else set()


def _beside_year(text: str, key: str, vocabulary: Vocabulary) -> set[str]:
    """What a label says beside its year: nothing where it only says that amounts follow, `2026년 사업비`."""
    dated = leading_year(text, vocabulary.periods.get("year_suffixes", ()), vocabulary.periods.get("year_prefixes", ()))
    rest = squeeze(dated[1]) if dated is not None else key
    amounts = vocabulary.lists["captions"] | set(map(squeeze, vocabulary.prose.get("cost_words", ())))
    return {rest} - amounts - {""}


def _unmarked(text: str, key: str) -> str:
    """A label's key without the number or letter it is listed by."""
    rest = squeeze(unmarked(text)) if mark_style(text) != "roman" else ""
    return rest if len(rest) >= LEAST and key.endswith(rest) else key


@dataclass(frozen=True, slots=True)
class Context:
    """What a table says of all its lines, and the words by which its caption tells it from other versions of itself.

    `funds`: of which funds it is; the general fund is a part of all of them.
    """

    aspect: Aspect
    years: frozenset[str]
    versions: frozenset[str]
    numbered: frozenset[tuple[str, str]]
    funds: frozenset[str] = frozenset()

    def denies(self, other: Context) -> bool:
        """True if two tables are of other years or parts, or are the first and another state or alternative of one thing."""
        if self.years and other.years and not self.years & other.years:
            return True
        if self.aspect.part and other.aspect.part and self.aspect.part != other.aspect.part:
            return True
        if self.versions and other.versions and self.versions != other.versions:
            return True
        if self.funds and other.funds and self.funds != other.funds:
            return True
        mine, theirs = dict(self.numbered), dict(other.numbered)
        return any(mine[word] != theirs[word] for word in mine.keys() & theirs.keys())


def context_of(table: Table, measure: str, vocabulary: Vocabulary) -> Context:
    """What a table's caption says."""
    caption, prose = table.caption, vocabulary.prose
    years = frozenset(map(str, years_in(caption)))
    dated = part_of_year(caption, vocabulary.periods, anywhere=True)
    squeezed = bare_caption(caption)
    versions = frozenset(word for word in map(squeeze, prose.get("versions", ())) if word in squeezed)
    funds = frozenset(word for word in map(squeeze, prose.get("funds", ())) if word in squeezed)
    calendar = tuple(word for name in ("year_suffixes", "month", "day") for word in vocabulary.periods.get(name, ()))
    numbered = {(b[:STEM], a) for a, b in NUMBER_WORD.findall(caption) if not b.startswith(calendar)}
    listed = frozenset(map(squeeze, prose.get("numbered_captions", ())))
    numbered |= {(a.lower(), b) for a, b in WORD_NUMBER.findall(caption) if a.lower() not in listed}
    numbered |= {("", letter.lower()) for letter in LETTER.findall(caption)}
    one = next(iter(years)) if len(years) == 1 else ""
    return Context(Aspect(year=one, part=dated[1] if dated else "", measure=measure), years, versions, frozenset(numbered), funds)
