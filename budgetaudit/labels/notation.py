"""What a printed number stands for beyond its digits: how they are grouped, its sign, and how precisely it is stated.

A document groups thousands by points or by commas. Negative is an amount in brackets, with a hyphen behind it, or on a line that
says less. Precision is told by a number's own last place, by what its column prints, and by what a workbook stores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from budgetaudit.amounts import CURRENCY_SIGNS, LONG_DECIMALS, RESIDUE, Amount
from budgetaudit.labels.layout import Layout
from budgetaudit.model import Unit
from budgetaudit.vocabulary import Vocabulary

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Line


FINE = 4  # one number in four that prints a decimal is enough
SEVERAL = 3  # numbers of a row
CENTS, PADDED = 2, -1
TEN = 10
DROPPED = 1  # zeros that a number may drop behind its point, beyond those of cents
LONG = 99
EXPORTED = 5  # numbers that all end in .0 were written by a program
FLOAT_DIGITS = 15
EXCEL_DIGITS = Context(prec=FLOAT_DIGITS)  # a workbook keeps 15 digits; what stands behind them is noise of binary fractions
SURELY_DOTTED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d{1,2})?|(?:\.\d{3})+,(?:\d{1,2}|\s?[-–—]{1,2}))(?![\d.,])")
SURELY_COMMAS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
THOUSAND = re.compile(r"[1-9]\d{0,2}\.\d{3}(?![\d.,])")
OTHER_DECIMALS = re.compile(r"\d+\.(?:\d{1,2}|\d{4,})(?![\d.])|0\.\d|\d{1,3},\d{3}")
YEAR = re.compile(r"(?:19\d\d|20\d\d|2100)\Z")
FEW_ROWS = 2  # that differ by a number they print
FEW = 3  # numbers that show how a document groups its digits
# No sum of money has three decimals.
MONEY = rf"(?:[{CURRENCY_SIGNS}]|EUR\b|Euro\b)"
MONEY_DOTTED = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}\.\d{{3}}\s?{MONEY}|{MONEY}\s?[-−–(]?[1-9]\d{{0,2}}\.\d{{3}}[\s)]*\Z")
MONEY_DECIMAL = re.compile(rf"\d\.\d{{1,2}}\s?{MONEY}|{MONEY}\s?[-−–(]?\d+\.\d{{1,2}}(?!\d)")


def credited(layout: Layout, rows: Mapping[int, Line]) -> bool:
    """True if hyphens behind numbers are minus signs, `1,275-`: unless totals say that they only end an amount."""
    return turned(layout, rows, {p for p, amount in layout.amounts.items() if amount.stray and p[0] in rows})


def taken_away(layout: Layout, rows: Mapping[int, Line]) -> frozenset[int]:
    """The rows that print without a sign what their label takes away, `Less: grants`, if totals do not say otherwise."""
    lines = [r for r, line in rows.items() if not line.total and not line.measure and any(label.less for label in line.labels)]
    found = {p for p in layout.amounts if p[0] in lines}
    signed = any(layout.amounts[p].signed or layout.amounts[p].bracketed for p in found)
    return frozenset(lines) if found and not signed and turned(layout, rows, found) else frozenset()


def losses(layout: Layout, rows: Mapping[int, Line], vocabulary: Vocabulary) -> frozenset[int]:
    """The rows of a statement of results that print a loss without a sign: 영업손실 312 is a result of -312."""
    own = {r: line.labels[-1] for r, line in rows.items() if line.labels}
    lost = {r for r, label in own.items() if label.key in vocabulary.lists["losses"]}
    results = {vocabulary.accounts.get(label.key) for label in own.values()}
    signed = {r for (r, _), amount in layout.amounts.items() if r in lost and (amount.signed or amount.bracketed)}
    return frozenset(lost - signed) if {"operating_revenue", "sales"} & results else frozenset()


def parts_of(lines: Mapping[int, Line], across: Sequence[int], amount: Callable[[int, int], Amount | None]) -> dict[int, Line]:
    """The lines, those marked that are part of the line before them, of which, unless totals count them as well."""
    marked = {i for i, line in lines.items() if not line.total and any(label.of_which for label in line.labels)}
    order = list(lines)
    for at, i in enumerate(order):
        if i in marked and not _smaller(next((p for p in reversed(order[:at]) if p not in marked), None), i, across, amount):
            marked.discard(i)
    if not marked:
        return dict(lines)
    counted = left_out = 0
    for j in across:
        printed = [(i, found) for i in order if (found := amount(i, j)) is not None]
        totals = [at for at, (i, _) in enumerate(printed) if lines[i].total]
        for at, before, behind in zip(totals, [-1, *totals], [*totals[1:], len(printed)], strict=False):
            for block in (printed[before + 1 : at], printed[at + 1 : behind]):
                if any(i in marked for i, _ in block):
                    counted += sum(each.value for _, each in block) == printed[at][1].value
                    left_out += sum(each.value for i, each in block if i not in marked) == printed[at][1].value
    return {i: replace(line, within=i in marked and left_out >= counted) for i, line in lines.items()}


def _smaller(whole: int | None, part: int, across: Sequence[int], amount: Callable[[int, int], Amount | None]) -> bool:
    """True if a line is nowhere larger than the one of which it is said to be a part."""
    if whole is None:
        return False
    pairs = [(one, other) for j in across if (one := amount(whole, j)) is not None and (other := amount(part, j)) is not None]
    return all(abs(other.value) <= abs(one.value) for one, other in pairs)


def turned(layout: Layout, rows: Mapping[int, Line], positions: Iterable[tuple[int, int]]) -> bool:
    """True if amounts are to be taken with a minus: totals are given by the rows above them so at least as often as plainly."""
    strays: dict[int, set[int]] = {}
    for r, c in positions:
        strays.setdefault(c, set()).add(r)
    taken = kept = 0
    for c, found in strays.items():
        printed = [(r, layout.amounts[(r, c)]) for r in rows if (r, c) in layout.amounts]
        totals = [at for at, (r, _) in enumerate(printed) if rows[r].total]
        for at, before, behind in zip(totals, [-1, *totals], [*totals[1:], len(printed)], strict=False):
            r, total = printed[at]
            for block in (printed[before + 1 : at], printed[at + 1 : behind]):
                if any(row in found for row, _ in block):
                    plain = sum(each.value for _, each in block)
                    less = sum(-each.value if row in found else each.value for row, each in block)
                    taken += less == (-total.value if r in found else total.value)
                    kept += plain == total.value
    return bool(strays) and taken >= kept


def bracket_meaning(layout: Layout, columns: Mapping[int, Line], rates: frozenset[int]) -> frozenset[int]:
    """The columns in which round brackets mean a negative number.

    They do not where a bracketed number carries its own sign. A column with nothing but brackets is no evidence: it
    follows the other columns, or its label if that says that it is a change.
    """
    bracketed: dict[int, int] = {}
    plain: dict[int, int] = {}
    signed = False
    for (r, c), amount in layout.amounts.items():
        if amount.bracketed and r not in rates:
            bracketed[c] = bracketed.get(c, 0) + 1
            signed = signed or amount.signed
        elif not amount.dash and not amount.bracketed:
            plain[c] = plain.get(c, 0) + 1
    if signed:
        return frozenset()
    mixed = frozenset(c for c in bracketed if plain.get(c, 0) > 0)
    changes = frozenset(c for c in bracketed if c in columns and columns[c].measure in ("change", "balance"))
    return frozenset(c for c in bracketed if c not in columns or columns[c].additive) if mixed else changes


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


def steps(layout: Layout, rows: Mapping[int, Line], columns: Container[int]) -> dict[int, int]:
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


def written_floats(layout: Layout) -> bool:
    """True if a program wrote the numbers as binary fractions, 12.0 beside 3.375: its `.0` says nothing of precision."""
    plain = [amount for amount in layout.amounts.values() if not (amount.dash or amount.unit or amount.grouped)]
    if len(plain) < len(layout.amounts) or any(amount.places <= 0 for amount in plain):
        return False
    long = [amount for amount in plain if amount.places > 1]
    whole = sum(_is_whole(amount) for amount in plain)
    return whole >= EXPORTED and len(long) >= EXPORTED and all(amount.value.as_tuple().digits[-1] for amount in long)


def padded(amount: Amount) -> bool:
    """True if `.0` is all that follows the point."""
    return amount.places == 1 and _is_whole(amount)


def _is_whole(amount: Amount) -> bool:
    return amount.value == amount.value.to_integral_value()


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


def dotted(texts: Iterable[str]) -> bool:
    """True if a document groups thousands by points: some of its numbers can be read in no other way, none by commas.

    So are its decimals behind commas, if several numbers print more than three digits there.
    """
    found, money, long, decimals = False, 0, 0, False
    for text in texts:
        if SURELY_COMMAS.search(text):
            return False
        long += "," in text and LONG_DECIMALS.search(text) is not None
        if "." in text:
            found = found or bool(SURELY_DOTTED.search(text))
            money += len(MONEY_DOTTED.findall(text))
            decimals = decimals or bool(MONEY_DECIMAL.search(text))
    return found or ((money >= FEW or long >= FEW) and not decimals)


def dotted_columns(columns: Iterable[Sequence[str]]) -> bool:
    """True if columns of numbers print points before three digits as others print commas: 2.140 above 365, or 2.340 throughout.

    Decimals of three places stand in columns of their own beside whole numbers, begin with 0 at times, or vary in length.
    """
    marked, mixed, plain, added = 0, False, False, False
    for texts in columns:
        numbers = [text.strip("()-−–△ ") for text in texts]
        thousands = sum(bool(THOUSAND.match(number)) for number in numbers)
        others = [number for number in numbers if number.isdigit() and not YEAR.match(number)]
        if others == [str(at) for at in range(1, len(others) + 1)]:
            others = []  # the numbers of lines
        if any(OTHER_DECIMALS.match(number) for number in numbers) or any(len(number) > 3 for number in others if thousands):
            return False
        marked += thousands
        added = added or _added(numbers)
        mixed = mixed or bool(thousands and others)
        plain = plain or bool(others and not thousands)
    return (marked >= FEW and (mixed or not plain)) or added


def _added(numbers: Sequence[str]) -> bool:
    """True if a number with a point before three digits is, without the point, the sum of those above: 420, 1.175, 1.595."""
    for at, number in enumerate(numbers):
        if not THOUSAND.fullmatch(number):
            continue
        total, summed, whole = int(number.replace(".", "")), 0, False
        for count, before in enumerate(reversed(numbers[:at]), start=1):
            digits = before.replace(".", "")
            if not digits.isdigit() or summed > total:
                break
            summed, whole = summed + int(digits), whole or digits == before
            if summed == total and whole and count > 1:
                return True
    return False


def dotted_rows(rows: Iterable[Sequence[str]]) -> bool:
    """True if rows print differences that fit only if points group thousands: 4.120, 4.310, 190."""
    found = 0
    for texts in rows:
        numbers = [text.strip("()-−–△+ ") for text in texts]
        marked = [int(number.replace(".", "")) for number in numbers if THOUSAND.fullmatch(number)]
        whole = {int(number) for number in numbers if number.isdigit() and 1 < len(number) < 4}
        found += any(abs(one - other) in whole for one, other in pairwise(marked))
    return found >= FEW_ROWS
