"""What the page of a review needs: its templates, the files at a glance, and the findings as its script reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from budgetaudit import waivers
from budgetaudit.assurance import unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Finding
from budgetaudit.reports.drawing import Atlas
from budgetaudit.reports.markup import Html, text
from budgetaudit.reports.summary import verdict
from budgetaudit.reports.wording import causes, clean, finding_cells, headline, place_text

if TYPE_CHECKING:
    from jinja2 import Environment

STATES = ("open", "accept", "reject")
WORDS = {
    "progress": "review.progress",
    "none": "review.none",
    "noAuthor": "review.no-author",
    "noReason": "review.no-reason",
    "memo": "memo.title",
    "author": "review.author",
    **{name: f"review.{name}" for name in STATES},
}
MEMO_HEADS = ("head.id", "head.place", "head.message", "review.state", "review.comment")


def templates(lang: str) -> Environment:
    """The templates of the page; what a document says is escaped, without control characters."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    made = Environment(
        loader=PackageLoader("budgetaudit.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        finalize=lambda value: clean(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["spaced"] = text  # keeps the blanks at the edges
    made.globals["say"] = lambda code, **args: say(code, lang, **args)
    return made


@dataclass(slots=True)
class Row:
    """A finding in the overview."""

    id: str
    badge: Html
    headline: str
    place: Html
    amounts: list[str]


@dataclass(slots=True)
class File:
    """An input at a glance."""

    number: int
    path: str
    proven: str = "–"
    share: int = -1
    unread: bool = False
    error: int = 0
    warning: int = 0
    note: int = 0
    unexplained: int = 0
    rows: list[Row] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return bool(self.rows)


def files_of(audit: Audit, atlas: Atlas, lang: str, badge: Callable[[Finding], Html]) -> list[File]:
    """Every input with its findings counted and listed."""
    found: dict[str, File] = {}
    for number, source in enumerate(audit.inputs, 1):
        file = found.setdefault(source.path, File(number, source.path))
        file.unread = any(problem.level == "unread" for problem in source.problems)
        if source.figures:
            file.share = int((Decimal(100 * source.covered) / source.figures).to_integral_value())
            file.proven = f"{file.share}% ({source.covered:,}/{source.figures:,})"
    for item in unexplained(audit):
        if item.place.file in found:
            found[item.place.file].unexplained += item.count
    for finding in audit.findings:
        path = finding.places[0][1].file if finding.places else ""
        file = found.setdefault(path, File(len(found) + 1, path))
        if finding.waived is None:
            setattr(file, finding.severity, getattr(file, finding.severity) + 1)
        where = atlas.link(finding.places[0][1], lang) if finding.places else Html()
        amounts = finding_cells(finding, lang, file=False)[2:]
        file.rows.append(Row(finding.id, badge(finding), headline(finding, lang), where, amounts))
    return list(found.values())


def review_data(audit: Audit, lang: str) -> str:
    """The findings and the words of the page's script, as JSON that is safe within a page."""
    words: dict[str, Any] = {name: _plain(code, lang) for name, code in WORDS.items()}
    words["heads"] = [say(code, lang) for code in MEMO_HEADS]
    numbers = {source.path: number for number, source in enumerate(audit.inputs, 1)}
    roots = {one.id: root.id for root, following in causes(audit.findings) for one in (root, *following)}
    entries = waivers.entries(audit, date.today(), partial(_pattern, len(audit.inputs) > 1))  # noqa: DTZ011 - the reader's day
    findings = []
    for finding in audit.findings:
        if finding.waived is None:
            place = finding.places[0][1] if finding.places else None
            findings.append(
                {
                    "id": finding.id,
                    "root": roots[finding.id],
                    "rule": finding.rule,
                    "severity": finding.severity,
                    "file": numbers.get(place.file, 0) if place else 0,
                    "headline": headline(finding, lang),
                    "place": place_text(place, lang, file=len(audit.inputs) > 1) if place else "",
                    "waiver": entries[finding.id],
                }
            )
    key = sha256("\n".join(source.sha256 or source.path for source in audit.inputs).encode()).hexdigest()[:16]
    about = [clean(source.path) + (f" (SHA-256 {source.sha256})" if source.sha256 else "") for source in audit.inputs]
    about.append(verdict(audit, lang))
    data = {"key": key, "words": words, "about": about, "findings": findings}
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")


def _plain(code: str, lang: str) -> str:
    """A text with its own placeholders left in, for the script to fill."""
    names = ("open", "accept", "reject", "id")
    return say(code, lang, **{name: f"{{{name}}}" for name in names})


def _pattern(several: bool, path: str) -> str:
    """How a saved waiver names its file: it may be kept in any folder above it."""
    name = PurePath(path.replace("\\", "/")).name
    return "**/" + "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name) if several else ""
