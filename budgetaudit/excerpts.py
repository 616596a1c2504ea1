"""What is printed around the figures of a finding: rows of a table under its heading and header, or the sentence.

Kept with the finding, so that every report shows the finding in its place without the document at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from budgetaudit.labels.labelling import Table
from budgetaudit.model import Document, Excerpt, Finding, Grid, Paragraph, Place

MAX_EXCERPTS = 4
MAX_ROWS = 7  # of one table
MAX_TEXT = 60  # of one cell
MAX_FINDINGS = 2_000  # of one document: nobody looks at more
SENTENCE = 40  # a cell with more text than this is prose

Spot = tuple[str, Place, str]


def with_excerpts(found: Iterable[Finding], tables: Sequence[Table], documents: Sequence[Document] = ()) -> Iterator[Finding]:
    """The findings, each with the excerpts its figures stand in."""
    source = Source(tables, documents)
    for number, finding in enumerate(found):
        yield replace(finding, excerpts=tuple(source.excerpts(finding))) if number < MAX_FINDINGS else finding


class Source:
    """The tables and lines of documents, looked up by their places."""

    def __init__(self, tables: Sequence[Table], documents: Sequence[Document] = ()) -> None:
        self._tables: dict[tuple[str, int], list[Table]] = {}
        for table in tables:
            self._tables.setdefault((table.place.file, table.number), []).append(table)
        self._documents = documents
        self._printed: dict[int, dict[tuple[int, int], str]] = {}

    def _texts(self, grid: Grid) -> dict[tuple[int, int], str]:
        if id(grid) not in self._printed:
            self._printed[id(grid)] = _texts(grid)
        return self._printed[id(grid)]

    def row(self, place: Place, text: str) -> Excerpt | None:
        """The row of a table that one figure stands in; None for a figure in a sentence."""
        return None if self._prose(("stated", place, text)) else self._rows([(True, ("stated", place, text))])

    def excerpts(self, finding: Finding) -> Iterator[Excerpt]:
        """Those of the stated figure and of what it was compared with, the ones of a table together."""
        groups: dict[tuple[object, ...], list[tuple[bool, Spot]]] = {}
        for number, spot in enumerate(finding.places):
            place = spot[1]
            if self._prose(spot):
                key: tuple[object, ...] = (place.file, place.table, place.row, place.column, place.line, place.paragraph)
            else:
                key = (place.file, place.table)
            groups.setdefault(key, []).append((number == 0, spot))
        for spots in list(groups.values())[:MAX_EXCERPTS]:
            first = spots[0][1]
            made = self._sentence(spots, finding) if self._prose(first) else self._rows(spots)
            if made is not None:
                yield made

    def _prose(self, spot: Spot) -> bool:
        """True if a figure stands in a sentence, in a paragraph or in a cell of prose."""
        place = spot[1]
        if place.row is None or place.column is None:
            return True
        table = self._table(place)
        text = self._texts(table.grid).get((place.row - 1, place.column - 1), "") if table else ""
        return len(text) > max(SENTENCE, len(spot[2]) + 20)

    def _table(self, place: Place) -> Table | None:
        """The table of a place; of two halves of one grid the one that has the figure."""
        found = self._tables.get((place.file, place.table or 0), [])
        at = ((place.row or 0) - 1, (place.column or 0) - 1)
        return next((table for table in found if at in table.figures), found[0] if found else None)

    def _rows(self, spots: Sequence[tuple[bool, Spot]]) -> Excerpt | None:
        place = spots[0][1][1]
        table = self._table(place)
        if table is None:
            return None
        texts = self._texts(table.grid)
        marked = {(spot.row - 1, spot.column - 1): first for first, (_, spot, _) in reversed(spots) if spot.row and spot.column}
        lines = _few(sorted({row for row, _ in marked}), {row for (row, _), first in marked.items() if first})
        columns = range(table.grid.columns)
        heads = {line.index: line.text for line in table.columns}
        top = range(table.header_rows)
        header = tuple(
            _short(heads.get(column) or " ".join(dict.fromkeys(filter(None, (texts.get((row, column), "") for row in top)))))
            for column in columns
        )
        rows = tuple((row + 1, tuple(_short(texts.get((row, column), "")) for column in columns)) for row in lines)
        marks = tuple((lines.index(row), column, first) for (row, column), first in marked.items() if row in lines)
        return Excerpt(place, heading_of(table), header, table.label_columns, rows, marks)

    def _sentence(self, spots: Sequence[tuple[bool, Spot]], finding: Finding) -> Excerpt | None:
        place = spots[0][1][1]
        printed = [text for _, (_, _, text) in spots]
        quoted = str(finding.message.args.get("sentence", "")) if spots[0][0] else ""
        text = self._line(place, printed, quoted)
        if not text:
            return None
        spans: list[tuple[int, int, bool]] = []
        used = 0
        for first, (_, _, part) in spots:
            at = text.find(part, used) if part and not first else text.find(part) if part else -1
            at = at if at >= 0 or not part else text.find(part)
            if at >= 0 and (at, at + len(part)) not in [span[:2] for span in spans]:
                spans.append((at, at + len(part), first))
                used = 0 if first else at + len(part)
        return Excerpt(place, self._above(place), text=text, spans=tuple(spans))

    def _above(self, place: Place) -> str:
        table = self._table(place) if place.table else None
        return heading_of(table) if table else ""

    def _line(self, place: Place, printed: Sequence[str], quoted: str) -> str:
        """The line of a paragraph or of a cell that has most of what is printed."""
        lines = [" ".join(line.split()) for line in self._block(place).split("\n")]
        core = " ".join(quoted.strip("…").split())
        best = max(lines, key=lambda line: (bool(core) and core in line, sum(part in line for part in printed)), default="")
        if any(part in best for part in printed) or (core and core in best):
            return best
        return core

    def _block(self, place: Place) -> str:
        if place.table and place.row and place.column:
            table = self._table(place)
            return self._texts(table.grid).get((place.row - 1, place.column - 1), "") if table else ""
        if place.line is not None:
            return self._lines.get((place.file, place.sheet, place.line), "")
        return self._paragraphs.get((place.file, place.page, place.paragraph), "")

    @cached_property
    def _lines(self) -> dict[tuple[str, str | None, int], str]:
        found: dict[tuple[str, str | None, int], str] = {}
        for file, block in ((document.path, block) for document in self._documents for block in document.blocks):
            if isinstance(block, Paragraph) and block.line is not None:
                for offset, text in enumerate(block.text.split("\n")):
                    found.setdefault((file, block.sheet, block.line + offset), text)
        return found

    @cached_property
    def _paragraphs(self) -> dict[tuple[str, int | None, int | None], str]:
        """Paragraphs as places count them: through the page, or through a document without pages."""
        counts: Counter[tuple[str, int | None]] = Counter()
        found: dict[tuple[str, int | None, int | None], str] = {}
        for file, block in ((document.path, block) for document in self._documents for block in document.blocks):
            if isinstance(block, Paragraph):
                counts[file, block.page] += 1
                found[file, block.page, counts[file, block.page]] = block.text
        return found


def heading_of(table: Table) -> str:
    """What introduces a table: its caption, or the line printed before it, with the unit it counts in."""
    heading = table.caption or next((text for text in reversed(table.heading) if text.strip()), "")
    return _short(" ".join(heading.split()), 2 * MAX_TEXT)


def _texts(grid: Grid) -> dict[tuple[int, int], str]:
    """What is printed at every position; a cell that spans rows is printed in each of them."""
    found: dict[tuple[int, int], str] = {}
    for cell in grid.cells:
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            found[row, cell.column] = cell.text
    return found


def _few(rows: Sequence[int], kept: set[int]) -> list[int]:
    """The rows to show of many: those of the stated figure, the first ones and the last."""
    if len(rows) <= MAX_ROWS:
        return list(rows)
    others = [row for row in rows if row not in kept]
    return sorted({*list(kept)[:MAX_ROWS], *others[: MAX_ROWS - 3], others[-1]})


def _short(text: str, limit: int = MAX_TEXT) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"
