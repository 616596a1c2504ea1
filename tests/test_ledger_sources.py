"""Tables of databases and large sheets are ledgers like any other: same verdicts, same findings."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from budgetaudit import vocabulary
from budgetaudit.kinds import KINDS
from budgetaudit.ledger.audit import LedgerAudit, audit_ledger, is_ledger
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.rulefiles.rulefile import load
from tests.conftest import Run

TEXT = """
- {id: parts, kind: formula, check: total = a + b, tolerance: exact}
- {id: once, kind: unique, key: k}
"""
BODY = [("k1", 1, 2.5, 3.5), ("k2", 4, None, 5), ("k2", -7, 3, -5), ("k4", 10**12, 0.25, 10**12 + 0.25)]


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    (tmp_path / "rules.yaml").write_text(TEXT, encoding="utf-8")
    return load(str(tmp_path / "rules.yaml"), {name: kind.options for name, kind in KINDS.items()})


def told(audit: LedgerAudit) -> Any:
    """What an audit says, but for the places and the source."""
    tallies = [(t.rule, t.passed, t.rounding, t.failed, t.not_evaluated, t.reasons) for t in audit.tallies]
    findings = [(f.rule, f.severity, f.message.code, str(f.difference), f.places[0][1].row) for f in audit.findings]
    return tallies, findings, audit.errors


def of_csv(tmp_path: Path, rules: RuleSet) -> Any:
    lines = [",".join("" if cell is None else f"{cell}" for cell in row) for row in BODY]
    (tmp_path / "ledger.csv").write_text("k,a,b,total\n" + "\n".join(lines) + "\n", encoding="utf-8")
    audit = audit_ledger(str(tmp_path / "ledger.csv"), rules, vocabulary.load())
    assert [t.failed for t in audit.tallies] == [2, 1]
    return told(audit)


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
@pytest.mark.parametrize("what", ["ledger", "select * from ledger where k <> ''"])
def test_a_table_of_sqlite_is_a_ledger(tmp_path: Path, rules: RuleSet, engine: Any, what: str) -> None:
    pytest.importorskip("sqlalchemy")
    with sqlite3.connect(tmp_path / "books.db") as connection:
        connection.execute("create table ledger (k text, a integer, b numeric, total numeric)")
        connection.executemany("insert into ledger values (?, ?, ?, ?)", BODY)
    url = f"sqlite:///{tmp_path / 'books.db'}#{what}"
    assert is_ledger(url, rules)
    assert told(audit_ledger(url, rules, vocabulary.load(), engine)) == of_csv(tmp_path, rules)


@pytest.mark.usefixtures("rules")
def test_the_command_takes_a_url(tmp_path: Path, run: Callable[..., Run]) -> None:
    pytest.importorskip("sqlalchemy")
    with sqlite3.connect(tmp_path / "books.db") as connection:
        connection.execute("create table ledger (k text, a integer, b integer, total integer)")
        connection.execute("insert into ledger values ('x', 1, 2, 4)")
    url = f"sqlite:///{tmp_path / 'books.db'}"
    found = run("check", f"{url}#ledger", "--rules", tmp_path / "rules.yaml", "--lang", "en")
    assert (found.code, "1 row by the pandas engine" in found.out) == (1, True)
    nameless = run("check", url, "--rules", tmp_path / "rules.yaml", "--lang", "en")
    assert (nameless.code, "tables: ledger" in nameless.out) == (3, True)
    missing = run("check", f"{url}#elsewhere", "--rules", tmp_path / "rules.yaml", "--lang", "en")
    assert (missing.code, "no such table" in " ".join(missing.out.split())) == (3, True)


def test_a_password_is_shown_nowhere(run: Callable[..., Run]) -> None:
    pytest.importorskip("sqlalchemy")
    found = run("check", "postgresql+pg8000://me:secret@127.0.0.1:1/books#ledger", "--engine", "pandas")
    assert found.code == 3
    assert "secret" not in found.out + found.err


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL of our own, from Debian's package."""
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("adbc_driver_postgresql")
    pytest.importorskip("pg8000")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not places or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip("PostgreSQL is not installed")
    # Not below pytest's folder, which every other pytest closes to the server's own user again.
    folder, port = Path(tempfile.mkdtemp(prefix="pg-")), 40_000 + os.getpid() % 20_000
    data, sockets = folder / "data", folder
    as_user = []
    if os.geteuid() == 0:
        subprocess.run(["chown", "postgres", str(folder)], check=True)
        as_user = ["runuser", "-u", "postgres", "--"]

    def command(name: str, *given: str) -> None:
        subprocess.run(
            [*as_user, str(places[-1] / name), *given], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    command("initdb", "-D", str(data), "-A", "trust", "-U", "books")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {sockets} -c fsync=off"
    command("pg_ctl", "-D", str(data), "-o", options, "-w", "-l", str(folder / "log"), "start")
    time.sleep(0.1)
    try:
        yield f"postgresql+pg8000://books@127.0.0.1:{port}/postgres"
    finally:
        command("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
@pytest.mark.parametrize("kind", ["numeric", "double precision"])
@pytest.mark.parametrize("driver", ["adbc", "rows"])
def test_a_table_of_postgresql_is_a_ledger(
    tmp_path: Path, rules: RuleSet, postgres: str, engine: Any, kind: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy

    with sqlalchemy.create_engine(postgres).begin() as connection:
        connection.execute(sqlalchemy.text("drop table if exists ledger"))
        connection.execute(sqlalchemy.text(f"create table ledger (k text, a bigint, b {kind}, total {kind})"))
        for k, a, b, total in BODY:
            values = {"k": k, "a": a, "b": b, "total": total}
            connection.execute(sqlalchemy.text("insert into ledger values (:k, :a, :b, :total)"), values)
    if driver == "rows":
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert told(audit_ledger(f"{postgres}#ledger", rules, vocabulary.load(), engine)) == of_csv(tmp_path, rules)


def test_a_large_sheet_is_a_ledger(tmp_path: Path, rules: RuleSet) -> None:
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("원장")
    sheet.append(["k", "a", "b", "total"])
    for row in BODY:
        sheet.append(row)
    for number in range(21_000):
        sheet.append([f"m{number}", number, 0.1, number + 0.1])
    path = tmp_path / "ledger.xlsx"
    workbook.save(path)
    assert is_ledger(path, rules)
    tallies, findings, errors = told(audit_ledger(str(path), rules, vocabulary.load()))
    small = of_csv(tmp_path, rules)
    assert (findings, errors) == small[1:]
    assert [(t[0], t[1] - 21_000, *t[2:]) for t in tallies] == small[0]
    small_book = openpyxl.Workbook()
    for row in (("k", "a", "b", "total"), *BODY):
        small_book.active.append(row)
    small_book.save(tmp_path / "small.xlsx")
    assert not is_ledger(tmp_path / "small.xlsx", rules_without_keys(tmp_path))


def rules_without_keys(tmp_path: Path) -> RuleSet:
    (tmp_path / "plain.yaml").write_text(TEXT.splitlines()[1] + "\n", encoding="utf-8")
    return load(str(tmp_path / "plain.yaml"), {name: kind.options for name, kind in KINDS.items()})
