"""Tables of a PDF whose rules enclose the headings only: the amounts below stand in the columns of these headings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import and_
from typing import NamedTuple

from budgetaudit.readers.pdf_text import TextLine, text_line
from budgetaudit.readers.printed import is_amount

_MOST = 100  # columns
_TITLES = 12  # lines without amounts, at most, between two rows
_GAP = 8.0  # of the type size: from a row to the next; a grand total often stands far below
_INSIDE = 0.6  # of a piece: as much must lie in its column
_HANG = 2.0  # points by which a label may reach into the first column of amounts
_REACH = 0.6  # of the columns: as far goes a title; prose goes farther
_CLOSE = 1.5  # of the type size: from a line to the next of the same table
_FILLED = 0.5  # of the columns: as many must hold amounts


class Below(NamedTuple):
    """The rows below a band of headings, by column, and how far each is set in; the titles at their end that no row follows."""

    rows: list[tuple[dict[int, str], int]]
    used: int  # so many of the lines are in the rows
    titles: list[tuple[dict[int, str], int]]


def is_band(texts: Sequence[str], columns: int) -> bool:
    """True if a ruled table holds headings of columns and no amount."""
    return (
        2 < columns <= _MOST
        and sum(map(bool, texts)) > 2
        and not any(is_amount(line) for text in texts for line in text.split("\n"))
    )


def below(xs: Sequence[float], bottom: float, lines: Sequence[TextLine], foot: float) -> Below | None:
    """What stands in the columns of a band that ends at `bottom`; None if it is no table.

    It ends where a line runs across the columns, or stands too far below, or too many have no amount.
    """
    first = _first(xs, lines)
    waiting: list[tuple[dict[int, str], float]] = []  # titles, and from where they start
    taken: list[tuple[dict[int, str], float]] = []
    used = 0
    reach = bottom
    for number, line in enumerate(lines):
        row = _row(xs, line, first)
        if row is None or line.top - reach > _GAP * line.size or len(waiting) > _TITLES:
            break
        amounts = _amounts(row)
        if taken and not waiting and not amounts and 0 not in taken[-1][0] and line.top < reach - 1:
            taken[-1] = (row | taken[-1][0], line.left)  # a label that stands a little lower than its amounts
            used = number + 1
        elif not amounts:
            waiting.append((row, line.left))
        elif len(row) > 1:
            taken += [*waiting, (row, line.left)]
            waiting = []
            used = number + 1
        else:  # the number of a page
            break
        reach = max(reach, line.bottom)
    filled = set[int]().union(*(_amounts(row) for row, _ in taken))
    if len(filled) < _FILLED * (len(xs) - 2):
        return None
    edge = min(left for _, left in taken)
    half = max(line.size for line in lines[:used]) / 2
    close = (line.top - before.bottom < _CLOSE * line.size for before, line in pairwise(lines[used - 1 :]))
    rest = [line for line, near in zip(lines[used:], accumulate(close, and_), strict=True) if line.top < foot or near]
    names = [row for line in rest if (row := _row(xs, line, first)) is not None and not _amounts(row)]
    titles = list(zip(names, (line.left for line in rest), strict=True)) if len(names) == len(rest) <= _TITLES else []
    rows, names_below = ([(row, max(0, round((left - edge) / half))) for row, left in part] for part in (taken, titles))
    return Below(rows, used, names_below)


def _amounts(row: dict[int, str]) -> set[int]:
    """The columns right of the labels that hold an amount."""
    return {column for column, text in row.items() if column and is_amount(text)}


def _first(xs: Sequence[float], lines: Sequence[TextLine]) -> int:
    """The first column that holds amounts; those before it hold labels, which may run from one into the next."""
    middles = [
        (piece.left + piece.right) / 2
        for line in lines
        for piece in text_line(line.plain, xs).pieces[1:]
        if is_amount(piece.text)
    ]
    return max(1, min((bisect_right(xs, middle) - 1 for middle in middles), default=1))


def _row(xs: Sequence[float], line: TextLine, first: int) -> dict[int, str] | None:
    """The texts of a line by column; None if something runs across columns.

    A label may, up to what follows it in the line; where nothing does, over some of the columns.
    """
    pieces = text_line(line.plain, xs).pieces
    row: dict[int, str] = {}
    for rank, piece in enumerate(pieces):
        shares = [min(right, piece.right) - max(left, piece.left) for left, right in pairwise(xs)]
        column = max(range(len(shares)), key=shares.__getitem__)
        if shares[column] < _INSIDE * (piece.right - piece.left):
            alone = xs[0] + _REACH * (xs[-1] - xs[0]) if rank + 1 == len(pieces) else 0.0
            among_labels = piece.left < xs[first] and piece.right < max(alone, xs[first] + _HANG)
            label = rank == 0 and piece.left < xs[first] and len(pieces) > 1
            if is_amount(piece.text) or not (label or among_labels):
                return None
            column = max(0, bisect_right(xs, piece.left) - 1)
        if column in row:
            if is_amount(piece.text) or is_amount(row[column]):
                return None
            row[column] += f" {piece.text}"
        else:
            row[column] = piece.text
    return row
