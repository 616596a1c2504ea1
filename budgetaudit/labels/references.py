"""Line numbers and letters, and what labels say a line is made of: `소계(1+2)`, `(= Zeilen 10 und 17)`, `예산액(A)`, `B/C`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

BARE = re.compile(r"[(（\[]?\s?0*(\d{1,3})\s?[.)）\]]?")
MARKED = re.compile(r"[(（]?\s?0*(\d{1,3})\s?(?:[.)）]\s?|\s(?:[-+=/]\s?)?|=\s?)(?=[^\W\d_])")
DEFINED = re.compile(r"[(（\[]?\s?0*(\d{1,3})\s?[)）\]]?\s?=")
NUMBER = r"(?:[(（\[]\s?0*\d{1,3}\s?[)）\]]|0*\d{1,3})"
SIGN = r"[-−–+~∼～&,/*×÷<]"
SEQUENCE = re.compile(rf"(?P<word>#\s?)?{NUMBER}(?:\s?(?:{SIGN}\s?){{1,2}}#?\s?{NUMBER}){{1,20}}(?!\s?[\d.%])")
TOKEN = re.compile(r"([-+~&/*]?)(\d+)")
OPENS, CLOSES = "(（[〔=:", ")）]〕"
PLAIN = str.maketrans({"−": "-", "–": "-", "∼": "~", "～": "~", ",": "&", "×": "*", "÷": "/"})
SIGNS = (("line_from", "<"), ("line_ranges", "~"), ("line_joints", "&"), ("line_minus", "-"), ("line_words", "#"))
SYLLABLE = "(?<![가-힣])[가나다라마바사아자차카타파하](?![가-힣])"  # lists count with these, and with ㄱ and ア
KANA = "(?<![ァ-ヺー])[アイウエオカキクケコ](?![ァ-ヺー])"
LETTER = rf"(?:(?<![A-Za-z])[A-Za-z](?![A-Za-z])|[㉠-㉻ⓐ-ⓩⒶ-Ⓩ①-⑳ㄱ-ㅎ]|{SYLLABLE}|{KANA})"
ALONE = re.compile(rf"[(（\[]\s?(?:[^()（）\[\]]{{0,30}}[\s,;])?\s?(?P<letter>{LETTER})\s?(?:[,;][^()（）\[\]]{{0,30}})?[)）\]]")
TAIL = re.compile(r"(?P<letter>[㉠-㉻ⓐ-ⓩⒶ-Ⓩ①-⑳])\s?$")
NAMED = re.compile(rf"(?P<letter>{LETTER})\s?=")
QUOTIENT = re.compile(rf"(?P<first>{LETTER})\)?\s?[/÷]\s?\(?(?P<second>{LETTER})")


def own_letter(text: str) -> str:
    """The letter that a label gives to its line, '' if none; formulas are no longer in the text."""
    defined = NAMED.search(text)
    if defined:
        return defined["letter"]
    for pattern in (ALONE, TAIL):
        match = pattern.search(text)
        if match:
            return match["letter"]
    return ""


def quotient(text: str) -> frozenset[str]:
    """The two letters of a label that divides one by the other; H/W and A/S look alike, until the letters are found."""
    match = QUOTIENT.search(text)
    return frozenset((match["first"], match["second"])) if match else frozenset()


def line_number(texts: Sequence[str]) -> str:
    """The number that labels give to their line, '' if none: 04 | Personal, `3. Steuern`, `(3)`, `3=1+2`."""
    printed = [text.strip() for text in texts if text.strip()]
    for text in reversed(printed):
        if match := BARE.fullmatch(text) or DEFINED.match(text):
            return match[1]
    match = MARKED.match(printed[-1]) if printed else None
    return match[1] if match else ""


def made_of(text: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """What a label says its line is made of, as `=10&17` where a word or sign announces it, `1+2+3` where brackets do.

    `~` stands between the ends of a range, `&` between numbers of which the label does not say whether they are added.
    """
    if not any(sign in text for sign in "(（[〔=:") and not any(character.isdigit() for character in text):
        return ""
    plain = _plain(text, words)
    for match in SEQUENCE.finditer(plain):
        before, after = plain[: match.start()].rstrip(), plain[match.end() :].lstrip()
        equals = before.endswith("=")
        enclosed = (before[-1:] in OPENS and before != "") and (not after or after[0] in CLOSES or equals)
        if match["word"] or enclosed or (equals and not after):
            terms = re.sub(r"[#\s()（）\[\]]", "", match.group()).translate(PLAIN)
            terms = re.sub(r"&(?=[-~+/*])|(?<=[-~+/*])&", "", terms)
            taken, less, other = terms.partition("<")
            terms = f"{other}-{taken}" if less else terms  # line 7 from line 4
            return ("=" if match["word"] or equals else "") + terms
    return ""


def terms(refers: str) -> Iterator[tuple[str, str]]:
    """Each number that a label refers to, with the sign before it: + - ~ & / * or '' for the first."""
    for sign, number in TOKEN.findall(refers.lstrip("=")):
        yield sign, number.lstrip("0") or "0"


def _plain(text: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """A label with the words between line numbers as signs."""
    plain = " ".join(text.lower().split())
    for name, sign in SIGNS:
        if pattern := _pattern(words.get(name, ())):
            plain = pattern.sub(f" {sign} " if sign != "#" else " #", plain)
    return " ".join(plain.split())


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Words that stand beside a number, whole where their letters are written apart from others."""
    if not words:
        return None
    listed = "|".join(re.escape(word.lower()) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{listed})(?![^\W\d_])")
