"""How long `budgetaudit check` takes on a 20-row CSV, beside importing pandas, click and yaml.

usage: python benchmarks/startup.py [RUNS]     prints the medians of interleaved runs and their ratio
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = [sys.executable, "-c", "import pandas, click, yaml"]


def table() -> str:
    """A sound table of 20 rows: a total and nineteen projects, by fund source."""
    rows = [(f"사업 {n}", 100 * n, 70 * n, 30 * n) for n in range(1, 20)]
    totals = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    return "\n".join(",".join(map(str, row)) for row in (("사업명", "계", "국비", "시비"), ("합계", *totals), *rows)) + "\n"


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        path.write_text(table(), encoding="utf-8")
        check = [str(Path(sys.executable).parent / "budgetaudit"), "check", str(path)]
        if not Path(check[0]).exists():
            check[:1] = [sys.executable, "-m", "budgetaudit.cli"]
        seconds(check), seconds(FLOOR)  # the first run of each only warms the caches
        times = [(seconds(check), seconds(FLOOR)) for _ in range(runs)]
    ours, floor = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"budgetaudit check, 20 rows: {ours * 1e3:.0f} ms")
    print(f"import pandas, click, yaml: {floor * 1e3:.0f} ms")
    print(f"ratio: {ours / floor:.2f} (median of {runs} interleaved runs)")


if __name__ == "__main__":
    main()
