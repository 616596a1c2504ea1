"""Which lines of a table are a stock at the beginning or the end of a period, and which add to it or take from it.

The words of each role come from the vocabulary; stocks that only name their year are in the order of their years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from budgetaudit.label_text import normal, squeeze
from budgetaudit.labels.labelling import Line
from budgetaudit.periods import YEAR, century
from budgetaudit.vocabulary import Vocabulary

Role = Literal["opening", "closing", "additions", "reductions", "net", ""]
STOCKS: tuple[Role, ...] = ("opening", "closing")
FLOWS: tuple[Role, ...] = ("additions", "reductions", "net")
SUFFIX = 2
PHRASE = 3
LAST_LATIN = 0x2019


@dataclass(frozen=True, slots=True)
class Roll:
    """A stock carried on: positions of lines. `parts` are lines beside it without a role of their own."""

    opening: int
    closing: int
    additions: tuple[int, ...]
    reductions: tuple[int, ...]
    net: tuple[int, ...]
    parts: tuple[int, ...] = ()


class Roles:
    """The words of a vocabulary for each role, ready to be asked."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        prose = vocabulary.prose
        self.ends = tuple(prose.get("period_end", ()))
        self.activities, self.cash, self.changing = (
            tuple(squeeze(word).lower() for word in prose.get(name, ())) for name in ("activities", "cash", "cash_change")
        )
        self.nouns = tuple(squeeze(word) for word in prose.get("stocks", ()))
        self.short: list[tuple[Role, str]] = [
            (role, squeeze(word))
            for role in STOCKS
            for word in prose.get(role, ())
            if not _spaced(word) and len(squeeze(word)) < PHRASE
        ]
        self.exact: dict[str, Role] = {}
        self.phrases: list[tuple[Role, re.Pattern[str]]] = []
        self.affixes: dict[Role, tuple[str, ...]] = {}
        for role in (*STOCKS, *FLOWS):
            words = prose.get(role, ())
            for word in words:
                self.exact.setdefault(squeeze(word), role)
            spaced = sorted((word for word in words if _spaced(word) and len(word) > PHRASE), key=len, reverse=True)
            if spaced:
                self.phrases.append((role, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spaced))})(?!\w)")))
            shortest = PHRASE if role in STOCKS else SUFFIX
            self.affixes[role] = tuple(squeeze(word) for word in words if not _spaced(word) and len(squeeze(word)) >= shortest)
        self._known: dict[str, Role] = {}

    def activity(self, line: Line) -> int | None:
        """Which of a company's activities (operating, investing, financing) a line of cash flows is of."""
        return next((at for at, word in enumerate(self.activities) if word in squeeze(line.text).lower()), None)

    def change_of_cash(self, line: Line) -> bool:
        """True if a line states the net change in cash."""
        text = squeeze(line.text).lower()
        cash = any(word in text for word in self.cash) and any(word in text for word in self.changing)
        return cash and self.activity(line) is None and self.of(line)[0] not in STOCKS

    def of(self, line: Line) -> tuple[Role, bool]:
        """The role of a line, and whether its own label says it; a heading over several lines gives its role to each."""
        printed = [label.text for label in line.labels if label.text.strip()]
        for depth, text in enumerate(reversed(printed)):
            role = self._known.get(text)
            if role is None:
                role = self._known[text] = self._role(text)
            if role:
                return role, depth == 0
        return "", False

    def _role(self, text: str) -> Role:
        """The role whose word a label is, or begins or ends with where the word is long enough to tell."""
        key, words = normal(text), " ".join(text.lower().replace("'", "").split())
        if key in self.exact:
            return self.exact[key]
        for role, pattern in self.phrases:
            if pattern.search(words):
                return role
        for role, affixes in self.affixes.items():
            if key.endswith(affixes) or (role in STOCKS and key.startswith(affixes)):
                return role
        if self.nouns and key.endswith(self.nouns):  # 기초 alone begins many a word: 기초생활보장
            return next((role for role, word in self.short if key.startswith(word)), "")
        return ""

    def year_end(self, line: Line) -> int | None:
        """The year at whose end a line states a stock: 2023년도말 현재액, Balance at 31 December 2023."""
        for label in reversed(line.labels):
            text = label.text
            match = YEAR.search(text)
            if match is None:
                continue
            rest = squeeze(text[match.end() :])
            before = " ".join(text[: match.start()].lower().split())
            if any(word in before or squeeze(word) in rest for word in self.ends):
                return int(match["full"] or 0) or century(match["short"])
        return None


def _spaced(word: str) -> bool:
    """True if a word is of a script that parts words with blanks: then it must stand as a word of its own."""
    return not any(ord(letter) > LAST_LATIN for letter in word)


def rolls(lines: Sequence[Line], roles: Roles) -> list[Roll]:
    """The stocks that are carried on along some lines, each from one opening to the closing that follows it."""
    found = [roles.of(line) for line in lines]
    ends = [roles.year_end(line) for line in lines]
    stocks = [i for i, (role, own) in enumerate(found) if (own and role in STOCKS) or ends[i] is not None]
    pairs = _pairs(stocks, [role for role, _ in found], ends)
    made = []
    for opening, closing in pairs:
        low, high = sorted((opening, closing))
        span = range(low + 1, high) if len(pairs) > 1 else range(len(lines))
        flows = [i for i in span if i not in stocks and lines[i].additive]
        by_role = {role: tuple(i for i in flows if found[i][0] == role) for role in FLOWS}
        between = tuple(i for i in flows if not found[i][0] and low < i < high and not lines[i].total)
        if by_role["additions"] or by_role["reductions"] or by_role["net"]:
            made.append(Roll(opening, closing, by_role["additions"], by_role["reductions"], by_role["net"], between))
    return made


def _pairs(stocks: Sequence[int], roles: Sequence[str], ends: Sequence[int | None]) -> list[tuple[int, int]]:
    """Each opening with its closing: by their words, or by two years that follow each other."""
    found = []
    for first, second in pairwise(stocks):
        years = ends[first], ends[second]
        if years[0] is not None and years[1] is not None and years[0] != years[1]:
            if abs(years[0] - years[1]) == 1:
                found.append((first, second) if years[0] < years[1] else (second, first))
        elif roles[first] == "opening" and roles[second] != "opening":
            found.append((first, second))
        elif roles[first] != "opening" and roles[second] == "opening" and len(stocks) == len(STOCKS):
            found.append((second, first))
    return found
