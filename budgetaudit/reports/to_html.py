"""One self-contained page for the auditor's desk: verdict, findings by cause, their tables as printed, plan and coverage.

One script of our own, no network: the page's policy forbids everything else. Everything a document says is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.resources import files
from typing import TextIO

from budgetaudit import __version__
from budgetaudit.assurance import state, unexplained
from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, Audit, Comparison, Excerpt, Finding, Place
from budgetaudit.reports import View
from budgetaudit.reports.drawing import Atlas, coverage, draw, plan_and_execution
from budgetaudit.reports.markup import Html, element
from budgetaudit.reports.review import STATES, files_of, review_data, templates
from budgetaudit.reports.summary import summary, undecided_cells, verdict
from budgetaudit.reports.wording import (
    HEADS,
    against_head,
    all_shown,
    by_reason,
    causes,
    clean,
    comparison_cells,
    evidence_text,
    headline,
    rule_titles,
    suspect_text,
    telling,
)

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src '{script}'; img-src data:; base-uri 'none'; form-action 'none'"
)
OVERVIEW = ("head.id", "head.severity", "head.message", "head.place")
MAX_PLACES = 60
MAX_SUSPECTS = 3
MAX_COLUMNS = 9


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write the page; `view.evidence` adds every comparison."""
    lang = view.lang
    atlas = Atlas(audit)
    script = _text("review.js")
    titles = rule_titles(audit.rules, lang)
    teller = Teller(atlas, lang)
    page = templates(lang)
    figures = ("head.stated", against_head(audit.findings), "head.difference")
    loud = next((severity for severity in ("error", "warning") if audit.severity_count(severity)), "")
    doubtful = audit.errors or state(audit) in ("open", "nothing")
    found = {finding.rule for finding in audit.findings}
    out.write(
        page.get_template("page.html.j2").render(
            **frame(lang, hashlib.sha256(script.encode()).digest()),
            names=[clean(source.path).replace("\\", "/").rpartition("/")[2] for source in audit.inputs],
            date=date.today().isoformat(),  # noqa: DTZ011 - the day of the reader
            script=Html(script),
            verdict=verdict(audit, lang),
            loud=loud or ("warning" if doubtful else ""),
            facts=summary(audit, lang, 0),
            coverage=coverage(audit, lang),
            files=files_of(audit, atlas, lang, teller.badge),
            findings=audit.findings,
            causes=causes(audit.findings),
            titles=titles,
            teller=teller,
            undecided=by_reason(unexplained(audit), lang),
            tables=[draw(table, marks, atlas, lang) for table, marks in atlas.tables()],
            charts=plan_and_execution(audit, lang),
            evidence=audit.comparisons if view.evidence else (),
            inputs=audit.inputs,
            heads=(*OVERVIEW, *figures),
            columns=HEADS,
            figures=(*figures, "head.expected"),
            severities=[name for name in SEVERITIES if any(finding.severity == name for finding in audit.findings)],
            rules=sorted((rule, f"{rule}: {titles[rule]}" if titles.get(rule) else rule) for rule in found),
            states=STATES,
            data=Html(review_data(audit, lang)),
        )
    )


def frame(lang: str, script: bytes = b"") -> dict[str, object]:
    """What every page of ours has: its style, and the policy that allows one script and forbids all else."""
    allowed = f"sha256-{base64.b64encode(script).decode()}" if script else "none"
    return {"lang": lang, "policy": POLICY.format(script=allowed), "version": __version__, "css": Html(_text("page.css"))}


def _text(name: str) -> str:
    return files("budgetaudit.reports").joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Part:
    """A cell of an excerpt, or a stretch of its sentence: `mark` is `wrong`, `against` or ''."""

    text: str
    mark: str = ""
    label: bool = False
    far: bool = False  # from what is marked: left out where the screen is narrow


class Teller:
    """How the page words what its templates ask for."""

    def __init__(self, atlas: Atlas, lang: str) -> None:
        self.lang = lang
        self.link = partial(atlas.link, lang=lang, file=atlas.several)
        self._atlas = atlas
        self.headline = partial(headline, lang=lang)

    def badge(self, finding: Finding) -> Html:
        """The severity of a finding, or that it is waived."""
        if finding.waived:
            return element("span", say("html.waived", self.lang), class_="badge waived")
        return element("span", say(f"severity.{finding.severity}", self.lang), class_=f"badge {finding.severity}")

    def excerpts(self, finding: Finding) -> list[Excerpt]:
        """The excerpts to draw: sentences, and rows unless the findings are too many for that."""
        return [excerpt for excerpt in finding.excerpts if excerpt.text or (excerpt.rows and self._atlas.shown)]

    def sentence(self, excerpt: Excerpt) -> Iterator[Part]:
        """A sentence of the document with its figures marked."""
        at = 0
        for start, end, stated in sorted(excerpt.spans):
            if start >= at:
                yield Part(excerpt.text[at:start])
                yield Part(excerpt.text[start:end], "wrong" if stated else "against")
                at = end
        yield Part(excerpt.text[at:])

    def columns(self, excerpt: Excerpt) -> list[int]:
        """The columns of an excerpt that are drawn: all of a few, else the labels and those beside what is marked."""
        width = len(excerpt.header)
        near = {column + by for _, column, _ in excerpt.marks for by in (-1, 0, 1)} | set(excerpt.labels)
        full = [column for column in range(width) if excerpt.header[column] or any(texts[column] for _, texts in excerpt.rows)]
        return [column for column in full if len(full) <= MAX_COLUMNS or column in near]

    def rows(self, excerpt: Excerpt) -> Iterator[tuple[int | str, list[Part]]]:
        """The header of an excerpt and its rows by their numbers, what is stated and what it is held against marked."""
        marked = {(row, column): "wrong" if first else "against" for row, column, first in excerpt.marks}
        near = {column for _, column, _ in excerpt.marks} | set(excerpt.labels[:1])
        columns = self.columns(excerpt)
        rows: list[tuple[int | str, tuple[str, ...]]] = [("", excerpt.header), *excerpt.rows]
        for at, (number, texts) in enumerate(rows, -1):
            parts = ((texts[at_], marked.get((at, at_), ""), at_ in excerpt.labels, at_ not in near) for at_ in columns)
            yield number, [Part(*part) for part in parts]

    def places(self, finding: Finding) -> tuple[tuple[str, Place, str], ...]:
        """The places that the excerpts of a finding do not show."""
        return () if all_shown(finding) and self.excerpts(finding) == list(finding.excerpts) else finding.places[: MAX_PLACES + 1]

    def remarks(self, finding: Finding) -> Iterator[str]:
        """Who is suspected, what speaks for it, and why a finding is waived."""
        for suspect in telling(finding.suspects)[:MAX_SUSPECTS]:
            yield suspect_text(suspect, finding, self.lang)
        if evidence := evidence_text(finding, self.lang):
            yield evidence
        if finding.waived:
            yield say("report.waived-as", self.lang, reason=say(finding.waived, self.lang))

    def comparison(self, comparison: Comparison) -> list[str]:
        """A comparison under the heads of the list: verdict, rule, link, amounts."""
        rule, _, *amounts = comparison_cells(comparison, self.lang, file=False)
        return [say(f"verdict.{comparison.verdict}", self.lang), rule, self.link(comparison.stated.place), *amounts]

    undecided = staticmethod(undecided_cells)
