"""Two files that should hold the same keys: one in a hundred is missing on either side, and a hundred amounts differ.

    python benchmarks/ledger/keys.py [--rows 1000000] [--engines pandas,duckdb] [--folder /tmp/budgetaudit-keys]

Writes both files, runs the command with each engine, and prints the time of those that find exactly what was put in.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent.parent
RULE = "- {id: keys, kind: rollup, by: key, measures: [amount], published: other.csv, tolerance: exact}\n"
DIFFERENT = 100


def write(folder: Path, rows: int) -> dict[str, int]:
    """The two files and their rule; what is wrong with them."""
    rng = np.random.default_rng(1)
    amounts, chosen = rng.integers(0, 10**9, rows), rng.permutation(rows)
    few = rows // 100
    for name, missing, more in (("ledger", chosen[:few], 0), ("other", chosen[few : 2 * few], 1)):
        own = amounts.copy()
        own[chosen[2 * few : 2 * few + DIFFERENT]] += more
        kept = np.setdiff1d(np.arange(rows), missing)
        lines = (f"P{key:09},{amount}\n" for key, amount in zip(kept.tolist(), own[kept].tolist(), strict=True))
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as stream:
            stream.write("key,amount\n")
            stream.writelines(lines)
    (folder / "keys.yaml").write_text(RULE, encoding="utf-8")
    return {"pass": rows - 2 * few - DIFFERENT, "rounding": 0, "fail": 2 * few + DIFFERENT, "not_evaluated": 0}


def check(folder: Path, engine: str) -> tuple[float, dict[str, Any]]:
    """Seconds of the command, and its counts."""
    report = folder / "report.json"
    options = ["--rules", str(folder / "keys.yaml"), "--engine", engine, "--format", "json", "--output", str(report)]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "budgetaudit.cli", "check", str(folder / "ledger.csv"), *options],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    took = time.perf_counter() - start
    (tally,) = json.loads(report.read_text(encoding="utf-8"))["tallies"]
    return took, {name: tally[name] for name in ("pass", "rounding", "fail", "not_evaluated")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--engines", default="pandas,duckdb")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/budgetaudit-keys"))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    truth = write(given.folder, given.rows)
    for engine in given.engines.split(","):
        took, found = check(given.folder, engine)
        print(f"{engine}: {took:.2f} s, {'exact' if found == truth else f'WRONG: {found} for {truth}'}")


if __name__ == "__main__":
    main()
