"""One run over any database that takes the SQL of `sql.py`: it chooses rows and groups, the kernel judges them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from budgetaudit.engines import sql
from budgetaudit.engines.blocks import Amounts, Block, texts_from
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.database import Database, Page
from budgetaudit.engines.examine import Work, examine, refuse_finer
from budgetaudit.engines.found import Cell, Hit, Largest, Tally
from budgetaudit.engines.job import Job, Progress, Result
from budgetaudit.engines.linear import Malformed
from budgetaudit.engines.pandas_kernel import MALFORMED, PASS, ROUNDING, Scaled, scale
from budgetaudit.engines.sql_keys import repeated, roll_up
from budgetaudit.engines.text_columns import read_cell


def run_sql(job: Job, database: Database, progress: Progress | None) -> Result:
    """Confront a ledger by means of a database."""
    names, keys = list(job.columns), list(job.texts())
    steps = 1 + 2 * len(job.rollups) + len(job.uniques)
    done = iter(range(1, steps + 1))

    def step() -> None:
        if progress is not None:
            progress(next(done), steps)

    database.open("ledger", job.file, job.columns, job.places, keys)
    result = Result(tallies=[Tally() for _ in job.comparisons], largest=[Largest(job.limit) for _ in job.comparisons])
    exact = [scale(weighed, dict.fromkeys(names, 0)) for weighed in job.comparisons]
    index, named = {name: at for at, name in enumerate(names)}, [keys.index(name) for name in job.key]
    database.keep("suspects", sql.suspects(exact, index, named, database.listed))
    condition, counted = sql.tolerated(exact, index)
    step()
    for at, item in enumerate(job.rollups):
        result.rollups.append(roll_up(database, job, item, at, step))
    for at, unique in enumerate(job.uniques):
        database.keep(f"unique{at}", sql.groups("ledger", [keys.index(name) for name in unique.by], last=True))
        result.duplicates.append(repeated(database, f"unique{at}", len(unique.by), job.group_limit))
        step()
    result.rows = database.count("ledger")
    _judge_suspects(database, job, result, names, keys, condition)
    _count_tolerated(result, exact, database.rows(counted) if exact else [])
    _count_ragged(database, job, result)
    database.place(result)
    return result


def _count_ragged(database: Database, job: Job, result: Result) -> None:
    """Rows that are no rows: counted, named, and compared with nothing."""
    ragged = database.ragged()
    for tally in result.tallies:
        tally.counts[MALFORMED] += len(ragged)
    result.rows += len(ragged)
    result.cell_count += len(ragged)
    cells = [Cell(row, None, "", str(width), None) for row, width in ragged]
    result.cells += cells[: job.limit]
    if job.every is not None:
        row_of = database.row_of("ledger")
        for cell in cells:
            job.every(-1, replace(cell, row=row_of(cell.row)))


def _count_tolerated(result: Result, exact: Sequence[Scaled], rows: Sequence[tuple[Any, ...]]) -> None:
    """Differences inside an allowance, of rows that need no other look."""
    for at, (tally, scaled) in enumerate(zip(result.tallies, exact, strict=True)):
        number, widest = (0, "0") if not rows or rows[0][2 * at] is None else rows[0][2 * at : 2 * at + 2]
        tally.counts[PASS] -= int(number)
        tally.counts[ROUNDING] += int(number)
        tally.widest = max(tally.widest, Fraction(str(widest)) * scaled.left_quantum)


def _judge_suspects(
    database: Database, job: Job, result: Result, names: Sequence[str], keys: Sequence[str], tolerated: str
) -> None:
    """Hand the rows that need a look to the kernel."""
    work = Work([scale(weighed, job.places) for weighed in job.comparisons], (), job.key, None, job.limit, job.every is not None)
    readers = {name: CellReader(column, job.units) for name, column in job.columns.items()}
    suspects, blanks = 0, 0
    row_of = database.row_of("ledger") if job.every is not None else int
    columns = ["r", "bad", "texts", *(f"k{at}" for at, name in enumerate(keys) if name in job.key)]
    for at, name in enumerate(names):
        # What the integers of the column cannot hold is read from its text, with care.
        places = job.places[name]
        fits = f"v{at} = round(v{at}, {places}) and v{at} between -{10 ** (18 - places)} and {10 ** (18 - places)}"
        whole = f"cast(v{at} * {10**places} as bigint)"
        columns += [
            f"case when {fits} then {whole} else 0 end as i{at}",
            f"not coalesce({fits}, false) as b{at}",
            f"case when {fits} then null else cast(v{at} as string) end as t{at}",
        ]
    for page in database.pages(f"select {', '.join(columns)} from suspects where ({tolerated}) is not true"):
        block = _block(page, job, names, keys, readers)
        if job.stepped is not None:
            refuse_finer(block, job.stepped, result.rows // 100)
        found = examine(block, work, [largest.floor for largest in result.largest])
        for tally, own in zip(result.tallies, found.tallies, strict=True):
            tally.add(own)
        for largest, hits in zip(result.largest, found.hits, strict=True):
            largest.add(hits)
        result.cell_count += len(found.cells)
        result.cells += found.cells[: max(0, job.limit - len(result.cells))]
        if job.every is not None:
            everything: list[tuple[int, Hit | Cell]] = [(-1, cell) for cell in found.cells]
            everything += [(index, hit) for index, hits in enumerate(found.hits) for hit in hits]
            for index, one in sorted(everything, key=lambda item: (item[1].row, item[0])):
                job.every(index, replace(one, row=row_of(one.row)))
        suspects += block.rows
        blanks += block.rows * len(names) - found.figures
    for tally in result.tallies:
        tally.counts[PASS] += result.rows - suspects
    result.figures = result.rows * len(names) - blanks


def _block(page: Page, job: Job, names: Sequence[str], keys: Sequence[str], readers: Mapping[str, CellReader]) -> Block:
    rows = len(page["r"])
    texts = {name: texts_from(page[f"k{at}"]) for at, name in enumerate(keys) if name in job.key}
    block, odd = Block(rows, {}, texts, numbers=page["r"].astype(np.int64)), page["texts"]
    for at, name in enumerate(names):
        values = page[f"i{at}"].astype(np.int64)
        empty = page[f"b{at}"].astype(bool)
        printed = page[f"t{at}"]
        block.amounts[name] = Amounts(values, job.places[name], empty.copy() if empty.any() else None)
        for row in np.flatnonzero(empty):
            text = printed[row] if odd[row] is None else printed[row] or odd[row][at]
            if text is not None and text == text:
                mask = block.amounts[name].blank
                assert mask is not None
                mask[row] = False
                read_cell(block, int(row), name, str(text), readers[name])
    for at, text in enumerate(page["bad"].tolist()):
        if text is not None:
            block.ragged[at] = len(next(csv.reader([text], delimiter=job.file.csv.delimiter), ())) if job.file.csv else 0
            block.odd[at] = dict.fromkeys(names, Malformed(""))
    return block
