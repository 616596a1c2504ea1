"""Score `discover` on tables whose relations people have annotated, and on the same tables with one wrong cell each.

usage: python benchmarks/aggregation.py DATA [--half a|b] [--only detect|repair] [--jobs N] [--seed N] [--keep DIR]

DATA is the folder of the annotated tables with their scorer `score.py`. Each table goes as a CSV file through what
`budgetaudit discover --format json` prints. `--half` takes the tables whose id hashes to that half: thresholds are set
on half a, half b is reported. `--seed` draws new wrong cells instead of taking those of DATA.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import importlib.util
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from budgetaudit import vocabulary
from budgetaudit.authoring import discovered
from budgetaudit.readers import read

OPERATORS = {"sum": "Sum", "average": "Average", "ratio": "Division", "change": "RelativeChange"}


def half(identifier: str) -> str:
    return "ab"[hashlib.sha256(identifier.encode()).digest()[0] % 2]


def discover(job: tuple[str, list[list[str]]]) -> tuple[str, dict[str, Any], float]:
    """What `discover` prints of one table, and the processor seconds it took."""
    name, rows = job
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        start = time.process_time()
        report = json.loads(discovered.to_json(read(path, whole=True), vocabulary.load()))
        return name, report, time.process_time() - start


def cell(place: dict[str, int]) -> list[int]:
    return [place["row"] - 1, place["column"] - 1]


def relations(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"op": OPERATORS[one["kind"]], "target": cell(one["target"]), "sources": [cell(term) for term in one["terms"]]}
        for one in report["relations"]
    ]


def printed(value: str, number_format: str, text: str, scorer: ModuleType) -> str:
    """A value as the scorer reads it: in the table's own marks, per cent where the cell is."""
    number = Decimal(value)
    body = f"{number:f}"
    if scorer.FORMATS[number_format][1] == ",":
        body = body.replace(".", ",")
    return body + "%" * text.strip().endswith("%")


def certain(cases: list[dict[str, Any]], answers: dict[str, list[dict[str, Any]]], scorer: ModuleType) -> None:
    """How often the first suspect is called certain, and how often it is then the wrong cell with its right value."""
    records = scorer.all_records()
    asked = answered = cell_right = value_right = wrong_on_clean = 0
    for case in cases:
        first = next(iter(answers[case["case"]]), None)
        sure = first is not None and first["tier"] == "certain"
        if case["kind"] == "none":
            wrong_on_clean += sure
            continue
        asked += 1
        if sure:
            number_format = records[case["id"]]["number_format"]
            answered += 1
            cell_right += first["cell"] == case["cell"]
            value_right += first["cell"] == case["cell"] and scorer.parse(first["value"], number_format) == scorer.parse(
                case["was"], number_format
            )
    share = 1 / max(answered, 1)
    print(
        f"certain         answers {answered / asked:.4f}  cell right {cell_right * share:.4f}  "
        f"value right {value_right * share:.4f}  on clean tables {wrong_on_clean}"
    )


def lines(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices="ab")
    parser.add_argument("--only", choices=("detect", "repair"))
    parser.add_argument("--split", default="validation")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for the predictions")
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("score", args.data / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(args.jobs) as pool:
        out = args.keep or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        tables = [one for one in scorer.load(args.split) if args.half in (None, half(one["id"]))]
        if args.only != "repair":
            made = list(pool.map(discover, [(one["id"], one["table"]) for one in tables], chunksize=4))
            predictions = [{"id": name, "aggregations": relations(report)} for name, report, _ in made]
            truth = lines(out / "tables.jsonl", tables)
            scorer.main(["detect", truth, lines(out / "detect.jsonl", predictions), "--mode", "strict"])
            slowest = max(made, key=lambda one: one[2])
            print(
                f"processor seconds: {sum(one[2] for one in made):.1f} in all, the slowest table {slowest[0]} {slowest[2]:.2f}\n"
            )
        if args.only != "detect":
            drawn = None if args.seed is None else scorer.make_cases(tables, args.seed)
            with gzip.open(args.data / "cases_2024.jsonl.gz", "rt", encoding="utf-8") as file:
                cases = drawn or [one for one in map(json.loads, file) if args.half in (None, half(one["id"]))]
            records = scorer.all_records()
            jobs = [(case["case"], scorer.case_table(case, records)) for case in cases]
            formats = {case["case"]: records[case["id"]]["number_format"] for case in cases}
            answers = {}
            for name, report, _ in pool.map(discover, jobs, chunksize=8):
                answers[name] = [
                    one | {"cell": cell(one), "value": printed(one["value"], formats[name], one["text"], scorer)}
                    for one in report["suspects"]
                ]
            suspects = [{"case": name, "suspects": found} for name, found in answers.items()]
            scorer.main(["repair", lines(out / "cases.jsonl", cases), lines(out / "repair.jsonl", suspects)])
            certain(cases, answers, scorer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
