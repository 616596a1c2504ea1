"""What a comparison says of its amounts: expected, difference and bound, in the unit of the stated figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.model import Message, Unit
from budgetaudit.relations.confront import claim, confront, not_evaluated, tidy, worth
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
    found = confront(Computed(rule(Tolerance("exact")), figure("3"), Interval(nearly, nearly, nearly)))
    assert (found.verdict, found.difference) == ("pass", Decimal(0))
    apart = confront(Computed(rule(Tolerance("exact")), figure("3"), Interval(Decimal("2.9"), Decimal("2.9"))))
    assert (apart.verdict, apart.difference) == ("fail", Decimal("0.1"))


@pytest.mark.parametrize(("step", "verdict"), [(10, "rounding"), (2, "fail")])
def test_a_term_may_be_coarser_than_it_is_printed(step: int, verdict: str) -> None:
    terms = (states(figure(305)), Term(figure(300), step=Fraction(step)))
    assert confront(Relation(rule(), terms)).verdict == verdict


def test_each_of_several_stated_numbers_was_rounded() -> None:
    terms = (states(figure(10, 10)), states(figure(20, 10)))
    found = [confront(Relation(rule(), (*terms, Term(figure(part))))).verdict for part in (30, 37, 41)]
    assert found == ["pass", "rounding", "fail"]


def test_what_was_not_compared_has_no_amounts() -> None:
    found = not_evaluated(rule(), figure(5), Message("reason-blank"))
    assert (found.verdict, found.expected, found.difference, found.bound) == ("not_evaluated", None, None, Decimal(0))


def test_a_comparison_of_words_holds_or_not() -> None:
    late = claim(rule(), figure(2024), Message("x"), "law", failed=True, expected=Decimal(2026))
    assert (late.verdict, late.expected, late.difference, late.operator) == ("fail", Decimal(2026), Decimal(-2), "<=")
    assert claim(rule(), figure(2024), Message("x"), "law", failed=False).difference is None
    assert claim(rule(), figure(None), Message("x"), "law", failed=True, expected=Decimal(5)).difference == -5


def test_its_severity_may_be_less_than_the_rules() -> None:
    assert rule().severity == "error"
    assert claim(rule(), figure(1), Message("x"), "law", failed=True).severity == "error"
    assert claim(rule(), figure(1), Message("x"), "law", failed=True, severity="note").severity == "note"
    assert not_evaluated(rule(), figure(1), Message("x")).severity == "error"
    assert not_evaluated(rule(), figure(1), Message("x"), severity="note").severity == "note"


def test_a_constant_counts_in_the_unit_of_the_stated_figure() -> None:
    def against(stated: str, sign: int = 1) -> tuple[str, Decimal | None]:
        terms = (states(figure(stated, "0.1")), Term(figure(10)))
        found = confront(Relation(rule(), terms, constant=sign * Fraction(5, 2)))
        return found.verdict, found.expected

    assert against("12.5") == ("pass", Decimal("12.5"))
    assert against("7.5", -1) == ("pass", Decimal("7.5"))
    assert against("13.5") == ("fail", Decimal("12.5"))


@pytest.mark.parametrize(("tolerance", "within", "beyond"), [("rounding", "11.27", "11.28"), ("truncation", "12.59", "12.60")])
def test_the_rounding_of_a_rate_and_of_its_base_multiply(tolerance: str, within: str, beyond: str) -> None:
    """Half of 20: 45 to 55 % of 19.5 to 20.5 are 11.275 at most; cut, less than 60 % of 21, which are 12.6."""

    def verdict(part: str) -> str:
        terms = (states(figure(50, 10, PERCENT)), Term(figure(part), Fraction(100)), Term(figure(20, 1), side="divisor"))
        return confront(Relation(rule(Tolerance(tolerance)), terms)).verdict  # type: ignore[arg-type]

    assert (verdict(within), verdict(beyond)) == ("rounding", "fail")


def test_a_blank_has_no_precision() -> None:
    blank = figure(None, 10)
    assert confront(Relation(rule(), summed(figure(301), [figure(300), blank]))).verdict == "fail"
    assert confront(Relation(rule(), summed(figure(301), [figure(300), figure(0, 10)]))).verdict == "rounding"
    assert confront(Relation(rule(), (states(figure(301)), Term(figure(300)), Term(blank, Fraction(3))))).verdict == "fail"


def test_a_rate_of_nothing_is_not_evaluated() -> None:
    def rate(stated: str, whole: int, tolerance: Tolerance) -> tuple[str, str]:
        terms = (states(figure(stated, "0.1", PERCENT)), Term(figure(1), Fraction(100)), Term(figure(whole), side="divisor"))
        found = confront(Relation(rule(tolerance), terms))
        return found.verdict, found.message.code

    one = Tolerance("percent", Decimal(1))
    assert [rate("50.0", whole, one)[0] for whole in (0, 1, 2)] == ["not_evaluated", "fail", "pass"]
    assert rate("50.0", 0, one)[1] == "reason-zero"
    assert [rate(stated, 2, one)[0] for stated in ("49.4", "49.5", "50.5", "50.6")] == ["fail", "rounding", "rounding", "fail"]


def test_an_expectation_may_be_anywhere_in_an_interval() -> None:
    def verdicts(low: str, high: str, stated: list[str], step: str = "0") -> list[str]:
        within = Interval(Decimal(low), Decimal(high))
        return [confront(Computed(rule(), figure(one, step), within)).verdict for one in stated]

    assert verdicts("11", "14", ["10.9", "11", "12.5", "14", "14.1"]) == ["fail", "rounding", "pass", "rounding", "fail"]
    assert verdicts("12", "12", ["12.5", "13", "11"], "1") == ["rounding", "fail", "fail"]
    bound = [confront(Computed(rule(), figure(one), Interval(Decimal(11), Decimal(14)))).bound for one in (10, 11, 14, 15)]
    assert bound == [Decimal("1.5")] * 4
    cut = [confront(Computed(rule(Tolerance("truncation")), figure(12, 10), Interval(Decimal(n), Decimal(n)))) for n in (12, 17)]
    assert [(found.verdict, found.bound) for found in cut] == [("pass", Decimal(0)), ("rounding", Decimal("9.5"))]
    assert verdicts("0.25", "0.75", ["0.2", "0.3", "0.8"]) == ["fail", "rounding", "fail"]


def test_what_units_are_worth_to_each_other() -> None:
    won, thousand = (figure(1, unit=Unit(name, "money", Decimal(scale), "KRW")) for name, scale in (("원", 1), ("천원", 1000)))
    euro, money = figure(1, unit=Unit("€", "money", Decimal(1), "EUR")), figure(1, unit=Unit("", "money"))
    people, pieces, rate, bare = (
        *(figure(1, unit=Unit(name, "count")) for name in ("명", "개")),
        figure(1, unit=PERCENT),
        figure(1),
    )
    assert (worth(thousand, won), worth(won, thousand)) == (1000, Fraction(1, 1000))
    assert [worth(won, other) for other in (euro, money, people, rate)] == [None] * 4
    assert [worth(people, other) for other in (pieces, bare)] == [1, 1]
    assert (worth(rate, people), worth(rate, people, mixed=True), worth(won, people, mixed=True)) == (None, 1, 1)


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.500", "1.5"), ("3.000", "3"), ("1E+3", "1000"), ("0.00", "0"), ("1E+26", "1" + "0" * 26), ("1E+27", "1E+27")],
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
    exact = summed(figure(12), [figure(12, 10)])  # the part may be more than it prints, the total then less than its parts
    assert confront(Relation(rule(Tolerance("truncation")), exact)).bound == Decimal("9.5")
