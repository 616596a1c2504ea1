"""Packs of one's own: rules that fit no table are not applicable and said, misspelt columns are errors of the run."""

from __future__ import annotations

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
