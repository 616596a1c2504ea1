"""Read the years and ranges of dates that labels and sentences print (`'22`, `2022년`, `'18~'20`, FY15-16).

Words (year suffixes, "until") come from the vocabulary. Only the year matters for coordinates; a
range keeps months where they are printed.
"""

from __future__ import annotations

import re

QUOTES = "'‘’´`′＇ʼ"
YEAR = re.compile(rf"(?<!\d)(?:(?P<full>(?:19|20)\d\d)|[{QUOTES}](?P<short>\d\d))(?!\d)(?![,.]\d)")
TRAILING = re.compile(rf"(?<=\s)(?:(?P<full>(?:19|20)\d\d)|[{QUOTES}](?P<short>\d\d))$")
EDGES = " ()[]（）.,:"
TILDE = "~∼～〜–-−"
FISCAL = re.compile(r"(?:fy|cy)\s?(?P<year>\d{4}|\d{2})(?:\s?[-/]\s?(?P<second>\d{4}|\d{2}))?(?!\d)", re.IGNORECASE)
SPLIT_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[-/]\s?(?P<second>\d\d)(?![\d.])")


def leading_year(label: str, suffixes: tuple[str, ...] = (), prefixes: tuple[str, ...] = ()) -> tuple[int, str] | None:
    """(year, rest of the label) if a label begins with one year and no range, else None."""
    text = label.strip().lstrip("([<（「『").strip()
    fiscal = FISCAL.match(text)
    if fiscal:
        return century(fiscal["year"]), text[fiscal.end() :].strip()
    split = SPLIT_YEAR.match(text)
    if split and (int(split["year"]) + 1) % 100 == int(split["second"]):
        return int(split["year"]), text[split.end() :].strip()
    for prefix in prefixes:
        if text.lower().startswith(prefix):
            text = text[len(prefix) :].strip()
            break
    match = YEAR.match(text)
    if match is None:
        bare = re.match(r"(\d\d)\s?", text)
        if bare is None or not text[bare.end() :].startswith(suffixes):
            return None
        year, rest = century(bare[1]), text[bare.end() :]
    else:
        year, rest = int(match["full"] or 0) or century(match["short"]), text[match.end() :]
    rest = rest.lstrip()
    for suffix in sorted(suffixes, key=len, reverse=True):
        if rest.startswith(suffix):
            rest = rest[len(suffix) :].lstrip()
            break
    if rest[:1] and rest[0] in TILDE and YEAR.search(rest):
        return None
    if rest[:1] and rest[0] in "~∼～〜":
        return None
    rest = rest.lstrip(EDGES)
    return year, rest.rstrip(" .,:" if any(bracket in rest for bracket in "([（") else EDGES)


def trailing_year(label: str) -> tuple[int, str] | None:
    """(year, what stands before it) if a label ends with one year and no range, else None: `Budget 2012`."""
    text = label.strip(EDGES)
    match = TRAILING.search(text)
    if match is None or YEAR.search(text[: match.start()]):
        return None
    return int(match["full"] or 0) or century(match["short"]), text[: match.start()].strip()


def century(text: str) -> int:
    """The year that two digits (or four) mean."""
    number = int(text)
    if number >= 100:
        return number
    return 2000 + number if number < 70 else 1900 + number


def years_in(text: str) -> tuple[int, ...]:
    """Every year a text prints, in order."""
    return tuple(int(m["full"] or 0) or century(m["short"]) for m in YEAR.finditer(text))
