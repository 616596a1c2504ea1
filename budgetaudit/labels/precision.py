"""How precisely a figure is stated: by its own last place, by what its column prints, by what a workbook stores."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Context, Decimal
from typing import Protocol

from budgetaudit.amounts import RESIDUE, Amount
from budgetaudit.labels.layout import Layout
from budgetaudit.model import Unit

FINE = 4  # one number in four that prints a decimal is enough
SEVERAL = 3  # numbers of a row
CENTS, PADDED = 2, -1
TEN = 10
DROPPED = 1  # zeros that a number may drop behind its point, beyond those of cents
LONG = 99
EXPORTED = 5  # numbers that all end in .0 were written by a program
FLOAT_DIGITS = 15
EXCEL_DIGITS = Context(prec=FLOAT_DIGITS)  # a workbook keeps 15 digits; what stands behind them is noise of binary fractions


class Totalled(Protocol):
    """A line that may be a total."""

    @property
    def total(self) -> str: ...


def stored_number(stored: Decimal, amount: Amount, printed: Decimal) -> Decimal:
    """A workbook's stored number, unless the cell displays something else (a scaled format is what people read)."""
    if amount.unit is not None and amount.unit.family == "percent":
        return printed
    stored = EXCEL_DIGITS.plus(stored)
    difference = abs(stored - printed)
    if difference < RESIDUE and amount.places == CENTS < -int(stored.as_tuple().exponent):
        return printed
    return stored if difference * 2 <= amount.step else printed


def step(amount: Amount, unit: Unit | None, places: int, stored: Decimal | None, *, cents: bool) -> Decimal:
    """The stated precision: 0 (exact) for counts and the smallest unit of a currency, else the last printed place.

    `cents`: the unit has them, so that whole amounts of it may be rounded ones.
    """
    if amount.dash:
        return Decimal(0)
    if places == PADDED:
        return Decimal(1)
    if len(amount.value.as_tuple().digits) > FLOAT_DIGITS and amount.places > CENTS:
        return Decimal(1).scaleb(amount.value.adjusted() + 1 - FLOAT_DIGITS)  # a binary fraction, written in full
    if places > CENTS and places - amount.places > DROPPED:
        places = amount.places  # 17.4 beside 17.447137 was rounded: it drops no zeros
    finest = max(amount.places, places)
    if stored is not None and stored.as_tuple().exponent != 0 and amount.places < -int(stored.as_tuple().exponent):
        finest = -int(stored.as_tuple().exponent)
    if amount.places < 0:
        return amount.step
    if unit is not None and (unit.family == "count" or (unit.family == "money" and unit.scale == 1)):
        return Decimal(1) if cents and not finest else Decimal(0) if finest in (0, CENTS) else Decimal(1).scaleb(-finest)
    return Decimal(1).scaleb(-finest)


def steps(layout: Layout, rows: Mapping[int, Totalled], columns: Container[int]) -> dict[int, int]:
    """The finest decimals that much of a column prints: a dropped trailing zero does not coarsen a figure.

    A lone 0.3 among whole numbers makes these no finer; decimals that are zero all down are a format, unless they are cents.
    Nor do totals that are printed more finely than what they add up.
    """
    printed: dict[int, list[Amount]] = {}
    parts: dict[int, int] = {}
    for (r, c), amount in layout.amounts.items():
        plain = amount.unit is None or amount.unit.family == "percent"
        if r in rows and c in columns and not amount.malformed and not amount.dash and plain:
            printed.setdefault(c, []).append(amount)
            if not rows[r].total:
                parts[c] = max(parts.get(c, 0), amount.places)
    return {c: min(_places(amounts), parts.get(c, LONG)) for c, amounts in printed.items()}


def without_decimals(layout: Layout) -> set[int]:
    """The rows of several numbers that print none of them with decimals: theirs are not dropped zeros."""
    printed: dict[int, list[Amount]] = {}
    for (r, _), amount in layout.amounts.items():
        if not amount.dash:
            printed.setdefault(r, []).append(amount)
    return {r for r, amounts in printed.items() if len(amounts) >= SEVERAL and all(amount.places <= 0 for amount in amounts)}


def _places(amounts: Sequence[Amount]) -> int:
    finest = sorted((amount.places for amount in amounts), reverse=True)[len(amounts) // FINE]
    if finest and _only_small_ones(amounts):
        return 0
    whole = finest and all(amount.value == amount.value.to_integral_value() for amount in amounts)
    return PADDED if whole and (finest > CENTS or (finest < CENTS and len(amounts) >= EXPORTED)) else finest


def _only_small_ones(amounts: Sequence[Amount]) -> bool:
    """True if numbers below ten have decimals and others have none: 0.5 and 3.2 beside 25 and 130."""
    fine = [amount.value for amount in amounts if amount.places]
    whole = [amount.value for amount in amounts if not amount.places and amount.value]
    return bool(fine and whole) and max(fine) < TEN <= min(whole)
