"""DuckDB as engine: it adds up keys, in bounded memory, of the exact integers that Arrow reads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from budgetaudit.engines import pandas_engine
from budgetaudit.engines.groups import GroupTable, arrow
from budgetaudit.engines.job import Job, MissingExtra, Progress
from budgetaudit.engines.pieces import TOP
from budgetaudit.engines.results import Result
from budgetaudit.model import ReadError

MEMORY = "1GB"
WIDE = pa.decimal128(38, 0)


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises PrecisionError, ReadError, or MissingExtra if DuckDB is not installed."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "duckdb") from None
    with duckdb.connect(config={"memory_limit": MEMORY, **({"threads": workers} if workers else {})}) as connection:
        numbers = count()

        def make(by: tuple[str, ...], measures: tuple[str, ...]) -> GroupTable:
            return GroupTable(by, measures, DuckStore(connection, f"sums{next(numbers)}", len(by), len(measures)))

        try:
            return pandas_engine.run(job, workers, progress, make)
        except duckdb.Error as error:
            raise ReadError("ledger-broken", reason=str(error).splitlines()[0]) from error


@dataclass
class DuckStore:
    """A table of sums in DuckDB, which leaves memory when it grows."""

    connection: Any
    name: str
    keys: int
    measures: int
    complete: bool = False

    def __post_init__(self) -> None:
        columns = [f"k{at} blob" for at in range(self.keys)] + ["first bigint", "last bigint", "rows bigint"]
        columns += [f"s{at} hugeint" for at in range(self.measures)] + [f"b{at} boolean" for at in range(self.measures)]
        self.connection.execute(f"create temp table {self.name} ({', '.join(columns)})")

    def add(self, frame: pd.DataFrame) -> None:
        """Keep some sums."""
        wide = {name: arrow(pa.array(frame[name], WIDE)) for name in frame.columns if frame[name].dtype == object}
        self.connection.register("added", pa.Table.from_pandas(frame.assign(**wide), preserve_index=False))
        self.connection.execute(f"insert into {self.name} by name select * from added")
        self.connection.unregister("added")

    def bucket(self, number: int, of: int) -> pd.DataFrame:
        """The sums of those keys that fall into one of so many buckets."""
        by = [f"k{at}" for at in range(self.keys)]
        if not self.complete:
            sums = [*by, "min(first) as first", "max(last) as last", "sum(rows)::bigint as rows"]
            sums += [f"sum(s{at})::hugeint as s{at}" for at in range(self.measures)]
            sums += [f"bool_and(b{at}) as b{at}" for at in range(self.measures)]
            self.connection.execute(
                f"create temp table {self.name}_by_key as select {', '.join(sums)} from {self.name} group by all"
            )
            self.connection.execute(f"drop table {self.name}")
            self.complete = True
        chosen = f"where hash({', '.join(by)}) % {of} = {number}" if of > 1 else ""
        table = self.connection.sql(f"select * from {self.name}_by_key {chosen} order by first").to_arrow_table()
        return _frame(table)


def _frame(table: pa.Table) -> pd.DataFrame:
    """Sums as the engines know them."""
    made: dict[str, Any] = {}
    for name in table.column_names:
        column = table[name]
        if name[0] == "k":
            made[name] = arrow(column)
        elif name[0] != "s":
            made[name] = column.to_numpy()
        else:
            small = all(abs(value or 0) < TOP for value in compute.min_max(column).as_py().values())
            made[name] = (
                column.cast(pa.int64()).to_numpy() if small else np.array([int(one) for one in column.to_pylist()], object)
            )
    return pd.DataFrame(made)
