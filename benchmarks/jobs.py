"""How much faster a hundred documents are audited by two processes than by one.

usage: python benchmarks/jobs.py [RUNS]     prints the medians of interleaved runs and their ratio
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENTS = 100


def documents(folder: Path) -> None:
    """A hundred plans of some forty tables each: a sample of the project, repeated under other names."""
    plan = (ROOT / "data" / "balanced-development.txt").read_text(encoding="utf-8")
    for number in range(DOCUMENTS):
        parts = (plan.replace("2단계", f"{number}.{part}단계") for part in range(10))
        (folder / f"{number:03}.txt").write_text("\n\n".join(parts), encoding="utf-8")


def seconds(folder: Path, jobs: int) -> float:
    command = [sys.executable, "-m", "budgetaudit.cli", "check", str(folder), "--format", "csv", "--jobs", str(jobs)]
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False, cwd=ROOT)
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name:
        documents(Path(name))
        times = [(seconds(Path(name), 1), seconds(Path(name), 2)) for _ in range(runs)]
    one, two = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{DOCUMENTS} documents, --jobs 1: {one:.1f} s")
    print(f"{DOCUMENTS} documents, --jobs 2: {two:.1f} s")
    print(f"speed-up: {one / two:.2f} (median of {runs} interleaved runs)")


if __name__ == "__main__":
    main()
