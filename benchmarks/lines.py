"""How well the lines of tables are told apart, against tables whose lines people have classed.

usage: python benchmarks/lines.py DATA      DATA is the folder of the annotated tables with their scorer `score.py`

Each table goes through the reader as a CSV file. A line is metadata, header, group, data, derived (a total) or notes.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

from budgetaudit import vocabulary
from budgetaudit.labels.labelling import Table, label
from budgetaudit.labels.layout import lay_out
from budgetaudit.model import Grid
from budgetaudit.readers import read
from budgetaudit.structure.structure import analyse

WORDS = vocabulary.load()


def classes(rows: list[list[str]]) -> list[str]:
    """The class of each line, as what was read of it tells."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([" ".join(text.split()) or text for text in row] for row in rows)
        document = read(path)
    found: dict[int, str] = {}
    tables = label(document, WORDS)
    for number, grid in enumerate((block for block in document.blocks if isinstance(block, Grid)), 1):
        found |= _of_grid(grid, [table for table in tables if table.number == number])
    counted = [at for at, name in found.items() if name in ("data", "derived")]
    first, last = min(counted, default=len(rows)), max(counted, default=len(rows))
    for at, row in enumerate(rows):
        outside = "metadata" if at < first else "notes" if at > last else "group"
        found[at] = found.get(at, outside) if any(text.strip() for text in row) else "empty"
        found[at] = "notes" if found[at] == "group" and at > last else found[at]
    return [found[at] for at in range(len(rows))]


def _of_grid(grid: Grid, tables: list[Table]) -> dict[int, str]:
    layout = lay_out(grid, WORDS)
    figures = [figure.place for table in tables for figure in table.figures.values()]
    columns = {(place.column or 0) - 1 for place in figures}
    filled = {cell.row for cell in grid.cells if cell.text.strip() and cell.column in columns and cell.row in layout.body_rows}
    totals = {row for table in tables for row in _totals(table)}
    found = {}
    for row, line in {cell.row: (cell.line or 0) - 1 for cell in grid.cells}.items():
        if row in totals:
            found[line] = "derived"
        elif row in filled:
            found[line] = "data"
        elif layout.first_row <= row:
            found[line] = "header" if row < layout.header_rows or row not in layout.body_rows else "group"
    return found


def _totals(table: Table) -> set[int]:
    """The printed rows that add others up, or say that they do."""
    structure = analyse(table)
    lines = {structure.views["row"].lines[one.target].index for one in structure.sums if one.axis == "row"}
    lines |= {line.index for line in table.rows if line.total}
    return {(figure.place.row or 0) - 1 for (row, _), figure in table.figures.items() if row in lines}


def main() -> None:
    folder = Path(sys.argv[1])
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec
    assert spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    with gzip.open(folder / "structure.jsonl.gz", "rt", encoding="utf-8") as file:
        tables = [json.loads(line) for line in file]
    guesses = [{"id": table["id"], "lines": classes(table["table"])} for table in tables]
    both = [zip(table["line_labels"], guess["lines"], strict=True) for table, guess in zip(tables, guesses, strict=True)]
    pairs = [pair for lines in both for pair in lines]
    printed = [(truth, guess) for truth, guess in pairs if truth != "empty"]
    print(f"lines of one class {sum(truth == guess for truth, guess in printed)} of {len(printed)}")
    scores, whole = scorer.label_report(guesses)
    for name, score in scores.items():
        print(name, *(f"{value:.3f}" for value in score))
    print(f"tables right in every line {whole:.3f}")


if __name__ == "__main__":
    main()
