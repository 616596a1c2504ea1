"""What one year ends with, the next begins with: between tables of one document or of several.

Closing balances meet opening ones, what is carried over meets what was carried in. Each is of a year: that of its column, else
that of its table; lines are the same by what they speak of. Enough that agree speak for those that do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.stocks import Roles, rolls
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rounding import in_unit_of
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.sheets import Key, Pair, Sheet, digits, evidence

AGREEING, BITS = 2, 16.0
LONG = 4  # digits of a lone amount whose slip is no chance
CARRIED = {"carry_over": "closing", "carried_in": "opening"}


@dataclass(frozen=True, slots=True)
class Stock:
    """A balance at the end of a year, or at the beginning of the next one."""

    sheet: Sheet
    figure: Figure
    year: int  # the year at whose end it is
    key: Key


def compare_following(rule: Rule, sheets: Sequence[Sheet], roles: Roles) -> Iterator[Comparison]:
    """One comparison for each opening balance that another table gives as the closing one of the year before."""
    closing: dict[Key, list[Stock]] = defaultdict(list)
    opening: list[Stock] = []
    for sheet in sheets:
        for role, stock in _stocks(sheet, roles):
            if role == "closing":
                closing[stock.key, stock.year].append(stock)
            else:
                opening.append(stock)
    pairs: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    for now in opening:
        for before in closing.get((now.key, now.year), ()):
            expected = in_unit_of(before.figure, now.figure)
            if before.sheet is not now.sheet and expected is not None:
                pairs[id(before.sheet), id(now.sheet)].append(Pair(now.figure, before.figure, expected))
    for found in pairs.values():
        if _meant(found):
            yield from _compared(rule, found)


def _stocks(sheet: Sheet, roles: Roles) -> Iterator[tuple[str, Stock]]:
    """The opening and closing balances of a table, each with its year and what it is of."""
    own = sheet.context.aspect.year
    for lines, cross, down in ((sheet.table.columns, sheet.table.rows, True), (sheet.table.rows, sheet.table.columns, False)):
        found = _roles(lines, roles)
        if not found:
            continue
        aspects = sheet.rows if down else sheet.columns
        for index, (role, stated) in found.items():
            for line in cross:
                aspect = aspects.get(line.index)
                figure = sheet.table.figures.get((line.index, index) if down else (index, line.index))
                year = stated or (int(aspect.year) if aspect is not None and aspect.year else int(own or 0))
                if (
                    aspect is None
                    or figure is None
                    or figure.value is None
                    or not year
                    or aspect.part
                    or sheet.context.aspect.part
                ):
                    continue
                kind = "carried" if any(one.index == index and one.measure in CARRIED for one in lines) else "balance"
                key = (kind, aspect.words, aspect.source, aspect.total)
                yield role, Stock(sheet, figure, year if role == "closing" or stated else year - 1, key)
        return


def _roles(lines: Sequence[Line], roles: Roles) -> dict[int, tuple[str, int]]:
    """Lines that state what a year ended with or began with, and the year where their own label names it."""
    found: dict[int, tuple[str, int]] = {}
    for roll in rolls(lines, roles):
        for role, at in (("opening", roll.opening), ("closing", roll.closing)):
            found[lines[at].index] = (role, roles.year_end(lines[at]) or 0)
    carried = [line for line in lines if line.measure in CARRIED]
    for line in carried:
        if sum(other.measure == line.measure for other in carried) == 1:
            found.setdefault(line.index, (CARRIED[line.measure], 0))
    return found


def _meant(pairs: Sequence[Pair]) -> bool:
    """True if enough balances agree for the others to be errors."""
    agreeing = [pair for pair in pairs if pair.agrees]
    failing = [pair for pair in pairs if not pair.agrees]
    if len(pairs) == 1 and failing:
        short = min(digits(figure.value) for figure in (failing[0].ours, failing[0].theirs) if figure.value is not None)
        return short >= LONG and bool(failing[0].slip)
    if len(agreeing) < AGREEING or evidence(pair.ours.value for pair in agreeing) < BITS:
        return False
    return len(failing) * 2 <= len(agreeing) and all(pair.slip or pair.near for pair in failing)


def _compared(rule: Rule, pairs: Sequence[Pair]) -> Iterator[Comparison]:
    agreeing = sum(pair.agrees for pair in pairs)
    for pair in pairs:
        now, before = pair.ours, pair.theirs
        place, there = now.place, before.place
        args = {"label": now.label, "stated": now.text.strip(), "closing": before.text.strip()}
        sure = agreeing > 2 * (len(pairs) - agreeing) or pair.agrees
        severity: Severity = rule.severity if sure or rule.severity != "error" else "warning"
        law = f"{place.file}#{place.table}:{rule.id}:next~{there.file}#{there.table}"
        terms = (states(now), Term(before, role="expected"))
        yield confront(Relation(rule, terms, law, severity=severity, message=Message("roll-next", args)))
