"""A ledger before it is run: its format, its columns and what a sample of its rows looks like.

A ledger is a Parquet file (or a folder of them), a compressed CSV, or a plain CSV with one header line.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from budgetaudit.amounts import parse
from budgetaudit.engines.cells import NOTHING, places_printed
from budgetaudit.engines.files import OPENERS, CsvFile, LedgerFile, State, open_bytes
from budgetaudit.ledger import sheet
from budgetaudit.ledger.database import is_database, open_database
from budgetaudit.ledger.rules import fits, has_keys
from budgetaudit.model import ReadError
from budgetaudit.paths import require_regular
from budgetaudit.readers.encoding import decode
from budgetaudit.readers.from_csv import find_delimiter
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.units import Units

HEAD = 256 << 10
SAMPLE = 2000
ENOUGH = 200  # cells that tell a column of amounts
MOST_PLACES = 9
FEW_ROWS = 2_000  # up to here every comparison can be listed, with its place in the table
MANY_ROWS = 20_000  # beyond this understanding every cell as a document would costs more than it finds
PARQUET = (".parquet", ".pq")
COMPRESSED = (*OPENERS, ".zip")
PLAIN_CSV = (".csv", ".tsv")
BY_KEY = frozenset(["rollup", "unique"])  # kinds that nothing but an engine runs
_NUMBER = re.compile(r"[-+△▲(]?[\d,]*\d(?:\.\d+)?\)?")


def places(file: LedgerFile, column: str) -> int:
    """The decimals that the sample prints in a column."""
    texts = file.sample[file.columns.index(column)] if file.sample else ()
    return min(max((places_printed(text.strip()) for text in texts), default=0), MOST_PLACES)


def stated_places(file: LedgerFile, column: str) -> int:
    """The decimals that the amounts of a column's sample need: zeros at the end say nothing, as not every format keeps them."""
    texts = file.sample[file.columns.index(column)] if file.sample else ()
    plain = (text.strip() for text in texts)
    needed = (places_printed(text.rstrip("0")) if places_printed(text) else 0 for text in plain)
    return min(max(needed, default=0), MOST_PLACES)


def has_ledger_format(path: Path) -> bool:
    """True if only a ledger comes in this format: Parquet, or compressed CSV."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if os.path.isdir(path):  # noqa: PTH112 - no fault where the folder above may not be entered
        with suppress(PermissionError):
            return any(child.suffix.lower() in PARQUET for child in path.iterdir())
        return False
    if suffixes[-1:] and suffixes[-1] in PARQUET:
        return True
    return len(suffixes) > 1 and suffixes[-1] in COMPRESSED and suffixes[-2] in (".csv", ".tsv", ".txt")


def is_ledger(path: str | Path, rules: RuleSet, *, asked: bool = False, over_rows: bool = False) -> bool:
    """True if a file goes to an engine instead of being understood as a document.

    It does if only ledgers come in its format; or if it is a plain CSV with one header line, and has tens of thousands of rows,
    or a rule is about keys that it has, or all rules are sums or ratios of columns that it names and it has thousands of rows.
    `asked`: what only ledgers have was asked for, so that it need not be large; `over_rows`: there are rules over rows besides.
    """
    if is_database(str(path)):
        return True
    path = Path(path)
    if has_ledger_format(path):
        return True
    large_sheet = path.suffix.lower() in sheet.SUFFIXES and max(sheet.rows_of_sheets(str(path)), default=0) > MANY_ROWS
    if (path.suffix.lower() not in PLAIN_CSV and not large_sheet) or not os.path.isfile(path):  # noqa: PTH113
        return False
    kinds = {rule.kind for rule in rules.active()}
    by_key = bool(kinds & BY_KEY)
    try:
        file = open_ledger(str(path), Units())
    except ReadError as error:
        return (by_key or asked) and error.message.code == "ledger-no-rows"  # the audit says so
    if not is_header(file.columns):
        return False
    by_key = any(rule.kind in BY_KEY and has_keys(rule, file.columns) for rule in rules.active())
    if by_key or file.estimated_rows > MANY_ROWS:
        return True
    large = asked or file.estimated_rows > FEW_ROWS
    return (
        large and bool(kinds or over_rows) and kinds <= {"formula"} and all(fits(rule, file.columns) for rule in rules.active())
    )


def open_ledger(path: str, units: Units) -> LedgerFile:
    """Open a ledger; raises ReadError if it is none."""
    if is_database(path):
        return open_database(path, SAMPLE, _text, partial(_is_numeric, units=units))
    folder = Path(path).is_dir()
    parts = parquet_parts(path)
    try:
        for part in parts:
            require_regular(part)
    except OSError as fault:
        raise ReadError("read-no-file") from fault
    states = tuple(State.of(part) for part in parts)
    try:
        parquet = folder or Path(path).suffix.lower() in PARQUET
        if path.lower().endswith(sheet.SUFFIXES):
            opened = sheet.open_sheet(path, SAMPLE, is_header, partial(_is_numeric, units=units))
        else:
            opened = _open_parquet(path) if parquet else _open_csv(path, units)
        return replace(opened, states=states)
    except OSError as fault:
        raise ReadError("ledger-broken", reason=fault.strerror or str(fault)) from fault


# --- CSV ---------------------------------------------------------------------------------------


def _open_csv(path: str, units: Units) -> LedgerFile:
    with open_bytes(path) as stream:
        head = _read(stream, HEAD)
    whole = len(head) < HEAD
    decoded = decode(head if whole else head[: head.rfind(b"\n") + 1] or head)
    encoding = decoded.encoding
    if encoding != "utf-8":
        with open_bytes(path, encoding) as stream:
            head = _read(stream, HEAD)
        whole, encoding = len(head) < HEAD, "utf-8"
    text = head if whole else head[: head.rfind(b"\n") + 1]
    return _sampled_csv(path, text, decoded.encoding, encoding, whole, units)


def _sampled_csv(path: str, head: bytes, stored: str, encoding: str, whole: bool, units: Units) -> LedgerFile:
    mark = head.startswith(b"\xef\xbb\xbf")
    text = head[3 if mark else 0 :].decode(encoding, "replace")
    delimiter = find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    header: list[str] = []
    lines, before, breaks = 0, 0, False
    try:
        for row in reader:
            breaks, before = breaks or reader.line_num > before + 1, reader.line_num
            if not header:
                lines, header = reader.line_num, row
            elif row:
                rows.append(row)
            if len(rows) >= SAMPLE:
                break
    except csv.Error as fault:
        raise ReadError("ledger-header") from fault
    if is_header(header) and not rows:
        raise ReadError("ledger-no-rows")
    if not is_header(header) or sum(len(row) == len(header) for row in rows) * 2 < len(rows):
        raise ReadError("ledger-header")
    end = -1
    for _ in range(lines):
        end = text.find("\n", end + 1)
    size = len(text[: end + 1].encode(encoding)) + (3 if mark else 0)
    names = tuple(" ".join(name.split()) for name in header)
    columns = tuple(tuple(row[at] for row in rows if len(row) == len(header)) for at in range(len(header)))
    numeric = tuple(name for name, texts in zip(names, columns, strict=True) if _is_numeric(texts, units))
    file = CsvFile(path, names, delimiter, stored, size, lines, breaks)
    total = len(head) if whole else _size(path)
    estimated = len(rows) if whole and len(rows) < SAMPLE else total * head.count(b"\n") // max(len(head), 1)
    return LedgerFile(path, "csv", names, columns, numeric, file, estimated_rows=estimated)


def _size(path: str) -> int:
    size = Path(path).stat().st_size
    return size * 5 if Path(path).suffix.lower() in COMPRESSED else size


def _read(stream: Any, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := stream.read(size - len(found))):
        found += more
    return found


def is_header(names: Sequence[str]) -> bool:
    """True if a row names columns: at least two words, none repeated, none empty, none a number."""
    words = [" ".join(name.split()) for name in names]
    return len(words) > 1 and all(words) and len(set(words)) == len(words) and not any(_NUMBER.fullmatch(word) for word in words)


def _is_numeric(texts: Sequence[str], units: Units) -> bool:
    """True if a column holds amounts: nearly all that is printed reads as numbers, and no number is written like a code."""
    printed = [text.strip() for text in texts if text.strip() not in NOTHING][:ENOUGH]
    if not printed or any(text[:1] == "0" and text.isdigit() and len(text) > 1 for text in printed):
        return False
    return sum(parse(text, units) is not None for text in printed) * 10 >= len(printed) * 9


# --- Parquet -----------------------------------------------------------------------------------


def parquet_parts(path: str) -> tuple[str, ...]:
    """The files of a ledger in Parquet: the file itself, or those of a folder in the order of their names."""
    folder = Path(path)
    if not folder.is_dir():
        return (path,)
    return tuple(str(child) for child in sorted(folder.rglob("*")) if child.suffix.lower() in PARQUET and not child.is_dir())


def _open_parquet(path: str) -> LedgerFile:
    parts = parquet_parts(path)
    if not parts:
        raise ReadError("ledger-broken", reason="no Parquet file in the folder")
    return _by_arrow(path, parts)


def _by_arrow(path: str, parts: tuple[str, ...]) -> LedgerFile:
    from pyarrow import ArrowException, parquet, types

    try:
        rows = 0
        for part in parts:
            with parquet.ParquetFile(part) as file:
                rows += file.metadata.num_rows
                if part == parts[0]:
                    schema = file.schema_arrow
                    batch = next(file.iter_batches(SAMPLE, use_threads=False), None)
                elif [field.name for field in file.schema_arrow] != [field.name for field in schema]:
                    raise ReadError("ledger-parts", part=part)
    except ArrowException as fault:
        raise ReadError("ledger-broken", reason=str(fault).splitlines()[0]) from fault

    def amount(kind: Any) -> bool:
        return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))

    numeric = tuple(field.name for field in schema if amount(field.type))
    sample = tuple(_texts(_printable(batch.column(at)).to_pylist()) if batch is not None else () for at in range(len(schema)))
    kinds = tuple(str(field.type) for field in schema)
    return LedgerFile(path, "parquet", tuple(schema.names), sample, numeric, None, parts, kinds, rows)


def _printable(array: Any) -> Any:
    """An Arrow array whose values print as they should: a float of 32 bits as its own shortest decimal, not that of 64 bits."""
    from pyarrow import string, types

    return array.cast(string()) if types.is_float32(array.type) else array


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if value is None else _text(value) for value in values)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0") if value == value else ""
    if isinstance(value, Decimal):
        # A type with very many decimals says nothing about what was printed.
        return format(value.normalize() if -int(value.as_tuple().exponent) > MOST_PLACES else value, "f")
    return str(value)
