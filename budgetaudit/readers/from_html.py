"""HTML pages: tables with their spans, captions and nested tables, the text between as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from budgetaudit.model import Document, Grid, Message, Paragraph, Place, Problem
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

_TABLE, _TABLE_END = re.compile(r"<table\b", re.I), re.compile(r"</table\b", re.I)
_UNSHOWN = re.compile(r"<!--|<%|<(head|script|style|noscript|template|select|object|iframe|svg|math)\b", re.I)
_ENDS = {"--": "-->|%>", "head": "</head|<body"}
_TAG = re.compile(r"""<[a-z/!?](?:[^<>"']|"[^"<]*"|'[^'<]*')*>|<[a-z/!?][^<>]*>""", re.I)
_ENTITY = re.compile(r"&#?\w{1,9};?")
_KEPT = 95  # in a hundred digits; below that some of the page was not read


def read(path: Path, data: bytes) -> Document:
    """The tables and paragraphs of a page in order, each with its source line."""
    decoded = decode_page(data)
    builder = Builder()
    root = parse(normalise_file(decoded.text))
    if root is not None:
        builder.page(root)
        builder.flush()
    faults = (*problems(str(path), decoded), *_lost(str(path), decoded.text, builder.blocks))
    return Document(str(path), "html", tuple(builder.blocks), faults)


def _lost(path: str, html: str, blocks: Sequence[Grid | Paragraph]) -> Iterator[Problem]:
    """What has to be said of tags that end nowhere: most is read all the same, but a page may also be cut off there."""
    opened, closed = len(_TABLE.findall(html)), len(_TABLE_END.findall(html))
    if opened > closed:
        yield Problem(Place(path), Message("read-html-open", {"count": opened - closed}), "notice")
    printed, found = digits(_visible(html)), sum(digits(text) for block in blocks for text in texts_of(block))
    if found * 100 < printed * _KEPT:
        yield Problem(Place(path), Message("read-html-lost", {"percent": 100 * found // printed}))


def texts_of(block: Grid | Paragraph) -> Iterator[str]:
    """All that a block prints."""
    if isinstance(block, Paragraph):
        yield block.text
    else:
        yield block.caption
        yield from (cell.text for cell in block.cells)


def digits(text: str) -> int:
    """How many digits a text prints."""
    return sum(map(text.count, "0123456789"))


def _visible(html: str) -> str:
    """A page without tags, comments and what no browser shows; of a part that ends nowhere all is left."""
    kept, at, endless = [], 0, set[str]()
    while found := _UNSHOWN.search(html, at):
        kept.append(html[at : found.start()])
        name = (found[1] or "--").lower()
        end = None if name in endless else re.compile(_ENDS.get(name, f"</{name}"), re.IGNORECASE).search(html, found.end())
        if end is None:
            endless.add(name)
        at = found.end() if end is None else end.start()
    kept.append(html[at:])
    return _ENTITY.sub(" ", _TAG.sub(" ", "".join(kept)))


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
