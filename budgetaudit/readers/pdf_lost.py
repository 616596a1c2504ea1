"""What a damaged PDF has lost without a word: pages its tree names but does not hold, and page contents that were cut off.

PDFium reads what is left of a damaged file and does not say what is missing, so the tree of pages is walked a second time.
"""

from __future__ import annotations

import base64
import io
import logging
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

MAX_PAGES = 5000
_MAX_STREAM = 64 << 20
_MAX_CONTENT = 4 << 20
_HEAD, _SLACK = 4096, 16  # bytes before a stream that state its length; bytes that may stand between it and its end
_MOST_LISTED = 200_000
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_LENGTH = re.compile(rb"/Length\s{1,9}(\d{1,9})(\s{1,9}\d{1,5}\s{1,9}R)?")
_LENGTH_OBJECT = re.compile(rb"(\d{1,9})\s\d{1,5}\sobj\s{0,9}(\d{1,9})\s{0,9}endobj")
_START = re.compile(rb"startxref\s{1,9}(\d{1,12})\s")
_TABLE = re.compile(rb"\s{0,9}xref\s")
_OBJECT = re.compile(rb"\s{0,9}\d{1,9}\s{1,9}\d{1,5}\s{1,9}obj")
_ENTRY = re.compile(rb"(?<=[\r\n ])(\d{10}) \d{5} ([nf])")
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>", re.S)
_PICTURE = re.compile(rb"\bBI\b.*?\bID\b", re.S)
_TEXT_MARK = re.compile(rb"(?<![^\s\]>)])(?:BT|ET)(?![^\s\[<(/])")


def lost(data: bytes, count: int) -> dict[str, Any]:
    """What is missing or damaged: `held`, the pages that the tree holds; `cut` and `bare`, those of broken or of no content.

    `damaged` counts streams that are not as long as stated; `shifted` says that objects are not where the file lists them.
    """
    import pypdf

    found: dict[str, Any] = {"damaged": _misfits(data), "shifted": _is_shifted(data)}

    logging.disable(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            return found
        leaves = list(_leaves(reader.root_object["/Pages"].get_object(), set()))
        there = [(number, leaf) for number, leaf in enumerate(leaves, 1) if leaf is not None and number <= count]
        cut = [number for number, leaf in there if _is_cut(leaf)]
        bare = [number for number, leaf in there if leaf.get("/Contents") is None]
    except Exception:  # a file so odd that the tree of its pages cannot be walked; PDFium read what there is
        return {**found, "shifted": True}
    return {**found, "held": len(leaves), "cut": cut, "bare": bare}


def _misfits(data: bytes) -> int:
    """How many streams do not end where their stated length ends."""
    lengths = {match[1]: int(match[2]) for match in _LENGTH_OBJECT.finditer(data)}
    found = at = 0
    while start := _STREAM.search(data, at):
        head = data[max(at, start.start() - _HEAD) : start.start()]
        stated = _LENGTH.search(head, max(0, head.rfind(b" obj")))
        length = None if stated is None else lengths.get(stated[1]) if stated[2] else int(stated[1])
        end = start.end() + (length or 0)
        if length is not None and b"endstream" in data[end : end + _SLACK]:
            at = end
            continue
        found += length is not None
        at = data.find(b"endstream", start.end())
        if at < 0:
            break
    return found


def _is_shifted(data: bytes) -> bool:
    """True if the cross-reference table is missing or does not lead to the objects."""
    begin = max(0, data.find(b"%PDF-"))
    places = _START.findall(data)
    if not places:
        return True
    at = int(places[-1]) + begin
    if _OBJECT.match(data, at):
        return False
    entries = _TABLE.match(data, at)
    if entries is None:
        return True
    numbers = (int(entry[1]) for entry in _ENTRY.finditer(data, entries.end()) if entry[2] == b"n")
    listed = (number + begin for number in numbers if number)  # 0: an object that was never written, as macOS lists it
    return not all(_OBJECT.match(data, place) for place in islice(listed, _MOST_LISTED))


def _leaves(node: Any, seen: set[int]) -> Iterator[Any]:
    """The pages of a tree in order; None for one that is named but missing."""
    stack = [node]
    found = 0
    while stack and found < MAX_PAGES:
        node = stack.pop()
        if not hasattr(node, "get"):
            found += 1
            yield None
            continue
        kids = node.get("/Kids")
        if kids is None:
            found += 1
            yield node
            continue
        for kid in reversed(list(kids.get_object())):
            number = getattr(kid, "idnum", 0)
            if number and number in seen:
                continue
            seen.add(number)
            stack.append(kid.get_object())


def _is_cut(page: Any) -> bool:
    """True if the contents of a page end before they should: before their packing does, or within a text."""
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else []
    whole = b""
    for part in contents if isinstance(contents, list) else [contents]:
        stream = part.get_object()
        if not hasattr(stream, "get") or not hasattr(stream, "_data"):
            return True
        filters = stream.get("/Filter") or []
        plain = _unpacked(stream._data, [filters] if isinstance(filters, str) else list(filters))
        if plain is None:
            return True
        whole += plain
    return _ends_in_text(whole)


def _unpacked(data: bytes, filters: list[Any]) -> bytes | None:
    """What a stream holds as far as it is of a usual kind; None if it ends too early."""
    for name in filters:
        if name in ("/ASCII85Decode", "/A85"):
            packed = b"".join(data.split())
            if not packed.endswith(b"~>"):
                return None
            try:
                data = base64.a85decode(packed[:-2])
            except ValueError:
                return b""
        elif name in ("/FlateDecode", "/Fl"):
            inflating = zlib.decompressobj()
            try:
                data = inflating.decompress(data, _MAX_STREAM)
            except zlib.error:
                return None
            if inflating.unconsumed_tail:
                return b""
            if not inflating.eof:
                return None
        else:
            return b""
    return data


def _ends_in_text(content: bytes) -> bool:
    """True if a text is begun and not ended; contents with pictures in them, or very long ones, are not looked at."""
    if len(content) > _MAX_CONTENT or _PICTURE.search(content):
        return False
    marks = _TEXT_MARK.findall(_STRING.sub(b"", content))
    return marks.count(b"BT") > marks.count(b"ET")
