"""A row of a ledger gets the verdict that the same figures get in a document, whatever the amounts, units and tolerances."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetaudit.engines import groups
from budgetaudit.engines.linear import Column, LinearComparison, Malformed, Value, weigh
from budgetaudit.engines.pandas_kernel import MALFORMED, PASS, confront, scale
from budgetaudit.engines.pieces import Amounts, Piece
from budgetaudit.model import VERDICTS, Comparison, Figure, Place, Unit
from budgetaudit.relations.confront import confront as document_confront
from budgetaudit.relations.judge import NOT_EVALUATED
from budgetaudit.relations.relation import Relation, Term
from budgetaudit.rulefiles.rule import Rule, Tolerance
from tests.searching import examples

NAMES = ("a", "b", "c", "d")
WON, THOUSAND = Unit("원", "money", Decimal(1)), Unit("천원", "money", Decimal(1000))
tolerances = st.one_of(
    st.just(Tolerance()),
    st.just(Tolerance("exact")),
    st.builds(Tolerance, st.just("amount"), st.decimals(0, 50, places=1)),
    st.builds(Tolerance, st.just("percent"), st.decimals(0, 20, places=1)),
)
coefficients = st.sampled_from([Fraction(1), Fraction(-1), Fraction(100), Fraction(1, 2)])
integers = st.one_of(st.integers(-30, 30), st.integers(-(10**6), 10**6), st.integers(-(2**63) + 1, 2**63 - 1))


@st.composite
def cases(draw: st.DrawFn) -> tuple[LinearComparison, dict[str, Column], Piece]:
    sides = draw(st.permutations(NAMES))
    cut = draw(st.integers(1, 3))
    left, rest = sides[:cut], sides[cut:]
    divisor = rest[-1:] if len(rest) > 1 and draw(st.booleans()) else ()
    right = rest[: len(rest) - len(divisor)]
    weighted = [tuple((draw(coefficients), name) for name in side) for side in (left, right, divisor)]
    comparison = LinearComparison(
        "r",
        "formula",
        weighted[0],
        draw(st.sampled_from(["=", "=", "!=", "<=", "<", ">=", ">"])),
        weighted[1],
        draw(st.sampled_from([Fraction(0), Fraction(5), Fraction(-7, 2)])),
        weighted[2],
        draw(tolerances),
        draw(st.sampled_from(["missing", "zero"])),
    )
    columns = {
        name: Column(
            name, draw(st.sampled_from([None, WON, THOUSAND])), draw(st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 10)]))
        )
        for name in NAMES
    }
    return comparison, columns, draw(pieces())


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    rows = draw(st.integers(1, 6))
    amounts = {}
    for name in NAMES:
        blank = np.array(draw(st.lists(st.booleans(), min_size=rows, max_size=rows))) if draw(st.booleans()) else None
        values = np.array(draw(st.lists(integers, min_size=rows, max_size=rows)), dtype=np.int64)
        if blank is not None:
            values[blank] = 0
        amounts[name] = Amounts(values, draw(st.integers(1, 3)), blank)
    irregular: dict[int, dict[str, Value]] = {}
    for row, name in draw(st.sets(st.tuples(st.integers(0, rows - 1), st.sampled_from(NAMES)), max_size=3)):
        irregular.setdefault(row, {})[name] = draw(st.sampled_from([Malformed("x"), Fraction(1, 10000), Fraction(10**20)]))
        amounts[name].values[row] = 0
        if amounts[name].blank is not None:
            amounts[name].blank[row] = False
    return Piece(rows, amounts, irregular=irregular)


def document_verdict(comparison: LinearComparison, columns: dict[str, Column], piece: Piece, row: int) -> Comparison:
    """What the same relation between the figures of a document comes to."""
    rule = Rule("r", "formula", tolerance=comparison.tolerance)
    terms = []
    for side, terms_of_side in (("stated", comparison.left), ("part", comparison.right), ("divisor", comparison.divisor)):
        for weight, name in terms_of_side:
            value, column = piece.value(row, name), columns[name]
            amount = None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
            step = Decimal(column.step.numerator) / Decimal(column.step.denominator)
            malformed = any(cell[:2] == (row, name) for cell in piece.malformed)
            figure = Figure(amount, "x", Place("x"), step, column.unit, malformed=malformed)
            terms.append(Term(figure, weight, side))
    relation = Relation(
        rule,
        tuple(terms),
        operator=comparison.operator,
        constant=comparison.constant,
        rounded="either" if comparison.divisor else "nearest",
        blanks=comparison.blanks,
    )
    return document_confront(relation)


@settings(max_examples=examples(1000), deadline=None)
@given(cases())
def test_a_ledger_is_judged_as_a_document_is(case: tuple[LinearComparison, dict[str, Column], Piece]) -> None:
    comparison, columns, piece = case
    weighed = weigh(comparison, columns)
    scaled = scale(weighed, {name: amounts.places for name, amounts in piece.amounts.items()})
    outcome = confront(scaled, piece, {})
    found = {} if outcome is None else {int(row): at for at, row in enumerate(outcome.rows)}
    names = comparison.columns()
    for row in range(piece.rows):
        code = PASS if row not in found else int(outcome.codes[found[row]])
        if any(isinstance(piece.value(row, name), Malformed) for name in names):
            assert code == MALFORMED
            continue
        blank = [name for _, name in (*comparison.left, *comparison.right) if piece.value(row, name) is None]
        if comparison.stated in blank and (comparison.blanks == "zero" or len(comparison.left) > 1):
            continue  # a document states nothing there
        expected = document_verdict(comparison, columns, piece, row)
        assert VERDICTS[min(code, NOT_EVALUATED)] == expected.verdict
        if expected.verdict in ("fail", "rounding") and not comparison.divisor and comparison.left[0][0] == 1:
            at = found[row]
            assert (outcome.stated[at] - outcome.expected[at]) * scaled.whole() == Fraction(expected.difference)


# --- sums per key --------------------------------------------------------------------------------

KEYS = st.sampled_from([b"", b"G1", b"0101", b"101", b"a long key", b"a long kez", b"another of several words"])
entries = st.lists(st.tuples(KEYS, KEYS, st.integers(-(2**62), 2**62)), max_size=30)


@settings(max_examples=examples(100), deadline=None)
@given(parts=st.lists(entries, min_size=1, max_size=4), at_once=st.integers(1, 40))
def test_sums_per_key_are_exact_however_they_are_grouped(parts: list[list[tuple[bytes, bytes, int]]], at_once: int) -> None:
    row = 0
    expected: dict[tuple[bytes, bytes], list[int]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "AT_ONCE", at_once)
        table = groups.GroupTable(("a", "b"), ("amount",))
        for part in parts:
            values = np.array([entry[2] for entry in part], dtype=np.int64)
            texts = {name: pa.array([entry[at] for entry in part], pa.binary()) for at, name in enumerate("ab")}
            piece = Piece(len(part), {"amount": Amounts(values, 0, values == 0)}, texts)
            table.add(*groups.rows_of(piece, "ab", ["amount"]), row)
            for at, (one, other, value) in enumerate(part, row):
                group = expected.setdefault((one, other), [0, at, at, 0, True])
                group[:] = group[0] + 1, group[1], at, group[3] + value, group[4] and value == 0
            row += len(part)
        sums = table.sums.finish()
    found = {
        tuple(sums[name].array[at] for name in table.keys): [
            int(sums[name].iloc[at]) for name in ("rows", "first", "last", "s0", "b0")
        ]
        for at in range(len(sums))
    }
    assert found == expected
    assert list(sums["first"]) == sorted(sums["first"])
