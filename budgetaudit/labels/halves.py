"""Two tables printed side by side in one grid are two tables."""

from __future__ import annotations

from dataclasses import replace

from budgetaudit.labels.arrange import one_list
from budgetaudit.labels.layout import Layout
from budgetaudit.model import Grid
from budgetaudit.vocabulary import Vocabulary, normal


def halves(layout: Layout, vocabulary: Vocabulary) -> list[Grid]:
    """The grid, cut where a second table stands beside the first: it repeats the title of labels, or has its own total."""
    starts = _repeated_titles(layout) or _own_totals(layout, vocabulary)
    if not starts:
        return [layout.grid]
    whole = one_list(layout, starts, vocabulary)
    if whole is not None:
        return [whole]
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


def _own_totals(layout: Layout, vocabulary: Vocabulary) -> list[int]:
    """Where labels begin again behind numbers, in columns that print a word for a total in a row whose own label is one."""
    if not layout.label_columns or not layout.number_columns:
        return []
    first, last = layout.number_columns[0], layout.number_columns[-1]
    starts = [c for c in range(first + 1, last) if c not in layout.number_columns and c - 1 in layout.number_columns]
    totals = {row for row in layout.body_rows if any(_total(layout, row, c, vocabulary) for c in layout.label_columns)}
    return [
        start
        for start in starts
        if any(_total(layout, row, start, vocabulary) for row in totals) and _words(layout, start) > len(totals)
    ]


def _words(layout: Layout, start: int) -> int:
    """How many labels stand in two columns."""
    return sum(bool(layout.texts.get((row, c), "").strip()) for row in layout.body_rows for c in (start, start + 1))


def _total(layout: Layout, row: int, column: int, vocabulary: Vocabulary) -> bool:
    return bool(vocabulary.label(layout.texts.get((row, column), "").strip()).total)
