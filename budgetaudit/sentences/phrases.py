"""Phrases that state a relation between numbers, as data: patterns over typed tokens in the vocabulary, and the one matcher.

A phrase is a row of elements: `old:AMOUNT` a number and its role, `up|down` words of the vocabulary's lists, `!up` none of them,
`~12` so many letters without a number or an end of clause (`_12`: nor a comma), `()` any bracket, `[ … ]` what may be missing,
everything else as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from budgetaudit.sentences.alternatives import NOTHING, spoken
from budgetaudit.sentences.tokens import FILL, TYPES, Number, Scan
from budgetaudit.vocabulary import Vocabulary

NUMBERS = "".join(TYPES[family] for family in ("money", "count", "percent", "bare"))
CLASSES = {
    "MONEY": TYPES["money"],
    "COUNT": TYPES["count"],
    "AMOUNT": TYPES["money"] + TYPES["count"],
    "QUANTITY": TYPES["money"] + TYPES["count"] + TYPES["bare"],
    "RATE": TYPES["percent"],
    "NUMBER": NUMBERS,
    "ANY": NUMBERS + TYPES["other"],
    "DATE": TYPES["date"],
}
BRACKET = r"\((?:[^()]|\([^()]*+\))*+\)"
GAP = {"~": rf"(?:[^{NUMBERS}().;:]|{BRACKET})", "_": rf"(?:[^{NUMBERS}().;:,，、]|{BRACKET})"}
ARROW = r"(?:→|⇒|➡|➔|➜|⇨|⟶|=>|->|▶|▷)"
ELEMENT = re.compile(
    r"(?P<role>[a-z]+):(?P<type>[A-Z]+)|(?P<gap>[~_])(?P<most>\d*)|(?P<no>!?)(?P<words>[a-z_]+(?:\|[a-z_]+)*)|(?P<mark>\S+)"
)
OPTIONAL = re.compile(r"\[[^\[\]]*\]")
SIGNS = frozenset(TYPES.values())
WIDE = "30"  # letters of a gap that gives no number


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a text: the numbers and years by their roles, and the stretch it takes."""

    kind: str
    roles: Mapping[str, tuple[Number, ...]]
    years: Mapping[str, int]
    start: int
    end: int


class Phrases:
    """The phrases of a vocabulary that tell relations of some kinds; each is compiled when a text may hold it."""

    def __init__(self, vocabulary: Vocabulary, kinds: Sequence[str]) -> None:
        self.lists = {**vocabulary.lists, **vocabulary.prose}
        self.phrases = [
            (kind, phrase, *_needed(phrase))
            for kind, phrases in vocabulary.phrases.items()
            for phrase in phrases
            if kind.split()[0] in kinds
        ]
        self._compiled: dict[str, re.Pattern[str]] = {}

    def matches(self, scan: Scan) -> Iterator[Match]:
        """Every phrase of a text, in the order of the table; phrases may share numbers."""
        held = "".join(sign for sign in scan.masked if sign in SIGNS)
        spoken_: dict[str, bool] = {}
        for kind, phrase, types, words in self.phrases:
            if len(types) > len(held) or not all(any(sign in held for sign in signs) for signs in types):
                continue
            for element in words:
                if element not in spoken_:
                    spoken_[element] = bool(self._pattern(element).search(scan.masked))
            if all(spoken_[element] for element in words):
                pattern = self._pattern(phrase)
                found = pattern.search(scan.masked)
                while found is not None:
                    yield Match(kind, *_roles(found, scan), found.start(), found.end())
                    found = pattern.search(scan.masked, found.start() + 1)

    def _pattern(self, phrase: str) -> re.Pattern[str]:
        if phrase not in self._compiled:
            self._compiled[phrase] = compiled(phrase, self.lists)
        return self._compiled[phrase]


def _needed(phrase: str) -> tuple[list[str], list[str]]:
    """The types of numbers, and the words, without which a text does not hold a phrase."""
    elements = [match for element in _required(phrase).split() if (match := ELEMENT.fullmatch(element))]
    types = [CLASSES[match["type"]] for match in elements if match["type"]]
    return types, [match["words"] for match in elements if match["words"] and not match["no"]]


def _required(phrase: str) -> str:
    """A phrase without what may be missing."""
    shorter = OPTIONAL.sub("", phrase)
    return shorter if shorter == phrase else _required(shorter)


def _roles(found: re.Match[str], scan: Scan) -> tuple[dict[str, tuple[Number, ...]], dict[str, int]]:
    numbers: dict[str, tuple[Number, ...]] = {}
    years: dict[str, int] = {}
    for name in sorted((name for name, text in found.groupdict().items() if text), key=found.start):
        role, at = name.rstrip("0123456789"), found.start(name)
        if at in scan.at:
            numbers[role] = (*numbers.get(role, ()), scan.at[at])
        else:
            years[role] = next((date.year or 0 for date in scan.dates if date.start == at), 0)
    return numbers, years


def compiled(phrase: str, words: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """A phrase as a regular expression over the masked text; one that nothing fits if the vocabulary lacks a word for it."""
    body: list[str] = []
    count, missing = 0, [False]
    for element in phrase.split():
        if element == "[":
            body.append("(?:")
            missing.append(False)
        elif element == "]":
            body.append(NOTHING + ")?" if missing.pop() else ")?")
        else:
            count += 1
            expression = _element(element, words, count)
            missing[-1] = missing[-1] or expression == NOTHING
            body.append(rf"{expression}\s{{0,2}}+")
    return re.compile(NOTHING if missing[0] else "".join(body))


def _element(element: str, words: Mapping[str, Iterable[str]], count: int) -> str:
    match = ELEMENT.fullmatch(element)
    assert match is not None
    if match["role"]:
        return rf"(?P<{match['role']}{count}>[{CLASSES[match['type']]}]{FILL}*+)"
    if match["gap"]:
        return GAP[match["gap"]] + f"{{0,{match['most'] or WIDE}}}?"
    if match["words"]:
        listed = spoken(word for name in match["words"].split("|") for word in map(str.lower, words.get(name, ())))
        return listed if listed == NOTHING and not match["no"] else f"(?{match['no'] or ':'}{listed})"
    return {"->": ARROW, "()": f"(?:{BRACKET})?", ",": "[,，、]"}.get(
        element
    ) or f"(?:{'|'.join(map(re.escape, element.split('|')))})"
