"""Spark as engine, for ledgers that one machine cannot hold: local mode, or any cluster by its master's address.

Spark hands out the parts of a ledger; each worker reads and confronts its own as the default engine does, so that nothing is
read or judged in another way. Sums per key are brought together by what the keys hash to. Workers need budgetaudit and the files.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

from budgetaudit.engines.groups import GroupTable, confront_groups, duplicates
from budgetaudit.engines.job import Job, MissingExtra, PrecisionError, Progress
from budgetaudit.engines.pandas_engine import Source, confront_all, open_source, published_of, work_of
from budgetaudit.engines.results import Cell, Duplicates, Hit, Result, RollupFound, moved
from budgetaudit.model import ReadError

MASTER = "BUDGETAUDIT_SPARK_MASTER"  # the address of a cluster; local mode if it is not set
CONFIG = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.memory": "4g"}
LOCAL = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
SHARES = 4  # of each processor: some are done sooner than others


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises PrecisionError, ReadError, or MissingExtra if PySpark is not installed."""
    try:
        from py4j.protocol import Py4JError
    except ImportError:
        raise MissingExtra("spark", "pyspark") from None
    context, own = None, False
    try:
        context, own = start(workers)
        return _confronted(context, job, progress)
    except Py4JError as fault:
        raise ReadError("ledger-broken", reason=str(fault).splitlines()[0]) from fault
    finally:
        if own and context is not None:
            context.stop()


def start(workers: int) -> tuple[Any, bool]:
    """A context, and whether it is ours to stop: one that runs already is used, with settings of its own."""
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active.sparkContext, False
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    master = os.environ.get(MASTER, f"local[{workers or '*'}]")
    config = CONFIG | (LOCAL if master.startswith("local") else {})
    with _quiet():
        context = SparkContext.getOrCreate(SparkConf().setMaster(master).setAppName("budgetaudit").setAll(list(config.items())))
    context.setLogLevel("OFF")
    return context, True


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


def _confronted(context: Any, job: Job, progress: Progress | None) -> Result:
    steps, done = 2 + len(job.rollups), 0
    ledger = _Scan.of(context, open_source(job.file, job.columns, job.places, job.texts(), job.units), work_of(job))
    result = ledger.result(job.every)
    tables = [ledger.tables(0, 0)]
    for at, item in enumerate(job.rollups):
        if progress is not None:
            progress(done := done + 1, steps)
        scan = _Scan.of(context, *published_of(item, job.units))
        scan.result()
        tables.append(scan.tables(1, at))
    if job.rollups or job.uniques:
        grouped = context.union(tables).groupByKey().map(partial(_found, job.rollups, job.group_limit))
        found: dict[int, RollupFound | Duplicates] = {}
        for at, one in grouped.collect():
            if at in found:
                found[at].take(one)
            else:
                found[at] = one
        result.rollups = [found[at] for at in range(len(job.rollups))]  # type: ignore[misc]
        result.duplicates = [found[at + len(job.rollups)] for at in range(len(job.uniques))]  # type: ignore[misc]
    if progress is not None:
        progress(steps, steps)
    return result


@dataclass
class _Scan:
    """A source confronted share by share; `rows` before each share are known when the results are."""

    outcome: Any
    comparisons: int
    limit: int
    starts: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Any, source: Source, work: Any) -> _Scan:
        parts, most = source.addresses(), SHARES * context.defaultParallelism
        number = 1 if parts is None else max(1, min(len(parts), most))
        cuts = [len(parts or ()) * at // number for at in range(number + 1)]
        shares = [None if parts is None else parts[start:stop] for start, stop in pairwise(cuts)]
        spread = context.parallelize(list(enumerate(shares)), number)
        return cls(spread.flatMap(partial(_share, source, work, most)).cache(), len(work.comparisons), work.limit)

    def result(self, every: Callable[[int, Hit | Cell], None] | None = None) -> Result:
        """What all shares yield; raises what went wrong in the first of them that failed."""
        heads = sorted(self.outcome.filter(_is_result).values().collect(), key=lambda head: head[0])
        first = next((found for _, found, _ in heads if isinstance(found, Exception)), None)
        if first is not None:
            raise first
        result = Result.of(self.comparisons, self.limit)
        for _, found, told in heads:
            for index, one in told if every is not None else ():
                every(index, moved(one, result))  # type: ignore[misc]
            result.take(found, self.limit)
        self.starts = dict(zip(range(len(heads)), accumulate((found.rows for _, found, _ in heads), initial=0), strict=False))
        return result

    def tables(self, side: int, first: int) -> Any:
        """The sums per key by table and bucket, each with its side and the rows before it."""
        return self.outcome.filter(_is_table).map(partial(_placed, self.starts, side, first))


def _share(source: Source, work: Any, buckets: int, share: tuple[int, Any]) -> Iterator[tuple[Any, Any]]:
    """What a worker makes of a share: its result, and the buckets of its tables."""
    number, parts = share
    every: list[Any] = []
    try:
        told = (lambda index, one: every.append((index, one))) if work.every else None
        result, tables = confront_all(source, work, 1, every=told, parts=parts)
    except (PrecisionError, ReadError) as fault:
        yield None, (number, fault, [])
        return
    yield None, (number, result, every)
    for at, table in enumerate(tables):
        yield from (((at, bucket), (number, own)) for bucket, own in enumerate(table.split(buckets)))


def _is_result(item: tuple[Any, Any]) -> bool:
    return item[0] is None


def _is_table(item: tuple[Any, Any]) -> bool:
    return item[0] is not None


def _placed(starts: Mapping[int, int], side: int, first: int, item: tuple[Any, Any]) -> tuple[Any, Any]:
    (at, bucket), (number, table) = item
    return (at + first, bucket), (side, starts[number], table)


def _found(rollups: Any, limit: int, item: tuple[Any, Iterable[Any]]) -> tuple[int, RollupFound | Duplicates]:
    """The verdicts on the groups of one bucket."""
    (at, _), parts = item
    sides: dict[int, GroupTable] = {}
    for side, start, (frame, cells, reach) in sorted(parts, key=lambda part: part[:2]):
        keys, measures = (tuple(name for name in frame.columns if name[0] == letter) for letter in "ks")
        sides.setdefault(side, GroupTable(keys, measures)).add(frame, cells, reach, start)
    if at >= len(rollups):
        return at, duplicates(sides[0], limit)
    return at, confront_groups(rollups[at], sides[0], sides[1], limit)
