"""What naming causes and suspects adds to the time of `check`: documents audited with and without it, in one process.

usage: python benchmarks/diagnosis.py FILE... [--times N]

Prints for each document the processor seconds of reading and auditing without diagnosis and with it (the least of N
times), and the share it adds; the largest documents tell most.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from budgetaudit.authoring.commands import load
from budgetaudit.diagnosis import causes
from budgetaudit.model import Comparison
from budgetaudit.pipeline import audit

RULES = load(("korea-local",), "en")


def without(_comparisons: Sequence[Comparison]) -> causes.Diagnosis:
    return causes.Diagnosis()


@contextmanager
def replaced(diagnose: object) -> Iterator[None]:
    kept = causes.diagnose
    causes.diagnose = diagnose  # type: ignore[assignment]
    try:
        yield
    finally:
        causes.diagnose = kept


def seconds(path: Path) -> float:
    start = time.process_time()
    audit(path, RULES)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    for path in args.files:
        failed = audit(path, RULES).count("fail")
        least = []
        for diagnose in (without, causes.diagnose):
            with replaced(diagnose):
                least.append(min(seconds(path) for _ in range(args.times)))
        print(f"{path.name:45} {failed:4} failed  {least[0]:7.3f} s  {least[1]:7.3f} s  {least[1] / least[0] - 1:+6.1%}")


if __name__ == "__main__":
    main()
