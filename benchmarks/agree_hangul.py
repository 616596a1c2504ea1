"""How far our HWP and HWPX tables agree with independent implementations, cell by cell.

usage: python benchmarks/agree_hangul.py --oracle VENV/bin/python FOLDER...

The oracle's interpreter needs `rhwp-python==0.5.1`, `hwpforge` and `python-hwpx`, none of which this project depends on. A table
agrees with one of them when its size, all spans and all texts (blanks left out) are the same. Prints every table that
agrees with none, and the totals.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

ORACLE = r"""
import json, sys

def rhwp_tables(path):
    import rhwp
    found = []
    def walk(node):
        if isinstance(node, dict):
            if node.get("kind") == "table":
                cells = [[c["row"], c["col"], c["row_span"], c["col_span"],
                          "".join(b.get("text") or "" for b in c["blocks"] if b["kind"] != "table")] for c in node["cells"]]
                found.append([node["rows"], node["cols"], cells])
            node = list(node.values())
        for child in node if isinstance(node, list) else ():
            walk(child)
    walk(json.loads(rhwp.parse(path).to_ir_json()))
    return found

def forge_tables(path):
    from hwpforge import Document, convert_hwp5
    data = open(path, "rb").read()
    document = Document.from_bytes(data) if data[:2] == b"PK" else convert_hwp5(data).document
    found = []
    def text(paragraphs):
        runs = [run["content"] for paragraph in paragraphs for run in paragraph["runs"]]
        return "".join(content["Text"] for content in runs if isinstance(content, dict) and isinstance(content.get("Text"), str))
    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get("rows"), list) and node["rows"] and "cells" in node["rows"][0]:
                cells = [[c["addr"]["row"], c["addr"]["col"], c["row_span"], c["col_span"], text(c["paragraphs"])]
                         for row in node["rows"] for c in row["cells"]]
                found.append([max(c[0] + c[2] for c in cells), max(c[1] + c[3] for c in cells), cells])
            node = list(node.values())
        for child in node if isinstance(node, list) else ():
            walk(child)
    walk(json.loads(document.to_json().text))
    return found

def hwpx_tables(path):
    from hwpx import HwpxDocument
    found = []
    def add(table):
        cells = []
        for row in table.rows:
            for cell in row.cells:
                cells.append([*cell.address, *cell.span, "".join(p.text or "" for p in cell.paragraphs)])
                for inner in cell.tables:
                    add(inner)
        found.append([table.row_count, table.column_count, cells])
    for section in HwpxDocument.open(path).sections:
        for paragraph in section.paragraphs:
            for table in paragraph.tables:
                add(table)
    return found

for path in json.load(sys.stdin):
    said = {}
    for name, tables in (("rhwp", rhwp_tables), ("hwpforge", forge_tables), ("python-hwpx", hwpx_tables)):
        try:
            said[name] = tables(path)
        except BaseException as fault:
            said[name] = None
    print(json.dumps(said))
"""

Shape = tuple[int, int, tuple[tuple[int, int, int, int], ...], tuple[str, ...]]


def shape(rows: int, columns: int, cells: list[list[Any]]) -> Shape:
    from budgetaudit.readers.stored import readable

    cells = sorted(cells)
    texts = tuple("".join(readable(cell[4]).split()) for cell in cells)
    return rows, columns, tuple((cell[0], cell[1], cell[2], cell[3]) for cell in cells), texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", required=True)
    parser.add_argument("folder", type=Path, nargs="+")
    options = parser.parse_args()
    from budgetaudit.model import ReadError
    from budgetaudit.readers import read

    paths = [path for folder in options.folder for path in sorted(folder.rglob("*.hwp*"))]
    command = [options.oracle, "-c", ORACLE]
    answer = subprocess.run(command, input=json.dumps([str(path) for path in paths]), capture_output=True, text=True, check=True)
    totals: Counter[str] = Counter()
    for path, line in zip(paths, answer.stdout.splitlines(), strict=True):
        try:
            grids = [grid for grid in read(path).grids() if grid.spans]
        except ReadError:
            continue
        known = {name: Counter(shape(*table) for table in tables or ()) for name, tables in json.loads(line).items()}
        for number, grid in enumerate(grids, 1):
            cells = [[cell.row, cell.column, cell.row_span, cell.column_span, cell.text] for cell in grid.cells]
            ours = shape(grid.rows, grid.columns, cells)
            agree = [name for name, tables in known.items() if tables[ours]]
            alike = any(table[:3] == ours[:3] for tables in known.values() for table in tables)
            totals.update(
                ["tables", *agree, *(["any of them"] if agree else []), *(["size and spans"] if agree or alike else [])]
            )
            if not agree:
                print(f"{path.name} table {number} ({grid.rows}×{grid.columns}): {'texts differ' if alike else 'shape differs'}")
    print(", ".join(f"{name} {count}" for name, count in totals.items()))


if __name__ == "__main__":
    main()
