"""One page of a PDF: its ruled tables as cells by edges, all other text as lines. Runs in the child process.

What a page gives is plain lists and numbers, for it travels as JSON; `from_pdf` makes blocks of it.
"""

from __future__ import annotations

import bisect
import io
import json
import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

SNAP = 2.0  # points within which two edges are one
SECONDS_PER_PAGE = 5
MAX_PAGES = 1000
# Dotted borders are strokes of half a point, which the library's defaults discard.
SETTINGS = {"edge_min_length_prefilter": 0.1}
_GAP = 0.25  # of the type size: a wider gap parts words
_FRAME = 0.6  # of the page: a single box taller than this is a frame, not a table
_UNMAPPED = "(cid:"


def serve() -> None:
    """The child's work: a PDF on standard input, a line of JSON per page on standard output."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    data = sys.stdin.buffer.read()
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            _say(pages=len(pdf.pages))
            for number, page in enumerate(pdf.pages[:MAX_PAGES], 1):
                _say(page=number, **_within_time(page))
                page.close()
    except MemoryError:
        _say(error="memory")
    except PDFPasswordIncorrect:
        _say(error="password")
    except PdfminerException as fault:
        _say(error="password" if any(isinstance(cause, PDFPasswordIncorrect) for cause in fault.args) else "broken")
    except Exception:
        _say(error="broken")
    else:
        _say(done=True)


def _say(**record: Any) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


class _LateError(BaseException):
    """The page took too long; no parser's own `except Exception` may swallow it."""


def _late(*_: object) -> None:
    raise _LateError


def _within_time(page: Any) -> dict[str, Any]:
    """A page's contents, or why it could not be read."""
    timed = hasattr(signal, "SIGALRM")
    if timed:
        signal.signal(signal.SIGALRM, _late)
        signal.alarm(SECONDS_PER_PAGE)
    try:
        return contents(page)
    except _LateError:
        return {"unread": "slow"}
    except Exception as fault:  # parsers leak many types on broken input, and wrap what they catch
        return {"unread": "memory" if any(isinstance(cause, MemoryError) for cause in (fault, *fault.args)) else "broken"}
    finally:
        if timed:
            signal.alarm(0)


def contents(page: Any) -> dict[str, Any]:
    """Tables and lines of a page, in points from its top left."""
    chars = list(_once(page.chars))
    printed = [char for char in chars if char["text"].strip()]
    if not printed:
        drawn = bool(page.images) or len(page.curves) > 100
        return {"unread": "scan"} if drawn else {"height": float(page.height), "tables": [], "lines": []}
    if sum(char["text"].startswith(_UNMAPPED) for char in printed) * 3 > len(printed):
        return {"unread": "glyphs"}
    if sum(not char["upright"] for char in printed) * 2 > len(printed):
        return {"unread": "turned"}
    tables = [_Ruled(table.cells) for table in page.find_tables(SETTINGS)]
    tables = [table for table in tables if not table.is_frame(float(page.height))]
    tables.sort(key=lambda table: table.area)
    rest = [char for char in chars if not any(table.take(char) for table in tables) and char["upright"]]
    tables = [table for table in tables if any(char["text"].strip() for chars in table.inside.values() for char in chars)]
    return {
        "height": float(page.height),
        "form": _has_form(page),
        "tables": [table.plain() for table in sorted(tables, key=lambda table: (table.ys[0], table.xs[0]))],
        "lines": [_plain(line) for line in lines(rest)],
    }


def _has_form(page: Any) -> bool:
    """Whether somebody filled in form fields, whose contents are no text of the page."""
    return any(annotation["data"].get("V") for annotation in page.annots)


def _once(chars: Iterable[Any]) -> Iterator[Any]:
    """The characters without those printed again in (nearly) the same place, which is how bold type is faked."""
    seen: set[tuple[str, int, int]] = set()
    for char in chars:
        x, y = int(char["x0"]), int(char["top"])
        if not any((char["text"], x + dx, y + dy) in seen for dx in (0, -1, 1) for dy in (0, -1, 1)):
            seen.add((char["text"], x, y))
            yield char


class _Ruled:
    """A table found by its rulings: the positions of its edges, its cells, the characters in each."""

    def __init__(self, boxes: Iterable[tuple[float, float, float, float]]) -> None:
        boxes = list(boxes)
        self.xs = _edges(x for box in boxes for x in (box[0], box[2]))
        self.ys = _edges(y for box in boxes for y in (box[1], box[3]))
        self.inside: dict[tuple[int, int, int, int], list[Any]] = {}
        self._owner: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        for x0, top, x1, bottom in sorted(boxes, key=lambda box: (box[1], box[0])):
            row, column = _nearest(self.ys, top), _nearest(self.xs, x0)
            cell = row, column, max(1, _nearest(self.ys, bottom) - row), max(1, _nearest(self.xs, x1) - column)
            self.inside.setdefault(cell, [])
            for r in range(row, row + cell[2]):
                for c in range(column, column + cell[3]):
                    self._owner.setdefault((r, c), cell)
        self.area = (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def is_frame(self, height: float) -> bool:
        """Whether this is a lone box around (nearly) a whole page, or no box at all."""
        lone = len(self.inside) == 1
        return len(self.xs) < 2 or len(self.ys) < 2 or (lone and self.ys[-1] - self.ys[0] > _FRAME * height)

    def take(self, char: Any) -> bool:
        """Put a character into the cell its middle lies in; whether there is one."""
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        row, column = bisect.bisect_right(self.ys, y) - 1, bisect.bisect_right(self.xs, x) - 1
        cell = self._owner.get((row, column))
        if cell is None:
            return False
        self.inside[cell].append(char)
        return True

    def plain(self) -> dict[str, Any]:
        cells = [[*cell, _cell_lines(chars)] for cell, chars in self.inside.items()]
        return {"xs": _rounded(self.xs), "ys": _rounded(self.ys), "cells": cells}


def _cell_lines(chars: list[Any]) -> list[dict[str, Any]]:
    """The lines of a cell; characters turned sideways are one line more, in the direction they run."""
    found = [_plain(line) for line in lines([char for char in chars if char["upright"]])]
    turned = [char for char in chars if not char["upright"] and char["text"].strip()]
    if turned:
        upward = turned[0]["matrix"][1] > 0
        found.append(_plain([sorted(turned, key=lambda char: -char["bottom"] if upward else char["top"])]))
    return found


def _edges(values: Iterable[float]) -> list[float]:
    """Distinct positions; those within the snap distance of the one before are the same."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > SNAP:
            edges.append(value)
    return edges


def _nearest(edges: list[float], value: float) -> int:
    at = bisect.bisect_left(edges, value)
    return min((at - 1, at), key=lambda index: abs(edges[index] - value) if 0 <= index < len(edges) else float("inf"))


def lines(chars: list[Any]) -> Iterator[list[list[Any]]]:
    """Characters as lines from top to bottom, each a list of words from left to right."""
    rows: list[list[Any]] = []
    for char in sorted(chars, key=lambda char: (char["top"] + char["bottom"], char["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        row = next((row for row in rows[:-4:-1] if row[0]["top"] < middle < row[0]["bottom"] and _level(row[0], char)), None)
        if row is None:
            rows.append([char])
        else:
            row.append(char)
    for row in rows:
        words = list(_words(sorted(row, key=lambda char: char["x0"])))
        if words:
            yield words


def _level(one: Any, other: Any) -> bool:
    """Whether two characters stand on one line: each one's middle within the other's height."""
    middle = (one["top"] + one["bottom"]) / 2
    return bool(other["top"] < middle < other["bottom"])


def _words(row: list[Any]) -> Iterator[list[Any]]:
    word: list[Any] = []
    for char in row:
        blank = not char["text"].strip()
        if word and (blank or char["x0"] - word[-1]["x1"] > _GAP * max(char["size"], 1)):
            yield word
            word = []
        if not blank:
            word.append(char)
    if word:
        yield word


def _plain(line: list[list[Any]]) -> dict[str, Any]:
    """A line as words with their places: [left, right, text]."""
    chars = [char for word in line for char in word]
    words = [[*_rounded((word[0]["x0"], word[-1]["x1"])), "".join(char["text"] for char in word)] for word in line]
    sizes = {size: sum(1 for _ in group) for size, group in groupby(sorted(round(char["size"], 1) for char in chars))}
    return {
        "top": round(min(char["top"] for char in chars), 1),
        "bottom": round(max(char["bottom"] for char in chars), 1),
        "size": max(sizes, key=lambda size: sizes[size]),
        "words": words,
    }


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), 1) for value in values]
