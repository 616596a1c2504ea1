"""Tables drawn with characters: Markdown pipes, box-drawing rules, columns aligned by blanks.

Several lines must agree before anything is called a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from budgetaudit.readers.printed import is_amount

_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r":?-+:?\Z")
_RULE = set("+-=|─━│┃┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬ :")
_DRAWN = re.compile("[│┃║]")
_BAR = re.compile("[│┃║|]")
_GAP = re.compile(r" {2,}")
_RETRIES = 3


class Drawn(NamedTuple):
    """Rows as (offset of the line, fields), the number of lines taken, and how many rows are header rows."""

    rows: list[tuple[int, list[str]]]
    lines: int
    headers: int = 0


def drawn_table(lines: Sequence[str], start: int) -> Drawn | None:
    """The table that starts at a line, whichever way it is drawn.

    A run of lines that failed to be a table is not tried again at each of its lines: time stays linear.
    """
    line, before = lines[start], lines[start - 1] if start else ""
    if "|" in line and (found := _pipe_table(lines, start)) is not None:
        return found
    if _is_drawn(line) and not _is_drawn(before) and (found := _box_table(lines, start)) is not None:
        return found
    fresh = not all(_is_gapped(lines[at]) for at in range(max(0, start - _RETRIES), start)) or start < _RETRIES
    return _aligned_table(lines, start) if fresh and _is_gapped(line) else None


def _is_drawn(line: str) -> bool:
    return _BAR.search(line) is not None or _is_rule(line)


def _is_gapped(line: str) -> bool:
    return "\t" not in line and _GAP.search(line.strip()) is not None


def _pipe_table(lines: Sequence[str], start: int) -> Drawn | None:
    """A Markdown table: a header over a delimiter row, or at least two lines with equally many pipes."""
    if start + 1 < len(lines) and _is_delimiter(lines[start + 1]):
        head, marks = _fields(lines[start]), _fields(lines[start + 1])
        if len(head) == len(marks):
            rows = [(0, head)]
            taken = 2
            while start + taken < len(lines) and "|" in lines[start + taken]:
                rows.append((taken, _as_wide(_fields(lines[start + taken]), len(head))))
                taken += 1
            return Drawn(rows, taken, headers=1)
    return _bare_pipes(lines, start)


def _as_wide(fields: list[str], width: int) -> list[str]:
    """A row as wide as its header; what is printed beyond that stays, for nothing is lost without a word."""
    while len(fields) > width and not fields[-1]:
        fields = fields[:-1]
    return fields


def _bare_pipes(lines: Sequence[str], start: int) -> Drawn | None:
    width = len(_fields(lines[start]))
    taken = 0
    rows: list[tuple[int, list[str]]] = []
    while width > 1 and start + taken < len(lines):
        line = lines[start + taken]
        if "|" not in line or _is_delimiter(line) or len(_fields(line)) != width:
            break
        rows.append((taken, _fields(line)))
        taken += 1
    return Drawn(rows, taken) if taken > 1 else None


def _is_delimiter(line: str) -> bool:
    return "-" in line and "|" in line and all(_DELIMITER.match(field) for field in _fields(line))


def _fields(line: str) -> list[str]:
    line = line.strip()
    if line.startswith("|"):
        # Without a bar before the first field, one after the last stands before an empty field.
        line = line[1:-1] if len(line) > 1 and line.endswith("|") and not line.endswith("\\|") else line[1:]
    return [field.replace("\\|", "|").strip() for field in _PIPE.split(line)]


def _box_table(lines: Sequence[str], start: int) -> Drawn | None:
    """A table drawn with rules and bars; rows are the lines between rules."""
    rows: list[tuple[int, list[str]]] = []
    rules: list[int] = []
    taken = 0
    while start + taken < len(lines):
        line = lines[start + taken].strip()
        if _is_rule(line):
            rules.append(taken)
        elif _BAR.search(line):
            rows.append((taken, [field.strip() for field in _BAR.split(line.strip("│┃║|"))]))
        else:
            break
        taken += 1
    widths = {len(fields) for _, fields in rows}
    if len(rows) < 2 or len(widths) != 1 or widths == {1} or not (rules or _DRAWN.search(lines[start])):
        return None
    headers = sum(offset < rules[1] for offset, _ in rows) if len(rules) > 2 and rules[0] == 0 else 0
    return Drawn(rows, taken, headers)


def _is_rule(line: str) -> bool:
    line = line.strip()
    return len(line) > 4 and set(line) <= _RULE and (line[0] == "+" or any(mark in line for mark in "─━═┄┈┼"))


def _aligned_table(lines: Sequence[str], start: int) -> Drawn | None:
    """Columns apart by two blanks or more in every line, mostly numbers after the first."""
    taken = 0
    while start + taken < len(lines) and _is_gapped(lines[start + taken]):
        taken += 1
    if taken < 3:
        return None
    pictures = [_picture(line) for line in lines[start : start + taken]]
    columns = _columns(pictures)
    if len(columns) < 2:
        return None
    rows = [(at, [_between(picture, left, right) for left, right in columns]) for at, picture in enumerate(pictures)]
    body = [field for _, fields in rows[1:] for field in fields[1:] if field]
    if sum(is_amount(field) or field in "-–−" for field in body) * 3 < len(body) * 2 or not body:
        return None
    if any(_GAP.search(field) for _, fields in rows for field in fields):
        return None
    return Drawn(rows, taken)


def _picture(line: str) -> str:
    """The line with every wide character followed by a filler, so that positions are columns of the screen."""
    return "".join(mark + "\0" if unicodedata.east_asian_width(mark) in "WF" else mark for mark in line.rstrip())


def _columns(pictures: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches that are not blank in every line, where gaps are two wide."""
    width = max(map(len, pictures))
    inked = [any(at < len(picture) and picture[at] != " " for picture in pictures) for at in range(width)]
    columns: list[tuple[int, int]] = []
    for at in (at for at, ink in enumerate(inked) if ink):
        if columns and at - columns[-1][1] < 2:
            columns[-1] = (columns[-1][0], at + 1)
        else:
            columns.append((at, at + 1))
    return columns


def _between(picture: str, left: int, right: int) -> str:
    return picture[left:right].replace("\0", "").strip()
