"""A workbook to work in: the audited workbook (or the tables read) with wrong cells coloured and commented.

A first sheet lists the findings, each leading to its cell, with live formulas: correct a cell, and its difference follows.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from budgetaudit import __version__
from budgetaudit.assurance import Unexplained, unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Comparison, Finding, Place, Quantity
from budgetaudit.reports import View
from budgetaudit.reports.sheets import HEAD, Sheets, grow, number_format, paged, put, sheets
from budgetaudit.reports.summary import summary, undecided_cells, verdict
from budgetaudit.reports.wording import amount, clean, headline, kind_name, place_text, storable, suspect_text, telling

COLORS = {"error": "F8B4B4", "warning": "FBDC9C", "note": "BFDDF7"}
AGAINST = "E6E6EA"
UNDECIDED = "C9CAD1"
MAX_ROWS = 1_000_000
MAX_TERMS = 200
WIDTHS = {
    "id": 6,
    "severity": 10,
    "rule": 18,
    "place": 22,
    "stated": 15,
    "expected": 15,
    "difference": 13,
    "unit": 8,
    "message": 46,
    "suspect": 26,
    "cause": 8,
    "waived": 14,
}
_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*")


def write(audit: Audit, out: BinaryIO, view: View) -> None:
    """Write the workbook; `view.evidence` adds a sheet with every comparison."""
    marked = sheets(audit, view.lang)
    _mark(marked, audit, view.lang)
    _findings(marked, audit.findings, verdict(audit, view.lang), say("report.findings", view.lang), 0, view.lang)
    kinds = dict.fromkeys(finding.kind for finding in audit.findings)
    for at, kind in enumerate(kinds if len(kinds) > 1 else (), 1):
        found = [finding for finding in audit.findings if finding.kind == kind]
        _findings(marked, found, kind_name(kind, view.lang), kind_name(kind, view.lang), at, view.lang)
    _summary(marked, audit, view.lang)
    _undecided(marked, unexplained(audit), view.lang)
    if view.evidence:
        _evidence(marked, audit.comparisons, view.lang)
    marked.book.active = 0
    for number, sheet in enumerate(marked.book.worksheets):
        sheet.sheet_view.tabSelected = number == 0
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            if (text := storable(cell.value)) != cell.value:
                cell.value = text
    marked.book.properties.creator = f"budgetaudit {__version__}"
    buffer = io.BytesIO()
    marked.book.save(buffer)
    _timeless(buffer, out)


def _mark(marked: Sheets, audit: Audit, lang: str) -> None:
    """Colour what findings name and say why; what was only compared stays pale."""
    loud: dict[Place, list[Finding]] = {}
    quiet: dict[Place, None] = {}
    for finding in audit.findings:
        for number, (_, place, _) in enumerate(finding.places):
            if number:
                quiet[place] = None
            else:
                loud.setdefault(place, []).append(finding)
    for place in quiet:
        cell = marked.cell(place)
        if cell is not None and place not in loud and cell.fill.fill_type is None:
            cell.fill = PatternFill("solid", fgColor=AGAINST)
    for place, findings in loud.items():
        cell = marked.cell(place)
        if cell is None:
            continue
        cell.fill = PatternFill("solid", fgColor=COLORS[findings[0].severity])
        before = [cell.comment.text] if cell.comment else []
        comment = Comment("\n\n".join([*before, *(_comment(finding, lang) for finding in findings)])[:30_000], "budgetaudit")
        comment.width, comment.height = 360, 140
        cell.comment = comment


def _comment(finding: Finding, lang: str) -> str:
    lines = [f"{finding.id} {finding.rule}: {headline(finding, lang)}"]
    for code, quantity in (("head.expected", finding.expected), ("head.difference", finding.difference)):
        if quantity is not None:
            lines.append(f"{say(code, lang)}: {amount(quantity, unit=True)}")
    if finding.waived:
        lines.append(say("report.waived-as", lang, reason=clean(say(finding.waived, lang))))
    return "\n".join(lines)


# --- the sheet of findings ---------------------------------------------------------------------


def _findings(marked: Sheets, findings: Sequence[Finding], heading: str, title: str, at: int, lang: str) -> None:
    sheet = marked.new_sheet(title, at)
    put(sheet.cell(1, 1), heading)
    sheet.cell(1, 1).font = Font(bold=True, size=13)
    names = tuple(WIDTHS)
    _head(sheet, 3, [say(f"head.{name}", lang) for name in names])
    for column, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[name]
        if name in ("stated", "expected", "difference"):
            sheet.cell(3, column).alignment = Alignment(horizontal="right")
    for row, finding in enumerate(findings[:MAX_ROWS], 4):
        _finding(marked, sheet, row, finding, lang)
    sheet.freeze_panes = "A4"
    last = 3 + len(findings[:MAX_ROWS])
    paged(sheet, f"A1:{get_column_letter(len(names))}{last}", "3:3")
    if findings:
        sheet.auto_filter.ref = f"A3:{get_column_letter(len(names))}{last}"


def _finding(marked: Sheets, sheet: Any, row: int, finding: Finding, lang: str) -> None:
    severity = say("html.waived", lang) if finding.waived else say(f"severity.{finding.severity}", lang)
    for column, text in ((1, finding.id), (2, severity), (3, finding.rule)):
        put(sheet.cell(row, column), text)
        sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    if not finding.waived:
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLORS[finding.severity])
    _link(marked, sheet.cell(row, 4), finding.places[0][1] if finding.places else None, lang)
    live = _live_stated(marked, finding)
    _number(sheet.cell(row, 5), finding.stated, live)
    formula = _live_sum(marked, finding)
    _number(sheet.cell(row, 6), finding.expected, formula)
    both = finding.stated is not None and finding.expected is not None and finding.stated.unit == finding.expected.unit
    agrees = both and finding.difference is not None and finding.stated.value - finding.expected.value == finding.difference.value  # type: ignore[union-attr]
    _number(sheet.cell(row, 7), finding.difference, f"=E{row}-F{row}" if agrees else "")
    unit = (finding.difference or finding.stated or Quantity(Decimal(0))).unit
    suspect = "".join(suspect_text(suspect, finding, lang) for suspect in telling(finding.suspects)[:1])
    waived = clean(say(finding.waived, lang)) if finding.waived else ""
    texts = (unit.symbol if unit else "", headline(finding, lang), suspect, finding.cause or finding.id, waived)
    for column, text in enumerate(texts, 8):
        put(sheet.cell(row, column), text)
        sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    place = place_text(finding.places[0][1], lang, file=marked.several) if finding.places else ""
    grow(
        sheet,
        row,
        {WIDTHS["rule"]: finding.rule, WIDTHS["place"]: place, WIDTHS["message"]: texts[1], WIDTHS["suspect"]: suspect},
    )


def _link(marked: Sheets, cell: Any, place: Place | None, lang: str) -> None:
    words = place_text(place, lang, file=marked.several) if place else ""
    address = marked.address(place) if place else None
    put(cell, words)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if address is not None:
        target = f"#{_quoted(address[0])}!{address[1]}".replace('"', '""')
        if len(target) < 250 and len(words) < 250:
            cell.value = '=HYPERLINK("{}","{}")'.format(target, words.replace('"', '""'))
            cell.data_type = "f"
            cell.font = Font(underline="single", color="0A4F8F")


def _live_stated(marked: Sheets, finding: Finding) -> str:
    """A reference to the stated cell, if the workbook holds that very number there."""
    cell = marked.cell(finding.places[0][1]) if finding.places else None
    if cell is None or finding.stated is None or not _holds(cell.value, finding.stated.value):
        return ""
    return f"={_reference(marked, finding.places[0][1])}"


def _live_sum(marked: Sheets, finding: Finding) -> str:
    """The sum of the parts as a formula, if they are cells whose numbers add up to what is expected."""
    parts = [place for role, place, _ in finding.places[1:] if role == "part"]
    if (
        finding.kind != "sum"
        or finding.expected is None
        or not 0 < len(parts) <= MAX_TERMS
        or len(parts) != len(finding.places) - 1
    ):
        return ""
    cells = [marked.cell(place) for place in parts]
    values = [_value(cell.value) if cell is not None else None for cell in cells]
    known = [value for value in values if value is not None]
    if len(known) != len(values) or sum(known) != finding.expected.value:
        return ""
    return f"=SUM({','.join(_reference(marked, place) for place in parts)})"


def _value(value: object) -> Decimal | None:
    """A cell's number; a dash or a blank adds nothing, a formula or a word is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(0) if value is None or (isinstance(value, str) and value.strip() in ("", "-", "–")) else None


def _holds(value: object, number: Decimal) -> bool:
    return not isinstance(value, str | None) and _value(value) == number


def _reference(marked: Sheets, place: Place) -> str:
    sheet, cell = marked.address(place) or ("", "")
    return f"{_quoted(sheet)}!{cell}"


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _number(cell: Any, quantity: Quantity | None, formula: str) -> None:
    if quantity is None:
        return
    cell.value = formula or quantity.value
    cell.alignment = Alignment(vertical="top")
    cell.number_format = number_format(quantity.value)


# --- the other sheets --------------------------------------------------------------------------


def _summary(marked: Sheets, audit: Audit, lang: str) -> None:
    sheet = marked.new_sheet(say("report.summary", lang), marked.own)
    rows = [
        (heading if not number else "", line) for heading, lines in summary(audit, lang, 0) for number, line in enumerate(lines)
    ]
    rows += [
        (say("html.inputs", lang) if not number else "", f"{s.path} SHA-256 {s.sha256}") for number, s in enumerate(audit.inputs)
    ]
    if marked.lost:
        left = ", ".join(say(f"report.lost-{name}", lang, count=count) for name, count in marked.lost)
        rows.append((say("report.lost", lang), left))
    rows.append(("budgetaudit", __version__))
    for row, (heading, line) in enumerate(rows, 1):
        put(sheet.cell(row, 1), heading)
        put(sheet.cell(row, 2), line)
        sheet.cell(row, 1).font = Font(bold=True)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        grow(sheet, row, {100: line})
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 100
    paged(sheet, f"A1:B{len(rows)}")


def _undecided(marked: Sheets, undecided: Sequence[Unexplained], lang: str) -> None:
    """What could not be decided, each leading to its cell, with the reason; grey where it stands."""
    if not undecided:
        return
    sheet = marked.new_sheet(say("report.not-evaluated", lang), marked.own)
    names = ("rule", "place", "label", "stated", "reason")
    _head(sheet, 1, [say(f"head.{name}", lang) for name in names])
    for column, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(column)].width = {**WIDTHS, "label": 30, "reason": 60}[name]
    for row, item in enumerate(undecided[:MAX_ROWS], 2):
        label, printed = undecided_cells(item)
        put(sheet.cell(row, 1), item.rule)
        _link(marked, sheet.cell(row, 2), item.place, lang)
        put(sheet.cell(row, 3), label)
        if item.stated is not None and item.stated.value is not None:
            _number(sheet.cell(row, 4), Quantity(item.stated.value, item.stated.unit), "")
        else:
            put(sheet.cell(row, 4), printed)
        reason = clean(say(item.reason, lang))
        put(sheet.cell(row, 5), reason)
        grow(sheet, row, {30: label, 60: reason, WIDTHS["place"]: place_text(item.place, lang, file=marked.several)})
        cell = marked.cell(item.place)
        if cell is not None and cell.fill.fill_type is None:
            cell.fill = PatternFill("solid", fgColor=UNDECIDED)
        for column in range(1, len(names) + 1):
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    paged(sheet, f"A1:{get_column_letter(len(names))}{1 + len(undecided[:MAX_ROWS])}", "1:1")


def _evidence(marked: Sheets, comparisons: Sequence[Comparison], lang: str) -> None:
    sheet = marked.new_sheet(say("report.evidence", lang), marked.own)
    names = ("verdict", "rule", "place", "stated", "expected", "difference", "unit")
    _head(sheet, 1, [say(f"head.{name}", lang) for name in names])
    for column, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(name, 16)
    for row, comparison in enumerate(comparisons[:MAX_ROWS], 2):
        put(sheet.cell(row, 1), say(f"verdict.{comparison.verdict}", lang))
        put(sheet.cell(row, 2), comparison.rule)
        _link(marked, sheet.cell(row, 3), comparison.stated.place, lang)
        unit = comparison.unit or comparison.stated.unit
        for column, value in ((4, comparison.stated.value), (5, comparison.expected), (6, comparison.difference)):
            _number(sheet.cell(row, column), None if value is None else Quantity(value, unit), "")
        put(sheet.cell(row, 7), unit.symbol if unit else "")
    sheet.freeze_panes = "A2"
    paged(sheet, f"A1:{get_column_letter(len(names))}{1 + len(comparisons[:MAX_ROWS])}", "1:1")


def _head(sheet: Any, row: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        put(cell, text)
        cell.font, cell.fill = Font(bold=True), HEAD


def _timeless(buffer: io.BytesIO, out: BinaryIO) -> None:
    """The package without the time of writing, so that the same input gives the same bytes."""
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(item.filename), content, zipfile.ZIP_DEFLATED)
