"""The prose of one document, read once: its statements with the numbers, dates and breakdowns in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from budgetaudit.model import Document, Message
from budgetaudit.prose.breakdowns import Breakdown, Words, breakdowns
from budgetaudit.prose.rates import Claim, Directions, claims
from budgetaudit.prose.scan import Scan, Scanner
from budgetaudit.prose.statements import Statement, statements
from budgetaudit.vocabulary import Vocabulary

QUOTED = 120


@dataclass
class Prose:
    """Sentences, bullets and cells of prose, and what stands in them."""

    document: Document
    vocabulary: Vocabulary

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return statements(self.document, self.vocabulary.prose.get("unfinished", ()))

    @cached_property
    def scanner(self) -> Scanner:
        return Scanner(self.vocabulary)

    @cached_property
    def words(self) -> Words:
        return Words(self.vocabulary)

    @cached_property
    def scans(self) -> tuple[Scan, ...]:
        """One scan for each statement, in the same order."""
        return tuple(
            self.scanner.scan(statement.text) if any(map(str.isdigit, statement.text)) else EMPTY for statement in self.statements
        )

    @cached_property
    def breakdowns(self) -> tuple[tuple[Statement, Breakdown], ...]:
        """Every total of the prose with its parts, and the statement it stands in."""
        found: list[tuple[Statement, Breakdown]] = []
        for at, (statement, scan) in enumerate(zip(self.statements, self.scans, strict=True)):
            if scan.numbers:
                following = self.scans[at + 1] if at + 1 < len(self.scans) else None
                found.extend((statement, breakdown) for breakdown in breakdowns(scan, self.words, following))
        return tuple(found)

    @cached_property
    def claims(self) -> tuple[tuple[Statement, Claim], ...]:
        """Every change and rate that a sentence states together with its operands."""
        words = Directions(self.vocabulary)
        pairs = zip(self.statements, self.scans, strict=True)
        return tuple((statement, claim) for statement, scan in pairs for claim in claims(scan, words))


EMPTY = Scan("", (), ())


def quoted(text: str, at: int = 0) -> str:
    """A sentence as findings quote it: the part around a position if it is long."""
    if len(text) <= QUOTED:
        return text
    start = max(0, min(at - QUOTED // 2, len(text) - QUOTED))
    end = start + QUOTED
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")


def said(code: str, label: str, stated: str, sentence: str, **args: object) -> Message:
    """A message about a sentence."""
    return Message(code, {"label": label, "stated": stated, "sentence": sentence, **args})
