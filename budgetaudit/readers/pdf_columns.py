"""Columns of a PDF table that no rule parts, and how far a table reaches whose rules only stand above one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from budgetaudit.readers.pdf_rules import Frame, edges
from budgetaudit.readers.pdf_words import Uprights, Word, is_number, runs_on

_SIGNS = {"$", "₩", "￦", "€", "£", "¥", "R$", "US$"}
APART = 1.0  # of the type size: between two pieces of a line
_NEAR = 0.35  # … between two numbers of a table whose columns no rule parts
_BESIDE = 0.45  # … between a label and its number
_OVERPRINTED = 0.5  # of the type size: a text that starts as far before the end of another is none of its words
_GUTTER = 0.8  # of the type size: between two columns of text
_ROOM = 1.0  # points: what parts two columns at the least
_FLUSH = 2.0  # points by which the ends of numbers set flush right differ
_OVER = 1.5  # points by which what runs through an edge lies on either side of it
OVER = 1.5  # points by which what runs through an edge lies on either side of it
_TABLE = 0.4  # of the lines between loose rules: as many have an amount beside something else
_WRAPPED = 4  # lines of a label at most
_PITCH = 2.4  # of the type size: from one line of a table to the next


@dataclass(slots=True)
class Piece:
    """Words of a line that belong together."""

    words: list[Word]
    line: int = 0
    number: bool = False
    dash: bool = False

    @property
    def left(self) -> float:
        """Where it starts; a currency's sign at the edge of its column is no part of the number."""
        return self.words[1 if self.number and len(self.words) > 1 and self.words[0].text in _SIGNS else 0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class _Cluster:
    """Numbers under one another."""

    left: float
    right: float
    pieces: list[Piece] = field(default_factory=list)

    @property
    def flush(self) -> bool:
        """True if its numbers end at one place; what ends in a bracket or sign may hang over."""
        ends = sorted(piece.right for piece in self.pieces if not piece.dash)
        return bool(ends) and sum(ends[-1] - end < _FLUSH for end in ends) * 2 > len(ends)

    @property
    def lines(self) -> set[int]:
        return {piece.line for piece in self.pieces}

    def away(self, other: _Cluster) -> float:
        """How far it stands from another one."""
        return max(other.left - self.right, self.left - other.right)

    def add(self, piece: Piece) -> None:
        self.left, self.right = min(self.left, piece.left), max(self.right, piece.right)
        self.pieces.append(piece)


def pieces(line: Sequence[Word], number: int, close: bool, uprights: Uprights | None = None) -> list[Piece]:
    """The pieces of a line; `close` parts numbers that stand near each other, for no rule would."""
    found: list[Piece] = []
    for word in line:
        amount, dash = word.number, word.dash
        if found:
            last = next((piece for piece in found[-2:] if runs_on(piece.words[-1], word)), found[-1])
            size = max(word.size, last.words[-1].size)
            gap = word.left - last.right
            numbers = (amount or dash) and (last.number or last.dash)
            near = _NEAR if numbers else _BESIDE
            apart = not -_OVERPRINTED * size < gap <= APART * size or (
                close and (amount or numbers) and (gap > near * size or (numbers and (dash or last.dash)))
            )
            signed = amount and last.text in _SIGNS
            ruled = (
                uprights is not None
                and gap > 0
                and not runs_on(last.words[-1], word)
                and (uprights.between(last.right - 0.5, word.left + 0.5, word.top, word.bottom))
            )
            if signed or not (apart or ruled):
                last.words.append(word)
                last.number, last.dash = is_number(last.text) or signed, False
                continue
        found.append(Piece([word], number, amount, dash))
    return found


def cuts(lines: Sequence[Sequence[Piece]], left: float, right: float, every: bool) -> list[float]:
    """Where the columns of these lines part; unless `every`, only where amounts stand beside one another line by line."""
    table = [line for line in lines if len(line) > 1]
    clusters = _clusters(piece for line in table for piece in line if piece.number or piece.dash)
    if not every:
        both = [len(one.lines & other.lines) for one, other in pairwise(clusters)]
        return [
            _room(lines, one.right, other.left, other)
            for one, other, shared in zip(clusters, clusters[1:], both, strict=False)
            if shared > 1
        ]
    regions = _regions(clusters, left, right)
    found: list[float] = []
    for start, end in regions:
        found += _gutters([[piece for piece in line if start <= piece.left and piece.right <= end] for line in table])
    if not clusters:
        return sorted(found)
    for one, other in pairwise(clusters):
        between = [cut for cut in found if one.right <= cut <= other.left]
        texts = [
            piece
            for line in table
            for piece in line
            if not piece.number and not piece.dash and one.right - _OVER <= piece.left and piece.right <= other.left + _OVER
            and piece.line in one.lines and piece.line in other.lines
        ]  # fmt: skip
        if texts:  # a column of text between two of numbers
            found.append(_room(lines, one.right, min(piece.left for piece in texts), None))
            found.append(_room(lines, max(piece.right for piece in texts), other.left, other))
        elif not between:
            found.append(_room(lines, one.right, other.left, other))
    first, last = clusters[0], clusters[-1]
    before = [piece for line in table for piece in line if _beside(piece, first, before=True)]
    if before:
        found.append(_room(lines, max(min(piece.right, first.left) for piece in before), first.left, first))
    after = [piece for line in table for piece in line if _beside(piece, last, before=False)]
    if after:
        found.append(_room(lines, last.right, min(max(piece.left, last.right) for piece in after), None))
    return sorted(found)


def _beside(piece: Piece, cluster: _Cluster, before: bool) -> bool:
    """True if a text stands left (or right) of a column of numbers, in a line of it."""
    if piece.number or piece.dash or piece.line not in cluster.lines:
        return False
    beside = next(other for other in cluster.pieces if other.line == piece.line)
    return piece.right <= beside.left if before else piece.left >= beside.right


def _clusters(numbers: Iterable[Piece]) -> list[_Cluster]:
    """Numbers by column; a lone one, or dashes alone, go to the neighbour that has nothing in their lines."""
    found: list[_Cluster] = []
    for piece in sorted(numbers, key=lambda piece: (piece.left + piece.right) / 2):
        best = next((cluster for cluster in reversed(found[-3:]) if _under(cluster, piece)), None)
        if best is None:
            best = _Cluster(piece.left, piece.right)
            found.append(best)
        best.add(piece)
    found.sort(key=lambda cluster: cluster.left)
    kept: list[_Cluster] = []
    for at, cluster in enumerate(found):
        if len(cluster.lines) > 1 and not all(piece.dash for piece in cluster.pieces):
            kept.append(cluster)
            continue
        neighbours = [other for other in (kept[-1:] + found[at + 1 : at + 2]) if not other.lines & cluster.lines]
        if neighbours:
            nearest = min(neighbours, key=cluster.away)
            if cluster.pieces[0].dash or cluster.away(nearest) < nearest.right - nearest.left:  # else it is a mark
                for piece in cluster.pieces:
                    nearest.add(piece)
        elif len(cluster.lines) > 1:
            kept.append(cluster)
    return kept


def _under(cluster: _Cluster, piece: Piece) -> bool:
    shared = min(cluster.right, piece.right) - max(cluster.left, piece.left)
    return shared > 0.25 * min(cluster.right - cluster.left, piece.right - piece.left)


def _regions(clusters: Sequence[_Cluster], left: float, right: float) -> Iterator[tuple[float, float]]:
    """What lies before, between and behind the columns of numbers."""
    start = left - _OVER
    for cluster in clusters:
        yield start, cluster.left
        start = cluster.right
    yield start, right + _OVER


def _gutters(lines: Sequence[Sequence[Piece]]) -> list[float]:
    """Where columns of text part: what no line with several texts covers, with texts of two lines on either side."""
    several = [line for line in lines if len(line) > 1]
    if len(several) < 2:
        return []
    size = max(piece.words[0].size for line in several for piece in line)
    found: list[float] = []
    reach = min(line[0].left for line in several)
    for piece in sorted((piece for line in several for piece in line), key=lambda piece: piece.left):
        if piece.left - reach > _GUTTER * size:
            middle = (piece.left + reach) / 2
            if sum(line[0].right < middle < line[-1].left for line in several) > 1:
                found.append(middle)
        reach = max(reach, piece.right)
    return found


def _room(lines: Sequence[Sequence[Piece]], start: float, end: float, to: _Cluster | None) -> float:
    """The best place for an edge between two places, in a room that no word of any line reaches into.

    Before numbers set flush right it is the first one, for their header may begin far left of them; else the widest.
    """
    if end <= start:
        return (start + end) / 2
    reach = start
    rooms: list[tuple[float, float]] = []
    spans = sorted(
        (word.left, word.right)
        for line in lines
        for piece in line
        for word in piece.words
        if word.right > start and word.left < end
    )
    for left, right in [*spans, (end, end)]:
        if min(left, end) - reach > _ROOM:
            rooms.append((reach, min(left, end)))
        reach = max(reach, right)
    if not rooms:
        return (start + end) / 2
    left, right = rooms[0] if to is not None and to.flush else max(rooms, key=lambda room: room[1] - room[0])
    return (left + right) / 2


def widened(frame: Frame, page_lines: Sequence[Sequence[Word]]) -> bool:
    """True if rules above one another make a table of what stands between them; its frame then reaches over all columns."""
    inside = [line for line in page_lines if frame.top - 1 < line[0].base < frame.bottom + 1]
    _widen(frame, inside)
    parts = [(line[0].base, part) for line in inside if (part := _pieces_in(line, frame))]
    rows = [base for base, part in parts if len(part) > 1 and any(piece.number or piece.dash for piece in part)]
    wide = sum(len(part) > 2 for _, part in parts)
    wrapped = 0  # lines of a label around the one line of amounts between two rules
    for top, bottom in pairwise(edges(rule.at for rule in frame.across)):
        between = sum(top < base < bottom for base, _ in parts)
        if between <= _WRAPPED and sum(top < base < bottom for base in rows) == 1:
            wrapped += between - 1
    count = len(parts) - wrapped
    if len(rows) < 2 or (len(rows) < _TABLE * count and wide * 2 < count):
        return False
    _lengthen(frame, page_lines)
    return True


def _widen(frame: Frame, inside: Sequence[Sequence[Word]]) -> None:
    """Reach to the left and right while most lines with an amount have words there."""
    rows = [line for line in inside if any(piece.number for piece in _pieces_in(line, frame))]
    left = [[word for word in line if word.right <= frame.left + OVER] for line in rows]
    right = [[word for word in line if word.left >= frame.right - OVER] for line in rows]
    if sum(map(bool, left)) * 2 > len(rows):
        frame.left = min(word.left for words in left for word in words) - 1
    if sum(map(bool, right)) * 2 > len(rows):
        frame.right = max(word.right for words in right for word in words) + 1


def _lengthen(frame: Frame, page_lines: Sequence[Sequence[Word]]) -> None:
    """Reach up and down over lines that stand in the same columns: rules often only mark the header or the sums."""
    inside = [
        at for at, line in enumerate(page_lines) if frame.top - 1 < line[0].base < frame.bottom + 1 and _pieces_in(line, frame)
    ]
    if not inside:
        return
    numbers = [piece for at in inside for piece in _pieces_in(page_lines[at], frame) if piece.number]
    for step, at in ((-1, inside[0]), (1, inside[-1])):
        before, headers, kept = page_lines[at], 0, at
        while 0 <= (at := at + step) < len(page_lines):
            line = page_lines[at]
            if abs(line[0].base - before[0].base) > _PITCH * max(line[0].size, before[0].size):
                break
            part = _pieces_in(line, frame)
            outside = any(word.right < frame.left - OVER or word.left > frame.right + OVER for word in line)
            if not part or outside:
                break
            fits = any(
                (piece.number or (step < 0 and len(part) > 1 and not piece.dash))
                and any(min(piece.right, number.right) > max(piece.left, number.left) for number in numbers)
                for piece in part
            )
            if fits and (any(piece.number for piece in part) or step < 0):
                headers += not any(piece.number for piece in part)
                if headers > 4:
                    break
                kept = at
            elif step < 0 or len(part) > 1 or any(piece.number for piece in part):
                break
            before = line
        reached = page_lines[kept]
        frame.top = min(frame.top, min(word.top for word in reached) - 0.5) if step < 0 else frame.top
        frame.bottom = max(frame.bottom, max(word.bottom for word in reached) + 0.5) if step > 0 else frame.bottom


def _pieces_in(line: Sequence[Word], frame: Frame) -> list[Piece]:
    return pieces([word for word in line if frame.left <= word.middle[0] <= frame.right], 0, True)
