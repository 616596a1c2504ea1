"""What printed labels mean, in Korean and English; words of the user's own come first."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from budgetaudit.label_text import normal, squeeze
from budgetaudit.rulefiles.vocabulary_file import check
from budgetaudit.vocabulary import load, merge

WORDS = load()
OWN = """\
language: xx
totals: [Summa]
dimensions:
  source:
    private: [시비, Eigenmittel]
units:
  money: {Batzen: 10}
"""


@pytest.mark.parametrize(
    ("text", "total"),
    [
        *(
            (text, "total")
            for text in ("합계", "합  계", "계", "총계", "계(7개 분야)", "합계(A+B+C)", "Total", "Grand total", "total roads")
        ),
        *((text, "subtotal") for text in ("소계", "소  계", "소계 (7지구)", "도로 소  계", "시설비(합계)", "Subtotal")),
        *((text, "") for text in ("회계", "합계금", "총사업비", "도로", "", "totality")),
    ],
)
def test_totals_and_subtotals(text: str, total: str) -> None:
    assert WORDS.label(text).total == total


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("german", "Zwischensumme Bildung"),
        ("french", "Sous-total personnel"),
        ("portuguese", "Total parcial corrente"),
        ("english", "Sub-total: roads"),
    ],
)
def test_a_word_for_a_subtotal_before_a_name(language: str, text: str) -> None:
    assert load((language,)).label(text).total == "subtotal"


@pytest.mark.parametrize(
    ("text", "dimension", "member"),
    [
        ("국비", "source", "national"),
        ("국 비", "source", "national"),
        ("○ 국비", "source", "national"),
        ("시도비", "source", "provincial"),
        ("군비", "source", "local"),
        ("기투자", "year", "prior"),
        ("2022년", "year", "2022"),
        ("2025 본예산(A)", "year", "2025"),
        ("'22", "year", "2022"),
        ("2027 이후", "year", "later"),
        ("'18~'20", "", ""),
        ("사업비", "", ""),
    ],
)
def test_members_of_dimensions(text: str, dimension: str, member: str) -> None:
    label = WORDS.label(text)
    assert (label.dimension, label.member) == (dimension, member)


@pytest.mark.parametrize(
    ("text", "year", "measure"),
    [
        ("2022년 계획", 2022, "plan"),
        ("2023년 집행액", 2023, "execution"),
        ("Budget 2012", 2012, "budget"),
        ("2025 본예산(A)", 2025, "budget"),
        ("예산현액(A)", None, "current_budget"),
        ("지출액㉯", None, "execution"),
        ("집행 잔액(A-B)", None, "balance"),
        ("집행률(B/A)", None, "execution_rate"),
        ("시설비집행률", None, "execution_rate"),
        ("증  △  감", None, "change"),
        ("B/A", None, ""),
        ("도로", None, ""),
    ],
)
def test_years_and_measures(text: str, year: int | None, measure: str) -> None:
    label = WORDS.label(text)
    assert (label.year, label.measure) == (year, measure)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("소계 (7지구)", "소계"),
        ("지출액㉯", "지출액"),
        ("㉰=㉮-㉯", "㉰=㉮-㉯"),
        ("집행 잔액(A-B)", "집행잔액"),
        ("□ 사업비 계", "사업비계"),
        ("신청사업비(백만원)", "신청사업비"),
        ("a (b [c] d) e", "ae"),
        ("예산현액 A+B-C", "예산현액"),
    ],
)
def test_a_key_is_the_label_without_remarks_and_formulas(text: str, key: str) -> None:
    assert WORDS.label(text).key == key


def test_a_key_of_many_open_brackets_is_made_at_once() -> None:
    assert normal("(" * 50_000 + "x") == "(" * 50_000 + "x"


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("총사업비(백만원)", "백만원"),
        ("비율(%)", "%"),
        ("인구 [명]", "명"),
        ("금액(단위: 천 원)", "천원"),
        ("사업비(A)", None),
        ("사업비", None),
    ],
)
def test_a_unit_in_brackets(text: str, symbol: str | None) -> None:
    unit = WORDS.units.in_brackets(text)
    assert (unit and unit.symbol) == symbol
    assert WORDS.label(text).unit == unit


def test_what_is_no_amount_at_all() -> None:
    assert {text for text in ("연번", "코드", "사업", "도로") if WORDS.label(text).identifier} == {"연번", "코드"}
    assert {text for text in ("평균", "계") if WORDS.label(text).average} == {"평균"}
    assert {text for text in ("그 중", "중", "도로") if WORDS.label(text).of_which} == {"그 중", "중"}


def test_a_label_may_be_given_its_coordinates() -> None:
    words = WORDS.with_columns([("도 로", [("measure", "execution"), ("year", "2022")]), ("몫", [("source", "total")])])
    label = words.label("도로")
    assert (label.dimension, label.member, label.year, label.measure) == ("year", "2022", 2022, "execution")
    assert (words.label("몫").total, words.label("몫").dimension) == ("total", "")
    assert WORDS.label("도로").measure == ""


def test_of_two_meanings_the_first_wins() -> None:
    first = {"dimensions": {"source": {"national": ["가"]}}, "units": {"money": {"x": "1"}}}
    second = {"dimensions": {"measure": {"plan": ["가", "나"]}}, "units": {"money": {"X": "1000"}}, "totals": ["다 라"]}
    words = merge([first, second])
    assert (words.label("가").dimension, words.label("가").member) == ("source", "national")
    assert words.label("나").measure == "plan"
    assert words.label("다라").total == "total"
    unit = words.units.find("X")
    assert unit is not None
    assert unit.scale == 1


def test_a_file_of_the_users_own_goes_before_the_shipped_words(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    assert check(path, "own.yaml") == ()
    words = load((str(path), "korean"))
    assert words.label("시비").member == "private"
    assert words.label("국비").member == "national"
    assert words.label("Summa").total == "total"
    unit = words.units.find("batzen")
    assert unit is not None
    assert unit.scale == Decimal(10)
    assert load().label("시비").member == "local"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("totals:", "total:", 2), ("10", "ten", 7), ("Eigenmittel]", "Eigenmittel]\n    own: [Eigen mittel]", 6)],
)
def test_a_fault_in_a_vocabulary_file_has_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    assert [fault.line for fault in check(path, "own.yaml")] == [line]


@pytest.mark.parametrize("name", ["korean", "english"])
def test_a_shipped_vocabulary_has_no_fault(name: str) -> None:
    path = Path(__file__).parent.parent / "rules" / "vocabulary" / f"{name}.yaml"
    assert check(path, path.name) == ()


def test_a_squeezed_label_has_no_blanks() -> None:
    assert squeeze(" 합 \t 계\n") == "합계"


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("2023까지", "prior"),
        ("2022년말까지", "prior"),
        ("~ 2023", "prior"),
        ("2027~", "later"),
        ("2027년부터", "later"),
        ("2024", "2024"),
    ],
)
def test_years_that_are_open_at_one_end(text: str, member: str) -> None:
    label = load(("korean",)).label(text)
    assert (label.dimension, label.member) == ("year", member)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Percent change, 1990–2008", "change_rate"),
        ("증감률 2010~2015", "change_rate"),
        ("Capital plan 2010/11", "plan"),
        ("Roads 2010-2012", ""),
    ],
)
def test_years_behind_a_label_leave_its_measure(text: str, measure: str) -> None:
    assert WORDS.label(text).measure == measure
