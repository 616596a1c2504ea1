"""What an engine of SQL gives, so that one run serves all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from numpy.typing import NDArray

from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.job import Result
from budgetaudit.engines.linear import Column

Page = Mapping[str, NDArray[Any]]


class Database(Protocol):
    """What an engine gives: views over files, queries, and the way from its row ids to rows of the file."""

    listed: str  # its function that makes a list of texts

    def open(
        self, name: str, file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], keys: Sequence[str]
    ) -> None:
        """Lay a view with the columns of `sql.py` over a file."""
        ...

    def keep(self, name: str, query: str) -> None:
        """Run a query once and keep its rows under a name."""
        ...

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a short answer."""
        ...

    def pages(self, query: str) -> Iterator[Page]:
        """The rows of a long answer in parts, in the order of `r`; no column holds nulls but those of text."""
        ...

    def count(self, table: str) -> int:
        """The number of rows of a view."""
        ...

    def ragged(self) -> list[tuple[int, int]]:
        """The rows of the ledger that have another number of fields than its header, by row id, and that number."""
        ...

    def row_of(self, table: str) -> Callable[[int], int]:
        """The function from a view's row ids to the rows of its file."""
        ...

    def place(self, result: Result) -> None:
        """Turn row ids into rows and lines of the files."""
        ...


def renumbered(result: Result, row_of: Callable[[int], int], published_row_of: Callable[[int, int], int]) -> None:
    """Give every hit, cell and group its row; `row_of` turns an engine's row id into a row of the ledger."""
    for largest in result.largest:
        largest.hits = [replace(hit, row=row_of(hit.row)) for hit in largest.hits]
    result.cells = [replace(cell, row=row_of(cell.row)) for cell in result.cells]
    for at, found in enumerate(result.rollups):
        for largest in found.largest:
            largest.hits = [replace(hit, row=published_row_of(at, hit.row)) for hit in largest.hits]
        found.missing = [replace(group, first=row_of(group.first), last=row_of(group.last)) for group in found.missing]
        found.extra = [
            replace(group, first=published_row_of(at, group.first), last=published_row_of(at, group.last))
            for group in found.extra
        ]
    for duplicates in result.duplicates:
        duplicates.groups = [replace(group, first=row_of(group.first), last=row_of(group.last)) for group in duplicates.groups]
