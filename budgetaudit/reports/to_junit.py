"""JUnit XML, for build servers: a suite a file, a case a finding, and a case for every rule that held.

Findings at or above `view.fail_on` fail; lesser ones pass with their text as output; waived ones are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from budgetaudit.assurance import unexplained
from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, Audit, Finding
from budgetaudit.reports import View
from budgetaudit.reports.summary import input_problems, others, problem_text, undecided_text
from budgetaudit.reports.wording import (
    clean,
    comparison_cells,
    comparison_text,
    finding_cells,
    headline,
    place_text,
    suspect_text,
    telling,
)

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One test case; `outcome` is the element within it, '' if it passed without a word."""

    suite: str
    name: str
    outcome: str = ""
    message: str = ""
    text: str = ""


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write the suites; times are zero, so that the same input gives the same report."""
    findings = (_finding(finding, view) for finding in audit.findings)
    cases = [*_problems(audit, view), *findings, *_held(audit, view), *_undecided(audit, view)]
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites name="budgetaudit"{_counts(cases)} time="0">\n')
    for suite in dict.fromkeys([*(source.path for source in audit.inputs), *(case.suite for case in cases)]):
        mine = [case for case in cases if case.suite == suite]
        skipped = sum(case.outcome == "skipped" for case in mine)
        out.write(f'<testsuite name={_attribute(suite)}{_counts(mine)} skipped="{skipped}" time="0">\n')
        for case in mine:
            _case(case, out)
        out.write("</testsuite>\n")
    out.write("</testsuites>\n")


def _counts(cases: list[Case]) -> str:
    failures, errors = (sum(case.outcome == outcome for case in cases) for outcome in ("failure", "error"))
    return f' tests="{len(cases)}" failures="{failures}" errors="{errors}"'


def _case(case: Case, out: TextIO) -> None:
    head = f'<testcase classname={_attribute(case.suite)} name={_attribute(case.name)} time="0"'
    if not case.outcome:
        out.write(f"{head}/>\n")
        return
    message = "" if case.outcome == "system-out" else f" message={_attribute(case.message)}"
    out.write(f"{head}><{case.outcome}{message}>{escape(_legal(case.text or case.message))}</{case.outcome}></testcase>\n")


def _finding(finding: Finding, view: View) -> Case:
    suite = finding.places[0][1].file if finding.places else ""
    place = place_text(finding.places[0][1], view.lang) if finding.places else ""
    message = headline(finding, view.lang)
    _, _, stated, expected, difference = finding_cells(finding, view.lang, file=False)
    heads = ("head.severity", "head.stated", "head.expected", "head.difference", "report.against")
    values = (say(f"severity.{finding.severity}", view.lang), stated, expected, difference, others(finding, view.lang))
    lines = [
        message,
        *(f"{say(head, view.lang)}: {value}" for head, value in zip(heads, values, strict=True) if value not in ("", "–")),
        *(suspect_text(suspect, finding, view.lang) for suspect in telling(finding.suspects)[:1]),
    ]
    failing = SEVERITIES[: SEVERITIES.index(view.fail_on) + 1] if view.fail_on in SEVERITIES else ()
    outcome = "skipped" if finding.waived else "failure" if finding.severity in failing else "system-out"
    if finding.waived:
        message = say("report.waived-as", view.lang, reason=clean(say(finding.waived, view.lang)))
    return Case(suite, f"{finding.id} {finding.rule} {place}".rstrip(), outcome, message, "\n".join(lines))


def _problems(audit: Audit, view: View) -> Iterator[Case]:
    for number, (path, problem) in enumerate(input_problems(audit), 1):
        outcome = "error" if problem.level == "unread" else "system-out"
        yield Case(path, f"{say('report.problems', view.lang)} {number}", outcome, problem_text(path, problem, view.lang))
    for error in audit.errors:
        yield Case("", error.rule, "error", clean(say(error.message, view.lang)))


def _held(audit: Audit, view: View) -> Iterator[Case]:
    """A case for each rule and file with nothing found; with evidence one for each comparison that passed."""
    found = {(place.file, finding.rule) for finding in audit.findings for _, place, _ in finding.places[:1]}
    verdicts: dict[tuple[str, str], set[str]] = {}
    for number, comparison in enumerate(audit.comparisons, 1):
        file = comparison.stated.place.file
        verdicts.setdefault((file, comparison.rule), set()).add(comparison.verdict)
        if view.evidence and comparison.verdict not in ("fail", "not_evaluated"):
            rule, place, *_ = comparison_cells(comparison, view.lang, file=False)
            yield Case(file, f"{number} {rule} {place}", "", comparison_text(comparison, view.lang))
    for (file, rule), seen in verdicts.items():
        if (file, rule) not in found and seen != {"not_evaluated"}:
            yield Case(file, rule)


def _undecided(audit: Audit, view: View) -> Iterator[Case]:
    """A skipped case for everything that could not be decided, with the reason."""
    for number, item in enumerate(unexplained(audit), 1):
        name = f"{say('report.not-evaluated', view.lang)} {number} {item.rule} {place_text(item.place, view.lang)}"
        yield Case(item.place.file, name.rstrip(), "skipped", undecided_text(item, view.lang))


def _legal(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _attribute(text: str) -> str:
    return quoteattr(_legal(clean(text)))
