"""The shares, growth rates and changes that a sentence tells of a table: `복지는 전체의 42.2%`, `전년 대비 12,345백만원 증가`.

What a sentence says is held against the column that prints it, else against what the amounts of the table give. As with
amounts, what differs must be a slip, or other numbers of the sentence agree with the same table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from budgetaudit.labels.aspects import Aspect
from budgetaudit.labels.numbers import bits
from budgetaudit.model import Comparison, Figure, Severity
from budgetaudit.relations.confront import confront, worth
from budgetaudit.relations.relation import Relation, states, summed
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.alternatives import any_of
from budgetaudit.sentences.cells import CLOSES, MANY, SUPPORT, WINDOW, WORD, Line, Words, period, subject
from budgetaudit.sentences.phrases import ARROW
from budgetaudit.sentences.rates import Directions, bracket_at, made_of
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.slips import stroke
from budgetaudit.structure.sheets import DERIVED, Sheet

Form = Literal["share", "growth", "change", "rate"]
PRINTED: Mapping[Form, frozenset[str]] = {
    "share": frozenset(["share"]),
    "growth": frozenset(["change_rate"]),
    "change": frozenset(["change"]),
    "rate": frozenset(["execution_rate", "rate", "share", "change_rate"]),  # the one that the sentence names
}
CODES = {"share": "told-share", "growth": "told-growth", "change": "told-change"}
BEHIND = 14  # letters behind a number in which a sentence says what it is
SHORT, LONG, TELLING = 2, 3, 4
SOME = 4.0  # bits of another rate of the sentence that agrees
PARTICLE = 3  # letters between an amount and the word that says it changed: 을, 만큼
STROKES = ("digit", "transposition", "sign")
FAR, POINTS = Decimal("0.5"), Decimal(15)
CURRENT, PRIOR = frozenset(["budget", "revised_budget", "current_budget", "settlement"]), "prior_budget"
_ARROW = re.compile(rf"\s*{ARROW}")
STOPS = re.compile(r"[,，.;(]")


@dataclass(frozen=True, slots=True)
class Told:
    """A share, rate or change of a sentence: of what, when, and which way it went."""

    statement: Statement
    number: Number
    figure: Figure
    form: Form
    name: str
    year: str
    part: str
    sign: int
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a sentence says and the relation that it must satisfy in a table; `printed`: a column prints it."""

    told: Told
    sheet: Sheet
    found: Comparison
    printed: bool
    year: str

    @property
    def agrees(self) -> bool:
        return self.found.verdict in ("pass", "rounding")

    @property
    def evidence(self) -> float:
        return bits(int("".join(map(str, abs(self.told.number.value).normalize().as_tuple().digits))), 1)


def compare_rates(rule: Rule, index: Mapping[str, Sequence[Line]], prose: Prose) -> Iterator[Comparison]:
    """One comparison for each share, growth rate and change that a sentence tells of a table."""
    words, directions = Words(prose.vocabulary), prose.directions
    shares = any_of(prose.vocabulary.prose.get("share_words", ()))
    ignored = (shares, directions.previous, directions.compared, directions.up, directions.down)
    claimed = {(statement.number, claim.stated.start) for statement, claim in prose.claims}
    claimed |= {(s.number, part.number.start) for s, breakdown in prose.breakdowns for part in breakdown.parts}
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        if not scan.numbers or len(scan.numbers) > MANY:
            continue
        forms = _forms(scan, directions, shares)
        told = [
            one
            for number, form, sign in (*forms, *_rates(scan, forms, words))
            if (one := _told(statement, scan, number, form, sign, words, ignored, index)) is not None
        ]
        judged = [one for one in told if (statement.number, one.number.start) not in claimed]
        if judged:
            yield from _held(rule, scan, told, judged, index)


def _forms(scan: Scan, directions: Directions, shares: re.Pattern[str]) -> list[tuple[Number, Form, int]]:
    """What each number of a sentence tells: a change by the words behind it, a share by those around it, else as the next."""
    found: list[tuple[Number, Form | None, int]] = []
    for at, number in enumerate(scan.numbers):
        if number.bound or number.malformed or not number.value or number.family not in ("percent", "money", "count"):
            continue
        if _ARROW.match(scan.text, number.end):  # 17.0% → 21.7%: what it was
            continue
        stop = scan.numbers[at + 1].start if at + 1 < len(scan.numbers) else len(scan.text)
        begin = scan.numbers[at - 1].end if at else 0
        aside = bracket_at(scan, number.end)  # 5억 3,200만원(1.3%) 증가
        end = number.end if aside is None else aside.end + 1
        stop = max(stop, min(end + BEHIND, len(scan.text))) if aside is not None else stop
        behind = STOPS.split(scan.text[end : min(end + BEHIND, stop)])[0]
        before = STOPS.split(scan.text[max(begin, number.start - WINDOW) : number.start])[-1]
        sign = directions.direction(behind) or (directions.direction(before) if LATIN.search(before) else 0)
        percent = number.family == "percent"
        if percent and directions.in_points(scan, number):
            continue
        if percent and (shares.search(behind) or shares.search(before)):
            found.append((number, "share", 0))
        elif sign and (percent or _right_behind(behind, directions) or LATIN.search(before)):
            found.append((number, "growth" if percent else "change", sign))
        elif percent:
            found.append((number, None, 0))
    return list(_as_neighbours(found))


def _right_behind(text: str, directions: Directions) -> bool:
    """True if a word of change follows at once: `5억원 증가`, not `5억원을 목표로 확대`."""
    found = [match.start() for pattern in (directions.up, directions.down) if (match := pattern.search(text))]
    return min(found, default=BEHIND) <= PARTICLE


def _rates(scan: Scan, known: Sequence[tuple[Number, Form, int]], words: Words) -> Iterator[tuple[Number, Form, int]]:
    """The percentages of a sentence that names the rate they are: `집행률은 복지 98.4%, 보건 97.2%`."""
    told = {number.start for number, _, _ in known}
    for number in scan.numbers:
        if (
            number.family != "percent"
            or number.start in told
            or number.bound
            or not number.value
            or _ARROW.match(scan.text, number.end)
        ):
            continue
        if words.measure(WORD.findall(scan.text[: number.start]), None) in PRINTED["rate"]:
            yield number, "rate", 0


LATIN = re.compile(r"[A-Za-z]{3}")  # `rose by 4.8 %`: the word stands before the number


def _as_neighbours(found: Sequence[tuple[Number, Form | None, int]]) -> Iterator[tuple[Number, Form, int]]:
    """Rates of a list tell what the one before them, else the one behind them, tells."""
    known = [(at, form, sign) for at, (_, form, sign) in enumerate(found) if form in ("share", "growth")]
    for at, (number, form, sign) in enumerate(found):
        if form is None:
            earlier = [one for one in known if one[0] < at]
            nearest = earlier[-1] if earlier else next(iter(known), None)
            if nearest is None or nearest[1] is None:
                continue
            form, sign = nearest[1], nearest[2]
        yield number, form, sign


def _told(
    statement: Statement,
    scan: Scan,
    number: Number,
    form: Form,
    sign: int,
    words: Words,
    ignored: Sequence[re.Pattern[str]],
    index: Mapping[str, object],
) -> Told | None:
    """A number with the line of a table that it speaks of."""
    before = scan.text[max(0, number.start - WINDOW) : number.start]
    near = CLOSES.split(before.rstrip(" :：("))[-1]
    bare = near
    for pattern in ignored:
        bare = pattern.sub(" ", bare)
    spoken = [word for word in WORD.findall(bare) if word]
    if form == "share":  # `전체 지출의 55.7%` names the whole, not whose share it is
        spoken = [word for word in spoken if word.lower() not in words.totals and words.bare(word) not in words.totals]
    name, _ = subject(spoken, words, index)
    if not name:
        return None
    year, part = period(scan, number, words)
    label = " ".join(near.split())[-WINDOW:].strip() or name
    measure = words.measure(WORD.findall(scan.text[: number.start]), None) if form == "rate" else ""
    figure = number.figure(statement.place, label, step=number.last_place)
    return Told(statement, number, figure, form, name, year, part, sign, measure)


def _amounts(scan: Scan, ways: Iterable[Held]) -> dict[int, float]:
    """By table: how much the amounts of a sentence speak for its telling of that table; short ones say nothing."""
    long = {digits for number in scan.numbers if number.family != "percent" and len(digits := _digits(number.value)) >= TELLING}
    support: dict[int, float] = defaultdict(float)
    for sheet in {held.sheet.table.number: held.sheet for held in ways}.values() if long else ():
        printed = {_digits(figure.value) for figure in sheet.table.figures.values() if figure.value}
        support[sheet.table.number] = sum(bits(int(digits), 1) for digits in long & printed)
    return support


def _digits(value: Decimal) -> str:
    """The digits of a number without the zeros it ends in, whatever its unit."""
    return "".join(map(str, abs(value).normalize().as_tuple().digits))


# --- against the table --------------------------------------------------------------------------------


def _held(
    rule: Rule,
    scan: Scan,
    told: Sequence[Told],
    judged: Sequence[Told],
    index: Mapping[str, Sequence[Line]],
) -> Iterator[Comparison]:
    """What a sentence tells against every table that names its subjects; what it explains itself only supports the rest."""
    tried = {
        id(one): [
            held
            for line in index[one.name]
            if one.statement.cell is None or one.statement.cell[0] != line.sheet.table.number
            for held in _tried(rule, one, line)
        ]
        for one in told
    }
    support = _amounts(scan, (held for ways in tried.values() for held in ways))
    for ways in tried.values():
        for number in {held.sheet.table.number for held in ways if held.agrees}:
            support[number] += next(held.evidence for held in ways if held.sheet.table.number == number)
    for one in judged:
        ways = tried[id(one)]
        agreeing = [held for held in ways if held.agrees]
        if agreeing:
            best = max(agreeing, key=lambda held: (held.printed, support[held.sheet.table.number]))
            own = best.evidence if best.printed else 0.0  # a rate that follows from amounts needs none beside it
            if support[best.sheet.table.number] - own >= SUPPORT or one.year or one.form != "change":
                yield best.found
            continue
        chosen = _meant(one, ways, support)
        if chosen is not None:
            yield chosen.found


def _meant(one: Told, ways: Sequence[Held], support: Mapping[int, float]) -> Held | None:
    """Which table a sentence contradicts, if any: one that the rest of the sentence agrees with, or a slip of which it prints."""
    latest = max((held.year for held in ways), default="")
    ways = [held for held in ways if one.year or held.year in ("", latest)]
    printed = [held for held in ways if held.printed]
    derived = [held for held in ways if not held.printed]
    twice = {held.found.expected for held in printed} & {held.found.expected for held in derived}
    ways = printed or ways  # what a column prints is what the sentence quotes
    helped = [held for held in ways if support[held.sheet.table.number] >= SUPPORT and _near(held)]
    slips = [held for held in ways if _slip(held) in STROKES]
    if len({held.found.expected for held in helped}) == 1:
        return max(helped, key=lambda held: held.printed)
    clear = len({held.found.expected for held in slips}) == 1 and len(slips) == len(ways)
    if clear and (one.year or one.form in ("share", "rate") or (printed and one.form == "growth")):
        return slips[0]
    swapped = [
        held
        for held in ways
        if (one.form == "growth" or held.found.expected in twice or support[held.sheet.table.number] >= SOME)
        and _slip(held, SHORT) == "transposition"
    ]
    return swapped[0] if one.year and len(swapped) == len(ways) else None  # the column and the amounts both say so


def _near(held: Held) -> bool:
    """True if a difference can be a mistake of the same thing, rather than another thing."""
    expected, value = held.found.expected, held.told.number.value
    if expected is None:
        return False
    gap = abs(abs(expected) - abs(value))
    return gap <= abs(expected) * FAR or (held.told.form != "change" and gap <= POINTS) or bool(_slip(held))


def _slip(held: Held, least: int = LONG) -> str:
    expected, number = held.found.expected, held.told.number
    if expected is None:
        return ""
    mine, theirs = (int((abs(value) / number.last_place).to_integral_value()) for value in (number.value, expected))
    return stroke(mine, theirs) if min(len(str(mine)), len(str(theirs))) >= least else ""


def _tried(rule: Rule, one: Told, line: Line) -> Iterator[Held]:
    """What a sentence says of a line, against the column that prints it and against the amounts it follows from."""
    sheet = line.sheet
    across = sheet.columns if line.axis == "row" else sheet.rows
    own = (sheet.rows if line.axis == "row" else sheet.columns)[line.index]
    whole = {at: aspect.within(sheet.context.aspect).within(own) for at, aspect in across.items()}

    def figure(at: int, other: int | None = None) -> Figure | None:
        index = line.index if other is None else other
        found = sheet.table.figures.get((index, at) if line.axis == "row" else (at, index))
        return found if found is not None and found.value is not None else None

    law = f"text:{one.statement.place.file}#{one.statement.number}:{one.number.start}~#{sheet.table.number}"
    wanted = frozenset([one.measure]) if one.measure else PRINTED[one.form]
    for at, cross in _printing(sheet, line, wanted).items():
        cell = figure(at)
        year = cross.within(sheet.context.aspect).year
        if cell is not None and not (one.year and year and one.year != year):
            yield Held(one, sheet, _printed(rule, one, cell, law), printed=True, year=year)
    for at, aspect in whole.items() if one.form != "rate" else ():
        cell = figure(at)
        if cell is None or (one.year and aspect.year and one.year != aspect.year) or one.part != aspect.part:
            continue
        if aspect.measure in DERIVED or (cell.unit is not None and cell.unit.family == "percent"):
            continue
        other = _total(sheet, line, at) if one.form == "share" else _before(at, aspect, whole, figure)
        if other is not None and worth(other, cell) is not None and other.value:
            found = _derived(rule, one, cell, other, law)
            if found is not None:
                yield Held(one, sheet, found, printed=False, year=aspect.year)


def _printing(sheet: Sheet, line: Line, measures: Set[str]) -> dict[int, Aspect]:
    """The crossing lines that print what a sentence tells: shares, rates or changes."""
    lines = sheet.table.columns if line.axis == "row" else sheet.table.rows
    return {other.index: Aspect(year=str(other.year or "")) for other in lines if other.measure in measures}


def _total(sheet: Sheet, line: Line, at: int) -> Figure | None:
    """The amount of the whole at a crossing: the only line that is a total and nothing else."""
    along = sheet.rows if line.axis == "row" else sheet.columns
    totals = [i for i, aspect in along.items() if aspect.total and not aspect.words and not aspect.source and i != line.index]
    if len(totals) != 1:
        return None
    return sheet.table.figures.get((totals[0], at) if line.axis == "row" else (at, totals[0]))


def _before(at: int, aspect: Aspect, whole: Mapping[int, Aspect], figure: object) -> Figure | None:
    """The same amount of the year before."""
    assert callable(figure)
    for other, second in whole.items():
        if other == at or second.words != aspect.words or second.source != aspect.source or second.total != aspect.total:
            continue
        earlier = bool(aspect.year and second.year) and int(second.year) == int(aspect.year) - 1 and second.part == aspect.part
        earlier = earlier and second.measure == aspect.measure
        prior = aspect.measure in CURRENT and second.measure == PRIOR
        if earlier or prior:
            return figure(other)  # type: ignore[no-any-return]
    return None


def _signed(one: Told) -> Figure:
    """What is said to have fallen is less than nothing."""
    assert one.figure.value is not None
    return replace(one.figure, value=-abs(one.figure.value)) if one.sign < 0 else one.figure


def _severity(rule: Rule) -> Severity:
    return "warning" if rule.severity == "error" else rule.severity


def _printed(rule: Rule, one: Told, cell: Figure, law: str) -> Comparison:
    """A rate or change against the cell that prints it."""
    message = said(
        "told-share-printed",
        one.figure.label,
        one.figure.text.strip(),
        quoted(one.statement.text, one.number.start),
        there=cell.text.strip(),
        other=cell.label,
    )
    terms = summed(_signed(one), [cell], "expected")
    relation = Relation(rule, terms, law, mixed=True, severity=_severity(rule), message=message)
    return confront(relation)


def _derived(rule: Rule, one: Told, cell: Figure, other: Figure, law: str) -> Comparison | None:
    """A rate or change against the two amounts it follows from."""
    stated = _signed(one)
    if one.form == "change" and worth(cell, stated) is None:
        return None
    step = None if one.form == "change" else one.number.last_place
    terms = (states(stated, step=step), *made_of(one.form, (cell, None), [(other, None)]))
    message = said(
        CODES[one.form],
        one.figure.label,
        one.figure.text.strip(),
        quoted(one.statement.text, one.number.start),
        first=cell.text.strip(),
        second=other.text.strip(),
        other=cell.label,
    )
    relation = Relation(rule, terms, law, rounded="either", mixed=True, severity=_severity(rule), message=message)
    return confront(relation)
