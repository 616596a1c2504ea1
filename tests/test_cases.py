"""The cases of the shipped rules: `tests/cases/<rule id>.yaml`, run as `budgetaudit rules test` runs an auditor's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.authoring import cases
from budgetaudit.authoring.commands import load
from budgetaudit.rulefiles.rulefile import packs

FOLDER = Path(__file__).parent / "cases"
RULES = {pack: load((pack,), "en") for pack in packs()}
CASES = cases.load(FOLDER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: cases.Case) -> None:
    ruleset = next(ruleset for ruleset in (RULES["korea-local"], *RULES.values()) if ruleset.find(case.rule))
    assert [fault.text() for fault in cases.run([case], ruleset)] == []


def test_every_shipped_rule_has_a_passing_a_failing_and_a_blank_case() -> None:
    lacking = [fault.text() for ruleset in RULES.values() for fault in cases.unshown(CASES, ruleset)]
    assert sorted(set(lacking)) == []


def test_every_case_belongs_to_a_shipped_rule() -> None:
    shipped = {rule.id for ruleset in RULES.values() for rule in ruleset.rules}
    assert {case.rule for case in CASES} <= shipped
