"""Office files made to harm: each ends in one message within a second or two, or in a problem beside what could be read."""

from __future__ import annotations

import importlib
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from budgetaudit.messages import LANGUAGES, TEXTS, say
from budgetaudit.model import Document, Message, ReadError
from budgetaudit.readers import FORMATS, child, from_pdf, limits, pdf_objects, pdf_pages, read
from tests.office_files import (
    W,
    anchor,
    docx,
    hp,
    hp_cell,
    hp_table,
    hwp,
    hwp_para,
    hwp_table,
    hwpx,
    pdf,
    record,
    ruled,
    texts,
    wc,
    wp,
    written,
    wt,
    xls,
    xls_number,
    zipped,
)
from tests.office_files import (
    say as print_text,
)

XXE = '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
DEEP = limits.MAX_DEPTH + 5
TABLE, TABLE_END = "<hp:p><hp:run><hp:tbl><hp:tr><hp:tc><hp:subList>", "</hp:subList></hp:tc></hp:tr></hp:tbl></hp:run></hp:p>"


def section(xml: str | bytes, **more: str | bytes) -> bytes:
    return zipped({"Contents/section0.xml": xml, **more})


def deep_hwp(levels: int) -> bytes:
    """Tables within tables, as records."""
    out = record(66, 0, bytes(24))
    for n in range(0, 2 * levels, 2):
        size, cell = struct.pack("<IHH", 0, 1, 1), struct.pack("<IIHHHH", 1, 0, 0, 0, 1, 1)
        out += record(71, n + 1, b" lbt") + record(77, n + 2, size) + record(72, n + 2, cell) + record(66, n + 2, bytes(24))
    return out


# Made when they are needed, for some are large before they are packed.
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "external entity": ("hwpx", lambda: section(f"{XXE}<sec><p><run><t>&leak;</t></run></p></sec>"), "read-dtd"),
    "entity bomb": ("docx", lambda: zipped({"word/document.xml": f"{LAUGHS}<a>&b;</a>"}), "read-dtd"),
    "entity in UTF-16": ("hwpx", lambda: section(f"{XXE}<sec/>".encode("utf-16")), "read-dtd"),
    "zip bomb": ("hwpx", lambda: section(b"<sec>" + b" " * 30_000_000 + b"</sec>"), "read-too-large"),
    "many members": ("hwpx", lambda: zipped({f"section{n}.xml": "" for n in range(limits.MAX_MEMBERS + 1)}), "read-too-large"),
    "deep tables": ("hwpx", lambda: hwpx(TABLE * (DEEP - 4) + TABLE_END * (DEEP - 4)), "read-too-deep"),
    "deep tags": ("hwpx", lambda: section("<sec>" + "<p>" * 3000 + "</p>" * 3000 + "</sec>"), "read-too-deep"),
    "deep boxes": ("docx", lambda: docx("<w:sdt><w:sdtContent>" * DEEP + "</w:sdtContent></w:sdt>" * DEEP), "read-too-deep"),
    "deep records": ("hwp", lambda: hwp(deep_hwp(DEEP)), "read-too-deep"),
    "deflate bomb": ("hwp", lambda: hwp(bytes(60_000_000)), "read-too-large"),
    "a record beyond the end": ("hwp", lambda: hwp(struct.pack("<II", 66 | 0xFFF << 20, 0x7FFFFFFF)), "read-broken"),
    "many records": ("hwp", lambda: hwp(record(66, 0, b"\1\2") * 600_001), "read-too-large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bombs_are_refused_by_name_and_soon(name: str) -> None:
    kind, made, code = REFUSED[name]
    data = made()
    start = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        _reader(kind)(Path("x"), data)
    assert caught.value.message.code == code
    assert time.perf_counter() - start < 10


def _reader(kind: str) -> Callable[[Path, bytes], Document]:
    function: Callable[[Path, bytes], Document] = importlib.import_module(f"budgetaudit.readers.{FORMATS[kind]}").read
    return function


HUGE_SPAN = hp(hp_table([hp_cell(0, 0, "1", height=60_000, width=60_000)], size=(60_000, 60_000)))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("hwpx", hwpx(HUGE_SPAN + hp(hp_table(["2"])))),
        ("hwp", hwp(hwp_para(anchor(11, b"tbl "), controls=[hwp_table([(0, 0, "1")], (65535, 65535))]) + hwp_para("2"))),
        ("docx", docx(wt([wc("1", '<w:gridSpan w:val="60000"/>')] * 200) + wp("2"))),
    ],
)
def test_a_table_too_large_is_a_problem_and_the_rest_is_read(kind: str, data: bytes) -> None:
    document = _reader(kind)(Path("x"), data)
    assert [(problem.level, problem.message.code, problem.place.table) for problem in document.problems] == [
        ("unread", "read-too-large", 1)
    ]
    assert len(document.blocks) == 1


def test_spans_cost_nothing_where_the_table_is_small() -> None:
    (grid,) = _reader("hwpx")(Path("x"), hwpx(hp(hp_table([hp_cell(0, 0, "1", height=65535, width=65535)], size=(2, 3))))).grids()
    assert (grid.rows, grid.columns, grid.cells[0].row_span, grid.cells[0].column_span) == (2, 3, 2, 3)


def flate(content: bytes) -> bytes:
    """A PDF of one page whose content stream is deflated."""
    base, packed = pdf("XXXX"), zlib.compress(content, 9)
    start = base.index(b"<< /Length 4 >>")
    return (
        base[:start]
        + b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + base[base.index(b"\nendstream", start) :]
    )


@pytest.mark.nightly
def test_a_page_that_inflates_beyond_all_bounds_is_given_up() -> None:
    pytest.importorskip("pypdfium2")
    with pytest.raises(ReadError) as caught:
        from_pdf.read(Path("x"), flate(b" " * 1_100_000_000))
    reason = caught.value.message.args["why"]
    assert isinstance(reason, Message)
    assert reason.args["why"].code == "read-memory"


def read_here(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A PDF of one page read in this process, of which 1,000 objects are looked at."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    monkeypatch.setattr(pdf_objects, "MAX_OBJECTS", 1_000)
    page = {"page": 1, **pdf_pages.contents(pypdfium2.PdfDocument(data)[0])}
    monkeypatch.setattr(child, "records", lambda *_: iter([{"pages": 1}, page]))
    return from_pdf.read(Path("x"), data)


def strokes(count: int) -> bytes:
    return b"".join(b"%d %d m %d 9 l S\n" % (n % 600, n % 790, n % 599) for n in range(count))


def test_a_page_of_strokes_alone_has_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadError, match="read-pdf-scanned"):
        read_here(flate(strokes(1_500)), monkeypatch)


@pytest.mark.parametrize(("count", "said"), [(800, []), (1_500, ["read-pdf-objects"])])
def test_text_among_strokes_is_read_and_what_was_not_looked_at_is_said(
    count: int, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_here(flate(strokes(count) + b"BT /F1 10 Tf 50 700 Td (Total 1,000) Tj ET"), monkeypatch)
    printed = " ".join([*(cell.text for grid in document.grids() for cell in grid.cells), *texts(document)])
    assert "Total" in printed
    assert "1,000" in printed
    assert [problem.message.args["why"].code for problem in document.problems] == said
    assert all(problem.place.page == 1 for problem in document.problems)


def test_markup_is_counted_before_it_is_parsed() -> None:
    with pytest.raises(ReadError, match="read-too-large"):
        limits.parse_xml(b"<a>" + b"<b/>" * limits.MAX_MARKUP, "hwpx", "part")


def test_every_reason_a_page_can_have_is_a_message() -> None:
    assert set(from_pdf._WHY.values()) | {"read-memory", "read-password", "read-broken"} <= set(TEXTS)


SOUND: dict[str, bytes] = {
    "hwpx": hwpx(hp("제목") + hp(hp_table(["구분", "금액"], ["합계", "1,000"], caption="표")) + hp("끝")),
    "hwp": hwp(hwp_para("제목") + hwp_para(anchor(11, b"tbl "), controls=[hwp_table([(0, 0, "합계"), (0, 1, "1,000")], (1, 2))])),
    "docx": docx(wp("제목") + wt(["구분", "금액"], ["합계", "1,000"]), header=f"<w:hdr {W}>{wp('머리')}</w:hdr>"),
    "xls": xls([xls_number(row, column, row * column) for row in range(9) for column in range(4)]),
    "pdf": pdf(ruled([60, 160, 260], [600, 580, 560]) + print_text(70, 586, "Total") + print_text(170, 586, "1,000")),
}


@pytest.mark.parametrize("kind", SOUND)
def test_cut_off_files_end_in_one_line(kind: str, tmp_path: Path) -> None:
    """Every cut is either refused with a message in both languages, or (by chance) still a document."""
    data = SOUND[kind]
    cuts = range(1, len(data), max(1, len(data) // (40 if kind not in ("xls", "pdf") else 8)))
    refusals = sum(_survives(written(tmp_path, f"x.{kind}", data[:cut])) for cut in cuts)
    assert refusals > len(cuts) // 2


@pytest.mark.parametrize("kind", SOUND)
def test_flipped_bits_end_in_one_line(kind: str, tmp_path: Path) -> None:
    data = SOUND[kind]
    step = max(1, len(data) // (150 if kind not in ("xls", "pdf") else 12))
    for at in range(0, len(data), step):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        _survives(written(tmp_path, f"x.{kind}", bytes(changed)))


def _survives(path: Path) -> bool:
    """True if a file was refused; anything but a refusal in words or a document fails the test."""
    try:
        messages = [problem.message for problem in read(path).problems]
        refused = False
    except ReadError as fault:
        messages, refused = [fault.message], True
    assert all(_is_plain(say(message, lang)) for message in messages for lang in LANGUAGES)
    return refused


def _is_plain(text: str) -> bool:
    """One line without the traces of a program."""
    traces: tuple[Any, ...] = ("Traceback", "Error(", "Exception", "<class", "0x", "{")
    return "\n" not in text and not any(trace in text for trace in traces)
