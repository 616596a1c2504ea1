"""Printed numbers are read exactly: sign, digits, decimals, unit, and what is odd about them."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from budgetaudit.amounts import parse, parse_compound, read_digits
from budgetaudit.labels.notation import dotted, dotted_rows, step
from budgetaudit.units import Units
from budgetaudit.vocabulary import load

UNITS = load().units

# text → value, decimals, unit, flags (s signed, b bracketed, d dash, m malformed, g grouped)
NUMBERS = {
    "0": ("0", 0, None, ""),
    "007": ("7", 0, None, ""),
    "1,234,567": ("1234567", 0, None, "g"),
    "61,751.5": ("61751.5", 1, None, "g"),
    "38.643": ("38.643", 3, None, ""),
    "+5.4": ("5.4", 1, None, "s"),
    # negatives
    "△1,802": ("-1802", 0, None, "sg"),
    "△ 62,937,790": ("-62937790", 0, None, "sg"),
    "▲240,000": ("-240000", 0, None, "sg"),
    "▵5": ("-5", 0, None, "s"),
    "▴5": ("-5", 0, None, "s"),
    "∆5": ("-5", 0, None, "s"),
    "-14,281": ("-14281", 0, None, "sg"),
    "−14,281": ("-14281", 0, None, "sg"),
    "–2.9%": ("-2.9", 1, "%", "s"),
    "－3": ("-3", 0, None, "s"),
    "- 2,308": ("-2308", 0, None, "sg"),
    # brackets: whether they mean a negative is for the table to say
    "(33)": ("33", 0, None, "b"),
    "（33）": ("33", 0, None, "b"),
    "(2,596,500,000)": ("2596500000", 0, None, "bg"),
    "(17.0)": ("17.0", 1, None, "b"),
    "(△7.0)": ("-7.0", 1, None, "sb"),
    "△(7.0)": ("-7.0", 1, None, "sb"),
    "(-5)": ("-5", 0, None, "sb"),
    "[12]": ("12", 0, None, ""),
    # units
    "25,500천원": ("25500", 0, "천원", "g"),
    "2,000백만 원": ("2000", 0, "백만원", "g"),
    "100백만 원": ("100", 0, "백만원", ""),
    "1조 원": ("1", 0, "조원", ""),
    "43,539억원": ("43539", 0, "억원", "g"),
    "12.5억원": ("12.5", 1, "억원", ""),
    "△1억원": ("-1", 0, "억원", "s"),
    "5.405%": ("5.405", 3, "%", ""),
    "66개": ("66", 0, "개", ""),
    "-486,000.00€": ("-486000.00", 2, "€", "sg"),
    "₩3,000": ("3000", 0, "₩", "g"),
    # compound amounts are in the base unit, stated to the smallest word written
    "6,396억 3천9백만원": ("639639000000", -6, "원", "g"),
    "4조67억원": ("4006700000000", -8, "원", "g"),
    "39억5천3백67만2천원": ("3953672000", -3, "원", "g"),
    "-1억 2천만원": ("-120000000", -7, "원", "sg"),
    # a large multiplier word alone means money; words and codes before an amount
    "3억": ("300000000", -8, "원", "g"),
    "3.5억": ("350000000.0", -7, "원", "g"),
    "1조2,345억": ("1234500000000", -8, "원", "g"),
    "금1,000,000원": ("1000000", 0, "원", "g"),
    "일금 5천만원": ("5", 0, "천만원", ""),
    "금5,000원정": ("5000", 0, "원정", "g"),
    "USD 100": ("100", 0, "usd", ""),
    "US$1,000": ("1000", 0, "us$", "g"),
    "CHF 1'234": ("1234", 0, "chf", "g"),
    "(3)%": ("3", 0, "%", "b"),
    # accounting systems print a credit with the minus behind; footnote marks are no part of a number
    "580,310.00-": ("-580310.00", 2, None, "sg"),
    "1.234,56-": ("-1234.56", 2, None, "sg"),
    "1,234*": ("1234", 0, None, "g"),
    "1,234 1)": ("1234", 0, None, "g"),
    "△1,234²⁾": ("-1234", 0, None, "sg"),
    # dashes are zeros
    "(-)": ("0", 0, None, "d"),
    "-": ("0", 0, None, "d"),
    " - ": ("0", 0, None, "d"),
    "–": ("0", 0, None, "d"),
    "ㅡ": ("0", 0, None, "d"),
    "--": ("0", 0, None, "d"),
    # malformed, and read as the digits they show
    "35,498,8000": ("354988000", 0, None, "mg"),
    "2 8,029,500,000": ("28029500000", 0, None, "mg"),
    "7 ,860,000,000": ("7860000000", 0, None, "mg"),
    "9,327-": ("9327", 0, None, "mg"),
    "1,000,00": ("100000", 0, None, "mg"),
    # other countries' ways of grouping
    "2 473": ("2473", 0, None, "g"),
    "1 234 567,89": ("1234567.89", 2, None, "g"),
    "1'234'567": ("1234567", 0, None, "g"),
    "1’234’567": ("1234567", 0, None, "g"),
    "99,6": ("99.6", 1, None, ""),
    "1.234,56": ("1234.56", 2, None, "g"),
    "1.234.567": ("1234567", 0, None, "g"),
}
FLAGS = {"s": "signed", "b": "bracketed", "d": "dash", "m": "malformed", "g": "grouped"}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_as_printed(text: str) -> None:
    value, places, unit, flags = NUMBERS[text]
    amount = parse(text, UNITS)
    assert amount is not None
    assert (str(amount.value), amount.places) == (value, places)
    assert (amount.unit.symbol if amount.unit else None) == unit
    assert {name for name in FLAGS.values() if getattr(amount, name)} == {FLAGS[flag] for flag in flags}


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "N/A", "xxxxxxxxx", "△", "()", "(x)", "%"),
        *("2021. 12. 31.", "2018.03.01", "2018.03.01 ~ 2019.02.28", "2022년 3월", "'22", "12:30", "10~20", "3/4"),
        *("제2회", "제1기", "1.", "1)", "가."),
        *(
            "41(26)",
            "5 6",
            "1,234 5",
            "(1,234",
            "1,234)",
            "1e5",
            "½",
            "300천",
            "1억2천",
            "5천",
            "ABC 100",
            "2024 12)x",
            "10억원 12",
        ),
    ],
)
def test_what_is_no_single_number_is_none(text: str) -> None:
    assert parse(text, UNITS) is None


def test_the_step_is_the_last_place_printed() -> None:
    steps = {text: parse(text, UNITS).step for text in ("12", "1.50", "6,396억 3천9백만원")}  # type: ignore[union-attr]
    assert steps == {"12": Decimal(1), "1.50": Decimal("0.01"), "6,396억 3천9백만원": Decimal(1_000_000)}


def test_units_are_worth_what_their_words_say() -> None:
    worth = {text: (a := parse(text, UNITS)).value * a.unit.scale for text in ("25,500천원", "100백만 원", "57억원", "1조 원")}  # type: ignore[union-attr,operator]
    assert worth == {"25,500천원": 25_500_000, "100백만 원": 100_000_000, "57억원": 5_700_000_000, "1조 원": 10**12}


def test_without_a_vocabulary_only_plain_numbers_are_read() -> None:
    nothing = Units()
    assert parse("25,500천원", nothing) is None
    assert parse_compound("6,396억 3천9백만원", nothing) is None
    assert parse("△25,500", nothing).value == -25500  # type: ignore[union-attr]


def test_digits_tell_a_slip_from_another_notation() -> None:
    assert read_digits("16.690,982") == (Decimal("16690.982"), 3, False, True)
    assert read_digits("1,2,3") is None  # a list
    assert read_digits("1,,234") is None
    assert read_digits("1 2 3") is None


@pytest.mark.parametrize("part", ["1", "1,", "(", "△", "1 ", "1억", "'", "-", "1.", "천"])
def test_a_megabyte_is_refused_at_once(part: str) -> None:
    text = part * (2**20 // len(part)) + "x"
    start = time.process_time()
    assert parse(text, UNITS) is None
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("texts", "points"),
    [
        (["1.638.166.610", "300"], True),
        (["200.000 €", "30.000 €", "29.100 €", "500 €"], True),
        (["200.000 €", "30.000 €"], False),  # too few to tell
        (["1.250 €", "2.750 €", "3.125 €", "1.50 €"], False),
        (["1.50 €", *["1.250 €"] * 9], False),
        (["€ 6.215", "€ -845", "€ 1.930", "(€ 7.300)"], True),
        (["$1.250", "$2.750", "$3.125", "$1.50"], False),
        (["€1.276 billion", "€2.125 billion", "€3.250 billion"], False),
        (["1.638.166.610", "1,638,166"], False),
        (["100,00000", "85,28000", "12,76500"], True),  # decimals behind a comma, too many for thousands
        (["34,8450", "12,300", "4,120", "35,1200", "1,2556"], False),
    ],
)
def test_money_tells_that_points_group_thousands(texts: list[str], points: bool) -> None:
    assert dotted(texts) is points


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("431,300,000원 (VAT 별도)", 431300000),
        ("$1,200 (estimated)", 1200),
        ("2025 (예산)", None),  # a year and a word
        ("3,300 (백만원)", 3300),
        ("35.499.229-", -35499229),
        ("1,200,000-", 1200000),  # the end of an amount
        ("1583,50", Decimal("1583.5")),
    ],
)
def test_what_stands_behind_an_amount(text: str, value: object) -> None:
    amount = parse(text, UNITS)
    assert (amount and amount.value) == value


def test_a_unit_in_brackets_behind_an_amount_is_its_unit() -> None:
    amount = parse("3,300 (백만원)", UNITS)
    assert amount is not None
    assert amount.unit == UNITS.find("백만원")


def test_points_group_where_whole_numbers_of_a_row_are_what_two_others_differ_by() -> None:
    assert dotted_rows([("4.120", "4.310", "190"), ("8.875", "8.640", "-235")])
    assert not dotted_rows([("4.120", "4.310", "0.190"), ("8.875", "8.640", "-0.235")])
    assert not dotted_rows([("4.120", "4.310", "190"), ("8.875", "8.640", "12")])


@pytest.mark.parametrize(("text", "value"), [("$   2,506,206", 2506206), ("3,400    원", 3400)])
def test_a_sign_may_stand_at_the_other_edge_of_the_column(text: str, value: int) -> None:
    found = parse(text, UNITS)
    assert found is not None
    assert found.value == value
    assert parse("12   345", UNITS) is None


@pytest.mark.parametrize("text", ["31.12.2021 EUR", "01.01.2022 €", "31.12.22 €", "1. 1. 2022 €"])
def test_a_date_before_a_currency_heads_a_column(text: str) -> None:
    assert parse(text, UNITS) is None


def test_many_decimals_where_points_group_thousands() -> None:
    found = parse("85,28000", UNITS, points=True)
    assert found is not None
    assert (found.value, found.malformed) == (Decimal("85.28"), False)


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [("17.4", 6, "0.1"), ("17.4", 2, "0.01"), ("0.12", 3, "0.001"), ("938.279", 5, "0.001"), ("1,200", 2, "0.01")],
)
def test_a_number_drops_few_zeros(text: str, places: int, expected: str) -> None:
    amount = parse(text, UNITS)
    assert amount is not None
    assert step(amount, None, places, None, cents=False) == Decimal(expected)


@pytest.mark.parametrize("text", ["£000", "($000)", "US$000", "€ '000", "$000s"])
def test_thousands_in_digits_are_a_unit(text: str) -> None:
    assert parse(text, UNITS) is None


@pytest.mark.parametrize("text", ["(000)", "-000", "000"])
def test_zeros_without_a_currency_are_a_number(text: str) -> None:
    found = parse(text, UNITS)
    assert found is not None
    assert found.value == 0
