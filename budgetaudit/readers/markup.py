"""HTML to grids and paragraphs, for whole pages and for fragments inside text.

Spans are laid out as browsers do, within their limits (rowspan 65534, colspan 1000); where spans overlap the
first owner of a place keeps it. A nested table is a grid of its own and leaves no text in the outer cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from budgetaudit.model import Cell, Grid, Paragraph, ReadError
from budgetaudit.readers.printed import MAX_CELLS, MAX_COLUMNS, lines_of, normalise

if TYPE_CHECKING:
    from lxml.etree import _Element

_SKIPPED = {"script", "style", "noscript", "template", "head", "select", "object", "iframe", "svg", "math"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_SPAN = re.compile(r"\s*(\d{1,9})")
_SHORT = 30  # letters of a definition that is an amount
_END = re.compile(r"</(?:html|body)\s{0,9}>", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none", re.IGNORECASE)


class _Laid(NamedTuple):
    """A cell's element at its place."""

    element: _Element
    row: int
    column: int
    height: int
    width: int


def parse(html: str) -> _Element | None:
    """The tree of a page or fragment; None if nothing is in it. Raises ReadError if it is cut off by its depth or size."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(_without_ends(_without_server_code(html)).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if "empty" in str(error).lower():
            return None
        raise ReadError("read-html-broken") from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise ReadError("read-html-broken")
    return root


def _without_server_code(html: str) -> str:
    """The page without `<% … %>`; line numbers stay."""
    parts, at = [], 0
    while (start := html.find("<%", at)) >= 0 and (end := html.find("%>", start)) >= 0:
        parts += [html[at:start], "\n" * html.count("\n", start, end)]
        at = end + 2
    return "".join(parts) + html[at:]


def _without_ends(html: str) -> str:
    """The page without the tags that end it: what browsers show after them the parser would drop."""
    return _END.sub("", html)


class Builder:
    """Collects blocks in reading order; knows how many grids came before, so that nested ones can name their parent."""

    def __init__(self, line: int = 1, grids: int = 0) -> None:
        self.blocks: list[Grid | Paragraph] = []
        self._before = line - 1
        self._grids = grids
        self._places = 0
        self._inline: list[str] = []
        self._inline_line: int | None = None

    def page(self, element: _Element) -> None:
        """Everything below an element: tables as grids, the text between as one paragraph per line."""
        tag = element.tag
        if tag in _SKIPPED:
            self._say(element.tail, element)
            return
        if tag == "table":
            self.flush()
            self.table(element)
        elif tag == "dl" and (rows := _definitions(element)):
            self.flush()
            self._define(element, rows)
        else:
            if tag in _BLOCKS:
                self.flush()
            self._say(_gap(element) + (element.text or ""), element)
            for child in element:
                self.page(child)
            if tag in _BLOCKS:
                self.flush()
        self._say(element.tail, element)

    def _say(self, text: str | None, element: _Element) -> None:
        if text and text.strip():
            if not self._inline:
                self._inline_line = self._line(element)
            self._inline.append(text)
        elif text and self._inline:
            self._inline.append(" ")

    def flush(self) -> None:
        """End the paragraph under way."""
        text = _printed(self._inline)
        if text:
            self.blocks.append(Paragraph(text, line=self._inline_line))
        self._inline = []

    def _line(self, element: _Element) -> int | None:
        line = element.sourceline
        return self._before + line if isinstance(line, int) else None

    def _define(self, element: _Element, rows: list[list[_Element]]) -> None:
        """A list of names and amounts as the table it is."""
        self._grids += 1
        cells = tuple(
            Cell(row, column, cell_text(one)[0], line=self._line(one), header=one.tag == "dt")
            for row, ones in enumerate(rows)
            for column, one in enumerate(ones)
        )
        self._places += len(cells)
        if self._places > MAX_CELLS:
            raise ReadError("read-too-many-cells", line=self._line(element))
        self.blocks.append(Grid(len(rows), max(map(len, rows)), cells, line=self._line(element)))

    def table(self, table: _Element, parent: tuple[int, int, int] | None = None) -> None:
        """A table and, after it, the tables nested in its cells."""
        laid, rows, columns = self._lay(table)
        index = self._grids
        self._grids += 1
        cells: list[Cell] = []
        nested: list[tuple[_Element, tuple[int, int, int]]] = []
        for element, row, column, height, width in laid:
            if column >= columns:
                continue
            text, inner = cell_text(element)
            nested += [(table, (index, row, column)) for table in inner]
            cells.append(
                Cell(
                    row,
                    column,
                    text,
                    height,
                    min(width, columns - column),
                    line=self._line(element),
                    header=element.tag == "th",
                    indent=_indent(element),
                    hidden=_is_hidden(element),
                )
            )
        texts, stray = _loose(table)
        self.blocks += (Paragraph(text, line=self._line(table)) for text in texts)  # browsers show it before the table
        caption = " ".join(text for child in table.iterchildren("caption") if (text := cell_text(child)[0]))
        cells.sort(key=lambda cell: (cell.row, cell.column))
        self.blocks.append(Grid(rows, columns, tuple(cells), caption=caption, line=self._line(table), parent=parent))
        for inner_table, place in nested:
            self.table(inner_table, place)
        for inner_table in stray:
            self.table(inner_table, parent)

    def _lay(self, table: _Element) -> tuple[list[_Laid], int, int]:
        """The cells at their places, the number of rows, the number of columns that any cell needs."""
        laid: list[_Laid] = []
        start = 0
        for group in _groups(table):
            owned: dict[int, int] = {}  # column → first row at which it is free again
            stop = start + len(group)
            for row, elements in enumerate(group, start):
                column = 0
                for element in elements:
                    while owned.get(column, 0) > row:
                        column += 1
                    width = _span(element, "colspan", 1000) or 1
                    width = next((w for w in range(1, width) if owned.get(column + w, 0) > row), width)
                    height = min(_span(element, "rowspan", 65534) or stop, stop - row)
                    owned.update(dict.fromkeys(range(column, column + width), row + height))
                    laid.append(_Laid(element, row, column, height, width))
                    self._places += width
                    if self._places > MAX_CELLS or column > MAX_COLUMNS:
                        raise ReadError("read-too-many-cells", line=self._line(element))
                    column += width
            start = stop
        last = max((cell.column for cell in laid), default=-1)
        # Columns that only wide spans reach are an author's rounding up, as in colspan=100.
        return laid, start, last + min((cell.width for cell in laid if cell.column == last), default=1)


def _loose(table: _Element) -> tuple[list[str], list[_Element]]:
    """What stands in a table and in none of its cells: texts, and tables that begin before a row or this table has ended."""
    texts: list[str] = []
    tables: list[_Element] = []
    left = [table]
    while left:
        element = left.pop()
        pieces = [element.text]
        for child in element:
            pieces.append(child.tail)
            if child.tag == "table":
                tables.append(child)
            elif child.tag not in ("td", "th", "caption", "colgroup", "col") and child.tag not in _SKIPPED:
                left.append(child)
        texts += (text for piece in pieces if piece and piece.strip() and (text := _printed([piece])))
    return texts, tables


def _definitions(element: _Element) -> list[list[_Element]] | None:
    """The names of a definition list, each with what stands to it, where most of that is amounts; None for a list of words."""
    rows: list[list[_Element]] = []
    for one in _pairs(element):
        if one.tag == "dt" or not rows:
            rows.append([])
        rows[-1].append(one)
    if len(rows) < 2 or not all(len(row) > 1 and row[0].tag == "dt" for row in rows):
        return None
    cell_texts = [cell_text(one) for row in rows for one in row[1:]]
    amounts = sum(any(char.isdigit() for char in text) and len(text) <= _SHORT for text, _ in cell_texts)
    return rows if amounts * 2 > len(cell_texts) and not any(tables for _, tables in cell_texts) else None


def _pairs(element: _Element) -> Iterator[_Element]:
    """The names and definitions of a list, those grouped in boxes included."""
    for child in element:
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":
            yield from _pairs(child)


def _groups(table: _Element) -> list[list[list[_Element]]]:
    """The row groups in the order a browser shows them; spans do not cross their borders."""
    groups: list[tuple[int, list[list[_Element]]]] = []
    loose: list[list[_Element]] = []
    order = {"thead": 0, "tfoot": 2}
    heads = 0
    for child in table:
        if child.tag in ("thead", "tbody", "tfoot"):
            if loose:
                groups.append((1, loose))
                loose = []
            heads += child.tag == "thead"
            rank = order.get(child.tag, 1) if child.tag != "thead" or heads == 1 else 1
            groups.append((rank, _rows(child)))
        elif child.tag in ("tr", "td", "th"):
            _add_row(loose, child)
        elif child.tag not in ("caption", "colgroup", "col"):
            loose += _rows(child)
    groups.append((1, loose))
    return [rows for _, rows in sorted(groups, key=lambda group: group[0])]


def _rows(section: _Element) -> list[list[_Element]]:
    rows: list[list[_Element]] = []
    for child in section:
        if child.tag in ("tr", "td", "th"):
            _add_row(rows, child)
        elif child.tag != "table":
            rows += _rows(child)
    return rows


def _add_row(rows: list[list[_Element]], element: _Element) -> None:
    """A row, or a cell that stands outside any row: with its neighbours it makes one."""
    if element.tag == "tr":
        rows.append(list(_cells(element)))
        return
    before = element.getprevious()
    if rows and before is not None and before.tag in ("td", "th"):
        rows[-1].append(element)
    else:
        rows.append([element])


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row:
        if child.tag in ("td", "th"):
            yield child
        elif child.tag != "table":
            yield from _cells(child)


def cell_text(element: _Element) -> tuple[str, list[_Element]]:
    """The text of a cell, one line per block or break, and the tables nested in it."""
    pieces: list[str] = []
    tables: list[_Element] = []
    _collect(element, pieces, tables)
    return _printed(pieces), tables


def _collect(element: _Element, pieces: list[str], tables: list[_Element]) -> None:
    pieces.append(_gap(element) + (element.text or ""))
    for child in element:
        if child.tag == "table":
            tables.append(child)
            pieces.append("\v")
        elif child.tag in _BLOCKS:
            pieces.append("\v")
            _collect(child, pieces, tables)
            pieces.append("\v")
        elif child.tag not in _SKIPPED:
            _collect(child, pieces, tables)
        pieces.append(child.tail or "")


def _gap(element: _Element) -> str:
    """A raised note mark is no digit of the number it follows."""
    return " " if element.tag == "sup" else ""


def _printed(pieces: list[str]) -> str:
    """Source newlines are blanks, blocks (marked \\v) are lines, blanks run together."""
    text = normalise("".join(pieces).replace("\r", " ").replace("\n", " "))
    return lines_of("\n".join(" ".join(line.split()) for line in text.split("\n")))


def _span(element: _Element, name: str, limit: int) -> int:
    match = _SPAN.match(element.get(name) or "1")
    return min(int(match[1]), limit) if match else 1


def _indent(element: _Element) -> int:
    """The no-break blanks a cell begins with; common blanks of the source are not shown."""
    texts = (str(text).lstrip(" \t\r\n") for text in element.itertext())
    text = next((text for text in texts if text), "")[:100]
    return len(text) - len(text.lstrip("\xa0\u3000\u2003 "))


def _is_hidden(element: _Element) -> bool:
    parent = element.getparent()
    return any(
        node.get("hidden") is not None or bool(_HIDDEN.search(node.get("style") or ""))
        for node in (element, parent)
        if node is not None
    )
