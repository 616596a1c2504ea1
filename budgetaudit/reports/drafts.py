"""Two drafts compared, in words and as JSON (schema budgetaudit/drafts/1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from tabulate import tabulate

from budgetaudit import __version__
from budgetaudit.drafts import Drafts
from budgetaudit.messages import say
from budgetaudit.model import Figure, Finding, Quantity
from budgetaudit.reports import View, summary
from budgetaudit.reports.layout import indented, wrap
from budgetaudit.reports.review import templates
from budgetaudit.reports.to_html import frame
from budgetaudit.reports.wording import amount, clean, counted, headline, place_text, plain

SCHEMA = "budgetaudit/drafts/1"
MAX_FIGURES = 200
FIGURES = ("head.label", "head.before", "head.after", "head.difference", "head.place")


def incomplete(found: Drafts, lang: str) -> Iterator[str]:
    """One line for all that kept either audit from being complete."""
    for audit in (found.old, found.new):
        yield from summary.incomplete(audit, lang)


def notices(found: Drafts, lang: str) -> Iterator[str]:
    """One line for each waiver that is void, unused or not reviewed."""
    return (summary.problem_text(notice.place.file, notice, lang) for notice in found.new.notices)


def to_text(found: Drafts, out: IO[str], view: View) -> None:
    """New findings first, then changed, persisting and fixed ones, then the figures that changed."""
    lang = view.lang
    for code, pairs in _groups(found):
        out.write(f"{say(code, lang)}: {counted('finding', len(pairs), lang)}\n")
        for before, finding in pairs:
            for line in _finding(before, finding, view):
                out.write(line + "\n")
    out.write(f"\n{say('drafts.figures', lang)}: {counted('figure', len(found.figures), lang)}\n")
    if found.figures:
        out.write(_figures(found, view) + "\n")
    remarks = [*incomplete(found, lang), *notices(found, lang)]
    if remarks:
        out.write(f"\n{say('report.problems', lang)}:\n")
    for line in remarks:
        out.writelines(f"{part}\n" for part in indented(line, view.width, 2))


def _groups(found: Drafts) -> tuple[tuple[str, list[tuple[Finding | None, Finding]]], ...]:
    """The findings by what became of them, each with what it was before."""
    return (
        ("drafts.new", [(None, finding) for finding in found.added]),
        ("drafts.changed", list(found.changed)),
        ("drafts.persisting", list(found.persisting)),
        ("drafts.fixed", [(None, finding) for finding in found.fixed]),
        ("drafts.unchecked", [(None, finding) for finding in found.unchecked]),
    )


def _finding(before: Finding | None, finding: Finding, view: View) -> list[str]:
    lang = view.lang
    place = place_text(finding.places[0][1], lang) if finding.places else ""
    head = f"{say(f'severity.{finding.severity}', lang)} {finding.rule} {place}"
    if finding.waived:
        head += f" ({clean(say('report.waived-as', lang, reason=say(finding.waived, lang)))})"
    lines = [f"  {line}" for line in wrap(head, view.width - 2)]
    lines += indented(headline(finding, lang), view.width, 4)
    now = say("drafts.amounts", lang, stated=amount(finding.stated, unit=True), expected=amount(finding.expected, unit=True))
    if before is not None and before.stated != finding.stated:
        was = say("drafts.amounts", lang, stated=amount(before.stated, unit=True), expected=amount(before.expected, unit=True))
        return lines + indented(say("drafts.was", lang, was=was, now=now), view.width, 4)
    return lines + indented(now, view.width, 4)


def _figures(found: Drafts, view: View) -> str:
    rows = [[say(name, view.lang) for name in FIGURES]]
    for old, new in found.figures[:MAX_FIGURES]:
        rows.append(["\n".join(wrap(clean(new.label), 40)), *_changed(old, new), place_text(new.place, view.lang)])
    align = ("left", "right", "right", "right", "left")
    drawn = tabulate(rows, tablefmt="plain", colalign=align, disable_numparse=True)
    left = len(found.figures) - MAX_FIGURES
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + (
        "\n" + say("html.more", view.lang, n=left) if left > 0 else ""
    )


def _changed(old: Figure, new: Figure) -> tuple[str, str, str]:
    """An amount before and after, and the difference."""
    return _number(old, new), _number(new, old), amount(_difference(old, new), unit=True)


def _number(figure: Figure, other: Figure) -> str:
    value = None if figure.value is None else Quantity(figure.value, figure.unit)
    return amount(value, unit=figure.unit != other.unit)


def _difference(old: Figure, new: Figure) -> Quantity | None:
    if old.value is None or new.value is None:
        return None
    if old.unit == new.unit:
        return Quantity(new.value - old.value, new.unit)
    if old.base is None or new.base is None or new.unit is None or not new.unit.scale:
        return None
    return Quantity((new.base - old.base) / new.unit.scale, new.unit)


def to_html(found: Drafts, out: IO[str], view: View) -> None:
    """The same as one self-contained page."""
    lang = view.lang
    listed = found.figures[:MAX_FIGURES]
    out.write(
        templates(lang)
        .get_template("drafts.html.j2")
        .render(
            **frame(lang),
            names=[source.path.replace("\\", "/").rpartition("/")[2] for a in (found.old, found.new) for source in a.inputs[:1]],
            groups=[(code, [_finding(before, finding, view) for before, finding in pairs]) for code, pairs in _groups(found)],
            heads=[say(name, lang) for name in FIGURES],
            rows=[(clean(new.label), *_changed(old, new), place_text(new.place, lang)) for old, new in listed],
            figures=len(found.figures),
            problems=[*incomplete(found, lang), *notices(found, lang)],
            counted=counted,
        )
    )


def to_json(found: Drafts, out: IO[str], view: View) -> None:
    """The same for programs."""
    lang = view.lang
    report = {
        "schema": SCHEMA,
        "tool": {"name": "budgetaudit", "version": __version__},
        "old": [{"path": source.path, "sha256": source.sha256} for source in found.old.inputs],
        "new": [{"path": source.path, "sha256": source.sha256} for source in found.new.inputs],
        "problems": list(incomplete(found, lang)),
        "notices": list(notices(found, lang)),
        "findings": {
            "new": [_shape(finding, lang) for finding in found.added],
            "changed": [{"old": _shape(old, lang), "new": _shape(new, lang)} for old, new in found.changed],
            "persisting": [{"old": _shape(old, lang), "new": _shape(new, lang)} for old, new in found.persisting],
            "fixed": [_shape(finding, lang) for finding in found.fixed],
            "unchecked": [_shape(finding, lang) for finding in found.unchecked],
        },
        "figures": [{"label": new.label, "old": _figure(old), "new": _figure(new)} for old, new in found.figures],
    }
    json.dump(report, out, ensure_ascii=False, indent=1)
    out.write("\n")


def _shape(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": headline(finding, lang),
        "place": place_text(finding.places[0][1], lang) if finding.places else None,
        "line": finding.places[0][1].line if finding.places else None,
        "waived": say(finding.waived, lang) if finding.waived else None,
        **{name: _quantity(getattr(finding, name)) for name in ("stated", "expected", "difference")},
    }


def _quantity(quantity: Quantity | None) -> dict[str, str | None] | None:
    return None if quantity is None else {"value": plain(quantity.value), "unit": quantity.unit.symbol if quantity.unit else None}


def _figure(figure: Figure) -> dict[str, Any]:
    value = None if figure.value is None else plain(figure.value)
    unit = figure.unit.symbol if figure.unit else None
    place = figure.place
    return {
        "value": value,
        "unit": unit,
        "text": figure.text,
        "table": place.table,
        "row": place.row,
        "column": place.column,
        "cell": place.cell,
        "line": place.line,
    }
