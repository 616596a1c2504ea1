"""How a number that should have been printed may have become the one that was: the slips people make.

Numbers are whole, scaled alike: what is compared are the digits shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

Kind = Literal[
    "digit",
    "transposition",
    "dropped-digit",
    "added-digit",
    "decimal-point",
    "unit",
    "sign",
    "blank",
    "shifted",
    "omitted",
    "double",
    "digits",
    "other",
]
# How unlikely each slip is, and that it gives just this number: one of nine for a digit, the only one for a lost sign. In the
# currency of diagnosis: another relation healed is worth two of these.
COST: dict[str, float] = {
    "decimal-point": 0.8,
    "unit": 0.8,
    "transposition": 0.8,
    "blank": 0.8,
    "sign": 1.0,
    "dropped-digit": 1.0,
    "digit": 1.3,
    "added-digit": 1.4,
    "omitted": 1.4,
    "double": 1.4,
    "shifted": 1.5,
    "digits": 2.8,
    "other": 3.8,
}
FITTING = ("blank", "shifted", "omitted", "double", "digits", "other")
MOST_VALUES = 25
TELLING = 3  # digits of numbers whose likeness means something: 20,000 resembles every round number
VANISHING = ("decimal-point", "unit")
TEN, THOUSAND = 10, 1000
POWERS = (TEN, 100, THOUSAND)


def slip(shown: int, meant: int) -> Kind:
    """The simplest slip that makes `meant` look as `shown`.

    >>> slip(39981, 39681), slip(1802, -1802), slip(1275, 1215), slip(160, 1600)
    ('digit', 'sign', 'digit', 'decimal-point')
    """
    if shown == -meant:
        return "sign"
    if (shown < 0) != (meant < 0) or not shown or not meant:
        return "other"
    one, other = str(abs(shown)), str(abs(meant))
    zeros = abs(len(one) - len(other))
    if zeros and one.ljust(len(other), "0") == other.ljust(len(one), "0"):
        return "decimal-point" if zeros < len(str(THOUSAND)) - 1 else "unit"
    return _between(one, other)


def stroke(shown: int, meant: int) -> Kind | Literal[""]:
    """The slip of one stroke that makes one number of another, '' if none does; a digit more or less than one tells nothing."""
    kind = slip(shown, meant)
    lone = kind in ("dropped-digit", "added-digit") and min(abs(shown), abs(meant)) < TEN
    return "" if shown == meant or lone or not likely(kind) else kind


def slipped(stated: int, values: Sequence[int]) -> bool:
    """True if one stroke, in a total or a part, explains the difference; short or round numbers are no evidence."""
    gap = stated - sum(values)
    pairs = ((stated, stated - gap), *((value, value + gap) for value in values if value))
    return any(bool(stroke(*pair)) and min(len(str(abs(n)).rstrip("0")) for n in pair) >= TELLING for pair in pairs)


def _between(shown: str, meant: str) -> Kind:
    """What turned the digits meant into those shown."""
    if len(shown) == len(meant):
        differ = [at for at in range(len(shown)) if shown[at] != meant[at]]
        if len(differ) == 1:
            return "digit"
        if len(differ) == 2:
            first, second = differ
            swapped = shown[first] == meant[second] and shown[second] == meant[first]
            return "transposition" if swapped and second == first + 1 else "digits"
        return "other"
    if len(shown) + 1 == len(meant) and _lacks_one(shown, meant):
        return "dropped-digit"
    if len(meant) + 1 == len(shown) and _lacks_one(meant, shown):
        return "added-digit"
    return "other"


def _lacks_one(shorter: str, longer: str) -> bool:
    same = 0
    while same < len(shorter) and shorter[same] == longer[same]:
        same += 1
    return shorter[same:] == longer[same + 1 :]


def edits(shown: int, step: int) -> Iterator[int]:
    """Every number that one slip of its digits or sign may have turned into the one shown."""
    yield -shown
    sign, digits = (-step if shown < 0 else step), str(abs(shown) // step)
    for at in range(len(digits)):
        before, after = digits[:at], digits[at + 1 :]
        yield sign * int(before + after or "0")
        yield from (sign * int(before + new + after) for new in "0123456789")
        yield from (sign * int(before + new + digits[at:]) for new in "0123456789")
        if after:
            yield sign * int(before + after[0] + digits[at] + after[1:])
    yield from (sign * int(digits + new) for new in "0123456789")


def fits_anything(kind: str) -> bool:
    """True if the slip explains numbers whatever their digits, so that a single sum is no evidence of it."""
    return kind in FITTING


def likely(kind: Kind) -> bool:
    """True if it is a single slip."""
    return kind not in ("digits", "other")


def meant(shown: int, low: int, high: int, step: int) -> Iterator[tuple[Kind, int]]:
    """The values between low and high that a slip may have turned into `shown`, and the middle one whatever the slip.

    `step` is the unit the value has to be printed in; a moved decimal point may print it finer.
    """
    first, middle = -(-low // step) * step, (low + high) // 2
    if high - first > step * MOST_VALUES:
        values = [value for value in edits(shown, step) if low <= value <= high]
        nearest = (middle + step // 2) // step * step
    else:
        values = list(range(first, high + 1, step))
        nearest = min(values, key=lambda value: abs(value - middle), default=middle)
    values += [value for power in POWERS for value in (shown * power, shown // power) if low <= value <= high]
    for value in dict.fromkeys([nearest, *values]):
        kind = slip(shown, value)
        if low <= 0 <= high and kind in VANISHING:
            continue  # moved far enough, the point makes nothing of every number
        if value != shown and (kind != "other" or value == nearest):
            yield kind, value
