"""What is to be marked in a document: figures of findings, tick marks of what is proven; and where it stands in a tree of markup.

Readers follow spans, notes and fields in their own ways; a cell or paragraph is found by what is printed, the same for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

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
CLIPPED = "…"
MAX_SENTENCE = 200


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


@dataclass(slots=True)
class Spot:
    """An element with what is printed in it."""

    element: Any
    text: str


@dataclass(slots=True)
class Row:
    """A row of a table: which table it stands in, which row it is, and its cells."""

    table: int
    number: int
    cells: list[Spot]
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.counted = Counter(cell.text for cell in self.cells if cell.text)


class Located:
    """The rows and lines of a document, searched by marks."""

    def __init__(self, rows: Sequence[Row], lines: Sequence[Spot]) -> None:
        self._lines = lines
        self._by_text: dict[str, list[Row]] = {}
        for row in rows:
            for text in row.counted:
                self._by_text.setdefault(text, []).append(row)

    def find(self, mark: Mark) -> Any:
        """The element of a mark: a cell, or a paragraph that holds its sentence; None if there is none."""
        if mark.sentence:
            return self._sentence(mark)
        found = self._cell(mark)
        return self._tabbed(mark) if found is None else found

    def _tabbed(self, mark: Mark) -> Any:
        """The line that prints a row's cells one behind the other, with tabs between them."""
        whole = "".join(map(squeezed, mark.cells))
        same = [line for line in self._lines if whole and line.text == whole]
        return same[0].element if same else None

    def _cell(self, mark: Mark) -> Any:
        printed = squeezed(mark.printed).removesuffix(CLIPPED)
        candidates = self._by_text.get(printed, [])
        if not candidates and mark.printed.endswith(CLIPPED):
            candidates = [row for text, rows in self._by_text.items() if text.startswith(printed) for row in rows]
        if not candidates:
            return None
        counts = Counter(text for cell in mark.cells if (text := squeezed(cell)))
        table, number = mark.place.table or 0, (mark.place.row or 1) - 1

        def score(row: Row) -> tuple[int, int, int]:
            return sum((row.counted & counts).values()), -abs(row.table - table), -abs(row.number - number)

        best = max(candidates, key=score)
        cells = [(abs(at - mark.column), cell) for at, cell in enumerate(best.cells) if cell.text.startswith(printed)]
        return min(cells, key=lambda item: item[0])[1].element if cells else None

    def _sentence(self, mark: Mark) -> Any:
        sentence = squeezed(mark.sentence)[:MAX_SENTENCE]
        printed = squeezed(mark.printed)
        holding = [line for line in self._lines if sentence in line.text]
        holding = holding or [line for line in self._lines if printed and printed in line.text and line.text in sentence]
        holding = holding or [line for line in self._lines if len(printed) > 3 and printed in line.text]
        return min(holding, key=lambda line: len(line.text)).element if holding else None
