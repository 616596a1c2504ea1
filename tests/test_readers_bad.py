"""Bad input: each ends in one line that names the fault and the remedy, in both languages."""

from __future__ import annotations

import ast
import gzip
import importlib
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from budgetaudit import readers
from budgetaudit.messages import TEXTS, say
from budgetaudit.model import ReadError
from tests.workbooks import rows, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


BAD: list[tuple[str, bytes, str, str]] = [
    ("empty.csv", b"", "read-empty", "empty"),
    ("blank.txt", b"\xef\xbb\xbf \r\n\t", "read-empty", "empty"),
    ("nothing.xlsx", b"\0" * 4096, "read-empty", "empty"),
    ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "read-unsupported", "PNG"),
    ("scan.txt", b"\xff\xd8\xff\xe0" + bytes(range(256)), "read-unsupported", "JPEG"),
    ("table.csv.gz", gzip.compress(b"a,b\n1,2\n"), "read-unsupported", "gzip"),
    (
        "book.ods",
        archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<a/>"}),
        "read-unsupported",
        "OpenDocument",
    ),
    ("slides.pptx", archive(ppt__presentation=b"<a/>"), "read-unsupported", "PPTX"),
    ("book.xlsb", archive(**{"xl__workbook.bin": b"x"}), "read-unsupported", "XLSB"),
    ("other.zip", archive(readme=b"hello"), "read-unsupported", "zip"),
    ("letter.rtf", b"{\\rtf1 hello}", "read-unsupported", "RTF"),
    ("data.xml", b'<?xml version="1.0"?><root><a>1</a></root>', "read-unsupported", "XML"),
    (
        "book.xml",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "read-unsupported",
        "SpreadsheetML",
    ),
    ("noise.csv", bytes(range(256)) * 20, "read-binary", "binary"),
    ("noise.txt", b"\x01\x02\x03\x04" * 200, "read-binary", "binary"),
    ("half.txt", "국비".encode("cp949")[:-1], "read-undecodable", "line 1"),
    ("mixed.csv", "구분,금액\n국비,1\n".encode("cp949") * 5 + "시비,2\n도비,3\n".encode() * 5, "read-undecodable", "UTF-8"),
    ("greek.csv", "Σύνολο,10\nΈσοδα,20\n".encode("cp1253"), "read-undecodable", "UTF-8"),
    ("broken.xlsx", b"PK\x03\x04" + b"rest", "read-broken", "damaged"),
    ("cut.xlsx", workbook(rows(["가", 1]))[:-200], "read-broken", "damaged"),
    ("broken.hwp", OLE + b"\0" * 600, "read-broken", "damaged"),
    ("wide.csv", b"a" + b"," * 20_000 + b"\n", "read-too-many-cells", "line 1"),
    ("deep.html", b"<html>" + b"<div>" * 100_000, "read-html-broken", "nested"),
]


@pytest.mark.parametrize(("name", "data", "code", "word"), BAD, ids=[name for name, *_ in BAD])
def test_bad_input_is_refused_with_one_line(tmp_path: Path, name: str, data: bytes, code: str, word: str):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as error:
        readers.read(path)
    assert error.value.message.code == code
    assert word in say(error.value.message, "en")
    assert all("\n" not in say(error.value.message, lang) for lang in ("ko", "en"))


def test_what_is_no_file_is_refused(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, code in (
        (tmp_path / "없음.csv", "read-missing"),
        (tmp_path, "read-directory"),
        (pipe, "read-no-file"),
        (Path("/dev/zero"), "read-no-file"),
        (tmp_path / "a\0b", "read-no-file"),
        (tmp_path / ("가" * 400), "read-no-file"),
    ):
        with pytest.raises(ReadError) as error:
            readers.read(path)
        assert error.value.message.code == code, path


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_nobody_may_read(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    path.chmod(0)
    with pytest.raises(ReadError) as error:
        readers.read(path)
    assert error.value.message.code == "read-denied"


def test_a_file_too_large_is_not_loaded(tmp_path: Path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(readers.MAX_BYTES + 1)
    with pytest.raises(ReadError) as error:
        readers.read(path)
    assert error.value.message.code == "read-file-too-large"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.hwp", workbook(rows(["가", 1])), "xlsx"),
        ("a.xls", b"<html><body><table><tr><td>1</table>", "html"),
        ("a.csv", b"\xef\xbb\xbf<!-- x --><table><tr><td>1</table>", "html"),
        ("a.jsp", "<%@ page %>\n안내 <table><tr><td>1</table>".encode(), "html"),
        ("a.txt", '<?xml version="1.0"?><!DOCTYPE html><html><p>가</p></html>'.encode(), "html"),
        ("a.txt", "가\t<table><tr><td>1</table>".encode(), "text"),
        ("a.txt", b"a,b,c\n1,2,3\n4,5,6\n", "csv"),
        ("a.txt", "예산 총괄\n(단위: 원)\n구분,계,국비\n계,3,1\n시비,2,2\n".encode(), "csv"),
        ("a.txt", "가, 나, 다를 한다.\n그리고, 끝.\n".encode(), "text"),
        ("a.tsv", "가\t1\n".encode("utf-16"), "csv"),
        ("a.MD", b"# a\n", "markdown"),
        ("README", b"hello", "text"),
    ],
)
def test_content_decides_the_format(tmp_path: Path, name: str, data: bytes, expected: str):
    path = tmp_path / name
    path.write_bytes(data)
    document = readers.read(str(path))
    assert (document.format, document.path, len(document.sha256)) == (expected, str(path), 64)


def test_every_reader_is_registered():
    folder = Path(readers.__file__).parent
    assert sorted(set(readers.FORMATS.values())) == sorted(path.stem for path in folder.glob("from_*.py"))
    for name in readers.FORMATS.values():
        assert callable(importlib.import_module(f"budgetaudit.readers.{name}").read)


def test_readers_do_not_import_each_other():
    folder = Path(readers.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                assert not [name for name in names if ".from_" in name], path.name


def test_every_code_has_a_text():
    folder = Path(readers.__file__).parent
    codes = {
        node.value
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("read-")
        and node.value != "read-"
    }
    assert codes <= set(TEXTS)


def test_a_small_csv_loads_no_heavy_library(tmp_path: Path):
    import subprocess

    path = tmp_path / "a.csv"
    path.write_text("구분,금액\n국비,1\n", encoding="utf-8")
    code = f"import sys; from budgetaudit.readers import read; read({str(path)!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "numpy", "lxml", "openpyxl", "pypdfium2", "olefile"} & set(loaded)
