"""Which rules are about rows: they say which rows, what per, how blanks count or how keys are matched."""

from __future__ import annotations

from dataclasses import replace

from budgetaudit.kinds.options import FormulaOptions, RollupOptions, UniqueOptions
from budgetaudit.rulefiles.expressions import Name, names
from budgetaudit.rulefiles.formula_parser import parse
from budgetaudit.rulefiles.rule import Keys, Rule, RuleSet
from budgetaudit.rulefiles.tokens import ExpressionError

LOOKUP = "lookup("


def is_row_rule(rule: Rule) -> bool:
    """True if a rule says which rows, what per, how blanks count or how keys are matched."""
    if rule.where.rows is not None or rule.blanks != "missing" or rule.keys != Keys():
        return True
    if isinstance(rule.options, UniqueOptions):
        return rule.options.told != "later"
    if isinstance(rule.options, RollupOptions):
        return any(not _plain(text) for text in rule.options.measures)
    if isinstance(rule.options, FormulaOptions) and any(name.startswith(LOOKUP) for name in names(rule.options.check)):
        return True
    return bool(rule.by)


def split(ruleset: RuleSet) -> tuple[RuleSet, tuple[Rule, ...]]:
    """The rules of cells and columns, and those of rows."""
    rows = tuple(rule for rule in ruleset.active() if is_row_rule(rule))
    return (replace(ruleset, rules=tuple(rule for rule in ruleset.rules if rule not in rows)), rows) if rows else (ruleset, ())


def _plain(measure: str) -> bool:
    """True if the own side of a roll-up's measure is one column; a name with signs in it is taken for one."""
    try:
        return isinstance(parse(measure.partition("->")[0]), Name)
    except ExpressionError:
        return True
