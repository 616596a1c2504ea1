"""Sums per key confronted with what is published per key, and keys that occur twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TypeAlias

import numpy as np

from budgetaudit.engines.blocks import TOP, Amounts, Block, Int64
from budgetaudit.engines.found import Hit, Largest, Tally, count, hits_of
from budgetaudit.engines.groups import GroupTable, Sums, keys_of
from budgetaudit.engines.job import BETWEEN, Duplicates, Group, Measure, RollupFound
from budgetaudit.engines.linear import Column, LinearComparison, Malformed, Rollup, Weighed, weigh
from budgetaudit.engines.pandas_kernel import FAIL, confront, scale

ONE = Fraction(1)
PUBLISHED, OWN, COUNT = "published", "sum", "rows"


def comparison_of(rollup: Rollup, own: Column, published: Column) -> Weighed:
    """A published amount against the sum of its rows; each row may have been rounded."""
    left, right = ((ONE, PUBLISHED),), ((ONE, OWN),)
    rule = LinearComparison(rollup.rule, rollup.kind, left, "=", right, tolerance=rollup.tolerance, severity=rollup.severity)
    columns = {PUBLISHED: replace(published, name=PUBLISHED), OWN: replace(own, name=OWN, step=Fraction(0)), COUNT: Column(COUNT)}
    weighed = weigh(rule, columns)
    if rollup.tolerance.kind == "rounding" and own.step:
        ratio = weighed.right[0][0]
        weighed = replace(weighed, slack=((own.step * ratio / 2, COUNT),))
    return weighed


def confront_groups(
    rollup: Rollup, own: GroupTable, published: GroupTable, measures: Sequence[Measure], limit: int
) -> RollupFound:
    """Confront the sums of a ledger with a published table."""
    ours, theirs = own.finish(), published.finish()
    match = own.numbers.of(theirs.keys)
    known = np.flatnonzero(match < len(ours))
    known = known[np.argsort(theirs.first[known])]  # in the order of the published table
    seen = np.zeros(len(ours), dtype=bool)
    seen[match[known]] = True
    found = RollupFound(len(known), [], [])
    mine, stated = ours.take(match[known]), theirs.take(known)
    odd_mine, odd_stated = _odd_groups(mine, match[known], own), _odd_groups(stated, known, published)
    for index, measure in enumerate(measures):
        amounts = {
            PUBLISHED: _amounts(stated, index, measure.published_places),
            OWN: _amounts(mine, index, measure.own_places),
            COUNT: Amounts(mine.rows),
        }
        block = Block(len(mine), amounts, numbers=stated.first)
        _add_odd(block, PUBLISHED, stated, odd_stated, index)
        _add_odd(block, OWN, mine, odd_mine, index)
        tally, hits = judge_groups(comparison_of(rollup, measure.own, measure.published), block, partial(key_text, stated), limit)
        found.tallies.append(tally)
        found.largest.append(Largest(limit, hits))
    missing, extra = ours.take(np.flatnonzero(~seen)), theirs.take(np.flatnonzero(match >= len(ours)))
    found.missing_count, found.extra_count = len(missing), len(extra)
    found.missing = largest_groups(missing, limit)
    found.extra = largest_groups(extra, limit)
    return found


def _amounts(sums: Sums, measure: int, places: int) -> Amounts:
    """A measure of the groups; a group of which nothing is printed is blank."""
    blank = sums.blanks[measure] == sums.rows
    values = sums.totals[measure]
    if values.dtype == object:
        values = np.array([value if abs(value) < TOP else 0 for value in values], dtype=np.int64)
    return Amounts(values, places, blank if blank.any() else None)


OddGroups: TypeAlias = Mapping[int, Sequence[Fraction | Malformed | None]]  # by group: its odd cells added up, per measure


def _odd_groups(sums: Sums, chosen: Int64, table: GroupTable) -> OddGroups:
    """The groups with odd cells among some groups of a table; `chosen` are their numbers in it."""
    if not table.odd:
        return {}
    rows = np.flatnonzero(np.isin(chosen, table.numbers.of(keys_of(list(table.odd)))))
    return {row: table.odd[sums.key(row)] for row in rows.tolist()}


def _add_odd(block: Block, name: str, sums: Sums, odd: OddGroups, measure: int) -> None:
    """Put what 64 bits cannot hold beside the sums: oversized ones, and those with odd cells."""
    values, places = sums.totals[measure], block.amounts[name].places
    wide = {} if values.dtype != object else {row: value for row, value in enumerate(values) if abs(value) >= TOP}
    for row in wide.keys() | odd.keys():
        extra = odd[row][measure] if row in odd else None
        if isinstance(extra, Malformed):
            block.odd.setdefault(row, {})[name] = extra
        elif extra is not None or row in wide:
            block.odd.setdefault(row, {})[name] = Fraction(int(values[row]), 10**places) + (extra or 0)


def judge_groups(weighed: Weighed, block: Block, key: Callable[[int], str], limit: int) -> tuple[Tally, list[Hit]]:
    """The verdicts on groups, and the largest differences among those that fail."""
    scaled = scale(weighed, {name: amounts.places for name, amounts in block.amounts.items()})
    outcome = confront(scaled, block, {}) if block.rows else None
    tally = count(outcome, block.rows, scaled)
    if outcome is None or not tally.counts[FAIL]:
        return tally, []
    hits = hits_of(outcome, scaled, block, key, limit, names=(PUBLISHED, OWN, COUNT))
    return tally, [replace(hit, line=None) for hit in hits]


def key_text(groups: Sums, row: int) -> str:
    """A key as people read it."""
    return BETWEEN.join(part.decode("utf-8", "replace") for part in groups.key(row))


def largest_groups(groups: Sums, limit: int) -> list[Group]:
    """The groups of most rows; of equal ones in the order of their keys."""
    chosen: Int64 = np.arange(len(groups))
    if len(groups) > limit:
        # The limit falls between numbers of rows, so that equal groups are all looked at before some are left out.
        chosen = np.flatnonzero(groups.rows >= np.partition(groups.rows, len(groups) - limit)[len(groups) - limit])
    made = [Group(key_text(groups, row), int(groups.rows[row]), int(groups.first[row]), int(groups.last[row])) for row in chosen]
    return sorted(made, key=lambda group: (-group.rows, group.key))[:limit]


def duplicates(table: GroupTable, limit: int) -> Duplicates:
    """The keys that should be unique and are not."""
    groups = table.finish()
    twice = groups.take(np.flatnonzero(groups.rows > 1))
    return Duplicates(len(groups), len(twice), largest_groups(twice, limit))
