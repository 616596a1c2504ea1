"""The report on the screen: for each file a table of findings with what explains them, then the summary.

One row a cause, errors first, a hundred a file; what follows, and all others, with `view.verbose`.
Colour is the caller's decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TextIO

from budgetaudit.assurance import state
from budgetaudit.messages import say
from budgetaudit.model import Audit, Finding, Place
from budgetaudit.reports import View
from budgetaudit.reports.excerpts import draw
from budgetaudit.reports.layout import indented, width_of, wrap
from budgetaudit.reports.summary import UNDECIDED, file_verdicts, others, summary, verdict
from budgetaudit.reports.wording import (
    HEADS,
    Cause,
    against_code,
    against_head,
    all_shown,
    amount,
    clean,
    comparison_cells,
    counted,
    evidence_text,
    finding_cells,
    headline,
    open_causes,
    place_text,
    rule_titles,
    suspect_text,
    telling,
)

COLORS = {"error": "31;1", "warning": "33;1", "note": "36", "clean": "32"}
MAX_ROWS = 100  # of one file; nobody reads on
MAX_CONSEQUENCES = 5
MAX_ALIKE = 3  # warnings or notes of one rule that are shown in their place; of the others one line says enough
INDENT = 4
_ALIGN = ("left", "left", "left", "right", "right", "right")
_LEAST = 16


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write findings by file, with `view.evidence` every comparison, the summary and the verdict."""
    if view.quiet:
        _each_file(audit, out, view)
        return
    titles = rule_titles(audit.rules, view.lang)
    found = open_causes(audit)
    if view.verbose:
        found = [(finding, ()) for finding in audit.findings if finding.waived is None]
    files: dict[str, list[Cause]] = {}
    for cause in found:
        files.setdefault(cause[0].places[0][1].file if cause[0].places else "", []).append(cause)
    for file, rows in files.items():
        out.write(f"{_paint(clean(file), '1', view)}\n")
        drawn = rows if view.verbose else rows[:MAX_ROWS]
        _findings(out, drawn, titles, view)
        if len(drawn) < len(rows):
            out.write("\n" + say("report.more", view.lang, findings=counted("finding", len(rows) - len(drawn), view.lang)) + "\n")
        out.write("\n")
    if view.evidence and audit.comparisons:
        _evidence(audit, out, view)
    for heading, lines in summary(audit, view.lang, None if view.verbose else UNDECIDED):
        _paragraph(out, heading, lines, view)
    color = COLORS["error" if view.code else "clean" if state(audit) == "clean" else "warning"]
    out.write("\n" + "\n".join(_paint(line, color, view) for line in wrap(verdict(audit, view.lang), view.width)) + "\n")


def _each_file(audit: Audit, out: TextIO, view: View) -> None:
    """One line a file: what was found in it, or why nothing could be said of it."""
    for path, text in file_verdicts(audit, view.lang):
        out.write(f"{clean(path)}: {text}\n")


def _findings(out: TextIO, found: Sequence[Cause], titles: Mapping[str, str], view: View) -> None:
    """The findings of a file: a row each, beneath it what is wrong, why, and the excerpt it is about."""
    findings = [finding for finding, _ in found]
    heads = ("head.id", "head.severity", "head.place", "head.stated", against_head(findings), "head.difference")
    table = [[say(code, view.lang) for code in heads], *(_row(finding, view) for finding in findings)]
    widths = _fit(table, view.width)
    below = sum(widths) + 2 * (len(widths) - 1) > view.width  # amounts too long for a table: they are told beneath it
    if below:
        table = [row[:3] for row in table]
        widths = _fit(table, view.width)
    head, *rows = table
    out.writelines(line + "\n" for line in _lines(head, widths))
    out.writelines(line + "\n" for line in _lines(["-" * width for width in widths], widths))
    alike: dict[str, int] = {}
    shown_before: set[object] = set()
    for number, ((finding, following), row) in enumerate(zip(found, rows, strict=True)):
        alike[finding.rule] = alike.get(finding.rule, 0) + 1
        brief = not view.verbose and finding.severity != "error" and alike[finding.rule] > MAX_ALIKE
        out.write("\n" if number and not brief else "")
        first, *rest = _lines(row, widths)
        if view.color:  # the severity alone, between the blanks around it
            word = row[1]
            first = first.replace(word, _paint(word, COLORS[finding.severity], view), 1)
        out.writelines(line + "\n" for line in (first, *rest))
        for line in indented(headline(finding, view.lang), view.width, INDENT):
            out.write(" " * INDENT + _paint(line.strip(), "1", view) + "\n")
        if below and finding.stated is not None:
            out.writelines(line + "\n" for line in indented(_amounts(finding, view.lang), view.width, INDENT))
        if not brief:
            _explained(out, finding, titles, following, shown_before, view)


def _amounts(finding: Finding, lang: str) -> str:
    """The three amounts in words, where a table has no room for them."""
    cells = finding_cells(finding, lang, file=False)[2:]
    names = (say("head.stated", lang), say(against_code(finding), lang), say("head.difference", lang))
    return " · ".join(f"{name} {cell}" for name, cell in zip(names, cells, strict=True) if cell != amount(None))


def _row(finding: Finding, view: View) -> list[str]:
    return [finding.id, say(f"severity.{finding.severity}", view.lang), *finding_cells(finding, view.lang, file=False)[1:]]


def _explained(
    out: TextIO,
    finding: Finding,
    titles: Mapping[str, str],
    consequences: Sequence[Finding],
    shown_before: set[object],
    view: View,
) -> None:
    """Which rule says so, the excerpts but for the other places `shown_before` already, and what is suspected."""
    title = "" if finding.rule in shown_before else titles.get(finding.rule, "")
    shown_before.add(finding.rule)
    out.writelines(line + "\n" for line in indented(f"{finding.rule}: {title}" if title else finding.rule, view.width, INDENT))
    home = finding.places[0][1] if finding.places else Place("")
    for number, excerpt in enumerate(finding.excerpts):
        if number and (finding.rule, excerpt) in shown_before:
            continue
        if number:
            where = place_text(excerpt.place, view.lang, file=excerpt.place.file != home.file)
            out.writelines(line + "\n" for line in indented(f"{say('report.against', view.lang)}: {where}", view.width, INDENT))
            shown_before.add((finding.rule, excerpt))
        color = COLORS[finding.severity] if view.color else ""
        lines = draw(excerpt, view.lang, view.width - INDENT - 2, color)
        out.writelines(" " * (INDENT + 2) + line + "\n" for line in lines)
    texts = []
    against = "" if all_shown(finding) else others(finding, view.lang)
    if against:
        texts.append(f"{say('report.against', view.lang)}: {against}")
    suspects = telling(finding.suspects)[: None if view.verbose else 1]
    texts += [suspect_text(suspect, finding, view.lang) for suspect in suspects]
    evidence = evidence_text(finding, view.lang)
    texts += [evidence] if evidence else []
    if consequences and not view.verbose:
        texts.append(say("report.consequences", view.lang, which=_which(finding, consequences, view.lang)))
    for text in texts:
        out.writelines(line + "\n" for line in indented(text, view.width, INDENT))


def _which(root: Finding, consequences: Sequence[Finding], lang: str) -> str:
    """What follows from a finding, in a short phrase each; what they share with its own place is not repeated."""
    home = root.places[0][1] if root.places else Place("")
    phrases = []
    for finding in consequences[:MAX_CONSEQUENCES]:
        _, place, text = finding.places[0]
        if place == home:
            phrases.append(say("report.consequence-same", lang, id=finding.id))
            continue
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
        _table(out, "head.verdict", rows, view)
        out.write("\n")


def _table(out: TextIO, second: str, rows: Sequence[list[str]], view: View) -> None:
    """The comparisons as a table."""
    table = [[say(code, view.lang) for code in ("head.id", second, *HEADS)], *rows]
    widths = _fit(table, view.width, (3, 2))
    align = ("left", "left", "left", "left", "right", "right", "right")
    head, *body = table
    for row in (head, ["-" * width for width in widths], *body):
        out.writelines(line + "\n" for line in _lines(row, widths, align))


def _fit(rows: Sequence[Sequence[str]], width: int, flexible: Sequence[int] = (2,)) -> list[int]:
    """Widths of the columns: their own, less for the flexible ones where the table would be too wide; no amount is wrapped."""
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    for column in flexible:
        excess = max(sum(widths) + 2 * (len(widths) - 1) - width, 0)
        widths[column] = max(widths[column] - excess, min(widths[column], _LEAST))
    return widths


def _lines(row: Sequence[str], widths: Sequence[int], align: Sequence[str] = _ALIGN) -> list[str]:
    """A row of a table on as many lines as its longest cell takes."""
    cells = [wrap(text, width) for text, width in zip(row, widths, strict=True)]
    lines = []
    for at in range(max(map(len, cells))):
        texts = [cell[at] if at < len(cell) else "" for cell in cells]
        blanks = [" " * (width - width_of(text)) for text, width in zip(texts, widths, strict=True)]
        sides = zip(texts, blanks, align[: len(row)], strict=True)
        lines.append("  ".join(blank + text if side == "right" else text + blank for text, blank, side in sides).rstrip())
    return lines


def _paragraph(out: TextIO, heading: str, lines: Sequence[str], view: View) -> None:
    column = 15
    for number, text in enumerate(lines):
        first, *rest = indented(text, view.width, column)
        label = heading if number == 0 else ""
        out.write(f"{label}{' ' * (column - width_of(label))}{first[column:]}\n")
        out.writelines(line + "\n" for line in rest)


def _paint(text: str, color: str, view: View) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if view.color else text
