"""One self-contained page for the auditor's desk: verdict, findings by cause, their tables as printed, plan and coverage.

One script of our own, no network: the page's policy forbids everything else. Everything a document says is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, TextIO

from budgetaudit import __version__
from budgetaudit.assurance import Unexplained, state, unexplained
from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, Audit, Excerpt, Finding, Suspect
from budgetaudit.reports import View
from budgetaudit.reports.charts import coverage, plan_and_execution
from budgetaudit.reports.drawing import Atlas, draw
from budgetaudit.reports.markup import Html, element, join
from budgetaudit.reports.review import STATES, files_of, review_data, templates
from budgetaudit.reports.summary import is_consequence, roots, summary, undecided_cells, verdict
from budgetaudit.reports.wording import (
    HEADS,
    against_code,
    against_head,
    amount,
    clean,
    comparison_cells,
    evidence_text,
    finding_cells,
    headline,
    place_text,
    readable,
    telling,
)

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src '{script}'; img-src data:; base-uri 'none'; form-action 'none'"
)
FIGURES = ("head.stated", "head.expected", "head.difference")
OVERVIEW = ("head.id", "head.severity", "head.message", "head.place")
MAX_PLACES = 60
MAX_SUSPECTS = 3
MAX_EXCERPTS, MAX_COLUMNS = 2, 9


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading."""

    title: str
    name: str
    content: tuple[Html, ...]


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write the page; `view.evidence` adds every comparison."""
    lang = view.lang
    atlas = Atlas(audit)
    title = say("report.title", lang)
    script = files("budgetaudit.reports").joinpath("review.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = templates(lang)
    figures = ("head.stated", against_head(audit.findings), "head.difference")
    out.write(
        page.get_template("page.html.j2").render(
            lang=lang,
            policy=POLICY.format(script=f"sha256-{digest}"),
            version=__version__,
            title=_title(audit, title),
            heading=title,
            date=date.today().isoformat(),  # noqa: DTZ011 - the day of the reader
            css=Html(files("budgetaudit.reports").joinpath("page.css").read_text(encoding="utf-8")),
            script=Html(script),
            verdict=_verdict(audit, lang),
            files=files_of(audit, atlas, lang, _badge),
            sections=list(_sections(audit, atlas, view, page)),
            findings=audit.findings,
            heads=(*OVERVIEW, *figures),
            figures=figures,
            severities=[name for name in SEVERITIES if any(finding.severity == name for finding in audit.findings)],
            rules=sorted({(finding.rule, _rule_title(audit, finding.rule, lang)) for finding in audit.findings}),
            states=STATES,
            data=Html(review_data(audit, lang)),
        )
    )


def _rule_title(audit: Audit, rule: str, lang: str) -> str:
    title = next((one.title.get(lang) or one.title.get("en", "") for one in audit.rules if one.id == rule), "")
    return f"{rule}: {title}" if title else rule


def page_head(title: str) -> Html:
    """The head of a page of ours: its title, its style, and the policy that forbids all else."""
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY.format(script="none")),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"budgetaudit {__version__}"),
        element("title", title),
        element("style", Html(files("budgetaudit.reports").joinpath("page.css").read_text(encoding="utf-8"))),
    )


def _title(audit: Audit, title: str) -> str:
    names = [clean(source.path).replace("\\", "/").rpartition("/")[2] for source in audit.inputs]
    return f"{title}: {names[0]}" + (f" (+{len(names) - 1})" if len(names) > 1 else "") if names else title


def _verdict(audit: Audit, lang: str) -> Html:
    loud = next((severity for severity in ("error", "warning") if audit.severity_count(severity)), "")
    doubtful = audit.errors or state(audit) in ("open", "nothing")
    return element("p", verdict(audit, lang), class_=f"verdict {loud or ('warning' if doubtful else '')}".strip())


def _sections(audit: Audit, atlas: Atlas, view: View, page: Environment) -> Iterable[Section]:
    lang = view.lang
    yield _section("report.summary", "summary", lang, _facts(audit, lang), coverage(audit, lang))
    yield _section("report.findings", "findings", lang, *_findings(audit, atlas, lang, page))
    if undecided := unexplained(audit):
        yield _section("report.not-evaluated", "undecided", lang, _undecided(undecided, atlas, lang))
    drawn = [draw(table, marks, atlas, lang) for table, marks in atlas.tables()]
    if drawn:
        yield _section("html.tables", "tables", lang, element("p", say("html.tables-hint", lang), class_="hint"), *drawn)
    charts = plan_and_execution(audit, lang)
    if charts:
        hint = element("p", say("html.legend", lang), class_="hint")
        yield _section("html.plan", "plan", lang, hint, element("div", *charts, class_="charts"))
    if view.evidence:
        yield _section("report.evidence", "evidence", lang, _evidence(audit, atlas, lang))
    yield _section("html.inputs", "inputs", lang, _inputs(audit))


def _section(code: str, name: str, lang: str, *content: Html) -> Section:
    return Section(say(code, lang), name, content)


def _facts(audit: Audit, lang: str) -> Html:
    facts = [
        join(element("dt", heading), element("dd", join(*(element("div", line) for line in lines))))
        for heading, lines in summary(audit, lang, 0)
    ]
    return element("dl", *facts, class_="facts")


# --- findings ----------------------------------------------------------------------------------


def _findings(audit: Audit, atlas: Atlas, lang: str, page: Environment) -> Iterable[Html]:
    if not audit.findings:
        yield element("p", say("html.no-findings", lang))
        return
    form = page.get_template("review.html.j2")
    titles = {rule.id: rule.title.get(lang) or rule.title.get("en", "") for rule in audit.rules}
    causes = roots(audit.findings)
    following: dict[str, list[Finding]] = {}
    for finding in audit.findings:
        if is_consequence(finding, causes):
            following.setdefault(finding.cause, []).append(finding)
    for finding in audit.findings:
        if not is_consequence(finding, causes):
            asked = "" if finding.waived else form.render(id=finding.id, states=STATES)
            yield _article(finding, following.get(finding.id, ()), titles, atlas, lang, Html(asked))


def _article(
    finding: Finding, following: Sequence[Finding], titles: dict[str, str], atlas: Atlas, lang: str, asked: Html
) -> Html:
    head = element("h3", _badge(finding, lang), f" {finding.id} {headline(finding, lang)}", id=f"{finding.id}-h")
    content = [head, element("p", titles.get(finding.rule) or finding.rule, class_="hint"), _detail(finding, atlas, lang)]
    if following:
        items = [
            element(
                "li",
                element("strong", f"{other.id} {headline(other, lang)}"),
                _detail(other, atlas, lang),
                id=other.id,
            )
            for other in following
        ]
        content += [element("p", say("html.same-cause", lang)), element("ul", *items)]
    content.append(asked)
    return element("article", *content, id=finding.id, class_=finding.severity, aria_labelledby=f"{finding.id}-h")


def _detail(finding: Finding, atlas: Atlas, lang: str) -> Html:
    codes = ("head.stated", against_code(finding), "head.difference")
    _, _, *amounts = finding_cells(finding, lang, file=False)
    boxes = [
        element("div", element("dt", say(code, lang)), element("dd", text))
        for code, text in zip(codes, amounts, strict=True)
        if text != amount(None)
    ]
    parts = [element("dl", *boxes, class_="amounts") if boxes else Html()]
    parts += [_sentence(excerpt) for excerpt in finding.excerpts if excerpt.text]
    beside = [_rows(excerpt, atlas, lang) for excerpt in finding.excerpts[:MAX_EXCERPTS] if excerpt.rows and atlas.shown]
    if beside:
        parts.append(element("div", *beside, class_="beside"))
    several = len({place.file for _, place, _ in finding.places}) > 1
    for _, place, printed in finding.places[:1]:
        parts.append(
            element(
                "p",
                f"{say('head.place', lang)}: ",
                atlas.link(place, lang, file=atlas.several),
                f": {printed}" if printed else "",
            )
        )
    parts += _against(finding, atlas, lang, file=several)
    suspects = telling(finding.suspects)[:MAX_SUSPECTS]
    parts += [
        element(
            "p",
            say("html.suspect", lang),
            " ",
            atlas.link(suspect.place, lang),
            f": {suspect.text or say('report.blank', lang)} → {readable(suspect.value)} ({_why(suspect, lang)})",
        )
        for suspect in suspects
    ]
    if evidence := evidence_text(finding, lang):
        parts.append(element("p", evidence))
    if finding.waived:
        parts.append(element("p", say("report.waived-as", lang, reason=say(finding.waived, lang))))
    return join(*parts)


def _sentence(excerpt: Excerpt) -> Html:
    """A sentence of the document with its figures marked."""
    parts, at = [], 0
    for start, end, _ in sorted(excerpt.spans):
        if start >= at:
            parts += [excerpt.text[at:start], element("mark", excerpt.text[start:end])]
            at = end
    return element("pre", *parts, excerpt.text[at:], class_="excerpt")


def _rows(excerpt: Excerpt, atlas: Atlas, lang: str) -> Html:
    """The rows of a table that a finding is about, under their heading: what is stated and what it is held against."""
    marked = {(row, column): first for row, column, first in excerpt.marks}
    width = len(excerpt.header)
    near = {column + by for _, column in marked for by in (-1, 0, 1)} | set(excerpt.labels)
    columns = [column for column in range(width) if width <= MAX_COLUMNS or column in near]
    title = place_text(excerpt.place, lang, file=atlas.several)
    head = element("tr", element("td", class_="at"), *(element("th", excerpt.header[column], scope="col") for column in columns))
    rows = [
        element(
            "tr",
            element("td", str(number), class_="at"),
            *(_part(texts[column], marked.get((at, column)), column in excerpt.labels) for column in columns),
        )
        for at, (number, texts) in enumerate(excerpt.rows)
    ]
    caption = element("div", f"{title}: {excerpt.heading}" if excerpt.heading else title, class_="hint")
    table = element("table", element("thead", head), element("tbody", *rows))
    return element("div", caption, element("div", table, class_="scroll"))


def _part(text: str, first: bool | None, label: bool) -> Html:
    """A cell of an excerpt: a label, the stated figure, one it is held against, or another."""
    if label:
        return element("th", text, scope="row")
    return element("td", text, class_=None if first is None else "figure wrong error" if first else "figure against")


def _why(suspect: Suspect, lang: str) -> str:
    return f"{say(f'repair.{suspect.repair}', lang)}; {say(f'tier.{suspect.tier}', lang)}"


def _against(finding: Finding, atlas: Atlas, lang: str, *, file: bool) -> Iterable[Html]:
    """The figures a finding's expectation rests on: a few in the open, many folded away."""
    links = [
        join(atlas.link(place, lang, file=file), f": {printed}" if printed else "") for _, place, printed in finding.places[1:]
    ]
    if not links:
        return
    if len(links) <= 3:
        yield element("p", f"{say('report.against', lang)}: ", join(*links, by="; "))
        return
    items = [element("li", link) for link in links[:MAX_PLACES]]
    if len(links) > MAX_PLACES:
        items.append(element("li", say("html.more", lang, n=len(links) - MAX_PLACES)))
    yield element("details", element("summary", say("html.against", lang, n=len(links))), element("ul", *items))


def _badge(finding: Finding, lang: str) -> Html:
    if finding.waived:
        return element("span", say("html.waived", lang), class_="badge waived")
    return element("span", say(f"severity.{finding.severity}", lang), class_=f"badge {finding.severity}")


# --- evidence and inputs -----------------------------------------------------------------------


def _evidence(audit: Audit, atlas: Atlas, lang: str) -> Html:
    heads = ("head.verdict", *HEADS)
    head = element(
        "tr", *(element("th", say(code, lang), scope="col", class_="figure" if code in FIGURES else None) for code in heads)
    )
    rows = []
    for comparison in audit.comparisons:
        rule, _, *amounts = comparison_cells(comparison, lang, file=False)
        cells = [element("td", say(f"verdict.{comparison.verdict}", lang)), element("td", rule)]
        cells += [
            element("td", atlas.link(comparison.stated.place, lang)),
            *(element("td", text, class_="figure") for text in amounts),
        ]
        rows.append(element("tr", *cells))
    table = element("table", element("thead", head), element("tbody", *rows), class_="list")
    return element("div", table, class_="scroll", tabindex=0, role="region", aria_label=say("report.evidence", lang))


def _undecided(undecided: Sequence[Unexplained], atlas: Atlas, lang: str) -> Html:
    """What could not be decided, each leading to its cell, with the reason."""
    heads = ("head.rule", "head.place", "head.label", "head.figure", "head.reason")
    head = element("tr", *(element("th", say(code, lang), scope="col") for code in heads))
    rows = [
        element(
            "tr",
            element("td", item.rule),
            element("td", atlas.link(item.place, lang)),
            *(element("td", text) for text in (*undecided_cells(item), clean(say(item.reason, lang)))),
        )
        for item in undecided
    ]
    table = element("table", element("thead", head), element("tbody", *rows), class_="list")
    return element("div", table, class_="scroll", tabindex=0, role="region", aria_label=say("report.not-evaluated", lang))


def _inputs(audit: Audit) -> Html:
    items = [
        element(
            "li",
            f"{source.path} ",
            element("span", f"{source.format} SHA-256 {source.sha256}" if source.sha256 else "", class_="source"),
        )
        for source in audit.inputs
    ]
    return element("ul", *items)
