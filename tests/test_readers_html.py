"""HTML: spans, header cells without rows, nesting, encodings, what browsers forgive."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.model import Document, Grid, Paragraph, ReadError
from budgetaudit.readers import from_html


def read(source: str | bytes) -> Document:
    return from_html.read(Path("a.html"), source.encode() if isinstance(source, str) else source)


def grid(source: str | bytes) -> Grid:
    (only,) = read(source).grids()
    return only


def placed(found: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in found.cells]


def texts(found: Grid) -> list[str]:
    return [cell.text for cell in found.cells]


def test_spans_lines_captions_and_headers():
    found = grid(
        "<html><body><table>\n<caption>총괄</caption>\n<tr><th rowspan=2>구분</th><th colspan=2>금액</th></tr>\n"
        "<tr><th>예산</th><th>결산</th></tr>\n<tr><td>계</td><td>3</td><td>2</td></tr></table>"
    )
    assert placed(found) == [
        (0, 0, 2, 1, "구분"), (0, 1, 1, 2, "금액"), (1, 1, 1, 1, "예산"), (1, 2, 1, 1, "결산"),
        (2, 0, 1, 1, "계"), (2, 1, 1, 1, "3"), (2, 2, 1, 1, "2"),
    ]  # fmt: skip
    assert (found.rows, found.columns, found.spans, found.caption, found.line) == (3, 3, True, "총괄", 1)
    assert [cell.line for cell in found.cells] == [3, 3, 4, 4, 5, 5, 5]
    assert [cell.header for cell in found.cells] == [True] * 4 + [False] * 3


def test_header_cells_without_a_row_make_one():
    found = grid("<table><thead><th>가</th><th>나</th></thead><tbody><tr><td>1</td><td>2</td></tbody></table>")
    assert placed(found) == [(0, 0, 1, 1, "가"), (0, 1, 1, 1, "나"), (1, 0, 1, 1, "1"), (1, 1, 1, 1, "2")]


def test_cells_and_rows_need_no_end_tags():
    assert texts(grid("<table><tr><td>가<td>1<tr><td>나<td>2</table>")) == ["가", "1", "나", "2"]


def test_the_foot_is_shown_last_and_spans_end_with_their_group():
    found = grid(
        "<table><tfoot><tr><td>합계<td>3</tfoot><thead><tr><th>구분<th>금액</thead>"
        "<tbody><tr><td rowspan=9>국비<td>1<tr><td>2</tbody></table>"
    )
    assert placed(found) == [
        (0, 0, 1, 1, "구분"), (0, 1, 1, 1, "금액"), (1, 0, 2, 1, "국비"), (1, 1, 1, 1, "1"), (2, 1, 1, 1, "2"),
        (3, 0, 1, 1, "합계"), (3, 1, 1, 1, "3"),
    ]  # fmt: skip


def test_a_row_span_of_zero_reaches_the_end_of_the_group():
    assert placed(grid("<table><tr><td rowspan=0>가<td>1<tr><td>2<tr><td>3</table>"))[0] == (0, 0, 3, 1, "가")


def test_the_first_owner_of_a_place_keeps_it():
    found = grid("<table><tr><td>가<td rowspan=2>나<tr><td colspan=2>다<td>라</table>")
    assert placed(found) == [(0, 0, 1, 1, "가"), (0, 1, 2, 1, "나"), (1, 0, 1, 1, "다"), (1, 2, 1, 1, "라")]


def test_a_span_wider_than_the_table_adds_no_columns():
    found = grid("<table><tr><td colspan=100>제목<tr><td>가<td>1</table>")
    assert (found.columns, placed(found)[0]) == (2, (0, 0, 1, 2, "제목"))


def test_nested_tables_are_their_own_grids():
    document = read(
        "<table><tr><td>앞<table><tr><td>안<table><tr><td>속</table></table>뒤<td>옆</table><table><tr><td>끝</table>"
    )
    found = list(document.grids())
    assert [texts(one) for one in found] == [["앞\n뒤", "옆"], ["안"], ["속"], ["끝"]]
    assert [one.parent for one in found] == [None, (0, 0, 0), (1, 0, 0), None]


def test_blocks_breaks_and_blanks_in_cells():
    source = "<p>가\n나</p><ul><li>다<li>라</ul>마<br/>바&nbsp;사 <b>아</b>자<script>x()</script><!-- <b>차</b> -->"
    found = grid(f"<table><tr><td>{source}</table>")
    assert texts(found) == ["가 나\n다\n라\n마\n바 사 아자"]


def test_a_raised_mark_is_no_digit():
    assert texts(grid("<table><tr><td>1,234<sup>1)</sup><td>9<b>8</b></table>")) == ["1,234 1)", "98"]


def test_no_break_blanks_are_an_indentation():
    found = grid("<table><tr><td>\n 인건비<tr><td>&nbsp;&nbsp;기본급<tr><td><b>&nbsp;수당</b></table>")
    assert [(cell.text, cell.indent) for cell in found.cells] == [("인건비", 0), ("기본급", 2), ("수당", 1)]


def test_text_between_tables_is_paragraphs_in_order():
    document = read(
        "<html><head><title>창</title><style>p{}</style></head><body>\n<h1>제목</h1>\n<div>첫 <b>줄</b><br>둘째</div>"
        "<!-- <table><tr><td>옛 표</table> -->\n<%-- 서버 <table> --%>\n<table><tr><td>표</table>꼬리<p>끝</body></html>"
    )
    assert [(getattr(block, "text", "표"), block.line) for block in document.blocks] == [
        ("제목", 2), ("첫 줄", 3), ("둘째", 3), ("표", 5), ("꼬리", 5), ("끝", 5),
    ]  # fmt: skip


def test_hidden_cells_are_marked():
    found = grid("<table><tr style='display : none'><td>숨은<tr><td hidden>숨은<td>보이는</table>")
    assert [cell.hidden for cell in found.cells] == [True, True, False]


PAGE = (
    "<html><head><meta http-equiv='Content-Type' content='text/html; charset={}'></head><table><tr><td>똠방각하<td>펲시</table>"
)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("euc-kr", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("utf-8", "utf-8"),
        ("utf-8", "cp949"),
        ("x-unknown", "cp949"),
        ("iso-8859-1", "cp949"),
        ("utf-16", "utf-8"),
        ("punycode", "utf-8"),
        ("euc-kr", "utf-8-sig"),
    ],
)
def test_encodings_by_label_where_it_is_true(label: str, codec: str):
    assert texts(grid(PAGE.format(label).encode(codec))) == ["똠방각하", "펲시"]


def test_server_code_that_is_never_closed_is_text():
    assert texts(grid("<table><tr><td><% 가</table>")) != []


@pytest.mark.parametrize("depth", [3000, 100_000])
def test_nesting_without_end_is_refused_or_read_whole(depth: int):
    with pytest.raises(ReadError) as error:
        read("<div>" * depth + "<table><tr><td>속</table>")
    assert error.value.message.code == "read-html-broken"


def test_spans_beyond_measure_are_refused():
    row = "<tr>" + "<td colspan=1000 rowspan=65534>가" * 20
    with pytest.raises(ReadError) as error:
        read("<table>" + row * 300)
    assert error.value.message.code == "read-too-many-cells"


def test_no_external_entity_is_read(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("비밀", encoding="utf-8")
    document = read(f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><p>&x;</p><table><tr><td>가</table>')
    assert not [block for block in document.blocks if isinstance(block, Paragraph) and "비밀" in block.text]
