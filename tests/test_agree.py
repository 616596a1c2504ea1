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
        ("현황", CAPTION, DETAIL.replace("계|8,331|5,120", "계|8,361|5,150")),
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
