"""What is to be marked in a document: the figures of its findings, and with tick marks what is proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgetaudit.assurance import proven
from budgetaudit.excerpts import Source
from budgetaudit.messages import say
from budgetaudit.model import Audit, Comparison, Excerpt, Finding, Place
from budgetaudit.reports.wording import clean, headline, rule_titles, suspect_text, telling

OTHER, TICK = "other", "tick"
# Auditors' signs: footed, cross-footed, tied out, recalculated.
SIGNS = ("F", "C", "T", "R")
MAX_TICKS = 20_000
BESIDE = 12  # letters beside a figure in its cell


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure to mark: what is printed there, and the row or the sentence by which it is found.

    `kind`: a severity, `other` for what a finding was compared with, `tick` for a sign beside what is proven.
    """

    kind: str
    place: Place
    printed: str
    cells: tuple[str, ...] = ()
    column: int = 0
    sentence: str = ""
    name: str = ""
    note: str = ""
    sign: str = ""


def marks_of(audit: Audit, path: str, lang: str, *, ticks: bool = False) -> list[Mark]:
    """Everything to mark in one input: its findings, what they were compared with, and the ticks."""
    titles = rule_titles(audit.rules, lang)
    found: list[Mark] = []
    quiet: list[Mark] = []
    for finding in audit.findings:
        if finding.waived is not None or not finding.excerpts:
            continue
        for excerpt in finding.excerpts:
            if excerpt.place.file == path:
                for mark in _of(excerpt, finding, titles, lang):
                    (quiet if mark.kind == OTHER else found).append(mark)
    known = {(mark.place, mark.printed) for mark in found}
    found += [mark for mark in dict.fromkeys(quiet) if (mark.place, mark.printed) not in known]
    wrong = {place for place, _ in known}
    return found + ([tick for tick in _ticks(audit, path) if tick.place not in wrong] if ticks else [])


def legend(lang: str) -> list[str]:
    """What the signs mean, a line each."""
    return [f"{sign} {say(f'marks.sign-{sign}', lang)}" for sign in SIGNS]


def note_of(finding: Finding, titles: dict[str, str], lang: str) -> str:
    """What is told beside a figure."""
    head = f"{finding.id} {say(f'severity.{finding.severity}', lang)}: {headline(finding, lang)}"
    lines = [head, titles.get(finding.rule, "") or finding.rule]
    lines += [suspect_text(suspect, finding, lang) for suspect in telling(finding.suspects)[:1]]
    return "\n".join(clean(line) for line in lines)


def _of(excerpt: Excerpt, finding: Finding, titles: dict[str, str], lang: str) -> Iterator[Mark]:
    note = note_of(finding, titles, lang)
    spots = excerpt.spans if excerpt.text else excerpt.marks
    for first, second, stated in spots:
        if excerpt.text:
            where: dict[str, object] = {"sentence": excerpt.text, "printed": excerpt.text[first:second]}
        else:
            cells = excerpt.rows[first][1]
            where = {"cells": cells, "column": second, "printed": cells[second]}
        if stated:
            yield Mark(finding.severity, excerpt.place, name=finding.id, note=note, **where)  # type: ignore[arg-type]
        else:
            yield Mark(OTHER, excerpt.place, name=finding.id, **where)  # type: ignore[arg-type]
    if excerpt.text and not spots and excerpt is finding.excerpts[0]:  # the words of a sentence are told otherwise than printed
        yield Mark(finding.severity, excerpt.place, excerpt.text, sentence=excerpt.text, name=finding.id, note=note)


def _ticks(audit: Audit, path: str) -> Iterator[Mark]:
    """A sign for every figure that an equality proves, all its signs together."""
    source = Source(audit.tables)
    signs: dict[tuple[Place, str], set[str]] = {}
    for comparison in audit.comparisons:
        if proven(comparison) == "proven" and comparison.stated.place.file == path:
            signs.setdefault((comparison.stated.place, comparison.stated.text.strip()), set()).add(sign_of(comparison))
    for (place, text), own in list(signs.items())[:MAX_TICKS]:
        excerpt = source.row(place, text)
        if excerpt is not None and excerpt.marks:
            row, column, _ = excerpt.marks[0]
            cells = excerpt.rows[row][1]
            if len(cells[column]) > len(text) + BESIDE:
                continue  # a sentence: a sign at its end would speak of all of it
            yield Mark(TICK, place, cells[column], cells, column, sign="".join(sign for sign in SIGNS if sign in own))


def sign_of(comparison: Comparison) -> str:
    """Which sign a passing comparison earns its stated figure."""
    stated, places = comparison.stated.place, [figure.place for _, figure in comparison.operands]
    if comparison.kind == "agree":
        return "T"
    if comparison.kind != "sum":
        return "R"
    return "C" if places and all(place.row == stated.row and place.table == stated.table for place in places) else "F"


def squeezed(text: str) -> str:
    """A text without blanks, as it is compared."""
    return "".join(text.split())


def ordered(marks: Sequence[Mark]) -> list[Mark]:
    """The loud marks first: a figure that is wrong is not painted over by one it was compared with."""
    return sorted(marks, key=lambda mark: mark.kind in (OTHER, TICK))
