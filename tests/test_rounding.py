"""Intervals, what they allow, and where no comparison is possible."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetaudit.model import Figure, Message, Place, Unit
from budgetaudit.relations.confront import confront, not_evaluated, tidy
from budgetaudit.relations.intervals import Intervals
from budgetaudit.relations.relation import Computed
from budgetaudit.rounding import (
    Interval,
    around,
    in_unit_of,
    interval,
    total_of,
    truncated,
)
from budgetaudit.rulefiles.rule import Rule, Tolerance

D = Decimal
WON, THOUSAND = Unit("원", "money", D(1), "KRW"), Unit("천원", "money", D(1000), "KRW")
MILLION, EURO = Unit("백만원", "money", D(1_000_000), "KRW"), Unit("€", "money", D(1), "EUR")
PERCENT, PIECES, COINS = Unit("%", "percent"), Unit("개", "count"), Unit("?", "money")
RULE = Rule("r", "sum", severity="warning")


def span(low: str | int, high: str | int) -> Interval:
    return Interval(D(low), D(high))


def figure(value: str | int | None, step: str | int = 1, unit: Unit | None = None) -> Figure:
    return Figure(None if value is None else D(value), str(value), Place("f"), D(step), unit)


def judged(stated: Figure, expected: Interval, tolerance: Tolerance) -> tuple[str, Decimal | None, Decimal]:
    made = confront(Computed(Rule("r", "sum", tolerance=tolerance), stated, expected))
    return made.verdict, made.difference, made.bound


def test_intervals_add_subtract_multiply_and_divide() -> None:
    assert span(1, 2) + span(10, 20) == span(11, 22)
    assert span(1, 2) - span(10, 20) == span(-19, -8)
    assert -span(-1, 2) == span(-2, 1)
    assert span(-2, 3) * span(4, 5) == span(-10, 15)
    assert span(-2, 3) / span(-2, -1) == span(-3, 2)
    assert (span(1, 4).middle, span(1, 4).radius) == (D("2.5"), D("1.5"))


@pytest.mark.parametrize("divisor", [span(0, 0), span(-1, 1), span(0, 2), span(-2, 0)])
def test_a_divisor_that_may_be_zero_is_refused(divisor: Interval) -> None:
    with pytest.raises(ZeroDivisionError):
        span(1, 2) / divisor


def test_intervals_meet_where_they_touch() -> None:
    assert span(1, 2).meets(span(2, 3))
    assert not span(1, 2).meets(span("2.01", 3))


def test_a_number_stands_for_half_a_step_around_it() -> None:
    assert interval(figure("12.5", "0.1")) == span("12.45", "12.55")
    assert interval(figure(12, 0)) == span(12, 12)
    assert around(D(-3), D(10)) == span(-8, 2)
    with pytest.raises(ValueError, match="blank"):
        interval(figure(None))


def test_a_cut_number_stands_for_what_is_farther_from_zero() -> None:
    assert truncated(D("2.8"), D("0.1")) == span("2.8", "2.9")
    assert truncated(D("-2.8"), D("0.1")) == span("-2.9", "-2.8")
    assert truncated(D(0), D("0.1")) == span("-0.1", "0.1")


def test_amounts_are_put_in_one_unit_with_their_rounding() -> None:
    assert in_unit_of(figure(5, 1, MILLION), figure(1, 1, THOUSAND)) == span(4500, 5500)
    assert in_unit_of(figure(1500, 1, THOUSAND), figure(1, 1, MILLION)) == span("1.4995", "1.5005")
    assert in_unit_of(figure(7, 0, None), figure(1, 1, MILLION)) == span(7, 7)


@pytest.mark.parametrize(("unit", "other"), [(WON, EURO), (WON, PERCENT), (PIECES, WON), (COINS, WON)])
def test_units_that_do_not_go_together_are_not_compared(unit: Unit, other: Unit) -> None:
    assert in_unit_of(figure(1, 1, unit), figure(1, 1, other)) is None
    assert total_of([(1, figure(1, 1, unit))], figure(1, 1, other)) is None


def test_a_weighted_sum_leaves_blanks_out_and_adds_the_rounding() -> None:
    terms = [(1, figure(100)), (-1, figure(30)), (1, figure(None))]
    assert total_of(terms, figure(70)) == span(69, 71)


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize(("beyond", "verdict"), [(0, "rounding"), (1, "fail")])
def test_the_bound_of_a_sum_is_half_a_step_for_each_part_and_the_total(n: int, beyond: int, verdict: str) -> None:
    """(n + 1) · u / 2: in units of 2, so that the bound itself can be printed."""
    expected = total_of([(1, figure(100, 2)) for _ in range(n)], figure(0, 2))
    assert expected is not None
    found = judged(figure(100 * n + (n + 1) + beyond, 2), expected, Tolerance())
    assert found == (verdict, n + 1 + beyond, n + 1)


def test_exact_figures_have_no_slack() -> None:
    expected = total_of([(1, figure(1, 0)), (1, figure(2, 0))], figure(3, 0))
    assert expected is not None
    assert judged(figure(3, 0), expected, Tolerance())[0] == "pass"
    assert judged(figure("3.01", 0), expected, Tolerance()) == ("fail", D("0.01"), 0)


@pytest.mark.parametrize(
    ("tolerance", "difference", "verdict", "bound"),
    [
        (Tolerance(), 1, "rounding", 1),
        (Tolerance(), -2, "fail", 1),
        (Tolerance("exact"), 1, "fail", 0),
        (Tolerance("exact"), 0, "pass", 0),
        (Tolerance("amount", D(5)), -5, "rounding", 5),
        (Tolerance("amount", D(5)), 6, "fail", 5),
        (Tolerance("percent", D(3)), 6, "rounding", 6),
        (Tolerance("percent", D(3)), -7, "fail", 6),
    ],
)
def test_each_tolerance_allows_its_own_difference(tolerance: Tolerance, difference: int, verdict: str, bound: int) -> None:
    assert judged(figure(200 + difference), span("199.5", "200.5"), tolerance) == (verdict, difference, bound)


def test_a_percent_tolerance_of_a_negative_expectation_is_no_negative_bound() -> None:
    assert judged(figure(-198), span(-200, -200), Tolerance("percent", D(1))) == ("rounding", 2, 2)


def test_a_comparison_carries_what_was_judged() -> None:
    part = figure(40)
    made = confront(Computed(RULE, figure(50, 1, WON), span("39.5", "40.5"), (("part", part),), "row 1", message=Message("m")))
    assert (made.verdict, made.expected, made.difference, made.bound) == ("fail", 40, 10, 1)
    assert (made.severity, made.relation, made.unit, made.operands) == ("warning", "row 1", WON, (("part", part),))
    assert confront(Computed(RULE, figure(50), span(50, 50), severity="note")).severity == "note"


def test_what_could_not_be_compared_says_why() -> None:
    made = not_evaluated(RULE, figure(50), Message("reason-coarse"))
    assert (made.verdict, made.expected, made.difference, made.message.code) == ("not_evaluated", None, None, "reason-coarse")


def test_a_number_is_tidied_without_an_exponent() -> None:
    assert [str(tidy(D(text))) for text in ("100.00", "1E+2", "2.50", "0.0")] == ["100", "100", "2.5", "0"]


# --- arithmetic of rules over intervals -----------------------------------------------------------


def between(low: str, high: str) -> Interval:
    return Interval(Decimal(low), Decimal(high))


def test_magnitude_and_rounding_of_an_interval() -> None:
    over = Intervals()
    assert over.magnitude(between("-3", "2")) == between("0", "3")
    assert over.magnitude(between("-3", "2")).middle == Decimal("0.5")
    assert [over.magnitude(between(*ends)) for ends in (("-3", "-2"), ("2", "3"))] == [between("2", "3")] * 2
    assert over.rounded(between("1.25", "1.34"), 1) == between("1.3", "1.3")
    assert over.rounded(between("-1.25", "14.5"), 0) == between("-1", "15")


@pytest.mark.parametrize(
    ("comparator", "held"),
    [("=", [False, True, False]), ("!=", [True, False, True]), ("<=", [True, True, False]), (">=", [False, True, True])],
)
def test_a_condition_holds_where_it_may(comparator: str, held: list[bool]) -> None:
    one = between("1", "2")
    assert [
        Intervals().holds(comparator, one, other) for other in (between("3", "4"), between("2", "3"), between("0", "0.5"))
    ] == held


def test_how_far_an_interval_reaches_on_either_side() -> None:
    lopsided = Interval(Decimal(1), Decimal(5), Decimal(2))
    assert (lopsided.beyond(Decimal(9)), lopsided.beyond(Decimal(-9)), lopsided.radius) == (3, 1, 2)
