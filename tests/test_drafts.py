"""Two drafts compared: what is fixed, new, changed, persisting, and which figures changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from budgetaudit.messages import LANGUAGES
from tests.conftest import Run

BROKEN = "<표>,,,\n구분,계,국비,시비\n합계,46,15,20\n도로,30,10,20\n하천,5,5,0\n"
SOUND = BROKEN.replace("46", "35")


@pytest.fixture
def compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Run]
) -> Callable[..., tuple[int, dict[str, Any]]]:
    monkeypatch.chdir(tmp_path)

    def compare(old: str, new: str, *options: str) -> tuple[int, dict[str, Any]]:
        Path("old.csv").write_text(old, encoding="utf-8")
        Path("new.csv").write_text(new, encoding="utf-8")
        result = run("compare", "old.csv", "new.csv", "--format", "json", *options)
        return result.code, json.loads(result.out)

    return compare


Compared = Callable[..., tuple[int, dict[str, Any]]]


def sizes(report: dict[str, Any]) -> dict[str, int]:
    return {name: len(found) for name, found in report["findings"].items()}


def test_fixed(compared: Compared) -> None:
    code, report = compared(BROKEN, SOUND)
    assert (code, sizes(report)) == (0, {"new": 0, "changed": 0, "persisting": 0, "fixed": 2, "unchecked": 0})
    assert report["figures"] == [
        {
            "label": "합계 · 계",
            "old": {"value": "46", "unit": None, "text": "46", "table": 1, "row": 2, "column": 2, "cell": None, "line": 3},
            "new": {"value": "35", "unit": None, "text": "35", "table": 1, "row": 2, "column": 2, "cell": None, "line": 3},
        }
    ]


def test_what_is_no_longer_compared_is_not_fixed(compared: Compared) -> None:
    code, report = compared(BROKEN, BROKEN.replace("합계,46,15,20\n", ""))
    assert (code, sizes(report)) == (0, {"new": 0, "changed": 0, "persisting": 0, "fixed": 0, "unchecked": 2})


def test_new(compared: Compared) -> None:
    code, report = compared(SOUND, BROKEN)
    assert (code, sizes(report)) == (1, {"new": 2, "changed": 0, "persisting": 0, "fixed": 0, "unchecked": 0})
    assert compared(SOUND, BROKEN, "--fail-on", "never")[0] == 0


def test_persisting_findings_do_not_close_the_gate(compared: Compared) -> None:
    moved = BROKEN.replace("<표>", "제목,,,\n\n<표>").replace("도로,30", "교량,30")
    code, report = compared(BROKEN.replace("도로,30", "교량,30"), moved)
    assert (code, sizes(report)) == (0, {"new": 0, "changed": 0, "persisting": 2, "fixed": 0, "unchecked": 0})
    lines = [(pair["old"]["line"], pair["new"]["line"]) for pair in report["findings"]["persisting"]]
    assert lines == [(3, 5), (3, 5)]


def test_changed(compared: Compared) -> None:
    code, report = compared(BROKEN, BROKEN.replace("46", "47"))
    assert (code, sizes(report)) == (1, {"new": 0, "changed": 2, "persisting": 0, "fixed": 0, "unchecked": 0})
    pair = report["findings"]["changed"][0]
    assert (pair["old"]["difference"]["value"], pair["new"]["difference"]["value"]) == ("11", "12")


def test_a_draft_that_cannot_be_read_is_incomplete(compared: Compared, run: Callable[..., Run]) -> None:
    compared(SOUND, SOUND)
    result = run("compare", "old.csv", "none.csv", "--fail-on", "never")
    assert (result.code, result.err.count("\n")) == (3, 1)


def test_a_draft_in_which_nothing_is_checked_is_said(run: Callable[..., Run], tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.csv"
    old.write_text("표가 없는 글.", encoding="utf-8")
    new.write_text(SOUND, encoding="utf-8")
    result = run("compare", old, new)
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert "no figure was checked" in result.err
    assert "Problems:" in result.out  # also where only the report is kept


def test_a_change_of_unit_alone_is_no_change(compared: Compared) -> None:
    old = "(단위: 백만원),,,\n구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n"
    new = old.replace("백만원", "천원").replace("35,15,20", "35000,15000,20000")
    new = new.replace("30,10,20", "30000,10000,20000").replace("5,5,0", "5000,5000,0")
    code, report = compared(old, new)
    assert (code, report["figures"]) == (0, [])


def test_what_is_waived_does_not_close_the_gate(compared: Compared, run: Callable[..., Run]) -> None:
    compared(SOUND, BROKEN)
    run("check", "new.csv", "--write-waivers", "waivers.yaml")
    path = Path("waivers.yaml")
    drafted = path.read_text(encoding="utf-8")
    path.write_text(drafted.replace("reason: ''", "reason: agreed").replace("author: ''", "author: 김"), encoding="utf-8")
    code, report = compared(SOUND, BROKEN, "--waivers", "waivers.yaml")
    assert (code, sizes(report)["new"], report["notices"]) == (0, 2, [])
    assert all(finding["waived"].startswith("agreed (") for finding in report["findings"]["new"])
    assert "agreed" in run("compare", "old.csv", "new.csv", "--waivers", "waivers.yaml").out
    code, report = compared(SOUND, BROKEN.replace("46", "47"), "--waivers", "waivers.yaml")
    assert (code, len(report["notices"])) == (1, 2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_words(lang: str, compared: Compared, run: Callable[..., Run], golden: Callable[[str, str], None]) -> None:
    compared(BROKEN, BROKEN.replace("46", "47").replace("하천,5,5,0", "하천,7,5,0"))
    result = run("compare", "old.csv", "new.csv", "--lang", lang)
    assert (result.code, result.err) == (1, "")
    golden(f"drafts.{lang}.txt", result.out)


def test_amounts_of_sentences_that_changed_are_listed(tmp_path: Path, run: Callable[..., Run]) -> None:
    text = (
        "□ 2025년 지방세는 43,655백만원이고 교부세는 {}백만원이다.\n\n| 구분 | 계 | 국비 |\n|---|---|---|\n| 도로 | 30 | 10 |\n"
    )
    for name, amount in (("old.md", "68,905"), ("new.md", "69,905")):
        (tmp_path / name).write_text(text.format(amount), encoding="utf-8")
    report = json.loads(run("compare", str(tmp_path / "old.md"), str(tmp_path / "new.md"), "--format", "json").out)
    assert [(figure["old"]["text"], figure["new"]["text"]) for figure in report["figures"]] == [("68,905백만원", "69,905백만원")]


def test_folders_are_compared_by_the_names_of_their_files(tmp_path: Path, run: Callable[..., Run]) -> None:
    for folder, broken in (("june", SOUND), ("july", BROKEN)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.csv").write_text(broken, encoding="utf-8")
        (tmp_path / folder / "two.csv").write_text(SOUND.replace("30", "31").replace("10,20", "11,20"), encoding="utf-8")
    result = run("compare", str(tmp_path / "june"), str(tmp_path / "july"), "--format", "json")
    report = json.loads(result.out)
    assert result.code == 1
    assert [(figure["old"]["text"], figure["new"]["text"]) for figure in report["figures"]] == [("35", "46")]


def test_two_drafts_as_a_page(tmp_path: Path, run: Callable[..., Run]) -> None:
    for name, text in (("old.csv", SOUND), ("new.csv", BROKEN.replace("도로", "<b>도로"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = tmp_path / "changes.html"
    assert run("compare", str(tmp_path / "old.csv"), str(tmp_path / "new.csv"), "--output", str(page)).code == 1
    written = page.read_text(encoding="utf-8")
    assert "<b>" not in written
    assert "old.csv → new.csv" in written
    assert "46" in written
