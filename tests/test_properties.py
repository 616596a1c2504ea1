"""Documents that balance give no finding; one wrong cell is found; order, unit and format change nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from budgetaudit.kinds import KINDS
from budgetaudit.model import Audit, Finding
from budgetaudit.pipeline import audit
from budgetaudit.reports.wording import headline
from budgetaudit.rulefiles.rulefile import load
from tests.printing import Sheet, write
from tests.searching import examples
from tests.strategies import UNITS, Budget, Slip, broken, budgets

EVERY = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(500))

RULES = load(("korea-local",), {name: kind.options for name, kind in KINDS.items()})
FORMATS = ("csv", "txt", "md", "html", "xlsx")
suffixes = st.sampled_from(FORMATS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("budgets")


def checked(sheets: Sequence[Sheet], folder: Path, suffix: str) -> Audit:
    result = audit([write(sheets, folder, suffix)], RULES)
    assert not result.errors
    return result


def told(findings: Sequence[Finding]) -> list[str]:
    """Findings as a failing test shows them."""
    return [
        f"{f.severity} {f.rule}: {headline(f, 'en')} {[(p.table, p.row, p.column, t) for _, p, t in f.places]}" for f in findings
    ]


def meaning(result: Audit) -> Counter[tuple[object, ...]]:
    """Findings without their places: what must not depend on how a document is laid out."""
    return Counter((f.rule, f.severity, f.places[0][2], *sorted(text for _, _, text in f.places[1:])) for f in result.findings)


@EVERY
@given(budgets(), suffixes)
def test_a_budget_that_balances_has_no_findings(folder: Path, budget: Budget, suffix: str) -> None:
    assert told(checked(budget.sheets, folder, suffix).findings) == []


@EVERY
@given(budgets(exact=False, units=("천원", "백만원", "억원")), suffixes)
def test_rounding_is_no_finding(folder: Path, budget: Budget, suffix: str) -> None:
    """Each number rounded by itself. A note is right only where a lone difference stands among sums that are exact."""
    result = checked(budget.sheets, folder, suffix)
    assert told([f for f in result.findings if f.severity != "note" or f.message.code != "rounding-noted"]) == []


@EVERY
@given(broken(), suffixes)
def test_one_wrong_cell_is_found_and_named(folder: Path, case: tuple[Budget, Slip], suffix: str) -> None:
    budget, slip = case
    result = checked(budget.printing(slip.place, slip.value), folder, suffix)
    assert _names(result, slip), told(result.findings)


@EVERY
@given(broken(), st.data())
def test_the_order_of_rows_changes_no_verdict(folder: Path, case: tuple[Budget, Slip], data: st.DataObject) -> None:
    budget, slip = case
    sheets = list(budget.printing(slip.place, slip.value))
    number = slip.place[0]
    groups = _siblings(budget, number)
    assume(groups)
    first, second = data.draw(st.sampled_from(groups).flatmap(lambda rows: st.permutations(rows).map(lambda order: order[:2])))
    before = meaning(checked(sheets, folder, "csv"))
    sheets[number] = _swapped(sheets[number], first, second, budget.parts[number][0].left - 1)
    assert meaning(checked(sheets, folder, "csv")) == before


def _siblings(budget: Budget, number: int) -> list[tuple[int, ...]]:
    """Rows of items that are parts of one total and have no parts themselves."""
    builder, _ = budget.parts[number]
    if any(line.year for line in builder.rows.lines):
        return []
    lines = builder.rows.lines
    groups = [parts for line in lines for parts in line.sums if not any(lines[part].sums for part in parts)]
    return [tuple(part + builder.top for part in parts) for parts in groups]


def _swapped(sheet: Sheet, first: int, second: int, left: int) -> Sheet:
    """Two rows in each other's place, from their own label on."""
    place = {first: second, second: first}

    def moved(cells: dict) -> dict:  # type: ignore[type-arg]
        return {(place.get(r, r) if c >= left else r, c): value for (r, c), value in cells.items()}

    return replace(sheet, cells=moved(dict(sheet.cells)), stored=moved(dict(sheet.stored)))


@EVERY
@given(broken(units=("천원", "백만원", "억원")), st.sampled_from(["원", "천원"]))
def test_an_exact_change_of_unit_changes_no_verdict(folder: Path, case: tuple[Budget, Slip], unit: str) -> None:
    budget, slip = case
    assume(UNITS[unit] < UNITS[budget.style.unit] and slip.place in budget.numbers)
    other = budget.reprinted(replace(budget.style, unit=unit, decimals=0))
    assume(not any(relation.kind == "rate" and relation.target == slip.place for relation in budget.relations))
    factor = UNITS[budget.style.unit] // UNITS[unit]
    value = None if slip.value is None else slip.value * factor
    coarse = checked(budget.printing(slip.place, slip.value), folder, "csv")
    fine = checked(other.printing(slip.place, value), folder, "csv")
    assert _names(coarse, slip)
    assert _names(fine, slip)
    one, two = _verdicts(coarse), _verdicts(fine)
    common = one.keys() & two.keys()
    assert {key for key in common if one[key] != two[key]} == set()
    assert len(common) * 2 > len(one)


def _names(result: Audit, slip: Slip) -> bool:
    """True if a finding has the wrong cell among its places."""
    number, (row, column) = slip.place
    named = {(place.table, place.row, place.column) for finding in result.findings for _, place, _ in finding.places}
    return (number + 1, row + 1, column + 1) in named


def _verdicts(result: Audit) -> dict[tuple[object, ...], bool]:
    """Which relations fail, by rule and places; a rate of coarse amounts may differ from one of fine amounts."""
    return {
        (c.rule, *((p.table, p.row, p.column) for p in (c.stated.place, *(figure.place for _, figure in c.operands)))): c.verdict
        == "fail"
        for c in result.comparisons
        if c.kind in ("sum", "change", "agree")
    }


@EVERY
@given(broken(), st.sampled_from([suffix for suffix in FORMATS if suffix != "csv"]))
def test_every_format_gives_the_same_findings(folder: Path, case: tuple[Budget, Slip], suffix: str) -> None:
    budget, slip = case
    sheets = budget.printing(slip.place, slip.value)
    found, of_csv = meaning(checked(sheets, folder, suffix)), meaning(checked(sheets, folder, "csv"))
    assert (found - of_csv, of_csv - found) == (Counter(), Counter())
