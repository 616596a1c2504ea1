"""Write rules/currencies.jsonl: what currencies are called, and the words for thousands and millions, taken from CLDR.

Needs Babel (BSD), which carries the Unicode CLDR data (Unicode licence v3). A run of budgetaudit reads the file alone, and of
it only the languages of its vocabularies: one line each. Run it again when Babel has newer data.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global

TARGET = Path(__file__).parent.parent / "rules" / "currencies.jsonl"
SOURCE = "Unicode CLDR, by way of Babel; © Unicode, Inc., https://www.unicode.org/license.txt"
NAMED = 100  # a language that names fewer currencies than this is not translated
FEW = 3  # a currency of more countries has no letters of its own for thousands and millions
SPOKEN = 15.0  # percent of a country's people


def in_use() -> dict[str, set[str]]:
    """Every currency of today with the territories where it is tender."""
    used = defaultdict(set)
    for territory, listed in get_global("territory_currencies").items():
        for code, _, until, tender in listed:
            if until is None and tender:
                used[code].add(territory)
    return used


def plain(text: str) -> str:
    """A word as it is looked up: lower case, without blanks, points and apostrophes."""
    return re.sub(r"[\s.’'\u200e\u200f\u061c]", "", text).lower()


def scales(locale: Locale) -> dict[str, int]:
    """The words that a language writes behind a number for its thousands, millions and so on."""
    found = {}
    for forms in locale.compact_decimal_formats.values():
        for patterns in forms.values():
            for size, pattern in patterns.items():
                printed = getattr(pattern, "pattern", pattern)
                zeros = len(re.findall("0", printed))
                word = printed.replace("0", "").replace("'", "").strip()
                if zeros and plain(word) and not re.search(r"\s", word):
                    found[plain(word)] = int(size) // 10 ** (zeros - 1)
    return found


def names(locale: Locale, codes: Iterable[str]) -> dict[str, str]:
    """What a language calls the currencies: full names, singular and plural."""
    found = defaultdict(set)
    for code in codes:
        plural = locale._data["currency_names_plural"].get(code, {})
        for name in {locale.currencies.get(code, code), *plural.values()} - {code}:
            found[plain(name)].add(code)
    return only(found)


def only(found: dict[str, set[str]]) -> dict[str, str]:
    """word → the one currency it means, "" if it may be several."""
    return {word: next(iter(codes)) if len(codes) == 1 else "" for word, codes in sorted(found.items()) if word.isprintable()}


def heads(locale: Locale, codes: Iterable[str]) -> dict[str, str]:
    """The first or last word of names of several words: dollars, francs, Pfund, reais."""
    found = defaultdict(set)
    for code in codes:
        plural = locale._data["currency_names_plural"].get(code, {})
        words = [name.replace("-", " ").split() for name in {locale.currencies.get(code, code), *plural.values()}]
        for end in (0, -1):
            for word in {plain(parts[end]) for parts in words if len(parts) > 1}:
                found[(end, word)].add(code)
    # The noun stands at the end where the words there are shared by many currencies, at the beginning otherwise.
    shared = {end: sum(len(codes) > 2 for (at, _), codes in found.items() if at == end) for end in (0, -1)}
    end = max(shared, key=lambda at: shared[at])
    return only({word: codes for (at, word), codes in found.items() if at == end and len(word) > 1 and word.isalpha()})


def symbols(codes: set[str]) -> dict[str, str]:
    """Every sign of a currency in any locale; a lone letter is none."""
    found = defaultdict(set)
    for identifier in localedata.locale_identifiers():
        for code, sign in localedata.load(identifier).get("currency_symbols", {}).items():
            if code in codes and plain(sign) != code.lower() and not (len(plain(sign)) == 1 and sign.isalpha() and sign < "⺀"):
                found[plain(sign)].add(code)
    return only(found)


def home_scales(territories: Iterable[str]) -> dict[str, int]:
    """The words for thousands and millions of the languages that people speak where a currency is tender."""
    found = defaultdict(set)
    for territory in territories:
        for language, facts in get_global("territory_languages").get(territory, {}).items():
            if facts["population_percent"] < SPOKEN or not facts["official_status"]:
                continue
            for identifier in (f"{language}_{territory}", language):
                if localedata.exists(identifier):
                    for word, scale in scales(Locale.parse(identifier)).items():
                        found[word].add(scale)
                    break
    shared = len(list(territories)) > FEW
    return {word: sizes.pop() for word, sizes in sorted(found.items()) if len(sizes) == 1 and not (shared and len(word) == 1)}


def spoken() -> set[str]:
    """The official languages of at least a part of a country's people."""
    return {
        language.split("_")[0]
        for listed in get_global("territory_languages").values()
        for language, facts in listed.items()
        if facts["population_percent"] >= SPOKEN and facts["official_status"]
    }


def lines() -> list[str]:
    """The file: what holds everywhere, then one line for each language."""
    used = in_use()
    codes = set(used)
    fractions = get_global("currency_fractions")
    whole = sorted(code for code in codes if fractions.get(code, (2,))[0] == 0)
    homes = {code: home_scales(sorted(used[code])) for code in sorted(codes)}
    wide = {code: homes.pop(code) for code in sorted(codes) if len(used[code]) > FEW}
    made = [{"source": SOURCE, "codes": sorted(codes), "whole": whole, "symbols": symbols(codes), "homes": homes, "wide": wide}]
    for identifier in sorted(spoken() & set(localedata.locale_identifiers())):
        locale = Locale.parse(identifier)
        named = names(locale, codes)
        if len(named) >= NAMED:
            made.append({"language": identifier, "scales": scales(locale), "names": named, "heads": heads(locale, codes)})
    return [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in made]


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
