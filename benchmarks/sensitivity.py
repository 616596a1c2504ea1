"""What moves if a number that decides what is believed moves: the rule cases that change, setting by setting.

    python benchmarks/sensitivity.py              # every setting of STRUCTURE, a quarter less and a quarter more
    python benchmarks/sensitivity.py fail_cost    # only those

The cases of tests/cases are run with the changed setting, each time in a process of its own. A setting that moves nothing in
either direction is either redundant or lacks a case.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from budgetaudit.structure import settings  # noqa: E402 - the package of this clone

QUARTER = 0.25


def main() -> None:
    """Print a table: setting, value, cases that change with less, cases that change with more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="fields; all if none is given")
    names = parser.parse_args().names
    assert changed({}) == [], "the cases fail as it is"
    print("| Setting | Value | a quarter less | a quarter more |\n| --- | ---: | --- | --- |")
    for field in fields(settings.STRUCTURE):
        if not names or field.name in names:
            value = getattr(settings.STRUCTURE, field.name)
            cells = [named(changed({field.name: other})) for other in around(value)]
            print(f"| {field.name} | {value:g} | {cells[0]} | {cells[1]} |", flush=True)


def around(value: float) -> Iterator[float]:
    """The value a quarter less and a quarter more; counts by at least one."""
    for sign in (-1, 1):
        yield value + sign * max(1, round(value * QUARTER)) if isinstance(value, int) else value * (1 + sign * QUARTER)


def named(cases: list[str]) -> str:
    """How many cases change, and the first two by name."""
    return f"{len(cases)}: {'; '.join(cases[:2])}{' …' if len(cases) > 2 else ''}" if cases else "0"


def changed(values: dict[str, float]) -> list[str]:
    """The cases that come out otherwise with a setting changed."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        settings.STRUCTURE = replace(settings.STRUCTURE, **values)  # before anything that uses it is imported
        from budgetaudit.authoring import cases
        from budgetaudit.authoring.commands import load
        from budgetaudit.rulefiles.rulefile import packs

        rulesets = [load((pack,), "en") for pack in sorted(packs(), reverse=True)]
        failed = []
        for case in cases.load(ROOT / "tests" / "cases"):
            ruleset = next(one for one in rulesets if one.find(case.rule))
            if list(cases.run([case], ruleset)):
                failed.append(f"{case.rule}: {case.name}")
        with os.fdopen(writer, "w", encoding="utf-8") as out:
            out.write("\n".join(failed))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as stream:
        found = stream.read().splitlines()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit("a run of the cases ended badly")
    return found


if __name__ == "__main__":
    main()
