"""Small grids and tables from text: a line is a row, `|` parts the cells, as a copy without spans leaves them."""

from __future__ import annotations

from budgetaudit.labels.labelling import Table, label_grid
from budgetaudit.model import Cell, Document, Grid, Paragraph
from budgetaudit.vocabulary import load

WORDS = load()


def grid(text: str, caption: str = "", spans: bool = False) -> Grid:
    """A grid of a text; with `spans`, a `<` continues the cell at its left and a `^` the cell above."""
    rows = [line.split("|") for line in text.strip("\n").split("\n")]
    cells = []
    for r, row in enumerate(rows):
        for c, printed in enumerate(row):
            if printed in ("<", "^"):
                continue
            wide, high = c + 1, r + 1
            while spans and wide < len(row) and row[wide] == "<":
                wide += 1
            while spans and high < len(rows) and c < len(rows[high]) and rows[high][c] == "^":
                high += 1
            cells.append(Cell(r, c, printed, high - r, wide - c))
    return Grid(len(rows), max(map(len, rows)), tuple(cells), spans, caption)


def table(text: str, *context: str, caption: str = "", spans: bool = False) -> Table:
    """The one table that a text is labelled as."""
    (found,) = label_grid(grid(text, caption, spans), 1, context, "f.txt", WORDS)
    return found


def document(*blocks: str) -> Document:
    """A document of tables (texts with a `|`) and paragraphs."""
    return Document("f.txt", "text", tuple(grid(block) if "|" in block else Paragraph(block) for block in blocks))
