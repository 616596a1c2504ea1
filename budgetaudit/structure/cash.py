"""A statement of cash flows: what operating, investing and financing brought is the change of cash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from budgetaudit.labels.numbers import View
from budgetaudit.labels.stocks import Roles
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront, worth
from budgetaudit.relations.relation import Relation, summed
from budgetaudit.rulefiles.rule import Rule

ACTIVITIES = 3


def compare_cash(rule: Rule, view: View, roles: Roles, law: str) -> Iterator[Comparison]:
    """One comparison for each change of cash beside the three activities that bring it about."""
    activities = [_one(view, [i for i, line in enumerate(view.lines) if roles.activity(line) == at]) for at in range(ACTIVITIES)]
    changes = [i for i, line in enumerate(view.lines) if roles.change_of_cash(line)]
    if None in activities or len(changes) != 1:
        return
    made = []
    for j, cross in enumerate(view.cross):
        stated = view.figure(changes[0], j)
        parts = [figure for i in activities if i is not None and (figure := view.figure(i, j)) is not None]
        if (
            stated is None
            or stated.value is None
            or len(parts) < ACTIVITIES
            or not cross.additive
            or not _same_unit(parts, stated)
        ):
            continue
        args = {"label": stated.label, "stated": stated.text.strip(), "parts": len(parts), "blanks": 0}
        made.append(confront(Relation(rule, summed(stated, parts), law, blanks="zero", message=Message("sum-differs", args))))
    holding = [one for one in made if one.verdict in ("pass", "rounding")]
    if len(holding) * 2 >= len(made):  # else the effect of exchange rates or another line is counted too
        yield from made


def _same_unit(parts: Sequence[Figure], stated: Figure) -> bool:
    return all(worth(figure, stated) is not None for figure in parts)


def _one(view: View, lines: Sequence[int]) -> int | None:
    """The line of an activity: the only one, or the one that closes or heads the others."""
    if len(lines) > 1:
        lines = [i for i in lines if view.lines[i].total] or [
            i for i in lines if view.lines[i].level == min(view.lines[k].level for k in lines)
        ]
    return lines[0] if len(lines) == 1 else None
