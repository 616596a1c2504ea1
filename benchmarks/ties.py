"""Is what is told twice found when one of the two is wrong? Tells tables of documents again, right and wrong, and audits both.

usage: python benchmarks/ties.py [PATH]... [--seed N] [--number N] [--rules PACK]... [--show] [--pairing TABLES]

PATH is a document or a folder of documents; without any, the samples in data/. Of each document a table is told again behind
its end: as a summary gone stale (an older amount, its totals follow), as a copy turned on its side (two digits swapped), in
another unit, in a sentence, by quarters (of a table of our own). Printed per kind: how many were drawn, found (a new error or
warning names the planted place or its counterpart), first (the planted place is the first suspect of the first such finding),
open (it is not, but the finding says that nothing tells which of the two copies is wrong: each adds up in itself), and how
many alarms the same documents give when what is told again is right. `--pairing` only times the pairing of tables.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from budgetaudit.authoring.commands import load
from budgetaudit.labels.labelling import Line, Table, label
from budgetaudit.material import Material
from budgetaudit.model import Cell, Comparison, Document, Figure, Finding, Grid, Paragraph, Place, ReadError
from budgetaudit.pipeline import audit_document, vocabulary_of
from budgetaudit.readers import read
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.structure.overlaps import overlaps
from budgetaudit.structure.sheets import sheet_of
from budgetaudit.vocabulary import Vocabulary

DATA = Path(__file__).resolve().parent.parent / "data"
KINDS = ("stale", "turned", "unit", "sentence", "quarter")
LEAST_ROWS, LEAST_COLUMNS, MOST = 3, 2, 400
LONG, SHORT = 1000, 12
OLDER = (3, 12)  # percent by which a stale amount is less


@dataclass(frozen=True)
class Planted:
    """A document with a table told again: right, and wrong at one place. `spots`: that place and its counterpart."""

    right: Document
    wrong: Document
    at: tuple[object, ...]
    counterpart: tuple[object, ...]


Case = tuple[str, str, Planted]  # kind, document, what is planted


def spot(place: Place) -> tuple[object, ...]:
    if place.table is not None:
        return (place.table, place.row, place.column)
    return ("text", place.line or place.paragraph)


def swappable(value: int) -> list[int]:
    """Where two unlike neighbours stand in a number, without the first digit becoming a zero."""
    return [i for i, (a, b) in enumerate(pairwise(str(value))) if a != b and (i or b != "0")]


def swapped(value: int, draw: random.Random) -> int:
    """A number with two unlike neighbours swapped."""
    text = str(value)
    at = draw.choice(swappable(value))
    return int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def tellable(table: Table) -> bool:
    """True if a table is worth telling again: a few rows and columns of whole numbers, most of them long."""
    long = [figure for figure in table.figures.values() if changeable(figure)]
    wide = len(table.rows) >= LEAST_ROWS and len(table.columns) >= LEAST_COLUMNS
    return table.copy_of is None and wide and len(table.figures) <= MOST and len(long) * 2 >= len(table.figures)


def changeable(figure: Figure) -> bool:
    """True if a figure is a long whole number that its cell prints alone."""
    value = figure.value
    alone = value is not None and figure.text.strip().replace(",", "") == str(value)
    return alone and value is not None and value >= LONG and bool(swappable(int(value)))


def again(table: Table, changes: Mapping[tuple[int, int], int], *, turned: bool) -> Grid:
    """A table's grid once more, some cells changed, on its side or not."""
    cells = []
    for cell in table.grid.cells:
        at = (cell.row, cell.column)
        text = f"{changes[at]:,}" if at in changes else cell.text
        new = replace(
            cell, text=text, value=Decimal(changes[at]) if at in changes and cell.value is not None else cell.value, line=None
        )
        if turned:
            new = replace(new, row=cell.column, column=cell.row, row_span=cell.column_span, column_span=cell.row_span, indent=0)
        cells.append(new)
    grid = table.grid
    rows, columns = (grid.columns, grid.rows) if turned else (grid.rows, grid.columns)
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return replace(grid, rows=rows, columns=columns, cells=ordered, line=None, page=None, parent=None)


def followed(table: Table, at: tuple[int, int], by: int, sums: Sequence[Comparison]) -> dict[tuple[int, int], int]:
    """What else of a table changes with one cell: every total that it takes part in."""
    changes: dict[tuple[int, int], int] = {}
    todo = [at]
    while todo:
        spot_ = todo.pop()
        if spot_ in changes:
            continue
        changes[spot_] = int(table.figures[spot_].value or 0) + by
        for one in sums:
            parts = {(f.place.row, f.place.column) for role, f in one.operands if f.place.table == table.number}
            stated = one.stated.place
            if stated.table == table.number and (spot_[0] + 1, spot_[1] + 1) in parts and stated.row and stated.column:
                todo.append((stated.row - 1, stated.column - 1))
    return {spot_: value for spot_, value in changes.items() if spot_ in table.figures}


def planted(document: Document, table: Table, kind: str, draw: random.Random, sums: Sequence[Comparison]) -> Planted | None:
    """A document with one of its tables told again, right and wrong."""
    spots = [at for at, f in sorted(table.figures.items()) if changeable(f)]
    spots = [at for at in spots if (table.figures[at].place.row, table.figures[at].place.column) == (at[0] + 1, at[1] + 1)]
    plain = [at for at in spots if not any(line.total for line in lines_of(table, at))]
    if not plain:
        return None
    at = draw.choice(plain)
    figure = table.figures[at]
    value = int(figure.value or 0)
    if kind == "sentence":
        return told(document, table, at, draw)
    changes = {at: swapped(value, draw)}
    if kind == "stale":
        changes = followed(table, at, -max(value * draw.randint(*OLDER) // 100, 2), sums)
    elif kind == "unit":
        changes = {at: value * 1000}
    number = sum(1 for _ in document.grids()) + 1
    turned = kind == "turned"
    caption = [Paragraph(text) for text in table.heading[-2:]] or [Paragraph(table.caption)]
    made = [replace(document, blocks=(*document.blocks, *caption, again(table, told_, turned=turned))) for told_ in ({}, changes)]
    there = (number, at[1] + 1, at[0] + 1) if turned else (number, at[0] + 1, at[1] + 1)
    return Planted(made[0], made[1], there, spot(figure.place))


def lines_of(table: Table, at: tuple[int, int]) -> Iterator[Line]:
    return (line for lines, index in ((table.rows, at[0]), (table.columns, at[1])) for line in lines if line.index == index)


def told(document: Document, table: Table, at: tuple[int, int], draw: random.Random) -> Planted | None:
    """Three amounts of one year's column in a sentence, one of them with two digits swapped."""
    [row, column] = lines_of(table, at)
    figure = table.figures[at]
    if figure.unit is None or figure.unit.family != "money" or column.year is None or len(column.text) > SHORT or not row.text:
        return None
    names = Counter(line.text for line in table.rows)
    others = [line for line in table.rows if line is not row and names[line.text] == 1 and simple(line)]
    others = [line for line in others if (f := table.figures.get((line.index, at[1]))) is not None and changeable(f)][:2]
    if len(others) < 2 or not simple(row):
        return None
    picked = sorted([row, *others], key=lambda line: line.index)
    symbol = figure.unit.symbol

    def made(amount: int) -> Document:
        values = {line.index: int(table.figures[(line.index, at[1])].value or 0) for line in picked} | {row.index: amount}
        parts = [f"{line.text} {values[line.index]:,}{symbol}" for line in picked]
        return replace(document, blocks=(*document.blocks, Paragraph(f"{column.text} " + ", ".join(parts) + ".")))

    right, wrong = made(int(figure.value or 0)), made(swapped(int(figure.value or 0), draw))
    paragraphs = sum(isinstance(block, Paragraph) and block.page is None for block in wrong.blocks)
    return Planted(right, wrong, ("text", paragraphs), spot(figure.place))


def simple(line: Line) -> bool:
    """True if a line is named by one label alone, so that a sentence can name it."""
    return sum(bool(label.text.strip()) for label in line.labels) == 1 and not line.total and line.additive


def grid(rows: Sequence[Sequence[str]]) -> Grid:
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(len(rows), len(rows[0]), cells)


def printed(values: Sequence[Sequence[int]]) -> list[list[str]]:
    return [[f"{value:,}" for value in row] for row in values]


def quarters(draw: random.Random, number: int) -> Planted:
    """A document of our own: the same amounts by quarter and by branch, the quarters written in two ways."""
    year = draw.randint(2018, 2026)
    names = draw.sample(["금융업", "제조업", "도소매업", "건설업", "운수업", "교육", "보건", "농림", "정보통신", "부동산"], 4)
    ways = [
        lambda q: f"'{year % 100}.{q}Q",
        lambda q: f"{year}년 {q}분기",
        lambda q: f"{year} Q{q}",
        lambda q: f"{year}년 {q}/4분기",
        lambda q: f"{q}Q{year % 100}",
    ]
    one, other = draw.sample(ways, 2)
    values = [[Decimal(draw.randint(101, 9999)) / 10 for _ in names] for _ in range(4)]
    q, n = draw.randrange(4), draw.randrange(4)
    slipped = [list(row) for row in values]
    while not swappable(int(values[q][n] * 10)):
        values[q][n] += 1
    slipped[q][n] = Decimal(swapped(int(values[q][n] * 10), draw)) / 10

    def made(amounts: Sequence[Sequence[Decimal]]) -> Document:
        first = [["구분", *names], *([one(i + 1), *map(str, row)] for i, row in enumerate(values))]
        second = [
            ["업종", *(other(i + 1) for i in range(4))],
            *([x, *(str(row[j]) for row in amounts)] for j, x in enumerate(names)),
        ]
        second.append(["계", *(str(sum(row)) for row in values)])
        blocks = (Paragraph("업종별 동향(억원)"), grid(first), Paragraph("업종별 세부통계(억원)"), grid(second))
        return Document(f"quarters{number}.md", "text", blocks)

    return Planted(made(values), made(slipped), (2, n + 2, q + 2), (1, q + 2, n + 2))


def alarms(document: Document, rules: RuleSet, words: Vocabulary) -> list[Finding]:
    return [f for f in audit_document(document, rules, words).findings if f.severity in ("error", "warning")]


def same(finding: Finding) -> object:
    return finding.rule, finding.places[0][2]  # a wrong amount that is told again is wrong again


def run(cases: Iterator[Case], originals: Mapping[str, Document], rules: RuleSet, words: Vocabulary, *, show: bool) -> None:
    drawn, found, first, false, equal = Counter[str](), Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    known: dict[str, set[object]] = {}
    for kind, name, case in cases:
        base = known.get(name)
        if base is None:
            base = known[name] = set() if kind == "quarter" else set(map(same, alarms(originals[name], rules, words)))
        drawn[kind] += 1
        fresh = [f for f in alarms(case.right, rules, words) if same(f) not in base]
        false[kind] += bool(fresh)
        after = audit_document(case.wrong, rules, words).findings
        mine = [f for f in after if f.severity in ("error", "warning") and same(f) not in base]
        hit = [f for f in mine if {case.at, case.counterpart} & {spot(place) for _, place, _ in f.places}]
        found[kind] += bool(hit)
        roots = {f.id: f for f in after}
        suspects = roots[hit[0].cause or hit[0].id].suspects if hit else ()
        right = bool(suspects) and spot(suspects[0].place) == case.at
        first[kind] += right
        evidence = roots[hit[0].cause or hit[0].id].evidence if hit else None
        undecided = bool(hit) and not right and (not suspects or (evidence is not None and evidence.code == "cause-equal"))
        equal[kind] += undecided
        if show and (fresh or not hit or not right):
            what = [(f.rule, f.message.args.get("stated"), f.message.args.get("there")) for f in fresh][:3]
            print(f"  {kind} {name} at {case.at} ~ {case.counterpart}: found {bool(hit)}, first {right}, false {what}")
    print(f"{'kind':10}{'drawn':>8}{'found':>8}{'first':>8}{'open':>8}{'alarms on right':>18}")
    for kind in [kind for kind in KINDS if drawn[kind]]:
        n = drawn[kind]
        print(f"{kind:10}{n:8}{found[kind] / n:8.2f}{first[kind] / n:8.2f}{equal[kind] / n:8.2f}{false[kind]:18}")
    n = sum(drawn.values())
    if n:
        shares = "".join(f"{sum(counted.values()) / n:8.2f}" for counted in (found, first, equal))
        print(f"{'all':10}{n:8}{shares}{sum(false.values()):18}")


def draw_cases(
    documents: Sequence[Document], rules: RuleSet, words: Vocabulary, number: int, draw: random.Random
) -> Iterator[Case]:
    for document in documents:
        tables = [table for table in label(document, words) if tellable(table)]
        made = audit_document(document, rules, words).comparisons
        ties = sum(one.kind == "agree" and one.verdict in ("pass", "rounding") for one in made)
        print(f"{Path(document.path).name}: {len(tables)} tables to tell again, {ties} ties hold", file=sys.stderr)
        sums = [one for one in made if one.kind == "sum" and one.verdict == "pass"]
        for kind in KINDS[:-1] if tables else ():
            for _ in range(number):
                case = planted(document, draw.choice(tables), kind, draw, sums)
                if case is not None:
                    yield kind, document.path, case
    for at in range(number * 4):
        yield "quarter", f"quarters{at}", quarters(draw, at)


def pairing(count: int, words: Vocabulary) -> None:
    """Seconds to pair so many tables of one document, half of which state what the other half states, turned."""
    draw = random.Random(1)
    blocks: list[Grid | Paragraph] = []
    for at in range(count // 2):
        names = [f"사업{at}-{i}" for i in range(12)]
        years = [f"{2015 + i}년" for i in range(8)]
        values = printed([[draw.randint(1000, 99_999) for _ in years] for _ in names])
        straight = [["구분", *years], *([name, *row] for name, row in zip(names, values, strict=True))]
        blocks += [Paragraph(f"현황 {at}"), grid(straight), Paragraph(f"세부 {at}")]
        blocks.append(grid([list(row) for row in zip(*straight, strict=True)]))
    document = Document("many.md", "text", tuple(blocks))
    material = Material(document, label(document, words), words)
    start, clock = time.process_time(), time.perf_counter()
    sheets = [sheet_of(table, material.measure(table), words) for table in material.tables]
    made = list(overlaps(sheets, lambda *_: True))
    held = sum(len(found.pairs) for found in made)
    print(
        f"{len(sheets)} tables, {len(made)} pairs, {held} cells tied: {time.process_time() - start:.2f} s of the processor, "
        f"{time.perf_counter() - clock:.2f} by the clock"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=3, help="cases of each kind for each document")
    parser.add_argument("--rules", action="append")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--pairing", type=int)
    options = parser.parse_args()
    rules = load(options.rules or ["korea-local"], "en")
    words = vocabulary_of(rules)
    if options.pairing:
        pairing(options.pairing, words)
        return
    paths = [
        p for given in options.paths or [DATA] for p in (sorted(given.rglob("*")) if given.is_dir() else [given]) if p.is_file()
    ]
    documents = []
    for path in paths:
        try:
            documents.append(read(str(path)))
        except ReadError:
            continue
    cases = draw_cases(documents, rules, words, options.number, random.Random(options.seed))
    run(cases, {document.path: document for document in documents}, rules, words, show=options.show)


if __name__ == "__main__":
    main()
