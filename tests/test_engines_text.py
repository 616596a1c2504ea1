"""Printed numbers to scaled integers: what Arrow reads is the careful reading, cell by cell; pieces leave no trace."""

from __future__ import annotations

import csv
import gzip
import io
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from budgetaudit.engines.arrow_csv import CsvSource
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.files import CsvFile, cut, open_bytes
from budgetaudit.engines.linear import Column, Malformed, Value
from budgetaudit.model import ReadError
from budgetaudit.units import Units
from tests.searching import examples

plain = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(str),
    st.decimals(-(10**9), 10**9, places=1, allow_nan=False).map(str),
    st.integers(0, 10**12).map(lambda number: f"{number:,}"),
    st.decimals(0, 10**9, places=2, allow_nan=False).map(lambda number: f"{number:,}"),
)
STRANGE = [*"x-", " ", "", "△1,802", "(33)", "1e3", "1_000", "NULL", "12a", "1,2,3", "12.", ".5", "+7", " 42 ", "0101", "--1"]
STRANGE += ["9" * 20, "0.123456789", "-0", "1,234.5", "12,345,6789", "１２", "25,500천원", "=1", "5.", "-.5", "1.2.3", "1,23"]
irregular = st.sampled_from(STRANGE)
cells = st.one_of(plain, plain, irregular, st.text(alphabet="0123456789.,-+ e", max_size=20))


def pieces_of(source, parts):
    return [piece for part in parts for piece in source.pieces(part)]


def piece_of(columns: dict[str, list[str]], places: int, quoting: int = csv.QUOTE_MINIMAL, end: str = "\n"):
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)
    names = list(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(row)
    data = text.getvalue().encode()
    readers = {name: CellReader(Column(name), Units()) for name in names[1:]}
    file = CsvFile("x.csv", tuple(names), ",", "utf-8", 0, 0)
    reader = CsvSource(file, readers, dict.fromkeys(names[1:], places), names[:1])
    [piece] = pieces_of(reader, cut(io.BytesIO(data), len(data) + 1))
    return piece, readers


@settings(max_examples=examples(400), deadline=None)
@given(
    st.lists(st.tuples(cells, cells), min_size=1, max_size=30),
    st.integers(0, 7),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
@example([(".", "5"), ("5", ".,5")], 2, csv.QUOTE_MINIMAL, "\n")
@example([("0", "0,000.")], 0, csv.QUOTE_MINIMAL, "\n")
def test_what_arrow_reads_is_the_careful_reading(rows: list[tuple[str, str]], places: int, quoting: int, end: str) -> None:
    columns = {"key": [f"k{i}" for i in range(len(rows))], "a": [a for a, _ in rows], "b": [b for _, b in rows]}
    piece, readers = piece_of(columns, places, quoting, end)
    assert piece.rows == len(rows)
    malformed = {(row, name) for row, name, _, _ in piece.malformed}
    for name in ("a", "b"):
        for row, text in enumerate(columns[name]):
            expected, strange = readers[name].read(text)
            assert (piece.value(row, name), (row, name) in malformed) == (expected, strange), text
    assert [piece.text("key", row) for row in range(len(rows))] == columns["key"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.34", Fraction(1234, 100)),
        ("", None),
        ("NULL", None),
        ("-", Fraction(0)),
        ("△1,802", Fraction(-1802)),
        ("(33)", Fraction(-33)),
        ("1.5e3", Fraction(1500)),
        ("0.30000000000000004", Fraction(30000000000000004, 10**17)),
        ("1e99999", Malformed("1e99999")),
        ("n/a yet", Malformed("n/a yet")),
    ],
)
def test_a_cell(text: str, value: Value) -> None:
    assert CellReader(Column("a"), Units()).read(text)[0] == value


def test_digits_behind_the_eighteenth_are_rounded() -> None:
    assert CellReader(Column("a"), Units()).read("0." + "1" * 18 + "5")[0] == Fraction(Decimal("0." + "1" * 17 + "2"))


ROWS = 200
KEYS = ["0101", "a,b", 'say "no"', "line\nbreak", "가나다"]


def ledger(quoted: bool) -> tuple[bytes, list[list[str]]]:
    rows = [[KEYS[i % (5 if quoted else 1)], str(i), f"{i}.25"] for i in range(ROWS)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(), rows


@pytest.mark.parametrize("quoted", [False, True])
@settings(max_examples=examples(25), deadline=None)
@given(size=st.integers(40, 4000))
def test_pieces_leave_no_trace(quoted: bool, size: int) -> None:
    data, rows = ledger(quoted)
    readers = {name: CellReader(Column(name), Units()) for name in ("a", "b")}
    reader = CsvSource(CsvFile("x", ("k", "a", "b"), ",", "utf-8", 0, 0), readers, {"a": 0, "b": 2}, ["k"])
    read, lines, line = [], [], 0
    for piece in pieces_of(reader, cut(io.BytesIO(data), size)):
        read += [
            (piece.text("k", i), int(piece.amounts["a"].values[i]), int(piece.amounts["b"].values[i])) for i in range(piece.rows)
        ]
        lines += [line + (i if piece.lines is None else int(piece.lines[i])) for i in range(piece.rows)]
        line += piece.line_count
    assert read == [(key, int(a), int(b.replace(".", ""))) for key, a, b in rows]
    assert line == data.count(b"\n")
    starts = [sum(r[0].count("\n") + 1 for r in rows[:i]) for i in range(ROWS)]
    assert lines == starts


def test_rows_of_another_width_are_kept_apart() -> None:
    file = CsvFile("x", ("k", "a", "b"), ",", "utf-8", 0, 0)
    reader = CsvSource(file, {"a": CellReader(Column("a"), Units())}, {"a": 0}, ["k"])
    [piece] = pieces_of(reader, cut(io.BytesIO(b"p,1,2\nq,1\n\nr,3,4,5\ns,7,8"), 1000))
    assert piece.rows == 4
    assert piece.ragged == {1: 2, 2: 4}
    assert [piece.value(row, "a") for row in range(4)] == [Fraction(1), Malformed(""), Malformed(""), Fraction(7)]
    assert list(piece.lines) == [0, 1, 3, 4]


@pytest.mark.parametrize("stray", [b'12" pipe', b'"open'])
def test_a_stray_quote_costs_no_other_row(stray: bytes) -> None:
    lines = [b"k%d,%d,%d" % (i, i, i) for i in range(300)]
    lines[7] = stray + b",7,7"
    file = CsvFile("x", ("k", "a", "b"), ",", "utf-8", 0, 0)
    reader = CsvSource(file, {"a": CellReader(Column("a"), Units())}, {"a": 0}, ["k"])
    values = []
    for piece in pieces_of(reader, cut(io.BytesIO(b"\n".join(lines) + b"\n"), 500)):
        values += [piece.value(row, "a") for row in range(piece.rows)]
    assert values == [Fraction(i) for i in range(300)]


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("budgetaudit.engines.files.MAX_LINE", 1000)
    with pytest.raises(ReadError):
        list(cut(io.BytesIO(b"1" * 5000), 400))


def test_what_inflates_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("budgetaudit.engines.files.RATIO_FREE", 1 << 16)
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0,0\n" * 1_000_000))
    with open_bytes(str(path)) as stream, pytest.raises(ReadError):
        list(cut(stream, 1 << 14))


def test_wide_characters_are_read_as_others(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("가,1\n나,2\n".encode("utf-16"))
    with open_bytes(str(path), "utf-16") as stream:
        assert stream.read().decode() == "가,1\n나,2\n"


def test_values_fit_their_column() -> None:
    piece, _ = piece_of({"k": ["a", "b"], "a": ["9007199254740993", "0.01"]}, 2)
    assert piece.amounts["a"].values.dtype == np.int64
    assert piece.value(0, "a") == 9007199254740993


SWALLOWING = [
    (["k1,1,2", '"k2,3,4', "k3,5,6", 'k4",7,8', "k5,9,9"], [1, 3]),  # keys
    (["k1,1,2", 'k2,"3,4', "k3,5,6", 'k4,7,"8', "k5,9,9"], [1, 3]),  # amounts
    (["k1,1,2", 'k2,"3,4', "k3,5,6", "k4,7,8", "k5,9,9"], [1]),  # never closed
    (["k1,1,2", '"k2,3,4', "k3,5", 'k4",7,8', "k5,9,9"], [1, 3]),  # a short row between
]


@pytest.mark.parametrize(("lines", "stray"), SWALLOWING)
def test_stray_quotes_swallow_no_rows(lines: list[str], stray: list[int]) -> None:
    readers = {name: CellReader(Column(name), Units()) for name in ("a", "b")}
    source = CsvSource(CsvFile("x", ("k", "a", "b"), ",", "utf-8", 0, 0), readers, {"a": 0, "b": 0}, ["k"])
    [piece] = source.pieces(bytearray("\n".join(lines).encode() + b"\n"))
    whole = [row for row, line in enumerate(lines) if line.count(",") == 2]
    assert [piece.text("k", row) for row in whole] == [lines[row].replace('"', "").partition(",")[0] for row in whole]
    printed = [tuple(Fraction(cell) for cell in lines[row].replace('"', "").split(",")[1:]) for row in whole]
    assert [(piece.value(row, "a"), piece.value(row, "b")) for row in whole] == printed
    assert (piece.rows, piece.stray, len(piece.ragged)) == (5, stray, 5 - len(whole))


@pytest.mark.parametrize("text", ['"one\ntwo"', '"first, second\nx, y"', '"a ""b"" c\n\nd"'])
def test_a_text_of_several_lines_is_one_text(text: str) -> None:
    readers = {name: CellReader(Column(name), Units()) for name in ("a", "b")}
    source = CsvSource(CsvFile("x", ("k", "a", "b"), ",", "utf-8", 0, 0), readers, {"a": 0, "b": 0}, ["k"])
    [piece] = source.pieces(bytearray(f"k1,1,2\n{text},3,4\nk5,9,9\n".encode()))
    assert (piece.rows, piece.stray, piece.ragged) == (3, [], {})
    assert piece.text("k", 1) == text[1:-1].replace('""', '"')
    assert (piece.value(1, "a"), piece.lines.tolist()) == (3, [0, 1, 2 + text.count("\n")])
