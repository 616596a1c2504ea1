"""White space in labels: any run of it is one blank."""

from __future__ import annotations

import unicodedata


def squeeze(text: str) -> str:
    """The text with every run of white space as one space, composed: `요  구` and `요 구` are one label."""
    return " ".join(unicodedata.normalize("NFC", text).split())
