"""Which Parquet files DuckDB may read by itself, and that it reads them as the feed of exact integers does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
duckdb = pytest.importorskip("duckdb")

from pyarrow import parquet  # noqa: E402

from budgetaudit.engines.duckdb_parquet import plain_parquet  # noqa: E402

KEYS = pa.array(["G1", None, "101"])


def written(folder: Path, name: str, amounts: Any, keys: Any = KEYS) -> str:
    path = folder / name
    parquet.write_table(pa.table({"parent": keys, "total": amounts}), path)
    return str(path)


@pytest.mark.parametrize(
    ("amounts", "places", "counts"),
    [
        (pa.array([3, None, -7], pa.int64()), 0, [3, None, -7]),
        (pa.array([3, None, 2**31 - 1], pa.int32()), 2, [300, None, (2**31 - 1) * 100]),
        (pa.array([Decimal("1.5"), None, Decimal("-2.0")], pa.decimal128(9, 1)), 2, [150, None, -200]),
    ],
)
def test_plain_amounts_are_whole_numbers_of_their_last_place(
    tmp_path: Path, amounts: Any, places: int, counts: list[int | None]
) -> None:
    paths = [written(tmp_path, name, amounts) for name in ("a'b.parquet", "c.parquet")]
    plain = plain_parquet(paths, {"total": places}, ["parent"], 1 << 60)
    assert plain is not None
    assert (plain.rows, plain.figures) == (6, 4)
    rows = duckdb.sql(f"select r, k0, v0 from ({plain.sql}) order by r").fetchall()
    assert rows == list(zip(range(6), [b"G1", b"", b"101"] * 2, counts * 2, strict=True))


@pytest.mark.parametrize(
    ("amounts", "name", "keys"),
    [
        (pa.array([1.5, 2.0, 3.0]), "l.parquet", KEYS),  # a float is the decimal that prints it
        (pa.array([1, 2, 2**61], pa.int64()), "l.parquet", KEYS),  # a sum could leave 64 bits
        (pa.array([1, 2, 3], pa.uint64()), "l.parquet", KEYS),
        (pa.array(["1", "2", "3"]), "l.parquet", KEYS),
        (pa.array([Decimal("1.234")] * 3, pa.decimal128(9, 3)), "l.parquet", KEYS),  # finer than its column
        (pa.array([1, 2, 3], pa.int64()), "l*.parquet", KEYS),  # a pattern to DuckDB
        (pa.array([1, 2, 3], pa.int64()), "l.parquet", pa.array([1, 2, 3])),  # a key is text
    ],
)
def test_what_needs_a_look_is_left_to_the_feed(tmp_path: Path, amounts: Any, name: str, keys: Any) -> None:
    assert plain_parquet([written(tmp_path, name, amounts, keys)], {"total": 2}, ["parent"], 1 << 60) is None
