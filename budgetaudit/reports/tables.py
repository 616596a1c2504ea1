"""What was read: every table as printed, with what its lines mean, its units and what is doubtful.

The word for `budgetaudit tables FILE`; `to_text` for people, `to_json` (schema budgetaudit/tables/1) for programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from tabulate import tabulate

from budgetaudit import __version__
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.messages import called, say
from budgetaudit.model import Document, Figure, Grid, Unit
from budgetaudit.reports import View
from budgetaudit.reports import rules as own_rules
from budgetaudit.reports.layout import indented, width_of, wrap
from budgetaudit.reports.rules import Applied
from budgetaudit.reports.wording import clean, counted, place_text, plain

SCHEMA = "budgetaudit/tables/1"
MAX_CELL = 24
LEAST_CELL = 6


def to_text(document: Document, tables: Sequence[Table], out: IO[str], view: View, rules: Sequence[Applied] = ()) -> None:
    """Every table with its place, caption, unit, lines and doubts, drawn no wider than the screen; then where rules applied."""
    figures = sum(len(table.figures) for table in tables)
    size = f"{counted('table', len(tables), view.lang)}, {counted('figure', figures, view.lang)}"
    out.write(f"{clean(document.path)} ({document.format}): {size}\n")
    for problem in document.problems:
        place = place_text(problem.place, view.lang)
        out.writelines(
            line + "\n" for line in indented(f"{place + ': ' if place else ''}{say(problem.message, view.lang)}", view.width, 2)
        )
    for table in tables:
        out.write("\n")
        _table(table, out, view)
    if rules:
        own_rules.to_text(rules, out, view)


def _table(table: Table, out: IO[str], view: View) -> None:
    title = place_text(table.place, view.lang)
    out.writelines(line + "\n" for line in wrap(f"{title}: {clean(table.caption)}" if table.caption else title, view.width))
    for code, text in _facts(table, view.lang):
        label = f"  {say(code, view.lang)}: "
        first, *rest = indented(text, view.width, width_of(label))
        out.writelines(line + "\n" for line in (label + first.lstrip(), *rest))
    for panel in _panels(table, view):
        out.write("\n" + "\n".join(line.rstrip() for line in panel.splitlines()) + "\n")


def _facts(table: Table, lang: str) -> Iterator[tuple[str, str]]:
    if table.copy_of is not None:
        yield "tables.copy", say("place.table", lang, n=table.copy_of)
    if table.units:
        yield "tables.unit", ", ".join(unit.symbol for unit in table.units)
    if table.figures:
        labels = ", ".join(str(column + 1) for column in table.label_columns) or "–"
        yield "tables.header", say("tables.header-rows", lang, rows=table.header_rows, labels=labels)
    for doubt in table.doubts:
        yield "tables.doubt", clean(say(doubt, lang))


def _panels(table: Table, view: View) -> Iterator[str]:
    """The grid as printed with row and column numbers, cut into panels where it is wider than the screen."""
    texts = _texts(table.grid)
    meanings = {line.index: _meaning(line, view.lang) for line in table.rows}
    columns = {line.index: _meaning(line, view.lang) for line in table.columns}
    body = [[str(row + 1), *cells, meanings.get(row, "")] for row, cells in enumerate(texts)]
    head = ["", *(str(column + 1) for column in range(table.grid.columns)), say("tables.means", view.lang)]
    under = ["", *(columns.get(column, "") for column in range(table.grid.columns)), ""]
    rows = [head, under, *body] if any(under) else [head, *body]
    widths = [min(max(width_of(row[column]) for row in rows), MAX_CELL) for column in range(len(head))]
    figures = {column + 1 for _, column in table.figures}
    for chosen in _fitting(widths, view.width):
        cells = [["\n".join(wrap(row[column], max(widths[column], LEAST_CELL))) for column in chosen] for row in rows]
        cells.insert(len(rows) - len(body), ["-" * widths[column] for column in chosen])
        align = ["right" if column in figures or column == 0 else "left" for column in chosen]
        yield tabulate(cells, tablefmt="plain", colalign=align, disable_numparse=True)


def _fitting(widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Columns that fit side by side, between the row number and the meaning, which every panel has."""
    last = len(widths) - 1
    room = width - widths[0] - widths[last] - 4
    panel: list[int] = []
    used = 0
    for column in range(1, last):
        if panel and used + widths[column] + 2 > room:
            yield [0, *panel, last]
            panel, used = [], 0
        panel.append(column)
        used += widths[column] + 2
    yield [0, *panel, last]


def _texts(grid: Grid) -> list[list[str]]:
    """The printed text of every position; an arrow points to the cell whose span covers it."""
    texts = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                texts[row][column] = (
                    clean(cell.text) if (row, column) == (cell.row, cell.column) else "←" if row == cell.row else "↑"
                )
    return texts


def _meaning(line: Line, lang: str) -> str:
    """A line's coordinates: `total`, `source: local`, `2022 plan`."""
    parts = [say("tables.total", lang)] if line.total else []
    if line.dimension and line.dimension != "year":
        parts.append(f"{called(line.dimension, '', lang)}: {called(line.dimension, line.member, lang)}")
    year = called("year", line.member, lang) if line.dimension == "year" else ""
    parts += [str(line.year)] if line.year is not None else [year] if year else []
    parts += [called("measure", line.measure, lang)] if line.measure else []
    parts += [line.unit.symbol] if line.unit and line.unit.symbol else []
    return " ".join(parts)


def to_json(document: Document, tables: Sequence[Table], out: IO[str], view: View, rules: Sequence[Applied] = ()) -> None:
    """The same for programs; rows and columns count from 1, numbers are strings."""
    source = {"path": document.path, "format": document.format, "sha256": document.sha256}
    problems = [{"level": problem.level, "message": say(problem.message, view.lang)} for problem in document.problems]
    report = {
        "schema": SCHEMA,
        "tool": {"name": "budgetaudit", "version": __version__},
        "input": {**source, "problems": problems},
        "tables": [_shape(table, view.lang) for table in tables],
    }
    if rules:
        report["rules"] = own_rules.to_dict(rules, view.lang)
    json.dump(report, out, ensure_ascii=False, indent=1)
    out.write("\n")


def _shape(table: Table, lang: str) -> dict[str, Any]:
    return {
        "number": table.number,
        "page": table.place.page,
        "sheet": table.place.sheet,
        "line": table.place.line,
        "caption": table.caption,
        "units": [unit.symbol for unit in table.units],
        "copy_of": table.copy_of,
        "rows": table.grid.rows,
        "columns": table.grid.columns,
        "header_rows": table.header_rows,
        "label_columns": [column + 1 for column in table.label_columns],
        "lines": {"rows": [_line(line) for line in table.rows], "columns": [_line(line) for line in table.columns]},
        "cells": [
            {"row": c.row + 1, "column": c.column + 1, "row_span": c.row_span, "column_span": c.column_span, "text": c.text}
            for c in table.grid.cells
        ],
        "figures": [_figure(figure) for figure in table.figures.values()],
        "doubts": [say(doubt, lang) for doubt in table.doubts],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "index": line.index + 1,
        "text": line.text,
        "total": line.total or None,
        "dimension": line.dimension or None,
        "member": line.member or None,
        "measure": line.measure or None,
        "year": line.year,
        "level": line.level,
        "unit": _symbol(line.unit),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    place, base = figure.place, figure.base
    return {
        "row": place.row,
        "column": place.column,
        "cell": place.cell,
        "line": place.line,
        "text": figure.text,
        "value": None if figure.value is None else plain(figure.value),
        "unit": _symbol(figure.unit),
        "base": None if base is None else plain(base),
        "step": plain(figure.step),
        "label": figure.label,
    }


def _symbol(unit: Unit | None) -> str | None:
    return unit.symbol if unit else None
