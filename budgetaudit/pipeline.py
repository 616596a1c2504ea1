"""The pipeline: read, label, confront, and gather comparisons into findings.

A rule that crashes becomes an error of the run; a file that cannot be read becomes a problem of its input. Neither is
ever a finding, neither is ever silent, and neither keeps the other files from being audited.
"""

from __future__ import annotations

import csv
import glob
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budgetaudit import assurance, vocabulary
from budgetaudit.applying import not_applied
from budgetaudit.deadline import bounded, raise_pending
from budgetaudit.excerpts import with_excerpts
from budgetaudit.findings import findings, without_restated
from budgetaudit.frames import Frames
from budgetaudit.kinds import KINDS
from budgetaudit.labels.labelling import Table, label
from budgetaudit.labels.naming import members_only
from budgetaudit.languages import pack_of, unread_language
from budgetaudit.material import Material
from budgetaudit.model import (
    Audit,
    Comparison,
    Document,
    Figure,
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
from budgetaudit.readers import read
from budgetaudit.rows.rules import split
from budgetaudit.rulefiles.rule import Rule, RuleSet
from budgetaudit.rulefiles.rulefile import load
from budgetaudit.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_RULES = ("korea-local",)
DIGITS = 100
LEDGER_SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv", ".parquet", ".pq", ".gz", ".bz2", ".xz", ".zst", ".zip")


def audit(
    paths: str | Path | pd.DataFrame | Sequence[str | Path | pd.DataFrame],
    rules: str | Sequence[str] | RuleSet = DEFAULT_RULES,
    engine: str = "auto",
    *,
    together: bool = False,
) -> Audit:
    """Audit one file or several, each by itself.

    `paths`: files of any format that is read, or DataFrames; a frame is audited as the table it prints, under the name in its
    `attrs["name"]`. `rules`: names of packs (`korea-local`, `generic`) or paths of rule files; several combine. `engine` runs
    ledgers of many rows: `auto`, `pandas`, `duckdb` or `spark`. `together` also compares figures of different files.

    Raises RuleFileError if a rule file is broken. An input that cannot be read is reported in `Audit.inputs`, not raised.
    """
    given = list(paths) if isinstance(paths, list | tuple) else [paths]
    rules = [rules] if isinstance(rules, str) else rules
    ruleset = rules if isinstance(rules, RuleSet) else load(tuple(rules), {name: kind.options for name, kind in KINDS.items()})
    words = vocabulary_of(ruleset)
    results = [
        audit_one(str(one), ruleset, words, engine)
        if isinstance(one, str | Path)
        else audit_document(from_frame(one), ruleset, words)
        for one in given
    ]
    return gather(results, ruleset, words if together else None)


def from_frame(frame: Any) -> Document:
    """A DataFrame as a document of one table."""
    from budgetaudit.readers.data_frame import read_frame

    return read_frame(frame)


def vocabulary_of(ruleset: RuleSet) -> Vocabulary:
    """The words that rules speak: their vocabularies, and the columns they give coordinates themselves."""
    words = vocabulary.load(ruleset.vocabulary) if ruleset.vocabulary else vocabulary.load()
    return words.with_columns((column.label, column.members) for column in ruleset.columns)


@dataclass(frozen=True)
class Result:
    """What auditing one input gave. `unmatched`: formula rules that no table fits, with the names they could have meant."""

    source: InputSummary
    comparisons: tuple[Comparison, ...] = ()
    errors: tuple[RuleError, ...] = ()
    tables: tuple[Table, ...] = ()
    unmatched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tallies: tuple[RuleTally, ...] = ()
    rules: tuple[RuleSummary, ...] = ()
    document: Document | None = None  # what sentences of other files may be held against
    in_sentences: tuple[Figure, ...] = ()  # the amounts that sentences print


def audit_one(
    path: str,
    ruleset: RuleSet,
    words: Vocabulary,
    engine: str = "auto",
    every: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Audit one file by itself. Whatever it holds, the worst that happens is a problem of this input.

    Of a ledger, `every` takes all findings (OSError if it cannot be written), and `progress` hears how much of how much is done.
    """
    try:
        with localcontext() as context:
            context.prec = DIGITS  # sums of the longest amounts that are read stay exact
            found = _audited(path, ruleset.of_file(path), words, engine, every, progress)
            raise_pending()
            return found
    except Exception as error:
        raise_pending()
        if os.environ.get("BUDGETAUDIT_DEBUG") or (every is not None and isinstance(error, OSError)):
            raise
        fault = Message("input-no-memory") if isinstance(error, MemoryError) else _crashed(error)
        return Result(InputSummary(path, "", "", problems=(Problem(Place(path), fault),)))


def _crashed(error: Exception) -> Message:
    """An input that broke the audit in a way nobody foresaw."""
    detail = error.strerror if isinstance(error, OSError) else ""
    return Message("input-crashed", {"error": detail or type(error).__name__})


def _audited(
    path: str,
    ruleset: RuleSet,
    words: Vocabulary,
    engine: str,
    every: Path | None,
    progress: Callable[[int, int], None] | None,
) -> Result:
    plain, over_rows = split(ruleset)
    large = False
    if "://" in path or path.lower().endswith(LEDGER_SUFFIXES) or os.path.isdir(path):  # noqa: PTH112 - for any text
        from budgetaudit.ledger.file import is_ledger

        with suppress(csv.Error):  # no CSV as engines read them; the reader of documents is more lenient
            large = is_ledger(path, plain, asked=engine != "auto" or every is not None, over_rows=bool(over_rows))
        if large:
            return _with_rows(_ledger(path, plain, words, engine, every, progress), path, ruleset, over_rows, words)
    try:
        with bounded(path):
            document = read(path)
        notices = [Message("ledger-document", {"path": str(every)})] if every is not None else []
        notices += [Message("engine-document", {"engine": engine})] if engine not in ("auto", "pandas") else []
        document = replace(document, problems=(*document.problems, *(Problem(Place(path), one, "notice") for one in notices)))
        with bounded(path, document):
            return audit_document(document, ruleset, words)
    except ReadError as error:
        return Result(InputSummary(path, "", "", problems=(Problem(Place(path), _unread(path, error.message)),)))


def _unread(path: str, message: Message) -> Message:
    """Why an input could not be read; a folder or pattern that stands for no document says so."""
    if message.code == "read-directory":
        return Message("read-empty-folder")
    if message.code == "read-missing" and glob.has_magic(path):
        return Message("read-no-match")
    return message


def _ledger(
    path: str,
    ruleset: RuleSet,
    words: Vocabulary,
    engine: str,
    every: Path | None,
    progress: Callable[[int, int], None] | None,
) -> Result:
    """A file of so many rows, or of such rules, that an engine runs it."""
    from budgetaudit.engines.job import MissingExtra
    from budgetaudit.ledger.audit import audit_ledger

    try:
        found = audit_ledger(path, ruleset, words, engine, every=every, progress=progress)  # type: ignore[arg-type]
    except MissingExtra as missing:
        message = Message("engine-missing", {"extra": missing.extra, "package": missing.package})
        return Result(InputSummary(path, "", "", problems=(Problem(Place(path), message),)))
    return Result(found.source, (), found.errors, (), found.unmatched, found.findings, tallies=found.tallies, rules=found.rules)


def _with_rows(result: Result, path: str, ruleset: RuleSet, rules: Sequence[Rule], words: Vocabulary) -> Result:
    """What an engine found in a ledger, with what the rules over its rows find: counted, the first failures kept."""
    if not rules or not result.source.format:
        return result
    from budgetaudit.rows.stream import stream

    try:
        found = stream(rules, path, words, ruleset.columns)
    except ReadError as error:
        problem = Problem(Place(result.source.path), error.message)
        return replace(result, source=replace(result.source, problems=(*result.source.problems, problem)))
    # A cell may be bound by a rule over columns and by one over rows: the greater number is what is proven at least.
    proven = min(max(result.source.covered, found.proven), result.source.figures)
    return replace(
        result,
        source=replace(result.source, covered=proven),
        errors=(*result.errors, *found.errors),
        unmatched={**result.unmatched, **found.unmatched},
        findings=(*result.findings, *findings(found.failed, [result.source.path])),
        tallies=(*result.tallies, *found.tallies),
    )


def audit_document(document: Document, ruleset: RuleSet, words: Vocabulary) -> Result:
    """Audit what was read of one input."""
    path = document.path
    try:
        material = Material(document, label(document, words), words)
    except Exception as error:  # one odd document must not keep the others from being audited
        problem = Problem(Place(path), Message("not-understood", {"error": f"{type(error).__name__}: {error}"}))
        return Result(InputSummary(path, document.sha256, document.format, problems=(*document.problems, problem)))
    found: list[Comparison] = []
    errors: list[RuleError] = []
    unmatched: dict[str, frozenset[str]] = {}
    plain, over_rows = split(ruleset)
    for rule in plain.active():
        try:
            made = [c for c in KINDS[rule.kind].compare(rule, material) if material.admits(rule, c)]
        except Exception as error:  # a broken rule must neither stop the run nor look like a finding
            args = {"rule": rule.id, "file": path, "error": f"{type(error).__name__}: {error}"}
            errors.append(RuleError(rule.id, Message("rule-crashed", args)))
            continue
        if not made and rule.kind == "formula" and not members_only(rule.options.check, words) and material.meant(rule):
            unmatched[rule.id] = frozenset(_known_names(material))
        found.extend(made)
    found = without_restated(found)
    if over_rows:
        from budgetaudit.rows.evaluate import evaluated
        from budgetaudit.rows.records import of_table

        made, broken, unfit = evaluated(over_rows, lambda rule: map(of_table, material.admitted(rule)), words, ruleset.columns)
        found, errors, unmatched = [*found, *made], [*errors, *broken], {**unmatched, **unfit}
    problems = document.problems
    if language := unread_language(material.all_tables, words, ruleset.vocabulary):
        message = Message("language-unread", {"language": language, "pack": pack_of(language)})
        problems = (*problems, Problem(Place(path), message, "notice"))
    source = InputSummary(path, document.sha256, document.format, problems=problems)
    in_sentences = material.prose.amounts if material.wordy else ()
    source = assurance.counted(source, material.all_tables, found, in_sentences)
    wrong = tuple(with_excerpts(findings(found, [path], _printed(material.all_tables)), material.all_tables, [document]))
    return Result(
        source, tuple(found), tuple(errors), material.all_tables, unmatched, wrong, document=document, in_sentences=in_sentences
    )


def gather(results: Sequence[Result], ruleset: RuleSet, together: Vocabulary | None = None) -> Audit:
    """One audit of the results of several inputs, in their order; with the words of `together`, tied to each other."""
    comparisons = [comparison for result in results for comparison in result.comparisons]
    errors = [error for result in results for error in result.errors]
    if together is not None:
        from budgetaudit.together import compare_together

        read_ = [(result.document, result.tables) for result in results if result.document is not None]
        found, broken = compare_together(read_, ruleset, together)
        comparisons += found
        errors += broken
        bound = [
            assurance.counted(r.source, r.tables, (*r.comparisons, *found), r.in_sentences) if r.tables else r.source
            for r in results
        ]
        tables = [table for result in results for table in result.tables]
        paths = [result.source.path for result in results]
        sources = [document for document, _ in read_]
        tied = tuple(
            with_excerpts(findings(comparisons, paths, _printed(tables)), tables, sources)
        )  # a cause may stand in another file
        ledgers = [result.findings for result in results if result.tallies]
        results = [replace(result, source=source, findings=()) for result, source in zip(results, bound, strict=True)]
    else:
        tied, ledgers = (), []
    readable = [result.unmatched for result in results if result.source.format and (result.unmatched or not result.tallies)]
    used = {comparison.rule for comparison in comparisons} | {tally.rule for result in results for tally in result.tallies}
    unfit, notices = not_applied(ruleset, readable, used | {error.rule for error in errors})
    errors += unfit
    every = tuple(table for result in results for table in result.tables)
    return Audit(
        tuple(result.source for result in results),
        tuple(
            RuleSummary(rule.id, rule.kind, rule.severity, dict(rule.title), dict(rule.why), dict(rule.basis))
            for rule in ruleset.active()
        )
        + tuple(_own(results)),
        tuple(comparisons),
        tuple(_numbered([tied, *ledgers, *(result.findings for result in results)])),
        tuple(errors),
        every,
        notices=tuple(notices),
        tallies=tuple(tally for result in results for tally in result.tallies),
        frames=Frames(every, comparisons, [figure for result in results for figure in result.in_sentences]),
    )


def _printed(tables: Iterable[Table]) -> Iterator[Figure]:
    return (figure for table in tables for figure in table.figures.values())


def _own(results: Sequence[Result]) -> Iterator[RuleSummary]:
    """The checks that ledgers bring with them, each once."""
    return iter({rule.id: rule for result in results for rule in result.rules}.values())


def _numbered(groups: Iterable[Sequence[Finding]]) -> Iterator[Finding]:
    """The findings of several inputs, numbered through, each with its cause; those of ledgers come without either."""
    before = 0
    for group in groups:
        names = {finding.id: f"F{at}" for at, finding in enumerate(group, before + 1)}
        for at, finding in enumerate(group, before + 1):
            root = names[finding.cause] if finding.cause not in ("", finding.id) else f"F{at}"
            yield replace(finding, id=f"F{at}", cause=root)
        before += len(group)


def _known_names(material: Material) -> set[str]:
    """Everything a formula could name in a document: labels, dimensions and their members."""
    labels = {line.text for table in material.tables for line in (*table.columns, *table.rows) if line.text}
    return labels | material.vocabulary.meanings
