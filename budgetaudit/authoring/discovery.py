"""Relations that hold, or hold but for a few cells, among the figures of a table; found by arithmetic, not by labels.

Source of the method: the line signatures of AggreCol (Jiang et al., EDBT 2022), weighed in bits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from budgetaudit.model import Comparison, Document, Figure, Grid, Message, Place
from budgetaudit.relations.relation import Relation as Proposed
from budgetaudit.relations.relation import Term, states
from budgetaudit.rulefiles.rule import Identifier, KindName, Rule
from budgetaudit.structure.lines import Along, orient
from budgetaudit.structure.matrix import read_matrix
from budgetaudit.structure.score import ABSENT, FAILS, Kind
from budgetaudit.structure.unlabelled import search
from budgetaudit.vocabulary import Vocabulary, squeeze

if TYPE_CHECKING:
    from budgetaudit.structure.lines import Lines
    from budgetaudit.structure.matrix import Matrix
    from budgetaudit.structure.score import Evidence

Position = tuple[int, int]
RATES = frozenset(["rate", "share", "execution_rate", "change_rate"])
QUOTIENT_DIGITS = 4
FACTORS = (1, 100, 1000)  # by which a quotient may be multiplied before it is printed
DISCOVERED = Rule(Identifier("discover"), KindName("formula"))
FAILING = 3  # with more than one failure for three crossings that hold, a failure says little about its cell


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation at one target cell; rows and columns count from 0, and those of one line relation share `line`.

    `verdict`: does it hold here? `expected` is what the terms make, `bound` what rounding allows.
    """

    kind: Kind
    target: Position
    terms: tuple[Position, ...]
    along: Along
    holds: int
    fails: int
    bits: float
    line: str
    verdict: Literal["pass", "rounding", "fail"]
    expected: Decimal
    bound: Decimal


@dataclass(frozen=True)
class Table:
    """One grid, numbered as printed from 1, with its numbers and the relations among them."""

    number: int
    grid: Grid
    relations: tuple[Relation, ...]
    numbers: dict[Position, tuple[Decimal, Decimal]]


def discover(grid: Grid, words: Vocabulary | None = None) -> tuple[Relation, ...]:
    """The relations of a grid, one for each target cell. `words` knows totals and averages by name: a help, never needed."""
    matrix = read_matrix(grid)
    return () if matrix is None else tuple(_relations(matrix, words))


def discover_document(document: Document, words: Vocabulary | None = None) -> tuple[Table, ...]:
    """The relations of every grid of a document that prints numbers."""
    tables = []
    for number, grid in enumerate(document.grids(), start=1):
        matrix = read_matrix(grid)
        if matrix is not None:
            tables.append(Table(number, grid, tuple(_relations(matrix, words)), dict(matrix.numbers())))
    return tuple(tables)


def comparisons(path: str, table: Table) -> Iterator[Comparison]:
    """Every relation of a table as a comparison, for diagnosis: never more than a note."""
    cells = {(cell.row, cell.column): cell for cell in table.grid.cells}

    def figure(at: Position) -> Figure | None:
        cell = cells.get(at)
        place = Place(path, table=table.number, row=at[0] + 1, column=at[1] + 1, line=cell.line if cell else None)
        if at not in table.numbers:
            return None
        value, step = table.numbers[at]
        return Figure(value, cell.text if cell else "", place, step)

    for relation in table.relations:
        stated = figure(relation.target)
        if stated is None or stated.value is None:
            continue
        roles = {"ratio": ("numerator", "denominator"), "change": ("old", "new")}.get(relation.kind, ())
        operands = tuple(
            (roles[at] if roles else "part", found)
            for at, term in enumerate(relation.terms)
            if (found := figure(term)) is not None
        )
        message = Message("relation-differs", {"holds": relation.holds, "fails": relation.fails, "kind": relation.kind})
        yield Comparison(
            "discover",
            relation.kind,
            relation.verdict,
            stated,
            relation.expected,
            stated.value - relation.expected,
            relation.bound,
            operands,
            message,
            severity="note",
            relation=named(path, table, relation),
            proposed=_proposed(relation, stated, operands),
        )


def named(path: str, table: Table, relation: Relation) -> str:
    """The name that the comparisons of one line relation share."""
    return f"{path}#{table.number}:{relation.line}"


def _proposed(relation: Relation, stated: Figure, operands: Sequence[tuple[str, Figure]]) -> Proposed[Figure] | None:
    """What a relation says of its figures, with their weights; a blank adds nothing to a sum, and makes no quotient."""
    figures = [figure for _, figure in operands]
    own = states(stated)
    if relation.kind in ("sum", "average"):
        weight = Fraction(1, len(figures) if relation.kind == "average" else 1)
        return Proposed(DISCOVERED, (own, *(Term(figure, weight) for figure in figures)), mixed=True) if figures else None
    if len(figures) != len(relation.terms) or not all(figure.value for figure in figures):
        return None
    first, second = figures
    assert first.value
    assert second.value
    factor = _factor(relation, first.value, second.value)
    terms: tuple[Term[Figure], ...]
    if relation.kind == "ratio":
        terms = (own, Term(first, factor), Term(second, Fraction(1), "divisor", "divisor"))
    else:
        terms = (own, Term(second, factor), Term(first, -factor), Term(first, Fraction(1), "divisor", "divisor"))
    return Proposed(DISCOVERED, terms, rounded="either", mixed=True)


def _factor(relation: Relation, first: Decimal, second: Decimal) -> Fraction:
    """By how much a quotient is multiplied before it is printed: 100 for per cent."""
    quotient = first / second if relation.kind == "ratio" else (second - first) / first
    return Fraction(min(FACTORS, key=lambda factor: abs(quotient * factor - relation.expected)))


def _relations(matrix: Matrix, words: Vocabulary | None) -> Iterator[Relation]:
    hint = _hints(words)
    along: Along
    for along in ("row", "column"):
        lines = orient(matrix, along, hint)
        for evidence in search(lines):
            yield from _crossings(lines, evidence)


def _crossings(lines: Lines, evidence: Evidence) -> Iterator[Relation]:
    """The relation at every crossing it is claimed for."""
    signature = evidence.signature
    terms = "+".join(str(lines.lines[source]) for source in signature.sources)
    name = f"{lines.along}:{signature.kind}:{lines.lines[signature.target]}={terms}@{lines.crossings[evidence.start]}"
    for crossing in range(evidence.start, evidence.stop):
        state = evidence.state[crossing]
        if state == ABSENT or (state == FAILS and (evidence.fails - evidence.excused) * FAILING > evidence.holds):
            continue
        expected = _expected(lines, evidence, crossing)
        stated = Fraction(int(lines.values[signature.target, crossing]), 10**lines.scale)
        room = evidence.room[crossing]
        allowed = Fraction(room if isinstance(room, int) else room.item()) / 2 / 10**lines.scale
        cut = signature.kind in ("ratio", "change") and 0 <= abs(expected) - abs(stated) < _unit(lines, evidence, crossing)
        exact = state != FAILS and (signature.kind != "sum" or expected == stated)
        at = lines.crossings[crossing]
        yield Relation(
            signature.kind,
            _position(lines, signature.target, at),
            tuple(_position(lines, source, at) for source in signature.sources),
            lines.along,
            evidence.holds,
            evidence.fails,
            round(evidence.bits, 1),
            name,
            "fail" if state == FAILS and not cut else "pass" if exact else "rounding",
            _decimal(expected, lines.scale + QUOTIENT_DIGITS),
            _decimal(max(allowed, abs(expected - stated)) if cut else allowed, lines.scale + QUOTIENT_DIGITS),
        )


def _unit(lines: Lines, evidence: Evidence, crossing: int) -> Fraction:
    """The last place of what is printed at a crossing; a quotient is within it where it was cut, not rounded."""
    return Fraction(int(lines.unit[evidence.signature.target, crossing]), 10**lines.scale)


def _position(lines: Lines, line: int, crossing: int) -> Position:
    at = lines.lines[line]
    return (at, crossing) if lines.along == "column" else (crossing, at)


def _expected(lines: Lines, evidence: Evidence, crossing: int) -> Fraction:
    """What the terms make at a crossing, exactly."""
    kind, sources = evidence.signature.kind, evidence.signature.sources
    one = 10**lines.scale
    numbers = [Fraction(int(lines.values[source, crossing]), one) for source in sources]
    if kind == "sum":
        return sum(numbers, Fraction(0))
    if kind == "average":
        return sum(numbers, Fraction(0)) / max(sum(bool(lines.known[source, crossing]) for source in sources), 1)
    first, second = numbers
    if kind == "change":
        return (second - first) / first * evidence.factor if first else Fraction(0)
    return first / second * evidence.factor if second else Fraction(0)


def _decimal(number: Fraction, digits: int) -> Decimal:
    return Decimal(round(number * 10**digits)).scaleb(-digits).normalize() + 0


def _hints(words: Vocabulary | None):  # type: ignore[no-untyped-def]
    """What the labels of a line say it is: a total, an average, a rate."""
    if words is None:
        return lambda _texts: ()
    totals = words.lists["totals"] | words.lists["subtotals"]

    def hint(texts: Iterable[str]) -> Collection[str]:
        found: set[str] = set()
        for text in texts:
            spoken = re.findall(r"\w+", text.lower())
            ends = {squeeze(word) for word in spoken[:1] + spoken[-1:]}
            label = words.label(text)
            if label.total or ends & totals:
                found.add("sum")
            if ends & words.lists["averages"]:
                found.add("average")
            if "%" in text or label.measure in RATES:
                found |= {"ratio", "change"}
        return found

    return hint
