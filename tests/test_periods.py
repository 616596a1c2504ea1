"""The years that labels and sentences print; ranges, ordinals and longer numbers are no year."""

from __future__ import annotations

import pytest

from budgetaudit.periods import century, leading_year, trailing_year, without_era, years_in
from budgetaudit.vocabulary import load

WORDS = load().periods
SUFFIXES, PREFIXES = WORDS["year_suffixes"], WORDS["year_prefixes"]


@pytest.mark.parametrize(
    ("label", "year", "rest"),
    [
        ("2022", 2022, ""),
        ("'22", 2022, ""),
        ("‘25년", 2025, ""),
        ("’21 예산", 2021, "예산"),
        ("22년 예산", 2022, "예산"),
        ("2021년도", 2021, ""),
        ("2018회계연도", 2018, ""),
        ("(2022)", 2022, ""),
        ("2022년(계획)", 2022, "계획"),
        ("2027 이후", 2027, "이후"),
        ("2025 본예산(A)", 2025, "본예산(A)"),
        ("FY2014", 2014, ""),
        ("FY15-16", 2015, ""),
        ("2013-14", 2013, ""),
        ("2019-20 budget", 2019, "budget"),
        ("1999-00", 1999, ""),
        ("'70", 1970, ""),
        ("'69", 2069, ""),
    ],
)
def test_a_label_that_begins_with_a_year(label: str, year: int, rest: str) -> None:
    assert leading_year(label, SUFFIXES, PREFIXES) == (year, rest)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "’22~‘26년",
        "2023~2026",
        "2022-2026",
        "2026~",
        "’23년~’25년",
        "제2회 추경",
        "1,2022",
        "20220",
        "2022.5",
        "2022,500",
        "3년",
        "70",
    ],
)
def test_a_range_an_ordinal_or_a_number_is_no_year(label: str) -> None:
    assert leading_year(label, SUFFIXES, PREFIXES) is None


def test_two_digits_are_a_year_only_before_a_word_for_years() -> None:
    assert leading_year("22년", ("년",)) == (2022, "")
    assert leading_year("22개", ("년",)) is None


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Budget 2013", (2013, "Budget")),
        ("Rechnung '11", (2011, "Rechnung")),
        ("Budget 2012 2013", None),
        ("2013", None),
        ("예산2013", None),
        ("Budget 20133", None),
    ],
)
def test_a_label_that_ends_with_a_year(label: str, found: tuple[int, str] | None) -> None:
    assert trailing_year(label) == found


def test_two_digits_belong_to_the_nearer_century() -> None:
    assert [century(text) for text in ("00", "69", "70", "99", "1987")] == [2000, 2069, 1970, 1999, 1987]


def test_every_year_of_a_text_in_order() -> None:
    assert years_in("’23년~’25년, 2021. 12. 31. 기준, 12022 and 20220") == (2023, 2025, 2021)
    assert years_in("1,998,000") == ()


def test_years_of_an_era_are_counted_as_others_are() -> None:
    eras = {"令和": 2018, "令和元": 2019, "R": 2018}
    assert without_era("令和6年度予算額", eras, ("年度", "年")) == "2024年度予算額"
    assert without_era("令和元年度", eras, ("年度", "年")) == "2019年度"
    assert without_era("R6年度", eras, ("年度", "年")) == "2024年度"
    assert without_era("R6", eras, ("年度", "年")) == "R6"
