"""Phrases of eight languages: a true sentence has no finding, one wrong figure has. The sentences stand in phrases.yaml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from budgetaudit import vocabulary
from budgetaudit.pipeline import audit
from budgetaudit.sentences.alternatives import NOTHING
from budgetaudit.sentences.phrases import compiled

CASES = yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8"))
MARKED = re.compile(r"⟦(.*?)\|(.*?)⟧")
TRUE = CASES.pop("nothing")
NAMED = [
    pytest.param("korea-local" if language == "korean" else "generic", text, id=f"{language}-{at}")
    for language, texts in CASES.items()
    for at, text in enumerate(texts, start=1)
]


def _loud(text: str, pack: str, folder: Path) -> list[tuple[str, str]]:
    path = folder / ("said.md" if "|---" in text else "said.txt")
    path.write_text(text, encoding="utf-8")
    return [(c.rule, c.stated.text) for c in audit(path, pack).comparisons if c.verdict == "fail" and c.severity != "note"]


@pytest.mark.parametrize(("pack", "text"), NAMED)
def test_the_wrong_figure_is_found_and_the_right_one_is_not(pack: str, text: str, tmp_path: Path) -> None:
    assert _loud(MARKED.sub(r"\1", text), pack, tmp_path) == []
    assert _loud(MARKED.sub(r"\2", text), pack, tmp_path)


@pytest.mark.parametrize("text", [text for texts in TRUE.values() for text in texts])
def test_what_only_looks_like_a_relation_is_left_alone(text: str, tmp_path: Path) -> None:
    assert _loud(text, "korea-local" if text in TRUE["korean"] else "generic", tmp_path) == []


def test_every_phrase_has_words_in_some_language() -> None:
    words = vocabulary.load(("korean", "english", "german", "french", "spanish", "portuguese", "italian", "japanese"))
    known = {**words.lists, **words.prose}
    unread = [phrase for phrases in words.phrases.values() for phrase in phrases if compiled(phrase, known).pattern == NOTHING]
    assert unread == []
