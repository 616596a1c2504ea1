"""Plain text and Markdown: what copies and OCR leave of tables, each quirk in the smallest document that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.model import Grid, Paragraph
from budgetaudit.readers import from_markdown, from_text


def text(source: str) -> list[Grid | Paragraph]:
    return list(from_text.read(Path("a.txt"), source.encode()).blocks)


def markdown(source: str) -> list[Grid | Paragraph]:
    return list(from_markdown.read(Path("a.md"), source.encode()).blocks)


def grids(blocks: list[Grid | Paragraph]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]


def said(blocks: list[Grid | Paragraph]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def shown(grid: Grid) -> list[list[str]]:
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def test_tabs_keep_positions_and_lines():
    blocks = text("□ 사업비\n\n(단위: 백만원)\n구분\t계\t\t비고\n\t국비\t시비\n계\t30\t20\n")
    assert said(blocks) == ["□ 사업비", "(단위: 백만원)"]
    (grid,) = grids(blocks)
    assert (grid.rows, grid.columns, grid.spans, grid.line) == (3, 4, False, 4)
    assert shown(grid) == [["구분", "계", "", "비고"], ["", "국비", "시비", ""], ["계", "30", "20", ""]]
    assert [cell.line for cell in grid.cells if cell.text == "30"] == [6]


def test_a_lone_line_with_a_tab_is_a_row():
    blocks = text("개요\n구분\t값\n끝")
    assert said(blocks) == ["개요", "끝"]
    assert shown(grids(blocks)[0]) == [["구분", "값"]]


def test_a_short_line_between_rows_of_one_shape_is_a_row_of_them():
    (grid,) = grids(text("구분\t2024\t2025\n인건비\t1,000\t2,000\n경비\n물건비\t10\t20\n"))
    assert shown(grid)[2] == ["경비", "", ""]


def test_a_line_above_a_new_header_ends_the_table():
    first, second = grids(text("구분\t금액\t비율\n국비\t1,000\t50\n재원별 현황\n항목\t예산\t결산\n계\t5,000\t4,000\n"))
    assert (first.rows, second.rows) == (2, 2)
    assert shown(second)[0] == ["항목", "예산", "결산"]


def test_a_blank_row_of_tabs_separates_stacked_tables():
    blocks = text("표 1\t\t\n구분\t금액\t비율\n국비\t1,000\t50\n\t\t\n표 2\t\t\n구분\t예산\t결산\n계\t5,000\t4,000\n")
    assert said(blocks) == ["표 1", "표 2"]
    assert [shown(grid)[0] for grid in grids(blocks)] == [["구분", "금액", "비율"], ["구분", "예산", "결산"]]


def test_markup_inside_a_cell_becomes_lines():
    (grid,) = grids(text("연도\t<ul><li>첫째</li><li>둘째<br>셋째</li></ul><p>넷째</p>\t20%\n2023\t<ul> • 하나 • 둘\t30%"))
    assert shown(grid) == [["연도", "첫째\n둘째\n셋째\n넷째", "20%"], ["2023", "• 하나 • 둘", "30%"]]


NESTED = "<table><tr><th>등급</th><th>점수</th></tr><tr><td>1등급</td><td>90</td></tr></table>"


def test_a_table_inside_a_cell_is_a_grid_of_its_own():
    outer, inner = grids(text(f"연도\t내용\t비고\n2024\t<p>결과</p>{NESTED}\t끝"))
    assert shown(outer) == [["연도", "내용", "비고"], ["2024", "결과", "끝"]]
    assert inner.parent == (0, 1, 1)
    assert (inner.line, shown(inner)) == (2, [["등급", "점수"], ["1등급", "90"]])
    assert [cell.header for cell in inner.cells] == [True, True, False, False]


@pytest.mark.parametrize("gap", ["", "\t"])
def test_verbatim_repeats_of_a_nested_table_are_dropped(gap: str):
    source = f"연도\t내용\t\n2024\t{NESTED}{gap}\t등급\t점수\t1등급\t90\n등급\t점수\t\n1등급\t90\t\n2025\t없음\t"
    outer, inner = grids(text(source))
    kept = [row for row in shown(outer) if any(row)]
    assert [[cell for cell in row if cell] for row in kept] == [["연도", "내용"], ["2024"], ["2025", "없음"]]
    assert shown(inner)[1] == ["1등급", "90"]


def test_what_only_resembles_a_nested_table_stays():
    outer, _ = grids(text(f"연도\t내용\t\t\n2024\t{NESTED}\t등급\t점수\n1등급\t91\t\t"))
    assert ["1등급", "91"] in [[cell for cell in row if cell] for row in shown(outer)]


def test_nested_twice_counts_grids_in_order():
    deep = NESTED.replace("90", f"90{NESTED}")
    outer, middle, inner = grids(text(f"앞\t뒤\n\n가\t{deep}"))[1:]
    assert (outer.parent, middle.parent, inner.parent) == (None, (1, 0, 1), (2, 1, 1))
    assert shown(middle)[1] == ["1등급", "90"]


def test_a_table_over_several_lines_keeps_source_lines():
    blocks = text("앞\n<table>\n<tr><td>가</td>\t<td>1</td></tr>\n</table>\n뒤\t값")
    table, row = grids(blocks)
    assert [(cell.text, cell.line) for cell in table.cells] == [("가", 3), ("1", 3)]
    assert row.line == 5


def test_a_table_tag_that_is_never_closed_swallows_nothing():
    blocks = text("가\t<table><tr><td>1\n나\t2\n\n끝")
    assert said(blocks) == ["끝"]
    assert ["나", "2"] in [row for grid in grids(blocks) for row in shown(grid)]


def test_a_quoted_cell_may_hold_lines():
    (grid,) = grids(text('구분\t"첫째\n둘째 ""강조"""\t끝\n가\t"나\n다"\n'))
    assert shown(grid) == [["구분", '첫째\n둘째 "강조"', "끝"], ["가", "나\n다", ""]]
    assert [cell.line for cell in grid.cells] == [1, 1, 1, 3, 3]


def test_blanks_align_columns_of_numbers():
    rows = ["구분          2024      2025", "지방세       1,000     2,000", "세외수입        50", "계           1,050     2,000"]
    blocks = text("\n".join(["세입 현황", *rows, "끝"]))
    assert said(blocks) == ["세입 현황", "끝"]
    assert shown(grids(blocks)[0]) == [
        ["구분", "2024", "2025"],
        ["지방세", "1,000", "2,000"],
        ["세외수입", "50", ""],
        ["계", "1,050", "2,000"],
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "가.  첫째 항목을  추진\n나.  둘째 항목을  검토\n다.  셋째 항목을  완료",
        "기간 : 2024. 1. ~ 6.\n금액 : 1,000천원\n대상 : 30명",
        "a | b\n\nc | d",
    ],
)
def test_prose_stays_prose(prose: str):
    assert grids(text(prose)) == []
    assert said(text(prose)) == [line for line in prose.split("\n") if line]


def test_rules_and_bars_draw_a_table():
    box = "┌────┬────┐\n│구분│금액│\n├────┼────┤\n│국비│ 10 │\n│시비│ 20 │\n└────┴────┘"
    ascii_art = "+----+----+\n|구분|금액|\n+----+----+\n|국비| 10 |\n|시비| 20 |\n+----+----+"
    for source in (box, ascii_art):
        (grid,) = grids(text(source))
        assert shown(grid) == [["구분", "금액"], ["국비", "10"], ["시비", "20"]]
        assert [cell.line for cell in grid.cells if cell.text == "20"] == [5]


def test_bars_alone_need_two_lines_that_agree():
    assert shown(grids(text("구분   | 2025\n총계   | 30\n인건비 |\n"))[0]) == [["구분", "2025"], ["총계", "30"], ["인건비", ""]]
    assert grids(text("담당 | 기획 | 예산\n문의 | 전화")) == []


def test_bold_marks_are_not_printed_but_products_are():
    assert said(text("① **한국판 뉴딜** : 5*3*2 = 30")) == ["① 한국판 뉴딜 : 5*3*2 = 30"]


def test_invisible_characters_vanish_and_marks_stay():
    blocks = text("구\u200b분\u00a0\u3000\t△1,802\n\u1112\u1161\u11ab글\t㉮–−’")
    assert shown(grids(blocks)[0]) == [["구분", "△1,802"], ["한글", "㉮–−’"]]


def test_tabs_after_list_marks_and_before_lines_make_no_table():
    source = "○\t사업비 : 100억원\n\t- 국비 50억원\n1.\t추진 계획\n가)\t내용"
    assert said(text(source)) == ["○ 사업비 : 100억원", "- 국비 50억원", "1. 추진 계획", "가) 내용"]
    assert grids(text(source)) == []
    assert shown(grids(text("①\t1,000\n②\t2,000"))[0]) == [["①", "1,000"], ["②", "2,000"]]


def test_lines_count_as_an_editor_counts_them():
    blocks = text("하나\r\n둘\x0c\u2028셋\r넷\t값")
    assert [(block.line, getattr(block, "text", None)) for block in blocks] == [(1, "하나"), (2, "둘  셋"), (3, None)]


def test_markdown_tables_and_headings():
    table = "|분야|**계**|비고|\n|:---|---:|:-:|\n|국비\\|도비|`10`|\n|시비|&nbsp;|a<br>b|\n"
    blocks = markdown(f"## 총괄 ##\n\n{table}\n- **끝** [표](x.md)\n\n---\n")
    assert said(blocks) == ["총괄", "- 끝 표"]
    (grid,) = grids(blocks)
    assert shown(grid) == [["분야", "계", "비고"], ["국비|도비", "10", ""], ["시비", "", "a\nb"]]
    assert [cell.header for cell in grid.cells] == [True] * 3 + [False] * 4
    assert (grid.line, grid.spans) == (3, False)


def test_markdown_table_without_outer_pipes_and_with_short_rows():
    (grid,) = grids(markdown("구분 | 2024 | 2025\n--- | ---: | ---:\n계 | 3\n국비 | 1 | 2 | 9\n"))
    assert shown(grid) == [["구분", "2024", "2025", ""], ["계", "3", "", ""], ["국비", "1", "2", "9"]]  # nothing is lost unsaid


def test_html_tables_in_markdown():
    blocks = markdown(f"# 결과\n\n{NESTED}\n\n> 인용 2*3\n")
    assert said(blocks) == ["결과", "인용 2*3"]
    assert grids(blocks)[0].line == 3


def test_dots_between_labels_and_amounts_are_tabs():
    (grid,) = grids(text("Wages ........ 42,150\nRent . . . . . 630\nTravel …… 3,405\n"))
    assert shown(grid) == [["Wages", "42,150"], ["Rent", "630"], ["Travel", "3,405"]]


def test_dots_before_the_pages_of_a_list_of_contents_are_not():
    lines = ["Summary ........ 3", "Revenue ........ 5", "Debt ........ 12"]
    assert said(text("\n".join(lines))) == lines
