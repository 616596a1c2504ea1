"""One amount told twice: in two sentences, or in a sentence and a table.

Amounts of different projects, of plan and execution, of old and new are never compared: two sentences must lie in one project's
part of the document, or share its name; and what differs must look like a slip (a digit, a unit), or they speak of different
things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from budgetaudit.label_text import normal, squeeze
from budgetaudit.labels.labelling import Table
from budgetaudit.labels.project import grand_total, is_plan
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Computed, Relation, Term, states
from budgetaudit.rounding import Interval, in_unit_of
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.breakdowns import label_before
from budgetaudit.sentences.cells import compare_cells, names_of
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.sentences.told_ranks import compare_ranks
from budgetaudit.sentences.told_rates import compare_rates
from budgetaudit.slips import stroke
from budgetaudit.structure.sheets import Sheet
from budgetaudit.vocabulary import Vocabulary

WORD = re.compile(r"[^\W\d_]{2,}")
TELLING = 5  # digits that two amounts of different units do not share by chance
NAME = 3
HEADING = 20
WINDOW = 200
MANY = 30  # amounts of one sentence


@dataclass(frozen=True, slots=True)
class Told:
    """An amount of a sentence: what it is said to be, and the words that name its subject. `scope` counts the projects."""

    statement: Statement
    number: Number
    figure: Figure
    label: str
    words: frozenset[str]
    scope: int
    year: int | None


def compare_told(rule: Rule, sheets: Sequence[Sheet], prose: Prose) -> Iterator[Comparison]:
    """One comparison for each pair that states the same."""
    tables = [sheet.table for sheet in sheets]
    told = list(_told(prose))
    yield from _units(rule, told)
    yield from _costs(rule, told, tables, prose)
    index = names_of(sheets, prose.vocabulary)
    if index:
        yield from compare_cells(rule, index, prose)
        yield from compare_rates(rule, index, prose)
        yield from compare_ranks(rule, index, prose)
    yield from _balances(rule, told, prose)


def compare_between(rule: Rule, sheets: Sequence[Sheet], prose: Prose) -> Iterator[Comparison]:
    """What the sentences of one document say against the tables of others."""
    index = names_of(sheets, prose.vocabulary)
    if index:
        yield from compare_cells(rule, index, prose)
        yield from compare_rates(rule, index, prose)
        yield from compare_ranks(rule, index, prose)


def compare_sentences(rule: Rule, documents: Sequence[Prose]) -> Iterator[Comparison]:
    """What the sentences of several documents say of the same: the same digits in another unit, the cost of one project."""
    every = [list(_told(prose)) for prose in documents]
    yield from _units(rule, [one for told in every for one in told])
    costs: dict[frozenset[str], list[Told]] = {}
    for prose, told in zip(documents, every, strict=True):
        words = {squeeze(word) for word in prose.vocabulary.prose.get("cost_words", ())}
        titles = list(_titles(prose))
        for one in told:
            label = normal(one.label)
            cost = next((word for word in sorted(words, key=len, reverse=True) if label.endswith(word)), "")
            if one.number.depth or not cost or len(one.label) > HEADING * 2:
                continue
            named = _project(label.removesuffix(cost), one.label, words)
            costs.setdefault(named or titles[one.statement.number], []).append(one)
    for named, group in costs.items():
        first = group[0]
        for other in group[1:] if named else ():
            if other.statement.place.file != first.statement.place.file:
                relation = f"text:{first.statement.place.file}#{first.statement.number}:cost~{other.statement.place.file}"
                yield from _slipped(rule, other.figure, first.figure, first.statement, relation)


def _project(rest: str, label: str, words: Set[str]) -> frozenset[str]:
    """The words by which a label names a project: all but those for its cost."""
    return frozenset(key for word in WORD.findall(label) if (key := squeeze(word)) not in words) if rest else frozenset()


def _titles(prose: Prose) -> Iterator[frozenset[str]]:
    """For each statement the words of the last short line without numbers before it: the project that it speaks of."""
    title: frozenset[str] = frozenset()
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        yield title
        if statement.cell is None and not scan.numbers and len(statement.text) <= HEADING * 2:
            title = frozenset(squeeze(word) for word in WORD.findall(statement.text))


def _told(prose: Prose) -> Iterator[Told]:
    words = Names(prose.vocabulary)
    for statement, scan, scope in zip(prose.statements, prose.scans, prose.scopes, strict=True):
        for number in scan.numbers[:MANY]:
            if number.family == "money" and not number.bound and number.value:
                label = label_before(scan.text, number.start)
                years = [d.year for d in scan.dates if d.year is not None and d.end <= number.start]
                behind = _behind(scan, number)
                named = words.of(scan.text[max(0, number.start - HEADING * 4) : number.start]) | words.of(behind)
                figure = number.figure(statement.place, label)
                label = label or behind or _beside(prose, statement)
                yield Told(statement, number, figure, label, named, scope, years[-1] if years else None)


def _behind(scan: Scan, number: Number) -> str:
    """What the bracket behind a number calls it: `24,676십억원(사회보장성기금수지)`."""
    match = re.match(r"\s?[(（]([^()（）\d]{2,30})[)）]", scan.text[number.end : number.end + 40])
    return match[1] if match else ""


def _beside(prose: Prose, statement: Statement) -> str:
    """What the cell to the left calls the amount of a cell."""
    if statement.cell is None:
        return ""
    number, row, column = statement.cell
    left = [cell for cell in prose.grids[number - 1].cells if cell.row == row and cell.column < column and cell.text.strip()]
    return left[-1].text.strip() if left else ""


class Names:
    """Which words of a text name a subject: not those that stand for measures, totals and captions anywhere."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self.members = vocabulary.members
        self.generic = lists["captions"] | lists["totals"] | lists["subtotals"] | frozenset(vocabulary.prose.get("generic", ()))
        self.endings = tuple(sorted((e for e in vocabulary.prose.get("particles", ())), key=len, reverse=True))

    def of(self, text: str) -> frozenset[str]:
        found = set()
        for word in WORD.findall(text):
            bare = next((word[: -len(e)] for e in self.endings if word.endswith(e) and len(word) - len(e) >= NAME), word)
            if len(bare) >= NAME and bare not in self.generic and bare not in self.members:
                found.add(bare)
        return frozenset(found)


# --- the same digits in another unit -----------------------------------------------------------------


def _units(rule: Rule, told: Sequence[Told]) -> Iterator[Comparison]:
    """The same digits under the same name in units that differ by a power of ten."""
    by_digits: dict[str, list[Told]] = {}
    for one in told:
        digits = str(abs(one.number.value).normalize().as_tuple().digits)
        if len(one.number.value.normalize().as_tuple().digits) >= TELLING:
            by_digits.setdefault(digits, []).append(one)
    for group in by_digits.values():
        for at, second in enumerate(group[:WINDOW]):
            first = next(
                (other for other in group[:at] if other.words & second.words and _may_agree(other.statement, second.statement)),
                None,
            )
            if first is None or in_unit_of(second.figure, first.figure) is None or first.figure.value == 0:
                continue
            same = first.figure.base == second.figure.base
            relation = (
                f"text:{first.statement.place.file}#{first.statement.number}~{second.statement.number}:{second.number.start}unit"
            )
            code = "told-differs" if same else "told-unit"
            yield _pair(rule, first.figure, second.figure, code, second.statement, relation, rule.severity)


def _may_agree(one: Statement, other: Statement) -> bool:
    """True if two statements can speak of the same: the rows of one register do not speak of each other."""
    if one.cell is not None and other.cell is not None and one.cell[0] == other.cell[0]:
        return one.cell[1] == other.cell[1] and one is not other
    return one is not other


def _pair(
    rule: Rule, stated: Figure, other: Figure, code: str, statement: Statement, relation: str, severity: Severity
) -> Comparison:
    message = said(
        code, stated.label or stated.text.strip(), stated.text.strip(), quoted(statement.text), there=other.text.strip()
    )
    step = None if code == "told-differs" else Fraction(0)  # the same digits in another unit are no rounding
    terms = (states(stated, step=step), Term(other, role="expected", step=step))
    return confront(Relation(rule, terms, relation, severity=severity, message=message))


# --- the cost of a project ---------------------------------------------------------------------------


def _costs(rule: Rule, told: Sequence[Told], tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """What a project costs, told in several sentences of its part and in the table of its plan."""
    words = {squeeze(word) for word in prose.vocabulary.prose.get("cost_words", ())}
    costs = [one for one in told if one.number.depth == 0 and len(one.label) <= HEADING and normal(one.label) in words]
    by_scope: dict[int, list[Told]] = {}
    for one in costs:
        by_scope.setdefault(one.scope, []).append(one)
    for scope, group in by_scope.items():
        first = group[0]
        for other in (one for one in group[1:] if _may_agree(first.statement, one.statement)):
            relation = f"text:{first.statement.place.file}:{scope}:cost~{other.statement.number}"
            yield from _slipped(rule, other.figure, first.figure, first.statement, relation)
        plans = [table for table in tables if prose.scope_of(table.grid) == scope and is_plan(table)]
        for table in plans[:1] if len({one.figure.base for one in group}) == 1 else ():
            total = grand_total(table)
            if total is not None:
                relation = f"text:{first.statement.place.file}:{scope}:cost~#{table.number}"
                yield from _slipped(rule, first.figure, total, first.statement, relation)


def _slipped(rule: Rule, stated: Figure, other: Figure, statement: Statement, relation: str) -> Iterator[Comparison]:
    """Equal amounts pass, amounts that a slip makes equal fail; others speak of different things."""
    if stated.value is None or other.value is None or stated.unit is None:
        return
    wanted = in_unit_of(other, stated)
    if wanted is None or stated.base is None or other.base is None:
        return
    places = max(-int(stated.value.as_tuple().exponent), 0)
    rounded = wanted.radius + stated.step / 2
    if stated.base == other.base or abs(stated.value - wanted.middle) <= rounded:
        yield _pair(rule, stated, other, "told-differs", statement, relation, rule.severity)
    elif places <= 3 and stroke(int(stated.base), int(other.base)):
        unit = _digits(stated.value) == _digits(other.value)
        severity: Severity = rule.severity if unit else ("warning" if rule.severity == "error" else rule.severity)
        yield _pair(rule, stated, other, "told-unit" if unit else "told-differs", statement, relation, severity)


def _digits(value: Decimal) -> tuple[int, ...]:
    return value.normalize().as_tuple().digits


# --- a balance -----------------------------------------------------------------------------------------


def _balances(rule: Rule, told: Sequence[Told], prose: Prose) -> Iterator[Comparison]:
    """Revenue less expenditure of one subject, told in one sentence, against its balance told elsewhere."""
    words = prose.vocabulary.prose
    endings = {name: tuple(words.get(name, ())) for name in ("balance", "revenue", "expenditure")}
    by_statement: dict[int, list[Told]] = {}
    balances: dict[str, Told] = {}
    for one in told:
        by_statement.setdefault(one.statement.number, []).append(one)
        for text in (one.label, _behind(prose.scans[one.statement.number], one.number)):
            subject = _subject(text, endings["balance"])
            if subject:
                balances.setdefault(subject, one)
    for group in by_statement.values():
        revenue = {_subject(one.label, endings["revenue"]): one for one in group}
        for spent in group:
            subject = _subject(spent.label, endings["expenditure"])
            gained, balance = revenue.get(subject), balances.get(subject)
            if subject and gained is not None and balance is not None and gained.number.unit == spent.number.unit:
                yield from _balance(rule, gained, spent, balance)


def _subject(text: str, endings: Sequence[str]) -> str:
    """The subject of a label that ends in one of some words: `사회보장성기금 수입` is about 사회보장성기금."""
    if not any(ending in text for ending in endings):
        return ""
    key = normal(text)
    return next((key[: -len(ending)] for ending in endings if key.endswith(ending) and len(key) - len(ending) >= NAME), "")


def _balance(rule: Rule, gained: Told, spent: Told, balance: Told) -> Iterator[Comparison]:
    own = gained.number.value - spent.number.value
    slack = gained.number.last_place + spent.number.last_place
    figure = balance.figure
    wanted = in_unit_of(figure, gained.figure)
    if wanted is None or figure.value is None:
        return
    pairs: Mapping[str, Figure] = {"new": gained.figure, "old": spent.figure}
    relation = f"text:{gained.statement.place.file}#{gained.statement.number}:balance"
    unit = gained.number.unit
    told = Figure(own, f"{gained.number.text} - {spent.number.text}", gained.figure.place, slack, unit, gained.label)
    message = Message(
        "told-balance",
        {
            "label": gained.label,
            "stated": gained.number.text,
            "spent": spent.number.text,
            "there": figure.text.strip(),
            "sentence": quoted(gained.statement.text),
        },
    )
    operands = (("expected", figure), *pairs.items())
    exact = Interval(wanted.middle, wanted.middle)
    mirrored = abs(abs(own) - abs(figure.value)) <= slack  # a lost sign; else another balance is meant
    severity: Severity = "warning" if rule.severity == "error" else rule.severity
    found = confront(Computed(rule, told, exact, operands, relation, step=2 * slack, severity=severity, message=message))
    if found.verdict != "fail" or mirrored:
        yield found
