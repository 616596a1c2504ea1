"""Annotations for GitHub Actions: one workflow command a finding, shown beside the line it names."""

from __future__ import annotations

from typing import TextIO

from budgetaudit.assurance import unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Finding, Place
from budgetaudit.reports import View
from budgetaudit.reports.summary import input_problems, others, undecided_text, verdict
from budgetaudit.reports.wording import clean, finding_text, place_text

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write annotations, then the verdict as a line of the log."""
    for finding in audit.findings:
        out.write(_finding(finding, view.lang))
    for item in unexplained(audit):
        title = f"{say('report.not-evaluated', view.lang)}: {item.rule}"
        out.write(_annotation("notice", item.place, item.place.file, title, undecided_text(item, view.lang)))
    for path, problem in input_problems(audit):
        command = "error" if problem.level == "unread" else "notice"
        out.write(_annotation(command, problem.place, path, say("report.problems", view.lang), say(problem.message, view.lang)))
    for error in audit.errors:
        out.write(_annotation("error", Place(""), "", error.rule, say(error.message, view.lang)))
    out.write(clean(verdict(audit, view.lang)) + "\n")


def _finding(finding: Finding, lang: str) -> str:
    place = finding.places[0][1] if finding.places else Place("")
    text = finding_text(finding, lang)
    where, against = place_text(place, lang), others(finding, lang)
    text = f"{where}: {text}" if where else text
    text += f" ({say('report.against', lang)}: {against})" if against else ""
    command = COMMANDS[finding.severity]
    if finding.waived:
        command, text = "notice", f"{text} ({say('report.waived-as', lang, reason=say(finding.waived, lang))})"
    return _annotation(command, place, place.file, f"{finding.id} {finding.rule}", text)


def _annotation(command: str, place: Place, file: str, title: str, text: str) -> str:
    properties = {"file": file, "line": place.line, "title": title}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{command} {listed}::{_data(clean(text))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
