"""XLSX: the sheets' XML read directly, in one pass, so that a cell's formula, cached value and format come together.

Reading streams; nothing is evaluated, no part but workbook, strings, styles and sheets is opened.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from budgetaudit.model import Document, Grid, Message, Paragraph, Place, Problem, ReadError
from budgetaudit.readers import limits, number_formats
from budgetaudit.readers.printed import lines_of, normalise
from budgetaudit.readers.sheets import Sheet, SheetCell, blocks, cell_name, notices

FORMAT = "xlsx"
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")
_PROBLEMS = 20  # of one kind in one sheet; after them only their number is said
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


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
    workbook = limits.parse_xml(archive.read(main), FORMAT, main)
    targets = _relations(archive, main)
    properties = next(workbook.iter("{*}workbookPr"), None)
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    book = _Book(str(path), _strings(archive, targets), _formats(archive, targets), since_1904)
    budget = limits.CellBudget(FORMAT)
    found: list[Grid | Paragraph] = []
    problems: list[Problem] = []
    failures: list[ReadError] = []
    sheets = list(_sheets(workbook, targets))
    for name, part, state in sheets:
        try:
            sheet, said = _sheet(archive, part, name, book)
            sheet.hidden = state in ("hidden", "veryHidden")
            found += blocks(sheet, budget)
            problems += [*said, *notices(book.path, sheet)]
        except ReadError as error:
            failures.append(error)
            problems.append(
                Problem(Place(book.path, sheet=name), Message("read-part-unread", {"part": name, "why": error.message}))
            )
    if failures and len(failures) == len(sheets):
        raise failures[0]
    return Document(book.path, FORMAT, tuple(found), tuple(problems))


def _main_part(archive: limits.Archive) -> str:
    if "_rels/.rels" in archive:
        for kind, target in _relation_list(archive, "_rels/.rels"):
            if kind == "officeDocument":
                return target.lstrip("/")
    return "xl/workbook.xml"


def _relation_list(archive: limits.Archive, part: str) -> Iterator[tuple[str, str]]:
    for relation in limits.parse_xml(archive.read(part), FORMAT, part).iter("{*}Relationship"):
        yield (relation.get("Type") or "").rpartition("/")[2], relation.get("Target") or ""


def _relations(archive: limits.Archive, main: str) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, part), of the workbook; kinds other than worksheets also by their own name."""
    folder, _, file = main.rpartition("/")
    part = f"{folder}/_rels/{file}.rels".lstrip("/")
    found: dict[str, tuple[str, str]] = {}
    for relation in limits.parse_xml(_part(archive, part), FORMAT, part).iter("{*}Relationship"):
        kind = (relation.get("Type") or "").rpartition("/")[2]
        target = relation.get("Target") or ""
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[relation.get("Id") or ""] = (kind, name)
        found.setdefault(kind, (kind, name))
    return found


def _part(archive: limits.Archive, name: str) -> bytes:
    """A part by its name; some writers differ in case."""
    if name not in archive:
        name = next((stored for stored in archive.names if stored.lower() == name.lower()), name)
    if name not in archive:
        raise ReadError("read-broken", format=FORMAT, part=name)
    return archive.read(name)


def _sheets(workbook: Any, targets: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Name, part and state of every worksheet; charts and macro sheets hold no tables."""
    for sheet in workbook.iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        kind, part = targets.get(key, ("worksheet", ""))
        if kind == "worksheet":
            yield sheet.get("name") or "", part, sheet.get("state") or "visible"


def _elements(data: bytes, part: str, *tags: str) -> Iterator[Any]:
    """Elements as they end, each emptied after use; no entity is resolved."""
    from lxml import etree

    if b"<!DOCTYPE" in data:
        raise ReadError("read-dtd", format=FORMAT, part=part)
    try:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for _, element in events:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("read-broken", format=FORMAT, part=part) from error


def _strings(archive: limits.Archive, targets: dict[str, tuple[str, str]]) -> list[str]:
    if "sharedStrings" not in targets:
        return []
    part = targets["sharedStrings"][1]
    return [_rich(item) for item in _elements(_part(archive, part), part, "si")]


def _rich(item: Any) -> str:
    """The text of a string, its runs joined; phonetic guides are not part of it."""
    texts = (
        node.text or ""
        for node in item.iter("{*}t")
        if not any(parent.tag.endswith("}rPh") for parent in node.iterancestors("{*}rPh"))
    )
    text = "".join(texts)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _formats(archive: limits.Archive, targets: dict[str, tuple[str, str]]) -> list[_Format]:
    if "styles" not in targets:
        return []
    part = targets["styles"][1]
    styles = limits.parse_xml(_part(archive, part), FORMAT, part)
    codes = dict(number_formats.BUILTIN)
    for custom in styles.iter("{*}numFmt"):
        codes[_integer(custom.get("numFmtId"))] = custom.get("formatCode") or "General"
    formats = []
    for cell_formats in styles.iter("{*}cellXfs"):
        for style in cell_formats.iterchildren("{*}xf"):
            code = codes.get(_integer(style.get("numFmtId")), "General")
            indent = sum(_integer(alignment.get("indent")) for alignment in style.iterchildren("{*}alignment"))
            formats.append(_Format(code, indent, number_formats.is_date(code)))
    return formats


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(text: str) -> tuple[int, int] | None:
    match = _ADDRESS.match(text)
    if not match:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _sheet(archive: limits.Archive, part: str, name: str, book: _Book) -> tuple[Sheet, list[Problem]]:
    reader = _SheetReader(name, book)
    for element in _elements(_part(archive, part), part, "row", "col", "mergeCell"):
        getattr(reader, element.tag.rpartition("}")[2])(element)
    return reader.sheet, list(reader.problems())


class _SheetReader:
    """Takes the elements of one sheet as they come."""

    def __init__(self, name: str, book: _Book) -> None:
        self.sheet = Sheet(name, {}, [], set(), [])
        self.book = book
        self.uncached: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int, str]] = []
        self._row = -1

    def col(self, element: Any) -> None:
        if element.get("hidden") in ("1", "true") or element.get("width") == "0":
            self.sheet.hidden_columns.append((_integer(element.get("min")) - 1, _integer(element.get("max")) - 1))

    def mergeCell(self, element: Any) -> None:  # noqa: N802 - the element's own name
        first, _, last = (element.get("ref") or "").partition(":")
        start, end = _address(first), _address(last or first)
        if start and end:
            self.sheet.merges.append((min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])))

    def row(self, element: Any) -> None:
        self._row = _integer(element.get("r")) - 1 if element.get("r") else self._row + 1
        if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
            self.sheet.hidden_rows.add(self._row)
        column = -1
        for cell in element.iterchildren("{*}c"):
            place = _address(cell.get("r") or "")
            column = place[1] if place else column + 1
            self._cell(cell, place or (self._row, column))
        if len(self.sheet.cells) > limits.MAX_CELLS:
            raise limits.too_large(FORMAT, self.sheet.name, limits.MAX_CELLS)

    def _cell(self, element: Any, place: tuple[int, int]) -> None:
        parts = {child.tag.rpartition("}")[2]: child for child in element}
        kind = element.get("t") or "n"
        stored = parts["v"].text if "v" in parts else None
        if kind == "inlineStr" and "is" in parts:
            stored = _rich(parts["is"])
        if stored is None:
            if "f" in parts and not ("v" in parts and kind == "str"):
                self.uncached.append(place)
                self.sheet.cells[place] = SheetCell(f"={parts['f'].text or '…'}")
            return
        style = _integer(element.get("s"))
        format_ = self.book.formats[style] if style < len(self.book.formats) else _Format()
        cell = self._shown(kind, stored, format_, place)
        if cell.text or cell.value is not None:
            self.sheet.cells[place] = cell

    def _shown(self, kind: str, stored: str, format_: _Format, place: tuple[int, int]) -> SheetCell:
        if kind == "s":
            index = _integer(stored.strip())
            return self._text(self.book.strings[index] if index < len(self.book.strings) else "", format_)
        if kind == "b":
            return SheetCell("TRUE" if stored.strip() == "1" else "FALSE")
        if kind == "e":
            self.errors.append((*place, stored.strip()))
            return SheetCell(stored.strip())
        number = number_formats.stored(stored.strip()) if kind == "n" else None
        if number is None:
            return self._text(stored, format_)
        return self._number(number, format_)

    def _text(self, text: str, format_: _Format) -> SheetCell:
        text = normalise(number_formats.shown_text(text, format_.code))
        return SheetCell(lines_of(text), indent=2 * format_.indent + len(text) - len(text.lstrip()))

    def _number(self, number: Decimal, format_: _Format) -> SheetCell:
        text = normalise(number_formats.shown(number, format_.code, since_1904=self.book.since_1904)).strip()
        return SheetCell(text, None if format_.date else number, 2 * format_.indent)

    def problems(self) -> Iterator[Problem]:
        """Formulas without a stored result, which nobody can check, and results that are errors."""
        name, path = self.sheet.name, self.book.path
        for row, column in self.uncached[:_PROBLEMS]:
            yield Problem(Place(path, sheet=name, cell=cell_name(row, column)), Message("read-uncached-formula"))
        if len(self.uncached) > _PROBLEMS:
            more = Message("read-uncached-formulas", {"count": len(self.uncached) - _PROBLEMS})
            yield Problem(Place(path, sheet=name), more)
        for row, column, text in self.errors[:_PROBLEMS]:
            place = Place(path, sheet=name, cell=cell_name(row, column))
            yield Problem(place, Message("read-error-value", {"text": text[:20]}), "notice")
