"""What a comparison says of its amounts: expected, difference and bound, in the unit of the stated figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.model import Message
from budgetaudit.relations.confront import claim, confront, not_evaluated, tidy
from budgetaudit.relations.judge import Spread, band
from budgetaudit.relations.relation import Computed, Relation, Term, states, summed
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.rule import Tolerance
from tests.test_judge import PERCENT, figure, rule


def test_a_failing_sum_says_what_it_should_be_and_by_how_much() -> None:
    found = confront(Relation(rule(), summed(figure("301.50", "0.01"), [figure("100.25", "0.01"), figure("200.00", "0.01")])))
    assert (found.verdict, found.expected, found.difference) == ("fail", Decimal("300.25"), Decimal("1.25"))
    assert found.bound == Decimal("0.015")  # three numbers, each half a cent off


def test_a_failing_rate_is_expected_as_it_would_be_printed() -> None:
    stated, part, whole = figure("45.0", "0.1", PERCENT), figure(1), figure(3)
    terms = (states(stated), Term(part, Fraction(100)), Term(whole, side="divisor"))
    found = confront(Relation(rule(), terms, rounded="either"))
    assert (found.verdict, found.expected, found.difference) == ("fail", Decimal("33.3"), Decimal("11.7"))


@pytest.mark.parametrize(("stated", "verdict", "difference"), [("12", "pass", 0), ("15", "fail", 3), ("9", "fail", -3)])
def test_an_expectation_worked_out_elsewhere(stated: str, verdict: str, difference: int) -> None:
    found = confront(Computed(rule(), figure(stated), Interval(Decimal(12), Decimal(12))))
    assert (found.verdict, found.expected, found.difference) == (verdict, Decimal(12), Decimal(difference))


def test_what_an_endless_quotient_leaves_behind_is_no_difference() -> None:
    nearly = Decimal("2.9999999999999999999999999999999999999999")
    found = confront(Computed(rule(Tolerance("exact")), figure("3"), Interval(nearly, nearly)))
    assert (found.verdict, found.difference) == ("pass", Decimal(0))
    apart = confront(Computed(rule(Tolerance("exact")), figure("3"), Interval(Decimal("2.9"), Decimal("2.9"))))
    assert (apart.verdict, apart.difference) == ("fail", Decimal("0.1"))


@pytest.mark.parametrize(("step", "verdict"), [(10, "rounding"), (2, "fail")])
def test_a_term_may_be_coarser_than_it_is_printed(step: int, verdict: str) -> None:
    terms = (states(figure(305)), Term(figure(300), step=Fraction(step)))
    assert confront(Relation(rule(), terms)).verdict == verdict


def test_what_was_not_compared_has_no_amounts() -> None:
    found = not_evaluated(rule(), figure(5), Message("reason-blank"))
    assert (found.verdict, found.expected, found.difference, found.bound) == ("not_evaluated", None, None, Decimal(0))


def test_a_comparison_of_words_holds_or_not() -> None:
    late = claim(rule(), figure(2024), Message("x"), "law", failed=True, expected=Decimal(2026))
    assert (late.verdict, late.expected, late.difference, late.operator) == ("fail", Decimal(2026), Decimal(-2), "<=")
    assert claim(rule(), figure(2024), Message("x"), "law", failed=False).difference is None


@pytest.mark.parametrize(
    ("number", "text"), [("1.500", "1.5"), ("3.000", "3"), ("1E+3", "1000"), ("0.00", "0"), ("1E+30", "1E+30")]
)
def test_trailing_zeros_go(number: str, text: str) -> None:
    assert str(tidy(Decimal(number))) == text


def test_the_band_of_a_cut_rate() -> None:
    cut, nothing = Tolerance("truncation"), Spread(0, 0)

    def right(value: int, step: int) -> tuple[int, int]:
        found = band(cut, (1, value, step), nothing, expected=value, unit=1, rounded="either")
        return int(found.pass_below), int(found.pass_above)

    assert right(5, 0) == (0, 0)  # what is exact allows nothing
    assert right(5, 10) == (19, 0)  # a cut number stands for what lies farther from zero
    assert right(-5, 10) == (0, 19)
    assert right(0, 10) == (19, 19)  # nought was cut from either side
    assert (right(1, 10), right(-1, 10)) == ((19, 0), (0, 19))


def test_the_band_of_a_rounded_rate() -> None:
    def right(value: int, step: int = 10) -> tuple[int, int]:
        found = band(Tolerance("rounding"), (1, value, step), Spread(0, 0), expected=value, unit=1, rounded="either")
        return int(found.pass_below), int(found.pass_above)

    assert {right(value) for value in (1, 5)} == {(9, 10)}  # a half is rounded away from zero
    assert {right(value) for value in (-1, -5)} == {(10, 9)}
    assert right(0) == (10, 10)
    assert (right(5, 1), right(-5, 1)) == ((0, 1), (1, 0))
    assert right(5, 0) == right(-5, 0) == (0, 0)  # what is exact allows nothing


def test_forced_shares_widen_what_rounding_explains() -> None:
    forced = band(Tolerance("rounding"), (1, 100, 0), Spread(0, 0), expected=100, unit=1, rounded="nearest", forced=4)
    assert tuple(map(int, forced)) == (0, 0, 8, 8)
    terms = summed(figure(103), [figure(60), figure(40)])
    assert confront(Relation(rule(), terms, forced=Fraction(3))).verdict == "rounding"
    assert confront(Relation(rule(), terms, forced=Fraction(2))).verdict == "fail"
    halves = (states(figure(52)), Term(figure(102), Fraction(1, 2)))
    assert confront(Relation(rule(), halves, forced=Fraction(1))).verdict == "rounding"


def test_one_blank_makes_an_error_a_warning_and_is_named() -> None:
    blank = figure(None)
    found = confront(Relation(rule(), summed(figure(500), [figure(300), figure(100), blank])))
    assert (found.verdict, found.severity, found.expected) == ("fail", "warning", Decimal(400))
    assert [operand.text for _, operand in found.operands] == ["300", "100", "None"]
    assert confront(Relation(rule(), summed(figure(500), [figure(300), figure(100)]))).severity == "error"


def test_two_blanks_are_a_reason_and_no_operands() -> None:
    found = confront(Relation(rule(), summed(figure(500), [figure(300), figure(None), figure(None)])))
    assert (found.verdict, found.expected, found.message.code) == ("not_evaluated", None, "reason-blanks")
    assert found.message.args == {"blanks": 2}
    assert [operand.text for _, operand in found.operands] == ["300"]


def test_the_bound_is_that_of_the_side_on_which_the_gap_lies() -> None:
    terms = summed(figure(12, 10), [figure(5)])
    above = confront(Relation(rule(Tolerance("truncation")), terms))
    below = confront(Relation(rule(Tolerance("truncation")), summed(figure(-12, 10), [figure(-5)])))
    assert above.bound == below.bound
    other = confront(Relation(rule(Tolerance("truncation")), summed(figure(12, 10), [figure(25)])))
    assert other.bound != above.bound
