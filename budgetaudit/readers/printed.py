"""What every reader does to printed text, and how cells take their places in a grid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from budgetaudit.model import Cell

MAX_CELLS = 750_000
MAX_COLUMNS = 16_384

# No-break and typographic spaces become blanks; zero-width and direction marks and controls vanish.
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800, 0x3000], " ")
_NOTHING = dict.fromkeys(
    [*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x115F, 0x1160, 0x3164, 0xFEFF,
     *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xFFF9, 0xFFFC)]
)  # fmt: skip
_BREAKS = [0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]
_CELL = {**_SPACES, **_NOTHING, **dict.fromkeys(_BREAKS, "\n"), 0x09: " "}
_CELL_WITH_TABS = {code: to for code, to in _CELL.items() if code != 0x09}
_FILE = {**_SPACES, **_NOTHING, **dict.fromkeys(_BREAKS, " "), 0x0D: "\n"}
_IRREGULAR = re.compile("[" + "".join(re.escape(chr(code)) for code in _CELL) + "]")
_IRREGULAR_IN_FILE = re.compile("[" + "".join(re.escape(chr(code)) for code in _FILE) + "]")
_THOUSANDS = re.compile(
    r"[(\[]?[A-Z]{0,3}[$£€¥₩₹]\s?['’]?0{3}s?[)\]]?\Z"
)  # £000: a unit, as `amounts` has it; readers import no parser
_JAMO = re.compile("[\u1100-\u11ff]{2,}")

# A number as tables print it, signs and marks included; a bare year is a heading more often than an amount.
_AMOUNT = re.compile(r"[△▲▽▼(<\[+\-–−—₩$€£¥\\ ]*\d[\d,.'’ ]*[%)>\]원\-–−]*\Z")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?\Z")  # 2024.0: as programs write what a workbook stores


def normalise(text: str, *, tabs: bool = False) -> str:
    """Printed text: plain blanks and newlines for every exotic one, no invisible characters, Hangul composed; marks stay."""
    if _IRREGULAR.search(text):
        text = text.replace("\r\n", "\n").translate(_CELL_WITH_TABS if tabs else _CELL)
    return _composed(text)


def normalise_file(text: str) -> str:
    """A whole file's text, likewise; tabs stay, and nothing but its own newlines makes a line."""
    return _composed(text.replace("\r\n", "\n").translate(_FILE)) if _IRREGULAR_IN_FILE.search(text) else _composed(text)


def _composed(text: str) -> str:
    # Files named and written on a Mac hold Hangul as separate letters, which match no label.
    return _JAMO.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def lines_of(text: str) -> str:
    """A cell's text: every line stripped, blank lines dropped, lines never joined."""
    if "\n" not in text:
        return text.strip()
    return "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)


def indent_of(text: str) -> int:
    """How many blanks a normalised cell begins with: many documents show a hierarchy by nothing else."""
    return len(text) - len(text.lstrip(" ")) if text[:1] == " " else 0


def is_amount(text: str) -> bool:
    """True if a cell prints a number and nothing else; neither a bare year nor thousands in digits count."""
    return _AMOUNT.match(text) is not None and _YEAR.match(text) is None and _THOUSANDS.match(text) is None


class Settled(NamedTuple):
    """Cells at their places; how many filled ones found no place, and how many places have no cell."""

    cells: tuple[Cell, ...]
    lost: int
    bare: int


def settle(cells: Iterable[Cell], rows: int, columns: int) -> Settled:
    """Cells in row-major order without overlaps: the first owner of a position keeps it, later spans shrink."""
    taken: dict[int, bytearray] = {}
    settled: list[Cell] = []
    lost = area = 0
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        line = taken.setdefault(cell.row, bytearray(columns))
        if cell.row >= rows or cell.column >= columns or line[cell.column]:
            lost += bool(cell.text)
            continue
        end = min(cell.column + cell.column_span, columns)
        first = line.find(1, cell.column, end)
        width = (end if first < 0 else first) - cell.column
        height = 1
        for row in range(cell.row, min(cell.row + cell.row_span, rows)):
            line = taken.setdefault(row, bytearray(columns))
            if 1 in line[cell.column : cell.column + width]:
                break
            line[cell.column : cell.column + width] = b"\1" * width
            height = row - cell.row + 1
        settled.append(_spanning(cell, height, width))
        area += height * width
    return Settled(tuple(settled), lost, rows * columns - area)


def _spanning(cell: Cell, height: int, width: int) -> Cell:
    if (height, width) == (cell.row_span, cell.column_span):
        return cell
    from dataclasses import replace

    return replace(cell, row_span=height, column_span=width)
