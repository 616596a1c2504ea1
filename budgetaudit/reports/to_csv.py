"""One row a finding, for a spreadsheet or a script; with evidence also one row a comparison.

Problems of the run are rows too: a report without rows would look clean.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TextIO

from budgetaudit.assurance import unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Comparison, Finding, Place
from budgetaudit.reports import View
from budgetaudit.reports.summary import input_problems, others, undecided_cells, undecided_text
from budgetaudit.reports.wording import clean, comparison_text, headline, place_text, plain, suspect_text, telling

PLACE = ("file", "page", "sheet", "table", "row", "column", "cell", "line", "paragraph")
COLUMNS = (
    *("record", "id", "severity", "verdict", "rule", "kind"),
    *PLACE,
    *(
        "text",
        "stated",
        "expected",
        "difference",
        "bound",
        "unit",
        "message",
        "others",
        "cause",
        "suspect",
        "waived",
        "fingerprint",
    ),
)

# A spreadsheet would run a document's text that begins so as a formula; a signed number is none.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_FORMULA = re.compile(r"[=@+\-](?![\d.,]+$)")


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write the findings and problems as CSV with a header row."""
    rows = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    for row in _rows(audit, view):
        rows.writerow({name: _field(value) for name, value in row.items()})


def _rows(audit: Audit, view: View) -> Iterator[dict[str, object]]:
    for finding in audit.findings:
        yield _finding(finding, view.lang)
    for path, problem in input_problems(audit):
        yield {
            "record": problem.level,
            **_place(problem.place),
            "file": clean(path),
            "message": clean(say(problem.message, view.lang)),
        }
    for error in audit.errors:
        yield {"record": "rule-error", "rule": error.rule, "message": clean(say(error.message, view.lang))}
    for item in unexplained(audit):
        yield {
            "record": "unexplained",
            "verdict": "not_evaluated",
            "rule": item.rule,
            "kind": item.kind,
            **_place(item.place),
            "text": undecided_cells(item)[1],
            "stated": item.stated.value if item.stated else None,
            "message": undecided_text(item, view.lang),
        }
    for comparison in audit.comparisons if view.evidence else ():
        yield _comparison(comparison, view.lang)


def _finding(finding: Finding, lang: str) -> dict[str, object]:
    first: Iterable[tuple[str, Place, str]] = finding.places[:1]
    row: dict[str, object] = {"record": "finding"}
    for _, where, text in first:
        row |= {**_place(where), "text": clean(text)}
    for name in ("stated", "expected", "difference", "bound"):
        quantity = getattr(finding, name)
        if quantity is not None:
            row |= {name: quantity.value, "unit": quantity.unit.symbol if quantity.unit else ""}
    return row | {
        "id": finding.id,
        "severity": finding.severity,
        "verdict": "fail",
        "rule": finding.rule,
        "kind": finding.kind,
        "message": headline(finding, lang),
        "others": others(finding, lang),
        "cause": finding.cause or finding.id,
        "suspect": suspect_text(suspects[0], finding, lang) if (suspects := telling(finding.suspects)) else "",
        "waived": clean(say(finding.waived, lang)) if finding.waived else "",
        "fingerprint": finding.fingerprint,
    }


def _comparison(comparison: Comparison, lang: str) -> dict[str, object]:
    stated = comparison.stated
    unit = comparison.unit or stated.unit
    return {
        "record": "comparison",
        "severity": comparison.severity,
        "verdict": comparison.verdict,
        "rule": comparison.rule,
        "kind": comparison.kind,
        **_place(stated.place),
        "text": clean(stated.text),
        "stated": stated.value,
        "expected": comparison.expected,
        "difference": comparison.difference,
        "bound": comparison.bound,
        "unit": unit.symbol if unit else "",
        "message": comparison_text(comparison, lang),
        "others": "; ".join(f"{place_text(figure.place, lang)}: {clean(figure.text)}" for _, figure in comparison.operands),
    }


def _place(place: Place) -> dict[str, object]:
    return {name: getattr(place, name) for name in PLACE}


def _field(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if not isinstance(value, str):
        return value
    value = _CONTROL.sub("\ufffd", value)  # what steers a terminal, or ends a line within a field
    return f"'{value}" if _FORMULA.match(value) else value
