"""HWPX: the figures shaded, and the findings listed on a page at the end; no other part of the file is touched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from budgetaudit.marking import Unmarkable
from budgetaudit.marking.marks import OTHER, TICK, Located, Mark, Row, Spot, ordered, squeezed
from budgetaudit.model import ReadError
from budgetaudit.readers import limits
from budgetaudit.readers.limits import local_name

COLORS = {"error": "#F8B4B4", "warning": "#FBDC9C", "note": "#BFDDF7", OTHER: "#E6E6EA"}
SIGN = "#14713A"
_SECTION = re.compile(r"(?:^|/)section(\d{1,6})\.xml$", re.IGNORECASE)


def mark(data: bytes, marks: Sequence[Mark], legend: Sequence[str]) -> tuple[bytes, list[Mark]]:
    """The document with its figures shaded and a list of the findings at its end."""
    try:
        archive = limits.Archive(data, "hwpx")
        names = sorted((int(found[1]), name) for name in archive.names if (found := _SECTION.search(name)))
        head = next(name for name in archive.names if name.endswith("header.xml"))
        roots = {name: limits.parse_xml(archive.read(name), "hwpx", name) for _, name in names}
        styles = _Styles(limits.parse_xml(archive.read(head), "hwpx", head))
    except (ReadError, StopIteration, KeyError) as error:
        raise Unmarkable from error
    if not roots or styles.properties is None:
        raise Unmarkable
    located = Located(*_read(list(roots.values())))
    lost: list[Mark] = []
    notes: dict[str, None] = {}
    signed = False
    for one in ordered(marks):
        element = located.find(one)
        runs = _runs(element, one.printed) if element is not None else []
        if not runs:
            lost.append(one)
        elif one.kind == TICK:
            _sign(runs[-1], one.sign, styles)
            signed = True
        else:
            for run in runs:
                run.set("charPrIDRef", styles.shaded(run.get("charPrIDRef", "0"), COLORS[one.kind]))
        if one.note:
            notes.setdefault(one.note)
    last = roots[names[-1][1]]
    lines = [line for note in notes for line in [*note.split("\n"), ""]]
    lines += [_circled(line[0]) + line[1:] for line in legend] if signed else []
    _append(last, lines)
    changed = {head: styles.root, **roots}
    return _written(data, {name: _bytes(root, archive.read(name)) for name, root in changed.items()}), lost


class _Styles:
    """The character properties of a document; shaded ones are added as they are needed."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.properties: Any = next((element for element in root.iter() if local_name(element) == "charProperties"), None)
        self._made: dict[tuple[str, str, str], str] = {}

    def shaded(self, given: str, color: str) -> str:
        """The id of a property like the given one with a shade behind the letters."""
        return self._like(given, "shadeColor", color)

    def colored(self, given: str, color: str) -> str:
        return self._like(given, "textColor", color)

    def _like(self, given: str, attribute: str, color: str) -> str:
        key = (given, attribute, color)
        if key not in self._made:
            own = [child for child in self.properties if local_name(child) == "charPr"]
            origin = next((child for child in own if child.get("id") == given), own[0])
            made = deepcopy(origin)
            number = str(max(int(child.get("id", "0")) for child in own) + 1)
            made.set("id", number)
            made.set(attribute, color)
            self.properties.append(made)
            self.properties.set("itemCnt", str(len(own) + 1))
            self._made[key] = number
        return self._made[key]


def _read(roots: Sequence[Any]) -> tuple[list[Row], list[Spot]]:
    rows: list[Row] = []
    lines: list[Spot] = []
    number = 0
    for root in roots:
        for element in root.iter():
            name = local_name(element)
            if name == "tbl":
                number += 1
                trs = [child for child in element if local_name(child) == "tr"]
                for at, row in enumerate(trs):
                    cells = [cell for cell in row if local_name(cell) == "tc"]
                    rows.append(Row(number, at, [Spot(cell, _text(cell)) for cell in cells]))
            elif name == "p":
                lines.append(Spot(element, _own(element)))
    return rows, lines


def _text(element: Any) -> str:
    return squeezed("".join("".join(part.itertext()) for part in element.iter() if local_name(part) == "t"))


def _own(paragraph: Any) -> str:
    """What a paragraph prints itself, without the tables that stand in it."""
    return squeezed("".join(_printed(run) for run in paragraph if local_name(run) == "run"))


def _printed(run: Any) -> str:
    return "".join("".join(part.itertext()) for part in run if local_name(part) == "t")


def _runs(element: Any, printed: str) -> list[Any]:
    """The runs that print a text, cut where it begins and ends; those of the first paragraph where it is not found whole."""
    paragraphs = [element] if local_name(element) == "p" else [part for part in element.iter() if local_name(part) == "p"]
    needle = squeezed(printed).removesuffix("…")
    for paragraph in paragraphs:
        runs = [run for run in paragraph if local_name(run) == "run" and squeezed(_printed(run))]
        start = "".join(squeezed(_printed(run)) for run in runs).find(needle)
        if start < 0 or not runs:
            continue
        found, at = [], 0
        for run in runs:
            size = len(squeezed(_printed(run)))
            first, last = max(start - at, 0), min(start + len(needle) - at, size)
            if first < last:
                found.append(_cut(run, first, last) if last - first < size else run)
            at += size
        return found
    return next(
        ([run for run in p if local_name(run) == "run" and squeezed(_printed(run))] for p in paragraphs if squeezed(_own(p))), []
    )


def _cut(run: Any, first: int, last: int) -> Any:
    """The part of a run between two of its letters; the whole run if it holds more than one plain text."""
    if len(run) != 1 or len(run[0]) or local_name(run[0]) != "t":
        return run
    text = run[0].text or ""
    letters = [at for at, letter in enumerate(text) if not letter.isspace()]
    begin, end = letters[first], letters[last - 1] + 1
    if text[:begin]:
        other = deepcopy(run)
        other[0].text = text[:begin]
        run.addprevious(other)
    if text[end:]:
        other = deepcopy(run)
        other[0].text = text[end:]
        run.addnext(other)
    run[0].text = text[begin:end]
    return run


def _sign(run: Any, sign: str, styles: _Styles) -> None:
    """A small green letter behind a figure."""
    made = run.makeelement(run.tag, {"charPrIDRef": styles.colored(run.get("charPrIDRef", "0"), SIGN)})
    text = run.makeelement(run.tag.replace("run", "t"), {})
    text.text = "".join(map(_circled, sign))
    made.append(text)
    run.addnext(made)
    for lines in [child for child in run.getparent() if local_name(child) == "linesegarray"]:
        run.getparent().remove(lines)  # the line is longer now: the word processor breaks it anew


def _circled(letter: str) -> str:
    return chr(ord("Ⓐ") + ord(letter) - ord("A"))


def _append(section: Any, lines: Sequence[str]) -> None:
    """Lines on a new page at the end of a section."""
    model = next((child for child in reversed(section) if local_name(child) == "p"), None)
    if model is None or not lines:
        return
    run = model.tag[: model.tag.index("}") + 1] + "run"
    for number, line in enumerate(lines):
        paragraph = section.makeelement(model.tag, {})
        for name, value in (("id", "0"), ("paraPrIDRef", "0"), ("styleIDRef", "0"), ("pageBreak", str(int(number == 0)))):
            paragraph.set(name, value)
        paragraph.set("columnBreak", "0")
        paragraph.set("merged", "0")
        part = etree.SubElement(paragraph, run, {"charPrIDRef": "0"})
        etree.SubElement(part, run[:-3] + "t").text = line
        section.append(paragraph)


def _bytes(root: Any, before: bytes) -> bytes:
    declared = before.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml")
    body: bytes = etree.tostring(root, encoding="UTF-8")
    return (b'<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>' if declared else b"") + body


def _written(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The archive with some parts replaced, all others as they were and in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = changed.get(item.filename.replace("\\", "/"))
            target.writestr(item, source.read(item) if content is None else content, compress_type=item.compress_type)
    return out.getvalue()
