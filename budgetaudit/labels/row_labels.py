"""Which label columns name a row, and what they call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetaudit.labels.levels import stairs
from budgetaudit.periods import years_in
from budgetaudit.vocabulary import Vocabulary, normal

if TYPE_CHECKING:
    from budgetaudit.labels.layout import Layout

LONG_TEXT = 40  # letters of prose


def key_columns(layout: Layout, vocabulary: Vocabulary) -> tuple[int, ...]:
    """The label columns that name the row; remarks, periods and long prose only describe it."""
    if stairs(layout):
        return tuple(c for c in layout.label_columns if any(layout.texts.get((r, c), "").strip() for r in layout.body_rows))
    keys: list[int] = []
    for c in layout.label_columns:
        title = next((texts[c] for texts in reversed(layout.header) if texts.get(c)), "")
        values = [layout.texts.get((r, c), "").strip() for r in layout.body_rows]
        values = [value for value in values if value]
        if not values and not any((r, c) in layout.amounts for r in layout.body_rows):
            continue
        dated = sum(1 for value in values[:200] if len(years_in(value)) > 1)
        long = sum(1 for value in values[:200] if len(value) > LONG_TEXT)
        numbered = sum(any(character.isdigit() for character in value) for value in values[:200])
        identifies = vocabulary.label(title).identifier and 2 * numbered >= min(len(values), 200)  # a fund may have a name
        describes = normal(title) in vocabulary.lists["remarks"] or identifies
        if keys and (describes or dated * 2 > min(len(values), 200) or long * 2 > min(len(values), 200)):
            continue
        if not keys and identifies and len(layout.label_columns) > 1:
            continue
        keys.append(c)
    return tuple(keys) or layout.label_columns[:1]


def row_labels(layout: Layout, vocabulary: Vocabulary) -> dict[int, tuple[str, ...]]:
    """The labels of each row from outside in; a blank outer label is the one above it."""
    labels: dict[int, tuple[str, ...]] = {}
    above: list[str] = [""] * len(layout.key_columns)
    unnamed = [c for c in layout.label_columns if c not in layout.key_columns]
    for row in layout.body_rows:
        own = [_text(layout, row, c) for c in layout.key_columns]
        if own and not own[0]:  # the word for a total may stand in the column of numbers that name rows
            own[0] = next((text for c in unnamed if vocabulary.label(text := _text(layout, row, c)).total), "")
        total = next((i for i, text in enumerate(own) if vocabulary.label(text).total), len(own))
        rest = zip(layout.key_columns[total + 1 :], own[total + 1 :], strict=True)
        own[total + 1 :] = ["" if _count(layout, row, c) else text for c, text in rest]
        extra = layout.row_labels.get(row, ())
        if not layout.grid.spans:
            inner = any(own[1:]) or bool(extra)
            for i, text in enumerate(own):
                if text:
                    break
                if i < len(own) - 1 or extra:
                    own[i] = above[i] if inner or extra else ""
        labels[row] = (*own, *extra)
        if any(own):
            above = list(own)
    return labels


def _count(layout: Layout, row: int, column: int) -> bool:
    """True if a cell says how many things there are: 합계 | 20건."""
    amount = layout.amounts.get((row, column))
    return amount is not None and amount.unit is not None and amount.unit.family == "count"


def _text(layout: Layout, row: int, column: int) -> str:
    cell = layout.source.get((row, column))
    if cell is None and layout.grid.spans:
        cell = layout.cells.get((row, column))
    return cell.text.strip() if cell is not None else ""
