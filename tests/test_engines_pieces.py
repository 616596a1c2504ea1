"""A ledger in one piece or in many, in any order, on any engine: the report is the same."""

from __future__ import annotations

import lzma
import re
import shutil
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from budgetaudit import vocabulary
from budgetaudit.engines import files
from budgetaudit.ledger.audit import LedgerAudit, audit_ledger
from budgetaudit.rulefiles.rule import RuleSet
from tests.searching import examples
from tests.test_engines_same import AMOUNTS, HEADER, place, plain_rows, published, rows, rules, run, write

__all__ = ["place", "rules"]  # fixtures


@st.composite
def pieces(draw: st.DrawFn) -> tuple[list[list[str]], list[int], list[int]]:
    """Rows with keys that tell them apart, where to cut them, and another order of them."""
    body = draw(plain_rows)
    for at, row in enumerate(body):
        row[0] = f"P{at:04}"
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(body) - 1)), max_size=4)))
    return body, cuts, draw(st.permutations(range(len(body))))


def as_parquet(path: Path, body: list[list[str]], group: int = 1000) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, Any] = {name: pa.array([row[at] for row in body], pa.string()) for at, name in enumerate(HEADER[:2])}
    for at, name in enumerate(AMOUNTS, 2):
        values = [Decimal(row[at]) if row[at] else None for row in body]
        columns[name] = pa.array(values, pa.decimal128(18, 2))
    parquet.write_table(pa.table(columns), path, row_group_size=group)


def same_but_for(audit: LedgerAudit, *, rows_too: bool) -> Any:
    """What a report says, without the paths of its files; on request without the numbers of rows."""

    def said(finding: Any) -> Any:
        places = () if rows_too else tuple((role, p.row, p.column, text) for role, p, text in finding.places)
        amounts = (finding.stated, finding.expected, finding.difference)
        return finding.rule, finding.severity, finding.message.code, finding.fingerprint, str(amounts), places

    tallies = [(t.rule, t.passed, t.rounding, t.failed, t.not_evaluated, t.shown, t.widest, t.reasons) for t in audit.tallies]
    found = [said(finding) for finding in audit.findings]
    return tallies, audit.source.figures, audit.source.covered, Counter(found) if rows_too else found


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=pieces(), groups=published(), group=st.integers(1, 5))
def test_pieces_and_order_do_not_matter(place: Path, rules: RuleSet, made: Any, groups: Any, group: int) -> None:
    pytest.importorskip("pyarrow")
    body, cuts, order = made
    write(place / "published.csv", ["parent", "total", "spent"], groups)
    as_parquet(place / "whole.parquet", body)
    folder = place / "pieces"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, (start, stop) in enumerate(zip([0, *cuts], [*cuts, len(body)], strict=True)):
        as_parquet(folder / f"{number}.parquet", body[start:stop], group)
    as_parquet(place / "shuffled.parquet", [body[at] for at in order], group)

    def audited(name: str, engine: str) -> LedgerAudit:
        return audit_ledger(str(place / name), rules, vocabulary.load(), engine)  # type: ignore[arg-type]

    expected = audited("whole.parquet", "pandas")
    engines = ["pandas", "duckdb"] if _installed("duckdb") else ["pandas"]
    for engine in engines:
        assert same_but_for(audited("pieces", engine), rows_too=False) == same_but_for(expected, rows_too=False)
        assert same_but_for(audited("shuffled.parquet", engine), rows_too=True) == same_but_for(expected, rows_too=True)


def _installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


# --- Spark: a minute and a half of processor time, most of it Java's compiler; so by night, a few ledgers with everything in them


@pytest.fixture(scope="module")
def spark() -> Any:
    pytest.importorskip("pyspark")
    if _java() < 17:
        pytest.skip("Spark needs Java 17")
    from budgetaudit.engines.spark_engine import start

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1")  # sixty rows repay no thorough compiling
        context, own = start(2)
    yield context
    if own:
        context.stop()


def _java() -> int:
    """The version of Java; 0 if there is none."""
    if shutil.which("java") is None:
        return 0
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    return int(version.group(1)) if version else 0


PLAIN = [
    [f"{i:04}", f"G{i % 7}", str(i), str(2 * i), str(3 * i + i % 3), str(i), str(2 * i), str(i % 5), str(3 * i), "25.50"]
    for i in range(60)
]
ODD = [
    ["0101", "G1", "1,234", "2", "1236", "1", "1235", "0", "0", "0.0"],
    ["0101", "가나다", "x", "2", "3", "1", "2", "0", "", "0.0"],
    ["101", "G1", "1.005", "2", "3.01", "1", "2.01", "0", "", "33.333"],
    ["a", "b", "too few"],
    ['q,"q', "G2", "△5", "(3)", "-8", "", "", "-", "1e2", "9"],
    ["long", "G2", "9" * 22, "1", "9" * 22, "1", "1", "1", "1", "1"],
]
GROUPS = [["G1", "300", "12"], ["G2", "x", "8"], ["G3", "1,000.5", ""], ["nobody", "1", "1"], ["가나다", "3", "0"]]


@pytest.mark.nightly
@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("body", [PLAIN, [*PLAIN[:30], *ODD, *PLAIN[30:]]], ids=["plain", "irregular"])
def test_spark_finds_what_pandas_finds(place: Path, rules: RuleSet, body: list[list[str]]) -> None:
    write(place / "published.csv", ["parent", "total", "spent"], GROUPS)
    write(place / "ledger.csv", HEADER, body)
    every = [place / "pandas.csv", place / "spark.csv"]
    assert run(place, rules, "spark", every=every[1]) == run(place, rules, "pandas", every=every[0])
    assert every[1].read_text(encoding="utf-8") == every[0].read_text(encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.usefixtures("spark")
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate])
@given(body=rows(), groups=published())
def test_spark_finds_what_pandas_finds_in_any_rows(place: Path, rules: RuleSet, body: Any, groups: Any) -> None:
    write(place / "published.csv", ["parent", "total", "spent"], groups)
    write(place / "ledger.csv", HEADER, body)
    assert run(place, rules, "spark") == run(place, rules, "pandas")


@pytest.mark.nightly
@pytest.mark.usefixtures("spark")
def test_spark_reads_the_parquet_that_pandas_reads(place: Path, rules: RuleSet) -> None:
    write(place / "published.csv", ["parent", "total", "spent"], GROUPS)
    folder = place / "for-spark"
    folder.mkdir(exist_ok=True)
    as_parquet(folder / "a.parquet", PLAIN[:25], 10)
    as_parquet(folder / "b.parquet", PLAIN[25:], 7)
    assert run(place, rules, "spark", "for-spark") == run(place, rules, "pandas", "for-spark")


@pytest.mark.nightly
@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("form", ["plain", "stray", "cp949", "xz"])
def test_spark_reads_what_a_ledger_comes_in(place: Path, rules: RuleSet, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place / "published.csv", ["parent", "total", "spent"], GROUPS)
    path = place / f"quotes-{form}.csv"
    write(path, HEADER, [[f"two\nlines {row[0]}", *row[1:]] if at == 3 else row for at, row in enumerate(PLAIN)])
    text = path.read_text(encoding="utf-8")
    if form == "stray":
        text = text.replace("\n0010,", '\n"0010,').replace("\n0020,", '\n"0020,')
    path.write_text(text.replace("0030", "도로"), "cp949" if form == "cp949" else "utf-8")
    if form == "xz":
        path = path.with_suffix(".csv.xz")
        path.write_bytes(lzma.compress(text.encode()))
    monkeypatch.setattr(files.CsvFile.pieces, "__defaults__", (500,))  # several shares
    assert run(place, rules, "spark", path.name) == run(place, rules, "pandas", path.name)
