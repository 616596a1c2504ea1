"""Read a printed number exactly: sign, digits, decimals, unit, and what is odd about it.

A number keeps the precision it was printed with. Words of a language (units, multipliers) come from
the vocabulary; nothing here knows a language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from budgetaudit.model import Unit
from budgetaudit.units import Units

NEGATIVE_MARKS = "△▲▵▴∆"
MINUSES = "-−–－‐‑‒"
BRACKETS = frozenset(["()", "（）", "[]"])
DASHES = frozenset(["-", "−", "–", "—", "－", "‐", "‑", "‒", "―", "ー", "ㅡ", "—-", "--", "---", "…"])
PLAIN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z")
DIGITS = re.compile(r"\d(?:[\d,. ]|['’](?=\d{3}))*")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z|\d+(?:\.\d+)?\Z|\.\d+\Z")
SPACED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,2})?\Z")
DOTTED = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{3})(?![\d.,])")
THOUSANDS = re.compile(r"[(\[]?[A-Z]{0,3}[$£€¥₩₹]\s?['’]?0{3}s?[)\]]?\Z")  # £000, (US$000): a unit; (000) is none
LONG_DECIMALS = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{4,})(?![\d.,])")  # 85,28000 where points group thousands
DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.\s?(?:19|20)?\d{2}")  # 31.12.2021 EUR heads a column
WIDE = re.compile(r"(?<=[^\d\s])\s{2,}(?=\d)|(?<=\d)\s{2,}(?=[^\d\s])")  # beside a sign, never between two numbers
DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}\Z")  # no group of thousands has one or two digits
EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+\Z|\d{1,3}(?:\.\d{3}){2,}\Z|\d+,\d{1,2}\Z")
CURRENCY_SIGNS = "$€£¥₩￦"
# R$ 100, US$100, Rs. 100, S/ 100, 금100원
LEADING = re.compile(r"(?P<word>[^\d\s()（）\[\]+△▲▵▴∆−–－-]{1,6}(?:\s[^\W\d_]{1,5}\.?)?)\s?(?=[-−△▲(]?\s?\d)")
BEHIND_BRACKETS = re.compile(r"([(（].*[)）])\s?([^\s\d()（）][^\d()（）]{0,9})\Z")  # (3)%
REMARK = re.compile(r"\s?[(（][^\d()（）]{2,20}[)）]\Z")
# A mark behind a number or behind the bracket around it; a letter only where the number cannot be a code.
NOTE_LETTER = r"[a-z]{1,2}"
FOOTNOTE = re.compile(
    rf"(?:(?<=[\d)）%])(?:\s?[*†‡§#¶]{{1,3}}|\s?[ᵃ-ᶻᵀ-ᵿⁱⁿʰ-ʸ]|\s?[¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}[)⁾]?|\s\d{{1,2}}\))|(?<=\d{{3}}|[.,]\d\d|.[.,]\d|..[)）%])"
    rf"(?:\s?[(\[](?:{NOTE_LETTER}|\d)[)\]]|\s?{NOTE_LETTER}/|\s{NOTE_LETTER}\)))\Z|(?<=[.,]\d{{3}})\s?[a-z]\Z|(?<=,\d{{3}})\d{{1,2}}\)\Z|(?<=\d[.,]\d)\s?[a-z]\Z"
)
LEADING_NOTES = frozenset("*†‡")
# How accounting systems print a credit; elsewhere a slip is as likely, or the end of an amount (1,200,000-).
TRAILING_MINUS = re.compile(r"\d[.,]\d\d-\Z|(?:\.\d{3}){2,}-\Z")
MONEY_ALONE = 10**8  # from here on a multiplier word alone means money: 3억
LONGEST = 60
CENT, CENTS = Decimal("0.01"), 2
RESIDUE, RESIDUE_PLACES = Decimal("5e-7"), 5
UNUSUAL_CHARACTERS = re.compile("[\u00a0\u2007\u2009\u202f\uff05\uff0b-\uff0e\uff10-\uff19]")
PLAIN_CHARACTERS = {ord(space): " " for space in "\u00a0\u2007\u2009\u202f"} | {
    code: chr(code - 0xFEE0) for code in (0xFF05, *range(0xFF0B, 0xFF0F), *range(0xFF10, 0xFF1A))
}
NO_CENTS = re.compile(r"(?<=\d)[.,]\s?[-–—]{1,2}(?=\s?[^\s\d]{0,5}\Z)")  # CHF 1'200.-
SCIENTIFIC = re.compile(r"(?P<digits>\d(?:[.,]\d+)?)[eE](?P<exponent>[+-]\d{1,2}|(?<=\.\d[eE])\d{1,2})\Z")
CODES = re.compile(r"0\d+,\d")
# 1,0O0 and 12..5: what a scanner takes for a letter, a stop struck twice
MISPRINT = re.compile(r"[△▲(-]?(?=.*(?:[.,]{2}|[OolI]))\d[\d,.OolI]*\d\)?")
STOPS = re.compile(r"[.,]{2,3}")
MISTAKEN = str.maketrans("OolI", "0011")
LONG_FRACTION = re.compile(r"\d+,\d{6,}\Z")  # of a program, if it is all zeros or nines from the cents on
FRACTION = re.compile(r"0,\d+\Z")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number. `value` None: printed, but not a number (never returned by `parse`).

    `bracketed`: printed in round brackets, whose meaning (negative, of which, rate) the table decides; `value` is then without
    sign. `places`: decimals printed. `stray`: a hyphen behind the digits, a minus or the end of an amount; the table decides.
    `sign`: the currency is only a sign before it.
    """

    value: Decimal
    places: int = 0
    unit: Unit | None = None
    signed: bool = False
    bracketed: bool = False
    dash: bool = False
    malformed: bool = False
    grouped: bool = False
    stray: bool = False
    sign: bool = False

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)


CENTS = 2  # decimals of an amount of money
ZERO_DASH = Amount(Decimal(0), dash=True)


def parse(text: str, units: Units, *, points: bool = False) -> Amount | None:
    """The number a whole cell prints, or None if the cell is no single number (blank, words, several numbers).

    `points`: thousands are grouped by points, 976.000 is no fraction.
    """
    if points:
        text = LONG_DECIMALS.sub(r"\1.\2", DOTTED.sub(r"\1,\2", NO_CENTS.sub("", text)))
    if len(text) > LONGEST and len(text := text.strip()) > LONGEST:
        return None
    if PLAIN.match(text):
        return _plain(text)
    text = WIDE.sub(" ", text.strip())
    if not text:
        return None
    if text in DASHES:
        return ZERO_DASH
    if not any(character.isdigit() for character in text):
        nothing = (text[0] + text[-1] in BRACKETS and text[1:-1].strip() in DASHES) or text.lower() in units.nothing
        return ZERO_DASH if nothing else None
    if THOUSANDS.match(text):
        return None
    if UNUSUAL_CHARACTERS.search(text):
        text = text.translate(PLAIN_CHARACTERS)
        text = DOTTED.sub(r"\1,\2", text) if points else text
    return _marked(NO_CENTS.sub("", text), units)


def _plain(text: str) -> Amount:
    _, _, decimals = text.partition(".")
    value, places = Decimal(text.replace(",", "")), len(decimals)
    if places > RESIDUE_PLACES and abs(value - (cents := value.quantize(CENT))) < RESIDUE:
        value, places = cents, CENTS  # 184577.94999987 is what a program made of 184577.95
    return Amount(value, places, signed=text[0] == "-", grouped="," in text)


def _marked(text: str, units: Units) -> Amount | None:
    """Peel footnote marks, brackets, signs, currency and unit off a number, from the outside in."""
    body = _without_about(text, units)
    made = _peeled(body, units)
    if made is None and (noted := FOOTNOTE.search(body)):
        made = _peeled(body[: noted.start()], units)
    if made is None and body[:1] in LEADING_NOTES:
        made = _peeled(body.lstrip("".join(LEADING_NOTES)).lstrip(), units)
    if made is None and MISPRINT.fullmatch(body):
        made = _peeled(STOPS.sub(lambda match: match.group()[-1], body).translate(MISTAKEN), units)
        made = replace(made, malformed=True) if made is not None else None
    return made


def _peeled(body: str, units: Units) -> Amount | None:
    text, bracketed, negative, signed = body, False, False, False
    unit: Unit | None = None
    before = ""
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
        elif (match := LEADING.match(body)) and (named := _leading(match["word"], units)):
            unit, before = (named, match["word"].strip()) if isinstance(named, Unit) else (unit, before)
            body = body[match.end() :]
        else:
            break
    number = _with_unit(body, units, before)
    compound = None if number else parse_compound(body, units)
    if compound is not None:
        number = (*compound, False)
    if number is None:
        return _remarked(text, units)
    value, places, found, malformed, grouped, stray = number
    if found is not None and found.family == "other" and found.scale is not None:  # debit or credit
        negative, signed, found = found.scale < 0, True, None
    sign = unit is not None and unit.scale == 1 and found is None
    unit = found or unit
    if not malformed and places and DECIMAL_COMMA.match(body.strip(" " + MINUSES)[: _digits(body)]) and units.without_cents(unit):
        value, places, malformed = value.scaleb(places), 0, True  # 45,00 won: there are no cents
    if negative:
        value = -value
    return Amount(
        value,
        places,
        unit,
        signed=signed,
        bracketed=bracketed,
        malformed=malformed or stray,
        grouped=grouped,
        stray=stray,
        sign=sign,
    )


def _digits(body: str) -> int:
    match = DIGITS.match(body)
    return match.end() if match else 0


def _without_about(text: str, units: Units) -> str:
    """A number without the word that makes it an approximation: 약 420만원, about £3m, ~1,200."""
    text = text.strip()
    for word in units.about:
        rest = text[len(word) :].lstrip()
        if text.lower().startswith(word) and (rest[:1].isdigit() or (rest and word[-1:].isalpha() and text[len(word)].isspace())):
            return rest
    return text


def _remarked(text: str, units: Units) -> Amount | None:
    """`431,300,000원 (VAT 별도)`: an amount with words behind it. A bare `2025 (예산)` is rather a label."""
    match = REMARK.search(text)
    amount = _marked(text[: match.start()].strip(), units) if match and match.start() else None
    if match is None or amount is None or not (amount.grouped or amount.unit is not None):
        return None
    unit = units.find(match.group().strip(" ()（）"))  # 3,300 (백만원)
    return replace(amount, unit=unit) if unit is not None and amount.unit is None else amount


def _leading(word: str, units: Units) -> Unit | bool:
    """The currency that a word or sign before a number names; True for one that only says an amount follows; else False."""
    word = word.strip()
    if word in units.amount_words:
        return True
    unit = units.find(word)
    return unit if unit is not None and unit.family == "money" and (unit.currency or unit.scale == 1) else False


def _with_unit(body: str, units: Units, before: str = "") -> tuple[Decimal, int, Unit | None, bool, bool, bool] | None:
    """Digits with at most one unit behind them; `before`: the currency printed before them. A hyphen behind them is a stray."""
    match = DIGITS.match(body)
    if match is None:
        return None
    if scientific := SCIENTIFIC.match(body):
        value = Decimal(f"{scientific['digits'].replace(',', '.')}E{scientific['exponent']}")
        return value, -int(value.as_tuple().exponent), None, False, False, False
    rest, stray, unit = body[match.end() :].strip(), False, None
    if rest and rest in MINUSES:
        rest, stray = "", True
    if rest:
        unit = _behind(rest, units, before)
        if unit is None:
            return None
    number = read_digits(match.group()) or (broken(match.group(), priced=bool(before)) if before or unit is not None else None)
    if number is None:
        return None
    value, places, malformed, grouped = number
    return value, places, unit, malformed, grouped, stray


def _behind(rest: str, units: Units, before: str) -> Unit | None:
    """The unit behind a number, a multiplier of the currency before it: £1.2m, R$ 3,5 mi; debit and credit are signs."""
    if before:
        phrase = units.phrase(f"{before} {rest}") or units.phrase(before + rest)
        if phrase is not None and phrase.unit.scale != 1:
            symbol = phrase.unit.symbol if before[-1].isalnum() else phrase.unit.symbol.replace(" ", "")
            return Unit(symbol, "money", phrase.unit.scale, phrase.unit.currency)
    turned = units.credit.get(rest.lower().strip("."))
    if turned is not None:
        return Unit(rest, "other", Decimal(turned))
    found = units.find(rest)
    if found is None and rest.lower() in units.scales:
        return Unit(rest, "money", units.scales[rest.lower()])  # 500k
    return found if not before or (found is not None and found.family == "money") else None


def _single(text: str) -> bool:
    """True if the opening bracket closes only at the end."""
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
    if CODES.match(compact):
        return None  # 00,10,93
    if LONG_FRACTION.match(compact) and (rounded := _plain(compact.replace(",", "."))).places == CENTS:
        return rounded.value, CENTS, False, False
    if DECIMAL_COMMA.match(compact) or FRACTION.match(compact):
        return _decimal(compact.replace(",", "."), len(compact.partition(",")[2]), False, False)
    if " " in text or compact.count(".") > 1 or "," not in compact:
        return None
    whole, _, decimals = compact.partition(".")
    groups = whole.split(",")
    if "," in decimals or any(not group for group in groups) or _listed(groups):
        return None
    return _decimal("".join(groups) + ("." + decimals if decimals else ""), len(decimals), True, True)


def broken(text: str, *, priced: bool = False) -> tuple[Decimal, int, bool, bool] | None:
    """An amount of money that no way of writing explains, as the digits it shows: £723.79.48."""
    groups = re.split("[.,]", text.strip(" .,"))
    if DATE.fullmatch(text.strip()):
        return None
    if len(groups) < 3 or any(not group.isdigit() for group in groups):
        return None
    if not priced and _listed(groups):
        return None  # 6.2.1 is the number of a heading where no currency stands before it
    cents = groups[-1] if len(groups[-1]) == 2 else ""
    whole = "".join(groups[: -1 if cents else None])
    return Decimal(f"{whole}.{cents}" if cents else whole), len(cents), True, True


def _listed(groups: Sequence[str]) -> bool:
    """True if runs of digits between commas are rather a list of codes: 5131,5132 or 1,2,14."""
    short = len(groups) > 2 and all(len(group) <= CENTS for group in groups)
    return short or (len(groups[0]) > 3 and any(len(group) > 3 for group in groups[1:]))


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
    if words == 0:
        return None
    alone = position == len(compact) and largest >= MONEY_ALONE and last >= 10000  # 1억2천 may mean either
    unit = units.base() if alone else units.find(compact[position:])
    if unit is None or unit.scale != 1 or unit.family != "money":
        return None
    total += section + (number or 0)
    places = -int((finest or Decimal(1)).adjusted()) if number is None else 0
    return total, places, unit, False, True


def is_year(amount: Amount) -> bool:
    """True if a number looks like a calendar year."""
    whole = amount.places != CENTS and amount.value == amount.value.to_integral_value()  # 2,004.00 is money
    return whole and not (amount.grouped or amount.signed or amount.dash) and 1900 <= amount.value <= 2100
