"""How a document groups the digits of its numbers: by points or by commas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from budgetaudit.amounts import CURRENCY_SIGNS, LONG_DECIMALS

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
