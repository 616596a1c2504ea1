"""The public interface: what the README shows works, from one path or several, and starts nothing early."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import budgetaudit

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "balanced-development.txt"


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    exec(code, {})
    assert "summary-detail" in capsys.readouterr().out


def test_one_path_is_as_good_as_a_list_of_one() -> None:
    one, listed = budgetaudit.audit(SAMPLE), budgetaudit.audit([str(SAMPLE)], ["korea-local"])
    assert isinstance(one, budgetaudit.Audit)
    assert one.findings == listed.findings
    assert isinstance(one.findings[0], budgetaudit.Finding)


def test_the_frame_has_a_row_for_each_finding() -> None:
    result = budgetaudit.audit(SAMPLE)
    frame = result.to_frame()
    assert list(frame["id"]) == [finding.id for finding in result.findings]
    assert frame["stated"].map(type).value_counts().index[0].__name__ == "Decimal"


def test_what_is_not_public_is_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'aduit'"):
        budgetaudit.aduit  # noqa: B018


def test_importing_the_package_imports_no_room() -> None:
    code = "import sys, budgetaudit; print([m for m in sys.modules if m.startswith('budgetaudit.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
