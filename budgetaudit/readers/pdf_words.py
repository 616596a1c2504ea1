"""Characters of a PDF page put together to words and lines. A word is the unit from here on: nothing parts it again."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from statistics import median

from budgetaudit.readers.pdf_objects import Char, Rule, Text
from budgetaudit.readers.printed import is_amount

_LEVEL = 1.0  # points: characters on one baseline
_GAP = 0.25  # of the type size: a wider gap parts words
_GUESSED = 0.12  # … where a blank is not printed but guessed
_OVERLAP = 0.5  # of the type size: how far a blank may lie over what it parts
_TOUCH = 0.2  # of the type size: how near a rule stands to the gap it parts
_WIDEST = 1.1  # of the usual advance of a character
_PUNCTUATION = 0.65  # of the type size: no mark of punctuation is as wide
_NARROW, _WIDE = set(".,:;'!·"), set("()[]-–")
DASHES = {"-", "–", "—", "―", "−", "·", "…"}
_SIGNS = set("△▲▽▼-–−($€£₩")
_SAMPLES = 3
_MET, _CROSSED = 0.05, 0.2  # of the type size: how near two texts come to each other, how far one reaches into the other
_MEETINGS = 3  # so often two texts change places that are printed over one another
_AGAIN = 0.1  # of the type size: as near stands a character that is printed again
_BLANKS = 8  # marks in the stream, at most, that stand between two neighbours


def is_number(text: str) -> bool:
    """True if a text is an amount: what ends in a full stop is part of a date or a list's number."""
    return is_amount(text) and not text.endswith(".")


class Word:
    """Characters without a blank between them."""

    __slots__ = ("base", "bottom", "dash", "direction", "left", "middle", "number", "over", "right", "run", "size", "text", "top")

    def __init__(self, chars: Sequence[Char], over: bool = False) -> None:
        first = chars[0]
        self.over = over  # it stands in a line where one text is printed over another
        self.base, self.direction, self.run = first.base, first.direction, first.run
        if len(chars) == 1:
            self.text, self.size = first.text, first.size
            self.left, self.top, self.right, self.bottom = first.left, first.top, first.right, first.bottom
        else:
            self.text = "".join([char.text for char in chars])
            self.left, self.right = min([char.left for char in chars]), max([char.right for char in chars])
            self.top, self.bottom = min([char.top for char in chars]), max([char.bottom for char in chars])
            self.size = max([char.size for char in chars])
        self.middle = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        self.number, self.dash = is_number(self.text), self.text in DASHES


def runs_on(before: Word, word: Word) -> bool:
    """True if a word goes on with a text that runs into the next column, where something else is printed over it."""
    return word.over and word.run == before.run and not (word.number or word.dash)


class Uprights:
    """The drawn rules that run down, by their place, to ask which stand in a gap."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = sorted(rule for rule in rules if rule.drawn)
        self.places = [rule.at for rule in self.rules]

    def between(self, left: float, right: float, top: float, bottom: float) -> float | None:
        """Where a rule stands between two places that runs past all of a line's height."""
        middle = (top + bottom) / 2
        for rule in self.rules[bisect.bisect_left(self.places, left) : bisect.bisect_right(self.places, right)]:
            if rule.start <= middle <= rule.end and rule.end - rule.start >= bottom - top:
                return rule.at
        return None


def words(text: Text, uprights: Uprights) -> list[Word]:
    """All words of a page; those turned otherwise than the page have another direction than 0."""
    found: list[Word] = []
    layers = [list(_layers(line)) for line in _lines(text.chars)]
    lines = [line for texts in layers for line in texts]
    for line in lines:
        _narrow(line)
    widths = _advances(lines)
    for texts in layers:
        for line in texts:
            _cap(line, widths)
            found += (Word(chars, len(texts) > 1) for chars in _parted(line, text.blanks, uprights))
    return found


def _lines(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """Characters on one baseline, in the order they are read."""
    line: list[Char] = []
    for char in sorted(chars, key=attrgetter("direction", "base")):
        if line and (char.base - line[-1].base > _LEVEL or char.direction != line[-1].direction):
            yield _once(line)
            line = []
        line.append(char)
    if line:
        yield _once(line)


def _once(line: list[Char]) -> list[Char]:
    """A line in order, without the characters printed again in (nearly) the same place, which is how bold type is faked."""
    line.sort(key=attrgetter("along", "at"))
    kept: list[Char] = []
    for char in line:
        near = char.along - _AGAIN * char.size
        for other in kept[-3:]:
            if other.text == char.text and other.along > near:
                break
        else:
            kept.append(char)
    return kept


def _layers(line: list[Char]) -> Iterator[list[Char]]:
    """The texts of a line, each by itself where one is printed over the end of another, as where its cell is clipped."""
    met: Counter[tuple[int, int]] = Counter()
    over: set[tuple[int, int]] = set()
    for before, char in pairwise(line):
        if before.run != char.run and before.right - char.left > -_MET * char.size:
            pair = min(before.run, char.run), max(before.run, char.run)
            met[pair] += 1
            if before.right - char.left > _CROSSED * char.size:
                over.add(pair)
    apart = {pair[1] for pair in over if met[pair] >= _MEETINGS}
    yield [char for char in line if char.run not in apart] if apart else line
    for run in sorted(apart):
        yield [char for char in line if char.run == run]


def _narrow(line: Sequence[Char]) -> None:
    """Take back what fonts without widths claim: punctuation as wide as letters, boxes that reach over the next one."""
    if line[0].direction:
        return
    for char in line:
        if char.right - char.left > _PUNCTUATION * char.size:
            if char.text in _NARROW:
                char.right = char.left + 0.25 * char.size
            elif char.text in _WIDE:
                char.right = char.left + 0.45 * char.size
    for char, after in pairwise(line):
        if char.left + 0.1 * char.size < after.left < char.right:
            char.right = after.left


def _advances(lines: Sequence[Sequence[Char]]) -> dict[tuple[int, str], float]:
    """How far one character usually is from the next, by size and character; all digits are one."""
    seen: dict[tuple[int, str], list[float]] = {}
    for line in lines:
        if line[0].direction == 0:
            for char, after in pairwise(line):
                advance = after.left - char.left
                if char.at + 1 == after.at and 0 < advance < 1.5 * char.size:
                    seen.setdefault(char.kind, []).append(advance)
    return {kind: median(advances) for kind, advances in seen.items() if len(advances) >= _SAMPLES}


def _cap(line: Sequence[Char], advances: Mapping[tuple[int, str], float]) -> None:
    """No character is wider than it usually is: the last one of a word has none behind it that would tell."""
    if line[0].direction:
        return
    for char in line:
        usual = advances.get(char.kind)
        if usual is not None and char.right - char.left > _WIDEST * usual:
            char.right = char.left + _WIDEST * usual


def _parted(line: Sequence[Char], blanks: Mapping[int, bool], uprights: Uprights) -> Iterator[list[Char]]:
    word: list[Char] = []
    for char in line:
        if word and _cut(word[-1], char, blanks, uprights):
            yield word
            word = []
        word.append(char)
    if word:
        yield word


def _cut(before: Char, char: Char, blanks: Mapping[int, bool], uprights: Uprights) -> bool:
    """True if a word ends between two characters of a line."""
    size = max(before.size, char.size)
    gap = _gap(before, char)
    printed = blanks.get(char.at) if before.at < char.at <= before.at + _BLANKS else None
    if gap > _GAP * size:
        # "1, 266": the comma of a font whose every mark is as wide as a letter.
        grouped = (before.text in ",." and char.text.isdecimal()) or (before.text.isdecimal() and char.text in ",.")
        return not (grouped and before.run == char.run and printed is None and gap < size and char.at == before.at + 1)
    if printed is not None and gap > (-_OVERLAP if printed else _GUESSED) * size:
        return True
    apart = before.run != char.run or (char.text in _SIGNS and before.text.isdecimal())
    if apart and gap > -0.1 * size and char.direction == 0:
        return uprights.between(before.right - _TOUCH * size, char.left + _TOUCH * size, char.top, char.bottom) is not None
    return False


def _gap(before: Char, char: Char) -> float:
    match char.direction:
        case 90:
            return before.top - char.bottom
        case 180:
            return before.left - char.right
        case 270:
            return char.top - before.bottom
    return char.left - before.right


def lines(found: Iterable[Word]) -> list[list[Word]]:
    """Words as lines from top to bottom, each from left to right; raised and lowered words stand on the line they touch."""
    rows: list[list[Word]] = []
    for word in sorted(found, key=lambda word: (word.base, word.left)):
        row = next((row for row in rows[:-4:-1] if _level(row[0], word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def _level(one: Word, other: Word) -> bool:
    """True if two words stand on one line: each one's middle within the other's height."""
    return one.top < other.middle[1] < one.bottom and other.top < one.middle[1] < other.bottom


def sideways(found: Iterable[Word]) -> list[list[Word]]:
    """Words turned sideways, in the direction they run, as one line."""
    turned = list(found)
    if not turned:
        return []
    upward = turned[0].direction == 90
    return [sorted(turned, key=lambda word: -word.bottom if upward else word.top)]
