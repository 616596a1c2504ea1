"""A baseline: the findings that a project starts with. What stands in it is accepted; what is new, or has changed, counts.

The file is JSON, one entry a finding: file (relative to the baseline), rule, fingerprint, printed text and difference.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from budgetaudit.model import Audit, Finding, Message, Place, Problem
from budgetaudit.paths import require_regular
from budgetaudit.waivers import difference_text

SCHEMA = "budgetaudit/baseline/1"
FIELDS = ("file", "rule", "fingerprint", "stated", "difference")

Entry = tuple[str, ...]


class BaselineError(Exception):
    """A baseline that cannot be used; carries the message to print."""

    def __init__(self, code: str, **args: object) -> None:
        super().__init__(code)
        self.message = Message(code, args)


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding was accepted."""

    path: Path
    entries: Counter[Entry]


def load(path: Path) -> Baseline:
    """The baseline of a file; raises BaselineError if it is none."""
    try:
        require_regular(path)
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError("baseline-unreadable", path=path, reason=error.strerror or type(error).__name__) from None
    except ValueError:
        raise BaselineError("baseline-broken", path=path) from None
    given = document.get("findings") if isinstance(document, dict) and document.get("schema") == SCHEMA else None
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise BaselineError("baseline-broken", path=path)
    return Baseline(path, Counter(tuple(str(item.get(name, "")) for name in FIELDS) for item in given))


def text(audit: Audit, path: Path) -> str:
    """The file that accepts every finding of an audit that counts."""
    entries = sorted(_entry(finding, path) for finding in audit.findings if finding.waived is None)
    listed = [dict(zip(FIELDS, entry, strict=True)) for entry in entries]
    return json.dumps({"schema": SCHEMA, "findings": listed}, ensure_ascii=False, indent=1) + "\n"


def apply(audit: Audit, baseline: Baseline) -> Audit:
    """The audit without the findings of the baseline; how many they were, and how many are gone, becomes a notice."""
    left = Counter(baseline.entries)
    new: list[Finding] = []
    for finding in audit.findings:
        entry = _entry(finding, baseline.path)
        if finding.waived is None and left[entry] > 0:
            left[entry] -= 1
        else:
            new.append(finding)
    kept = {finding.id for finding in new}
    new = [finding if finding.cause in kept else replace(finding, cause=finding.id) for finding in new]
    read = {_relative(source.path, baseline.path) for source in audit.inputs}
    gone = sum(count for entry, count in left.items() if entry[0] in read)
    args = {"known": len(audit.findings) - len(new), "gone": gone}
    notice = Problem(Place(str(baseline.path)), Message("baseline-gone" if gone else "baseline-known", args), "notice")
    known = len(audit.findings) - len(new)
    return replace(audit, findings=tuple(new), notices=(*audit.notices, notice), known=known)


def _entry(finding: Finding, path: Path) -> Entry:
    _, place, printed = finding.places[0] if finding.places else ("", Place(""), "")
    return (_relative(place.file, path), finding.rule, finding.fingerprint, printed, difference_text(finding))


def _relative(file: str, path: Path) -> str:
    folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 - for any text
    try:
        return os.path.relpath(file, folder).replace("\\", "/")
    except ValueError:  # another drive
        return os.path.abspath(file).replace("\\", "/")  # noqa: PTH100
