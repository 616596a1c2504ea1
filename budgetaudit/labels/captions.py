"""What a table is called and in which units it counts, as its caption, its first rows and the lines before it say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from budgetaudit.labels.layout import Layout
from budgetaudit.model import Grid, Unit
from budgetaudit.vocabulary import EDGES, Vocabulary, squeeze


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
    return caption, units


def bare_caption(text: str) -> str:
    """A caption without the brackets and bullets around it: `<제2단계 현황>` is 제2단계현황."""
    return squeeze(text.strip().strip("<>〈〉《》【】[]「」『』()（）" + EDGES))


def is_unit_line(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text says nothing but a unit."""
    return (
        bool(stated_units(text, vocabulary))
        and len(squeeze(text)) <= 30
        and bool(re.match(r"\W*\s*" + _unit_word(vocabulary), text.strip(), re.IGNORECASE))
    )


def _unit_word(vocabulary: Vocabulary) -> str:
    words = sorted(vocabulary.lists["unit_words"], key=len, reverse=True)
    return "(?:" + "|".join(r"\s?".join(map(re.escape, word)) for word in words) + ")"


def stated_units(text: str, vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """Units that a line states: `(단위 : 억 원, %)`, `<단위: 백만원>`, `※ 단위: 억원`, `$ million`, in their order."""
    word = _unit_word(vocabulary)
    rest = r"(?P<rest>[^)\]>〉】〕）]{1,40})"
    match = re.search(word + r"\s{0,3}[:：]\s{0,3}" + rest, text, re.IGNORECASE) or re.search(
        r"[(\[<〈【〔（]\s{0,3}" + word + r"[\s.]{1,3}" + rest, text, re.IGNORECASE
    )
    if match is None:
        return ()
    rest = match["rest"]
    found = []
    for part in re.split(r"[,，/·、(;]| and ", rest):
        unit = vocabulary.units.find(part) or vocabulary.units.find(part.split()[-1] if part.split() else "")
        if unit is not None:
            found.append(unit)
    return tuple(found)
