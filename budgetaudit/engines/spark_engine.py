"""Spark as engine, for ledgers that one machine cannot hold: local mode, or any cluster by its master's address.

Files are read as Spark reads them, every cell as text or as the type it has; Spark has no row numbers, so a row id of its
own (partition and place in it) is turned into the row of the file for the few rows that are reported.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any
from urllib.parse import unquote, urlparse
from uuid import uuid4

import numpy as np

from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.files import CsvFile, LedgerFile
from budgetaudit.engines.groups import IrregularCell
from budgetaudit.engines.job import Group, Job, MissingExtra, Progress, Result
from budgetaudit.engines.linear import Column
from budgetaudit.engines.sql_run import run_sql
from budgetaudit.model import ReadError
from budgetaudit.units import Units

MASTER = "BUDGETAUDIT_SPARK_MASTER"  # the address of a cluster; local mode if it is not set
PLACES = 9
NUMBER = f"decimal(28,{PLACES})"  # ten sums of sums stay within Spark's 38 digits
COMPILED = "-XX:-DontCompileHugeMethods"
CONFIG = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.driver.memory": "4g",
    # Java interprets methods of more than 8,000 bytes for ever; those that Spark makes of many columns are longer.
    "spark.driver.extraJavaOptions": f"{COMPILED} -XX:+UseParallelGC",
    "spark.executor.extraJavaOptions": COMPILED,
}
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # a row of another width must be seen
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.inMemoryColumnarStorage.compressed": "false",  # what is kept is read once or twice
}


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises PrecisionError, ReadError, or MissingExtra if PySpark is not installed."""
    try:
        from py4j.protocol import Py4JJavaError
        from pyspark.errors import PySparkException
    except ImportError:
        raise MissingExtra("spark", "pyspark") from None
    faults = (PySparkException, Py4JJavaError)
    session, own = None, False
    try:
        session, own = start(workers)
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        try:
            return _attempt(job, SparkDatabase(session, True, job.units), progress)
        except faults:  # a cell that is no whole number, or a row of another width; or worse, which comes again
            return _attempt(job, SparkDatabase(session, False, job.units), progress)
    except faults as fault:
        raise ReadError("ledger-broken", reason=str(fault).splitlines()[0]) from fault
    finally:
        if session is not None and own:
            session.stop()


def _attempt(job: Job, database: SparkDatabase, progress: Progress | None) -> Result:
    try:
        return run_sql(job, database, progress)
    finally:
        database.forget()


def start(workers: int) -> tuple[Any, bool]:
    """A session, and whether it is ours to stop: one that runs already is used, with settings of its own."""
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active.newSession(), False
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    master = os.environ.get(MASTER, f"local[{workers or '*'}]")
    builder = SparkSession.builder.master(master).appName("budgetaudit")
    config = CONFIG | (
        {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"} if master.startswith("local") else {}
    )
    for name, value in config.items():
        builder = builder.config(name, value)
    with _quiet():
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session, True


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Java inherits the standard error of its start; what goes wrong comes back as an exception, the rest is noise."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@dataclass
class Segments:
    """Where Spark's row ids lie in the rows of a file: from `ids[i]` on they count rows from `rows[i]` on."""

    ids: Any
    rows: Any
    total: int

    def row(self, identifier: int) -> int:
        at = int(np.searchsorted(self.ids, identifier, "right")) - 1
        return int(self.rows[at]) + identifier - int(self.ids[at])


@dataclass
class SparkDatabase:
    """A Spark session as `sql_run` wants it. `typed`: whole amounts of a CSV are read as numbers, and nothing else will do."""

    session: Any
    typed: bool
    units: Units
    scaled: bool = False
    columns: dict[str, tuple[Mapping[str, Column], Sequence[str]]] = field(default_factory=dict)
    files: dict[str, LedgerFile] = field(default_factory=dict)
    segments: dict[str, Segments] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)  # rows of files whose texts hold line ends
    kept: list[Any] = field(default_factory=list)
    # A file may have changed since the same question was asked: with an option of its own, no run is answered with what
    # another one kept.
    options: dict[str, str] = field(default_factory=lambda: {"budgetaudit.run": uuid4().hex})

    def open(
        self, name: str, file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], keys: Sequence[str]
    ) -> None:
        """A view over the file with the columns of `sql.py`."""
        if file.table is not None:
            raise ReadError("ledger-engine-format", engine="spark")
        if file.csv is not None and file.csv.breaks:
            cells = {column: CellReader(meaning, self.units) for column, meaning in columns.items()}
            self.counted[name] = _rows_of(file.csv, cells, places)
        self.files[name], self.columns[name] = file, (columns, keys)
        whole = frozenset(column for column in columns if places[column] == 0) if self.typed else frozenset()
        source = self._csv(file.csv, whole) if file.csv is not None else self._parquet(file.parts)
        source.createOrReplaceTempView(f"{name}_source")
        kinds = {item.name: item.dataType.simpleString() for item in source.schema.fields}
        bad = BAD if BAD in kinds else "cast(null as string)"
        inner = ["monotonically_increasing_id() as r", f"{bad} as bad"]
        inner += [f"coalesce(cast({_quoted(key)} as string), '') as k{at}" for at, key in enumerate(keys)]
        outer = ["r", "bad", *(f"k{at}" for at in range(len(keys)))]
        for at, (column, meaning) in enumerate(columns.items()):
            kind = kinds[column]
            # A binary float is the shortest decimal that prints it, in the words of the other engines.
            own = f"replace(cast({_quoted(column)} as string), 'Infinity', 'inf')" if kind in FLOATS else _quoted(column)
            inner += [f"{own} as c{at}", f"{_number(own, kind)} as x{at}"]
            value = f"case when {_plain(at, kind, meaning.finest)} and bad is null then x{at} end"
            outer += [f"c{at}", f"{value} as v{at}", f"{_printed(at, kind)} and bad is null as p{at}"]
        irregular = " or ".join(["bad is not null", *(f"(v{at} is null and p{at})" for at in range(len(columns)))])
        table = f"(select {', '.join(inner)} from {name}_source)"
        view = self.session.sql(f"select *, {irregular} as irregular from (select {', '.join(outer)} from {table})")
        view.createOrReplaceTempView(name)

    def _csv(self, ledger: CsvFile, whole: frozenset[str]) -> Any:
        if ledger.encoding != "utf-8" or ledger.path.lower().endswith((".xz", ".zip")) or ledger.lines != 1:
            raise ReadError("ledger-engine-format", engine="spark")
        from pyspark.sql.types import LongType, StringType, StructField, StructType

        names = ledger.header if self.typed else (*ledger.header, BAD)
        schema = StructType([StructField(column, LongType() if column in whole else StringType()) for column in names])
        return self.session.read.options(**self.options).csv(
            ledger.path,
            schema=schema,
            header=True,
            mode="FAILFAST" if self.typed else "PERMISSIVE",
            sep=ledger.delimiter,
            quote='"',
            escape='"',
            multiLine=ledger.breaks,
            columnNameOfCorruptRecord=BAD,
            enforceSchema=True,
        )

    def _parquet(self, parts: Sequence[str]) -> Any:
        # Read together, the files would be numbered in the order of their sizes.
        read = [self.session.read.options(**self.options).parquet(part) for part in parts]
        return reduce(lambda before, part: before.union(part), read)

    def keep(self, name: str, query: str, *_: Any) -> None:
        """Keep the rows of a query, in memory or on disk as Spark sees fit."""
        kept = self.session.sql(query).persist()
        kept.createOrReplaceTempView(name)
        self.kept.append(kept)

    def forget(self) -> None:
        """Let go of what was kept."""
        for kept in self.kept:
            kept.unpersist()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a short answer."""
        return [tuple(row) for row in self.session.sql(query).collect()]

    def batches(self, query: str) -> Iterator[Any]:
        """The rows of a long answer as Arrow record batches."""
        yield from self.session.sql(query).toArrow().to_batches(PAGE)

    def irregular_cells(self, kept: str, table: str, keys: Sequence[str], amounts: Sequence[str]) -> list[IrregularCell]:
        """The cells of some columns that were not added up: (key, measure, value)."""
        irregular = "(v{0} is null and p{0})"
        if not self.rows(f"select 1 from {kept} where irregulars > 0 limit 1"):
            return []
        columns, texts = self.columns[table]
        at, by = [list(columns).index(name) for name in amounts], [f"k{texts.index(key)}" for key in keys]
        printed = [f"case when {irregular.format(m)} then cast(c{m} as string) end" for m in at]
        readers = [CellReader(columns[name], self.units) for name in amounts]
        found: list[IrregularCell] = []
        for row in self.rows(f"select {', '.join([*by, *printed])} from {table} where irregular and bad is null"):
            key = tuple(str(part).encode() for part in row[: len(by)])
            for measure, text in enumerate(row[len(by) :]):
                value = None if text is None else readers[measure].read(str(text))[0]
                if value is not None:
                    found.append((key, measure, value))
        return found

    def count(self, table: str) -> int:
        """The number of rows of a view."""
        return self._segments(table).total

    def row_of(self, table: str) -> Callable[[int], int]:
        """The function from a view's row ids to the rows of its file."""
        return self._segments(table).row

    def place(self, result: Result) -> None:
        """Turn row ids into rows of the files; where every row is a line, into lines too."""
        tables = {name: self.row_of(name) for name in self.files}
        _renumbered(result, tables["ledger"], lambda at, row: tables[f"published{at}"](row))
        ledger = self.files["ledger"].csv
        if ledger is None:
            return
        from budgetaudit.engines.arrow_csv import lines_of_rows

        rows = {hit.row for largest in result.largest for hit in largest.hits} | {cell.row for cell in result.cells}
        lines = lines_of_rows(ledger, sorted(rows), result.rows)
        for largest in result.largest:
            largest.hits = [replace(hit, line=lines.get(hit.row)) for hit in largest.hits]
        result.cells = [replace(cell, line=lines.get(cell.row)) for cell in result.cells]

    def _segments(self, table: str) -> Segments:
        """The stretches of a file that Spark numbers without a gap."""
        if table in self.segments:
            return self.segments[table]
        file = self.files[table]
        source, heading = f"{table}_source", 0
        if file.csv is not None and not file.csv.breaks:
            # Lines are counted, which is far cheaper than reading them as CSV; Spark leaves out blank ones, and the header.
            self.session.read.text(file.csv.path).createOrReplaceTempView(source_of_lines := f"{table}_lines")
            source, heading = f"(select * from {source_of_lines} where trim(value) <> '')", 1
        found = self.rows(
            "select file, start, count(*), min(id) from (select input_file_name() as file, input_file_block_start() as start, "
            f"monotonically_increasing_id() as id from {source}) group by file, start"
        )
        self.segments[table] = _segments(found, [str(part) for part in file.parts], heading)
        if self.counted.get(table, self.segments[table].total) != self.segments[table].total:
            raise ReadError("ledger-engine-quotes", engine="spark")
        return self.segments[table]


def _rows_of(file: CsvFile, cells: Mapping[str, CellReader], places: Mapping[str, int]) -> int:
    """How many rows a CSV has; raises ReadError for a stray quotation mark, behind which Spark loses rows."""
    from budgetaudit.engines.arrow_csv import CsvSource

    source, rows = CsvSource(file, cells, places, ()), 0
    for part in source.parts():
        for piece in source.pieces(part):
            if piece.stray:
                raise ReadError("ledger-engine-quotes", engine="spark")
            rows += piece.rows
    return rows


PAGE = 50_000
FLOATS = ("double", "float")
BAD = "budgetaudit_bad_row"


def _segments(found: Sequence[tuple[Any, ...]], parts: Sequence[str], heading: int) -> Segments:
    """Segments of (file, first byte, rows, least id), in the order of the files; the header is the first line of each file."""
    order = {part: at for at, part in enumerate(parts)}

    def place(item: tuple[Any, ...]) -> tuple[int, int]:
        return order.get(unquote(urlparse(item[0]).path), 0), int(item[1])

    ids, rows, total = [], [], 0
    shift: dict[int, int] = {}
    for item in sorted(found, key=lambda item: int(item[3])):
        partition, first = int(item[3]) >> 33, place(item)[1] == 0
        lost = heading if first else 0
        shift[id(item)] = shift.get(partition, 0)
        shift[partition] = shift.get(partition, 0) + lost
    for item in sorted(found, key=place):
        lost = heading if place(item)[1] == 0 else 0
        # Ids of lines count the headers that rows do not have.
        ids.append(int(item[3]) - shift[id(item)])
        rows.append(total)
        total += int(item[2]) - lost
    by_id = np.argsort(np.array(ids, dtype=np.int64), kind="stable")
    return Segments(np.array(ids, dtype=np.int64)[by_id], np.array(rows, dtype=np.int64)[by_id], total)


def _renumbered(result: Result, row_of: Callable[[int], int], published_row_of: Callable[[int, int], int]) -> None:
    """Give every hit, cell and group its row; `row_of` turns Spark's row id into a row of the ledger."""
    for largest in result.largest:
        largest.hits = [replace(hit, row=row_of(hit.row)) for hit in largest.hits]
    result.cells = [replace(cell, row=row_of(cell.row)) for cell in result.cells]
    for at, found in enumerate(result.rollups):
        published = partial(published_row_of, at)
        for largest in found.largest:
            largest.hits = [replace(hit, row=published(hit.row)) for hit in largest.hits]
        found.missing = [_moved(group, row_of) for group in found.missing]
        found.extra = [_moved(group, published) for group in found.extra]
    for duplicates in result.duplicates:
        duplicates.groups = [_moved(group, row_of) for group in duplicates.groups]


def _moved(group: Group, row_of: Callable[[int], int]) -> Group:
    return replace(group, first=row_of(group.first), last=row_of(group.last))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _number(column: str, kind: str) -> str:
    """A column's exact number, null where it is none."""
    if kind in ("tinyint", "smallint", "int", "bigint"):
        return f"cast({column} as bigint)"
    if kind.startswith("decimal"):
        return column if int(kind[8:].partition(",")[0]) <= 28 else f"try_cast({column} as {NUMBER})"
    if kind == "string" or kind in FLOATS:
        return f"try_cast(nullif(trim({column}), '') as {NUMBER})"
    return "cast(null as bigint)"


def _printed(at: int, kind: str) -> str:
    """True if a cell is not blank."""
    if kind in FLOATS:
        return f"(c{at} is not null and c{at} <> 'NaN')"
    return f"nullif(trim(c{at}), '') is not null" if kind == "string" else f"c{at} is not null"


def _plain(at: int, kind: str, finest: int | None) -> str:
    """True if a number is exact, and small enough that no sum of columns leaves its type."""
    small = f"x{at} between {-(10**16)} and {10**16}"
    if kind.startswith("decimal") and int(kind[8:].partition(",")[0]) > 28:
        small += f" and x{at} = c{at}"
    elif kind in FLOATS:
        small += f" and cast(x{at} as {kind}) = try_cast(c{at} as {kind})"
    elif kind == "string":
        # More decimals than the type has would be rounded away; an exponent may hide some.
        small += f" and (locate('.', c{at}) = 0 or length(trim(c{at})) - locate('.', trim(c{at})) <= {PLACES})"
        small += f" and locate('e', lower(c{at})) = 0"
    return small if finest is None else f"{small} and x{at} = round(x{at}, {finest})"
