"""Which rows a rule speaks of: `구분 = '세출' and 회계연도 >= 2024`, read into a small tree and asked of a row's cells.

Texts are compared without regard to case and surrounding blanks; with a number as a number, so that a cell that holds none
fits no comparison but `!=`. `in (…)`, `is blank`, `not`, `and`, `or` and brackets are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from budgetaudit.label_text import single_spaced

MAX_LENGTH, MAX_NESTING = 1_000, 30
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<name>\[[^\]]*\])|(?P<sign><=|>=|!=|<>|≤|≥|≠|[=<>(),])|(?P<word>[^\s<>=!≤≥≠(),'\"\[\]]+))"
)
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?\Z")
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "<>": "!="}
_WORDS = ("and", "or", "not", "in", "is")
Cells: TypeAlias = Mapping[str, str]

_ORDER: Mapping[str, Callable[[Decimal | str, Decimal | str], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


class FilterError(ValueError):
    """A filter that cannot be read; `at` is the part that is not understood."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the cells of one row; `names` are the columns it asks for."""

    text: str
    names: tuple[str, ...]
    _holds: Callable[[Cells], bool]

    def holds(self, cells: Cells) -> bool:
        """True if a row, given by its cells under the filter's names, is meant."""
        return self._holds(cells)

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Filter) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def parse_filter(text: str) -> Filter:
    """The filter of a text; raises FilterError."""
    if len(text) > MAX_LENGTH:
        raise FilterError(text[:20])
    parser = _Parser(list(_tokens(text)))
    holds = parser.either(0)
    if parser.rest:
        raise FilterError(parser.rest[0][1])
    return Filter(single_spaced(text), tuple(dict.fromkeys(parser.names)), holds)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise FilterError(text[at:].strip()[:20])
        kind = str(match.lastgroup)
        yield kind, match[kind]
        at = match.end()


class _Parser:
    def __init__(self, rest: list[tuple[str, str]]) -> None:
        self.rest = rest
        self.names: list[str] = []

    def word(self, *words: str) -> bool:
        """Take the next token if it is one of these words or signs."""
        if self.rest and self.rest[0][0] in ("word", "sign") and self.rest[0][1].lower() in words:
            self.rest.pop(0)
            return True
        return False

    def either(self, depth: int) -> Callable[[Cells], bool]:
        if depth > MAX_NESTING:
            raise FilterError("(")
        parts = [self.both(depth)]
        while self.word("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else lambda cells: any(part(cells) for part in parts)

    def both(self, depth: int) -> Callable[[Cells], bool]:
        parts = [self.one(depth)]
        while self.word("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else lambda cells: all(part(cells) for part in parts)

    def one(self, depth: int) -> Callable[[Cells], bool]:
        if self.word("not"):
            inner = self.one(depth + 1)
            return lambda cells: not inner(cells)
        if self.word("("):
            inner = self.either(depth + 1)
            if not self.word(")"):
                raise FilterError(self.rest[0][1] if self.rest else "(")
            return inner
        name = self.name()
        if self.word("is"):
            negated = self.word("not")
            if not self.word("blank"):
                raise FilterError(self.rest[0][1] if self.rest else "is")
            return lambda cells: bool(cells[name].strip()) == negated
        negated = self.word("not")
        if self.word("in"):
            values = self.listed()
            return lambda cells: any(_compare("=", cells[name], value) for value in values) != negated
        if negated or not self.rest or self.rest[0][0] != "sign":
            raise FilterError(self.rest[0][1] if self.rest else name)
        sign = self.rest.pop(0)[1]
        sign = _SIGNS.get(sign, sign)
        if sign not in _ORDER:
            raise FilterError(sign)
        value = self.value()
        return lambda cells: _compare(sign, cells[name], value)

    def name(self) -> str:
        words = []
        if self.rest and self.rest[0][0] == "name":
            words.append(self.rest.pop(0)[1][1:-1])
        else:
            while self.rest and self.rest[0][0] == "word" and self.rest[0][1].lower() not in _WORDS:
                words.append(self.rest.pop(0)[1])
        if not words:
            raise FilterError(self.rest[0][1] if self.rest else "")
        name = single_spaced(" ".join(words))
        self.names.append(name)
        return name

    def value(self) -> Decimal | str:
        if not self.rest or self.rest[0][0] not in ("text", "word"):
            raise FilterError(self.rest[0][1] if self.rest else "")
        kind, text = self.rest.pop(0)
        if kind == "text":
            return single_spaced(text[1:-1]).casefold()
        if not _NUMBER.match(text):
            raise FilterError(text)
        return Decimal(text.replace(",", ""))

    def listed(self) -> list[Decimal | str]:
        if not self.word("("):
            raise FilterError("in")
        values = [self.value()]
        while self.word(","):
            values.append(self.value())
        if not self.word(")"):
            raise FilterError("(")
        return values


def _compare(sign: str, cell: str, value: Decimal | str) -> bool:
    if isinstance(value, str):
        return _ORDER[sign](single_spaced(cell).casefold(), value)
    text = cell.strip().replace(",", "")
    if not _NUMBER.match(text):
        return sign == "!="
    return _ORDER[sign](Decimal(text), value)
