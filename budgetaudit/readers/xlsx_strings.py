"""The strings that cells of a workbook share."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Strings:
    """Collects shared strings: their runs joined, phonetic guides left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._phonetic = False
        self._inside = False

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._phonetic = True
        self._inside = tag == "t" and not self._phonetic

    def end(self, tag: str) -> None:
        self._inside = False
        if tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.strings.append(unescape("".join(self._pieces)))

    def text(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


def unescape(text: str) -> str:
    """A text with the characters that it stores by their numbers."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
