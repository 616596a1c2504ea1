"""Find the numbers of a text: amounts, counts, rates and bare numbers, each with its span, unit and stated precision.

Dates, ordinals, codes and telephone numbers are no amounts and are left out. One pass, linear in the length of the text.
Which words are units, approximations or ordinals the vocabulary says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import prod

from budgetaudit.amounts import DOTTED, NEGATIVE_MARKS, broken, parse_compound, read_digits
from budgetaudit.currencies import currencies
from budgetaudit.label_text import squeeze
from budgetaudit.model import Unit
from budgetaudit.sentences.alternatives import alternatives
from budgetaudit.sentences.brackets import brackets, depths
from budgetaudit.sentences.dates import Calendar, dates
from budgetaudit.sentences.tokens import Bound, Number, Scan
from budgetaudit.vocabulary import Vocabulary

LONGEST_NUMBER = 40
LONGEST_TEXT = 10_000  # what is longer is no sentence; its beginning is read
LEADING = 4
LARGE = 10**8  # from here on a multiplier word alone means money
RUN = re.compile(r"\d[\d,.]*+(?:['’]\d{3}(?!\d)(?:\.\d+)?)*+")
HEAD = re.compile(r"\d{1,2}\s?[.)\]]\s")  # the number of a heading or a list
THOUSANDS = re.compile(r",\d{3}(?!\d)|,\d{4}")
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile(r"[A-Za-z]")
CODE = re.compile(r"(?<![^\W\d_])([A-Z]{1,3}\$|[A-Z]{3})\s?\Z")  # EUR 23.6 million, R$ 2 milhões
SPACED = re.compile(r"\d{1,3}(?P<by>[ \xa0\u2009\u202f])\d{3}(?:(?P=by)\d{3})*(?![\d ]?\d)(?:,\d{1,2})?")  # 2 940 000 €
IN_WORDS = re.compile(r"\s?(?:[^\s\d(),;:/%]{1,20}\s?){1,4}")
MINUS_AFTER = frozenset("(（[=")
HYPHENS = "-–‑"


class Scanner:
    """The number words of a vocabulary, compiled once; `points`: thousands are grouped by points."""

    def __init__(self, vocabulary: Vocabulary, *, points: bool = False) -> None:
        units, prose = vocabulary.units, vocabulary.prose
        self.units, self.points = units, points
        self.calendar = Calendar(vocabulary)
        self._unit = _unit_words(units.known)
        self._base = next(
            (
                u
                for u in units.known.values()
                if u.family == "money" and u.scale == 1 and u.symbol[:1].isalpha() and not u.symbol.isascii()
            ),
            None,
        )
        letters = "".join(re.escape(word) for word in units.multipliers if len(word) == 1)
        self._multiplier = self._compound = None
        if letters and self._base is not None:
            digits = r"\d[\d,]*(?:\.\d+)?"
            self._multiplier = re.compile(f"[{letters}]+")
            self._compound = re.compile(
                rf"{digits}(?:\s?[{letters}]+\s?{digits}){{1,6}}(?P<last>\s?[{letters}]+)?(?P<base>\s?{re.escape(self._base.symbol)})?"
            )
        self._scales = {word: scale for word, scale in {**units.scales, **units.multipliers}.items() if len(word) > 1}
        self._scale_word = re.compile(rf"\s?(?P<word>{alternatives(self._scales)})(?![^\W\d_])", re.IGNORECASE)
        money = currencies(units.languages)
        self._money_words = frozenset((*self._scales, *money.scales, *money.heads, *money.symbols, *map(str.lower, money.codes)))
        self._infix = _words(prose.get("about_infix", ()))
        self._after = _bounds(prose, "after")
        self._before = _bounds(prose, "before")
        self._ordinal_before = re.compile(f"(?:{alternatives(prose.get('ordinal_before', ()))})\\s?\\Z", re.IGNORECASE)
        ordinal, particle = alternatives(prose.get("ordinal_after", ())), alternatives(prose.get("particles", ()))
        self._ordinal_after = re.compile(
            rf"(?:[·,~∼]\d+){{0,4}}(?!\s?(?:{alternatives(prose.get('compared', ()))}))"
            rf"(?:(?:{ordinal})|\s(?:{ordinal})(?:{particle})?(?![^\W\d_]))"
        )
        self._range = frozenset(prose.get("about_large", ()))
        self._compared = tuple(prose.get("compared", ())) or ("\0",)
        self._glued = (
            *prose.get("particles", ()),
            *prose.get("least_after", ()),
            *prose.get("most_after", ()),
            *prose.get("about_after", ()),
        )
        self._per = _words(prose.get("per", ()), blank=True)
        self._signs = {
            key: unit for key, unit in units.known.items() if len(key) == 1 and not key.isalnum() and unit.family == "money"
        }

    def scan(self, text: str) -> Scan:
        """Every number of a text, its dates and its brackets."""
        text = text[:LONGEST_TEXT]
        dated, periods = dates(text, self.calendar)
        masked = sorted([(d.start, d.end) for d in dated] + [(p.start, p.end) for p in periods])
        starts = [start for start, _ in masked]
        numbers: list[Number] = []
        position = 0
        for run in RUN.finditer(text):
            if run.start() < position or run.end() - run.start() > LONGEST_NUMBER:
                continue
            at = bisect_right(starts, run.start()) - 1
            if at >= 0 and any(run.start() < end for _, end in masked[max(0, at - 1) : at + 1]):
                continue
            number = self._number(text, run.start(), run.end())
            if number is not None:
                numbers.append(number)
                position = number.end
        pairs = brackets(text)
        deep = depths(pairs, [number.start for number in numbers])
        numbers = [replace(number, depth=depth) if depth else number for number, depth in zip(numbers, deep, strict=True)]
        return Scan(text, tuple(numbers), pairs, tuple(dated), tuple(periods))

    def _number(self, text: str, start: int, end: int) -> Number | None:
        while text[end - 1] in ",.":
            end -= 1
        spaced = SPACED.match(text, start)
        if spaced and (
            spaced["by"] != " " or self._priced(text, start, spaced.end()) or _stands_alone(text, start, spaced.end())
        ):
            end = spaced.end()
        if (
            _is_code(text, start, end)
            or (start < LEADING and not text[:start].strip("([ ") and HEAD.match(text, start))
            or self._ordinal_before.search(text, max(0, start - 8), start)
        ):
            return None
        read = self._read(text, start, end)
        if read is None:
            return None
        value, places, unit, end, about, malformed = read
        if value == 1 and unit is not None and text[end : end + 1] == "/" and text[end + 1 : end + 2].isdigit():
            return None  # `1인/7,000원` is a price
        ordinal = unit is None and "," not in text[start:end] and self._ordinal_after.match(text, end)
        if ordinal or (unit is not None and self._per and self._per.match(text, end)):
            return None
        word = ""
        if unit is None or unit.family == "count":
            glued = WORD.match(text, end)
            word = glued.group() if glued else ""
            if glued and unit is None:
                unit, end = Unit(word[:6], "other"), glued.end()
        start, negative, currency = self._marks_before(text, start)
        if word and currency is not None and (scale := self._glued_scale(currency, word)):
            unit, value, places, word = currency, value * scale, places - scale.adjusted(), ""  # £3.4m
        if unit is None and currency is not None:
            unit = currency
            if scaled := self._scale_word.match(text, end):
                scale = self._scales[scaled["word"].lower()]
                value, places, end = value * scale, places - scale.adjusted(), scaled.end()
        bound: Bound = "about" if about else self._bound(text, start, end)
        return Number(start, end, -value if negative else value, text[start:end].strip(), unit, places, bound, word, malformed)

    def _glued_scale(self, currency: Unit, word: str) -> Decimal | None:
        """What the letters behind a number multiply it by, after the sign of a currency: m in £3.4m; None if nothing."""
        phrase = self.units.phrase(currency.symbol + word)
        scale = phrase.unit.scale if phrase is not None else None
        return scale if scale is not None and scale > 1 else None

    def _read(self, text: str, start: int, end: int) -> tuple[Decimal, int, Unit | None, int, bool, bool] | None:
        """(value, decimals, unit, end, about, malformed) of digits with the words behind them."""
        compound = self._compound.match(text, start) if self._compound else None
        if compound and self._base and (compound["base"] or compound["last"]):
            read = parse_compound(compound.group() + ("" if compound["base"] else self._base.symbol), self.units)
            if read is not None:
                counter = None if compound["base"] else self._unit_at(text, compound.end())
                counter = None if counter and read[0] >= LARGE and counter[0].symbol in self._range else counter
                unit, at = counter or (read[2], compound.end())
                return read[0], read[1], unit, at, False, False
        digits = re.sub(r"\s", "", text[start:end])
        number = read_digits(DOTTED.sub(r"\1,\2", digits) if self.points else digits)
        if number is None and self._priced(text, start, end):
            number = broken(digits)
        if number is None:
            return None
        value, places, malformed, _ = number
        if (
            "," in text[start:end]
            and not THOUSANDS.search(text, start, end)
            and not (malformed and self._priced(text, start, end))
        ):
            return self._with_comma(text, start, end, value, places)
        if malformed and ("/" in (text[start - 1 : start], text[end : end + 1]) or self._filed(text, start, end)):
            return None  # 6120/3,6155/1 are numbers of documents
        infix = self._infix.match(text, end) if self._infix else None
        at = infix.end() if infix else end
        found = self._unit_at(text, at)
        if found is not None:
            return value, places, *found, infix is not None, malformed
        scaled = self._scaled(text, at)
        if scaled is None:
            return value, places, None, at, infix is not None, malformed
        unit_, at, scale = scaled
        return value * scale, places - scale.adjusted(), unit_, at, infix is not None, malformed

    def _priced(self, text: str, start: int, end: int) -> bool:
        """True if a currency stands before or behind a number."""
        found = self._unit_at(text, end)
        return self._marks_before(text, start)[2] is not None or (found is not None and found[0].family == "money")

    def _filed(self, text: str, start: int, end: int) -> bool:
        """True if numbers between commas are those of documents, which a name and a hyphen or an ordinal goes with."""
        named = text[start - 1 : start] in (*HYPHENS,) and text[max(0, start - 2) : start - 1].isalpha()
        return named or bool(self._ordinal_after.match(text, end))

    def _with_comma(
        self, text: str, start: int, end: int, value: Decimal, places: int
    ) -> tuple[Decimal, int, Unit | None, int, bool, bool] | None:
        """`12,50 €`; where there are no cents a digit was lost, `45,00원`; without money `3,4분기` lists numbers."""
        found = self._unit_at(text, end)
        if found is None and places and self._marks_before(text, start)[2] is not None:
            return value, places, None, end, False, False  # R$ 251,2 milhões
        if found is None or found[0].family not in ("money", "percent") or not places:
            return None
        lost = self.units.without_cents(found[0])
        return (value.scaleb(places), 0, *found, False, True) if lost else (value, places, *found, False, False)

    def _unit_at(self, text: str, at: int) -> tuple[Unit, int] | None:
        match = self._unit.match(text, at)
        unit = self.units.known.get(squeeze(match.group())) if match else None
        wordlike = unit is not None and (unit.family == "count" or (unit.family == "other" and len(unit.symbol) == 1))
        if match is None or unit is None or (wordlike and self._is_word(text, match)):
            return self._money_at(text, at)
        return unit, match.end()

    def _money_at(self, text: str, at: int) -> tuple[Unit, int] | None:
        """A multiplier and a currency in words, in any order: `450 Mio. Euro`, `215 millones de euros`."""
        behind = IN_WORDS.match(text, at)
        words = list(re.finditer(r"\S+", behind.group())) if behind else []
        if not words or words[0].group().strip(".").lower() not in self._money_words:
            return None
        for last in reversed(words):
            phrase = self.units.phrase(text[at : at + last.end()].strip(" ."))
            of_next = not last.group()[-1].isalpha() and text[at + last.end() :].lstrip()[:1].isdigit()  # $52 million to $46
            if phrase is not None and phrase.sure and phrase.unit.currency and not of_next:
                return phrase.unit, at + last.end() - last.group().endswith(".")
        return None

    def _is_word(self, text: str, unit: re.Match[str]) -> bool:
        """True if what looks like a unit begins a word of its own: `11,850 대비`, `30 명단`."""
        begins = text[unit.start() : unit.start() + 1].isspace()
        if not begins and not text.startswith(self._compared, unit.start()):
            return False
        rest = WORD.match(text, unit.end())
        return rest is not None and not rest.group().startswith(self._glued)

    def _scaled(self, text: str, at: int) -> tuple[Unit | None, int, Decimal] | None:
        """A multiplier word and what it counts: `2만호`, `6천여 명`; large ones alone are money (`8.7조`)."""
        multiplier = self._multiplier.match(text, at) if self._multiplier else None
        if multiplier is None or self._base is None:
            return None
        words, end = multiplier.group(), multiplier.end()
        scale = prod((self.units.multipliers[word] for word in words), start=Decimal(1))
        infix = self._infix.match(text, end) if self._infix else None
        end = infix.end() if infix else end
        counter = self._unit_at(text, end)
        if counter is not None and counter[0].family == "count" and (scale < LARGE or counter[0].symbol not in self._range):
            return counter[0], counter[1], scale
        if scale >= LARGE:
            return self.units.known.get(words + self._base.symbol, self._base), end, Decimal(1)
        return None if WORD.match(text, end) else (None, end, scale)

    def _marks_before(self, text: str, start: int) -> tuple[int, bool, Unit | None]:
        """(start, negative, currency) of the marks that stand before a number."""
        currency, at = None, start
        before = text[max(0, at - 2) : at].rstrip()
        code = CODE.search(text, max(0, at - 5), at)
        unit = self.units.surely(code[1]) or self.units.listed(code[1]) if code else None
        if code and unit is not None and unit.family == "money" and unit.scale == 1:
            currency, at = unit, code.start()
        elif before and before[-1] in self._signs:
            currency, at = self._signs[before[-1]], text.rindex(before[-1], 0, at)
        mark = text[at - 1 : at] if at else ""
        if mark and mark in NEGATIVE_MARKS and not text[max(0, at - 2) : at - 1].isalnum():
            return at - 1, True, currency
        if mark and mark in HYPHENS + "−" and text[max(0, at - 3) : at - 1].rstrip()[-1:] in MINUS_AFTER:
            return at - 1, True, currency
        return at, False, currency

    def _bound(self, text: str, start: int, end: int) -> Bound:
        match = self._after.match(text, end) or self._before.search(text, max(0, start - 12), start)
        return match.lastgroup if match else ""  # type: ignore[return-value]  # the groups are named after the bounds


def _is_code(text: str, start: int, end: int) -> bool:
    """True if digits are part of a code, a telephone number, a clock time, a name (`GS1`, `us-east-1`, `620-06`, `11:00`)."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before:
        times = before in "xX" and not LATIN.match(text[start - 2 : start - 1])
        if (LATIN.match(before) and not times) or before in "☎#№_@ⅠⅡⅢ":
            return True
        if before in HYPHENS + ":" and text[max(0, start - 2) : start - 1].isdigit():
            return True
        if before in HYPHENS and LATIN.match(text[max(0, start - 2) : start - 1]):
            return True
    return bool(after) and after in HYPHENS + ":" and text[end + 1 : end + 2].isdigit()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """True if words stand around digits, so that a blank in them is none between two numbers: `1 305 demandes`."""
    before, behind = text[:start].rstrip()[-1:], text[end : end + 2].lstrip()[:1]
    return text[start] != "0" and not before.isdigit() and (behind.isalpha() or behind in "().")


# --- words ---------------------------------------------------------------------------------------


def _words(words: Iterable[str], *, blank: bool = False) -> re.Pattern[str] | None:
    listed = tuple(words)
    return re.compile((r"\s?" if blank else "") + f"(?:{alternatives(listed)})", re.IGNORECASE) if listed else None


def _bounds(prose: Mapping[str, Sequence[str]], side: str) -> re.Pattern[str]:
    """The words that make a number an approximation or a limit, one named group for each."""
    words = {kind: prose.get(f"{kind}_{side}", ()) for kind in ("about", "least", "most")}
    body = "|".join(
        f"(?P<{kind}>{_whole(listed) if side == 'before' else alternatives(listed)})" for kind, listed in words.items()
    )
    return re.compile(rf"\s?(?:{body})" if side == "after" else rf"(?:{body})\s?\Z", re.IGNORECASE)


def _whole(words: Iterable[str]) -> str:
    """Words as one alternation, which the end of another word is not: no 약 in 제약, no some in handsome."""
    listed = sorted(words, key=len, reverse=True)
    ended = [rf"(?<![^\W\d_]){re.escape(word)}" if len(word) == 1 or word.isascii() else re.escape(word) for word in listed]
    return "|".join(ended) if listed else "(?!)"


def _unit_words(known: Mapping[str, Unit]) -> re.Pattern[str]:
    """Every unit word as one alternation, longest first; words of money and time may hold a blank (`백만 원`)."""
    bodies: list[tuple[int, str]] = []
    for word, unit in known.items():
        gap = r"\s?" if unit.family in ("money", "other", "percent") else ""
        end = r"(?![A-Za-z])" if word[-1:].isascii() and word[-1:].isalpha() else ""
        bodies.append((len(word), gap.join(map(re.escape, word)) + end))
    ordered = [body for _, body in sorted(bodies, reverse=True)]
    return re.compile(r"\s?(?:" + "|".join(ordered) + ")" if ordered else r"(?!)", re.IGNORECASE)
