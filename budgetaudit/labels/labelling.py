"""Turn a printed grid into a table: header rows, label columns, units, figures with their labels.

Labelling alone decides what is a header, a label or a figure. It is sure of little: what it doubts it says in
`Table.doubts`, and structure.py settles by arithmetic which lines add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from budgetaudit.amounts import Amount
from budgetaudit.label_text import mark_style, squeeze
from budgetaudit.labels.arrange import halves, parted, unstacked
from budgetaudit.labels.attributes import RATE_MEASURES, added, attributes, closing, quotients, whole_years
from budgetaudit.labels.captions import caption_of
from budgetaudit.labels.layout import Layout, lay_out
from budgetaudit.labels.notation import (
    PADDED,
    bracket_meaning,
    credited,
    dotted,
    dotted_columns,
    dotted_rows,
    losses,
    padded,
    parts_of,
    step,
    steps,
    stored_number,
    taken_away,
    without_decimals,
    written_floats,
)
from budgetaudit.labels.percentages import percentages
from budgetaudit.labels.references import line_number, made_of
from budgetaudit.labels.row_labels import by_marks, coded, depths
from budgetaudit.model import Document, Figure, Grid, Message, Paragraph, Place, Unit
from budgetaudit.vocabulary import Label, Vocabulary

CONTEXT_PARAGRAPHS = 6
FORM_HEADER = 80
WHOLE = 100  # percent
NOT_ADDITIVE = RATE_MEASURES | {"price", "running"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of figures: its labels from the outermost to its own, and what they mean together.

    `number` is that of a numbered line, `refers` the numbered lines of which its label says that it is made; `within`: it is
    a part of the line before it, of which.
    """

    index: int
    labels: tuple[Label, ...]
    text: str
    total: str = ""
    dimension: str = ""
    member: str = ""
    measure: str = ""
    year: int | None = None
    level: int = 0
    unit: Unit | None = None
    number: str = ""
    refers: str = ""
    within: bool = False

    @property
    def outer(self) -> tuple[str, ...]:
        """The labels over its own."""
        return tuple([label.key for label in self.labels[:-1]])

    @property
    def summed(self) -> bool:
        """True if totals include this line."""
        return self.additive and not self.within

    @property
    def additive(self) -> bool:
        """True if the figures of this line can be summed: rates, shares and unit prices can not."""
        percent = self.unit is not None and self.unit.family == "percent"
        return self.measure not in NOT_ADDITIVE and not percent and not any(label.average for label in self.labels)


@dataclass(frozen=True)
class Table:
    """A labelled grid. `rows` and `columns` hold the lines that carry figures; `figures` is keyed by grid position."""

    number: int
    grid: Grid
    caption: str
    heading: tuple[str, ...]
    units: tuple[Unit, ...]
    header_rows: int
    label_columns: tuple[int, ...]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    figures: Mapping[tuple[int, int], Figure]
    place: Place
    doubts: tuple[Message, ...] = ()
    copy_of: int | None = None
    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def unit(self) -> Unit | None:
        return self.units[0] if self.units else None

    @property
    def form(self) -> bool:
        """True if this is rather a form with prose in its cells than a table with headers."""
        return any(len(line.text) > FORM_HEADER for line in self.columns)

    def blank(self, row: int, column: int) -> bool:
        """True if the position is printed and empty (not a number, not words)."""
        return (row, column) not in self.figures and not self.texts.get((row, column), "").strip()


def label(document: Document, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """Every grid of a document as a table, in reading order; a repeated copy of a grid points to its original."""
    tables: list[Table] = []
    context: list[str] = []
    seen: dict[object, tuple[int, tuple[Unit, ...]]] = {}
    number = 0
    points = points_group(document)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                context.append(block.text.strip())
            continue
        number += 1
        found = label_grid(block, number, tuple(context[-CONTEXT_PARAGRAPHS:]), document.path, vocabulary, points=points)
        if not found[0].figures and block.rows * block.columns <= 4:
            context.extend(line for cell in block.cells for line in cell.text.split("\n") if line.strip())
        else:
            context.clear()
        cells = tuple((cell.row, cell.column, squeeze(cell.text)) for cell in block.cells)
        content = (block.rows, block.columns, cells)
        first, units = seen.setdefault(content, (number, found[0].units)) if any(t.figures for t in found) else (number, ())
        if units and found[0].units and units != found[0].units:
            first = number  # the same digits in another unit are no copy
        tables.extend(replace(table, copy_of=first if first != number else None) for table in found)
    return tuple(tables)


def points_group(document: Document) -> bool:
    """True if the tables of a document group thousands by points."""
    if dotted(cell.text for grid in document.grids() for cell in grid.cells):
        return True
    columns: dict[tuple[int, int], list[str]] = {}
    rows: dict[tuple[int, int], list[str]] = {}
    for at, grid in enumerate(document.grids()):
        for cell in grid.cells:
            rows.setdefault((at, cell.row), []).append(cell.text)
            if any(character.isdigit() for character in cell.text) and (cell.column or "." in cell.text):  # no codes before rows
                columns.setdefault((at, cell.column), []).append(cell.text)
    return dotted_columns(columns.values()) or dotted_rows(rows.values())


def label_grid(
    grid: Grid, number: int, context: Sequence[str], file: str, vocabulary: Vocabulary, *, points: bool = False
) -> list[Table]:
    """One grid with the paragraphs that stand before it; two tables side by side in one grid become two."""
    whole = lay_out(unstacked(grid, vocabulary), vocabulary, points=points)
    layouts: list[Layout] = []
    for below in parted(whole, vocabulary):
        layout = whole if below is whole.grid else lay_out(below, vocabulary, points=points)
        layouts += (
            layout if part is layout.grid else lay_out(part, vocabulary, points=points) for part in halves(layout, vocabulary)
        )
    return [_table(layout, grid, number, context, file, vocabulary) for layout in layouts]


def _table(layout: Layout, grid: Grid, number: int, context: Sequence[str], file: str, vocabulary: Vocabulary) -> Table:
    caption, units = caption_of(grid, layout, context, vocabulary)
    columns = _together({c: _line(c, _column_labels(layout, c, vocabulary)) for c in layout.number_columns}, vocabulary)
    named = coded({r: _row_labels(layout, r, vocabulary) for r in layout.body_rows})
    rows = _together({r: _line(r, labels) for r, labels in named.items()}, vocabulary)
    columns = added(columns, rows, layout)
    rows, columns = closing(attributes(quotients(rows), columns, layout)), quotients(columns)
    if len(columns) == 1:  # of several the rule for parts of a year has evidence of its own
        rows = whole_years(rows, vocabulary)
    columns = percentages(columns, rows, lambda c, r: layout.amounts.get((r, c)), vocabulary)
    rows = percentages(rows, columns, lambda r, c: layout.amounts.get((r, c)), vocabulary)
    stairs = depths(layout)
    if stairs:
        deep = by_marks(stairs, {r: _mark(line) for r, line in rows.items()})
        rows = {r: replace(line, level=deep.get(r, 0)) for r, line in rows.items()}
    else:
        _level(rows, layout.indent)
    _level(columns, lambda _: 0)
    rates = _bracketed_rates(rows, layout)
    rows = parts_of(rows, list(columns), lambda r, c: layout.amounts.get((r, c)))
    columns = parts_of(columns, list(rows), lambda c, r: layout.amounts.get((r, c)))
    rows = _referring(
        rows,
        vocabulary,
        lambda r: [layout.texts.get((r, c), layout.source[r, c].text) for c in layout.label_columns if (r, c) in layout.source],
    )
    columns = _referring(columns, vocabulary, lambda c: [label.text for label in columns[c].labels])
    columns = {c: replace(line, unit=line.unit or _line_unit(line, units)) for c, line in columns.items()}
    figures: dict[tuple[int, int], Figure] = {}
    signs = bracket_meaning(layout, columns, rates)
    minus, less = credited(layout, rows), taken_away(layout, rows) | losses(layout, rows, vocabulary)
    block_of, whole_rows, floats = steps(layout, rows, columns), without_decimals(layout), written_floats(layout)
    for (r, c), amount in layout.amounts.items():
        if r not in rows or c not in columns:
            continue
        around = columns[c].unit or rows[r].unit or _line_unit(rows[r], units) or _table_unit(units, columns[c], rows[r])
        unit = amount.unit or around
        if amount.sign and amount.unit is not None and around is not None and around.family == "money":
            unit = around if around.currency in ("", amount.unit.currency) or not amount.unit.currency else unit
        cell = layout.source[(r, c)]
        printed, cents = cell.printed_at, vocabulary.units.with_cents(unit)
        negative = (
            (amount.bracketed and not amount.signed and c in signs and r not in rates) or (amount.stray and minus) or r in less
        )
        value = -amount.value if negative else amount.value
        places = block_of.get(c, 0) if rows[r].additive and not (cents and r in whole_rows) else 0  # amounts make no rate finer
        figures[(r, c)] = Figure(
            value if cell.value is None or amount.dash else stored_number(cell.value, amount, value),
            cell.text,
            Place(file, cell.page or grid.page, grid.sheet, number, printed[0] + 1, printed[1] + 1, cell.name, cell.line),
            step(
                amount,
                unit,
                PADDED if floats and padded(amount) else places,
                cell.value,
                cents=cents,
            ),
            unit,
            _join(rows[r].text, columns[c].text),
            amount.dash,
            amount.malformed and not (amount.stray and minus),
        )
    used_rows = {r for r, _ in figures}
    used_columns = {c for _, c in figures}
    return Table(
        number,
        grid,
        caption,
        tuple(context),
        units,
        layout.header_rows,
        layout.label_columns,
        tuple(line for r, line in rows.items() if r in used_rows),
        tuple(line for c, line in columns.items() if c in used_columns),
        figures,
        Place(file, grid.page, grid.sheet, number, line=grid.line),
        tuple(layout.doubts),
        None,
        layout.texts,
    )


def _join(row: str, column: str) -> str:
    return " · ".join(part for part in (row, column) if part)


def _bracketed_rates(rows: dict[int, Line], layout: Layout) -> frozenset[int]:
    """A second row of one label, or of none, all in brackets, prints the rate of the row above it: 282.3 over (147.8).

    Where they are percentages and one of them is 100 it is that of a total, and they are shares of it: (100%), (43.1%).
    """
    found = set()
    bare: dict[int, int] = {}
    bracketed: dict[int, list[Amount]] = {}
    for (r, _), amount in layout.amounts.items():
        if amount.bracketed and not amount.dash:
            bracketed.setdefault(r, []).append(amount)
        elif not amount.dash:
            bare[r] = bare.get(r, 0) + 1
    above: Line | None = None
    for r, line in rows.items():
        amounts = bracketed.get(r, [])
        alone = len(amounts) >= 2 and not bare.get(r)
        percent = all(amount.unit is not None and amount.unit.family == "percent" for amount in amounts)
        same = above is not None and (line.text == above.text or (percent and not line.text))
        if alone and same and above is not None and bare.get(above.index):
            shares = percent and any(amount.value == WHOLE for amount in amounts)
            rows[r] = replace(line, measure=line.measure or ("share" if shares else "change_rate"), total="")
            found.add(r)
        elif r in bare:
            above = line
    return frozenset(found)


# --- labels of lines -----------------------------------------------------------------------------


def _column_labels(layout: Layout, column: int, vocabulary: Vocabulary) -> tuple[Label, ...]:
    return _labels((texts.get(column, "") for texts in layout.header), vocabulary)


def _row_labels(layout: Layout, row: int, vocabulary: Vocabulary) -> tuple[Label, ...]:
    return _labels(layout.row_labels.get(row, ()), vocabulary)


def _labels(texts: Iterable[str], vocabulary: Vocabulary) -> tuple[Label, ...]:
    """Labels from outside in; a label that a span repeats counts once, its place stays as an empty label."""
    labels: list[Label] = []
    previous = None
    for text in texts:
        labels.append(vocabulary.label("" if text == previous else text))
        previous = text or previous
    return tuple(labels)


def _line(index: int, labels: tuple[Label, ...]) -> Line:
    total, dimension, member, measure, year, unit = "", "", "", "", None, None
    printed = [item for item in labels if item.text.strip()]
    for item in printed:
        # What a label says is carried over came in where the label above it says so.
        if item.measure and (measure, item.measure) != ("carried_in", "carry_over"):
            measure = item.measure
        if item.year is not None:
            year = item.year
        if item.dimension not in ("", "item", "measure"):
            dimension, member = item.dimension, item.member
        unit = item.unit or unit
    if printed:
        total = printed[-1].total
        if total:
            dimension, member = "", ""
    text = " ".join(" ".join(item.text.split()) for item in printed)
    return Line(index, labels, text, total, dimension, member, measure, year, 0, unit)


def _together(lines: dict[int, Line], vocabulary: Vocabulary) -> dict[int, Line]:
    """The lines with those abbreviations read that mean something only beside each other: 국 · 도 · 군."""
    found = {index: meaning for index, line in lines.items() if (meaning := vocabulary.together.get(_own_key(line)))}
    members = set(found.values())
    first = next(iter(vocabulary.together.values()), None)
    if len(members) < 2 or (len(members) == 2 and first not in members):
        return lines
    return {
        index: replace(line, dimension=found[index][0], member=found[index][1]) if index in found else line
        for index, line in lines.items()
    }


def _own_key(line: Line) -> str:
    return next((label.key for label in reversed(line.labels) if label.text.strip()), "")


def _level(lines: dict[int, Line], indent_of: Callable[[int], int]) -> None:
    """Levels of rows from indentation, of rows and columns from the style of their marks, in order of first appearance."""
    styles: list[str] = []
    for r, line in lines.items():
        indent = indent_of(r)
        style = _mark(line)
        if style and style not in styles:
            styles.append(style)
        level = indent if indent else (styles.index(style) + 1 if style else 0)
        if level:
            lines[r] = replace(line, level=level)


def _referring(lines: dict[int, Line], vocabulary: Vocabulary, texts: Callable[[int], Sequence[str]]) -> dict[int, Line]:
    """The lines with their numbers, if labels refer to them."""
    refers = {
        i: made_of(next((text.text for text in reversed(line.labels) if text.text.strip()), ""), vocabulary.prose)
        for i, line in lines.items()
    }
    if not any(refers.values()):
        return lines
    return {i: replace(line, number=line_number(texts(i)), refers=refers[i]) for i, line in lines.items()}


def _mark(line: Line) -> str:
    """The style of the mark before a line's own label."""
    text = next((item.text for item in reversed(line.labels) if item.text.strip()), "")
    return "" if line.year is not None else mark_style(text)  # the year of `2027 이후` is no account code


# --- units of lines ------------------------------------------------------------------------------


def _line_unit(line: Line, units: Sequence[Unit]) -> Unit | None:
    """Rates are percentages and counts are counts, whatever the table's unit of money."""
    if line.unit is not None:
        return line.unit
    if line.measure in RATE_MEASURES:
        return Unit("%", "percent")
    if line.measure == "count":
        return next((unit for unit in units if unit.family == "count"), Unit("", "count"))
    return None


def _table_unit(units: Sequence[Unit], column: Line, row: Line) -> Unit | None:
    if "count" in (column.measure, row.measure):
        return None
    return next((unit for unit in units if unit.family == "money"), units[0] if units and units[0].family != "percent" else None)
