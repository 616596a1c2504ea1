"""Evidence for one hypothesis, in bits: how unlikely its matches are by chance, less what it costs to state.

A hypothesis is a line signature (kind, target line, source lines) tested in every crossing line. A match
weighs the more the closer it is; numbers that repeat, copies and proportional tuples weigh little or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from budgetaudit.slips import likely, slip
from budgetaudit.structure.lines import Lines, rounding_base
from budgetaudit.structure.settings import DISCOVERY

Kind = Literal["sum", "average", "ratio", "change"]
SHAPES = 500
# a failure that one slip explains speaks for the relation, if the numbers are so long that few failures would be
SLIPS = 60
HOLDS, SILENT, FAILS, ABSENT = 1, 0, -1, -2


@dataclass(frozen=True)
class Signature:
    """What is claimed; `cost` is what stating it takes, in bits, given how many like it were tried."""

    kind: Kind
    target: int
    sources: tuple[int, ...]
    cost: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """`state` per crossing: holds, says nothing, fails or is not there; claimed from `start` to before `stop`.

    `steps`: to what the target and each source are stated, in scaled units; `factor` 100 where a quotient is printed as
    percentage; `excused` counts the failures that a single slip explains.
    """

    signature: Signature
    bits: float
    state: Any
    start: int
    stop: int
    holds: int
    fails: int
    steps: tuple[Any, ...]
    factor: int = 1
    excused: int = 0


def weigh(lines: Lines, signature: Signature) -> Evidence:
    """The evidence for a signature of any kind."""
    if signature.kind == "sum":
        return _weigh_sum(lines, signature)
    return _weigh_average(lines, signature) if signature.kind == "average" else _weigh_ratio(lines, signature)


def _weigh_sum(lines: Lines, signature: Signature) -> Evidence:
    target, sources = signature.target, np.array(signature.sources)
    goal, there = lines.values[target], lines.known[target]
    parts, known = lines.values[sources], lines.known[sources]
    numeric, nonzero = known.sum(axis=0), (parts != 0).sum(axis=0)
    residual = np.abs(parts.sum(axis=0) - goal)
    unit = np.minimum(lines.unit[target], np.where(known, lines.unit[sources], lines.unit[target]).min(axis=0))
    base = rounding_base(np.concatenate([goal, parts.ravel()]))
    tested = there & (numeric > 0)
    step = np.maximum(unit, base)
    passed = tested & (2 * residual <= (numeric + 1) * step)
    size = np.maximum(np.abs(goal), np.abs(parts).max(axis=0)).astype(float)
    bits = np.log2(1.0 + size / (unit.astype(float) + 2.0 * residual.astype(float)))
    idle = (goal == 0) & (nonzero == 0)
    state = np.where(passed & ~idle, HOLDS, np.where(passed | (there & (numeric == 0) & (goal == 0)), SILENT, FAILS))
    state = np.where(tested | (state == SILENT), state, ABSENT)
    bits = _distinct(goal, parts, np.where(passed & (nonzero >= 2), bits, 0.0))
    excuse = _excused(np.vstack([-goal[None, :], parts]), np.vstack([there[None, :], known]), state, size, unit)
    steps = (step,) * (1 + len(sources))
    return _account(signature, bits, state, steps, excuse=excuse)


def _excused(tuples: Any, known: Any, state: Any, size: Any, unit: Any) -> Any:
    """What each failing crossing weighs: against the relation, unless a single slip in one of its numbers explains it."""
    weights = np.full(len(state), -DISCOVERY.fail_bits)
    failing = np.flatnonzero(state == FAILS)
    if len(failing) > DISCOVERY.most_slips and len(failing) * DISCOVERY.few_fails > (state == HOLDS).sum():
        return weights
    for crossing in failing:
        numbers = [int(number) for number, there in zip(tuples[:, crossing], known[:, crossing], strict=True) if there]
        excess = sum(numbers)
        if any(likely(slip(number, number - excess)) for number in numbers):
            worth = np.log2(1.0 + size[crossing] / unit[crossing]) - np.log2(SLIPS * len(numbers)) - DISCOVERY.error_bits
            weights[crossing] = min(max(float(worth), -DISCOVERY.fail_bits), DISCOVERY.slip_bits)
    return weights


def _weigh_average(lines: Lines, signature: Signature) -> Evidence:
    """Of the numbers printed."""
    target, sources = signature.target, np.array(signature.sources)
    goal, there, unit = lines.values[target], lines.known[target], lines.unit[target]
    parts, known = lines.values[sources], lines.known[sources]
    numeric = np.maximum(known.sum(axis=0), 1)
    top = np.where(known, parts, parts.max(axis=0)).max(axis=0)
    low = np.where(known, parts, top).min(axis=0)
    residual = np.abs(parts.sum(axis=0) - goal * numeric)
    tested = there & known.any(axis=0)
    finest = np.where(known, np.minimum(lines.unit[sources], unit), unit).min(axis=0)
    passed = tested & (2 * residual <= (unit + finest) * numeric)
    width = unit.astype(float) + 2.0 * residual.astype(float) / numeric
    bits = np.log2(1.0 + (top - low).astype(float) / width) - DISCOVERY.slack_bits
    live = passed & (known.sum(axis=0) > 1) & (top != low)
    state = np.where(tested, np.where(passed, np.where(live, HOLDS, SILENT), FAILS), ABSENT)
    bits = _distinct(goal, parts, np.where(live, bits, 0.0))
    steps = (unit, *(finest for _ in sources))
    return _account(signature, bits, state, steps)


def _weigh_ratio(lines: Lines, signature: Signature) -> Evidence:
    """Quotient or relative change, as fraction or as percentage; operands may themselves be rounded."""
    target = signature.target
    first, second = signature.sources if signature.kind == "ratio" else signature.sources[::-1]
    goal, there, unit = lines.values[target].astype(float), lines.known[target], lines.unit[target]
    a, b = lines.values[first].astype(float), lines.values[second].astype(float)
    both = lines.known[first] & lines.known[second]
    tested = there & both & (b != 0)
    one = float(10**lines.scale)
    # a number over itself, over one or over a hundred says nothing
    live = tested & (a != b) & (a != 0) & (np.abs(b) != one) & (np.abs(b) != 100.0 * one)
    silent = there & (goal == 0) & ~tested
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.where(tested, a / b, 0.0)
        error = 0.5 * (lines.unit[first].astype(float) / np.abs(a) + lines.unit[second].astype(float) / np.abs(b))
        error = np.nan_to_num(np.where(tested, np.abs(quotient) * error, 0.0))
    number = quotient if signature.kind == "ratio" else quotient - 1.0
    gaps = [np.abs(number * factor - goal) for factor in (one, 100.0 * one)]
    scale = int((gaps[1][live] < gaps[0][live]).sum() * 2 > live.sum())
    gap, error = gaps[scale], error * (100.0 * one if scale else one)
    fresh = np.zeros_like(live)
    fresh[live] = _once(goal[None, live])
    if not (_finer(lines, target, first, live) and _finer(lines, target, second, live)):
        signature = replace(signature, cost=signature.cost + DISCOVERY.coarse_bits)
    found = []
    for exact in (True, False):
        room = 0.5 * unit.astype(float) + (0.0 if exact else error)
        passed = tested & (gap <= room * (1.0 + 1e-9))
        bits = np.where(passed & fresh, np.log2(1.0 + np.abs(goal) / np.maximum(2.0 * room, 1e-30)) - DISCOVERY.slack_bits, 0.0)
        state = np.where(tested, np.where(passed, np.where(live, HOLDS, SILENT), FAILS), np.where(silent, SILENT, ABSENT))
        steps = (unit, *(lines.unit[source] * (not exact) for source in signature.sources))
        found.append(_account(signature, bits, state, steps, 100 if scale else 1))
    strict, loose = found
    return loose if loose.bits > strict.bits + 1.0 else strict  # more room that explains no more is worth less


def _finer(lines: Lines, target: int, operand: int, live: Any) -> bool:
    """True if the target is printed to more decimals than an operand, as quotients are."""
    decimals = lines.decimals[:, live]
    return bool(decimals[target].sum() > decimals[operand].sum())


def _distinct(goal: Any, parts: Any, bits: Any) -> Any:
    """Count tuples that are the same up to scale (counts beside their shares) only once, where they weigh least."""
    live = np.flatnonzero(bits > 0)
    if len(live) < 2:
        return bits
    table = np.vstack([goal[None, live], parts[:, live]]).astype(float)
    shape = np.rint(table / np.abs(table).max(axis=0) * SHAPES).astype(np.int64)
    order = np.argsort(bits[live], kind="stable")
    kept = np.zeros(len(bits), dtype=bool)
    kept[live[order]] = _once(shape[:, order])
    return np.where(kept, bits, 0.0)


def _once(table: Any) -> Any:
    """Which columns of a table are the first of their kind."""
    once = np.zeros(table.shape[1], dtype=bool)
    once[np.unique(table, axis=1, return_index=True)[1]] = True
    return once


def _account(
    signature: Signature,
    bits: Any,
    state: Any,
    steps: tuple[Any, ...],
    factor: int = 1,
    excuse: Any = -DISCOVERY.fail_bits,
) -> Evidence:
    """Claim the stretch of crossings with most bits: a sheet may hold several tables."""
    bits = np.where(state == FAILS, excuse, np.clip(bits, 0.0, DISCOVERY.crossing_bits))
    sums = np.concatenate([[0.0], np.cumsum(bits)])
    lowest = np.minimum.accumulate(sums)
    gains = sums - lowest
    stop = int(gains.argmax())
    start = int(np.flatnonzero(sums[: stop + 1] == lowest[stop])[-1]) if stop else 0
    total, whole = float(gains[stop]), float(sums[-1])
    choice = 2.0 * float(np.log2(len(bits) + 1.0))
    if whole >= total - choice:
        start, stop, total = 0, len(bits), whole
    else:
        total -= choice
    inside = state[start:stop]
    holds, fails = int((inside == HOLDS).sum()), int((inside == FAILS).sum())
    excused = int(((inside == FAILS) & (bits[start:stop] > -DISCOVERY.fail_bits)).sum())
    return Evidence(signature, total - signature.cost, state, start, stop, holds, fails, steps, factor, excused)
