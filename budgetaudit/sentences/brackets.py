"""Pair the brackets of a text, of any kind and nesting, in linear time; marks without a partner are ignored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OPENING, CLOSING = "([{<（［｛〈《〔", ")]}>）］｝〉》〕"
PARTNER = dict(zip(CLOSING, OPENING, strict=True))
MARKS = re.compile("[" + re.escape(OPENING + CLOSING) + "]")
LOOK_BACK = 3


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pair of brackets: the positions of both marks; `depth` counts the pairs around it."""

    start: int
    end: int
    depth: int


def brackets(text: str) -> tuple[Bracket, ...]:
    """Every pair, in order of its opening mark."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in MARKS.finditer(text):
        mark = match.group()
        if mark in OPENING:
            stack.append(match.start())
            continue
        for back in range(len(stack) - 1, max(len(stack) - 1 - LOOK_BACK, -1), -1):
            if text[stack[back]] == PARTNER[mark]:
                pairs.append((stack[back], match.start()))
                del stack[back:]
                break
    pairs.sort()
    around: list[int] = []
    found = []
    for start, end in pairs:
        while around and around[-1] < start:
            around.pop()
        found.append(Bracket(start, end, len(around)))
        around.append(end)
    return tuple(found)


def depths(pairs: Sequence[Bracket], positions: Sequence[int]) -> list[int]:
    """How many pairs stand around each of some ascending positions."""
    around: list[int] = []
    found, at = [], 0
    for position in positions:
        while at < len(pairs) and pairs[at].start < position:
            while around and around[-1] < pairs[at].start:
                around.pop()
            around.append(pairs[at].end)
            at += 1
        while around and around[-1] < position:
            around.pop()
        found.append(len(around))
    return found
