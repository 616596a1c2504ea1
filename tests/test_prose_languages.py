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


RUNNING = (
    ("pass", "Budget of £19.6m, comprising £12.1m for staff, £4.3m for premises and £3.2m for supplies."),
    ("fail", "Budget of £19.2m, comprising £12.1m for staff, £4.3m for premises and £3.2m for supplies."),
    ("pass", "Aufwand 8,45 Mio. Euro, davon entfallen auf Löhne 5,02 Mio. Euro und auf Sachkosten 3,43 Mio. Euro."),
    ("fail", "Aufwand 8,45 Mio. Euro, davon entfallen auf Löhne 5,12 Mio. Euro und auf Sachkosten 3,43 Mio. Euro."),
    ("fail", "Se gastan 845 000 euros, de los cuales 512 000 euros son para personal y 343 000 euros para obras."),
    ("fail", "Le budget s'élève à 845 000 euros, réparti en 512 000 euros de fonctionnement et 343 000 euros d'investissement."),
    ("none", "Spending rose by £4.1m, from £12.1m to £16.3m."),
    ("none", "Roads cost £8.2m, parks £4.1m and schools £4.0m."),
    ("none", "Of £8.2m in the reserve, £1.1m went to roads and £2.0m to schools."),
)


@pytest.mark.parametrize(("verdict", "text"), RUNNING)
def test_the_parts_of_a_total_in_running_prose(verdict: str, text: str) -> None:
    sums = [comparison.verdict for comparison in told(text) if comparison.kind == "sum"]
    assert sums == ([] if verdict == "none" else [verdict])


def test_amounts_of_sentences_that_nothing_is_compared_with_are_figures() -> None:
    text = Paragraph("Roads cost £8.2m, parks £4.1m and schools £4.0m.", line=1)
    found = audit_document(Document("plan.txt", "text", (text,)), GENERIC, WORDS)
    assert (found.source.figures, found.source.covered) == (3, 0)


def test_one_amount_told_twice_in_a_sentence_is_two_figures() -> None:
    text = Paragraph("Roads cost £8.2m and bridges cost £8.2m.", line=1)
    assert audit_document(Document("plan.txt", "text", (text,)), GENERIC, WORDS).source.figures == 2
