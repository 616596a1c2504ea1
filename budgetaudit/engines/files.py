"""The files of a ledger; a CSV as pieces of bytes that end at line ends, plain, compressed, or of another encoding.

Nothing is ever read whole; a line without end, a file that inflates without end and one that changes meanwhile are refused.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO, Any, Literal

from budgetaudit.model import ReadError

PIECE = 8 << 20  # bytes of text that are read together: fewer cost more steps, more leave the cache
MAX_LINE = 16 << 20
MAX_QUOTED = 64 << 10
MAX_RATIO = 1000  # tables of figures shrink 3- to 20-fold; beyond this, once large, it is a bomb
RATIO_FREE = 1 << 30
OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
NEWLINE, RETURN, QUOTE, POINT = 10, 13, 34, 46


@dataclass(frozen=True)
class CsvFile:
    """A CSV file with one header line. `skip`: bytes before the first row; `lines`: lines before it.

    `breaks`: whether texts hold line ends, as far as the sample shows.
    """

    path: str
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    skip: int
    lines: int
    breaks: bool = False

    def pieces(self, size: int = PIECE) -> Iterator[bytearray]:
        """The rows in pieces that end at line ends."""
        with open_bytes(self.path, self.encoding) as stream:
            left = self.skip
            while left > 0 and (got := len(stream.read(min(left, size)))):
                left -= got
            yield from cut(stream, size)

    def stretches(self) -> list[tuple[int, int]] | None:
        """Where the pieces of a plain file lie: first byte and length; None if its bytes are not those of the pieces."""
        if self.encoding != "utf-8" or Path(self.path).suffix.lower() in (*OPENERS, ".zip"):
            return None
        lengths = [len(piece) for piece in self.pieces()]
        return list(zip(accumulate(lengths, initial=self.skip), lengths, strict=False))

    def read(self, first: int, length: int) -> bytearray:
        """One piece by itself; the last one is given a line end if it has none."""
        with Path(self.path).open("rb") as stream:
            stream.seek(first)
            data = bytearray(stream.read(length))
        return data if data.endswith(b"\n") else data + b"\n"


@dataclass(frozen=True)
class LedgerFile:
    """An opened ledger. `sample`: the texts of the first rows, column by column; `numeric`: the columns of amounts.

    `table`: what is read row by row, if it is no CSV and no Parquet; `states`: what its files were when it was opened.
    """

    path: str
    format: Literal["csv", "parquet", "sheet", "database"]
    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    numeric: tuple[str, ...]
    csv: CsvFile | None = None
    parts: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    estimated_rows: int = 0
    states: tuple[State, ...] = ()
    table: Any = None

    def unchanged(self) -> bool:
        """True if the files are unchanged since the ledger was opened."""
        return all(state == State.of(state.path) for state in self.states)


@dataclass(frozen=True, slots=True)
class State:
    """What tells a file from the one that replaced it, or from itself before somebody wrote to it."""

    path: str
    size: int = -1
    modified: int = -1
    number: int = -1

    @classmethod
    def of(cls, path: str) -> State:
        """The state of a file now; of one that is gone no other is the same."""
        try:
            found = Path(path).stat()
        except OSError:
            return cls(path)
        return cls(path, found.st_size, found.st_mtime_ns, found.st_ino)


def open_bytes(path: str, encoding: str = "utf-8") -> IO[bytes]:
    """The bytes of a plain or compressed file in UTF-8, so that a key is the same key whatever encoding it comes in."""
    suffix = Path(path).suffix.lower()
    stream: Any
    if suffix in OPENERS:
        stream = OPENERS[suffix](path, "rb")
    elif suffix == ".zip":
        stream = _only_member(path)
    else:
        return Path(path).open("rb") if encoding == "utf-8" else _Recoded(Path(path).open("rb"), encoding)  # type: ignore[return-value]
    bounded = _Bounded(stream, Path(path).stat().st_size)
    return bounded if encoding == "utf-8" else _Recoded(bounded, encoding)  # type: ignore[return-value]


def _only_member(path: str) -> Any:
    archive = zipfile.ZipFile(path)
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) != 1:
        raise ReadError("ledger-zip", members=len(members))
    return archive.open(members[0])


class _Bounded(io.RawIOBase):
    """A stream that refuses to inflate without end."""

    def __init__(self, stream: Any, size: int) -> None:
        self.stream, self.room = stream, max(RATIO_FREE, size * MAX_RATIO)

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        try:
            got: int = self.stream.readinto(target)
        except (OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile, ValueError, RuntimeError) as fault:
            raise ReadError("ledger-broken", reason=str(fault)) from fault
        self.room -= got
        if self.room < 0:
            raise ReadError("ledger-bomb", ratio=MAX_RATIO)
        return got

    def close(self) -> None:
        self.stream.close()
        super().close()


class _Recoded(io.RawIOBase):
    """A stream of another encoding as UTF-8."""

    def __init__(self, stream: Any, encoding: str) -> None:
        self.text = io.TextIOWrapper(io.BufferedReader(stream), encoding, errors="replace", newline="")
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        if not self.rest:
            self.rest = self.text.read(max(len(target) // 4, 1)).encode()
        got = min(len(target), len(self.rest))
        target[:got], self.rest = self.rest[:got], self.rest[got:]
        return got

    def close(self) -> None:
        self.text.close()
        super().close()


def cut(stream: IO[bytes], size: int) -> Iterator[bytearray]:
    """The bytes of a stream in pieces that end at line ends; the last one is given a line end if it has none."""
    rest = b""
    while True:
        buffer = bytearray(len(rest) + size + 1)
        buffer[: len(rest)] = rest
        full = len(rest) + size
        stop = _fill(stream, buffer, len(rest), full)
        last = stop < full
        if last and stop and buffer[stop - 1] != NEWLINE:
            buffer[stop] = NEWLINE
            stop += 1
        end = stop if last else _last_line_end(buffer, stop)
        rest = bytes(memoryview(buffer)[end:stop])
        if len(rest) > MAX_LINE:
            raise ReadError("ledger-line", limit=MAX_LINE >> 20)
        if end:
            del buffer[end:]
            yield buffer
        if last:
            return


def _fill(stream: IO[bytes], buffer: bytearray, start: int, stop: int) -> int:
    """Read until the buffer is full or the stream ends; where it ended."""
    while start < stop:
        with memoryview(buffer) as view:
            got = stream.readinto(view[start:stop])  # type: ignore[attr-defined]
        if not got:
            break
        start += got
    return start


def _last_line_end(buffer: bytearray, stop: int) -> int:
    """Behind the last line end that is not inside quotes; 0 if there is none yet.

    Where a text in quotes would be longer than any text is, the quotes are stray ones and any line end will do.
    """
    end = buffer.rfind(b"\n", 0, stop) + 1
    if buffer.find(QUOTE, 0, end) < 0 or not buffer.count(QUOTE, 0, end) % 2:  # to find none is far faster
        return end
    import numpy as np  # what only a document asks is answered without it

    body = np.frombuffer(buffer, np.uint8)[:end]
    outside = np.flatnonzero((body == NEWLINE) & ~np.logical_xor.accumulate(body == QUOTE))
    last = int(outside[-1]) + 1 if len(outside) else 0
    return end if end - last > MAX_QUOTED else last
