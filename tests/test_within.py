"""Execution stays within its budget: inside one table, and from a plan table to its execution table."""

from __future__ import annotations

from tests.confronting import brief, confront, failed

BUDGET = "구분|예산현액|지출액\n도로|10|9\n하천|20|25\n공원|30|30\n교량|40|40"
PLAN = "구분|2021|2022|2023|2024\n계|30|60|70|640\n국비|10|20|30|40\n군비|20|40|40|600"
SPENT = "구분|2021|2022|2023\n계|30|77|40\n국비|10|20|30\n군비|20|57|10"


def inside(*blocks: str) -> list[tuple[str, str, str]]:
    return brief(confront("execution-within-budget", *blocks))


def test_each_amount_is_held_against_the_limit_beside_it() -> None:
    assert inside("현황", BUDGET) == [
        ("9", "pass", "10"),
        ("25", "fail", "20"),
        ("30", "pass", "30"),
        ("40", "pass", "40"),
    ]
    assert failed(confront("execution-within-budget", "현황", BUDGET)) == [("25", 20, 5)]


def test_revenue_may_exceed_its_estimate() -> None:
    assert inside("세입 현황", BUDGET) == []


def test_where_much_exceeds_the_labels_were_misread() -> None:
    assert inside("현황", BUDGET.replace("10|9", "10|19")) == []


def test_rounding_in_another_unit_is_no_excess() -> None:
    text = "구분|예산현액(백만원)|지출액(천원)\n도로|10|9,000\n하천|20|20,600\n공원|30|30,400\n교량|40|40,000"
    assert [(stated, verdict) for stated, verdict, _ in inside("현황", text)] == [
        ("9,000", "pass"),
        ("20,600", "fail"),
        ("30,400", "rounding"),
        ("40,000", "pass"),
    ]


def test_sources_are_matched_by_source() -> None:
    text = "구분|예산액||지출액|\n|국비|군비|국비|군비\n도로|10|20|9|19\n하천|20|30|19|33\n공원|5|6|5|6"
    found = inside("현황", text)
    assert [(stated, limit) for stated, _, limit in found] == [
        *(("9", "10"), ("19", "20"), ("5", "5")),
        *(("19", "20"), ("33", "30"), ("6", "6")),
    ]
    assert [stated for stated, verdict, _ in found if verdict == "fail"] == ["33"]


def yearly(*blocks: str) -> list[tuple[str, str, str]]:
    return brief([c for c in confront("execution-within-plan", *blocks) if c.message.code == "within-exceeds"])


def test_an_execution_table_is_held_against_the_plan_by_year_and_source() -> None:
    found = yearly("투자계획", PLAN, "집행액", SPENT)
    assert found == [
        *(("30", "pass", "30"), ("77", "fail", "60"), ("40", "pass", "70")),
        *(("10", "pass", "10"), ("20", "pass", "20"), ("30", "pass", "30")),
        *(("20", "pass", "20"), ("57", "fail", "40"), ("10", "pass", "40")),
    ]


def test_running_totals_are_held_against_the_plan_so_far() -> None:
    found = [
        c for c in confront("execution-within-plan", "투자계획", PLAN, "집행액", SPENT) if c.message.code == "within-cumulative"
    ]
    assert [(c.stated.text, c.verdict, c.expected) for c in found if c.verdict == "fail"] == [
        ("77", "fail", 60),
        ("57", "fail", 40),
    ]
    assert len(found) == 6


def test_tables_of_other_rows_or_years_are_no_pair() -> None:
    assert yearly("투자계획", PLAN, "집행액", SPENT + "\n도비|1|2|3") == []
    assert yearly("투자계획", PLAN, "집행액", SPENT.replace("2021|2022|2023", "2031|2032|2033")) == []
    assert yearly("집행액", SPENT, "투자계획", PLAN) == []
