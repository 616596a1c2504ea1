"""Sums per key confronted with what is published per key, and keys that occur twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd

from budgetaudit.engines.groups import GroupTable, Key, key_at, match
from budgetaudit.engines.job import BETWEEN, Duplicates, Group, Measure, RollupFound
from budgetaudit.engines.linear import Column, LinearComparison, Malformed, Rollup, Weighed, weigh
from budgetaudit.engines.pandas_kernel import FAIL, confront, scale
from budgetaudit.engines.pieces import TOP, Amounts, Piece
from budgetaudit.engines.results import Hit, Tally, TopHits, count, hits_of

ONE = Fraction(1)
PUBLISHED, OWN, COUNT = "published", "sum", "rows"


def comparison_of(rollup: Rollup, own: Column, published: Column) -> Weighed:
    """A published amount against the sum of its rows; each row may have been rounded."""
    left, right = ((ONE, PUBLISHED),), ((ONE, OWN),)
    rule = LinearComparison(rollup.rule, rollup.kind, left, "=", right, tolerance=rollup.tolerance, severity=rollup.severity)
    columns = {PUBLISHED: replace(published, name=PUBLISHED), OWN: replace(own, name=OWN)}
    return replace(weigh(rule, columns), counted=((OWN, COUNT),))


def confront_groups(
    rollup: Rollup, own: GroupTable, published: GroupTable, measures: Sequence[Measure], limit: int
) -> RollupFound:
    """Confront the sums of a ledger with a published table."""
    ours, theirs, keys = own.finish(), published.finish(), own.keys
    matched = match(ours, theirs, keys)
    known = np.flatnonzero(matched >= 0)
    known = known[np.argsort(theirs["first"].to_numpy()[known])]  # in the order of the published table
    alone = np.ones(len(ours), dtype=bool)
    alone[matched[known]] = False
    found = RollupFound(len(known), [], [])
    mine, stated = ours.iloc[matched[known]], theirs.iloc[known]
    for index, measure in enumerate(measures):
        amounts = {
            PUBLISHED: _amounts(stated, index, measure.published_places),
            OWN: _amounts(mine, index, measure.own_places),
            COUNT: Amounts(mine["rows"].to_numpy()),
        }
        piece = Piece(len(mine), amounts, numbers=stated["first"].to_numpy())
        _add_irregular(piece, PUBLISHED, stated, published, index)
        _add_irregular(piece, OWN, mine, own, index)
        weighed = comparison_of(rollup, measure.own, measure.published)
        tally, hits = judge_groups(weighed, piece, partial(key_text, stated, keys), limit)
        found.tallies.append(tally)
        found.largest.append(TopHits(limit, hits))
    missing, extra = ours[alone], theirs[matched < 0]
    found.missing_count, found.extra_count = len(missing), len(extra)
    found.missing = largest_groups(missing, keys, limit)
    found.extra = largest_groups(extra, keys, limit)
    return found


def _amounts(groups: pd.DataFrame, measure: int, places: int) -> Amounts:
    """A measure of the groups; a group of which nothing is printed is blank."""
    blank = groups[f"b{measure}"].to_numpy()
    values = groups[f"s{measure}"].to_numpy()
    if values.dtype == object:
        values = np.array([value if abs(value) < TOP else 0 for value in values], dtype=np.int64)
    return Amounts(values, places, blank if blank.any() else None)


def _add_irregular(piece: Piece, name: str, groups: pd.DataFrame, table: GroupTable, measure: int) -> None:
    """Put what 64 bits cannot hold beside the sums: oversized ones, and those with irregular cells."""
    values, places = groups[f"s{measure}"].to_numpy(), piece.amounts[name].places
    irregular: dict[int, Fraction | Malformed | None] = {}
    if table.irregular:
        keys = zip(*(groups[key] for key in table.keys), strict=True)
        irregular = {row: table.irregular[key][measure] for row, key in enumerate(keys) if key in table.irregular}
    wide = [row for row, value in enumerate(values) if abs(value) >= TOP] if values.dtype == object else []
    for row in {*wide, *irregular}:
        extra = irregular.get(row)
        if isinstance(extra, Malformed):
            piece.irregular.setdefault(row, {})[name] = extra
        elif extra is not None or row in wide:
            piece.irregular.setdefault(row, {})[name] = Fraction(int(values[row]), 10**places) + (extra or 0)


def judge_groups(weighed: Weighed, piece: Piece, key: Callable[[int], str], limit: int) -> tuple[Tally, list[Hit]]:
    """The verdicts on groups, and the largest differences among those that fail."""
    scaled = scale(weighed, {name: amounts.places for name, amounts in piece.amounts.items()})
    outcome = confront(scaled, piece, {}) if piece.rows else None
    tally = count(outcome, piece.rows, scaled)
    if outcome is None or not tally.counts[FAIL]:
        return tally, []
    hits = hits_of(outcome, scaled, piece, key, limit, names=(PUBLISHED, OWN, COUNT))
    return tally, [replace(hit, line=None) for hit in hits]


def key_text(groups: pd.DataFrame, keys: Sequence[str], row: int) -> str:
    """A key as people read it."""
    return text_of(key_at(groups, keys, row))


def text_of(key: Key) -> str:
    """A key as people read it."""
    return BETWEEN.join(part.decode("utf-8", "replace") for part in key)


def largest_groups(groups: pd.DataFrame, keys: Sequence[str], limit: int) -> list[Group]:
    """The groups of most rows; of equal ones in the order of their keys."""
    if len(groups) > limit:
        # The limit falls between numbers of rows, so that equal groups are all looked at before some are left out.
        groups = groups.nlargest(limit, "rows", keep="all")
    columns = (groups[name].tolist() for name in ("rows", "first", "last"))
    made = list(zip(zip(*(groups[name].tolist() for name in keys), strict=True), *columns, strict=True))
    made.sort(key=lambda group: (-group[1], group[0]))
    return [Group(text_of(key), rows, first, last) for key, rows, first, last in made[:limit]]


def duplicates(table: GroupTable, limit: int) -> Duplicates:
    """The keys that should be unique and are not."""
    groups = table.finish()
    twice = groups[groups["rows"] > 1]
    return Duplicates(len(groups), len(twice), largest_groups(twice, table.keys, limit))
