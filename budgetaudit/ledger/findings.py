"""From what an engine found in a ledger to findings, counts and reasons as reports know them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from budgetaudit.engines.groups import comparison_of
from budgetaudit.engines.job import Job, RollupJob
from budgetaudit.engines.linear import Column, LinearComparison, Rollup, Unique, Weighed
from budgetaudit.engines.pandas_kernel import BLANK, FAIL, MALFORMED, PASS, ROUNDING, ZERO_DIVISOR
from budgetaudit.engines.results import STRAY, Cell, Hit, Result, Tally
from budgetaudit.ledger.wording import decimal, printed, terms, written
from budgetaudit.model import SEVERITIES, Finding, Message, Place, Quantity, RuleTally, Severity, Unit

REASON_CODES = {BLANK: "ledger-reason-blank", MALFORMED: "ledger-reason-malformed", ZERO_DIVISOR: "ledger-reason-zero-divisor"}
AMOUNTS = Unique("amounts", "notation", ())  # the rule every ledger is under: what stands among amounts is one
MISREAD = 3  # where more than one row in three fails, the columns were misread


def row_number(row: int) -> int:
    """A row as it counts in the printed table: from 1, the header counted."""
    return row + 2


def comparison_findings(job: Job, result: Result, guessed: frozenset[str]) -> Iterator[Finding]:
    """The largest failures of every comparison."""
    for weighed, largest, tally in zip(job.comparisons, result.largest, result.tallies, strict=True):
        if not misread(weighed, tally, guessed):
            wording = _say(job, weighed.source)
            yield from (_comparison_finding(job, weighed, wording, hit) for hit in largest.cut())


def misread(weighed: Weighed, tally: Tally, guessed: frozenset[str]) -> bool:
    """True if a comparison read off column names fails so often that the names must mean something else."""
    made = int(tally.counts[PASS] + tally.counts[ROUNDING] + tally.counts[FAIL])
    return weighed.source.rule in guessed and int(tally.counts[FAIL]) * MISREAD > made


@dataclass(frozen=True, slots=True)
class _Wording:
    """What all findings of one comparison say alike: its two sides in words, the code of the message, and its columns.

    `columns`: role, name and number of each.
    """

    stated: str
    parts: str
    code: str
    columns: tuple[tuple[str, str, int], ...]


def _say(job: Job, rule: LinearComparison) -> _Wording:
    plain = not rule.divisor and not rule.constant and all(c == 1 for c, _ in rule.right) and len(rule.right) > 1
    code = {"=": "ledger-sum" if plain else "ledger-relation", "<=": "ledger-limit"}.get(rule.operator, "ledger-order")
    columns = tuple((_role(rule, name), name, job.file.columns.index(name) + 1) for name in rule.columns())
    return _Wording(terms(rule.left), written(rule), code, columns)


def _comparison_finding(job: Job, weighed: Weighed, wording: _Wording, hit: Hit) -> Finding:
    rule, path = weighed.source, job.file.path
    row, line = row_number(hit.row), _line(job, hit.line)
    texts = [printed(value) for value in hit.operands]
    places = [
        (role, Place(path, row=row, column=number, line=line), text)
        for (role, _, number), text in zip(wording.columns, texts, strict=True)
    ]
    args: dict[str, object] = {
        "label": f"{hit.key} · {wording.stated}" if hit.key else wording.stated,
        "stated": printed(hit.stated),
        "expected": printed(hit.expected),
        "parts": wording.parts,
        "operator": rule.operator,
    }
    blank = [name for (_, name, _), value in zip(wording.columns, hit.operands, strict=True) if value is None]
    message = Message("ledger-blank", args | {"blank": ", ".join(blank)}) if blank else Message(wording.code, args)
    labels = [rule.rule, rule.label, *(name for _, name, _ in wording.columns), hit.key or str(hit.row)]
    # A blank that would have to hold something is weaker than a sum that is wrong.
    severity: Severity = "warning" if hit.blanks and rule.severity == "error" else rule.severity
    return _finding(rule, message, places, labels, hit, job.columns[rule.stated].unit, bound_of(weighed), severity)


def bound_of(weighed: Weighed) -> Fraction:
    """What the tolerance grants any row; what it grants one row may be more where it depends on its amounts."""
    return weighed.allowance


def _role(rule: LinearComparison, name: str) -> str:
    if name == rule.stated:
        return "stated"
    if name in (column for _, column in rule.left):
        return "part"
    return "limit" if rule.kind == "within" else "part"


def _place(job: Job, row: int, line: int | None, column: str) -> Place:
    file = job.file
    number = file.columns.index(column) + 1 if column else None
    return Place(file.path, row=row_number(row), column=number, line=_line(job, line))


def _line(job: Job, line: int | None) -> int | None:
    """A line of the rows as a line of the file; a row of Parquet has none."""
    return None if line is None or job.file.csv is None else line + job.file.csv.lines + 1


def _finding(
    rule: LinearComparison | Rollup | Unique,
    message: Message,
    places: Sequence[tuple[str, Place, str]],
    labels: Sequence[str],
    hit: Hit | None = None,
    unit: Unit | None = None,
    bound: Fraction | None = None,
    severity: Severity | None = None,
) -> Finding:
    def quantity(value: Fraction) -> Quantity:
        return Quantity(decimal(value), unit)

    return Finding(
        "",
        hashlib.sha256("\x1f".join(labels).encode()).hexdigest()[:16],
        rule.rule,
        rule.kind,
        severity or rule.severity,
        message,
        quantity(hit.stated) if hit else None,
        quantity(hit.expected) if hit else None,
        quantity(hit.difference) if hit else None,
        quantity(bound) if hit and bound is not None else None,
        tuple(places),
    )


# --- keys --------------------------------------------------------------------------------------


def rollup_findings(job: Job, result: Result) -> Iterator[Finding]:
    """Published sums that differ, and groups that are on one side only."""
    for item, found in zip(job.rollups, result.rollups, strict=True):
        rule = item.rollup
        for (_, published), measure, largest in zip(rule.measures, item.measures, found.largest, strict=True):
            for hit in largest.cut():
                yield _rollup_finding(item, published, measure.published, hit)
        for code, groups, file in (
            ("ledger-group-missing", found.missing, job.file.path),
            ("ledger-group-extra", found.extra, item.published.path),
        ):
            for group in groups.groups:
                args = {"key": group.key, "rows": rows_text(group.rows), "file": item.published.path}
                places = [("stated", Place(file, row=row_number(group.first)), group.key)]
                yield _finding(rule, Message(code, args), places, [rule.rule, code, group.key])


def _rollup_finding(item: RollupJob, name: str, column: Column, hit: Hit) -> Finding:
    rule = item.rollup
    rows = hit.operands[2]
    args = {
        "key": hit.key,
        "measure": name,
        "stated": printed(hit.stated),
        "expected": printed(hit.expected),
        "rows": rows_text(int(rows) if isinstance(rows, Fraction) else 0),
    }
    place = Place(item.published.path, row=row_number(hit.row), column=item.published.columns.index(name) + 1)
    places, labels = [("stated", place, printed(hit.stated))], [rule.rule, name, hit.key]
    return _finding(rule, Message("ledger-rollup", args), places, labels, hit, column.unit, Fraction(0))


def rows_text(rows: int) -> Message:
    """`1 row`, `2 rows`."""
    return Message("ledger-rows.one" if rows == 1 else "ledger-rows", {"n": f"{rows:,}"})


def duplicate_findings(job: Job, result: Result) -> Iterator[Finding]:
    """Keys that occur more than once."""
    for rule, found in zip(job.uniques, result.duplicates, strict=True):
        for group in found.twice.groups:
            args = {"key": group.key, "rows": rows_text(group.rows), "columns": ", ".join(rule.by)}
            places = [
                (role, Place(job.file.path, row=row_number(row), column=job.file.columns.index(rule.by[0]) + 1), group.key)
                for role, row in (("stated", group.first), ("expected", group.last))
            ]
            yield _finding(rule, Message("ledger-duplicate", args), places, [rule.rule, group.key])


# --- cells -------------------------------------------------------------------------------------


def cell_findings(job: Job, cells: Iterable[Cell]) -> Iterator[Finding]:
    """Cells that are no amounts, and rows that are no rows."""
    for cell in cells:
        place = _place(job, cell.row, cell.line, cell.column)
        label = " · ".join(part for part in (cell.key, cell.column) if part)
        args: dict[str, object] = {"label": label, "text": cell.text}
        severity: Severity = "error"
        if not cell.column and cell.text == STRAY:
            message, severity = Message("ledger-quote", args), "warning"
        elif not cell.column:
            message = Message("ledger-ragged", args | {"columns": len(job.file.columns)})
        elif cell.likely is None:
            message = Message("ledger-malformed", args)
        else:
            message, severity = Message("ledger-misprinted", args | {"likely": printed(cell.likely)}), "warning"
        labels = [AMOUNTS.rule, cell.column, cell.key or str(cell.row), cell.text]
        yield _finding(AMOUNTS, message, [("stated", place, cell.text)], labels, severity=severity)


# --- counts ------------------------------------------------------------------------------------


def tallies(job: Job, result: Result, guessed: frozenset[str]) -> tuple[RuleTally, ...]:
    """The verdicts of every rule, its comparisons taken together."""
    made: dict[str, RuleTally] = {}
    for weighed, tally, largest in zip(job.comparisons, result.tallies, result.largest, strict=True):
        rule = weighed.source
        own = _tally(rule, job, tally, len(largest.hits), job.columns[rule.stated].unit, bound_of(weighed))
        if misread(weighed, tally, guessed):
            counted = int(tally.counts.sum())
            reason = Message("ledger-reason-misread", {"columns": ", ".join(rule.columns())})
            own = _counts(rule, job, missed=counted, reasons=((reason, counted),))
        _add(made, own)
    for item, found in zip(job.rollups, result.rollups, strict=True):
        for measure, tally, largest in zip(item.measures, found.tallies, found.largest, strict=True):
            bound = bound_of(comparison_of(item.rollup, measure.own, measure.published))
            _add(made, _tally(item.rollup, job, tally, len(largest.hits), measure.published.unit, bound))
        for alone in (found.missing, found.extra):
            _add(made, _counts(item.rollup, job, failed=alone.count, shown=len(alone.groups)))
    for unique, found_keys in zip(job.uniques, result.duplicates, strict=True):
        twice = found_keys.twice
        _add(made, _counts(unique, job, passed=found_keys.keys - twice.count, failed=twice.count, shown=len(twice.groups)))
    if result.cell_count:
        _add(made, _counts(AMOUNTS, job, failed=result.cell_count, shown=len(result.cells)))
    return tuple(made.values())


def _counts(
    rule: LinearComparison | Rollup | Unique,
    job: Job,
    *,
    passed: int = 0,
    failed: int = 0,
    missed: int = 0,
    shown: int = 0,
    reasons: tuple[tuple[Message, int], ...] = (),
) -> RuleTally:
    return RuleTally(rule.rule, rule.kind, rule.severity, job.file.path, passed, 0, failed, missed, shown, reasons=reasons)


def _tally(rule: LinearComparison | Rollup, job: Job, tally: Tally, shown: int, unit: Unit | None, bound: Fraction) -> RuleTally:
    counts = [int(number) for number in tally.counts]
    reasons = tuple((Message(code), counts[verdict]) for verdict, code in REASON_CODES.items() if counts[verdict])
    own = _counts(
        rule, job, passed=counts[PASS], failed=counts[FAIL], missed=sum(n for _, n in reasons), shown=shown, reasons=reasons
    )
    widest = Quantity(decimal(tally.widest), unit) if counts[ROUNDING] else None
    return replace(own, rounding=counts[ROUNDING], widest=widest, bound=Quantity(decimal(bound), unit))


def _add(made: dict[str, RuleTally], own: RuleTally) -> None:
    before = made.get(own.rule)
    if before is None:
        made[own.rule] = own
        return
    reasons = list(before.reasons)
    for message, number in own.reasons:
        at = next((at for at, (known, _) in enumerate(reasons) if known == message), None)
        if at is None:
            reasons.append((message, number))
        else:
            reasons[at] = (message, reasons[at][1] + number)
    wider = max((before, own), key=lambda item: item.widest.value if item.widest else Decimal(-1))
    made[own.rule] = replace(
        before,
        passed=before.passed + own.passed,
        rounding=before.rounding + own.rounding,
        failed=before.failed + own.failed,
        not_evaluated=before.not_evaluated + own.not_evaluated,
        shown=before.shown + own.shown,
        widest=wider.widest,
        bound=wider.bound,
        reasons=tuple(reasons),
    )


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, the largest differences first."""

    def size(finding: Finding) -> Decimal:
        if finding.difference is None:
            return Decimal(0)
        return abs(finding.difference.base if finding.difference.base is not None else finding.difference.value)

    return sorted(findings, key=lambda finding: (SEVERITIES.index(finding.severity), -size(finding)))
