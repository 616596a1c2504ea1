"""Amounts of one column that are printed in two: parts in the left one, totals in the right one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from budgetaudit.vocabulary import squeeze

if TYPE_CHECKING:
    from budgetaudit.labels.layout import Layout

STAGGERED = 3  # amounts in each of two columns before they can be one
STEPPED = 2  # … where their headings name the levels
LISTED = re.compile(r"[,·ㆍ/、]")


def join_staggered(layout: Layout) -> None:
    """One column of amounts that is printed in two, parts in the left one and totals in the right one, made one again."""
    filled: dict[int, set[int]] = {c: set() for c in layout.number_columns}
    for (r, c), amount in layout.amounts.items():
        if c in filled and not amount.dash:
            filled[c].add(r)
    body = set(layout.body_rows)
    for left, right in [(c, c + 1) for c in layout.number_columns if c + 1 in filled]:
        ours, theirs = filled[left] & body, filled[right] & body
        if ours & theirs or not (
            (min(len(ours), len(theirs)) >= STAGGERED and _one_heading(layout, left, right))
            or (min(len(ours), len(theirs)) >= STEPPED and _steps(layout, left, right))
        ):
            continue
        for row in theirs:
            for mapping in (layout.amounts, layout.source):
                table: dict[tuple[int, int], object] = mapping  # type: ignore[assignment]
                table[(row, left)] = table.pop((row, right))
            layout.texts.pop((row, left), None)
        layout.number_columns.remove(right)


def _steps(layout: Layout, left: int, right: int) -> bool:
    """True if two columns stand under one heading and below it each names the label columns whose amounts it holds."""
    rows = range(layout.first_row, layout.header_rows)
    spanned = any((one := layout.cells.get((r, left))) and one.text.strip() and one is layout.cells.get((r, right)) for r in rows)
    names = {
        squeeze(part)
        for c in layout.label_columns
        for r in rows
        if (cell := layout.cells.get((r, c)))
        for part in LISTED.split(cell.text)
    } - {""}
    own = [
        {
            squeeze(part)
            for r in rows
            if (cell := layout.source.get((r, c))) and cell.column_span == 1
            for part in LISTED.split(cell.text)
        }
        - {""}
        for c in (left, right)
    ]
    return spanned and all(own) and not own[0] & own[1] and own[0] | own[1] <= names


def _one_heading(layout: Layout, left: int, right: int) -> bool:
    """True if two columns stand under one heading: printed twice, spanned, or left blank over the second."""
    rows = range(layout.first_row, layout.header_rows)
    pairs = [tuple(squeeze(cell.text) if (cell := layout.cells.get((r, c))) else "" for c in (left, right)) for r in rows]
    return any(a for a, _ in pairs) and all(b in ("", a) for a, b in pairs)
