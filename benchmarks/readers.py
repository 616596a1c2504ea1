"""How long reading takes, format by format.

usage: python benchmarks/readers.py FOLDER...     prints, for each format, the median and the slowest of the best of three runs
"""

import statistics
import sys
import time
from pathlib import Path

from budgetaudit.model import ReadError
from budgetaudit.readers import read

RUNS = 3


def best(path: Path) -> float | None:
    """The fastest of some readings in seconds; None for a file that is refused."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        try:
            read(path)
        except ReadError:
            return None
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    found: dict[str, list[tuple[float, str]]] = {}
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).rglob("*")):
            seconds = best(path) if path.is_file() else None
            if seconds is not None:
                found.setdefault(path.suffix, []).append((seconds, path.name))
    for suffix, times in sorted(found.items()):
        slowest, name = max(times)
        median = statistics.median(seconds for seconds, _ in times)
        print(f"{suffix:6} {len(times):4} files   median {median * 1000:7.1f} ms   slowest {slowest * 1000:8.1f} ms  {name}")


if __name__ == "__main__":
    main()
