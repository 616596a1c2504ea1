"""A pandas DataFrame as a document: its columns are the header, its cells are printed as they are held."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from budgetaudit.model import Cell, Document, Grid

if TYPE_CHECKING:
    import pandas as pd

NAME = "DataFrame"


def read_frame(frame: pd.DataFrame) -> Document:
    """The document of a frame; a named index stands before the columns, levels of columns are rows of the header."""
    named = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    header = [label if isinstance(label, tuple) else (label,) for label in named.columns]
    levels = named.columns.nlevels
    cells = [
        Cell(row, column, str(part), header=True)
        for row in range(levels)
        for column, label in enumerate(header)
        if (part := label[row]) not in ("", None)
    ]
    cells.extend(_body(named, levels))
    grid = Grid(levels + len(named), len(header), tuple(cells), spans=False)
    return Document(str(frame.attrs.get("name", NAME)), "dataframe", (grid,))


def _body(frame: pd.DataFrame, first: int) -> Iterator[Cell]:
    columns = [(frame.iloc[:, at].tolist(), frame.iloc[:, at].isna().tolist()) for at in range(frame.shape[1])]
    for row in range(len(frame)):
        for column, (values, blanks) in enumerate(columns):
            if not blanks[row]:
                text, number = _printed(values[row])
                yield Cell(first + row, column, text, value=number)


def _printed(value: Any) -> tuple[str, Decimal | None]:
    """The text of a cell, and the number it holds."""
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        return str(value), None
    number = Decimal(int(value)) if isinstance(value, Integral) else Decimal(str(value))
    if not number.is_finite():
        return str(value), None
    plain = f"{number:f}"
    return plain, number
