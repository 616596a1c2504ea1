"""HTML pages: tables with their spans, captions and nested tables, the text between as paragraphs."""

from __future__ import annotations

import re
from pathlib import Path

from budgetaudit.model import Document
from budgetaudit.readers.encoding import Decoded, decode, problems
from budgetaudit.readers.markup import Builder, parse
from budgetaudit.readers.printed import normalise_file

_CHARSET = re.compile(
    rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_\-]{2,40})|encoding=[\"']([A-Za-z0-9_\-]{2,40})[\"']", re.I
)
# Pages label as EUC-KR what is really its superset, which Python's narrow codecs refuse.
_KOREAN = {
    "euc-kr",
    "euckr",
    "ks_c_5601-1987",
    "ks_c_5601",
    "ksc5601",
    "ks_c_5601-1989",
    "korean",
    "windows-949",
    "ms949",
    "cp949",
}


def read(path: Path, data: bytes) -> Document:
    """The tables and paragraphs of a page in order, each with its source line."""
    decoded = _decode(data)
    builder = Builder()
    root = parse(normalise_file(decoded.text))
    if root is not None:
        builder.page(root)
        builder.flush()
    return Document(str(path), "html", tuple(builder.blocks), problems(str(path), decoded))


def _decode(data: bytes) -> Decoded:
    """By the page's own label where the bytes agree with it, else as any text."""
    match = _CHARSET.search(data[:8192])
    if match and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        label = (match[1] or match[2]).decode("ascii").lower()
        name = "cp949" if label in _KOREAN else label
        try:
            return Decoded(data.decode(name), name)
        except (LookupError, ValueError):
            pass
    return decode(data)
