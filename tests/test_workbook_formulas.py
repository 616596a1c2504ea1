"""The formulas of a workbook are evidence: what they give, how far they reach, what is typed over them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.kinds.workbook import areas_of
from budgetaudit.readers.from_xlsx import shifted
from tests.conftest import Run
from tests.workbooks import rows, workbook


def f(formula: str, value: object, attributes: str = "") -> str:
    return f"<c><f{attributes}>{formula}</f><v>{value}</v></c>"


HEAD = ["Item", "Budget", "Spent", "Left"]
SOUND = [
    HEAD,
    ["Roads", 4120, 3990, f("B2-C2", 130)],
    ["Parks", 1536, 1422, f("B3-C3", 114)],
    ["Waste", 988, 894, f("B4-C4", 94)],
    ["Lamps", 100, 90, f("B5-C5", 10)],
    ["Total", f("SUM(B2:B5)", 6744), f("SUM(C2:C5)", 6396), f("SUM(D2:D5)", 348)],
]


def found(run: Callable[..., Run], path: Path, *lines: list[object]) -> list[tuple[str, str, str]]:
    path.write_bytes(workbook(rows(*lines)))
    report = json.loads(run("check", str(path), "--rules", "generic", "--format", "json").out)
    told = [finding for finding in report["findings"] if finding["rule"] == "workbook-formulas"]
    return sorted((one["places"][0]["cell"], one["stated"]["value"], one["expected"]["value"]) for one in told)


def changed(row: int, column: int, value: object) -> list[list[object]]:
    lines = [list(line) for line in SOUND]
    lines[row][column] = value
    return lines


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (SOUND, []),
        (changed(5, 1, f("SUM(B2:B5)", 6474)), [("B6", "6474", "6744")]),
        (changed(5, 1, f("SUM(B2:B3)", 5656)), [("B6", "5656", "6744")]),
        (changed(3, 3, 49), [("D4", "49", "94"), ("D6", "348", "303")]),
        (changed(5, 3, f("B6-C6", 348)), []),
        (changed(5, 1, f("ROUND(SUM(B2:B5),-3)", 7000)), []),
        (changed(2, 3, '<c><f t="shared" si="0"/><v>114</v></c>'), []),
    ],
)
def test_formulas_are_followed(run: Callable[..., Run], tmp_path: Path, lines: list[list[object]], expected: object) -> None:
    assert found(run, tmp_path / "book.xlsx", *lines) == expected


def test_a_shared_formula_reads_as_in_its_own_cell(run: Callable[..., Run], tmp_path: Path) -> None:
    lines = [list(line) for line in SOUND]
    lines[1][3] = f("B2-C2", 130, ' t="shared" si="0" ref="D2:D4"')
    lines[2][3] = '<c><f t="shared" si="0"/><v>141</v></c>'
    assert ("D3", "141", "114") in found(run, tmp_path / "book.xlsx", *lines)
    assert shifted("SUM(B$3:B5)-$A1+LOG10(2)", 1, 2) == "SUM(D$3:D6)-$A2+LOG10(2)"


def test_what_formulas_may_say() -> None:
    assert [area[0] for area in areas_of("SUM(B2:B3,B5)-C2+'My sheet'!D4", "S")] == [1, 1, -1, 1]
    assert areas_of("'My sheet'!D4", "S")[0].sheet == "My sheet"
    for other in ("B2*3", "SUM(B:B)", "AVERAGE(B2:B3)", "IF(A1,B1,C1)", "B3:B2", "SUM(A1:XFD1048576)"):
        assert areas_of(other, "S") == []
