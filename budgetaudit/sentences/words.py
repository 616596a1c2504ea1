"""What a vocabulary says about the words of totals and their parts, compiled once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from budgetaudit.label_text import normal, squeeze
from budgetaudit.sentences.alternatives import any_of
from budgetaudit.sentences.tokens import Number
from budgetaudit.vocabulary import Vocabulary

SEPARATORS = r"[,，、;+＋/\n]"
LABEL = 40
RESTS = tuple(("measure", name) for name in ("balance", "surplus", "net_surplus", "uncollected"))
VERB = 16  # letters behind an amount in which a verb of change stands


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
        self.made_of = any_of(prose.get("made_of", ()))
        part_of = {word.lower() for word in vocabulary.lists["of_which"]}
        compared = [word for name in ("compared", "previous", "year_before", "not_parts") for word in prose.get(name, ())]
        self.compared = any_of(word for word in compared if word.lower() not in part_of)
        self.part_of = any_of(part_of)
        self.endings = tuple(sorted(prose.get("particles", ()), key=len, reverse=True))
        self.directions = any_of((*prose.get("up", ()), *prose.get("down", ())))
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

    def is_rest(self, label: str) -> bool:
        """True if a label of running prose ends in a word for what is left, or for a surplus."""
        return self.vocabulary.members.get(normal(self.bare(label))) in RESTS

    def bare(self, label: str) -> str:
        """The last word of a label without its particle: `이 중 국비가` is 국비."""
        word = label.split()[-1] if label else ""
        return next((word[: -len(end)] for end in self.endings if word.endswith(end) and len(word) > len(end) + 1), word)

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

    def compares(self, gap: str) -> bool:
        """True if the words between two amounts compare them, or say that one of them rose or fell."""
        return bool(self.compared.search(gap) or self.directions.search(gap[:VERB]))

    def is_only_total(self, text: str) -> bool:
        """True if a label is nothing but a word for total."""
        return normal(text.strip(" :：")) in self.sums
