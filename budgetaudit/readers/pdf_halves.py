"""Two tables of a PDF side by side that its rules make one: an empty column parts them, and their rows do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from budgetaudit.readers.printed import is_amount

_Cell = Sequence[Any]  # row, column, height, width, lines


def halves(plain: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables that a found one consists of: two where one of them has its amounts in one tall cell, else itself."""
    columns = len(plain["xs"]) - 1
    taken = {column for _, column, _, width, lines in plain["cells"] if lines for column in range(column, column + width)}
    for gap in range(2, columns - 2):
        if gap in taken:
            continue
        left, right = ([cell for cell in plain["cells"] if cell[4] and (cell[1] < gap) is before] for before in (True, False))
        if _is_table(left, 0) and _is_table(right, gap + 1) and (_is_tall(left) or _is_tall(right)):
            return [_part(plain, left, 0, gap), _part(plain, right, gap + 1, columns)]
    return [plain]


def _is_table(cells: Sequence[_Cell], first: int) -> bool:
    """True if cells have labels in their first column and amounts beside them."""
    labelled = any(column == first and not any(map(_is_amount, lines)) for _, column, _, _, lines in cells)
    return labelled and any(column > first and any(map(_is_amount, lines)) for _, column, _, _, lines in cells)


def _is_tall(cells: Sequence[_Cell]) -> bool:
    """True if several amounts stand in a cell beside several rows of the other table."""
    return any(height > 1 and sum(map(_is_amount, lines)) > 1 for _, _, height, _, lines in cells)


def _is_amount(line: dict[str, Any]) -> bool:
    return is_amount(" ".join(text for *_, text in line["words"]))


def _part(plain: dict[str, Any], cells: Sequence[_Cell], start: int, end: int) -> dict[str, Any]:
    """One of the tables with the rows that are its own."""
    rows = sorted({place for row, _, height, _, _ in cells for place in (row, row + height)} | {0, len(plain["ys"]) - 1})
    at = {row: number for number, row in enumerate(rows)}
    own = [[at[row], column - start, at[row + height] - at[row], width, lines] for row, column, height, width, lines in cells]
    return {**plain, "xs": plain["xs"][start : end + 1], "ys": [plain["ys"][row] for row in rows], "cells": own}
