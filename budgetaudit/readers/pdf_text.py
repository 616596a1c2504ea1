"""Text of a PDF page outside ruled tables: lines joined to paragraphs, aligned amounts made a grid.

A table without rulings is believed where several neighbouring lines have amounts under each other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple

from budgetaudit.readers.printed import is_amount, normalise
from budgetaudit.readers.tabbed import Field, Tabbed, runs

_COLUMN_GAP = 1.2  # of the type size: between two columns
_GAP = 0.5  # of the type size: between words
_HANG = 2.0  # points by which an amount may reach over the edge of its column
_BLOCK_GAP = 3.0  # of the type size: between two blocks of text
_SIGNS = {"$", "₩", "￦", "€", "£", "¥"}
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
    plain: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return self.pieces[-1].right


def text_line(plain: dict[str, Any], edges: Sequence[float] = ()) -> TextLine:
    """A line as the child process sends it, its words put together to pieces; edges of columns part amounts."""
    pieces: list[Piece] = []
    for left, right, word in plain["words"]:
        parts = _LEADER.split(word)
        for rank, part in enumerate(parts):
            text = normalise(part).strip()
            near = pieces and rank == 0 and left - pieces[-1].right < _COLUMN_GAP * plain["size"]
            if near and not _is_edge(pieces[-1], left, text, edges):
                pieces[-1] = Piece(pieces[-1].left, right, f"{pieces[-1].text} {text}".strip())
            elif text:
                # A leader is as wide as what it spans: the last part ends, the first starts where the word does.
                width = (right - left) * len(part) / len(word)
                pieces.append(Piece(right - width if rank else left, right if rank else left + width, text))
    return TextLine(plain["top"], plain["bottom"], plain["size"], tuple(_with_signs(pieces)), plain)


def _is_edge(before: Piece, left: float, text: str, edges: Sequence[float]) -> bool:
    """True if the edge of a column parts two words, of which one is an amount."""
    parted = any(before.right - _HANG <= edge <= left + _HANG for edge in edges)
    return parted and (is_amount(text) or is_amount(before.text))


def _with_signs(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Currency signs that stand apart, at the edge of their column, put to the amounts they belong to."""
    sign = ""
    for piece, after in zip_longest(pieces, pieces[1:]):
        if piece.text in _SIGNS and after and is_amount(after.text):
            sign = piece.text + " "
        else:
            yield Piece(piece.left, piece.right, sign + piece.text)
            sign = ""


def blocks(lines: Sequence[TextLine]) -> Iterator[tuple[float, str | Tabbed]]:
    """Paragraph texts and grids, each with its top, from lines in order."""
    for block in _parted([line for line in lines if line.pieces]):
        rows = _fields(block)
        done = 0
        for start, stop in runs([[] if _is_label(row) else row for row in rows]):
            body = [row for row in rows[start:stop] if sum(field.led and is_amount(field.text) for field in row)]
            if start < done or (len(body) < 3 and min(len(row) for row in body) < 3):
                continue
            yield from _paragraphs(block[done:start])
            yield block[start].top, _table(block[start:stop])
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


def _fields(block: Sequence[TextLine]) -> list[list[Field]]:
    """The pieces of each line as fields: under one another with amounts they share a column."""
    columns = _columns(block)
    return [[_field(piece, rank, columns) for rank, piece in enumerate(line.pieces)] for line in block]


def _columns(block: Sequence[TextLine]) -> list[tuple[float, float]]:
    """From where to where each column of amounts reaches."""
    columns: list[tuple[float, float]] = []
    for left, right, _ in sorted(piece for line in block for piece in line.pieces[1:] if is_amount(piece.text)):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns


def _field(piece: Piece, rank: int, columns: Sequence[tuple[float, float]]) -> Field:
    reached = [at for at, (left, right) in enumerate(columns) if piece.left < right and left < piece.right]
    if len(reached) == 1 and (rank or is_amount(piece.text)):
        return Field(reached[0], piece.text)
    if reached:
        return Field(reached[0], piece.text, led=False)
    beyond = bool(columns) and piece.left >= columns[-1][1]
    return Field(len(columns) if beyond else -1, piece.text, led=beyond)


def _table(lines: Sequence[TextLine]) -> Tabbed:
    """The lines of a table without rulings: amounts in their columns, texts in columns of their own between them."""
    amounts = _columns(lines)
    texts: list[list[list[Piece]]] = []  # by line, by gap before, between and after the amounts
    table: list[dict[int, str]] = []  # amounts (and what stands under them) by their column
    for line in lines:
        found: dict[int, str] = {}
        gaps: list[list[Piece]] = [[] for _ in range(len(amounts) + 1)]
        for rank, piece in enumerate(line.pieces):
            reached = [at for at, (left, right) in enumerate(amounts) if piece.left < right and left < piece.right]
            if reached and (rank or is_amount(piece.text)) and reached[0] not in found:
                found[reached[0]] = piece.text
            else:
                gaps[sum(left < piece.left for left, _ in amounts)].append(piece)
        texts.append(gaps)
        table.append(found)
    _head(texts, table, amounts)
    rows: list[list[str]] = [[] for _ in lines]
    for gap in range(len(amounts) + 1):
        starts = _starts([line[gap] for line in texts])
        for row, line_texts in zip(rows, texts, strict=True):
            shares: list[list[str]] = [[] for _ in starts]
            for piece in line_texts[gap]:
                shares[max(sum(start < piece.right for start in starts) - 1, 0)].append(piece.text)
            row += (" ".join(share) for share in shares)
        if gap < len(amounts):
            for row, found in zip(rows, table, strict=True):
                row.append(found.get(gap, ""))
    return Tabbed(rows, _indents(lines, amounts[0][0] if amounts else 0.0))


def _head(texts: Sequence[list[list[Piece]]], table: Sequence[dict[int, str]], amounts: Sequence[tuple[float, float]]) -> None:
    """Put headings that stand beside the amounts they head, not over them, into the columns of these."""
    body = next((row for row, found in enumerate(table) if any(map(is_amount, found.values()))), len(table))
    usual = [max((len(line[gap]) for line in texts[body:]), default=0) for gap in range(len(amounts) + 1)]
    for gaps, found in zip(texts[:body], table, strict=False):
        for gap, most in enumerate(usual):
            for piece in gaps[gap][most or (gap == 0) :]:
                free = [at for at in (gap - 1, gap) if 0 <= at < len(amounts) and at not in found]
                nearest = min(free, key=lambda at: max(amounts[at][0] - piece.right, piece.left - amounts[at][1]), default=None)
                if nearest is not None:
                    found[nearest] = piece.text
                    gaps[gap].remove(piece)


def _starts(lines: Sequence[Sequence[Piece]]) -> list[float]:
    """Where the text columns of a gap start: as many as the fullest lines have pieces."""
    most = max(map(len, lines))
    full = [line for line in lines if len(line) == most]
    return [min(line[rank].left for line in full) for rank in range(most)]


def _indents(lines: Sequence[TextLine], first: float) -> list[int]:
    """By how many characters each label is set in."""
    labels = [line.left for line in lines if line.right < first or line.left < first]
    edge = min(labels, default=0.0)
    return [max(0, round((line.left - edge) / (line.size / 2))) if line.left < first else 0 for line in lines]


def _is_label(row: Sequence[Field]) -> bool:
    """True if a line stands wholly left (or right) of the amounts: part of a wrapped label."""
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
