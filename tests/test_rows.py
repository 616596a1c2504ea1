"""Rules over rows: filters, groups, keys, blanks; the same in documents and on every engine."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from budgetaudit.rulefiles.filters import FilterError, parse_filter
from tests.conftest import Run

BROKER = Path(__file__).parent / "broker"
CASES: list[dict[str, Any]] = json.loads((BROKER / "cases.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("구분 = '세출'", [1, 3]),
        ("구분 = '세출' and 연도 >= 2024", [3]),
        ("구분 != '세출' or 연도 < 2024", [1, 2, 4]),
        ("not (구분 = '세출')", [2, 4]),
        ("연도 in (2023, 2025)", [1, 4]),
        ("연도 not in (2023, 2025)", [2, 3]),
        ("비고 is blank", [1, 2]),
        ("비고 is not blank and 금액 > 1000", [4]),
        ("[비 고(%)] = 'X'", [2]),
        ("구분 ≠ '세출'", [2, 4]),
    ],
)
def test_filters(text: str, meant: list[int]) -> None:
    names = ("구분", "연도", "비고", "금액", "비 고(%)")
    rows = [
        ("세출", "2023", "", "1,000", ""),
        ("세입", "2024", " ", "x", "x"),
        ("세출", "2024", "a", "-", ""),
        ("예비", "2025", "b", "1,001", ""),
    ]
    condition = parse_filter(text)
    assert [at for at, row in enumerate(rows, 1) if condition.holds(dict(zip(names, row, strict=True)))] == meant


@pytest.mark.parametrize(
    "text", ["", "구분", "구분 =", "= 3", "구분 = '세출' and", "(구분 = 3", "구분 = 세출", "구분 ~ 3", "a in 3", "구분 = 3 3"]
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(text)


VOUCHERS = """부서,구분,연도,예산액,집행액
기획과,세출,2024,100,60
기획과,세출,2024,0,50
복지과,세출,2024,200,150
복지과,세입,2024,0,900
기획과,세출,2023,0,900
"""
WITHIN = """- id: within
  kind: within
  left: 집행액
  right: 예산액
  by: [부서]
  where: {rows: "구분 = '세출' and 연도 >= 2024"}
"""


@pytest.mark.parametrize("engine", ["", "pandas", "duckdb"])
def test_groups_are_compared_by_their_sums(engine: str, run: Callable[..., Run]) -> None:
    Path("t.csv").write_text(VOUCHERS, encoding="utf-8")
    Path("rules.yaml").write_text(WITHIN, encoding="utf-8")
    report = json.loads(
        run("check", "t.csv", "--rules", "rules.yaml", *(["--engine", engine] if engine else []), "-f", "json").out
    )
    (finding,) = report["findings"]
    assert (finding["stated"]["value"], finding["expected"]["value"], finding["difference"]["value"]) == ("110", "100", "10")
    assert (report["summary"]["pass"], report["summary"]["fail"]) == (1, 1)


def test_groups_in_a_table_of_a_document(run: Callable[..., Run]) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(','))}</tr>" for line in VOUCHERS.split())
    Path("t.html").write_text(f"<h1>전표</h1><table>{rows}</table>", encoding="utf-8")
    Path("rules.yaml").write_text(WITHIN, encoding="utf-8")
    result = run("check", "t.html", "--rules", "rules.yaml")
    assert (result.code, "110" in result.out) == (1, True)


def test_columns_are_looked_up_in_another_file(run: Callable[..., Run]) -> None:
    Path("rates.csv").write_text("id,rate\nA,2\nB,3\n", encoding="utf-8")
    Path("t.csv").write_text("code,amount,total\nA,10,20\nB,10,31\nC,10,0\n", encoding="utf-8")
    rule = "- {id: r, kind: formula, tolerance: exact, check: 'total = amount * [lookup(rates, rate, by: code -> id)]'}\n"
    Path("rules.yaml").write_text(rule, encoding="utf-8")
    report = json.loads(run("check", "t.csv", "--rules", "rules.yaml", "-f", "json").out)
    assert [(f["stated"]["value"], f["expected"]["value"]) for f in report["findings"]] == [("31", "30")]
    assert report["summary"]["not_evaluated"] == 1


@pytest.mark.parametrize("engine", ["document", "pandas"])
def test_columns_are_looked_up_in_parquet(engine: str, run: Callable[..., Run]) -> None:
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame({"id": ["A", "B", None], "rate": [2, 3, 5]}).to_parquet("rates.parquet")
    Path("t.csv").write_text("code,amount,total\nA,10,20\nB,10,31\nC,10,0\n", encoding="utf-8")
    rule = "- {id: r, kind: formula, tolerance: exact, check: 'total = amount * [lookup(rates, rate, by: code -> id)]'}\n"
    Path("rules.yaml").write_text(rule, encoding="utf-8")
    options = [] if engine == "document" else ["--engine", engine]
    report = json.loads(run("check", "t.csv", "--rules", "rules.yaml", "-f", "json", *options).out)
    assert [(f["stated"]["value"], f["expected"]["value"]) for f in report["findings"]] == [("31", "30")]
    assert report["summary"]["not_evaluated"] == 1
    Path("rates.parquet").write_bytes(b"PAR1")
    result = run("check", "t.csv", "--rules", "rules.yaml", *options)
    assert (result.code, "internal" in result.err) == (3, False)


@pytest.mark.parametrize(
    ("check", "failing"),
    [("round(a / 3, 2) = b", 1), ("a / 3 * 3 = a", 0), ("b = a * 33.33%", 2), ("a <= b", 2), ("b * 3 = a", 2)],
)
def test_rounding_and_percentages_mean_what_they_say(check: str, failing: int, run: Callable[..., Run]) -> None:
    Path("t.csv").write_text("name,a,b\nx,5,1.67\ny,10,3.34\n", encoding="utf-8")
    Path("rules.yaml").write_text(
        f"- {{id: r, kind: formula, blanks: zero, tolerance: exact, check: '{check}'}}\n", encoding="utf-8"
    )
    assert failures(run) == failing


def test_amounts_that_were_cut(run: Callable[..., Run]) -> None:
    Path("t.csv").write_text("name,a(천원),b(천원),sum(천원)\nx,5,5,12\ny,5,5,11\nz,5,5,9\n", encoding="utf-8")
    rule = "- {id: r, kind: formula, blanks: zero, tolerance: truncation, check: 'sum = a + b'}\n"
    Path("rules.yaml").write_text(
        rule.replace("sum =", "[sum(천원)] =").replace("a + b", "[a(천원)] + [b(천원)]"), encoding="utf-8"
    )
    assert failures(run) == 2  # cut parts may come to 11 at most with what was cut, never to less


def failures(run: Callable[..., Run], *options: str) -> int:
    report = json.loads(run("check", "t.csv", "--rules", "rules.yaml", *options, "--format", "json").out)
    assert report["errors"] == []
    assert [problem for source in report["inputs"] for problem in source["problems"] if problem["level"] == "unread"] == []
    return int(report["summary"]["fail"])


@pytest.mark.parametrize("engine", ["document", "pandas", "duckdb"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}-{case['case']}")
def test_the_rules_of_a_peer(case: dict[str, Any], engine: str, run: Callable[..., Run]) -> None:
    if engine == "duckdb" and importlib.util.find_spec("duckdb") is None:
        pytest.skip("needs duckdb")
    for name, content in case["files"].items():
        with Path(name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([content["columns"], *content["rows"]])
    (rule,) = (
        line for line in (BROKER / "rules.yaml").read_text(encoding="utf-8").splitlines() if f"{{id: {case['rule']}," in line
    )
    Path("rules.yaml").write_text(rule + "\n", encoding="utf-8")
    assert failures(run, *([] if engine == "document" else ["--engine", engine])) == case["failures"]


@pytest.mark.parametrize("engine", ["document", "pandas", "duckdb"])
@pytest.mark.parametrize(
    ("rule", "verdicts"),
    [
        ("kind: rate, rate: 집행률(%), numerator: 집행액, denominator: 예산액, by: [부서]", (1, 1, 1)),
        ("kind: rate, rate: {measure: execution_rate}, by: [부서]", (1, 1, 1)),
        ("kind: change, change: 증감, new: 예산액, old: 전년도예산액, by: [부서]", (2, 1, 0)),
        ("kind: formula, check: '[집행률(%)] = 집행액 / 예산액 * 100', where: {rows: 집행률(%) is not blank}", (0, 4, 0)),
        ("kind: within, left: {measure: execution}, right: {measure: budget}, by: [부서]", (2, 1, 0)),
        ("kind: sum, along: source, by: [부서]", (2, 1, 0)),
    ],
)
def test_every_kind_of_amounts_is_compared_per_group(
    rule: str, verdicts: tuple[int, int, int], engine: str, run: Callable[..., Run]
) -> None:
    Path("t.csv").write_text(
        "부서,전표,예산액,전년도예산액,증감,집행액,집행률(%),계,국비,시비\n"
        "기획과,1,100,90,10,40,55.0,9,4,5\n기획과,2,100,100,0,70,,3,1,2\n"
        "복지과,3,50,70,-20,40,53.3,3,1,2\n복지과,4,30,20,5,10,,1,1,\n"
        "건설과,5,30,20,10,30,91.0,1,,1\n건설과,6,10,20,-10,20,90.0,3,1,1\n",
        encoding="utf-8",
    )
    rule = rule.replace("{rows: 집행률(%) is not blank}", "{rows: '[집행률(%)] is not blank'}")
    Path("rules.yaml").write_text(f"- {{id: r, {rule}}}\n", encoding="utf-8")
    options = [] if engine == "document" else ["--engine", engine]
    report = json.loads(run("check", "t.csv", "--rules", "rules.yaml", *options, "--format", "json").out)
    assert report["errors"] == []
    summary = report["summary"]
    assert (summary["pass"] + summary["rounding"], summary["fail"], summary["not_evaluated"]) == verdicts


def test_rows_of_every_kind_of_ledger(run: Callable[..., Run]) -> None:
    pandas, sqlite3, gzip = (pytest.importorskip(name) for name in ("pandas", "sqlite3", "gzip"))
    pytest.importorskip("sqlalchemy")
    Path("t.csv").write_text(VOUCHERS, encoding="utf-8")
    Path("t.csv.gz").write_bytes(gzip.compress(VOUCHERS.encode()))
    frame = pandas.read_csv("t.csv")
    frame.to_parquet("t.parquet")
    with sqlite3.connect("books.db") as connection:
        frame.to_sql("vouchers", connection, index=False)
    Path("rules.yaml").write_text(WITHIN, encoding="utf-8")
    for source in ("t.csv.gz", "t.parquet", f"sqlite:///{Path('books.db').resolve()}#vouchers"):
        report = json.loads(run("check", source, "--rules", "rules.yaml", "-f", "json").out)
        (finding,) = report["findings"]
        assert (finding["stated"]["value"], finding["expected"]["value"]) == ("110", "100")
        assert (report["summary"]["pass"], report["summary"]["fail"]) == (1, 1)


def test_a_rule_for_other_files_is_silent(run: Callable[..., Run]) -> None:
    Path("t.csv").write_text(VOUCHERS, encoding="utf-8")
    Path("rules.yaml").write_text(WITHIN + WITHIN.replace("id: within", "id: other").replace("where: {", "where: {file: x.csv, "))
    for options in ((), ("--engine", "pandas")):
        report = json.loads(run("check", "t.csv", "--rules", "rules.yaml", *options, "-f", "json").out)
        assert [finding["rule"] for finding in report["findings"]] == ["within"]
        assert report["errors"] == []


@pytest.mark.parametrize("options", [(), ("--engine", "pandas")])
def test_a_misspelt_column_is_told(options: tuple[str, ...], run: Callable[..., Run]) -> None:
    Path("t.csv").write_text(VOUCHERS, encoding="utf-8")
    Path("rules.yaml").write_text(WITHIN.replace("left: 집행액", "left: 집행엑"), encoding="utf-8")
    result = run("check", "t.csv", "--rules", "rules.yaml", "--lang", "en", *options)
    assert (result.code, "집행엑" in result.out + result.err, "집행액" in result.out + result.err) == (3, True, True)


def test_an_equation_over_rows_proves_figures(run: Callable[..., Run]) -> None:
    Path("t.csv").write_text("name,a,b,c\nx,1,2,3\ny,1,2,3\nz,1,2,4\n", encoding="utf-8")
    Path("rules.yaml").write_text("- {id: r, kind: formula, blanks: zero, check: c = a + b}\n", encoding="utf-8")
    for options in ((), ("--engine", "pandas")):
        (source,) = json.loads(run("check", "t.csv", "--rules", "rules.yaml", *options, "-f", "json").out)["inputs"]
        assert (source["figures"], source["covered"]) == (9, 6)
