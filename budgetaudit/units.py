"""Read a unit as it is printed: a word of a vocabulary, or a multiplier and a currency in any order.

`thousands of dollars`, `EUR million`, `Mio. Euro`, `T€`, `£000`, `1000 CHF`, `R$ mil`, `백만 달러`. Words of a language come
from its vocabulary, names and signs of currencies from CLDR; nothing here knows a language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from budgetaudit.currencies import Currencies, currencies
from budgetaudit.label_text import BRACKETS, squeeze
from budgetaudit.model import Unit

LONGEST = 60
MOST_TOKENS, LONGEST_WORD = 8, 16
ENDING = 4  # words of a unit at the end of a label
NAME_WORDS = 5  # words of the name of a currency
TOKEN = re.compile(r"\d[\d.,'’ ]*\d|\d|[^\W\d_]+|\S")
POINTS = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]\b|\s|[^\w.]|\Z)|(?<=\w)[’'](?=s\b)")
ZEROS = re.compile(r"1?0*\Z")
MARKS = frozenset("'’()-–/,:·&*")
FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5E)} | {0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩"}
ONE = Decimal(1)
WORDED = ("amount_words", "scales", "glued", "joints", "nothing", "credit", "numerals")  # lists of words in a section `units`
FAMILIES: Mapping[str, Literal["count", "other"]] = {"count": "count", "time": "other"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A multiplier and a currency. `sure`: nobody would print it and mean anything else, not even in a bracket behind a name."""

    unit: Unit
    sure: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """What the tokens read so far say. `kinds` has a letter each: c(urrency), w(eak name of one), s(cale), l(one letter of it),
    z(eros), y (ten, hundred).

    `home`: the currency of all tokens, whose country's words for thousands and millions are understood.
    """

    scale: Decimal = ONE
    currency: str = ""
    kinds: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """The unit words of the active vocabularies, blanks removed and lower-cased.

    `scales` are words for thousands and millions in a unit, `glued` letters written right before a currency (T€, kEUR), `joints`
    what stands between the two (thousands of dollars).
    """

    known: Mapping[str, Unit] = field(default_factory=dict)
    multipliers: Mapping[str, Decimal] = field(default_factory=dict)
    amount_words: frozenset[str] = frozenset()
    scales: Mapping[str, Decimal] = field(default_factory=dict)
    glued: Mapping[str, Decimal] = field(default_factory=dict)
    joints: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    about: tuple[str, ...] = ()
    credit: Mapping[str, int] = field(default_factory=dict)
    numerals: Mapping[str, Decimal] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    _read: dict[str, Phrase | None] = field(default_factory=dict, compare=False, repr=False)

    def find(self, text: str) -> Unit | None:
        """The unit that a text is, as a whole."""
        listed = self.listed(text)
        if listed is not None:
            return listed
        phrase = self.phrase(text)
        return phrase.unit if phrase is not None else None

    def listed(self, text: str) -> Unit | None:
        """The unit that a vocabulary lists under a word."""
        key = squeeze(text)
        return self.known.get(key) or self.known.get(key.strip("."))

    def surely(self, text: str) -> Unit | None:
        """The unit that a text is, if it can be nothing else."""
        listed = self.listed(text)
        if listed is not None:
            return listed
        phrase = self.phrase(text)
        return phrase.unit if phrase is not None and phrase.sure else None

    def in_brackets(self, text: str) -> Unit | None:
        """The unit a label carries in brackets: `총사업비(백만원)`, `비율(%)`."""
        for match in BRACKETS.finditer(text):
            inner = match.group().strip().strip("()（）[]〔〕<>＜＞【】").strip()
            whole = self.surely(inner)
            if whole is not None:
                return whole
            for part in re.split(r"[:：,/]", inner)[::-1]:
                unit = self.surely(part)
                if unit is not None:
                    return unit
        return None

    def trailing(self, text: str) -> tuple[str, Unit] | None:
        """A label and the unit of money it ends with: `Budget in TEUR`, `2025 £m`, `사업비 백만원`; None if it ends with none."""
        words = text.split()
        for at in range(max(len(words) - ENDING, 0), len(words)):
            phrase = self.phrase(" ".join(words[at:])) if self._ends(words[-1]) else None
            if phrase is None or not phrase.sure or not (phrase.unit.currency or phrase.unit.scale != ONE):
                continue
            bare = phrase.unit.scale == ONE and words[-1].islower() and words[-1].isascii()
            if bare and not (at and words[at - 1].lower() in self.joints):
                continue  # contracts won
            while at and words[at - 1].lower() in self.joints:
                at -= 1
            return " ".join(words[:at]), phrase.unit
        return None

    def _ends(self, word: str) -> bool:
        """True if a word can be the last one of a unit of money."""
        key = squeezed(word)
        if not key or (len(key) == 1 and key.isalnum()):
            return False
        unit = self.known.get(key)
        if unit is not None:
            return unit.family == "money"
        words = currencies(self.languages)
        signs = any(unicodedata.category(letter) == "Sc" for letter in word)
        return (
            signs
            or word in words.codes
            or any(key in listed for listed in (words.names, words.heads, self.scales))
            or (word.isupper() and word[-3:] in words.codes)
        )

    def base(self) -> Unit | None:
        """The currency whose multiplier words stand inside numbers, or None."""
        money = (unit for unit in self.known.values() if unit.family == "money" and unit.scale == 1)
        return next(money, None) if self.multipliers else None

    def phrase(self, text: str) -> Phrase | None:
        """A text that is a multiplier and a currency, in any order, or one of them."""
        if len(text) > LONGEST or not text.strip():
            return None
        if text not in self._read:
            self._read[text] = self._phrase(text)
        return self._read[text]

    def without_cents(self, unit: Unit | None) -> bool:
        """True if amounts of a unit have no decimals: nothing is smaller than a won or a yen."""
        return unit is not None and unit.scale == 1 and bool(unit.currency) and unit.currency in currencies(self.languages).whole

    def with_cents(self, unit: Unit | None) -> bool:
        """True if a unit is that of a currency that has decimals."""
        return unit is not None and unit.scale == 1 and bool(unit.currency) and not self.without_cents(unit)

    def _phrase(self, text: str) -> Phrase | None:
        plain = POINTS.sub("", text.translate(FULL_WIDTH).strip(" .:：()（）[]"))
        tokens = [(match.group(), match.start()) for match in TOKEN.finditer(plain)]
        if not tokens or len(tokens) > MOST_TOKENS or any(len(token) > LONGEST_WORD for token, _ in tokens):
            return None
        known = self.known.get(squeezed(plain))
        if known is not None and known.family != "money":
            return None
        words = currencies(self.languages)
        read = self._tokens(plain, tokens, 0, _Read(home=self._named(plain, tokens, words)), words)
        if read is None:
            return None
        kinds = set(read.kinds)
        named = bool(kinds & {"c", "w"})
        symbol = " ".join(plain.split())
        symbol = f"× {symbol}" if symbol[0].isdigit() else symbol  # 91 × 1000 CHF
        if ("y" in kinds and "s" not in kinds) or not (named or self._multiplier(kinds, plain)):
            return None
        if named and read.scale == ONE and kinds == {"c"}:
            bare = symbol in words.codes and symbol.lower() not in self.known  # CAD and TOP are also other things
            return Phrase(self._symbol(read.currency, symbol), sure=not bare)
        return Phrase(Unit(symbol, "money", read.scale, read.currency), sure=kinds != {"w"})

    @staticmethod
    def _multiplier(kinds: set[str], text: str) -> bool:
        """True if a multiplier without a currency is printed so that it is nothing else: thousands, 백만, '000."""
        if kinds == {"z"}:
            return not text[0].isdigit() or not text[-1].isdigit()
        return "s" in kinds and kinds <= {"s", "z", "y"} and len(text) > 1

    def _named(self, text: str, tokens: list[tuple[str, int]], words: Currencies) -> str:
        """The currency that a text names, which says whose words for thousands and millions it prints: tys. zł, mil. Kč."""
        for at in range(len(tokens)):
            for end in range(min(len(tokens), at + NAME_WORDS), at, -1):
                stretch = text[tokens[at][1] : tokens[end - 1][1] + len(tokens[end - 1][0])]
                named = self._currency(stretch, squeezed(stretch), words)
                if named and named[0][1]:
                    return named[0][1]
        return ""

    def _symbol(self, currency: str, symbol: str) -> Unit:
        return self.known.get(squeeze(symbol)) or Unit(symbol, "money", ONE, currency)

    def _tokens(self, text: str, tokens: list[tuple[str, int]], at: int, read: _Read, words: Currencies) -> _Read | None:
        """The reading of all tokens from one on, the longest names first; None if one of them says something else."""
        if at == len(tokens):
            return read
        for end in range(min(len(tokens), at + NAME_WORDS), at, -1):
            stretch = text[tokens[at][1] : tokens[end - 1][1] + len(tokens[end - 1][0])]
            for made in self._piece(tokens, at, end, stretch, read, words):
                if (whole := self._tokens(text, tokens, end, made, words)) is not None:
                    return whole
        return None

    def _piece(
        self, tokens: list[tuple[str, int]], at: int, end: int, stretch: str, read: _Read, words: Currencies
    ) -> list[_Read]:
        key = squeezed(stretch)
        found: list[_Read] = []
        if not set("cw") & set(read.kinds) and not (end > at + 1 and tokens[end - 1][0].lower() in self.scales):
            found += [self._with(read, kind, currency=code) for kind, code in self._currency(stretch, key, words)]
        if end > at + 1:
            return found
        if stretch[0].isdigit():
            return found + self._zeros(stretch, read)
        scale = self._scale(key, read.home, words) or self._product(stretch, upper=False, before=True, words=words)
        beside = self._beside(tokens, at)
        if scale is not None and (len(key) > 1 or not key.isascii() or beside):
            found.append(self._with(read, "s" if len(key) > 1 or not key.isascii() else "l", scale=scale))
        if key in self.glued and self._before(tokens, at):
            found.append(self._with(read, "l", scale=self.glued[key]))
        joined = read.kinds and end < len(tokens) and len(stretch) < len("000s") and stretch.islower()
        if key in self.joints or stretch in MARKS or joined:
            found.append(read)
        if "c" not in read.kinds and len(stretch) > 1:
            found += self._split(stretch, read, words)
        return found

    def _currency(self, stretch: str, key: str, words: Currencies) -> list[tuple[str, str]]:
        """(kind, code) of the currency that a stretch names."""
        known = self.known.get(key)
        if known is not None and known.family == "money" and known.scale == 1:
            return [("c", known.currency)]
        if stretch in words.codes:
            return [("c", stretch)]
        if key in words.names:
            return [("c", words.names[key])]
        if key in words.symbols:
            return [("w" if key.isalpha() else "c", words.symbols[key])]
        if key in words.heads:
            return [("w", words.heads[key])]
        if key.upper() in words.codes and key.isascii():
            return [("w", key.upper())]
        return []

    def _scale(self, key: str, home: str, words: Currencies) -> Decimal | None:
        own = words.homes.get(home, {}).get(key)
        if own is not None:
            return Decimal(own)
        wide = words.wide.get(home, {}).get(key)
        found = self.scales.get(key) or self.multipliers.get(key) or words.scales.get(key)
        return found or (Decimal(wide) if wide is not None else None)

    def _zeros(self, stretch: str, read: _Read) -> list[_Read]:
        """1000, 000, '000: a multiplier in digits."""
        digits = re.sub(r"\D", "", stretch)
        zeros = digits.count("0")
        if set("zy") & set(read.kinds) or not zeros or not ZEROS.match(digits) or re.search(r"[.,]\d{1,2}\Z", stretch):
            return []
        return [self._with(read, "y" if zeros < len("000") else "z", scale=Decimal(10) ** zeros)]

    def _split(self, stretch: str, read: _Read, words: Currencies) -> list[_Read]:
        """One word of a multiplier and a currency: 백만달러, 千円, TEUR, EURm."""
        found = []
        for at in range(1, len(stretch)):
            for first, second in ((stretch[:at], stretch[at:]), (stretch[at:], stretch[:at])):
                upper = second.isascii()
                if upper and second not in words.codes:
                    continue
                if not upper and first.isascii():
                    continue
                scale = self._product(first, upper=upper, before=first == stretch[:at], words=words)
                if scale is None:
                    continue
                for kind, code in self._currency(second, second.lower(), words):
                    found.append(self._with(read, "s" + kind.replace("w", "c"), scale=scale, currency=code))
        return found

    def _product(self, text: str, *, upper: bool, before: bool, words: Currencies) -> Decimal | None:
        """The multiplier that letters make together: 백만 is a million."""
        if upper:
            key = text.lower()
            return self.glued.get(key) if before else self._scale(key, "", words)
        scale = self.scales.get(text) or words.scales.get(text)
        if scale is not None:
            return scale
        product = ONE
        for letter in text:
            own = self.multipliers.get(letter) or self.scales.get(letter) or words.scales.get(letter)
            if own is None:
                return None
            product *= own
        return product

    @staticmethod
    def _with(read: _Read, kind: str, *, scale: Decimal = ONE, currency: str = "") -> _Read:
        return _Read(read.scale * scale, read.currency or currency, read.kinds + kind, read.home)

    @staticmethod
    def _beside(tokens: list[tuple[str, int]], at: int) -> bool:
        """True if a lone letter stands right behind the sign or the code of a currency: £m, EUR m."""
        return at > 0 and (tokens[at - 1][0].isupper() or not tokens[at - 1][0].isalnum()) and tokens[at - 1][0] not in MARKS

    @staticmethod
    def _before(tokens: list[tuple[str, int]], at: int) -> bool:
        """True if letters stand right before the sign or the code of a currency: T€, k EUR."""
        if at + 1 >= len(tokens) or tokens[at + 1][0] in MARKS:
            return False
        following, start = tokens[at + 1]
        glued = start == tokens[at][1] + len(tokens[at][0])
        return not following.isalnum() if glued else following.isupper()


def squeezed(text: str) -> str:
    """A word as the names of currencies are kept: no blanks, points, apostrophes, capitals."""
    return "".join(text.split()).replace(".", "").replace("’", "").replace("'", "").lower()


def merged(sections: Iterable[Mapping[str, Any]], about: tuple[str, ...], languages: tuple[str, ...]) -> Units:
    """The unit words of several vocabularies, given as their sections `units`; the first meaning of a word counts."""
    known: dict[str, Unit] = {}
    multipliers: dict[str, Decimal] = {}
    worded: dict[str, dict[str, Any]] = {name: {} for name in WORDED}
    for section in sections:
        _listed(section, known)
        for word, scale in section.get("multipliers", {}).items():
            multipliers.setdefault(word, Decimal(scale))
        for name, found in worded.items():
            given = section.get(name, ())
            pairs = given.items() if isinstance(given, Mapping) else ((word, "1") for word in given)
            for word, value in pairs:
                found.setdefault(squeeze(word), Decimal(value))
    return Units(
        known,
        multipliers,
        amount_words=frozenset(worded["amount_words"]),
        scales=worded["scales"],
        glued=worded["glued"],
        joints=frozenset(worded["joints"]),
        nothing=frozenset(worded["nothing"]),
        about=about,
        credit={word: int(sign) for word, sign in worded["credit"].items()},
        numerals=worded["numerals"],
        languages=languages,
    )


def _listed(section: Mapping[str, Any], known: dict[str, Unit]) -> None:
    """Add the units that a vocabulary lists word by word."""
    currencies_of = dict(section.get("currency", {}))
    for symbol, scale in section.get("money", {}).items():
        currency = next((code for word, code in currencies_of.items() if symbol.endswith(word)), "")
        known.setdefault(squeeze(symbol), Unit(symbol, "money", Decimal(scale), currency))
    for symbol, entry in section.get("other_money", {}).items():
        known.setdefault(squeeze(symbol), Unit(symbol, "money", Decimal(entry["scale"]), entry["currency"]))
    for symbol in section.get("percent", ()):
        known.setdefault(squeeze(symbol), Unit("%", "percent"))
    for name, family in FAMILIES.items():
        for symbol in section.get(name, ()):
            known.setdefault(squeeze(symbol), Unit(symbol, family))
