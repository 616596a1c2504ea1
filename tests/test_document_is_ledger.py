"""The same file gets the same verdicts whether it is read as a document or run as a ledger; a sum and its formula agree."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from budgetaudit import pipeline
from budgetaudit.kinds import KINDS
from budgetaudit.model import VERDICTS
from budgetaudit.readers import read
from budgetaudit.rulefiles.rulefile import load
from tests.searching import examples

CHECKS = (
    "total = roads + water",
    "total - roads = water",
    "roads <= total",
    "roads < total",
    "water >= roads",
    "total != roads",
    "rate = roads / total * 100",
    "rate = (roads - water) / water * 100",
    "total = roads * 2 - water",
)
TOLERANCES = ("rounding", "exact", "truncation", "2", "1.5%")
UNITS = ("", "(원)", "(천원)")
ENGINES: tuple[Any, ...] = ("pandas", "duckdb") if importlib.util.find_spec("duckdb") else ("pandas",)


SAME = settings(deadline=None, max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """A header with units, and rows that add up or nearly so, with blanks and badly grouped numbers."""
    unit = draw(st.sampled_from(UNITS))
    decimals = draw(st.sampled_from((0, 0, 1, 2)))
    header = ["name", *(f"{name}{unit}" for name in ("total", "roads", "water")), "rate(%)"]
    rows = []
    for number in range(draw(st.integers(3, 7))):
        roads, water = (draw(st.integers(-40, 400)) for _ in range(2))
        total = roads + water + draw(st.sampled_from((0, 0, 0, 1, -1, 2, 7)))
        rate = round(100 * roads / total, 1) if total else 0.0
        shown = [f"{value / 10**decimals:.{decimals}f}" for value in (total, roads, water)]
        row = [f"r{number}", *shown, f"{rate + draw(st.sampled_from((0, 0, 0.1, -0.1, 3))):.1f}"]
        if number and draw(st.integers(0, 3)) == 0:  # a column that prints nothing is none to a document
            row[draw(st.integers(1, 4))] = draw(st.sampled_from(("", "", "0", "1,23,4", "x")))
        rows.append(row)
    return header, rows


def _rules(folder: Path, check: str, tolerance: str, unit: str) -> Any:
    names = {name: f"[{name}{unit}]" for name in ("total", "roads", "water")} | {"rate": "[rate(%)]"}
    spelled = " ".join(names.get(word, word) for word in check.replace("(", "( ").replace(")", " )").split())
    file = folder / "rules.yaml"
    file.write_text(
        "- {id: r, kind: formula, title: {ko: 가, en: a}, why: {ko: 가, en: a}, "
        f"tolerance: '{tolerance}', check: '{spelled}'}}\n",
        encoding="utf-8",
    )
    return load((str(file),), {name: kind.options for name, kind in KINDS.items()})


def document(path: Path, rules: Any) -> Any:
    words = pipeline.vocabulary_of(rules)
    return pipeline.gather([pipeline.audit_document(read(path), rules, words)], rules)


def told(audit: Any) -> dict[str, int]:
    """How often each verdict was given by the rule."""
    counts = Counter(one.verdict for one in audit.comparisons if one.rule == "r")
    for tally in audit.tallies:
        if tally.rule == "r":
            counts.update({verdict: tally.count(verdict) for verdict in VERDICTS})
    return {verdict: counts[verdict] for verdict in VERDICTS}


HEADER = ["name", "total", "roads", "water", "rate(%)"]
NOTHING = ["r9", "0", "0", "0", "0.0"]


@SAME
@example(
    table=(HEADER, [["r0", "-12", "-11", "-1", "91.7"], NOTHING, NOTHING]),
    check="rate = roads / total * 100",
    tolerance="truncation",
)
@example(
    table=(HEADER, [["r0", "1,23,4", "0", "0", "0.0"], NOTHING, NOTHING]), check="total = roads + water", tolerance="rounding"
)
@given(table=tables(), check=st.sampled_from(CHECKS), tolerance=st.sampled_from(TOLERANCES))
def test_a_document_is_a_small_ledger(
    table: tuple[list[str], list[list[str]]], check: str, tolerance: str, tmp_path: Path
) -> None:
    header, rows = table
    unit = header[1].removeprefix("total")
    path = tmp_path / "ledger.csv"
    lines = (",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in [header, *rows])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = _rules(tmp_path, check, tolerance, unit)
    alone = told(document(path, rules))
    assert {engine: told(pipeline.audit(path, rules, engine=engine)) for engine in ENGINES} == dict.fromkeys(ENGINES, alone)


@st.composite
def funded(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A unit, and many rows of a total with its three fund sources: one or two wrong, one or two with an odd cell.

    Decimals of unknown unit are left out: a rule that names its columns takes them for exact, a sum for rounded ones.
    """
    unit, decimals = draw(st.sampled_from((("원", 0), ("천원", 0), ("천원", 1), ("백만원", 2), ("", 0))))
    rows = []
    for _ in range(draw(st.integers(24, 30))):
        parts = [draw(st.integers(1_000, 90_000)) for _ in range(3)]
        rows.append([sum(parts), *parts])
    for _ in range(draw(st.integers(0, 2))):
        rows[draw(st.integers(0, len(rows) - 1))][0] += draw(st.sampled_from((1, -1, 2, 3, 100, -4_000)))
    shown = [[f"{value / 10**decimals:.{decimals}f}" for value in row] for row in rows]
    for _ in range(draw(st.integers(0, 2))):
        row = shown[draw(st.integers(0, len(rows) - 1))]
        at = draw(st.integers(0, 3))
        row[at] = draw(st.sampled_from(("", "-", "0", "x", f'"{row[at][0]},{row[at][1:3]},{row[at][3:]}"', f"-{row[at]}")))
    return unit, shown


@SAME
@given(table=funded())
def test_a_sum_is_its_formula(table: tuple[str, list[list[str]]], tmp_path: Path) -> None:
    unit, rows = table
    path, file = tmp_path / "projects.csv", tmp_path / "rules.yaml"
    lines = [f"(단위: {unit})"] if unit else []
    lines += ["사업,계,국비,도비,시비", *(",".join([f"사업{n}", *row]) for n, row in enumerate(rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = "title: {ko: 가, en: a}, why: {ko: 가, en: a}"
    rules = [
        f"- {{id: sum, kind: sum, along: source, {text}}}",
        f"- {{id: formula, kind: formula, check: 계 = 국비 + 도비 + 시비, {text}}}",
    ]
    found: dict[str, dict[int | None, tuple[str, Any]]] = {"sum": {}, "formula": {}}
    for rule in rules:  # each by itself, for what two rules say of the same figures is told once
        file.write_text(rule + "\n", encoding="utf-8")
        for one in pipeline.audit(path, str(file)).comparisons:
            if one.verdict != "not_evaluated":  # of a total that is not printed a sum says nothing
                found[one.rule][one.stated.place.row] = (one.verdict, one.difference)
    assert len(found["formula"]) >= len(rows) - 2
    assert found["sum"] == found["formula"]
