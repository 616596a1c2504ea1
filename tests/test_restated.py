"""One contradiction is told once, whichever rules see it."""

from __future__ import annotations

from budgetaudit.authoring.commands import load
from budgetaudit.pipeline import audit_document, gather, vocabulary_of
from tests.grids import document


def told(*blocks: str) -> list[tuple[str, str]]:
    """(rule, printed) of each finding under the default pack."""
    rules = load(("korea-local",), "en")
    audit = gather([audit_document(document(*blocks), rules, vocabulary_of(rules))], rules)
    return [(finding.rule, finding.places[0][2]) for finding in audit.findings]


def test_a_change_that_a_header_prints_as_a_formula_is_told_once() -> None:
    rows = "여비|6,200|7,010|810\n수당|9,400|9,870|740\n장비|5,600|5,320|△280\n도서|2,300|2,415|115"
    text = f"과목|전년도(A)|금년도(B)|증감(B-A)\n{rows}"
    assert told(text) == [("change", "740")]


def test_two_different_relations_of_one_figure_are_both_told() -> None:
    text = "사업|국비|지방비|계\n가|10|20|30\n나|14|25|39\n다|15|15|33\n라|21|12|33\n합계|60|72|132"
    assert told(text) == [("funding-sources", "33"), ("items", "132")]
