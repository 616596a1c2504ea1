"""The samples give exactly the findings their page says; so do the published documents behind them, where they are at hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from budgetaudit.kinds import KINDS
from budgetaudit.model import Audit, Comparison
from budgetaudit.pipeline import audit
from budgetaudit.rulefiles.rulefile import load

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
SEEDS = ROOT.parent / "shared" / "seeds"
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


def lines(comparison: Comparison) -> set[int | None]:
    return {figure.place.line for figure in (comparison.stated, *(figure for _, figure in comparison.operands))}


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


# --- the published documents ---------------------------------------------------------------------


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> Audit:
    path = next(iter(SEEDS.glob(f"{request.param}_*")), None)
    if path is None:
        pytest.skip("the published documents are not at hand")
    return audit([path], RULES)


@pytest.mark.parametrize("seed", ["004"], indirect=True)
def test_a_summary_that_differs_from_its_details(seed: Audit) -> None:
    assert found(seed) == SLIPS
    finding = next(finding for finding in seed.findings if finding.kind == "agree")
    assert [place.line for _, place, _ in finding.places] == [86, 124]
    assert {len(comparison.operands) for comparison in passed(seed, "sum")} >= {2, 3, 5, 7, 10}
    pledges = [comparison for comparison in passed(seed, "sum") if comparison.stated.text.strip() in ("66", "51")]
    assert {frozenset(f.text.strip() for _, f in c.operands) for c in pledges} >= {
        frozenset(("51", "15")),
        frozenset(("12", "39")),
    }
    ties = [comparison for comparison in seed.comparisons if comparison.rule == "summary-detail"]
    assert {frozenset(lines(comparison)) for comparison in ties} == {frozenset((85, 109)), frozenset((86, 124))}


@pytest.mark.parametrize("seed", ["000"], indirect=True)
def test_execution_over_plan(seed: Audit) -> None:
    assert found(seed) == OVER
    sums = {comparison.verdict for comparison in seed.comparisons if comparison.kind == "sum" and comparison.rule in TABLES}
    assert sums == {"pass"}
    limits = [comparison for comparison in seed.comparisons if comparison.rule == "execution-within-plan"]
    texts = {
        (comparison.stated.text.strip(), *(figure.text.strip() for _, figure in comparison.operands)) for comparison in limits
    }
    assert ("77", "60") in texts
    assert ("179", "640") not in texts
    for comparison in limits:
        years = [re.findall(r"20\d\d", figure.label) for figure in (comparison.stated, comparison.operands[-1][1])]
        assert years[0] == years[1]


@pytest.mark.parametrize("seed", ["001"], indirect=True)
def test_targets_and_pledges_pass(seed: Audit) -> None:
    assert found(seed) == []
    for kind in ("change", "rate"):
        verdicts = [comparison.verdict for comparison in seed.comparisons if comparison.kind == kind]
        assert len(verdicts) >= 4
        assert set(verdicts) == {"pass"}
    assert [comparison.stated.text.strip() for comparison in passed(seed, "sum")] == ["57건"]


@pytest.mark.parametrize("seed", ["003"], indirect=True)
def test_no_alarm_where_there_are_no_tables(seed: Audit) -> None:
    assert found(seed) == []
