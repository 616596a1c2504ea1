# ruff: noqa: E501
"""More hostile inputs for attacks.py: what is lost must be said, what is large must be bounded, what is odd must end in one line."""

from __future__ import annotations

import gzip
import io
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests import office_files as office

Made = bytes | str
Row = tuple[str, str, Callable[[], Made], tuple[int, ...], str, tuple[str, ...]]
HEAD = "사업,국비,도비,시비,계\n"
CHECK = ("check",)
ANY = (0, 1, 3)


def lines(count: int) -> str:
    return "".join(f"사업{n},{7 * n},{n % 5},{3 * n},{10 * n + n % 5}\n" for n in range(1, count + 1))


def package(*hrefs: str) -> str:
    items = "".join(f'<opf:item id="i{n}" href="{href}"/>' for n, href in enumerate(hrefs))
    spine = "".join(f'<opf:itemref idref="i{n}"/>' for n in range(len(hrefs)))
    return f'<opf:package xmlns:opf="o"><opf:manifest>{items}</opf:manifest><opf:spine>{spine}</opf:spine></opf:package>'


TABLE = office.hp(office.hp_table(["사업", "국비", "계"], ["가", "10", "10"], ["나", "20", "20"], ["합계", "30", "30"]))


def missing_section() -> bytes:
    return office.hwpx(TABLE, **{"Contents/content.hpf": package("Contents/section0.xml", "Contents/section1.xml")})


def counted_section() -> bytes:
    return office.hwpx(TABLE, **{"Contents/header.xml": '<hh:head xmlns:hh="h" version="1.2" secCnt="3"/>'})


def gap_in_sections() -> bytes:
    return office.zipped({f"Contents/section{n}.xml": f"<hs:sec {office.HP}>{TABLE}</hs:sec>" for n in (0, 2)})


def span_over_cells() -> bytes:
    row = [office.hp_cell(0, 0, "합계", height=3, width=3)]
    rows = [row, *([office.hp_cell(r, c, str(r * c + 5)) for c in range(3)] for r in range(3))]
    return office.hwpx(office.hp(office.hp_table(*rows, size=(3, 3))))


def cells_at_one_place() -> bytes:
    return office.hwpx(office.hp(office.hp_table([office.hp_cell(0, 0, str(n)) for n in range(9)], size=(1, 1))))


def huge_table() -> bytes:
    return office.hwpx(office.hp(office.hp_table(["1", "2"], size=(65535, 65535))) + TABLE)


def much_markup() -> bytes:
    return office.hwpx(office.hp("<hp:t>1</hp:t>" * 150_000))


def hangul(data: bytes, replaced: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    return office.hwp(data.replace(*replaced, 1) if replaced[0] else data)


def hwp_cells(count: int, columns: int) -> bytes:
    cells = [(n // columns, n % columns, str(n)) for n in range(count)]
    return office.hwp_para(office.anchor(11, b"tbl "), controls=[office.hwp_table(cells, (count // columns, columns))])


def hwp_long(sections: int) -> bytes:
    words = "".join(chr(0xAC00 + (n * 7919) % 11_000) for n in range(12_000))
    return office.hwp(*[office.hwp_para(words * 2_000)] * sections)


def hwp_short_section() -> bytes:
    return office.hwp(_without_last_cell(hwp_cells(40, 4)))


def _without_last_cell(whole: bytes) -> bytes:
    """A table of which the records of the last cell are gone."""
    at = position = 0
    while position < len(whole):
        head = struct.unpack_from("<I", whole, position)[0]
        at = position if head & 0x3FF == 72 else at
        position += 4 + (head >> 20)
    return whole[:at]


def workbook(parts: dict[str, str]) -> bytes:
    from benchmarks.attacks import xlsx

    plain = zipfile.ZipFile(io.BytesIO(xlsx(parts.pop("sheet", "<sheetData/>"))))
    held = {name: plain.read(name).decode() for name in plain.namelist()}
    return office.zipped({**held, **parts})


def sheet(body: str, more: str = "") -> str:
    return f"<sheetData>{body}</sheetData>{more}"


def number(name: str, value: object, style: int = 0) -> str:
    return f'<c r="{name}" s="{style}"><v>{value}</v></c>'


def grid(rows: int, columns: str = "ABCD") -> str:
    return "".join(f'<row r="{r}">{"".join(number(f"{c}{r}", r) for c in columns)}</row>' for r in range(1, rows + 1))


def styled(code: str, value: object) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    styles = (
        f'<styleSheet xmlns="{space}"><numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    package_space = "http://schemas.openxmlformats.org/package/2006/relationships"
    office_space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        f'<Relationships xmlns="{package_space}"><Relationship Id="s" Type="{office_space}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{office_space}/styles" Target="styles.xml"/></Relationships>'
    )
    body = "".join(f'<row r="{r}">{number(f"A{r}", value, 1)}{number(f"B{r}", value, 1)}</row>' for r in range(1, 5))
    return workbook({"sheet": sheet(body), "xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations})


def unnamed_sheet() -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return workbook(
        {"sheet": sheet(grid(5)), "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{space}">{sheet(grid(50))}</worksheet>'}
    )


def many_columns_hidden() -> bytes:
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 100_000 + "</cols>"
    return workbook({"sheet": columns + sheet(grid(5))})


def long_string_often() -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package_space = "http://schemas.openxmlformats.org/package/2006/relationships"
    office_space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        f'<Relationships xmlns="{package_space}"><Relationship Id="s" Type="{office_space}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{office_space}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    strings = f'<sst xmlns="{space}"><si><t>{"합계 1,000 (천원) " * 2_000}</t></si></sst>'
    body = "".join(
        f'<row r="{r}">{"".join(f"<c r={chr(34)}{c}{r}{chr(34)} t={chr(34)}s{chr(34)}><v>0</v></c>" for c in "ABCDEFGHIJ")}</row>'
        for r in range(1, 2_001)
    )
    return workbook({"sheet": sheet(body), "xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations})


def covered_cells() -> bytes:
    return workbook({"sheet": sheet(grid(6), '<mergeCells><mergeCell ref="A2:C5"/></mergeCells>')})


def doubled_cells() -> bytes:
    body = "".join(f'<row r="{r}">{number(f"A{r}", 1)}{number(f"A{r}", 2)}{number(f"B{r}", 3)}</row>' for r in range(1, 9))
    return workbook({"sheet": sheet(body)})


def many_merges() -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:D{n}"/>' for n in range(1, 100_001))
    return workbook({"sheet": sheet(grid(5_000), f"<mergeCells>{merges}</mergeCells>")})


def many_sheets() -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office_space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="s"/>' for n in range(1, 5_001))
    return workbook(
        {
            "sheet": sheet(grid(20)),
            "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office_space}"><sheets>{named}</sheets></workbook>',
        }
    )


def document(body: str) -> bytes:
    return office.docx(body)


def merged_over_text() -> bytes:
    def cell(text: str, merge: str) -> str:
        return office.wc(text, f"<w:vMerge{merge}/>")

    rows = [["구분", "계"], [cell("가", ' w:val="restart"'), "10"], [cell("숨은 20", ""), "20"], [cell("숨은 30", ""), "30"]]
    return office.docx(office.wt(*rows))


def printed(text: str = "1,000") -> bytes:
    page = office.ruled([60, 160, 260], [600, 580, 560]) + office.say(70, 586, "Total") + office.say(170, 586, text)
    return office.pdf(page, page)


def pages(count: int) -> bytes:
    data = printed()
    return data.replace(b"/Count 2", b"/Count %d" % count)


def page_gone() -> bytes:
    return printed().replace(b"6 0 R] /Count", b"9 0 R] /Count")


def content_gone() -> bytes:
    data = printed()
    at = data.index(b"BT /F 10 Tf 170")
    return data[:at] + data[data.index(b"ET", at) + 3 :]


def flat_bomb() -> bytes:
    import zlib

    packed = zlib.compress(b"0 0 m 1 1 l S " * 8_000_000, 9)
    data = office.pdf(office.say(60, 700, "1"))
    at = data.index(b"5 0 obj\n") + 8
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return data[:at] + stream + data[data.index(b"\nendobj", at) :]


def kids_in_a_ring() -> bytes:
    return printed().replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [2 0 R 4 0 R]")


def cells_html(rows: int, columns: int) -> str:
    return "<table>" + "".join("<tr>" + "<td>1</td>" * columns + "</tr>" for _ in range(rows)) + "</table>"


SOUND_HTML = (
    "<table><tr><th>사업</th><th>계</th></tr>" + "".join(f"<tr><td>가{n}</td><td>{n}</td></tr>" for n in range(40)) + "</table>"
)


def truncated_gzip() -> bytes:
    return gzip.compress((HEAD + lines(40_000)).encode())[:-2_000]


def member_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", HEAD + "가,1,1,1,3\n" * 5_000_000)
    return out.getvalue()


TABLES, DISCOVER, FIGURES = ("tables",), ("discover",), ("figures",)
ROWS: list[Row] = [
    # what is lost is said
    ("HWPX: section of the spine missing", "a.hwpx", missing_section, (3,), "section1.xml", CHECK),
    ("HWPX: fewer sections than counted", "a.hwpx", counted_section, (3,), "section2.xml", CHECK),
    ("HWPX: gap in the sections", "a.hwpx", gap_in_sections, (3,), "section1.xml", CHECK),
    ("HWPX: span over filled cells", "a.hwpx", span_over_cells, (3,), "9 filled cells", CHECK),
    ("HWPX: nine cells at one place", "a.hwpx", cells_at_one_place, (3,), "8 filled cells", CHECK),
    ("HWPX: table of 4 billion places", "a.hwpx", huge_table, (3,), "limit", CHECK),
    ("HWPX: 150,000 runs in a paragraph", "a.hwpx", much_markup, ANY, "", CHECK),
    ("HWP: a cell is gone", "a.hwp", hwp_short_section, (3,), "are wrong in", CHECK),
    (
        "HWP: text of another length",
        "a.hwp",
        lambda: hangul(office.hwp_para("합계 10억원"), (struct.pack("<I", 8 | 1 << 31), struct.pack("<I", 90 | 1 << 31))),
        (3,),
        "are wrong in",
        CHECK,
    ),
    ("HWP: section without a paragraph", "a.hwp", lambda: office.hwp(office.hwp_para("합계 10"), b"\0" * 40), (3,), "", CHECK),
    ("HWP: one text of 48 MB", "a.hwp", lambda: hwp_long(1), ANY, "", CHECK),
    ("HWP: sections beyond 192 MiB", "a.hwp", lambda: hwp_long(6), (3,), "limit", CHECK),
    ("HWP: 30,000 cells", "a.hwp", lambda: office.hwp(hwp_cells(30_000, 30)), ANY, "", CHECK),
    ("XLSX: sheet that the workbook does not name", "a.xlsx", unnamed_sheet, (3,), "sheet2.xml", CHECK),
    ("XLSX: merge over filled cells", "a.xlsx", covered_cells, ANY, "lie under merged", CHECK),
    ("XLSX: cells twice at one place", "a.xlsx", doubled_cells, (3,), "8 filled cells", CHECK),
    ("DOCX: merge over filled cells", "a.docx", merged_over_text, ANY, "lie under merged", CHECK),
    ("PDF: count too small", "a.pdf", lambda: pages(1), (3,), "declares", CHECK),
    ("PDF: count too large", "a.pdf", lambda: pages(2_000_000), (3,), "", CHECK),
    ("PDF: page missing", "a.pdf", page_gone, (3,), "page 2", CHECK),
    ("PDF: a stretch of a page is gone", "a.pdf", content_gone, (3,), "differ from their stated length", CHECK),
    ("PDF: pages in a ring", "a.pdf", kids_in_a_ring, (3,), "", CHECK),
    ("PDF: page of 100 MB", "a.pdf", flat_bomb, (3,), "", CHECK),
    ("HTML: second page in one file", "a.html", lambda: f"<html><body>{SOUND_HTML}</body></html>" * 2, ANY, "", TABLES),
    ("HTML: comment never closed", "a.html", lambda: SOUND_HTML + "<!-- " + SOUND_HTML, (3,), "were read", CHECK),
    ("HTML: script never closed", "a.html", lambda: SOUND_HTML + "<script>" + SOUND_HTML, (3,), "were read", CHECK),
    (
        "HTML: attribute never closed",
        "a.html",
        lambda: SOUND_HTML.replace("<td>가5<", '<td class="x>가5<') + '<p class="y">',
        (3,),
        "were read",
        CHECK,
    ),
    (
        "HTML: table within a row",
        "a.html",
        lambda: "<table><tr><td>계</td><td>3</td></tr>" + SOUND_HTML,
        ANY,
        "never closed",
        CHECK,
    ),
    ("HTML: cut within a table", "a.html", lambda: SOUND_HTML[: len(SOUND_HTML) // 2], ANY, "never closed", CHECK),
    ("Markdown: rows wider than their header", "a.md", lambda: "|사업|계|\n|-|-|\n" + "|가|1|2|3|\n" * 9, ANY, "", TABLES),
    ("text under the suffix of a PDF", "a.pdf", lambda: "합계 3\n", (3,), "plain text", CHECK),
    # what is odd ends in one line
    ("format of 200 zeros", "a.xlsx", lambda: styled("0" * 200, 12), ANY, "", CHECK),
    ("format of 200 decimals", "a.xlsx", lambda: styled("0." + "0" * 200, 12), ANY, "", CHECK),
    ("format of 90 percent signs", "a.xlsx", lambda: styled("0" + "%" * 90, 12), ANY, "", CHECK),
    ("format of 100 scaling commas", "a.xlsx", lambda: styled("0" + "," * 100, "1E59"), ANY, "", CHECK),
    ("date format of a vast number", "a.xlsx", lambda: styled("yyyy-mm-dd h:mm:ss.000", "2958465.9999999999"), ANY, "", CHECK),
    (
        "numbers of 300 digits in cells",
        "a.xlsx",
        lambda: workbook(
            {
                "sheet": sheet(
                    "".join(f'<row r="{r}">{number(f"A{r}", "9" * 300)}{number(f"B{r}", "1E308")}</row>' for r in range(1, 5))
                )
            }
        ),
        ANY,
        "",
        CHECK,
    ),
    ("a number of a million digits", "a.csv", lambda: HEAD + f"가,{'9' * 1_000_000},1,1,3\n나,1,1,1,3\n", ANY, "", CHECK),
    (
        "numbers of 60 digits",
        "a.csv",
        lambda: HEAD + f"가,{'9' * 60},0,1,{'1' + '0' * 60}\n나,1,1,1,3\n다,2,2,2,6\n",
        (0,),
        "",
        CHECK,
    ),
    (
        "lone surrogates in UTF-16",
        "a.csv",
        lambda: b"\xff\xfe" + (HEAD + lines(9)).encode("utf-16-le").replace("업3".encode("utf-16-le"), b"\x00\xd8\x33\x00"),
        ANY,
        "",
        CHECK,
    ),
    ("bytes of no encoding", "a.csv", lambda: bytes(range(1, 256)) * 400, (3,), "", CHECK),
    ("a column named like a formula", "a.csv", lambda: "=cmd|' /C calc'!A0,국비,시비,계\n" + "가,1,1,3\n" * 5, ANY, "", CHECK),
    ("keys that steer a terminal", "a.csv", lambda: HEAD + lines(5).replace("사업3", "\r\x1b[2J사업3"), ANY, "", CHECK),
    ("nothing but line ends", "a.csv", lambda: "\r\n\r" * 100_000, (3,), "", CHECK),
    ("nothing but quotes", "a.csv", lambda: '"' * 3_000_000, (3,), "", CHECK),
    ("a quote before every field", "a.csv", lambda: HEAD + lines(3_000).replace(",", ',"'), ANY, "", CHECK),
    ("header alone, many times", "a.csv", lambda: HEAD * 50_000, (3,), "", CHECK),
    # what is large is bounded
    (
        "XLSX: 1.2 million cells",
        "a.xlsx",
        lambda: workbook(
            {
                "sheet": sheet(
                    grid(12_000, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4)[:0]
                    + "".join(f'<row r="{r}">' + "<c><v>1</v></c>" * 100 + "</row>" for r in range(1, 12_001))
                )
            }
        ),
        (3,),
        "limit",
        CHECK,
    ),
    ("XLSX: 100,000 hidden ranges", "a.xlsx", many_columns_hidden, ANY, "", CHECK),
    ("XLSX: one long text in 20,000 cells", "a.xlsx", long_string_often, ANY, "", CHECK),
    ("XLSX: 100,000 merges", "a.xlsx", many_merges, ANY, "", CHECK),
    ("XLSX: 5,000 sheets of one part", "a.xlsx", many_sheets, ANY, "", CHECK),
    ("XLSX: 5,000 sheets of one part, discover", "a.xlsx", many_sheets, ANY, "", DISCOVER),
    ("HTML: 2,000 columns", "a.html", lambda: cells_html(100, 2_000), ANY, "", CHECK),
    ("HTML: 400 by 150 alike", "a.html", lambda: cells_html(400, 150), ANY, "", CHECK),
    ("HTML: 400 by 150 alike, discover", "a.html", lambda: cells_html(400, 150), ANY, "", DISCOVER),
    ("HTML: 400 by 150 alike, figures", "a.html", lambda: cells_html(400, 150), ANY, "", FIGURES),
    ("HTML: tags opened, never closed", "a.html", lambda: "<div><b><table><tr><td>1" * 20_000, ANY, "", CHECK),
    (
        "HTML: one attribute of 10 MB",
        "a.html",
        lambda: f'<table><tr><td title="{"x" * 10_000_000}">1</td></tr></table>',
        ANY,
        "",
        CHECK,
    ),
    ("HTML: entities", "a.html", lambda: "<p>" + "&amp;&#49;&nbsp;" * 200_000, ANY, "", CHECK),
    ("HTML: a million comments", "a.html", lambda: "<!---->" * 1_000_000 + SOUND_HTML, ANY, "", CHECK),
    ("HTML: comment marks never closed", "a.html", lambda: SOUND_HTML + "<!--" * 500_000, ANY, "", CHECK),
    ("HTML: quotes in tags", "a.html", lambda: '<a "' * 300_000 + SOUND_HTML, ANY, "", CHECK),
    ("text: one line of a million numbers", "a.txt", lambda: "1,234 " * 1_000_000, ANY, "", CHECK),
    ("text: one line of brackets and amounts", "a.txt", lambda: "총 10억원(국비 5, " * 30_000, ANY, "", CHECK),
    (
        "text: half a megabyte of sums",
        "a.txt",
        lambda: "".join(f"사업{n} 총 {3 * n + 7}억원(국비 {n + 1}, 도비 {n + 2}, 시비 {n + 4})\n" for n in range(6_000)),
        ANY,
        "",
        CHECK,
    ),
    ("text: percent signs and dashes", "a.txt", lambda: "△-%~" * 500_000, ANY, "", CHECK),
    ("text: dates", "a.txt", lambda: "'24.1.1.~'25.12.31. " * 60_000, ANY, "", CHECK),
    ("text: tabs", "a.txt", lambda: ("\t" * 1_500 + "1\n") * 300, ANY, "", CHECK),
    ("Markdown: bars", "a.md", lambda: "|" * 2_000_000, ANY, "", CHECK),
    ("Markdown: stars", "a.md", lambda: "**" * 500_000 + "1", ANY, "", CHECK),
    ("Markdown: links", "a.md", lambda: "[" * 200_000 + "1](", ANY, "", CHECK),
    ("CSV: line of five million fields", "a.csv", lambda: "1," * 5_000_000, (3,), "", CHECK),
    ("CSV: one cell of 30 MB", "a.csv", lambda: HEAD + '"' + "가" * 10_000_000 + '",1,1,1,3\n', ANY, "", CHECK),
    ("CSV: 200,000 blank rows between rows", "a.csv", lambda: HEAD + lines(3) + ",,,,\n" * 200_000 + lines(3), ANY, "", CHECK),
    ("ledger: gzip cut off", "a.csv.gz", truncated_gzip, (3,), "", CHECK),
    ("ledger: zip of five million rows", "a.csv.zip", member_bomb, ANY, "", CHECK),
    ("ledger: last line beyond the buffer", "a.csv", lambda: HEAD + lines(30_000) + "가" * 6_000_000, ANY, "", CHECK),
    ("ledger: last row without an end", "a.csv", lambda: HEAD + lines(30_000) + "끝,1,1,1,99", (1,), "99", CHECK),
]
