"""A stock carried on: what there was, with what came in, less what went out, is what there is; the next year begins with it.

Which lines are stocks and flows their labels say; which of several lines are the flows, and what a line without a role counts,
the figures decide: the reading that holds most often. In a statement of cash flows, operating, investing and financing
activities bring about the change of cash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import View
from budgetaudit.labels.stocks import Roles, Roll, rolls
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront, not_evaluated, worth
from budgetaudit.relations.relation import Relation, Term, states, summed
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.slips import stroke
from budgetaudit.structure.following import compare_following
from budgetaudit.structure.sheets import sheet_of

MINUS = Fraction(-1)
READINGS = 200
OTHERS = 2  # lines without a role that a reading may count
Weights = dict[int, Fraction]
ACTIVITIES = 3


def compare_rolls(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each closing balance, and for each opening one that an earlier closing one gives."""
    roles = Roles(material.vocabulary)
    for table in material.chosen(rule):
        for axis, view in material.structure(table).views.items():
            found = rolls(view.lines, roles)
            yield from compare_cash(rule, view, roles, f"{table.place.file}#{table.number}:{axis}:{rule.id}:cash")
            for number, roll in enumerate(found):
                law = f"{table.place.file}#{table.number}:{axis}:{rule.id}:{number}"
                yield from _carried(rule, view, roll, law)
                yield from _next(rule, view, roll, f"{law}:next")
            if found:
                break
    tables = list(material.chosen(rule))
    if len(tables) > 1:
        sheets = [sheet_of(table, material.measure(table), material.vocabulary) for table in tables]
        yield from compare_following(rule, sheets, roles)


def _carried(rule: Rule, view: View, roll: Roll, law: str) -> Iterator[Comparison]:
    """Opening and flows against closing, by the reading of the flows that holds most often."""
    best: list[Comparison] = []
    counted, simplest = -1, True
    for number, weights in enumerate(islice(_readings(view, roll), READINGS)):
        made = list(_crossings(rule, view, roll, weights, law))
        holds = sum(_substantial(one) for one in made)
        if holds > counted:
            best, counted, simplest = made, holds, number == 0
    failed = [one for one in best if one.verdict == "fail"]
    if failed and counted < len(failed) and not (simplest and not roll.parts and all(map(_slipped, failed))):
        first = failed[0]
        yield not_evaluated(rule, first.stated, Message("reason-roll", {}), first.operands, law)
        return
    for one in best:
        certain = one.verdict != "fail" or counted > len(failed) or rule.severity != "error"
        yield one if certain else replace(one, severity="warning")


def _readings(view: View, roll: Roll) -> Iterator[Weights]:
    """What each line counts: the lines of a role together, or their total, or one of them; others with either sign or none."""
    sides = [_choices(view, roll.additions), _choices(view, roll.reductions)]
    flows: list[Weights] = []
    if roll.additions or roll.reductions:
        chosen = [*product(*(side or [()] for side in sides))]
        chosen += [(more, ()) for more in sides[0] if sides[1]]  # `cash used in investing` is no reduction beside the net change
        flows += [{i: Fraction(1) for i in more} | dict.fromkeys(less, MINUS) for more, less in chosen]
    flows += [{i: Fraction(1)} for i in roll.net]
    yield from flows
    for weights in flows:
        for signs in product((0, 1, -1), repeat=min(len(roll.parts), OTHERS)):
            if any(signs):
                yield weights | {i: Fraction(sign) for i, sign in zip(roll.parts, signs, strict=False) if sign}


def _choices(view: View, lines: Sequence[int]) -> list[tuple[int, ...]]:
    """The ways to read several lines of one role: all that are no totals, the total, or one of them."""
    totals = [i for i in lines if view.lines[i].total]
    plain = tuple(i for i in lines if i not in totals)
    found: list[tuple[int, ...]] = [(i,) for i in totals]
    if plain:
        found.insert(0, plain) if not totals else found.append(plain)
    if len(plain) > 1:
        found += [(i,) for i in plain]
    return found


def _crossings(rule: Rule, view: View, roll: Roll, weights: Weights, law: str) -> Iterator[Comparison]:
    for j, cross in enumerate(view.cross):
        stated, opening = view.figure(roll.closing, j), view.figure(roll.opening, j)
        if stated is None or stated.value is None or opening is None or not cross.additive:
            continue
        flows = [(figure, weight) for i, weight in weights.items() if (figure := view.figure(i, j)) is not None]
        if not flows or any(worth(figure, stated) is None for figure in (opening, *(figure for figure, _ in flows))):
            continue
        terms = (
            states(stated),
            Term(opening, role="opening"),
            *(
                # a reduction that is printed with its sign is taken away once
                Term(figure, abs(weight) if weight < 0 and _negative(figure) else weight, role="added" if weight > 0 else "taken")
                for figure, weight in flows
            ),
        )
        args = {"label": stated.label, "stated": stated.text.strip(), "opening": opening.text.strip()}
        yield confront(Relation(rule, terms, law, blanks="zero", message=Message("roll-differs", args)))


def _negative(figure: Figure) -> bool:
    return figure.value is not None and figure.value < 0


def _next(rule: Rule, view: View, roll: Roll, law: str) -> Iterator[Comparison]:
    """The closing balance of one year against the opening one of the next, where the crossing lines are years in a row."""
    years = {line.year: j for j, line in enumerate(view.cross) if line.year is not None and _only_year(line)}
    if len(years) < OTHERS or len(years) != sum(line.year is not None for line in view.cross):
        return
    made = []
    for year, j in sorted(years.items()):
        before = years.get(year - 1)
        opening = view.figure(roll.opening, j)
        closing = view.figure(roll.closing, before) if before is not None else None
        if (
            opening is None
            or opening.value is None
            or closing is None
            or closing.value is None
            or worth(closing, opening) is None
        ):
            continue
        args = {"label": opening.label, "stated": opening.text.strip(), "closing": closing.text.strip()}
        terms = (states(opening), Term(closing, role="expected"))
        made.append(confront(Relation(rule, terms, law, message=Message("roll-next", args))))
    failed = [one for one in made if one.verdict == "fail"]
    # an opening that is off, and the closing that follows from it, differ by one amount: one mistake
    causes = {abs(one.difference) for one in failed if one.difference is not None}
    if len(failed) * OTHERS <= len(made) or all(map(_slipped, failed)) or (len(causes) == 1 and any(map(_slipped, failed))):
        yield from made


def _only_year(line: Line) -> bool:
    return line.dimension == "year" or all(label.year is not None for label in line.labels if label.text.strip())


def _substantial(one: Comparison) -> bool:
    """True if a comparison holds and is evidence: a stock to which nothing was added is none."""
    moving = any(figure.value for role, figure in one.operands if role != "opening")
    return one.verdict in ("pass", "rounding") and moving and bool(one.stated.value)


def _slipped(one: Comparison) -> bool:
    """True if one slip of a digit, in the balance or in its operands, explains a difference."""
    if one.stated.value is None or one.expected is None or one.difference is None:
        return False
    pairs = [(one.stated.value, one.expected)]
    for role, figure in one.operands:
        if figure.value:
            meant = figure.value + (one.difference if role != "taken" else -one.difference)
            pairs.append((figure.value, meant))
    return any(stroke(int(a.scaleb(6)), int(b.scaleb(6))) for a, b in pairs if min(abs(a), abs(b)) >= 100)


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
