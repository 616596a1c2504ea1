"""What a table is called and in which units it counts, as its caption, its first rows and the lines before it say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from budgetaudit.label_text import EDGES, squeeze
from budgetaudit.labels.layout import Layout
from budgetaudit.model import Grid, Unit
from budgetaudit.vocabulary import Vocabulary

LONGEST_LINE = 400
LONGEST_TITLE = 120
LONGEST_ALONE = 4  # letters of a currency's bare name that is no other word
BRACKETED = re.compile(r"[(\[<〈【〔（](?P<inner>[^()\[\]<>〈〉【】〔〕（）]{1,60})[)\]>〉】〕）]")


def caption_of(grid: Grid, layout: Layout, context: Sequence[str], vocabulary: Vocabulary) -> tuple[str, tuple[Unit, ...]]:
    """The table's caption and its units, searched in its caption, its own first rows and the paragraphs before it."""
    units: tuple[Unit, ...] = ()
    caption = grid.caption.strip()
    if caption:
        units = stated_units(caption, vocabulary)
    header_texts = [text for row in layout.header for text in row.values()]
    for text in [*layout.titles, *header_texts]:
        units = units or stated_units(text, vocabulary)
    for text in layout.titles:
        if not caption and not is_unit_line(text, vocabulary):
            caption = text
    for distance, text in enumerate(reversed(context), start=1):
        for line in reversed(text.split("\n")):
            found = stated_units(line, vocabulary)
            if found and not units and distance <= 3:
                units = found
            if not caption and bare_caption(line) and not is_unit_line(line, vocabulary) and distance <= 4:
                caption = line.strip()
    return caption, units or (stated_units(grid.sheet, vocabulary) if grid.sheet else ())


def bare_caption(text: str) -> str:
    """A caption without the brackets and bullets around it: `<제2단계 현황>` is 제2단계현황."""
    return squeeze(text.strip().strip("<>〈〉《》【】[]「」『』()（）" + EDGES))


def is_unit_line(text: str, vocabulary: Vocabulary) -> bool:
    """True if a text says nothing but a unit."""
    return (
        bool(stated_units(text, vocabulary))
        and len(squeeze(text)) <= 30
        and bool(_patterns_of(vocabulary.lists["unit_words"]).line.match(text.strip()))
    )


class _UnitPatterns(NamedTuple):
    """How a line says a unit with the word for one: at its start, before a colon, in a bracket; and where one may begin."""

    line: re.Pattern[str]
    named: re.Pattern[str]
    bracketed: re.Pattern[str]
    heads: re.Pattern[str]


@lru_cache(maxsize=8)
def _patterns_of(words: frozenset[str]) -> _UnitPatterns:
    listed = sorted(sorted(words), key=len, reverse=True)
    word = "(?:" + "|".join(r"\s?".join(map(re.escape, word)) for word in listed) + ")"
    rest = r"(?P<rest>[^)\]>〉】〕）]{1,60})"
    texts = (
        rf"\W*\s*{word}",
        word + r"\s{0,3}[:：]\s{0,3}" + rest,
        r"[(\[<〈【〔（]\s{0,3}" + word + r"[\s.]{1,3}" + rest,
        rf"(?:\A|[,;:：–—-]\s|(?<!\w){word}\s|\s(?=[$€£¥₩]\s?[a-z]))\s{{0,2}}",
    )
    return _UnitPatterns(*(re.compile(text, re.IGNORECASE) for text in texts))


def stated_units(text: str, vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """Units that a line states, in their order: `(단위 : 억 원, %)`, `Budget (EUR million)`, `Ausgaben in Mio. Euro`."""
    if len(text) > LONGEST_LINE:
        return ()
    patterns = _patterns_of(vocabulary.lists["unit_words"])
    match = patterns.named.search(text) or patterns.bracketed.search(text)
    if match is not None and (found := _listed(match["rest"], vocabulary)):
        return found
    return _bracketed(text, vocabulary) or _at_the_end(text, patterns, vocabulary)


def _listed(text: str, vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """The units of a list, `백만원, %`; a multiplier and its currency may stand in two items, `US dollars, millions`."""
    whole = vocabulary.units.find(text)
    if whole is not None:
        return (whole,)
    found = []
    for part in re.split(r"[,，/·、(;]| and ", text):
        unit = vocabulary.units.find(part) or vocabulary.units.listed(part.split()[-1] if part.split() else "")
        if unit is not None:
            found.append(unit)
    return tuple(found)


def _bracketed(text: str, vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """Units that fill a bracket of a title: `Budget (EUR million)`, `Statement (thousand dollars, %)`."""
    for match in BRACKETED.finditer(text):
        inner = match["inner"].strip()
        whole = vocabulary.units.phrase(inner)
        if whole is not None and (whole.sure or inner.isupper() or _is_unit_by_words(inner, vocabulary)):
            return (whole.unit,)
        parts = [part.strip() for part in re.split(r"[,，/;]", inner)]
        units = [vocabulary.units.surely(part) for part in parts]
        if all(units) and any(unit is not None and unit.family == "money" for unit in units):
            return tuple(unit for unit in units if unit is not None)
    return ()


def _is_unit_by_words(text: str, vocabulary: Vocabulary) -> bool:
    """True if a currency's bare name is the plural that units are printed in: (pounds), not (real)."""
    return text.lower() in vocabulary.units.known or len(text) > LONGEST_ALONE


def _at_the_end(text: str, patterns: _UnitPatterns, vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """A unit that a title ends with: `Zuschussbedarf in Tausend Euro`, `Expenditure by function, £ million`, `$ thousand`."""
    line = text.strip(" .:：*※")
    if len(line) > LONGEST_TITLE:
        return ()
    for start in [match.end() for match in patterns.heads.finditer(line)]:
        unit = vocabulary.units.surely(line[start:])
        if unit is not None and unit.family == "money" and len(line) - start > 1:
            return (unit,)
    return ()
