"""DOCX: merges, wrappers, tracked changes, notes, and tables that tabs make."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.model import Document, ReadError
from budgetaudit.readers import from_docx, tabbed
from tests.office_files import W, docx, grids, rows, spans, texts, wc, wp, wt, zipped


def read_docx(body: str, **parts: str) -> Document:
    return from_docx.read(Path("document"), docx(body, **parts))


def tabs(*stops: int) -> str:
    return "<w:tabs>" + "".join(f'<w:tab w:val="right" w:pos="{stop}"/>' for stop in stops) + "</w:tabs>"


def test_merges_down_and_across() -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    wide = '<w:gridSpan w:val="2"/>'
    document = read_docx(
        wp("표 앞")
        + wt([wc("구분", start), wc("예산", wide)], [wc("", on), "국비", "시비"], [wc("", on), "1", "2"])
        + wp("표 뒤")
    )
    (grid,) = grids(document)
    assert texts(document) == ["표 앞", "표 뒤"]
    assert (rows(grid), spans(grid)) == ([["구분", "예산"], ["국비", "시비"], ["1", "2"]], {(0, 0): (3, 1), (0, 1): (1, 2)})


def test_a_continued_merge_without_a_start_is_a_cell_of_its_own() -> None:
    (grid,) = grids(read_docx(wt([wc("가", "<w:vMerge/>"), "1"], ["나", "2"])))
    assert (rows(grid), spans(grid)) == ([["가", "1"], ["나", "2"]], {})


def test_rows_that_start_late_keep_their_columns() -> None:
    late = "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>" + wc("금액") + "</w:tr>"
    body = wt(["구분", "계"]).replace("</w:tbl>", late + "</w:tbl>")
    (grid,) = grids(read_docx(body))
    assert [(cell.row, cell.column, cell.text) for cell in grid.cells][-1] == (1, 1, "금액")


def test_content_controls_and_insertions_are_read_deletions_are_not() -> None:
    control = f"<w:sdt><w:sdtContent>{wt(['안'])}</w:sdtContent></w:sdt>"
    inline = "<w:sdt><w:sdtContent><w:r><w:t>둘</w:t></w:r></w:sdtContent></w:sdt>"
    inserted, deleted = (
        "<w:ins><w:r><w:t>셋</w:t></w:r></w:ins>",
        "<w:del><w:r><w:delText>넷</w:delText><w:t>다섯</w:t></w:r></w:del>",
    )
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>숨은 글</w:t></w:r>"
    document = read_docx(control + wp("하나", inline, inserted, deleted, hidden))
    assert (texts(document), rows(grids(document)[0])) == (["하나둘셋"], [["안"]])


def test_deleted_rows_vanish() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + wc("지움") + "</w:tr>"
    (grid,) = grids(read_docx(wt(["남음"]).replace("</w:tbl>", gone + "</w:tbl>")))
    assert (grid.rows, rows(grid)) == (1, [["남음"]])


def test_nested_tables_text_boxes_and_header_rows() -> None:
    header = wt(["머리"]).replace("<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>")
    nested = f"<w:tc>{wp('앞')}{wt(['1', '2'])}{wp('뒤')}</w:tc>"
    both = "<Choice><w:txbxContent>{}</w:txbxContent></Choice><Fallback>{}</Fallback>"
    box = f"<w:r><AlternateContent>{both}</AlternateContent></w:r>"
    document = read_docx(header + wt([nested, "밖"]) + wp("본문", box.format(wp("상자"), wp("상자"))))
    first, outer, inner = grids(document)
    assert first.cells[0].header
    assert (rows(outer), inner.parent, rows(inner)) == ([["앞\n뒤", "밖"]], (1, 0, 0), [["1", "2"]])
    assert texts(document) == ["본문", "상자"]


def test_notes_follow_their_paragraph_and_headers_come_last() -> None:
    line = f"<w:footnote w:id='0' w:type='separator'>{wp('선')}</w:footnote>"
    notes = f"<w:footnotes {W}>{line}<w:footnote w:id='2'>{wp('주석')}</w:footnote></w:footnotes>"
    document = read_docx(
        wp("가", '<w:r><w:footnoteReference w:id="2"/></w:r>') + wp("나"),
        footnotes=notes,
        header=f"<w:hdr {W}>{wp('머리말')}</w:hdr>",
    )
    assert texts(document) == ["가", "주석", "나", "머리말"]


def test_paragraphs_whose_tabs_line_amounts_up_are_a_grid() -> None:
    stops = tabs(720, 1440, 9360)
    body = wp("\t2.1\tTO THE COUNCIL", properties=stops) + wp("Personal Services\t$ 14,824,858", properties=stops)
    body += wp("Purchase of Services\t1,971,885", properties=stops) + wp("") + wp("\tTotal\t\t$ 16,796,743", properties=stops)
    document = read_docx(body)
    (grid,) = grids(document)
    expected = [["Personal Services", "$ 14,824,858"], ["Purchase of Services", "1,971,885"], ["Total", "$ 16,796,743"]]
    assert (texts(document), rows(grid), grid.spans) == (["2.1 TO THE COUNCIL"], expected, False)


def test_tab_stops_of_styles_count_and_a_blank_amount_stays_blank() -> None:
    styles = f"<w:styles {W}><w:style w:styleId='T'><w:pPr>{tabs(4000, 6000)}</w:pPr></w:style></w:styles>"
    of_style = '<w:pStyle w:val="T"/>'
    lines = ["구분\t2024\t2025", "국비\t1,000\t2,000", "시비\t\t500", "합계\t1,000\t2,500"]
    (grid,) = grids(read_docx("".join(wp(line, properties=of_style) for line in lines), styles=styles))
    assert [(cell.row, cell.column, cell.text) for cell in grid.cells if cell.row in (0, 2)] == [
        (0, 0, "구분"), (0, 1, "2024"), (0, 2, "2025"), (2, 0, "시비"), (2, 2, "500"),
    ]  # fmt: skip


def test_numbered_paragraphs_are_no_table() -> None:
    body = wp("\t(1)\tThe sums herein appropriated") + wp("\t(2)\tThe Director of Finance")
    assert (grids(read_docx(body)), texts(read_docx(body))) == (
        [],
        ["(1) The sums herein appropriated", "(2) The Director of Finance"],
    )


def test_typed_leaders_are_no_part_of_the_label() -> None:
    lines = [tabbed.Line(text) for text in ("인건비 ........\t1,200", "물건비 · · · ·\t300", f"{'.' * 100_000}계.\t1,500")]
    (table,) = tabbed.split(lines)
    assert isinstance(table, tabbed.Tabbed)
    assert [row[0][-4:] for row in table.rows] == ["인건비", "물건비", "...계."[-4:]]


def test_lines_without_known_stops_are_aligned_from_the_right() -> None:
    lines = [tabbed.Line(text) for text in ("인건비\t\t1,200\t1,300", "물건비 및 여비\t300\t400", "계\t\t1,500\t1,700")]
    (table,) = tabbed.split(lines)
    assert isinstance(table, tabbed.Tabbed)
    assert table.rows == [["인건비", "1,200", "1,300"], ["물건비 및 여비", "300", "400"], ["계", "1,500", "1,700"]]


@pytest.mark.parametrize("part", ["styles", "footnotes"])
def test_a_broken_part_besides_the_body_is_a_problem(part: str) -> None:
    document = read_docx(wp("본문"), **{part: "<w:styles"})
    assert texts(document) == ["본문"]
    assert [problem.level for problem in document.problems] == ["unread"]


def test_an_embedded_document_of_another_format_is_said_to_be_unread() -> None:
    assert [problem.message.code for problem in read_docx(wp("본문") + "<w:altChunk/>").problems] == ["read-docx-chunk"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"word/other.xml": "<a/>"}), "read-broken"),
        (docx("<w:p>"), "read-broken"),
        (docx("").replace(b"PK\x01\x02", b"PK\x09\x09"), "read-broken"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        from_docx.read(Path("document"), data)
    assert caught.value.message.code == code
