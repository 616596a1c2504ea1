"""What a label says only beside the others: quotients, attributes of rows, wholes, what is taken away."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetaudit.labels.labelling import Table, label
from budgetaudit.vocabulary import load
from tests.grids import document

WORDS = load(("korean", "english", "german", "french", "spanish"))


def table(text: str) -> Table:
    return label(document(text), WORDS)[0]


def measures(made: Table) -> list[str]:
    return [line.measure for line in made.rows]


def test_hardware_is_no_quotient() -> None:
    made = table(
        "구분 | 2025 | 2026\nH/W 구입 | 1,200 | 1,300\n개발비(S/W) | 2,150 | 2,400\nA/S | 310 | 290\n합계 | 3,660 | 3,990"
    )
    assert measures(made) == ["", "", "", ""]


def test_letters_divide_where_other_labels_define_both() -> None:
    made = table("구분 | 1안 | 2안\n총편익(B, 백만원) | 15,000 | 18,900\n총비용(C, 백만원) | 12,000 | 15,120\nB/C | 1.25 | 1.25")
    assert measures(made) == ["", "", "rate"]


def test_an_attribute_beside_a_name_is_no_measure() -> None:
    rows = "Roads | Growth | 1,820 | 1,460\nParks | Share | 2,650 | 2,115\nQuay | Rate | 900 | 700"
    made = table(f"Project | Strategy | Budget | Spent\n{rows}")
    assert measures(made) == ["", "", ""]


def test_a_cost_as_large_as_the_others_is_no_number_of_people() -> None:
    made = table("Cost | 2025 | 2026\nStaff | 5,120 | 5,390\nTraining | 240 | 255\nSupplies | 1,310 | 1,365")
    assert measures(made) == ["", "", ""]
    made = table("구분 | 2025 | 2026\n사업비 | 5,120 | 5,390\n운영비 | 8,240 | 8,255\n인원 | 12 | 13")
    assert measures(made)[-1] == "count"


def test_the_rows_tell_the_measures_apart_where_they_all_do() -> None:
    made = table("구분 | 2025 | 2026\n예산액 | 100 | 200\n집행액 | 95 | 150\n집행률 | 95 | 75")
    assert measures(made) == ["budget", "execution", "execution_rate"]


def test_the_amount_of_a_whole_closes_its_parts() -> None:
    made = table("항목 | 2025년 | 2026년\n설계비 | 1,240 | 860\n공사비 | 18,350 | 21,475\n총사업비 | 19,590 | 22,335")
    assert [line.total for line in made.rows] == ["", "", "total"]
    made = table("부서 | 2025년 | 2026년\n총무과 | 1,240 | 860\n세무과 | 18,350 | 21,475\n기획과 | 19,590 | 22,335")
    assert not any(line.total for line in made.rows)


@pytest.mark.parametrize(
    "text", ["사업비 계", "예산액  계", "소계(1+2)", "= Ordentliche Erträge", "Total_Project_Budget", "TotalBudget"]
)
def test_words_that_make_a_total(text: str) -> None:
    assert WORDS.label(text).total


@pytest.mark.parametrize("text", ["회 계", "총무과", "H/W", "Federal_Share", "+ Zuwendungen"])
def test_words_that_make_none(text: str) -> None:
    assert not WORDS.label(text).total


def test_what_is_taken_away_and_printed_without_a_sign() -> None:
    made = table("Item | 2025 | 2026\nCosts | 900 | 800\nFees | 50 | 40\nLess: grants | 300 | 200\nTotal | 650 | 640")
    assert [made.figures[(3, column)].value for column in (1, 2)] == [Decimal(-300), Decimal(-200)]
    made = table("Item | 2025 | 2026\nCosts | 900 | 800\nLess: developed areas | 300 | 200\nTotal | 1,200 | 1,000")
    assert made.figures[(2, 1)].value == Decimal(300)


def test_hyphens_behind_numbers_are_signs_unless_totals_say_otherwise() -> None:
    made = table("Account | 2025\nIncome | 8,150\nCorrections | 1,275-\nInterest | 365\nSum | 7,240")
    assert made.figures[(2, 1)].value == Decimal(-1275)
    made = table("Account | 2025\nIncome | 8,150\nCorrections | 1,275-\nInterest | 365\nSum | 9,790")
    assert made.figures[(2, 1)].value == Decimal(1275)
    made = table("Account | 2025\nSum | 9,790\nIncome | 8,150\nCorrections | 1,275-\nInterest | 365")
    assert made.figures[(3, 1)].value == Decimal(1275)


def test_a_sign_of_a_currency_does_not_undo_the_multiplier_of_its_table() -> None:
    made = table("(in thousands of dollars)\nItem | 2025\nRoads | $ 1,200\nParks | 800\nTotal | $ 2,000")
    assert {figure.unit.scale for figure in made.figures.values() if figure.unit} == {Decimal(1000)}


def test_points_group_thousands_where_columns_say_so() -> None:
    made = table("Produkt | 2025 | 2026\nBäder | 2.140 | 2.215\nMärkte | 365 | 410\nParks | 1.280 | 1.305\nSumme | 3.785 | 3.930")
    assert made.figures[(1, 1)].value == Decimal(2140)
    made = table("Item | Count | Ratio\nA | 340 | 1.471\nB | 500 | 1.250\nC | 410 | 1.105")
    assert made.figures[(1, 2)].value == Decimal("1.471")


def test_other_rates_do_not_make_a_rate_an_amount() -> None:
    rows = "2001 | 889 | 204 | 685\n2002 | 910 | 210 | 700\nGrowth | 2.4 | 2.9 | 2.2\nPercent change | 24.8 | 30.1 | 22.5"
    made = table(f"Year | Total | Land | Water\n{rows}")
    assert [line.measure for line in made.rows[2:]] == ["change_rate", "change_rate"]
