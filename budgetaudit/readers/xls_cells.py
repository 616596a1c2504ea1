"""What an XLS workbook stores, sheet by sheet, in plain lists. Runs in the child process, where xlrd may fail."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

ROWS_AT_ONCE = 500
_KINDS = {1: "text", 2: "number", 3: "number", 4: "bool", 5: "error"}


def serve() -> None:
    """The child's work: a workbook on standard input, formats, sheets and rows as JSON lines on standard output."""
    import xlrd
    from xlrd.biffh import XLRDError

    data = sys.stdin.buffer.read()
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
        _say(formats=[_format(book, xf) for xf in book.xf_list], since_1904=book.datemode == 1)
        for index, name in enumerate(book.sheet_names()):
            try:
                _sheet(book.sheet_by_index(index), xlrd.error_text_from_code)
            except MemoryError:
                raise
            except Exception:
                _say(sheet=name, unread=True)
            book.unload_sheet(index)
    except MemoryError:
        _say(error="memory")
    except XLRDError as fault:
        _say(error="password" if "encrypt" in str(fault).lower() else "broken")
    except Exception:  # xlrd leaks many types on broken input
        _say(error="broken")
    else:
        _say(done=True)


def _say(**record: Any) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def _format(book: Any, xf: Any) -> list[Any]:
    form = book.format_map.get(xf.format_key)
    return [(form and form.format_str) or "General", xf.alignment.indent_level]


def _sheet(sheet: Any, error_text: dict[int, str]) -> None:
    rows = [_row(sheet, row, error_text) for row in range(sheet.nrows)]
    _say(
        sheet=sheet.name,
        hidden=sheet.visibility != 0,
        merges=[[top, left, bottom - 1, right - 1] for top, bottom, left, right in sheet.merged_cells],
        hidden_rows=[row for row, info in sheet.rowinfo_map.items() if info.hidden],
        hidden_columns=[column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0],
    )
    for start in range(0, len(rows), ROWS_AT_ONCE):
        _say(cells=[cell for row in rows[start : start + ROWS_AT_ONCE] for cell in row])


def _row(sheet: Any, row: int, error_text: dict[int, str]) -> list[list[Any]]:
    """The filled cells of a row: row, column, kind, what is stored, number of the format."""
    found = []
    for column in range(sheet.row_len(row)):
        kind, value = _KINDS.get(sheet.cell_type(row, column)), sheet.cell_value(row, column)
        if kind is None or value == "":
            continue
        shown = error_text.get(value, "#ERR") if kind == "error" else repr(value) if kind == "number" else value
        found.append([row, column, kind, shown, sheet.cell_xf_index(row, column)])
    return found
