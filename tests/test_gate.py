"""The gate as docs/gate.md describes it: its blocks run, folders and patterns, several processes, project defaults."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from budgetaudit import config, inputs, runs, waivers
from budgetaudit.cli import cli
from budgetaudit.messages import LANGUAGES
from budgetaudit.readers import FORMATS
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
SOUND = "구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n"
BROKEN = SOUND.replace("합계,35", "합계,46")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a sound and a broken plan."""
    folder = tmp_path / "plans"
    (folder / "2025").mkdir(parents=True)
    (folder / "sound.csv").write_text(SOUND, encoding="utf-8")
    (folder / "2025" / "also.csv").write_text(SOUND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def broken(plans: Path) -> Path:
    path = plans / "broken.csv"
    path.write_text(BROKEN, encoding="utf-8")
    (plans / "mended.csv").write_text(SOUND, encoding="utf-8")
    return path


def shell(block: str) -> subprocess.CompletedProcess[str]:
    """A block as a user pastes it, with `budgetaudit` on the path."""
    function = f"budgetaudit() {{ '{sys.executable}' -m budgetaudit.cli \"$@\"; }}\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(["bash", "-c", function + block], capture_output=True, text=True, env=environment, check=False)


# --- the page ----------------------------------------------------------------------------------


def test_the_gate_lets_the_sound_pass_and_stops_the_broken(plans: Path) -> None:
    passed = shell(blocks("sh")[0])
    assert (passed.returncode, passed.stdout.splitlines()[-1]) == (0, "all plans are sound")
    broken(plans)
    stopped = shell(blocks("sh")[0])
    assert stopped.returncode == 1
    assert "all plans are sound" not in stopped.stdout


def test_the_waiver_opens_the_gate_until_the_amount_changes(plans: Path) -> None:
    path = broken(plans)
    assert shell(blocks("sh")[1]).returncode == 0
    path.write_text(BROKEN.replace("46", "47"), encoding="utf-8")
    assert shell(blocks("sh")[1].splitlines()[2]).returncode == 1


def test_the_waiver_of_the_page_fits_its_finding(plans: Path, run: Callable[..., Run]) -> None:
    Path("w.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    assert len(waivers.load("w.yaml")) == 1
    report = json.loads(run("check", broken(plans), "--waivers", "w.yaml", "--format", "json").out)
    assert (report["summary"]["waived"], report["notices"]) == (1, [])


def test_the_baseline_of_the_page_opens_the_gate(plans: Path) -> None:
    broken(plans)
    assert shell(blocks("sh")[2]).returncode == 0
    assert shell(blocks("sh")[2].splitlines()[1]).returncode == 0


def test_the_rules_of_the_page_are_tuned(plans: Path) -> None:
    broken(plans)
    done = shell(blocks("sh")[3])
    assert (done.returncode, "funding-sources" in done.stdout) == (1, True)


def test_the_servers_of_the_page_run_the_gate() -> None:
    found = [yaml.safe_load(block) for block in blocks("yaml")]
    (github,) = (page["jobs"]["audit"]["steps"] for page in found if isinstance(page, dict) and "jobs" in page)
    assert any("budgetaudit check" in step.get("run", "") for step in github)
    (gitlab,) = (page["audit"] for page in found if isinstance(page, dict) and "audit" in page)
    assert gitlab["script"][-1].startswith("budgetaudit check ")
    assert "exit $LASTEXITCODE" in blocks("powershell")[0]
    assert "if errorlevel 1" in blocks("bat")[0]


@pytest.mark.parametrize("server", ["github", "gitlab"])
def test_what_a_server_runs_stops_the_broken(server: str, plans: Path) -> None:
    found = [yaml.safe_load(block) for block in blocks("yaml")]
    if server == "github":
        (steps,) = (page["jobs"]["audit"]["steps"] for page in found if isinstance(page, dict) and "jobs" in page)
        lines = [step["run"] for step in steps if "run" in step]
    else:
        (lines,) = (page["audit"]["script"] for page in found if isinstance(page, dict) and "audit" in page)
    command = "\n".join(line for line in lines if not line.startswith("pip "))
    assert shell(command).returncode == 0
    broken(plans)
    stopped = shell(command)
    assert stopped.returncode == 1
    if server == "github":
        assert "::error file=plans/broken.csv" in stopped.stdout
    else:
        assert "funding-sources" in Path("report.xml").read_text(encoding="utf-8")
        assert "funding-sources" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("pwsh") is None, reason="needs PowerShell")
def test_powershell_stops_the_broken(plans: Path) -> None:
    function = f"function budgetaudit {{ & '{sys.executable}' -m budgetaudit.cli @args }}\n"
    command = ["pwsh", "-NoProfile", "-Command", function + blocks("powershell")[0].replace("\\", "/")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    broken(plans)
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 1


def test_the_drafts_are_compared(plans: Path) -> None:
    broken(plans)
    done = shell(blocks("sh")[4])
    assert done.returncode == 0
    assert "Fixed: 2 findings" in done.stdout


def test_the_defaults_of_the_page_are_read(plans: Path, run: Callable[..., Run]) -> None:
    Path("budgetaudit.toml").write_text(blocks("toml")[0], encoding="utf-8")
    Path("my-rules.yaml").write_text("- {id: own, kind: formula, check: 계 = 국비 + 시비}\n", encoding="utf-8")
    Path("waivers.yaml").write_text("[]\n", encoding="utf-8")
    result = run("check", plans / "sound.csv")
    assert (result.code, "판정" in result.out) == (0, True)
    rules = [rule["id"] for rule in json.loads(run("check", plans / "sound.csv", "--format", "json").out)["rules"]]
    assert {"own", "funding-sources"} <= set(rules)


def test_the_hook_names_what_is_read() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    name, command, *options = hook["entry"].split()
    assert (name, command in cli.commands) == ("budgetaudit", True)
    known = {option for parameter in cli.commands[command].params for option in parameter.opts}
    assert set(options) <= known
    assert hook["require_serial"] is True  # one process, one verdict, however many processors there are
    pattern = re.compile(hook["files"])
    assert [
        suffix for suffix in inputs.SUFFIXES - {".markdown", ".md", ".tab", ".txt"} if not pattern.search(f"plan{suffix.upper()}")
    ] == []
    assert {"csv", "xlsx", "xls", "docx", "hwpx", "hwp", "pdf", "html"} <= set(FORMATS) & {s[1:] for s in inputs.SUFFIXES}


# --- folders and patterns ----------------------------------------------------------------------


def audited(run: Callable[..., Run], *arguments: str) -> list[str]:
    return [source["path"] for source in json.loads(run("check", *arguments, "--format", "json").out)["inputs"]]


def test_a_folder_means_the_documents_below_it(plans: Path, run: Callable[..., Run]) -> None:
    for name in (".hidden.csv", "~$lock.xlsx", "notes.log", "picture.png"):
        (plans / name).write_text(BROKEN, encoding="utf-8")
    (plans / ".git").mkdir()
    (plans / ".git" / "x.csv").write_text(BROKEN, encoding="utf-8")
    assert audited(run, "plans") == ["plans/2025/also.csv", "plans/sound.csv"]
    assert audited(run, "plans/sound.csv", "plans") == ["plans/sound.csv", "plans/2025/also.csv"]


def test_a_pattern_means_what_it_matches(plans: Path, run: Callable[..., Run]) -> None:
    assert plans.exists()
    assert audited(run, "plans/**/*.csv") == ["plans/2025/also.csv", "plans/sound.csv"]
    none = run("check", "plans/*.hwpx")
    assert (none.code, none.err.count("\n")) == (3, 1)


def test_an_empty_folder_is_no_clean_one(tmp_path: Path, run: Callable[..., Run]) -> None:
    result = run("check", tmp_path)
    assert (result.code, result.err.count("\n")) == (3, 1)


def test_a_file_whose_name_is_a_pattern_is_a_file(tmp_path: Path, run: Callable[..., Run]) -> None:
    path = tmp_path / "계획[1]*.csv"
    path.write_text(SOUND, encoding="utf-8")
    assert run("check", path).code == 0


# --- several processes -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["json", "html", "table"])
def test_the_report_is_the_same_however_many_processes(name: str, plans: Path, run: Callable[..., Run]) -> None:
    broken(plans)
    for number in range(6):
        (plans / f"{number}.csv").write_text(SOUND.replace("도로", f"도로{number}"), encoding="utf-8")
    (plans / "empty.csv").write_text("", encoding="utf-8")
    alone = run("check", "plans", "--format", name, "--evidence")
    assert alone.code == 3
    assert run("check", "plans", "--format", name, "--evidence", "--jobs", "2") == alone
    assert run("check", "plans", "--format", name, "--evidence", "--jobs", "0") == alone


def test_the_report_is_the_same_whatever_the_locale_and_hash_seed(plans: Path) -> None:
    broken(plans)
    files = ("audit.json", "audit.html", "audit.xlsx", "audit.sarif")
    seen = set()
    for locale, seed in (("C", "0"), ("C.UTF-8", "1"), ("ko_KR.EUC-KR", "2")):
        environment = {
            "PYTHONPATH": str(ROOT),
            "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        }
        command = [sys.executable, "-m", "budgetaudit.cli", "check", "plans", "--format", "table", "--evidence", "--lang", "ko"]
        command += [f"--output={name}" for name in files]
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert done.returncode == 1, done.stderr
        seen.add((done.stdout, *(Path(name).read_bytes() for name in files)))
    assert len(seen) == 1


DYING = """
import os, signal, sys
from budgetaudit import jobs, pipeline as audit
real = audit.audit_one
jobs.audit_one = lambda path, *rest: os.kill(os.getpid(), signal.SIGKILL) if 'dies' in path else real(path, *rest)
from budgetaudit.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_dies_costs_its_document_alone(plans: Path) -> None:
    for number in range(4):
        (plans / f"{number}.csv").write_text(SOUND.replace("도로", f"도로{number}"), encoding="utf-8")
    (plans / "dies.csv").write_text(SOUND, encoding="utf-8")
    command = [sys.executable, "-c", DYING, "check", "plans", "--jobs", "2", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert {source["path"] for source in report["inputs"] if source["problems"]} == {"plans/dies.csv"}
    assert [source["covered"] for source in report["inputs"] if not source["problems"]] == [9] * 6
    assert done.stderr.count("\n") == 1


def test_killed_in_the_middle_nothing_half_written_is_left(plans: Path) -> None:
    for number in range(1500):
        (plans / f"{number}.csv").write_text(SOUND.replace("도로", f"도로{number}"), encoding="utf-8")
    report = plans.parent / "report.json"
    command = [sys.executable, "-m", "budgetaudit.cli", "check", "plans", "--jobs", "2", "--output", str(report)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.8)
    process.kill()
    process.communicate(timeout=30)  # ends only when no worker holds the pipe any more
    assert not report.exists() or json.loads(report.read_text(encoding="utf-8"))["summary"]
    assert [path.name for path in plans.parent.iterdir() if path.name not in ("plans", "report.json")] == []


# --- configuration -----------------------------------------------------------------------------


def test_the_nearest_file_counts_and_the_command_line_beats_it(
    plans: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(plans)
    Path("budgetaudit.toml").write_text('lang = "ko"\nfail-on = "never"\n', encoding="utf-8")
    monkeypatch.chdir(plans)
    assert run("check", "broken.csv").code == 0
    assert run("check", "broken.csv", "--fail-on", "error").code == 1
    assert run("--no-config", "check", "broken.csv").code == 1
    assert "판정" in run("check", "broken.csv").out
    monkeypatch.setenv("BUDGETAUDIT_LANG", "en")
    assert "Verdict" in run("check", "broken.csv").out
    Path("pyproject.toml").write_text("[tool.budgetaudit]\nevidence = true\n", encoding="utf-8")
    assert run("check", "broken.csv").code == 1
    assert "Comparisons" in run("check", "broken.csv").out
    Path("pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
    assert run("check", "broken.csv").code == 0


def test_paths_are_relative_to_the_configuration(plans: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("own.yaml").write_text("- {id: own, kind: formula, check: 계 = 국비 + 시비}\n", encoding="utf-8")
    Path("budgetaudit.toml").write_text('rules = "own.yaml"\n', encoding="utf-8")
    monkeypatch.chdir(plans / "2025")
    rules = json.loads(run("check", "also.csv", "--format", "json").out)["rules"]
    assert [rule["id"] for rule in rules] == ["own"]
    other = plans / "other.toml"
    other.write_text("rules = 'generic'\n", encoding="utf-8")
    chosen = json.loads(run("--config", other, "check", "also.csv", "--format", "json").out)["rules"]
    assert "own" not in {rule["id"] for rule in chosen}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rulez = 'x'\n", "'rulez'"),
        ("rules = 3\n", "'rules'"),
        ("jobs = 'two'\n", "'jobs'"),
        ("evidence = 1\n", "'evidence'"),
        ("x\n", "TOML"),
        ("lang = 'fr'\n", "fr"),
        ("fail-on = 'fatal'\n", "fatal"),
    ],
)
def test_a_mistake_in_it_is_one_line(
    text: str, named: str, lang: str, plans: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUDGETAUDIT_LANG", lang) if "lang" not in text else None
    Path("budgetaudit.toml").write_text(text, encoding="utf-8")
    result = run("check", plans / "sound.csv")
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert named in result.err
    assert "budgetaudit.toml: " in result.err


def test_every_key_is_an_option() -> None:
    options = {option.name for option in cli.commands["check"].params}
    assert {key.replace("-", "_") for key in config.KEYS} <= options


def test_a_missing_configuration_is_said(plans: Path, run: Callable[..., Run]) -> None:
    result = run("--config", "none.toml", "check", plans / "sound.csv")
    assert (result.code, result.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["co"], {"compare", "completion"}),
        (["check", "--ignore", "funding"], {"funding-sources"}),
        (["check", "--select", "items,execution-within"], {"items,execution-within-budget", "items,execution-within-plan"}),
        (["check", "--severity", "weekd"], {"weekdays"}),
        (["check", "--rules", "ko"], {"korea-local"}),
        (["check", "--rules", "my-"], {"my-rules.yaml"}),
        (["rules", "progress-r"], {"progress-rises"}),
    ],
)
def test_bash_completes_commands_rules_packs_and_rule_files(
    words: list[str], offered: set[str], plans: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    (plans.parent / "my-rules.yaml").write_text("[]\n", encoding="utf-8")
    monkeypatch.setenv("_BUDGETAUDIT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["budgetaudit", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    assert {line.partition(",")[2] for line in run().out.splitlines()} == offered


def test_a_watched_file_is_checked_again(plans: Path) -> None:
    path = plans / "sound.csv"
    command = [sys.executable, "-u", "-m", "budgetaudit.cli", "check", str(path), "--watch", "--format", "github", "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    assert process.stdout is not None
    try:
        seen = process.stdout.readline()
        path.write_text(BROKEN, encoding="utf-8")
        while "::error" not in seen:
            line = process.stdout.readline()
            assert line
            seen += line
    finally:
        process.kill()
        process.wait()


def test_what_is_watched_runs_again_when_a_file_changes(plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, rules = plans / "sound.csv", plans.parent / "own.yaml"
    rules.write_text("[]\n", encoding="utf-8")
    codes, ran = iter([0, 1, 0, 3]), []
    changes = iter(
        [lambda: path.write_text(BROKEN, encoding="utf-8"), lambda: None, lambda: rules.write_text("- {}\n"), path.unlink]
    )

    def look(_: float) -> None:
        change = next(changes, None)
        if change is None:
            raise KeyboardInterrupt
        change()

    monkeypatch.setattr(runs.time, "sleep", look)
    code = runs.watched(runs.Request((path,), (str(rules),)), lambda: ran.append(path.exists()) or next(codes))  # type: ignore[func-returns-value]
    assert (ran, code) == ([True, True, True, False], 3)
