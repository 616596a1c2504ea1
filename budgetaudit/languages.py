"""The language of a document that the rules of a run do not read: said, so that silence is not taken for soundness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from budgetaudit.currencies import rules_folder
from budgetaudit.labels.labelling import Table
from budgetaudit.vocabulary import Vocabulary, load

FEW = 2  # labels understood: with more of them, the language is one that the rules read
SEVERAL = 2  # labels that another vocabulary understands, for one may be a word that languages share


def unread_language(tables: Iterable[Table], words: Vocabulary, spoken: Sequence[str]) -> str:
    """The shipped vocabulary that understands labels of these tables where that of the rules does not; '' if none does."""
    texts = {
        label.text for table in tables for line in (*table.rows, *table.columns) for label in line.labels if label.text.strip()
    }
    foreign = sorted(text for text in texts if not _understood(text, words))
    if len(texts) - len(foreign) > FEW or len(foreign) < SEVERAL:
        return ""
    folder = rules_folder() / "vocabulary"
    others = [path.stem for path in sorted(folder.glob("*.yaml")) if path.stem not in spoken and path.stem != "phrases"]
    counts = {name: sum(_understood(text, load((name,))) for text in foreign) for name in others}
    best = max(others, key=lambda name: counts[name], default="")
    return best if best and counts[best] >= SEVERAL else ""


def pack_of(language: str) -> str:
    """The shipped pack that reads a language."""
    return "korea-local" if language == "korean" else "generic"


def _understood(text: str, words: Vocabulary) -> bool:
    label = words.label(text)
    return bool(label.total or label.dimension or label.measure)
