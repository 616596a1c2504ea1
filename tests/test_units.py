"""A multiplier and a currency are a unit, in any order and wherever they stand."""

from __future__ import annotations

import pytest

from budgetaudit.labels.captions import stated_units
from budgetaudit.vocabulary import load

WORDS = load(("korean", "english", "german", "french", "spanish"))

UNITS = {
    "thousands of dollars": ("1000", "USD"),
    "US dollars, millions": ("1000000", "USD"),
    "millions of U.S. dollars": ("1000000", "USD"),
    "EUR million": ("1000000", "EUR"),
    "€ million": ("1000000", "EUR"),
    "£m": ("1000000", "GBP"),
    "£000": ("1000", "GBP"),
    "€'000": ("1000", "EUR"),
    "NZ$000s": ("1000", "NZD"),
    "1000 CHF": ("1000", "CHF"),
    "1.000 €": ("1000", "EUR"),
    "Mio. Euro": ("1000000", "EUR"),
    "Tsd. Euro": ("1000", "EUR"),
    "TEUR": ("1000", "EUR"),
    "T€": ("1000", "EUR"),
    "k€": ("1000", "EUR"),
    "Md€": ("1000000000", "EUR"),
    "milliers d'euros": ("1000", "EUR"),
    "milioni di euro": ("1000000", "EUR"),
    "miles de euros": ("1000", "EUR"),
    "R$ mil": ("1000", "BRL"),
    "tys. zł": ("1000", "PLN"),
    "mil. Kč": ("1000000", "CZK"),
    "Rs. crore": ("10000000", "INR"),
    "₹ Cr": ("10000000", "INR"),
    "lakh": ("100000", ""),
    "in thousands": ("1000", ""),
    "'000": ("1000", ""),
    "10 million yen": ("10000000", "JPY"),
    "백만 원": ("1000000", "KRW"),
    "십억원": ("1000000000", "KRW"),
    "천달러": ("1000", "USD"),
    "백만엔": ("1000000", "JPY"),
    "억유로": ("100000000", "EUR"),
    "백만": ("1000000", ""),
}


@pytest.mark.parametrize("text", UNITS)
def test_a_multiplier_and_a_currency_in_any_order(text: str) -> None:
    unit = WORDS.units.surely(text)
    assert unit is not None
    assert (f"{unit.scale:f}", unit.currency) == UNITS[text]


@pytest.mark.parametrize(
    "text", ["Budget", "team", "real", "all", "5", "1000", "2000", "m", "thousand persons", "CAD", "km", "기타", ""]
)
def test_what_else_these_words_may_be_is_no_unit(text: str) -> None:
    unit = WORDS.units.surely(text)
    assert unit is None or unit.family != "money"


@pytest.mark.parametrize(
    ("line", "worth"),
    [
        ("Budget (EUR million)", "1000000"),
        ("Statement of revenues (in thousands of dollars)", "1000"),
        ("General fund $ thousand", "1000"),
        ("Zuschussbedarf in Tausend Euro", "1000"),
        ("Expenditure by function, £ million", "1000000"),
        ("(단위: 천달러)", "1000"),
        ("(Rs. in crore)", "10000000"),
        ("Cifras en millones de euros", "1000000"),
        ("Revenue (pounds)", "1"),
        ("Growth (real)", None),
        ("Summary of 2025", None),
        ("The city spent 5 million dollars in 2024, up 3 million.", None),
    ],
)
def test_a_title_states_its_unit(line: str, worth: str | None) -> None:
    found = stated_units(line, WORDS)
    assert (f"{found[0].scale:f}" if found else None) == worth


@pytest.mark.parametrize(
    ("label", "key", "worth"),
    [
        ("Budget in TEUR", "budget", "1000"),
        ("2025 £m", "2025", "1000000"),
        ("사업비 백만원", "사업비", "1000000"),
        ("TEUR", "", "1000"),
        ("Contracts won", "contractswon", None),
        ("Computer aided design (CAD)", "computeraideddesign", None),
    ],
)
def test_a_label_gives_its_unit(label: str, key: str, worth: str | None) -> None:
    found = WORDS.label(label)
    assert found.key == key
    assert (f"{found.unit.scale:f}" if found.unit and found.unit.scale else None) == worth
