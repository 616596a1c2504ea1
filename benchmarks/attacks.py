# ruff: noqa: E501
"""Hostile inputs, each with its bound: `python benchmarks/attacks.py [NAME...] [--command CMD] [--json FILE]`.

Every attack writes one file (or folder) and runs `budgetaudit check` on it, or the command it names. A row says the exit code, seconds of
processor time, peak memory, and whether it held: an exit code it may end with, no traceback, at most 10 s for each 10 MB begun and 1 GiB.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
SECONDS, MEMORY = 10.0, 1 << 30
HEAD = "사업,국비,도비,시비,계\n"


@dataclass(frozen=True)
class Attack:
    """A hostile input: its file name, what makes it, the exit codes it may end with, and words that must be said."""

    name: str
    file: str
    make: Callable[[], bytes | str]
    codes: tuple[int, ...] = (0, 1, 3)
    says: str = ""
    command: tuple[str, ...] = ("check",)
    options: tuple[str, ...] = ()


def rows(count: int) -> list[str]:
    return [f"사업{n},{7 * n % 977},{n},{3 * n},{7 * n % 977 + 4 * n}" for n in range(1, count + 1)]


def stray(count: int, *at: int) -> str:
    lines = rows(count)
    for index in at:
        lines[index] = lines[index].replace("사업", '"사업', 1)
    return HEAD + "\n".join(lines) + "\n"


def xlsx(sheet: str) -> bytes:
    """A workbook of one sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxml'
        'formats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/'
        'sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="s" Type="{office}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}">{sheet}</worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def cell(name: str, value: object) -> str:
    return f'<c r="{name}"><v>{value}</v></c>'


def formulas(count: int) -> bytes:
    body = "".join(f'<row r="{n}"><c r="A{n}"><f>B{n}+1</f></c></row>' for n in range(1, count + 1))
    return xlsx(f"<sheetData>{body}</sheetData>")


def merges() -> bytes:
    body = "".join(f'<row r="{n}">{cell(f"A{n}", n)}</row>' for n in range(1, 4))
    refs = "".join(f'<mergeCell ref="A{n}:XFD{1048576 - n}"/>' for n in range(1, 20))
    return xlsx(f'<sheetData>{body}</sheetData><mergeCells count="19">{refs}</mergeCells>')


def sparse() -> bytes:
    body = f'<row r="1">{cell("A1", 1)}</row><row r="1000000">{cell("XFD1000000", 2)}</row>'
    return xlsx(f"<sheetData>{body}</sheetData>")


def html_spans(row_span: int, column_span: int, count: int) -> str:
    cells = f'<td rowspan="{row_span}" colspan="{column_span}">1</td>' * count
    return f"<table><tr>{cells}</tr></table>"


def wide_html() -> str:
    return "<table><tr>" + "<td>1</td>" * 16_000 + "</tr>" + "<tr><td>1</td></tr>" * 20_000 + "</table>"


ATTACKS = [
    Attack("two stray quotes", "a.csv", lambda: stray(40, 5, 12), (0, 1, 3), "quotation"),
    Attack("one stray quote in many rows", "a.csv", lambda: stray(300_000, 150_000), (0, 1, 3)),
    Attack("two stray quotes in many rows", "a.csv", lambda: stray(300_000, 150_000, 150_006), (0, 1, 3), "quotation"),
    Attack("quote that closes at the end", "a.csv", lambda: stray(200, 20, 199), (0, 1, 3), "quotation"),
    Attack("classic Mac line ends", "a.csv", lambda: stray(20).replace("\n", "\r")),
    Attack("one lone CR", "a.csv", lambda: stray(20).replace("사업7", "사\r업7")),
    Attack("NUL in a cell", "a.csv", lambda: stray(20).replace("사업7", "사\0업7")),
    Attack(
        "thousands of columns",
        "a.csv",
        lambda: ",".join(f"c{n}" for n in range(16_000)) + "\n" + (",".join("1" * 16_000) + "\n") * 20,
    ),
    Attack("a number of 5,000 digits", "a.csv", lambda: HEAD + f"가,{'9' * 5000},1,1,{'9' * 5000}\n나,1,1,1,3\n"),
    Attack(
        "a number of 29 digits", "a.csv", lambda: HEAD + f"가,{'9' * 29},1,1,{'1' + '0' * 28 + '2'}\n나,1,1,1,3\n다,2,2,2,6\n"
    ),
    Attack(
        "half an emoji",
        "a.xlsx",
        lambda: xlsx(
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>_xD800_</t></is></c>'
            + cell("B1", 1)
            + cell("C1", 2)
            + '</row><row r="2"><c r="A2" t="inlineStr"><is><t>b</t></is></c>'
            + cell("B2", 3)
            + "</row></sheetData>"
        ),
    ),
    Attack("overlapping merges", "a.xlsx", merges),
    Attack("sparse sheet", "a.xlsx", sparse),
    Attack("sparse sheet, tables", "a.xlsx", sparse, command=("tables",)),
    Attack("sparse sheet, discover", "a.xlsx", sparse, command=("discover",)),
    Attack("a million uncached formulas", "a.xlsx", lambda: formulas(1_000_000)),
    Attack("spans over everything", "a.html", lambda: html_spans(65534, 1000, 3)),
    Attack("many large spans", "a.html", lambda: html_spans(1000, 1000, 400)),
    Attack("one wide row over many narrow ones", "a.html", wide_html),
    Attack("tables never closed", "a.html", lambda: "<table><tr><td>합계</td><td>3</td>" * 300),
    Attack("200,000 tables in a line", "a.txt", lambda: "<table>" * 200_000),
    Attack("200,000 tables in a line of Markdown", "a.md", lambda: "<table>" * 200_000),
    Attack("blanks in lines", "a.txt", lambda: (" " * 100_000 + "1\n") * 300),
    Attack("long blank lines", "a.txt", lambda: (" " * 5_000 + "\n") * 5_000),
    Attack("millions of blank lines", "a.txt", lambda: "\n" * 5_000_000 + "계 3\n"),
    Attack(
        "Markdown of many columns",
        "a.md",
        lambda: "|" + "a|" * 30_000 + "\n|" + "-|" * 30_000 + "\n" + ("|" + "1|" * 30_000 + "\n") * 20,
    ),
    Attack("deep brackets", "a.txt", lambda: "총 10억원" + "(" * 50_000 + "5" + ")" * 50_000),
    Attack("many numbers in a line", "a.txt", lambda: "합계 100억원(" + ", ".join(f"가{n} {n}억원" for n in range(20_000)) + ")"),
    Attack(
        "many small tables",
        "a.html",
        lambda: "<table><tr><th>계</th><th>가</th></tr><tr><td>1</td><td>1</td></tr></table>" * 8_000,
    ),
    Attack(
        "many rows",
        "a.html",
        lambda: "<table>" + "".join(f"<tr><td>a{n}</td><td>{n}</td><td>{n}</td></tr>" for n in range(60_000)) + "</table>",
    ),
]


def every() -> list[Attack]:
    """All attacks, those of hostile.py after these."""
    from benchmarks.hostile import ROWS

    return [*ATTACKS, *(Attack(name, file, make, codes, says, command) for name, file, make, codes, says, command in ROWS)]


def run(attack: Attack, command: str, folder: Path) -> dict[str, object]:
    """One row of the report."""
    path = folder / attack.file
    made = attack.make()
    path.write_bytes(made.encode() if isinstance(made, str) else made)
    limit = SECONDS * (1 + path.stat().st_size // 10_000_000)
    start = time.monotonic()
    process = subprocess.Popen(
        [*shlex.split(command), *attack.command, str(path), *attack.options],
        stdout=(folder / "out").open("wb"),
        stderr=subprocess.STDOUT,
        preexec_fn=_bounded,
    )
    try:
        process.wait(timeout=limit * 12)  # by the clock, for other work may share the machine
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    seconds = time.monotonic() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, spent = used.ru_maxrss * 1024, used.ru_utime + used.ru_stime
    code = process.returncode
    said = (folder / "out").read_text(encoding="utf-8", errors="replace")
    held = code in attack.codes and "Traceback" not in said and "internal" not in said and attack.says in said
    held = held and spent <= limit and peak <= MEMORY
    return {
        "name": attack.name,
        "code": code,
        "seconds": round(seconds, 1),
        "processor": round(spent, 1),
        "MiB": peak >> 20,
        "held": held,
        "said": said[:300],
    }


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--command", default=f"{sys.executable} -m budgetaudit")
    parser.add_argument("--json")
    options = parser.parse_args()
    results = []
    for attack in every():
        if options.names and not any(name in attack.name for name in options.names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            # a process of its own, so that its peak is not that of the attacks before it
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reader)
                os.write(writer, json.dumps(run(attack, options.command, Path(folder))).encode())
                os._exit(0)
            os.close(writer)
            with os.fdopen(reader) as stream:
                result = json.loads(stream.read())
            os.waitpid(child, 0)
        results.append(result)
        mark = "ok  " if result["held"] else "FAIL"
        print(
            f"{mark} {result['name']:40} exit {result['code']:>4} {result['processor']:>6} s {result['MiB']:>6} MiB", flush=True
        )
    if options.json:
        Path(options.json).write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{sum(bool(r['held']) for r in results)} of {len(results)} held")
    return 0 if all(r["held"] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
