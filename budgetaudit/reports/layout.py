"""Fit text to a terminal: Korean characters take two columns, long labels are wrapped."""

from __future__ import annotations


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # its tables take a tenth of a short run

    return max(wcswidth(text), 0)


def letter_width(letter: str) -> int:
    """Columns that one character takes; none where it cannot be seen."""
    if " " <= letter <= "~":
        return 1
    from wcwidth import wcwidth

    return max(wcwidth(letter), 0)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces, or within a word that is too long."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while width_of(word) > width:
            head = _fitting(word, width)
            lines.append(head)
            word = word[len(head) :]
        line = word
    return [*lines, line] if line or not lines else lines


def indented(text: str, width: int, indent: int) -> list[str]:
    """The text wrapped to `width` columns, each line after `indent` spaces."""
    return [" " * indent + line for line in wrap(text, max(width - indent, 20))]


def _fitting(word: str, width: int) -> str:
    """The longest head of a word that fits, at least one character; up to a hyphen where there is one."""
    used = 0
    for index, character in enumerate(word):
        used += letter_width(character)
        if used > width and index:
            return word[: word.rfind("-", 1, index) + 1] or word[:index]
    return word
