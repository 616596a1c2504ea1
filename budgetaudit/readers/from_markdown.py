"""Markdown: as plain text, without the marks of headings, quotes, emphasis and links."""

from __future__ import annotations

import re
from pathlib import Path

from budgetaudit.model import Document
from budgetaudit.readers.encoding import decode, problems
from budgetaudit.readers.lines import blocks, without_bold
from budgetaudit.readers.printed import normalise_file

_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)[^\n]*\Z")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-{3,}|\*{3,}|_{3,}|(?:[-*_] ){2,}[-*_])\s*\Z")
_LEADING = re.compile(r"[ ]{0,3}(?:#{1,6}\s+|(?:>\s?)+)")
_CLOSING = re.compile(r"\s#+\s*\Z")
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = ("*", "__", "_", "`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def read(path: Path, data: bytes) -> Document:
    """The blocks of a Markdown file in order, each with its line."""
    decoded = decode(data)
    text = normalise_file(decoded.text)
    return Document(str(path), "markdown", tuple(blocks(text, plain)), problems(str(path), decoded))


def plain(text: str) -> str:
    """A line or cell as it is shown: no heading, quote, emphasis or link marks; an asterisk between numbers stays.

    >>> plain("## 총괄 ##"), plain("**계**"), plain("단가 5*3*2"), plain("[표](a.md)"), plain("-----")
    ('총괄', '계', '단가 5*3*2', '표', '')
    """
    if _FENCE.match(text) or _UNDERLINE.match(text):
        return ""
    leading = _LEADING.match(text)
    if leading:
        text = text[leading.end() :]
        text = _CLOSING.sub("", text) if "#" in leading[0] else text
    if "](" in text:
        text = _LINK.sub(lambda match: "" if match[1] else match[2], text)
    text = without_bold(text).strip()
    for mark in _EMPHASIS:
        inner = text[len(mark) : -len(mark)]
        if text.startswith(mark) and text.endswith(mark) and inner.strip() == inner != "" and mark not in inner:
            text = inner
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text
