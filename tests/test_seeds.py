"""The four documents the work began with; skipped where they are not at hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from budgetaudit.model import Audit, Comparison, Finding
from budgetaudit.pipeline import audit

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
OF_TABLES = (
    *("items", "funding-sources", "yearly-amounts", "summary-detail", "execution-within-plan", "execution-within-budget"),
    *("change", "change-rate", "execution-rate", "share", "shares-of-whole", "header-formula"),
)
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not part of the repository")


@cache
def seed(number: str) -> Audit:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return audit([path])


def made(number: str, rule: str, table: int | None = None) -> list[Comparison]:
    found = [c for c in seed(number).comparisons if c.rule == rule]
    return [c for c in found if table is None or c.stated.place.table == table]


def test_the_rules_of_tables_are_rules() -> None:
    assert set(OF_TABLES) <= {rule.id for rule in seed("004").rules}


def alarms(number: str) -> list[Finding]:
    """Errors and warnings that come from tables."""
    found = [f for f in seed(number).findings if f.severity != "note" and f.rule in OF_TABLES]
    return [f for f in found if f.places[0][1].table is not None]


def shown(found: list[Finding]) -> list[tuple[str, str, list[tuple[str, int | None]]]]:
    return [(f.severity, f.rule, [(text, place.line) for _, place, text in f.places]) for f in found]


def sums(number: str, table: int) -> dict[str, int]:
    """How many sums of each rule were compared in a table; all have to pass."""
    found = [c for c in seed(number).comparisons if c.kind == "sum" and c.stated.place.table == table]
    assert {c.verdict for c in found} == {"pass"}
    return {rule: sum(c.rule == rule for c in found) for rule in sorted({c.rule for c in found})}


# --- 004: a summary and its details ---------------------------------------------------------------


def test_004_the_summary_contradicts_the_detail_twice() -> None:
    assert shown(alarms("004")) == [
        ("error", "summary-detail", [("77,360", 86), ("77,060", 124)]),
        ("error", "summary-detail", [("39,981", 86), ("39,681", 124)]),
    ]
    for finding in alarms("004"):
        assert finding.difference is not None
        assert finding.difference.base == 300_000_000


def test_004_each_programme_is_tied_to_its_own_table() -> None:
    tied = {(c.stated.label.partition(" · ")[0], c.operands[0][1].place.table) for c in made("004", "summary-detail")}
    assert tied == {("1단계 3기", 3), ("2단계 1기", 4)}


def test_004_the_sums_inside_each_table_pass() -> None:
    assert sums("004", 2) == {"funding-sources": 3, "items": 5}
    assert sums("004", 3) == {"funding-sources": 8, "items": 4}
    assert sums("004", 4) == {"funding-sources": 11, "items": 4}
    parts = {table: {len(c.operands) for c in made("004", "items", table)} for table in (3, 4)}
    assert parts == {3: {7}, 4: {10}}


def test_004_the_pledges_add_up() -> None:
    found = {(c.stated.text, *(figure.text for _, figure in c.operands)) for c in made("004", "items", 6)}
    assert {("66", "51", "15"), ("51", "12", "39")} <= found
    assert {c.verdict for c in made("004", "items", 6)} == {"pass"}


# --- 000: a plan and its execution ----------------------------------------------------------------


def test_000_more_is_executed_in_a_year_than_was_planned() -> None:
    assert shown(alarms("000")) == [
        ("warning", "execution-within-plan", [("77", 77), ("60", 53)]),
        ("warning", "execution-within-plan", [("77", 80), ("60", 56)]),
    ]


def test_000_the_sums_of_both_tables_pass() -> None:
    assert sums("000", 2) == {"funding-sources": 9, "items": 6, "yearly-amounts": 12}
    assert sums("000", 4) == {"funding-sources": 8, "items": 6, "yearly-amounts": 12}


def test_000_years_are_matched_by_year_and_totals_of_other_spans_not_at_all() -> None:
    found = [c for c in made("000", "execution-within-plan") if c.message.code == "within-exceeds"]
    years = [tuple(figure.label.split()[-1] for figure in (c.stated, c.operands[0][1])) for c in found]
    assert len(years) == 34
    assert set(years) == {(year, year) for year in ("기투자", "2022", "2023", "2024", "2025", "이후")}
    assert not [c for c in found if (c.stated.text, c.operands[0][1].text) == ("179", "640")]


# --- 001, 003 -------------------------------------------------------------------------------------


def test_001_targets_growth_and_pledges_pass() -> None:
    assert [c.verdict for c in made("001", "change", 4)] == ["pass"] * 4
    assert [c.verdict for c in made("001", "change-rate", 4)] == ["pass"] * 4
    (fields,) = made("001", "items", 2)
    assert (fields.verdict, fields.stated.text) == ("pass", "57건")
    assert alarms("001") == []


def test_003_has_no_alarm() -> None:
    assert seed("003").findings == ()
    assert seed("003").errors == ()
