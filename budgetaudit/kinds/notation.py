"""Numbers and dates are written properly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule


@dataclass(frozen=True, slots=True)
class NotationOptions:
    """Numbers and dates are written properly: no misplaced commas, weekdays that fit."""

    check: Literal["number", "grouping", "stops", "weekday"]


def compare_notation(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each number or date written wrongly, and for each weekday."""
    from budgetaudit.sentences import notation

    options: NotationOptions = rule.options
    tables = list(material.chosen(rule))
    prose = material.prose if material.reads(rule) else None
    if options.check == "number":
        yield from notation.compare_numbers(rule, tables, prose)
    elif options.check == "grouping":
        yield from notation.compare_grouping(rule, tables)
    elif options.check == "stops" and prose is not None:
        yield from notation.compare_stops(rule, prose)
    elif options.check == "weekday" and prose is not None:
        yield from notation.compare_weekdays(rule, prose)
