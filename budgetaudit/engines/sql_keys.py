"""Roll-ups and unique keys by means of a database: it adds up and joins, the kernel judges what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from budgetaudit.engines import sql
from budgetaudit.engines.database import Database
from budgetaudit.engines.groups import Key
from budgetaudit.engines.job import Duplicates, Group, Job, Progress, Result, RollupFound, RollupJob
from budgetaudit.engines.linear import Malformed, Value
from budgetaudit.engines.pandas_kernel import PASS, scale
from budgetaudit.engines.pieces import Amounts, Piece
from budgetaudit.engines.results import TopHits
from budgetaudit.engines.rollups import COUNT, OWN, PUBLISHED, comparison_of, judge_groups, text_of


def steps_of(job: Job, progress: Progress | None) -> Callable[[], None]:
    """What to call after each reading of a file."""
    number = 1 + 2 * len(job.rollups) + len(job.uniques)
    done = iter(range(1, number + 1))

    def step() -> None:
        if progress is not None:
            progress(next(done), number)

    return step


def confront_keys(database: Database, job: Job, result: Result, step: Callable[[], None]) -> None:
    """Every roll-up and every unique key."""
    for at, item in enumerate(job.rollups):
        result.rollups.append(_roll_up(database, job, item, at, step))
    texts = job.texts()
    for at, unique in enumerate(job.uniques):
        grouped = sql.groups("ledger", [texts.index(name) for name in unique.by], last=True)
        database.keep(f"unique{at}", grouped, "ledger", unique.by, [])
        result.duplicates.append(_repeated(database, f"unique{at}", len(unique.by), job.group_limit))
        step()


def _roll_up(database: Database, job: Job, item: RollupJob, at: int, step: Callable[[], None]) -> RollupFound:
    """Sums per key on both sides, and what differs between them."""
    rule, own, published = item.rollup, f"own{at}", f"theirs{at}"
    names, keys = list(job.columns), job.texts()
    columns = {theirs: m.published for (_, theirs), m in zip(rule.measures, item.measures, strict=True)}
    places = {theirs: m.published_places for (_, theirs), m in zip(rule.measures, item.measures, strict=True)}
    by, theirs = [ours for ours, _ in rule.by], [theirs for _, theirs in rule.by]
    measures, stated = [ours for ours, _ in rule.measures], [theirs for _, theirs in rule.measures]
    database.open(f"published{at}", item.published, columns, places, theirs)
    grouped = sql.groups("ledger", [keys.index(key) for key in by], [names.index(name) for name in measures])
    database.keep(own, grouped, "ledger", by, measures)
    step()
    grouped = sql.groups(f"published{at}", range(len(by)), [list(columns).index(name) for name in stated])
    database.keep(published, grouped, f"published{at}", theirs, stated)
    step()
    irregular = [
        _added(database.irregular_cells(own, "ledger", by, measures)),
        _added(database.irregular_cells(published, f"published{at}", theirs, stated)),
    ]
    ours, others, both = (int(number) for number in database.rows(sql.matched(own, published, len(by)))[0])
    found = RollupFound(both, [], [], missing_count=ours - both, extra_count=others - both)
    _judge_groups(database, job, item, found, (own, published), irregular)
    for one, other, kept, number in (
        (own, published, found.missing, found.missing_count),
        (published, own, found.extra, found.extra_count),
    ):
        if number:
            kept.extend(_group(row, len(by)) for row in database.rows(sql.alone(one, other, len(by), job.group_limit)))
    return found


def _key(row: Sequence[Any]) -> Key:
    return tuple(part if isinstance(part, bytes) else str(part).encode() for part in row)


def _group(row: tuple[Any, ...], keys: int) -> Group:
    return Group(text_of(_key(row[:keys])), int(row[keys]), int(row[keys + 1]), int(row[keys + 2]))


def _judge_groups(
    database: Database, job: Job, item: RollupJob, found: RollupFound, kept: tuple[str, str], irregular: Sequence[Irregular]
) -> None:
    """Judge the groups that differ; the others pass."""
    rule, keys = item.rollup, len(item.rollup.by)
    weighed = [comparison_of(rule, measure.own, measure.published) for measure in item.measures]
    decimals = [(m.published_places, m.own_places) if database.scaled else (0, 0) for m in item.measures]
    scaled = [scale(one, {PUBLISHED: theirs, OWN: ours, COUNT: 0}) for one, (theirs, ours) in zip(weighed, decimals, strict=True)]
    rows = database.rows(sql.differing(*kept, keys, scaled, OWN, PUBLISHED))
    names = [_key(row[:keys]) for row in rows]
    for at, (one, measure) in enumerate(zip(weighed, item.measures, strict=True)):
        piece = Piece(len(rows), {})
        for name, places in ((PUBLISHED, measure.published_places), (OWN, measure.own_places), (COUNT, 0)):
            piece.amounts[name] = Amounts(np.zeros(len(rows), dtype=np.int64), places)
        for number, row in enumerate(rows):
            texts = row[keys + 5 + 2 * at : keys + 7 + 2 * at]
            piece.put(number, COUNT, Fraction(int(row[keys])))
            for side, (name, places) in enumerate(((OWN, measure.own_places), (PUBLISHED, measure.published_places))):
                unit = Fraction(1, 10**places) if database.scaled else Fraction(1)
                piece.put(number, name, _total(texts[side], unit, irregular[side].get((names[number], at))))
        piece.numbers = np.array([int(row[keys + 1]) for row in rows], dtype=np.int64)
        tally, hits = judge_groups(one, piece, lambda row: text_of(names[row]), job.group_limit)
        tally.counts[PASS] += found.matched - len(rows)
        found.tallies.append(tally)
        found.largest.append(TopHits(job.group_limit, hits))


Irregular = dict[tuple[Key, int], Fraction | Malformed]


def _added(cells: Sequence[tuple[Key, int, Fraction | Malformed]]) -> Irregular:
    """What the cells that were not added up come to, by key and measure."""
    found: Irregular = {}
    for key, measure, value in cells:
        before = found.get((key, measure))
        if not isinstance(before, Malformed):
            found[key, measure] = value if before is None or isinstance(value, Malformed) else before + value
    return found


def _total(text: Any, unit: Fraction, extra: Fraction | Malformed | None) -> Value:
    """A group's sum with its irregular cells; None if nothing of it is printed."""
    if isinstance(extra, Malformed) or (text is None and extra is None):
        return extra
    return (Fraction(0) if text is None else Fraction(str(text)) * unit) + (extra or 0)


def _repeated(database: Database, table: str, keys: int, limit: int) -> Duplicates:
    """The keys that should be unique and are not."""
    listed, counted = sql.repeated(table, keys, limit)
    number, twice = database.rows(counted)[0]
    groups = [_group(row, keys) for row in database.rows(listed)]
    return Duplicates(int(number), int(twice or 0), groups)
