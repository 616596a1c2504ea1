"""Rows that lost a span, moved back under their columns; amounts of one column that are printed in several, joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from budgetaudit.amounts import is_year
from budgetaudit.label_text import squeeze
from budgetaudit.labels.row_labels import stairs
from budgetaudit.model import Message
from budgetaudit.vocabulary import Label, Vocabulary

if TYPE_CHECKING:
    from budgetaudit.labels.layout import Layout


MAX_SHIFT = 3
MARK = 3  # letters of a mark that stands for a number: x, n/a, ...
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


def is_label(label: Label) -> bool:
    """True if the vocabulary knows a word as a label of lines."""
    return bool(label.dimension or label.total)


def unshift_rows(layout: Layout, vocabulary: Vocabulary) -> None:
    """Move rows that lost a span back under their columns."""
    if not layout.number_columns or not layout.label_columns:
        return
    first = layout.number_columns[0]
    lasts = Counter(_last(layout, row) for row in layout.body_rows if (row, first) in layout.amounts)
    typical = lasts.most_common(1)[0][0] if lasts else None
    reach: dict[int, int] = {}
    for r, c in layout.amounts:
        reach[r] = max(reach.get(r, -1), c)
    for row in layout.body_rows:
        shift = 0
        while (
            shift < MAX_SHIFT
            and (text := layout.texts.get((row, first + shift), "").strip())
            and not (len(text) <= MARK and text.isascii())
            and (row, first + shift) not in layout.amounts
        ):
            shift += 1
        rest = [c for c in range(first + shift, layout.grid.columns) if layout.texts.get((row, c), "").strip()]
        numbers = [c for c in range(first + shift, layout.grid.columns) if (row, c) in layout.amounts]
        # In a row that ends where the others do, a word that is no label stands where an amount belongs: undecided, none, n/a.
        full = typical is not None and reach.get(row, -1) <= typical and bool(layout.texts.get((row, 0), "").strip())
        words = [layout.texts.get((row, c), "") for c in range(first, first + shift)]
        counted = full and not any(is_label(vocabulary.label(word)) for word in words)
        if shift and not counted and numbers and len(numbers) > len(rest) and (row, first + shift) in layout.amounts:
            _move(layout, row, first + shift, -shift)
            continue
        if (
            shift == 0
            and typical is not None
            and (row, first - 1) in layout.amounts
            and not is_year(layout.amounts[(row, first - 1)])
        ):
            missing = typical - _last(layout, row)
            if missing == 1 and first - 1 >= 1 and layout.texts.get((row, 0), "").strip():
                _move(layout, row, first - 1, 1)


def _last(layout: Layout, row: int) -> int:
    return max((c for c in layout.number_columns if (row, c) in layout.amounts), default=-1)


def _move(layout: Layout, row: int, start: int, shift: int) -> None:
    columns = sorted((c for (r, c) in layout.source if r == row and c >= start), reverse=shift > 0)
    for c in columns:
        for mapping in (layout.amounts, layout.texts, layout.source):
            table: dict[tuple[int, int], object] = mapping  # type: ignore[assignment]
            if (row, c) in table:
                table[(row, c + shift)] = table.pop((row, c))
            elif (row, c + shift) in table and mapping is not layout.source:
                extra = table.pop((row, c + shift))
                if mapping is layout.texts and shift < 0:
                    layout.row_labels[row] = (*layout.row_labels.get(row, ()), str(extra).strip())
    layout.doubts.append(Message("doubt-shifted-row", {"row": row + 1, "shift": shift}))
