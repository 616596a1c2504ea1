"""The report as Markdown, to paste into a review, an issue or a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from budgetaudit import __version__
from budgetaudit.assurance import Unexplained, unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Comparison, Finding
from budgetaudit.reports import View
from budgetaudit.reports.summary import others, summary, undecided_cells, verdict
from budgetaudit.reports.wording import (
    HEADS,
    against_head,
    clean,
    comparison_cells,
    finding_cells,
    headline,
    place_text,
    suspect_text,
    telling,
)

FIGURES = ("head.stated", "head.expected", "head.against", "head.limit", "head.mixed", "head.difference")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write title, verdict, the table of findings, with `view.evidence` every comparison, and the summary."""
    out.write(f"# {say('report.title', view.lang)}\n\n{_safe(verdict(audit, view.lang))}\n")
    if audit.findings:
        against = against_head(audit.findings)
        heads = ["head.id", "head.severity", *(against if head == "head.expected" else head for head in HEADS), "head.message"]
        _table(out, "report.findings", heads, (_finding(finding, view.lang) for finding in audit.findings), view.lang)
    if undecided := unexplained(audit):
        heads = ["head.rule", "head.place", "head.label", "head.figure", "head.reason"]
        _table(out, "report.not-evaluated", heads, (_undecided(item, view.lang) for item in undecided), view.lang)
    if view.evidence and audit.comparisons:
        rows = (_comparison(comparison, view.lang) for comparison in audit.comparisons)
        _table(out, "report.evidence", ["head.verdict", *HEADS], rows, view.lang)
    out.write(f"\n## {say('report.summary', view.lang)}\n\n")
    for heading, lines in summary(audit, view.lang, 0):
        out.writelines(f"- {heading}: {_safe(line)}\n" for line in lines)
    out.writelines(f"- {_safe(clean(source.path))}: SHA-256 {source.sha256}\n" for source in audit.inputs if source.sha256)
    out.write(f"\nbudgetaudit {__version__}\n")


def _table(out: TextIO, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], lang: str) -> None:
    rule = ["---:" if head in FIGURES else "---" for head in heads]
    out.write(f"\n## {say(title, lang)}\n\n")
    for cells in ([say(head, lang) for head in heads], rule, *rows):
        out.write(f"| {' | '.join(cells)} |\n")


def _finding(finding: Finding, lang: str) -> list[str]:
    severity = say(f"severity.{finding.severity}", lang)
    if finding.waived:
        severity = f"{severity} ({_safe(say('report.waived-as', lang, reason=say(finding.waived, lang)))})"
    texts = [headline(finding, lang)]
    against = others(finding, lang)
    texts += [f"{say('report.against', lang)}: {against}"] if against else []
    texts += [suspect_text(suspect, finding, lang) for suspect in telling(finding.suspects)]
    cells = [_safe(cell) for cell in finding_cells(finding, lang, file=True)]
    return [finding.id, severity, *cells, "<br>".join(_safe(text) for text in texts)]


def _undecided(item: Unexplained, lang: str) -> list[str]:
    place, reason = place_text(item.place, lang, file=True), clean(say(item.reason, lang))
    return [_safe(cell) for cell in (item.rule, place, *undecided_cells(item), reason)]


def _comparison(comparison: Comparison, lang: str) -> list[str]:
    return [say(f"verdict.{comparison.verdict}", lang), *(_safe(cell) for cell in comparison_cells(comparison, lang, file=True))]


def _safe(text: str) -> str:
    """The text with everything escaped that Markdown or HTML would take for markup."""
    return _SPECIAL.sub(r"\\\1", text)
