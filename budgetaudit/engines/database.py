"""What an engine of SQL gives, so that roll-ups are one thing for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.groups import IrregularCell
from budgetaudit.engines.linear import Column


class Database(Protocol):
    """Files known by names, queries over them that are kept, and short answers."""

    scaled: bool  # whether its amounts are the integers of a piece, and not the decimals they stand for

    def open(
        self, name: str, file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], keys: Sequence[str]
    ) -> None:
        """Make a file known by a name, with the columns of `sql.py`."""
        ...

    def keep(self, name: str, query: str, table: str, keys: Sequence[str], amounts: Sequence[str]) -> Any:
        """Run a query once over some columns of a table and keep its rows under a name."""
        ...

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a short answer."""
        ...

    def irregular_cells(self, kept: str, table: str, keys: Sequence[str], amounts: Sequence[str]) -> list[IrregularCell]:
        """The cells of some columns that it did not add up: (key, measure, value)."""
        ...
