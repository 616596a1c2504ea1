"""Text of a PDF page outside ruled tables: lines joined to paragraphs, aligned amounts made a grid.

A table without rulings is believed where several neighbouring lines have amounts under each other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from budgetaudit.readers.printed import is_amount, normalise
from budgetaudit.readers.tabbed import Field, Tabbed, aligned, runs

_COLUMN_GAP = 1.2  # of the type size: between two columns
_GAP = 0.5  # of the type size: between words
_BLOCK_GAP = 3.0  # of the type size: between two blocks of text
_LEADER = re.compile(r"[.·…‥]{4,}")
BULLET = re.compile(
    r"[□■○●◎◇◆▷▶ㅇ◦❍❏▪•·∙※*\-–—①-⑳]|[(<\[〈《【「]|[(]?[\dA-Za-z가-하ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,3}[.)]|제\s?\d{1,3}\s?[조항장절]"
)


class Piece(NamedTuple):
    """What stands between two wide gaps of a line."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line."""

    top: float
    bottom: float
    size: float
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return self.pieces[-1].right


def text_line(plain: dict[str, Any]) -> TextLine:
    """A line as the child process sends it, its words put together to pieces."""
    pieces: list[Piece] = []
    for left, right, word in plain["words"]:
        parts = _LEADER.split(word)
        for rank, part in enumerate(parts):
            text = normalise(part).strip()
            near = pieces and rank == 0 and left - pieces[-1].right < _COLUMN_GAP * plain["size"]
            if near:
                pieces[-1] = Piece(pieces[-1].left, right, f"{pieces[-1].text} {text}".strip())
            elif text:
                # A leader is as wide as what it spans: the last part ends, the first starts where the word does.
                width = (right - left) * len(part) / len(word)
                pieces.append(Piece(right - width if rank else left, right if rank else left + width, text))
    return TextLine(plain["top"], plain["bottom"], plain["size"], tuple(pieces))


def blocks(lines: Sequence[TextLine]) -> Iterator[tuple[float, str | Tabbed]]:
    """Paragraph texts and grids, each with its top, from lines in order."""
    for block in _parted([line for line in lines if line.pieces]):
        rows = _columns(block)
        done = 0
        for start, stop in runs([[] if _is_label(row) else row for row in rows]):
            body = [row for row in rows[start:stop] if sum(field.led and is_amount(field.text) for field in row)]
            if start < done or (len(body) < 3 and min(len(row) for row in body) < 3):
                continue
            yield from _paragraphs(block[done:start])
            yield block[start].top, Tabbed(aligned(rows[start:stop]))
            done = stop
        yield from _paragraphs(block[done:])


def _parted(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    block: list[TextLine] = []
    for line in lines:
        if block and line.top - block[-1].bottom > _BLOCK_GAP * line.size:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _columns(block: Sequence[TextLine]) -> list[list[Field]]:
    """The pieces of each line as fields: under one another with amounts they share a column."""
    amounts = sorted(piece for line in block if len(line.pieces) > 1 for piece in line.pieces[1:] if is_amount(piece.text))
    columns: list[tuple[float, float]] = []
    for left, right, _ in amounts:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return [[_field(piece, rank, columns) for rank, piece in enumerate(line.pieces)] for line in block]


def _field(piece: Piece, rank: int, columns: Sequence[tuple[float, float]]) -> Field:
    reached = [at for at, (left, right) in enumerate(columns) if piece.left < right and left < piece.right]
    if len(reached) == 1 and (rank or is_amount(piece.text)):
        return Field(reached[0], piece.text)
    if reached:
        return Field(reached[0], piece.text, led=False)
    beyond = bool(columns) and piece.left >= columns[-1][1]
    return Field(len(columns) if beyond else -1, piece.text, led=beyond)


def _is_label(row: Sequence[Field]) -> bool:
    """Whether a line stands wholly left (or right) of the amounts: part of a wrapped label."""
    return all(field.at == -1 or (field.led and not is_amount(field.text) and len(row) == 1) for field in row)


def _paragraphs(lines: Sequence[TextLine]) -> Iterator[tuple[float, str]]:
    """Lines as paragraphs: a line without room for the next one's first word goes on in it."""
    if not lines:
        return
    margin = max(line.right for line in lines)
    top, text = lines[0].top, lines[0].text
    for before, line in itertools.pairwise(lines):
        first = line.text.split(" ", 1)[0]
        word = (line.pieces[0].right - line.left) * len(first) / len(line.pieces[0].text)
        full = len(before.pieces) == 1 and before.right + word + _GAP * before.size > margin
        close = line.top - before.bottom < before.size and abs(line.size - before.size) < 1
        if full and close and not BULLET.match(line.text):
            text = f"{text} {line.text}"
        else:
            yield top, text
            top, text = line.top, line.text
    yield top, text
