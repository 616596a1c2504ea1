"""What a failed comparison is put down to: slips of one figure, blanks, misplaced numbers, whole lines, stale summaries."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.diagnosis.causes import Diagnosis, diagnose
from budgetaudit.diagnosis.equations import equation, key_of
from budgetaudit.model import Comparison, Figure, Message, Place, Severity
from budgetaudit.relations.relation import Computed, Relation, Side, Term, states
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.rule import Rule

RULE = Rule("rule", "sum")  # type: ignore[arg-type]

TABLE = (  # total, parts: rows of a table whose first row is the sum of the others
    ("127860", "48211", "53097", "26552"),
    ("71325", "20846", "31742", "18737"),
    ("56535", "27365", "21355", "7815"),
)


def figure(text: str, row: int, column: int, table: int = 1) -> Figure:
    value = Decimal(text.replace(",", "")) if text else None
    return Figure(value, text, Place("plan.csv", table=table, row=row, column=column), Decimal(1))


def compared(
    stated: Figure,
    parts: Sequence[Figure],
    relation: str = "",
    *,
    kind: str = "sum",
    severity: Severity = "error",
    expected: Decimal | None = None,
    bound: Decimal = Decimal(0),
    roles: Sequence[str] = (),
    proposal: Relation[Figure] | None = None,
) -> Comparison:
    assert stated.value is not None
    made = sum((part.value for part in parts if part.value is not None), Decimal(0)) if expected is None else expected
    difference = stated.value - made
    named = roles or ["part" if part.value is not None else "blank" for part in parts]
    verdict = "pass" if not difference else "rounding" if abs(difference) <= bound else "fail"
    operands = tuple(zip(named, parts, strict=True))
    proposed = None if kind in ("notation", "product") else proposal or Relation(RULE, (states(stated), *map(Term, parts)))
    if set(roles) == {"factor"}:
        proposed = Computed(RULE, stated, Interval(made, made), operands)
    message, operator = Message("sum-differs"), "<=" if kind == "within" else "="
    return Comparison(
        "rule", kind, verdict, stated, made, difference, bound, operands, message, severity, relation, None, operator, proposed
    )  # fmt: skip


def sums(rows: Sequence[Sequence[str]]) -> list[Comparison]:
    """Each row as total and parts, each column the first row as the total of the others."""
    grid = [[figure(text, r, c) for c, text in enumerate(row, start=1)] for r, row in enumerate(rows, start=1)]
    across = [compared(row[0], row[1:], "across") for row in grid if row[0].value is not None]
    down = [compared(column[0], column[1:], "down") for column in zip(*grid, strict=True) if column[0].value is not None]
    return across + down


def with_cells(cells: dict[tuple[int, int], str], rows: Sequence[Sequence[str]] = TABLE) -> list[list[str]]:
    return [[cells.get((r, c), text) for c, text in enumerate(row, start=1)] for r, row in enumerate(rows, start=1)]


def first(diagnosis: Diagnosis) -> tuple[int | None, int | None, str, str, str]:
    """Row, column, slip, value and certainty of the only cause's first suspect."""
    (suspects,) = diagnosis.suspects.values()
    found = suspects[0]
    return found.place.row, found.place.column, found.repair, f"{found.value:f}", found.tier


def test_a_table_that_adds_up_has_no_cause() -> None:
    assert diagnose(sums(TABLE)) == Diagnosis({}, {}, {})


@pytest.mark.parametrize(
    ("wrong", "slip"),
    [
        ("31472", "transposition"),
        ("31782", "digit"),
        ("3142", "dropped-digit"),
        ("317442", "added-digit"),
        ("317420", "decimal-point"),
        ("3174.2", "decimal-point"),
        ("31742000", "unit"),
        ("-31742", "sign"),
        ("", "blank"),
        ("21355", "shifted"),  # its neighbour's below
        ("90016", "other"),  # no slip, but row and column agree on what it should be
    ],
)
def test_one_wrong_part_breaks_two_sums_and_is_one_cause(wrong: str, slip: str) -> None:
    diagnosis = diagnose(sums(with_cells({(2, 3): wrong})))
    assert first(diagnosis) == (2, 3, slip, "31742", "certain")
    assert len(set(diagnosis.cause_of.values())) == 1
    assert len(diagnosis.cause_of) == 2


def test_a_value_that_is_no_slip_and_that_one_sum_asks_for_is_unresolved() -> None:
    (suspects,) = diagnose([compared(figure("90000", 1, 1), [figure("31742", 2, 1), figure("26552", 3, 1)])]).suspects.values()
    assert {suspect.tier for suspect in suspects} == {"unresolved"}


def test_what_two_relations_agree_on_comes_before_a_slip_that_breaks_a_third() -> None:
    """A total of changes that was added up without the sign of one: sum and difference both say what it should be."""
    rows = (("45310200", "43120400", "2189800"), ("12405150", "13011070", "-605920"), ("98250000", "95800000", "2450000"))
    total = (figure("155965350", 5, 2), figure("151931470", 5, 3), figure("5245720", 5, 4))
    lines = [
        *((figure(new, r, 2), figure(old, r, 3), figure(change, r, 4)) for r, (new, old, change) in enumerate(rows, 2)),
        total,
    ]
    across = [
        compared(
            change,
            [new, old],
            "across",
            kind="change",
            expected=(new.value or Decimal(0)) - (old.value or Decimal(0)),
            proposal=Relation(RULE, (states(change), Term(new), Term(old, Fraction(-1)))),
        )
        for new, old, change in lines
    ]
    down = [compared(total[c], [line[c] for line in lines[:-1]], "down") for c in range(3)]
    diagnosis = diagnose([*across, *down])
    assert first(diagnosis) == (5, 4, "other", "4033880", "certain")
    assert len(diagnosis.cause_of) == 2


def test_a_blank_in_one_sum_may_hold_what_it_lacks() -> None:
    parts = [figure("31742", 2, 1), figure("", 3, 1), figure("18737", 4, 1)]
    assert first(diagnose([compared(figure("71325", 1, 1), parts)])) == (3, 1, "blank", "20846", "likely")


def test_a_total_that_leaves_a_part_out() -> None:
    parts = [figure(text, row, 1) for row, text in enumerate(("31742", "20846", "18737"), start=2)]
    assert first(diagnose([compared(figure("50479", 1, 1), parts)])) == (1, 1, "omitted", "71325", "certain")


def test_a_total_that_counts_a_part_twice() -> None:
    parts = [figure(text, row, 1) for row, text in enumerate(("31742", "20846", "18737"), start=2)]
    assert first(diagnose([compared(figure("92171", 1, 1), parts)])) == (1, 1, "double", "71325", "certain")


def test_totals_that_leave_the_same_part_out_are_one_cause() -> None:
    rows = [*TABLE[1:], ("33000", "11000", "12000", "10000")]
    totals = [str(int(TABLE[1][c - 1]) + int(rows[2][c - 1])) for c in (1, 2, 3, 4)]
    diagnosis = diagnose([one for one in sums([totals, *rows]) if one.relation == "down"])
    ((root, suspects),) = diagnosis.suspects.items()
    assert [suspect.repair for suspect in suspects] == ["omitted"] * 4
    assert set(diagnosis.cause_of.values()) == {root}


def test_a_row_in_another_unit_is_one_cause() -> None:
    thousand = {(3, c): TABLE[2][c - 1] + "000" for c in (1, 2, 3, 4)}
    diagnosis = diagnose(sums(with_cells(thousand)))
    (suspects,) = diagnosis.suspects.values()
    assert {suspect.repair for suspect in suspects} == {"unit"}
    assert {suspect.place.row for suspect in suspects} == {3}


ROWS = (("11740", "4213", "5187", "2340", ""), ("9815", "1362", "6044", "2409", ""), ("7038", "2951", "1876", "2211", ""))


def test_a_row_whose_numbers_stand_one_column_off_is_one_cause() -> None:
    rows = [[str(sum(int(row[c] or 0) for row in ROWS)) for c in range(5)], *map(list, ROWS)]
    rows[2] = [rows[2][0], "", *rows[2][1:4]]
    diagnosis = diagnose(sums(rows))
    (suspects,) = diagnosis.suspects.values()
    assert [(s.place.row, s.place.column, s.repair, f"{s.value:f}") for s in suspects] == [
        (3, 5, "shifted", "0"),
        (3, 2, "shifted", "1362"),
        (3, 3, "shifted", "6044"),
        (3, 4, "shifted", "2409"),
    ]


def test_a_summary_that_a_change_did_not_reach_is_one_cause() -> None:
    share, total, detail_share, detail_total = (
        figure("39981", 1, 2),
        figure("77360", 1, 1),
        figure("39681", 1, 2, table=2),
        figure("77060", 1, 1, table=2),
    )
    other = figure("37379", 1, 3)
    parts = [figure("21640", 2, 2, table=2), figure("18041", 3, 2, table=2)]
    found = [
        compared(total, [share, other]),
        compared(share, [detail_share], kind="agree", roles=["expected"]),
        compared(total, [detail_total], kind="agree", roles=["expected"]),
        compared(detail_share, parts),
        compared(detail_total, [detail_share, figure("37379", 1, 3, table=2)]),
    ]
    diagnosis = diagnose(found)
    ((root, suspects),) = diagnosis.suspects.items()
    assert [(suspect.text, f"{suspect.value:f}", suspect.repair) for suspect in suspects] == [
        ("39981", "39681", "stale"),
        ("77360", "77060", "stale"),
    ]
    assert diagnosis.evidence[root].code == "cause-stale-supported"
    assert set(diagnosis.cause_of) == {1, 2}


def test_the_gravest_failure_stands_for_its_cause() -> None:
    rows = [[figure(text, r, c) for c, text in enumerate(row, 1)] for r, row in enumerate(with_cells({(2, 3): "31472"}), 1)]
    warning = compared(rows[1][0], rows[1][1:], severity="warning")
    error = compared(rows[0][2], [row[2] for row in rows[1:]])
    assert diagnose([warning, error]).cause_of == {0: 1, 1: 1}


@pytest.mark.parametrize(
    ("stated", "operands", "sides", "form"),
    [
        ("9.7", ("7700", "7019", "7019"), ((100, "part"), (-100, "part"), (1, "divisor")), "ratio"),
        ("40", ("60", "100"), ((1, "stated"), (1, "part")), "signed"),
        ("12", ("4", "4", "4"), ((1, "part"), (1, "part"), (1, "part")), "sum"),
    ],
)
def test_an_equation_has_the_weights_of_its_relation(
    stated: str, operands: Sequence[str], sides: Sequence[tuple[int, Side]], form: str
) -> None:
    given = figure(stated, 1, 1)
    parts = [figure(text, 1, 2 + operands.index(text)) for text in operands]
    if form == "sum":
        parts = [figure(text, 1, column) for column, text in enumerate(operands, start=2)]
    terms = (Term(part, Fraction(weight), side) for part, (weight, side) in zip(parts, sides, strict=True))
    proposal = Relation(RULE, (states(given), *terms))
    bound = Decimal("0.05") if form == "ratio" else Decimal(0)
    made = equation(compared(given, parts, expected=given.value, bound=bound, proposal=proposal))
    assert made is not None
    assert made.form == form
    key = key_of(parts[0])
    assert made.holds({})
    assert not made.holds({key: 2 * made.terms[key]})
    low, high = made.solutions(key) or (0, 0)
    assert made.holds({key: (low + high) / 2})


def test_a_product_is_solved_for_its_factors() -> None:
    factors = [figure("87750", 1, 2), figure("12", 1, 3)]
    made = equation(compared(figure("1053000", 1, 1), factors, expected=Decimal(1053000), roles=("factor", "factor")))
    assert made is not None
    assert made.solutions(key_of(factors[1])) == (12, 12)
    assert not made.holds({key_of(factors[0]): Fraction(87760)})


def test_a_slip_is_found_within_a_wide_allowance() -> None:
    """3,128,300 × 36 = 112,618,800, printed to the thousand: the slip, not the middle, is what was meant."""
    stated = figure("-112619000", 1, 1)
    factors = [figure("3128300", 1, 2), figure("36", 1, 3)]
    roles = ["factor", "factor"]
    found = compared(stated, factors, kind="product", expected=Decimal(112618800), bound=Decimal(1000), roles=roles)
    assert first(diagnose([found])) == (1, 1, "sign", "112619000", "likely")


def test_a_point_among_commas_is_the_suspect_of_its_own_finding() -> None:
    point = Figure(Decimal("138.731"), "138.731", Place("plan.csv", table=1, row=3, column=3))
    found = compared(point, [], kind="notation", expected=Decimal(138731))
    assert first(diagnose([found])) == (3, 3, "decimal-point", "138731", "likely")
    total = compared(figure("200000", 3, 1), [point, figure("61269", 3, 2)])
    assert diagnose([found, total]).cause_of == {0: 0, 1: 0}
    assert diagnose([compared(point, [], kind="notation", expected=point.value)]) == Diagnosis({}, {}, {})


def test_a_cell_that_spans_two_rows_is_a_term_of_both() -> None:
    part = figure("20", 2, 1)
    made = equation(compared(figure("40", 1, 1), [part, part]))
    assert made is not None
    assert made.weights == {key_of(part): 2}


def test_what_exceeds_its_limit_in_two_places_is_no_stale_plan() -> None:
    plan = [figure(text, 1, c, table=1) for c, text in enumerate(("60", "60", "0"), start=1)]
    spent = [figure(text, 1, c, table=2) for c, text in enumerate(("77", "77", "0"), start=1)]
    held = [compared(row[0], row[1:], f"of {at}") for at, row in enumerate((plan, spent))]
    beyond = [compared(one, [other], "limit", kind="within") for one, other in zip(spent[:2], plan[:2], strict=True)]
    told = compared(spent[0], [figure("77", 9, 9)], "told", kind="agree")
    diagnosis = diagnose([*held, told, *beyond])
    assert {suspect.repair for found in diagnosis.suspects.values() for suspect in found}.isdisjoint({"stale"})
    assert {suspect.tier for found in diagnosis.suspects.values() for suspect in found} <= {"unresolved"}


def test_a_moved_point_does_not_make_nothing_of_a_number() -> None:
    told, executed = figure("8", 1, 1, table=1), figure("0", 1, 1, table=2)
    diagnosis = diagnose([compared(executed, [told], bound=Decimal("0.5"))])
    assert {suspect.repair for found in diagnosis.suspects.values() for suspect in found}.isdisjoint({"unit", "decimal-point"})


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ([("4323", 5)], "4323"),
        ([("4323", 5), ("999", 6)], "4323"),
        ([("-4323", 5)], None),  # what lies the other way
        ([("4323", 5), ("4323", 6)], None),  # which of them?
        ([("4324", 5)], None),
        ([], None),
    ],
)
def test_a_difference_that_a_row_outside_the_sum_prints(printed: list[tuple[str, int]], said: str | None) -> None:
    parts = [figure(text, row, 2) for row, text in enumerate(("13210", "8105", "3990"), start=1)]
    total = figure("29628", 4, 2)
    beside = [figure(text, row, 2) for text, row in printed]
    elsewhere = [figure("4323", 5, 3), figure("4323", 5, 2, table=2)]
    diagnosis = diagnose([compared(total, parts)], [total, *parts, *beside, *elsewhere])
    (evidence,) = diagnosis.evidence.values()
    assert (evidence.args["text"] if evidence.code == "cause-outside" else None) == said


def test_a_small_difference_is_equal_to_something_by_chance() -> None:
    parts = [figure("130", 1, 2), figure("80", 2, 2), figure("30", 3, 2)]
    diagnosis = diagnose([compared(figure("260", 4, 2), parts)], [figure("20", 5, 2)])
    assert {evidence.code for evidence in diagnosis.evidence.values()} == {"cause-equal"}
