"""HWPX and HWP: what is printed is read, in order, and twins give the same blocks."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from budgetaudit.model import Document, Grid, ReadError
from budgetaudit.readers import from_hwp, from_hwpx, hwp_records, read, stored
from tests.office_files import (
    anchor,
    compound,
    deflated,
    grids,
    hp,
    hp_cell,
    hp_table,
    hwp,
    hwp_para,
    hwp_table,
    hwpx,
    record,
    rows,
    spans,
    texts,
    written,
)

PATH = Path("document")


def read_hwpx(*sections: str, **parts: str | bytes) -> Document:
    return from_hwpx.read(PATH, hwpx(*sections, **parts))


def read_hwp(*sections: bytes, flags: int = 1, folder: str = "BodyText") -> Document:
    return from_hwp.read(PATH, hwp(*sections, flags=flags, folder=folder))


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        (from_hwpx if data.startswith(b"PK") else from_hwp).read(PATH, data)
    return caught.value.message.code


# --- HWPX --------------------------------------------------------------------------------------


def test_text_tables_and_spans_come_in_reading_order() -> None:
    table = hp_table(["구분", "금액"], [hp_cell(1, 0, "합계", width=2, header=1)], size=(2, 2))
    document = read_hwpx(hp("제목") + hp("(단위: 백만원)", table, "끝"))
    grid = document.blocks[2]
    assert texts(document) == ["제목", "(단위: 백만원)", "끝"]
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns, rows(grid), spans(grid)) == (2, 2, [["구분", "금액"], ["합계"]], {(1, 0): (1, 2)})
    assert [cell.header for cell in grid.cells] == [False, False, True]
    assert grid.spans


def test_a_nested_table_is_a_grid_of_its_own_and_leaves_no_text_outside() -> None:
    outer = hp_table(["가", hp("앞", hp_table(["1"], ["2"]), "뒤")], ["나", "다"])
    _, second, third = grids(read_hwpx(hp(hp_table(["먼저"])) + hp(outer)))
    assert rows(second) == [["가", "앞뒤"], ["나", "다"]]
    assert (second.parent, third.parent, rows(third)) == (None, (1, 0, 1), [["1"], ["2"]])


def test_captions_boxes_headers_and_notes_are_read() -> None:
    box = f"<hp:rect><hp:drawText><hp:subList>{hp(hp_table(['상자']))}</hp:subList></hp:drawText></hp:rect>"
    note = f"<hp:ctrl><hp:footNote><hp:subList>{hp('주) 1억 원')}</hp:subList></hp:footNote></hp:ctrl>"
    header = f"<hp:ctrl><hp:header><hp:subList>{hp('머리말')}</hp:subList></hp:header></hp:ctrl>"
    document = read_hwpx(
        hp(header, "본문", note, "이어짐", box)
        + hp(hp_table(["1"], caption="<표> (단위: 원)".replace("<", "[").replace(">", "]")))
    )
    assert texts(document) == ["본문이어짐", "머리말", "주) 1억 원"]
    assert [(grid.caption, rows(grid)) for grid in grids(document)] == [("", [["상자"]]), ("[표] (단위: 원)", [["1"]])]


def test_tracked_deletions_vanish_even_across_paragraphs() -> None:
    table = hp('<hp:deleteBegin Id="2"/>', hp_table(["지운 표"]), '<hp:deleteEnd Id="2"/>')
    assert grids(read_hwpx(table)) == []
    start, end = '<hp:t>남김<hp:deleteBegin Id="1"/>지움</hp:t>', '<hp:t>지움<hp:deleteEnd Id="1"/>다시</hp:t>'
    document = read_hwpx(
        hp(start) + hp(hp_table(["지운 표"])) + hp(end) + hp("<hp:t>가<hp:insertBegin/>나<hp:insertEnd/></hp:t>")
    )
    assert (texts(document), grids(document)) == (["남김", "다시", "가나"], [])


def test_alternatives_for_older_programs_are_read_once() -> None:
    either = f"<hp:switch><hp:case>{hp_table(['가'])}</hp:case><hp:default>{hp_table(['나'])}</hp:default></hp:switch>"
    assert [rows(grid) for grid in grids(read_hwpx(hp(either)))] == [[["가"]]]


def test_a_deletion_that_is_never_closed_ends_with_its_paragraph() -> None:
    assert texts(read_hwpx(hp('<hp:t>가<hp:deleteBegin Id="1"/>나</hp:t>') + hp("다"))) == ["가", "다"]


def test_a_placeholder_is_left_out_until_somebody_fills_it_in() -> None:
    field = (
        '<hp:ctrl><hp:fieldBegin type="CLICK_HERE"><hp:parameters>'
        '<hp:stringParam name="Direction">금액을 쓰십시오</hp:stringParam>'
        "</hp:parameters></hp:fieldBegin></hp:ctrl>"
    )
    end = "<hp:ctrl><hp:fieldEnd/></hp:ctrl>"
    document = read_hwpx(hp("예산 ", field, "금액을 쓰십시오", end, "원") + hp("예산 ", field, "3,000", end, "원"))
    assert texts(document) == ["예산 원", "예산 3,000원"]


def test_inline_characters_and_boxed_numbers() -> None:
    run = f"<hp:t>\U000f02b1 {chr(0xF02BA)}{chr(0xF02C4)}<hp:lineBreak/>가<hp:nbSpace/>나<hp:hyphen/>다</hp:t>"
    twelve = f'<hp:compose composeText="{chr(0xF02BA)}{chr(0xF02C5)}"/>'
    assert texts(read_hwpx(hp(run) + hp(twelve, " 둘"))) == ["① ⑪\n가 나-다", "⑫ 둘"]


@pytest.mark.parametrize(("number", "text"), [(1, "①"), (20, "⑳"), (21, "㉑"), (36, "㊱"), (50, "㊿"), (51, "(51)")])
def test_circled_numbers(number: int, text: str) -> None:
    assert stored.circled(number) == text


def test_sections_stand_in_the_order_of_the_spine_else_of_their_numbers() -> None:
    bodies = [hp(str(n)) for n in range(12)]
    assert texts(read_hwpx(*bodies)) == [str(n) for n in range(12)]
    items = "".join(f'<item id="{n}" href="Contents/section{n}.xml"/>' for n in (0, 1))
    package = f'<p>{items}<itemref idref="1"/><itemref idref="0"/></p>'
    document = from_hwpx.read(PATH, hwpx(*bodies[:3], **{"Contents/content.hpf": package}))
    assert texts(document) == ["1", "0", "2"]


def test_a_broken_section_is_a_problem_and_the_rest_is_read() -> None:
    document = from_hwpx.read(PATH, hwpx(hp("가"), **{"Contents/section1.xml": "<sec><p>"}))
    assert texts(document) == ["가"]
    assert [(problem.level, problem.message.args["part"]) for problem in document.problems] == [
        ("unread", "Contents/section1.xml")
    ]


def test_cells_under_a_merge_are_not_printed_and_spans_never_overlap() -> None:
    row = [hp_cell(0, 0, "합계", height=2, width=2), hp_cell(0, 1, "숨음"), hp_cell(1, 1, "숨음"), hp_cell(1, 2, "보임")]
    document = read_hwpx(hp(hp_table(row, size=(2, 3))))
    (grid,) = grids(document)
    assert [(problem.message.code, problem.message.args["count"], problem.level) for problem in document.problems] == [
        ("read-cells-lost", 2, "unread"),
        ("read-cells-bare", 1, "notice"),
    ]
    assert [(cell.text, cell.row, cell.column) for cell in grid.cells] == [("합계", 0, 0), ("보임", 1, 2)]


def test_contents_lists_stay_text_but_tabbed_amounts_become_a_grid() -> None:
    contents = hp("Ⅰ. 현황<hp:tab/>1") + hp("Ⅱ. 계획<hp:tab/>7")
    assert grids(read_hwpx(contents.replace("<hp:t>Ⅰ", "<hp:t>Ⅰ"))) == []
    (grid,) = grids(read_hwpx(hp("인건비<hp:tab/>1,200") + hp("물건비<hp:tab/>300") + hp("합계<hp:tab/>1,500")))
    assert (rows(grid), grid.spans) == ([["인건비", "1,200"], ["물건비", "300"], ["합계", "1,500"]], False)


def test_encrypted_packages_are_refused_by_name() -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert refused(hwpx(hp("가"), **{"META-INF/manifest.xml": manifest})) == "read-password"


# --- HWP ---------------------------------------------------------------------------------------


def one_table(text: bytes | str = anchor(11, b"tbl ")) -> bytes:
    return hwp_para(text, controls=[hwp_table([(0, 0, "합계"), (1, 0, "국비"), (1, 1, "1,000")], (2, 2), span=(1, 2))])


@pytest.mark.parametrize("flags", [0, 1])
def test_tables_are_read_from_compressed_and_plain_streams(flags: int) -> None:
    document = read_hwp(hwp_para("제목") + one_table(), flags=flags)
    (grid,) = grids(document)
    assert texts(document) == ["제목"]
    assert (grid.rows, grid.columns, rows(grid), spans(grid)) == (2, 2, [["합계"], ["국비", "1,000"]], {(0, 0): (1, 2)})


def test_hwp_and_hwpx_of_one_document_give_the_same_blocks() -> None:
    table = hp_table([hp_cell(0, 0, "합계", width=2)], ["국비", "1,000"], size=(2, 2))
    assert read_hwp(hwp_para("제목") + one_table()).blocks == read_hwpx(hp("제목") + hp(table)).blocks


def test_control_characters_take_their_places() -> None:
    units = (
        "가".encode("utf-16-le")
        + anchor(9)
        + "나".encode("utf-16-le")
        + anchor(21, b"pgnp")
        + "\U000f02b2다\n라".encode("utf-16-le")
    )
    assert texts(read_hwp(hwp_para(units + struct.pack("<HHH", 24, 30, 31)))) == ["가 나②다", "라-"]


def test_boxes_notes_and_fields() -> None:
    box = record(71, 1, b" osg" + bytes(40)) + record(76, 2, bytes(8)) + record(72, 3, bytes(8)) + hwp_para("글상자", 3)
    note = record(71, 1, b"  nf" + bytes(8)) + record(72, 2, bytes(8)) + hwp_para("각주", 2)
    command = "Clickhere:set:9:Direction:wstring:2:쓰기 HelpState:wstring:0: "
    field = record(71, 1, b"klc%" + bytes(5) + struct.pack("<H", len(command)) + command.encode("utf-16-le"))
    text = (
        "가".encode("utf-16-le")
        + anchor(11, b"gso ")
        + anchor(17, b"fn  ")
        + anchor(3, b"%clk")
        + "쓰기".encode("utf-16-le")
        + anchor(4)
    )
    assert texts(read_hwp(hwp_para(text, controls=[box, note, field]))) == ["가", "글상자", "각주"]


def test_sections_stand_in_numeric_order() -> None:
    assert texts(read_hwp(*[hwp_para(str(n)) for n in range(11)])) == [str(n) for n in range(11)]


def test_a_broken_section_is_a_problem_of_its_own() -> None:
    document = read_hwp(hwp_para("가"), record(66, 0, bytes(24)) + struct.pack("<I", 67 | 1 << 10 | 500 << 20))
    assert texts(document) == ["가"]
    assert [problem.level for problem in document.problems] == ["unread"]


def locked(body: bytes, seed: int = 0x1234567) -> bytes:
    """A section of a distribution document: its key scrambled in the first record, the rest encrypted."""
    cryptography = pytest.importorskip("cryptography.hazmat.primitives.ciphers")
    key = bytes(range(16))
    plain = bytearray(256)
    offset = 4 + (seed & 0xF)
    plain[offset : offset + 16] = key
    head = bytearray(hwp_records._unscramble(struct.pack("<I", seed) + bytes(252))[1])
    scrambled = bytes(one ^ other for one, other in zip(plain, head, strict=True))
    data = struct.pack("<I", seed) + scrambled[4:]
    cipher = cryptography.Cipher(cryptography.algorithms.AES(key), cryptography.modes.ECB()).encryptor()
    packed = deflated(body)
    return record(28, 0, data) + cipher.update(packed.ljust(-(-len(packed) // 16) * 16, b"\0")) + cipher.finalize()


def test_a_distribution_document_opens_with_its_own_key() -> None:
    start = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, 5)
    data = compound({"FileHeader": start, "BodyText/Section0": b"", "ViewText/Section0": locked(hwp_para("배포"))})
    assert texts(from_hwp.read(PATH, data)) == ["배포"]


def test_a_distribution_document_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    start = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, 5)
    data = compound({"FileHeader": start, "ViewText/Section0": locked(hwp_para("배포"))})
    monkeypatch.setitem(__import__("sys").modules, "cryptography.hazmat.primitives.ciphers", None)
    assert refused(data) == "read-distribution-extra"


def test_tracked_changes_are_said_for_hwp_cannot_tell_them() -> None:
    document = read_hwp(hwp_para("가"), flags=1 | 1 << 14)
    assert [(problem.level, problem.message.code) for problem in document.problems] == [("notice", "read-hwp-tracked")]


def test_the_text_in_view_counts_where_changes_are_tracked() -> None:
    start = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, 1 | 1 << 14)
    sections = {"BodyText/Section0": deflated(hwp_para("옛 글")), "ViewText/Section0": deflated(hwp_para("보이는 글"))}
    assert texts(from_hwp.read(PATH, compound({"FileHeader": start, **sections}))) == ["보이는 글"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (hwp(hwp_para("가"), flags=3), "read-password"),
        (hwp(hwp_para("가"), flags=1 | 1 << 8), "read-password"),
        (b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05", "read-hwp3"),
        (hwp(hwp_para("가"), header=b"something else"), "read-broken"),
        (hwp(folder="Other"), "read-broken"),
        (hwp(hwp_para("가"))[:700], "read-broken"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_content_decides_not_the_suffix(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a.hwpx", hwp(hwp_para("가")))).format == "hwp"
    assert read(written(tmp_path, "b.hwp", hwpx(hp("가")))).format == "hwpx"
