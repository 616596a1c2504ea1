"""What is compared of a label: its letters, without blanks, bullets, remarks in brackets, formulas and list marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

BRACKETS = re.compile(r"\s*[(（\[〔<＜【][^()（）\[\]〔〕<>＜＞【】]*[)）\]〕>＞】]\s*")
EDGES = " \t\n*※·ㆍ:：.,;□■◇◆○●◎▶▷►☞❍ㅇ∎⋅•-–—~'\"“”‘’"
EQUALS = re.compile(r"\s*=\s*(?=[^\W\d_])")  # = Ordentliche Erträge
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LETTER = r"\s?\({0,2}[A-Za-z]\){0,2}"
WITH_FORMULA = re.compile(rf"(?:(?<=[\s)])|(?<=[^\x00-\x7f])){LETTER}(?:\s?[-+*/×÷]{LETTER}){{1,8}}\s?$")
CIRCLED = re.compile("[㉠-㉻①-⑳⒜-ⓩⒶ-Ⓩ]")
TELLING = 4  # letters of a word that says what a longer label means: max and min begin names too
MARKS = (
    (re.compile(r"[Ⅰ-Ⅻ]+|[IVX]+\s?\."), "roman"),
    (re.compile(r"\d{1,2}\s?\."), "digit."),
    (re.compile(r"\d{1,2}\s?\)"), "digit)"),
    (re.compile(r"\(\s?\d{1,2}\s?\)"), "(digit)"),
    (re.compile(r"[가나다라마바사아자차카타파하a-zA-Z]\s?\."), "letter."),
    (re.compile(r"[가나다라마바사아자차카타파하a-z]\s?\)"), "letter)"),
    (re.compile(r"[①-⑳]"), "circled"),
    (re.compile(r"[□■◇◆○●◎ㅇ▶▷⋅·ㆍ∎*∙•-]\s?"), "bullet"),
)
NESTED = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s")
CODE = re.compile(r"(\d{2,10})\s")
BEHIND = ".)-: \t"  # what may stand between a mark and its label


def mark_style(text: str) -> str:
    """The style of a line's leading mark (`Ⅰ.`, `1.`, `가.`, `101 `), '' if it has none."""
    text = text.strip()
    if nested := NESTED.match(text):
        return "digit." + "digit." * nested.group().count(".", 0, -2)
    for pattern, style in MARKS:
        if pattern.match(text):
            return style if style != "bullet" else f"bullet{text[0]}"
    code = CODE.match(text)
    return f"code{len(code[1])}" if code else ""


def unmarked(text: str) -> str:
    """A label without the mark it is listed by: `가. 국비` is 국비."""
    text = text.strip()
    patterns = (NESTED, *(pattern for pattern, _ in MARKS))
    match = next((found for pattern in patterns if (found := pattern.match(text))), None)
    return text[match.end() :].lstrip(BEHIND) if match else text


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


def single_spaced(text: str) -> str:
    """The text with every run of white space as one space, composed: `요  구` and `요 구` are one label."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def normal(text: str) -> str:
    """A label's key: no blanks, no bracketed remarks, bullets or formulas: `소계 (7지구)` is 소계, `㉰=㉮-㉯` is gone."""
    previous = None
    text = EQUALS.sub("", in_words(text))
    text = CIRCLED.sub("", text.partition("=")[0] or text)
    text = WITH_FORMULA.sub("", text) or text
    while previous != text:
        previous, text = text, BRACKETS.sub(" ", text)
    return squeeze(text.strip(EDGES))


def only_alike(name: str, names: Sequence[str]) -> int | None:
    """The place of a name among others: as printed, or the only one that is the same but for blanks and brackets."""
    for form in (str, single_spaced, squeeze, normal):
        found = [at for at, other in enumerate(names) if form(other) == form(name)]
        if len(found) == 1:
            return found[0]
    return None
