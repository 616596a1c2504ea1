"""Read dates and periods of a text with their spans: `2021. 4. ~ 2021. 12.`, `'18~'20`, `2024. 上`, `11~1월`, `2025. 3. 14.(금)`.

What is not printed (the year of an end) is inherited, and the date says so. Words of a language come from the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from budgetaudit.periods import QUOTES, century
from budgetaudit.sentences.alternatives import alternatives
from budgetaudit.vocabulary import Vocabulary

TILDE = "~∼～〜"
MONTH, DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
HALVES = (("first_half", (1, 6)), ("second_half", (7, 12)))


_START = re.compile(rf"(?<![\d,.A-Za-z\-])(?:[{QUOTES}](?=\d\d(?!\d))|\d)")
SHORTEST = 3  # letters of a month


@dataclass(frozen=True, slots=True)
class Date:
    """A printed date: months `months` (first, last) of a year, or one day. `own_year`: the year is printed here."""

    start: int
    end: int
    year: int | None
    months: tuple[int, int] | None = None
    day: int | None = None
    own_year: bool = True

    @property
    def first(self) -> tuple[int, int, int]:
        """The earliest day meant, for comparing."""
        return (self.year or 0, self.months[0] if self.months else 1, self.day or 1)

    @property
    def last(self) -> tuple[int, int, int]:
        """The latest day meant, for comparing."""
        return (self.year or 0, self.months[1] if self.months else 12, self.day or 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Two dates with a range mark between them; an open end is None."""

    start: int
    end: int
    since: Date | None
    until: Date | None
    wrapped: bool = False  # an end without a year that only makes sense in the next year

    @property
    def closed(self) -> bool:
        """True if both ends are printed and dated."""
        return self.since is not None and self.until is not None and self.since.year is not None and self.until.year is not None


class Calendar:
    """The date words of a vocabulary, compiled once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.periods
        year, month, day, quarter = (_any(words.get(name, ())) for name in ("year_suffixes", "month", "day", "quarter"))
        self.halves = {word: months for name, months in HALVES for word in words.get(name, ())}
        half = rf"(?P<half>{_any(self.halves)})(?![^\W\d_])"
        quarters = rf"(?P<quarter>[1-4])(?:/4)?\s?{quarter}"
        money = _any(word for word in vocabulary.units.multipliers if len(word) == 1)
        since, until = _any(words.get("from", ())), _any(words.get("until", ()))
        number_end = rf"(?:(?={since}|{until})|(?![\d,%:]|\.\d|[^\W\d_]))"
        dotted_day = rf"\s{{0,2}}(?P<day>{DAY})(?:\s?{day}|\s?\.(?!\d)|(?=[(（])|{number_end})"
        dotted = (
            rf"(?:\s?\.|[\-/])\s{{0,2}}(?:{half}|{quarters}|(?P<month>{MONTH})(?:\s?{month}(?:\s?(?P<day_>{DAY})\s?{day})?"
            rf"|(?:\s?\.|[\-/](?=\d))(?:{dotted_day})?|(?=\s{{0,2}}(?:[{TILDE})\]:（,(/]|\Z)|\s+(?!\s|{money}))))"
        )
        named = rf"\s?{year}(?:\s?(?:{half}|{quarters}|(?P<named>{MONTH})\s?{month}(?:\s?(?P<named_day>{DAY})\s?{day})?))?"
        number = rf"(?:(?P<full>(?:19|20)\d\d)|[{QUOTES}](?P<short>\d\d))"
        # where years have a word of their own (`2010년`), a bare number in a list is no year, unless another language has it so
        comma = "," if words.get("year_suffixes") and not words.get("listed_years") else r",\d"
        bare = rf"(?![\d%]|{comma}|\.\d|\s?{money}|[^\W\d_])"
        self.dated = [re.compile(number + tail) for tail in (dotted, named, bare)]
        self.months = re.compile(
            rf"(?P<first>{MONTH})\s?[{TILDE}]\s?(?P<last>{MONTH})\s?{month}|(?P<month>{MONTH})\s?{month}(?:\s?(?P<day>{DAY})\s?{day})?(?![^\W\d_]?\d)"
            rf"|(?P<month_>{MONTH})\.\s?(?P<day_>{DAY})\.(?!\d)"
        )
        self.later = re.compile(
            rf"(?:{half}|{quarters}|(?P<a>\d{{1,2}})(?![\d,%:]|\.\d)(?:\s?(?P<word>{month}|{day}|{year})|\s?[./\-]|{number_end})"
            rf"(?:\s{{0,2}}(?P<b>{DAY})(?:\s?{day}|\s?\.(?!\d)|(?=[(（])|{number_end}))?)"
        )
        self.numbered = tuple(vocabulary.prose.get("ordinal_before", ())) or ("\0",)
        self.month_words, self.day_words, self.year_words = (
            frozenset(words.get(name, ())) for name in ("month", "day", "year_suffixes")
        )
        weekdays = words.get("weekdays", ())
        self.weekdays = {word.lower(): at % 7 for at, word in enumerate(weekdays)}
        self.weekday = re.compile(rf"\s{{0,2}}[(（]\s?(?P<weekday>{_any(weekdays)})\s?[)）]", re.IGNORECASE)
        self.mark = re.compile(rf"(?:\s?[(（][^()（）\d]{{1,3}}[)）])?\s{{0,2}}(?:[{TILDE}]|{since}\s)\s{{0,2}}")
        self.until = re.compile(rf"\s?{until}")
        self.since = re.compile(rf"\s?{since}(?=\s|\Z|,)")
        self.month_names = tuple(tuple(word.lower() for word in name.split("|")) for name in words.get("month_names", ()))
        letters = _any(part for names in self.month_names for name in names for part in _shortened(name))
        joint = r"(?:\.?\s|\s(?:de|of)\s)"
        self.by_name = re.compile(
            rf"(?:(?P<day>{DAY})(?:st|nd|rd|th|er|º|\.)?{joint})?(?P<name>{letters})(?![^\W\d_])\.?\s?"
            rf"(?:(?P<day_>{DAY}),\s?)?(?:de\s|of\s)?(?P<year>(?:19|20)\d\d)(?![\d,%]|\.\d)",
            re.IGNORECASE,
        )
        ranges = _any(vocabulary.prose.get("line_ranges", ()))
        self.between = re.compile(
            rf"\s?(?:[-–−{TILDE}]|(?<=\s){ranges}(?=\s))\s?(?={self.by_name.pattern.replace('?P<', '?P<_')})", re.IGNORECASE
        )
        self.start = re.compile(
            rf"{_START.pattern}|(?<![^\W\d_])(?={letters})" if self.month_names else _START.pattern, re.IGNORECASE
        )
        self.hyphen = re.compile(rf"\s?[-–−]\s?(?=[{QUOTES}]\d\d(?!\d)|(?:19|20)\d\d(?!\d))")


def _shortened(name: str) -> Iterable[str]:
    """The name of a month, and what is left of it where it is shortened: sept, sep."""
    return (name[:length] for length in range(SHORTEST, len(name) + 1))


def _any(words: Iterable[str]) -> str:
    return f"(?:{alternatives(words)})"


_FACTOR = re.compile(r"[\w)\]%％]\s?[*×xX✕∗]\s?\Z")  # a mark at the head of a remark multiplies nothing
_QUOTED = frozenset(QUOTES)


def dates(text: str, words: Calendar) -> tuple[list[Date], list[Period]]:
    """Every printed date and period of a text, in order. A factor of a product (`8명*12월`) is no date."""
    found: list[Date] = []
    made: list[Period] = []
    position = 0
    for match in words.start.finditer(text):
        at = match.start()
        if at < position or _FACTOR.search(text, max(0, at - 5), at) or text[max(0, at - 4) : at].endswith(words.numbered):
            continue
        date = _date(text, at, words)
        if date is None:
            continue
        found.append(date)
        position = date.end
        period = _period(text, date, words)
        if period is not None:
            made.append(period)
            position = max(position, period.end)
            if period.until is not None and period.until.start > date.start:
                found.append(period.until)
    return found, made


def _date(text: str, at: int, words: Calendar) -> Date | None:
    if words.month_names and (match := words.by_name.match(text, at)):
        name, day = match["name"].lower(), match["day"] or match["day_"]
        at_name = next(n for n, names in enumerate(words.month_names) if any(full.startswith(name) for full in names))
        month = at_name % 12 + 1  # the names of several languages, one after the other
        return Date(at, match.end(), int(match["year"]), (month, month), int(day) if day else None)
    for pattern in words.dated:
        match = pattern.match(text, at)
        if match:
            year = int(match["full"]) if match["full"] else century(match["short"])
            return _of(match, words, at, year)
    if text[at] in _QUOTED or not text[at].isdigit():
        return None
    match = words.months.match(text, at)
    if match is None:
        return None
    if match["first"]:
        return Date(at, match.end(), None, (int(match["first"]), int(match["last"])), None, False)
    month, day = int(match["month"] or match["month_"]), match["day"] or match["day_"]
    return Date(at, match.end(), None, (month, month), int(day) if day else None, False)


def _of(match: re.Match[str], words: Calendar, at: int, year: int | None) -> Date:
    """The date of a match with groups half, quarter, month and day, in whichever of its forms."""
    found = match.groupdict()
    half, quarter = found.get("half"), found.get("quarter")
    if half:
        return Date(at, match.end(), year, words.halves[half])
    if quarter:
        return Date(at, match.end(), year, (3 * int(quarter) - 2, 3 * int(quarter)))
    month = found.get("month") or found.get("named")
    day = found.get("day") or found.get("day_") or found.get("named_day")
    return Date(at, match.end(), year, (int(month), int(month)) if month else None, int(day) if day else None)


def _period(text: str, date: Date, words: Calendar) -> Period | None:
    """The period that a date begins (or ends, where nothing stands before the range mark)."""
    if date.year is None and date.months and date.months[0] != date.months[1]:
        return Period(date.start, date.end, date, date)
    mark = words.mark.match(text, date.end) or words.hyphen.match(text, date.end)
    if words.month_names and mark is None:
        mark = words.between.match(text, date.end)
    if mark is None:
        before = text[max(0, date.start - 3) : date.start].rstrip()[-1:]
        return Period(date.start, date.end, None, date) if before and before in TILDE else None
    at = mark.end()
    dated = text[at : at + 1].isalnum() or text[at : at + 1] in _QUOTED
    until = _date(text, at, words) if dated else None
    if until is None or until.year is None:
        until = _later(text, at, date, words) or until
    if until is not None and words.since.match(text, date.end) and _begins(until, date, text, words):
        return Period(date.start, mark.end(), date, None)  # two beginnings side by side, their ends on the next line
    return _joined(date, until, at)


def _begins(until: Date, since: Date, text: str, words: Calendar) -> bool:
    """True if what follows a beginning is no end: another beginning, or a mere year beside a day."""
    return bool(words.since.match(text, until.end)) or (
        until.months is None and until.own_year and since.months is not None and not words.until.match(text, until.end)
    )


def _later(text: str, at: int, since: Date, words: Calendar) -> Date | None:
    """The second date of a range, whose numbers mean what the first date leaves open."""
    match = words.later.match(text, at)
    if match is None:
        return None
    if match["half"] or match["quarter"]:
        return replace(_of(match, words, at, since.year), own_year=False)
    a, b, word = int(match["a"]), match["b"], match["word"]
    if word in words.year_words or (since.months is None and not word and b is None):
        return Date(at, match.end(), century(f"{a:02}")) if since.months is None and len(match["a"]) == 2 else None
    if b is not None or word in words.month_words or (since.day is None and word not in words.day_words):
        if not 1 <= a <= 12:
            return None
        return Date(at, match.end(), since.year, (a, a), int(b) if b else None, False)
    return Date(at, match.end(), since.year, since.months, a, False) if 1 <= a <= 31 and since.day is not None else None


def _joined(since: Date, until: Date | None, at: int) -> Period:
    """A period of two dates; an end without a year lies in the year of the start, or in the next one."""
    if until is None:
        return Period(since.start, at, since, None)
    if until.year is None or not until.own_year:
        until = replace(until, year=since.year, own_year=False)
        if since.year is not None and until.months and since.months and until.months[1] < since.months[0]:
            return Period(since.start, until.end, since, replace(until, year=since.year + 1), wrapped=True)
    if since.year is None and until.year is not None:
        earlier = since.first[1:] <= until.last[1:]
        since = replace(since, year=until.year if earlier else until.year - 1, own_year=False)
    return Period(since.start, until.end, since, until)
