"""Every finding of a ledger, however many, as CSV or Parquet: one row each, written as they are found.

A report holds the largest differences; this is for those who work through all of them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, TypeAlias

from budgetaudit.engines.job import Job
from budgetaudit.engines.linear import LinearComparison, Rollup, Unique
from budgetaudit.engines.results import Cell, Hit, Result
from budgetaudit.ledger.findings import AMOUNTS, row_number
from budgetaudit.ledger.wording import decimal
from budgetaudit.streams import whole_file

COLUMNS = ("rule", "kind", "severity", "row", "key", "column", "stated", "expected", "difference", "text")
DIGITS, PLACES = 38, 12  # what an amount in a Parquet file holds
AT_ONCE = 20_000
Row: TypeAlias = tuple[Any, ...]
Write: TypeAlias = Callable[[Row], None]


@contextmanager
def all_findings(path: Path) -> Iterator[Write]:
    """A function that takes the rows of the file; the file appears only if all went well."""
    if path.suffix.lower() in (".parquet", ".pq"):
        with whole_file(path, binary=True) as stream, _parquet(stream) as write:
            yield write
    else:
        with whole_file(path) as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(COLUMNS)
            yield lambda row: rows.writerow([_safe(value) for value in row])


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept from it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "@", "+", "-", "\t") else value


@contextmanager
def _parquet(stream: IO[bytes]) -> Iterator[Write]:
    import pyarrow as pa
    from pyarrow import parquet

    amount = pa.decimal128(DIGITS, PLACES)
    kinds = {"row": pa.int64(), "stated": amount, "expected": amount, "difference": amount}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    waiting: list[Row] = []
    with parquet.ParquetWriter(stream, schema) as writer:

        def flush() -> None:
            columns = list(zip(*waiting, strict=True)) or [()] * len(COLUMNS)
            arrays = [pa.array(column, schema.field(at).type) for at, column in enumerate(columns)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            waiting.clear()

        def write(row: Row) -> None:
            waiting.append(_fitting(row))
            if len(waiting) >= AT_ONCE:
                flush()

        yield write
        flush()


def _fitting(row: Row) -> Row:
    """A row whose amounts fit the columns of a Parquet file; those that do not are among its texts."""
    fitting, beside = [], []
    for name, value in zip(COLUMNS, row, strict=True):
        if isinstance(value, Decimal) and (value.adjusted() >= DIGITS - PLACES or int(value.as_tuple().exponent) < -PLACES):
            beside.append(f"{name} {value:f}")
            value = None
        fitting.append(value)
    if beside:
        fitting[-1] = "; ".join(part for part in (fitting[-1], *beside) if part)
    return tuple(fitting)


def writer_of(job: Job, write: Write) -> Callable[[int, Hit | Cell], None]:
    """What an engine calls for every failure of a comparison, and every cell that is no amount."""
    rules = [weighed.source for weighed in job.comparisons]

    def every(index: int, found: Hit | Cell) -> None:
        if isinstance(found, Hit):
            write((*_head(rules[index], found.row, found.key), rules[index].stated, *_amounts(found), rules[index].label))
        else:
            likely = None if found.likely is None else decimal(found.likely)
            write((*_head(AMOUNTS, found.row, found.key), found.column, None, likely, None, found.text))

    return every


def _head(rule: LinearComparison | Rollup | Unique, row: int, key: str) -> Row:
    return rule.rule, rule.kind, rule.severity, row_number(row), key


def _amounts(hit: Hit) -> tuple[Decimal, Decimal, Decimal]:
    return decimal(hit.stated), decimal(hit.expected), decimal(hit.difference)


def write_keys(job: Job, result: Result, write: Write) -> None:
    """What was found of keys: it is known only when the whole ledger is."""
    for item, found in zip(job.rollups, result.rollups, strict=True):
        for (_, name), largest in zip(item.rollup.measures, found.largest, strict=True):
            for hit in largest.cut():
                write((*_head(item.rollup, hit.row, hit.key), name, *_amounts(hit), ""))
        for text, groups in (("missing", found.missing.groups), ("extra", found.extra.groups)):
            for group in groups:
                write((*_head(item.rollup, group.first, group.key), "", None, None, None, text))
    for unique, found_keys in zip(job.uniques, result.duplicates, strict=True):
        for group in found_keys.twice.groups:
            write((*_head(unique, group.first, group.key), "", None, None, None, f"{group.rows} rows"))


def shorten(result: Result, limit: int) -> None:
    """Leave as much of what was found of keys as a report shows."""
    for found in result.rollups:
        for largest in found.largest:
            largest.limit = limit
            largest.cut()
        del found.missing.groups[limit:], found.extra.groups[limit:]
    for found_keys in result.duplicates:
        del found_keys.twice.groups[limit:]
