"""What crossings say for and against one reading: what holds, what fails, and what it costs to believe in errors there."""

from __future__ import annotations

from decimal import Decimal
from math import log2

import pytest

from budgetaudit.labels.numbers import View, views
from budgetaudit.structure.evidence import (
    Price,
    Tally,
    causes,
    closeness,
    codes,
    doubtful,
    explained,
    of_sum,
    price,
    stroke_bits,
    tally,
    tie,
    ties,
)
from budgetaudit.structure.score import Evidence, Signature
from budgetaudit.structure.settings import STRUCTURE
from budgetaudit.structure.unlabelled import settle
from tests.grids import table
from tests.test_structure import sums


def rows(*lines: str) -> View:
    """The rows of a table, the first the total of the others."""
    head = "|".join(["구분", *(str(2001 + at) for at in range(lines[0].count("|") + 1))])
    return views(table("\n".join([head, *(f"{name}|{line}" for name, line in zip("계가나다라", lines, strict=False))])))["row"]


def fares(*lines: str) -> Tally:
    view = rows(*lines)
    return tally(view, view.crossings, 0, range(1, len(lines)))


def costs(*lines: str) -> Price:
    view = rows(*lines)
    parts = range(1, len(lines))
    return price(view, (), tally(view, view.crossings, 0, parts), 0, parts)


def test_what_holds_is_exact_or_rounded() -> None:
    found = fares("30|79", "10|31", "20|47")
    assert (found.passes, found.exact, found.weak, found.fails) == (2, 1, 0, 0)


def test_a_crossing_that_repeats_another_tells_nothing_more() -> None:
    once, twice = fares("30|78", "10|31", "20|47"), fares("30|78|78", "10|31|31", "20|47|47")
    assert (once.passes, twice.passes, twice.bits) == (2, 3, once.bits)
    assert once.bits > 0


def test_a_total_of_one_number_tells_a_third() -> None:
    several, alone = fares("78", "31", "47"), fares("78", "-", "78")
    assert (alone.passes, alone.weak, alone.alone) == (0, 1, {2})
    assert alone.bits == pytest.approx(several.bits / 3)
    assert several.alone == set()


def test_one_number_printed_twice_is_rounded_once() -> None:
    assert (fares("31", "30").blank, fares("31", "30", "-").blank, fares("31", "30", "-").weak) == (1, 0, 0)
    assert fares("30", "30").exact == 1
    assert fares("30", "30", "-").exact == 0


def test_zeros_and_blanks_are_no_evidence() -> None:
    nothing = fares("-|5|", "-||1", "-||2")
    assert (nothing.passes, nothing.weak, nothing.exact, nothing.fails, nothing.bits) == (0, 0, 0, 0, 0.0)
    assert fares("5|1", "|1").blank == 1  # an amount whose only part is blank is no sum of it
    assert fares("5|2", "|1", "|1").blank == 0


def test_what_fails_is_told_with_its_gap_and_slack() -> None:
    found = fares("30|90|77", "10|31|31", "20|47|47")
    assert (found.failed, found.passes, found.fails) == ({1: (12, 3)}, 2, 1)


def test_numbers_that_cancel_each_other_are_one_printed_twice() -> None:
    found = fares("40", "40", "5", "△5")
    assert (found.passes, found.weak) == (0, 1)


def test_a_wrong_figure_costs_less_where_the_total_is_near() -> None:
    near, far = costs("3,389", "1,234", "2,100"), costs("9,911", "1,234", "2,100")
    assert (near.wrong, far.wrong, far.bits, far.slips) == (1, 1, STRUCTURE.fail_cost, STRUCTURE.fail_cost)
    assert near.bits == pytest.approx(STRUCTURE.fail_cost - log2(3334 / 55))
    assert near.slips == STRUCTURE.fail_cost
    assert (near.rather, near.above) == (False, True)
    assert costs("1,053", "1,000").bits == STRUCTURE.fail_cost  # of one part it says nothing


def test_nearness_counts_once_for_all_crossings() -> None:
    found = costs("33,389|44,499|55,588", "12,334|23,344|34,413", "21,000|21,100|21,120")
    assert (found.wrong, found.slips) == (3, 3 * STRUCTURE.fail_cost)
    assert found.bits == 3 * STRUCTURE.fail_cost - STRUCTURE.near_most


def test_a_stroke_explains_a_wrong_figure() -> None:
    one = log2(10**4 / (21 * 4 * 3))
    found = costs("1,275", "1,234", "23")
    assert found.slips == pytest.approx(STRUCTURE.fail_cost - one)
    assert found.bits == pytest.approx(STRUCTURE.fail_cost - max(one, log2(1257 / 18)))


@pytest.mark.parametrize(
    ("lines", "rather", "above"),
    [
        (("9,911|2", "1,234|1", "|1"), True, True),  # what is blank may be the rest
        (("1,900", "1,234", "2,100"), True, False),  # their mean
        (("5,434", "1,234", "2,100"), True, True),  # one part more like the second
        (("9,911", "1,234", "2,100"), False, True),
        (("911", "1,234", "2,100"), False, False),
        (("9,911", "1,234", "△2,100"), False, False),
        (("9,911", "1,234", "-"), False, True),
        (("3,334", "1,234", "2,100"), False, False),
    ],
)
def test_what_else_may_explain_a_failure(lines: tuple[str, ...], rather: bool, above: bool) -> None:
    found = costs(*lines)
    assert (found.rather, found.above) == (rather, above)


def test_a_part_may_be_unprinted_where_several_totals_are_above() -> None:
    two = costs("9,911|8,623", "1,234|2,345", "2,100|1,057")
    assert (two.wrong, two.above) == (2, True)
    assert [two.unprinted(held) for held in (0, 7, 8)] == [True, True, False]
    assert not costs("9,911", "1,234", "2,100").unprinted(0)
    assert not costs("911|623", "1,234|2,345", "2,100|1,057").unprinted(0)


@pytest.mark.parametrize(
    ("lines", "yes"),
    [
        (("20|3", "10|1", "|2"), True),
        (("1,234", "1,234", "2,100"), False),
        (("50", "10", "20"), True),
        (("15", "10", "20"), True),
        (("37", "10", "20"), False),
        (("5|3", "9|1", "|2"), False),
    ],
)
def test_a_total_of_one_part_more_or_the_mean_is_doubtful(lines: tuple[str, ...], yes: bool) -> None:
    assert doubtful(rows(*lines), 0, 0, range(1, len(lines))) == yes


@pytest.mark.parametrize(
    ("lines", "yes"),
    [
        (("9,911|2", "1,234|1", "|1"), True),
        (("9,911|3", "1,234|1", "|1", "|1"), False),
        (("9,911", "1,234", "2,100"), False),
        (("3,343", "1,234", "2,100"), True),
    ],
)
def test_one_blank_or_one_stroke_explains(lines: tuple[str, ...], yes: bool) -> None:
    assert explained(rows(*lines), 0, 0, range(1, len(lines))) == yes


def test_a_stroke_counts_by_how_many_numbers_it_could_have_made() -> None:
    one = log2(10**4 / (21 * 4 * 3))
    assert stroke_bits(1275, [1234, 23], 0) == pytest.approx(one)
    assert stroke_bits(1257, [1324, 23], 0) == pytest.approx(one)  # in a part
    assert stroke_bits(1_275_000, [1_234_000, 23_000], 0) == pytest.approx(one)  # zeros at the end tell nothing
    assert stroke_bits(1285, [1234, 23], 2) == pytest.approx(one - log2(3))  # beside what was rounded
    assert stroke_bits(1285, [1234, 23], 1) == 0
    assert stroke_bits(123_475, [123_457, 0], 0) == STRUCTURE.fail_cost
    assert stroke_bits(9911, [1234, 2100], 0) == 0
    assert stroke_bits(87, [31, 47], 0) == 0  # of two digits every number is a stroke away


def test_a_difference_is_no_sum_with_a_wrong_sign() -> None:
    assert stroke_bits(2345, [3579, 1234], 0) == 0
    assert stroke_bits(2445, [3579, 1234, 100], 0) > 0


@pytest.mark.parametrize(
    ("total", "parts", "yes"),
    [
        (624, [6241, 6242], True),
        (6240, [6241, 6242], True),
        (624, [6241, 7242], False),
        (624, [6241], False),
        (331332, [331, 332], True),
        (331332000, [331000, 332000], True),
        (7, [7, 7], True),
        (7, [7], False),
        (0, [0, 0], False),
        (30, [10, 20], False),
        (-6, [61, 62], False),
    ],
)
def test_codes_are_no_amounts(total: int, parts: list[int], yes: bool) -> None:
    assert codes(total, parts) == yes


@pytest.mark.parametrize(
    ("stated", "wanted", "step", "gained"),
    [
        ("1053", "1000", "1", log2(1000 / 53)),
        ("1275", "1257", "1", log2(10**4 / (21 * 4))),
        ("12.75", "12.57", "0.01", log2(10**4 / (21 * 4))),
        ("1000", "1000", "1", 0.0),
        ("5731", "1000", "1", 0.0),
        ("100001", "100000", "1", STRUCTURE.fail_cost),
        ("7", "0", "1", 0.0),
    ],
)
def test_what_is_near_or_one_stroke_away_tells_something(stated: str, wanted: str, step: str, gained: float) -> None:
    assert closeness(Decimal(stated), Decimal(wanted), Decimal(step)) == pytest.approx(gained)


# --- causes ------------------------------------------------------------------------------------


def test_a_tie_has_one_form() -> None:
    assert tie({2: 1, 0: -1, 1: 0}) == tie({0: 1, 2: -1}) == ((0, 1), (2, -1))
    assert tie({}) == ()
    assert tie({0: -1, 1: 2}) == ((0, 1), (1, -2))
    assert tie({0: 1, 1: -2}) == ((0, 1), (1, -2))


def test_a_wrong_amount_and_its_recomputed_difference_are_one_cause() -> None:
    difference = tie({2: 1, 0: 1, 1: -1})  # the third column is the second less the first
    assert causes([difference], {0: (5, 1), 2: (-5, 1)}) == [2]
    assert causes([difference], {0: (5, 1), 2: (-9, 1)}) == [0, 2]  # not by the same amount
    assert causes([difference], {0: (5, 1), 2: (-6, 1)}) == [2]  # but for rounding
    assert causes([difference], {0: (5, 1)}) == [0]
    assert causes([], {0: (5, 1), 2: (-5, 1)}) == [0, 2]
    assert causes([tie({0: 1, 1: -1, 3: -1})], {0: (5, 1), 2: (-5, 1)}) == [0, 2]  # of a column that does not fail


def test_several_ties_are_solved_together() -> None:
    found = [tie({0: 1, 1: -1}), tie({1: 1, 2: -1}), tie({0: 1, 2: -1})]
    assert causes(found, {0: (7, 1), 1: (7, 1), 2: (7, 1)}) == [2]


@pytest.mark.parametrize(("wrong", "known"), [(0, True), (1, True), (2, False)])
def test_a_tie_between_near_columns_is_found_where_it_holds(wrong: int, known: bool) -> None:
    """Five lines in which the last column is the sum of the others; it may fail in one of four."""
    lines = [[31, 47, 78], [52, 29, 81], [17, 74, 91], [63, 35, 98], [48, 27, 75]]
    for at in range(wrong):
        lines[at][2] += 50
    view = rows(*("|".join(map(str, line)) for line in lines))
    assert (((0, 1), (1, 1), (2, -1)) in ties(view, [], ())) == known


def test_a_proven_sum_is_a_tie() -> None:
    (found,) = sums("구분|2022|2023|2024\n계|30|78|85\n도로|10|31|37\n하천|20|47|48")
    view = rows("30|78|85", "10|31|37", "20|47|48")
    assert of_sum(found) in ties(view, [found], ())


# --- which sums stand beside each other --------------------------------------------------------


def standing(*sums: tuple[int, tuple[int, ...]]) -> list[tuple[int, tuple[int, ...]]]:
    """Those of some sums that stand, the first one supported best."""
    found = [
        Evidence(Signature("sum", target, parts), 40.0 - at, None, 0, 9, 5, 0, ()) for at, (target, parts) in enumerate(sums)
    ]
    return [(one.signature.target, one.signature.sources) for one in settle(found)]


@pytest.mark.parametrize(
    "sums",
    [
        [(0, (1, 4)), (4, (2, 3)), (0, (1, 2, 3))],  # the same, with a part taken apart
        [(0, (1, 2, 3)), (4, (2, 3)), (0, (1, 4))],  # the same, with two parts brought together
        [(0, (1, 2)), (0, (2, 3))],  # parts in common
        [(0, (1, 2)), (1, (0, 3))],  # in a circle
        [(1, (2, 3)), (0, (1, 2))],  # over a line and its own part
    ],
)
def test_of_sums_that_contradict_each_other_the_last_does_not_stand(sums: list[tuple[int, tuple[int, ...]]]) -> None:
    assert standing(*sums) == sums[:-1]


@pytest.mark.parametrize(
    "sums",
    [
        [(0, (1, 4)), (4, (2, 3))],
        [(0, (1, 2)), (0, (3, 4))],  # a total taken apart in two ways
        [(0, (1, 4)), (4, (2, 3)), (0, (5, 6))],
    ],
)
def test_sums_that_agree_stand_together(sums: list[tuple[int, tuple[int, ...]]]) -> None:
    assert standing(*sums) == sums
