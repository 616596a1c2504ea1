"""A table or a file as records: named columns, and rows of cells that know where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from budgetaudit.amounts import parse
from budgetaudit.label_text import only_alike, single_spaced
from budgetaudit.labels.labelling import Table, label
from budgetaudit.model import Place, ReadError
from budgetaudit.paths import require_regular
from budgetaudit.readers import read
from budgetaudit.readers.encoding import decode
from budgetaudit.readers.from_csv import find_delimiter, read_records
from budgetaudit.readers.printed import normalise_file
from budgetaudit.units import Units
from budgetaudit.vocabulary import Vocabulary

CSV = (".csv", ".tsv")
PARQUET = (".parquet", ".pq")
SAMPLE, ENOUGH = 2_000, 200  # rows that tell how a column prints; cells that tell what it holds


class NoColumn(LookupError):  # noqa: N818 - carries a name, not a fault
    """A rule names a column that these records have not."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its number in the table as printed, its line in a text file, and its cells in the order of the columns."""

    number: int
    line: int | None
    cells: Sequence[str]


@dataclass(frozen=True)
class Records:
    """Rows under named columns; `table`, `page` and `sheet` say where they stand."""

    path: str
    columns: tuple[str, ...]
    rows: Iterable[Record]
    table: int | None = 1
    page: int | None = None
    sheet: str | None = None
    printed: Sequence[Sequence[str]] = ()  # by column, what some rows hold, if it need not be looked for in them

    def column(self, name: str) -> int:
        """The index of a column: as printed, or the only one alike but for blanks and brackets; raises NoColumn."""
        found = only_alike(name, self.columns)
        if found is None:
            raise NoColumn(name)
        return found

    def sample(self, column: int) -> Sequence[str]:
        """What the first rows hold in a column."""
        return self.printed[column] if self.printed else [record.cells[column] for record in islice(self.rows, SAMPLE)]

    def amounts(self, units: Units) -> list[str]:
        """The columns in which nearly all that is printed reads as numbers."""
        return [name for at, name in enumerate(self.columns) if name and _holds_amounts(self.sample(at), units)]

    def decimals(self, column: int) -> int:
        """How many decimals the first rows of a column need; zeros at the end say nothing."""
        return max((len(text.partition(".")[2].strip().rstrip("0%")) for text in self.sample(column)), default=0)

    def place(self, record: Record, column: int) -> Place:
        """Where a cell stands."""
        return Place(self.path, self.page, self.sheet, self.table, record.number, column + 1, None, record.line)


def _holds_amounts(texts: Sequence[str], units: Units) -> bool:
    printed = [text for text in texts if text.strip()][:ENOUGH]
    return sum(parse(text, units) is not None for text in printed) * 10 >= max(len(printed), 1) * 9


def of_table(table: Table) -> Records:
    """The body of a labelled table under the texts of its header."""
    grid = table.grid
    header = max(table.header_rows, 1)
    texts: dict[int, dict[int, str]] = {}
    lines: dict[int, int | None] = {}
    for cell in grid.cells:
        for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
            texts.setdefault(cell.row, {})[column] = cell.text
        lines.setdefault(cell.row, cell.line)
    first = min(texts, default=0)
    names = tuple(
        single_spaced(
            " ".join(dict.fromkeys(text for row in range(first, header) if (text := texts.get(row, {}).get(column, ""))))
        )
        for column in range(grid.columns)
    )
    rows = tuple(
        Record(row + 1, lines.get(row), [texts[row].get(column, "") for column in range(grid.columns)])
        for row in sorted(texts)
        if row >= header
    )
    return Records(table.place.file, names, rows, table.number, table.place.page, grid.sheet)


def of_file(path: str, words: Vocabulary) -> Records:
    """The records of a CSV or Parquet file, or of the largest table of a document; raises ReadError."""
    suffix = Path(path).suffix.lower()
    if suffix in CSV:
        return _of_csv(path)
    if suffix in PARQUET or Path(path).is_dir():
        return _of_parquet(path)
    tables = [table for table in label(read(path), words) if table.grid.cells]
    if not tables:
        raise ReadError("ledger-no-rows")
    return of_table(max(tables, key=lambda table: len(table.grid.cells)))


def _of_csv(path: str) -> Records:
    try:
        require_regular(path)
        text = normalise_file(decode(Path(path).read_bytes()).text)
    except OSError as fault:
        raise ReadError("ledger-broken", reason=fault.strerror or str(fault)) from fault
    found = ((line, cells) for line, cells in read_records(text.split("\n"), find_delimiter(text), []) if any(cells))
    _, header = next(found, (0, []))
    if not header:
        raise ReadError("ledger-no-rows")
    rows = tuple(Record(number, line, _filled(cells, len(header))) for number, (line, cells) in enumerate(found, start=2))
    return Records(path, tuple(map(single_spaced, header)), rows)


def _filled(cells: Sequence[str], width: int) -> Sequence[str]:
    return cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]


def _of_parquet(path: str) -> Records:
    from pyarrow import dataset  # what reads Parquet brings it

    try:
        data = dataset.dataset(path, format="parquet")
        names = tuple(map(single_spaced, data.schema.names))
    except (OSError, ValueError) as fault:
        raise ReadError("ledger-broken", reason=str(fault)) from fault

    def rows() -> Iterator[Record]:
        number = 1
        for batch in data.to_batches():
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield Record(number, None, ["" if cell is None else str(cell) for cell in cells])

    return Records(path, names, tuple(rows()))


def cells_of(record: Record, columns: Mapping[str, int]) -> dict[str, str]:
    """The cells of some columns under the names a rule gives them."""
    return {name: record.cells[at] for name, at in columns.items()}
