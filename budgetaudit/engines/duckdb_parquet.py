"""Parquet that DuckDB may read by itself: whole amounts and decimals whose statistics say that no sum leaves 64 bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyarrow import parquet, types

from budgetaudit.engines.groups import IrregularCell

GLOB = frozenset("*?[]")  # in a path DuckDB takes them for patterns
LONGEST = 18  # digits that 64 bits hold for certain


@dataclass
class PlainParquet:
    """A query with the columns of a feed: `r`, `irregular`, `k…` and `v…`; and what a feed counts while it reads."""

    sql: str
    rows: int
    figures: int
    fault: Exception | None = None
    irregular_cells: list[IrregularCell] = field(default_factory=list)

    def line_of(self, row: int) -> int:
        """Parquet has no lines: a row stands for itself."""
        return row


def plain_parquet(paths: Sequence[str], places: Mapping[str, int], keys: Sequence[str], small: int) -> PlainParquet | None:
    """The query over files whose amounts (with so many decimals) need no look at; None if some do.

    A file tells the least and the greatest of its amounts: all must stay below `small` once they are integers.
    """
    queries, rows, figures = [], 0, 0
    for path in paths:
        metadata = parquet.read_metadata(path)
        if GLOB & set(path) or metadata.num_columns != len(metadata.schema.to_arrow_schema()):
            return None
        schema = metadata.schema.to_arrow_schema()
        if not all(_is_text(schema.field(key).type) for key in keys):
            return None
        amounts = {name: _counted(_quoted(name), schema.field(name).type, wanted) for name, wanted in places.items()}
        if None in amounts.values():
            return None
        for name, wanted in places.items():
            limit = min(small // 10**wanted, 10 ** (LONGEST - 2 * wanted))
            empty = _blanks_below(metadata, schema.get_field_index(name), limit)
            if empty is None:
                return None
            figures += metadata.num_rows - empty
        columns = [f"file_row_number + {rows} as r", "false as irregular"]
        columns += [f"coalesce(encode({_quoted(key)}), ''::blob) as k{at}" for at, key in enumerate(keys)]
        columns += [f"{count} as v{at}" for at, count in enumerate(amounts.values())]
        text = path.replace("'", "''")
        queries.append(f"select {', '.join(columns)} from read_parquet('{text}', file_row_number = true)")
        rows += metadata.num_rows
    return PlainParquet(" union all ".join(queries), rows, figures)


def _is_text(kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _counted(column: str, kind: Any, places: int) -> str | None:
    """A column as integers that count its last decimal; None if it is no whole number or decimal, or has more of them."""
    if types.is_integer(kind) and not types.is_uint64(kind):
        return f"cast({column} as bigint)" + (f" * {10**places}" if places else "")
    if types.is_decimal(kind) and kind.precision <= LONGEST and 0 <= kind.scale <= places:
        return f"cast({column} * {10**places} as bigint)"
    return None


def _blanks_below(metadata: Any, column: int, limit: int) -> int | None:
    """How many cells of a column are blank, if all others are known to be below a limit; else None."""
    blanks = 0
    for group in range(metadata.num_row_groups):
        told = metadata.row_group(group).column(column).statistics
        if told is None or not told.has_null_count:
            return None
        blanks += told.null_count
        if told.null_count == metadata.row_group(group).num_rows:
            continue
        if not told.has_min_max or max(abs(told.min), abs(told.max)) >= limit:
            return None
    return blanks


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
