"""The built wheel in a clean environment, run from another folder. Slow: .ci/run asks for it with BUDGETAUDIT_WHEEL.

BUDGETAUDIT_WHEEL names a wheel to install, or is `build` to build one first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

WHEEL = os.environ.get("BUDGETAUDIT_WHEEL", "")
ROOT = Path(__file__).parent.parent
TABLE = "구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n"

pytestmark = pytest.mark.skipif(not WHEEL, reason="set BUDGETAUDIT_WHEEL to test the installed wheel")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed `budgetaudit`, in an environment with nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    wheel = Path(WHEEL)
    if WHEEL == "build":
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
        subprocess.run(build, check=True, capture_output=True)
        (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([binaries / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    return binaries / "budgetaudit"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that is not the project's, with a sound and a broken table."""
    (tmp_path / "sound.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "broken.csv").write_text(TABLE.replace("합계,35", "합계,46"), encoding="utf-8")
    return tmp_path


def run(command: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [command, *arguments], cwd=cwd, env={"PATH": os.defpath, **environment}, capture_output=True, check=False
    )


def test_rules_are_found(command: Path, elsewhere: Path) -> None:
    sound = run(command, "check", "sound.csv", "--format", "json", cwd=elsewhere)
    assert (sound.returncode, sound.stderr) == (0, b"")
    report = json.loads(sound.stdout)
    assert report["rules"] != []
    assert report["summary"]["pass"] > 0


def test_a_broken_table_is_found(command: Path, elsewhere: Path) -> None:
    broken = run(command, "check", "broken.csv", "--format", "json", cwd=elsewhere)
    assert broken.returncode == 1
    assert "46" in {finding["stated"]["value"] for finding in json.loads(broken.stdout)["findings"]}


@pytest.mark.parametrize("locale", ["C", "POSIX", "ko_KR.EUC-KR", "en_US.ISO-8859-1"])
def test_korean_prints_in_every_locale(command: Path, elsewhere: Path, locale: str) -> None:
    result = run(command, "check", "broken.csv", "--lang", "ko", cwd=elsewhere, LC_ALL=locale)
    assert result.returncode == 1
    assert "판정: 오류" in result.stdout.decode("utf-8")
    assert result.stderr == b""


def test_a_closed_pipe_is_quiet(command: Path, elsewhere: Path) -> None:
    shell = f"'{command}' check broken.csv --evidence | true; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", shell], cwd=elsewhere, capture_output=True, check=False)
    assert (result.stdout, result.stderr) == (b"1\n", b"")


def test_the_report_is_the_same_whatever_the_locale_and_hash_seed(command: Path, elsewhere: Path) -> None:
    reports = {
        run(
            command, "check", "broken.csv", "--evidence", "--lang", "en", cwd=elsewhere, LC_ALL=locale, PYTHONHASHSEED=seed
        ).stdout
        for locale, seed in (("C", "0"), ("C.UTF-8", "1"), ("ko_KR.UTF-8", "2"))
    }
    assert len(reports) == 1
