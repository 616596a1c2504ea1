"""Which files a run reads and writes: names no system takes, standard input, nothing written over, an end when interrupted."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from budgetaudit import inputs
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
SOUND = "구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n"
BROKEN = SOUND.replace("합계,35", "합계,46")
RULE = "- {id: own, kind: formula, check: 계 = 국비 + 시비}\n"
LONG = "a" * 300 + ".csv"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a sound and a broken plan and a rule file."""
    for name, content in {"sound.csv": SOUND, "broken.csv": BROKEN, "own.yaml": RULE}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What standard input holds."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))


# --- what is read ------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", [LONG, "sound.csv/below.csv"])
def test_a_name_no_system_takes_costs_that_file_alone(name: str, run: Callable[..., Run]) -> None:
    result = run("check", name, "broken.csv")
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert "internal" not in result.err
    assert "Verdict: 2 errors." in result.out


@pytest.mark.usefixtures("folder")
def test_a_file_that_may_not_be_read_is_no_wrong_usage(run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert run("check", "broken.csv").code == 1  # the reader tries, and it alone says why it cannot


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_what_is_closed_is_a_problem_and_the_rest_is_audited(folder: Path, run: Callable[..., Run]) -> None:
    Path("closed").mkdir(mode=0)
    Path("secret.csv").touch(mode=0)
    for arguments in (["secret.csv", "broken.csv"], ["closed/plan.csv", "broken.csv"], [folder]):
        result = run("check", *arguments)
        assert result.code == 3
        assert "permission denied" in result.err
        assert "Verdict: 2 errors." in result.out


def test_a_folder_that_cannot_be_looked_into_is_not_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = folder / "inner"
    inner.mkdir()
    scandir = os.scandir

    def closed(path: str) -> object:
        if Path(path) == inner:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert inner in inputs.expand([folder])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_dash_is_standard_input(jobs: int, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    typed(BROKEN, monkeypatch)
    result = run("check", "-", "sound.csv", "--jobs", jobs, "--format", "json")
    report = json.loads(result.out)
    assert result.code == 1
    assert [(source["path"], source["figures"]) for source in report["inputs"]] == [("-", 9), ("sound.csv", 9)]
    assert report["findings"][0]["places"][0]["file"] == "-"


@pytest.mark.usefixtures("folder")
def test_every_command_reads_standard_input(run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["tables", "-"], ["discover", "-"], ["compare", "sound.csv", "-"], ["rules", "new", "-"]):
        typed(SOUND, monkeypatch)
        result = run(*arguments)
        assert (result.code, result.err) == (0, "")


@pytest.mark.usefixtures("folder")
def test_nothing_on_standard_input_is_not_clean(run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    typed("", monkeypatch)
    assert run("check", "-").code == 3
    monkeypatch.setattr(sys, "stdin", None)
    assert run("check", "-").code == 3


# --- what is written ---------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "command",
    [
        "check sound.csv --output sound.csv",
        "check . --output sound.csv",
        "check sound.csv --rules own.yaml --output own.yaml",
        "check sound.csv --rules . --output own.yaml",
        "check sound.csv --rules own.yaml --all-findings own.yaml",
        "check sound.csv --output new.csv --write-waivers new.csv",
        "check sound.csv --output new.csv --all-findings ./new.csv",
        "check sound.csv --write-waivers new.csv --all-findings new.csv",
        "compare sound.csv broken.csv --rules own.yaml --output own.yaml",
        "tables sound.csv --output sound.csv",
        "discover sound.csv --output sound.csv",
        "rules new sound.csv --output sound.csv",
        "rules lint own.yaml --output own.yaml",
        "rules --rules own.yaml --output own.yaml",
    ],
)
def test_nothing_that_is_read_is_written_over(command: str, run: Callable[..., Run]) -> None:
    result = run(*command.split())
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert Path("sound.csv").read_text(encoding="utf-8") == SOUND
    assert Path("own.yaml").read_text(encoding="utf-8") == RULE
    assert not Path("new.csv").exists()


@pytest.mark.usefixtures("folder")
def test_an_output_whose_name_no_system_takes_is_wrong_usage(run: Callable[..., Run]) -> None:
    result = run("check", "sound.csv", "--output", LONG)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "cannot be written" in result.err


@pytest.mark.usefixtures("folder")
def test_a_dash_is_standard_output(run: Callable[..., Run]) -> None:
    assert "Verdict: 2 errors." in run("check", "broken.csv", "--output", "-").out
    assert not Path("-").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_interrupted_it_does_not_wait_for_its_workers(folder: Path) -> None:
    rows = "".join(f"| 사업{number} | {number} | {number * 7} |\n" for number in range(150_000))
    for name in ("one.md", "two.md"):
        (folder / name).write_text(f"| 구분 | 계 | 국비 |\n| --- | --- | --- |\n{rows}", encoding="utf-8")
    command = [sys.executable, "-m", "budgetaudit.cli", "check", "one.md", "two.md", "--jobs", "2", "--output", "out.json"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs inherit that it is ignored
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=2)
    start = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert time.monotonic() - start < 10
    assert not Path("out.json").exists()
