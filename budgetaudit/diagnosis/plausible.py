"""True if another value fits the neighbouring figures better than the printed one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import log10
from statistics import median

from budgetaudit.model import Figure

ODD_PLACES, ODD_PRINT = 2.0, 1.0  # decimals that no neighbour has; decimals printed as by no neighbour
NEARER = 1.5
MISWRITTEN = 2.0  # a number that is malformed as it is printed
BELOW = 3.0  # an amount that would have to be less than nothing among others that are not
MOST = 0.9  # of its neighbours print alike
BEHIND = re.compile(r"[.,](\d+)\D*\Z")


def plausible(figure: Figure, value: Fraction, peers: Sequence[Figure], company: Sequence[Figure], signed: bool) -> float:
    """Points for a value that is nearer in size, sign and decimals than the printed one, less than nothing for one farther off.

    `peers` stand in the same place of the same line relation, `company` in one relation with the figure; `signed`: it may be
    negative among amounts that are not.
    """
    if figure.value is None and value < 0 and not any(other.value and other.value < 0 for other in company):
        return -BELOW
    if not figure.value or not value:
        return 0.0
    sizes = [log10(abs(peer.value)) for peer in peers if peer.value]
    bonus = MISWRITTEN if figure.malformed else 0.0
    if sizes:
        middle = median(sizes)
        spread = median(abs(size - middle) for size in sizes)  # where amounts differ in size, size tells little
        nearer = abs(log10(abs(figure.value)) - middle) - abs(log10(abs(value)) - middle)
        bonus += NEARER * max(-1.0, min(1.0, nearer)) / (1 + 2 * spread)
    company = peers or company
    signs = [other.value < 0 for other in company if other.value]
    if value < 0 <= figure.value and not signed and not any(signs):
        bonus -= BELOW
    if signs and (value < 0) != (figure.value < 0):
        bonus += NEARER * (2.0 * sum(sign == (value < 0) for sign in signs) / len(signs) - 1.0)
    usual = max((places(other.value) for other in company if other.value), default=0)
    meant_places = places(Decimal(value.numerator) / Decimal(value.denominator))
    bonus += ODD_PLACES * ((places(figure.value) > usual) - (meant_places > usual))
    printed = Counter(printed_places(other.text) for other in company)
    common, count = printed.most_common(1)[0] if printed else (0, 0)
    if count > 1 and count >= MOST * len(company) and printed_places(figure.text) != common:
        bonus += ODD_PRINT
    return bonus


def printed_places(text: str) -> int:
    """How many digits stand behind the last mark of a printed number."""
    match = BEHIND.search(text)
    return len(match.group(1)) if match else 0


def exponent(value: Decimal) -> int:
    """The decimal place of the last digit that is no zero."""
    found = value.normalize().as_tuple().exponent
    return found if isinstance(found, int) else 0


def places(value: Decimal) -> int:
    """How many decimals a number really uses."""
    return max(-exponent(value), 0)
