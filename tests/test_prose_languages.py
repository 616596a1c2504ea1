"""Sentences in English and German, read with the generic pack: no rule breaks, years are no counts."""

from __future__ import annotations

import pytest

from budgetaudit import vocabulary
from budgetaudit.authoring.commands import load
from budgetaudit.model import Comparison, Document, Paragraph
from budgetaudit.pipeline import audit_document
from budgetaudit.sentences.scan import Scanner

GENERIC = load(("generic",), "en")
WORDS = vocabulary.load(GENERIC.vocabulary)
SCANNER = Scanner(WORDS)


def told(*lines: str) -> list[Comparison]:
    """What the generic pack says of some paragraphs."""
    document = Document("plan.txt", "text", tuple(Paragraph(line, line=at) for at, line in enumerate(lines, start=1)))
    result = audit_document(document, GENERIC, WORDS)
    assert result.errors == ()
    return list(result.comparisons)


@pytest.mark.parametrize("names", [("english",), ("german",), ("french",), ("spanish",), ("english", "german")])
def test_a_vocabulary_without_one_letter_multipliers_reads_dates(names: tuple[str, ...]) -> None:
    scan = Scanner(vocabulary.load(names)).scan("2003-2012, 12 (2009)")
    assert [(date.year, date.own_year) for date in scan.dates] == [(2003, True), (2012, True), (2009, True)]


@pytest.mark.parametrize("text", ["Neu ab 2010, vorher: Auslastung", "since 2010, and (2012) too", "depuis 2010 : ouvert"])
def test_a_year_is_no_count(text: str) -> None:
    assert SCANNER.scan(text).numbers == ()


@pytest.mark.parametrize(
    ("text", "value"), [("1'250 Stellen", "1250"), ("1’250’000.50 Stellen", "1250000.50"), ("12,450 projects", "12450")]
)
def test_thousands_apart(text: str, value: str) -> None:
    assert [str(number.value) for number in SCANNER.scan(text).numbers] == [value]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("items", "$215 million (roads $115 million, parks $59 million, schools $41 million)"),
        ("counts", "12 projects (7 completed, 5 ongoing)"),
        ("counts", "1'250 Stellen (Kanton 1'100, Gemeinde 150)"),
    ],
)
def test_a_true_sentence_passes(rule: str, line: str) -> None:
    assert [(c.rule, c.verdict) for c in told(line) if c.rule in ("items", "counts")] == [(rule, "pass")]


def test_a_wrong_sentence_is_found() -> None:
    found = [c for c in told("$215 million (roads $115 million, parks $59 million, schools $44 million)") if c.verdict == "fail"]
    assert [c.stated.text for c in found] == ["$215 million"]
