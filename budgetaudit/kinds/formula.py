"""Arithmetic over named columns, rows or members of a table: `예산현액 - 지출액 - 이월액 = 불용액`.

A formula is evaluated at every crossing of the lines it names, over the intervals the printed figures stand for. What its
names mean is naming.py's work; where the vocabulary decided that, the figures must confirm it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from budgetaudit.kinds.options import FormulaOptions
from budgetaudit.labels.naming import Reading, in_print, readings
from budgetaudit.labels.numbers import View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message, Operator, Severity
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.intervals import Intervals, in_unit
from budgetaudit.relations.relation import Computed, Relation, Side, Term, states
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.evaluation import CannotEvaluate, evaluate, linear, ratio
from budgetaudit.rulefiles.expressions import Binary, Compare, Name, dispensed, names
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.slips import stroke
from budgetaudit.structure.derived import previous, without_year

SAMPLE = 60
SHORT, LONG = 100, 1000  # from here on a likeness of digits tells, where many lines hold and where few do
MISREAD = 2  # with more than two failures for each crossing that holds, the labels were misread
EXTRA = 3  # terms that a table may print under names nobody knows
UNREAD = "#"  # begins the name of such a term: no formula can write it
UNPRINTED = 4  # one crossing in four that lacks something: too many to be slips
SIGNS: tuple[Literal["+"], Literal["-"]] = ("+", "-")
MIRROR: Mapping[str, Operator] = {"=": "=", "!=": "!=", "<=": ">=", "<": ">", ">=": "<=", ">": "<"}
ZERO = Interval(Decimal(0), Decimal(0))


@dataclass(frozen=True)
class _Line:
    """The scopes of one reading of a formula: one for each crossing, each knowing those of the years before it."""

    view: View
    reading: Reading
    years: Mapping[str, Sequence[int]]
    words: str

    def figures(self, name: str, j: int) -> list[Figure]:
        """The printed figures that a name stands for at a crossing."""
        lines = self.reading.parts.get(name) or self.reading.lines.get(name, ())
        return [figure for i in lines if (figure := self.view.figure(i, j)) is not None and figure.value is not None]

    def operands(self, j: int, but: str) -> list[tuple[str, Figure]]:
        named = (name for name in (*self.reading.lines, *self.reading.parts) if name != but)
        return [("operand", figure) for name in named for figure in self.figures(name, j)]

    def step(self, figure: Figure) -> Fraction | None:
        """The precision of a figure, if it is not the printed one: columns that a rule names are exact, but for coarse units."""
        coarse = figure.unit is not None and figure.unit.family == "money" and (figure.unit.scale or 0) > 1
        return None if self.reading.inferred or coarse else Fraction(0)

    def terms(
        self, j: int, stated: Figure, weight: Fraction, sides: Sequence[tuple[Mapping[str, Fraction], Side]]
    ) -> tuple[Term[Figure], ...]:
        """The stated figure and all that a formula holds it against, each name with its coefficient."""
        rate = any(side == "divisor" for _, side in sides)
        found = [states(stated, weight, None if rate else self.step(stated))]
        for weights, side in sides:
            for other in (*self.reading.lines, *self.reading.parts):
                if other in weights:
                    figures = self.figures(other, j)
                    found.extend(Term(figure, weights[other], side, "operand", self.step(figure)) for figure in figures)
                    if not figures:
                        i = self.reading.lines.get(other, self.reading.parts.get(other, ()))[0]
                        blank = replace(self.view.gap(i, j), malformed=not self.view.blank(i, j))  # words are no number
                        found.append(Term(blank, weights[other], side, "blank"))
        return tuple(found)

    def blanks(self, j: int) -> list[str]:
        named = (name for name in (*self.reading.lines, *self.reading.parts) if not name.startswith(UNREAD))
        return [name for name in named if not self.figures(name, j)]


@dataclass(frozen=True)
class _Scope:
    """A formula's names at one crossing. Blanks count nothing: who asks must know how many there were."""

    line: _Line
    j: int
    reference: Figure

    def value(self, name: str) -> Interval:
        return sum((self._interval(figure) for figure in self.line.figures(name, self.j)), ZERO)

    def _interval(self, figure: Figure) -> Interval:
        step = self.line.step(figure)
        return in_unit(figure if step is None else replace(figure, step=Decimal(0)), self.reference)

    def parts(self, name: str) -> Sequence[Interval] | None:
        if name not in self.line.reading.parts:
            return None
        return [self._interval(figure) for figure in self.line.figures(name, self.j)]

    def previous(self) -> _Scope:
        before = previous(self.line.view, self.j)
        if before is None or self.line.blanks(before):
            raise CannotEvaluate("formula-no-year")
        return _Scope(self.line, before, self.reference)

    def running(self) -> Sequence[_Scope]:
        """This year and all before it, money spent before the first year included; they must be years in a row."""
        cross = self.line.view.cross
        own = cross[self.j]
        if own.year is None:
            raise CannotEvaluate("formula-no-year")
        series = self.line.years.get(without_year(own), ())
        earlier = [k for k in series if (cross[k].year or 0) < own.year]
        known = [year for k in (*earlier, self.j) if (year := cross[k].year) is not None]
        if len(set(known)) != len(known) or own.year - min(known) + 1 != len(known) or any(self.line.blanks(k) for k in earlier):
            raise CannotEvaluate("formula-no-year")
        return [_Scope(self.line, k, self.reference) for k in (*earlier, self.j)]


def compare_formulas(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each row (or column) of each table that has all the names of the formula."""
    options: FormulaOptions = rule.options
    for table in material.chosen(rule):
        for axis, view in material.structure(table).views.items():
            places = readings(material.index(view), options.check)
            if rule.shipped:  # what it names are meanings, even where a column is called `revenue`
                places = [[replace(reading, inferred=True) for reading in place] for place in places]
            for number, alternatives in enumerate(places):
                relation = f"{table.place.file}#{table.number}:{axis}:{rule.id}:{number}"
                yield from _best(rule, view, alternatives, relation)
            if places:
                break


def _best(rule: Rule, view: View, alternatives: Sequence[Reading], relation: str) -> Iterator[Comparison]:
    """The comparisons of the reading that holds most often; a reading the figures do not confirm says nothing."""
    chosen = alternatives[0]
    if len(alternatives) > 1:
        crossings = range(len(view.cross))[:SAMPLE]
        chosen = max(alternatives, key=lambda reading: _evidence(list(_crossings(rule, view, reading, relation, crossings))))
    made = list(_crossings(rule, view, chosen, relation, range(len(view.cross))))
    lacking = dispensed(rule.options.check, chosen.lines)
    if chosen.inferred and lacking:
        chosen, made = _completed(rule, view, chosen, relation, made)
    if not chosen.inferred and not lacking and len(alternatives) == 1:
        yield from made
    else:
        yield from _confirmed(rule, view, made, chosen)


def _completed(
    rule: Rule, view: View, reading: Reading, relation: str, made: list[Comparison]
) -> tuple[Reading, list[Comparison]]:
    """The reading with the terms that the table prints under names nobody knows, and its comparisons.

    Such a term is a line that is the whole difference wherever it counts, and counts for nothing where the formula holds.
    """
    for _ in range(EXTRA):
        held, failed = _held(made), {id(c.stated): c for c in made if c.verdict == "fail" and not _slipped(c)}
        for wider in _wider(view, reading, failed):
            again = list(_crossings(rule, view, wider, relation, range(len(view.cross))))
            if held < _held(again):
                reading, made = wider, again
                break
        else:
            break
    return reading, made


def _held(made: Sequence[Comparison]) -> set[int]:
    """The stated figures for which a formula holds."""
    return {id(comparison.stated) for comparison in made if comparison.verdict in ("pass", "rounding")}


def _wider(view: View, reading: Reading, failed: Mapping[int, Comparison]) -> Iterator[Reading]:
    """The reading with one more line, for each line that is the difference at the first crossing that fails."""
    [i] = reading.lines[_stated(reading.check, reading)]
    used = _lines_of(reading)
    found = next((j for j in range(len(view.cross)) if id(view.figure(i, j)) in failed), None)
    stated = view.figure(i, found) if found is not None else None
    if found is None or stated is None:
        return
    gap = failed[id(stated)].difference or 0
    for k, line in enumerate(view.lines):
        figure = view.figure(k, found)
        # two lines and the change between them always go together
        derived = line.measure == "change" or line.total
        if k in used or derived or not line.additive or figure is None or not figure.value:
            continue
        if figure.unit == stated.unit and abs(gap) == abs(figure.value):
            for sign in SIGNS:
                yield Reading(
                    _with(reading.check, sign, f"{UNREAD}{k}"), {**reading.lines, f"{UNREAD}{k}": (k,)}, reading.parts, True
                )


def _with(check: Compare, sign: Literal["+", "-"], name: str) -> Compare:
    """An equation with one more term, on the side that is not one name alone."""
    if isinstance(check.right, Name):
        return Compare(check.operator, Binary(sign, check.left, Name(name)), check.right)
    return Compare(check.operator, check.left, Binary(sign, check.right, Name(name)))


def _evidence(made: Sequence[Comparison]) -> tuple[int, int]:
    """How well a reading holds: crossings with two amounts that count, less failures; then how much it binds."""
    strong = sum(map(_substantial, made))
    failed = sum(comparison.verdict == "fail" for comparison in made)
    return strong - MISREAD * failed, sum(
        len(comparison.operands) for comparison in made if comparison.verdict != "not_evaluated"
    )


def _substantial(comparison: Comparison, least: int = 2) -> bool:
    """True if a comparison holds and not only because its amounts are zero or stand there twice."""
    counting = sum(1 for _, figure in comparison.operands if figure.value)
    return comparison.verdict in ("pass", "rounding") and bool(comparison.stated.value) and counting >= least


def _confirmed(rule: Rule, view: View, made: Sequence[Comparison], reading: Reading) -> Iterator[Comparison]:
    """Comparisons by what labels mean, judged by whether the formula holds in the table at all."""
    failed = [comparison for comparison in made if comparison.verdict == "fail"]
    open_ended = dispensed(rule.options.check, reading.lines)
    equation = not open_ended and len(reading.lines) + len(reading.parts) == 2
    strong = sum(_substantial(comparison, 1 if equation else 2) for comparison in made)
    if not failed:
        yield from made
        return
    if equation and _printed(view, reading, failed):
        yield from (comparison for comparison in made if comparison not in failed)
        if len(failed) == 1:  # the one line may be the difference by chance
            reason = Message("reason-difference-printed", {"formula": str(in_print(reading, view))})
            yield not_evaluated(rule, failed[0].stated, reason, failed[0].operands, failed[0].relation)
        return
    telling = SHORT if len(failed) * UNPRINTED <= strong else LONG
    short = [c for c in failed if open_ended and not _slipped(c, telling)]
    one_way = len({(c.difference or 0) > 0 for c in short}) == 1
    unprinted = len(short) > 1 and (not one_way or len(short) * UNPRINTED > strong)
    if len(failed) > MISREAD * strong and not (len(made) <= MISREAD and all(map(_slipped, failed))):
        reason = Message("reason-misread", {"formula": str(in_print(reading, view))})
        yield not_evaluated(rule, failed[0].stated, reason, failed[0].operands, failed[0].relation)
        return
    for comparison in made:
        if comparison not in failed:
            yield comparison
        elif unprinted and comparison in short:
            reason = Message("reason-unprinted-term")
            yield not_evaluated(rule, comparison.stated, reason, comparison.operands, comparison.relation)
        else:
            certain = len(failed) <= strong and comparison not in short
            yield comparison if certain else _weaker(comparison)


def _printed(view: View, reading: Reading, failed: Sequence[Comparison]) -> bool:
    """True if one line is the difference at every crossing that fails: a table with a balance says that its sides differ."""
    [i] = reading.lines[_stated(reading.check, reading)]
    used = _lines_of(reading)
    gaps = {id(comparison.stated): abs(comparison.difference or 0) for comparison in failed}
    crossings = {j: gaps[id(stated)] for j in range(len(view.cross)) if id(stated := view.figure(i, j)) in gaps}
    return any(
        all((figure := view.figure(k, j)) is not None and abs(figure.value or 0) == gap for j, gap in crossings.items())
        for k in range(len(view.lines))
        if k not in used
    )


def _lines_of(reading: Reading) -> set[int]:
    return {k for lines in (*reading.lines.values(), *reading.parts.values()) for k in lines}


def _slipped(comparison: Comparison, telling: int = LONG) -> bool:
    """True if one slip of a digit explains a difference between numbers of enough digits."""
    stated, expected = comparison.stated.value, comparison.expected
    if stated is None or expected is None or abs(expected) < telling:
        return False
    return bool(stroke(int(stated.scaleb(6)), int(expected.scaleb(6))))


def _weaker(comparison: Comparison) -> Comparison:
    severity: Severity = "warning" if comparison.severity == "error" else comparison.severity
    return replace(comparison, severity=severity)


def _crossings(rule: Rule, view: View, reading: Reading, relation: str, crossings: Iterable[int]) -> Iterator[Comparison]:
    check = reading.check
    stated_name = _stated(check, reading)
    line = _Line(view, reading, _series(view), str(in_print(reading, view)))
    [i] = reading.lines[stated_name]
    for j in crossings:
        stated = view.figure(i, j)
        if stated is not None and stated.value is not None:
            if view.cross[j].additive or not reading.inferred:
                yield _compared(rule, line, j, stated, stated_name, relation)
        elif not reading.inferred and (operands := line.operands(j, stated_name)):
            blank = stated or view.gap(i, j)
            yield not_evaluated(rule, blank, Message("formula-blank", {"name": stated_name}), operands, relation)


def _series(view: View) -> dict[str, list[int]]:
    """The crossings that are years of one series, in their order, what came before the first year in front."""
    found: dict[str, list[int]] = {}
    for j, line in enumerate(view.cross):
        if line.year is not None:
            found.setdefault(without_year(line), []).append(j)
    for crossings in found.values():
        crossings.sort(key=lambda j: view.cross[j].year or 0)
    prior = [j for j, line in enumerate(view.cross) if line.dimension == "year" and line.member == "prior"]
    return {key: [*prior, *crossings] for key, crossings in found.items()}


def _compared(rule: Rule, line: _Line, j: int, stated: Figure, name: str, relation: str) -> Comparison:
    blanks = line.blanks(j)
    blank = Message("formula-blank", {"name": blanks[0] if blanks else ""})
    operands = line.operands(j, name)
    if not operands and len(line.reading.lines) + len(line.reading.parts) > 1:
        return not_evaluated(rule, stated, blank, operands, relation)
    args = {"label": stated.label, "stated": stated.text.strip(), "formula": line.words}
    message = Message("formula-with-blank" if blanks else "formula-differs", args | {"blank": ", ".join(blanks)})
    proposed: Relation[Figure] | Computed[Figure] | None = _relation(
        line, j, stated, name, Relation(rule, (), relation, mixed=True, message=message)
    )
    if proposed is None:
        try:
            proposed = _computed(rule, line, j, stated, name, relation, message)
        except CannotEvaluate as reason:
            return not_evaluated(rule, stated, reason.message, operands, relation)
        if blanks:
            return not_evaluated(rule, stated, blank, operands, relation)
    found = confront(proposed)
    if found.verdict == "fail" and line.reading.inferred and isinstance(proposed, Relation):
        signed = confront(_signed(proposed))
        found = found if signed.verdict == "fail" else signed
    return replace(found, message=blank) if blanks and found.message.code == "reason-blanks" else found


def _signed(relation: Relation[Figure]) -> Relation[Figure]:
    """The relation where what is taken away is printed with a minus of its own: sales 90, cost -70, profit 20."""
    own = next(term.weight for term in relation.terms if term.side == "stated")

    def turned(term: Term[Figure]) -> Term[Figure]:
        negative = term.side == "part" and term.weight * own < 0 and (term.operand.value or 0) < 0
        return replace(term, weight=-term.weight) if negative else term

    return replace(relation, terms=tuple(map(turned, relation.terms)))


def _relation(line: _Line, j: int, stated: Figure, name: str, empty: Relation[Figure]) -> Relation[Figure] | None:
    """The formula as a weighted sum, or as one over another; None if it is neither."""
    check, reading = line.reading.check, line.reading
    dimensions = {part: (part,) for part in reading.parts}
    form = linear(check, dimensions)
    if form is not None and form[0].get(name):
        weights, constant = form
        parts = {other: -weight for other, weight in weights.items() if other != name}
        terms = line.terms(j, stated, weights[name], [(parts, "part")])
        return replace(empty, terms=terms, operator=check.operator, constant=-constant)
    for side, other, operator in ((check.right, check.left, MIRROR[check.operator]), (check.left, check.right, check.operator)):
        if not isinstance(side, Name) or side.text != name or name in names(other):
            continue
        found = ratio(other, dimensions)
        if found is not None and found[1] is not None:
            (above, constant), (below, _) = found[0], found[1]
            terms = line.terms(j, stated, Fraction(1), [(above, "part"), (below, "divisor")])
            return replace(empty, terms=terms, operator=operator, constant=constant, rounded="either")
    return None


def _computed(rule: Rule, line: _Line, j: int, stated: Figure, name: str, relation: str, message: Message) -> Computed[Figure]:
    """What the other figures make of the stated one."""
    check, scope = line.reading.check, _Scope(line, j, stated)
    left, right = (evaluate(side, scope, Intervals()) for side in (check.left, check.right))
    operands, step = tuple(line.operands(j, name)), line.step(stated)
    for side, other, operator in ((check.right, left, MIRROR[check.operator]), (check.left, right, check.operator)):
        if isinstance(side, Name) and side.text == name:
            return Computed(rule, stated, other, operands, relation, operator, step=step, message=message)
    assert stated.value is not None
    gap = left.middle - right.middle
    should = stated.value - gap
    radius = max(Decimal(0), left.radius + right.radius - stated.step / 2)
    expected = Interval(should - radius, should + radius, should)
    return Computed(rule, stated, expected, operands, relation, check.operator, step=step, message=message)


def _stated(check: Compare, reading: Reading) -> str:
    """The side that is a single name, of two the right one of an equation and the left one of a limit; else the first name."""
    sides = [check.left, check.right]
    if check.operator in ("=", "!="):
        sides.reverse()
    for side in sides:
        if isinstance(side, Name) and len(reading.lines.get(side.text, ())) == 1:
            return side.text
    return next(name for name in names(check) if len(reading.lines.get(name, ())) == 1)
