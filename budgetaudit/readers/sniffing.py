"""Which format a file is in: by its content; only text, Markdown and CSV look at the suffix as well."""

from __future__ import annotations

import csv
import io
import re

from budgetaudit.model import ReadError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_REFUSED = (
    (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"BM", "BMP"), (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"), (b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "RAR"), (b"PAR1", "Parquet"),
    (b"\x7fELF", "ELF"), (b"MZ\x90\x00", "EXE"), (b"SQLite format 3", "SQLite"), (b"%!PS", "PostScript"),
)  # fmt: skip
_PARTS = (("Contents/", "hwpx"), ("xl/", "xlsx"), ("word/", "docx"))
_ZIPPED = (("ppt/", "PPTX"), ("content.xml", "OpenDocument"), ("Index/", "Numbers"), ("xl/workbook.bin", "XLSB"))
_STORED = (
    ("FileHeader", "hwp"), ("Workbook", "xls"), ("Book", "xls"), ("EncryptedPackage", None), ("WordDocument", "DOC"),
    ("PowerPoint Document", "PPT"),
)  # fmt: skip
_GROUPED = re.compile(r"(?<=[\s$])\d{1,3}(?:,\d{3})+(?![\d,])")  # behind a blank or a sign: the commas of an amount
_PAGE = re.compile(
    rb"<(?:!doctype\s{1,20}html|html|head|body|table|thead|tbody|tr|meta|title|style|script|div|center|form|p|h[1-6])\b", re.I
)
_XML = ((b"<Workbook", "SpreadsheetML"), (b"<HWPML", "HWPML"), (b"<?xml", "XML"))
_SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".tsv": "csv", ".tab": "csv"}
_PAGES = (".html", ".htm", ".xhtml", ".jsp", ".asp", ".aspx", ".php")


def sniff(suffix: str, data: bytes) -> str:
    """The name of the format (a key of FORMATS); raises ReadError for what no reader takes."""
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(_OLE):
        return _stored(data)
    if data.startswith(b"HWP Document File"):
        return "hwp"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_BIFF):
        return "xls"
    for start, kind in _REFUSED:
        if data.startswith(start):
            raise ReadError("read-unsupported", format=kind)
    return _textual(suffix, data)


def _zipped(data: bytes) -> str:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.replace("\\", "/") for name in archive.namelist()]
    except Exception as error:  # zipfile leaks many types on broken input
        raise ReadError("read-broken", format="zip", part="zip") from error
    for start, kind in _ZIPPED:
        if any(name.startswith(start) for name in names):
            raise ReadError("read-unsupported", format=kind)
    for start, kind in _PARTS:
        if any(name.startswith(start) for name in names):
            return kind
    raise ReadError("read-unsupported", format="zip")


def _stored(data: bytes) -> str:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as storage:
            found = next((kind for name, kind in _STORED if storage.exists(name)), "OLE")
    except Exception as error:  # olefile leaks many types on broken input
        raise ReadError("read-broken", format="OLE", part="OLE") from error
    if found is None:
        raise ReadError("read-password", format="Office")
    if found.isupper():
        raise ReadError("read-unsupported", format=found)
    return found


def _textual(suffix: str, data: bytes) -> str:
    start = _head(data)
    if _PAGE.match(start) or (suffix in _PAGES and b"<" in data):
        return "html" if suffix not in (".md", ".markdown") else "markdown"
    for mark, kind in _XML:
        if start.startswith(b"<?xml") and mark in data[:4096]:
            page = _PAGE.search(data[:4096])
            if page:
                return "html"
            raise ReadError("read-unsupported", format=kind)
    return _SUFFIXES.get(suffix) or ("csv" if _is_csv(data) else "text")


def _head(data: bytes) -> bytes:
    """The beginning in ASCII, without marks, blanks and comments before the first tag."""
    start = data[:65536].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    while start.startswith((b"<!--", b"<%")):
        close = b"-->" if start.startswith(b"<!--") else b"%>"
        end = start.find(close)
        if end < 0:
            break
        start = start[end + len(close) :].lstrip()
    return start


def _is_csv(data: bytes) -> bool:
    """Text whose lines mostly have as many fields as a neighbour, three at least; prose puts blanks after its commas."""
    lines = data[:65536].decode("latin-1").splitlines()[:100]
    lines = [_GROUPED.sub("0", line) for line in (lines[:-1] if len(data) > 65536 else lines) if line.strip()]
    for mark in (",", ";"):
        widths = [0, *(len(record) for record in csv.reader(lines, delimiter=mark)), 0]
        agreeing = sum(width > 2 and width in (widths[at], widths[at + 2]) for at, width in enumerate(widths[1:-1]))
        spaced = sum(line.count(mark + " ") for line in lines)
        if agreeing > 2 and agreeing * 5 >= len(lines) * 3 and spaced * 5 < sum(line.count(mark) for line in lines):
            return True
    return False
