"""Numbers and dates are written properly."""

from __future__ import annotations

from collections.abc import Iterator

from budgetaudit.kinds.options import NotationOptions
from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule


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
