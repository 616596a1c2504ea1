"""What a vocabulary says about the words of totals and their parts, compiled once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from budgetaudit.sentences.alternatives import any_of
from budgetaudit.sentences.tokens import Number
from budgetaudit.vocabulary import Vocabulary, normal, squeeze

SEPARATORS = r"[,，、;+＋/\n]"
LABEL = 40


class Words:
    """What a vocabulary says about the words of breakdowns, compiled once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        prose = vocabulary.prose
        self.vocabulary = vocabulary
        self.marks = frozenset(prose.get("source_marks", ()))
        self.separator = re.compile("|".join([SEPARATORS, *(rf"\s{re.escape(word)}\s" for word in prose.get("and", ()))]))
        self.bundles = frozenset(word.lower() for word in prose.get("bundle_units", ()))
        self.open = any_of(prose.get("open_after", ()))
        self.not_parts = any_of(prose.get("not_parts", ()))
        self.totals = tuple(
            sorted(
                (*vocabulary.lists["totals"], *vocabulary.lists["total_prefixes"], *prose.get("total_words", ())),
                key=len,
                reverse=True,
            )
        )
        self.phrases = frozenset(squeeze(word) for word in self.totals if " " in word.strip())
        self.sums = frozenset(normal(word) for word in vocabulary.lists["totals"])
        self.series = re.compile(
            rf"(?P<at>\d{{1,2}})\s?(?:{'|'.join(map(re.escape, prose.get('series_words', ()))) or '(?!)'})\Z"
        )

    def is_source(self, label: str) -> bool:
        key = normal(label)
        found = self.vocabulary.members.get(key)
        return (found is not None and found[0] == "source") or key in self.marks

    def holds(self, head: Number, parts: Sequence[Number]) -> bool:
        """True if a count is of sets that hold the parts (장비 2식, 1개반), not of the parts: of one there are no two."""
        if head.family == "money":
            return False
        whole = [part for part in parts if part.family != "money" and part.value >= 1]
        return (head.unit is not None and head.unit.symbol.lower() in self.bundles) or (head.value == 1 and len(whole) > 1)

    def ordinal(self, label: str) -> int:
        """The number of a label of a series (`3등급` is 3), else 0."""
        match = self.series.match(label)
        return int(match["at"]) if match else 0

    def is_total(self, text: str) -> bool:
        """True if a total's own words say that it is one (`총 312개소`)."""
        words = text.rstrip().split()
        last = squeeze(words[-1]).strip("([{<") if words else ""
        if squeeze("".join(words[-2:])) in self.phrases:
            return True
        # one letter is a word of its own: 회계 is no 계
        return any(last == word if len(word) == 1 else last.endswith(word) for word in map(str.strip, self.totals) if word)

    def is_only_total(self, text: str) -> bool:
        """True if a label is nothing but a word for total."""
        return normal(text.strip(" :：")) in self.sums
