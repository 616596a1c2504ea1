"""A printed change is the new amount less the old one, in whichever order and direction the table has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from budgetaudit.kinds.options import ChangeOptions
from budgetaudit.labels.naming import chooses
from budgetaudit.labels.numbers import View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Message
from budgetaudit.rounding import coarsely, compare, not_evaluated
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.derived import Derived, expected, find, operands
from budgetaudit.structure.grain import tens


def compare_changes(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each printed change whose operands are found."""
    options: ChangeOptions = rule.options
    for table in material.chosen(rule):
        structure = material.structure(table)
        for axis, view in structure.views.items():
            for i, line in enumerate(view.lines):
                if not chooses(options.change, line) or not line.additive:
                    continue
                derived = find(view, i, ("difference",), _admitted(options, view))
                if derived is None:
                    if axis == "column":
                        first = next(
                            (figure for j in range(len(view.cross)) if (figure := view.figure(i, j)) and figure.value), None
                        )
                        if first is not None:
                            yield not_evaluated(rule, first, Message("reason-no-operands"))
                    continue
                yield from _rounded(rule, view, (i, derived.first, derived.second), list(_changes(rule, view, i, derived, axis)))
    if material.reads(rule) and options == ChangeOptions():
        from budgetaudit.sentences.claims import compare_claims

        yield from compare_claims(rule, material.prose, ("change",))


def _changes(rule: Rule, view: View, i: int, derived: Derived, axis: str) -> Iterator[Comparison]:
    """The changes that one line prints."""
    table, line = view.table, view.lines[i]
    relation = f"{table.place.file}#{table.number}:{axis}:{line.index}=change"
    for j in range(len(view.cross)):
        stated, pair = view.figure(i, j), operands(view, derived, j)
        if stated is None or stated.value is None or pair is None or not view.cross[j].additive:
            continue
        should = expected("difference", *pair, stated)
        if should is None:
            continue
        args = {"label": stated.label, "stated": stated.text.strip(), "new": pair[0].text.strip(), "old": pair[1].text.strip()}
        parts = (("new", pair[0]), ("old", pair[1]))
        yield compare(rule, stated, should, parts, Message("change-differs", args), relation=relation)


def _rounded(rule: Rule, view: View, lines: tuple[int, int, int], comparisons: list[Comparison]) -> Iterator[Comparison]:
    """The same, judged by what all numbers were rounded to, where several are off by no more than that."""
    unit = tens(view, lines) if any(comparison.verdict == "fail" for comparison in comparisons) else 0
    if unit:
        again = [
            coarsely(c, rule.tolerance, view.scale.amount(unit, c.stated), 2) if c.verdict == "fail" else c for c in comparisons
        ]
        eased = sum(before is not after for before, after in zip(comparisons, again, strict=True))
        if eased > 1:
            comparisons = again
        elif eased:
            comparisons = [b if b is a else replace(b, severity="note") for b, a in zip(comparisons, again, strict=True)]
    yield from comparisons


def _admitted(options: ChangeOptions, view: View) -> Callable[[Derived], bool] | None:
    """The operands that a rule names; where it names none, labels and figures decide."""
    default = ChangeOptions()
    if (options.new, options.old) == (default.new, default.old):
        return None

    def admitted(reading: Derived) -> bool:
        first, second = view.lines[reading.first], view.lines[reading.second]
        return not reading.series and chooses(options.new, first) and chooses(options.old, second)

    return admitted
