"""A workbook of one large sheet as a ledger: its rows come from Rust (calamine), not from a tree of XML."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from budgetaudit.engines.files import LedgerFile
from budgetaudit.model import ReadError

SUFFIXES = (".xlsx", ".xlsm")
AT_ONCE = 1 << 14  # rows
DIGITS = 15  # that a spreadsheet keeps
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+(?::[A-Z]+(\d+))?"')
LARGE = 1 << 24  # bytes of a sheet that does not say how many rows it has


def rows_of_sheets(path: str) -> list[int]:
    """About how many rows each sheet of a workbook has, as it says itself; empty if it is no workbook."""
    found: list[int] = []
    if not os.path.isfile(path):  # noqa: PTH113 - for any text; a pipe would be waited for
        return found
    with suppress(OSError, zipfile.BadZipFile, ValueError, RuntimeError), zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                with archive.open(member) as stream:
                    declared = _DIMENSION.search(stream.read(4096))
                rows = int(declared.group(1) or 1) if declared else 0
                found.append(rows or member.file_size * 100_000 // LARGE)
    return found


def open_sheet(path: str, sample: int, is_header: Any, is_numeric: Any) -> LedgerFile:
    """Open a workbook whose first row names the columns; raises ReadError if it is none."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except (CalamineError, OSError) as fault:
        raise ReadError("ledger-broken", reason=str(fault).splitlines()[0]) from fault
    filled = [sheet for sheet in sheets if sheet.total_height > 0]
    if len(filled) != 1:
        raise ReadError("ledger-header")
    table = SheetTable(filled[0])
    first = next(table.rows(), [])
    names = tuple(" ".join(text_of(cell).split()) for cell in first)
    if not is_header(names):
        raise ReadError("ledger-header")
    table.names = names
    rows = list(islice(table.rows(), 1, sample + 1))
    if not rows:
        raise ReadError("ledger-no-rows")
    columns = tuple(tuple(text_of(row[at]) for row in rows) for at in range(len(names)))
    numeric = tuple(name for name, texts in zip(names, columns, strict=True) if is_numeric(texts))
    return LedgerFile(path, "sheet", names, columns, numeric, table=table, estimated_rows=filled[0].total_height - 1)


@dataclass
class SheetTable:
    """The rows of a sheet below its header."""

    sheet: Any
    names: tuple[str, ...] = ()

    def rows(self) -> Iterator[list[Any]]:
        yield from self.sheet.iter_rows()

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Its rows as Arrow record batches; empty rows at the end are none."""
        import pyarrow as pa

        at = [self.names.index(column) for column in columns]
        rows = islice(self.rows(), 1, None)
        while chunk := list(islice(rows, AT_ONCE)):
            yield pa.RecordBatch.from_arrays([_array([row[column] for row in chunk]) for column in at], names=list(columns))


def _array(values: Sequence[Any]) -> Any:
    """A column of numbers as such; anything else as the texts it prints."""
    import pyarrow as pa

    if all(value == "" or type(value) in (float, int) for value in values):
        return pa.array([None if value == "" else rounded(value) for value in values], pa.float64())
    return pa.array([text_of(value) for value in values], pa.string())


def rounded(value: float) -> float:
    """A number without what binary arithmetic left behind its fifteenth digit."""
    return value if value == int(value) else float(f"{value:.{DIGITS}g}")


def text_of(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, float):
        return f"{rounded(value):.{DIGITS}g}" if abs(value) < 10**DIGITS else repr(value)
    return "" if value is None else str(value)
