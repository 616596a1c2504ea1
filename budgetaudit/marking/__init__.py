"""A copy of a document with its findings marked where they stand: format → module, imported only when it is asked for.

Each module has one function, `mark(data, marks, legend) → (bytes, marks that found no place)`. The input is read, never written.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from budgetaudit.marking.marks import Mark

FORMATS = {"pdf": "in_pdf", "docx": "in_docx", "hwpx": "in_hwpx", "html": "in_html"}


class Unmarkable(Exception):  # noqa: N818 - not a fault of ours: this copy cannot be made
    """A document that cannot be marked (protected, or broken in a way its reader forgives)."""


def mark(form: str, data: bytes, marks: Sequence[Mark], legend: Sequence[str]) -> tuple[bytes, list[Mark]]:
    """The marked copy of a document, and the marks that found no place in it. Raises Unmarkable."""
    made: tuple[bytes, list[Mark]] = import_module(f"{__name__}.{FORMATS[form]}").mark(data, marks, legend)
    return made
