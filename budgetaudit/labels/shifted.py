"""Rows that lost a span, moved back under their columns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from budgetaudit.amounts import is_year
from budgetaudit.model import Message
from budgetaudit.vocabulary import Label, Vocabulary

if TYPE_CHECKING:
    from budgetaudit.labels.layout import Layout

MAX_SHIFT = 3
MARK = 3  # letters of a mark that stands for a number: x, n/a, ...


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
