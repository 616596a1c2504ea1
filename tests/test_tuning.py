"""Rules switched off, re-graded, extended, and applied to some files only: by options, by configuration and by rule files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.paths import matches
from tests.conftest import Run

BROKEN = "구분,계,국비,시비\n합계,46,15,20\n도로,30,10,20\n하천,5,5,0\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def found(run: Callable[..., Run], *arguments: object) -> dict[str, str]:
    report = json.loads(run("check", "plan.csv", *arguments, "--format", "json").out)
    return {finding["rule"]: finding["severity"] for finding in report["findings"]}


def test_options_select_ignore_and_regrade(run: Callable[..., Run]) -> None:
    assert found(run) == {"funding-sources": "error", "items": "error"}
    assert found(run, "--ignore", "items,counts") == {"funding-sources": "error"}
    assert found(run, "--select", "item*") == {"items": "error"}
    assert found(run, "--severity", "items=note", "--severity", "funding-sources=warning") == {
        "funding-sources": "warning",
        "items": "note",
    }
    assert run("check", "plan.csv", "--severity", "*=warning").code == 0


def test_an_overrun_can_be_made_an_error(run: Callable[..., Run]) -> None:
    """What was executed beyond its plan (77 of 60) stops the gate where one wants it to, without a copied pack."""
    head = "(단위: 백만원)\n\n| 재원 | 총계 | 2022 | 2023 |\n| --- | --- | --- | --- |\n"
    plan = f"## 연도별 사업비 투자계획\n\n{head}| 계 | 430 | 60 | 370 |\n| 국비 | 100 | 20 | 80 |\n| 군비 | 330 | 40 | 290 |\n\n"
    spent = f"## 연도별 사업비 집행액\n\n{head}| 계 | 427 | 77 | 350 |\n| 국비 | 97 | 20 | 77 |\n| 군비 | 330 | 57 | 273 |\n"
    Path("plan.md").write_text(plan + spent, encoding="utf-8")
    assert "execution-within-plan" in {f["rule"] for f in json.loads(run("check", "plan.md", "--format", "json").out)["findings"]}
    assert run("check", "plan.md").code == 0
    assert run("check", "plan.md", "--severity", "execution-within-plan=error").code == 1
    Path("budgetaudit.toml").write_text('[severity]\nexecution-within-plan = "error"\n', encoding="utf-8")
    assert run("check", "plan.md").code == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--ignore", "item"], "unknown rule 'item' (did you mean 'items'?)"),
        (["--severity", "items=fatal"], "cannot read 'items=fatal'; write RULE=error, RULE=warning or RULE=note"),
        (["--severity", "items"], "cannot read 'items'; write RULE=error, RULE=warning or RULE=note"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], line: str, run: Callable[..., Run]) -> None:
    result = run("check", "plan.csv", *arguments)
    assert (result.code, result.err) == (2, line + "\n")


def test_the_configuration_tunes_all_files_and_some(run: Callable[..., Run]) -> None:
    Path("drafts").mkdir()
    Path("drafts/plan.csv").write_text(BROKEN, encoding="utf-8")
    Path("budgetaudit.toml").write_text(
        'ignore = ["counts"]\nexclude = ["old"]\n[severity]\nitems = "warning"\n'
        '[per-file]\n"drafts/*.csv" = ["funding-sources"]\n[per-file."plan.csv".severity]\nitems = "note"\n',
        encoding="utf-8",
    )
    Path("old").mkdir()
    Path("old/plan.csv").write_text(BROKEN, encoding="utf-8")
    report = json.loads(run("check", ".", "--format", "json").out)
    rules = {(finding["places"][0]["file"], finding["rule"]): finding["severity"] for finding in report["findings"]}
    assert rules == {
        ("drafts/plan.csv", "items"): "warning",
        ("plan.csv", "funding-sources"): "error",
        ("plan.csv", "items"): "note",
    }


def test_a_rule_extends_a_shipped_one(run: Callable[..., Run]) -> None:
    Path("own.yaml").write_text("- {extends: items, severity: note}\n- {id: again, extends: items, severity: warning}\n")
    for packs in (("--rules", "korea-local", "--rules", "own.yaml"), ("--rules", "own.yaml")):
        assert found(run, *packs, "--select", "items") == {"items": "note"}
        assert found(run, *packs, "--select", "again") == {"again": "warning"}
    Path("own.yaml").write_text("- {extends: items, severity: note}\n", encoding="utf-8")
    assert run("rules", "lint", "own.yaml").code == 0


def test_the_order_is_as_asked_for(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text(BROKEN.replace("46,15", "46,19"), encoding="utf-8")
    report = json.loads(run("check", "plan.csv", "--sort", "amount", "--format", "json").out)
    differences = [abs(int(finding["difference"]["value"])) for finding in report["findings"] if finding["difference"]]
    assert differences == sorted(differences, reverse=True)
    assert [finding["id"] for finding in report["findings"]] == [f"F{n}" for n in range(1, len(report["findings"]) + 1)]


def test_statistics_count_by_rule(run: Callable[..., Run]) -> None:
    printed = run("check", "plan.csv", "--statistics").out.splitlines()
    assert printed[0].split()[:3] == ["rule", "severity", "findings"]
    assert [line.split()[:3] for line in printed[2:4]] == [["funding-sources", "error", "1"], ["items", "error", "1"]]


# --- reports written -------------------------------------------------------------------------


def test_several_reports_each_by_its_suffix(run: Callable[..., Run]) -> None:
    result = run("check", "plan.csv", "-o", "r.csv", "-o", "r.json", "-o", "r.html")
    assert (result.code, result.out) == (1, "")
    verdict = "Verdict: 2 errors. They come from 1 cause."
    assert result.err.splitlines() == [f"r.{suffix} written. {verdict}" for suffix in ("csv", "json", "html")]
    assert Path("r.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["summary"]["error"] == 2


def test_an_unknown_suffix_is_refused(run: Callable[..., Run]) -> None:
    result = run("check", "plan.csv", "-o", "out.odt")
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert "'.odt'" in result.err
    assert not Path("out.odt").exists()
    assert run("check", "plan.csv", "-o", "out.odt", "--format", "json").code == 1


def test_a_file_of_the_run_is_never_written_over(run: Callable[..., Run]) -> None:
    Path("b.json").write_text("x", encoding="utf-8")
    assert run("check", "plan.csv", "-o", "r.json", "-o", "./r.json").code == 2
    assert run("check", "plan.csv", "-o", "r.json", "--baseline", "r.json").code == 2


# --- words of the command line -----------------------------------------------------------------


def test_options_may_stand_before_the_command(run: Callable[..., Run]) -> None:
    assert "판정" in run("--lang", "ko", "check", "plan.csv").out
    assert run("--fail-on", "never", "--no-config", "check", "plan.csv").code == 0


def test_a_file_in_place_of_a_command_says_check(run: Callable[..., Run]) -> None:
    result = run("plan.csv")
    assert (result.code, "budgetaudit check plan.csv" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--jobs", "two"], "--jobs: 'two' is not a whole number"),
        (["--jobs", "-3"], "--jobs: -3 is out of range (≥ 0)"),
    ],
)
def test_numbers_are_numbers(arguments: list[str], fault: str, run: Callable[..., Run]) -> None:
    result = run("check", "plan.csv", *arguments)
    assert (result.code, fault in result.err) == (2, True)


@pytest.mark.parametrize(("name", "fault"), [("empty", "a folder without documents"), ("no*.hwpx", "no file matches")])
def test_nothing_to_read_is_said(name: str, fault: str, run: Callable[..., Run]) -> None:
    Path("empty").mkdir()
    result = run("check", name)
    assert (result.code, fault in result.err) == (3, True)


def test_no_figures_are_no_failure_where_allowed(run: Callable[..., Run]) -> None:
    Path("words.txt").write_text("표가 없는 글.\n", encoding="utf-8")
    assert run("check", "words.txt").code == 3
    assert run("check", "words.txt", "--allow-unchecked").code == 0
    assert run("check", "words.txt", "missing.txt", "--allow-unchecked").code == 3


# --- path patterns -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("a/b.csv", "a/b.csv", True),
        ("a/b.csv", "a", True),
        ("a/b.csv", "*.csv", False),
        ("a/b.csv", "*/*.csv", True),
        ("a/b.csv", "**/*.csv", True),
        ("b.csv", "**/*.csv", True),
        ("a/c/d/b.csv", "a/**/b.csv", True),
        ("a/b.csv", "a/**/b.csv", True),
        ("a/x[1].csv", "a/x[[]1].csv", True),
        ("a/x1.csv", "a/x[!2-9].csv", True),
        ("a/x(.csv", "a/x(.csv", True),
        ("ab.csv", "a?.csv", True),
        ("../b.csv", "../b.csv", True),
    ],
)
def test_patterns(path: str, pattern: str, *, fits: bool) -> None:
    assert matches(path, pattern) is fits
    assert matches(str(Path.cwd() / path), pattern, str(Path.cwd())) is fits or sys.platform == "win32"


def test_findings_are_listed_as_they_stand(run: Callable[..., Run]) -> None:
    lines = [f"사업{n},{37 * n},{20 * n},{17 * n}\n" for n in range(1, 12)]
    text = "구분,계,국비,시비\n" + "".join(lines).replace("370,", "730,").replace("111,", "151,")
    Path("places.csv").write_text(text, encoding="utf-8")
    report = json.loads(run("check", "places.csv", "--sort", "place", "--format", "json").out)
    rows = [(finding["places"][0]["row"], finding["places"][0]["column"]) for finding in report["findings"]]
    assert rows == sorted(rows)
    assert len(set(rows)) > 1
