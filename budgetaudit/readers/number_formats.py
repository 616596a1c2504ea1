"""What a spreadsheet shows for a stored number under its number format: the text a person reads in the cell.

Covers sections and conditions, thousands, scaling commas, percent, text sections, literals, dates and times;
fractions and what else is rare are shown as General.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

# Formats that a workbook names by number only; 27 to 36 and 50 to 58 are dates of East Asian editions.
BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "₩#,##0;-₩#,##0", 6: "₩#,##0;-₩#,##0",
    7: "₩#,##0.00;-₩#,##0.00", 8: "₩#,##0.00;-₩#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: '#,##0;-#,##0;"-"',
    42: '₩#,##0;-₩#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"', 44: '₩#,##0.00;-₩#,##0.00;"-"', 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 32: 'h"시" mm"분"', 33: 'h"시" mm"분" ss"초"',
    **dict.fromkeys([*range(27, 32), *range(34, 37), *range(50, 59)], "yyyy-mm-dd"),
}  # fmt: skip
_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|_.|\*.|\[([^\]]*)\]?|(General)|(AM/PM|A/P|오전/오후)|(E[+-]0+)'
    r"|(y+|m+|d+|h+|s+|e+|b+|a{3,4})|([0#?]+)|(.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]{1,20})\Z")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_EXACTLY = Context(prec=200)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_MAX_FORMAT = 300
_WEEKDAYS = "월화수목금토일"


class _Token(NamedTuple):
    """A piece of a format: `literal`, `digits`, `date`, `mark` (. , % / @), `elapsed`, `ampm`, `exponent`, `general`."""

    kind: str
    text: str


@dataclass(frozen=True)
class _Section:
    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(token.kind for token in self.tokens)

    def has(self, kind: str) -> bool:
        return kind in self.kinds

    @cached_property
    def places(self) -> _Places:
        return _places(self.tokens)


class _Places(NamedTuple):
    """Where the digits of a number go: between texts, shifted by powers of ten, with so many digits of each kind."""

    before: str
    after: str
    shift: int
    exponent: bool
    body: tuple[_Token, ...]
    whole: tuple[_Token, ...]
    pointed: bool
    decimals: str
    step: Decimal
    zeros: int
    grouped: bool
    interleaved: bool
    kept: int


def stored(text: str) -> Decimal | None:
    """A stored number as a person would write it: 15 significant digits, without the dirt of binary floats."""
    if len(text) < 16 and text.isascii() and text.isdigit():
        return Decimal(int(text))
    try:
        value = _FIFTEEN.create_decimal(text) if len(text) < 40 else None
    except ArithmeticError:
        return None
    if value is None or not value.is_finite() or value.adjusted() > 60 or value.adjusted() < -60:
        return None
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1), context=Context(prec=70)) if whole == value else value.normalize(_FIFTEEN)


def is_date(code: str) -> bool:
    """True if a format shows dates or times."""
    return any(section.has("date") or section.has("elapsed") for section in _sections(code))


def shown(value: Decimal, code: str, *, since_1904: bool = False) -> str:
    """The text a cell shows for a number.

    >>> shown(Decimal("-1234567.5"), "#,##0;△#,##0"), shown(Decimal("0.156"), "0.0%"), shown(Decimal(0), '#,##0;-#,##0;"-"')
    ('△1,234,568', '15.6%', '-')
    """
    if code == "General":
        return general(value)
    section, signed = _choose(_numeric(code), value)
    if section.has("date") or section.has("elapsed"):
        return _date(value, section, since_1904)
    text = _number(abs(value), section).strip()
    return f"-{text}" if signed and value < 0 and any(mark in "123456789" for mark in text) else text


def shown_text(text: str, code: str) -> str:
    """The text a cell shows for a text: as it is, unless the format has a section for texts."""
    if "@" not in code or code == "@":
        return text
    section = next((section for section in reversed(_sections(code)) if _Token("mark", "@") in section.tokens), None)
    if section is None:
        return text
    return "".join(text if token.text == "@" else token.text for token in section.tokens if token.kind in ("literal", "mark"))


def general(value: Decimal) -> str:
    """A number without any format: every digit, no exponent."""
    return format(value, "f")


@lru_cache(maxsize=2000)
def _sections(code: str) -> tuple[_Section, ...]:
    code = code.replace("G/표준", "General")
    sections: list[_Section] = []
    tokens: list[_Token] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(code[:_MAX_FORMAT] if len(code) <= _MAX_FORMAT else "General"):
        token = _token(match)
        if token == _Token("mark", ";"):
            sections.append(_Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif token is not None and token.kind == "condition":
            found = _CONDITION.match(token.text)
            condition = (found[1], Decimal(found[2])) if found and found[2].count(".") < 2 and found[2] not in ".-" else condition
        elif token is not None:
            tokens.append(token)
    sections.append(_Section(tuple(tokens), condition))
    return tuple(sections)


def _token(match: re.Match[str]) -> _Token | None:
    quoted, escaped, bracket, plain, ampm, exponent, date, digits, other = match.groups()
    if quoted is not None or escaped is not None:
        return _Token("literal", quoted if quoted is not None else escaped)
    if bracket is not None:
        return _bracket(bracket)
    for kind, text in (("general", plain), ("ampm", ampm), ("exponent", exponent), ("date", date), ("digits", digits)):
        if text:
            return _Token(kind, text)
    if other is not None:
        return _Token("mark" if other in ".,%;/@" else "literal", other)
    return None if match[0].startswith("*") else _Token("literal", " ")


def _bracket(content: str) -> _Token | None:
    if content.startswith("$"):
        return _Token("literal", content[1:].split("-", 1)[0])
    if _ELAPSED.fullmatch(content):
        return _Token("elapsed", content.lower())
    return _Token("condition", content) if content[:1] in "<>=" else None


@lru_cache(maxsize=2000)
def _numeric(code: str) -> Sequence[_Section]:
    """The sections for numbers."""
    found = [section for section in _sections(code) if _Token("mark", "@") not in section.tokens]
    return found or [_Section((_Token("general", ""),), None)]


def _choose(numeric: Sequence[_Section], value: Decimal) -> tuple[_Section, bool]:
    """The section for a number, and whether a minus sign is still to be put before it."""
    if any(section.condition for section in numeric):
        return _choose_by_condition(numeric, value)
    if value < 0 and len(numeric) > 1:
        return numeric[1], False
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], True


def _choose_by_condition(sections: Sequence[_Section], value: Decimal) -> tuple[_Section, bool]:
    """A section without a condition of its own is for positives (first), negatives (second of three) or the rest."""
    for at, (section, condition) in enumerate((section, section.condition) for section in sections[:-1]):
        implied = (">" if at == 0 else "<", Decimal(0))
        operator, bound = condition or implied
        if _holds(value, operator, bound):
            return section, not (operator in ("<", "<=") and bound <= 0)
    return sections[-1], sections[-1].condition is None


def _holds(value: Decimal, operator: str, bound: Decimal) -> bool:
    if operator in ("=", "<>"):
        return (value == bound) == (operator == "=")
    return (value == bound and operator.endswith("=")) or (value < bound if operator[0] == "<" else value > bound)


def _number(value: Decimal, section: _Section) -> str:
    if section.has("general") or not section.has("digits") or _Token("mark", "/") in section.tokens:
        return _plain(value, section)
    places = section.places
    value = value.scaleb(places.shift)
    return places.before + (_scientific(value, places.body) if places.exponent else _digits(value, places)) + places.after


def _places(tokens: tuple[_Token, ...]) -> _Places:
    places = [at for at, token in enumerate(tokens) if token.kind == "digits"]
    first, last = places[0], places[-1]
    point = next((at for at in range(first, len(tokens)) if tokens[at] == _Token("mark", ".")), None)
    if point is None and first and tokens[first - 1] == _Token("mark", "."):
        first, point = first - 1, first - 1
    end = last + 1
    while end < len(tokens) and tokens[end] == _Token("mark", ","):
        end += 1
    percent = sum(token == _Token("mark", "%") for token in tokens)
    body = tokens[first : last + 1]
    pointed = point is not None and point <= last
    whole = body[: point - first] if point is not None and pointed else body
    decimals = "".join(token.text for token in body[len(whole) :] if token.kind == "digits")
    return _Places(
        before="".join(token.text for token in tokens[:first] if token.kind == "literal" or token.text == "%"),
        after="".join(token.text for token in tokens[end:] if token.kind == "literal" or token.text == "%"),
        shift=2 * percent - 3 * (end - last - 1),
        exponent=any(token.kind == "exponent" for token in tokens),
        body=body,
        whole=whole,
        pointed=pointed,
        decimals=decimals,
        step=Decimal(1).scaleb(-len(decimals)),
        zeros="".join(token.text for token in whole if token.kind == "digits").count("0"),
        grouped=_Token("mark", ",") in whole,
        interleaved=any(token.kind == "literal" for token in whole),
        kept=max((at + 1 for at, mark in enumerate(decimals) if mark == "0"), default=0),
    )


def _plain(value: Decimal, section: _Section) -> str:
    """Literals with the number where General stands; a section of literals alone shows no number."""
    if not section.has("general") and not section.has("digits"):
        return "".join(token.text for token in section.tokens if token.kind == "literal" or token.text in "%.,")
    parts, done = [], False
    for token in section.tokens:
        if token.kind in ("general", "digits"):
            parts.append("" if done else general(value))
            done = True
        elif token.kind == "literal":
            parts.append(token.text)
    return "".join(parts)


def _digits(value: Decimal, places: _Places) -> str:
    """The digits with their grouping; literals between placeholders (as in 000-0000) stay where they are."""
    rounded = value.quantize(places.step, ROUND_HALF_UP, _EXACTLY)
    whole, _, fraction = format(rounded, "f").partition(".")
    whole = whole.lstrip("0").rjust(places.zeros, "0")
    if places.interleaved:
        whole = _interleave(whole, places.whole)
    elif places.grouped:
        whole = _grouped(whole)
    fraction = fraction[: places.kept] + fraction[places.kept :].rstrip("0")
    return whole + ("." + fraction if places.pointed and (fraction or places.decimals) else "")


def _grouped(whole: str) -> str:
    head = len(whole) % 3
    parts = ([whole[:head]] if head else []) + [whole[at : at + 3] for at in range(head, len(whole), 3)]
    return ",".join(parts)


def _interleave(whole: str, part: tuple[_Token, ...]) -> str:
    """Digits from the right into the placeholders, literals between them; what is left over goes first."""
    out: list[str] = []
    first = next(at for at, token in enumerate(part) if token.kind == "digits")
    for at in range(len(part) - 1, -1, -1):
        token = part[at]
        if token.kind == "literal":
            out.append(token.text)
        elif token.kind == "digits":
            cut = 0 if at == first else max(0, len(whole) - len(token.text))
            out.append(whole[cut:])
            whole = whole[:cut]
    return "".join(reversed(out))


def _scientific(value: Decimal, body: tuple[_Token, ...]) -> str:
    decimals = len("".join(token.text for token in body).partition(".")[2])
    mantissa, _, power = format(value, f".{decimals}E").partition("E")
    return f"{mantissa}E{int(power):+03d}"


def _date(value: Decimal, section: _Section, since_1904: bool) -> str:
    """A serial day number as date and time; outside the calendar's years it is shown as a number."""
    if not 0 <= value < 2958466:
        return general(value)
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30 if value >= 60 else 31)  # noqa: DTZ001
    seconds = int((value * 86400).quantize(Decimal(1), ROUND_HALF_UP))
    try:
        moment = start + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return general(value)
    half = section.has("ampm")
    parts: list[str] = []
    tokens = section.tokens
    for at, token in enumerate(tokens):
        kind = token.text.lower()
        if token.kind == "date":
            is_minute = kind[0] == "m" and len(kind) < 3 and (_hour_before(tokens, at) or _second_after(tokens, at))
            parts.append(_part(moment, "n" * len(kind) if is_minute else kind, half))
        elif token.kind == "elapsed":
            parts.append(str(seconds // {"h": 3600, "m": 60, "s": 1}[kind[0]]).rjust(len(kind), "0"))
        elif token.kind == "ampm":
            parts.append(("오전" if moment.hour < 12 else "오후") if "오" in kind else ("AM" if moment.hour < 12 else "PM"))
        elif token.kind == "literal" or token.text in "/.,":
            parts.append(token.text)
    return "".join(parts).strip()


def _hour_before(tokens: tuple[_Token, ...], at: int) -> bool:
    before = next((token for token in reversed(tokens[:at]) if token.kind in ("date", "elapsed")), None)
    return before is not None and before.text[0] in "hH"


def _second_after(tokens: tuple[_Token, ...], at: int) -> bool:
    after = next((token for token in tokens[at + 1 :] if token.kind in ("date", "elapsed")), None)
    return after is not None and after.text[0] in "sS"


def _part(moment: datetime.datetime, kind: str, half: bool) -> str:
    """One piece of a date; `n` stands for minutes."""
    mark, width = kind[0], len(kind)
    if mark in "ye":
        return f"{moment.year:04d}" if width > 2 or mark == "e" else f"{moment.year % 100:02d}"
    if mark == "m" and width > 2:
        return moment.strftime("%B" if width == 4 else "%b")[: 1 if width == 5 else None]
    if mark == "d" and width > 2:
        return moment.strftime("%A" if width > 3 else "%a")
    if mark == "a":
        return _WEEKDAYS[moment.weekday()] + ("요일" if width == 4 else "")
    hour = (moment.hour % 12 or 12) if half else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}.get(mark, moment.year)
    return f"{number:0{min(width, 2)}d}"
