"""Rules over the rows of a ledger give piece by piece what they give row by row."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetaudit import pipeline
from budgetaudit.engines import files
from budgetaudit.kinds import KINDS
from budgetaudit.model import VERDICTS
from budgetaudit.rows.evaluate import evaluated
from budgetaudit.rows.records import of_file
from budgetaudit.rows.stream import stream
from budgetaudit.rulefiles.rulefile import load
from tests.searching import examples

TEXT = "title: {ko: 가, en: a}, why: {ko: 가, en: a}"
RULES = (
    "kind: formula, check: 'total{u} = a{u} + b{u}'",
    "kind: formula, check: 'total{u} - a{u} = b{u} + 1'",
    "kind: formula, check: 'a{u} <= total{u}'",
    "kind: formula, check: 'total{u} != a{u} * 2'",
    "kind: formula, check: 'rate(%) = a{u} / total{u} * 100'",
    "kind: formula, check: 'round(a{u} / 3, 1) <= b{u}'",
    "kind: formula, check: 'total{u} = a{u} + [lookup(p, stated, by: key)]'",
    "kind: within, left: a{u}, right: total{u}",
    "kind: rollup, published: p.csv, by: [key], measures: ['a{u} + b{u} -> stated']",
    "kind: rollup, published: p.csv, by: [key], measures: ['-a{u} -> stated']",
    "kind: unique, key: [key, part]",
    "kind: unique, key: [key], told: every",
)
BY = ("", "by: [key]", "by: [key, part]")
BLANKS = ("missing", "zero")
KEYS = ("", "keys: {case: fold, pad: 3}", "keys: {missing: zero}", "keys: {compare: own, missing: zero}")
WHERE = ("", "where: {rows: \"part = 'x' or a{u} > 20\"}", 'where: {rows: "not (b{u} is blank)"}')
TOLERANCES = ("rounding", "exact", "truncation", "2", "1.5%")


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]], list[list[str]]]:
    """A ledger with sums that mostly hold and odd cells, and what another file says per key."""
    unit = draw(st.sampled_from(("", "", "(원)", "(천원)")))
    decimals = draw(st.sampled_from((0, 0, 1, 2)))
    odd = st.sampled_from(["", " ", "-", "1,234", "△5", "(3)", "x", "1e2", "12.345", "NULL", "9" * 20, "+7", "5천원", "1,23,4"])
    keys = st.sampled_from(["1", "01", "A", "a", "b,c", "", "가 나"])
    rows = []
    for _ in range(draw(st.integers(1, 14))):
        a, b = draw(st.integers(-5, 50)), draw(st.integers(0, 50))
        total = a + b + draw(st.sampled_from((0, 0, 0, 0, 1, -2)))
        rate = round(100 * a / total, 1) + draw(st.sampled_from((0, 0, 0.1))) if total else 0
        shown = [f"{value / 10**decimals:.{decimals}f}" for value in (total, a, b)]
        row = [draw(keys), draw(st.sampled_from("xXy")), *shown, f"{rate:.1f}"]
        if draw(st.integers(0, 3)) == 0:
            row[draw(st.integers(2, 5))] = draw(odd)
        rows.append(row)
    header = ["key", "part", *(f"{name}{unit}" for name in ("total", "a", "b")), "rate(%)"]
    other = [[draw(keys), str(draw(st.integers(0, 60)))] for _ in range(draw(st.integers(1, 6)))]
    return header, rows, other


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream_:
        csv.writer(stream_).writerows(rows)


def told(path: Path, rules: Any) -> tuple[Any, Any]:
    """Counts and failures, row by row and piece by piece."""
    words = pipeline.vocabulary_of(rules)
    single, errors, _ = evaluated(rules.active(), lambda _: (of_file(str(path), words),), words, rules.columns)
    counts = Counter(one.verdict for one in single)
    failed = {_key(one) for one in single if one.verdict == "fail"}
    found = stream(tuple(rules.active()), str(path), words, rules.columns)
    totals = {verdict: sum(tally.count(verdict) for tally in found.tallies) for verdict in VERDICTS}
    other = {_key(one) for one in found.failed}
    return (
        ({verdict: counts[verdict] for verdict in VERDICTS}, failed, [one.message.code for one in errors]),
        (totals, other, [one.message.code for one in found.errors]),
    )


def _key(one: Any) -> Any:
    return one.stated.place.row, one.stated.place.line, one.expected, one.difference, one.message.code, one.severity


@settings(deadline=None, max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=tables(),
    kind=st.sampled_from(RULES),
    by=st.sampled_from(BY),
    blanks=st.sampled_from(BLANKS),
    keys=st.sampled_from(KEYS),
    where=st.sampled_from(WHERE),
    tolerance=st.sampled_from(TOLERANCES),
    piece=st.sampled_from((1 << 20, 60)),
)
def test_pieces_say_what_rows_say(
    table: Any, kind: str, by: str, blanks: str, keys: str, where: str, tolerance: str, piece: int, tmp_path: Path
) -> None:
    header, rows, other = table
    write(tmp_path / "t.csv", [header, *rows])
    write(tmp_path / "p.csv", [["key", "stated"], *other])
    by = "" if "rollup" in kind or "unique" in kind else by
    text = ", ".join(filter(None, ("id: r", kind, by, f"blanks: {blanks}", keys, where, f"tolerance: '{tolerance}'", TEXT)))
    unit = header[2].removeprefix("total")
    names = {f"{name}{{u}}": f"[{name}{unit}]" if unit else name for name in ("total", "a", "b")}
    for name, printed in names.items():
        text = text.replace(f": {name}", f": {printed.strip('[]')}").replace(name, printed)
    (tmp_path / "rules.yaml").write_text(f"- {{{text.replace('rate(%)', '[rate(%)]')}}}\n", encoding="utf-8")
    rules = load((str(tmp_path / "rules.yaml"),), {name: kind.options for name, kind in KINDS.items()})
    before = files.PIECE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.CsvFile.pieces, "__defaults__", (piece,))
        alone, together = told(tmp_path / "t.csv", rules)
    assert before == files.PIECE
    assert together == alone
