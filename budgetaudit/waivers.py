"""Waivers: findings that somebody has looked at and accepts, each with a reason, an author and an end.

A waiver names its finding by meaning (rule, labels, caption), never by row number, and holds for one difference:
when the amount changes or the date passes, the finding counts again, and the waiver is reported as void.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from budgetaudit.model import Audit, Finding, Message, Place, Problem
from budgetaudit.rulefiles.rule import squeeze
from budgetaudit.rulefiles.strict_yaml import Fault, MappingNode, Node, RuleFileError, SequenceNode, read
from budgetaudit.rulefiles.typed_yaml import TypedReader, shape

DRAFT_REASON = "초안, 검토 필요 (draft, to be reviewed)"
DRAFT_DAYS = 365
FIELDS = ("rule", "file", "table", "place", "difference", "reason", "author", "expires")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted finding. `difference` is `300 백만원`; empty for a finding that has none."""

    rule: str
    place: str
    reason: str
    author: str
    expires: str
    difference: str = ""
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


def apply(audit: Audit, waivers: Sequence[Waiver], path: str | Path, today: date) -> Audit:
    """The audit with waived findings marked; what is void, unused or not yet reviewed becomes a notice."""
    about = subjects(audit)
    waived: dict[str, Message] = {}
    notices = []
    for waiver in waivers:
        matching = [finding for finding in audit.findings if _fits(waiver, finding, about[finding.id])]
        equal = [finding for finding in matching if _same(waiver.difference, difference_text(finding))]
        void = _void(waiver, matching, equal, today)
        if void is not None:
            notices.append(Problem(Place(str(path), line=waiver.line), void, "notice"))
            continue
        reason = Message("waiver-reason", {"reason": waiver.reason, "author": waiver.author, "expires": waiver.expires})
        waived.update(dict.fromkeys((finding.id for finding in equal), reason))
        if waiver.reason == DRAFT_REASON:
            notices.append(Problem(Place(str(path), line=waiver.line), Message("waiver-draft", {"rule": waiver.rule}), "notice"))
    findings = tuple(replace(finding, waived=waived.get(finding.id, finding.waived)) for finding in audit.findings)
    return replace(audit, findings=findings, notices=(*audit.notices, *notices))


def draft(audit: Audit, author: str, today: date) -> str:
    """A waiver file for every finding that counts, to be reviewed and given reasons."""
    import yaml

    items: dict[tuple[str, ...], Mapping[str, str]] = {}
    named = subjects(audit)
    for finding in audit.findings:
        about = named[finding.id]
        if finding.waived is None and about.label:
            file = glob.escape(about.file) if len(audit.inputs) > 1 else ""
            known = {"rule": finding.rule, "file": file, "table": about.table, "place": about.label}
            known |= {"difference": difference_text(finding), "reason": DRAFT_REASON, "author": author}
            known["expires"] = (today + timedelta(days=DRAFT_DAYS)).isoformat()
            items.setdefault(tuple(known.values()), {name: known[name] for name in FIELDS if known[name]})
    return yaml.safe_dump(list(map(dict, items.values())), allow_unicode=True, sort_keys=False, width=4096)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, whatever rows stand above it."""

    label: str
    table: str
    file: str


def subjects(audit: Audit) -> dict[str, Subject]:
    """For each finding the labels of its stated figure, the caption of its table and the name of its file."""
    labels = {(item.rule, item.stated.place): item.stated.label for item in audit.comparisons}
    captions = {(table.place.file, table.number): table.caption for table in audit.tables}
    found = {}
    for finding in audit.findings:
        _, place, text = finding.places[0] if finding.places else ("", Place(""), "")
        label = squeeze(labels.get((finding.rule, place), "")) or squeeze(text)
        caption = captions.get((place.file, place.table or 0), "")
        found[finding.id] = Subject(label, squeeze(caption), PurePath(place.file.replace("\\", "/")).name)
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


def _fits(waiver: Waiver, finding: Finding, about: Subject) -> bool:
    wanted = ((waiver.table, about.table), (waiver.place, about.label))
    named = all(not text or squeeze(text) == found for text, found in wanted)
    return waiver.rule == finding.rule and named and (not waiver.file or fnmatchcase(about.file, waiver.file))


def _same(stated: str, found: str) -> bool:
    return squeeze(stated).replace(",", "").replace(" ", "") == found.replace(",", "").replace(" ", "")


def _void(waiver: Waiver, matching: Sequence[Finding], equal: Sequence[Finding], today: date) -> Message | None:
    """Why a waiver waives nothing."""
    args: dict[str, object] = {"rule": waiver.rule, "place": waiver.place}
    if not matching:
        return Message("waiver-unused", args)
    if not equal:
        now = ", ".join(dict.fromkeys(difference_text(finding) or "-" for finding in matching))
        return Message("waiver-changed", {**args, "was": waiver.difference or "-", "now": now})
    if date.fromisoformat(waiver.expires) < today:
        return Message("waiver-expired", {**args, "expires": waiver.expires})
    return None


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
