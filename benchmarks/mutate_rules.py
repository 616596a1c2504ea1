"""Do the cases of the shipped rules notice when a rule is changed? Each rule is mutated, one thing at a time.

usage: python benchmarks/mutate_rules.py [--rule ID]... [--show]

Mutants: another operator, a term dropped or exchanged, another member, choice, dimension, severity or tolerance. A mutant
is killed if one case of its rule is no longer as stated. Prints the score of each rule and of all; survivors with --show.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from budgetaudit.authoring import cases
from budgetaudit.authoring.commands import load
from budgetaudit.rulefiles.expressions import Binary, Call, Compare, Expression, Name, Negate, Number, names
from budgetaudit.rulefiles.rule import Dimension, Rule, RuleSet, Selector, Tolerance
from budgetaudit.rulefiles.rulefile import packs

ROOT = Path(__file__).resolve().parent.parent
OPERATORS = {"+": "-", "-": "+", "*": "/", "/": "*"}
COMPARATORS = {"=": ("<=", ">="), "<=": ("=", ">="), ">=": ("=", "<="), "<": (">",), ">": ("<",), "!=": ("=",)}
DIMENSIONS = ("item", "source", "year")
# Members that no other rule of a kind speaks of: a mutant that asks for them must find nothing where the rule found something.
STRANGERS = {"measure": "price", "source": "own", "year": "later"}


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Each mutant of a rule with what was done to it."""
    for field in fields(rule.options):
        value = getattr(rule.options, field.name)
        wanted = get_type_hints(type(rule.options))[field.name]
        for what, other in changed(value, wanted):
            yield f"{field.name}: {what}", replace(rule, options=replace(rule.options, **{field.name: other}))
    yield "severity", replace(rule, severity="note" if rule.severity != "note" else "warning")


def changed(value: Any, wanted: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Compare):
        yield from ((str(mutant), mutant) for mutant in dict.fromkeys(checks(value)) if mutant != value and names(mutant))
    elif isinstance(value, Selector):
        yield from selectors(value)
    elif wanted is Dimension:
        yield from ((other, other) for other in DIMENSIONS if other != value)
    elif isinstance(value, Tolerance):
        yield "percent", Tolerance("percent", value.value + 50)
    else:
        yield from ((str(other), other) for other in choices(wanted) if other != value)


def choices(wanted: Any) -> tuple[Any, ...]:
    if get_origin(wanted) is Literal:
        return get_args(wanted)
    return tuple(choice for option in get_args(wanted) if get_origin(option) is Literal for choice in get_args(option))


def selectors(value: Selector) -> Iterator[tuple[str, Selector]]:
    for at, (dimension, members) in enumerate(value.members):
        others = [members[:i] + members[i + 1 :] for i in range(len(members)) if len(members) > 1] or [()]
        for kept in others:
            kept = kept or (STRANGERS.get(dimension, "price"),)
            mutant = Selector((*value.members[:at], (dimension, kept), *value.members[at + 1 :]))
            yield str(mutant), mutant


def checks(check: Compare) -> Iterator[Compare]:
    for comparator in COMPARATORS[check.operator]:
        yield Compare(comparator, check.left, check.right)  # type: ignore[arg-type]
    for left in expressions(check.left):
        yield Compare(check.operator, left, check.right)
    for right in expressions(check.right):
        yield Compare(check.operator, check.left, right)


def expressions(node: Expression) -> Iterator[Expression]:
    """The node with one thing inside it changed."""
    match node:
        case Binary(operator, left, right):
            yield Binary(OPERATORS[operator], left, right)  # type: ignore[arg-type]
            yield left
            yield right
            yield from (Binary(operator, changed_left, right) for changed_left in expressions(left))
            yield from (Binary(operator, left, changed_right) for changed_right in expressions(right))
        case Negate(operand):
            yield operand
        case Call(function, arguments):
            if len(arguments) > 2 or (len(arguments) == 2 and not isinstance(arguments[-1], Number)):
                yield from (Call(function, arguments[:i] + arguments[i + 1 :]) for i in range(len(arguments)))
            elif function == "first":
                yield arguments[0]
                yield arguments[1]
            yield from (
                Call(function, (*arguments[:i], mutant, *arguments[i + 1 :]))
                for i, argument in enumerate(arguments)
                for mutant in expressions(argument)
            )
        case Name():
            yield Name("price")
        case Number(value):
            yield Number(value + 1)


def killed(mutant: Rule, ruleset: RuleSet, found: list[cases.Case]) -> bool:
    alone = replace(ruleset, rules=(mutant,))
    return any(True for case in found for _ in cases.run([case], alone))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rule", action="append", default=[])
    parser.add_argument("--show", action="store_true", help="print the mutants that no case notices")
    args = parser.parse_args()
    stated = cases.load(ROOT / "tests" / "cases")
    rules = {
        rule.id: (rule, ruleset) for pack in reversed(packs()) for ruleset in [load((pack,), "en")] for rule in ruleset.active()
    }
    dead = total = 0
    for identifier, (rule, ruleset) in sorted(rules.items()):
        if args.rule and identifier not in args.rule:
            continue
        found = [case for case in stated if case.rule == identifier]
        outcomes = [(what, killed(mutant, ruleset, found)) for what, mutant in mutants(rule)]
        score = sum(outcome for _, outcome in outcomes)
        dead, total = dead + score, total + len(outcomes)
        print(f"{identifier}: {score}/{len(outcomes)}")
        if args.show:
            for what, outcome in outcomes:
                if not outcome:
                    print(f"    survives: {what}")
    print(f"TOTAL {dead}/{total} mutants killed ({100 * dead / max(total, 1):.1f}%)")
    return 0 if dead == total else 1


if __name__ == "__main__":
    sys.exit(main())
