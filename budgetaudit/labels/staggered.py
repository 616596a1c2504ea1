"""Amounts of one column that are printed in several: parts in the left one, totals in those to the right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from budgetaudit.labels.levels import stairs
from budgetaudit.vocabulary import Vocabulary, squeeze

if TYPE_CHECKING:
    from budgetaudit.labels.layout import Layout

STAGGERED = 3  # amounts in each of two columns before they can be one
STEPPED = 2  # … where their headings name the levels
LISTED = re.compile(r"[,·ㆍ/、]")


def join_staggered(layout: Layout, vocabulary: Vocabulary) -> None:
    """One column of amounts that is printed in several, by their level, made one again."""
    filled: dict[int, set[int]] = {c: set() for c in layout.number_columns}
    body = set(layout.body_rows)
    for (r, c), amount in layout.amounts.items():
        if c in filled and r in body and not amount.dash:
            filled[c].add(r)
    deep = stairs(layout)
    totals = {r for r in layout.body_rows if _is_total(layout, r, vocabulary)}
    left = -1
    for right in list(filled):
        ours, theirs = filled.get(left, set()), filled[right]
        few = min(len(ours), len(theirs))
        if (
            right - 1 not in filled
            or not ours.isdisjoint(theirs)
            or not (
                (few >= STAGGERED and _one_heading(layout, left, right))
                or (few >= STEPPED and (_steps(layout, left, right) or _parted(ours, theirs, deep, totals)))
            )
        ):
            left = right
            continue
        for row in theirs:
            for mapping in (layout.amounts, layout.source):
                table: dict[tuple[int, int], object] = mapping  # type: ignore[assignment]
                table[(row, left)] = table.pop((row, right))
            layout.texts.pop((row, left), None)
        layout.number_columns.remove(right)
        filled[left] = ours | theirs


def _parted(ours: set[int], theirs: set[int], deep: Mapping[int, int], totals: set[int]) -> bool:
    """True if each of two columns holds the rows of other levels, or the right one the totals."""
    by_depth = [{deep.get(row, -1) for row in rows} for rows in (ours, theirs)]
    if deep and not by_depth[0] & by_depth[1] and -1 not in by_depth[0] | by_depth[1]:
        return True
    return not ours & totals and len(theirs & totals) >= STEPPED and len(theirs & totals) * 2 > len(theirs)


def _is_total(layout: Layout, row: int, vocabulary: Vocabulary) -> bool:
    return any(vocabulary.label(layout.texts.get((row, c), "")).total for c in layout.label_columns)


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
