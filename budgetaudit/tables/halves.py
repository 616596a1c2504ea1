"""Two tables printed side by side in one grid are two tables."""

from __future__ import annotations

from dataclasses import replace

from budgetaudit.model import Grid
from budgetaudit.tables.layout import Layout
from budgetaudit.vocabulary import normal


def halves(layout: Layout) -> list[Grid]:
    """The grid, cut where a second table stands beside the first: its label column repeats the first one's title."""
    starts = _repeated_titles(layout)
    if not starts:
        return [layout.grid]
    parts = []
    for start, end in zip([0, *starts], [*starts, layout.grid.columns], strict=True):
        cells = tuple(
            replace(cell, column_span=min(cell.column_span, end - cell.column))
            for cell in layout.grid.cells
            if start <= cell.column < end
        )
        parts.append(replace(layout.grid, cells=cells))
    return parts


def _repeated_titles(layout: Layout) -> list[int]:
    if not layout.label_columns or not layout.number_columns:
        return []
    titles = [{c: normal(text) for c, text in row.items()} for row in layout.header]
    first = layout.label_columns[0]
    name = next((row[first] for row in reversed(titles) if row.get(first)), "")
    if not name:
        return []
    return [
        c
        for c in range(layout.number_columns[0] + 1, layout.number_columns[-1])
        if c not in layout.number_columns and any(row.get(c) == name and row.get(c - 1) != name for row in titles)
    ]
