"""The report on the screen: for each file a table of findings with what explains them, then the summary.

One row a cause, a hundred a file; what follows, and all others, with `view.verbose`. Colour is the caller's decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TextIO

from tabulate import tabulate

from budgetaudit.messages import say
from budgetaudit.model import Audit, Finding, Place
from budgetaudit.reports import View
from budgetaudit.reports.layout import indented, width_of, wrap
from budgetaudit.reports.summary import is_consequence, others, roots, summary, verdict
from budgetaudit.reports.wording import (
    HEADS,
    clean,
    comparison_cells,
    counted,
    evidence_text,
    finding_cells,
    place_text,
    suspect_text,
    telling,
)

COLORS = {"error": "31;1", "warning": "33;1", "note": "36", "clean": "32"}
MAX_ROWS = 100  # of one file; nobody reads on
MAX_CONSEQUENCES = 5
_ALIGN = ("left", "left", "left", "left", "right", "right", "right")
_WIDTHS = (0, 0, 12, 16, 14, 14, 14)  # the least width a column is wrapped to; 0: never wrapped


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write findings by file, with `view.evidence` every comparison, the summary and the verdict."""
    shown = [finding for finding in audit.findings if finding.waived is None]
    causes = roots(shown)
    consequences: dict[str, list[Finding]] = {}
    for finding in shown:
        if is_consequence(finding, causes):
            consequences.setdefault(finding.cause, []).append(finding)
    for file, findings in _by_file(shown).items():
        rows = [finding for finding in findings if view.verbose or not is_consequence(finding, causes)]
        if not rows:
            continue
        out.write(f"{_paint(clean(file), '1', view)}\n")
        drawn = rows if view.verbose else rows[:MAX_ROWS]
        details = [_details(finding, consequences.get(finding.id, ()), view) for finding in drawn]
        _table(out, "head.severity", [_row(finding, view) for finding in drawn], details, view)
        if len(drawn) < len(rows):
            out.write(say("report.more", view.lang, findings=counted("finding", len(rows) - len(drawn), view.lang)) + "\n")
        out.write("\n")
    if view.evidence and audit.comparisons:
        _evidence(audit, out, view)
    for heading, lines in summary(audit, view.lang):
        _paragraph(out, heading, lines, view)
    color = COLORS["error"] if audit.severity_count("error") else COLORS["clean"]
    out.write("\n" + "\n".join(_paint(line, color, view) for line in wrap(verdict(audit, view.lang), view.width)) + "\n")


def _by_file(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.places[0][1].file if finding.places else "", []).append(finding)
    return files


def _row(finding: Finding, view: View) -> list[str]:
    severity = _paint(say(f"severity.{finding.severity}", view.lang), COLORS[finding.severity], view)
    return [finding.id, severity, *finding_cells(finding, view.lang, file=False)]


def _details(finding: Finding, consequences: Sequence[Finding], view: View) -> list[str]:
    """What explains a finding, one paragraph each, beneath its row."""
    texts = [clean(say(finding.message, view.lang))]
    against = others(finding, view.lang)
    if against:
        texts.append(f"{say('report.against', view.lang)}: {against}")
    suspects = telling(finding.suspects)[: None if view.verbose else 1]
    texts += [suspect_text(suspect, view.lang) for suspect in suspects]
    evidence = evidence_text(finding, view.lang)
    texts += [evidence] if evidence else []
    if consequences and not view.verbose:
        texts.append(say("report.consequences", view.lang, which=_which(finding, consequences, view.lang)))
    return texts


def _which(root: Finding, consequences: Sequence[Finding], lang: str) -> str:
    """What follows from a finding, in a short phrase each; what they share with its own place is not repeated."""
    home = root.places[0][1] if root.places else Place("")
    phrases = []
    for finding in consequences[:MAX_CONSEQUENCES]:
        _, place, text = finding.places[0]
        same = place.table == home.table
        if place.row is not None or place.cell is not None:
            place = replace(place, line=None, page=None if same else place.page, table=None if same else place.table)
        args = {"id": finding.id, "place": place_text(place, lang), "text": clean(text) or say("report.blank", lang)}
        phrases.append(say("report.consequence", lang, **args))
    if len(consequences) > MAX_CONSEQUENCES:
        phrases.append(say("report.consequences-more", lang, n=len(consequences) - MAX_CONSEQUENCES))
    return "; ".join(phrases)


def _evidence(audit: Audit, out: TextIO, view: View) -> None:
    files: dict[str, list[list[str]]] = {}
    for number, comparison in enumerate(audit.comparisons, 1):
        cells = comparison_cells(comparison, view.lang, file=False)
        row = [str(number), say(f"verdict.{comparison.verdict}", view.lang), *cells]
        files.setdefault(comparison.stated.place.file, []).append(row)
    for file, rows in files.items():
        out.write(_paint(f"{clean(file)}: {say('report.evidence', view.lang)}", "1", view) + "\n")
        _table(out, "head.verdict", rows, [[] for _ in rows], view)
        out.write("\n")


def _table(out: TextIO, second: str, rows: Sequence[list[str]], details: Sequence[list[str]], view: View) -> None:
    """A table no wider than the screen where that is possible, each row followed by its paragraphs."""
    table = [[say(code, view.lang) for code in ("head.id", second, *HEADS)], *rows]
    widths = _fit([[_bare(cell) for cell in row] for row in table], view.width)
    head, *body = [[_cell(text, width) for text, width in zip(row, widths, strict=True)] for row in table]
    # The head is a row like any other: tabulate would pad a real one, and the table would not fit.
    ruled = [head, ["-" * width for width in widths], *body]
    lines = iter(tabulate(ruled, tablefmt="plain", colalign=_ALIGN, disable_numparse=True).splitlines())
    for row, paragraphs in zip(ruled, [[], [], *details], strict=True):
        for _ in range(max(map(_height, row))):
            out.write(next(lines).rstrip() + "\n")
        for paragraph in paragraphs:
            out.writelines(line + "\n" for line in indented(paragraph, view.width, 4))


def _fit(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of the columns: their own where the table fits, else the widest that may be wrapped give way."""
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    while sum(widths) + 2 * (len(widths) - 1) > width:
        excess = [own - least if least else 0 for own, least in zip(widths, _WIDTHS, strict=True)]
        if max(excess) <= 0:
            break
        widths[excess.index(max(excess))] -= 1
    return widths


def _cell(text: str, width: int) -> str:
    return text if "\x1b" in text else "\n".join(wrap(text, width))


def _bare(text: str) -> str:
    return text.split("m", 1)[1].removesuffix("\x1b[0m") if text.startswith("\x1b[") else text


def _height(cell: str) -> int:
    return cell.count("\n") + 1


def _paragraph(out: TextIO, heading: str, lines: Sequence[str], view: View) -> None:
    column = 15
    for number, text in enumerate(lines):
        first, *rest = indented(text, view.width, column)
        label = heading if number == 0 else ""
        out.write(f"{label}{' ' * (column - width_of(label))}{first[column:]}\n")
        out.writelines(line + "\n" for line in rest)


def _paint(text: str, color: str, view: View) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if view.color else text
