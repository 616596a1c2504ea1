"""Korean particles behind a value: 을 or 를, 이 or 가, 으로 or 로, as its last sound asks.

A text gives both, `{stated}을(를)`; numbers sound as they are read, so that 8,310 takes 으로 and 8,312 로.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# After a consonant, after a vowel.
PAIRS = {
    "을(를)": ("을", "를"),
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라고": ("이라고", "라고"),
}
BEHIND = re.compile(r"\{(\w+)\}(['’]?)(" + "|".join(map(re.escape, PAIRS)) + ")")
UNSPOKEN = re.compile(r"[^\w%]+\Z")
REMARK = re.compile(r"(?:\s*[(\[][^()\[\]]*[)\]])?[^\w%]*\Z")
ZEROS = re.compile(r"(?<=\d)[0,]+\Z")
L = 8  # the final ㄹ, after which 로 stays as it is
DIGITS = {"1": L, "2": 0, "3": 1, "4": 0, "5": 0, "6": 1, "7": L, "8": L, "9": 0}
LETTERS = {"l": L, "r": L, "m": 1, "n": 1}
TRILLION = 12  # zeros of 조, the only one of the great numbers that ends in a vowel


def with_particles(text: str, values: Mapping[str, object]) -> str:
    """The text with the particle that each value asks for; the short one where nobody knows how it sounds."""
    return BEHIND.sub(lambda found: f"{{{found[1]}}}{found[2]}{_particle(str(values.get(found[1], '')), found[3])}", text)


def _particle(value: str, pair: str) -> str:
    final = _final(value) or 0  # a sign or a dash that nobody reads aloud takes the short form
    consonant, vowel = PAIRS[pair]
    return vowel if not final or (final == L and pair == "(으)로") else consonant


def _final(value: str) -> int | None:
    """The final consonant that a value ends with when it is read aloud; 0 for none, None if it is not known.

    >>> [_final(text) for text in ("8,310", "8,312", "1,000,000,000,000", "도비", "국비 · 군", "(33)", "총사업비(원)", "☞")]
    [1, 0, 0, 0, 4, 1, 0, None]
    """
    spoken = REMARK.sub("", value) or UNSPOKEN.sub("", value)
    if not spoken:
        return None
    last = spoken[-1]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28
    if last == "0":
        zeros = ZEROS.search(spoken)
        return int(zeros is None or zeros[0].count("0") < TRILLION)
    if last in DIGITS:
        return DIGITS[last]
    return LETTERS.get(last.lower(), 0) if last.isascii() else None
