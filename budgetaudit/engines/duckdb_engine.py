"""DuckDB as engine: it chooses rows and adds up keys, in bounded memory, of the exact integers that Arrow reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import chain
from typing import Any

import numpy as np

from budgetaudit.engines import sql
from budgetaudit.engines.arrow_columns import integers
from budgetaudit.engines.duckdb_parquet import PlainParquet, plain_parquet
from budgetaudit.engines.examine import Work, examine, require_places
from budgetaudit.engines.feed import Feed, chosen, small_enough
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.groups import IrregularCell
from budgetaudit.engines.job import Job, MissingExtra, Progress, Result
from budgetaudit.engines.linear import Column
from budgetaudit.engines.pandas_engine import open_source, threads_for
from budgetaudit.engines.pandas_kernel import Scaled, scale
from budgetaudit.engines.pieces import Int64, Piece
from budgetaudit.engines.results import PieceResult
from budgetaudit.engines.sql_keys import confront_keys, steps_of
from budgetaudit.model import ReadError

MEMORY = "1GB"
PAGE = 100_000


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises PrecisionError, ReadError, or MissingExtra if DuckDB is not installed."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "duckdb") from None
    with duckdb.connect(config={"memory_limit": MEMORY, **({"threads": workers} if workers else {})}) as connection:
        database = DuckDatabase(
            connection, job, threads_for(workers), [scale(weighed, job.places) for weighed in job.comparisons]
        )
        try:
            return _confronted(database, job, steps_of(job, progress))
        except duckdb.Error as error:
            fault = next((feed.fault for feed in database.feeds if feed.fault is not None), None)
            raise fault or ReadError("ledger-broken", reason=str(error).splitlines()[0]) from error


def _confronted(database: DuckDatabase, job: Job, step: Any) -> Result:
    names, keys = list(job.columns), list(job.texts())
    work = Work(database.scales, (), job.key, None, job.limit, job.every is not None)
    aside = _Aside(job, work, Result.of(len(job.comparisons), job.limit))
    database.open("ledger", job.file, job.columns, job.places, keys)
    index = {name: at for at, name in enumerate(names)}
    columns = [
        "r",
        *(f"k{keys.index(name)} as key{at}" for at, name in enumerate(job.key)),
        *(f"v{at}" for at in range(len(names))),
    ]
    wanted = f"select {', '.join(columns)} from ledger where {sql.suspect(work.comparisons, index)}"
    feed = database.keep("suspects", wanted, "ledger", job.key, names, aside)
    step()
    confront_keys(database, job, aside.result, step)
    _judge(database, job, aside, feed)
    return aside.result


@dataclass
class _Aside:
    """The rows that no database judges, judged while they pass; and what is kept of them for `every`."""

    job: Job
    work: Work
    result: Result
    found: list[PieceResult] = field(default_factory=list)
    lines: int = 0

    def __call__(self, piece: Piece, first: int, special: Int64) -> None:
        if self.job.stepped is not None:
            require_places(piece, self.job.stepped, piece.rows // 100)
        if len(special):
            lines = special if piece.lines is None else piece.lines[special]
            self.found.append(self.judge(replace(chosen(piece, special, first), lines=lines + self.lines)))
            if self.job.every is None:
                self.found.clear()
        self.lines += piece.line_count

    def judge(self, rows: Piece) -> PieceResult:
        """What the kernel finds in some rows."""
        found = examine(rows, self.work, self.result.floors)
        self.result.take(found, self.job.limit)
        return found


def _judge(database: DuckDatabase, job: Job, aside: _Aside, feed: Feed | PlainParquet) -> None:
    """Hand the rows that need a look to the kernel; the others pass."""
    names = list(job.columns)
    pages = (aside.judge(_piece(batch, job, names, feed)) for batch in database.batches("select * from suspects order by r"))
    both = (chain.from_iterable(found.in_order() for found in some) for some in (aside.found, pages))
    for index, one in merge(*both, key=lambda item: (item[1].row, item[0])):
        if job.every is not None:
            job.every(index, one)
    aside.result.pass_rest(feed.rows, len(names))
    aside.result.figures = feed.figures


def _piece(batch: Any, job: Job, names: Sequence[str], feed: Feed | PlainParquet) -> Piece:
    """Rows that came back from the database."""
    numbers = batch.column("r").to_numpy()
    piece = Piece(batch.num_rows, {}, {name: batch.column(f"key{at}") for at, name in enumerate(job.key)}, numbers=numbers)
    piece.lines = np.array([feed.line_of(int(row)) for row in numbers], dtype=np.int64)
    for at, name in enumerate(names):
        integers(piece, name, batch.column(f"v{at}"), job.places[name])
    return piece


@dataclass
class DuckDatabase:
    """A DuckDB connection over streams of exact integers."""

    connection: Any
    job: Job
    threads: int
    scales: Sequence[Scaled]
    tables: dict[str, tuple[LedgerFile, Mapping[str, Column], Mapping[str, int], Sequence[str]]] = field(default_factory=dict)
    scaled: bool = True
    feeds: list[Feed | PlainParquet] = field(default_factory=list)
    irregular: dict[str, list[IrregularCell]] = field(default_factory=dict)

    def open(
        self, name: str, file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], keys: Sequence[str]
    ) -> None:
        """Make a file known by a name."""
        self.tables[name] = (file, columns, places, keys)

    def keep(
        self, name: str, query: str, table: str, keys: Sequence[str], amounts: Sequence[str], look: _Aside | None = None
    ) -> Feed | PlainParquet:
        """Run a query over the columns it needs of a table, read once for it, and keep its rows under a name."""
        file, columns, places, known = self.tables[table]
        wanted = {column: columns[column] for column in dict.fromkeys(amounts)}
        texts, numbers = list(dict.fromkeys(keys)), list(columns)
        small = small_enough(self.scales)
        plain, stepped = None, self.job.stepped or {}
        if file.parts and all(stepped.get(column, places[column]) == places[column] for column in wanted):
            plain = plain_parquet(file.parts, {column: places[column] for column in wanted}, texts, small)
        pieces = open_source(file, wanted, places, texts, self.job.units)
        feed = plain or Feed(pieces, texts, list(wanted), self.threads, small, look)
        source = f"({feed.sql})" if isinstance(feed, PlainParquet) else "stream"
        if isinstance(feed, Feed):
            self.connection.register(source, feed.reader())
        self.feeds.append(feed)
        own = ["r", "irregular", "null as bad", *(f"k{at} as k{known.index(key)}" for at, key in enumerate(texts))]
        own += [f"v{at} as v{numbers.index(column)}" for at, column in enumerate(wanted)]
        self.connection.execute(f"create or replace temp view {table} as select {', '.join(own)} from {source}")
        self.connection.execute(f"create temp table {name} as {query}")
        self.connection.unregister("stream")
        self.irregular[name] = feed.irregular_cells
        return feed

    def irregular_cells(self, kept: str, *_: Any) -> list[IrregularCell]:
        """The cells among some groups that were not added up: (key, measure, value)."""
        return self.irregular[kept]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a short answer."""
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    def batches(self, query: str) -> Iterator[Any]:
        """The rows of a long answer as Arrow record batches."""
        yield from self.connection.sql(query).to_arrow_reader(PAGE)
