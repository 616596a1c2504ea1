"""One printed cell of a ledger as an exact number, a blank, or malformed: the slow and careful reading.

Fast readers take the plain cells and leave the rest to this; so every engine reads every cell alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from budgetaudit.amounts import parse
from budgetaudit.engines.linear import Column, Malformed, Value
from budgetaudit.units import Units

MAX_PLACES = 18  # digits behind this place are rounded away, by every engine
LONGEST = 80
REMEMBERED = 50_000
# What programs write for "nothing here" when they export a table.
NOTHING = frozenset(["", "NULL", "null", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "\\N"])
_PLAIN = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)


@dataclass
class CellReader:
    """Reads the cells of one column; remembers what it has read, as ledgers repeat their oddities."""

    column: Column
    units: Units
    _seen: dict[str, tuple[Value, bool]] = field(default_factory=dict)

    def read(self, text: str) -> tuple[Value, bool]:
        """The value in the column's unit, and whether the cell is malformed (it may still have a likely value)."""
        found = self._seen.get(text)
        if found is None:
            found = self._read(text)
            if len(self._seen) < REMEMBERED:
                self._seen[text] = found
        return found

    def _read(self, text: str) -> tuple[Value, bool]:
        stripped = text.strip()
        if stripped in NOTHING:
            return None, False
        if len(stripped) > LONGEST:
            return Malformed(stripped[:LONGEST] + "…"), True
        if _PLAIN.fullmatch(stripped):
            return exact(Decimal(stripped.replace("_", ""))), False
        amount = parse(stripped, self.units)
        if amount is None:
            return Malformed(stripped), True
        # Brackets mean a negative number in a ledger: there is nothing else for them to mean in a column of amounts.
        value = -amount.value if amount.bracketed and not amount.signed else amount.value
        if amount.unit is not None and amount.unit.scale is not None:
            return exact(value) * Fraction(amount.unit.scale) / (self.column.worth or 1), amount.malformed
        return exact(value), amount.malformed


def exact(value: Decimal) -> Fraction:
    """A decimal as a fraction, rounded at the last place that is read."""
    if -int(value.as_tuple().exponent) > MAX_PLACES:
        with localcontext(prec=LONGEST * 2):
            value = value.quantize(Decimal(1).scaleb(-MAX_PLACES), ROUND_HALF_UP)
    return Fraction(value)


def places_printed(text: str) -> int:
    """The decimals a plain cell prints; 0 for anything else."""
    if "." not in text:
        return 0
    return len(text.partition(".")[2]) if _PLAIN.fullmatch(text) and "e" not in text.lower() else 0
