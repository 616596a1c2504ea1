"""Find in a tree of markup the cell or the paragraph that a mark speaks of, by what is printed in its row or sentence.

Readers follow spans, notes and fields in their own ways; what is printed is the same for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from budgetaudit.marking.marks import Mark, squeezed

CLIPPED = "…"
MAX_SENTENCE = 200


@dataclass(slots=True)
class Spot:
    """An element with what is printed in it."""

    element: Any
    text: str


@dataclass(slots=True)
class Row:
    """A row of a table: which table it stands in, which row it is, and its cells."""

    table: int
    number: int
    cells: list[Spot]
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.counted = Counter(cell.text for cell in self.cells if cell.text)


class Located:
    """The rows and lines of a document, searched by marks."""

    def __init__(self, rows: Sequence[Row], lines: Sequence[Spot]) -> None:
        self._lines = lines
        self._by_text: dict[str, list[Row]] = {}
        for row in rows:
            for text in row.counted:
                self._by_text.setdefault(text, []).append(row)

    def find(self, mark: Mark) -> Any:
        """The element of a mark: a cell, or a paragraph that holds its sentence; None if there is none."""
        if mark.sentence:
            return self._sentence(mark)
        found = self._cell(mark)
        return self._tabbed(mark) if found is None else found

    def _tabbed(self, mark: Mark) -> Any:
        """The line that prints a row's cells one behind the other, with tabs between them."""
        whole = "".join(map(squeezed, mark.cells))
        same = [line for line in self._lines if whole and line.text == whole]
        return same[0].element if same else None

    def _cell(self, mark: Mark) -> Any:
        printed = squeezed(mark.printed).removesuffix(CLIPPED)
        candidates = self._by_text.get(printed, [])
        if not candidates and mark.printed.endswith(CLIPPED):
            candidates = [row for text, rows in self._by_text.items() if text.startswith(printed) for row in rows]
        if not candidates:
            return None
        wanted = Counter(text for cell in mark.cells if (text := squeezed(cell)))
        table, number = mark.place.table or 0, (mark.place.row or 1) - 1

        def score(row: Row) -> tuple[int, int, int]:
            return sum((row.counted & wanted).values()), -abs(row.table - table), -abs(row.number - number)

        best = max(candidates, key=score)
        cells = [(abs(at - mark.column), cell) for at, cell in enumerate(best.cells) if cell.text.startswith(printed)]
        return min(cells, key=lambda item: item[0])[1].element if cells else None

    def _sentence(self, mark: Mark) -> Any:
        sentence = squeezed(mark.sentence)[:MAX_SENTENCE]
        printed = squeezed(mark.printed)
        holding = [line for line in self._lines if sentence in line.text]
        holding = holding or [line for line in self._lines if printed and printed in line.text and line.text in sentence]
        holding = holding or [line for line in self._lines if len(printed) > 3 and printed in line.text]
        return min(holding, key=lambda line: len(line.text)).element if holding else None
