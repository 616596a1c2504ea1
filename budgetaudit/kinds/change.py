"""A printed change is the new amount less the old one, in whichever order and direction the table has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from budgetaudit.kinds.options import ChangeOptions
from budgetaudit.labels.naming import chooses
from budgetaudit.labels.numbers import View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.relations.confront import confront, not_evaluated, worth
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.derived import Derived, find, operands
from budgetaudit.structure.structure import tens

MINUS = Fraction(-1)
INEXACT = 2  # changes that are off by little, before all numbers are taken as rounded more coarsely than printed


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
                yield from _changes(rule, view, i, derived, axis)
    if material.reads(rule) and options == ChangeOptions():
        from budgetaudit.sentences.claims import compare_claims

        yield from compare_claims(rule, material.prose, ("change",))


def _changes(rule: Rule, view: View, i: int, derived: Derived, axis: str) -> Iterator[Comparison]:
    """The changes that one line prints."""
    table, line = view.table, view.lines[i]
    law = f"{table.place.file}#{table.number}:{axis}:{line.index}=change"
    triples = list(_triples(view, i, derived))
    whole = [triple for triple in triples if all(figure.value is not None for figure in triple)]
    grain = tens(view, (i, derived.first, derived.second))
    if grain and sum(_off(view, triple, grain) for triple in whole) < INEXACT:
        grain = 0
    for stated, new, old in triples:
        figures = (stated, new, old)
        steps = [view.scale.amount(grain, figure) if grain and figure.value is not None else None for figure in figures]
        args = {"label": stated.label, "stated": stated.text.strip(), "new": _printed(new), "old": _printed(old)}
        terms = (
            states(stated, step=steps[0]),
            Term(new, role="new", step=steps[1]),
            Term(old, MINUS, role="old", step=steps[2]),
        )
        # Where the year before printed a dash, a dash for the change may say that nothing can be compared.
        unsaid = stated.dash and (new.dash or old.dash)
        severity: Severity | None = "warning" if unsaid and rule.severity == "error" else None
        yield confront(Relation(rule, terms, law, severity=severity, message=Message("change-differs", args)))


def _triples(view: View, i: int, derived: Derived) -> Iterator[tuple[Figure, Figure, Figure]]:
    """The change, the new and the old amount at each crossing that prints all three in units that go together."""
    for j, cross in enumerate(view.cross):
        stated, pair = view.figure(i, j), operands(view, derived, j)
        if pair is None and stated is not None and stated.value:
            pair = _with_blank(view, derived, j)
        if stated is None or stated.value is None or pair is None or not cross.additive:
            continue
        known = [figure for figure in pair if figure.value is not None]
        if all(worth(figure, stated) is not None for figure in known) and (len(known) < len(pair) or worth(*pair) is not None):
            yield stated, *pair


def _printed(figure: Figure) -> str | Message:
    return figure.text.strip() or Message("reason-blank")


def _with_blank(view: View, derived: Derived, j: int) -> tuple[Figure, Figure] | None:
    """The two amounts where one of them was left blank, which then has no value; None if more is missing than that."""
    if derived.form != "difference" or derived.series:
        return None
    printed = [view.figure(line, j) for line in (derived.first, derived.second)]
    found = [figure if figure is not None and figure.value is not None else None for figure in printed]
    lines = (derived.first, derived.second)
    if found.count(None) != 1 or not view.blank(lines[found.index(None)], j):
        return None
    first, second = (figure or view.gap(line, j) for figure, line in zip(found, lines, strict=True))
    return first, second


def _off(view: View, triple: tuple[Figure, Figure, Figure], grain: int) -> bool:
    """True if a change is off by no more than the rounding of three numbers to a unit."""
    stated, new, old = (found[0] if (found := view.scale.integer(figure)) else 0 for figure in triple)
    return 0 < 2 * abs(stated - new + old) <= 3 * grain


def _admitted(options: ChangeOptions, view: View) -> Callable[[Derived], bool] | None:
    """The operands that a rule names; where it names none, labels and figures decide."""
    default = ChangeOptions()
    if (options.new, options.old) == (default.new, default.old):
        return None

    def admitted(reading: Derived) -> bool:
        first, second = view.lines[reading.first], view.lines[reading.second]
        return not reading.series and chooses(options.new, first) and chooses(options.old, second)

    return admitted
