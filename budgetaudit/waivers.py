"""Waivers: findings that somebody has looked at and accepts, each with a reason, an author and an end.

A waiver names one finding by meaning (rule, file, table, labels, fingerprint), never by row number, and holds for one
difference or printed text: when the amount changes or the date passes, the finding counts again, and the waiver is void.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from budgetaudit.label_text import single_spaced
from budgetaudit.model import Audit, Finding, Message, Place, Problem
from budgetaudit.paths import matches
from budgetaudit.rulefiles.strict_yaml import Fault, MappingNode, Node, RuleFileError, SequenceNode, read
from budgetaudit.rulefiles.typed_yaml import Blank, TypedReader, shape

DRAFT_DAYS = 365
FIELDS = ("rule", "file", "table", "place", "stated", "difference", "fingerprint", "reason", "author", "expires")

State = Literal["used", "draft", "unused", "ambiguous", "changed", "expired", "elsewhere"]
DEAD: tuple[State, ...] = ("unused", "changed", "expired")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted finding. `difference` is `300 백만원`; `stated` is its printed text; `file` is relative to the waiver file."""

    rule: str
    place: str
    reason: Blank
    author: Blank
    expires: str
    difference: str = ""
    stated: str = ""
    fingerprint: str = ""
    table: str = ""
    file: str = ""
    line: int = field(default=0, metadata={"read": False})


def load(path: str | Path) -> tuple[Waiver, ...]:
    """The waivers of a YAML file; raises RuleFileError with every fault found."""
    reader = TypedReader(str(path))
    waivers = [waiver for node in _items(read(path), reader) if (waiver := _waiver(node, reader)) is not None]
    if reader.faults:
        raise RuleFileError(*reader.faults)
    return tuple(waivers)


@dataclass(frozen=True, slots=True)
class Applied:
    """An audit with its waivers applied, and what became of each waiver."""

    audit: Audit
    states: tuple[State, ...]


def apply(audit: Audit, waivers: Sequence[Waiver], path: str | Path, today: date) -> Applied:
    """Mark waived findings; what is void, unused or not yet reviewed becomes a notice of the audit.

    A waiver of a file that is not among the inputs is left alone. One that fits nothing in its file closes the gate (`stale`).
    """
    about = subjects(audit)
    waived: dict[str, Message] = {}
    notices: list[Problem] = []
    states: list[State] = []
    folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 - for any text
    for waiver in waivers:
        if waiver.file and not any(matches(source.path, waiver.file, folder) for source in audit.inputs):
            states.append("elsewhere")
            continue
        matching = [finding for finding in audit.findings if _fits(waiver, finding, about[finding.id], folder)]
        equal = [finding for finding in matching if _holds(waiver, finding)]
        state, message = _state(waiver, matching, equal, about, today)
        states.append(state)
        if message is not None:
            level: Literal["stale", "notice"] = "stale" if state == "unused" else "notice"
            notices.append(Problem(Place(str(path), line=waiver.line), message, level))
        if state == "used":
            reason = Message("waiver-reason", {"reason": waiver.reason, "author": waiver.author, "expires": waiver.expires})
            waived.update(dict.fromkeys((finding.id for finding in equal), reason))
    findings = tuple(replace(finding, waived=waived.get(finding.id, finding.waived)) for finding in audit.findings)
    return Applied(replace(audit, findings=findings, notices=(*audit.notices, *notices)), tuple(states))


def draft(audit: Audit, path: str | Path, today: date, text_of: Mapping[str, str]) -> str:
    """A waiver file for every finding that counts: what each says as a comment, reason and author left to be filled in.

    `text_of` maps the id of a finding to what it says, in the reader's language.
    """
    folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 - for any text
    items: dict[tuple[str, ...], tuple[str, Mapping[str, str]]] = {}
    known = entries(audit, today, lambda path: _relative(path, folder))
    for finding in audit.findings:
        if finding.waived is None and known[finding.id].get("place"):
            items.setdefault(tuple(known[finding.id].values()), (text_of.get(finding.id, ""), known[finding.id]))
    if not items:
        return "[]\n"
    return "\n".join(_drafted(text, known) for text, known in items.values())


def entries(audit: Audit, today: date, named: Callable[[str], str]) -> dict[str, Mapping[str, str]]:
    """For each finding what a waiver of it says but for reason and author; `named`: how the waiver names a file."""
    about = subjects(audit)
    found: dict[str, Mapping[str, str]] = {}
    for finding in audit.findings:
        subject = about[finding.id]
        known = {"rule": finding.rule, "file": named(subject.file), "table": subject.table, "place": subject.label}
        known |= {"stated": subject.text, "difference": difference_text(finding), "fingerprint": finding.fingerprint}
        known["expires"] = (today + timedelta(days=DRAFT_DAYS)).isoformat()
        found[finding.id] = {name: text for name, text in known.items() if text}
    return found


def kept(text: str, waivers: Sequence[Waiver], states: Sequence[State]) -> str:
    """The text of a waiver file without its dead entries; comments and order stay."""
    lines = text.splitlines(keepends=True)
    starts = [waiver.line - 1 for waiver in waivers]
    ends = [*starts[1:], len(lines)]
    dropped: set[int] = set()
    for state, start, end in zip(states, starts, ends, strict=True):
        if state in DEAD:
            first = start
            while first and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            last = end
            while last < len(lines) and last > start and lines[last - 1].lstrip().startswith("#"):
                last -= 1  # the comment above the next entry is its own
            dropped.update(range(first, last))
    left = "".join(line for at, line in enumerate(lines) if at not in dropped)
    return left if any(state not in DEAD for state in states) else "[]\n"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, whatever rows stand above it; `text` is its figure as printed."""

    label: str
    table: str
    file: str
    text: str


def subjects(audit: Audit) -> dict[str, Subject]:
    """For each finding the labels of its stated figure, the caption of its table, its file and its printed text."""
    labels = {(item.rule, item.stated.place): item.stated.label for item in audit.comparisons}
    tables = {(table.place.file, table.number): table for table in audit.tables}
    found = {}
    for finding in audit.findings:
        _, place, text = finding.places[0] if finding.places else ("", Place(""), "")
        table = tables.get((place.file, place.table or 0))
        label = single_spaced(labels.get((finding.rule, place), ""))
        if label in ("", single_spaced(text)) and table is not None and place.row and place.column:
            before = [cell for cell in table.grid.cells if cell.row == place.row - 1 and cell.column < place.column - 1]
            label = " ".join(single_spaced(cell.text) for cell in before if cell.text.strip())
        caption = single_spaced(table.caption) if table is not None else ""
        args = finding.message.args  # a finding of a ledger is about the key of a row
        label = label or single_spaced(str(args.get("key") or args.get("label") or "")) or single_spaced(text)
        found[finding.id] = Subject(label, caption, place.file, single_spaced(text))
    return found


def difference_text(finding: Finding) -> str:
    """`300 백만원`: the difference a waiver of this finding must name; empty if it has none."""
    if finding.difference is None:
        return ""
    unit = finding.difference.unit
    value = finding.difference.value
    digits = f"{value:,f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{digits} {unit.symbol if unit else ''}".strip()


def _relative(path: str, folder: str) -> str:
    """A path as a waiver file in `folder` names it; signs of patterns are taken literally."""
    try:
        found = os.path.relpath(path, folder)
    except ValueError:  # another drive
        found = os.path.abspath(path)  # noqa: PTH100
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in found.replace("\\", "/"))


def _drafted(text: str, known: Mapping[str, str]) -> str:
    import yaml

    line = " ".join(text.split())
    comment = f"# {''.join(sign if sign.isprintable() else ' ' for sign in line)}\n" if line else ""
    item = {name: known.get(name, "") for name in FIELDS if known.get(name) or name in ("reason", "author")}
    return comment + yaml.safe_dump([item], allow_unicode=True, sort_keys=False, width=4096)


def _fits(waiver: Waiver, finding: Finding, about: Subject, folder: str) -> bool:
    """True if a waiver names a finding, whatever its amount is now."""
    conditions = ((waiver.table, about.table), (waiver.place, about.label))
    named = all(not text or single_spaced(text) == found for text, found in conditions)
    identified = not waiver.fingerprint or waiver.fingerprint == finding.fingerprint
    return waiver.rule == finding.rule and named and identified and (not waiver.file or matches(about.file, waiver.file, folder))


def _holds(waiver: Waiver, finding: Finding) -> bool:
    """True if a finding is still what was accepted: the same difference and, if the waiver gives it, the same printed text."""
    text = finding.places[0][2] if finding.places else ""
    same_text = not waiver.stated or single_spaced(waiver.stated) == single_spaced(text)
    return same_text and _same(waiver.difference, difference_text(finding))


def _same(stated: str, found: str) -> bool:
    return single_spaced(stated).replace(",", "").replace(" ", "") == found.replace(",", "").replace(" ", "")


def _state(
    waiver: Waiver, matching: Sequence[Finding], equal: Sequence[Finding], about: Mapping[str, Subject], today: date
) -> tuple[State, Message | None]:
    """What becomes of a waiver, and what is to be said of it."""
    args: dict[str, object] = {"rule": waiver.rule, "place": waiver.place}
    if not matching:
        return "unused", Message("waiver-unused", args)
    if not equal:
        now = ", ".join(dict.fromkeys(difference_text(finding) or about[finding.id].text or "-" for finding in matching))
        return "changed", Message("waiver-changed", {**args, "was": waiver.difference or waiver.stated or "-", "now": now})
    if date.fromisoformat(waiver.expires) < today:
        return "expired", Message("waiver-expired", {**args, "expires": waiver.expires})
    different = {(about[finding.id].file, about[finding.id].table, finding.fingerprint) for finding in equal}
    if len(different) > 1:
        return "ambiguous", Message("waiver-ambiguous", {**args, "count": len(different)})
    if not waiver.reason.strip() or not waiver.author.strip():
        return "draft", Message("waiver-draft", args)
    return "used", None


def _items(root: Node, reader: TypedReader) -> Iterator[MappingNode]:
    if not isinstance(root, SequenceNode):
        reader.fault(root.line, "waiver-list")
        return
    for item in root.items:
        if isinstance(item, MappingNode):
            yield item
        else:
            reader.fault(item.line, "waiver-list")


def _waiver(node: MappingNode, reader: TypedReader) -> Waiver | None:
    given = reader.values(node, Waiver, reader.check_keys(node, shape(Waiver)))
    if given is None:
        return None
    try:
        date.fromisoformat(given["expires"])
    except ValueError:
        line = node.pairs["expires"][0].line
        reader.faults.append(Fault(reader.file, line, Message("waiver-date", {"text": given["expires"]})))
        return None
    return Waiver(**given, line=node.line)
