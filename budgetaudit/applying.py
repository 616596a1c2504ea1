"""Which rules applied to the inputs of a run, and what is said of those that did not.

A pack holds rules for many kinds of file: one that fits no table is not applicable, and said. A column that is misspelt, or a
rule file none of whose rules fits, is an error of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import fields
from difflib import get_close_matches

from budgetaudit.kinds.options import FormulaOptions, RollupOptions, UniqueOptions
from budgetaudit.model import Message, Place, Problem, RuleError
from budgetaudit.rows.rules import LOOKUP
from budgetaudit.rulefiles.expressions import names
from budgetaudit.rulefiles.formula_parser import parse
from budgetaudit.rulefiles.rule import Rule, RuleSet, Selector

Unmatched = Mapping[str, frozenset[str]]  # rules whose columns an input does not print → the names it knows


def not_applied(ruleset: RuleSet, unmatched: Sequence[Unmatched], used: Set[str]) -> tuple[list[RuleError], list[Problem]]:
    """What is to be said of the rules of one's own files that compared nothing in any input.

    `unmatched`: of each input that was read; `used`: the rules that compared something.
    """
    errors: list[RuleError] = []
    notices: list[Problem] = []
    own: dict[str, list[Rule]] = {}
    for rule in ruleset.active():
        if rule.file not in ruleset.shipped:
            own.setdefault(rule.file, []).append(rule)
    for file, rules in own.items():
        nowhere = [rule for rule in rules if unmatched and all(rule.id in one for one in unmatched)]
        known = {rule.id: frozenset().union(*(one[rule.id] for one in unmatched)) for rule in nowhere}
        fits = any(rule.id in used for rule in rules)
        wrong = [rule for rule in nowhere if not fits or _misspelt(rule, known[rule.id])]
        errors += [RuleError(rule.id, _no_columns(rule, known[rule.id])) for rule in wrong]
        if not fits and not wrong and unmatched:
            errors.append(RuleError(rules[0].id, Message("rules-fit-nothing", {"file": file, "rules": len(rules)})))
        left = [rule.id for rule in nowhere if rule not in wrong]
        if left:
            notices.append(Problem(Place(file), Message("rules-not-applicable", {"rules": ", ".join(left)}), "notice"))
    return errors, notices


def columns_of(rule: Rule) -> tuple[str, ...]:
    """The columns that a rule names."""
    options, found = rule.options, [*rule.by, *(rule.where.rows.names if rule.where.rows else ())]
    if isinstance(options, FormulaOptions):
        found += [name for name in names(options.check) if not name.startswith(LOOKUP)]
    elif isinstance(options, UniqueOptions):
        found += options.key
    elif isinstance(options, RollupOptions):
        found += [text.partition("->")[0].strip() for text in options.by]
        found += [name for text in options.measures for name in names(parse(text.partition("->")[0]))]
    else:
        selectors = [getattr(options, field.name) for field in fields(options)]
        found += [one.label for one in selectors if isinstance(one, Selector) and one.label]
    return tuple(dict.fromkeys(found))


def _misspelt(rule: Rule, known: frozenset[str]) -> bool:
    """True if an input prints some of a rule's columns, and another under a name that is nearly the rule's."""
    named = columns_of(rule)
    missing = [name for name in named if name not in known]
    others = sorted(known - set(named))
    return len(missing) < len(named) and any(get_close_matches(name, others, n=1) for name in missing)


def _no_columns(rule: Rule, labels: frozenset[str]) -> Message:
    """A formula that no table fits: most often a misspelt column."""
    known = sorted(labels)
    named = [name for name in columns_of(rule) if name not in labels]
    guesses = [guess for name in named for guess in get_close_matches(name, known, n=1)]
    columns = ", ".join(named or columns_of(rule))
    code = "rule-no-columns-guess" if guesses else "rule-no-columns"
    return Message(code, {"rule": rule.id, "columns": columns, "guess": ", ".join(guesses)})
