"""Work in several threads: in order, nothing lost, and nobody left behind."""

from __future__ import annotations

import gzip
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from budgetaudit.engines import files
from budgetaudit.engines.job import PrecisionError
from budgetaudit.engines.pandas_engine import in_order
from tests.test_engines_same import HEADER, place, rules, run, write

__all__ = ["place", "rules"]  # fixtures


def slowly(part: Any) -> Any:
    """Sleeps as long as a part says."""
    if part == "finer":
        raise PrecisionError({"total": 2})
    time.sleep(part / 1000)
    return -part


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_parts_come_back_in_order_and_none_is_lost(threads: int) -> None:
    parts, before = [30, 0, 0, 5, 20, 0, 1, 2], set(threading.enumerate())
    assert list(in_order(iter(parts), slowly, threads)) == [(part, -part) for part in parts]
    assert set(threading.enumerate()) <= before  # one that was there for something else may have ended


def test_few_parts_are_in_memory_at_a_time() -> None:
    taken: list[int] = []
    ahead = [len(taken) - part for part, _ in in_order((taken.append(n) or n for n in range(50)), lambda part: part, 2)]
    assert max(ahead) <= 4


def test_what_goes_wrong_in_a_thread_goes_wrong_here() -> None:
    before = set(threading.enumerate())
    with pytest.raises(PrecisionError) as raised:
        list(in_order(iter([1, "finer", 1, 1]), slowly, 2))
    assert raised.value.places == {"total": 2}
    assert set(threading.enumerate()) <= before


BODY = [
    [f"P{i}", f"G{i % 7}", str(i), str(2 * i), str(3 * i + (i % 5 == 0)), str(i), str(2 * i), str(i + 1), "0", "100.0"]
    for i in range(500)
]


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet"])
def test_several_threads_say_what_one_says(place: Path, rules: Any, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place / "published.csv", ["parent", "total", "spent"], [[f"G{i}", "1000", "10"] for i in range(9)])
    write(place / "ledger.csv", HEADER, BODY)
    if form == "csv.gz":
        (place / "ledger.csv.gz").write_bytes(gzip.compress((place / "ledger.csv").read_bytes()))
    if form == "parquet":
        pa = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        columns = [[row[at] if at < 2 else int(float(row[at])) for row in BODY] for at in range(len(HEADER))]
        parquet.write_table(pa.table(dict(zip(HEADER, columns, strict=True))), place / "ledger.parquet", row_group_size=90)
    expected = run(place, rules, "pandas", f"ledger.{form}", workers=1)
    monkeypatch.setattr(files.CsvFile.pieces, "__defaults__", (500,))
    assert expected[1]  # findings
    assert run(place, rules, "pandas", f"ledger.{form}", workers=2) == expected
