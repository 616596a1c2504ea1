"""`rules test`: what cases say, what is printed when a rule says otherwise, where cases are looked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.authoring import cases
from budgetaudit.rulefiles.strict_yaml import RuleFileError
from tests.conftest import Run

RULE = "- {id: balance, kind: formula, check: 예산 - 지출 = 남은 돈, severity: error}\n"
WRONG = "my.cases.yaml:8: balance: one is wrong"
CASES = """\
balance:
  all is well:
    table: |
      과목 | 예산 | 지출 | 남은 돈
      도로 | 500,000 | 430,000 | 70,000
      하천 | 380,000 | 310,000 | 70,000
    passed: 2
  one is wrong:
    table: |
      과목 | 예산 | 지출 | 남은 돈
      도로 | 500,000 | 430,000 | 70,000
      하천 | 380,000 | 310,000 | 71,000
    passed: 1
    findings: [{at: D3, stated: 71000, expected: 70000}]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text(RULE, encoding="utf-8")
    Path("my.cases.yaml").write_text(CASES, encoding="utf-8")


def rewrite(old: str, new: str) -> None:
    assert old in CASES
    Path("my.cases.yaml").write_text(CASES.replace(old, new), encoding="utf-8")


def test_cases_that_hold(run: Callable[..., Run]) -> None:
    result = run("rules", "test", "my.yaml")
    assert result.code == 0
    assert result.out == "my.yaml:1: balance: there is no blank case\nmy.yaml: 1 rule, 2 cases, all as stated\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("passed: 2", "passed: 1", "my.cases.yaml:2: balance: all is well: pass is stated as 1, but it is 2"),
        (
            "passed: 2",
            "passed: 2\n    missing: 1",
            "my.cases.yaml:2: balance: all is well: not_evaluated is stated as 1, but it is 0",
        ),
        ("at: D3", "at: D2", "my.cases.yaml:8: balance: one is wrong: not found: {at: D2, stated: 71000, expected: 70000}"),
        (
            "stated: 71000",
            "stated: 17000",
            f"{WRONG}: found, but not stated: {{at: D3, stated: 71000, expected: 70000, severity: error}}",
        ),
        (
            "stated: 71000",
            "stated: 71000, severity: note",
            "my.cases.yaml:8: balance: one is wrong: not found: {at: D3, stated: 71000, expected: 70000, severity: note}",
        ),
        ("balance:", "balanse:", "my.cases.yaml:2: balanse: there is no rule 'balanse' in the rule file"),
        (
            "남은 돈\n      도로",
            "잔고\n      도로",
            "my.cases.yaml:2: balance: all is well: pass is stated as 2, but it is 0",
        ),
    ],
)
def test_cases_that_do_not_hold(run: Callable[..., Run], old: str, new: str, said: str) -> None:
    rewrite(old, new)
    result = run("rules", "test", "my.yaml")
    assert result.code == 1
    assert said in result.out.splitlines()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("passed: 2", "pased: 2", "my.cases.yaml:7: balance: unknown key 'pased' (did you mean 'passed'?)"),
        ("at: D3", "at: D", "my.cases.yaml:8: balance: at: cannot read 'D' (B2, in the second table 2:B2, in a text line 3)"),
        ("passed: 2", "passed: two", "my.cases.yaml:7: balance: passed: expected a number, found 'two'"),
        (
            "  all is well:\n",
            "  all is well: 5\n  more:\n",
            "my.cases.yaml:2: balance: all is well: expected a mapping, found text",
        ),
    ],
)
def test_cases_that_cannot_be_read(run: Callable[..., Run], old: str, new: str, said: str) -> None:
    rewrite(old, new)
    result = run("rules", "test", "my.yaml")
    assert result.code == 2
    assert said in result.err.splitlines()


def test_a_case_needs_a_table_or_a_text() -> None:
    Path("my.cases.yaml").write_text("balance:\n  nothing:\n    passed: 0\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"my.cases.yaml:2: balance: 'table' is missing"):
        cases.load("my.cases.yaml")


def test_no_cases_at_all(run: Callable[..., Run]) -> None:
    Path("my.cases.yaml").unlink()
    result = run("rules", "test", "my.yaml")
    assert (result.code, result.err) == (
        2,
        "my.yaml: there are no cases; write some into my.cases.yaml, or name the file that has them\n",
    )


def test_a_folder_has_a_file_for_each_rule(run: Callable[..., Run]) -> None:
    Path("my.cases.yaml").unlink()
    Path("cases").mkdir()
    body = "\n".join(line.removeprefix("  ") for line in CASES.splitlines()[1:])
    Path("cases/balance.yaml").write_text(body, encoding="utf-8")
    assert run("rules", "test", "my.yaml").code == 0
    Path("cases").rename("elsewhere")
    assert run("rules", "test", "my.yaml").code == 2
    assert run("rules", "test", "my.yaml", "elsewhere").code == 0


def test_places_in_second_tables_and_in_texts() -> None:
    case = cases.Case(table="첫째\n가 | 나\n1 | 2\n\n둘째\n다 | 라\n3 | 4", text="1. 사업비 5억원\n2. 기타")
    grids = list(cases.document(case).grids())
    assert [cell.name for cell in grids[1].cells] == ["A1", "B1", "A2", "B2"]
    assert len(cases.document(case).blocks) == 6
    assert cases.AT.fullmatch("2:B2")
    assert cases.AT.fullmatch("line 12")


def test_columns_beyond_z() -> None:
    table = " | ".join(["0"] * 30)
    [grid] = cases.document(cases.Case(table=table)).grids()
    assert [grid.cells[i].name for i in (0, 25, 26, 29)] == ["A1", "Z1", "AA1", "AD1"]
