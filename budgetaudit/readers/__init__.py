"""From a file to what is printed in it: one module per format, chosen by content, imported when needed.

`read(path)` gives a `Document` or raises `ReadError`; readers know nothing of budgets.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from budgetaudit.model import Document, Message, Place, Problem, ReadError

# Format → module in this package with `read(path, data) -> Document`.
FORMATS: dict[str, str] = {
    "text": "from_text",
    "markdown": "from_markdown",
    "csv": "from_csv",
    "html": "from_html",
    "xlsx": "from_xlsx",
    "xls": "from_xls",
    "docx": "from_docx",
    "hwpx": "from_hwpx",
    "hwp": "from_hwp",
    "pdf": "from_pdf",
}
BINARY = frozenset(["xlsx", "xls", "docx", "hwpx", "hwp", "pdf"])
PLAIN = frozenset(["text", "csv"])
MAX_BYTES = 256 << 20
MOST_COLUMNS = 2_000  # of one table; labels and sums of wider ones take time that grows with the square
MOST_LETTERS = 64 << 20  # in all cells
STANDARD_INPUT = "-"


def read(path: str | Path, *, whole: bool = False) -> Document:
    """What is printed in a file, whatever its suffix says; raises ReadError with one line for people.

    `-` is standard input. `whole` leaves a CSV file one grid, rows and columns as in the file, where tables stacked in it are
    else taken apart.
    """
    from budgetaudit.readers.sniffing import sniff

    data = _bytes(path)
    name = sniff(Path(path).suffix.lower(), data)
    module = importlib.import_module(f"{__name__}.{FORMATS[name]}")
    with _many_objects():
        options = {"whole": True} if whole and name == "csv" else {}
        document: Document = module.read(Path(path), data, **options)
    document = replace(_bounded(document), path=str(path), sha256=hashlib.sha256(data).hexdigest())
    suffix = Path(path).suffix.lower()
    if suffix[1:] in BINARY and name in PLAIN:
        notice = Problem(Place(str(path)), Message("read-other-format", {"suffix": suffix}), "notice")
        document = replace(document, problems=(*document.problems, notice))
    return document


def _bounded(document: Document) -> Document:
    """The document without tables wider than any that is printed, each of which is told; ReadError if it prints too much."""
    letters = sum(len(cell.text) for grid in document.grids() for cell in grid.cells)
    if letters > MOST_LETTERS:  # what a file stores once its cells may show thousands of times
        raise ReadError("read-too-large", format=document.format, part="table", limit=f"{MOST_LETTERS:,}")
    wide = [grid for grid in document.grids() if grid.columns > MOST_COLUMNS]
    if not wide:
        return document
    problems = [
        Problem(
            Place(document.path, grid.page, grid.sheet, line=grid.line),
            Message("read-too-wide", {"columns": grid.columns, "limit": MOST_COLUMNS}),
        )
        for grid in wide
    ]
    blocks = tuple(block for block in document.blocks if not any(block is grid for grid in wide))
    return replace(document, blocks=blocks, problems=(*document.problems, *problems))


@contextmanager
def _many_objects() -> Iterator[None]:
    """Without garbage collection: readers make millions of cells and no cycles, and the search costs a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _bytes(path: str | Path) -> bytes:
    try:
        if str(path) == STANDARD_INPUT and sys.stdin is not None:
            return _checked(sys.stdin.buffer.read(MAX_BYTES + 1))
        with open(path, "rb", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadError("read-no-file")
            if status.st_size > MAX_BYTES:
                raise ReadError("read-file-too-large", limit=MAX_BYTES >> 20)
            return _checked(file.read(MAX_BYTES + 1))
    except FileNotFoundError as error:
        raise ReadError("read-missing") from error
    except IsADirectoryError as error:
        raise ReadError("read-directory") from error
    except PermissionError as error:
        raise ReadError("read-denied") from error
    except (OSError, ValueError) as error:
        raise ReadError("read-no-file") from error


def _checked(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise ReadError("read-file-too-large", limit=MAX_BYTES >> 20)
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise ReadError("read-empty")
    return data


def _without_waiting(path: str, flags: int) -> int:
    # A named pipe without a writer would block the open for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
