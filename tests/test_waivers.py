"""Waivers: what they waive, when they are void, and what is said of the useless ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from budgetaudit import waivers
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.model import Audit
from budgetaudit.pipeline import audit
from budgetaudit.reports.wording import headline
from budgetaudit.rulefiles.strict_yaml import RuleFileError
from tests.conftest import Run

BROKEN = "구분,계,국비,시비\n합계,46,15,20\n도로,30,10,20\n하천,5,5,0\n"
TODAY = date(2026, 3, 1)
WAIVER = """- rule: funding-sources
  place: 합계 · 계
  difference: 11
  reason: 과에 확인함
  author: 김감사
  expires: 2026-12-31
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audited(content: str = BROKEN, *, name: str = "plan.csv") -> Audit:
    Path(name).write_text(content, encoding="utf-8")
    return audit([name])


def waived(result: Audit, text: str, today: date = TODAY) -> Audit:
    Path("w.yaml").write_text(text, encoding="utf-8")
    return waivers.apply(result, waivers.load("w.yaml"), "w.yaml", today).audit


def rules(result: Audit, *, accepted: bool) -> list[str]:
    return [finding.rule for finding in result.findings if (finding.waived is not None) == accepted]


def notices(result: Audit, lang: str = "en") -> list[str]:
    return [f"{notice.place.line}: {say(notice.message, lang)}" for notice in result.notices]


def test_a_waiver_names_its_finding_by_meaning() -> None:
    result = waived(audited(), WAIVER)
    assert rules(result, accepted=True) == ["funding-sources"]
    assert rules(result, accepted=False) == ["items"]
    assert notices(result) == []
    assert result.severity_count("error") == 1
    (message,) = (finding.waived for finding in result.findings if finding.waived)
    assert say(message, "ko") == "과에 확인함 (김감사, 2026-12-31까지)"


def test_rows_may_come_and_go() -> None:
    more = BROKEN.replace("하천,5,5,0", "교량,0,0,0\n하천,5,5,0").replace("구분,", "제목\n\n구분,")
    assert rules(waived(audited(more), WAIVER), accepted=True) == ["funding-sources"]


@pytest.mark.parametrize("stated", ["11", "11.0원", "1,1"])
def test_the_difference_is_compared_as_printed(stated: str) -> None:
    result = waived(audited(), WAIVER.replace("difference: 11", f"difference: '{stated}'"))
    assert (rules(result, accepted=True) == ["funding-sources"]) == (stated == "11" or stated == "1,1")


def test_a_changed_amount_voids_it() -> None:
    result = waived(audited(BROKEN.replace("46", "47")), WAIVER)
    assert rules(result, accepted=True) == []
    assert notices(result) == [
        "1: the waiver of funding-sources (합계 · 계) is void: the difference was 11 and is now 12; review it again"
    ]


def test_it_ends_after_its_day() -> None:
    assert rules(waived(audited(), WAIVER, date(2026, 12, 31)), accepted=True) == ["funding-sources"]
    late = waived(audited(), WAIVER, date(2027, 1, 1))
    assert rules(late, accepted=True) == []
    assert notices(late) == ["1: the waiver of funding-sources (합계 · 계) ended on 2026-12-31; review it again"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("합계 · 계", "합계 · 국비"), ("rule: funding-sources", "rule: share"), ("  reason", "  fingerprint: '0'\n  reason")],
)
def test_a_useless_one_is_reported(old: str, new: str) -> None:
    result = waived(audited(), WAIVER.replace(old, new))
    assert rules(result, accepted=True) == []
    assert [notice.split(": ", 1)[1].endswith("fits no finding; remove it") for notice in notices(result)] == [True]


def test_file_and_table_narrow_it() -> None:
    titled = "<가>,,,\n" + BROKEN + "\n\n<나>,,,\n" + BROKEN.replace("46,15", "47,16").replace("5,5,0", "6,6,0")
    narrow = WAIVER.replace("  reason", "  file: plan*.csv\n  table: <나>\n  reason")
    result = waived(audited(titled), narrow)
    places = [finding.places[0][1].table for finding in result.findings if finding.waived]
    assert len(places) == 1


def test_one_that_fits_different_findings_waives_none() -> None:
    titled = "<가>,,,\n" + BROKEN + "\n\n<나>,,,\n" + BROKEN.replace("46,15", "47,16").replace("5,5,0", "6,6,0")
    result = waived(audited(titled), WAIVER)
    assert [finding for finding in result.findings if finding.waived] == []
    (notice,) = notices(result)
    assert "fits 2 different findings and waives none" in notice


def test_its_file_is_relative_to_the_waiver_file() -> None:
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "d.csv").write_text(BROKEN, encoding="utf-8")
    result = audit(["one/d.csv", "two/d.csv"])
    named = waived(result, WAIVER.replace("  reason", "  file: one/d.csv\n  reason"))
    assert [finding.places[0][1].file for finding in named.findings if finding.waived] == ["one/d.csv"]
    elsewhere = waived(result, WAIVER.replace("  reason", "  file: d.csv\n  reason"))
    assert (rules(elsewhere, accepted=True), notices(elsewhere)) == ([], [])  # d.csv beside the waivers is not in this run


def test_the_printed_text_must_be_the_same_where_it_is_given() -> None:
    assert rules(waived(audited(), WAIVER.replace("  reason", "  stated: '46'\n  reason")), accepted=True) == ["funding-sources"]
    assert rules(waived(audited(), WAIVER.replace("  reason", "  stated: '47'\n  reason")), accepted=True) == []


def test_a_period_waiver_covers_its_project_alone() -> None:
    table = "사업명,사업기간\n가,2025.3~2024.2\n나,2025.3~2024.2\n다,2025.3~2026.2\n"
    first = audited(table)
    assert [finding.rule for finding in first.findings] == ["period-order"] * 2
    entries = waivers.draft(first, "w.yaml", TODAY, {}).replace("reason: ''", "reason: 확인").replace("author: ''", "author: 김")
    one = waived(audited(table), entries.split("\n\n")[0])
    assert rules(one, accepted=True) == ["period-order"]
    assert rules(one, accepted=False) == ["period-order"]


def reviewed(draft: str) -> str:
    return draft.replace("reason: ''", "reason: 과에 확인함").replace("author: ''", "author: 김감사")


# --- drafts ------------------------------------------------------------------------------------


def test_a_draft_waives_everything_until_the_amount_changes() -> None:
    first = audited()
    text = waivers.draft(first, "w.yaml", TODAY, {finding.id: headline(finding, "ko") for finding in first.findings})
    assert text.startswith("# 「합계 · 계」 46 ↔ 항목 2개의 합 35: 11 과다")
    unread = waived(audited(), text)
    assert rules(unread, accepted=True) == []
    assert [notice.endswith("is a draft and waives nothing; give its reason and author") for notice in notices(unread)] == [
        True
    ] * 2
    text = reviewed(text)
    again = waived(audited(), text)
    assert rules(again, accepted=False) == []
    assert len(again.findings) == len(first.findings) == 2
    assert rules(waived(audited(BROKEN.replace("46", "56")), text), accepted=True) == []
    assert waivers.draft(again, "w.yaml", TODAY, {}) == "[]\n"


def test_a_draft_of_several_files_names_them() -> None:
    Path("a[1].csv").write_text(BROKEN, encoding="utf-8")
    Path("b.csv").write_text(BROKEN, encoding="utf-8")
    result = audit(["a[1].csv", "b.csv"])
    text = reviewed(waivers.draft(result, "w.yaml", TODAY, {}))
    assert [line for line in text.splitlines() if "file:" in line].count("  file: b.csv") == 2
    assert rules(waived(result, text), accepted=False) == []


# --- mistakes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rule: x\n", "w.yaml:1: a waiver file is a list, each item with rule, place, difference, reason, author and expires"),
        ("- x\n", "w.yaml:1: a waiver file is a list, each item with rule, place, difference, reason, author and expires"),
        (WAIVER.replace("expires: 2026-12-31", "expires: tomorrow"), "w.yaml:6: 'tomorrow' is not a date (write 2026-12-31)"),
        (WAIVER.replace("difference", "diference"), "w.yaml:3: unknown key 'diference' (did you mean 'difference'?)"),
    ],
)
def test_a_mistake_is_one_line(text: str, line: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        waived(audited(), text)
    assert caught.value.text() == line


@pytest.mark.parametrize("key", ["rule", "place", "reason", "author", "expires"])
def test_no_waiver_without_reason_author_and_end(key: str) -> None:
    lines = [line for line in WAIVER.splitlines(keepends=True) if f" {key}:" not in line]
    text = "".join(lines).replace("  place", "- place", 1) if key == "rule" else "".join(lines)
    with pytest.raises(RuleFileError, match=key):
        waived(audited(), text)


# --- the command -------------------------------------------------------------------------------


def test_the_gate_opens_and_closes_again(run: Callable[..., Run]) -> None:
    audited()
    assert run("check", "plan.csv").code == 1
    assert run("check", "plan.csv", "--write-waivers", "w.yaml").code == 1
    assert run("check", "plan.csv", "--waivers", "w.yaml").code == 1  # nobody has reviewed it
    Path("w.yaml").write_text(reviewed(Path("w.yaml").read_text(encoding="utf-8")), encoding="utf-8")
    passed = run("check", "plan.csv", "--waivers", "w.yaml")
    assert passed.code == 0
    assert "Waived and not counted: 2." in " ".join(passed.out.split())
    assert "beyond what is waived or known" in " ".join(passed.out.split())
    audited(BROKEN.replace("46", "48"))
    closed = run("check", "plan.csv", "--waivers", "w.yaml")
    assert closed.code == 1
    assert "is void" in closed.out


def test_a_reviewed_file_is_never_overwritten(run: Callable[..., Run]) -> None:
    audited()
    Path("w.yaml").write_text(WAIVER, encoding="utf-8")
    result = run("check", "plan.csv", "--write-waivers", "w.yaml")
    assert (result.code, result.out) == (2, "")
    assert Path("w.yaml").read_text(encoding="utf-8") == WAIVER


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["table", "markdown", "csv", "json", "html", "sarif", "junit", "github"])
def test_every_report_tells_of_waivers(name: str, lang: str, run: Callable[..., Run]) -> None:
    audited()
    unused = WAIVER.replace("합계 · 계", "합계 · 국비")
    Path("w.yaml").write_text(WAIVER + unused, encoding="utf-8")
    result = run("check", "plan.csv", "--waivers", "w.yaml", "--format", name, "--lang", lang)
    assert result.code == 1
    text = "".join(result.out.split())
    assert "과에확인함(김감사" in text
    assert ("fitsnofinding" if lang == "en" else "해당하는발견사항이없습니다") in text


def test_a_gate_closes_when_nothing_fits_a_waiver_any_more(run: Callable[..., Run]) -> None:
    audited("구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n")
    comment = "# accepted in March\n"
    Path("w.yaml").write_text(comment + WAIVER, encoding="utf-8")
    closed = run("check", "plan.csv", "--waivers", "w.yaml")
    assert (closed.code, "fits no finding" in closed.out) == (1, True)
    assert run("check", "plan.csv", "--waivers", "w.yaml", "--fail-on", "never").code == 0
    updated = run("check", "plan.csv", "--waivers", "w.yaml", "--update-waivers")
    assert (updated.code, updated.err) == (0, "w.yaml: 1 dead waivers dropped, 0 kept.\n")
    assert Path("w.yaml").read_text(encoding="utf-8") == "[]\n"
    assert run("check", "plan.csv", "--waivers", "w.yaml").code == 0


def test_an_update_keeps_what_lives_with_its_comments(run: Callable[..., Run]) -> None:
    audited()
    dead = WAIVER.replace("합계 · 계", "합계 · 국비")
    Path("w.yaml").write_text("# dead\n" + dead + "# alive\n" + WAIVER + "# gone\n" + dead, encoding="utf-8")
    run("check", "plan.csv", "--waivers", "w.yaml", "--update-waivers")
    assert Path("w.yaml").read_text(encoding="utf-8") == "# alive\n" + WAIVER


def test_a_baseline_reports_only_what_is_new(run: Callable[..., Run]) -> None:
    audited()
    first = run("check", "plan.csv", "--baseline", "b.json")
    assert (first.code, first.err) == (1, "b.json: baseline of 2 findings written; they are not counted from the next run on.\n")
    again = run("check", "plan.csv", "--baseline", "b.json")
    assert (again.code, "Known from the baseline and not counted: 2." in " ".join(again.out.split())) == (0, True)
    audited(BROKEN.replace("하천,5,5,0", "하천,5,5,1").replace("15,20", "15,21"))
    changed = run("check", "plan.csv", "--baseline", "b.json")
    assert changed.code == 1
    assert "하천" in changed.out
    Path("b.json").write_text("{}", encoding="utf-8")
    assert run("check", "plan.csv", "--baseline", "b.json").code == 2


def test_a_missing_waiver_file_is_one_line(run: Callable[..., Run]) -> None:
    audited()
    result = run("check", "plan.csv", "--waivers", "none.yaml")
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


def test_waivers_of_files_that_are_not_in_this_run_are_left_alone(run: Callable[..., Run]) -> None:
    audited()
    named = "- rule: funding-sources\n  file: other/{}.csv"
    others = "".join(WAIVER.replace("- rule: funding-sources", named.format(n)) for n in range(29))
    Path("w.yaml").write_text(WAIVER + others, encoding="utf-8")
    report = json.loads(run("check", "plan.csv", "--waivers", "w.yaml", "--format", "json").out)
    assert (report["summary"]["waived"], report["notices"]) == (1, [])
    run("check", "plan.csv", "--waivers", "w.yaml", "--update-waivers")
    assert Path("w.yaml").read_text(encoding="utf-8").count("other/") == 29
