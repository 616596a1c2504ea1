"""Words of a vocabulary as one regular expression, the longest first; of no words one that nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

NOTHING = "(?!)"


def alternatives(words: Iterable[str]) -> str:
    """The body of an expression that fits any of some words."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or NOTHING


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """An expression that fits any of some words, in capitals or not."""
    return re.compile(alternatives(words), re.IGNORECASE)
