"""Smallest possible office files, built by hand: HWPX, HWP, DOCX, XLS, PDF and the compound files some of them are."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from budgetaudit.model import Document, Grid, Paragraph

SECTOR = 512
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HP = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section"'


def grids(document: Document) -> list[Grid]:
    return list(document.grids())


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows(grid: Grid) -> list[list[str]]:
    """The printed texts by row, spans left out."""
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def spans(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells that are larger than one position."""
    found = {(cell.row, cell.column): (cell.row_span, cell.column_span) for cell in grid.cells}
    return {place: span for place, span in found.items() if span != (1, 1)}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# --- HWPX --------------------------------------------------------------------------------------


def hwpx(*sections: str, **more: str | bytes) -> bytes:
    """A package of sections, each the XML of its paragraphs."""
    parts = {f"Contents/section{n}.xml": f"<hs:sec {HP}>{body}</hs:sec>" for n, body in enumerate(sections)}
    return zipped({"mimetype": "application/hwp+zip", **parts, **more})


def hp(*items: str) -> str:
    """A paragraph of texts and elements."""
    runs = "".join(item if item.startswith("<hp:") else f"<hp:t>{item}</hp:t>" for item in items)
    return f"<hp:p><hp:run>{runs}</hp:run></hp:p>"


def hp_cell(row: int, column: int, content: str, height: int = 1, width: int = 1, header: int = 0) -> str:
    inside = content if content.startswith("<hp:p>") else hp(content)
    return (
        f'<hp:tc header="{header}"><hp:subList>{inside}</hp:subList><hp:cellAddr colAddr="{column}" rowAddr="{row}"/>'
        f'<hp:cellSpan colSpan="{width}" rowSpan="{height}"/></hp:tc>'
    )


def hp_table(*table_rows: Sequence[str], size: tuple[int, int] | None = None, caption: str = "") -> str:
    """A table; a cell is a text (placed in order) or a whole `<hp:tc>`."""
    height, width = size or (len(table_rows), max(len(row) for row in table_rows))
    body = ""
    for r, row in enumerate(table_rows):
        cells = (cell if cell.startswith("<hp:tc") else hp_cell(r, c, cell) for c, cell in enumerate(row))
        body += f"<hp:tr>{''.join(cells)}</hp:tr>"
    head = f"<hp:caption><hp:subList>{hp(caption)}</hp:subList></hp:caption>" if caption else ""
    return f'<hp:tbl rowCnt="{height}" colCnt="{width}">{head}{body}</hp:tbl>'


# --- compound files, HWP -----------------------------------------------------------------------


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file; names may have one folder. Streams are padded so that none is a small one."""
    folders = list(dict.fromkeys(name.split("/")[0] for name in streams if "/" in name))
    entries = [("Root Entry", 5, b""), *((name, 1, b"") for name in folders)]
    entries += [(name.rsplit("/")[-1], 2, data.ljust(4096, b"\0")) for name, data in streams.items()]
    children: dict[int, list[int]] = {0: list(range(1, len(folders) + 1))}
    for number, name in enumerate(streams, len(folders) + 1):
        children.setdefault(folders.index(name.split("/")[0]) + 1 if "/" in name else 0, []).append(number)
    right = {one: other for group in children.values() for one, other in pairwise(group)}
    directory_sectors = -(-len(entries) * 128 // SECTOR)
    position, fat, body, starts = directory_sectors, [*range(1, directory_sectors), 0xFFFFFFFE], b"", []
    for _, kind, data in entries:
        count = -(-len(data) // SECTOR)
        starts.append(position if kind == 2 else 0)
        fat += [*range(position + 1, position + count), 0xFFFFFFFE] if count else []
        body += data.ljust(count * SECTOR, b"\0")
        position += count
    directory = b""
    for number, (name, kind, data) in enumerate(entries):
        wide = (name + "\0").encode("utf-16-le")
        child = children.get(number, [0xFFFFFFFF])[0]
        directory += wide.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(wide), kind, 1, 0xFFFFFFFF, right.get(number, 0xFFFFFFFF), child
        )
        directory += bytes(36) + struct.pack("<IQ", starts[number] if kind == 2 else 0xFFFFFFFE, len(data))
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    table = [*fat, *[0xFFFFFFFD] * fat_sectors]
    difat = [position + n for n in range(fat_sectors)]
    head = struct.pack("<8s16xHHHHH6xIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, 0, 0, 4096)
    head += struct.pack("<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", *difat, *[0xFFFFFFFF] * (109 - fat_sectors))
    fat_bytes = struct.pack(f"<{len(table)}I", *table).ljust(fat_sectors * SECTOR, b"\xff")
    return head + directory.ljust(directory_sectors * SECTOR, b"\0") + body + fat_bytes


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    size = min(len(data), 0xFFF)
    return struct.pack("<I", tag | level << 10 | size << 20) + (struct.pack("<I", len(data)) if size == 0xFFF else b"") + data


def anchor(code: int, name: bytes = b"\0\0\0\0") -> bytes:
    """The eight units in which a text holds a control's place."""
    return struct.pack("<H4s8xH", code, name[::-1], code)


def hwp_para(text: str | bytes, level: int = 0, controls: Iterable[bytes] = ()) -> bytes:
    """A paragraph record and its text; controls are records of the next level."""
    data = text if isinstance(text, bytes) else text.encode("utf-16-le")
    head = struct.pack("<I", len(data) // 2 + 1 | (level == 0) << 31) + bytes(20)
    return record(66, level, head) + record(67, level + 1, data + b"\r\0") + b"".join(controls)


def hwp_table(
    cells: Sequence[tuple[int, int, str]], size: tuple[int, int], level: int = 1, span: tuple[int, int] = (1, 1)
) -> bytes:
    """A table control: cells as (row, column, text), the first with the span."""
    row_sizes = [sum(row == number for row, _, _ in cells) for number in range(size[0])]
    head = struct.pack("<IHH", 0, *size) + bytes(10) + struct.pack(f"<{size[0]}H", *row_sizes) + bytes(2)
    out = record(71, level, b" lbt" + bytes(40)) + record(77, level + 1, head)
    for rank, (row, column, text) in enumerate(cells):
        height, width = span if rank == 0 else (1, 1)
        out += record(72, level + 1, struct.pack("<IIHHHH", 1, 0, column, row, width, height) + bytes(30)) + hwp_para(
            text, level + 1
        )
    return out


def hwp(*sections: bytes, flags: int = 1, folder: str = "BodyText", header: bytes = b"HWP Document File") -> bytes:
    """A document of sections of records, deflated unless the flags say otherwise."""
    start = header.ljust(32, b"\0") + struct.pack("<II", 0x05010000, flags)
    stored = {f"{folder}/Section{n}": deflated(data) if flags & 1 else data for n, data in enumerate(sections)}
    properties = record(16, 0, struct.pack("<H", len(sections)) + bytes(24))
    return compound({"FileHeader": start, "DocInfo": deflated(properties) if flags & 1 else properties, **stored})


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# --- DOCX --------------------------------------------------------------------------------------


def docx(body: str, **parts: str) -> bytes:
    """A document of body XML; further parts by kind (`footnotes`, `header`, `styles`) as whole XML."""
    relations = "".join(f'<Relationship Id="r{n}" Type="http://x/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(parts))
    main = '<Relationship Id="r" Type="http://x/officeDocument" Target="word/document.xml"/>'
    return zipped(
        {
            "_rels/.rels": f"<Relationships>{main}</Relationships>",
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            **{f"word/{kind}.xml": xml for kind, xml in parts.items()},
        }
    )


def wp(*items: str, properties: str = "") -> str:
    """A paragraph: texts (tabs become elements) and elements."""
    runs = ""
    for item in items:
        pieces = "<w:tab/>".join(f'<w:t xml:space="preserve">{piece}</w:t>' for piece in item.split("\t"))
        runs += item if item.startswith("<w:") else f"<w:r>{pieces}</w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def wc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<w:') else wp(text)}</w:tc>"


def wt(*table_rows: Sequence[str]) -> str:
    """A table of texts or whole cells."""
    width = max(len(row) for row in table_rows)
    body = "".join("<w:tr>" + "".join(c if c.startswith("<w:") else wc(c) for c in row) + "</w:tr>" for row in table_rows)
    return f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * width}</w:tblGrid>{body}</w:tbl>"


# --- PDF ---------------------------------------------------------------------------------------


def pdf(*pages: str, image: bool = False) -> bytes:
    """A PDF whose pages (612 × 792 points, origin at the lower left) are content streams in Latin letters."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    picture = f" /XObject << /I {4 + 2 * count} 0 R >>" if image else ""
    for n, content in enumerate(pages):
        resources = f"<< /Font << /F 3 0 R >>{picture} >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources} /Contents {5 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    if image:
        head = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1"
        objects.append(f"<< {head} >>\nstream\nx\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def say(x: float, y: float, text: str, size: float = 10) -> str:
    """Text from a point on."""
    quoted = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F {size} Tf {x} {y} Td ({quoted}) Tj ET\n"


def say_right(x: float, y: float, text: str, size: float = 10) -> str:
    """Text up to a point; digits are 0.556 em wide, commas, points and brackets less."""
    width = sum(0.278 if char in ",. " else 0.333 if char in "()-" else 0.556 for char in text) * size
    return say(x - width, y, text, size)


def ruled(xs: Sequence[float], ys: Sequence[float], width: float = 0.5) -> str:
    """Lines across and down through all the given positions."""
    across = "".join(f"{xs[0]} {y} m {xs[-1]} {y} l S\n" for y in ys)
    down = "".join(f"{x} {ys[0]} m {x} {ys[-1]} l S\n" for x in xs)
    return f"{width} w\n{across}{down}"


# --- XLS ---------------------------------------------------------------------------------------


def xls(sheet: Sequence[bytes], *, name: str = "Sheet1", hidden: int = 0, formats: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet of records; cell formats are General (style 15) and then the given ones."""
    codes = [
        _biff(0x41E, struct.pack("<HHB", 164 + n, len(code), 1) + code.encode("utf-16-le")) for n, code in enumerate(formats)
    ]
    font = _biff(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    numbers = [0] * 16 + [164 + n for n in range(len(formats))]
    styles = [_biff(0xE0, struct.pack("<HHH14x", 0, code, 0xFFF5 if rank < 15 else 1)) for rank, code in enumerate(numbers)]
    start = [_bof(5), font * 4, *codes, *styles]
    bound_size = 4 + 8 + len(name)
    offset = sum(map(len, start)) + bound_size + 4
    bound = _biff(0x85, struct.pack("<IBBBB", offset, hidden, 0, len(name), 0) + name.encode("latin-1"))
    return compound({"Workbook": b"".join([*start, bound, _biff(0x0A), _bof(16), *sheet, _biff(0x0A)])})


def xls_number(row: int, column: int, value: float, style: int = 15) -> bytes:
    return _biff(0x203, struct.pack("<HHHd", row, column, style, value))


def xls_text(row: int, column: int, text: str) -> bytes:
    return _biff(0x204, struct.pack("<HHHHB", row, column, 15, len(text), 1) + text.encode("utf-16-le"))


def xls_merge(top: int, bottom: int, left: int, right: int) -> bytes:
    return _biff(0xE5, struct.pack("<HHHHH", 1, top, bottom, left, right))


def xls_hidden_row(row: int) -> bytes:
    return _biff(0x208, struct.pack("<HHHHHHI", row, 0, 10, 255, 0, 0, 0x20 | 0x100))


def _biff(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def _bof(kind: int) -> bytes:
    return _biff(0x809, struct.pack("<HHHHII", 0x600, kind, 0xDBB, 1996, 0, 6))


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
