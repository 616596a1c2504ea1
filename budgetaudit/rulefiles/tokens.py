"""The words of the formula language: from text to tokens, each with its position."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from budgetaudit.label_text import single_spaced
from budgetaudit.model import Message


class ExpressionError(ValueError):
    """A formula cannot be read; `position` counts characters from 1."""

    def __init__(self, position: int, code: str, **args: object) -> None:
        super().__init__(code, args)
        self.position = position
        self.message = Message(code, args)


class Token(NamedTuple):
    """A piece of a formula; `start` counts characters from 0."""

    kind: Literal["number", "name", "quoted", "operator", "end"]
    text: str
    start: int


_SIGNS = {sign: sign for sign in "+-*/()=<>,%"} | dict(
    zip("＋－−–×＊∗÷／∕（）＝＜＞，％", "+---***///()=<>,%", strict=True),
    **{"≤": "<=", "≦": "<=", "≥": ">=", "≧": ">=", "≠": "!="},
)
_PAIRS = {"==": "=", "<=": "<=", ">=": ">=", "!=": "!=", "<>": "!=", "=<": "<=", "=>": ">="}
_QUOTES = {"'": "'", '"': '"', "[": "]", "‘": "’", "“": "”"}
_DOTS = "·ㆍ‧∙・"


def _wordly(char: str) -> bool:
    # Circled letters (㉮, ㉠) name columns in Korean headers though Unicode calls them symbols.
    return char.isalnum() or char == "_" or char in _DOTS or "\u3200" <= char <= "\u32ff" or unicodedata.category(char)[0] == "M"


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a formula, the last of kind `end`; raises ExpressionError."""
    at, end = 0, len(text)
    while at < end:
        char, start = text[at], at
        if char.isspace():
            at += 1
        elif char in _QUOTES:
            token, at = _quoted(text, at)
            yield token
        elif char in "0123456789":
            token, at = _digits(text, at)
            yield token
        elif _wordly(char) and char not in _DOTS:
            while at < end and _wordly(text[at]):
                at += 1
            yield Token("name", text[start:at], start)
        elif text[at : at + 2] in _PAIRS:
            at += 2
            yield Token("operator", _PAIRS[text[start:at]], start)
        elif char in _SIGNS:
            at += 1
            yield Token("operator", _SIGNS[char], start)
        else:
            raise ExpressionError(at + 1, "formula-character", character=char)
    yield Token("end", "", end)


def _quoted(text: str, start: int) -> tuple[Token, int]:
    close, at, pieces = _QUOTES[text[start]], start + 1, []
    while True:
        stop = text.find(close, at)
        if stop < 0:
            raise ExpressionError(start + 1, "formula-quote", quote=close)
        pieces.append(text[at:stop])
        at = stop + 1
        if text[at : at + 1] != close:  # a doubled closing quote stands for itself
            break
        pieces.append(close)
        at += 1
    name = single_spaced("".join(pieces))
    if not name:
        raise ExpressionError(start + 1, "formula-empty-name")
    return Token("quoted", name, start), at


def _digits(text: str, start: int) -> tuple[Token, int]:
    at = start
    while at < len(text) and (text[at] in "0123456789" or (text[at] in ",." and text[at + 1 : at + 2].isdigit())):
        at += 1
    written = text[start:at]
    if at < len(text) and _wordly(text[at]):  # 2025년, 1분기
        if not written.isdigit():
            raise ExpressionError(start + 1, "formula-number", text=written + text[at])
        while at < len(text) and _wordly(text[at]):
            at += 1
        return Token("name", text[start:at], start), at
    return Token("number", written, start), at
