"""Rules explained: one for the terminal, all of them in rules/README.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from budgetaudit import kinds
from budgetaudit.messages import TEXTS
from budgetaudit.rulefiles.catalogue import explain, markdown
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.rulefiles.rulefile import load, packs
from tests.test_rulefile import KINDS

RULES = """
title: {ko: 합계, en: Sums}
rules:
- id: funding-sources
  title: {ko: 재원별 금액의 합은 계와 같아야 한다, en: Fund sources | add up to the total}
  kind: sum
  along: source
  parts: [national, local]
  severity: warning
  why: {ko: 다르면 둘 중 하나가 틀렸다, en: One of them must be wrong}
  basis: 지방재정법
  where: {table: [세출*, 세입*]}
  example: |
    재원 | 2025
    계   | 29
    국비 | 30
- id: execution-within-plan
  kind: within
  left: {measure: execution, source: [total, local]}
  right: {measure: plan}
  tolerance: 1000
- {id: gone, kind: change, retired: "0.3"}
"""

ENGLISH = """\
funding-sources: Fund sources | add up to the total
Why: One of them must be wrong
Basis: 지방재정법
Kind: sum: a total must be the sum of its parts along a dimension
Settings: along: source; parts: [national, local]
Where: table: 세출*, 세입*
Severity: warning
Tolerance: rounding
Example: 재원 | 2025
계   | 29
국비 | 30

To waive: write 'rule: funding-sources' with place, difference and reason into a waiver file and give it with --waivers
Defined in: mine.yaml:4
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RuleSet:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(RULES, encoding="utf-8")
    return load("mine.yaml", KINDS)


def test_a_rule_explained(rules: RuleSet) -> None:
    assert explain(rules.rules[0], "en") == ENGLISH


def test_a_rule_explained_in_korean(rules: RuleSet) -> None:
    lines = explain(rules.rules[1], "ko").splitlines()
    assert lines[0] == "execution-within-plan: execution-within-plan"
    assert lines[2] == (
        "설정: left: {measure: execution, source: [total, local]}; right: {measure: plan} "
        "(execution 집행액, source 재원, local 시군구비, plan 계획액)"
    )
    assert "허용 오차: 1,000" in lines


def test_a_retired_rule_says_so(rules: RuleSet) -> None:
    assert explain(rules.rules[2], "en").splitlines()[1] == "Retired since: 0.3"


def test_every_text_of_a_rule_is_in_the_catalogue_once(rules: RuleSet) -> None:
    page = markdown({"mine": rules, "again": rules})
    what = "재원별 금액의 합은 계와 같아야 한다<br>Fund sources \\| add up to the total"
    assert f"| [funding-sources](#funding-sources) | {what} | sum | warning | mine, again |" in page
    assert "## 합계 · Sums · `mine.yaml`\n" in page
    for rule in rules.rules:
        assert page.count(f"### {rule.id}\n") == 1
    for text in ("다르면 둘 중 하나가 틀렸다", "One of them must be wrong", "**재원별 금액의 합은 계와 같아야 한다**"):
        assert page.count(text) == 1
    assert page.count("  국비 | 30\n") == 2


def _kinds() -> dict[str, Any]:
    return {name: kind.options for name, kind in kinds.KINDS.items()}


def test_every_kind_is_explained() -> None:
    assert all(f"kind-{name}" in TEXTS for name in kinds.KINDS)


def test_the_catalogue_is_up_to_date(request: pytest.FixtureRequest) -> None:
    page = markdown({pack: load(pack, _kinds()) for pack in packs()})
    path = Path(__file__).parent.parent / "rules" / "README.md"
    if request.config.getoption("--update-golden"):
        path.write_text(page, encoding="utf-8")
    assert page == path.read_text(encoding="utf-8"), "run budgetaudit rules --markdown > rules/README.md"
