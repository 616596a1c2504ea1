"""Words of a vocabulary as one regular expression, the longest first; of no words one that nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

NOTHING = "(?!)"
WORDLIKE = 3  # letters of an alphabet with blanks up to which a word counts only as a whole: up, cut


def alternatives(words: Iterable[str]) -> str:
    """The body of an expression that fits any of some words."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or NOTHING


def spoken(words: Iterable[str]) -> str:
    """The same of words in a sentence: of an alphabet with blanks they begin a word, short ones are a whole word."""
    return "|".join(map(_spoken, sorted(words, key=len, reverse=True))) or NOTHING


def _spoken(word: str) -> str:
    if not word[0].isalpha() or word[0] > "ɏ":  # behind the Latin letters
        return re.escape(word)
    return rf"(?<![^\W\d_]){re.escape(word)}" + (r"(?![^\W\d_])" if len(word) <= WORDLIKE else "")


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """An expression that fits any of some words, in capitals or not."""
    return re.compile(spoken(words), re.IGNORECASE)
