"""What figures say for and against a reading, in bits, counted in causes.

A crossing that fails costs as much as a wrong figure is unlikely, less what its difference tells: one that a stroke of the pen
explains, or that is small beside the amounts, is not met by chance. Failures that one wrong figure explains, through ties that
hold among the crossing lines, are one failure: a wrong amount with its recomputed difference is off twice, and has one cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from math import log2
from typing import TYPE_CHECKING, TypeAlias

from budgetaudit.labels.numbers import View, bits
from budgetaudit.slips import stroke
from budgetaudit.structure.settings import STRUCTURE

if TYPE_CHECKING:
    from budgetaudit.structure.search import LineSum


STROKES = 21  # numbers that one stroke makes of another one, for each digit
PAIR = 2
TEN = 10
MOST_SLACK = 20  # units of rounding within which a stroke is looked for
Weights: TypeAlias = Mapping[int, int]
Tie: TypeAlias = tuple[tuple[int, int], ...]  # pairs of a crossing line and its weight, adding up to nothing

REACH = 7  # lines between which three are looked for of which one is the sum of the others
MOST_CROSSINGS = 80
SAMPLE = 200


def tie(weights: Weights) -> Tie:
    """A relation in its one form, whichever of its lines was taken for the result."""
    terms = sorted((line, weight) for line, weight in weights.items() if weight)
    return tuple((line, -weight) for line, weight in terms) if terms and terms[0][1] < 0 else tuple(terms)


def of_sum(item: LineSum) -> Tie:
    """The tie between a total and its parts."""
    return tie({item.target: 1, **dict.fromkeys(item.parts, -1)})


def ties(view: View, sums: Iterable[LineSum], known: Iterable[Tie]) -> tuple[Tie, ...]:
    """The ties among the crossing lines: the known ones, the sums found among them, and sums of two near ones."""
    proven = [item for item in sums if len(item.parts) > 1 and item.passes >= max(2, STRUCTURE.tie_holding * item.fails)]
    found = dict.fromkeys([*known, *(of_sum(item) for item in proven)])
    taken = {frozenset(line for line, _ in one) for one in found}
    cross = view.crossings
    if len(cross) <= MOST_CROSSINGS:
        rows = sorted(range(len(view.lines)), key=lambda i: -sum(1 for j in cross if view.n[i][j]))[:SAMPLE]
        for at, first in enumerate(cross):
            for second, third in combinations([j for j in cross[at + 1 :] if j - first < REACH], 2):
                if frozenset((first, second, third)) not in taken:
                    found.update(dict.fromkeys(_between(view, rows, (first, second, third))))
    return tuple(found)


def _between(view: View, rows: Sequence[int], lines: tuple[int, int, int]) -> Iterable[Tie]:
    """The tie under which one of three crossing lines is the sum of the others, if there is one."""
    for total in range(3):
        held = failed = 0
        weights = [-1 if at != total else 1 for at in range(3)]
        for i in rows:
            values = [view.n[i][j] for j in lines]
            if None in values:
                continue
            slack = sum(view.step[i][j] for j in lines)
            if 2 * abs(sum(w * (v or 0) for w, v in zip(weights, values, strict=True))) <= slack:
                held += all(values)
            elif (failed := failed + 1) * STRUCTURE.tie_lines_a_failure > len(rows):
                break
        if held >= STRUCTURE.tie_holding and held + failed >= STRUCTURE.tie_lines_a_failure * failed:
            return [tie(dict(zip(lines, weights, strict=True)))]
    return []


def causes(found: Sequence[Tie], failed: Mapping[int, tuple[int, int]]) -> list[int]:
    """The crossings at which a wrong figure explains, through ties, all that a reading is off by: of each the (gap, slack).

    Those that come first are explained by the others where they can be.
    """
    if len(failed) < 2 or not found:
        return list(failed)
    rows = []
    for one in found:
        within = [(line, weight) for line, weight in one if line in failed]
        if len(within) < 2:
            continue
        gap = sum(weight * failed[line][0] for line, weight in within)
        slack = sum(abs(weight) * failed[line][1] for line, weight in within)
        if 2 * abs(gap) <= slack:
            rows.append(dict(within))
    return _free(rows, list(failed))


def _free(rows: Sequence[Weights], columns: Sequence[int]) -> list[int]:
    """The columns of a matrix without a pivot, by elimination over fractions."""
    left = [[Fraction(row.get(column, 0)) for column in columns] for row in rows]
    rank, free = 0, []
    for at, column in enumerate(columns):
        pivot = next((k for k in range(rank, len(left)) if left[k][at]), None)
        if pivot is None:
            free.append(column)
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for k in range(rank + 1, len(left)):
            factor = left[k][at] / left[rank][at]
            if factor:
                left[k] = [value - factor * other for value, other in zip(left[k], left[rank], strict=True)]
        rank += 1
    return free


@dataclass
class Tally:
    """How a reading fares at each crossing. `alone`: parts that are the whole total somewhere; `failed`: (gap, slack) there."""

    passes: int = 0
    weak: int = 0
    exact: int = 0
    blank: int = 0
    bits: float = 0.0
    seen: set[tuple[int | None, ...]] = field(default_factory=set)
    alone: set[int] = field(default_factory=set)
    failed: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def fails(self) -> int:
        return self.blank + len(self.failed)


def tally(view: View, cross: Iterable[int], target: int, parts: Sequence[int]) -> Tally:
    """How the reading of one line as the sum of others fares at some crossings."""
    found = Tally()
    own, own_step = view.n[target], view.step[target]
    rows, steps = [view.n[p] for p in parts], [view.step[p] for p in parts]
    for j in cross:
        stated = own[j]
        values = [row[j] for row in rows]
        nonzero = len(values) - values.count(0) - values.count(None)
        several = nonzero > 1 and stated not in values  # where the others cancel each other, one number is printed twice
        if stated is None or (not nonzero and values.count(None) == len(values)):
            found.blank += bool(stated) and len(parts) == 1  # what counts where its only part is blank is no sum of it
            continue
        total = sum(filter(None, values))
        allowance = own_step[j] + sum([step[j] for step in steps])
        if 2 * abs(stated - total) > allowance:
            found.failed[j] = stated - total, allowance
            continue
        if stated == 0 and not nonzero:
            continue
        if stated != total and (nonzero < 2 or stated in values):  # one number printed twice is rounded once
            found.blank += len(parts) == 1
            continue
        found.exact += stated == total and (nonzero >= 2 or len(parts) == 1)
        key = (stated, *values)
        gain = bits(stated, allowance if stated != total else 0) if key not in found.seen else 0.0
        found.seen.add(key)
        if several:
            found.passes += 1
            found.bits += gain
        else:
            found.weak += 1
            found.bits += gain / 3
            found.alone.update(p for p, value in zip(parts, values, strict=True) if value)
    return found


@dataclass(frozen=True, slots=True)
class Price:
    """What it takes to believe that a reading is right where it fails: so many wrong figures, and their cost in bits.

    `slips`: what they cost if each has to look like one stroke. `rather`: something else explains what is off as well: a blank
    part, one more like those printed, a mean. `above`: the total is above its parts wherever it is off.
    """

    wrong: int
    bits: float
    slips: float = 0.0
    rather: bool = False
    above: bool = False

    def unprinted(self, held: int) -> bool:
        """True if an unprinted part is the likelier explanation of a total above its parts."""
        return self.above and self.wrong > 1 and self.slips > STRUCTURE.unprinted_cost and self.wrong * STRUCTURE.few_hold > held


def price(view: View, ties: Sequence[Tie], found: Tally, target: int, parts: Sequence[int]) -> Price:
    """What it takes to believe in errors wherever a reading fails.

    Each costs what a wrong figure is unlikely, less what it tells that one stroke explains it. That the total is near its parts
    tells something as well, but once for all crossings: a small part that is left out makes all of them near.
    """
    slip_bits = {j: _stroke(view, j, target, parts) for j in found.failed}
    wrong = causes(ties, dict(sorted(found.failed.items(), key=lambda item: slip_bits[item[0]])))
    bits, near, doubts = STRUCTURE.fail_cost * found.blank, 0.0, 0
    for j in wrong:
        closeness = _closeness(view, j, target, parts)
        bits += STRUCTURE.fail_cost - slip_bits[j]
        near += max(closeness - slip_bits[j], 0.0)
        doubts += slip_bits[j] < STRUCTURE.fail_cost / 2 and any(
            view.n[p][j] is None for p in parts
        )  # what a blank one would make
        doubts += not slip_bits[j] and _among(view, j, target, parts)
    doubts += bool(wrong) and _one_part_more(view, found, target, parts)
    above = all(gap > 0 for gap, _ in found.failed.values()) and all((view.n[p][j] or 0) >= 0 for p in parts for j in wrong)
    return Price(
        len(wrong) + found.blank, max(bits - min(near, STRUCTURE.near_most), 0.0), bits, doubts > 0, above and bool(wrong)
    )


def explained(view: View, j: int, target: int, parts: Sequence[int]) -> bool:
    """True if one stroke, or the one blank part, explains what a reading is off by at a crossing."""
    return sum(view.n[p][j] is None for p in parts) == 1 or _stroke(view, j, target, parts) > 0


def _stroke(view: View, j: int, target: int, parts: Sequence[int]) -> float:
    slack = view.step[target][j] + sum(view.step[p][j] for p in parts)
    return stroke_bits(view.n[target][j] or 0, [view.n[p][j] or 0 for p in parts], slack)


def _closeness(view: View, j: int, target: int, parts: Sequence[int]) -> float:
    """Bits for a total that is near its parts; of a single part it says nothing."""
    total = sum(view.n[p][j] or 0 for p in parts)
    gap = abs((view.n[target][j] or 0) - total)
    near = log2(max(abs(total), 1) / gap) if len(parts) > 1 and gap else 0.0
    return near if near >= STRUCTURE.nearby else 0.0


def doubtful(view: View, j: int, target: int, parts: Sequence[int]) -> bool:
    """True if a total is its parts plus one more like them (maybe on the page before), or their mean."""
    gap = (view.n[target][j] or 0) - sum(view.n[p][j] or 0 for p in parts)
    return gap in [view.n[p][j] for p in parts] or _among(view, j, target, parts)


def _one_part_more(view: View, found: Tally, target: int, parts: Sequence[int]) -> bool:
    """True if a total exceeds its printed parts by one more part like one of them."""
    gaps = {j: found.failed[j][0] if j in found.failed else 0 for j, line in enumerate(view.cross) if line.additive}
    return any(
        all(gap == (view.n[p][j] or 0) for j, gap in gaps.items() if j in found.failed or view.n[target][j] is not None)
        for p in parts
    )


def _among(view: View, j: int, target: int, parts: Sequence[int]) -> bool:
    """True if a total lies among its parts, as their mean would."""
    known = [value for p in parts if (value := view.n[p][j]) is not None]
    return len(known) > 1 and 0 < min(known) < (view.n[target][j] or 0) < max(known)


def codes(total: int, parts: Sequence[int]) -> bool:
    """True if these are no amounts but codes, 624 over 6241 and 6242, 331,332 over 331 and 332; or all one number."""
    own = str(total).rstrip("0")
    unit = 1
    while total and not any(number % (unit * TEN) for number in (total, *parts)):
        unit *= TEN
    if len(parts) > 1 and (str(total // unit) == "".join(str(part // unit) for part in parts) or {*parts} == {total} != {0}):
        return True
    return len(set(parts)) > 1 and 0 < total < min(parts) and all(str(part).startswith(own) for part in parts)


def closeness(stated: Decimal, computed: Decimal, step: Decimal) -> float:
    """Bits for a printed number that is near what it should be, or one stroke away from it."""
    gap, unit = abs(stated - computed), step or Decimal(1)
    near = log2(max(abs(computed) / gap, Decimal(1))) if gap and computed else 0.0
    shown, meant = int(stated / unit), int((computed / unit).to_integral_value(ROUND_HALF_UP))
    digits = len(str(max(abs(shown), abs(meant))))
    bits = log2(10**digits / (STROKES * digits)) if stroke(shown, meant) else 0.0
    return min(max(near, bits, 0.0), STRUCTURE.fail_cost)


def stroke_bits(stated: int, values: Sequence[int], slack: int) -> float:
    """How little likely it is by chance that one stroke, in a total or in one of its parts, makes good what they are off by.

    Zeros in which all the numbers end tell nothing.
    """
    gap = stated - sum(values)
    numbers = [stated, *values]
    unit = 1
    while all(number % (unit * 10) == 0 for number in numbers) and any(numbers):
        unit *= 10
    room = slack // 2 // unit if slack // 2 <= MOST_SLACK * unit else 0
    changes = [(stated // unit, (stated - gap) // unit), *((value // unit, (value + gap) // unit) for value in values if value)]
    for off in sorted(range(-room, room + 1), key=abs):
        kinds = {stroke(one, other + off) for one, other in changes} - {""}
        if kinds and not (kinds == {"sign"} and len(values) == PAIR):  # one less another is no sum of them
            break
    else:
        return 0.0
    digits = len(str(max(abs(number) // unit for number in (stated, sum(values)))))
    chance = STROKES * digits * len(numbers) * (2 * abs(off) + 1)
    return min(max(log2(10**digits / chance), 0.0), STRUCTURE.fail_cost)
