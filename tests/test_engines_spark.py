"""The engine of Spark without Spark: lists in place of its data sets, so that any ledger is tried by day."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetaudit.engines import files, pandas_engine, spark_engine
from budgetaudit.engines.arrow_tables import TableSource
from budgetaudit.engines.files import CsvFile
from budgetaudit.model import ReadError
from budgetaudit.rulefiles.rule import RuleSet
from tests.searching import examples
from tests.test_engines_same import HEADER, place, published, rows, rules, run, write

__all__ = ["place", "rules"]  # fixtures


class Listed:
    """What Spark does with a data set, in this process; functions and rows travel as they would."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = pickle.loads(pickle.dumps(list(items)))

    def flatMap(self, function: Callable[[Any], Iterable[Any]]) -> Listed:
        function = pickle.loads(pickle.dumps(function))
        return Listed(made for item in self.items for made in function(item))

    def map(self, function: Callable[[Any], Any]) -> Listed:
        return self.flatMap(_Single(function))

    def filter(self, function: Callable[[Any], bool]) -> Listed:
        return Listed(item for item in self.items if function(item))

    def groupByKey(self) -> Listed:
        found: dict[Any, list[Any]] = {}
        for key, value in reversed(self.items):  # Spark keeps no order
            found.setdefault(key, []).append(value)
        return Listed(found.items())

    def values(self) -> Listed:
        return Listed(value for _, value in reversed(self.items))

    def cache(self) -> Listed:
        return self

    def collect(self) -> list[Any]:
        return list(self.items)


class _Single:
    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __call__(self, item: Any) -> list[Any]:
        return [self.function(item)]


class Context:
    defaultParallelism = 1

    def parallelize(self, items: list[Any], number: int) -> Listed:
        assert number == len(items)
        return Listed(items)

    def union(self, sets: list[Listed]) -> Listed:
        return Listed(item for one in sets for item in one.items)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=rows(), groups=published(), size=st.integers(30, 2000))
def test_shares_find_what_the_whole_finds(place: Path, rules: RuleSet, body: Any, groups: Any, size: int) -> None:
    write(place / "ledger.csv", HEADER, body)
    write(place / "published.csv", ["parent", "total", "spent"], groups)
    every = [place / "whole.csv", place / "shares.csv"]
    expected = run(place, rules, "pandas", every=every[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.CsvFile.pieces, "__defaults__", (size,))
        patch.setattr(pandas_engine, "run", lambda job, _, progress: spark_engine._confronted(Context(), job, progress))
        assert run(place, rules, "pandas", every=every[1]) == expected
    assert every[1].read_bytes() == every[0].read_bytes()


@pytest.mark.parametrize("end", ["", "\n"])
def test_stretches_are_the_pieces(tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("id,total\n" + "\n".join(f'"a\nb{at}",{at}' for at in range(50)) + end, encoding="utf-8")
    monkeypatch.setattr(files.CsvFile.pieces, "__defaults__", (60,))
    file = CsvFile(str(path), ("id", "total"), ",", "utf-8", 9, 1)
    stretches = file.stretches()
    assert stretches is not None
    assert len(stretches) > 5
    assert [file.read(*stretch) for stretch in stretches] == list(file.pieces())
    assert CsvFile(str(path), ("id", "total"), ",", "cp949", 9, 1).stretches() is None


def test_no_worker_has_a_table_of_a_database() -> None:
    with pytest.raises(ReadError) as raised:
        TableSource(None, {}, {}, (), 0).addresses()  # type: ignore[arg-type]
    assert raised.value.message.code == "ledger-engine-format"
