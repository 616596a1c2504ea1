"""Read the years and ranges of dates that labels and sentences print (`'22`, `2022년`, `'18~'20`, FY15-16).

Words (year suffixes, "until") come from the vocabulary. Only the year matters for coordinates; a
range keeps months where they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

QUOTES = "'‘’´`′＇ʼ"
YEAR = re.compile(rf"(?<!\d)(?:(?P<full>(?:19|20)\d\d)|[{QUOTES}](?P<short>\d\d))(?!\d)(?![,.]\d)")
TRAILING = re.compile(rf"(?<=\s)(?:(?P<full>(?:19|20)\d\d)|[{QUOTES}](?P<short>\d\d))$")
EDGES = " ()[]（）.,:"
TILDE = "~∼～〜–-−"
RANGE = re.compile(r"(?<=[\s,(])(?:19|20)\d\d\s?[-–—~/]\s?(?:(?:19|20)?\d\d)$")
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


def without_era(label: str, eras: Mapping[str, int], suffixes: tuple[str, ...]) -> str:
    """A label with the year of an era counted as others are: 令和6年度 is 2024年度; `eras` holds the year before the first."""
    text = label.strip(" ([<（「『")
    for era in sorted(eras, key=len, reverse=True):
        if not text.startswith(era):
            continue
        rest = text[len(era) :].lstrip()
        digits = re.match(r"\d{1,2}(?!\d)", rest)
        behind = rest[digits.end() :].lstrip() if digits else rest
        if behind.startswith(suffixes):
            return f"{eras[era] + (int(digits.group()) if digits else 0)}{behind}"
    return label


def trailing_year(label: str) -> tuple[int, str] | None:
    """(year, what stands before it) if a label ends with one year and no range, else None: `Budget 2012`."""
    text = label.strip(EDGES)
    match = TRAILING.search(text)
    if match is None or YEAR.search(text[: match.start()]):
        return None
    return int(match["full"] or 0) or century(match["short"]), text[: match.start()].strip()


def before_range(label: str) -> str:
    """What stands before the years that a label ends with, '' if it ends with none: `Percent change, 1990–2008`."""
    text = label.strip(EDGES)
    match = RANGE.search(text)
    return text[: match.start()].strip(f"{EDGES},") if match is not None else ""


def century(text: str) -> int:
    """The year that two digits (or four) mean."""
    number = int(text)
    if number >= 100:
        return number
    return 2000 + number if number < 70 else 1900 + number


def years_in(text: str) -> tuple[int, ...]:
    """Every year a text prints, in order."""
    return tuple(int(m["full"] or 0) or century(m["short"]) for m in YEAR.finditer(text))


def part_of_year(label: str, words: Mapping[str, tuple[str, ...]], *, anywhere: bool = False) -> tuple[int | None, str] | None:
    """(year, quarter, half or month) where a label says nothing but that: `'25.1Q`, 2025년 1분기, Q1 2025, 상반기; else None.

    `anywhere`: it may stand among other words.

    >>> words = {"quarter": ("분기",), "year_suffixes": ("년",)}
    >>> [part_of_year(text, words) for text in ("'25.1Q", "2025년 1/4분기", "1Q25", "Q3", "2025년 예산")]
    [(2025, 'q1'), (2025, 'q1'), (2025, 'q1'), (None, 'q3'), None]
    """
    text = " ".join(label.lower().split()).strip(EDGES + TILDE)
    for pattern in _parts(tuple((name, tuple(words.get(name, ()))) for name in PART_WORDS), anywhere):
        match = pattern.search(text) if anywhere else pattern.fullmatch(text)
        if match is None:
            continue
        parts = {name: value for name, value in match.groupdict().items() if value}
        year = next((century(parts[name]) for name in ("full", "short", "full2", "short2") if name in parts), None)
        if "month" in parts:
            return (year, f"m{int(parts['month'])}") if 1 <= int(parts["month"]) <= MONTHS else None
        quarter = next((parts[name] for name in ("quarter", "quarter2", "quarter3", "quarter4") if name in parts), "")
        return year, f"q{quarter}" if quarter else "h1" if "first" in parts else "h2"
    return None


PART_WORDS = ("year_suffixes", "quarter", "first_half", "second_half", "month")
MONTHS = 12


@lru_cache(maxsize=8)
def _parts(words: tuple[tuple[str, tuple[str, ...]], ...], anywhere: bool) -> tuple[re.Pattern[str], ...]:
    """The ways to write a part of a year: with its year before it or behind it, or without."""
    any_of = {
        name: "|".join(sorted((re.escape(word.lower()) for word in listed if len(word) > 1 or name == "month"), reverse=True))
        or "(?!)"
        for name, listed in words
    }
    suffix = "|".join(sorted((re.escape(word) for word in dict(words)["year_suffixes"]), reverse=True)) or "(?!)"
    quarter = any_of["quarter"]
    quarters = (
        rf"(?:(?P<quarter>[1-4])\s?(?:/\s?4\s?)?(?:q|{quarter})|(?:q|{quarter})\s?(?P<quarter2>[1-4])"
        rf"|(?P<quarter3>[1-4])(?:st|nd|rd|th|\.|er|e)\s?(?:{quarter}))"
    )
    bodies = (
        quarters,
        rf"(?:(?P<first>{any_of['first_half']}|1h|h1)|(?P<second>{any_of['second_half']}|2h|h2))",
        rf"(?:(?P<month>\d{{1,2}})\s?(?:{any_of['month']}))",
    )
    year = rf"(?:(?:fy\s?)?(?P<full>(?:19|20)\d\d)|[{QUOTES}]?(?P<short>\d\d))"
    behind = year.replace("full", "full2").replace("short", "short2")
    forms = [
        form
        for body in bodies
        for form in (rf"(?:{year}\s?(?:{suffix})?[\s.\-/]{{0,2}})?{body}", rf"{body}[\s.,\-/]{{0,2}}{behind}")
    ]
    forms.append(rf"{year}\s?(?:{suffix})?[\s.\-]{{0,2}}(?P<quarter4>[1-4])\s?/\s?4")  # '24년 2/4: alone it would be a date
    return tuple(re.compile(rf"(?<![\w.]){form}(?!\w)" if anywhere else form) for form in forms)
