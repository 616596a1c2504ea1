"""HTML pages: tables with their spans, captions and nested tables, the text between as paragraphs."""

from __future__ import annotations

import re
from contextlib import suppress
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
# Any bytes fit these, so the label proves nothing; only what decides on other grounds may end there.
_WESTERN = {"iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "us-ascii", "ascii"}
_OTHERS = re.compile(r"utf-?8|iso-?8859-\d{1,2}|(?:windows-|cp)125\d|shift_jis|euc-jp|gb2312|gbk|gb18030|big5|koi8-[ru]")


def read(path: Path, data: bytes) -> Document:
    """The tables and paragraphs of a page in order, each with its source line."""
    decoded = decode_page(data)
    builder = Builder()
    root = parse(normalise_file(decoded.text))
    if root is not None:
        builder.page(root)
        builder.flush()
    return Document(str(path), "html", tuple(builder.blocks), problems(str(path), decoded))


def decode_page(data: bytes) -> Decoded:
    """By the page's own label where the bytes agree with it, else as any text."""
    match = _CHARSET.search(data[:8192])
    label = (match[1] or match[2]).decode("ascii").lower() if match else ""
    if label in _WESTERN:
        return decode(data)._replace(guessed=False)
    name = "cp949" if label in _KOREAN else label if _OTHERS.fullmatch(label) else ""
    if name and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        with suppress(LookupError, UnicodeDecodeError):
            return Decoded(data.decode(name), name)
    return decode(data)
