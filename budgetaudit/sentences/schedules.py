"""Compare periods: a start not after its end, projects inside their programme, yearly amounts inside the project's period.

A programme that carries work over says so in a note; then its end binds nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from budgetaudit.label_text import squeeze
from budgetaudit.labels.captions import bare_caption
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.labels.project import is_plan
from budgetaudit.model import Cell, Comparison, Figure, Grid, Message, Place, Severity
from budgetaudit.relations.confront import claim
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.alternatives import any_of
from budgetaudit.sentences.dates import Period, dates
from budgetaudit.sentences.statements import LARGEST_GRID
from budgetaudit.sentences.text import Prose, quoted, said

LONGEST_CELL = 60
SHORTEST_NAME = 3
YEAR_COLUMNS = 3
HEADER_ROWS = 3
DASHES = ("-", "–", "−")
RANGE = re.compile(r"\d[^\d]{0,6}[~∼～〜\-–−]")


@dataclass(frozen=True, slots=True)
class Spell:
    """A printed period with its place and the words around it."""

    period: Period
    text: str
    place: Place
    context: str = ""
    headed: bool = False  # its column is one of periods


def spells(prose: Prose) -> Iterator[Spell]:
    """Every period of sentences and of short cells."""
    seen: set[tuple[Place, str]] = set()
    headed = _headed(prose)
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        for period in scan.periods:
            place = statement.place
            named = (place.table, place.column) in headed
            spell = Spell(period, scan.text[period.start : period.end].strip(), place, statement.text, named)
            seen.add((spell.place, spell.text))
            yield spell
    for number, grid in enumerate(prose.document.grids(), start=1):
        if grid.rows * grid.columns <= LARGEST_GRID:
            for cell in grid.cells:
                for spell in _in_cell(prose, grid, number, cell):
                    if (spell.place, spell.text) not in seen:
                        yield replace(spell, headed=(number, cell.column + 1) in headed)


def _headed(prose: Prose) -> set[tuple[int | None, int | None]]:
    """The columns, by the number of their table, over which a word for a period stands: 사업기간, Period."""
    words = {squeeze(word) for word in prose.vocabulary.prose.get("period_words", ())}
    return {
        (number, cell.column + 1)
        for number, grid in enumerate(prose.document.grids(), start=1)
        if grid.rows * grid.columns <= LARGEST_GRID
        for cell in grid.cells
        if cell.row < HEADER_ROWS and squeeze(cell.text) in words
    }


def _in_cell(prose: Prose, grid: Grid, number: int, cell: Cell) -> Iterator[Spell]:
    text = cell.text
    if 4 <= len(text) <= LONGEST_CELL and RANGE.search(text):
        place = Place(
            prose.document.path, cell.page or grid.page, grid.sheet, number, cell.row + 1, cell.column + 1, cell.name, cell.line
        )
        for period in dates(text, prose.scanner.calendar)[1]:
            yield Spell(period, text[period.start : period.end].strip(), place, text)


def place_of(file: str, grid: Grid, number: int, cell: Cell) -> Place:
    """Where a cell stands."""
    return Place(file, cell.page or grid.page, grid.sheet, number, cell.row + 1, cell.column + 1, cell.name, cell.line)


# --- start and end ---------------------------------------------------------------------------------


def compare_order(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """A period starts before it ends. An end without a year may lie in the next one, so that only printed years accuse."""
    born = any_of(prose.vocabulary.periods.get("birth", ()))
    for spell in spells(prose):
        since, until = spell.period.since, spell.period.until
        if born.search(spell.context):
            continue  # the eldest were born first: such ranges run either way
        if since is None or until is None or not spell.period.closed or since is until or spell.period.wrapped:
            continue
        late = since.first > until.last
        joined = spell.text[since.end - spell.period.start : until.start - spell.period.start].strip()
        if late and joined in DASHES and since.day is until.day is None and not spell.headed:
            continue  # 2010/02 - 2009/02 in a table of changes: the one less the other
        both = since.own_year and until.own_year
        if late and not both and since.months != until.months:
            continue
        message = said("period-reversed", spell.text, spell.text, quoted(spell.context))
        yield _dated(rule, spell, message, "order", failed=late, severity=rule.severity if both else "warning")


def _dated(
    rule: Rule,
    spell: Spell,
    message: Message,
    how: str,
    *,
    failed: bool,
    severity: Severity | None = None,
    other: Spell | None = None,
) -> Comparison:
    named = str(message.args.get("label", ""))
    stated = Figure(None, spell.text, spell.place, label=named if named not in ("", spell.text) else quoted(spell.context))
    operands = [("expected", Figure(None, other.text, other.place, label=other.context))] if other is not None else []
    relation = f"text:{spell.place.file}#{spell.place.line}:{spell.place.table}:{spell.place.row}:{spell.text}:{how}"
    return claim(rule, stated, message, relation, failed=failed, severity=severity, operands=operands)


# --- projects inside their programme -----------------------------------------------------------------


def compare_programmes(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """The periods of a table's projects against that of the programme whose name its caption holds."""
    columns = {id(table): _period_column(table, prose) for table in tables}
    carried = [squeeze(word) for word in prose.vocabulary.prose.get("carried_over", ())]
    for summary in tables:
        column = columns[id(summary)]
        for row in summary.rows if column is not None else ():
            name = row.labels[0].key if row.labels else ""
            spell = _spell(summary, row.index, column, prose)
            if spell is None or len(name) < SHORTEST_NAME or row.total:
                continue
            for detail in tables:
                inner = columns[id(detail)]
                if detail is not summary and inner is not None and name in bare_caption(detail.caption):
                    extended = _mentions(summary, row.index, carried)
                    for line in detail.rows:
                        project = _spell(detail, line.index, inner, prose)
                        if project is not None:
                            yield from _inside(rule, project, spell, line, extended or _mentions(detail, line.index, carried))


def _period_column(table: Table, prose: Prose) -> int | None:
    """The column that prints periods: most of its cells do."""
    found: dict[int, int] = {}
    for cell in table.grid.cells:
        if 4 <= len(cell.text) <= LONGEST_CELL and RANGE.search(cell.text) and dates(cell.text, prose.scanner.calendar)[1]:
            found[cell.column] = found.get(cell.column, 0) + 1
    best = max(found, key=lambda column: found[column], default=None)
    return best if best is not None and found[best] * 2 >= len(table.rows) - 1 else None


def _spell(table: Table, row: int, column: int | None, prose: Prose) -> Spell | None:
    for cell in table.grid.cells:
        if cell.row == row and cell.column == column:
            return next(_in_cell(prose, table.grid, table.number, cell), None)
    return None


def _mentions(table: Table, row: int, words: Sequence[str]) -> bool:
    texts = [squeeze(cell.text) for cell in table.grid.cells if cell.row == row]
    return any(word in text for word in words for text in texts)


def _inside(rule: Rule, project: Spell, programme: Spell, line: Line, extended: bool) -> Iterator[Comparison]:
    own, outer = project.period, programme.period
    if own.since is not None and outer.since is not None and own.since.year and outer.since.year:
        early = own.since.first < outer.since.first
        message = said("period-before", line.text, project.text, line.text, programme=programme.text)
        yield _dated(rule, project, message, "since", failed=early, other=programme)
    if own.until is not None and outer.until is not None and own.until.year and outer.until.year and not extended:
        late = own.until.last > outer.until.last
        message = said("period-after", line.text, project.text, line.text, programme=programme.text)
        yield _dated(rule, project, message, "until", failed=late, other=programme)


# --- yearly amounts inside the project's period ------------------------------------------------------


def compare_years(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """No planned amount lies in a year outside the period that the project states above its table."""
    stated = _project_periods(prose)
    blocks = {id(block): at for at, block in enumerate(prose.document.blocks)}
    for table in tables:
        years = [line for line in table.columns if line.year is not None and line.dimension == "year" and line.member.isdigit()]
        if len(years) < YEAR_COLUMNS or not is_plan(table):
            continue
        at = blocks.get(id(table.grid))
        near = [spell for block, spell in stated if at is not None and block < at]
        period = near[-1].period if near else None
        if period is None or not period.closed or period.since is None or period.until is None:
            continue
        for row in table.rows:
            for line in years:
                figure = table.figures.get((row.index, line.index))
                if figure is not None and figure.value and line.year is not None:
                    yield _in_year(rule, figure, line.year, near[-1], period)


def _project_periods(prose: Prose) -> list[tuple[int, Spell]]:
    """The periods that a document states for its projects, with the blocks they stand in."""
    words = [squeeze(word) for word in prose.vocabulary.prose.get("period_words", ())]
    found = []
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        head = squeeze(scan.text[: scan.periods[0].start]) if scan.periods else ""
        if any(word in head for word in words):
            period = scan.periods[0]
            found.append(
                (statement.block, Spell(period, scan.text[period.start : period.end].strip(), statement.place, statement.text))
            )
    return found


def _in_year(rule: Rule, figure: Figure, year: int, spell: Spell, period: Period) -> Comparison:
    assert period.since is not None
    assert period.until is not None
    outside = not period.since.first[0] <= year <= period.until.last[0]
    message = said("period-amount", figure.label, figure.text.strip(), quoted(spell.context), period=spell.text)
    operands = (("expected", Figure(None, spell.text, spell.place, label=spell.context)),)
    relation = f"text:{figure.place.file}#{figure.place.table}:{year}:years"
    return claim(rule, figure, message, relation, failed=outside, operands=operands)


# --- a run of months -----------------------------------------------------------------------------------


def compare_runs(rule: Rule, tables: Sequence[Table], words: Mapping[str, Sequence[str]]) -> Iterator[Comparison]:
    """Rows that count the months of a year: each once. Only a run with one label twice where another is missing accuses."""
    suffix = "|".join(map(re.escape, words.get("month", ())))
    pattern = re.compile(rf"(1[0-2]|[1-9])\s?(?:{suffix})\Z") if suffix else None
    for table in tables if pattern is not None else ():
        cells = _first_column(table, pattern)
        numbers = [number for number, _ in cells]
        if len(numbers) < YEAR_COLUMNS * 2:
            continue
        wanted = list(range(numbers[0], numbers[0] + len(numbers)))
        wrong = [at for at, (a, b) in enumerate(zip(numbers, wanted, strict=True)) if a != b]
        if len(wrong) <= 1:
            for at, (number, cell) in enumerate(cells):
                yield _in_run(rule, table, cell, number, wanted[at])


def _first_column(table: Table, pattern: re.Pattern[str] | None) -> list[tuple[int, Cell]]:
    """The month labels of a table's first column, top to bottom; empty if other labels stand among them."""
    assert pattern is not None
    found: list[tuple[int, Cell]] = []
    for cell in table.grid.cells:
        if cell.column == 0 and cell.row >= table.header_rows:
            match = pattern.match(squeeze(cell.text))
            if match:
                found.append((int(match[1]), cell))
            elif found and len(found) < 3:
                return []
    return found


def _in_run(rule: Rule, table: Table, cell: Cell, number: int, wanted: int) -> Comparison:
    place = Place(
        table.place.file, cell.page or table.grid.page, table.grid.sheet, table.number, cell.row + 1, 1, cell.name, cell.line
    )
    figure = Figure(None, cell.text.strip(), place, label=table.caption)
    message = said("run-broken", table.caption or cell.text, cell.text.strip(), table.caption, wanted=wanted)
    return claim(rule, figure, message, f"text:{place.file}#{table.number}:run", failed=number != wanted)
