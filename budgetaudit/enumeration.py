"""The number, letter or bullet that a line of a list is printed behind: `Ⅰ.`, `1)`, `가.`, `○`."""

from __future__ import annotations

import re

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
