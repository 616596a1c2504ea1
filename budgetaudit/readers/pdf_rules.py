"""Rules of a PDF page put together to the frames of tables: rules that touch, and rules above one another with text between."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from budgetaudit.readers.pdf_objects import Rule
from budgetaudit.readers.pdf_words import Word

SNAP = 2.0  # points within which two edges are one
_DOTS = 4.0  # points: the gap between the dots of a dotted rule; what is no longer is no rule
_TOUCH = 3.0
_LEVEL = 1.5  # points: rules of one height are one row of rules
_LINE = 34.0  # points a line of text, at most, between two rules of one table
_AGREE = 4.0
_OVERLAP = 0.7
_SAME = 1.0  # points: rules as long as each other part the blank rows of a table too


@dataclass(slots=True)
class Frame:
    """The rules of one table, and how far it reaches: as far as any of them, for outer rules are often left out."""

    across: list[Rule]
    upright: list[Rule] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0

    def __post_init__(self) -> None:
        self.left = min([*(rule.start for rule in self.across), *(rule.at for rule in self.upright)])
        self.right = max([*(rule.end for rule in self.across), *(rule.at for rule in self.upright)])
        self.top = min([*(rule.at for rule in self.across), *(rule.start for rule in self.upright)])
        self.bottom = max([*(rule.at for rule in self.across), *(rule.end for rule in self.upright)])

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def is_open(self) -> bool:
        """True if its columns are a matter of alignment: no rules part them, or only a few."""
        inner = (rule for rule in self.upright if self.left + SNAP < rule.at < self.right - SNAP)
        return sum(rule.end - rule.start for rule in inner) < (self.bottom - self.top) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def edges(places: Iterable[float]) -> list[float]:
    """Distinct places; those within the snap distance of the one before are the same."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > SNAP:
            found.append(place)
    return found


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules at (nearly) one place that touch, or are the dots of one, as one."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules):
        if levels and rule.at - levels[-1][0].at <= SNAP:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    found: list[Rule] = []
    for level in levels:
        at = sum(rule.at for rule in level) / len(level)
        level.sort(key=lambda rule: rule.start)
        start, end, drawn = level[0].start, level[0].end, level[0].drawn
        for rule in level[1:]:
            if rule.start - end > _DOTS:
                found.append(Rule(at, start, end, drawn))
                start, end, drawn = rule.start, rule.end, rule.drawn
            else:
                end, drawn = max(end, rule.end), drawn or rule.drawn
        found.append(Rule(at, start, end, drawn))
    return [rule for rule in found if rule.end - rule.start > _DOTS]


def frames(across: Sequence[Rule], upright: Sequence[Rule], lines: Sequence[Sequence[Word]]) -> list[Frame]:
    """The frames of a page: what its rules enclose or part."""
    boxed: list[Frame] = []
    loose: list[Rule] = []
    for group_across, group_upright in _touching(across, upright):
        if not group_upright:
            loose += group_across
        elif group_across:
            frame = Frame(group_across, group_upright)
            shaded = not any(rule.drawn for rule in (*group_across, *group_upright))
            narrow = len(edges(rule.at for rule in group_upright)) <= 2 or len(edges(rule.at for rule in group_across)) <= 2
            if shaded and narrow:
                loose += group_across  # an area in colour: a stripe of a table, whole or cell by cell, or a banner
            else:
                boxed.append(frame)
    rest: list[Rule] = []
    for rule in loose:
        owner = next((frame for frame in boxed if _lies_in(rule, frame)), None)
        if owner is None:
            rest.append(rule)
        else:
            owner.across.append(rule)
    return boxed + [Frame(group) for group in _stacked(rest, lines)]


def _lies_in(rule: Rule, frame: Frame) -> bool:
    return frame.top <= rule.at <= frame.bottom and frame.left - _TOUCH <= rule.start and rule.end <= frame.right + _TOUCH


def _touching(across: Sequence[Rule], upright: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that touch, directly or through others, together."""
    upright = sorted(upright)
    places = [rule.at for rule in upright]
    owner = list(range(len(across) + len(upright)))

    def find(one: int) -> int:
        while owner[one] != one:
            owner[one] = owner[owner[one]]
            one = owner[one]
        return one

    for number, rule in enumerate(across):
        first = bisect.bisect_left(places, rule.start - _TOUCH)
        for at in range(first, bisect.bisect_right(places, rule.end + _TOUCH)):
            if upright[at].start - _TOUCH <= rule.at <= upright[at].end + _TOUCH:
                owner[find(len(across) + at)] = find(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate((*across, *upright)):
        group = groups.setdefault(find(number), ([], []))
        group[number >= len(across)].append(rule)
    return list(groups.values())


def _stacked(loose: Sequence[Rule], lines: Sequence[Sequence[Word]]) -> list[list[Rule]]:
    """Rules that touch no upright, those above one another with text between them together; a lone one is no frame."""
    rows: list[list[Rule]] = []
    for rule in sorted(loose):
        if rows and rule.at - rows[-1][0].at <= _LEVEL:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    groups: list[list[list[Rule]]] = []
    for row in rows:
        group = next((group for group in reversed(groups[-4:]) if _joins(group, row, lines)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return [[rule for row in group for rule in row] for group in groups if len(group) > 1]


def _joins(group: Sequence[Sequence[Rule]], row: Sequence[Rule], lines: Sequence[Sequence[Word]]) -> bool:
    """True if a row of rules goes on with the table of those above it."""
    last = group[-1]
    left, right = min(rule.start for above in group for rule in above), max(rule.end for above in group for rule in above)
    start, end = row[0].start, max(rule.end for rule in row)
    shared = min(right, end) - max(left, start)
    within = (left - _AGREE <= start and end <= right + _AGREE) or (start - _AGREE <= left and right <= end + _AGREE)
    if not (within or shared >= _OVERLAP * min(right - left, end - start)):
        return False
    top, bottom = last[0].at, row[0].at
    between = sum(
        top < line[0].base < bottom + 1 and line[-1].right > min(left, start) and line[0].left < max(right, end) for line in lines
    )
    blank = not between and abs(last[0].start - start) < _SAME and abs(max(rule.end for rule in last) - end) < _SAME
    return bottom - top <= _LINE * (between or blank) or bottom - top < _DOTS
