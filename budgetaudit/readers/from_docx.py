"""DOCX (WordprocessingML): an own walk, for libraries miss content controls, insertions and text boxes.

Tracked insertions are kept, deletions and hidden text dropped. Notes follow the paragraph that refers to
them, headers and footers stand at the end.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from budgetaudit.model import Document, Message, ReadError
from budgetaudit.readers import limits
from budgetaudit.readers.limits import local_name
from budgetaudit.readers.stored import Box, Layout, Para, Table, TableCell

FORMAT = "docx"
_INLINE = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
# Deleted or moved away, field codes, the fallback of what is read already, properties.
_UNPRINTED = {"del", "moveFrom", "instrText", "delText", "Fallback", "rPr", "pPr", "sdtPr", "sdtEndPr", "delInstrText", "ffData"}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_OFF = {"0", "false", "off", "none"}
_STYLE_DEPTH = 16


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a paragraph's first line starts and its tab stops, in twips."""

    start: int = 0
    stops: tuple[int, ...] = ()


def read(path: Path, data: bytes) -> Document:
    """The blocks of the body, then of headers and footers."""
    archive = limits.Archive(data, FORMAT)
    main, related = _parts(archive)
    layout = Layout(str(path), FORMAT)
    walker = _Walker(layout)
    styles = _optional(archive, related.get("styles", []), layout)
    if styles:
        walker.styles = {_attribute(style, "styleId"): style for style in styles[0] if local_name(style) == "style"}
    for kind in _NOTES.values():
        for root in _optional(archive, related.get(kind, []), layout):
            walker.notes |= {(kind, _attribute(note, "id")): note for note in root if _attribute(note, "type") in ("", "normal")}
    root = limits.parse_xml(archive.read(main), FORMAT, main)
    layout.add([para for body in root if local_name(body) == "body" for para in walker.paras(body, 0)])
    for margin in _optional(archive, related.get("header", []) + related.get("footer", []), layout):
        layout.add(walker.paras(margin, 0))
    return Document(path=str(path), format=FORMAT, blocks=tuple(layout.blocks), problems=tuple(layout.problems))


def _parts(archive: limits.Archive) -> tuple[str, dict[str, list[str]]]:
    """The main part's name, and by kind the names of the parts it refers to."""
    main = next(iter(_targets(archive, "").get("officeDocument", [])), "word/document.xml")
    if main not in archive:
        raise ReadError("read-broken", format=FORMAT, part=main)
    return main, _targets(archive, main)


def _targets(archive: limits.Archive, part: str) -> dict[str, list[str]]:
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, list[str]] = {}
    if relations not in archive:
        return found
    for relation in limits.parse_xml(archive.read(relations), FORMAT, relations):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            found.setdefault(relation.get("Type", "").rpartition("/")[2], []).append(target)
    return found


def _optional(archive: limits.Archive, names: list[str], layout: Layout) -> list[Any]:
    """The roots of parts besides the body; one that cannot be read is a problem."""
    roots = []
    for name in dict.fromkeys(names):
        try:
            if name in archive:
                roots.append(limits.parse_xml(archive.read(name), FORMAT, name))
        except ReadError as fault:
            layout.problem(Message("read-part-unread", {"part": name, "why": fault.message}))
    return roots


def _attribute(element: Any, name: str) -> str:
    """An attribute whatever its namespace (transitional and strict documents differ)."""
    return next((value for key, value in element.items() if key.endswith(name) and key.rpartition("}")[2] == name), "")


def _child(element: Any, *names: str) -> Any:
    """The descendant along a path of local names, or None."""
    for name in names:
        element = next((child for child in element if local_name(child) == name), None)
        if element is None:
            return None
    return element


def _is_on(element: Any) -> bool:
    return element is not None and _attribute(element, "val") not in _OFF


def _number(element: Any, name: str, default: int) -> int:
    text = "" if element is None else _attribute(element, name)
    return int(text) if re.fullmatch(r"-?\d{1,6}", text, re.ASCII) else default


class _Walker:
    """Turns elements into stored paragraphs; knows the styles and notes of the document."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.styles: dict[str, Any] = {}
        self.notes: dict[tuple[str, str], Any] = {}
        self._shapes: dict[str, _Shape] = {}

    def paras(self, parent: Any, depth: int) -> list[Para]:
        """The paragraphs and tables of a body, cell, box or note; wrappers are looked into."""
        if depth > limits.MAX_DEPTH:
            raise ReadError("read-too-deep", format=FORMAT, limit=limits.MAX_DEPTH)
        found: list[Para] = []
        for child in parent:
            name = local_name(child)
            if name == "p":
                found.append(self._para(child, depth))
            elif name == "tbl":
                found.append(Para([self._table(child, depth + 1)]))
            elif name == "altChunk":
                self.layout.problem(Message("read-docx-chunk"))
            elif name not in _UNPRINTED and len(child):
                found += self.paras(child, depth + 1)
        return found

    def _para(self, element: Any, depth: int) -> Para:
        shape = self._shape(_child(element, "pPr"))
        para = Para(start=shape.start, stops=shape.stops)
        for child in element:
            self._walk(child, para, depth)
        return para

    def _walk(self, element: Any, para: Para, depth: int) -> None:
        """Collect what an element inside a paragraph prints; unknown elements are looked into."""
        name = local_name(element)
        if name == "t":
            para.items.append(element.text or "")
        elif name in _INLINE:
            para.items.append(_INLINE[name])
        elif name == "br" and _attribute(element, "type") in ("", "textWrapping"):
            para.items.append("\n")
        elif name == "txbxContent":
            para.items.append(Box(self.paras(element, depth + 1)))
        elif name in _NOTES:
            note = self.notes.pop((_NOTES[name], _attribute(element, "id")), None)
            if note is not None:
                para.items.append(Box(self.paras(note, depth + 1)))
        elif name == "AlternateContent":
            self._walk_choice(element, para, depth)
        elif name not in _UNPRINTED and not (name == "r" and _is_on(_child(element, "rPr", "vanish"))):
            for child in element:
                self._walk(child, para, depth)

    def _walk_choice(self, element: Any, para: Para, depth: int) -> None:
        """The first alternative; the fallback shows the same to older programs."""
        choice = _child(element, "Choice")
        chosen = _child(element, "Fallback") if choice is None else choice
        for child in () if chosen is None else chosen:
            self._walk(child, para, depth)

    def _table(self, element: Any, depth: int) -> Table:
        grid = _child(element, "tblGrid")
        table = Table(0, 0 if grid is None else sum(local_name(column) == "gridCol" for column in grid), [])
        above: dict[int, TableCell] = {}
        for row in _inside(element, "tr"):
            if _child(row, "trPr", "del") is None:
                above = self._row(row, table, above, depth)
                table.rows += 1
        return table

    def _row(self, row: Any, table: Table, above: dict[int, TableCell], depth: int) -> dict[int, TableCell]:
        """Add a row's cells; returns by column the cells that the next row may continue."""
        column = max(0, _number(_child(row, "trPr", "gridBefore"), "val", 0))
        header = _is_on(_child(row, "trPr", "tblHeader"))
        current: dict[int, TableCell] = {}
        for element in _inside(row, "tc"):
            width = min(max(1, _number(_child(element, "tcPr", "gridSpan"), "val", 1)), 0xFFFF)
            merge = _child(element, "tcPr", "vMerge")
            upper = above.get(column)
            if merge is not None and _attribute(merge, "val") != "restart" and upper and upper.column_span == width:
                upper.row_span += 1
                current[column] = upper
                table.covered += _prints(element)
            elif _is_continued(_child(element, "tcPr", "hMerge")) and table.cells and table.cells[-1].row == table.rows:
                table.cells[-1].column_span += width
                table.covered += _prints(element)
            else:
                deleted = _child(element, "tcPr", "cellDel") is not None
                inside = [] if deleted else self.paras(element, depth)
                cell = TableCell(table.rows, column, 1, width, inside, header=header)
                table.cells.append(cell)
                if merge is not None:
                    current[column] = cell
            column += width
        return current

    def _shape(self, properties: Any) -> _Shape:
        """Tab stops and start of a paragraph: its own over those of its style."""
        if properties is None:
            return self._style_shape("", 0)
        style = _child(properties, "pStyle")
        return _shaped(properties, self._style_shape("" if style is None else _attribute(style, "val"), 0))

    def _style_shape(self, name: str, depth: int) -> _Shape:
        if name not in self._shapes:
            style = self.styles.get(name)
            if style is None or depth > _STYLE_DEPTH:
                return _Shape()
            base = _child(style, "basedOn")
            shape = _Shape() if base is None else self._style_shape(_attribute(base, "val"), depth + 1)
            properties = _child(style, "pPr")
            self._shapes[name] = shape if properties is None else _shaped(properties, shape)
        return self._shapes[name]


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, those in content controls and other wrappers included."""
    for child in parent:
        local = local_name(child)
        if local == name:
            yield child
        elif local in ("sdt", "sdtContent", "ins", "customXml", "moveTo"):
            yield from _inside(child, name)


def _prints(element: Any) -> bool:
    """True if a cell contains text, ignoring tracked deletions."""
    return any(local_name(part) == "t" and (part.text or "").strip() for part in element.iter())


def _is_continued(merge: Any) -> bool:
    return merge is not None and _attribute(merge, "val") != "restart"


def _shaped(properties: Any, base: _Shape) -> _Shape:
    stops = set(base.stops)
    tabs = _child(properties, "tabs")
    for tab in () if tabs is None else tabs:
        place, sort = _number(tab, "pos", 0), _attribute(tab, "val")
        if sort == "clear":
            stops.discard(place)
        elif sort != "bar":
            stops.add(place)
    margins = _child(properties, "ind")
    start = base.start
    if margins is not None:
        left = _number(margins, "left", _number(margins, "start", 0))
        hanging = _number(margins, "hanging", 0)
        start = left - hanging + _number(margins, "firstLine", 0)
        if hanging > 0:
            stops.add(left)
    return _Shape(start, tuple(sorted(stops)))
