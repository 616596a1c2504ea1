"""Columns of a PDF table that no rule parts: amounts under one another, texts with a gutter between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from budgetaudit.readers.pdf_words import Uprights, Word, is_number

_SIGNS = {"$", "₩", "￦", "€", "£", "¥", "R$", "US$"}
APART = 1.0  # of the type size: between two pieces of a line
_NEAR = 0.35  # … between two numbers of a table whose columns no rule parts
_BESIDE = 0.45  # … between a label and its number
_GUTTER = 0.8  # of the type size: between two columns of text
_ROOM = 1.0  # points: what parts two columns at the least
_FLUSH = 2.0  # points by which the ends of numbers set flush right differ
_OVER = 1.5  # points by which what runs through an edge lies on either side of it


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
            last = found[-1]
            size = max(word.size, last.words[-1].size)
            gap = word.left - last.right
            numbers = (amount or dash) and (last.number or last.dash)
            near = _NEAR if numbers else _BESIDE
            apart = gap > APART * size or (
                close and (amount or numbers) and (gap > near * size or (numbers and (dash or last.dash)))
            )
            signed = amount and last.text in _SIGNS
            ruled = (
                uprights is not None and gap > 0 and uprights.between(last.right - 0.5, word.left + 0.5, word.top, word.bottom)
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
