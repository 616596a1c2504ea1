"""The samples that carry the figures of the documents the work began with: what is compared in them, table by table."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from budgetaudit.model import Audit, Comparison
from budgetaudit.pipeline import audit

DATA = Path(__file__).parent.parent / "data"


@cache
def sample(name: str) -> Audit:
    return audit([DATA / name])


def made(name: str, rule: str, table: int | None = None) -> list[Comparison]:
    found = [c for c in sample(name).comparisons if c.rule == rule]
    return [c for c in found if table is None or c.stated.place.table == table]


def sums(name: str, table: int) -> dict[str, int]:
    """How many sums of each rule were compared in a table; all have to pass."""
    found = [c for c in sample(name).comparisons if c.kind == "sum" and c.stated.place.table == table]
    assert {c.verdict for c in found} == {"pass"}
    return {rule: sum(c.rule == rule for c in found) for rule in sorted({c.rule for c in found})}


def alarms(name: str) -> list[tuple[str, str, list[tuple[str, int | None]]]]:
    """Errors and warnings about amounts."""
    found = [f for f in sample(name).findings if f.severity != "note" and f.kind != "period"]
    return [(f.severity, f.rule, [(text, place.line) for _, place, text in f.places]) for f in found]


# --- a summary and its details ---------------------------------------------------------------

DEVELOPMENT = "balanced-development.txt"


def test_the_summary_contradicts_the_detail_twice() -> None:
    assert alarms(DEVELOPMENT) == [
        ("error", "summary-detail", [("77,360", 9), ("77,060", 32)]),
        ("error", "summary-detail", [("39,981", 9), ("39,681", 32)]),
    ]
    for finding in sample(DEVELOPMENT).findings[:2]:
        assert finding.difference is not None
        assert finding.difference.base == 300_000_000


def test_each_programme_is_tied_to_its_own_table() -> None:
    tied = {(c.stated.label.partition(" · ")[0], c.operands[0][1].place.table) for c in made(DEVELOPMENT, "summary-detail")}
    assert tied == {("1단계 3기", 2), ("2단계 1기", 3)}


def test_the_sums_inside_each_table_pass() -> None:
    assert sums(DEVELOPMENT, 1) == {"funding-sources": 3, "items": 5}
    assert sums(DEVELOPMENT, 2) == {"funding-sources": 8, "items": 4}
    assert sums(DEVELOPMENT, 3) == {"funding-sources": 11, "items": 4}
    parts = {table: {len(c.operands) for c in made(DEVELOPMENT, "items", table)} for table in (2, 3)}
    assert parts == {2: {7}, 3: {10}}


def test_pledges_by_field_add_up_however_they_are_read() -> None:
    found = {(c.stated.text, *(figure.text for _, figure in c.operands)) for c in made(DEVELOPMENT, "items", 4)}
    assert {("66", "51", "15"), ("51", "12", "39")} <= found
    assert {c.verdict for c in made(DEVELOPMENT, "items", 4)} == {"pass"}


# --- a plan and its execution ----------------------------------------------------------------

CARD = "pledge-card.txt"


def test_more_is_executed_in_a_year_than_was_planned() -> None:
    assert alarms(CARD) == [
        ("warning", "execution-within-plan", [("77", 24), ("60", 9)]),
        ("warning", "execution-within-plan", [("77", 27), ("60", 12)]),
    ]


def test_the_sums_of_plan_and_execution_pass() -> None:
    assert sums(CARD, 1) == {"funding-sources": 9, "items": 6, "yearly-amounts": 12}
    assert sums(CARD, 2) == {"funding-sources": 8, "items": 6, "yearly-amounts": 12}


def test_years_are_matched_by_year_and_totals_of_other_spans_not_at_all() -> None:
    found = [c for c in made(CARD, "execution-within-plan") if c.message.code == "within-exceeds"]
    years = [tuple(figure.label.split()[-1] for figure in (c.stated, c.operands[0][1])) for c in found]
    assert len(years) == 34
    assert set(years) == {(year, year) for year in ("기투자", "2022", "2023", "2024", "2025", "이후")}
    assert not [c for c in found if (c.stated.text, c.operands[0][1].text) == ("179", "640")]


# --- targets and their growth ----------------------------------------------------------------


def test_targets_and_growth_pass() -> None:
    assert [c.verdict for c in made("targets.csv", "change")] == ["pass"] * 4
    assert [c.verdict for c in made("targets.csv", "change-rate")] == ["pass"] * 4
    assert sample("targets.csv").findings == ()
