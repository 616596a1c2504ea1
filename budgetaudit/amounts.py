"""Read a printed number exactly: sign, digits, decimals, unit, and what is odd about it.

A number keeps the precision it was printed with. Words of a language (units, multipliers) come from
the vocabulary; nothing here knows a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from budgetaudit.model import Unit

NEGATIVE_MARKS = "△▲▵▴∆"
MINUSES = "-−–－‐‑‒"
BRACKETS = frozenset(["()", "（）", "[]"])
DASHES = frozenset(["-", "−", "–", "—", "－", "‐", "‑", "‒", "―", "ー", "ㅡ", "—-", "--", "---", "…"])
PLAIN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z")
DIGITS = re.compile(r"\d(?:[\d,. ]|['’](?=\d{3}))*")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z|\d+(?:\.\d+)?\Z|\.\d+\Z")
SPACED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,2})?\Z")
DOTTED = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{3})(?![\d.,])")
SURELY_DOTTED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d{1,2})?|(?:\.\d{3})+,\d{1,2})(?![\d.,])")
SURELY_COMMAS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
FEW = 3  # numbers that show how a document groups its digits
DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}\Z")  # no group of thousands has one or two digits
EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+\Z|\d{1,3}(?:\.\d{3}){2,}\Z|\d+,\d{1,2}\Z")
CURRENCY_SIGNS = "$€£¥₩￦"
# No sum of money has three decimals.
MONEY_DOTTED = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}\.\d{{3}}\s?(?:[{CURRENCY_SIGNS}]|EUR\b|Euro\b)")
MONEY_DECIMAL = re.compile(rf"\d\.\d{{1,2}}\s?(?:[{CURRENCY_SIGNS}]|EUR\b|Euro\b)")
LEADING_WORD = re.compile(r"([^\W\d_]{1,3}\$?)\s?(?=\d)")  # USD 100, US$100, 금100원
BEHIND_BRACKETS = re.compile(r"([(（].*[)）])\s?([^\s\d()（）][^\d()（）]{0,9})\Z")  # (3)%
REMARK = re.compile(r"\s?[(（][^\d()（）]{2,20}[)）]\Z")
FOOTNOTE = re.compile(r"(?<=\d)(?:\s?[*†‡]{1,3}|\s?[¹²³⁴⁵⁶⁷⁸⁹]{1,2}[)⁾]?|\s\d{1,2}\))\Z")
# How accounting systems print a credit; elsewhere a slip is as likely, or the end of an amount (1,200,000-).
TRAILING_MINUS = re.compile(r"\d[.,]\d\d-\Z|(?:\.\d{3}){2,}-\Z")
MONEY_ALONE = 10**8  # from here on a multiplier word alone means money: 3억
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Units:
    """The unit words of the active vocabularies, blanks removed and lower-cased."""

    known: Mapping[str, Unit] = field(default_factory=dict)
    multipliers: Mapping[str, Decimal] = field(default_factory=dict)
    amount_words: frozenset[str] = frozenset()

    def find(self, text: str) -> Unit | None:
        return self.known.get("".join(text.split()).lower().strip("."))

    def base(self) -> Unit | None:
        """The currency whose multiplier words stand inside numbers, or None."""
        money = (unit for unit in self.known.values() if unit.family == "money" and unit.scale == 1)
        return next(money, None) if self.multipliers else None


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number. `value` None: printed, but not a number (never returned by `parse`).

    `bracketed`: printed in round brackets, whose meaning (negative, of which, rate) the table decides;
    `value` is then without sign. `places`: decimals printed.
    """

    value: Decimal
    places: int = 0
    unit: Unit | None = None
    signed: bool = False
    bracketed: bool = False
    dash: bool = False
    malformed: bool = False
    grouped: bool = False

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)


ZERO_DASH = Amount(Decimal(0), dash=True)


def dotted(texts: Iterable[str]) -> bool:
    """Whether a document groups thousands by points: some of its numbers can be read in no other way, none by commas."""
    found, money, decimals = False, 0, False
    for text in texts:
        if SURELY_COMMAS.search(text):
            return False
        if "." in text:
            found = found or bool(SURELY_DOTTED.search(text))
            money += len(MONEY_DOTTED.findall(text))
            decimals = decimals or bool(MONEY_DECIMAL.search(text))
    return found or (money >= FEW and not decimals)


def parse(text: str, units: Units, *, points: bool = False) -> Amount | None:
    """The number a whole cell prints, or None if the cell is no single number (blank, words, several numbers).

    `points`: thousands are grouped by points, 976.000 is no fraction.
    """
    if points:
        text = DOTTED.sub(r"\1,\2", text)
    if PLAIN.match(text):
        return _plain(text)
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    if text in DASHES:
        return ZERO_DASH
    if not any(character.isdigit() for character in text):
        return ZERO_DASH if text[0] + text[-1] in BRACKETS and text[1:-1].strip() in DASHES else None
    return _marked(text, units)


def _plain(text: str) -> Amount:
    _, _, decimals = text.partition(".")
    return Amount(Decimal(text.replace(",", "")), len(decimals), signed=text[0] == "-", grouped="," in text)


def _marked(text: str, units: Units) -> Amount | None:
    """Peel footnote marks, brackets, signs, currency and unit off a number, from the outside in."""
    body, bracketed, negative, signed, unit = FOOTNOTE.sub("", text), False, False, False, None
    if match := BEHIND_BRACKETS.match(body):
        unit = units.find(match.group(2))
        body = match.group(1) if unit else body
    if TRAILING_MINUS.search(body):
        body, negative, signed = body[:-1], True, True
    for _ in range(5):
        body = body.strip()
        if len(body) > 2 and body[0] in "([（〔" and body[-1] in ")]）〕" and _single(body):
            body, bracketed = body[1:-1], bracketed or body[0] in "(（"
        elif (body[:1] in NEGATIVE_MARKS and body[1:]) or (body[:1] in MINUSES and body[1:]):
            body, negative, signed = body[1:], True, True
        elif body[:1] == "+":
            body, signed = body[1:], True
        elif body[:1] in CURRENCY_SIGNS:
            unit, body = units.find(body[0]) or unit, body[1:]
        elif (match := LEADING_WORD.match(body)) and (named := _leading(match.group(1), units)):
            unit, body = (named if isinstance(named, Unit) else unit), body[match.end() :]
        else:
            break
    number = _with_unit(body, units) or parse_compound(body, units)
    if number is None:
        return _remarked(text, units)
    value, places, found, malformed, grouped = number
    unit = found or unit
    if negative:
        value = -value
    return Amount(value, places, unit, signed=signed, bracketed=bracketed, malformed=malformed, grouped=grouped)


def _remarked(text: str, units: Units) -> Amount | None:
    """`431,300,000원 (VAT 별도)`: an amount with words behind it. A bare `2025 (예산)` is rather a label."""
    match = REMARK.search(text)
    amount = _marked(text[: match.start()].strip(), units) if match and match.start() else None
    if match is None or amount is None or not (amount.grouped or amount.unit is not None):
        return None
    unit = units.find(match.group().strip(" ()（）"))  # 3,300 (백만원)
    return replace(amount, unit=unit) if unit is not None and amount.unit is None else amount


def _leading(word: str, units: Units) -> Unit | bool:
    """The currency that a word before a number names; True for one that only says an amount follows; else False."""
    if word in units.amount_words:
        return True
    unit = units.find(word)
    return unit if unit is not None and unit.family == "money" else False


def _with_unit(body: str, units: Units) -> tuple[Decimal, int, Unit | None, bool, bool] | None:
    """Digits with at most one unit word behind them; a stray hyphen behind a number is malformed."""
    match = DIGITS.match(body)
    if match is None:
        return None
    rest, stray, unit = body[match.end() :].strip(), False, None
    if rest and rest in MINUSES:
        rest, stray = "", True
    if rest:
        unit = units.find(rest)
        if unit is None:
            return None
    number = read_digits(match.group())
    if number is None:
        return None
    value, places, malformed, grouped = number
    return value, places, unit, malformed or stray, grouped


def _single(text: str) -> bool:
    """Whether the opening bracket closes only at the end."""
    return not any(character in "()（）[]" for character in text[1:-1])


def read_digits(text: str) -> tuple[Decimal, int, bool, bool] | None:
    """(value, decimals, malformed, grouped) of a run of digits, commas, points and blanks.

    A malformed run (`35,498,8000`, `2 8,029,500`) is read as the digits it shows.
    """
    text = text.strip()
    compact = text.replace(" ", "")
    if SPACED.match(text):
        plain = compact.replace("'", "").replace("’", "").replace(",", ".")
        _, _, decimals = plain.partition(".")
        return _decimal(plain, len(decimals), False, True)
    if GROUPED.match(compact):
        malformed = compact != text
        if malformed and ("," not in compact or ". " in text or " ." in text):
            return None
        _, _, decimals = compact.partition(".")
        return _decimal(compact.replace(",", ""), len(decimals), malformed, "," in compact)
    if EUROPEAN.match(compact) and "," in compact and "." in compact:
        plain = compact.replace(".", "").replace(",", ".")
        return _decimal(plain, len(plain.partition(".")[2]), False, True)
    if compact.count(".") > 1 and re.match(r"\d{1,3}(?:\.\d{3}){2,}\Z", compact):
        return _decimal(compact.replace(".", ""), 0, False, True)
    if DECIMAL_COMMA.match(compact):
        return _decimal(compact.replace(",", "."), len(compact.partition(",")[2]), False, False)
    if " " in text or compact.count(".") > 1 or "," not in compact:
        return None
    whole, _, decimals = compact.partition(".")
    groups = whole.split(",")
    if "," in decimals or any(not group for group in groups) or _listed(groups):
        return None
    return _decimal("".join(groups) + ("." + decimals if decimals else ""), len(decimals), True, True)


def _listed(groups: Sequence[str]) -> bool:
    """Whether runs of digits between commas are rather a list of codes: 5131,5132."""
    return len(groups[0]) > 3 and any(len(group) > 3 for group in groups[1:])


def _decimal(text: str, places: int, malformed: bool, grouped: bool) -> tuple[Decimal, int, bool, bool] | None:
    try:
        return Decimal(text), places, malformed, grouped
    except InvalidOperation:
        return None


def parse_compound(text: str, units: Units) -> tuple[Decimal, int, Unit, bool, bool] | None:
    """An amount written with multiplier words, `6,396억 3천9백만원`: (value, 0, unit, malformed, grouped).

    The value is in the unit's base (won), stated to the smallest word written: its `places` is minus the zeros.
    """
    if not units.multipliers:
        return None
    total, section, position, words = Decimal(0), Decimal(0), 0, 0
    number: Decimal | None = None
    finest: Decimal | None = None
    largest = last = Decimal(0)
    compact = text.replace(" ", "")
    while position < len(compact):
        match = DIGITS.match(compact, position)
        if match and number is None:
            read = read_digits(match.group())
            if read is None:
                return None
            number, decimals, malformed, _ = read
            if malformed:
                return None
            finest = Decimal(1).scaleb(-decimals)
            position = match.end()
            continue
        multiplier = units.multipliers.get(compact[position])
        if multiplier is None:
            break
        largest, last = max(largest, multiplier), multiplier
        if multiplier < 10000:
            if number is None:
                return None
            section += number * multiplier
            finest = (finest or Decimal(1)) * multiplier
        else:
            if number is None and not section:
                return None
            total += (section + (number or 0)) * multiplier
            finest = (finest or Decimal(1)) * multiplier
            section = Decimal(0)
        number = None
        position += 1
        words += 1
    alone = position == len(compact) and largest >= MONEY_ALONE and last >= 10000  # 1억2천 may mean either
    unit = units.base() if alone else units.find(compact[position:])
    if unit is None or unit.scale != 1 or unit.family != "money" or words == 0:
        return None
    total += section + (number or 0)
    places = -int((finest or Decimal(1)).adjusted()) if number is None else 0
    return total, places, unit, False, True
