"""One run over a database that reads files itself: it chooses rows and groups, the kernel judges them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from budgetaudit.engines import sql
from budgetaudit.engines.arrow_columns import integers
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.database import Database
from budgetaudit.engines.examine import Work, examine, require_places
from budgetaudit.engines.job import Job, Progress, Result
from budgetaudit.engines.linear import Malformed
from budgetaudit.engines.pandas_kernel import scale
from budgetaudit.engines.pieces import Piece
from budgetaudit.engines.sql_keys import confront_keys, steps_of


class Reader(Database, Protocol):
    """A database that reads the files, and numbers their rows in its own way."""

    def batches(self, query: str) -> Iterator[Any]:
        """The rows of a long answer as Arrow record batches, in the order of `r`."""
        ...

    def count(self, table: str) -> int:
        """The number of rows of a table."""
        ...

    def row_of(self, table: str) -> Any:
        """The function from a table's row ids to the rows of its file."""
        ...

    def place(self, result: Result) -> None:
        """Turn row ids into rows and lines of the files."""
        ...


def run_sql(job: Job, database: Reader, progress: Progress | None) -> Result:
    """Confront a ledger by means of a database."""
    names, keys = list(job.columns), list(job.texts())
    step, result = steps_of(job, progress), Result.of(len(job.comparisons), job.limit)
    database.open("ledger", job.file, job.columns, job.places, keys)
    database.keep("suspects", _suspects(job, names, keys), "ledger", keys, names)
    step()
    confront_keys(database, job, result, step)
    _judge_suspects(database, job, result, names, database.count("ledger"))
    database.place(result)
    return result


def _suspects(job: Job, names: Sequence[str], keys: Sequence[str]) -> str:
    """The rows that need a look: integers `i…` where they fit their column, else the text `t…` of what is printed."""
    scaled = [scale(weighed, dict.fromkeys(names, 0)) for weighed in job.comparisons]
    condition = sql.suspect(scaled, {name: at for at, name in enumerate(names)})
    columns = ["r", "bad", *(f"k{keys.index(name)} as key{at}" for at, name in enumerate(job.key))]
    for at, name in enumerate(names):
        places = job.places[name]
        fits = f"v{at} = round(v{at}, {places}) and v{at} between -{10 ** (18 - places)} and {10 ** (18 - places)}"
        columns += [
            f"case when {fits} then cast(v{at} * {10**places} as bigint) end as i{at}",
            f"case when {fits} then null when v{at} is null then cast(c{at} as string) else cast(v{at} as string) end as t{at}",
        ]
    return f"select {', '.join(columns)} from ledger where {condition}"


def _judge_suspects(database: Reader, job: Job, result: Result, names: Sequence[str], rows: int) -> None:
    """Hand the rows that need a look to the kernel; the others pass."""
    work = Work([scale(weighed, job.places) for weighed in job.comparisons], (), job.key, None, job.limit, job.every is not None)
    readers = {name: CellReader(column, job.units) for name, column in job.columns.items()}
    row_of = database.row_of("ledger") if job.every is not None else int
    for batch in database.batches("select * from suspects order by r"):
        piece = _piece(batch, job, names, readers)
        if job.stepped is not None:
            require_places(piece, job.stepped, rows // 100)
        found = examine(piece, work, result.floors)
        for index, one in found.in_order() if job.every is not None else ():
            job.every(index, replace(one, row=row_of(one.row)))  # type: ignore[misc]
        result.take(found, job.limit)
    result.pass_rest(rows, len(names))


def _piece(batch: Any, job: Job, names: Sequence[str], readers: Mapping[str, CellReader]) -> Piece:
    texts = {name: batch.column(f"key{at}").cast(pa.binary()) for at, name in enumerate(job.key)}
    piece = Piece(batch.num_rows, {}, texts, numbers=batch.column("r").to_numpy())
    bad = batch.column("bad")
    for at, name in enumerate(names):
        integers(piece, name, batch.column(f"i{at}"), job.places[name])
        printed = batch.column(f"t{at}")
        for row in np.flatnonzero(printed.is_valid().to_numpy(zero_copy_only=False)).tolist():
            if not bad[row].is_valid:
                blank = piece.amounts[name].blank
                assert blank is not None
                blank[row] = False
                piece.read(row, name, printed[row].as_py(), readers[name])
    for row in np.flatnonzero(bad.is_valid().to_numpy(zero_copy_only=False)).tolist():
        delimiter = job.file.csv.delimiter if job.file.csv else ","
        piece.ragged[row] = len(next(csv.reader([bad[row].as_py()], delimiter=delimiter), ()))
        piece.irregular[row] = dict.fromkeys(names, Malformed(""))
    return piece
