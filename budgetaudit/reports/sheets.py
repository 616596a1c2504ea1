"""The sheets a workbook report marks: a copy of the workbook audited, or the tables read from any other format.

Either way a place of the audit has its cell. The input is read, never written.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from budgetaudit.labels.labelling import Table
from budgetaudit.model import Audit, Figure, Place
from budgetaudit.reports.layout import width_of
from budgetaudit.reports.wording import clean, place_text

MAX_ROWS, MAX_COLUMNS = 1_000_000, 16_384
WIDEST = 42
LINE_HEIGHT = 15  # points
MARGIN = 0.4  # inches
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
# What a workbook can show as a number: everything else in a figure's text (a unit, a mark) must stay to be read.
_NUMBER = re.compile(r"[\s\d.,()+\-–−△▲]+")
_DRAWING, _CHART = re.compile(r"xl/drawings/[^/]+\.xml\Z"), re.compile(r"xl/charts/chart\d+\.xml\Z")
_SHAPE = re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[ >]")
_THIN = Side(style="thin", color="BFBFBF")
HEAD = PatternFill("solid", fgColor="F0F1F4")


@dataclass(slots=True)
class Sheets:
    """A workbook, and where in it the places of an audit stand; `lost`: what of the source a copy cannot hold, with counts."""

    book: Any
    copied: str = ""
    lost: tuple[tuple[str, int], ...] = ()
    offsets: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    own: int = 0  # sheets of the report before those of the source

    def address(self, place: Place) -> tuple[str, str] | None:
        """Sheet and cell of a place; None if it has none."""
        if self.copied:
            known = place.sheet is not None and place.sheet in self.book.sheetnames
            return (str(place.sheet), place.cell) if known and place.cell and place.file == self.copied else None
        found = self.offsets.get((place.file, place.table or 0))
        if found is None or not place.row or not place.column:
            return None
        return found[0], f"{get_column_letter(place.column)}{found[1] + place.row}"

    def cell(self, place: Place) -> Cell | None:
        """The cell of a place; of merged cells the one that holds the text."""
        address = self.address(place)
        if address is None:
            return None
        sheet = self.book[address[0]]
        cell = sheet[address[1]]
        if isinstance(cell, MergedCell):
            ranges = (merged for merged in sheet.merged_cells.ranges if cell.coordinate in merged)
            corner = next(ranges, None)
            return sheet.cell(corner.min_row, corner.min_col) if corner else None
        return cell if isinstance(cell, Cell) else None

    @property
    def several(self) -> bool:
        """True if the tables are of several files."""
        return len({path for path, _ in self.offsets}) > 1

    def new_sheet(self, title: str, index: int | None = None) -> Any:
        self.own += index is not None
        return self.book.create_sheet(unused(title, self.book.sheetnames), index)


def sheets(audit: Audit, lang: str) -> Sheets:
    """A copy of the one workbook audited, or a new one with the tables of every input."""
    return _copy(audit) or _drawn(audit, lang)


def unused(title: str, taken: Sequence[str]) -> str:
    """A sheet name that a workbook may have and has not yet."""
    plain = _FORBIDDEN.sub("_", clean(title))[:31].strip() or "_"
    names = {name.casefold() for name in taken}
    number, name = 2, plain
    while name.casefold() in names:
        suffix = f" ({number})"
        name, number = plain[: 31 - len(suffix)] + suffix, number + 1
    return name


def paged(sheet: Any, area: str = "", head: str = "") -> None:
    """A sheet on A4 across, as wide as the page, its head on every page."""
    if area:
        sheet.print_area = area
    if head:
        sheet.print_title_rows = head
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_margins.left = sheet.page_margins.right = MARGIN
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def grow(sheet: Any, row: int, texts: Mapping[int, str]) -> None:
    """Make a row as high as its wrapped texts, given by the widths of their columns: not every program does so itself."""
    lines = max((-(-width_of(text) // max(width - 2, 1)) for width, text in texts.items()), default=1)
    if lines > 1:
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines


def put(cell: Any, value: object) -> None:
    """Write a value; a text is never taken for a formula."""
    cell.value = clean(value)[:32_000] if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def number_format(value: Decimal) -> str:
    """A workbook's format with separators and as many decimals as the number has."""
    exponent = value.normalize().as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    return "#,##0" + ("." + "0" * min(places, 10) if places else "")


def _copy(audit: Audit) -> Sheets | None:
    """The workbook again, if there is one input, it is one, and it is still the one that was audited."""
    if len(audit.inputs) != 1 or audit.inputs[0].format != "xlsx":
        return None
    source = audit.inputs[0]
    try:
        data = Path(source.path).read_bytes()
        if hashlib.sha256(data).hexdigest() != source.sha256:
            return None
        book = load_workbook(io.BytesIO(data))
        return Sheets(book, source.path, tuple(_lost(data, book)))
    except Exception:  # openpyxl raises all kinds of errors on workbooks that others wrote; the tables read are drawn instead
        return None


def _lost(data: bytes, book: Any) -> Iterator[tuple[str, int]]:
    """What openpyxl leaves behind of a workbook: some charts and pictures, all shapes and macros."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        drawings = [package.read(name) for name in names if _DRAWING.match(name)]
    sheets = book.worksheets
    counts = {
        "charts": sum(bool(_CHART.match(name)) for name in names) - sum(len(sheet._charts) for sheet in sheets),
        "pictures": sum(drawing.count(b"<xdr:pic>") for drawing in drawings) - sum(len(sheet._images) for sheet in sheets),
        "shapes": sum(len(_SHAPE.findall(drawing)) for drawing in drawings),
        "macros": names.count("xl/vbaProject.bin"),
    }
    yield from ((name, count) for name, count in counts.items() if count > 0)


def _drawn(audit: Audit, lang: str) -> Sheets:
    drawn = Sheets(Workbook())
    drawn.book.remove(drawn.book.active)
    for source in audit.inputs:
        tables = [table for table in audit.tables if table.place.file == source.path]
        if tables:
            _file(drawn, source.path, tables, lang)
    return drawn


def _file(drawn: Sheets, path: str, tables: Sequence[Table], lang: str) -> None:
    """One sheet a file, its tables one below the other."""
    sheet = drawn.new_sheet(Path(path).name)
    widths: dict[int, int] = {}
    row = 1
    for table in tables:
        if row + table.grid.rows + 3 > MAX_ROWS or table.grid.columns > MAX_COLUMNS:
            continue
        title = place_text(table.place, lang)
        put(sheet.cell(row, 1), f"{title}: {table.caption}" if table.caption else title)
        sheet.cell(row, 1).font = Font(bold=True)
        drawn.offsets[path, table.number] = (sheet.title, row)
        _table(sheet, table, row, widths)
        row += table.grid.rows + 2
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width + 2
    paged(sheet)


def _table(sheet: Any, table: Table, above: int, widths: dict[int, int]) -> None:
    grid = table.grid
    border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    for printed in grid.cells:
        cell = sheet.cell(above + printed.row + 1, printed.column + 1)
        if isinstance(cell, MergedCell):
            continue
        _fill(cell, printed.text, table.figures.get((printed.row, printed.column)))
        cell.border = border
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if printed.row < table.header_rows:
            cell.fill, cell.font = HEAD, Font(bold=True)
        rows, columns = min(printed.row_span, grid.rows - printed.row), min(printed.column_span, grid.columns - printed.column)
        if rows > 1 or columns > 1:
            corner = (cell.row, cell.column)
            sheet.merge_cells(None, *corner, corner[0] + rows - 1, corner[1] + columns - 1)
        else:
            needed = min(max(map(width_of, printed.text.split("\n"))), WIDEST)
            widths[cell.column] = max(widths.get(cell.column, 6), needed)


def _fill(cell: Any, text: str, figure: Figure | None) -> None:
    if figure is None or figure.value is None or figure.dash or figure.malformed or not _NUMBER.fullmatch(text):
        put(cell, text)
        return
    cell.value = figure.value
    cell.number_format = number_format(figure.value)
