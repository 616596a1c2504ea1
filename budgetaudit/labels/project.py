"""The tables of a single project: its yearly plan and what it spent, both by fund source."""

from __future__ import annotations

from budgetaudit.labels.labelling import Table
from budgetaudit.model import Figure

EXECUTED = ("execution", "settlement")


def is_plan(table: Table) -> bool:
    """True if a table is the plan of one project: rows of fund sources, columns of years, nothing executed."""
    return _own(table) and not any(line.measure in EXECUTED for line in table.columns)


def is_spending(table: Table) -> bool:
    """True if a table says what one project spent in each year."""
    return _own(table) and any(line.measure in EXECUTED for line in table.columns)


def _own(table: Table) -> bool:
    sources = all(row.total or row.dimension == "source" for row in table.rows)
    return sources and sum(line.dimension == "year" for line in table.columns) > 1


def grand_total(table: Table) -> Figure | None:
    """The figure of the total row in the first total column."""
    rows = [row for row in table.rows if row.total]
    columns = [line for line in table.columns if line.total]
    return table.figures.get((rows[0].index, columns[0].index)) if rows and columns else None


def executed(table: Table) -> dict[int, Figure]:
    """What a table says was executed in each year, on its total row; empty if it is no such table."""
    years = [line for line in table.columns if line.year is not None and line.dimension == "year" and line.measure == "execution"]
    row = next((line for line in table.rows if line.total), table.rows[0] if len(table.rows) == 1 else None)
    if len(years) < 2 or row is None or table.unit is None:
        return {}
    found = {}
    for line in years:
        figure = table.figures.get((row.index, line.index))
        if figure is not None and line.year is not None:
            found[line.year] = figure
    return found
