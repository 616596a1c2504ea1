"""Work in several processes: in order, nothing lost, and nobody left behind."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from budgetaudit.engines import workers
from budgetaudit.engines.job import Finer
from budgetaudit.model import ReadError
from tests.test_engines_same import HEADER, place, rules, run, write

__all__ = ["place", "rules"]  # fixtures


@dataclass
class Adder:
    """Sleeps as long as a part says, and adds up what it was given."""

    total: int = 0

    def part(self, number: int, part: Any, hint: Any) -> tuple[int, int, int]:
        if part == "die":
            os._exit(9)
        if part == "finer":
            raise Finer({"total": 2})
        time.sleep(part / 1000)
        self.total += part
        return number, part, hint

    def rest(self) -> int:
        return self.total


@pytest.mark.parametrize("processes", [0, 1, 2, 3])
def test_parts_come_back_in_order_and_none_is_lost(processes: int) -> None:
    parts = [30, 0, 0, 5, 20, 0, 1, 2]
    with workers.crew(Adder(), processes) as crew:
        assert list(crew.each(iter(parts), lambda: 7)) == [(number, part, 7) for number, part in enumerate(parts)]
        assert sum(crew.rests()) == sum(parts)
    assert not multiprocessing.active_children()


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    with pytest.raises(Finer) as raised, workers.crew(Adder(), 2) as crew:
        list(crew.each(iter([1, "finer", 1, 1]), lambda: None))
    assert raised.value.places == {"total": 2}
    assert not multiprocessing.active_children()


def test_a_process_that_is_killed_is_said_to_have_died() -> None:
    with pytest.raises(ReadError) as raised, workers.crew(Adder(), 2) as crew:
        list(crew.each(iter([1, "die", 1, 1, 1, 1]), lambda: None))
    assert raised.value.message.code == "audit-died"
    assert not multiprocessing.active_children()


BODY = [
    [f"P{i}", f"G{i % 7}", str(i), str(2 * i), str(3 * i + (i % 5 == 0)), str(i), str(2 * i), str(i + 1), "0", "100.0"]
    for i in range(500)
]


@pytest.mark.parametrize("how", ["fork", "spawn"])
@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet"])
def test_several_processes_say_what_one_says(
    place: Path, rules: Any, how: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork here")
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
    monkeypatch.setattr(workers, "method", lambda: how)
    assert expected[1]  # findings
    assert run(place, rules, "pandas", f"ledger.{form}", workers=2) == expected


@pytest.mark.parametrize(
    ("platform", "command", "how"),
    [
        ("linux", "anything.py", "fork"),
        ("win32", r"C:\Scripts\budgetaudit.exe", "spawn"),
        ("darwin", "/lib/python3/site-packages/budgetaudit/__main__.py", "spawn"),
        ("win32", r"C:\Scripts\budgetaudit-script.py", "spawn"),
        ("darwin", "/home/somebody/report.py", None),
        ("darwin", "/home/somebody/budgetaudit/report.py", None),
    ],
)
def test_a_script_of_somebody_else_is_not_run_again(
    platform: str, command: str, how: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("sys.argv", [command])
    assert workers.method() == how
    if how is None:
        assert workers.count_for(1 << 40, 1) == 1
