"""Small tables that balance give no finding, whatever their shape: differences, single rows, two readings, rates, of which."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from budgetaudit.kinds import KINDS
from budgetaudit.pipeline import audit
from budgetaudit.reports.wording import headline
from budgetaudit.rulefiles.rulefile import load
from tests.searching import examples
from tests.shapes import Rows, tables

PACKS = {pack: load((pack,), {name: kind.options for name, kind in KINDS.items()}) for pack in ("korea-local", "generic")}


@pytest.mark.parametrize("pack", PACKS)
@settings(suppress_health_check=list(HealthCheck), deadline=None, print_blob=True, max_examples=examples(150))
@given(rows=tables())
def test_a_table_that_balances_has_no_findings(tmp_path_factory: pytest.TempPathFactory, pack: str, rows: Rows) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "shape.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    result = audit([path], PACKS[pack])
    assert not result.errors
    assert [f"{f.severity} {f.rule}: {headline(f, 'en')} {[t for *_, t in f.places]}" for f in result.findings] == []
