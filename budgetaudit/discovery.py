"""Relations that hold among the figures of a table, found by arithmetic without labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetaudit.relations.lines import Along, orient
from budgetaudit.relations.matrix import read_matrix
from budgetaudit.relations.score import Evidence, Kind
from budgetaudit.relations.search import search
from budgetaudit.vocabulary import squeeze

if TYPE_CHECKING:
    from budgetaudit.model import Grid


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation at one target cell (rows and columns from 0); relations of one line signature share `signature`."""

    kind: Kind
    target: tuple[int, int]
    terms: tuple[tuple[int, int], ...]
    along: Along
    holds: int
    fails: int
    bits: float
    signature: str


RATES = ("rate", "share", "execution_rate", "change_rate")


def hints(vocabulary):
    totals = vocabulary.lists["totals"] | vocabulary.lists["subtotals"]
    averages = vocabulary.lists["averages"]

    def hint(texts):
        found = set()
        for text in texts:
            words = re.findall(r"\w+", text.lower())
            ends = {squeeze(word) for word in words[:1] + words[-1:]}
            if vocabulary.label(text).total or ends & totals:
                found.add("sum")
            if ends & averages:
                found.add("average")
            if "%" in text or vocabulary.label(text).measure in RATES:
                found |= {"ratio", "change"}
        return found
    return hint


def discover(grid: Grid, vocabulary=None) -> tuple[Relation, ...]:
    hint = hints(vocabulary) if vocabulary else lambda texts: ()
    matrix = read_matrix(grid)
    if matrix is None:
        return ()
    out: list[Relation] = []
    for along in ("row", "column"):
        lines = orient(matrix, along, hint)
        for evidence in search(lines):
            out.extend(relations_of(lines, evidence))
    return tuple(out)


def relations_of(lines, evidence: Evidence):
    kind, target, sources = evidence.signature.kind, evidence.signature.target, evidence.signature.sources
    name = f"{lines.along}:{kind}:{lines.lines[target]}={'+'.join(str(lines.lines[s]) for s in sources)}"
    for c in range(evidence.start, evidence.stop):
        if evidence.state[c] < 0:
            continue
        def at(line):
            pair = (lines.lines[line], lines.crossings[c])
            return pair if lines.along == "column" else pair[::-1]
        yield Relation(kind, at(target), tuple(at(s) for s in sources), lines.along, evidence.holds, evidence.fails, round(evidence.bits, 1), name)
