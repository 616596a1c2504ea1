"""Ledgers as auditors meet them: what goes to an engine, what is found, where it stands, and what is said when it cannot be."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from budgetaudit import pipeline, vocabulary
from budgetaudit.engines.job import MissingExtra
from budgetaudit.kinds import KINDS
from budgetaudit.ledger.audit import LedgerAudit, audit_ledger, is_ledger
from budgetaudit.readers import read
from budgetaudit.reports.wording import headline
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.rulefiles.rulefile import load
from tests.conftest import Run

OPTIONS = {name: kind.options for name, kind in KINDS.items()}
PARTS = "- {id: parts, kind: formula, check: total = a + b, tolerance: exact}\n"


@pytest.fixture
def rules(tmp_path: Path) -> Any:
    def made(text: str) -> RuleSet:
        path = tmp_path / "rules.yaml"
        path.write_text(text, encoding="utf-8")
        return load(str(path), OPTIONS)

    return made


@pytest.fixture
def audited(tmp_path: Path, rules: Any) -> Any:
    def made(text: str, body: str, **more: Any) -> LedgerAudit:
        path = tmp_path / "ledger.csv"
        path.write_text(body, encoding="utf-8")
        return audit_ledger(str(path), rules(text), vocabulary.load(), **more)

    return made


def counts(audit: LedgerAudit, rule: str) -> tuple[int, int, int, int]:
    tally = next(tally for tally in audit.tallies if tally.rule == rule)
    return tally.passed, tally.rounding, tally.failed, tally.not_evaluated


# --- which files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "text", "expected"),
    [
        ("small.csv", "k,a,b,total\nx,1,2,3\n", PARTS, False),
        ("thousands.csv", "k,a,b,total\n" + "x,1,2,3\n" * 5_000, PARTS, True),
        ("small.csv", "k,a,b,total\nx,1,2,3\n", "- {id: s, kind: sum, along: source}\n", False),
        ("small.csv", "k,a\nx,1\n", "- {id: s, kind: sum, along: source}\n- {id: u, kind: unique, key: k}\n", True),
        ("large.csv", "k,a,b,total\n" + "x,1,2,3\n" * 60_000, "- {id: s, kind: sum, along: source}\n", True),
        ("titled.csv", "Budget 2024,,,\nk,a,b,total\nx,1,2,3\n", PARTS, False),
        ("numbers.csv", "1,2,3\n4,5,6\n", PARTS, False),
        ("empty.csv", "", PARTS, False),
        ("notes.txt", "k,a,b,total\nx,1,2,3\n", PARTS, False),
    ],
)
def test_which_files_go_to_an_engine(tmp_path: Path, rules: Any, name: str, body: str, text: str, expected: bool) -> None:
    (tmp_path / name).write_text(body, encoding="utf-8")
    assert is_ledger(tmp_path / name, rules(text)) is expected


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        ("total = sum(source)", 1),  # speaks of meanings
        ("total = first(national, 0) + city", 1),
        ("total = max(national, city) + min(national, city)", 1),
        ("national * 0 = city * 0", 0),
    ],
)
def test_a_formula_that_no_engine_runs_is_checked_all_the_same(tmp_path: Path, rules: Any, check: str, wrong: int) -> None:
    path = tmp_path / "small.csv"
    path.write_text("project,total,national,city\na,300,100,200\nb,900,400,500\nc,990,400,500\n", encoding="utf-8")
    found = pipeline.audit(path, rules(f'- {{id: own, kind: formula, check: "{check}"}}\n'))
    assert (len(found.findings), found.errors) == (wrong, ())
    assert found.compared - found.count("not_evaluated") == 3


def test_sums_along_a_dimension_of_a_ledger(audited: Any) -> None:
    text = "- {id: own, kind: formula, check: total = sum(source)}\n- {id: once, kind: unique, key: project}\n"
    audit = audited(text, "project,total,national,city\na,300,100,200\nb,900,400,500\nc,990,400,500\n")
    assert counts(audit, "own") == (2, 0, 1, 0)
    assert not audit.errors
    meant = "columns: {plan: {source: national, measure: plan}, spent: {source: local, measure: execution}}\nrules:\n"
    mixed = audited(meant + text, "project,total,plan,spent\na,300,100,200\n")
    assert [error.message.code for error in mixed.errors] == ["ledger-not-linear"]


def test_compressed_csv_is_a_ledger(tmp_path: Path, rules: Any) -> None:
    path = tmp_path / "ledger.csv.gz"
    path.write_bytes(gzip.compress(b"k,a,b,total\nx,1,2,4\n"))
    assert is_ledger(path, rules(PARTS))
    assert counts(audit_ledger(str(path), rules(PARTS), vocabulary.load()), "parts") == (0, 0, 1, 0)


# --- blanks, malformed cells, places -----------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected", "severity", "code"),
    [
        ("x,3,,3", (1, 0, 0, 0), "", ""),
        ("x,1,,3", (0, 0, 1, 0), "warning", "ledger-blank"),
        ("x,,,3", (0, 0, 0, 1), "", ""),
        ("x,1,2,", (0, 0, 0, 1), "", ""),
        ("x,-,3,3", (1, 0, 0, 0), "", ""),
        ("x,1,1,3", (0, 0, 1, 0), "error", "ledger-sum"),
    ],
)
def test_a_blank_is_not_a_zero(audited: Any, row: str, expected: Any, severity: str, code: str) -> None:
    audit = audited(PARTS, f"k,a,b,total\n{row}\ny,1,2,3\n")
    assert counts(audit, "parts") == (expected[0] + 1, *expected[1:])
    assert [(f.severity, f.message.code) for f in audit.findings] == ([(severity, code)] if code else [])


def test_a_malformed_amount_is_found_where_it_stands(audited: Any) -> None:
    body = [f"k{i},{i},1,{i + 1}" for i in range(120_000)]
    body[87_653] = "k87653,12a,1,13"
    audit = audited(PARTS, "k,a,b,total\n" + "\n".join(body) + "\n")
    [finding] = audit.findings
    place = finding.places[0][1]
    assert (finding.rule, finding.message.code) == ("amounts", "ledger-malformed")
    assert (place.row, place.line, place.column) == (87_655, 87_655, 2)
    assert counts(audit, "parts") == (119_999, 0, 0, 1)


def test_a_row_of_another_width_is_a_finding(audited: Any) -> None:
    audit = audited(PARTS, "k,a,b,total\nx,1,2,3\ny,1\nz,1,2,3\n")
    [finding] = audit.findings
    assert finding.message.code == "ledger-ragged"
    assert finding.places[0][1].line == 3
    assert counts(audit, "parts") == (2, 0, 0, 1)


def test_more_decimals_than_the_sample_printed(audited: Any) -> None:
    body = ["k,a,b,total"] + ["x,1,2,3"] * 5000 + ["y,0.1,0.2,0.3"] * 300 + ["z,0.125,0.25,0.376"]
    audit = audited(PARTS, "\n".join(body) + "\n")
    assert counts(audit, "parts") == (5300, 0, 1, 0)
    assert str(audit.findings[0].difference.value) == "0.001"


def test_amounts_beyond_64_bits_are_exact(audited: Any) -> None:
    big = 10**25
    audit = audited(PARTS, f"k,a,b,total\nx,{big},1,{big + 1}\ny,{big},1,{big}\n")
    assert counts(audit, "parts") == (1, 0, 1, 0)
    assert audit.findings[0].difference.value == -1


# --- rules -------------------------------------------------------------------------------------


def test_columns_are_known_by_their_names(audited: Any) -> None:
    text = "- {id: sources, kind: sum, along: source, tolerance: exact}\n"
    rows = ["가,10,20,30,60"] * 9 + ["나,10,20,30,61"]
    audit = audited(text, "사업,국비,도비,시비,계\n" + "\n".join(rows) + "\n")
    assert counts(audit, "sources") == (9, 0, 1, 0)


def test_names_that_mean_something_else_are_no_errors(audited: Any) -> None:
    audit = audited("- {id: sources, kind: sum, along: source}\n", "사업,국비,도비,시비,계\n" + "가,10,20,30,99\n" * 9)
    assert counts(audit, "sources") == (0, 0, 0, 9)
    assert audit.findings == ()


@pytest.mark.parametrize(
    ("unit", "expected"), [("백만원", (1, 2, 1, 0)), ("원", (1, 0, 3, 0))], ids=["rounded amounts", "exact amounts"]
)
def test_rounding_explains_what_the_unit_allows(audited: Any, unit: str, expected: Any) -> None:
    header = f"k,a({unit}),b({unit}),total({unit})"
    body = "\n".join(["w,1,2,3", "x,1,2,4", "y,1,2,2", "z,1,2,5"])
    audit = audited("- {id: parts, kind: formula, check: total = a + b}\n", f"{header}\n{body}\n")
    assert counts(audit, "parts") == expected


def test_units_are_brought_together(audited: Any) -> None:
    text = "- {id: same, kind: formula, check: won = thousand, tolerance: exact}\n"
    audit = audited(text, "k,won(원),thousand(천원)\nx,5000,5\ny,5001,5\n")
    assert counts(audit, "same") == (1, 0, 1, 0)
    assert audit.findings[0].difference.value == 1


def test_running_totals_are_held_to_the_limit(audited: Any) -> None:
    text = """
columns:
  p1: {measure: plan, year: 2024}
  p2: {measure: plan, year: 2025}
  e1: {measure: execution, year: 2024}
  e2: {measure: execution, year: 2025}
rules:
  - {id: w, kind: within, left: {measure: execution}, right: {measure: plan}, also: cumulative, tolerance: exact}
"""
    audit = audited(text, "k,p1,p2,e1,e2\nx,10,10,9,10\ny,10,10,5,11\nz,10,10,10,11\n")
    assert counts(audit, "w") == (6, 0, 3, 0)  # y and z exceed a year, z the running total too


def test_a_rate_may_be_rounded_or_cut(audited: Any) -> None:
    text = "- {id: r, kind: formula, check: rate = spent / budget * 100}\n"
    audit = audited(text, "k,spent,budget,rate\na,2,3,66.7\nb,2,3,66.6\nc,2,3,66.9\nd,1,0,0.0\n")
    assert counts(audit, "r") == (1, 1, 1, 1)


def test_what_is_not_linear_is_an_error_of_the_run(audited: Any) -> None:
    audit = audited("- {id: r, kind: formula, check: total = a * b}\n", "k,a,b,total\nx,1,2,3\n")
    assert [(error.rule, error.message.code) for error in audit.errors] == [("r", "ledger-not-linear")]
    assert audit.findings == ()


def test_rules_whose_columns_a_ledger_has_not_are_left_to_the_run(audited: Any) -> None:
    rules = "- {id: f, kind: formula, check: total = a + c}\n- {id: u, kind: unique, key: [no]}\n"
    audit = audited(rules, "k,a,b,total\nx,1,2,3\n")
    assert (audit.errors, audit.unmatched) == ((), dict.fromkeys("fu", frozenset(["k", "a", "b", "total"])))


# --- keys --------------------------------------------------------------------------------------

ROLLUP = "- {id: groups, kind: rollup, by: parent, measures: [total], published: published.csv, tolerance: exact}\n"


def test_roll_ups_name_what_differs_and_what_is_on_one_side_only(tmp_path: Path, audited: Any) -> None:
    (tmp_path / "published.csv").write_text("parent,total\n0101,3\n101,9\nextra,1\n", encoding="utf-8")
    audit = audited(ROLLUP, "k,parent,total\na,0101,1\nb,0101,2\nc,101,5\nd,gone,7\n")
    assert counts(audit, "groups") == (1, 0, 3, 0)
    found = {finding.message.code: finding for finding in audit.findings}
    assert set(found) == {"ledger-rollup", "ledger-group-missing", "ledger-group-extra"}
    assert headline(found["ledger-rollup"], "en") == "101 total is published as 9, but the sum of its 1 row is 5: 4 too high"
    assert found["ledger-group-missing"].places[0][1].row == 5


@pytest.mark.parametrize(
    ("body", "code"), [(None, "ledger-published"), ("parent,sum\n0101,3\n", "ledger-published-columns")], ids=["file", "column"]
)
def test_a_published_file_that_does_not_serve(tmp_path: Path, audited: Any, body: str | None, code: str) -> None:
    if body is not None:
        (tmp_path / "published.csv").write_text(body, encoding="utf-8")
    audit = audited(ROLLUP, "k,parent,total\na,0101,1\n")
    assert [error.message.code for error in audit.errors] == [code]


def test_a_published_amount_finer_than_the_others(tmp_path: Path, audited: Any) -> None:
    (tmp_path / "published.csv").write_text('parent,total\na,3\nb,"1,000.5"\n', encoding="utf-8")
    audit = audited(ROLLUP, "k,parent,total\nx,a,3\ny,b,1000\n")
    assert counts(audit, "groups") == (1, 0, 1, 0)
    assert str(audit.findings[0].difference.value) == "0.5"


def test_keys_are_text(audited: Any) -> None:
    audit = audited("- {id: keys, kind: unique, key: code}\n", "code,a\n0101,1\n101,2\n0101,3\n")
    assert counts(audit, "keys") == (1, 0, 1, 0)
    assert [place.row for _, place, _ in audit.findings[0].places] == [2, 4]


# --- output ------------------------------------------------------------------------------------


def test_the_largest_differences_are_reported_and_all_are_written(tmp_path: Path, audited: Any) -> None:
    body = "k,a,b,total\n" + "\n".join(f"k{i},1,2,{3 + i}" for i in range(50)) + "\n"
    audit = audited(PARTS, body, limit=5, every=tmp_path / "all.csv")
    assert counts(audit, "parts") == (1, 0, 49, 0)
    assert [int(finding.difference.value) for finding in audit.findings] == [49, 48, 47, 46, 45]
    assert "ledger-shown" in [problem.message.code for problem in audit.source.problems]
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["difference"]) for row in rows] == list(range(1, 50))
    assert [int(row["row"]) for row in rows] == list(range(3, 52))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_command_writes_every_finding(tmp_path: Path, run: Callable[..., Run], form: str) -> None:
    (tmp_path / "rules.yaml").write_text(PARTS, encoding="utf-8")
    body = "\n".join(f"k{i},1,2,{3 + i}" for i in range(1200)) + f"\nbig,0,{10**26},0\nfine,0,0.{'1' * 14},0\n"
    (tmp_path / "ledger.csv").write_text(f"k,a,b,total\n{body}", encoding="utf-8")
    target = tmp_path / f"all.{form}"
    result = run("check", tmp_path / "ledger.csv", "--rules", tmp_path / "rules.yaml", "--all-findings", target)
    assert result.code == 1
    assert "1,201 findings the 1,000 with the largest differences" in " ".join(result.out.split())
    if form == "csv":
        with target.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert [row["expected"] for row in rows[-2:]] == [str(10**26), f"0.{'1' * 14}"]
    else:
        rows = pytest.importorskip("pyarrow.parquet").read_table(target).to_pylist()
        assert [row["text"] for row in rows[-2:]] == [
            f"expected {10**26}; difference -{10**26}",
            f"expected 0.{'1' * 14}; difference -0.{'1' * 14}",
        ]
    assert len(rows) == 1201
    assert [int(row["difference"]) for row in rows[:-2]] == list(range(1, 1200))


def test_every_finding_of_one_ledger_only(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "rules.yaml").write_text(PARTS, encoding="utf-8")
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("k,a,b,total\nx,1,2,3\n", encoding="utf-8")
    two = run("check", tmp_path / "one.csv", tmp_path / "two.csv", "--all-findings", tmp_path / "all.csv")
    assert (two.code, two.err) == (2, "--all-findings takes one ledger at a time\n")
    document = run("check", tmp_path / "one.csv", "--all-findings", tmp_path / "all.csv")
    assert "read as a document, not as a ledger" in " ".join(document.out.split())
    assert not (tmp_path / "all.csv").exists()
    nowhere = run(
        "check", tmp_path / "one.csv", "--rules", tmp_path / "rules.yaml", "--all-findings", tmp_path / "no" / "all.csv"
    )
    assert nowhere.code == 2


def test_the_report_says_which_engine_ran_and_why(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "rules.yaml").write_text(PARTS, encoding="utf-8")
    (tmp_path / "ledger.csv").write_text("k,a,b,total\nx,1,2,3\ny,1,2,9\n", encoding="utf-8")
    given = ("check", tmp_path / "ledger.csv", "--rules", tmp_path / "rules.yaml")
    text = run(*given, "--engine", "pandas").out
    assert "Engine         2 rows by the pandas engine (chosen with --engine)\n" in text
    assert "By rule        parts: pass 1, fail 1\n" in text
    assert "Problems" not in text
    report = json.loads(run(*given, "--format", "json", "--engine", "pandas").out)
    assert report["inputs"][0]["engine"] == "pandas"
    assert report["tallies"] == [
        {
            "rule": "parts",
            "file": str(tmp_path / "ledger.csv"),
            "pass": 1,
            "rounding": 0,
            "fail": 1,
            "not_evaluated": 0,
            "shown": 1,
        }
    ]


def test_an_engine_that_is_not_installed(audited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(MissingExtra) as missing:
        audited(PARTS, "k,a,b,total\nx,1,2,3\n", engine="duckdb")
    assert (missing.value.extra, missing.value.package) == ("duckdb", "duckdb")


def test_a_folder_of_parquet_is_one_ledger(tmp_path: Path, rules: Any) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    folder = tmp_path / "ledger"
    folder.mkdir()
    for name, total in (("b.parquet", 4), ("a.parquet", 3)):
        parquet.write_table(pa.table({"k": ["x"], "a": [1], "b": [2], "total": [total]}), folder / name)
    assert is_ledger(folder, rules(PARTS))
    audit = audit_ledger(str(folder), rules(PARTS), vocabulary.load())
    assert counts(audit, "parts") == (1, 0, 1, 0)
    assert audit.findings[0].places[0][1].row == 3
    parquet.write_table(pa.table({"k": ["x"], "other": [1]}), folder / "c.parquet")
    [problem] = audit_ledger(str(folder), rules(PARTS), vocabulary.load()).source.problems
    assert (problem.level, problem.message.code) == ("unread", "ledger-parts")


@pytest.mark.parametrize(
    ("where", "made"),
    [
        ("{table: 세출결산*}", 1),
        ("{table: 세입*}", 0),
        ("{file: '*2024.csv'}", 1),
        ("{file: '*2025.csv'}", 0),
        ("{sheet: '*'}", 0),
        ("{column: total}", 1),
        ("{column: a}", 0),
    ],
)
def test_a_rule_speaks_only_where_it_says(tmp_path: Path, rules: Any, where: str, made: int) -> None:
    """A ledger has no caption: its table goes by the name of its file, as it does when it is read as a document."""
    path = tmp_path / "세출결산 2024.csv"
    path.write_text("k,a,b,total\nx,1,2,4\n", encoding="utf-8")
    text = f"- {{id: parts, kind: formula, check: total = a + b, where: {where}}}\n"
    audit = audit_ledger(str(path), rules(text), vocabulary.load())
    assert sum(tally.failed for tally in audit.tallies) == made
    understood = pipeline.audit_document(read(path), rules(text), vocabulary.load())
    assert len(understood.comparisons) == made


def test_a_header_without_rows_is_said_to_be_one(tmp_path: Path, rules: Any) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("id,total,a,b\n", encoding="utf-8")
    given = rules("- {id: s, kind: formula, check: total = a + b}")
    assert is_ledger(path, given, asked=True)
    (problem,) = audit_ledger(str(path), given, vocabulary.load()).source.problems
    assert (problem.level, problem.message.code) == ("unread", "ledger-no-rows")


# --- what an auditor must be able to rely on ----------------------------------------------------


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_stray_quotes_swallow_no_rows_on_any_engine(tmp_path: Path, rules: Any, engine: str) -> None:
    body = [f"k{i},{i},1,{i + 1}" for i in range(3_000)]
    body[1_200], body[1_208], body[1_204] = '"k1200,1200,1,1201', 'k1208",1208,1,1209', "k1204,1204,1,9"
    (tmp_path / "ledger.csv").write_text("k,a,b,total\n" + "\n".join(body) + "\n", encoding="utf-8")
    audit = audit_ledger(str(tmp_path / "ledger.csv"), rules(PARTS), vocabulary.load(), engine)  # type: ignore[arg-type]
    assert counts(audit, "parts") == (2_999, 0, 1, 0)
    found = [(finding.message.code, finding.severity, finding.places[0][1].line) for finding in audit.findings]
    assert found == [("ledger-sum", "error", 1_206), ("ledger-quote", "warning", 1_202), ("ledger-quote", "warning", 1_210)]


def test_a_ledger_that_changes_while_it_is_read_is_said_to(tmp_path: Path, rules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("k,a,b,total\nx,1,2,3\n", encoding="utf-8")
    from budgetaudit.engines import pandas_engine

    run = pandas_engine.run

    def truncated(*given: Any) -> Any:
        result = run(*given)
        path.write_text("k,a,b,total\n", encoding="utf-8")
        return result

    monkeypatch.setattr(pandas_engine, "run", truncated)
    (problem,) = audit_ledger(str(path), rules(PARTS), vocabulary.load()).source.problems
    assert (problem.level, problem.message.code) == ("unread", "ledger-changed")


def test_the_verdict_counts_what_failed_and_not_what_is_listed(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "rules.yaml").write_text(PARTS, encoding="utf-8")
    body = "\n".join(f"k{i},1,2,{4 + i}" for i in range(2_500))
    (tmp_path / "ledger.csv").write_text(f"k,a,b,total\n{body}\n", encoding="utf-8")
    given = ("check", tmp_path / "ledger.csv", "--rules", tmp_path / "rules.yaml")
    assert "2,500 errors" in run(*given).out
    report = json.loads(run(*given, "--format", "json").out)
    assert (report["summary"]["error"], len(report["findings"])) == (2_500, 1_000)


def test_a_waiver_of_one_row_is_of_that_row(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "rules.yaml").write_text(PARTS, encoding="utf-8")
    (tmp_path / "ledger.csv").write_text("k,a,b,total\n" + "".join(f"k{i},1,2,4\n" for i in range(4)), encoding="utf-8")
    waived = "- {rule: parts, place: k2 · total, difference: '1', reason: agreed, author: Kim, expires: '2027-06-30'}\n"
    (tmp_path / "waivers.yaml").write_text(waived, encoding="utf-8")
    given = ("check", tmp_path / "ledger.csv", "--rules", tmp_path / "rules.yaml", "--engine", "pandas", "--format", "json")
    report = json.loads(run(*given, "--waivers", tmp_path / "waivers.yaml").out)
    assert [finding["waived"] is not None for finding in report["findings"]] == [False, False, True, False]


def test_a_running_total_is_stated_where_it_exceeds(audited: Any) -> None:
    text = """
columns: {p1: {measure: plan, year: 2024}, p2: {measure: plan, year: 2025}}
rules:
  - {id: w, kind: within, left: {measure: execution}, right: {measure: plan}, also: cumulative, tolerance: exact}
"""
    meant = text.replace("}}\nrules", "}, e1: {measure: execution, year: 2024}, e2: {measure: execution, year: 2025}}\nrules")
    [finding] = audited(meant, "k,p1,p2,e1,e2\nx,10,10,10,10\ny,10,10,9,12\n").findings[-1:]
    assert [place.column for role, place, _ in finding.places if role == "stated"] == [5]


def test_an_engine_that_was_asked_for_and_not_used_is_said(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "plan.txt").write_text("a|b|total\n1|2|3\n", encoding="utf-8")
    assert "--engine duckdb was not used" in run("check", tmp_path / "plan.txt", "--engine", "duckdb").out
