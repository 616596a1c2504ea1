"""Does the tool find, name and mend errors? Plants them in documents at random and audits each copy.

usage: python benchmarks/corruptions.py [PATH]... [--groups single,carried,…] [--number N] [--seed N] [--rules PACK]...
                                        [--sample DOCUMENTS] [--slowest SECONDS] [--show]

PATH is a document or a folder of documents; without any, the samples in data/. Only cells that take part in a comparison
that holds are drawn. N errors of each group (see planting.py) are planted; for a quick look take `--sample 12 --number 40`.
Printed per kind and group: how many break a comparison (it no longer holds with the new values), and of those how many are
found (a new finding names each wrong cell, or a figure it no longer makes), first (each is the first suspect of a cause),
right (with the right value), mended (no finding is left once the first repairs are applied, and what follows from them).
Where a wrong amount was carried so far that fewer cells contradict it than it was written in, these may be named instead;
then how many first suspects are called certain and likely, and how many of these are right. A row left out has no cell: it
is `first` where all it breaks is one cause, `right` where a suspect says the missing amount.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from planting import (
    GROUPS,
    SINGLE,
    Planted,
    Position,
    Subject,
    place_of,
    planted,
    spelled,
    subject,
    text_at,
    with_texts,
    without_row,
)

from budgetaudit.authoring.commands import load
from budgetaudit.diagnosis.equations import equation, key_of
from budgetaudit.labels.labelling import label
from budgetaudit.model import Audit, Document, Finding, ReadError, Suspect
from budgetaudit.pipeline import audit_document, gather, vocabulary_of
from budgetaudit.readers import read
from budgetaudit.reports.wording import plain
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.vocabulary import Vocabulary

DATA = Path(__file__).resolve().parent.parent / "data"
COLUMNS = ("drawn", "break", "found", "first", "right", "mended")
TOGETHER = ("cause-alike", "cause-shifted", "cause-stale", "cause-stale-supported")  # causes whose suspects all are wrong


def same(finding: Finding, removed: tuple[int, int] | None = None) -> object:
    """What tells a finding from another one in an audit of the same document, from which a row may have been taken."""
    place = finding.places[0][1]
    if removed and place.table == removed[0] and place.row is not None and place.row >= removed[1]:
        place = replace(place, row=place.row + 1, cell=None)
    return finding.rule, place.file, place.table, place.row, place.column, finding.places[0][2], str(finding.difference)


def audited(document: Document, rules: RuleSet, words: Vocabulary) -> Audit:
    return gather([audit_document(document, rules, words)], rules)


@dataclass(frozen=True)
class Outcome:
    """What the audit of a damaged copy says; each of COLUMNS that is true, and the first suspects: (tier, whether right)."""

    group: str
    kind: str
    reached: tuple[str, ...]
    line: str
    suspects: tuple[tuple[str, bool], ...] = ()


def judge(one: Subject, error: Planted, rules: RuleSet, words: Vocabulary) -> Outcome:
    document = without_row(one.document, *error.removed) if error.removed else with_texts(one.document, error.texts)
    edits = ", ".join(f"{at} {text_at(one.document, at)!r} → {text!r}" for at, text in error.texts.items())
    line = f"{error.kind:14}{Path(document.path).name} {edits or f'row {error.removed} left out'}"
    error = broken(one, error, document, words)
    if not error.breaks:
        return Outcome(error.group, error.kind, ("drawn",), line)
    reached = ["drawn", "break"]
    audit = audited(document, rules, words)
    fresh = unexplained(audit, one, error.removed)
    naming = {at: _naming(fresh, at, error) for at in error.wrong} if error.wrong else {None: _naming(fresh, None, error)}
    each = error.group in ("single", "two")  # a line or a summary that is wrong is found where one figure of it is
    if not (all(naming.values()) if each else any(naming.values())):
        return Outcome(error.group, error.kind, tuple(reached), f"{line}: not found ({len(fresh)} other findings)")
    reached.append("found")
    roots = {f.id: f for f in audit.findings}
    causes = list({(root := roots[found[0].cause]).id: root for found in naming.values() if found}.values())
    line += "".join(f": {_told(root)}" for root in causes)
    if error.removed:
        firsts = [root.suspects[0] for root in causes if root.suspects]
        reached += ["first"] * (len({finding.cause for finding in fresh}) == 1)
        right = any(_missing(suspect, root, error) for root in causes for suspect in root.suspects)
        reached += ["right", "mended"] * right
        return Outcome(error.group, error.kind, tuple(reached), line, tuple((one.tier, right) for one in firsts))
    first = [root.suspects[0] for root in causes if root.suspects]
    meant = {**error.instead, **error.wrong}
    named = {place_of(suspect.place): suspect for root in causes for suspect in _together(root)}
    hit = [at for at in meant if at in named]
    wanted = len(error.wrong) if each else 1
    if first and all(place_of(suspect.place) in meant for suspect in first) and len(hit) >= wanted:
        reached.append("first")
        reached += ["right"] * all(named[at].value == meant[at] for at in hit)
    if error.group != "single":
        every = {f.cause: roots[f.cause] for f in fresh}
        named = {place_of(suspect.place): suspect for root in every.values() for suspect in _together(root)}
    if named and None not in named:
        texts = {at: repaired(one, at, suspect) for at, suspect in named.items() if at is not None}
        if not texts.keys().isdisjoint(error.wrong) and error.group != "stale":
            texts |= {at: text_at(one.document, at) for at in error.follows}
        left = unexplained(audited(with_texts(document, texts), rules, words), one)
        reached += ["mended"] * (not left)
    told = tuple((s.tier, s.value == _value_of(error, one, place_of(s.place))) for s in first)
    return Outcome(error.group, error.kind, tuple(reached), line, told)


def _naming(fresh: Sequence[Finding], position: Position | None, error: Planted) -> list[Finding]:
    """The findings that name a wrong cell, else those of the figures that hold no longer."""
    named = [f for f in fresh if position is not None and position in {place_of(place) for _, place, _ in f.places}]
    return named or [f for f in fresh if place_of(f.places[0][1]) in error.breaks]


def _value_of(error: Planted, one: Subject, position: Position | None) -> Decimal | None:
    """What a wrong cell, or one computed from it, should say; None for any other."""
    for meant in (error.wrong, error.instead):
        if position in meant:
            return meant[position]  # type: ignore[index]
    return one.cells[position].value if position in error.follows else None  # type: ignore[index]


def _missing(suspect: Suspect, root: Finding, error: Planted) -> bool:
    return (
        suspect.repair == "omitted"
        and root.difference is not None
        and abs(root.difference.value) in {abs(v) for v in error.missing}
    )


def _told(root: Finding) -> str:
    if not root.suspects:
        return f"no suspect ({root.rule}, {root.severity})"
    suspect = root.suspects[0]
    where = place_of(suspect.place)
    return f"{suspect.repair} {suspect.text!r} → {plain(suspect.value)} ({suspect.tier}) at {where}, {root.rule}, {root.severity}"


def _together(root: Finding) -> Sequence[Suspect]:
    """The figures that a cause calls wrong: its first suspect, or all where they are wrong together."""
    return root.suspects if root.evidence is not None and root.evidence.code in TOGETHER else root.suspects[:1]


def repaired(one: Subject, position: Position, suspect: Suspect) -> str:
    old = text_at(one.document, position)
    return ("-" if suspect.value < 0 else "") + spelled(plain(abs(suspect.value)), old or "0")


def broken(one: Subject, error: Planted, document: Document, words: Vocabulary) -> Planted:
    """The error with what it breaks, where only the labelled copy tells: a blank states nothing, and in a sum adds nothing."""
    if error.breaks or error.removed:
        return error
    values: dict[Position | None, Decimal | None] = {
        place_of(f.place): f.value for table in label(document, words) for f in table.figures.values()
    }
    changed = {key_of(one.cells[at]): Fraction(values.get(at) or 0) for at in error.wrong}
    found: set[Position | None] = set()
    for at in error.wrong:
        value, wrong = values.get(at), set[Position | None]()
        for comparison in one.bound[at]:
            made = equation(comparison)
            if made is None or made.holds(changed):
                continue
            if value is not None or (made.form == "sum" and len(made.terms) > 1 and made.stated != key_of(one.cells[at])):
                wrong.add(place_of(comparison.stated.place))
        if not wrong:
            return error  # one of two breaks nothing by itself
        found |= wrong
    return replace(error, breaks=frozenset(found))


def unexplained(audit: Audit, one: Subject, removed: tuple[int, int] | None = None) -> list[Finding]:
    """The findings that the document as it is does not have."""
    known = Counter(one.known)
    found = []
    for finding in audit.findings:
        if known[same(finding, removed)] > 0:
            known[same(finding, removed)] -= 1
        else:
            found.append(finding)
    return found


# --- many of them ----------------------------------------------------------------------------------

RUN: dict[str, object] = {}  # what the processes share: set before they are forked


def prepare(file: Path) -> Subject | None:
    """A document that has cells to corrupt and is audited fast enough to be audited often."""
    rules, words, slowest = RUN["rules"], RUN["words"], RUN["slowest"]
    try:
        document = read(file)
    except ReadError:
        return None
    start = time.process_time()
    audit = audited(document, rules, words)  # type: ignore[arg-type]
    spent = time.process_time() - start
    one = subject(document, words, audit.comparisons, Counter(map(same, audit.findings)))  # type: ignore[arg-type]
    return one if one.bound and spent <= slowest else None  # type: ignore[operator]


def work(job: tuple[int, Planted]) -> Outcome:
    which, error = job
    return judge(RUN["subjects"][which], error, RUN["rules"], RUN["words"])  # type: ignore[index,arg-type]


def files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from (file for file in sorted(path.rglob("*") if path.is_dir() else [path]) if file.is_file())


def table(counts: Mapping[tuple[str, str], Counter[str]]) -> Iterator[str]:
    yield f"{'':26}" + "".join(f"{name:>9}" for name in COLUMNS) + f"{'certain':>16}{'likely':>16}"
    for (group, kind), count in counts.items():
        base = max(count["break"], 1)
        shares = "".join(f"{count[name] / base:9.3f}" for name in COLUMNS[2:])
        tiers = ""
        for tier in ("certain", "likely"):
            said, right = count[tier], count[f"{tier} right"]
            tiers += f"{f'{right}/{said} {right / said:.3f}' if said else '–':>16}"
        yield f"{f'{group} {kind}'.strip():26}{count['drawn']:9}{count['break']:9}{shares}{tiers}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", metavar="PATH", type=Path, nargs="*", default=[DATA])
    parser.add_argument("--groups", default=",".join(GROUPS), help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=200, help="errors of each group")
    parser.add_argument("--sample", type=int, default=0, help="only so many of the documents, drawn by the seed")
    parser.add_argument("--rules", action="append", default=[])
    parser.add_argument("--slowest", type=float, default=1.0, help="leave out documents whose audit takes longer")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="print every case that falls short")
    args = parser.parse_args()
    rules = load(tuple(args.rules) or ("korea-local",), "en")
    RUN.update(rules=rules, words=vocabulary_of(rules), slowest=args.slowest)
    chosen = list(files(args.paths))
    if args.sample:
        chosen = sorted(random.Random(args.seed).sample(chosen, min(args.sample, len(chosen))))
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(args.jobs, forked) as pool:
        subjects = [one for one in pool.map(prepare, chosen) if one is not None]
    RUN["subjects"] = subjects
    print(f"{len(subjects)} documents, {sum(len(one.bound) for one in subjects)} cells that a comparison binds, seed {args.seed}")
    if not subjects:
        return 1
    groups = args.groups.split(",")
    kinds = [("single", kind) for kind in SINGLE if "single" in groups]
    counts: dict[tuple[str, str], Counter[str]] = {name: Counter() for name in (*kinds, *((group, "all") for group in groups))}
    jobs = [job for group in groups for job in planted(subjects, group, args.number, args.seed)]
    with ProcessPoolExecutor(args.jobs, forked) as pool:
        for outcome in pool.map(work, jobs, chunksize=4):
            for name in dict.fromkeys([(outcome.group, outcome.kind), (outcome.group, "all")]):
                count = counts.setdefault(name, Counter()) if name[1] == "all" or name[0] == "single" else Counter[str]()
                count.update(outcome.reached)
                if "break" in outcome.reached:
                    count.update(tier for tier, _ in outcome.suspects)
                    count.update(f"{tier} right" for tier, right in outcome.suspects if right)
            if args.show and "break" in outcome.reached and not {"first", "right", "mended"} <= set(outcome.reached):
                print(f"  {outcome.group:8} {outcome.line} [{' '.join(outcome.reached[2:])}]", flush=True)
    print("\n".join(table(counts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
