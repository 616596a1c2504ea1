"""Formulas in documents: what names mean, sums along dimensions, years, and when the figures confirm a reading."""

from __future__ import annotations

import pytest

from budgetaudit import pipeline as audit
from budgetaudit import vocabulary
from budgetaudit.authoring.cases import Case, document
from budgetaudit.kinds.options import ChangeOptions, FormulaOptions, RateOptions, SumOptions, WithinOptions
from budgetaudit.labels.labelling import Label, Line
from budgetaudit.labels.naming import chooses, members_only
from budgetaudit.rulefiles.expressions import choose, dispensed, names, rename, summed
from budgetaudit.rulefiles.formula_parser import parse, parse_check
from budgetaudit.rulefiles.rule import Column, Identifier, KindName, Member, Rule, RuleSet, Selector, Where

EVERYWHERE = Where()
SETTLEMENT = "first(current_budget, budget) - execution - first(carry_over, 0) = balance"


def compared(
    table: str, options: object, *, kind: str = "formula", where: Where = EVERYWHERE, columns: tuple[Column, ...] = ()
) -> audit.Result:
    rule = Rule(Identifier("r"), KindName(kind), {"ko": "가", "en": "a"}, options=options, where=where)  # type: ignore[arg-type]
    ruleset = RuleSet((rule,), ("korean", "english"), columns)
    return audit.audit_document(document(Case(table=table)), ruleset, audit.vocabulary_of(ruleset))


def checked(table: str, check: str, **more: object) -> list[tuple[str, str]]:
    """(cell, verdict) of each comparison."""
    result = compared(table, FormulaOptions(parse_check(check)), **more)  # type: ignore[arg-type]
    return [(comparison.stated.place.cell or "", comparison.verdict) for comparison in result.comparisons]


# --- names -------------------------------------------------------------------------------------

YEARS = """
(단위: 원)
구분 | 2022 | 2023 | 2024
예산액 | 100 | 110 | 125
집행액 | 90 | 100 | 119
누계 | 90 | 190 | 309
"""


@pytest.mark.parametrize(
    ("check", "verdicts"),
    [
        ("누계 = cum(집행액)", ["pass", "pass", "pass"]),
        ("누계 = cum(예산액)", ["fail", "fail", "fail"]),
        ("예산액 >= prev(예산액) + 10", ["not_evaluated", "pass", "pass"]),
        ("예산액 > prev(prev(예산액)) + 25", ["not_evaluated", "not_evaluated", "fail"]),
        ("집행액 <= 예산액", ["pass", "pass", "pass"]),
        ("집행액 < 예산액 - 10", ["fail", "fail", "fail"]),
        ("집행액 != 100", ["pass", "fail", "pass"]),
        ("max(예산액, 집행액) = 예산액", ["pass", "pass", "pass"]),
    ],
)
def test_years_in_a_row(check: str, verdicts: list[str]) -> None:
    assert [verdict for _, verdict in checked(YEARS, check)] == verdicts


def test_what_was_spent_before_the_first_year_counts() -> None:
    table = "구분 | 기투자 | 2023 | 2024\n사업비 | 500 | 110 | 125\n누적 | 500 | 610 | 735"
    assert checked(table, "누적 = cum(사업비)")[1:] == [("C3", "pass"), ("D3", "pass")]


def test_a_missing_year_has_no_running_total() -> None:
    table = "구분 | 2021 | 2023\n사업비 | 110 | 125\n누적 | 110 | 235"
    assert [verdict for _, verdict in checked(table, "누적 = cum(사업비)")] == ["pass", "not_evaluated"]


SOURCES = """
(단위: 원)
사업 | 총사업비 | 국비 | 도비 | 시비 | 군비
도로 | 1,350 | 500 | 200 | 300 | 350
하천 | 2,104 | 1,000 | 500 | 304 | 300
"""


@pytest.mark.parametrize(
    ("check", "verdicts"),
    [
        ("총사업비 = sum(source)", ["pass", "pass"]),
        ("총사업비 = 국비 + 도비 + 시비 + 군비", ["pass", "pass"]),
        ("총사업비 = national + provincial + local", ["pass", "pass"]),
        ("총사업비 = national + provincial", ["fail", "fail"]),
        ("sum(국비, 도비) = 총사업비 - sum(시비, 군비)", ["pass", "pass"]),
        ("국비 >= 30% × 총사업비", ["pass", "pass"]),
    ],
)
def test_parts_along_a_dimension(check: str, verdicts: list[str]) -> None:
    assert [verdict for _, verdict in checked(SOURCES, check) if verdict != "not_evaluated"] == (
        verdicts if "fail" not in verdicts else []
    )


def test_a_column_may_have_the_name_of_a_dimension() -> None:
    assert checked("item | source | total cost\na | 5 | 5\nb | 7 | 7", "total cost = sum(source)") == [
        ("C2", "pass"),
        ("C3", "pass"),
    ]


def test_a_formula_applies_under_every_heading() -> None:
    table = """
(단위: 원)
과목 | 2023 | 2023 | 2023 | 2024 | 2024 | 2024
과목 | 예산 | 지출 | 남은 돈 | 예산 | 지출 | 남은 돈
도로 | 500 | 430 | 70 | 600 | 450 | 150
하천 | 380 | 310 | 70 | 390 | 330 | 61
"""
    assert checked(table, "예산 - 지출 = 남은 돈") == [("D3", "pass"), ("D4", "pass"), ("G3", "pass"), ("G4", "fail")]


def test_rows_are_named_like_columns() -> None:
    assert checked("(단위: 원)\n구분 | 본청 | 의회\n예산 | 500 | 90\n지출 | 430 | 80\n잔고 | 70 | 11", "예산 - 지출 = 잔고") == [
        ("B4", "pass"),
        ("C4", "fail"),
    ]


def test_units_are_brought_together() -> None:
    table = """
사업 | 국비(백만원) | 시비(천원) | 사업비(백만원)
도로 | 1,200 | 800,000 | 2,000
하천 | 310 | 90,000 | 410
"""
    assert checked(table, "국비 + 시비 = 사업비") == [("D2", "pass"), ("D3", "fail")]


# --- what the figures confirm --------------------------------------------------------------------

HEAD = "(단위: 원)\n과목 | 예산현액 | 지출액 | 이월액 | 불용액\n"
RIGHT = "도로 | 44,000 | 33,815 | 10,000 | 185\n하천 | 14,500 | 13,902 | 200 | 398\n공원 | 98,700 | 60,125 | 30,000 | 8,575\n"


def test_a_reading_that_holds_elsewhere_makes_an_error() -> None:
    result = compared(HEAD + RIGHT + "광장 | 5,310 | 5,105 | 100 | 501\n", FormulaOptions(parse_check(SETTLEMENT)))
    [wrong] = [comparison for comparison in result.comparisons if comparison.verdict == "fail"]
    assert (wrong.stated.place.cell, wrong.expected, wrong.severity) == ("E5", 105, "error")


def test_a_reading_that_holds_nowhere_says_so_once() -> None:
    wrong = (
        "도로 | 44,000 | 33,815 | 10,000 | 91,815\n하천 | 14,500 | 13,902 | 200 | 28,602\n공원 | 98,700 | 60,125 | 30,000 | 7\n"
    )
    assert [verdict for _, verdict in checked(HEAD + wrong, SETTLEMENT)] == ["not_evaluated"]


def test_a_lone_row_is_judged_only_if_a_slip_explains_it() -> None:
    assert [v for _, v in checked(HEAD + "도로 | 44,000 | 33,815 | 9,000 | 7,402\n", SETTLEMENT)] == ["not_evaluated"]
    assert [v for _, v in checked(HEAD + "도로 | 44,000 | 33,815 | 9,000 | 1,158\n", SETTLEMENT)] == ["fail"]


def test_a_lone_row_of_an_auditors_own_columns_is_always_judged() -> None:
    row = "도로 | 44,000 | 33,815 | 9,000 | 7,402\n"
    assert checked(HEAD + row, "예산현액 - 지출액 - 이월액 = 불용액") == [("E2", "fail")]


def test_of_several_columns_of_one_meaning_the_one_that_balances_is_meant() -> None:
    table = """
(단위: 원)
과목 | 당초예산액 | 최종예산액 | 지출액 | 잔액
도로 | 40,000 | 44,000 | 33,815 | 10,185
하천 | 14,000 | 14,500 | 13,902 | 598
"""
    assert checked(table, "budget - execution = balance") == [("E2", "pass"), ("E3", "pass")]


def test_terms_a_formula_can_do_without_may_be_for_information_only() -> None:
    table = """
(단위: 원)
과목 | 예산현액 | 지출액 | 이월액 | 잔액
도로 | 44,000 | 33,815 | 10,000 | 10,185
하천 | 14,500 | 13,902 | 200 | 598
"""
    assert checked(table, SETTLEMENT) == [("E2", "pass"), ("E3", "pass")]


def test_a_formula_over_members_that_no_table_has_is_no_error() -> None:
    assert compared("사업 | 금액\n도로 | 5", FormulaOptions(parse_check(SETTLEMENT))).unmatched == {}
    unmatched = compared("사업 | 금액\n도로 | 5", FormulaOptions(parse_check("금액 = 합계액"))).unmatched
    assert "금액" in unmatched["r"]


# --- options of the other kinds ------------------------------------------------------------------


def verdicts(result: audit.Result) -> list[tuple[str, str]]:
    return [(comparison.stated.place.cell or "", comparison.verdict) for comparison in result.comparisons]


def test_a_sum_with_its_own_total() -> None:
    table = """
(단위: 원)
사업 | 총사업비 | 국비 | 지방비 | 도비 | 시비
도로 | 900 | 400 | 500 | 200 | 300
하천 | 1,450 | 600 | 850 | 350 | 500
공원 | 2,040 | 1,000 | 1,040 | 420 | 610
"""
    options = SumOptions(along="source", total=Member("regional"), parts=(Member("provincial"), Member("local")))  # type: ignore[arg-type]
    assert verdicts(compared(table, options, kind="sum")) == [("D2", "pass"), ("D3", "pass"), ("D4", "fail")]


def test_a_change_between_named_columns() -> None:
    table = """
(단위: 원)
과목 | 요구액 | 조정액 | 전년도예산 | 증감
도로 | 900 | 800 | 700 | 100
하천 | 600 | 510 | 400 | 110
공원 | 455 | 440 | 400 | 40
"""
    named = ChangeOptions(Selector(label="증감"), Selector(label="조정액"), Selector(label="전년도예산"))
    other = ChangeOptions(Selector(label="증감"), Selector(label="요구액"), Selector(label="전년도예산"))
    assert verdicts(compared(table, named, kind="change")) == [("E2", "pass"), ("E3", "pass"), ("E4", "pass")]
    assert "pass" not in dict(verdicts(compared(table, other, kind="change"))).values()


def test_a_limit_named_by_its_column() -> None:
    table = "(단위: 원)\n과목 | 한도 | 사용\n도로 | 900 | 800\n하천 | 600 | 610\n"
    options = WithinOptions(Selector(label="사용"), Selector(label="한도"))
    assert verdicts(compared(table, options, kind="within")) == [("C2", "pass"), ("C3", "fail")]


def test_a_rate_between_named_columns() -> None:
    table = """
(단위: 원)
과목 | 요구 | 배정 | 쓴 돈 | 비율(%)
도로 | 1,000 | 900 | 810 | 90.0
하천 | 800 | 640 | 480 | 75.0
공원 | 500 | 320 | 280 | 87.5
"""
    options = RateOptions(Selector(label="비율"), Selector(label="쓴 돈"), Selector(label="배정"))
    assert [verdict for _, verdict in verdicts(compared(table, options, kind="rate"))] == ["pass", "pass", "pass"]


def test_only_the_columns_asked_for_are_judged() -> None:
    table = "(단위: 원)\n구분 | 2023 | 2024\n예산 | 500 | 600\n지출 | 430 | 450\n잔고 | 71 | 151\n"
    assert checked(table, "예산 - 지출 = 잔고", where=Where(column=("2024*",))) == [("C4", "fail")]


def test_columns_with_coordinates_of_their_own() -> None:
    columns = (
        Column("AA", (("source", "total"), ("measure", "budget"))),
        Column("BB", (("source", "national"),)),
        Column("CC", (("source", "local"),)),
    )
    table = "(단위: 원)\n사업 | AA | BB | CC\n도로 | 900 | 400 | 500\n하천 | 601 | 100 | 500\n"
    assert checked(table, "total = sum(source)", columns=columns) == [("B2", "pass"), ("B3", "fail")]
    assert checked(table, "total = sum(source)") == []


# --- expressions and selectors -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "text"),
    [
        ({"a", "b", "c"}, "a - c"),
        ({"b"}, "b"),
        ({"b", "d"}, "b - d"),
        ((), "b"),
    ],
)
def test_first_is_chosen_from_what_is_present(present: set[str], text: str) -> None:
    assert str(choose(parse("first(a, b) - first(c, d, 0)"), present)) == text


def test_what_a_formula_does_without() -> None:
    check = parse_check("first(a, b) - first(c, 0) = d")
    assert not dispensed(check, {"b", "c"})
    assert dispensed(check, {"a", "b"})


def test_dimensions_a_formula_may_sum_along() -> None:
    assert summed(parse("sum(source) + sum(a, b) + max(year, c)")) == {"source"}


def test_names_in_the_words_of_a_table() -> None:
    check = rename(parse("a - max(b, -c) * if(a > 0, 1, 2)"), {"a": parse("가 + 나"), "c": parse("다")})
    assert names(check) == ("가", "나", "b", "다")


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        (Selector(label="집행 잔액"), True),
        (Selector(label="잔액"), False),
        (Selector((("measure", ("balance", "plan")),)), True),
        (Selector((("measure", ("balance",)), ("source", ("local",)))), False),
        (Selector(), False),
    ],
)
def test_selectors(selector: Selector, chosen: bool) -> None:
    label = vocabulary.load().label("집행잔액(A-B)")
    line = Line(1, (Label("2024", "2024"), label), "2024 집행잔액(A-B)", measure=label.measure)
    assert chooses(selector, line) == chosen


def test_formulas_of_meanings_only() -> None:
    words = vocabulary.load()
    assert members_only(parse_check(SETTLEMENT), words)
    assert members_only(parse_check("total = sum(source)"), words)
    assert not members_only(parse_check("예산액 - execution = balance"), words)


def test_a_total_without_any_part_states_nothing() -> None:
    """The row of totals has no parts below it; the column of totals has."""
    table = """
        구분 | 계 | 국비 | 시비
        도서관 | 30 | 10 | 20
        공원 | 50 | 20 | 30
        합계 | 80 | 30 | 50
        """
    assert checked(table, "total = first(national, 0) + first(local, 0)") == [("B2", "pass"), ("B3", "pass"), ("B4", "pass")]
