"""The geometry of grids: header rows, label columns, number columns, what lost spans shifted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetaudit.amounts import parse
from budgetaudit.labels.arrange import halves, unstacked
from budgetaudit.labels.layout import Layout, is_year, lay_out
from tests.grids import WORDS, grid


def layout(text: str, spans: bool = False) -> Layout:
    return lay_out(grid(text, spans=spans), WORDS)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("도로|10|30\n하천|20|40", 0),
        ("구분|2022|2023\n도로|10|30\n하천|20|40", 1),
        ("구분|예산|\n|2022|2023\n도로|10|30\n하천|20|40", 2),
        ("구분|총사업비|\n|예산|\n|2022|2023\n도로|10|30\n하천|20|40", 3),
        ("구분|예산|집행|잔액\n|(1)|(2)|(3)\n도로|10|7|3\n하천|20|14|6", 2),
        ("구분|2022|2023\n지역개발||\n도로|10|30\n하천|20|40", 1),
    ],
)
def test_header_rows_are_those_before_the_first_figures(text: str, rows: int) -> None:
    assert layout(text).header_rows == rows


def test_titles_and_unit_lines_stand_before_the_header() -> None:
    found = layout("2022년 현황||\n(단위: 백만원)||\n구분|2022|2023\n도로|10|20\n하천|30|40")
    assert (found.titles, found.first_row, found.header_rows) == (["2022년 현황", "(단위: 백만원)"], 2, 3)
    assert found.body_rows == [3, 4]


def test_a_lost_span_is_filled_over_the_columns_of_the_row_below() -> None:
    found = layout("구분|2022년||2023년|\n|국비|군비|국비|군비\n도로|10|20|30|40\n하천|11|21|31|41")
    assert found.header == [
        {0: "구분", 1: "2022년", 2: "2022년", 3: "2023년", 4: "2023년"},
        {1: "국비", 2: "군비", 3: "국비", 4: "군비"},
    ]


def test_a_given_span_is_taken_as_it_is() -> None:
    found = layout("구분|총사업비|<|<|<\n^|2022년|<|2023년|<\n^|국비|군비|국비|군비\n도로|10|20|30|40\n하천|1|2|3|5", spans=True)
    assert found.header_rows == 3
    assert [row[4] for row in found.header] == ["총사업비", "2023년", "군비"]
    assert [row[0] for row in found.header] == ["구분", "구분", "구분"]


def test_a_lower_header_row_is_moved_under_its_columns() -> None:
    found = layout("구분|2022년||2023년|\n국비|군비|국비|군비\n도로|10|20|30|40\n하천|11|21|31|41")
    assert found.header[1] == {1: "국비", 2: "군비", 3: "국비", 4: "군비"}
    assert found.header[0][4] == "2023년"


def test_a_row_that_lost_a_label_is_moved_to_the_right() -> None:
    found = layout("분야|사업|2022|2023\n지역|도로|10|30\n|하천|20|40\n공원|5|6|")
    assert {c: str(a.value) for (r, c), a in found.amounts.items() if r == 3} == {2: "5", 3: "6"}
    assert [(doubt.code, dict(doubt.args)) for doubt in found.doubts] == [("doubt-shifted-row", {"row": 4, "shift": 1})]
    assert found.row_labels[3] == ("공원", "")


def test_a_row_with_a_label_too_many_is_moved_to_the_left() -> None:
    found = layout("사업|2022|2023|\n도로|10|30|\n하천|20|40|\n지역|공원|5|6")
    assert {c: str(a.value) for (r, c), a in found.amounts.items() if r == 3} == {1: "5", 2: "6"}
    assert found.row_labels[3] == ("지역", "공원")
    assert [doubt.args["shift"] for doubt in found.doubts] == [-1]


def test_outer_labels_are_filled_down_but_not_past_a_new_one() -> None:
    found = layout("재원|세부|2022|2023\n기타|민자|10|20\n|자담|30|40\n국비||1|2\n||3|4")
    assert found.label_columns == (0, 1)
    assert found.row_labels == {1: ("기타", "민자"), 2: ("기타", "자담"), 3: ("국비", ""), 4: ("", "")}


def test_repeated_header_rows_are_no_body() -> None:
    found = layout("구분|2022|2023\n도로|10|20\n구분|2022|2023\n하천|30|40")
    assert found.body_rows == [1, 3]
    assert {row for row, _ in found.amounts if row} == {1, 3}


@pytest.mark.parametrize(
    ("text", "labels", "numbers", "keys"),
    [
        ("연번|사업|코드|예산\n1|도로|0101|20\n2|하천|0102|40", (0, 1, 2), [3], (1,)),
        ("사업|부호|예산\n도로|0101|20\n하천|0102|40", (0, 1), [2], (0, 1)),
        ("연도|예산|집행\n2021|10|9\n2022|20|18", (0,), [1, 2], (0,)),
        ("사업|예산|비고\n도로|20|신규\n하천|40|계속", (0,), [1], (0,)),
        ("사업|예산|국비\n도로|20|-\n하천|40|-", (0,), [1, 2], (0,)),
        ("사업|사업기간|예산\n도로|'20~'22|20\n하천|'21~'23|40", (0, 1), [2], (0,)),
    ],
)
def test_number_columns_label_columns_and_those_that_name_the_row(
    text: str, labels: tuple[int, ...], numbers: list[int], keys: tuple[int, ...]
) -> None:
    found = layout(text)
    assert (found.label_columns, found.number_columns, found.key_columns) == (labels, numbers, keys)


def test_tables_side_by_side_are_cut_apart() -> None:
    left, right = halves(layout("구분|금액|구분|금액\n도로|10|학교|30\n하천|20|병원|40"), WORDS)
    assert [cell.text for cell in left.cells] == ["구분", "금액", "도로", "10", "하천", "20"]
    assert [cell.text for cell in right.cells] == ["구분", "금액", "학교", "30", "병원", "40"]
    assert {cell.column for cell in right.cells} == {2, 3}


def test_columns_of_one_name_are_no_second_table() -> None:
    found = layout("구분|금액|비고|금액\n도로|10|신규|30\n하천|20|계속|40")
    assert halves(found, WORDS) == [found.grid]


def test_tables_side_by_side_have_totals_of_their_own() -> None:
    found = layout("세입||세출|\n항목|금액|내역|금액\n보조금|40|인건비|60\n후원금|50|운영비|30\n합계|90|합계|90")
    left, right = halves(found, WORDS)
    assert {cell.column for cell in left.cells} == {0, 1}
    assert {cell.column for cell in right.cells} == {2, 3}


def test_a_total_named_again_in_a_remark_is_no_second_table() -> None:
    found = layout("구분|금액|비고|인원\n도로|40||6\n하천|50||3\n합계|90|합계|9")
    assert halves(found, WORDS) == [found.grid]


def test_what_looks_like_a_year() -> None:
    texts = ("2022", "1899", "2,022", "2022.5", "-2022", "-")
    assert [is_year(amount) for text in texts if (amount := parse(text, WORDS.units))] == [True, *[False] * 5]


def test_a_grid_of_words_has_no_figures() -> None:
    found = layout("가|나\n다|라")
    assert (found.number_columns, found.amounts, found.header_rows) == ([], {}, 2)


def test_a_first_row_of_1_2_3_with_a_name_is_no_numbering() -> None:
    assert layout("이름|국비|도비|계\n도로|1|2|3\n하천|4|5|9").header_rows == 1
    assert layout("이름|국비|도비|계\n(1)|(2)|(3)|(4)\n도로|1|2|3\n하천|4|5|9").header_rows == 2


def test_numbers_behind_names_are_how_many_there_are() -> None:
    assert layout("State|Number\nBerlin|412\nHamburg|190").number_columns == [1]
    assert layout("Number|State|Amount\n1|Berlin|412\n2|Hamburg|190").number_columns == [2]


def test_amounts_that_stand_in_a_column_for_each_level_are_one_column() -> None:
    steps = "관|항|목|목 금액|항 금액|관 금액\n가|||||90\n|나|||60|\n||다|40||\n||라|20||\n|마|||30|\n||마|30||"
    steps += "\n바|||||8\n|바|||8|"
    assert layout(steps).number_columns == [3]
    totals = "구분|내역|금액\n가|10|\n나|20|\n소계||30\n다|4|\n라|5|\n소계||9"
    assert layout(totals).number_columns == [1]
    assert layout("구분|예산|집행\n가|10|\n나|20|\n다||30\n라||9").number_columns == [1, 2]


def stacked(text: str) -> list[str]:
    """The rows of a grid whose cells hold several lines, marked by a `/`, once they are taken apart."""
    given = grid(text)
    cells = tuple(replace(cell, text=cell.text.replace("/", "\n")) for cell in given.cells)
    found = unstacked(replace(given, cells=cells), WORDS)
    rows: list[list[str]] = [[] for _ in range(found.rows)]
    for cell in found.cells:
        rows[cell.row].append(cell.text.replace("\n", "/"))
    return ["|".join(row) for row in rows]


def test_labels_stacked_over_stacked_amounts_are_rows() -> None:
    assert stacked("구분|2022|2023\n도로/하천|10/20|30/40\n공원|5|6") == [
        "구분|2022|2023",
        "도로|10|30",
        "하천|20|40",
        "공원|5|6",
    ]


@pytest.mark.parametrize(
    "row",
    [
        "도로/하천|10/20|30",  # one amount for both
        "도로/하천|10/20|30/40/50",
        "도로 정비/하천 정비|도로/하천|서울/부산",  # no amounts
        "도로|10/20|30/40",  # no labels
        "도로/도로|10/20|30/40",  # the same word twice is a wrapped line
        "도로/하천|10/(20)|30/(40)",  # what stands in brackets below belongs to it
    ],
)
def test_other_lines_within_cells_stay_together(row: str) -> None:
    assert stacked(f"구분|2022|2023\n{row}\n공원|5|6")[1] == row


def test_a_list_in_halves_with_one_total_is_one_list() -> None:
    found = layout("구분|금액|구분|금액\n도로|10|공원|30\n하천|20|학교|40\n||합계|100")
    (whole,) = halves(found, WORDS)
    rows: dict[int, list[str]] = {}
    for cell in whole.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    assert [row for row in rows.values() if any(row)] == [
        ["구분", "금액"],
        ["도로", "10"],
        ["하천", "20"],
        ["공원", "30"],
        ["학교", "40"],
        ["합계", "100"],
    ]
