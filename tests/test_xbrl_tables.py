"""XBRL Calculations 1.1 through the command: each case printed as a table, wherever one can print its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

CASES = json.loads((Path(__file__).parent / "data" / "xbrl_calc11.json").read_text(encoding="utf-8"))["cases"]
UNITS = ((8, "억원"), (6, "백만원"), (4, "만원"), (3, "천원"))
MODES = {"nearest": "rounding", "truncation": "truncation"}


def printed(fact: dict[str, Any]) -> tuple[str, str] | None:
    """The unit of a column and what it prints for a fact: whole numbers or decimals of thousands; None if none can."""
    value = Decimal(fact["value"])
    if fact["decimals"] == "INF":
        return "원", f"{value.normalize():f}"
    step = -fact["decimals"]
    if value != value.quantize(Decimal(1).scaleb(step)):
        return None
    exponent, unit = next(((power, name) for power, name in UNITS if power <= step), UNITS[-1])
    return unit, f"{value.scaleb(-exponent):.{max(exponent - step, 0)}f}"


def table(case: dict[str, Any]) -> tuple[list[str], list[str]] | None:
    """Names and cells of a case; None where no table can print it."""
    facts = [printed(fact) for fact in (case["total"], *case["parts"])]
    if any(fact is None for fact in facts):
        return None
    names = ["합", *(f"부분{number}" for number in range(1, len(facts)))]
    return [f"{name}({fact[0]})" for name, fact in zip(names, facts, strict=True) if fact], [fact[1] for fact in facts if fact]


PRINTED = [(case, mode) for case in CASES if table(case) for mode in MODES]


def test_most_cases_can_be_printed() -> None:
    assert len(PRINTED) == 54


@pytest.mark.parametrize("engine", ["document", "pandas"])
@pytest.mark.parametrize(("case", "mode"), PRINTED, ids=[f"{case['id']}-{mode}" for case, mode in PRINTED])
def test_a_printed_case(case: dict[str, Any], mode: str, engine: str, tmp_path: Path, run: Callable[..., Run]) -> None:
    columns, cells = table(case) or ([], [])
    weights = [part["weight"] for part in case["parts"]]
    right = " + ".join(f"[{name}] * {weight}" for name, weight in zip(columns[1:], weights, strict=True)).replace(
        "* -1", "* (-1)"
    )
    (tmp_path / "t.csv").write_text(",".join(["이름", *columns]) + "\n" + ",".join(["가", *cells]) + "\n", encoding="utf-8")
    rule = f"- {{id: r, kind: formula, tolerance: {MODES[mode]}, check: '[{columns[0]}] = {right}'}}\n"
    (tmp_path / "r.yaml").write_text(rule, encoding="utf-8")
    options = ["--engine", "pandas"] if engine == "pandas" else []
    report = json.loads(run("check", tmp_path / "t.csv", "--rules", tmp_path / "r.yaml", *options, "-f", "json").out)
    summary = report["summary"]
    assert report["errors"] == []
    assert summary["pass"] + summary["rounding"] + summary["fail"] == 1
    assert ("inconsistent" if summary["fail"] else "consistent") == case[mode]
