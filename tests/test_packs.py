"""Packs of one's own: rules that fit no table are not applicable and said, misspelt columns are errors of the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

SOUND = "구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n"
FUNDS = "- {id: funds, kind: formula, check: 국비 + 시비 = 계}\n"
OTHERS = """- {id: departments, kind: formula, check: 부서예산 <= 배정예산}
- {id: rates, kind: formula, check: 집행액 / 예산액 * 100 = 집행률}
- {id: elsewhere, kind: formula, check: 국비 = 계, where: {file: 'other*.csv'}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(SOUND, encoding="utf-8")
    return tmp_path


def checked(run: Callable[..., Run], rules: str, *more: str) -> Run:
    Path("own.yaml").write_text(rules, encoding="utf-8")
    return run("check", "plan.csv", "--rules", "own.yaml", *more)


def test_a_pack_passes_on_a_file_that_some_of_its_rules_fit(run: Callable[..., Run]) -> None:
    result = checked(run, FUNDS + OTHERS)
    assert result.code == 0
    assert "not applicable to these files: departments, rates" in result.out  # a rule of another file is passed over silently
    assert "elsewhere" not in result.out


def test_a_misspelt_column_is_an_error_of_the_run(run: Callable[..., Run]) -> None:
    result = checked(run, FUNDS + "- {id: wrong, kind: formula, check: 국비예산 + 시비 <= 계}\n")
    assert (result.code, result.err) == (3, "rule wrong: no table has the columns 국비예산 (did you mean 국비?)\n")


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        (OTHERS.splitlines()[0], "rule departments: no table has the columns 부서예산, 배정예산"),
        (OTHERS.splitlines()[2], "own.yaml: none of its 1 rules fits these files"),
    ],
)
def test_a_file_none_of_whose_rules_fits_is_an_error_of_the_run(rules: str, line: str, run: Callable[..., Run]) -> None:
    for more in ((), ("--rules", "korea-local")):
        result = checked(run, rules + "\n", *more)
        assert (result.code, result.err.startswith(line)) == (3, True)


def test_tables_shows_where_each_rule_applied(run: Callable[..., Run]) -> None:
    Path("own.yaml").write_text(FUNDS + OTHERS, encoding="utf-8")
    printed = run("tables", "plan.csv", "--rules", "own.yaml").out
    assert "funds: table 1 (pass 3)" in printed
    assert "departments: no table has the columns 부서예산, 배정예산" in printed
    assert "elsewhere: `where` fits no table of this file" in printed
    report = json.loads(run("tables", "plan.csv", "--rules", "own.yaml", "--format", "json").out)
    assert report["rules"][0]["tables"] == [{"table": 1, "pass": 3, "rounding": 0, "fail": 0, "not_evaluated": 0}]


def test_tables_reads_with_the_vocabulary_of_the_rules(run: Callable[..., Run]) -> None:
    Path("own.yaml").write_text("columns:\n  시비: {source: other}\nrules:\n" + FUNDS, encoding="utf-8")
    assert "source: other" in run("tables", "plan.csv", "--rules", "own.yaml").out


def test_new_rules_are_what_holds(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text("사업명,총예산,국비,시비\n가,30,10,20\n나,50,25,25\n다,70,31,39\n라,90,40,50\n", encoding="utf-8")
    assert 'check: "총예산 = 국비 + 시비"' in run("rules", "new", "plan.csv").out
    rows = [f"사업{n},{n * 7 + n % 13},{n * 7},{n % 13},{n}" for n in range(1, 30_000)]
    Path("ledger.csv").write_text("\n".join(["사업명,총예산,국비,시비,번호", *rows]) + "\n", encoding="utf-8")
    assert 'check: "총예산 = 국비 + 시비"' in run("rules", "new", "ledger.csv").out


def test_a_rule_about_keys_turns_no_file_without_them_into_a_ledger(run: Callable[..., Run]) -> None:
    Path("own.yaml").write_text(FUNDS + "- {id: once, kind: unique, key: [voucher_no]}\n", encoding="utf-8")
    report = json.loads(run("check", "plan.csv", "--rules", "own.yaml", "--format", "json").out)
    assert [source["format"] for source in report["inputs"]] == ["csv"]
    assert (report["summary"]["pass"], report["errors"]) == (3, [])


LEDGER = "전표,국비,시비,계\n1,10,20,30\n2,5,5,10\n2,1,1,3\n"


@pytest.mark.parametrize("key", ["전표", "전표번호"])
def test_a_pack_passes_on_a_ledger_that_some_of_its_rules_fit(key: str, run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text(LEDGER, encoding="utf-8")
    rules = FUNDS + OTHERS + f"- {{id: once, kind: unique, key: [{key}]}}\n"
    for more in ((), ("--engine", "pandas")):
        result = checked(run, rules, "--lang", "en", *more)
        assert (result.code, result.err) == (1, "")
        assert "not applicable to these files: departments, rates" in " ".join(result.out.split())


def test_a_misspelt_column_of_a_ledger_is_an_error_of_the_run(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text(LEDGER, encoding="utf-8")
    for more in ((), ("--engine", "pandas")):
        result = checked(run, FUNDS + "- {id: wrong, kind: formula, check: 국비예산 + 시비 <= 계}\n", "--lang", "en", *more)
        assert (result.code, result.err) == (3, "rule wrong: no table has the columns 국비예산 (did you mean 국비?)\n")
