"""DOCX: the figures highlighted and commented, as a reviewer does it in a word processor; no word of the text is changed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from budgetaudit.marking import Unmarkable
from budgetaudit.marking.marks import OTHER, TICK, Located, Mark, Row, Spot, ordered, squeezed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COLORS = {"error": "F8B4B4", "warning": "FBDC9C", "note": "BFDDF7", OTHER: "E6E6EA"}
SIGN = "14713A"
AUTHOR, INITIALS = "budgetaudit", "BA"


def mark(data: bytes, marks: Sequence[Mark], legend: Sequence[str]) -> tuple[bytes, list[Mark]]:
    """The document with comments at its findings."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.text.run import Run

    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, AttributeError) as error:
        raise Unmarkable from error
    body = document.element.body
    located = Located(*_read(body))
    lost: list[Mark] = []
    notes: dict[Any, tuple[list[Any], list[str]]] = {}
    signed = False
    for one in ordered(marks):
        element = located.find(one)
        runs = _runs(element, one.printed) if element is not None else []
        if not runs:
            lost.append(one)
            continue
        if one.kind == TICK:
            _sign(runs[-1], one.sign)
            signed = True
            continue
        for run in runs:
            _shade(run, COLORS[one.kind])
        if one.note:
            notes.setdefault(id(runs[0]), (runs, []))[1].append(one.note)
    for runs, texts in notes.values():
        document.add_comment(
            [Run(run, document._body) for run in (runs[0], runs[-1])], "\n".join(dict.fromkeys(texts)), AUTHOR, INITIALS
        )
    if signed:
        for line in legend:
            document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), lost


def _read(body: Any) -> tuple[list[Row], list[Spot]]:
    rows: list[Row] = []
    for number, table in enumerate(body.iter(f"{W}tbl"), 1):
        for at, row in enumerate(one for one in table.iter(f"{W}tr") if next(one.iterancestors(f"{W}tbl")) is table):
            cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
            rows.append(Row(number, at, [Spot(cell, _text(cell)) for cell in cells]))
    return rows, [Spot(paragraph, _text(paragraph)) for paragraph in body.iter(f"{W}p")]


def _text(element: Any) -> str:
    return squeezed("".join(part.text or "" for part in element.iter(f"{W}t")))


def _runs(element: Any, printed: str) -> list[Any]:
    """The runs that print a text, cut where it begins and ends; all runs of the first paragraph where it is not found."""
    paragraphs = [element] if element.tag == f"{W}p" else list(element.iter(f"{W}p"))
    needle = squeezed(printed).removesuffix("…")
    for paragraph in paragraphs:
        if squeezed("".join(part.text or "" for part in paragraph.iter(f"{W}t"))).find(needle) >= 0:
            for run in list(paragraph.iter(f"{W}r")):
                _apart(run)
        runs = [run for run in paragraph.iter(f"{W}r") if _text(run)]
        whole = "".join(_text(run) for run in runs)
        start = whole.find(needle)
        if start < 0 or not runs:
            continue
        found, at = [], 0
        for run in runs:
            size = len(_text(run))
            first, last = max(start - at, 0), min(start + len(needle) - at, size)
            if first < last:
                found.append(_cut(run, first, last) if last - first < size else run)
            at += size
        return [run for run in found if run.getparent() is found[0].getparent()]
    for paragraph in paragraphs:
        runs = [run for run in paragraph.findall(f"{W}r") if _text(run)]
        if runs:
            return runs
    return []


def _apart(run: Any) -> None:
    """A run of texts with tabs between them as one run for each, so that a figure among them can be marked alone."""
    parts = [child for child in run if child.tag != f"{W}rPr"]
    if len(parts) < 2 or any(part.tag not in (f"{W}t", f"{W}tab") for part in parts):
        return
    before = run
    for part in parts[1:]:
        other = deepcopy(run)
        for child in list(other):
            if child.tag != f"{W}rPr":
                other.remove(child)
        other.append(part)  # moved out of the run
        before.addnext(other)
        before = other


def _cut(run: Any, first: int, last: int) -> Any:
    """The part of a run between two of its letters, blanks not counted; the whole run if it is more than one plain text."""
    texts = run.findall(f"{W}t")
    if len(texts) != 1 or any(child.tag not in (f"{W}t", f"{W}rPr") for child in run):
        return run
    text = texts[0].text or ""
    letters = [at for at, letter in enumerate(text) if not letter.isspace()]
    begin, end = letters[first], letters[last - 1] + 1
    for piece, where in ((text[:begin], "before"), (text[end:], "after")):
        if piece:
            other = deepcopy(run)
            _set(other, piece)
            (run.addprevious if where == "before" else run.addnext)(other)
    _set(run, text[begin:end])
    return run


def _set(run: Any, text: str) -> None:
    element = run.find(f"{W}t")
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _properties(run: Any) -> Any:
    found = run.find(f"{W}rPr")
    if found is None:
        found = run.makeelement(f"{W}rPr", {})
        run.insert(0, found)
    return found


def _shade(run: Any, color: str) -> None:
    run.get_or_add_rPr()
    properties = _properties(run)
    for old in properties.findall(f"{W}shd"):
        properties.remove(old)
    shade = run.makeelement(f"{W}shd", {f"{W}val": "clear", f"{W}color": "auto", f"{W}fill": color})
    # the schema wants it before these
    later = ("fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange")
    behind = next((child for child in properties if child.tag.rpartition("}")[2] in later), None)
    behind.addprevious(shade) if behind is not None else properties.append(shade)


def _sign(run: Any, sign: str) -> None:
    """A small green letter behind a figure."""
    made = run.makeelement(f"{W}r", {})
    properties = run.makeelement(f"{W}rPr", {})
    properties.append(run.makeelement(f"{W}color", {f"{W}val": SIGN}))
    properties.append(run.makeelement(f"{W}vertAlign", {f"{W}val": "superscript"}))
    text = run.makeelement(f"{W}t", {})
    text.text = sign
    made.extend([properties, text])
    run.addnext(made)
