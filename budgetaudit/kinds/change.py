"""A printed change is the new amount less the old one, in whichever order and direction the table has them."""

from __future__ import annotations

from collections.abc import Iterator

from budgetaudit.derived import expected, find, operands
from budgetaudit.kinds.options import ChangeOptions
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Message
from budgetaudit.rounding import compare, not_evaluated
from budgetaudit.rule import Rule


def compare_changes(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each printed change whose operands are found."""
    options: ChangeOptions = rule.options
    wanted = options.change.of("measure")
    for table in material.chosen(rule):
        structure = material.structure(table)
        for axis, view in structure.views.items():
            for i, line in enumerate(view.lines):
                if line.measure not in wanted or not line.additive:
                    continue
                derived = find(view, i, ("difference",))
                if derived is None:
                    if axis == "column":
                        first = next(
                            (figure for j in range(len(view.cross)) if (figure := view.figure(i, j)) and figure.value), None
                        )
                        if first is not None:
                            yield not_evaluated(rule, first, Message("reason-no-operands"))
                    continue
                relation = f"{table.place.file}#{table.number}:{axis}:{line.index}=change"
                for j in range(len(view.cross)):
                    stated, pair = view.figure(i, j), operands(view, derived, j)
                    if stated is None or stated.value is None or pair is None or not view.cross[j].additive:
                        continue
                    should = expected("difference", *pair, stated)
                    if should is None:
                        continue
                    args = {
                        "label": stated.label,
                        "stated": stated.text.strip(),
                        "new": pair[0].text.strip(),
                        "old": pair[1].text.strip(),
                    }
                    yield compare(
                        rule,
                        stated,
                        should,
                        (("new", pair[0]), ("old", pair[1])),
                        Message("change-differs", args),
                        relation=relation,
                    )
