"""XLS (BIFF, Excel 97 and older): xlrd in a child process; grids, formats and hidden parts as in XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from budgetaudit.model import Document, Grid, Message, Paragraph, Place, Problem, ReadError
from budgetaudit.readers import child, limits, number_formats
from budgetaudit.readers.printed import indent_of, lines_of, normalise
from budgetaudit.readers.sheets import Sheet, SheetCell, blocks, cell_name, notices

FORMAT = "xls"
_PROBLEMS = 20  # error values named in one workbook


class _Format(NamedTuple):
    code: str
    indent: int
    date: bool


def read(path: Path, data: bytes) -> Document:
    """The tables of all worksheets in the workbook's order."""
    book = _Book(str(path))
    try:
        for record in child.records("budgetaudit.readers.xls_cells", data, FORMAT):
            book.take(record)
    except ReadError as fault:
        if not book.sheets:
            raise
        book.unread(book.sheets[-1].name, fault.message)
        book.sheets.pop()
    found: list[Grid | Paragraph] = []
    budget = limits.CellBudget(FORMAT)
    for sheet in book.sheets:
        try:
            found += blocks(sheet, budget)
            book.problems += notices(book.path, sheet)
        except ReadError as fault:
            book.unread(sheet.name, fault.message)
    if not book.sheets:
        raise ReadError("read-broken", format=FORMAT, part="Workbook")
    return Document(book.path, FORMAT, tuple(found), tuple(book.problems))


class _Book:
    """Takes what the child process says and makes sheets of it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.sheets: list[Sheet] = []
        self.problems: list[Problem] = []
        self._formats: list[_Format] = []
        self._since_1904 = False
        self._errors = 0

    def take(self, record: dict[str, Any]) -> None:
        if "formats" in record:
            self._formats = [_Format(code, indent, number_formats.is_date(code)) for code, indent in record["formats"]]
            self._since_1904 = record["since_1904"]
        elif "unread" in record:
            self.unread(record["sheet"], Message("read-broken", {"format": FORMAT, "part": record["sheet"]}))
        elif "sheet" in record:
            sheet = Sheet(record["sheet"], hidden=record["hidden"])
            sheet.merges = [(top, left, bottom, right) for top, left, bottom, right in record["merges"]]
            sheet.hidden_rows.update(record["hidden_rows"])
            sheet.hidden_columns.update(record["hidden_columns"])
            self.sheets.append(sheet)
        else:
            for row, column, kind, stored, style in record["cells"]:
                cell = self._cell(row, column, kind, stored, style)
                if cell.text or cell.value is not None:
                    self.sheets[-1].cells[row, column] = cell

    def unread(self, sheet: str, why: Message) -> None:
        """Note a sheet that cannot be read."""
        message = Message("read-part-unread", {"part": sheet, "why": why})
        self.problems.append(Problem(Place(self.path, sheet=sheet), message))

    def _cell(self, row: int, column: int, kind: str, stored: Any, style: int) -> SheetCell:
        form = self._formats[style] if 0 <= style < len(self._formats) else _Format("General", 0, False)
        if kind == "bool":
            return SheetCell("TRUE" if stored else "FALSE")
        if kind == "error":
            self._errors += 1
            if self._errors <= _PROBLEMS:
                place = Place(self.path, sheet=self.sheets[-1].name, cell=cell_name(row, column))
                self.problems.append(Problem(place, Message("read-error-value", {"text": stored}), "notice"))
            return SheetCell(stored)
        number = number_formats.stored(stored) if kind == "number" else None
        if number is None:
            text = normalise(number_formats.shown_text(stored, form.code))
            return SheetCell(lines_of(text), None, 2 * form.indent + indent_of(text))
        text = normalise(number_formats.shown(number, form.code, since_1904=self._since_1904)).strip()
        return SheetCell(text, None if form.date else number, 2 * form.indent)
