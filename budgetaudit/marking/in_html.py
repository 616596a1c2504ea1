"""HTML: the figures in `<mark>`, with what is told of them as their title and in a list at the end."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring, tostring

from budgetaudit.marking import Unmarkable
from budgetaudit.marking.marks import OTHER, TICK, Located, Mark, Row, Spot, ordered, squeezed
from budgetaudit.readers.from_html import decode_page

COLORS = {"error": "#f8b4b4", "warning": "#fbdc9c", "note": "#bfddf7", OTHER: "#e6e6ea"}
BLOCKS = frozenset("p li dt dd h1 h2 h3 h4 h5 h6 td th div caption pre blockquote figcaption summary".split())  # noqa: SIM905
SIGN_STYLE = "color:#14713a;font-weight:bold"


def mark(data: bytes, marks: Sequence[Mark], legend: Sequence[str]) -> tuple[bytes, list[Mark]]:
    """The page with its findings marked, in UTF-8."""
    try:
        root: Any = document_fromstring(decoded(data), parser=HTMLParser(huge_tree=True))
    except (etree.LxmlError, ValueError) as error:
        raise Unmarkable from error
    located = Located(*_read(root))
    lost: list[Mark] = []
    note_ids: dict[str, str] = {}
    signed = False
    for one in ordered(marks):
        element = located.find(one)
        made = _wrap(element, one) if element is not None else None
        if made is None:
            lost.append(one)
            continue
        signed = signed or one.kind == TICK
        if one.note and one.note not in note_ids:
            note_ids[one.note] = f"budgetaudit-{len(note_ids) + 1}"
            made.set("id", note_ids[one.note])
    _end(root, note_ids, legend if signed else ())
    for meta in root.xpath("//meta[@charset] | //meta[translate(@http-equiv, 'CONTEYP', 'conteyp') = 'content-type']"):
        meta.getparent().remove(meta)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    head.insert(0, etree.Element("meta", {"charset": "utf-8"}))
    data = tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")
    return data, lost


def decoded(data: bytes) -> str:
    """The text of a page without a declaration of its encoding, which a parser of text will not have."""
    text = decode_page(data).text.removeprefix("\ufeff")
    return text.split("?>", 1)[1] if text.lstrip().startswith("<?xml") else text


def _read(root: Any) -> tuple[list[Row], list[Spot]]:
    rows: list[Row] = []
    for number, table in enumerate(root.iter("table"), 1):
        trs = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        for at, row in enumerate(trs):
            rows.append(Row(number, at, [Spot(cell, _text(cell)) for cell in row if cell.tag in ("td", "th")]))
    lines = [Spot(element, _text(element)) for element in root.iter() if element.tag in BLOCKS]
    return rows, [line for line in lines if line.text]


def _text(element: Any) -> str:
    return squeezed("".join(element.itertext()))


def _wrap(element: Any, mark: Mark) -> Any:
    """A `<mark>` around a text within an element; around all of its first text where it is broken by markup."""
    needle = mark.printed.removesuffix("…").strip()
    spots = [(node, kind, text) for node in element.iter() for kind, text in (("text", node.text), ("tail", node.tail)) if text]
    spots = [spot for spot in spots if spot[:2] != (element, "tail") and spot[2].strip()]
    spots = [spot for spot in spots if spot[1] == "tail" or isinstance(spot[0].tag, str)]  # no comment is printed
    found = next((spot for spot in spots if needle and needle in spot[2]), None)
    node, kind, text = found or next(iter(spots), (None, "", ""))
    if node is None:
        return None
    begin = text.index(needle) if found else len(text) - len(text.lstrip())
    end = begin + len(needle) if found else len(text.rstrip())
    made = etree.Element("sup" if mark.kind == TICK else "mark")
    if mark.kind == TICK:
        made.text, made.tail = mark.sign, text[end:]
        made.set("style", SIGN_STYLE)
        before = text[:end]
    else:
        made.text, made.tail = text[begin:end], text[end:]
        made.set("style", f"background:{COLORS[mark.kind]}")
        if mark.note:
            made.set("title", mark.note)
        before = text[:begin]
    if kind == "text":
        node.text = before
        node.insert(0, made)
    else:
        node.tail = before
        node.getparent().insert(node.getparent().index(node) + 1, made)
    return made


def _end(root: Any, note_ids: dict[str, str], legend: Sequence[str]) -> None:
    """The findings as a list at the end, each leading to its figure, and what the signs mean."""
    body = root.find("body")
    if body is None or not (note_ids or legend):
        return
    items = "".join(
        f'<li><a href="#{name}">{html.escape(note).replace(chr(10), "<br>")}</a></li>' for note, name in note_ids.items()
    )
    signs = "".join(f"<p>{html.escape(line)}</p>" for line in legend)
    page: Any = document_fromstring(f'<div class="budgetaudit"><hr><ol>{items}</ol>{signs}</div>')
    body.append(page.find("body")[0])
