"""Find numbers and dates that are written wrongly: misplaced commas, a point for a comma, a weekday that does not fit.

What may be another number than meant is a warning; what only looks untidy is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from budgetaudit.amounts import MISPRINT
from budgetaudit.labels.labelling import Table
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.periods import years_in
from budgetaudit.relations.confront import claim, not_evaluated
from budgetaudit.rounding import ZERO
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.dates import Calendar
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said

GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)")
UNGROUPED = re.compile(r"[△▲-]?\d{4,}\Z")
POINT_FOR_COMMA = re.compile(r"[△▲-]?\d{1,3}\.\d{3}\Z")
STOPS = re.compile(r"\d\s?[^\W\d_]?\.\.(?![.\d])")
GROUPS = re.compile(r",(?:\d{1,2}|\d{4,})(?!\d)|\.\d+\.")
DECIMAL_COMMA = re.compile(r"^[^,]*,\d{1,2}(?!\d)[^,]*\Z")
# digits, the marks of numbers, and at most a short word
UNREAD = re.compile(r"(?=\D{0,4}\d)[\d\s.,()\[\]△▲±~∼～%+*/:<>≤≥=\-–]{2,40}(?:[^\W\d_]{1,4}\s?)?")
POINTED_DATE = re.compile(r"\d{1,4}[./:-]\d{1,2}(?:[./:-]\d{1,4})?\.?|\d{2,4}-\d{3,4}(?:-\d{4})?")
DAY_AND_YEAR = re.compile(r"\d{1,2},(?:19|20)\d{2}\Z")
LAKHS = re.compile(r"(?<![\d,])\d{1,2}(?:,\d\d)+,\d{3}(?![\d,])")
MILLIONS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3}){2,}(?![\d,])")
SPLIT = re.compile(r"\d\s+[\d,]")
MANY, FEW, YEARS = 5, 3, range(1900, 2100)


def compare_numbers(rule: Rule, tables: Sequence[Table], prose: Prose | None) -> Iterator[Comparison]:
    """Malformed numbers: groups of other than three digits, stray signs, a point where all others have commas."""
    for table in tables:
        found = list(_malformed(rule, table))
        yield from found or [_well(rule, table, "number-malformed")]
        yield from _unread(rule, table)
    if prose is not None:
        for statement, scan in zip(prose.statements, prose.scans, strict=True):
            for number in scan.numbers:
                if number.malformed and not SPLIT.search(number.text) and not _dated(statement.text, number.text, number.start):
                    figure = number.figure(statement.place, quoted(statement.text, number.start))
                    yield _noted(rule, figure, number.value, "number-malformed", rule.severity)


def _unread(rule: Rule, table: Table) -> Iterator[Comparison]:
    """What is printed among numbers, is nearly all digits, and is no number that could be read: `1,250/1,300`, `12~15`."""
    rows, columns = {line.index: line for line in table.rows}, {line.index: line for line in table.columns}
    cells = {(cell.row, cell.column): cell for cell in table.grid.cells}
    for (r, c), text in table.texts.items():
        cell = cells.get((r, c))
        if r not in rows or c not in columns or cell is None or not UNREAD.fullmatch(text.strip()) or is_date(text):
            continue
        place = replace(table.place, row=cell.row + 1, column=cell.column + 1, cell=cell.name, line=cell.line)
        figure = Figure(None, text.strip(), place, label=f"{rows[r].text} · {columns[c].text}")
        yield not_evaluated(rule, figure, Message("reason-unread"))


def is_date(text: str) -> bool:
    """True if a text is years and dates alone, which no amount is."""
    return bool(years_in(text)) or bool(POINTED_DATE.fullmatch(text.strip()))


def _dated(text: str, number: str, start: int) -> bool:
    """True if a comma without a blank behind it ends a day, May 16,2006, or stands in an address."""
    if "://" in text[:start].rpartition(" ")[2]:
        return True
    return bool(DAY_AND_YEAR.match(number)) and text[:start].rstrip(" .")[-1:].isalpha()


def _malformed(rule: Rule, table: Table) -> Iterator[Comparison]:
    odd = [figure for figure in table.figures.values() if figure.malformed and not SPLIT.search(figure.text.strip())]
    if _lakhs(table, odd):
        odd = [figure for figure in odd if not LAKHS.search(figure.text)]
    stray = [figure for figure in odd if not GROUPS.search(figure.text) and not MISPRINT.fullmatch(figure.text.strip())]
    for figure in odd:
        if MISPRINT.fullmatch(figure.text.strip()) or (GROUPS.search(figure.text) and not DECIMAL_COMMA.search(figure.text)):
            yield _noted(rule, figure, figure.value, "number-malformed", rule.severity)
    if len(stray) <= FEW:  # many are a way of writing; a stray mark leaves no doubt about the value
        for figure in stray:
            yield _noted(rule, figure, figure.value, "number-malformed", "note")
    for figure in table.figures.values() if _whole(table) else ():
        if not figure.malformed and figure.value is not None and POINT_FOR_COMMA.match(figure.text.strip()):
            yield _noted(rule, figure, figure.value.scaleb(3), "number-point", rule.severity)


def _lakhs(table: Table, odd: Sequence[Figure]) -> bool:
    """True if a table groups digits by hundreds from the thousands on, 8,30,31,326: several numbers, and none by thousands."""
    grouped = sum(bool(LAKHS.search(figure.text)) for figure in odd)
    return grouped >= FEW and not any(MILLIONS.search(figure.text) for figure in table.figures.values())


def _well(rule: Rule, table: Table, code: str) -> Comparison:
    """A table all of whose numbers are written properly."""
    figure = Figure(None, table.caption, table.place, label=table.caption)
    message = Message(code, {"label": table.caption, "stated": "", "likely": ""})
    return claim(rule, figure, message, f"text:{table.place.file}#{table.number}:{code}", failed=False)


def _whole(table: Table) -> bool:
    """True if the numbers of a table are whole and grouped by commas, so that a lone point must be a comma."""
    texts = [figure.text.strip() for figure in table.figures.values() if figure.value and not figure.dash]
    points = sum("." in text for text in texts)
    return points * MANY * 2 <= len(texts) and points <= 2 and sum(bool(GROUPED.search(text)) for text in texts) >= MANY


def compare_grouping(rule: Rule, tables: Sequence[Table]) -> Iterator[Comparison]:
    """`2480` among comma-grouped numbers."""
    for table in tables:
        columns: dict[int | None, list[Figure]] = {}
        for figure in table.figures.values():
            if figure.value is not None and abs(figure.value) >= 1000:
                columns.setdefault(figure.place.column, []).append(figure)
        found = [figure for large in columns.values() for figure in _ungrouped(large)]
        for figure in found:
            yield _noted(rule, figure, figure.value, "number-ungrouped", rule.severity)
        if columns and not found:
            yield _well(rule, table, "number-ungrouped")


def _ungrouped(large: Sequence[Figure]) -> Iterator[Figure]:
    """The few numbers of a column that lack the commas of the others; years have none."""
    bare = [figure for figure in large if UNGROUPED.match(figure.text.strip())]
    if len(bare) <= FEW and len(bare) * FEW <= len(large) - len(bare):  # many are a way of writing
        yield from (figure for figure in bare if figure.value is not None and int(abs(figure.value)) not in YEARS)


def compare_stops(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """Doubled full stops behind dates and numbers."""
    dated: Statement | None = None
    doubled = False
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        dated = dated or (statement if scan.dates else None)
        match = STOPS.search(statement.text)
        if match:
            doubled = True
            yield _stops(rule, statement, match.group(), match.start(), failed=True)
    if dated is not None and not doubled:
        yield _stops(rule, dated, dated.text, 0, failed=False)


def _stops(rule: Rule, statement: Statement, text: str, at: int, *, failed: bool) -> Comparison:
    around = quoted(statement.text[max(0, at - 20) : at + 20])
    message = said("stops-doubled", around, text, quoted(statement.text, at))
    relation = f"text:{statement.place.file}#{statement.number}:{at}:stops"
    return claim(rule, Figure(None, text, statement.place, label=around), message, relation, failed=failed)


def compare_weekdays(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """`2025. 3. 14.(금)`: the weekday that a date prints is the one that it has."""
    words = prose.scanner.calendar
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        for printed in scan.dates:
            match = words.weekday.match(scan.text, printed.end) if printed.day is not None and printed.year is not None else None
            if match is None or printed.months is None or printed.year is None or printed.day is None or not printed.own_year:
                continue
            own = words.weekdays[match["weekday"].lower()]
            try:
                true = date(printed.year, printed.months[0], printed.day).weekday()
            except ValueError:
                continue
            text = scan.text[printed.start : match.end()]
            figure = Figure(None, text, statement.place, label=quoted(statement.text, printed.start))
            right = _weekday(words, true, match["weekday"])
            message = said("weekday-wrong", text, text, quoted(statement.text, printed.start), right=right)
            relation = f"text:{statement.place.file}#{statement.number}:{printed.start}:weekday"
            yield claim(rule, figure, message, relation, failed=own != true)


def _weekday(words: Calendar, number: int, like: str) -> str:
    """The name of a weekday, as long as the printed one."""
    names = [word for word, at in words.weekdays.items() if at == number]
    return min(names, key=lambda word: abs(len(word) - len(like)), default="")


def _noted(rule: Rule, figure: Figure, likely: Decimal | None, code: str, severity: Severity) -> Comparison:
    message = Message(
        code, {"label": figure.label, "stated": figure.text.strip(), "likely": f"{likely:,f}" if likely is not None else ""}
    )
    value = likely if likely is not None else ZERO
    relation = f"text:{figure.place.file}#{figure.place.table}:{figure.place.row}:{figure.text}:notation"
    return claim(rule, figure, message, relation, failed=True, severity=severity, expected=value)
