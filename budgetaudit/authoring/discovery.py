"""Relations that hold, or hold but for a few cells, among the figures of a table; found by arithmetic, not by labels.

Source of the method: the line signatures of AggreCol (Jiang et al., EDBT 2022), weighed in bits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from budgetaudit.label_text import squeeze
from budgetaudit.labels.labelling import points_group
from budgetaudit.model import Comparison, Document, Figure, Grid, Message, Place
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, Rounding, Term, states
from budgetaudit.rulefiles.rule import Identifier, KindName, Rule
from budgetaudit.structure.lines import Along, Hint, Lines, Matrix, orient, read_matrix
from budgetaudit.structure.score import ABSENT, FAILS, Evidence, Kind
from budgetaudit.structure.unlabelled import search
from budgetaudit.vocabulary import Vocabulary

Position = tuple[int, int]
ALONG: tuple[Along, Along] = ("row", "column")
RATES = frozenset(["rate", "share", "execution_rate", "change_rate"])
FAILING = 3  # with more than one failure for three crossings that hold, a failure says little about its cell


@dataclass(frozen=True, slots=True)
class Found:
    """A relation at one target cell; rows and columns count from 0, and those of one line relation share `law`.

    `factor`: by how much a quotient is multiplied before it is printed. `comparison`: None where an operand is blank.
    """

    kind: Kind
    target: Position
    terms: tuple[Position, ...]
    along: Along
    holds: int
    fails: int
    bits: float
    law: str
    factor: int
    comparison: Comparison | None


@dataclass(frozen=True)
class Table:
    """One grid, numbered as printed from 1, with how many numbers it prints and the relations among them."""

    number: int
    size: int
    relations: tuple[Found, ...]


def discover(document: Document, words: Vocabulary) -> tuple[Table, ...]:
    """The relations of every grid of a document that prints numbers. `words` knows totals and averages by name: a help only."""
    points, hint = points_group(document), _hints(words)
    tables = []
    for number, grid in enumerate(document.grids(), start=1):
        matrix = read_matrix(grid, points=points)
        if matrix is not None:
            figures = _figures(document.path, number, grid, matrix)
            oriented = [orient(matrix, along, hint) for along in ALONG]
            found = (one for lines in oriented for evidence in search(lines) for one in _crossings(lines, evidence, figures))
            tables.append(Table(number, len(figures), tuple(found)))
    return tuple(tables)


def _figures(path: str, number: int, grid: Grid, matrix: Matrix) -> dict[Position, Figure]:
    """The numbers of a grid by their positions."""
    cells = {(cell.row, cell.column): cell for cell in grid.cells}
    figures = {}
    for at in zip(*map(list, matrix.known.nonzero()), strict=True):
        place = Place(path, table=number, row=int(at[0]) + 1, column=int(at[1]) + 1, line=cells[at].line)
        value = Decimal(int(matrix.values[at])).scaleb(-matrix.scale)
        figures[at] = Figure(value, cells[at].text, place, Decimal(1).scaleb(-int(matrix.decimals[at])))
    return figures


def _crossings(lines: Lines, evidence: Evidence, figures: Mapping[Position, Figure]) -> Iterator[Found]:
    """The relation at every crossing it is claimed for."""
    signature = evidence.signature
    terms = "+".join(str(lines.lines[source]) for source in signature.sources)
    name = f"{lines.along}:{signature.kind}:{lines.lines[signature.target]}={terms}@{lines.crossings[evidence.start]}"
    for crossing in range(evidence.start, evidence.stop):
        state = evidence.state[crossing]
        if state == ABSENT or (state == FAILS and (evidence.fails - evidence.excused) * FAILING > evidence.holds):
            continue
        target, *sources = (lines.position(line, crossing) for line in (signature.target, *signature.sources))
        place = figures[target].place
        law = f"{place.file}#{place.table}:{name}"
        steps = [Fraction(int(step[crossing]), 10**lines.scale) for step in evidence.steps]
        relation = _relation(evidence, law, [figures.get(at) for at in (target, *sources)], steps)
        yield Found(
            signature.kind,
            target,
            tuple(sources),
            lines.along,
            evidence.holds,
            evidence.fails,
            round(evidence.bits, 1),
            law,
            evidence.factor,
            confront(relation) if relation else None,
        )


def _relation(
    evidence: Evidence, law: str, figures: Iterable[Figure | None], steps: Iterable[Fraction]
) -> Relation[Figure] | None:
    """What is said of some figures; a blank adds nothing to a sum, and makes no quotient. Never more than a note."""
    kind = evidence.signature.kind
    (stated, own), *parts = [(figure, step) for figure, step in zip(figures, steps, strict=True) if figure is not None]
    terms = [states(stated, step=own)]
    if kind in ("sum", "average"):
        weight = Fraction(1, len(parts) if kind == "average" else 1)
        terms += [Term(figure, weight, step=step) for figure, step in parts]
    elif len(parts) == 2 and all(figure.value for figure, _ in parts):
        (first, one), (second, other) = parts
        factor = Fraction(evidence.factor)
        if kind == "ratio":
            terms += [Term(first, factor, "part", "numerator", one), Term(second, Fraction(1), "divisor", "divisor", other)]
        else:
            terms += [Term(second, factor, "part", "new", other), Term(first, -factor, "part", "old", one)]
            terms.append(Term(first, Fraction(1), "divisor", "divisor", one))
    if len(terms) == 1:
        return None
    message = Message("relation-differs", {"holds": evidence.holds, "fails": evidence.fails, "kind": kind})
    rule = Rule(Identifier("discover"), KindName(kind))
    rounded: Rounding = "nearest" if kind in ("sum", "average") else "either"
    return Relation(rule, tuple(terms), law, rounded=rounded, mixed=True, severity="note", message=message)


def _hints(words: Vocabulary) -> Hint:
    """What the labels of a line say it is: a total, an average, a rate."""
    totals = words.lists["totals"] | words.lists["subtotals"]

    def hint(texts: Iterable[str]) -> Collection[str]:
        found: set[str] = set()
        for text in texts:
            tokens = re.findall(r"\w+", text.lower())
            ends = {squeeze(word) for word in tokens[:1] + tokens[-1:]}
            label = words.label(text)
            if label.total or ends & totals:
                found.add("sum")
            if ends & words.lists["averages"]:
                found.add("average")
            if "%" in text or label.measure in RATES:
                found |= {"ratio", "change"}
        return found

    return hint
