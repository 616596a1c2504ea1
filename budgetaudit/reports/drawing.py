"""Tables drawn as printed, in HTML: what is wrong is marked, what was checked shows its sum, what was not decided is grey.

Of a long table only the head and the rows around what is marked are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgetaudit.assurance import Unexplained, unexplained
from budgetaudit.labels.labelling import Table
from budgetaudit.messages import say
from budgetaudit.model import Audit, Cell, Comparison, Figure, Finding, Place
from budgetaudit.reports.markup import Html, element, join
from budgetaudit.reports.wording import clean, comparison_cells, grouped, place_text

Position = tuple[int, int]
MAX_ROWS = 120
AROUND = 3
MAX_TEXT = 500
MAX_CHECKS = 200
MAX_TERMS = 12
FEW = 200
MAX_CHARTS = 12
MAX_BARS = 14
HEIGHT, TOP, BASE = 190, 28, 150
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Marks:
    """What is known of the cells of one table, by the row and column (from 1) that findings name."""

    wrong: dict[Position, list[Finding]] = field(default_factory=dict)
    against: dict[Position, list[Finding]] = field(default_factory=dict)
    undecided: dict[Position, list[Unexplained]] = field(default_factory=dict)
    checks: list[Comparison] = field(default_factory=list)


class Atlas:
    """The tables of an audit that findings speak of, and where in the page each of their cells stands."""

    def __init__(self, audit: Audit) -> None:
        files = [source.path for source in audit.inputs]
        self._files = {file: number for number, file in reversed(list(enumerate(files, 1)))}
        self._tables = {(table.place.file, table.number): table for table in audit.tables}
        self.marks: dict[tuple[str, int], Marks] = {}
        self._few = len(audit.findings) <= FEW
        for finding in audit.findings:
            for number, (_, place, _) in enumerate(finding.places):
                marks = self._marks(place)
                if marks is not None and place.row and place.column:
                    cells = marks.against if number else marks.wrong
                    cells.setdefault((place.row, place.column), []).append(finding)
        for item in unexplained(audit):
            marks, at = self._marks(item.place), (item.place.row or 0, item.place.column or 0)
            if marks is not None and all(at):
                marks.undecided.setdefault(at, []).append(item)
        for comparison in audit.comparisons:
            place = comparison.stated.place
            if comparison.verdict != "not_evaluated" and (place.file, place.table) in self.marks:
                self.marks[place.file, place.table or 0].checks.append(comparison)

    def _marks(self, place: Place) -> Marks | None:
        key = (place.file, place.table or 0)
        return self.marks.setdefault(key, Marks()) if key in self._tables else None

    @property
    def shown(self) -> bool:
        """True if the findings are few enough for each to be shown with the rows it is about."""
        return self._few

    @property
    def several(self) -> bool:
        """True if the tables are of several files."""
        return len(self._files) > 1

    def tables(self) -> list[tuple[Table, Marks]]:
        """The tables to draw, in the order of the documents."""
        return [(table, self.marks[key]) for key, table in self._tables.items() if key in self.marks]

    def anchor(self, table: Table, row: int = 0, column: int = 0) -> str:
        """The id of a table, or of a cell in it."""
        name = f"t{self._files.get(table.place.file, 0)}-{table.number}"
        return f"{name}-r{row}-c{column}" if row else name

    def link(self, place: Place, lang: str, *, file: bool = False) -> Html:
        """A place in words, leading to its cell where that is drawn."""
        words = place_text(place, lang, file=file) or clean(place.file)
        table = self._tables.get((place.file, place.table or 0))
        if table is None or not place.row or not place.column or (place.file, table.number) not in self.marks:
            return element("span", words)
        return element("a", words, href=f"#{self.anchor(table, place.row, place.column)}")


def draw(table: Table, marks: Marks, atlas: Atlas, lang: str) -> Html:
    """A table as a figure: caption, units, the grid with its marks, and the list of its checks."""
    title = place_text(table.place, lang, file=atlas.several)
    caption = f"{title}: {clean(table.caption)}" if table.caption else title
    units = ", ".join(unit.symbol for unit in table.units)
    hint = element("p", f"{say('tables.unit', lang)}: {units}", class_="hint") if units else Html()
    anchor = atlas.anchor(table)
    grid = element(
        "div",
        element("table", _body(table, marks, atlas, lang)),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_labelledby=f"{anchor}-c",
    )
    return element("figure", element("figcaption", caption, id=f"{anchor}-c"), hint, grid, _checks(marks, lang), id=anchor)


def _body(table: Table, marks: Marks, atlas: Atlas, lang: str) -> Html:
    grid = table.grid
    shown = _rows(table, marks)
    starts: dict[Position, tuple[Cell, int]] = {}
    taken: set[Position] = set()
    for cell in grid.cells:
        rows = [row for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)) if row in shown]
        if not rows:
            continue
        starts[rows[0], cell.column] = (cell, len(rows))
        columns = range(cell.column, min(cell.column + cell.column_span, grid.columns))
        taken.update((row, column) for row in rows for column in columns if (row, column) != (rows[0], cell.column))
    sums = {(c.stated.place.row, c.stated.place.column): _check(c, lang) for c in marks.checks}
    head = element(
        "tr", *(element("td", number, class_="at", aria_hidden="true") for number in ("", *map(str, range(1, grid.columns + 1))))
    )
    lines, before = [head], -1
    for row in sorted(shown):
        if row != before + 1:
            skipped = say("html.rows-left-out", lang, n=row - before - 1)
            lines.append(element("tr", element("td", skipped, class_="hint", colspan=grid.columns + 1)))
        cells = [element("td", str(row + 1), class_="at", aria_hidden="true")]
        for column in range(grid.columns):
            if (row, column) in starts:
                cells.append(_cell(table, *starts[row, column], marks, sums, atlas, lang))
            elif (row, column) not in taken:
                cells.append(element("td"))
        lines.append(element("tr", *cells))
        before = row
    if before < grid.rows - 1:
        skipped = say("html.rows-left-out", lang, n=grid.rows - 1 - before)
        lines.append(element("tr", element("td", skipped, class_="hint", colspan=grid.columns + 1)))
    return element("tbody", *lines)


def _rows(table: Table, marks: Marks) -> set[int]:
    """The rows to draw: all of them, or the head and those around what is marked."""
    rows = table.grid.rows
    if rows <= MAX_ROWS:
        return set(range(rows))
    marked = {row - 1 for row, _ in (*marks.wrong, *marks.against, *marks.undecided)}
    near = {other for row in marked for other in range(max(row - AROUND, 0), min(row + AROUND + 1, rows))}
    if len(near) > MAX_ROWS * 4:
        near = {row - 1 for row, _ in (*marks.wrong, *marks.undecided)}
    return near | set(range(min(max(table.header_rows, 1), rows)))


def _cell(
    table: Table, cell: Cell, rows: int, marks: Marks, sums: Mapping[tuple[int | None, int | None], str], atlas: Atlas, lang: str
) -> Html:
    at = (cell.row + 1, cell.column + 1)
    wrong, against = marks.wrong.get(at, []), marks.against.get(at, [])
    figure = (cell.row, cell.column) in table.figures
    names = ["figure"] if figure else []
    if wrong:
        names += ["wrong", wrong[0].severity]
    elif at in marks.undecided:
        names.append("undecided")
    elif against:
        names.append("against")
    elif at in sums:
        names.append("checked")
    columns = min(cell.column_span, table.grid.columns - cell.column)
    printed = clean(cell.text)
    content = printed if len(printed) <= MAX_TEXT else printed[:MAX_TEXT] + "…"
    heading = not figure and bool(content) and (cell.row < table.header_rows or cell.column in table.label_columns)
    scope = None
    if heading:
        scope = ("colgroup" if columns > 1 else "col") if cell.row < table.header_rows else ("rowgroup" if rows > 1 else "row")
    return element(
        "th" if heading else "td",
        content,
        *(element("a", finding.id, href=f"#{finding.id}", class_="mark") for finding in wrong),
        id=atlas.anchor(table, *at) if wrong or against or at in marks.undecided else None,
        class_=" ".join(names) or None,
        scope=scope,
        rowspan=rows if rows > 1 else None,
        colspan=columns if columns > 1 else None,
        title="; ".join(clean(say(item.reason, lang)) for item in marks.undecided[at]) if at in marks.undecided else sums.get(at),
    )


def _checks(marks: Marks, lang: str) -> Html:
    """Every check of the table as a line of text, for those who cannot hover."""
    if not marks.checks:
        return Html()
    lines = [element("li", _check(comparison, lang)) for comparison in marks.checks[:MAX_CHECKS]]
    if len(marks.checks) > MAX_CHECKS:
        lines.append(element("li", say("html.more", lang, n=len(marks.checks) - MAX_CHECKS)))
    heading = element("summary", say("html.checks", lang, n=len(marks.checks)))
    return element("details", heading, element("ul", *lines))


def _check(comparison: Comparison, lang: str) -> str:
    """`✓ funding-sources: table 3, row 3, column 3: 34,176 = 6,300 + 10,888 + 16,988`."""
    rule, place, stated, expected, _ = comparison_cells(comparison, lang, file=False)
    terms = [clean(figure.text) for _, figure in comparison.operands]
    if len(terms) > MAX_TERMS:
        terms = [*terms[: MAX_TERMS - 2], "…", terms[-1]]
    joined = (" + " if comparison.kind == "sum" else ", ").join(terms)
    sign = {"pass": "✓", "rounding": "≈", "fail": "✗"}[comparison.verdict]
    relation = "=" if comparison.verdict == "pass" and comparison.kind == "sum" else "|"
    remark = "" if comparison.verdict == "pass" else f" ({say('head.expected', lang)} {expected})"
    return f"{sign} {rule}: {place}: {stated} {relation} {joined}{remark}"


def coverage(audit: Audit, lang: str) -> Html:
    """A bar for each input: the share of its figures that a passing comparison binds."""
    rows = []
    names = [clean(source.path).replace("\\", "/").rpartition("/")[2] for source in audit.inputs]
    alone = len(set(names)) == len(names)  # else only the whole path tells which is meant
    for source, name in zip(audit.inputs, names, strict=True):
        if not source.figures:
            continue
        share = Decimal(source.covered) / source.figures
        words = say(
            "html.covered", lang, covered=f"{source.covered:,}", figures=f"{source.figures:,}", percent=f"{share * 100:.0f}"
        )
        bar = _svg(320, 16, words, _rect("rest", 0, 1, 319, 14), _rect("covered", 0, 1, round(319 * share), 14))
        rows.append(
            element(
                "tr", element("th", name if alone else clean(source.path), scope="row"), element("td", bar), element("td", words)
            )
        )
    if not rows:
        return Html()
    heads = (say("html.file", lang), say("html.coverage", lang), say("html.bound-figures", lang))
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))
    table = element("table", head, element("tbody", *rows), class_="list")
    return element("div", table, class_="scroll", tabindex=0, role="region", aria_label=say("html.coverage", lang))


def plan_and_execution(audit: Audit, lang: str) -> list[Html]:
    """A chart for each line whose execution was compared with its plan over several years, the ones that exceed it first."""
    lines: dict[tuple[object, ...], list[Comparison]] = {}
    for comparison in audit.comparisons:
        single = len([role for role, _ in comparison.operands if role == "limit"]) == 1 == len(comparison.operands)
        if (
            comparison.kind == "within"
            and single
            and comparison.verdict != "not_evaluated"
            and _YEAR.search(comparison.stated.label)
        ):
            lines.setdefault(_line(comparison.stated), []).append(comparison)
    several = [line for line in lines.values() if len({_year(item.stated) for item in line}) > 1 and any(map(_informative, line))]
    several.sort(key=lambda line: all(item.verdict != "fail" for item in line))
    return [_chart(line[:MAX_BARS], lang) for line in several[:MAX_CHARTS]]


def _chart(line: Sequence[Comparison], lang: str) -> Html:
    unit = line[0].stated.unit
    title = " ".join(_YEAR.sub("", line[0].stated.label).split()) + (f" ({unit.symbol})" if unit else "")
    values = [(item, item.stated.value or Decimal(0), item.operands[0][1]) for item in line]
    largest = max(
        (abs(number) for _, spent, plan in values for number in (spent, _number(plan, line[0].stated))), default=Decimal(1)
    ) or Decimal(1)
    width = 24 + 110 * len(values)
    bars = [part for at, (item, spent, plan) in enumerate(values) for part in _bars(24 + 110 * at, item, spent, plan, largest)]
    axis = element("line", x1=10, y1=BASE, x2=width - 10, y2=BASE, class_="axis")
    described = "; ".join(f"{_year(item.stated)}: {_described(item, plan, lang)}" for item, _, plan in values)
    return element("figure", element("figcaption", title), _svg(width, HEIGHT, f"{title}: {described}", *bars, axis))


def _line(figure: Figure) -> tuple[object, ...]:
    """What a figure is about, whatever its year."""
    return figure.place.file, figure.place.table, " ".join(_YEAR.sub("", figure.label).split())


def _informative(item: Comparison) -> bool:
    return bool(item.stated.value or item.operands[0][1].value)


def _described(item: Comparison, plan: Figure, lang: str) -> str:
    over = f" ({say('html.over', lang)})" if item.verdict == "fail" else ""
    return say("html.plan-and-spent", lang, plan=clean(plan.text), spent=clean(item.stated.text)) + over


def _bars(left: int, item: Comparison, spent: Decimal, plan: Figure, largest: Decimal) -> Iterator[Html]:
    over = item.verdict == "fail"
    for at, (name, number) in enumerate((("plan", _number(plan, item.stated)), ("over" if over else "spent", spent))):
        height = int(abs(number) / largest * (BASE - TOP))
        x = left + 46 * at
        yield _rect(name, x, BASE - height, 40, height)
        mark = "▲ " if name == "over" else ""
        yield element("text", f"{mark}{grouped(number)}", x=x + 20, y=BASE - height - 5, text_anchor="middle")
    yield element("text", _year(item.stated), x=left + 43, y=BASE + 18, text_anchor="middle")


def _number(figure: Figure, like: Figure) -> Decimal:
    """A figure's amount in the unit of another."""
    value = figure.value or Decimal(0)
    if figure.unit and like.unit and figure.unit.scale and like.unit.scale:
        return value * figure.unit.scale / like.unit.scale
    return value


def _year(figure: Figure) -> str:
    found = _YEAR.findall(figure.label)
    return found[-1] if found else ""


def _rect(name: str, x: int, y: int, width: int, height: int) -> Html:
    return element("rect", class_=name, x=x, y=y, width=width, height=height)


def _svg(width: int, height: int, words: str, *parts: Html) -> Html:
    return element("svg", join(*parts), viewBox=f"0 0 {width} {height}", width=width, height=height, role="img", aria_label=words)
