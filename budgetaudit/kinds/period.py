"""Periods fit each other: in sentences, in the cells of tables, between a programme and its projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule


@dataclass(frozen=True, slots=True)
class PeriodOptions:
    """Periods fit each other: start and end, project and programme, yearly amounts and period, months in a run, dated events."""

    check: Literal["order", "programme", "years", "run", "events"]


def compare_periods(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each pair of dates that a check compares."""
    options: PeriodOptions = rule.options
    tables = list(material.chosen(rule))
    if not tables and not material.wordy:
        return
    if options.check == "events":
        from budgetaudit.sentences import narrative

        yield from narrative.compare_events(rule, tables, material.prose)
        return
    from budgetaudit.sentences import schedules, spans

    if options.check == "order":
        if material.reads(rule):
            yield from schedules.compare_order(rule, material.prose)
        yield from spans.compare_spans(rule, tables, material.prose)
    elif options.check == "programme":
        yield from schedules.compare_programmes(rule, tables, material.prose)
    elif options.check == "years":
        yield from schedules.compare_years(rule, tables, material.prose)
    elif options.check == "run":
        yield from schedules.compare_runs(rule, tables, material.vocabulary.periods)
