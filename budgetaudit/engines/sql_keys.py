"""Roll-ups and unique keys by means of a database: it adds up and joins, the kernel judges what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from budgetaudit.engines import sql
from budgetaudit.engines.blocks import Amounts, Block, texts_from
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.database import Database
from budgetaudit.engines.found import Largest
from budgetaudit.engines.job import BETWEEN, Duplicates, Group, Job, RollupFound, RollupJob
from budgetaudit.engines.pandas_kernel import PASS, scale
from budgetaudit.engines.rollups import COUNT, OWN, PUBLISHED, comparison_of, judge_groups
from budgetaudit.engines.text_columns import put


def roll_up(database: Database, job: Job, item: RollupJob, at: int, step: Callable[[], None]) -> RollupFound:
    """Sums per key on both sides, and what differs between them."""
    rule, own, published = item.rollup, f"own{at}", f"theirs{at}"
    names, keys = list(job.columns), job.texts()
    columns = {theirs: m.published for (_, theirs), m in zip(rule.measures, item.measures, strict=True)}
    places = {theirs: m.published_places for (_, theirs), m in zip(rule.measures, item.measures, strict=True)}
    by, measures = [theirs for _, theirs in rule.by], list(columns)
    database.open(f"published{at}", item.published, columns, places, by)
    database.keep(own, sql.groups("ledger", [keys.index(k) for k, _ in rule.by], [names.index(m) for m, _ in rule.measures]))
    step()
    wanted = [measures.index(theirs) for _, theirs in rule.measures]
    database.keep(published, sql.groups(f"published{at}", range(len(by)), wanted))
    step()
    ours, theirs, both = (int(number) for number in database.rows(sql.matched(own, published, len(by)))[0])
    found = RollupFound(both, [], [], missing_count=ours - both, extra_count=theirs - both)
    _judge_groups(database, job, item, found, own, published)
    for one, other, kept, number in (
        (own, published, found.missing, found.missing_count),
        (published, own, found.extra, found.extra_count),
    ):
        if number:
            kept.extend(_group(row, len(by)) for row in database.rows(sql.alone(one, other, len(by), job.group_limit)))
    return found


def _group(row: tuple[Any, ...], keys: int) -> Group:
    return Group(BETWEEN.join(map(str, row[:keys])), int(row[keys]), int(row[keys + 1]), int(row[keys + 2]))


def _judge_groups(database: Database, job: Job, item: RollupJob, found: RollupFound, own: str, published: str) -> None:
    """Judge the groups that differ; the others pass."""
    rule, keys = item.rollup, len(item.rollup.by)
    weighed = [comparison_of(rule, measure.own, measure.published) for measure in item.measures]
    exact = [scale(one, {PUBLISHED: 0, OWN: 0, COUNT: 0}) for one in weighed]
    rows = database.rows(sql.differing(own, published, keys, exact, OWN, PUBLISHED))
    odd = _odd_cells(database, job, item, rows)
    for at, (one, measure) in enumerate(zip(weighed, item.measures, strict=True)):
        block = Block(len(rows), {}, {"key": texts_from([BETWEEN.join(map(str, row[:keys])) for row in rows])})
        for name, places in ((PUBLISHED, measure.published_places), (OWN, measure.own_places), (COUNT, 0)):
            block.amounts[name] = Amounts(np.zeros(len(rows), dtype=np.int64), places)
        for number, row in enumerate(rows):
            texts = row[keys + 5 + 2 * at : keys + 7 + 2 * at]
            put(block, number, COUNT, Fraction(int(row[keys])))
            put(block, number, OWN, _total(texts[0], odd, row[:keys], "own", at))
            put(block, number, PUBLISHED, _total(texts[1], odd, row[:keys], "published", at))
        block.numbers = np.array([int(row[keys + 1]) for row in rows], dtype=np.int64)
        tally, hits = judge_groups(one, block, block.texts["key"].text, job.group_limit)
        tally.counts[PASS] += found.matched - len(rows)
        found.tallies.append(tally)
        found.largest.append(Largest(job.group_limit, hits))


def _total(text: Any, odd: Mapping[tuple[Any, ...], Any], key: tuple[Any, ...], side: str, measure: int) -> Any:
    """A group's sum with its odd cells; None if nothing of it is printed."""
    extra = odd.get((side, measure, *key))
    if isinstance(extra, str):
        return extra
    if text is None and extra is None:
        return None
    return (Fraction(0) if text is None else Fraction(str(text))) + (extra or 0)


def _odd_cells(database: Database, job: Job, item: RollupJob, rows: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
    """What the cells that SQL could not add are worth, by side, measure and key."""
    keys = len(item.rollup.by)
    found: dict[tuple[Any, ...], Any] = {}
    if not any(int(row[keys + 3]) or int(row[keys + 4]) for row in rows):
        return found
    names, texts = list(job.columns), list(job.texts())
    own = [names.index(name) for name, _ in item.rollup.measures]
    theirs = list(dict.fromkeys(name for _, name in item.rollup.measures))
    published = [theirs.index(name) for _, name in item.rollup.measures]
    at = job.rollups.index(item)
    sides = (
        ("own", "ledger", [texts.index(k) for k, _ in item.rollup.by], own, [m.own for m in item.measures]),
        ("published", f"published{at}", list(range(keys)), published, [m.published for m in item.measures]),
    )
    for side, table, by, measures, columns in sides:
        printed = [f"case when v{m} is null and p{m} then cast(c{m} as string) end" for m in measures]
        query = f"select {', '.join([f'k{k}' for k in by] + printed)} from {table} where odd"
        readers = [CellReader(column, job.units) for column in columns]
        for row in database.rows(query):
            for measure, text in enumerate(row[len(by) :]):
                if text is not None:
                    _add(found, (side, measure, *row[: len(by)]), readers[measure].read(str(text))[0])
    return found


def _add(found: dict[tuple[Any, ...], Any], place: tuple[Any, ...], value: Any) -> None:
    before = found.get(place)
    if value is None or isinstance(before, str):
        return
    found[place] = value if before is None or isinstance(value, str) else before + value


def repeated(database: Database, table: str, keys: int, limit: int) -> Duplicates:
    """The keys that should be unique and are not."""
    listed, counted = sql.repeated(table, keys, limit)
    number, twice = database.rows(counted)[0]
    groups = [_group(row, keys) for row in database.rows(listed)]
    return Duplicates(int(number), int(twice or 0), groups)
