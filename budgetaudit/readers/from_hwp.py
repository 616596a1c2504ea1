"""HWP 5 (OLE compound file of records): the same blocks as the HWPX of the same document.

A section that cannot be read is a problem of the document; only without any is there nothing to read.
"""

from __future__ import annotations

import re
import struct
from collections import deque
from pathlib import Path

from budgetaudit.model import Document, Message, ReadError
from budgetaudit.readers import limits
from budgetaudit.readers.hwp_records import (
    CONTROL,
    FORMAT,
    LIST_HEADER,
    PARA_HEADER,
    PARA_TEXT,
    SHAPE,
    TABLE,
    TRACKED,
    Record,
    Storage,
    differing,
)
from budgetaudit.readers.stored import Box, Layout, Mark, Para, Table, TableCell

# Characters below 32: these take one place, all others eight (a control's place or an inline parameter).
_PRINTED = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
_SINGLE = {0, 10, 13, *range(24, 32)}
_ANCHORS = {1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23}
_FIELD_END = 4
_BOXES = {b"gso ", b"head", b"foot", b"fn  ", b"en  "}
_NUMBERED = {3, 4, 5}  # numbers of pictures, tables and equations; those of pages and notes are not text
_CLICK_HERE = re.compile(r"Direction:wstring:(\d{1,5}):")
_HALF = re.compile("[\ud800-\udfff]")
_ORDINARY = re.compile(r"[^\x00-\x1f]+")


def read(path: Path, data: bytes) -> Document:
    """The blocks of all sections in numeric order."""
    storage = Storage(data)
    layout = Layout(str(path), FORMAT)
    failures: list[ReadError] = []
    for name in storage.sections:
        try:
            records = storage.records(name)
            if count := differing(records):
                layout.problem(Message("read-part-unread", {"part": name, "why": Message("read-hwp-counts", {"count": count})}))
            layout.add(_paras(records, 0))
        except ReadError as fault:
            failures.append(fault)
            layout.problem(Message("read-part-unread", {"part": name, "why": fault.message}))
    if len(failures) == len(storage.sections):
        raise failures[0]
    for number in range(len(storage.sections), storage.stated()):
        why = Message("read-part-missing")
        layout.problem(Message("read-part-unread", {"part": f"BodyText/Section{number}", "why": why}))
    if storage.flags & TRACKED:
        layout.problem(Message("read-hwp-tracked"), level="notice")
    return Document(path=str(path), format=FORMAT, blocks=tuple(layout.blocks), problems=tuple(layout.problems))


def _paras(records: list[Record], depth: int) -> list[Para]:
    if depth > limits.MAX_DEPTH:
        raise ReadError("read-too-deep", format=FORMAT, limit=limits.MAX_DEPTH)
    return [_para(record, depth) for record in records if record.tag == PARA_HEADER]


def _para(header: Record, depth: int) -> Para:
    """A paragraph: its characters, with each control put where its anchor stands."""
    para = Para()
    controls = deque(record for record in header.children if record.tag == CONTROL)
    for record in header.children:
        if record.tag == PARA_TEXT:
            _characters(record.data, para, controls, depth)
    for control in controls:  # one without an anchor is still part of the document
        _control(control, para, depth)
    return para


def _characters(data: bytes, para: Para, controls: deque[Record], depth: int) -> None:
    # One character per 16-bit unit: a control's parameters could look like halves of a pair.
    units = bytearray(len(data) // 2 * 4)
    units[0::4], units[1::4] = data[0 : len(data) // 2 * 2 : 2], data[1::2]
    text = units.decode("utf-32-le", "surrogatepass")
    position = 0
    while position < len(text):
        run = _ORDINARY.match(text, position)
        if run:
            para.items.append(_paired(run[0]))
            position = run.end()
            continue
        code = ord(text[position])
        if code in _PRINTED:
            para.items.append(_PRINTED[code])
        elif code == _FIELD_END:
            para.items.append(Mark("end"))
        elif code in _ANCHORS and controls and controls[0].data[:4] == data[2 * position + 2 : 2 * position + 6]:
            _control(controls.popleft(), para, depth)
        position += 1 if code in _SINGLE else 8


def _paired(text: str) -> str:
    """Characters beyond the first plane, which the file stores in two halves."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _control(control: Record, para: Para, depth: int) -> None:
    name = control.data[3::-1]
    if name == b"tbl ":
        para.items.append(_table(control, depth + 1))
    elif name in _BOXES:
        para.items.append(Box(_inside(control, depth + 1)))
    elif name[:1] == b"%":
        para.items.append(Mark("field", prompt=_prompt(control.data) if name == b"%clk" else None))
    elif name in (b"tcps", b"tdut"):
        para.items.append(_counted(control.data, 4))
    elif name == b"atno" and len(control.data) >= 10:
        attributes, number = struct.unpack_from("<IH", control.data, 4)
        if attributes & 0xF in _NUMBERED:
            para.items.append(str(number))


def _prompt(data: bytes) -> str | None:
    """The instruction a click-here field shows until somebody fills it in."""
    command = _counted(data, 9)
    match = _CLICK_HERE.search(command)
    return command[match.end() : match.end() + int(match[1])] if match else None


def _counted(data: bytes, offset: int) -> str:
    """A string that its length in characters precedes."""
    if len(data) < offset + 2:
        return ""
    (length,) = struct.unpack_from("<H", data, offset)
    return data[offset + 2 : offset + 2 + 2 * length].decode("utf-16-le", "replace")


def _inside(record: Record, depth: int) -> list[Para]:
    """The paragraphs of a box: of its caption, its shape, the shapes grouped in it."""
    paras = _paras(record.children, depth)
    for child in record.children:
        if child.tag == SHAPE:
            paras += _inside(child, depth + 1)
    return paras


def _table(control: Record, depth: int) -> Table:
    """A table: lists before the table record are its caption, lists after it its cells."""
    table = Table(0, 0, [], placed=True)
    inside = table.caption
    stated = False
    for child in control.children:
        if child.tag == TABLE and len(child.data) >= 8:
            table.rows, table.columns = struct.unpack_from("<HH", child.data, 4)
            stated = True
        elif child.tag == LIST_HEADER and stated:
            cell = _table_cell(child.data)
            table.cells.append(cell)
            inside = cell.paras
        elif child.tag == PARA_HEADER:
            inside += _paras([child], depth)
    return table


def _table_cell(data: bytes) -> TableCell:
    if len(data) < 16:
        raise ReadError("read-broken", format=FORMAT, part="table")
    attributes, column, row, column_span, row_span = struct.unpack_from("<IHHHH", data, 4)
    return TableCell(row, column, max(1, row_span), max(1, column_span), [], header=bool(attributes & 1 << 18))
