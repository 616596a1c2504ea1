"""The prose of one document, read once: its statements with the numbers, dates and breakdowns in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from budgetaudit.label_text import normal
from budgetaudit.labels.labelling import points_group
from budgetaudit.model import Document, Figure, Grid, Message, Paragraph
from budgetaudit.sentences.arithmetic import Value, expressions
from budgetaudit.sentences.breakdowns import Breakdown, breakdowns, label_before
from budgetaudit.sentences.lists import unbracketed
from budgetaudit.sentences.rates import Claim, Directions, claims
from budgetaudit.sentences.running import running
from budgetaudit.sentences.scan import Scanner
from budgetaudit.sentences.statements import Statement, statements
from budgetaudit.sentences.tokens import Scan
from budgetaudit.sentences.words import Words
from budgetaudit.vocabulary import Vocabulary

QUOTED, TITLE = 120, 20
POINTED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:\.\d{3}){2,}|\.\d{3},\d{1,2}|,\d{1,2}\s?%)(?!\d|[.,]\d)")  # 2.940.000 €, 4,8 %
UNCLEAR, PLAIN = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?!\d|[.,]\d)"), re.compile(r"\d(?:\.\d{1,2}|,\d{3})(?!\d)")


@dataclass
class Prose:
    """Sentences, bullets and cells of prose, and what stands in them."""

    document: Document
    vocabulary: Vocabulary

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return statements(self.document, self.vocabulary.prose.get("unfinished", ()))

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(self.document.grids())

    @cached_property
    def _blocks(self) -> dict[int, int]:
        return {id(block): at for at, block in enumerate(self.document.blocks)}

    def block_of(self, grid: Grid) -> int:
        """The position of a grid among the document's blocks."""
        return self._blocks[id(grid)]

    @cached_property
    def scanner(self) -> Scanner:
        texts = [block.text for block in self.document.blocks if isinstance(block, Paragraph)]
        pointed = any(map(POINTED.search, texts)) or (any(map(UNCLEAR.search, texts)) and not any(map(PLAIN.search, texts)))
        return Scanner(self.vocabulary, points=pointed or points_group(self.document))

    @cached_property
    def words(self) -> Words:
        return Words(self.vocabulary)

    @cached_property
    def directions(self) -> Directions:
        return Directions(self.vocabulary)

    @cached_property
    def scopes(self) -> tuple[int, ...]:
        """Which project's part of the document each statement stands in: a heading that comes again begins another."""
        scope = 0
        seen: set[str] = set()
        scopes = []
        for statement in self.statements:
            if statement.cell is None and len(statement.text) <= TITLE and (statement.rank <= 1 or not statement.mark):
                key = normal(statement.text)
                if key in seen:
                    scope, seen = scope + 1, set()
                seen.add(key)
            scopes.append(scope)
        return tuple(scopes)

    @cached_property
    def _starts(self) -> list[int]:
        return [statement.block for statement in self.statements]

    def scope_of(self, grid: Grid) -> int:
        """The project's part that a grid stands in."""
        at = bisect_right(self._starts, self.block_of(grid)) - 1
        return self.scopes[at] if at >= 0 else 0

    @cached_property
    def scans(self) -> tuple[Scan, ...]:
        """One scan for each statement, in the same order."""
        return tuple(
            self.scanner.scan(statement.text) if any(map(str.isdigit, statement.text)) else EMPTY for statement in self.statements
        )

    @cached_property
    def amounts(self) -> tuple[Figure, ...]:
        """Every amount of money that a statement prints, whether or not anything is compared with it."""
        pairs = zip(self.statements, self.scans, strict=True)
        money = ((statement, number) for statement, scan in pairs for number in scan.numbers if number.family == "money")
        return tuple(number.figure(statement.place, label_before(statement.text, number.start)) for statement, number in money)

    @cached_property
    def arithmetic(self) -> tuple[list[list[Value]], ...]:
        """The calculations of each statement, in the same order."""
        return tuple(expressions(scan) if scan.numbers else [] for scan in self.scans)

    @cached_property
    def breakdowns(self) -> tuple[tuple[Statement, Breakdown], ...]:
        """Every total of the prose with its parts, and the statement it stands in."""
        found: list[tuple[Statement, Breakdown]] = []
        lines = tuple(zip(self.statements, self.scans, strict=True))
        for at, (statement, scan) in enumerate(lines):
            if scan.numbers:
                following = self.scans[at + 1] if at + 1 < len(self.scans) else None
                more = unbracketed(lines, at, self.words)
                listed = (*breakdowns(scan, self.words, following), *more)
                taken = {part.number.start for breakdown in listed for part in breakdown.parts}
                told = [one for one in running(scan, self.words) if taken.isdisjoint(part.number.start for part in one.parts)]
                found.extend((statement, breakdown) for breakdown in (*listed, *told))
        return tuple(found)

    @cached_property
    def claims(self) -> tuple[tuple[Statement, Claim], ...]:
        """Every change and rate that a sentence states together with its operands."""
        words = self.directions
        pairs = [pair for pair in zip(self.statements, self.scans, strict=True) if len(pair[1].numbers) > 1]
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
