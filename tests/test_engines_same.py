"""Whatever engine runs, in whatever pieces, with however many workers: counts, findings, rows and lines are the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetaudit import vocabulary
from budgetaudit.engines import files
from budgetaudit.kinds import KINDS
from budgetaudit.ledger.audit import LedgerAudit, audit_ledger
from budgetaudit.reports.wording import headline
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.rulefiles.rulefile import load
from tests.searching import examples

RULES = """
columns:
  p24: {measure: plan, year: 2024}
  p25: {measure: plan, year: 2025}
  e24: {measure: execution, year: 2024}
  e25: {measure: execution, year: 2025}
rules:
  - {id: parts, kind: formula, check: total = national + local, tolerance: 1}
  - {id: exact, kind: formula, check: total = p24 + p25, tolerance: exact}
  - {id: share, kind: formula, check: total <= national * 2, tolerance: 10%}
  - {id: rate, kind: formula, check: rate = e24 / p24 * 100, severity: warning}
  - {id: within, kind: within, left: {measure: execution}, right: {measure: plan}, also: cumulative, tolerance: exact}
  - {id: groups, kind: rollup, by: parent, measures: [total, e24 -> spent], published: published.csv, tolerance: exact}
  - {id: keys, kind: unique, key: project_id}
"""
HEADER = ["project_id", "parent", "national", "local", "total", "p24", "p25", "e24", "e25", "rate"]
AMOUNTS = HEADER[2:]
whole = st.integers(-5, 60).map(str)
cents = st.decimals(-5, 60, places=2).map(str)
strange = st.sampled_from(
    ["", "", " ", "-", "1,234", "△5", "(3)", "x", "1e2", "12.345", "0.30000000000000004", "NULL", "9" * 22, "1_0", "+7"]
)
keys = st.sampled_from(["0101", "101", "G1", "가나다라마바사", "a,b", 'q"q', "two\nlines", "", "long key of many bytes"])


@st.composite
def rows(draw: st.DrawFn) -> list[list[str]]:
    number = st.sampled_from([whole, cents]).flatmap(lambda kind: st.one_of(*[kind] * 12, strange))
    made = []
    for _ in range(draw(st.integers(1, 25))):
        national, local = draw(st.integers(0, 30)), draw(st.integers(0, 30))
        total = national + local + draw(st.sampled_from([0, 0, 0, 1, 2]))
        plan = draw(st.integers(0, total)) if total else 0
        row = [draw(keys), draw(keys), national, local, total, plan, total - plan, draw(whole), draw(whole), draw(number)]
        if draw(st.integers(0, 9)) == 0:
            row[draw(st.integers(2, 9))] = draw(number)
        made.append([str(cell) for cell in row])
    if draw(st.integers(0, 3)) == 0:
        made.insert(draw(st.integers(0, len(made))), draw(st.sampled_from([["a", "b", "1"], ["a"] * 12])))
    return made


@st.composite
def published(draw: st.DrawFn) -> list[list[str]]:
    amount = st.one_of(*[whole] * 6, strange)
    return [[draw(keys), draw(amount), draw(amount)] for _ in range(draw(st.integers(1, 8)))]


def write(path: Path, header: list[str], body: list[list[str]], end: str = "\n") -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows([header, *body])
    path.write_bytes(text.getvalue().encode())


def outcome(audit: LedgerAudit) -> Any:
    """All of an audit but which engine made it."""
    return audit.tallies, audit.findings, audit.errors, replace(audit.source, engine=None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rules(place: Path) -> RuleSet:
    return load(str(place / "rules.yaml"), {name: kind.options for name, kind in KINDS.items()})


def run(place: Path, rules: RuleSet, engine: str, name: str = "ledger.csv", **more: Any) -> Any:
    return outcome(audit_ledger(str(place / name), rules, vocabulary.load(), engine, **more))  # type: ignore[arg-type]


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=rows(), groups=published(), size=st.integers(30, 2000), end=st.sampled_from(["\n", "\r\n"]))
def test_pieces_leave_no_trace(place: Path, rules: RuleSet, body: Any, groups: Any, size: int, end: str) -> None:
    write(place / "ledger.csv", HEADER, body, end)
    write(place / "published.csv", ["parent", "total", "spent"], groups)
    expected = run(place, rules, "pandas", workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.CsvFile.pieces, "__defaults__", (size,))
        assert run(place, rules, "pandas", workers=2) == expected


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=rows(), groups=published(), size=st.integers(30, 2000), at_once=st.integers(1, 3))
def test_duckdb_finds_what_pandas_finds(place: Path, rules: RuleSet, body: Any, groups: Any, size: int, at_once: int) -> None:
    pytest.importorskip("duckdb")
    write(place / "ledger.csv", HEADER, body)
    write(place / "published.csv", ["parent", "total", "spent"], groups)
    expected = run(place, rules, "pandas")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.CsvFile.pieces, "__defaults__", (size,))
        patch.setattr("budgetaudit.engines.groups.AT_ONCE", at_once)  # so many rows fit into memory
        assert run(place, rules, "duckdb") == expected


def test_the_order_of_rows_changes_only_rows(place: Path, rules: RuleSet) -> None:
    body = [
        [f"P{i}", f"G{i % 7}", str(i), str(2 * i), str(3 * i + (i % 5 == 0)), str(i), str(2 * i), str(i + 1), "0", "100.0"]
        for i in range(200)
    ]
    write(place / "published.csv", ["parent", "total", "spent"], [[f"G{i}", "1000", "10"] for i in range(9)])

    def found() -> Any:
        audit = audit_ledger(str(place / "ledger.csv"), rules, vocabulary.load())
        return audit.tallies, sorted(
            (f.rule, f.message.code, str(f.stated), str(f.expected), f.fingerprint) for f in audit.findings
        )

    write(place / "ledger.csv", HEADER, body)
    expected = found()
    write(place / "ledger.csv", HEADER, body[::-1])
    assert found() == expected


Maker = Callable[[Path, list[list[str]]], None]


def as_decimals(path: Path, body: list[list[str]], kind: Any) -> None:
    from decimal import Decimal

    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, Any] = {name: pa.array([row[at] for row in body]) for at, name in enumerate(HEADER[:2])}
    for at, name in enumerate(HEADER[2:], 2):
        values = [None if row[at] == "" else Decimal(row[at]) for row in body]
        if pa.types.is_floating(kind):
            columns[name] = pa.array([None if value is None else float(value) for value in values], kind)
        elif pa.types.is_string(kind):
            columns[name] = pa.array([None if value is None else str(value) for value in values])
        else:
            columns[name] = pa.array(values).cast(kind)
    parquet.write_table(pa.table(columns), path, row_group_size=3)


plain_rows = st.lists(
    st.tuples(keys, keys, *[st.one_of(st.decimals(-5, 60, places=2).map(str), st.just("")) for _ in AMOUNTS]).map(list),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("kind", ["decimal(18,2)", "decimal(38,18)", "double", "string"])
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=plain_rows)
def test_parquet_is_what_csv_is(place: Path, rules: RuleSet, kind: str, body: list[list[str]]) -> None:
    pa = pytest.importorskip("pyarrow")
    types = {
        "decimal(18,2)": pa.decimal128(18, 2),
        "decimal(38,18)": pa.decimal128(38, 18),
        "double": pa.float64(),
        "string": pa.string(),
    }
    write(place / "published.csv", ["parent", "total", "spent"], [["G1", "3", "4"]])
    write(place / "ledger.csv", HEADER, body)
    as_decimals(place / "ledger.parquet", body, types[kind])
    parquet = run(place, rules, "pandas", "ledger.parquet")

    def placeless(found: Any) -> Any:
        tallies, findings, *_ = found
        return (
            [(t.rule, t.passed, t.rounding, t.failed, t.not_evaluated, t.widest, t.reasons) for t in tallies],
            [(f.rule, f.severity, str(f.stated), str(f.expected), f.fingerprint) for f in findings],
        )

    assert placeless(parquet) == placeless(run(place, rules, "pandas"))
    pytest.importorskip("duckdb")
    assert run(place, rules, "duckdb", "ledger.parquet") == parquet


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
@pytest.mark.parametrize("late", ["66.00", "66.25"])
def test_zeros_at_the_end_of_a_rate_state_nothing(tmp_path: Path, engine: str, late: str) -> None:
    pytest.importorskip(engine)
    (tmp_path / "rules.yaml").write_text("- {id: r, kind: formula, check: rate = spent / plan * 100}\n", encoding="utf-8")
    given = load(str(tmp_path / "rules.yaml"), {name: kind.options for name, kind in KINDS.items()})
    body = [["a", "2", "3", "66.00"], ["b", "1", "2", "49.00"]] + [["c", "1", "1", "100.00"]] * 3000 + [["d", "0", "1", late]]
    found = []
    for cut in (False, True):
        shown = [[*row[:3], row[3].rstrip("0").rstrip(".") if cut and "." in row[3] else row[3]] for row in body]
        write(tmp_path / "ledger.csv", ["k", "spent", "plan", "rate"], shown)
        tallies, findings, *_ = run(tmp_path, given, engine)
        found.append((tallies, [(str(f.stated), str(f.expected), f.fingerprint) for f in findings]))
    assert found[0] == found[1]
    assert (found[0][0][0].rounding, found[0][0][0].failed) == ((1, 2) if late == "66.00" else (0, 3))


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_of_equal_differences_those_that_stand_first_are_reported(place: Path, rules: RuleSet, engine: str) -> None:
    pytest.importorskip(engine)
    body = [[f"P{i}", f"G{i * 7919 % 997}", "1", "2", "3", "1", "2", "1", "0", "100.0"] for i in range(997)]
    write(place / "ledger.csv", HEADER, body)
    write(place / "published.csv", ["parent", "total", "spent"], [[f"G{i}", "4", "1"] for i in reversed(range(997))])
    _, findings, *_ = run(place, rules, engine, limit=3)
    assert [str(finding.message.args["key"]) for finding in findings if finding.rule == "groups"] == ["G996", "G995", "G994"]


# --- what ledgers come with ----------------------------------------------------------------------

SUM = "- {id: s, kind: formula, check: total = a + b}\n"
BY_KEY = SUM + "- {id: u, kind: unique, key: id}\n"
TEXTS = {
    "utf-16": ("id,total,a,b\n도로,3,1,2\n공원,4,1,2\n공원,3,1,2\n".encode("utf-16"), BY_KEY),
    "mark": (b"\xef\xbb\xbf" + b'"id",total,a,b\nx,3,1,2\ny,4,1,2\n', BY_KEY),
    "capitals": (b"id,Total,total,a,b\nx,9,3,1,2\ny,9,4,1,2\n", SUM),
    "odd names": (
        b'id,"the ""sum""",a-1,"b,c"\nx,3,1,2\ny,4,1,2\n',
        "- {id: s, kind: formula, check: '[the \"sum\"] = [a-1] + [b,c]'}\n",
    ),
    "lines": (b'id,total,a,b\n"x\ny",3,1,2\n\n"z\r\n""w""",4,1,2\nv,5,1,2\n', BY_KEY),
}


def tables() -> dict[str, Any]:
    import pyarrow as pa

    two = {"total": pa.array([3, 4]), "a": pa.array([1, 1]), "b": pa.array([2, 2])}
    floats = [[12.34, 12.34, float("nan"), float("inf"), 1e300], [12.0, 12.0, 1.0, 1.0, 1.0], [0.34, 0.35, 2.0, 2.0, 2.0]]
    return {
        "floats": dict(zip(["total", "a", "b"], floats, strict=True)),
        "narrow floats": {name: pa.array(column, pa.float32()) for name, column in zip(["total", "a", "b"], floats, strict=True)},
        "truths": two | {"a": pa.array([True, False])},
        "times": two | {"id": pa.array([0, 1_500_000], pa.timestamp("us"))},
        "dictionary": two | {"id": pa.array(["x", "x"]).dictionary_encode()},
        "no type": {"id": pa.array(["x", None]), "total": pa.array([3, 4]), "a": pa.nulls(2), "b": pa.array([3, 2])},
        "ends of 64 bits": {"total": [-(2**63), 2**63 - 1], "a": [-(2**63), 2**63 - 1], "b": [0, 1]},
        "unsigned": {
            name: pa.array(column, pa.uint64())
            for name, column in (("total", [2**64 - 1, 4]), ("a", [2**64 - 2, 1]), ("b", [1, 2]))
        },
    }


def found_by(engine: str, path: Path, text: str) -> LedgerAudit:
    (path.parent / "quirk.yaml").write_text(text, encoding="utf-8")
    given = load(str(path.parent / "quirk.yaml"), {name: kind.options for name, kind in KINDS.items()})
    return audit_ledger(str(path), given, vocabulary.load(), engine)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TEXTS)
def test_odd_texts_are_read_alike(tmp_path: Path, name: str) -> None:
    pytest.importorskip("duckdb")
    data, text = TEXTS[name]
    path = tmp_path / "ledger.csv"
    path.write_bytes(data)
    audit = found_by("pandas", path, text)
    assert [tally.failed for tally in audit.tallies][:1] == [2 if name == "lines" else 1]
    assert outcome(found_by("duckdb", path, text)) == outcome(audit)
    if name == "utf-16":
        assert [str(finding.message.args.get("key")) for finding in audit.findings][1:] == ["공원"]


ODD = ["floats", "narrow floats", "truths", "times", "dictionary", "no type", "ends of 64 bits", "unsigned"]


@pytest.mark.parametrize("name", ODD)
def test_odd_types_are_read_alike(tmp_path: Path, name: str) -> None:
    pytest.importorskip("duckdb")
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow as pa

    path, columns = tmp_path / "ledger.parquet", tables()[name]
    parquet.write_table(pa.table(columns), path)
    text = BY_KEY if "id" in columns else f"columns: {{a: {{measure: plan}}}}\nrules:\n  {SUM}"
    audit = found_by("pandas", path, text)
    assert not audit.errors
    assert audit.source.figures > 0
    assert outcome(found_by("duckdb", path, text)) == outcome(audit)
    if "float" in name:
        assert audit.tallies[0].passed == 1
        assert "'inf' is not an amount" in headline(next(f for f in audit.findings if f.rule == "amounts"), "en")


def test_keys_of_another_encoding_are_the_same_keys(tmp_path: Path) -> None:
    (tmp_path / "published.csv").write_text("id,total\n도로,7\n", encoding="utf-8")
    (tmp_path / "ledger.csv").write_text("id,total,a,b\n도로,3,1,2\n도로,4,2,2\n", encoding="cp949")
    text = "- {id: r, kind: rollup, by: id, measures: [total], published: published.csv}\n"
    (tally,) = found_by("pandas", tmp_path / "ledger.csv", text).tallies
    assert (tally.passed, tally.failed) == (1, 0)
