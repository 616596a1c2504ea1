"""XLSX: the sheets' XML read directly, in one pass, so that a cell's formula, cached value and format come together.

No tree is built and nothing evaluated; no part but workbook, strings, styles and sheets is opened.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from budgetaudit.model import Document, Grid, Message, Paragraph, Place, Problem, ReadError
from budgetaudit.readers import limits, number_formats
from budgetaudit.readers.printed import MAX_COLUMNS, indent_of, lines_of, normalise
from budgetaudit.readers.sheets import Sheet, SheetCell, blocks, cell_name, column_name, notices
from budgetaudit.readers.xlsx_strings import Strings, unescape

FORMAT = "xlsx"
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")
_REFERENCE = re.compile(r"(?<![\w.])(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w(])")
_FORMULA = 2_000  # characters
_PROBLEMS = 20  # of one kind in one sheet; after them only their number is said
_NO_TABLES = {"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}
_SHEET_PART = re.compile(r"(?:^|/)worksheets/[^/]+\.xml\Z", re.IGNORECASE)
_TRUE = ("1", "true")

Attributes = dict[str, str]


class _Format(NamedTuple):
    code: str = "General"
    indent: int = 0
    date: bool = False


class _Book(NamedTuple):
    """What all sheets share: the strings, the formats by style number, the day that dates count from."""

    path: str
    strings: list[str]
    formats: list[_Format]
    since_1904: bool


def read(path: Path, data: bytes) -> Document:
    """The tables of all worksheets in the workbook's order."""
    archive = limits.Archive(data, FORMAT)
    main = _main_part(archive)
    targets = _relations(archive, main)
    sheets, since_1904 = _workbook(archive, main, targets)
    book = _Book(str(path), _strings(archive, targets), _formats(archive, targets), since_1904)
    budget = limits.CellBudget(FORMAT)
    found: list[Grid | Paragraph] = []
    problems: list[Problem] = []
    failures: list[ReadError] = []
    read_parts: set[str] = set()
    for part in _unnamed(archive, targets, [part for _, part, _ in sheets]):
        why = Message("read-part-unnamed")
        problems.append(Problem(Place(book.path), Message("read-part-unread", {"part": part, "why": why})))
    for name, part, state in sheets:
        try:
            if part in read_parts:  # no workbook has two sheets of one part
                raise ReadError("read-broken", format=FORMAT, part=part)
            read_parts.add(part)
            reader = _SheetReader(name, book)
            _scan(archive, part, reader.start, reader.end, reader.text, cells=True)
            reader.sheet.hidden = state in ("hidden", "veryHidden")
            found += blocks(reader.finished(), budget)
            problems += [*reader.problems(), *notices(book.path, reader.sheet)]
        except ReadError as error:
            failures.append(error)
            problems.append(
                Problem(Place(book.path, sheet=name), Message("read-part-unread", {"part": name, "why": error.message}))
            )
    if failures and len(failures) == len(sheets):
        raise failures[0]
    return Document(book.path, FORMAT, tuple(found), tuple(problems))


def _scan(
    archive: limits.Archive,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    cells: bool = False,
) -> None:
    """Call back for every element of a part, by its local name; a document type declaration is refused.

    A part of `cells` that are more than are read is refused before any is.
    """
    if name not in archive:
        name = next((stored for stored in archive.names if stored.lower() == name.lower()), name)
    if name not in archive:
        raise ReadError("read-broken", format=FORMAT, part=name)

    data = archive.read(name)
    if cells and sum(map(data.count, (b"<c ", b"<c>", b":c ", b":c>"))) > limits.MAX_CELLS:
        raise ReadError("read-too-large", format=FORMAT, part=name, limit=f"{limits.MAX_CELLS:,}")

    def refuse(*_: object) -> None:
        raise ReadError("read-dtd", format=FORMAT, part=name)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if end is not None and text is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise ReadError("read-broken", format=FORMAT, part=name) from error


def _main_part(archive: limits.Archive) -> str:
    if "_rels/.rels" in archive:
        found = _relation_list(archive, "_rels/.rels")
        return next((target.lstrip("/") for _, kind, target in found if kind == "officeDocument"), "xl/workbook.xml")
    return "xl/workbook.xml"


def _relation_list(archive: limits.Archive, part: str) -> list[tuple[str, str, str]]:
    """Id, kind and target of every relation that a part names."""
    found: list[tuple[str, str, str]] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            found.append((attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")))

    _scan(archive, part, start)
    return found


def _relations(archive: limits.Archive, main: str) -> dict[str, tuple[str, str]]:
    """Kind and part by relation id, and by kind for those that stand alone."""
    folder, _, file = main.rpartition("/")
    found: dict[str, tuple[str, str]] = {}
    for key, kind, target in _relation_list(archive, f"{folder}/_rels/{file}.rels".lstrip("/")):
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[key] = (kind, name)
        found.setdefault(kind, (kind, name))
    return found


def _workbook(archive: limits.Archive, main: str, targets: dict[str, tuple[str, str]]) -> tuple[list[tuple[str, str, str]], bool]:
    """Name, part and state of every worksheet (charts and macro sheets hold no tables); whether days count from 1904."""
    sheets: list[tuple[str, str, str]] = []
    since_1904: list[bool] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            since_1904.append(attributes.get("date1904") in _TRUE)
        if tag == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            kind, part = targets.get(key, ("worksheet", ""))
            if kind not in _NO_TABLES:
                sheets.append((attributes.get("name", ""), part, attributes.get("state", "visible")))

    _scan(archive, main, start)
    return sheets, any(since_1904)


def _unnamed(archive: limits.Archive, targets: dict[str, tuple[str, str]], named: list[str]) -> list[str]:
    """The worksheets that the file holds and the workbook does not name; not those that are no worksheets by their relation."""
    known = {part.lower() for part in named} | {part.lower() for kind, part in targets.values() if kind in _NO_TABLES}
    return [name for name in archive.names if _SHEET_PART.search(name) and name.lower() not in known][:_PROBLEMS]


def _strings(archive: limits.Archive, targets: dict[str, tuple[str, str]]) -> list[str]:
    if "sharedStrings" not in targets:
        return []
    reader = Strings()
    _scan(archive, targets["sharedStrings"][1], reader.start, reader.end, reader.text)
    return reader.strings


def _formats(archive: limits.Archive, targets: dict[str, tuple[str, str]]) -> list[_Format]:
    """Number format and indentation by style number."""
    if "styles" not in targets:
        return []
    codes = dict(number_formats.BUILTIN)
    formats: list[_Format] = []
    group = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal group
        if tag in ("cellStyleXfs", "cellXfs", "dxfs"):
            group = tag
        elif tag == "numFmt" and group == "":
            codes[_integer(attributes.get("numFmtId"))] = attributes.get("formatCode") or "General"
        elif tag == "xf" and group == "cellXfs":
            code = codes.get(_integer(attributes.get("numFmtId")), "General")
            formats.append(_Format(code, 0, number_formats.is_date(code)))
        elif tag == "alignment" and group == "cellXfs" and formats:
            formats[-1] = formats[-1]._replace(indent=_integer(attributes.get("indent")))

    _scan(archive, targets["styles"][1], start)
    return formats


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def shifted(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads in another cell.

    >>> shifted("SUM(B$3:B5)-$A1", 1, 2)
    'SUM(D$3:D6)-$A2'
    """

    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = match.groups()
        place = _address(letters + digits)
        if place is None:
            return match[0]
        row, column = place[0] + (0 if fixed_row else rows), place[1] + (0 if fixed_column else columns)
        return f"{fixed_column}{column_name(column)}{fixed_row}{row + 1}" if min(row, column) >= 0 else match[0]

    return _REFERENCE.sub(moved, formula)


def _address(text: str) -> tuple[int, int] | None:
    match = _ADDRESS.match(text)
    if not match:
        return None
    return int(match[2]) - 1, _column(match[1])


@lru_cache(maxsize=MAX_COLUMNS)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


class _SheetReader:
    """Takes the elements of one sheet as they come."""

    def __init__(self, name: str, book: _Book) -> None:
        self.sheet = Sheet(name)
        self.book = book
        self.uncached: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int, str]] = []
        self.lost = self.misplaced = 0
        self._place = (-1, -1)
        self._cell: Attributes = {}
        self._parts: dict[str, list[str]] = {}
        self._pieces: list[str] | None = None
        self._phonetic = False
        self._formula: Attributes = {}
        self._shared: dict[str, tuple[tuple[int, int], str]] = {}
        self._hidden: list[tuple[int, int]] = []
        self._texts: dict[tuple[int, int], SheetCell] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            row, column = self._place
            self._place = _address(attributes.get("r", "")) or (row, column + 1)
            self.misplaced += self._place[0] != row
            self._cell, self._parts, self._formula = attributes, {}, {}
        elif tag in ("v", "f") or (tag == "t" and not self._phonetic):
            self._pieces = self._parts.setdefault(tag, [])
            if tag == "f":
                self._formula = attributes
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "row":
            self._row(attributes)
        elif tag == "col" and (attributes.get("hidden") in _TRUE or attributes.get("width") == "0"):
            self._hidden.append((_integer(attributes.get("min")) - 1, min(_integer(attributes.get("max")), MAX_COLUMNS)))
        elif tag == "mergeCell":
            first, _, last_cell = attributes.get("ref", "").partition(":")
            corners = _address(first), _address(last_cell or first)
            if corners[0] and corners[1]:
                self.sheet.merges.append((*corners[0], *corners[1]))

    def _row(self, attributes: Attributes) -> None:
        row = _integer(attributes.get("r")) - 1 if "r" in attributes else self._place[0] + 1
        self._place = (row, -1)
        if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
            self.sheet.hidden_rows.add(row)

    def text(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        self._pieces = None
        if tag == "rPh":
            self._phonetic = False
        elif tag == "c" and self._parts:
            cell = self._read()
            if cell is not None and (cell.text or cell.value is not None):
                self.lost += self._place in self.sheet.cells
                self.sheet.cells[self._place] = cell
                if len(self.sheet.cells) > limits.MAX_CELLS:
                    raise ReadError("read-too-many-cells", line=self._place[0] + 1)

    def _read(self) -> SheetCell | None:
        """The cell under way: what it shows, and its stored number."""
        kind = self._cell.get("t", "n")
        style = _integer(self._cell.get("s"))
        format_ = self.book.formats[style] if style < len(self.book.formats) else _Format()
        if kind == "inlineStr":
            return self._text(unescape("".join(self._parts.get("t", ()))), format_)
        stored = "".join(self._parts.get("v", ())).strip()
        if not stored:
            # An empty text is a result; nothing at all is a formula that was never calculated.
            if "f" in self._parts and not ("v" in self._parts and kind == "str"):
                self.uncached.append(self._place)
                return SheetCell("=" + ("".join(self._parts["f"]) or "…"))
            return None
        if kind == "s":
            index = _integer(stored)
            if index >= len(self.book.strings):
                raise ReadError("read-broken", format=FORMAT, part="sharedStrings")
            cell = self._texts.get((index, style))  # one text in thousands of cells is made ready once
            if cell is None:
                cell = self._texts[index, style] = self._text(self.book.strings[index], format_)
            return cell
        if kind == "b":
            return SheetCell("TRUE" if stored == "1" else "FALSE")
        if kind == "e":
            self.errors.append((*self._place, stored))
            return SheetCell(stored)
        number = number_formats.stored(stored) if kind == "n" else None
        return self._number(number, format_) if number is not None else self._text("".join(self._parts["v"]), format_)

    def _text(self, text: str, format_: _Format) -> SheetCell:
        text = normalise(number_formats.shown_text(text, format_.code))
        return SheetCell(lines_of(text), None, 2 * format_.indent + indent_of(text))

    def _number(self, number: Decimal, format_: _Format) -> SheetCell:
        text = normalise(number_formats.shown(number, format_.code, since_1904=self.book.since_1904)).strip()
        return SheetCell(text, None if format_.date else number, 2 * format_.indent, self._printed_formula())

    def _printed_formula(self) -> str:
        """The formula of the cell under way; one that cells share is written with the first of them."""
        if "f" not in self._parts or self._formula.get("t") in ("array", "dataTable"):
            return ""
        text, key = "".join(self._parts["f"])[:_FORMULA], self._formula.get("si", "")
        if self._formula.get("t") == "shared":
            if text:
                self._shared[key] = self._place, text
            elif key in self._shared:
                (row, column), first = self._shared[key]
                return shifted(first, self._place[0] - row, self._place[1] - column)
        return text

    def finished(self) -> Sheet:
        """The sheet, its hidden columns told from ranges however many and overlapping."""
        reached = 0
        for first, stop in sorted(self._hidden):
            self.sheet.hidden_columns.update(range(max(first, reached), stop))
            reached = max(reached, stop)
        return self.sheet

    def problems(self) -> Iterator[Problem]:
        """Formulas without a stored result, which nobody can check, and results that are errors."""
        name, path = self.sheet.name, self.book.path
        if self.lost:
            yield Problem(Place(path, sheet=name), Message("read-cells-lost", {"count": self.lost}))
        if self.misplaced:
            yield Problem(Place(path, sheet=name), Message("read-cells-astray", {"count": self.misplaced}))
        for row, column in self.uncached[:_PROBLEMS]:
            yield Problem(Place(path, sheet=name, cell=cell_name(row, column)), Message("read-uncached-formula"))
        if len(self.uncached) > _PROBLEMS:
            more = Message("read-uncached-formulas", {"count": len(self.uncached) - _PROBLEMS})
            yield Problem(Place(path, sheet=name), more)
        for row, column, text in self.errors[:_PROBLEMS]:
            place = Place(path, sheet=name, cell=cell_name(row, column))
            yield Problem(place, Message("read-error-value", {"text": text[:20]}), "notice")
