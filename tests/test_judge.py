"""The one judge: XBRL Calculations 1.1 both ways, rates, blanks; the same verdict on one gap and on a column of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from budgetaudit.model import Figure, Place, Unit
from budgetaudit.relations.confront import confront
from budgetaudit.relations.judge import FAIL, NOT_EVALUATED, PASS, ROUNDING, Band, Spread, band, judge, reason, spread
from budgetaudit.relations.relation import Relation, Term, summed
from budgetaudit.rulefiles.rule import Rule, Tolerance

CASES = json.loads((Path(__file__).parent / "data" / "xbrl_calc11.json").read_text(encoding="utf-8"))["cases"]
MODES = {"nearest": Tolerance("rounding"), "truncation": Tolerance("truncation")}
PERCENT = Unit("%", "percent")


def figure(value: Any, step: Any = 0, unit: Unit | None = None, *, malformed: bool = False) -> Figure:
    number = None if value is None else Decimal(str(value))
    return Figure(number, str(value), Place("x"), Decimal(str(step)), unit, malformed=malformed)


def rule(tolerance: Tolerance = MODES["nearest"]) -> Rule:
    return Rule("r", "sum", tolerance=tolerance)  # type: ignore[arg-type]


def xbrl(fact: dict[str, Any]) -> Figure:
    step = Decimal(0) if fact["decimals"] == "INF" else Decimal(1).scaleb(-fact["decimals"])
    return figure(fact["value"], step)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_calculations_with_stated_precision(case: dict[str, Any], mode: str) -> None:
    parts = [xbrl(part) for part in case["parts"]]
    terms = [*summed(xbrl(case["total"]), ()), *(Term(f, p["weight"]) for f, p in zip(parts, case["parts"], strict=True))]
    found = confront(Relation(rule(MODES[mode]), tuple(terms)))
    assert ("consistent" if found.verdict in ("pass", "rounding") else "inconsistent") == case[mode]


@pytest.mark.parametrize(
    ("stated", "parts", "tolerance", "verdict"),
    [
        (figure(301), [figure(100), figure(200)], Tolerance("amount", Decimal(1)), "rounding"),
        (figure(302), [figure(100), figure(200)], Tolerance("amount", Decimal(1)), "fail"),
        (figure(303), [figure(100), figure(200)], Tolerance("percent", Decimal(1)), "rounding"),
        (figure(304), [figure(100), figure(200)], Tolerance("percent", Decimal(1)), "fail"),
        (figure(301, 1), [figure(100, 1), figure(200, 1)], Tolerance("exact"), "fail"),
        (figure("0.3", "0.1"), [figure("0.1", "0.1"), figure("0.2", "0.1")], Tolerance("exact"), "pass"),
        (figure(300), [figure(100), figure(200), figure(None)], Tolerance("exact"), "pass"),
        (figure(500), [figure(100), figure(200), figure(None)], Tolerance("exact"), "fail"),
        (figure(500), [figure(300), figure(None), figure(None)], Tolerance("exact"), "not_evaluated"),
        (figure(300), [figure(300), figure(None), figure(None)], Tolerance("exact"), "pass"),
        (figure(500), [figure(None)], Tolerance("exact"), "not_evaluated"),
        (figure(500), [figure(300, malformed=True), figure(100)], Tolerance("exact"), "fail"),
        (figure(500), [figure(300, malformed=True), figure(200)], Tolerance("exact"), "pass"),
        (figure(500), [figure(None, malformed=True), figure(500)], Tolerance("exact"), "not_evaluated"),
    ],
)
def test_sums(stated: Figure, parts: list[Figure], tolerance: Tolerance, verdict: str) -> None:
    assert confront(Relation(rule(tolerance), summed(stated, parts))).verdict == verdict


def rate(stated: Figure, part: Figure, whole: Figure, tolerance: Tolerance = MODES["nearest"]) -> str:
    terms = (Term(stated, side="stated"), Term(part, 100), Term(whole, side="divisor"))
    return confront(Relation(rule(tolerance), terms, rounded="either")).verdict


@pytest.mark.parametrize(
    ("stated", "verdict"), [("66.7", "pass"), ("66.6", "rounding"), ("66.8", "fail"), ("66.5", "fail"), ("67.6", "fail")]
)
def test_a_rate_is_rounded_or_cut(stated: str, verdict: str) -> None:
    assert rate(figure(stated, "0.1", PERCENT), figure(200), figure(300)) == verdict


def test_a_rate_that_is_exact_cannot_be_cut_from_itself() -> None:
    assert rate(figure("74.9", "0.1", PERCENT), figure(75), figure(100)) == "fail"
    assert rate(figure("75.0", "0.1", PERCENT), figure(75), figure(100)) == "pass"


def test_negative_rates_are_cut_toward_zero() -> None:
    assert rate(figure("-66.6", "0.1", PERCENT), figure(-200), figure(300)) == "rounding"
    assert rate(figure("-66.6", "0.1", PERCENT), figure(200), figure(-300)) == "rounding"
    assert rate(figure("-66.8", "0.1", PERCENT), figure(-200), figure(300)) == "fail"


def test_a_base_that_stands_twice_is_rounded_once() -> None:
    """Growth from 100 to 110, both to the nearest ten: nothing at least, from 95 to 115 at most."""
    new, old = figure(110, 10), figure(100, 10)

    def growth(stated: str) -> str:
        terms = (Term(figure(stated, 1), side="stated"), Term(new, 100), Term(old, -100), Term(old, side="divisor"))
        return confront(Relation(rule(), terms, rounded="either")).verdict  # type: ignore[arg-type]

    assert [growth(str(percent)) for percent in (-1, 0, 10, 21, 22)] == ["fail", "rounding", "pass", "rounding", "fail"]


def test_units_are_brought_together() -> None:
    thousand, million = Unit("천원", "money", Decimal(1000), "KRW"), Unit("백만원", "money", Decimal(1000000), "KRW")
    stated, parts = figure(3, 1, million), [figure(1000, 1, thousand), figure(2400, 1, thousand)]
    found = confront(Relation(rule(), summed(stated, parts)))
    assert (found.verdict, found.expected, found.difference, found.bound) == (
        "rounding",
        Decimal("3.4"),
        Decimal("-0.4"),
        Decimal("0.501"),
    )
    assert confront(Relation(rule(), summed(stated, [figure(1, 1, Unit("명", "count"))]))).verdict == "not_evaluated"


@pytest.mark.parametrize(
    ("operator", "codes"),
    [("<=", [0, 0, 1, 2]), ("<", [0, 1, 2, 2]), (">=", [1, 0, 0, 0]), (">", [2, 1, 0, 0]), ("!=", [0, 2, 0, 0])],
)
def test_limits(operator: Any, codes: list[int]) -> None:
    within = band(MODES["nearest"], (1, 0, 1), Spread(1, 1))
    assert [judge(gap, operator, within) for gap in (-1, 0, 1, 2)] == codes


@pytest.mark.parametrize(
    ("within", "codes"),
    [
        (Band(0, 0, 4, 2), {"=": [2, 1, 1, 0, 1, 2], ">=": [2, 1, 1, 0, 0, 0], "<=": [0, 0, 0, 0, 1, 2]}),
        (Band(4, 2, 0, 0), {"=": [2, 0, 0, 0, 0, 2], ">=": [2, 2, 2, 0, 0, 0], "<=": [0, 0, 0, 0, 2, 2]}),
        (Band(0, 0, 3, 1), {"=": [2, 2, 1, 0, 2, 2], ">": [2, 2, 1, 1, 0, 0], "<": [0, 0, 0, 1, 2, 2]}),
    ],
)
def test_each_side_of_a_band_counts_by_itself(within: Band, codes: dict[Any, list[int]]) -> None:
    assert {operator: [judge(gap, operator, within) for gap in range(-3, 3)] for operator in codes} == codes


@pytest.mark.parametrize(
    ("coefficient", "value", "rounded", "sides"),
    [
        (1, 5, "nearest", (10, 10)),
        (-2, 5, "nearest", (20, 20)),
        (1, 5, "cut", (0, 20)),
        (-1, 5, "cut", (20, 0)),
        (1, -5, "cut", (20, 0)),
        (1, 0, "cut", (20, 20)),
        (1, 1, "cut", (0, 20)),
        (1, -1, "cut", (20, 0)),
        (1, 5, "either", (10, 19)),
        (1, -5, "either", (19, 10)),
        (1, 0, "either", (19, 19)),
    ],
)
def test_how_far_a_printed_number_may_lie_from_the_true_one(
    coefficient: int, value: int, rounded: Any, sides: tuple[int, int]
) -> None:
    assert spread(coefficient, value, 10, rounded) == sides
    assert spread(coefficient, value, 0, rounded) == (0, 0)


@pytest.mark.parametrize(
    ("blanks", "malformed", "zero", "why"),
    [(0, False, False, ""), (2, False, False, "blank"), (0, False, True, "zero-divisor"), (2, True, True, "malformed")],
)
def test_why_a_gap_is_not_judged(blanks: int, malformed: bool, zero: bool, why: str) -> None:
    assert reason(blanks, malformed, zero) == why


def test_each_lack_alone_keeps_from_judging() -> None:
    within = band(MODES["nearest"], (1, 0, 0))
    for lack in ({"malformed": True}, {"zero_divisor": True}):
        assert {judge(gap, sign, within, **lack) for gap in (-9, 0, 9) for sign in ("=", "<=", ">")} == {NOT_EVALUATED}  # type: ignore[arg-type]
    assert {judge(gap, "<=", within, blanks=1) for gap in (-9, 9)} == {NOT_EVALUATED}
    assert {judge(gap, "=", within, blanks=1, divided=True) for gap in (0, 9)} == {NOT_EVALUATED}
    assert [judge(gap, "=", within, blanks=1) for gap in (0, 9)] == [PASS, FAIL]  # what is missing can be told
    assert [judge(gap, "=", within, blanks=2) for gap in (0, 9)] == [PASS, NOT_EVALUATED]
    assert {judge(gap, "=", within, empty=True) for gap in (0, 9)} == {NOT_EVALUATED}


def test_what_a_tolerance_allows_on_either_side() -> None:
    own, others = (1, 100, 0), Spread(4, 6)
    assert band(Tolerance("amount", Decimal("1.5")), own, others, unit=10) == (0, 0, 30, 30)
    assert band(Tolerance("percent", Decimal("2.5")), own, others, expected=-400, unit=10) == (0, 0, 20, 20)
    assert band(Tolerance("exact"), own, others, expected=400, unit=10) == (0, 0, 0, 0)
    # what the others may be above what they print, the stated number may be below its expectation
    assert band(MODES["nearest"], own, others, forced=2) == (0, 0, 10, 8)
    assert band(MODES["nearest"], (1, 100, 3), others) == (0, 0, 9, 7)
    assert band(MODES["truncation"], own, others) == (0, 0, 5, 3)  # the end of what was cut is not included


def test_a_column_is_judged_as_its_rows_are() -> None:
    random = np.random.default_rng(14)
    size = 400
    values = {name: random.integers(-50, 50, size) for name in "abc"}
    blanks = random.integers(0, 3, size)
    odd, divisor = random.random(size) < 0.1, random.integers(-3, 4, size)
    empty = random.random(size) < 0.1
    tolerances = [*MODES.values(), Tolerance("exact"), Tolerance("amount", Decimal("1.5")), Tolerance("percent", Decimal("2.5"))]
    for tolerance in tolerances:
        for rounded in ("nearest", "cut", "either"):
            for operator in ("=", "!=", "<=", "<", ">=", ">"):

                def one(a: Any, b: Any, c: Any, blank: Any, malformed: Any, zero: Any, empty: Any) -> Any:
                    others = spread(-1, b, 10, rounded).plus(spread(-1, c, 1, rounded))  # type: ignore[arg-type] # noqa: B023
                    within = band(tolerance, (1, a, 10), others, expected=b + c, unit=10, rounded=rounded, forced=1)  # type: ignore[arg-type] # noqa: B023
                    return judge(a - b - c, operator, within, blanks=blank, malformed=malformed, zero_divisor=zero, empty=empty)  # type: ignore[arg-type] # noqa: B023

                column = one(*values.values(), blanks, odd, divisor == 0, empty)
                rows = zip(*(v.tolist() for v in (*values.values(), blanks, odd, divisor == 0, empty)), strict=True)
                assert column.dtype == np.int64
                assert column.tolist() == [one(*row) for row in rows]


def test_every_verdict_is_reached() -> None:
    within = band(MODES["nearest"], (1, 3, 1), Spread(1, 1))
    found = [judge(gap, "=", within) for gap in (0, 1, 2)] + [judge(0, "=", within, zero_divisor=True)]
    assert found == [PASS, ROUNDING, FAIL, NOT_EVALUATED]
