"""What currencies are called, and the words for thousands and millions, in the languages of the active vocabularies.

Read from rules/currencies.jsonl, which scripts/currencies.py writes from Unicode CLDR: one line for what holds everywhere,
then one for each language. Only the lines that are needed are read, and only when a unit is met that no vocabulary lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Currencies:
    """The words of currencies, without blanks, points and capitals; a word that several share means "".

    `names` are whole names (US dollars), `heads` what several begin or end with (dollars). `homes`: the words for thousands and
    millions where a currency is tender; `wide`: of one that many countries share. `whole`: currencies without cents.
    """

    codes: frozenset[str]
    symbols: Mapping[str, str]
    names: Mapping[str, str]
    heads: Mapping[str, str]
    scales: Mapping[str, Decimal]
    homes: Mapping[str, Mapping[str, int]]
    wide: Mapping[str, Mapping[str, int]]
    whole: frozenset[str]


def rules_folder() -> Path:
    """Where the shipped rules lie: inside the installed package, or at the top of a checkout."""
    installed = Path(__file__).parent / "_rules"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "rules"


@lru_cache(maxsize=8)
def currencies(languages: tuple[str, ...]) -> Currencies:
    """The words of some languages, the first one first."""
    everywhere, found = _lines(frozenset(languages))
    names: dict[str, str] = {}
    heads: dict[str, str] = {}
    scales: dict[str, Decimal] = {}
    for language in languages:
        line = found.get(language, {})
        for target, key in ((names, "names"), (heads, "heads")):
            for word, code in line.get(key, {}).items():
                target.setdefault(word, code)
        for word, scale in line.get("scales", {}).items():
            scales.setdefault(word, Decimal(scale))
    return Currencies(
        frozenset(everywhere["codes"]),
        everywhere["symbols"],
        names,
        heads,
        scales,
        everywhere["homes"],
        everywhere["wide"],
        frozenset(everywhere["whole"]),
    )


def _lines(languages: frozenset[str]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    prefixes = tuple(f'{{"language":"{language}"' for language in languages)
    with (rules_folder() / "currencies.jsonl").open(encoding="utf-8") as file:
        everywhere = json.loads(next(file))
        chosen = [json.loads(line) for line in file if line.startswith(prefixes)]
    return everywhere, {line["language"]: line for line in chosen}
