"""Exactness first, then time and memory: the tool beside its peers, on the same file, in the same run.

    python benchmarks/ledger/run.py FOLDER... [--peers a,b] [--engines pandas,duckdb] [--formats csv,parquet] [--rounds 3]

FOLDER is what generate.py wrote; several (1, 10 and 50 million rows) also show how time and memory grow. Every run is a fresh
process, in turns (A B C, C B A …); compare ratios within one table only. On a busy machine processor seconds tell more.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PEERS = "numpy_arrow,pandas_plain,polars_lazy,polars_eager,duckdb_sql"
PEERS += ",pandera_polars,pointblank_polars,dataframely_polars,great_expectations_pandas"


def command(name: str, folder: Path, form: str, work: Path) -> list[str]:
    ledger, places = folder / f"ledger.{form}", json.loads((folder / "truth.json").read_text())["places"]
    tolerance = str(Decimal(1).scaleb(-places))
    if not name.startswith("budgetaudit-"):
        return [sys.executable, str(HERE / "peers.py"), name, str(ledger), str(folder / f"subtotals.{form}"), tolerance]
    rules = (HERE / "rules.yaml").read_text().replace("subtotals.csv", str((folder / f"subtotals.{form}").resolve()))
    path = work / f"rules-{form}.yaml"
    path.write_text(rules.replace("tolerance: 1\n", f"tolerance: {tolerance}\n"))
    options = [
        "--rules",
        str(path),
        "--engine",
        name.removeprefix("budgetaudit-"),
        "--format",
        "json",
        "--output",
        str(work / "report.json"),
    ]
    return [
        sys.executable,
        "-c",
        "import sys; from budgetaudit.cli import main; sys.exit(main())",
        "check",
        str(ledger),
        *options,
    ]


def once(name: str, folder: Path, form: str, work: Path) -> dict[str, Any]:
    """One fresh process: seconds, processor seconds, greatest resident memory of it and its children, what it found."""
    import psutil

    report = work / "report.json"
    report.unlink(missing_ok=True)
    env = os.environ | {"PYTHONPATH": str(HERE.parent.parent), "PYTHONWARNINGS": "ignore", "GX_ANALYTICS_ENABLED": "false"}
    start, peak, busy = time.perf_counter(), [0], {}
    child = subprocess.Popen(
        command(name, folder, form, work), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True
    )

    def watch() -> None:
        process = psutil.Process(child.pid)
        while child.poll() is None:
            try:
                own = [process, *process.children(recursive=True)]
                peak[0] = max(peak[0], sum(one.memory_info().rss for one in own))
                busy.update((one.pid, sum(one.cpu_times()[:2])) for one in own)
            except psutil.Error:
                pass
            time.sleep(0.03)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    out, err = child.communicate()
    took = time.perf_counter() - start
    watcher.join()
    found = {"seconds": took, "memory": peak[0] >> 20, "busy": sum(busy.values())}
    if name.startswith("budgetaudit-"):
        if child.returncode != 1 or not report.exists():
            return found | {"error": f"exit {child.returncode}: {err.strip()[-200:]}"}
        return found | reported(json.loads(report.read_text()))
    if child.returncode:
        return found | {"error": err.strip().splitlines()[-1][:200] if err.strip() else f"exit {child.returncode}"}
    return found | json.loads([line for line in out.splitlines() if line.startswith("{")][-1])


def reported(report: dict[str, Any]) -> dict[str, Any]:
    """Violations by rule and their differences, counted from the findings of the report."""
    counts: dict[str, int] = {}
    sums: dict[str, Decimal] = {}
    told_once: set[str] = set()
    for finding in report["findings"]:
        rule = finding["rule"]
        if rule == "subtotals" and finding["difference"] is None:
            rule = "extra" if "subtotals" in Path(finding["places"][0]["file"]).name else "missing"
        counts[rule] = counts.get(rule, 0) + finding.get("count", 1)
        if finding.get("count", 1) > 1:
            told_once.add(rule)  # with the widest difference only
        elif finding["difference"] is not None:
            sums[rule] = sums.get(rule, Decimal(0)) + abs(Decimal(finding["difference"]["value"]))
    return {"counts": counts, "sums": {rule: str(total) for rule, total in sums.items() if rule not in told_once}}


def verdict(found: dict[str, Any], truth: dict[str, Any]) -> str:
    """True if the violations are exactly those that were put in."""
    if "error" in found:
        return found["error"]
    wrong = [
        f"{rule} {found['counts'].get(rule, 0):,}/{number:,}"
        for rule, (number, _) in truth["violations"].items()
        if found["counts"].get(rule, 0) != number
    ]
    if wrong:
        return "WRONG: " + ", ".join(wrong)
    if not found["sums"]:
        return "counts exact, no differences"
    unit = Decimal(1).scaleb(-truth["places"])
    off = [rule for rule, total in found["sums"].items() if Decimal(total) != truth["violations"][rule][1] * unit]
    return "differences off: " + ", ".join(off) if off else "exact"


def compare(folder: Path, form: str, names: list[str], rounds: int, work: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text())
    for path in (folder / f"ledger.{form}", folder / f"subtotals.{form}"):  # the same page cache for all
        with path.open("rb") as stream:
            while stream.read(1 << 24):
                pass
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else names[::-1]:
            if not any("error" in run for run in runs[name]):
                runs[name].append(once(name, folder, form, work))
                print(f"  {form} round {number + 1}: {name} {runs[name][-1]['seconds']:.2f} s", file=sys.stderr)
    good = {name: statistics.median(run["seconds"] for run in found) for name, found in runs.items() if "error" not in found[-1]}
    fastest = min(good.values(), default=1.0)
    print(f"\n{truth['rows']:,} rows, {truth['places']} decimals, {form}\n")
    quiet = min((min(run["busy"] for run in runs[name]) for name in good), default=1.0)
    print("| | seconds (least-most) | ratio | processor s | ratio | reading | checking | MiB | violations |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for name, found in sorted(runs.items(), key=lambda item: good.get(item[0], 1e9)):
        seconds = [run["seconds"] for run in found]
        parts = [statistics.median(run[key] for run in found) if found[-1].get(key) else None for key in ("read", "check")]
        shown = " | ".join("" if part is None else f"{part:.2f}" for part in parts)
        middle, busy = statistics.median(seconds), min(run["busy"] for run in found)
        violations = "; ".join(sorted({verdict(run, truth) for run in found}))
        print(
            f"| {name} | {middle:.2f} ({min(seconds):.2f}-{max(seconds):.2f}) | {middle / fastest:.2f} | "
            f"{busy:.2f} | {busy / quiet:.2f} | {shown} | {max(run['memory'] for run in found):,} | {violations} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--peers", default=PEERS)
    parser.add_argument("--engines", default="auto")
    parser.add_argument("--formats", default="csv,parquet")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("/tmp/budgetaudit-bench"))
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    names = [f"budgetaudit-{engine}" for engine in given.engines.split(",")] + [name for name in given.peers.split(",") if name]
    for form in given.formats.split(","):
        for folder in given.folders:
            compare(folder, form, names, given.rounds, given.work)


if __name__ == "__main__":
    main()
