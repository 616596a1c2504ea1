"""What is compared of a label: its letters, without blanks, bullets, remarks in brackets and formulas."""

from __future__ import annotations

import re

BRACKETS = re.compile(r"\s*[(（\[〔<＜【][^()（）\[\]〔〕<>＜＞【】]*[)）\]〕>＞】]\s*")
EDGES = " \t\n*※·ㆍ:：.,;□■◇◆○●◎▶▷►☞❍ㅇ∎⋅•-–—~'\"“”‘’"
EQUALS = re.compile(r"\s*=\s*(?=[^\W\d_])")  # = Ordentliche Erträge
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LETTER = r"\s?\({0,2}[A-Za-z]\){0,2}"
WITH_FORMULA = re.compile(rf"(?:(?<=[\s)])|(?<=[^\x00-\x7f])){LETTER}(?:\s?[-+*/×÷]{LETTER}){{1,8}}\s?$")
CIRCLED = re.compile("[㉠-㉻①-⑳⒜-ⓩⒶ-Ⓩ]")
TELLING = 4  # letters of a word that says what a longer label means: max and min begin names too


def in_words(text: str) -> str:
    """A name of a column as words: Total_Project_Budget, TotalProjectBudget."""
    if "_" in text:
        text = text.replace("_", " ").strip()
    if text.isascii() and text.isalpha() and len(text) > TELLING:
        return CAMEL.sub(" ", text)
    return text


def squeeze(text: str) -> str:
    """A label without blanks, lower case: `합  계` and `합계` are one."""
    return "".join(text.split()).lower()


def normal(text: str) -> str:
    """A label's key: no blanks, no bracketed remarks, bullets or formulas: `소계 (7지구)` is 소계, `㉰=㉮-㉯` is gone."""
    previous = None
    text = EQUALS.sub("", in_words(text))
    text = CIRCLED.sub("", text.partition("=")[0] or text)
    text = WITH_FORMULA.sub("", text) or text
    while previous != text:
        previous, text = text, BRACKETS.sub(" ", text)
    return squeeze(text.strip(EDGES))
