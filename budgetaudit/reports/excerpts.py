"""An excerpt of a document drawn in text: rows under their header with the wrong figure underlined, or the sentence.

`^` underlines the figure that is wrong, `-` what it was compared with; on a coloured screen they are underlined themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from budgetaudit.messages import say
from budgetaudit.model import Excerpt
from budgetaudit.reports.layout import letter_width, width_of
from budgetaudit.reports.wording import clean

WRONG, OTHER = "^", "-"
WIDEST_LABEL, WIDEST = 28, 24
NARROWEST = 6
MAX_LINES = 4  # of a sentence
GAP = "…"


def draw(excerpt: Excerpt, lang: str, width: int, paint: str = "") -> list[str]:
    """The lines of an excerpt, no wider than `width`; `paint` is the escape code of the wrong figure."""
    heading = [_cut(clean(excerpt.heading), width)] if excerpt.heading else []
    if excerpt.text:
        return heading + _sentence(excerpt, width, paint)
    return heading + _table(excerpt, width, paint, lang)


# --- rows of a table ---------------------------------------------------------------------------


def _table(excerpt: Excerpt, width: int, paint: str, lang: str) -> list[str]:
    excerpt = _without_gaps(excerpt)
    marked = {column for _, column, _ in excerpt.marks}
    wrong = {column for _, column, stated in excerpt.marks if stated}
    numbers = [str(number) for number, _ in excerpt.rows]
    wrong_rows = {row for row, _, stated in excerpt.marks if stated}
    room = width - max(map(len, numbers), default=1) - 1
    grid = [_heads(excerpt, marked), *([clean(text) or "" for text in texts] for _, texts in excerpt.rows)]
    sizes = [_size(grid, column, excerpt, column in marked) for column in range(len(excerpt.header))]
    columns = _chosen(sizes, room, list(excerpt.labels), sorted(wrong), sorted(marked - wrong))
    for label in (column for column in columns if column in excerpt.labels):
        over = _total(sizes, columns) - room
        if over > 0:
            sizes[label] = max(sizes[label] - over, NARROWEST)
    blank = say("report.blank", lang)
    lines = []
    if any(grid[0][column] for column in columns):
        lines.append(_line("", grid[0], columns, sizes, excerpt, {}, ""))
    before = 0
    for at, (number, _) in enumerate(excerpt.rows):
        if before and number != before + 1:
            lines.append(" " * max(map(len, numbers)) + "   ⋮")
        before = number
        marks = {column: stated for row, column, stated in excerpt.marks if row == at}
        texts = [f"({blank})" if column in marks and not text else text for column, text in enumerate(grid[at + 1])]
        lines.append(_line(str(number).rjust(max(map(len, numbers))), texts, columns, sizes, excerpt, marks, paint))
        if not paint and marks and (at in wrong_rows or not wrong_rows):  # parts above their total need no line of their own
            under = [(WRONG if marks[c] else OTHER) * width_of(_cut(texts[c], sizes[c])) if c in marks else "" for c in columns]
            lines.append(
                _line(" " * max(map(len, numbers)), dict(zip(columns, under, strict=True)), columns, sizes, excerpt, {}, "")
            )
    return [line.rstrip() for line in lines]


def _without_gaps(excerpt: Excerpt) -> Excerpt:
    """The excerpt without the columns that are empty in all its rows."""
    marked = {column for _, column, _ in excerpt.marks}
    kept = [
        column
        for column, head in enumerate(excerpt.header)
        if column in marked or head or any(texts[column] for _, texts in excerpt.rows)
    ]
    return replace(
        excerpt,
        header=tuple(excerpt.header[column] for column in kept),
        labels=tuple(kept.index(column) for column in excerpt.labels if column in kept),
        rows=tuple((number, tuple(texts[column] for column in kept)) for number, texts in excerpt.rows),
        marks=tuple((row, kept.index(column), stated) for row, column, stated in excerpt.marks),
    )


def _heads(excerpt: Excerpt, marked: set[int]) -> list[str]:
    """The header of each column; what it shares with the one before it is told once."""
    full = [clean(text).split(" ") for text in excerpt.header]
    heads = []
    for column, words in enumerate(full):
        before = full[column - 1] if column and column not in marked else []
        same = next((at for at, (one, other) in enumerate(zip(words, before, strict=False)) if one != other), 0)
        heads.append(" ".join(words[same:]))
    return heads


def _size(grid: Sequence[Sequence[str]], column: int, excerpt: Excerpt, marked: bool) -> int:
    """How wide a column is drawn: a marked one as wide as its figures, any other no wider than is read at a glance."""
    body = max((width_of(row[column]) for row in grid[1:]), default=0)
    if marked:
        return max(body, min(width_of(grid[0][column]), WIDEST), 1)
    return max(min(max(body, width_of(grid[0][column])), WIDEST_LABEL if column in excerpt.labels else WIDEST), 1)


def _chosen(sizes: Sequence[int], room: int, labels: list[int], wrong: list[int], others: list[int]) -> list[int]:
    """The columns to draw: the marked ones and the labels, then their neighbours as far as there is room."""
    chosen = wrong[:]
    small = [min(size, 12) if column in labels else size for column, size in enumerate(sizes)]
    for column in [*labels[:2], *others[:1], *others[:0:-1], *labels[2:]]:
        if column not in chosen and _total(small, sorted([*chosen, column])) <= room:
            chosen.append(column)
    near = sorted(range(len(sizes)), key=lambda column: min((abs(column - mark) for mark in wrong or [0]), default=0))
    for column in near:
        if column not in chosen and _total(sizes, sorted([*chosen, column])) <= room:
            chosen.append(column)
    return sorted(chosen)


def _total(sizes: Sequence[int], columns: Sequence[int]) -> int:
    """Columns of the screen they take with what stands between them."""
    gaps = sum(second != first + 1 for first, second in pairwise(columns))
    return sum(sizes[column] + 2 for column in columns) + 3 * gaps


def _line(
    number: str,
    texts: Sequence[str] | dict[int, str],
    columns: Sequence[int],
    sizes: Sequence[int],
    excerpt: Excerpt,
    marks: dict[int, bool],
    paint: str,
) -> str:
    numbers = max((len(str(row)) for row, _ in excerpt.rows), default=1)
    line, before = number.rjust(numbers), None
    for column in columns:
        if before is not None and column != before + 1:
            line += "  " + (GAP if texts and number.strip() else " ")
        before = column
        text = _cut(texts[column], sizes[column])
        space = " " * (sizes[column] - width_of(text))
        if column in marks and paint:
            text = f"\x1b[4m\x1b[{paint}m{text}\x1b[0m" if marks[column] else f"\x1b[4m{text}\x1b[0m"
        line += "  " + (text + space if column in excerpt.labels else space + text)
    return line


# --- a sentence --------------------------------------------------------------------------------


def _sentence(excerpt: Excerpt, width: int, paint: str) -> list[str]:
    text = excerpt.text.translate(dict.fromkeys((*range(32), 127), " "))
    marks = [" "] * len(text)
    for start, end, stated in sorted(excerpt.spans, key=lambda span: span[2]):
        marks[start:end] = (WRONG if stated else OTHER) * (end - start)
    pieces = _pieces(text, width)
    first = next((at for at, (start, end) in enumerate(pieces) if WRONG in marks[start:end]), 0)
    begin = max(0, min(first - 1, len(pieces) - MAX_LINES))
    lines = []
    for at, (start, end) in enumerate(pieces[begin : begin + MAX_LINES], begin):
        more = (GAP if begin and at == begin else "", GAP if at == begin + MAX_LINES - 1 and at < len(pieces) - 1 else "")
        part, marked = text[start:end], marks[start:end]
        if paint:
            lines.append(more[0] + _painted(part, marked, paint) + more[1])
            continue
        lines.append(more[0] + clean(part) + more[1] if part.isprintable() is False else more[0] + part + more[1])
        under = "".join(mark * letter_width(letter) for letter, mark in zip(part, marked, strict=True)).rstrip()
        if under:
            lines.append(" " * width_of(more[0]) + under)
    return lines


def _pieces(text: str, width: int) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end, broken at blanks."""
    found, start, used, blank = [], 0, 0, -1
    for at, letter in enumerate(text):
        used += letter_width(letter)
        if used > width - 1 and at > start:
            end = blank if blank > start else at
            found.append((start, end))
            start = end + (text[end] == " ")
            used = width_of(text[start : at + 1])
        if letter == " ":
            blank = at
    return [*found, (start, len(text))]


def _painted(part: str, marks: Sequence[str], paint: str) -> str:
    out, before = "", " "
    for letter, mark in zip(part, marks, strict=True):
        if mark != before:
            out += ("\x1b[0m" if before != " " else "") + {WRONG: f"\x1b[4m\x1b[{paint}m", OTHER: "\x1b[4m", " ": ""}[mark]
        out, before = out + letter, mark
    return out + ("\x1b[0m" if before != " " else "")


def _cut(text: str, width: int) -> str:
    """A text cut to a width, with an ellipsis where something is left out."""
    if width_of(text) <= width:
        return text
    used, kept = 1, ""
    for letter in text:
        used += letter_width(letter)
        if used > width:
            break
        kept += letter
    return kept + GAP
