"""HWP 5 streams: which storage to read, inflating, decrypting distribution documents, records as a tree."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from budgetaudit.model import ReadError
from budgetaudit.readers import limits

FORMAT = "hwp"
SIGNATURE = b"HWP Document File"
HWP3 = b"HWP Document File V"
COMPRESSED, PASSWORD, DISTRIBUTION, TRACKED = 1 << 0, 1 << 1, 1 << 2, 1 << 14
# Other locks that leave nothing to read: certificate encryption and DRM.
LOCKED = 1 << 4 | 1 << 8 | 1 << 10

PROPERTIES, PARA_HEADER, PARA_TEXT, CONTROL, LIST_HEADER, SHAPE, TABLE, DISTRIBUTE = 16, 66, 67, 71, 72, 76, 77, 28
MAX_RECORDS = 600_000
MAX_LEVEL = 6 * limits.MAX_DEPTH
_SECTION = re.compile(r"Section(\d{1,6})\Z")


@dataclass(slots=True)
class Record:
    """One record with the records of deeper level that follow it."""

    tag: int
    data: bytes
    children: list[Record] = field(default_factory=list)


class Storage:
    """The compound file: its flags and its section streams, in numeric order."""

    def __init__(self, data: bytes) -> None:
        self._ole = _open(data)
        self._room, self._left = limits.room(data), MAX_RECORDS
        header = self._stream(["FileHeader"])
        if not header.startswith(SIGNATURE) or len(header) < 40:
            raise ReadError("read-broken", format=FORMAT, part="FileHeader")
        self.flags: int = struct.unpack_from("<I", header, 36)[0]
        if self.flags & (PASSWORD | LOCKED):
            raise ReadError("read-password", format=FORMAT)
        streams = {"/".join(name) for name in self._ole.listdir()}
        # A distribution document keeps its text in ViewText; so does one with tracked changes, where
        # BodyText is the older draft.
        viewed = self.flags & (DISTRIBUTION | TRACKED) and any(name.startswith("ViewText/") for name in streams)
        folder = "ViewText" if viewed else "BodyText"
        numbered = [
            (int(match[1]), name) for name in streams if name.startswith(folder + "/") and (match := _SECTION.search(name))
        ]
        self.sections = [name for _, name in sorted(numbered)]
        if not self.sections:
            raise ReadError("read-broken", format=FORMAT, part="BodyText/Section0")

    def records(self, name: str) -> list[Record]:
        """The records of a section, those of level 0; decrypted and inflated if need be."""
        data = self._stream(name.split("/"))
        if name.startswith("ViewText") and _starts_locked(data):
            data = decrypt(data, name)
        if self.flags & COMPRESSED:
            data = limits.inflate(data, FORMAT, name, self._room)
        elif len(data) > self._room:  # a directory that names one stream again and again
            raise limits.too_large(FORMAT, name, self._room)
        self._room -= len(data)
        found = tree(data, name, self._left)
        self._left -= sum(1 for _ in every(found))
        return found

    def stated(self) -> int:
        """How many sections the document says it has; 0 if it does not say."""
        try:
            data = self._stream(["DocInfo"])
            first = tree(limits.inflate(data, FORMAT, "DocInfo") if self.flags & COMPRESSED else data, "DocInfo")[0]
        except (ReadError, IndexError):
            return 0
        return int(struct.unpack_from("<H", first.data)[0]) if first.tag == PROPERTIES and len(first.data) > 1 else 0

    def _stream(self, name: list[str]) -> bytes:
        try:
            with self._ole.openstream(name) as stream:
                content: bytes = stream.read()
        except Exception as fault:  # olefile raises many types on broken chains
            raise ReadError("read-broken", format=FORMAT, part="/".join(name)) from fault
        return content


def _open(data: bytes) -> Any:
    import olefile

    if data.startswith(HWP3):
        raise ReadError("read-hwp3")
    try:
        return olefile.OleFileIO(io.BytesIO(data))
    except Exception as fault:
        raise ReadError("read-broken", format=FORMAT, part="OLE") from fault


def every(records: list[Record]) -> Iterator[Record]:
    """Records and all below them, in no order."""
    left = list(records)
    while left:
        record = left.pop()
        left += record.children
        yield record


def tree(data: bytes, part: str, most: int = MAX_RECORDS) -> list[Record]:
    """Records nested by their level; a record that runs past the end means the stream is cut off."""
    roots: list[Record] = []
    branch: list[Record] = []
    position, count, end_of_records = 0, 0, len(data.rstrip(b"\0"))  # some writers fill the stream up
    while position < end_of_records:
        count += 1
        if count > most:
            raise ReadError("read-too-large", format=FORMAT, part=part, limit=f"{MAX_RECORDS:,}")
        tag, level, position, end = _head(data, position, part)
        if level > MAX_LEVEL:
            raise ReadError("read-too-deep", format=FORMAT, limit=limits.MAX_DEPTH)
        record = Record(tag, data[position:end])
        del branch[level:]
        (branch[-1].children if branch else roots).append(record)
        branch.append(record)
        position = end
    return roots


def differing(records: list[Record]) -> int:
    """In how many places characters, paragraphs or cells are not as many as the records before them state."""
    tops = [record for record in records if record.tag == PARA_HEADER]
    stated = any(_stated(record, "<I") for record in tops)
    # A section has a paragraph, and the last one says that it is the last.
    found = int(not tops or (stated and not _stated(tops[-1], "<I") >> 31))
    for record in every(records):
        if record.tag == PARA_HEADER:
            held = sum(len(child.data) // 2 for child in record.children if child.tag == PARA_TEXT)
            found += _stated(record, "<I") & 0x7FFFFFFF not in (0, max(1, held))
        found += _lists_differing(record.children)
    return found


def _lists_differing(records: list[Record]) -> int:
    """The same of the lists and the table among some records."""
    lists: list[tuple[Record, int]] = []
    cells, table = 0, None
    for record in records:
        if record.tag == LIST_HEADER:
            lists.append((record, sum(child.tag == PARA_HEADER for child in record.children)))
            cells += table is not None
        elif record.tag == PARA_HEADER and lists:
            lists[-1] = (lists[-1][0], lists[-1][1] + 1)
        elif record.tag == TABLE:
            table = record
    found = sum(_stated(record, "<H") != held for record, held in lists)
    if table is not None and len(table.data) >= 18:
        rows = min(_stated(table, "<H", 4), (len(table.data) - 18) // 2)
        stated = sum(struct.unpack_from(f"<{rows}H", table.data, 18))
        found += stated not in (0, cells)
    return found


def _stated(record: Record, form: str, at: int = 0) -> int:
    """A number in a record; 0 if the record ends before it."""
    return int(struct.unpack_from(form, record.data, at)[0]) if len(record.data) >= at + struct.calcsize(form) else 0


def _head(data: bytes, position: int, part: str) -> tuple[int, int, int, int]:
    """Tag, level, start and end of the record at a position."""
    try:
        (head,) = struct.unpack_from("<I", data, position)
        position += 4
        size = head >> 20
        if size == 0xFFF:
            (size,) = struct.unpack_from("<I", data, position)
            position += 4
    except struct.error as fault:
        raise ReadError("read-broken", format=FORMAT, part=part) from fault
    if position + size > len(data):
        raise ReadError("read-broken", format=FORMAT, part=part)
    return head & 0x3FF, head >> 10 & 0x3FF, position, position + size


def _starts_locked(data: bytes) -> bool:
    return len(data) > 260 and struct.unpack_from("<I", data)[0] & 0x3FF == DISTRIBUTE


def decrypt(data: bytes, part: str) -> bytes:
    """The body of a distribution document, whose key lies scrambled in its own first record.

    The record's 256 bytes are XORed with runs of a linear congruential generator seeded by its first
    four; the key stands at an offset the seed gives; the rest is AES-128 in ECB mode.
    """
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError as fault:
        raise ReadError("read-distribution-extra") from fault
    _, _, start, end = _head(data, 0, part)
    if end - start != 256:
        raise ReadError("read-broken", format=FORMAT, part=part)
    offset, plain = _unscramble(data[start:end])
    body = data[end : end + (len(data) - end) // 16 * 16]
    # The format fixes algorithm and mode; nothing is protected by them here.
    cipher = Cipher(algorithms.AES(plain[offset : offset + 16]), modes.ECB()).decryptor()  # noqa: S305
    return cipher.update(body) + cipher.finalize()


def _unscramble(record: bytes) -> tuple[int, bytes]:
    seed: int = struct.unpack_from("<I", record)[0]
    offset, state, run, mask = 4 + (seed & 0xF), seed, 0, 0
    plain = bytearray(record)
    for position in range(256):
        if run == 0:
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            mask = state >> 16 & 0xFF
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            run = (state >> 16 & 0xF) + 1
        if position >= 4:
            plain[position] ^= mask
        run -= 1
    return offset, bytes(plain)
