"""DuckDB as engine: it chooses rows and adds up keys, in bounded memory, of the exact integers that Arrow reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
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
from budgetaudit.engines.pandas_kernel import PASS, Scaled, scale
from budgetaudit.engines.pieces import Int64, Piece
from budgetaudit.engines.results import Cell, Hit, PieceResult, Tally, TopHits
from budgetaudit.engines.sql_keys import repeated, roll_up
from budgetaudit.model import ReadError

MEMORY = "1GB"
PAGE = 100_000


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises PrecisionError, ReadError, or MissingExtra if DuckDB is not installed."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "duckdb") from None
    steps = 1 + 2 * len(job.rollups) + len(job.uniques)
    done = iter(range(1, steps + 1))

    def step() -> None:
        if progress is not None:
            progress(next(done), steps)

    with duckdb.connect(config={"memory_limit": MEMORY, **({"threads": workers} if workers else {})}) as connection:
        database = DuckDatabase(
            connection, job, threads_for(workers), [scale(weighed, job.places) for weighed in job.comparisons]
        )
        try:
            return _confronted(database, job, step)
        except duckdb.Error as error:
            fault = next((feed.fault for feed in database.feeds if feed.fault is not None), None)
            raise fault or ReadError("ledger-broken", reason=str(error).splitlines()[0]) from error


def _confronted(database: DuckDatabase, job: Job, step: Any) -> Result:
    names, keys = list(job.columns), list(job.texts())
    work = Work(database.scales, (), job.key, None, job.limit, job.every is not None)
    aside = _Aside(job, work)
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
    result = Result(feed.rows, aside.figures, aside.tallies, aside.largest, aside.cells, aside.cell_count)
    for at, item in enumerate(job.rollups):
        result.rollups.append(roll_up(database, job, item, at, step))
    for at, unique in enumerate(job.uniques):
        by = [keys.index(name) for name in unique.by]
        database.keep(f"unique{at}", sql.groups("ledger", by, last=True), "ledger", unique.by, [])
        result.duplicates.append(repeated(database, f"unique{at}", len(unique.by), job.group_limit))
        step()
    _judge(database, job, work, result, aside, feed)
    return result


class _Aside:
    """The rows that no database judges, judged while they pass; and what is counted of the others meanwhile."""

    def __init__(self, job: Job, work: Work) -> None:
        self.job, self.work = job, work
        self.tallies, self.largest = [Tally() for _ in job.comparisons], [TopHits(job.limit) for _ in job.comparisons]
        self.found: list[tuple[int, PieceResult]] = []
        self.rows = self.figures = self.cell_count = self.lines = 0
        self.cells: list[Cell] = []

    def __call__(self, piece: Piece, first: int, special: Int64) -> None:
        if self.job.stepped is not None:
            require_places(piece, self.job.stepped, piece.rows // 100)
        blanks = sum(int(amounts.blank.sum()) for amounts in piece.amounts.values() if amounts.blank is not None)
        self.figures += piece.rows * len(piece.amounts) - blanks
        if len(special):
            lines = special if piece.lines is None else piece.lines[special]
            rows = replace(chosen(piece, special, first), lines=lines + self.lines)
            self.take(examine(rows, self.work, [largest.floor for largest in self.largest]))
            self.rows += len(special)
        self.lines += piece.line_count

    def take(self, found: PieceResult) -> None:
        """Count what was found in some rows."""
        for tally, own in zip(self.tallies, found.tallies, strict=True):
            tally.add(own)
        for largest, hits in zip(self.largest, found.hits, strict=True):
            largest.add(hits)
        self.cell_count += len(found.cells)
        self.cells += found.cells[: max(0, self.job.limit - len(self.cells))]
        if self.job.every is not None:
            self.found.append((len(self.found), found))


def _judge(database: DuckDatabase, job: Job, work: Work, result: Result, aside: _Aside, feed: Feed | PlainParquet) -> None:
    """Hand the rows that need a look to the kernel, and give those that need none their verdict."""
    kept, looked = list(aside.found), aside.rows

    def pages() -> Iterator[PieceResult]:
        nonlocal looked
        for batch in database.batches("select * from suspects order by r"):
            piece = _piece(batch, job, list(job.columns), feed)
            looked += piece.rows
            found = examine(piece, work, [largest.floor for largest in aside.largest])
            aside.take(found)
            yield found

    def items(found: Iterator[PieceResult]) -> Iterator[tuple[int, int, Hit | Cell]]:
        for one in found:
            made: list[tuple[int, int, Hit | Cell]] = [(cell.row, -1, cell) for cell in one.cells]
            made += [(hit.row, index, hit) for index, hits in enumerate(one.hits) for hit in hits]
            yield from sorted(made, key=lambda item: item[:2])

    every = merge(items(found for _, found in kept), items(pages()), key=lambda item: item[:2])
    for _, index, one in every:
        if job.every is not None:
            job.every(index, one)
    for tally in result.tallies:
        tally.counts[PASS] += result.rows - looked
    result.cells, result.cell_count = aside.cells, aside.cell_count


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
        if plain is not None and look is not None:
            look.figures += plain.rows * len(wanted) - plain.blanks
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
