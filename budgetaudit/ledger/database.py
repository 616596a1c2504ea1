"""A table or query of a database as a ledger: an SQLAlchemy URL, `#`, and the table's name or a SELECT.

PostgreSQL hands over Arrow by itself if its ADBC driver is installed, which is many times faster than rows of Python objects.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from budgetaudit.engines.files import LedgerFile
from budgetaudit.model import ReadError

AT_ONCE = 1 << 16  # rows
_URL = re.compile(r"[a-z][a-z0-9]*(?:\+[a-z0-9_]+)?://", re.IGNORECASE)
_PASSWORD = re.compile(r"(://[^:/@\s]*):[^@\s]*@")
_QUERY = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)


def is_database(path: str) -> bool:
    """True if an input is the URL of a database."""
    return _URL.match(path) is not None


def without_password(path: str) -> str:
    """A URL as it may be shown."""
    return _PASSWORD.sub(r"\1:***@", path)


def open_database(path: str, sample: int, as_text: Any, is_numeric: Any) -> LedgerFile:
    """Open a table or query; raises ReadError if there is none, MissingExtra without SQLAlchemy."""
    try:
        import sqlalchemy
    except ImportError:
        from budgetaudit.engines.job import MissingExtra

        raise MissingExtra("sql", "SQLAlchemy") from None
    address, _, what = path.partition("#")
    shown = without_password(path)
    try:
        engine = sqlalchemy.create_engine(address)
        if not what:
            tables = sqlalchemy.inspect(engine).get_table_names()
            raise ReadError("database-table", url=without_password(address), tables=", ".join(tables[:20]) or "–")
        table = DatabaseTable(engine, what)
        with engine.connect() as connection:
            rows = connection.execute(sqlalchemy.text(f"select * from {table.source()} limit {int(sample)}"))
            names, found = tuple(rows.keys()), rows.fetchall()
            (count,) = connection.execute(sqlalchemy.text(f"select count(*) from {table.source()}")).one()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as fault:
        reason = without_password(str(getattr(fault, "orig", None) or fault).splitlines()[0])
        raise ReadError("ledger-broken", reason=reason) from fault
    columns = tuple(tuple(as_text(row[at]) for row in found) for at in range(len(names)))
    numeric = tuple(name for name, texts in zip(names, columns, strict=True) if is_numeric(texts))
    return LedgerFile(shown, "database", names, columns, numeric, table=table, estimated_rows=int(count))


@dataclass
class DatabaseTable:
    """A table or query that is read by one statement, without a change to anything."""

    engine: Any
    what: str

    def source(self) -> str:
        """What stands behind FROM."""
        if _QUERY.match(self.what):
            return f"({self.what.strip().rstrip(';')}) as ledger"
        quote = self.engine.dialect.identifier_preparer.quote
        return ".".join(quote(part) for part in self.what.split("."))

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Its rows as Arrow record batches."""
        quote = self.engine.dialect.identifier_preparer.quote_identifier
        named = ", ".join(quote(column) for column in columns) or "1"
        statement = f"select {named} from {self.source()}"
        if self.engine.dialect.name == "postgresql" and importlib.util.find_spec("adbc_driver_postgresql"):
            yield from self._by_arrow(statement)
        else:
            yield from self._by_rows(statement, columns)

    def _by_arrow(self, statement: str) -> Iterator[Any]:
        from adbc_driver_postgresql import dbapi

        address = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute("set transaction read only")
            cursor.execute("set synchronize_seqscans = off")  # one order, however often it is read
            cursor.execute(statement)
            for batch in cursor.fetch_record_batch():
                for start in range(0, batch.num_rows, AT_ONCE):
                    yield batch.slice(start, AT_ONCE)

    def _by_rows(self, statement: str, columns: Sequence[str]) -> Iterator[Any]:
        import pyarrow as pa
        from sqlalchemy import text

        with self.engine.connect().execution_options(stream_results=True, max_row_buffer=AT_ONCE) as connection:
            for rows in connection.execute(text(statement)).partitions(AT_ONCE):
                values = zip(*rows, strict=True)
                yield pa.RecordBatch.from_arrays([_array(column) for column in values], names=list(columns))


def _array(values: Sequence[Any]) -> Any:
    """A column of what a driver made of it; where types are mixed, as text."""
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values])
