"""Two drafts of one document: which findings are fixed, new, changed or persist, and which figures changed.

Findings are matched by what they are about, figures by the labels of their row and column; rows may come and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from budgetaudit.label_text import single_spaced
from budgetaudit.labels.labelling import Table
from budgetaudit.model import Audit, Document, Figure, Finding
from budgetaudit.vocabulary import Vocabulary

Pair = tuple[Finding, Finding]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What became of the findings of an old draft, and what is new; pairs are (old, new).

    A finding is fixed only if what it named is compared again and agrees; else it is gone, but nothing proves it right.
    """

    old: Audit
    new: Audit
    fixed: tuple[Finding, ...]
    unchecked: tuple[Finding, ...]
    added: tuple[Finding, ...]
    changed: tuple[Pair, ...]
    persisting: tuple[Pair, ...]
    figures: tuple[tuple[Figure, Figure], ...]

    def unsettled(self) -> Iterator[Finding]:
        """The findings that the new draft brought and nobody waived: new ones, and old ones whose amounts changed."""
        brought = (*self.added, *(new for _, new in self.changed))
        yield from (finding for finding in brought if finding.waived is None)


def compare(old: Audit, new: Audit, in_sentences: Sequence[tuple[Figure, Figure]] = ()) -> Drafts:
    """Match the findings and the figures of two audits; `in_sentences` are figures of sentences that changed."""
    waiting: dict[str, list[Finding]] = {}
    for finding in old.findings:
        waiting.setdefault(finding.fingerprint, []).append(finding)
    added: list[Finding] = []
    changed: list[Pair] = []
    persisting: list[Pair] = []
    for finding in _most_alike_first(new.findings, waiting):
        candidates = waiting.get(finding.fingerprint)
        if not candidates:
            added.append(finding)
            continue
        before = next((other for other in candidates if _amounts(other) == _amounts(finding)), candidates[0])
        candidates.remove(before)
        (persisting if _amounts(before) == _amounts(finding) else changed).append((before, finding))
    order = {finding.id: at for at, finding in enumerate(new.findings)}
    gone = [finding for finding in old.findings if any(finding is left for left in waiting[finding.fingerprint])]
    agreeing = {(item.rule, single_spaced(item.stated.label)) for item in new.comparisons if item.verdict in ("pass", "rounding")}
    labels = {(item.rule, item.stated.place): single_spaced(item.stated.label) for item in old.comparisons}
    proven = {finding.id for finding in gone if (finding.rule, labels.get((finding.rule, finding.places[0][1]))) in agreeing}
    return Drafts(
        old,
        new,
        tuple(finding for finding in gone if finding.id in proven),
        tuple(finding for finding in gone if finding.id not in proven),
        tuple(sorted(added, key=lambda finding: order[finding.id])),
        tuple(sorted(changed, key=lambda pair: order[pair[1].id])),
        tuple(sorted(persisting, key=lambda pair: order[pair[1].id])),
        (*_changed_figures(_by_labels(old), _by_labels(new)), *in_sentences),
    )


def _most_alike_first(findings: Sequence[Finding], old: dict[str, list[Finding]]) -> list[Finding]:
    """Findings whose very amounts stood in the old draft are matched before others of the same fingerprint."""
    same = [any(_amounts(other) == _amounts(finding) for other in old.get(finding.fingerprint, ())) for finding in findings]
    return [finding for flag in (True, False) for finding, exact in zip(findings, same, strict=True) if exact == flag]


def _amounts(finding: Finding) -> tuple[object, ...]:
    quantities = (finding.stated, finding.expected, finding.difference)
    return tuple(None if quantity is None else (quantity.value, quantity.unit) for quantity in quantities)


Key = tuple[str, str, str]


def _changed_figures(before: dict[Key, list[Figure]], after: dict[Key, list[Figure]]) -> Iterator[tuple[Figure, Figure]]:
    """Figures whose labels name one figure in either draft, and whose values differ."""
    for key, figures in after.items():
        others = before.get(key, [])
        if len(figures) == len(others) == 1 and _worth(figures[0]) != _worth(others[0]):
            yield others[0], figures[0]


def _by_labels(audit: Audit) -> dict[Key, list[Figure]]:
    """Figures by their labels and the captions of their tables; of several files, by the name of their file too."""
    several = len(audit.inputs) > 1
    found: dict[Key, list[Figure]] = {}
    tables: Sequence[Table] = audit.tables
    for table in tables:
        if table.copy_of is None:
            for figure in table.figures.values():
                if figure.label:
                    file = PurePath(figure.place.file).name if several else ""
                    found.setdefault((file, single_spaced(table.caption), single_spaced(figure.label)), []).append(figure)
    return found


NUMBER = re.compile(r"\d[\d,.]*")


def changed_sentences(old: Document, new: Document, words: Vocabulary) -> list[tuple[Figure, Figure]]:
    """Amounts of sentences that say the same but for their numbers, each sentence once in either draft."""
    before, after = _sentences(old, words), _sentences(new, words)
    found = []
    for skeleton, mine in after.items():
        theirs = before.get(skeleton, [])
        if len(mine) == len(theirs) == 1 and len(mine[0]) == len(theirs[0]):
            found += [(a, b) for a, b in zip(theirs[0], mine[0], strict=True) if _worth(a) != _worth(b)]
    return found


def _sentences(document: Document, words: Vocabulary) -> dict[str, list[list[Figure]]]:
    """The numbers of each sentence outside tables, by what it says without them."""
    from budgetaudit.sentences.breakdowns import label_before
    from budgetaudit.sentences.text import Prose

    prose = Prose(document, words)
    found: dict[str, list[list[Figure]]] = {}
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        if scan.numbers and statement.cell is None:
            figures = [number.figure(statement.place, label_before(scan.text, number.start)) for number in scan.numbers]
            found.setdefault(single_spaced(NUMBER.sub("#", statement.text)), []).append(figures)
    return found


def _worth(figure: Figure) -> object:
    return figure.value if figure.base is None else ("base", figure.base)
