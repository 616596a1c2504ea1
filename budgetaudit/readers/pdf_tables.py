"""Tables of a PDF page: from the frames their rules make and the words in them to cells with spans.

A word is put into a cell whole, by its middle; an edge that a text runs through is none in that row.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from budgetaudit.readers import pdf_columns
from budgetaudit.readers.pdf_columns import OVER, Piece
from budgetaudit.readers.pdf_rules import SNAP, Frame, edges
from budgetaudit.readers.pdf_words import DASHES, Uprights, Word, is_number, lines, runs_on, sideways

_WALL = 0.6  # of a row: a rule that covers as much parts its cells
_FLOOR = 0.5
_OVERHANG = 0.35  # of a piece: as much may lie beyond its column
_PAGE = 0.6  # of the page: a single box taller than this is a frame, not a table
_EACH = 3  # rows with amounts, each between two rules, before a label in several lines is one


@dataclass(slots=True)
class Table:
    """A table of the page: its edges, its cells as (row, column, height, width) with their words."""

    frame: Frame
    xs: list[float]
    ys: list[float]
    cells: dict[tuple[int, int, int, int], list[Word]]

    @property
    def is_chart(self) -> bool:
        """True if the grid only draws a diagram: many cells, hardly any filled, no label."""
        filled = [cell for cell, words in self.cells.items() if words]
        letters = any(char.isalpha() for cell in filled for word in self.cells[cell] for char in word.text)
        return not letters and len(filled) * 4 < len(self.cells)

    def cell_lines(self) -> Iterator[tuple[tuple[int, int, int, int], list[list[Word]]]]:
        """Each cell with its lines; words turned sideways are one line more, in the direction they run."""
        for cell, words in self.cells.items():
            yield (
                cell,
                [*lines(word for word in words if word.direction == 0), *sideways(word for word in words if word.direction)],
            )


def table(frame: Frame, words: Sequence[Word], uprights: Uprights, page_height: float) -> Table | None:
    """The table in a frame; None for what only frames a page, or is nothing."""
    return _Layout(frame, words, uprights).table(page_height)


class _Layout:
    """Rows, columns, walls and floors of one table."""

    def __init__(self, frame: Frame, words: Sequence[Word], uprights: Uprights) -> None:
        self.frame, self.uprights = frame, uprights
        self.open = frame.is_open
        self.pieces: dict[int, list[Piece]] = {}  # by the identity of their lines, which the rows keep
        self.lines = lines(word for word in words if word.direction == 0)
        self.turned = [word for word in words if word.direction]
        self.hard = edges([frame.left, frame.right, *(rule.at for rule in frame.upright)])
        self.ys = edges([frame.top, frame.bottom, *(rule.at for rule in frame.across)])

    def table(self, page_height: float) -> Table | None:
        if len(self.hard) < 2 or len(self.ys) < 2:
            return None
        if len(self.hard) == len(self.ys) == 2 and self.ys[1] - self.ys[0] > _PAGE * page_height:
            return None
        self._columns()
        self._rows()
        self.walls = [[self._wall(row, edge) for edge in range(1, len(self.xs) - 1)] for row in range(len(self.tops))]
        for row in range(len(self.tops)):
            self._part_numbers(row)
        self.homes = [self._place(row) for row in range(len(self.tops))]
        cells = self._cells()
        owner = {
            (r, c): cell for cell in cells for r in range(cell[0], cell[0] + cell[2]) for c in range(cell[1], cell[1] + cell[3])
        }
        for row, home in enumerate(self.homes):
            for first, piece in home:
                cells[owner[row, first]] += piece.words
        for word in self.turned:
            x, y = word.middle
            cells[owner[_between(self.tops, y, len(self.tops)), _between(self.xs, x, len(self.xs) - 1)]].append(word)
        return Table(self.frame, self.xs, [*self.tops, self.ys[-1]], cells)

    # --- columns -------------------------------------------------------------------------------

    def _columns(self) -> None:
        """The edges of columns: where rules run down, and in open tables where amounts and texts stand apart."""
        soft: list[float] = []
        set_out = [line for line in self.lines if not (self.open and self._is_prose(line))]
        for left, right in pairwise(self.hard):
            part = [
                pdf_columns.pieces([word for word in line if left <= word.middle[0] < right], number, self.open, self.uprights)
                for number, line in enumerate(set_out)
            ]
            found = pdf_columns.cuts([line for line in part if line], left, right, self.open)
            soft += (cut for cut in found if left + SNAP < cut < right - SNAP)
        self.xs = sorted([*self.hard, *soft])
        self.soft = set(soft)

    def _is_prose(self, line: Sequence[Word]) -> bool:
        """True if a line runs on over more than half of the table without a gap, in words mostly."""
        long = 2 * (line[-1].right - line[0].left) > self.frame.right - self.frame.left
        words = sum(any(char.isalpha() for char in word.text) for word in line)
        close = all(word.left - before.right < pdf_columns.APART * word.size for before, word in pairwise(line))
        return long and close and 3 * words > 2 * len(line)

    # --- rows ----------------------------------------------------------------------------------

    def _rows(self) -> None:
        """The tops of rows, the lines in each, and whether a row starts at a rule."""
        bands: list[list[list[Word]]] = [[] for _ in self.ys[1:]]
        for line in self.lines:
            parts: dict[int, list[Word]] = {}
            for word in line:
                parts.setdefault(_between(self.ys, word.middle[1], len(self.ys) - 1), []).append(word)
            for number, part in parts.items():
                bands[number].append(part)
        self.tops: list[float] = []
        self.ruled: list[bool] = []
        self.rows: list[list[list[Word]]] = []
        counts = [sum(self._has_number(line) for line in band) for band in bands]
        ruled = max(counts, default=0) == 1 and sum(counts) >= _EACH
        for top, band, count in zip(self.ys, bands, counts, strict=False):
            groups = [band] if not self.open or (ruled and count and self._is_row(band)) else self._stacked(band)
            for rank, group in enumerate(groups):
                self.tops.append(min([word.top for line in group for word in line], default=top) if rank else top)
                self.ruled.append(rank == 0)
                self.rows.append(group)

    def _has_number(self, line: Sequence[Word]) -> bool:
        return any(piece.number or piece.dash for piece in self._pieces(line))

    def _is_row(self, band: list[list[Word]]) -> bool:
        """True if the lines between two rules are one row: its amounts, and beside them a label in several lines."""
        rest = [self._spanned(piece) for line in band if not self._has_number(line) for piece in self._pieces(line)]
        return all(columns == range(1) for columns in rest)

    def _stacked(self, band: list[list[Word]]) -> list[list[list[Word]]]:
        """The lines between two rules of an open table as rows: each of its own, but for the lines of a header in one."""
        parts = [self._pieces(line) for line in band]
        numbers = [any(piece.number or piece.dash for piece in part) for part in parts]
        if sum(numbers) < 2 and len(self.xs) < 3:
            return [band]
        rows: list[list[list[Word]]] = []
        whole = False
        for line, part, number in zip(band, parts, numbers, strict=True):
            spans = number or any(len(self._spanned(piece)) > 1 for piece in part)
            if rows and not spans and whole and not (sum(numbers) > 1 and len(part) == 1):
                rows[-1].append(line)
            else:
                rows.append([line])
            whole = not spans and len(part) > 1
        return rows or [band]

    def _pieces(self, line: Sequence[Word]) -> list[Piece]:
        """The pieces of a line, which is asked for several times."""
        if id(line) not in self.pieces:
            self.pieces[id(line)] = self._parts(line)
        return self.pieces[id(line)]

    def _parts(self, line: Sequence[Word]) -> list[Piece]:
        """The pieces of a line; words that stand one in each column are a piece each."""
        parts: list[Piece] = []
        found = pdf_columns.pieces(line, 0, self.open, self.uprights)
        columns = [_between(self.xs, word.middle[0], len(self.xs) - 1) for word in line]
        if self.soft and len(set(columns)) == len(columns) > 2 and not any(self._crosses(word.left, word.right) for word in line):
            return [Piece([word], 0, word.number, word.dash) for word in line]
        for piece in found:
            parts += self._at_rules(piece)
        return parts

    def _at_rules(self, piece: Piece) -> list[Piece]:
        """A piece parted at the rules that run down between its words."""
        parts = [Piece([piece.words[0]], piece.line, piece.number, piece.dash)]
        for before, word in pairwise(piece.words):
            if runs_on(before, word) or self.uprights.between(before.right - 1, word.left + 1, word.top, word.bottom) is None:
                parts[-1].words.append(word)
            else:
                parts.append(Piece([word], piece.line))
        return _judged(parts) if len(parts) > 1 else [piece]

    # --- walls and floors ----------------------------------------------------------------------

    def _crosses(self, left: float, right: float) -> list[int]:
        """The inner edges that something lies on both sides of."""
        return [edge for edge in range(1, len(self.xs) - 1) if left < self.xs[edge] - OVER and right > self.xs[edge] + OVER]

    def _spanned(self, piece: Piece) -> range:
        """The columns a piece lies in: one for a number, or for a text of which little hangs over."""
        home = _between(self.xs, (piece.left + piece.right) / 2, len(self.xs) - 1)
        if piece.number or piece.dash:
            return range(home, home + 1)
        first, last = home, home
        size, width = piece.words[0].size, piece.right - piece.left
        for edge in self._crosses(piece.left, piece.right):
            over = min(self.xs[edge] - piece.left, piece.right - self.xs[edge])
            if over > min(size, _OVERHANG * width):
                first, last = min(first, edge - 1), max(last, edge)
        return range(first, last + 1)

    def _wall(self, row: int, edge: int) -> bool:
        """True if an edge parts the cells of a row."""
        if self.xs[edge] in self.soft:
            return True
        top, bottom = self._height(row)
        return (
            _covered(((rule.start, rule.end) for rule in self.frame.upright if abs(rule.at - self.xs[edge]) <= SNAP), top, bottom)
            > _WALL
        )

    def _part_numbers(self, row: int) -> None:
        """Edges that rules draw in other rows only are walls here too, where a line has a number and more, one in each column."""
        for line in self.rows[row]:
            found = self._pieces(line)
            columns = [self._spanned(piece) for piece in found]
            if any(len(own) > 1 for own in columns) or len({own[0] for own in columns}) < len(columns):
                return
            for (before, left), (piece, right) in pairwise(zip(found, columns, strict=True)):
                between = slice(left[0], right[0])
                if (before.number or piece.number or piece.dash) and not any(self.walls[row][between]):
                    self.walls[row][between] = [True] * (right[0] - left[0])

    def _floor(self, row: int, column: int) -> bool:
        """True if a rule runs below a cell."""
        if row + 1 == len(self.tops) or self.open or not self.ruled[row + 1]:
            return True
        if self._labelled(row, column) and self._labelled(row + 1, column):
            return True
        level = self.tops[row + 1]
        spans = ((rule.start, rule.end) for rule in self.frame.across if abs(rule.at - level) <= SNAP)
        return _covered(spans, self.xs[column], self.xs[column + 1]) > _FLOOR

    def _labelled(self, row: int, column: int) -> bool:
        """True if all that stands in a row is a label of its own in this column and amounts to the right of it."""
        label = [piece for first, piece in self.homes[row] if first == column and not piece.number]
        rest = [piece for first, piece in self.homes[row] if first != column]
        leads = min((first for first, _ in self.homes[row]), default=-1) == column
        return bool(label and rest) and leads and all(piece.number or piece.dash for piece in rest)

    def _height(self, row: int) -> tuple[float, float]:
        return self.tops[row], self.tops[row + 1] if row + 1 < len(self.tops) else self.ys[-1]

    def _place(self, row: int) -> list[tuple[int, Piece]]:
        """The pieces of a row, each with its column; an edge between texts that one of them runs through is none here."""
        home: list[tuple[int, Piece]] = []
        for line in self.rows[row]:
            taken = [(piece, self._spanned(piece)) for whole in self._pieces(line) for piece in self._at_walls(whole, row)]
            for at, (piece, columns) in enumerate(taken):
                first = columns[0] if at == 0 else min(max(columns[0], taken[at - 1][1][-1] + 1), columns[-1])
                last = columns[-1] if at + 1 == len(taken) else max(min(columns[-1], taken[at + 1][1][0] - 1), first)
                if all(self.xs[edge + 1] in self.soft for edge in range(first, last)):
                    self.walls[row][first:last] = [False] * (last - first)
                else:
                    first = _between(self.xs, (piece.left + piece.right) / 2, len(self.xs) - 1)
                home.append((first, piece))
        return home

    def _at_walls(self, piece: Piece, row: int) -> list[Piece]:
        """A piece parted at the ruled walls that stand between its words."""
        parts = [Piece([piece.words[0]], piece.line, piece.number, piece.dash)]
        column = _between(self.hard, piece.words[0].middle[0], len(self.hard) - 1)
        for word in piece.words[1:]:
            at = _between(self.hard, word.middle[0], len(self.hard) - 1)
            if runs_on(parts[-1].words[-1], word):
                at = column
            edges_between = (self.xs.index(self.hard[edge]) for edge in range(column + 1, at + 1))
            last = parts[-1].words[-1]
            beyond = last.number and any(last.right <= cut <= word.left for cut in self.soft)
            if beyond or any(self.walls[row][edge - 1] for edge in edges_between):
                parts.append(Piece([word], piece.line))
            else:
                parts[-1].words.append(word)
            column = max(column, at)
        return _judged(parts) if len(parts) > 1 else [piece]

    def _cells(self) -> dict[tuple[int, int, int, int], list[Word]]:
        """The cells: to the right up to a wall, down while no rule runs below and the walls go on."""
        rows, columns = len(self.tops), len(self.xs) - 1
        taken = [[False] * columns for _ in range(rows)]
        cells: dict[tuple[int, int, int, int], list[Word]] = {}
        for row in range(rows):
            for column in range(columns):
                if taken[row][column]:
                    continue
                width = 1
                while column + width < columns and not self.walls[row][column + width - 1] and not taken[row][column + width]:
                    width += 1
                height = 1
                while row + height < rows and self._goes_on(row + height, column, width, taken):
                    height += 1
                for r in range(row, row + height):
                    taken[r][column : column + width] = [True] * width
                cells[row, column, height, width] = []
        return cells

    def _goes_on(self, row: int, column: int, width: int, taken: Sequence[Sequence[bool]]) -> bool:
        """True if a cell reaches into a row as wide as it is."""
        end = column + width
        if any(taken[row][column:end]) or any(self._floor(row - 1, at) for at in range(column, end)):
            return False
        if (column and not self.walls[row][column - 1]) or (end < len(self.xs) - 1 and not self.walls[row][end - 1]):
            return False
        return not any(self.walls[row][edge] for edge in range(column, end - 1))


def _judged(parts: list[Piece]) -> list[Piece]:
    """The parts of what was one piece, each a number or not by itself."""
    for part in parts:
        part.number, part.dash = is_number(part.text), part.text in DASHES
    return parts


def _between(places: Sequence[float], place: float, count: int) -> int:
    """Which of the stretches between places something lies in."""
    return min(max(bisect.bisect_right(places, place) - 1, 0), count - 1)


def _covered(spans: Iterable[tuple[float, float]], start: float, end: float) -> float:
    """The share of a stretch that spans cover."""
    covered, reach = 0.0, start
    for left, right in sorted(spans):
        left, right = max(left, reach), min(right, end)
        if right > left:
            covered += right - left
            reach = right
    return covered / (end - start) if end > start else 1.0
