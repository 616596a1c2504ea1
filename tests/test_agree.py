"""One quantity in two tables: tied by name or by label, and only where figures confirm the tie."""

from __future__ import annotations

import pytest

from tests.confronting import brief, confront, failed

SUMMARY = "구분|총사업비|국비|군비\n합계|12,751|8,150|4,601\n2단계 1기|8,331|5,120|3,211\n2단계 2기|4,420|3,030|1,390"
DETAIL = "구분|총사업비|국비|군비\n계|8,331|5,120|3,211\n도로|5,001|3,120|1,881\n하천|3,330|2,000|1,330"
CAPTION = "<제2단계 1기 균형발전사업 현황>"
HEADER = "구분|2021|2022|2023|2024\n"
ONE = HEADER + "도로사업|12,753|81,574|46,093|55,121\n하천사업|33,331|51,217|32,179|41,233"
OTHER = HEADER + "도로사업|12,753|81,574|46,093|55,121\n공원사업|1,931|2,217|3,179|1,233"


def tied(*blocks: str) -> list[tuple[str, str, str]]:
    return brief(confront("summary-detail", *blocks))


def test_a_row_is_tied_to_the_total_of_the_table_whose_caption_names_it() -> None:
    assert tied("현황", SUMMARY, CAPTION, DETAIL) == [(text, "pass", text) for text in ("8,331", "5,120", "3,211")]


def test_a_figure_that_differs_fails_beside_those_that_agree() -> None:
    found = confront("summary-detail", "현황", SUMMARY, CAPTION, DETAIL.replace("계|8,331", "계|8,361"))
    assert failed(found) == [("8,331", 8361, -30)]
    assert [(c.verdict, c.severity) for c in found] == [("fail", "error"), ("pass", "error"), ("pass", "error")]
    assert found[0].message.args["other"] == CAPTION


@pytest.mark.parametrize(
    ("before", "caption", "detail"),
    [
        ("현황", "<제1단계 3기 균형발전사업 현황>", DETAIL.replace("계|8,331", "계|8,361")),
        ("현황", CAPTION, DETAIL.replace("계|8,331", "계|2,117")),
        ("현황", CAPTION, DETAIL.replace("계|8,331|5,120", "계|8,361|5,171")),
        ("2023년 현황", "<2022년 2단계 1기 현황>", DETAIL),
    ],
    ids=["another name", "no slip", "more differ than agree", "another year"],
)
def test_what_figures_or_years_do_not_confirm_is_not_tied(before: str, caption: str, detail: str) -> None:
    assert tied(before, SUMMARY, caption, detail) == []


def test_tables_of_one_year_are_tied() -> None:
    assert len(tied("2023년 현황", SUMMARY, "<2023년 2단계 1기 현황>", DETAIL)) == 3


def test_units_are_converted_before_comparing() -> None:
    detail = DETAIL.replace(",", "").replace("8331|5120|3211", "8331400|5120000|3211000")
    found = confront("summary-detail", "현황 (단위: 백만원)", SUMMARY, "<제2단계 1기 현황> (단위: 천원)", detail)
    assert [(c.stated.text, c.verdict, str(c.difference)) for c in found] == [
        ("8,331", "rounding", "-0.4"),
        ("5,120", "pass", "0"),
        ("3,211", "pass", "0"),
    ]


def test_rows_of_one_label_are_tied_and_differ_as_a_warning_only() -> None:
    texts = ("12,753", "81,574", "46,093", "55,121")
    assert tied("가 현황", ONE, "나 현황", OTHER) == [(text, "pass", text) for text in texts]
    found = confront("summary-detail", "가 현황", ONE, "나 현황", OTHER.replace("81,574", "81,547"))
    assert failed(found) == [("81,574", 81547, 27)]
    assert {c.severity for c in found} == {"warning"}


@pytest.mark.parametrize(
    ("before", "after", "other"),
    [
        ("가 현황", "나 현황", OTHER.replace("81,574", "23,669")),
        ("가 현황", "나 현황", OTHER.replace("81,574", "82,000")),
        ("2021년 현황", "2022년 현황", OTHER),
        ("가 현황", "나 현황", OTHER.replace("2022|2023|2024", "2017|2018|2019")),
        ("가 현황", "가 현황", ONE),
    ],
    ids=["no slip", "near but no slip", "other years", "other columns", "a copy"],
)
def test_an_unnamed_tie_needs_one_time_and_slips(before: str, after: str, other: str) -> None:
    assert tied(before, ONE, after, other) == []


def test_a_part_that_differs_and_the_total_it_changes_are_one_difference() -> None:
    found = confront("summary-detail", "현황", SUMMARY, CAPTION, DETAIL.replace("계|8,331|5,120", "계|8,361|5,150"))
    assert failed(found) == [("8,331", 8361, -30), ("5,120", 5150, -30)]


TURNED = (
    "연도|도로사업|하천사업|합계\n2021|12,753|33,331|46,084\n2022|81,574|51,217|132,791\n"
    "2023|46,093|32,179|78,272\n2024|55,121|41,233|96,354"
)


def test_tables_are_tied_whichever_way_they_lie() -> None:
    assert len(tied("가 현황", ONE, "나 현황", TURNED)) == 8
    found = confront("summary-detail", "가 현황", ONE, "나 현황", TURNED.replace("51,217", "51,271"))
    assert failed(found) == [("51,217", 51271, -54)]
    assert {(c.message.args["agreeing"], c.message.args["common"]) for c in found} == {(7, 8)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("연도별 투자계획", "연도별 집행실적"),
        ("당초 사업비", "변경 사업비"),
        ("Option A", "Option B"),
        ("1차 조사", "2차 조사"),
        ("2024년 1분기 현황", "2024년 2분기 현황"),
    ],
    ids=["plan and execution", "old and new", "alternatives", "first and second", "quarters"],
)
def test_other_states_of_one_thing_are_not_tied(before: str, after: str) -> None:
    assert tied(before, ONE, after, ONE.replace("81,574", "81,547")) == []


def test_a_quarter_is_a_quarter_however_it_is_written() -> None:
    one = "구분|'24.1Q|'24.2Q|'24.3Q\n금융|58.3|61.4|71.6\n제조|41.7|40.2|38.4"
    other = "분기|금융|제조\n2024년 1분기|58.3|41.7\n2024년 2/4분기|61.4|40.2\n2024 Q3|71.9|38.4"
    assert failed(confront("summary-detail", "동향", one, "통계", other))[0][0] == "71.6"


def test_a_table_in_another_unit_is_told_once() -> None:
    rows = "구분|2025|2026\n도로|3,215|4,118\n하천|1,947|2,036\n계|5,162|6,154"
    found = confront("summary-detail", "총괄 (단위: 백만원)", rows, "세부 (단위: 억원)", rows + "\n비고||")
    assert [(c.stated.text, c.message.code, c.verdict) for c in found] == [("6,154", "agree-unit", "fail")]


def test_what_only_a_part_of_the_other_says_is_no_tie() -> None:
    part = "과목|2021|2022\n인건비|12,753|14,118\n수당|3,118|3,204\n여비|4,025|4,310\n자문|9,917|9,126\n임차|8,253|8,114"
    whole = part.replace("12,753", "98,112").replace("14,118", "99,204").replace("4,025", "7,338").replace("4,310", "7,441")
    assert failed(confront("summary-detail", "교육과", part, "전체", whole.replace("8,114", "8,141"))) == []
