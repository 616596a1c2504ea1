"""Does the tool find, name and mend one wrong cell? Corrupts single cells of documents at random and audits each copy.

usage: python benchmarks/corruptions.py [PATH]... [--seed N] [--number N] [--rules PACK]... [--slowest SECONDS] [--show]

PATH is a document or a folder of documents; without any, the samples in data/. Only cells that take part in a comparison
that holds are drawn. Printed per kind of error and in all: how many break a comparison (it no longer holds with the new
value), and of those how many are found (a new finding names the cell or the figure it no longer makes), first (the cell is
the first suspect of the first such finding's cause), right (with the right value), mended (no finding is left once the
first repair is applied).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from budgetaudit.authoring.commands import load
from budgetaudit.diagnosis.equations import equation, key_of
from budgetaudit.diagnosis.repairs import figures_of
from budgetaudit.labels.labelling import label
from budgetaudit.model import Audit, Comparison, Document, Figure, Finding, Grid, Place, ReadError
from budgetaudit.pipeline import audit_document, gather, vocabulary_of
from budgetaudit.readers import read
from budgetaudit.reports.wording import plain
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.vocabulary import Vocabulary

DATA = Path(__file__).resolve().parent.parent / "data"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MANY = 4  # digits that are written in groups
SPREAD = 40  # cells tried until one admits the kind of error
KINDS = ("digit", "transposition", "dropped", "added", "point", "tenfold", "thousandfold", "unit", "sign", "shifted", "blank")
COLUMNS = ("drawn", "break", "found", "first", "right", "mended")

Position = tuple[int, int, int]  # table, row, column, from 1


@dataclass(frozen=True)
class Subject:
    """A document, what its audit finds as it is, and the cells that comparisons bind."""

    document: Document
    known: Counter[object]
    bound: dict[Position, tuple[Figure, tuple[Comparison, ...]]]


def same(finding: Finding) -> object:
    """What tells a finding from another one in an audit of the same document."""
    return finding.rule, finding.places[0][1], finding.places[0][2], str(finding.difference)


def place_of(place: Place) -> Position | None:
    return None if None in (place.table, place.row, place.column) else (place.table, place.row, place.column)  # type: ignore[return-value]


def subject(document: Document, rules: RuleSet, words: Vocabulary) -> Subject:
    audit = audited(document, rules, words)
    cells: dict[Position, tuple[Figure, list[Comparison]]] = {}
    printed = {figure.place for table in label(document, words) for figure in table.figures.values()}
    for comparison in audit.comparisons:
        if comparison.verdict in ("pass", "rounding"):
            for figure in figures_of(comparison):
                position = place_of(figure.place)
                if position and figure.place in printed and figure.value and not figure.dash and NUMBER.search(figure.text):
                    cells.setdefault(position, (figure, []))[1].append(comparison)
    bound = {position: (figure, tuple(found)) for position, (figure, found) in cells.items()}
    return Subject(document, Counter(map(same, audit.findings)), bound)


def audited(document: Document, rules: RuleSet, words: Vocabulary) -> Audit:
    return gather([audit_document(document, rules, words)], rules)


def spelled(digits: str, like: str) -> str:
    """Digits with a decimal point, grouped where the number they replace is."""
    whole, point, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    grouped = "," in like or len(like.split(".")[0]) < MANY
    return (f"{int(whole):,}" if grouped else whole) + point + rest


def damaged(text: str, kind: str, beside: Sequence[str], draw: random.Random) -> str | None:
    """A cell's text with one error of a kind in its first number; None where the kind does not apply."""
    match = NUMBER.search(text)
    if match is None:
        return None
    number = match[0]
    bare = number.replace(",", "")
    whole, _, rest = bare.partition(".")
    before, after = text[: match.start()], text[match.end() :]
    places = [at for at, char in enumerate(number) if char.isdigit()]
    new: str | None = None
    if kind == "digit":
        at = draw.choice(places)
        choices = [digit for digit in "0123456789" if digit != number[at] and (digit != "0" or at != places[0])]
        new = number[:at] + draw.choice(choices) + number[at + 1 :]
    elif kind == "transposition":
        pairs = [(a, b) for a, b in pairwise(places) if number[a] != number[b]]
        pairs = [(a, b) for a, b in pairs if a != places[0] or number[b] != "0"]
        if pairs:
            a, b = draw.choice(pairs)
            new = number[:a] + number[b] + number[a + 1 : b] + number[a] + number[b + 1 :]
    elif kind == "dropped" and len(whole) > 1:
        at = draw.randrange(len(whole))
        shorter = whole[:at] + whole[at + 1 :]
        new = None if shorter[0] == "0" and len(shorter) > 1 else spelled(shorter + bare[len(whole) :], number)
    elif kind == "added":
        at = draw.randrange(len(whole) + 1)
        digit = draw.choice("123456789") if at == 0 else draw.choice("0123456789")
        new = spelled(whole[:at] + digit + bare[len(whole) - (len(whole) - at) :], number)
    elif kind == "point":
        new = spelled(whole + rest, number) if rest else f"{whole[:-1] or '0'}.{whole[-1]}"
    elif kind == "tenfold":
        new = spelled(whole + "0", number) if not rest else spelled(f"{whole}{rest[0]}.{rest[1:]}".rstrip("."), number)
    elif kind == "thousandfold" and not rest:
        new = spelled(whole + "000", number)
    elif kind == "unit" and len(whole) > MANY - 1 and not rest:
        new = spelled(whole[:-3] + ("" if whole.endswith("000") else "." + whole[-3:]), number)
    elif kind == "sign":
        return before.rstrip("-△▲ ") + number + after if before.rstrip()[-1:] in ("-", "△", "▲") else f"{before}△{number}{after}"
    elif kind == "shifted" and beside:
        return draw.choice(beside)
    elif kind == "blank":
        return ""
    return None if new is None or new == number else before + new + after


def with_text(document: Document, position: Position, text: str) -> Document:
    """The document with another text in one cell."""
    number, row, column = position
    at = [index for index, block in enumerate(document.blocks) if isinstance(block, Grid)][number - 1]
    grid = document.blocks[at]
    assert isinstance(grid, Grid)
    found = [c for c in grid.cells if (c.row, c.column) == (row - 1, column - 1)]
    cells = tuple(replace(c, text=text, value=None) if found and c is found[0] else c for c in grid.cells)
    return replace(document, blocks=(*document.blocks[:at], replace(grid, cells=cells), *document.blocks[at + 1 :]))


def text_at(document: Document, position: Position) -> str:
    number, row, column = position
    grid = list(document.grids())[number - 1]
    return next((c.text for c in grid.cells if (c.row, c.column) == (row - 1, column - 1)), "")


def broken(figure: Figure, comparisons: Sequence[Comparison], value: Decimal | None) -> list[Comparison]:
    """The comparisons that would not hold with another value. A blank states nothing, and in a sum adds nothing."""
    changed = {key_of(figure): Fraction(value or 0)}
    found = []
    for comparison in comparisons:
        one = equation(comparison)
        if one is None or one.holds(changed):
            continue
        if value is not None or (one.form == "sum" and len(one.terms) > 1 and one.stated != key_of(figure)):
            found.append(comparison)
    return found


def neighbours(subject: Subject, position: Position) -> list[str]:
    """The numbers that stand one column or one row off."""
    table, row, column = position
    around = [(table, row, column + 1), (table, row, column - 1), (table, row + 1, column), (table, row - 1, column)]
    own = text_at(subject.document, position).strip()
    return [text for at in around if at in subject.bound and (text := text_at(subject.document, at)).strip() != own]


def draws(subjects: Sequence[Subject], number: int, seed: int) -> Iterator[tuple[int, str, Position, str]]:
    """(document, kind, cell, its new text): the kinds in turn, the document and the cell at random."""
    draw = random.Random(seed)
    for count in range(number):
        kind = KINDS[count % len(KINDS)]
        for _ in range(SPREAD):
            which = draw.randrange(len(subjects))
            one = subjects[which]
            position = draw.choice(sorted(one.bound))
            new = damaged(text_at(one.document, position), kind, neighbours(one, position), draw)
            if new is not None:
                yield which, kind, position, new
                break


@dataclass(frozen=True)
class Outcome:
    """What the audit of a damaged copy says; each of COLUMNS that is true."""

    kind: str
    reached: tuple[str, ...]
    line: str


def judge(one: Subject, kind: str, position: Position, new: str, rules: RuleSet, words: Vocabulary) -> Outcome:
    document = with_text(one.document, position, new)
    figure, comparisons = one.bound[position]
    value = None
    for table in label(document, words):
        value = next((f.value for f in table.figures.values() if place_of(f.place) == position), value)
    line = f"{kind:14}{Path(document.path).name} table, row, column {position}: {figure.text!r} → {new!r}"
    wrong = broken(figure, comparisons, value)
    if not wrong:
        return Outcome(kind, ("drawn",), line)
    reached = ["drawn", "break"]
    audit = audited(document, rules, words)
    fresh = unexplained(audit, one)
    naming = [f for f in fresh if position in {place_of(place) for _, place, _ in f.places}]
    naming = naming or [f for f in fresh if f.places[0][1] in {comparison.stated.place for comparison in wrong}]
    if not naming:
        return Outcome(kind, tuple(reached), f"{line}: not found ({len(fresh)} other findings)")
    reached.append("found")
    roots = {f.id: f for f in audit.findings}
    root = roots[naming[0].cause]
    if not root.suspects:
        return Outcome(kind, tuple(reached), f"{line}: no suspect ({root.rule})")
    suspect = root.suspects[0]
    at = place_of(suspect.place)
    line += f": {suspect.repair} {suspect.text!r} → {plain(suspect.value)} ({suspect.tier}) at {at}, {root.rule}"
    if at == position:
        reached.append("first")
        reached += ["right"] * (suspect.value == figure.value)
    if at is not None:
        old = text_at(one.document, at)
        sign = "-" if suspect.value < 0 else ""
        repaired = sign + spelled(plain(abs(suspect.value)), old or "0")
        left = unexplained(audited(with_text(document, at, repaired), rules, words), one)
        reached += ["mended"] * (not left)
    return Outcome(kind, tuple(reached), line)


def unexplained(audit: Audit, one: Subject) -> list[Finding]:
    """The findings that the document as it is does not have."""
    known = Counter(one.known)
    found = []
    for finding in audit.findings:
        if known[same(finding)] > 0:
            known[same(finding)] -= 1
        else:
            found.append(finding)
    return found


def documents(paths: Sequence[Path], rules: RuleSet, words: Vocabulary, slowest: float) -> Iterator[Subject]:
    """Every document that has cells to corrupt and is audited fast enough to be audited often."""
    for path in paths:
        for file in sorted(path.rglob("*") if path.is_dir() else [path]):
            if not file.is_file():
                continue
            try:
                document = read(file)
            except ReadError:
                continue
            start = time.process_time()
            one = subject(document, rules, words)
            if one.bound and time.process_time() - start <= slowest:
                yield one


def work(job: tuple[Subject, str, Position, str, RuleSet, Vocabulary]) -> Outcome:
    return judge(*job)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", metavar="PATH", type=Path, nargs="*", default=[DATA])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--rules", action="append", default=[])
    parser.add_argument("--slowest", type=float, default=1.0, help="leave out documents whose audit takes longer")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="print every case that falls short")
    args = parser.parse_args()
    rules = load(tuple(args.rules) or ("korea-local",), "en")
    words = vocabulary_of(rules)
    subjects = list(documents(args.paths, rules, words, args.slowest))
    cells = sum(len(one.bound) for one in subjects)
    print(f"{len(subjects)} documents, {cells} cells that a comparison binds, seed {args.seed}")
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in (*KINDS, "all")}
    jobs = [(subjects[which], kind, at, new, rules, words) for which, kind, at, new in draws(subjects, args.number, args.seed)]
    with ProcessPoolExecutor(args.jobs) as pool:
        for outcome in pool.map(work, jobs, chunksize=10):
            for name in (outcome.kind, "all"):
                counts[name].update(outcome.reached)
            if args.show and "break" in outcome.reached and not {"first", "mended"} <= set(outcome.reached):
                print(f"  {outcome.line} [{' '.join(outcome.reached[2:])}]")
    print(f"{'':14}" + "".join(f"{name:>9}" for name in COLUMNS))
    for kind, count in counts.items():
        base = max(count["break"], 1)
        shares = "".join(f"{count[name] / base:9.3f}" for name in COLUMNS[2:])
        print(f"{kind:14}{count['drawn']:9}{count['break']:9}{shares}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
