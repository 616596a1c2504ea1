"""Ledgers: files of so many rows that they are not understood cell by cell but run through an engine.

Which files those are, and the way from such a file and some rules to counts, findings and what could not be done.
"""

from __future__ import annotations

import gc
import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.job import Job, Measure, PrecisionError, Progress, RollupJob
from budgetaudit.engines.linear import Column, LinearComparison, Plan, Rollup, weigh
from budgetaudit.engines.results import Result
from budgetaudit.label_text import single_spaced
from budgetaudit.ledger.database import without_password
from budgetaudit.ledger.file import is_ledger, open_ledger, places, stated_places
from budgetaudit.ledger.findings import (
    AMOUNTS,
    cell_findings,
    comparison_findings,
    duplicate_findings,
    ordered,
    rollup_findings,
    rows_text,
    tallies,
)
from budgetaudit.ledger.output import all_findings, shorten, write_keys, writer_of
from budgetaudit.ledger.rules import Compiled, NotFound, compile_rules, find_column, is_identifier
from budgetaudit.model import (
    Finding,
    InputSummary,
    Message,
    Place,
    Problem,
    ReadError,
    RuleError,
    RuleSummary,
    RuleTally,
)
from budgetaudit.rulefiles.rule import RuleSet, Tolerance
from budgetaudit.units import Units
from budgetaudit.vocabulary import Vocabulary

EngineName: TypeAlias = Literal["pandas", "duckdb", "spark"]
ENGINES: dict[EngineName, str] = {"pandas": "pandas_engine", "duckdb": "duckdb_engine", "spark": "spark_engine"}
LIMIT = 1000
RESTARTS = 10  # one for every decimal a column may turn out to have


__all__ = ["LedgerAudit", "audit_ledger", "is_ledger"]


@dataclass(frozen=True)
class LedgerAudit:
    """What auditing one ledger gave; `findings` are the largest differences of each rule, `tallies` count all of them."""

    source: InputSummary
    tallies: tuple[RuleTally, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[RuleError, ...] = ()
    rules: tuple[RuleSummary, ...] = ()
    unmatched: Mapping[str, frozenset[str]] = field(default_factory=dict)


def audit_ledger(
    path: str,
    rules: RuleSet,
    words: Vocabulary,
    engine: Literal["auto", "pandas", "duckdb", "spark"] = "auto",
    *,
    workers: int = 0,
    limit: int = LIMIT,
    every: Path | None = None,
    progress: Progress | None = None,
) -> LedgerAudit:
    """Audit one ledger; `every` is a file (CSV or Parquet) for all findings, not only the `limit` largest of each rule.

    `workers`: the processes or threads of the engine; 0: as many as there are processors, if the file is worth it.
    Raises MissingExtra if an engine is asked for whose package is not installed, OSError if `every` cannot be written.
    """
    try:
        file = open_ledger(path, words.units)
        path = file.path
        file = replace(file, numeric=tuple(name for name in file.numeric if not is_identifier(name, words)))
        compiled = compile_rules(rules, file.columns, _amounts(file, rules), words, path)
        published, errors = _published(compiled.plan.rollups, words.units)
        chosen, why = choose(engine, file, compiled.plan)
        job, result = _run(chosen, file, compiled, published, words, workers, limit, every, progress)
        for read in (file, *(item.file for item in published)):
            if not read.unchanged():
                raise ReadError("ledger-changed", path=read.path)
    except ReadError as error:
        path = without_password(path)
        return LedgerAudit(InputSummary(path, "", "", problems=(Problem(Place(path), error.message),)))
    found = _worded(job, result, compiled.guessed)
    counted = tallies(job, result, compiled.guessed)
    source = InputSummary(
        path,
        "",
        f"{file.format} ledger",
        tables=1,
        figures=result.figures + result.rows * len(set(file.numeric) - set(job.columns)),
        covered=_covered(result, job)[0],
        problems=tuple(_notices(file, job, counted)),
        engine=Message("ledger-engine", {"rows": rows_text(result.rows), "engine": chosen, "why": why}),
        bounded=_covered(result, job)[1],
    )
    own = (RuleSummary(AMOUNTS.rule, AMOUNTS.kind, AMOUNTS.severity, _AMOUNTS_TITLE),) if result.cell_count else ()
    return LedgerAudit(source, counted, found, (*compiled.errors, *errors), own, compiled.unmatched)


def _worded(job: Job, result: Result, guessed: frozenset[str]) -> tuple[Finding, ...]:
    """What was found as findings, in their order."""
    collecting = gc.isenabled()
    gc.disable()  # thousands of findings are made and all of them stay: looking for garbage among them is in vain
    try:
        found = [
            *comparison_findings(job, result, guessed),
            *rollup_findings(job, result),
            *duplicate_findings(job, result),
            *cell_findings(job, result.cells),
        ]
        return tuple(ordered(found))
    finally:
        if collecting:
            gc.enable()


_AMOUNTS_TITLE = {"ko": "금액 칸에는 금액이 적혀 있다", "en": "Cells of amounts hold amounts"}


def _amounts(file: LedgerFile, rules: RuleSet) -> tuple[str, ...]:
    """The columns that may hold amounts: those that do, those that print nothing so far, those the rule file names."""
    given = {single_spaced(column.label) for column in rules.columns}
    silent = {name for name, texts in zip(file.columns, file.sample, strict=False) if not any(text.strip() for text in texts)}
    return tuple(name for name in file.columns if name in file.numeric or name in silent or single_spaced(name) in given)


def choose(engine: str, file: LedgerFile, plan: Plan) -> tuple[EngineName, Message]:
    """The engine to run and why: the one asked for; else the default, unless only another can read the file or hold its keys."""
    if engine != "auto":
        return engine, Message("ledger-why-asked")  # type: ignore[return-value]
    if (plan.rollups or plan.uniques) and _size(file) > _memory() // 2 and _installed("duckdb"):
        return "duckdb", Message("ledger-why-large")
    return "pandas", Message("ledger-why-default")


def _size(file: LedgerFile) -> int:
    return sum(state.size for state in file.states)


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


# --- the job -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Published:
    rollup: Rollup
    file: LedgerFile


def _published(rollups: Sequence[Rollup], units: Units) -> tuple[list[_Published], list[RuleError]]:
    """The files that roll-ups are confronted with, opened; those that cannot be are errors of their rules."""
    found, errors = [], []
    for rollup in rollups:
        try:
            file = open_ledger(rollup.published, units)
            by = tuple((own, find_column(theirs, file.columns)) for own, theirs in rollup.by)
            measures = tuple((own, find_column(theirs, file.columns)) for own, theirs in rollup.measures)
        except ReadError as error:
            args = {"rule": rollup.rule, "file": rollup.published, "reason": error.message}
            errors.append(RuleError(rollup.rule, Message("ledger-published", args)))
        except NotFound as error:
            args = {"rule": rollup.rule, "file": rollup.published, "columns": ", ".join(error.missing)}
            errors.append(RuleError(rollup.rule, Message("ledger-published-columns", args)))
        else:
            found.append(_Published(replace(rollup, by=by, measures=measures), file))
    return found, errors


def _run(
    engine: EngineName,
    file: LedgerFile,
    compiled: Compiled,
    published: Sequence[_Published],
    words: Vocabulary,
    workers: int,
    limit: int,
    every: Path | None,
    progress: Progress | None,
) -> tuple[Job, Result]:
    """Run the engine; begin again where columns turn out to print more decimals than the sample did."""
    plan = compiled.plan
    finer: dict[str, int] = {}
    run: Callable[[Job, int, Progress | None], Result] = importlib.import_module(f"budgetaudit.engines.{ENGINES[engine]}").run
    for attempt in range(RESTARTS + 1):
        job = _job(file, plan, published, words, finer, limit)
        if attempt == RESTARTS:
            job = replace(job, stepped=None)
        try:
            if every is None:
                return job, run(job, workers, progress)
            with all_findings(every) as write:
                result = run(replace(job, every=writer_of(job, write)), workers, progress)
                write_keys(job, result, write)
            shorten(result, limit)
        except PrecisionError as found:
            finer |= found.places
        else:
            return job, result
    raise AssertionError


def _job(
    file: LedgerFile, plan: Plan, rollups: Sequence[_Published], words: Vocabulary, finer: dict[str, int], limit: int
) -> Job:
    rates = {name for rule in plan.comparisons if rule.divisor for _, name in rule.left}
    named = [name for rule in plan.comparisons for name in rule.columns()]
    amounts = dict.fromkeys((*named, *(own for item in rollups for own, _ in item.rollup.measures)))
    decimals = {name: max(places(file, name), finer.get(name, 0)) for name in amounts}
    stated = {name: max(stated_places(file, name), finer.get(name, 0)) for name in amounts}
    columns = {name: _column(name, stated[name], words, rate=name in rates) for name in amounts}
    weighed = tuple(weigh(_in_columns_unit(rule, columns, words.units), columns) for rule in plan.comparisons)
    jobs = []
    for item in rollups:
        measures = []
        for own, theirs in item.rollup.measures:
            their_places = places(item.file, theirs)
            published = _column(theirs, stated_places(item.file, theirs), words)
            measures.append(Measure(columns[own], decimals[own], published, their_places))
        jobs.append(RollupJob(item.rollup, item.file, tuple(measures)))
    stepped = {name: column.finest for name, column in columns.items() if column.finest is not None}
    return Job(file, columns, decimals, words.units, weighed, tuple(jobs), plan.uniques, _key(file, plan, words), stepped, limit)


def _column(name: str, decimals: int, words: Vocabulary, *, rate: bool = False) -> Column:
    """A column with its unit and stated precision.

    A ledger comes from a system that keeps amounts exactly: only where its header names a unit above the currency's
    own, or the column is a rate, are its numbers taken for rounded ones: to the finest decimal that any of them needs, for a
    zero at the end is printed by one format and not kept by another.
    """
    unit = words.label(name).unit
    coarse = unit is not None and unit.family == "money" and unit.scale is not None and unit.scale > 1
    return Column(name, unit, Fraction(1, 10**decimals) if coarse or rate else Fraction(0))


def _in_columns_unit(rule: LinearComparison, columns: dict[str, Column], units: Units) -> LinearComparison:
    """The comparison with its tolerance in the unit of the stated column."""
    tolerance, own = rule.tolerance, columns[rule.stated].worth
    unit = units.find(tolerance.unit) if tolerance.kind == "amount" and tolerance.unit else None
    if unit is None or unit.scale is None:
        return rule
    worth = own.numerator / own.denominator if own and own.denominator == 1 else 1
    return replace(rule, tolerance=Tolerance("amount", tolerance.value * unit.scale / int(worth)))


def _key(file: LedgerFile, plan: Plan, words: Vocabulary) -> tuple[str, ...]:
    """The columns that name a row for people: what must be unique, else an identifier, else the first column of text."""
    if plan.uniques:
        return plan.uniques[0].by
    texts: list[str] = [name for name in file.columns if name not in file.numeric]
    named = [name for name in texts if is_identifier(name, words)]
    return tuple((named or texts)[:1])


# --- what is said ------------------------------------------------------------------------------


def _covered(result: Result, job: Job) -> tuple[int, int]:
    """How many figures an equality proves, and how many more are bounded by an inequality, at least."""
    bound: dict[str, int] = {}
    limited: dict[str, int] = {}
    for weighed, tally in zip(job.comparisons, result.tallies, strict=True):
        good = int(tally.counts[0] + tally.counts[1])
        kept = bound if weighed.source.operator == "=" else limited
        for name in weighed.source.columns():
            kept[name] = max(kept.get(name, 0), good)
    for item, found in zip(job.rollups, result.rollups, strict=True):
        for (name, _), tally in zip(item.rollup.measures, found.tallies, strict=True):  # a group has a row at least
            bound[name] = max(bound.get(name, 0), int(tally.counts[0] + tally.counts[1]))
    proven = min(sum(bound.values()), result.figures)
    further = sum(max(0, good - bound.get(name, 0)) for name, good in limited.items())
    return proven, min(further, result.figures - proven)


def _notices(file: LedgerFile, job: Job, counted: Sequence[RuleTally]) -> list[Problem]:
    place, notices = Place(file.path), []
    floats = [name for name, kind in zip(file.columns, file.types, strict=False) if name in job.columns and _is_float(kind)]
    if floats:
        notices.append(Message("ledger-floats", {"columns": ", ".join(floats)}))
    for tally in counted:
        if tally.failed > tally.shown:
            args = {"rule": tally.rule, "failed": f"{tally.failed:,}", "shown": f"{tally.shown:,}"}
            notices.append(Message("ledger-shown", args))
    return [Problem(place, message, "notice") for message in notices]


def _is_float(kind: str) -> bool:
    return kind in ("float", "double", "halffloat", "real")
