"""How far a table reaches whose rules only stand above one another: over which columns, and which lines above and below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from budgetaudit.readers import pdf_columns
from budgetaudit.readers.pdf_columns import Piece
from budgetaudit.readers.pdf_rules import Frame, edges
from budgetaudit.readers.pdf_words import Word

OVER = 1.5  # points by which what runs through an edge lies on either side of it
_TABLE = 0.4  # of the lines between loose rules: as many have an amount beside something else
_WRAPPED = 4  # lines of a label at most
_PITCH = 2.4  # of the type size: from one line of a table to the next


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
    return pdf_columns.pieces([word for word in line if frame.left <= word.middle[0] <= frame.right], 0, True)
