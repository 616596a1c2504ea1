"""Mutated files for `tables`, `discover`, `compare`, `figures` and every report format: one line and an exit code, never a crash.

usage: python benchmarks/fuzz_commands.py [--count N] [--start N] [--seed N]

Every mutant goes through each command, and the audit of it through each report, in this process. A failure is an exit code that
is none of ours, an internal error, a traceback, a report that cannot be written or that passes on signs that steer a terminal, or
more than 10 seconds of processor time.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import fuzz_readers  # noqa: E402

from budgetaudit import pipeline  # noqa: E402
from budgetaudit.cli import main as command  # noqa: E402
from budgetaudit.reports import BINARY, REPORTS, View, write  # noqa: E402

SECONDS = 10.0
ODD = [b"\x1b[2J", b"\r", b"=1+1", b"_xD800_", "\u202e\ufeff".encode(), b"]]>", b"</script>", b"::error::", b"|", b"`"]


def run(arguments: list[str]) -> tuple[int, str]:
    """The exit code of a command, and all that it said."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = command(arguments)
    said.flush()
    return code, said.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]


def fault(code: int, said: str) -> str:
    """What is wrong with how a command ended."""
    if code not in (0, 1, 3):
        return f"exit code {code}: {said[-200:]}"
    wrong = [word for word in ("Traceback", "internal error", "\x1b[2J") if word in said]
    return ", ".join(wrong)


def reports(path: str) -> str:
    """What is wrong with the reports of a file."""
    audit = pipeline.audit(path)
    for name in REPORTS:
        for lang in ("ko", "en"):
            out = io.BytesIO() if name in BINARY else io.StringIO(newline="")
            try:
                write(name, audit, out, View(lang=lang, evidence=True))  # type: ignore[arg-type]
            except Exception as error:
                return f"{name}: {type(error).__name__}: {error}"
            if isinstance(out, io.StringIO) and "\x1b[2J" in out.getvalue():
                return f"{name}: a sign that steers a terminal"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    seeds = sorted(fuzz_readers.fuller())
    ends: dict[str, Counter[str]] = {}
    slowest: dict[str, float] = {}
    failures = 0
    os.environ["BUDGETAUDIT_LANG"] = "en"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for number in range(options.start, options.start + options.count):
            rng = random.Random(f"{options.seed}/{number}")
            kind, data = seeds[number % len(seeds)]
            # half of them barely changed, for what is refused at once tries no report
            odd = rng.choice(ODD)
            at = rng.randrange(len(data))
            changed = fuzz_readers.mutated(data, rng, data) if rng.random() < 0.5 else data[:at] + odd + data[at:]
            suffix = {"markdown": "md", "text": "txt"}.get(kind, kind)
            names = [f"x.{suffix}", f"y.{suffix}"]
            Path(names[0]).write_bytes(changed)
            Path(names[1]).write_bytes(data)
            jobs: dict[str, Callable[[], str]] = {
                "tables": lambda: fault(*run(["tables", names[0]])),  # noqa: B023 - run before the next turn
                "tables json": lambda: fault(*run(["tables", names[0], "-f", "json"])),  # noqa: B023
                "discover": lambda: fault(*run(["discover", names[0]])),  # noqa: B023
                "discover json": lambda: fault(*run(["discover", names[0], "-f", "json"])),  # noqa: B023
                "figures": lambda: fault(*run(["figures", names[0], "-f", rng.choice(["csv", "json"])])),  # noqa: B023
                "compare": lambda: fault(*run(["compare", *rng.sample(names, 2)])),  # noqa: B023
                "reports": lambda: reports(names[0]),  # noqa: B023
            }
            for name, job in jobs.items():
                start = time.process_time()
                try:
                    wrong = job()
                except BaseException as error:
                    wrong = f"{type(error).__name__}: {error}"
                spent = time.process_time() - start
                slowest[name] = max(slowest.get(name, 0), spent)
                wrong = wrong or (f"took {spent:.1f} s" if spent > SECONDS else "")
                ends.setdefault(name, Counter())["failed" if wrong else "held"] += 1
                if wrong:
                    failures += 1
                    print(f"  {name} {kind} {options.seed}/{number}: {wrong[:300]}", flush=True)
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        (options.keep / f"{options.seed}-{number}.{suffix}").write_bytes(changed)
        os.chdir(ROOT)
    for name, counts in ends.items():
        print(f"{name:14} {counts['held']} held, {counts['failed']} failed; slowest {slowest[name]:.1f} s")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
