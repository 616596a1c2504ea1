"""What a reader may spend on one input: bytes, members, nesting, cells, seconds, memory.

Every bound ends in a `ReadError` with a message for people, never in a crash or a full memory.
Readers open archives, inflate streams, parse XML and count the cells of grids through this module only.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import lru_cache
from typing import Any

from budgetaudit.model import ReadError

MEBIBYTE = 1 << 20
MAX_MEMBERS = 10_000
MAX_PART = 96 * MEBIBYTE
MAX_TOTAL = 192 * MEBIBYTE
# Text XML of office formats shrinks 10- to 60-fold; only a bomb beats this once it is large.
MAX_RATIO = 200
RATIO_FREE = 4 * MEBIBYTE
MAX_DEPTH = 40
MAX_CELLS = 750_000
MAX_AREA = 8_000_000
MAX_MARKUP = 3_000_000  # tags and attributes of one part: each costs the parser some 200 bytes
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


class Archive:
    """A zip archive whose parts are read within the bounds; `total` counts what was inflated so far."""

    def __init__(self, data: bytes, kind: str) -> None:
        self.kind, self.total = kind, 0
        self._room = room(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except Exception as fault:  # zipfile leaks many types on broken input
            raise ReadError("read-broken", format=kind, part="zip") from fault
        # Some programs for Windows write the paths within a package with backslashes.
        self._parts = {info.filename.replace("\\", "/"): info for info in self._zip.infolist()}
        self.names = tuple(self._parts)
        if len(self.names) > MAX_MEMBERS:
            raise ReadError("read-too-large", format=kind, part="zip", limit=f"{MAX_MEMBERS:,}")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """One part, inflated; a broken, encrypted or oversized part is a `ReadError`."""
        info = self._parts[name]
        if info.flag_bits & 1:
            raise ReadError("read-password", format=self.kind)
        most = min(MAX_PART, self._room - self.total)
        try:
            with self._zip.open(info) as part:
                content = part.read(most + 1)
        except Exception as fault:
            raise ReadError("read-broken", format=self.kind, part=name) from fault
        if len(content) > most:
            raise too_large(self.kind, name, most)
        self.total += len(content)
        return content


def room(data: bytes) -> int:
    """How far all that is packed in a file may inflate."""
    return min(MAX_TOTAL, max(RATIO_FREE, len(data) * MAX_RATIO))


def too_large(kind: str, part: str, room: int) -> ReadError:
    """The error for a part that inflates beyond its room."""
    return ReadError("read-too-large", format=kind, part=part, limit=f"{room // MEBIBYTE:,} MiB")


def inflate(data: bytes, kind: str, part: str, left: int = MAX_TOTAL) -> bytes:
    """A raw deflate stream, inflated within the bounds and what is left of them; a stream that stops early is broken."""
    most = min(MAX_PART, room(data), left)
    stream = zlib.decompressobj(-15)
    try:
        content = stream.decompress(data, most + 1)
    except zlib.error as fault:
        raise ReadError("read-broken", format=kind, part=part) from fault
    if len(content) > most:
        raise too_large(kind, part, most)
    if not stream.eof:
        raise ReadError("read-broken", format=kind, part=part)
    return content


def parse_xml(data: bytes, kind: str, part: str) -> Any:
    """The root element of an XML part (lxml); a document type declaration is refused, for it can only do harm."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if any(mark in data for mark in _DOCTYPE):
        raise ReadError("read-dtd", format=kind, part=part)
    if data.count(b"<") + data.count(b"=") > MAX_MARKUP:
        raise ReadError("read-too-large", format=kind, part=part, limit=f"{MAX_MARKUP:,}")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        if "depth" in str(fault):
            raise ReadError("read-too-deep", format=kind, limit=MAX_DEPTH) from fault
        raise ReadError("read-broken", format=kind, part=part) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError("read-dtd", format=kind, part=part)
    return root


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


class CellBudget:
    """Counts the cells and the area of all grids of one document."""

    def __init__(self, kind: str) -> None:
        self.kind, self.cells, self.area = kind, 0, 0

    def check(self, cells: int, area: int) -> None:
        """Refuse a grid that is too much."""
        if self.cells + cells > MAX_CELLS or self.area + area > MAX_AREA:
            raise ReadError("read-too-large", format=self.kind, part="table", limit=f"{MAX_CELLS:,}")

    def spend(self, cells: int, area: int) -> None:
        """Count a grid, or refuse it."""
        self.check(cells, area)
        self.cells += cells
        self.area += area
