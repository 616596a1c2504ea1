"""Letters that labels give to lines, `예산액(A)`, `총편익(B, 백만원)`, and the quotients of two of them, `B/C`."""

from __future__ import annotations

import re

SYLLABLE = "(?<![가-힣])[가나다라마바사아자차카타파하](?![가-힣])"  # lists count with these, and with ㄱ and ア
KANA = "(?<![ァ-ヺー])[アイウエオカキクケコ](?![ァ-ヺー])"
LETTER = rf"(?:(?<![A-Za-z])[A-Za-z](?![A-Za-z])|[㉠-㉻ⓐ-ⓩⒶ-Ⓩ①-⑳ㄱ-ㅎ]|{SYLLABLE}|{KANA})"
ALONE = re.compile(rf"[(（\[]\s?(?:[^()（）\[\]]{{0,30}}[\s,;])?\s?(?P<letter>{LETTER})\s?(?:[,;][^()（）\[\]]{{0,30}})?[)）\]]")
TAIL = re.compile(r"(?P<letter>[㉠-㉻ⓐ-ⓩⒶ-Ⓩ①-⑳])\s?$")
DEFINED = re.compile(rf"(?P<letter>{LETTER})\s?=")
QUOTIENT = re.compile(rf"(?P<first>{LETTER})\)?\s?[/÷]\s?\(?(?P<second>{LETTER})")


def own_letter(text: str) -> str:
    """The letter that a label gives to its line, '' if none; formulas are no longer in the text."""
    defined = DEFINED.search(text)
    if defined:
        return defined["letter"]
    for pattern in (ALONE, TAIL):
        match = pattern.search(text)
        if match:
            return match["letter"]
    return ""


def quotient(text: str) -> frozenset[str]:
    """The two letters of a label that divides one by the other; H/W and A/S look alike, until the letters are found."""
    match = QUOTIENT.search(text)
    return frozenset((match["first"], match["second"])) if match else frozenset()
