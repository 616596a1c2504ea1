"""One page of a PDF: its tables as cells by edges, all other text as lines. Runs in the child process.

What a page gives is plain lists and numbers, for it travels as JSON; `from_pdf` makes blocks of it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from budgetaudit.readers import pdf_columns, pdf_objects, pdf_rules, pdf_tables, pdf_words
from budgetaudit.readers.pdf_lost import lost
from budgetaudit.readers.pdf_words import Word

MAX_PAGES = 1000
_UNKNOWN = 3  # of as many characters one without meaning is too much
_FIELDS = 10_000


def serve() -> None:
    """The child's work: a PDF on standard input, from a page on; a line of JSON per page on standard output.

    The page is said before it is begun, for PDFium can be stopped from outside only.
    """
    import pypdfium2

    start = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    data = sys.stdin.buffer.read()
    try:
        pdf = pypdfium2.PdfDocument(data)
        count = len(pdf)
        _say(pages=count)
        for number in range(start, min(count, MAX_PAGES) + 1):
            _say(page=number, begun=True)
            _say(page=number, **_contents(pdf, number - 1))
        _say(**lost(data, count))
    except MemoryError:
        _say(error="memory")
    except pypdfium2.PdfiumError as fault:
        _say(error="password" if "password" in str(fault).lower() else "broken")
    except Exception:
        _say(error="broken")
    else:
        _say(done=True)


def _say(**record: Any) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def _contents(pdf: Any, index: int) -> dict[str, Any]:
    """A page's contents, or why it could not be read."""
    try:
        page = pdf[index]
        try:
            return contents(page)
        finally:
            page.close()
    except MemoryError:
        return {"unread": "memory"}
    except Exception:  # of a page that is damaged; what it holds is said to be lost
        return {"unread": "broken"}


def contents(page: Any) -> dict[str, Any]:
    """Tables and lines of a page, in points from its top left."""
    frame, text = pdf_objects.text(page)
    rules = pdf_objects.rules(page, frame)
    if not text.chars:
        return {"unread": "scan"} if rules.pictures or rules.curves > 100 else {"height": frame.height, "tables": [], "lines": []}
    if text.unknown * _UNKNOWN > len(text.chars):
        return {"unread": "glyphs"}
    across, upright = pdf_rules.merged(rules.across), pdf_rules.merged(rules.upright)
    uprights = pdf_words.Uprights(upright)
    words = pdf_words.words(text, uprights)
    page_lines = pdf_words.lines(word for word in words if word.direction == 0)
    tables, rest = _tables(pdf_rules.frames(across, upright, page_lines), words, page_lines, uprights, frame.height)
    turned = [word for word in rest if word.direction]
    lines = [*pdf_words.lines(word for word in rest if word.direction == 0), *pdf_words.sideways(turned)]
    return {
        "height": round(frame.height, 1),
        "form": _has_form(page),
        "cut": rules.cut,
        "tables": [_plain_table(table) for table in tables],
        "lines": [_plain(line) for line in lines],
    }


def _tables(
    frames: Iterable[pdf_rules.Frame],
    words: Sequence[Word],
    page_lines: Sequence[Sequence[Word]],
    uprights: pdf_words.Uprights,
    height: float,
) -> tuple[list[pdf_tables.Table], list[Word]]:
    """The tables of a page from top to bottom, a word in the smallest that holds it; and the words outside."""
    found: list[pdf_tables.Table] = []
    rest = list(words)
    for frame in sorted(frames, key=lambda frame: frame.area):
        if not frame.upright and not pdf_columns.widened(frame, page_lines):
            continue
        inside = [word for word in rest if frame.holds(*word.middle)]
        table = pdf_tables.table(frame, inside, uprights, height) if inside else None
        if table is not None and not table.is_chart:
            found.append(table)
            rest = [word for word in rest if not frame.holds(*word.middle)]
    return sorted(found, key=lambda table: (table.ys[0], table.xs[0])), rest


def _has_form(page: Any) -> bool:
    """True if somebody filled in form fields, whose contents are no text of the page."""
    import pypdfium2.raw as pdfium

    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _FIELDS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
        if annotation:
            filled = pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET and pdfium.FPDFAnnot_HasKey(
                annotation, b"V"
            )
            pdfium.FPDFPage_CloseAnnot(annotation)
            if filled:
                return True
    return False


def _plain_table(table: pdf_tables.Table) -> dict[str, Any]:
    cells = [[*cell, [_plain(line) for line in lines]] for cell, lines in table.cell_lines()]
    return {"xs": _rounded(table.xs), "ys": _rounded(table.ys), "open": table.frame.is_open, "cells": cells}


def _plain(line: Sequence[Word]) -> dict[str, Any]:
    """A line as words with their places: [left, right, text]."""
    sizes = Counter(round(word.size, 1) for word in line for _ in word.text)
    return {
        "top": round(min(word.top for word in line), 1),
        "bottom": round(max(word.bottom for word in line), 1),
        "size": sizes.most_common(1)[0][0],
        "words": [[*_rounded((word.left, word.right)), word.text] for word in line],
    }


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(value, 1) for value in values]
