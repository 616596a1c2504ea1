"""The finding in its place: what stands around it is shown, amounts are never broken, screens are kept to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.model import Excerpt, Place
from budgetaudit.pipeline import audit
from budgetaudit.reports.excerpts import draw
from budgetaudit.reports.layout import width_of
from tests.conftest import Run

WON = """□ 세출예산 총괄 (단위: 원)
| 구분 | 예산액 | 전년도예산액 | 비교증감 |
| --- | --- | --- | --- |
| 일반회계 | 1,234,567,890,123 | 1,034,567,890,123 | 200,000,000,000 |
| 특별회계 | 2,345,678,901,234 | 2,345,678,901,234 | 0 |
| 합계 | 3,580,246,791,457 | 3,380,246,791,357 | 200,000,000,100 |
"""


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text(WON, encoding="utf-8")
    return "plan.md"


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("width", [80, 120])
def test_thirteen_digits_are_never_broken(
    width: int, lang: str, plan: str, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = run("check", plan, "--lang", lang).out.splitlines()
    assert max(map(width_of, shown)) <= width
    assert [line for line in shown if "3,580,246,791,457" in line]
    broken = [line for line in shown if re.search(r"\d,$", line) or re.match(r" *,?\d{3},\d{3}$", line)]
    assert broken == []


def test_the_excerpt_has_heading_header_row_and_mark(plan: str, run: Callable[..., Run]) -> None:
    lines = run("check", plan, "--lang", "ko").out.splitlines()
    heading = next(at for at, line in enumerate(lines) if "세출예산 총괄" in line and line.startswith("      "))
    assert "구분" in lines[heading + 1]
    under = next(line for line in lines[heading:] if line.strip().startswith("^"))
    row = lines[lines.index(under) - 1]
    start = under.index("^")
    end = under.rindex("^") + 1
    columns = list(re.finditer(r"[\d,]{13,}", row))
    assert (start, end) in {(width_of(row[: found.start()]), width_of(row[: found.end()])) for found in columns}


def test_findings_stand_apart_and_quiet_is_a_line_a_file(plan: str, run: Callable[..., Run]) -> None:
    assert "\n\nF2" in run("check", plan, "--lang", "ko", "--verbose").out
    assert run("check", plan, plan, "--lang", "ko", "-q").out.count("\n") == 1
    Path("other.md").write_text("본문\n", encoding="utf-8")
    assert run("check", plan, "other.md", "--lang", "ko", "-q").out.splitlines()[1] == "other.md: 대조한 것 없음"


def test_colour_may_be_forced_and_is_refused(plan: str, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in run("check", plan).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[4m" in run("check", plan).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("check", plan).out


def test_a_long_sentence_is_shown_around_its_figure() -> None:
    text = "가나다 " * 60 + "총 1,200억 원" + " 라마바" * 60
    start = text.index("1,200")
    lines = draw(Excerpt(Place("a"), text=text, spans=((start, start + 5, True),)), "ko", 70)
    at = next(number for number, line in enumerate(lines) if "^" in line)
    assert "1,200" in lines[at - 1]
    assert max(map(width_of, lines)) <= 71
    assert len(lines) <= 6


def test_both_places_are_kept_with_the_finding(plan: str) -> None:
    finding = next(finding for finding in audit([plan]).findings if finding.excerpts)
    assert finding.excerpts[0].place.file == plan
    assert any(stated for _, _, stated in finding.excerpts[0].marks)
