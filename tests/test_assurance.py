"""What is proven, what is only bounded, what was not decided: never a clean verdict over a total that nothing explains."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from budgetaudit import assurance
from budgetaudit.model import Audit, Comparison, InputSummary, Message, Place, RuleTally
from budgetaudit.pipeline import audit
from budgetaudit.reports import BINARY, REPORTS, View, write
from budgetaudit.reports.summary import verdict

HERE = Path(__file__).parent

LIMITS = "(단위: 천원)\n세부사업,예산액,집행액\n도로,42310,39875\n하천,18760,17020\n공원,9425,9180\n가로등,27350,21940\n"
BALANCED = "(단위: 천원)\n세부사업,예산액,집행액,집행잔액\n도로,42310,39875,2435\n하천,18760,17020,1740\n공원,9425,9180,245\n"
OPEN = "(단위: 백만원)\n사업,2025년,2026년\n가,8120,9340\n나,3615,2980\n합계,71285,78930\n"
NOTED = '이름,금액\n가,2480\n나,"1,215"\n다,"35,498,8000"\n라,"7,010"\n마,"9,300"\n'


def audited(folder: Path, text: str, suffix: str = ".csv", **options: object) -> Audit:
    path = folder / f"plan{suffix}"
    path.write_text(text, encoding="utf-8")
    return audit([path], **options)  # type: ignore[arg-type]


def source(found: Audit) -> InputSummary:
    (only,) = found.inputs
    return only


def test_an_inequality_bounds_and_does_not_prove(tmp_path: Path) -> None:
    found = audited(tmp_path, LIMITS)
    assert {c.rule for c in found.comparisons if c.kind not in assurance.NO_FIGURES} == {"execution-within-budget"}
    assert (source(found).covered, source(found).bounded, source(found).unproven) == (0, 8, 0)
    assert assurance.state(found) == "clean"


def test_an_equality_proves_what_an_inequality_bounds(tmp_path: Path) -> None:
    found = audited(tmp_path, BALANCED)
    assert (source(found).figures, source(found).covered, source(found).bounded) == (9, 9, 0)


@pytest.mark.parametrize(("sign", "covered", "bounded"), [("=", 4, 0), ("<=", 0, 4), ("!=", 0, 4), (">", 0, 0)])
def test_the_sign_of_a_formula_says_what_it_proves(tmp_path: Path, sign: str, covered: int, bounded: int) -> None:
    rule = tmp_path / "own.yaml"
    rule.write_text(f"- {{id: own, kind: formula, check: 집행 {sign} 예산, title: t}}\n", encoding="utf-8")
    values = "20,20\n30,30\n" if sign in ("=", ">") else "20,10\n30,10\n"
    found = audited(
        tmp_path,
        "항목,예산,집행\n" + "".join(f"{n},{line}\n" for n, line in zip("가나", values.split(), strict=True)),
        rules=(str(rule),),
    )
    assert (source(found).covered, source(found).bounded) == (covered, bounded)


@pytest.mark.parametrize("engine", ["auto", "pandas"])
def test_a_ledger_is_bounded_by_its_limits(tmp_path: Path, engine: str) -> None:
    rule = tmp_path / "own.yaml"
    rule.write_text("- {id: own, kind: within, left: 집행액, right: 예산액, title: t}\n", encoding="utf-8")
    found = audited(
        tmp_path,
        "번호,예산액,집행액\n" + "".join(f"a{n},{n + 900},{n + 800}\n" for n in range(60)),
        rules=(str(rule),),
        engine=engine,
    )
    assert (source(found).covered, source(found).bounded) == (0, 120)


def test_spelling_checks_no_figure(tmp_path: Path, run: Callable[..., object]) -> None:
    found = audited(tmp_path, NOTED)
    assert {c.kind for c in found.comparisons} == {"notation"}
    assert assurance.decided(found) == 0
    assert source(found).covered == 0
    result = run("check", str(tmp_path / "plan.csv"), "--fail-on", "never")
    assert result.code == 3  # type: ignore[attr-defined]
    assert "no figure was checked" in result.out + result.err  # type: ignore[attr-defined]


def test_a_total_that_nothing_explains_leaves_the_verdict_open(tmp_path: Path) -> None:
    found = audited(tmp_path, OPEN)
    items = assurance.unexplained(found)
    assert {(item.rule, item.place.row) for item in items} == {("items", 4)}
    assert items[0].stated is not None
    assert items[0].stated.value == Decimal(71285)
    assert "could not be decided" in verdict(found, "en")


@pytest.mark.parametrize("name", sorted(set(REPORTS) - BINARY))
def test_every_report_says_what_was_not_decided(tmp_path: Path, name: str) -> None:
    found = audited(tmp_path, OPEN)
    out = io.StringIO()
    write(name, found, out, View())
    assert "71285" in out.getvalue()
    assert "Undecided" in out.getvalue() or "unexplained" in out.getvalue() or '"kind": "open"' in out.getvalue()


def test_the_workbook_and_the_page_show_it_where_it_stands(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    found = audited(tmp_path, OPEN)
    out = io.BytesIO()
    write("xlsx", found, out, View())
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert next(book["Undecided"].iter_rows(min_row=2, values_only=True))[3] == 71285
    page = io.StringIO()
    write("html", found, page, View())
    assert 'id="t1-1-r4-c2" class="figure undecided"' in page.getvalue()


def test_the_json_lists_it_without_evidence(tmp_path: Path) -> None:
    out = io.StringIO()
    write("json", audited(tmp_path, OPEN), out, View())
    report = json.loads(out.getvalue())
    item = report["unexplained"][0]
    assert (item["rule"], item["place"]["row"], item["place"]["column"], item["stated"]["value"]) == ("items", 4, 2, "71285")
    assert item["label"]
    assert item["reason"]
    assert [report["inputs"][0][key] for key in ("figures", "covered", "bounded", "unproven")] == [6, 0, 0, 6]


def test_a_label_that_is_a_whole_sentence_is_cut_where_nothing_was_decided(tmp_path: Path) -> None:
    sentence = "2026년까지 주민이 함께 가꾸는 마을을 만들기 위하여 " * 4
    out = io.StringIO()
    write("table", audited(tmp_path, OPEN.replace("2025년", sentence)), out, View(lang="ko"))
    told = "".join(out.getvalue().split())
    assert "…71285" in told, told


def test_the_rows_of_a_ledger_that_were_not_decided_are_counted() -> None:
    tally = RuleTally("own", "within", "error", "a.csv", 5, 0, 0, 2, 0, reasons=((Message("reason-words"), 2),))
    found = Audit((InputSummary("a.csv", "", "csv ledger", 1, 14, 10),), (), (), (), tallies=(tally,))
    (item,) = assurance.unexplained(found)
    assert (item.count, item.place) == (2, Place("a.csv"))
    assert assurance.state(found) == "open"
    rows = io.StringIO()
    write("csv", found, rows, View())
    assert [row["record"] for row in csv.DictReader(io.StringIO(rows.getvalue()))] == ["unexplained"]


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("49.9", 0), ("50", 0), ("50.01", 1), ("100", 1)])
def test_a_gate_may_ask_for_coverage(tmp_path: Path, run: Callable[..., object], least: str, code: int) -> None:
    (tmp_path / "a.csv").write_text("품목,2024년,면적\n의자,24,30.5\n책상,17,40.1\n합계,41,-\n", encoding="utf-8")
    result = run("check", str(tmp_path / "a.csv"), "--min-coverage", least)
    assert result.code == code  # type: ignore[attr-defined]
    assert ("--min-coverage" in result.err) == bool(code)  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", ["-1", "101", "many"])
def test_no_other_coverage_than_a_percentage(tmp_path: Path, run: Callable[..., object], value: str) -> None:
    (tmp_path / "a.csv").write_text(BALANCED, encoding="utf-8")
    assert run("check", str(tmp_path / "a.csv"), f"--min-coverage={value}").code == 2  # type: ignore[attr-defined]


def documents() -> list[Path]:
    return sorted(
        path for path in (HERE.parent / "data").iterdir() if path.suffix not in (".yaml", "") and path.name != "README.md"
    )


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_no_document_is_clean_while_something_is_undecided(path: Path) -> None:
    found = audit([path])
    undecided: list[Comparison] = [
        c for c in found.comparisons if c.verdict == "not_evaluated" and c.kind not in assurance.NO_FIGURES
    ]
    assert len(assurance.unexplained(found)) == len(undecided)
    if undecided:
        assert assurance.state(found) != "clean"
        assert "could not be decided" in verdict(found, "en")


def overspent(rows: int) -> str:
    lines = [f"{n}공구,{1000 + n},{1000 + n + 10 * (n + 1) * (n < rows)}" for n in range(rows + 6)]
    return "(단위: 천원)\n공구,예산액,집행액\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(("rows", "listed"), [(3, 3), (5, 1)])
def test_equal_findings_are_told_once(tmp_path: Path, run: Callable[..., object], rows: int, listed: int) -> None:
    (tmp_path / "a.csv").write_text(overspent(rows) + "".join(f"x{n},50,40\n" for n in range(20)), encoding="utf-8")
    report = json.loads(run("check", str(tmp_path / "a.csv"), "--format", "json").out)  # type: ignore[attr-defined]
    found = [finding for finding in report["findings"] if finding["rule"] == "execution-within-budget"]
    assert len(found) == listed
    assert sum(finding["count"] for finding in found) == rows == report["summary"]["warning"]
    assert sum(place["role"] == "stated" for finding in found for place in finding["places"]) == rows
    if listed == 1:
        assert found[0]["difference"]["value"] == str(10 * rows)


def test_amounts_that_look_like_years_head_no_table(tmp_path: Path) -> None:
    rows = "".join(f"{n}공구,{6000 + n},{5000 + n}\n" for n in range(4))
    found = audited(tmp_path, f"공구,예산액,집행액\n{rows}가공구,1978,1914\n{rows}")
    assert (source(found).tables, source(found).bounded) == (1, 18)
