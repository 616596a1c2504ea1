"""HWPX (OWPML, KS X 6101): a zip of XML sections; tables state cell addresses and spans.

Namespaces are ignored: Hancom's of 2011, 2016 and the standard's of 2024 use the same local names.
A part that cannot be read is a problem of the document; only without any section is there nothing to read.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Literal

from budgetaudit.model import Document, Message, ReadError
from budgetaudit.readers import limits
from budgetaudit.readers.limits import local_name
from budgetaudit.readers.stored import Box, Layout, Mark, Para, Table, TableCell

FORMAT = "hwpx"
_SECTION = re.compile(r"(?:^|/)section(\d{1,6})\.xml$", re.IGNORECASE)
_SECTIONS = re.compile(rb'\bsecCnt="(\d{1,4})"')
_MOST_MISSING = 20
# Inline characters inside a text run; a page or note number is not known before printing.
_INLINE = {"lineBreak": "\n", "tab": "\t", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
_DELETIONS: dict[str, Literal["delete", "undelete"]] = {"deleteBegin": "delete", "deleteEnd": "undelete"}
_BOXES = {"header", "footer", "footNote", "endNote"}
# What is not printed: comments, index entries, form definitions, the picture's file name.
_UNPRINTED = {"hiddenComment", "fieldBegin", "indexmark", "shapeComment", "secPr", "linesegarray", "script", "parameters"}
_NUMBERED = {"TABLE", "PICTURE", "EQUATION"}


def read(path: Path, data: bytes) -> Document:
    """The blocks of all sections in the order of the manifest."""
    archive = limits.Archive(data, FORMAT)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ReadError("read-password", format=FORMAT)
    layout = Layout(str(path), FORMAT)
    names = _sections(archive)
    if not names:
        raise ReadError("read-broken", format=FORMAT, part="Contents/section0.xml")
    failures: list[ReadError] = []
    for name in _missing(archive, names):
        layout.problem(Message("read-part-unread", {"part": name, "why": Message("read-part-missing")}))
    for name in names:
        try:
            section = limits.parse_xml(archive.read(name), FORMAT, name)
            layout.add(_paras(section, 0))
        except ReadError as fault:
            failures.append(fault)
            layout.problem(Message("read-part-unread", {"part": name, "why": fault.message}))
    if len(failures) == len(names):
        raise failures[0]
    return Document(path=str(path), format=FORMAT, blocks=tuple(layout.blocks), problems=tuple(layout.problems))


def _sections(archive: limits.Archive) -> list[str]:
    """The section parts: in the order of the package's spine, the rest after them by number."""
    numbered = sorted((int(match[1]), name) for name in archive.names if (match := _SECTION.search(name)))
    stored = [name for _, name in numbered]
    spine = [name for name in _spine(archive) if name in stored]
    return spine + [name for name in stored if name not in spine]


def _missing(archive: limits.Archive, names: list[str]) -> list[str]:
    """The sections that the spine names, the head counts or the numbers leave out, and the archive does not hold."""
    stored = {posixpath.basename(name).lower() for name in names}
    named = {posixpath.basename(name): name for name in _spine(archive) if _SECTION.search(name)}
    found = [name for base, name in named.items() if base.lower() not in stored]
    numbers = [int(match[1]) for name in names if (match := _SECTION.search(name))]
    stated = _SECTIONS.search(_head(archive))
    count = max(*numbers, int(stated[1]) if stated is not None else 0)
    found += [f"Contents/section{number}.xml" for number in range(min(numbers), count) if number not in numbers]
    return list(dict.fromkeys(found))[:_MOST_MISSING]


def _head(archive: limits.Archive) -> bytes:
    name = next((name for name in archive.names if name.lower().endswith("header.xml")), None)
    try:
        return archive.read(name) if name is not None else b""
    except ReadError:  # styles and fonts, which nothing else needs
        return b""


def _spine(archive: limits.Archive) -> list[str]:
    package = next((name for name in archive.names if name.endswith(".hpf")), None)
    if package is None:
        return []
    try:
        root = limits.parse_xml(archive.read(package), FORMAT, package)
    except ReadError:
        return []
    items, order = {}, []
    for element in root.iter():
        name = local_name(element)
        if name == "item":
            items[element.get("id")] = element.get("href", "")
        elif name == "itemref":
            order.append(element.get("idref"))
    folder = posixpath.dirname(package)
    found = []
    for reference in dict.fromkeys(order):
        href = items.get(reference, "").lstrip("/")
        found += [href, posixpath.join(folder, href)] if href else []
    return list(dict.fromkeys(found))


def _paras(parent: Any, depth: int) -> list[Para]:
    return [_para(child, depth) for child in parent if local_name(child) == "p"]


def _para(element: Any, depth: int) -> Para:
    para = Para()
    for child in element:
        _walk(child, para, depth)
    return para


def _walk(element: Any, para: Para, depth: int) -> None:
    """Collect what an element inside a paragraph prints; unknown elements are looked into."""
    name = local_name(element)
    if name == "t":
        _text(element, para)
    elif name == "tbl":
        para.items.append(_table(element, depth + 1))
    elif name in _BOXES or name == "drawText" or name == "caption":
        para.items.append(Box(_lists(element, depth + 1)))
    elif name == "fieldBegin":
        para.items.append(Mark("field", prompt=_prompt(element)))
    elif name == "fieldEnd":
        para.items.append(Mark("end"))
    elif name == "compose":
        para.items.append(element.get("composeText", ""))
    elif name == "dutmal":
        para.items += ["".join(child.itertext()) for child in element if local_name(child) == "mainText"]
    elif name in _DELETIONS:
        para.items.append(Mark(_DELETIONS[name], element.get("Id", "")))
    elif name == "switch":
        for child in element[:1]:  # the cases show the same to programs of different age
            _walk(child, para, depth)
    elif name == "autoNum" and element.get("numType") in _NUMBERED:
        para.items.append(element.get("num", ""))
    elif name not in _UNPRINTED:
        for child in element:
            _walk(child, para, depth)


def _text(element: Any, para: Para) -> None:
    if element.text:
        para.items.append(element.text)
    for child in element:
        name = local_name(child)
        if name in _INLINE:
            para.items.append(_INLINE[name])
        elif name in _DELETIONS:
            para.items.append(Mark(_DELETIONS[name], child.get("Id", "")))
        if child.tail:
            para.items.append(child.tail)


def _prompt(field: Any) -> str | None:
    """The instruction a click-here field shows until somebody fills it in."""
    if field.get("type") != "CLICK_HERE":
        return None
    return next(
        (child.text for child in field.iter() if local_name(child) == "stringParam" and child.get("name") == "Direction"), None
    )


def _lists(element: Any, depth: int) -> list[Para]:
    """The paragraphs of an element's sub-lists."""
    if depth > limits.MAX_DEPTH:
        raise ReadError("read-too-deep", format=FORMAT, limit=limits.MAX_DEPTH)
    return [para for child in element if local_name(child) == "subList" for para in _paras(child, depth)]


def _table(element: Any, depth: int) -> Table:
    table = Table(_number(element, "rowCnt", 0), _number(element, "colCnt", 0), [], placed=True)
    row = -1
    for child in element:
        name = local_name(child)
        if name == "caption":
            table.caption += _lists(child, depth)
        elif name == "tr":
            row += 1
            cells = (cell for cell in child if local_name(cell) == "tc")
            table.cells += (_table_cell(cell, row, column, depth) for column, cell in enumerate(cells))
    return table


def _table_cell(element: Any, row: int, column: int, depth: int) -> TableCell:
    parts = {local_name(child): child for child in element}
    address, span = parts.get("cellAddr"), parts.get("cellSpan")
    return TableCell(
        row=_number(address, "rowAddr", row),
        column=_number(address, "colAddr", column),
        row_span=max(1, _number(span, "rowSpan", 1)),
        column_span=max(1, _number(span, "colSpan", 1)),
        paras=_lists(element, depth),
        header=element.get("header") == "1",
    )


def _number(element: Any, name: str, default: int) -> int:
    """A small non-negative count; the format stores these in 16 bits."""
    text = "" if element is None else element.get(name, "")
    return min(int(text), 0xFFFF) if text.isascii() and text.isdigit() and len(text) < 10 else default
