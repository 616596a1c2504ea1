"""The sentences, bullets and cells of prose of a document, in reading order, each with its place and the headings above it.

Lines that a page broke are put together where a bracket stands open or an operator waits for its operand; bullets that
stand on one line are taken apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budgetaudit.amounts import NEGATIVE_MARKS
from budgetaudit.model import Cell, Document, Grid, Paragraph, Place

BULLETS = "▸▹▻▾▿→➔➜↳✓✔✦◈▣▤▪□■◇◆○◯●◎ㅇ▶▷►▪▫•∙·ㆍ⋅◦∘❍❖✔※*∎☞➢➤❏❑"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
SMALL_ROMAN = frozenset("ivx")
ROMAN = frozenset("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩIVX")
MARK = re.compile(
    rf"\s*(?P<mark>[{BULLETS}]|[-–−‣―](?=\s)|[①-⑳]|(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[IVX]{{1,4}}|[ivx]{{1,4}}|\d{{1,2}}|[^\W\d_])\s?[.)\]](?!\d)|<(?=[^<>]*>\s*\Z)|\[(?=[^\[\]]*\]\s*\Z))\s*"
)
MINUEND = r"[^\d=×*+]{1,20}\d[\d,.]*[^\d=×*+]{0,8}[=＝]"  # `- 낙찰금액 1,131,680천원 =` takes away, it is no bullet
SPLIT = re.compile(rf"\s+(?=[□■○◯●▶▷•∙❍◦](?:[\s(]|[^\W\d_]))|\s+(?=-\s(?!{MINUEND})[^\d\s△▲])")
NUMERAL, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
CONTINUES = re.compile(r"\s*(?:[)\]}=×*+＋＝]|\D{0,3}=)")
WAITS = re.compile(r"[=×*+＋＝/,(]\s*\Z")
LARGEST_GRID = 20_000  # a grid with more cells is a ledger, no prose
MAX_JOINED = 6
HEADING, LINE = 60, 25


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or bullet. `rank` orders marks from headings (0) to remarks; `cell` is (grid number, row, column) from 0.

    `over`: the kinds of marks that it stands under, its own included.
    """

    text: str
    place: Place
    number: int
    mark: str = ""
    rank: int = 4
    heading: tuple[str, ...] = ()
    cell: tuple[int, int, int] | None = None
    block: int = 0
    indent: int = 0
    over: frozenset[str] = frozenset()

    def under(self, other: Statement) -> bool:
        """True if this line is subordinate to another one by its mark, or because its kind of mark is new beneath the other's."""
        turned = self.rank >= other.rank - 1 and self.mark != "" and other.mark != "" and kind_of(self) not in other.over
        return self.beneath(other) or (turned and kind_of(self)[:1] not in "*※")

    def beneath(self, other: Statement) -> bool:
        """True if this line is subordinate to another one: by its mark, or indented more under a mark of the same rank."""
        return self.rank > other.rank or (self.mark != "" and self.rank == other.rank and self.indent > other.indent)


def statements(document: Document, unfinished: Sequence[str] = ()) -> tuple[Statement, ...]:
    """Every statement of a document that is not a table's bare number or label.

    `unfinished`: endings of a line that the next one goes on with (particles, a comma).
    """
    found: list[Statement] = []
    grid_number = 0
    paragraphs: Counter[int | None] = Counter()  # of each page
    for at, block in enumerate(document.blocks):
        if isinstance(block, Grid):
            grid_number += 1
            if block.rows * block.columns <= LARGEST_GRID:
                found.extend(_of_grid(document.path, block, grid_number, at))
        else:
            paragraphs[block.page] += 1
            found.extend(_of_paragraph(document.path, block, at, paragraphs[block.page]))
    return tuple(_with_headings(_joined(found, tuple(unfinished))))


def _of_paragraph(path: str, block: Paragraph, at: int, number: int) -> Iterator[Statement]:
    lines = block.text.split("\n")
    for offset, line in enumerate(lines):
        place = Place(path, block.page, block.sheet, paragraph=number)
        if block.line is not None:
            place = replace(place, line=block.line + offset, paragraph=None)
        indent = block.indent or len(line) - len(line.lstrip())
        for piece in SPLIT.split(line):
            if piece.strip():
                yield replace(_statement(piece, place, None, at), indent=indent)


def _of_grid(path: str, grid: Grid, number: int, at: int) -> Iterator[Statement]:
    boxed = sum(bool(cell.text.strip()) for cell in grid.cells) == 1  # a box around a list, no table
    for cell in grid.cells:
        if len(cell.text) > 5 and not cell.hidden and NUMERAL.search(cell.text) and LETTER.search(cell.text):
            place = Place(path, cell.page or grid.page, grid.sheet, number, cell.row + 1, cell.column + 1, cell.name, cell.line)
            for text in _lines(cell):
                for piece in SPLIT.split(text):
                    if piece.strip():
                        yield _statement(piece, place, None if boxed else (number, cell.row, cell.column), at)


def kind_of(statement: Statement) -> str:
    """What marks a line: the mark itself, or that it is a number or a letter, and what stands behind it."""
    mark = statement.mark.strip("([ ").rstrip(" ")
    bare, end = mark.rstrip(".)] "), mark[-1:] if mark[-1:] in ".)]" else ""
    if bare[:1] in CIRCLED:
        return CIRCLED[0]
    if bare and set(bare) <= ROMAN:
        return "Ⅰ"
    if bare and set(bare) <= SMALL_ROMAN:
        return "ⅰ" + end
    return "1" + end if bare.isdecimal() else ("a" + end if bare.isalpha() and len(bare) == 1 and bare not in BULLETS else bare)


def _lines(cell: Cell) -> Iterator[str]:
    """The lines of a cell; a narrow cell breaks them anywhere."""
    pending = ""
    joined = 0
    for line in cell.text.split("\n"):
        if pending and joined < MAX_JOINED and (_open(pending) or WAITS.search(pending) or CONTINUES.match(line)):
            pending, joined = f"{pending} {line}", joined + 1
        else:
            if pending:
                yield pending
            pending, joined = line, 0
    if pending:
        yield pending


def _open(text: str) -> bool:
    """True if a bracket is not closed yet."""
    return text.count("(") > text.count(")")


def _statement(text: str, place: Place, cell: tuple[int, int, int] | None, block: int) -> Statement:
    match = MARK.match(text)
    mark = match["mark"] if match else ""
    return Statement(text.strip(), place, 0, mark, _rank(mark), (), cell, block)


def _rank(mark: str) -> int:
    if not mark:
        return 4
    first = mark[0]
    if first in "□■◇◆<[❏❑" or first.isdecimal():
        return 1
    if first in "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩIVX":
        return 0
    if first.isalpha() and first not in BULLETS:
        return 2
    return 6 if first in "*※" else (3 if first in "○◯ㅇ●◎❍" + CIRCLED else 5)


def _joined(found: Sequence[Statement], unfinished: tuple[str, ...]) -> Iterator[Statement]:
    """Paragraphs put together over line breaks inside brackets and behind unfinished words."""
    pending: Statement | None = None
    joined = 0
    for statement in found:
        if (
            pending is not None
            and pending.cell is None
            and statement.cell is None
            and joined < MAX_JOINED
            and (_open(pending.text) or (len(pending.text) >= LINE and pending.text.endswith(unfinished)))
            and not statement.mark
            and statement.text[:1] not in NEGATIVE_MARKS
            and len(pending.text) < 2000
        ):
            pending, joined = replace(pending, text=f"{pending.text} {statement.text}"), joined + 1
            continue
        if pending is not None:
            yield pending
        pending, joined = statement, 0
    if pending is not None:
        yield pending


def _with_headings(found: Iterator[Statement]) -> Iterator[Statement]:
    """Number the statements and give each the headings it stands under: the nearest of each higher rank."""
    above: list[Statement] = []
    kinds: list[str] = []
    for number, statement in enumerate(found):
        if statement.mark and statement.cell is None:
            kind = kind_of(statement)
            kinds = [*kinds[: kinds.index(kind) if kind in kinds else len(kinds)], kind]
        while above and above[-1].rank >= statement.rank:
            above.pop()
        titles = tuple(heading.text for heading in above)
        yield replace(statement, number=number, heading=titles, over=frozenset(kinds))
        if statement.cell is None and len(statement.text) <= HEADING:
            above.append(statement)
