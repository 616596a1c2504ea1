"""The default engine: blocks of a file, read and confronted by a few threads, gathered in the order of the file."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from budgetaudit.engines.blocks import Block
from budgetaudit.engines.found import Cell, Found, Hit, Largest, Tally, cells_of, count, hits_of
from budgetaudit.engines.groups import GroupTable, Sums, rows_of
from budgetaudit.engines.pandas_kernel import FAIL, Memo, Scaled, confront

Part = TypeVar("Part", contravariant=True)
Progress = Callable[[int, int], None]
AHEAD = 2  # pieces that wait for each thread
MOST_PLACES = 9


class Source(Protocol):
    """A ledger that can be had in parts; each part is read and confronted by itself."""

    size: int

    def parts(self) -> Iterator[Any]:
        """The parts in the order of the file."""
        ...

    def blocks(self, part: Any) -> Iterator[Block]:
        """The blocks of one part."""
        ...

    def weight(self, part: Any) -> int:
        """How much of `size` a part is."""
        ...


@dataclass(frozen=True)
class Job:
    """What to do with every block."""

    comparisons: Sequence[Scaled]
    groups: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
    key: tuple[str, ...] = ()
    stepped: frozenset[str] = frozenset()  # columns whose decimals say how they were rounded
    limit: int = 1000
    every_hit: Callable[[int, Hit], None] | None = None


class Finer(Exception):  # noqa: N818 - not a fault: the run starts again with more places
    """A column prints more decimals than were expected, too often to be treated one by one."""

    def __init__(self, places: dict[str, int]) -> None:
        super().__init__(places)
        self.places = places


@dataclass
class Gathered:
    """The whole ledger's yield."""

    rows: int = 0
    lines: int = 0
    figures: int = 0
    tallies: list[Tally] = field(default_factory=list)
    largest: list[Largest] = field(default_factory=list)
    tables: list[GroupTable] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    cell_count: int = 0


@dataclass
class _Yield:
    """One part's yield: what `examine` gives for each of its blocks."""

    found: list[Found]
    groups: list[list[tuple[Sums, list[Any]]]]


def run(source: Source, job: Job, threads: int = 0, progress: Progress | None = None) -> Gathered:
    """Confront a whole ledger. Raises Finer if columns need more decimals, ReadError if the file cannot be read."""
    gathered = Gathered(
        tallies=[Tally() for _ in job.comparisons],
        largest=[Largest(job.limit) for _ in job.comparisons],
        tables=[GroupTable(by, measures) for by, measures in job.groups],
    )
    threads = threads or min(os.cpu_count() or 1, 8)
    waiting: deque[tuple[int, Future[_Yield]]] = deque()
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in source.parts():
                waiting.append((source.weight(part), pool.submit(_examine_part, source, part, job, gathered.largest)))
                if len(waiting) > threads * AHEAD:
                    done += _take(waiting, gathered, job)
                    if progress is not None:
                        progress(done, source.size)
            while waiting:
                done += _take(waiting, gathered, job)
        finally:
            for _, future in waiting:
                future.cancel()
    return gathered


def _take(waiting: deque[tuple[int, Future[_Yield]]], gathered: Gathered, job: Job) -> int:
    weight, future = waiting.popleft()
    result = future.result()
    for found, groups in zip(result.found, result.groups, strict=True):
        _gather(gathered, found, groups, job)
    return weight


def _gather(gathered: Gathered, found: Found, groups: list[tuple[Sums, list[Any]]], job: Job) -> None:
    for tally, own in zip(gathered.tallies, found.tallies, strict=True):
        tally.add(own)
    placed = [(index, _moved(hit, gathered)) for index, hits in enumerate(found.hits) for hit in hits]
    if job.every_hit is not None:
        for index, hit in sorted(placed, key=lambda item: (item[1].row, item[0])):
            job.every_hit(index, hit)
    for index, largest in enumerate(gathered.largest):
        largest.add([hit for own, hit in placed if own == index])
    for table, (sums, odd) in zip(gathered.tables, groups, strict=True):
        sums.first = sums.first + gathered.rows
        sums.last = sums.last + gathered.rows
        table.add(sums)
        table.add_odd(odd)
    gathered.cell_count += len(found.cells)
    gathered.cells += [_moved(cell, gathered) for cell in found.cells[: max(0, job.limit - len(gathered.cells))]]
    gathered.rows += found.rows
    gathered.lines += found.lines
    gathered.figures += found.figures


Placed = TypeVar("Placed", Hit, Cell)


def _moved(item: Placed, gathered: Gathered) -> Placed:
    """A hit or cell of a block at its place in the file."""
    return replace(item, row=item.row + gathered.rows, line=None if item.line is None else item.line + gathered.lines)


def _examine_part(source: Source, part: Any, job: Job, largest: Sequence[Largest]) -> _Yield:
    result = _Yield([], [])
    for block in source.blocks(part):
        result.found.append(examine(block, job, [item.floor for item in largest]))
        result.groups.append([rows_of(block, by, measures) for by, measures in job.groups])
    return result


def examine(block: Block, job: Job, floors: Sequence[Fraction]) -> Found:
    """Everything one block yields."""
    _refuse_finer(block, job.stepped)
    found = Found(block.rows, block.line_count)
    memo: Memo = {}

    def key(row: int) -> str:
        return " ".join(block.texts[name].text(row) for name in job.key)

    for scaled, floor in zip(job.comparisons, floors, strict=True):
        outcome = confront(scaled, block, memo) if block.rows else None
        found.tallies.append(count(outcome, block.rows, scaled))
        hits: list[Hit] = []
        if outcome is not None and found.tallies[-1].counts[FAIL]:
            limit, least = (job.limit, floor) if job.every_hit is None else (block.rows, Fraction(-1))
            hits = hits_of(outcome, scaled, block, key, limit, least)
        found.hits.append(hits)
    found.cells = cells_of(block, key)
    blanks = sum(int(amounts.blank.sum()) for amounts in block.amounts.values() if amounts.blank is not None)
    found.figures = block.rows * len(block.amounts) - blanks
    return found


def _refuse_finer(block: Block, stepped: frozenset[str]) -> None:
    """Cells with more decimals than their column are dear; where there are many the columns are read again with more."""
    needed: dict[str, int] = {}
    counts: dict[str, int] = {}
    for cells in block.odd.values():
        for name, value in cells.items():
            if isinstance(value, Fraction):
                places = _places(value)
                if block.amounts[name].places < places <= MOST_PLACES:
                    needed[name] = max(needed.get(name, 0), places)
                    counts[name] = counts.get(name, 0) + 1
    many = {name: places for name, places in needed.items() if counts[name] * 100 > block.rows or name in stepped}
    if many:
        raise Finer(many)


def _places(value: Fraction) -> int:
    for places in range(MOST_PLACES + 1):
        if 10**places % value.denominator == 0:
            return places
    return MOST_PLACES + 1
