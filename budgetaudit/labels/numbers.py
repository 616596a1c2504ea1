"""The figures of a table as scaled integers, seen along one axis: what structure.py and the kinds count with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from math import log2
from string import ascii_uppercase, digits
from typing import Literal

from budgetaudit.labels.labelling import Line, Table
from budgetaudit.model import Figure

Axis = Literal["row", "column"]
MAX_PLACES = 20


@dataclass(frozen=True, slots=True)
class Scale:
    """How a table's figures become integers: `value * 10**places`, money in the table's smallest unit."""

    places: int
    smallest: Decimal | None

    def integer(self, figure: Figure) -> tuple[int, int] | None:
        """(value, stated step) as integers; None for a blank or a figure finer than the scale."""
        if figure.value is None:
            return None
        ratio = self._ratio(figure)
        value = (figure.value * ratio).scaleb(self.places)
        step = (figure.step * ratio).scaleb(self.places)
        if value != value.to_integral_value():
            return None
        return int(value), int(step)

    def _ratio(self, figure: Figure) -> Decimal:
        unit = figure.unit
        if self.smallest is None or unit is None or unit.family != "money" or unit.scale is None:
            return Decimal(1)
        return unit.scale / self.smallest

    def amount(self, integer: int, figure: Figure) -> Decimal:
        """An integer back in the unit of a figure."""
        value = Decimal(integer).scaleb(-self.places) / self._ratio(figure)
        return value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1))


def scale_of(table: Table) -> Scale:
    """The scale at which every figure of a table is an integer."""
    places = 0
    scales = set()
    for figure in table.figures.values():
        if figure.value is not None:
            exponent = figure.value.as_tuple().exponent
            places = max(places, -int(exponent))
        if figure.unit is not None and figure.unit.family == "money" and figure.unit.scale is not None:
            scales.add(figure.unit.scale)
    return Scale(min(places, MAX_PLACES), min(scales) if len(scales) > 1 else None)


@dataclass(frozen=True)
class View:
    """A table along one axis: `lines` are the rows (axis 'row') or columns, `cross` the lines that cross them.

    `n[i][j]` and `step[i][j]` are the figure of line i at crossing j, None where nothing is printed.
    """

    axis: Axis
    table: Table
    scale: Scale
    lines: tuple[Line, ...]
    cross: tuple[Line, ...]
    n: Sequence[Sequence[int | None]]
    step: Sequence[Sequence[int]]

    @cached_property
    def summed(self) -> list[int]:
        """The lines that totals include."""
        return [i for i, line in enumerate(self.lines) if line.summed]

    @cached_property
    def crossings(self) -> list[int]:
        """The crossing lines whose figures add up."""
        return [j for j, line in enumerate(self.cross) if line.additive]

    def figure(self, line: int, cross: int) -> Figure | None:
        a, b = self.lines[line].index, self.cross[cross].index
        return self.table.figures.get((a, b) if self.axis == "row" else (b, a))

    def blank(self, line: int, cross: int) -> bool:
        """True if a crossing is empty: no number and no words."""
        a, b = self.lines[line].index, self.cross[cross].index
        return self.table.blank(*((a, b) if self.axis == "row" else (b, a)))

    def gap(self, line: int, cross: int) -> Figure:
        """What stands where nothing is printed, at the place that its neighbours in the row and in the column give."""
        beside = next(figure for j in range(len(self.cross)) if (figure := self.figure(line, j)) is not None).place
        above = next(figure for i in range(len(self.lines)) if (figure := self.figure(i, cross)) is not None).place
        row, column = (beside, above) if self.axis == "row" else (above, beside)
        cell = column.cell.rstrip(digits) + row.cell.lstrip(ascii_uppercase) if column.cell and row.cell else None
        return Figure(None, "", replace(row, column=column.column, cell=cell))


def views(table: Table) -> dict[Axis, View]:
    """A table's figures along both axes."""
    rows = view(table, "row")
    n = list(zip(*rows.n, strict=True)) if rows.n else [() for _ in table.columns]
    steps = list(zip(*rows.step, strict=True)) if rows.step else [() for _ in table.columns]
    return {"row": rows, "column": View("column", table, rows.scale, table.columns, table.rows, n, steps)}


def view(table: Table, axis: Axis) -> View:
    """A table's figures along one axis."""
    figures, scale = table.figures, scale_of(table)
    lines, cross = (table.rows, table.columns) if axis == "row" else (table.columns, table.rows)
    n: list[list[int | None]] = []
    steps: list[list[int]] = []
    for line in lines:
        values: list[int | None] = []
        widths: list[int] = []
        for other in cross:
            figure = figures.get((line.index, other.index) if axis == "row" else (other.index, line.index))
            integer = scale.integer(figure) if figure is not None else None
            values.append(None if integer is None else integer[0])
            widths.append(0 if integer is None else integer[1])
        n.append(values)
        steps.append(widths)
    return View(axis, table, scale, lines, cross, n, steps)


def bits(stated: int, allowance: int) -> float:
    """How surprising it is to meet a number by chance: log2 of its range over the interval that would be accepted."""
    return min(24.0, log2(2 * abs(stated) / (allowance + 1) + 1))
