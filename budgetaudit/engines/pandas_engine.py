"""The default engine: blocks of a file, read and confronted by a few processes, gathered in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import numpy as np

from budgetaudit.engines.blocks import Block, Int64
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.csv_blocks import CsvReader
from budgetaudit.engines.examine import Work, examine
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.found import Cell, Found, Hit, Largest, Tally
from budgetaudit.engines.groups import PART, GroupTable, rows_of
from budgetaudit.engines.job import Job, Progress, Result, RollupJob
from budgetaudit.engines.linear import Column
from budgetaudit.engines.pandas_kernel import scale
from budgetaudit.engines.rollups import confront_groups, duplicates
from budgetaudit.engines.workers import count_for, crew


class Source(Protocol):
    """A ledger that can be had in parts; each part is read and confronted by itself."""

    @property
    def size(self) -> int:
        """How much there is to do, in the measure of `weight`."""
        ...

    @property
    def worthwhile(self) -> int:
        """How much work a process of its own is worth."""
        ...

    def parts(self, *, sent: bool = False) -> Iterator[Any]:
        """The parts in the order of the file; `sent`: for other processes."""
        ...

    def blocks(self, part: Any) -> Iterator[Block]:
        """The blocks of one part."""
        ...

    def weight(self, part: Any) -> int:
        """How much of `size` a part is."""
        ...


@dataclass
class Gathered:
    """The whole ledger's yield."""

    tallies: list[Tally]
    largest: list[Largest]
    rows: int = 0
    lines: int = 0
    figures: int = 0
    tables: list[GroupTable] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    cell_count: int = 0


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger with so many processes; 0: as many as it is worth.

    Raises Finer if columns need more decimals, ReadError if a file cannot be read.
    """
    published = [_published(item, job, workers) for item in job.rollups]
    groups = [(tuple(own for own, _ in item.rollup.by), tuple(own for own, _ in item.rollup.measures)) for item in job.rollups]
    groups += [(unique.by, ()) for unique in job.uniques]
    scaled = [scale(weighed, job.places) for weighed in job.comparisons]
    work = Work(scaled, groups, job.key, job.stepped, job.limit, job.every is not None)
    source = open_source(job.file, job.columns, job.places, job.texts(), job)
    gathered = confront_all(source, work, workers, progress, job.every)
    tables = gathered.tables[: len(job.rollups)]
    return Result(
        gathered.rows,
        gathered.figures,
        gathered.tallies,
        gathered.largest,
        gathered.cells,
        gathered.cell_count,
        [
            confront_groups(item.rollup, own, theirs, item.measures, job.group_limit)
            for item, own, theirs in zip(job.rollups, tables, published, strict=True)
        ],
        [duplicates(table, job.group_limit) for table in gathered.tables[len(job.rollups) :]],
    )


def _published(item: RollupJob, job: Job, workers: int) -> GroupTable:
    """The groups of the file a roll-up is confronted with."""
    by, names = tuple(theirs for _, theirs in item.rollup.by), tuple(theirs for _, theirs in item.rollup.measures)
    columns = {name: measure.published for name, measure in zip(names, item.measures, strict=True)}
    places = {name: measure.published_places for name, measure in zip(names, item.measures, strict=True)}
    source = open_source(item.published, columns, places, by, job)
    return confront_all(source, Work(groups=[(by, names)], stepped=None), workers, None).tables[0]


def open_source(
    file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], texts: Sequence[str], job: Job
) -> Source:
    """The source of a file's blocks."""
    amounts = {name: CellReader(column, job.units) for name, column in columns.items()}
    if file.csv is not None:
        return CsvReader(file.csv, amounts, places, texts)
    from budgetaudit.engines.parquet_blocks import ParquetSource

    return ParquetSource(file.parts, amounts, places, texts)


def confront_all(
    source: Source,
    job: Work,
    processes: int = 0,
    progress: Progress | None = None,
    every: Callable[[int, Hit | Cell], None] | None = None,
) -> Gathered:
    """Confront every block of a source, in its order, with several processes if it is large."""
    gathered = Gathered([Tally() for _ in job.comparisons], [Largest(job.limit) for _ in job.comparisons])
    starts: list[int] = []
    weights: list[int] = []
    done = 0

    def parts() -> Iterator[Any]:
        for part in source.parts(sent=processes > 1):
            weights.append(source.weight(part))
            yield part

    processes = processes or count_for(source.size, source.worthwhile)
    with crew(_Examiner(source, job), processes) as hands:
        for number, yielded in enumerate(hands.each(parts(), lambda: [item.floor for item in gathered.largest])):
            starts.append(gathered.rows)
            for found in yielded:
                _gather(gathered, found, job.limit, every)
            if progress is not None:
                done += weights[number]
                progress(done, source.size)
        gathered.tables = _together(hands.rests(), np.array(starts, dtype=np.int64))
    if progress is not None:
        progress(source.size, source.size)
    return gathered


class _Examiner:
    """Examines parts, and keeps the sums of what it was given."""

    def __init__(self, source: Source, job: Work) -> None:
        self.source, self.job = source, job
        self.tables = [GroupTable(by, measures) for by, measures in job.groups]

    def part(self, number: int, part: Any, floors: Sequence[Fraction]) -> list[Found]:
        """What `examine` gives for each block of a part."""
        result, at = [], number << PART
        for block in self.source.blocks(part):
            result.append(examine(block, self.job, floors))
            for table in self.tables:
                rows, odd = rows_of(block, table.by, table.measures)
                table.add(replace(rows, at=rows.at + at))
                table.add_odd(odd)
            at += block.rows
        return result

    def rest(self) -> list[GroupTable]:
        """The sums; rows are still numbered within their parts."""
        for table in self.tables:
            table.finish()
        return self.tables


def _together(shares: Sequence[list[GroupTable]], starts: Int64) -> list[GroupTable]:
    """The sums of all workers; `starts` is the first row of each part."""
    first, *others = shares
    for other in others:
        for table, more in zip(first, other, strict=True):
            table.take_over(more)
    return [table.moved(starts) for table in first]


def _gather(gathered: Gathered, found: Found, limit: int, every: Callable[[int, Hit | Cell], None] | None) -> None:
    for tally, own in zip(gathered.tallies, found.tallies, strict=True):
        tally.add(own)
    placed = [(index, _moved(hit, gathered)) for index, hits in enumerate(found.hits) for hit in hits]
    cells = [_moved(cell, gathered) for cell in found.cells]
    if every is not None:
        everything: list[tuple[int, Hit | Cell]] = [*placed, *((-1, cell) for cell in cells)]
        for index, one in sorted(everything, key=lambda item: (item[1].row, item[0])):
            every(index, one)
    for index, largest in enumerate(gathered.largest):
        largest.add([hit for own, hit in placed if own == index])
    gathered.cell_count += len(found.cells)
    gathered.cells += cells[: max(0, limit - len(gathered.cells))]
    gathered.rows += found.rows
    gathered.lines += found.lines
    gathered.figures += found.figures


Placed = TypeVar("Placed", Hit, Cell)


def _moved(item: Placed, gathered: Gathered) -> Placed:
    """A hit or cell of a block at its place in the file."""
    return replace(item, row=item.row + gathered.rows, line=None if item.line is None else item.line + gathered.lines)
