"""The samples give exactly the findings their page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.kinds import KINDS
from budgetaudit.model import Audit, Comparison
from budgetaudit.pipeline import audit
from budgetaudit.rulefiles.rulefile import load

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
RULES = load(("korea-local",), {name: kind.options for name, kind in KINDS.items()})
TABLES = {rule.id for rule in RULES.rules if Path(rule.file).stem in ("sums", "agreement", "execution", "derived")}

SLIPS = [("error", "77,360", "77,060", 300), ("error", "39,981", "39,681", 300)]
OVER = [("warning", "77", "60", 17), ("warning", "77", "60", 17)]


def found(result: Audit) -> list[tuple[str, str, str, int]]:
    """(severity, printed, what it is held against, difference) of each finding of the rules over tables, notes aside."""
    return [
        (finding.severity, finding.places[0][2], finding.places[1][2], int(finding.difference.value))
        for finding in result.findings
        if finding.places[0][1].table and finding.rule in TABLES and finding.severity != "note" and finding.difference is not None
    ]


def passed(result: Audit, kind: str) -> list[Comparison]:
    return [comparison for comparison in result.comparisons if comparison.kind == kind and comparison.verdict == "pass"]


@pytest.mark.parametrize(
    ("name", "findings", "sums"),
    [
        ("balanced-development.txt", SLIPS, 58),
        ("balanced-development-mended.txt", [], 58),
        ("balanced-development.md", SLIPS, 32),
        ("projects.csv", [], 17),
        ("pledge-card.txt", OVER, 36),
        ("pledge-card-mended.txt", [], 36),
        ("targets.csv", [], 0),
        ("targets.xlsx", [], 1),
    ],
)
def test_a_sample_gives_the_findings_its_page_says(name: str, findings: list[tuple[str, str, str, int]], sums: int) -> None:
    result = audit([DATA / name], RULES)
    assert (result.errors, found(result)) == ((), findings)
    assert len(passed(result, "sum")) >= sums


def test_every_sample_is_tested() -> None:
    tested = {parameter[0] for parameter in test_a_sample_gives_the_findings_its_page_says.pytestmark[0].args[1]}
    assert tested == {path.name for path in DATA.iterdir() if path.suffix != ".yaml"} - {"README.md"}


def test_the_rule_of_its_own_holds_for_the_projects() -> None:
    result = audit([DATA / "projects.csv"], (str(DATA / "my-rules.yaml"),))
    assert (result.count("pass"), result.findings, result.errors) == (17, (), ())
