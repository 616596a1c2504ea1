"""Candidate line signatures, from bounded families only: runs, strides and near pairs; never free subsets.

Each family is tested for all targets at once; only candidates whose matches outweigh their cost leave here.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from math import log2
from typing import Any

import numpy as np

from budgetaudit.structure.lines import Lines
from budgetaudit.structure.score import Kind, Signature
from budgetaudit.structure.settings import DISCOVERY

LONGEST_RUN = 100
LONGEST_STRIDE = 40
SHORT_RUN = 30
SHORT_STRIDE = 12
BLOCKS = 12
WINDOW = 10
RATIO_REACH = 30
RATIO_WORK = 20_000_000
FOREMOST = {"sum": 12, "average": 8, "ratio": 5, "change": 5}


Candidate = tuple[float, "Kind", int, Any, float]


def foremost(candidates: Iterable[Candidate]) -> Iterator[list[tuple[float, Signature]]]:
    """The best few candidates of each target and kind, best first."""
    groups: dict[tuple[str, int], list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate[1:3], []).append(candidate)
    for (kind, _), group in groups.items():
        best = heapq.nlargest(FOREMOST[kind], group, key=lambda candidate: candidate[0])
        yield [(gain, Signature(kind, target, _sources(lines), cost)) for gain, kind, target, lines, cost in best]


def _sources(lines: Any) -> tuple[int, ...]:
    if isinstance(lines[1], slice):
        names, run = lines
        return tuple(int(n) for n in names[run])
    return tuple(lines)


def sum_candidates(lines: Lines, subset: Any, first: bool) -> Iterator[Candidate]:
    """Sums and averages over runs and strides of the lines of `subset` (indices, ascending), and near pairs."""
    yield from _runs(lines, subset)
    yield from _blocks(lines, subset)
    if first:
        yield from _pairs(lines)


def ratio_candidates(lines: Lines) -> Iterator[Candidate]:
    """target = a / b and target = (b - a) / a, as fraction or percentage, with a and b near the target."""
    values = lines.values.astype(float)
    count = len(values)
    known, weight = lines.known & (lines.values != 0), lines.weight
    places = lines.unit
    window = max(WINDOW, min(RATIO_REACH, count - 1, int((RATIO_WORK / (4.0 * values.size)) ** 0.5)))
    base = 6.0 + np.log2(count + 1.0)
    one = float(10**lines.scale)
    zero = np.zeros_like(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = 0.5 * lines.unit.astype(float) / np.abs(values)
        for first in range(-window, window + 1):
            for second in range(-window, window + 1):
                if 0 in (first, second) or first == second:
                    continue
                low, high = max(0, -first, -second), min(count, count - first, count - second)
                if high <= low:
                    continue
                a, b, goal = slice(low + first, high + first), slice(low + second, high + second), slice(low, high)
                quotient = values[a] / values[b]
                useful = known[a] & known[b] & known[goal] & (values[a] != values[b])
                spread = np.abs(quotient) * (error[a] + error[b])
                kind: Kind
                for kind, number in (("ratio", quotient), ("change", quotient - 1.0)):
                    cost = base + _distance_bits(first) + _distance_bits(second) + (3.0 if kind == "change" else 0.0)
                    match = np.zeros_like(useful)
                    for factor in (1.0, 100.0):
                        room = places[goal] * 0.5 + spread * factor * one
                        match |= np.abs(number * factor * one - values[goal]) <= room * (1 + 1e-9)
                    match &= useful
                    if not match.any():
                        continue
                    bonus = lines.bonus[kind]
                    least = cost + DISCOVERY.least_bits - bonus[goal]
                    for hit, gain in zip(*_gains(match, useful, weight[goal], zero[goal], places[goal], least), strict=True):
                        at = low + int(hit)
                        pair = (at + first, at + second)
                        price = float(cost - bonus[at])
                        yield float(gain - price), kind, at, pair if kind == "ratio" else pair[::-1], price


def _runs(lines: Lines, subset: Any) -> Iterator[Candidate]:
    values, weight = lines.values[subset], lines.weight[subset]
    nonzero = (values != 0) & lines.known[subset]
    known = lines.known[subset]
    slack = lines.base[subset]
    count = len(subset)
    names = np.asarray(subset)
    opens, closes = _edges(lines, subset)
    choose = np.log2(len(lines.lines) + 1.0)
    loose = np.log2(min(count, LONGEST_RUN))
    units, bonuses = lines.unit[subset], {kind: bonus[names] for kind, bonus in lines.bonus.items()}
    for stride in range(1, min(WINDOW + 2, max(2, count // 2))):
        sums = _strided(values, stride)
        counts = _strided(nonzero.astype(np.int32), stride)
        begun, ended = _within(opens, stride), _within(closes[::-1], stride)[::-1]
        numbers = _strided(known.astype(np.int32), stride)
        for length in range(2, min(LONGEST_RUN if stride == 1 else LONGEST_STRIDE, (count - 1) // stride) + 1):
            reach = (length - 1) * stride
            # run r covers lines r, r+stride, …, r+reach
            run = sums[reach:][: count - reach] - _before(sums, stride, count - reach)
            counted = numbers[reach:][: count - reach] - _before(numbers, stride, count - reach)
            full = counts[reach:][: count - reach] - _before(counts, stride, count - reach) >= 2
            room = (length + 1) * slack
            for offset in _offsets(stride, length):
                for behind in (True, False):
                    # target behind the run (r+reach+offset) or before it (r-offset)
                    if behind:
                        chosen, goals = slice(0, count - reach - offset), slice(reach + offset, count)
                    else:
                        chosen, goals = slice(offset, count - reach), slice(0, count - reach - offset)
                    if chosen.stop <= chosen.start:
                        continue
                    price = choose + 3.0 + (4.0 if offset not in (1, stride) else 0.0) + (5.0 if stride > 1 else 0.0)
                    usable = full[chosen] & known[goals]
                    gap = np.abs(run[chosen] - values[goals])
                    match = usable & (2 * gap <= room[goals])
                    number = counted[chosen]
                    off = np.abs(run[chosen] - values[goals] * number)
                    mean = usable & (off <= slack[goals] * number)
                    far = offset not in (1, stride)
                    kind: Kind
                    for kind, hits, residual in (("sum", match, gap), ("average", mean, off)):
                        if not hits.any():
                            continue
                        bonus = bonuses[kind][goals]
                        widths = units[goals] if kind == "sum" else units[goals] * np.maximum(number, 1)
                        rows, gains = _gains(
                            hits, usable, weight[goals], 2 * residual, widths, price + DISCOVERY.least_bits - bonus
                        )
                        if not len(rows):
                            continue
                        begins = chosen.start + rows
                        edged = begun[begins] if behind else ended[begins + reach]
                        costs = price + np.where(edged, 0.0, loose) - bonus[rows]
                        if kind == "average":
                            costs += DISCOVERY.average_bits + DISCOVERY.average_bits * (far | (stride > 1) | ~edged)
                        for at in np.flatnonzero(gains - costs > DISCOVERY.least_bits):
                            begin = int(begins[at])
                            run_lines = slice(begin, begin + reach + 1, stride)
                            target, cost = int(names[goals.start + rows[at]]), float(costs[at])
                            yield float(gains[at]) - cost, kind, target, (names, run_lines), cost


def _offsets(stride: int, length: int) -> Iterable[int]:
    """How far behind a run its total may stand: long runs end at their total, short ones may be summed up elsewhere."""
    if stride == 1:
        return range(1, WINDOW + 1) if length <= SHORT_RUN else range(1, 4)
    return range(1, WINDOW + 1) if length <= SHORT_STRIDE else (1, stride)


def _blocks(lines: Lines, subset: Any) -> Iterator[Candidate]:
    """Runs of any length that reach from the edge of a block to the target."""
    values, weight, known = lines.values[subset], lines.weight[subset], lines.known[subset]
    units = lines.unit[subset]
    names = np.asarray(subset)
    opens, closes = _edges(lines, subset)
    count = len(subset)
    above = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    filled = np.concatenate([np.zeros((1, values.shape[1]), dtype=int), np.cumsum((values != 0) & known, axis=0)])
    bonus = lines.bonus["sum"][names]
    base = 3.0 + np.log2(len(lines.lines) + 1.0)
    for behind in (True, False):
        edges = np.flatnonzero(opens) if behind else np.flatnonzero(closes) + 1
        for back in range(BLOCKS):
            # the back-th edge before each target, or behind it
            goals = np.arange(count)
            at = np.searchsorted(edges, goals, side="left") - 1 - back if behind else np.searchsorted(edges, goals + 2) + back
            inside = (at >= 0) & (at < len(edges))
            goals, edge = goals[inside], edges[at[inside]]
            begin, end = (edge, goals) if behind else (goals + 1, edge)
            longer = end - begin > LONGEST_RUN
            goals, begin, end = goals[longer], begin[longer], end[longer]
            if not len(goals):
                continue
            gap = 2 * np.abs(above[end] - above[begin] - values[goals])
            usable = (filled[end] - filled[begin] >= 2) & known[goals]
            match = usable & (gap <= (end - begin + 1)[:, None] * units[goals])
            least = base + DISCOVERY.least_bits - bonus[goals]
            for hit, gain in zip(*_gains(match, usable, weight[goals], gap, units[goals], least), strict=True):
                price = float(base - bonus[goals[hit]])
                run_lines = slice(int(begin[hit]), int(end[hit]))
                yield float(gain - price), "sum", int(names[goals[hit]]), (names, run_lines), price


def _gains(hits: Any, tested: Any, worth: Any, residual: Any, units: Any, least: Any) -> tuple[Any, Any]:
    """The candidates whose matches weigh enough, with the most any stretch of crossings is worth, fails deducted.

    What a match is off by (`residual`) is told in `units`.
    """
    rows = np.flatnonzero((hits * worth).sum(axis=1) > least)
    if not len(rows):
        return rows, rows
    close = worth[rows] - np.log2(1.0 + residual[rows].astype(float) / units[rows].astype(float))
    bits = np.where(hits[rows], np.maximum(close, 0.0), np.where(tested[rows], -DISCOVERY.fail_bits, 0.0))
    sums = np.cumsum(bits, axis=1)
    lowest = np.minimum.accumulate(np.minimum(sums - bits, 0.0), axis=1)
    gains = (sums - lowest).max(axis=1)
    good = gains > least[rows]
    return rows[good], gains[good]


def _edges(lines: Lines, subset: Any) -> tuple[Any, Any]:
    """Where a run may naturally begin and end: at the edges of blocks, also when inner lines are left out."""
    opens = np.zeros(len(subset), dtype=bool)
    closes = np.zeros(len(subset), dtype=bool)
    for at, line in enumerate(subset):
        last = subset[at - 1] + 1 if at else 0
        opens[at] = lines.opens[last : line + 1].any() if at else True
        after = subset[at + 1] if at + 1 < len(subset) else len(lines.lines)
        closes[at] = lines.closes[line:after].any()
    return opens, closes


def _within(marks: Any, reach: int) -> Any:
    """Which lines have a mark among the last `reach`, their own included."""
    sums = np.concatenate([[0], np.cumsum(marks)])
    ends = np.arange(1, len(marks) + 1)
    return sums[ends] > sums[np.maximum(ends - reach, 0)]


def _strided(values: Any, stride: int) -> Any:
    """Running sums along every stride-th line."""
    sums = values.copy()
    for line in range(stride, len(values)):
        sums[line] += sums[line - stride]
    return sums


def _before(sums: Any, stride: int, size: int) -> Any:
    """The running sum just before line r: that of line r - stride, zero where there is none."""
    lead = min(stride, size)
    return np.concatenate([np.zeros((lead, sums.shape[1]), dtype=sums.dtype), sums[: size - lead]])


def _pairs(lines: Lines) -> Iterator[Candidate]:
    """a = b + c with both parts within a window around a."""
    values, weight, known = lines.values, lines.weight, lines.known
    count = len(values)
    nonzero = values != 0
    slack = lines.base
    bonus = lines.bonus["sum"]
    base = 2.0 + np.log2(count + 1.0)
    for one in range(-WINDOW, WINDOW):
        for two in range(one + 1, WINDOW + 1):
            if one == 0 or two == 0:
                continue
            low, high = max(0, -one, -two), min(count, count - one, count - two)
            if high <= low:
                continue
            first, second = slice(low + one, high + one), slice(low + two, high + two)
            goal = slice(low, high)
            gap = 2 * np.abs(values[first] + values[second] - values[goal])
            tested = nonzero[first] & nonzero[second] & known[goal]
            match = tested & (gap <= 3 * slack[goal])
            if not match.any():
                continue
            cost = base + _distance_bits(one) + _distance_bits(two)
            least = cost + DISCOVERY.least_bits - bonus[goal]
            for hit, gain in zip(*_gains(match, tested, weight[goal], gap, lines.unit[goal], least), strict=True):
                at = low + int(hit)
                price = float(cost - bonus[at])
                yield float(gain - price), "sum", at, (at + one, at + two), price


def _distance_bits(distance: int) -> float:
    """What it takes to say how far away a line is: the nearest are cheapest."""
    return 2.0 * log2(1.0 + abs(distance))
