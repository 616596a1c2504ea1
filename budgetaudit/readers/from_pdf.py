"""PDF: ruled tables with spans from their edges, aligned amounts, text; read in a child process with limits.

A page that cannot be read is a problem of the document; a document without any readable page is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from budgetaudit.model import Cell, Document, Grid, Message, Paragraph, Place, Problem, ReadError
from budgetaudit.readers import child, limits, pdf_bands, pdf_text
from budgetaudit.readers.pdf_flow import Page, Table, Title, joined, masked
from budgetaudit.readers.pdf_halves import halves
from budgetaudit.readers.pdf_rows import Box, indents, split_stacked
from budgetaudit.readers.pdf_text import TextLine
from budgetaudit.readers.printed import settle
from budgetaudit.readers.tabbed import Tabbed

FORMAT = "pdf"
_FOOT = 0.12  # of the page: where footers stand
_WHY = {
    "scan": "read-pdf-scan",
    "glyphs": "read-pdf-glyphs",
    "slow": "read-timeout",
    "memory": "read-memory",
    "broken": "read-pdf-page",
}
_ENDED = {"read-timeout": "slow", "read-memory": "memory", "read-crashed": "broken"}
_CHILDREN = 4  # so many processes at most for one document


def read(path: Path, data: bytes) -> Document:
    """The blocks of all pages; cells and paragraphs know their page."""
    if find_spec("pypdfium2") is None:
        raise ReadError("read-pdf-extra")
    pages: list[Page] = []
    problems: list[Problem] = []
    reasons: list[str] = []
    number = count = 0
    summary: dict[str, Any] = {}
    try:
        for record in _records(data):
            count = record.get("pages", count)
            if "page" not in record:
                summary |= record
                continue
            number = record["page"]
            if "unread" in record:
                reasons.append(record["unread"])
                problems.append(_unread(path, number, Message(_WHY[record["unread"]])))
            else:
                pages.append(_page(number, record))
            if record.get("form"):
                problems.append(_unread(path, number, Message("read-pdf-form")))
            if record.get("cut"):
                problems.append(_unread(path, number, Message("read-pdf-objects")))
    except ReadError as fault:
        if number == 0:
            raise
        if number < count:
            problems.append(_rest(path, number + 1, count, fault.message))
    else:
        if number < count:
            problems.append(_rest(path, number + 1, count, Message("read-pdf-pages", {"limit": number})))
    held = summary.get("held", count)
    if held != count:
        problems = [problem for problem in problems if (problem.place.page or 0) <= held]
        why = Message("read-pdf-count", {"stated": count, "held": held})
        problems.append(_rest(path, min(count, held) + 1, max(count, held), why))
    problems += (_unread(path, page, Message("read-pdf-cut")) for page in summary.get("cut", ()))
    problems += _damage(path, summary)
    if not any(page.items for page in pages):
        if count and set(reasons) <= {"scan"}:
            raise ReadError("read-pdf-scanned")
        raise ReadError("read-pdf-unreadable", why=problems[0].message if problems else "")
    return Document(path=str(path), format=FORMAT, blocks=tuple(_blocks(pages)), problems=tuple(problems))


def _damage(path: Path, summary: dict[str, Any]) -> Iterator[Problem]:
    """What has to be said of a file that was damaged, though nobody can tell what was lost."""
    if summary.get("damaged"):
        yield Problem(Place(str(path)), Message("read-pdf-damaged", {"count": summary["damaged"]}))
    elif summary.get("shifted"):
        yield Problem(Place(str(path)), Message("read-pdf-shifted"), "notice")
    for page in summary.get("bare", ()):
        yield Problem(Place(str(path), page=page), Message("read-pdf-bare"), "notice")


def _records(data: bytes) -> Iterator[dict[str, Any]]:
    """What the child process says; where a page ends it, another one goes on with the next page."""
    start = 1
    for left in reversed(range(_CHILDREN)):
        begun = 0
        try:
            for record in child.records("budgetaudit.readers.pdf_pages", data, FORMAT, str(start)):
                begun = record["page"] if "begun" in record else 0
                if not begun:
                    yield record
        except ReadError as fault:
            why = _ENDED.get(fault.message.code)
            if not (begun and why and left):
                raise
            yield {"page": begun, "unread": why}
            start = begun + 1
        else:
            return


def _unread(path: Path, page: int, why: Message) -> Problem:
    return Problem(Place(str(path), page=page), Message("read-page-unread", {"page": page, "why": why}))


def _rest(path: Path, first: int, last: int, why: Message) -> Problem:
    """The pages from one on, which were not reached."""
    return Problem(Place(str(path), page=first), Message("read-pages-unread", {"first": first, "last": last, "why": why}))


def _page(number: int, record: dict[str, Any]) -> Page:
    """A page's tables and text in reading order, from what the child process found."""
    tables = [half for plain in record["tables"] for half in halves(plain)]
    boxed = [plain for plain in tables if _is_box(plain)]
    within = [line for plain in boxed for *_, lines in plain["cells"] for line in lines]
    lines = sorted(_lines(record["lines"] + within), key=lambda line: (line.top, line.left))
    foot = record["height"] * (1 - _FOOT)
    items: list[tuple[float, str | Title | Table]] = []
    ruled = [_Ruled(plain, *_ruled(number, plain)) for plain in tables if plain not in boxed]
    parts = _between(lines, [one.ys[0] for one in ruled])
    for rank, one in enumerate(ruled):
        parts[rank + 1] = one.with_rows_below(parts[rank + 1], number, foot)
        one.table.parent = _parent(one, ruled)
        one.table.above = frozenset(masked(line.text) for line in lines if line.bottom < one.ys[0] + 1)
        one.table.ends = not any(one.bottom - 1 < line.top < foot for line in lines)
        items.append((one.ys[0], one.table))
        items += one.titles
    for part in parts:
        for top, block in pdf_text.blocks(part):
            items.append((top, block if isinstance(block, str) else _aligned(number, block)))
    items.sort(key=lambda item: item[0])
    _place_aligned(items, foot)
    return Page(number, [item for _, item in items])


def _place_aligned(items: Sequence[tuple[float, str | Title | Table]], foot: float) -> None:
    """Tell the tables without rules what stands above them, and whether anything but a footer stands below."""
    for at, (_, item) in enumerate(items):
        if isinstance(item, Table) and item.unruled:
            item.above = frozenset(masked(text) for _, text in items[:at] if isinstance(text, str))
            item.ends = not any(top < foot or isinstance(other, Table) for top, other in items[at + 1 :])


def _is_box(plain: dict[str, Any]) -> bool:
    """True if rulings only frame a table and part its rows, while its columns are a matter of alignment."""
    if len(plain["xs"]) != 2:
        return False
    lines = [line for *_, cell_lines in plain["cells"] for line in _lines(cell_lines)]
    return any(isinstance(block, Tabbed) for _, block in pdf_text.blocks(lines))


def _between(lines: Sequence[TextLine], tops: Sequence[float]) -> list[list[TextLine]]:
    """The lines parted where tables start, so that no text runs on across a table."""
    parts: list[list[TextLine]] = [[] for _ in range(len(tops) + 1)]
    for line in lines:
        parts[sum(top < line.top for top in tops)].append(line)
    return parts


@dataclass(slots=True)
class _Ruled:
    """A ruled table as found and as laid out; `starts` gives for each found row the row it became."""

    plain: dict[str, Any]
    table: Table
    starts: list[int]
    bottom: float = 0.0
    titles: list[tuple[float, Title]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bottom = self.ys[-1]

    @property
    def ys(self) -> list[float]:
        return list(self.plain["ys"])

    def with_rows_below(self, lines: Sequence[TextLine], number: int, foot: float) -> list[TextLine]:
        """Take over the rows that stand in the columns of a band of headings; the lines that are left."""
        table = self.table
        under = [line for line in lines if line.top > self.bottom - 1]
        over = [line for line in lines if line.top <= self.bottom - 1]
        if not under or not pdf_bands.is_band([cell.text for cell in table.cells], len(table.xs) - 1):
            return list(lines)
        found = pdf_bands.below(table.xs, self.bottom, under, foot)
        if found is None:
            return list(lines)
        for row, indent in found.rows:
            table.cells += Title(row, indent).cells(table.rows, number)
            table.rows += 1
        table.spans, table.open = False, True
        table.titles = [Title(row, indent) for row, indent in found.titles]
        last = found.used + len(table.titles)
        self.bottom = max(line.bottom for line in under[:last])
        self.titles = [(line.top, title) for line, title in zip(under[found.used : last], table.titles, strict=True)]
        return over + under[last:]

    def holds(self, other: _Ruled) -> tuple[Table, int, int] | None:
        """The cell of this table around another one."""
        xs, ys = self.plain["xs"], self.plain["ys"]
        inner_xs, inner_ys = other.plain["xs"], other.plain["ys"]
        for row, column, height, width, _ in self.plain["cells"]:
            across = xs[column] - 1 <= inner_xs[0] and inner_xs[-1] <= xs[min(column + width, len(xs) - 1)] + 1
            down = ys[row] - 1 <= inner_ys[0] and inner_ys[-1] <= ys[min(row + height, len(ys) - 1)] + 1
            if across and down:
                return self.table, self.starts[row], column
        return None


def _parent(inner: _Ruled, ruled: Sequence[_Ruled]) -> tuple[Table, int, int] | None:
    held = [cell for other in ruled if other is not inner and (cell := other.holds(inner))]
    return min(held, key=lambda cell: (cell[0].xs[-1] - cell[0].xs[0]) * cell[0].rows, default=None)


def _ruled(number: int, plain: dict[str, Any]) -> tuple[Table, list[int]]:
    xs = plain["xs"]
    boxes = [Box(r, c, h, w, _lines(lines), xs[min(c + w, len(xs) - 1)]) for r, c, h, w, lines in plain["cells"]]
    split, starts = split_stacked(boxes)
    indent = indents(split)
    cells = [
        Cell(
            box.row, box.column, box.text, box.row_span, box.column_span, page=number,
            indent=0 if box.column else indent.get(box.row, 0),
        )
        for box in split
    ]  # fmt: skip
    return Table(xs, starts[-1], cells, number, open=plain["open"]), starts


def _lines(plain: Sequence[dict[str, Any]]) -> list[TextLine]:
    return [line for line in map(pdf_text.text_line, plain) if line.pieces]


def _aligned(number: int, block: Tabbed) -> Table:
    return Table([0.0] * (len(block.rows[0]) + 1), len(block.rows), list(block.cells(number)), number, spans=False, open=True)


def _blocks(pages: Sequence[Page]) -> Iterator[Grid | Paragraph]:
    flow = list(joined(pages))
    budget = limits.CellBudget(FORMAT)
    order = {id(item): index for index, item in enumerate(item for _, item in flow if isinstance(item, Table))}
    for page, item in flow:
        if isinstance(item, Title):
            if not item.in_table:
                yield Paragraph(text=item.text, page=page)
            continue
        if isinstance(item, str):
            yield Paragraph(text=item, page=page)
            continue
        columns = len(item.xs) - 1
        budget.spend(len(item.cells), item.rows * columns)
        parent = None if item.parent is None else (order[id(item.parent[0])], *item.parent[1:])
        cells = settle(item.cells, item.rows, columns).cells
        yield Grid(item.rows, columns, cells, spans=item.spans, page=page, parent=parent)
