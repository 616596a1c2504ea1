"""A ledger of projects with known violations, the same bytes for the same seed, in flat memory.

    python benchmarks/ledger/generate.py FOLDER --rows 1000000 [--places 2] [--inject 1000] [--groups 20000] [--seed 1]

Writes ledger.csv, ledger.parquet, subtotals.csv, subtotals.parquet and truth.json: for every rule how many violations there
are and how much they differ in all, added up in whole numbers while the ledger is made. One row in twenty has its sources off by
one unit of the last place, which the rule `funding` tolerates.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

SOURCES = ("national", "provincial", "local", "private", "other")
YEARS = tuple(range(2022, 2027))
PLAN = tuple(f"y{year}" for year in YEARS)
SPENT = tuple(f"e{year}" for year in YEARS)
MEASURES = ("total", "plan_total", "executed_total")
AMOUNTS = (*SOURCES, "total", *PLAN, "plan_total", *SPENT, "executed_total")
RULES = ("funding", "yearly-plan", "plan-is-total", "executed-within-plan", "subtotals", "missing", "extra")
CHUNK = 250_000
FAULTS = ("source", "plan", "both", "year", "running")

Columns = dict[str, np.ndarray]


def rows(rng: np.random.Generator, faults: np.ndarray) -> Columns:
    """Balanced rows, then one fault in each row that has one."""
    n = len(faults)
    made = {name: rng.integers(0, top, n) * (rng.random(n) < share) for name, top, share in _SOURCES}
    made["national"] += 5_000
    off = np.where((rng.random(n) < 0.05) & (faults == 0), rng.choice([-1, 1], n), 0)
    made["total"] = sum(made[name] for name in SOURCES) + off
    cuts = np.sort((rng.random((n, 4)) * made["total"][:, None] * 0.9).astype(np.int64), axis=1)
    plan = np.diff(cuts, axis=1, prepend=0, append=made["total"][:, None])
    spent = (plan * rng.random((n, 5)) * 0.99).astype(np.int64)
    made |= {name: plan[:, at].copy() for at, name in enumerate(PLAN)}
    made |= {name: spent[:, at].copy() for at, name in enumerate(SPENT)}
    made["plan_total"] = made["total"].copy()
    _break(made, faults, rng)
    made["executed_total"] = sum(made[name] for name in SPENT)
    return made


_SOURCES = tuple(
    zip(SOURCES, (90_000_000, 50_000_000, 30_000_000, 80_000_000, 9_000_000), (0.9, 0.7, 0.6, 0.3, 0.2), strict=True)
)


def _break(made: Columns, faults: np.ndarray, rng: np.random.Generator) -> None:
    by = rng.integers(2, 100_000, len(faults))
    at = {name: np.flatnonzero(faults == number) for number, name in enumerate(FAULTS, 1)}
    made["national"][at["source"]] += by[at["source"]]
    made["y2024"][at["plan"]] += by[at["plan"]]
    for name in ("national", "total"):
        made[name][at["both"]] += by[at["both"]]
    made["e2023"][at["year"]] = made["y2023"][at["year"]] + by[at["year"]] % 90 + 1
    made["e2022"][at["year"]] = 0
    rest = sum(made[p][at["running"]] - made[e][at["running"]] for p, e in zip(PLAN[:4], SPENT[:4], strict=True))
    made["e2026"][at["running"]] = made["y2026"][at["running"]] + rest + by[at["running"]]


def count(made: Columns, truth: dict[str, list[int]]) -> None:
    """Add what these rows violate to the truth."""
    sides = {
        "funding": (made["total"] - sum(made[name] for name in SOURCES), 1),
        "yearly-plan": (made["plan_total"] - sum(made[name] for name in PLAN), 0),
        "plan-is-total": (made["plan_total"] - made["total"], 0),
    }
    for rule, (difference, tolerance) in sides.items():
        _note(truth, rule, np.abs(difference)[np.abs(difference) > tolerance])
    running = np.zeros(len(made["total"]), dtype=np.int64)
    for at, (plan, spent) in enumerate(zip(PLAN, SPENT, strict=True)):
        over = made[spent] - made[plan]
        running = running + over
        for difference in (over, running) if at else (over,):
            _note(truth, "executed-within-plan", difference[difference > 0])


def _note(truth: dict[str, list[int]], rule: str, differences: np.ndarray) -> None:
    truth[rule][0] += len(differences)
    truth[rule][1] += int(differences.sum())


def subtotals(
    sums: Columns, seen: np.ndarray, inject: int, rng: np.random.Generator, truth: dict[str, list[int]]
) -> tuple[np.ndarray, Columns]:
    """The published table: some subtotals wrong, some left out, some of groups without rows."""
    present = rng.permutation(np.flatnonzero(seen))
    hit = min(inject, max(1, len(present) // 5))
    wrong, missing = present[:hit], present[hit : 2 * hit]
    by = rng.integers(1, 1_000_000, hit)
    sums["total"][wrong[::2]] += by[::2]
    sums["executed_total"][wrong[1::2]] -= by[1::2]
    truth["subtotals"], truth["missing"], truth["extra"] = [hit, int(by.sum())], [hit, 0], [hit, 0]
    kept = np.sort(np.setdiff1d(present, missing))
    groups = np.concatenate([kept, np.arange(len(seen), len(seen) + hit)])
    return groups, {name: np.concatenate([sums[name][kept], np.full(hit, 999)]) for name in MEASURES}


def table(texts: dict[str, np.ndarray], amounts: Columns, places: int) -> pa.Table:
    """An Arrow table; amounts with decimals are decimals, never floats."""
    columns: dict[str, Any] = {name: pa.array(values) for name, values in texts.items()}
    return pa.table(columns | {name: _amounts(values, places) for name, values in amounts.items()})


def _amounts(values: np.ndarray, places: int) -> pa.Array:
    if not places:
        return pa.array(np.ascontiguousarray(values))
    words = np.stack([values, values >> 63], axis=1).astype(np.int64)
    return pa.Array.from_buffers(pa.decimal128(18, places), len(values), [None, pa.py_buffer(np.ascontiguousarray(words))])


def codes(prefix: str, numbers: np.ndarray, width: int) -> np.ndarray:
    return np.char.add(prefix, np.char.zfill(numbers.astype(str), width))


class Files:
    """One table in both formats, written chunk by chunk."""

    def __init__(self, base: Path, formats: tuple[str, ...]) -> None:
        self.base, self.formats, self.writers = base, formats, {}

    def write(self, chunk: pa.Table) -> None:
        for name in self.formats:
            if name not in self.writers:
                path = self.base.with_suffix(f".{name}")
                plain = pacsv.WriteOptions(quoting_style="none", quoting_header="none")
                is_csv = name == "csv"
                self.writers[name] = (
                    pacsv.CSVWriter(path, chunk.schema, write_options=plain) if is_csv else pq.ParquetWriter(path, chunk.schema)
                )
            self.writers[name].write_table(chunk)

    def close(self) -> None:
        for writer in self.writers.values():
            writer.close()


def generate(
    folder: Path,
    size: int,
    places: int = 0,
    inject: int = 1000,
    groups: int = 0,
    seed: int = 1,
    formats: tuple[str, ...] = ("csv", "parquet"),
) -> dict[str, Any]:
    """Write a benchmark's files; the truth that is also in truth.json."""
    folder.mkdir(parents=True, exist_ok=True)
    groups, inject = groups or max(4, size // 50), min(inject, max(1, size // 20))
    rng = np.random.default_rng([seed, 0])
    faults = np.zeros(size, dtype=np.int8)
    chosen = rng.choice(size, inject * len(FAULTS), replace=False)
    for number in range(len(FAULTS)):
        faults[chosen[number * inject : (number + 1) * inject]] = number + 1
    truth = {rule: [0, 0] for rule in RULES}
    sums, seen = {name: np.zeros(groups, dtype=np.int64) for name in MEASURES}, np.zeros(groups, dtype=bool)
    ledger = Files(folder / "ledger", formats)
    for number, start in enumerate(range(0, size, CHUNK), 1):
        own = np.random.default_rng([seed, number])
        made = rows(own, faults[start : start + CHUNK])
        count(made, truth)
        n = len(made["total"])
        parent = own.integers(0, groups, n)
        for name in MEASURES:
            np.add.at(sums[name], parent, made[name])
        seen[parent] = True
        texts = {"project_id": codes("P", np.arange(start, start + n), 9), "gov_code": codes("", own.integers(1, 660_000, n), 6)}
        ledger.write(table(texts | {"parent": codes("G", parent, 7)}, {name: made[name] for name in AMOUNTS}, places))
    ledger.close()
    published, amounts = subtotals(sums, seen, inject, rng, truth)
    files = Files(folder / "subtotals", formats)
    files.write(table({"parent": codes("G", published, 7)}, amounts, places))
    files.close()
    told = {"rows": size, "places": places, "groups": int(seen.sum()), "seed": seed, "violations": truth}
    (folder / "truth.json").write_text(json.dumps(told, indent=1))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name, default in (("rows", 1_000_000), ("places", 0), ("inject", 1000), ("groups", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--formats", default="csv,parquet")
    given = parser.parse_args()
    told = generate(
        given.folder, given.rows, given.places, given.inject, given.groups, given.seed, tuple(given.formats.split(","))
    )
    print(json.dumps(told))


if __name__ == "__main__":
    main()
