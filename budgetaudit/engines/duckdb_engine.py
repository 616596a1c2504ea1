"""DuckDB as engine: CSV and Parquet larger than memory, on one machine, in bounded memory.

A CSV is first read with typed columns, which is fast; where a cell or row does not fit it is read again as text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from budgetaudit.engines.csv_blocks import lines_of_rows, rows_at_bytes
from budgetaudit.engines.database import Page, renumbered
from budgetaudit.engines.files import CsvFile, LedgerFile
from budgetaudit.engines.job import Job, MissingExtra, Progress, Result
from budgetaudit.engines.linear import Column
from budgetaudit.engines.sql_run import run_sql
from budgetaudit.model import ReadError

MEMORY = "1GB"
PAGE = 100_000
WIDE = "decimal(38,18)"  # holds every amount with every decimal that is read
TEXT = "varchar"


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises Finer, ReadError, or MissingExtra if DuckDB is not installed."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "duckdb") from None
    try:
        return _attempt(job, workers, progress, typed=True)
    except duckdb.Error:
        pass
    try:
        return _attempt(job, workers, progress, typed=False)
    except duckdb.Error as fault:
        raise ReadError("ledger-broken", reason=str(fault).splitlines()[0]) from fault


def _attempt(job: Job, workers: int, progress: Progress | None, *, typed: bool) -> Result:
    import duckdb

    with duckdb.connect(config={"memory_limit": MEMORY, **({"threads": workers} if workers else {})}) as connection:
        return run_sql(job, DuckDatabase(connection, typed), progress)


def reads(ledger: CsvFile) -> bool:
    """Whether DuckDB knows a file's encoding and compression."""
    known = ledger.encoding in ("utf-8", "utf-16-le", "utf-16-be")
    return known and Path(ledger.path).suffix.lower() not in (".bz2", ".xz", ".zip")


@dataclass
class DuckDatabase:
    """A DuckDB connection as `sql_run` wants it. `typed`: whether a CSV's amounts are read as numbers at once."""

    connection: Any
    typed: bool
    files: dict[str, LedgerFile] = field(default_factory=dict)
    rejected: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    listed: str = "list_value"

    def open(
        self,
        name: str,
        file: LedgerFile,
        columns: Mapping[str, Column],
        places: Mapping[str, int],  # noqa: ARG002 - DuckDB rounds to a narrower type without a word
        keys: Sequence[str],
    ) -> None:
        """A view over the file with the columns of `sql.py`."""
        self.files[name] = file
        if file.csv is None and len({column.casefold() for column in file.columns}) < len(file.columns):
            raise ReadError("ledger-engine-names", engine="duckdb")
        # DuckDB takes names that differ in capitals for one; those of a CSV need not be its own.
        called = {column: column if file.csv is None else f"f{at}" for at, column in enumerate(file.columns)}
        source, row = self._csv(file.csv, columns) if file.csv is not None else self._parquet(name, file.parts)
        kinds = {str(kind[0]): str(kind[1]).lower() for kind in self.connection.execute(f"describe {source}").fetchall()}
        inner = [
            f"{row} as r, cast(null as varchar) as bad",
            *(f"coalesce(cast({_quoted(called[key])} as varchar), '') as k{at}" for at, key in enumerate(keys)),
        ]
        outer = ["r", "bad", *(f"k{at}" for at in range(len(keys)))]
        for at, (name_of, column) in enumerate(columns.items()):
            own = _quoted(called[name_of])
            kind = kinds[called[name_of]]
            inner += [f"{own} as c{at}", f"{_number(own, kind)} as x{at}"]
            value = f"case when {_plain(f'x{at}', kind, column.finest)} then x{at} end"
            outer += [f"c{at}", f"{value} as v{at}", f"{_printed(at, kind)} as p{at}"]
        odd = " or ".join(f"(v{at} is null and p{at})" for at in range(len(columns))) or "false"
        table = f"(select {', '.join(inner)} from ({source}))"
        # Not materialised: every query reads the columns it needs from the file.
        self.connection.execute(f"create view {name} as select *, {odd} as odd from (select {', '.join(outer)} from {table})")

    def _csv(self, ledger: CsvFile, columns: Mapping[str, Column]) -> tuple[str, str]:
        if not reads(ledger):
            raise ReadError("ledger-engine-format", engine="duckdb")
        types = [WIDE if self.typed and name in columns else TEXT for name in ledger.header]
        kinds = ", ".join(f"f{at}: '{kind}'" for at, kind in enumerate(types))
        options = [
            "auto_detect=false",
            "header=true",
            f"delim={_text(ledger.delimiter)}",
            "quote='\"'",
            "escape='\"'",
            f"skip={ledger.lines - 1}",
            f"columns={{{kinds}}}",
            "null_padding=false",
        ]
        if ledger.encoding != "utf-8":
            options.append("encoding='utf-16'")
        if not self.typed:
            options += ["ignore_errors=true", "store_rejects=true", "rejects_limit=0"]
        return f"select * from read_csv({_text(ledger.path)}, {', '.join(options)})", "row_number() over () - 1"

    def _parquet(self, name: str, parts: Sequence[str]) -> tuple[str, str]:
        listed = f"[{', '.join(_text(part) for part in parts)}]"
        source = f"select * from read_parquet({listed}, file_row_number=true, filename=true)"
        if len(parts) == 1:
            return source, "file_row_number"
        counted = "select file_name, num_rows from parquet_file_metadata(?)"
        rows = dict(self.connection.execute(counted, [list(parts)]).fetchall())
        starts, start = [], 0
        for part in parts:
            starts.append((part, start))
            start += rows[part]
        self.connection.execute(f"create temp table parts_{name}(filename varchar, start bigint)")
        self.connection.executemany(f"insert into parts_{name} values (?, ?)", starts)
        return f"select * from ({source}) join parts_{name} using (filename)", "start + file_row_number"

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query; it may spill to disk."""
        self.connection.execute(f"create temp table {name} as {query}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a short answer."""
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    def pages(self, query: str) -> Iterator[Page]:
        """The rows of a long answer in the order of `r`."""
        self.connection.execute(f"create temp table page_rows as {query} order by r")
        (total,) = self.connection.execute("select count(*) from page_rows").fetchone()
        for start in range(0, total, PAGE):
            between = f"rowid between {start} and {start + PAGE - 1}"
            page = self.connection.execute(f"select * from page_rows where {between} order by r").fetchnumpy()
            yield {name: _unmasked(column) for name, column in page.items()}
        self.connection.execute("drop table page_rows")

    def count(self, table: str) -> int:
        """The number of rows of a view."""
        file = self.files[table]
        if file.csv is None:
            return file.estimated_rows
        if table not in self.counts:
            (self.counts[table],) = self.connection.execute(f"select count(*) from {table}").fetchone()
        return self.counts[table]

    def ragged(self) -> list[tuple[int, int]]:
        """Rejected rows by the byte they begin at, below zero; `place` gives them their rows."""
        return [(-1 - byte, width) for byte, width in self._rejects("ledger")]

    def _rejects(self, table: str) -> list[tuple[int, int]]:
        """(first byte, number of fields) of the rows that DuckDB could not read."""
        file = self.files[table]
        if file.csv is None or self.typed:
            return []
        if table not in self.rejected:
            query = (
                "select distinct line_byte_position, csv_line from reject_errors join reject_scans "
                "using (scan_id, file_id) where file_path = ? order by line_byte_position"
            )
            found = []
            for byte, text in self.connection.execute(query, [file.csv.path]).fetchall():
                row = text.removeprefix("\n")  # of a line end of two characters DuckDB counts the second to the next line
                width = len(next(csv.reader([row], delimiter=file.csv.delimiter), []))
                found.append((int(byte) - (row == text) - file.csv.skip, width))
            self.rejected[table] = found
        return self.rejected[table]

    def place(self, result: Result) -> None:
        """Rows that were read are counted without those that were not; and a row may be more than a line."""
        shifts = {name: self.row_of(name) for name in self.files}
        own = shifts["ledger"]
        renumbered(result, own, lambda at, row: shifts[f"published{at}"](row))
        ledger = self.files["ledger"].csv
        if ledger is None:
            return
        rows = {hit.row for largest in result.largest for hit in largest.hits} | {cell.row for cell in result.cells}
        lines = lines_of_rows(ledger, sorted(rows), result.rows)
        for largest in result.largest:
            largest.hits = [replace(hit, line=lines.get(hit.row)) for hit in largest.hits]
        result.cells = sorted(
            (replace(cell, line=lines.get(cell.row)) for cell in result.cells), key=lambda cell: (cell.row, cell.column)
        )

    def row_of(self, table: str) -> Callable[[int], int]:
        """The function from a row id of a view to the row of its file; -1 - byte stands for a rejected row."""
        rejects = self._rejects(table)
        ledger = self.files[table].csv
        if not rejects or ledger is None:
            return lambda row: row
        rows = rows_at_bytes(ledger, [byte for byte, _ in rejects])
        before = np.sort(np.array([rows[byte] for byte, _ in rejects], dtype=np.int64))
        steps = before - np.arange(len(before))
        return lambda row: rows[-1 - row] if row < 0 else row + int(np.searchsorted(steps, row, "right"))


def _unmasked(column: Any) -> Any:
    """A column with None where it holds nothing."""
    if not isinstance(column, np.ma.MaskedArray):
        return column
    found = column.data.astype(object)
    found[column.mask] = None
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(column: str, kind: str) -> str:
    """A column's exact number, null where it is none."""
    if kind in ("double", "float"):
        return f"try_cast(cast({column} as varchar) as {WIDE})"  # a binary float is the shortest decimal that prints it
    if kind == TEXT:
        return f"try_cast(nullif(trim({column}), '') as {WIDE})"
    return column if _is_exact(kind) else "cast(null as bigint)"


def _is_exact(kind: str) -> bool:
    return kind.startswith("decimal") or kind.endswith(("int", "integer"))


def _printed(at: int, kind: str) -> str:
    """Whether a cell is not blank."""
    if kind in ("double", "float"):
        return f"not coalesce(isnan(c{at}), true)"
    return f"nullif(trim(c{at}), '') is not null" if kind == TEXT else f"c{at} is not null"


def _plain(number: str, kind: str, finest: int | None) -> str:
    """Whether a number is small enough that no sum of columns leaves its type, and has no more decimals than are allowed."""
    most = 10**16 if _is_exact(kind) else 10**15
    small = f"{number} between -{most} and {most}"
    decimals = 0 if kind.endswith(("int", "integer")) else int(kind.rstrip(")").rpartition(",")[2]) if _is_exact(kind) else 18
    return small if finest is None or decimals <= finest else f"{small} and {number} = round({number}, {finest})"
