"""What labels say of numbered lines, and lines that are part of the one before them, in every shipped language."""

from __future__ import annotations

import pytest

from budgetaudit import vocabulary
from budgetaudit.labels.references import line_number, made_of

WORDS = vocabulary.load(("german", "english", "french", "spanish", "portuguese", "italian", "japanese", "korean"))


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        ("Erträge (= Zeilen 1 bis 3)", "=1~3"),
        ("= Ordentliches Ergebnis (= Zeilen 04 und 07)", "=04&07"),
        ("수입 소계(1+2+3)", "1+2+3"),
        ("Result (line 4 less line 7)", "=4-7"),
        ("Total, lines 1 through 5", "=1~5"),
        ("Résultat (lignes 3 et 7)", "=3&7"),
        ("(5)=(3)-(4)", "=3-4"),
        ("6=5/3*100", "=5/3*100"),
        ("Maßnahme (2021-2023)", ""),
        ("Phase 1 and 2", ""),
        ("제1-2공구", ""),
        ("Ersatz 10/2021", ""),
    ],
)
def test_a_label_names_numbered_lines(text: str, refers: str) -> None:
    assert made_of(text, WORDS.prose) == refers


@pytest.mark.parametrize(
    ("texts", "number"),
    [(["04", "Personal"], "4"), (["1. Steuern"], "1"), (["(3)"], "3"), (["3=1+2"], "3"), (["2025"], ""), (["12월"], "")],
)
def test_lines_are_numbered(texts: list[str], number: str) -> None:
    assert line_number(texts) == number


@pytest.mark.parametrize(
    "label", ["davon Energie", "of which: energy", "o/w energy", "dont énergie", "그중 전기료", "이 중 전기료", "うち電気料"]
)
def test_a_line_is_part_of_the_one_before_it(label: str) -> None:
    assert WORDS.label(label).of_which


@pytest.mark.parametrize("label", ["이중창 교체", "Doneren", "중앙도서관", "Total including tax"])
def test_other_lines_are_not(label: str) -> None:
    assert not WORDS.label(label).of_which
