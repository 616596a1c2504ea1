"""An amount in words beside its digits, 금 일억이천만원(₩120,000,000): contracts print both, so that none is altered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgetaudit.label_text import squeeze
from budgetaudit.model import Comparison, Figure
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, summed
from budgetaudit.rounding import ZERO
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.units import Units

BESIDE = re.compile(r"[\s()（）\[\]₩￦¥:：,=/\-]{0,6}(?:[^\W\d_]{1,3}\s?)?[\s()（）\[\]₩￦¥]{0,3}\Z")
GROUPS = 10_000  # from here on a multiplier closes a group: 만, 억
SHORTEST = 3  # letters


def compare_spelled(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """One comparison for each amount in words that stands beside one in digits."""
    units = prose.vocabulary.units
    pattern = _pattern(units)
    if pattern is None:
        return
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        for match in pattern.finditer(scan.text):
            value = spelled(match["words"], units)
            number = _beside(scan, match) if value is not None else None
            if value is None or number is None or number.unit is None or number.unit.family != "money":
                continue
            words = match.group().strip()
            figure = Figure(value, words, statement.place, ZERO, units.base(), quoted(statement.text, match.start()))
            message = said("spelled-differs", words, words, quoted(statement.text, match.start()), digits=number.text)
            relation = f"text:{statement.place.file}#{statement.number}:{match.start()}:spelled"
            digits = number.figure(statement.place, number.text, step=ZERO if number.unit.scale == 1 else number.last_place)
            yield confront(Relation(rule, summed(figure, [digits], "expected"), relation, message=message))


def spelled(text: str, units: Units) -> Decimal | None:
    """The number that words make: 일억이천삼백만 is 123,000,000; a multiplier alone is one of it. None if they make none."""
    total = group = Decimal(0)
    digit: Decimal | None = None
    for letter in squeeze(text):
        if letter in units.numerals:
            if digit is not None:
                return None
            digit = units.numerals[letter]
            continue
        multiplier = units.multipliers[letter]
        if multiplier < GROUPS:
            group += (Decimal(1) if digit is None else digit) * multiplier
        else:
            total += (group + (digit or 0) or Decimal(1)) * multiplier
            group = Decimal(0)
        digit = None
    return total + group + (digit or 0)


def _pattern(units: Units) -> re.Pattern[str] | None:
    """Numerals and multipliers with the word of a currency behind them."""
    bases = sorted((word for word, unit in units.known.items() if unit.scale == 1 and unit.currency), key=len, reverse=True)
    letters = "".join(map(re.escape, (*units.numerals, *(word for word in units.multipliers if len(word) == 1))))
    if not units.numerals or not letters or not bases:
        return None
    ends = "|".join(map(re.escape, (base for base in bases if not base.isascii())))
    return re.compile(rf"(?P<words>[{letters}](?:\s?[{letters}]){{{SHORTEST - 1},30}})\s?(?:{ends})")


def _beside(scan: Scan, match: re.Match[str]) -> Number | None:
    """The amount in digits right behind an amount in words, else right before it."""
    behind = [n for n in scan.between(match.end(), match.end() + 12) if n.family == "money"]
    if behind and BESIDE.match(scan.text[match.end() : behind[0].start]):
        return behind[0]
    before = [n for n in scan.between(max(0, match.start() - 40), match.start()) if n.family == "money"]
    near = before and before[-1].end <= match.start() and BESIDE.match(scan.text[before[-1].end : match.start()])
    return before[-1] if near else None
