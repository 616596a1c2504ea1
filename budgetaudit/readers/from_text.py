"""Plain text: tables as copies and OCR leave them, everything else as one paragraph per line."""

from __future__ import annotations

from pathlib import Path

from budgetaudit.model import Document
from budgetaudit.readers.encoding import decode, problems
from budgetaudit.readers.lines import blocks
from budgetaudit.readers.printed import normalise_file


def read(path: Path, data: bytes) -> Document:
    """The blocks of a text file in order, each with its line."""
    decoded = decode(data)
    text = normalise_file(decoded.text)
    return Document(str(path), "text", tuple(blocks(text)), problems(str(path), decoded))
