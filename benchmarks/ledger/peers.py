"""The same checks written by hand in the peers, one function each; a fresh process runs one of them.

    python benchmarks/ledger/peers.py NAME LEDGER SUBTOTALS TOLERANCE

prints one line of JSON: violations by rule, the sum of |difference| where the peer gives one, seconds of reading and checking.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

SOURCES = ["national", "provincial", "local", "private", "other"]
PLAN = [f"y{year}" for year in range(2022, 2027)]
SPENT = [f"e{year}" for year in range(2022, 2027)]
MEASURES = ["total", "plan_total", "executed_total"]
AMOUNTS = [*SOURCES, "total", *PLAN, "plan_total", *SPENT, "executed_total"]
WITHIN = "executed-within-plan"
# (rule, stated columns, operator, expected columns); the tolerance is that of `funding` alone
ROW_RULES = [
    ("funding", ["total"], "=", SOURCES),
    ("yearly-plan", ["plan_total"], "=", PLAN),
    ("plan-is-total", ["plan_total"], "=", ["total"]),
]
ROW_RULES += [(WITHIN, [spent], "<=", [plan]) for plan, spent in zip(PLAN, SPENT, strict=True)]
ROW_RULES += [(WITHIN, SPENT[:k], "<=", PLAN[:k]) for k in range(2, 6)]


class Run:
    """Arguments, times, and what is found."""

    def __init__(self, ledger: str, subtotals: str, tolerance: str) -> None:
        self.ledger, self.subtotals, self.exact = ledger, subtotals, tolerance
        self.tolerance = float(tolerance) if "." in tolerance else int(tolerance)
        self.parquet = ledger.endswith(".parquet")
        self.counts: dict[str, int] = {}
        self.sums: dict[str, Any] = {}
        self.started, self.read = time.perf_counter(), 0.0

    def reading_done(self) -> None:
        self.read = time.perf_counter() - self.started

    def note(self, rule: str, number: int, total: Any = None) -> None:
        self.counts[rule] = self.counts.get(rule, 0) + int(number)
        if total is not None:
            self.sums[rule] = self.sums.get(rule, 0) + total

    def __str__(self) -> str:
        took = time.perf_counter() - self.started
        sums = {rule: str(total) for rule, total in self.sums.items()}
        return json.dumps(
            {"counts": self.counts, "sums": sums, "read": self.read, "check": took - self.read if self.read else None}
        )


def numpy_arrow(run: Run) -> None:
    """numpy on whole columns; pyarrow reads, decimals as decimal128 whose low words are the integers."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv, parquet

    decimal = "." in run.exact

    def read(path: str) -> Any:
        if run.parquet:
            return parquet.read_table(path).combine_chunks()
        amount = pa.decimal128(18, 2) if decimal else pa.int64()
        types = dict.fromkeys(AMOUNTS, amount) | {"gov_code": pa.string()}
        return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types)).combine_chunks()

    def integers(table: Any, name: str) -> Any:
        column = table[name].combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        values = np.frombuffer(column.buffers()[1], np.int64)
        return values[::2][: len(column)] if decimal else values[: len(column)]

    ledger, published = read(run.ledger), read(run.subtotals)
    columns = {name: integers(ledger, name) for name in AMOUNTS}
    run.reading_done()
    for rule, stated, operator, expected in ROW_RULES:
        difference = sum(columns[n] for n in stated[1:]) + columns[stated[0]] - sum(columns[n] for n in expected)
        bad = difference[np.abs(difference) > (1 if rule == "funding" else 0)] if operator == "=" else difference[difference > 0]
        run.note(rule, len(bad), int(np.abs(bad).sum()))
    coded = ledger["parent"].combine_chunks().dictionary_encode()
    coded = coded.unify_dictionaries().combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    names, codes = coded.dictionary, coded.indices.to_numpy()
    at = pc.index_in(published["parent"], value_set=names)
    known, at = at.is_valid().to_numpy(), at.drop_null().to_numpy()
    for measure in MEASURES:
        sums = np.zeros(len(names), dtype=np.int64)
        np.add.at(sums, codes, columns[measure])
        difference = integers(published, measure)[known] - sums[at]
        run.note("subtotals", (difference != 0).sum(), int(np.abs(difference).sum()))
    run.note("missing", len(names) - len(at))
    run.note("extra", (~known).sum())


def pandas_plain(run: Run) -> None:
    """pandas as its user guide has it."""
    import pandas as pd

    def read(path: str) -> Any:
        return pd.read_parquet(path) if run.parquet else pd.read_csv(path, dtype={"gov_code": str})

    ledger, published = read(run.ledger), read(run.subtotals)
    run.reading_done()
    for rule, stated, operator, expected in ROW_RULES:
        difference = ledger[stated].sum(axis=1) - ledger[expected].sum(axis=1)
        bad = (
            difference[difference.abs() > (run.tolerance if rule == "funding" else 0)]
            if operator == "="
            else difference[difference > 0]
        )
        run.note(rule, len(bad), bad.abs().sum())
    sums = ledger.groupby("parent", as_index=False)[MEASURES].sum()
    both = published.merge(sums, on="parent", how="outer", suffixes=("", "_sum"), indicator="side")
    run.note("missing", (both["side"] == "right_only").sum())
    run.note("extra", (both["side"] == "left_only").sum())
    both = both[both["side"] == "both"]
    for measure in MEASURES:
        difference = both[measure] - both[f"{measure}_sum"]
        run.note("subtotals", (difference != 0).sum(), difference.abs().sum())


def _polars(run: Run, *, eager: bool, decimal: bool = False) -> None:
    import polars as pl

    def scan(path: str) -> Any:
        if run.parquet:
            return pl.read_parquet(path).lazy() if eager else pl.scan_parquet(path)
        types = {"gov_code": pl.String} | (dict.fromkeys(AMOUNTS, pl.Decimal(18, 2)) if decimal else {})
        header = open(path).readline().strip().split(",")  # noqa: SIM115, PTH123
        types = {name: kind for name, kind in types.items() if name in header}
        return pl.read_csv(path, schema_overrides=types).lazy() if eager else pl.scan_csv(path, schema_overrides=types)

    ledger, published = scan(run.ledger), scan(run.subtotals)
    if eager:
        run.reading_done()
    tolerance = pl.lit(run.exact).str.to_decimal(scale=2) if decimal else run.tolerance
    rules = []
    for rule, stated, operator, expected in ROW_RULES:
        difference = pl.sum_horizontal(stated) - pl.sum_horizontal(expected)
        over = difference.abs() if operator == "=" else difference
        rules.append((rule, over, over > (tolerance if rule == "funding" else 0)))
    suspects = ledger.filter(pl.any_horizontal([bad for _, _, bad in rules]))
    sums = ledger.group_by("parent").agg(pl.col(MEASURES).sum())
    both = published.join(sums, on="parent", how="full", suffix="_sum")
    rows, groups = pl.collect_all([suspects, both], engine="in-memory" if eager else "streaming")
    for rule, over, bad in rules:
        found = rows.filter(bad).select(over)
        run.note(rule, len(found), found.to_series().sum() if len(found) else 0)
    run.note("missing", groups["parent"].null_count())
    run.note("extra", groups["parent_sum"].null_count())
    matched = groups.drop_nulls(["parent", "parent_sum"])
    for measure in MEASURES:
        difference = (matched[measure] - matched[f"{measure}_sum"]).abs()
        run.note("subtotals", (difference != 0).sum(), difference.sum())


def polars_lazy(run: Run) -> None:
    _polars(run, eager=False)


def polars_eager(run: Run) -> None:
    _polars(run, eager=True)


def polars_decimal(run: Run) -> None:
    _polars(run, eager=False, decimal=True)


def _sql(exact: str) -> tuple[str, list[str]]:
    """The condition of rows that break any rule, and a query for each kind of finding, over views of plain names."""
    conditions, queries = [], []
    for rule, stated, operator, expected in ROW_RULES:
        difference = f"({'+'.join(stated)}) - ({'+'.join(expected)})"
        tolerance = exact if rule == "funding" else "0"
        bad = f"abs({difference}) > {tolerance}" if operator == "=" else f"{difference} > 0"
        conditions.append(f"({bad})")
        queries.append(f"select '{rule}' as rule, project_id as place, {difference} as difference from suspects where {bad}")
    both = "from published s join sums g on s.parent = g.parent"
    queries += [f"select 'subtotals', s.parent, s.{m} - g.{m} {both} where s.{m} <> g.{m}" for m in MEASURES]
    queries.append(
        "select 'missing', g.parent, 0 from sums g where not exists (select 1 from published s where s.parent = g.parent)"
    )
    queries.append(
        "select 'extra', s.parent, 0 from published s where not exists (select 1 from sums g where s.parent = g.parent)"
    )
    return " or ".join(conditions), queries


_SUMS = f"select parent, {', '.join(f'sum({m}) as {m}' for m in MEASURES)} from ledger group by parent"
_TALLY = "select rule, count(*), sum(abs(difference)) from violations group by rule"


def duckdb_sql(run: Run) -> None:
    """SQL over the files, amounts with decimals as DECIMAL."""
    import duckdb

    database = duckdb.connect()
    amounts = dict.fromkeys(AMOUNTS, "DECIMAL(18,2)") if "." in run.exact else {}
    for view, path, types in (
        ("ledger", run.ledger, amounts | {"gov_code": "VARCHAR"}),
        ("published", run.subtotals, {m: amounts[m] for m in MEASURES if amounts}),
    ):
        source = f"read_parquet('{path}')" if run.parquet else f"read_csv('{path}', types={types or {'parent': 'VARCHAR'}})"
        database.execute(f"create view {view} as select * from {source}")
    condition, queries = _sql(run.exact)
    database.execute(f"create temp table suspects as select * from ledger where {condition}")
    database.execute(f"create temp table sums as {_SUMS}")
    database.execute(f"create temp table violations as {' union all '.join(queries)}")
    for rule, number, total in database.execute(_TALLY).fetchall():
        run.note(rule, number, total)


def pyspark_sql(run: Run) -> None:
    """The same SQL on Spark in local mode."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.memory", "4g")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    spark = builder.config("spark.sql.shuffle.partitions", "8").config("spark.ui.showConsoleProgress", "false").getOrCreate()
    amount = "decimal(18,2)" if "." in run.exact else "bigint"
    for view, path, names in (
        ("ledger", run.ledger, ["project_id", "gov_code", "parent", *AMOUNTS]),
        ("published", run.subtotals, ["parent", *MEASURES]),
    ):
        schema = ", ".join(f"{name} {amount if name in AMOUNTS else 'string'}" for name in names)
        source = spark.read.parquet(path) if run.parquet else spark.read.csv(path, header=True, schema=schema)
        source.createOrReplaceTempView(view)
    condition, queries = _sql(run.exact)
    spark.sql(f"select * from ledger where {condition}").cache().createOrReplaceTempView("suspects")
    spark.sql(_SUMS).cache().createOrReplaceTempView("sums")
    spark.sql(" union all ".join(queries)).createOrReplaceTempView("violations")
    found: dict[str, list[Any]] = {}
    for row in spark.table("violations").collect():  # with their places: that is what an audit is for
        kept = found.setdefault(row[0], [0, 0])
        kept[0], kept[1] = kept[0] + 1, kept[1] + abs(row[2])
    for rule, (number, total) in found.items():
        run.note(rule, number, total)
    spark.stop()


def _group_frame(pl: Any, ledger: Any, published: Any) -> Any:
    sums = ledger.group_by("parent").agg(pl.col(MEASURES).sum()).with_columns(own=1)
    both = published.with_columns(theirs=1).join(sums, on="parent", how="full", suffix="_sum", coalesce=True)
    return both.with_columns(pl.col("own", "theirs").fill_null(0), *[pl.col(m, f"{m}_sum").fill_null(0) for m in MEASURES])


def _expressions(pl: Any, tolerance: Any) -> list[tuple[str, Any]]:
    """What must be true of every row, and of every group, as polars expressions."""
    made = []
    for rule, stated, operator, expected in ROW_RULES:
        difference = pl.sum_horizontal(stated) - pl.sum_horizontal(expected)
        made.append((rule, difference.abs() <= (tolerance if rule == "funding" else 0) if operator == "=" else difference <= 0))
    return made


def _group_expressions(pl: Any) -> list[tuple[str, Any]]:
    made = [("missing", pl.col("theirs") == 1), ("extra", pl.col("own") == 1)]
    return made + [("subtotals", (pl.col("own") + pl.col("theirs") < 2) | (pl.col(m) == pl.col(f"{m}_sum"))) for m in MEASURES]


def _frames(run: Run) -> tuple[Any, Any, Any]:
    import polars as pl

    read = pl.read_parquet if run.parquet else pl.read_csv
    override = {} if run.parquet else {"schema_overrides": {"gov_code": pl.String}}
    ledger, published = read(run.ledger, **override), read(run.subtotals)
    run.reading_done()
    return pl, ledger, published


def pandera_polars(run: Run) -> None:
    """pandera over polars; lazy, so that all failures are collected."""
    pl, ledger, published = _frames(run)
    import pandera.polars as pa

    for frame, rules in (
        (ledger, _expressions(pl, run.tolerance)),
        (_group_frame(pl, ledger, published), _group_expressions(pl)),
    ):
        checks = [pa.Check(lambda data, e=e: data.lazyframe.select(e), name=f"{at}") for at, (_, e) in enumerate(rules)]
        try:
            pa.DataFrameSchema(checks=checks).validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            for name, number in errors.failure_cases.group_by("check").agg(pl.len()).rows():
                run.note(rules[int(name)][0], number)


def pointblank_polars(run: Run) -> None:
    """pointblank over polars, with the failing rows."""
    pl, ledger, published = _frames(run)
    import pointblank as pb

    for frame, rules in (
        (ledger, _expressions(pl, run.tolerance)),
        (_group_frame(pl, ledger, published), _group_expressions(pl)),
    ):
        plan = pb.Validate(frame)
        for _, expression in rules:
            plan = plan.col_vals_expr(expression)
        plan = plan.interrogate(extract_limit=1_000_000)
        failed = plan.n_failed()
        for at, (rule, _) in enumerate(rules, 1):
            run.note(rule, failed[at])


def dataframely_polars(run: Run) -> None:
    """dataframely schemas over polars, with the failing rows."""
    pl, ledger, published = _frames(run)
    import dataframely as dy

    def made(name: str, expression: Any) -> Any:
        def rule(_cls: type) -> Any:
            return expression

        rule.__name__ = name
        return dy.rule()(rule)

    for frame, rules in (
        (ledger, _expressions(pl, run.tolerance)),
        (_group_frame(pl, ledger, published), _group_expressions(pl)),
    ):
        kinds = {pl.String: dy.String, pl.Int32: dy.Int32}
        body = {name: kinds.get(kind, dy.Int64)(nullable=True) for name, kind in frame.schema.items()}
        body |= {f"r{at}": made(f"r{at}", e) for at, (_, e) in enumerate(rules)}
        schema = type(dy.Schema)("Ledger", (dy.Schema,), body)
        _, failed = schema.filter(frame)
        failed.invalid()
        for name, number in failed.counts().items():
            run.note(rules[int(name[1:])][0], number)


def great_expectations_pandas(run: Run) -> None:
    """Great Expectations over pandas: differences as columns first, then the expectations on them."""
    import great_expectations as gx
    import pandas as pd

    read = pd.read_parquet if run.parquet else pd.read_csv
    ledger, published = read(run.ledger), read(run.subtotals)
    run.reading_done()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    sums = ledger.groupby("parent", as_index=False)[MEASURES].sum()
    both = published.merge(sums, on="parent", how="outer", suffixes=("", "_sum"), indicator="side")
    limits: list[tuple[str, Any, Any]] = []
    wide = {}
    for at, (rule, stated, operator, expected) in enumerate(ROW_RULES):
        wide[f"d{at}"] = ledger[stated].sum(axis=1) - ledger[expected].sum(axis=1)
        most = run.tolerance if rule == "funding" else 0
        limits.append((rule, -most if operator == "=" else None, most))
    frame = pd.concat([ledger[["project_id"]], pd.DataFrame(wide)], axis=1)
    _expect(run, gx, context, "rows", frame, "project_id", limits)
    both["d0"], both["d1"] = (both["side"] == "right_only").astype(int), (both["side"] == "left_only").astype(int)
    limits = [("missing", 0, 0), ("extra", 0, 0)]
    for at, measure in enumerate(MEASURES, 2):
        both[f"d{at}"] = (both[measure] - both[f"{measure}_sum"]).fillna(0)
        limits.append(("subtotals", 0, 0))
    _expect(run, gx, context, "groups", both.drop(columns="side"), "parent", limits)


def _expect(run: Run, gx: Any, context: Any, name: str, frame: Any, key: str, limits: list[tuple[str, Any, Any]]) -> None:
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
    expect = gx.expectations.ExpectColumnValuesToBeBetween
    rules = [expect(column=f"d{at}", min_value=least, max_value=most) for at, (_, least, most) in enumerate(limits)]
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": [key], "return_unexpected_index_query": False}
    for result in batch.validate(gx.ExpectationSuite(name=name, expectations=rules), result_format=form).results:
        rule = limits[int(result.expectation_config.kwargs["column"][1:])][0]
        run.note(rule, result.result["unexpected_count"])


PEERS: dict[str, Callable[[Run], None]] = {
    peer.__name__: peer
    for peer in (
        numpy_arrow,
        pandas_plain,
        polars_lazy,
        polars_eager,
        polars_decimal,
        duckdb_sql,
        pyspark_sql,
        pandera_polars,
        pointblank_polars,
        dataframely_polars,
        great_expectations_pandas,
    )
}

if __name__ == "__main__":
    audited = Run(*sys.argv[2:5])
    PEERS[sys.argv[1]](audited)
    print(audited)
