"""Words of a vocabulary as one regular expression, the longest first; of no words one that nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

NOTHING = "(?!)"
LAST_LATIN = "ɏ"
WORDLIKE = 3  # letters of an alphabet with blanks up to which a word counts only as a whole: up, cut


def alternatives(words: Iterable[str]) -> str:
    """The body of an expression that fits any of some words."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or NOTHING


def spoken(words: Iterable[str]) -> str:
    """The same of words in a sentence: of an alphabet with blanks they begin a word, short ones are a whole word."""
    listed = tuple(words)
    latin = [word for word in listed if word[0].isalpha() and word[0] <= LAST_LATIN]
    bodies = [alternatives(set(listed).difference(latin))] if len(latin) < len(listed) else []
    for whole, end in ((False, ""), (True, r"(?![^\W\d_])")):
        found = [word for word in latin if (len(word) <= WORDLIKE) == whole]
        bodies += [rf"(?<![^\W\d_])(?:{alternatives(found)}){end}"] if found else []
    return "|".join(bodies) or NOTHING


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """An expression that fits any of some words, in capitals or not."""
    return re.compile(spoken(words), re.IGNORECASE)
