"""One run for the command line: files audited with their progress shown, waivers read and applied."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from budgetaudit import delivery, inputs, streams
from budgetaudit.delivery import Delivery, Refusal, emit, write_text
from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, Audit, Figure, Message, ReadError, Severity
from budgetaudit.ordering import grouped, ordered
from budgetaudit.rulefiles.rule import RuleSet, Tuning
from budgetaudit.rulefiles.strict_yaml import Fault, RuleFileError

if TYPE_CHECKING:
    from budgetaudit.waivers import Waiver

NO_TUNING = Tuning()
PATIENCE = 2.0  # seconds of work before its progress is shown
LOOK = 0.5  # seconds between looks at the files of --watch


@dataclass(frozen=True, slots=True)
class Request:
    """What one run of `check` is asked to do: inputs, rules and what is accepted."""

    files: tuple[Path, ...]
    rules: tuple[str, ...]
    tuning: Tuning = NO_TUNING
    per_file: tuple[tuple[str, Tuning], ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    engine: str = "auto"
    together: bool = False
    every: Path | None = None
    waivers: tuple[Path, ...] = ()
    update_waivers: bool = False
    write_waivers: Path | None = None
    baseline: Path | None = None
    sort: str = "severity"
    config: Path | None = None


def check(request: Request, written: Delivery, lang: str) -> int:
    """Audit, apply what is accepted, write the reports; the exit code. Raises Refusal."""
    paths = inputs.expand(request.files, request.exclude)
    kept = [*paths, *request.waivers, *inputs.rule_files(request.rules)]
    if written.outputs or request.every or request.baseline or request.write_waivers:
        kept += read_besides(request, paths)
    kept = written.check(kept, lang)
    delivery.check_draft(request.write_waivers, kept, lang)
    kept += [request.write_waivers] if request.write_waivers is not None else []
    delivery.check_output(request.baseline, "", kept, lang)
    if request.every is not None and len(paths) != 1:
        raise Refusal(say("cli.one-ledger", lang))
    if written.tick_marks and written.marked is None:
        raise Refusal(say("marks.together", lang))
    delivery.check_output(request.every, "", kept, lang)
    given = accepted(request.waivers, lang)
    drawn = written.draws or bool(given) or request.write_waivers is not None
    result = run(paths, request.rules, request.jobs, lang, tables=drawn, request=request)
    result = waive(result, given, lang, update=request.update_waivers)
    result = against_baseline(result, request.baseline, lang)
    result = ordered(result, request.sort)
    if request.write_waivers is not None:
        draft_waivers(result, request.write_waivers, lang)
    result = replace(result, sources=tuple(_in_force(request)))
    result = grouped(result)
    written.report(result, lang)
    if written.marked is not None:
        from budgetaudit.marking.copies import write_copies

        for line in write_copies(result, written.marked, lang, ticks=written.tick_marks, kept=kept):
            streams.complain(line)
    return written.code(result)


def read_besides(request: Request, paths: Sequence[Path]) -> list[Path]:
    """What a run reads besides its inputs: included rules, vocabularies, published files, configuration, parts of folders."""
    found = [request.config] if request.config is not None else []
    found += [part for path in paths if os.path.isdir(path) for part in path.rglob("*")]  # noqa: PTH112 - for any text
    ruleset = _loaded(request.rules)
    published = [getattr(rule.options, "published", "") for rule in ruleset.rules] if ruleset else []
    sources = ruleset.sources if ruleset else ()
    return [*found, *map(Path, sources), *(Path(file) for file in published if file)]


def _loaded(rules: Sequence[str]) -> RuleSet | None:
    """The rules of a run; None if they are broken, which the run itself says."""
    from budgetaudit.kinds import KINDS
    from budgetaudit.rulefiles.rulefile import load

    try:
        return load(tuple(rules), {name: kind.options for name, kind in KINDS.items()})
    except RuleFileError:
        return None


def _own_sources(rules: Sequence[str]) -> list[Path]:
    """The rule files and vocabularies in force, those that they include among them, that did not come with the program."""
    from budgetaudit.currencies import rules_folder

    ruleset = _loaded(rules) if any(map(os.path.exists, rules)) else None
    included = map(Path, ruleset.sources) if ruleset is not None else ()
    folder = rules_folder().absolute()
    own = (path for path in included if not path.absolute().is_relative_to(folder))
    return list({path.absolute(): path for path in (*own, *inputs.rule_files(rules))}.values())


def _in_force(request: Request) -> Iterator[tuple[str, str, str]]:
    """What governs a run: role, path and SHA-256 of its configuration, rule files, waivers and baseline."""
    roles = [("configuration", request.config), ("baseline", request.baseline)]
    roles += [("waivers", path) for path in request.waivers] + [("rules", path) for path in _own_sources(request.rules)]
    for role, path in roles:
        if path is not None and os.path.isfile(path):  # noqa: PTH113 - for any text
            with contextlib.suppress(OSError):
                yield role, str(path), hashlib.sha256(path.read_bytes()).hexdigest()


def watched(request: Request, once: Callable[[], int]) -> int:
    """Run again whenever an input or a rule file changes; ends when it is interrupted, with the last exit code."""
    code = delivery.OK
    seen: object = None
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            now = _stamps(request)
            if now != seen:
                seen = now
                if sys.stdout is not None and sys.stdout.isatty():
                    sys.stdout.write("\x1b[2J\x1b[H")
                code = once()
            time.sleep(LOOK)
    return code


def _stamps(request: Request) -> list[tuple[str, int, int]]:
    """Size and time of every file that a run reads."""
    paths = (*inputs.expand(request.files, request.exclude), *inputs.rule_files(request.rules), *request.waivers)
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            stat = path.stat()
            found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return found


NOTHING = Request((), ())


def retold(old: Sequence[Path], new: Sequence[Path], rules: Sequence[str]) -> list[tuple[Figure, Figure]]:
    """Figures of sentences that changed between two drafts, of documents of one name if there are several."""
    from budgetaudit.drafts import changed_sentences
    from budgetaudit.kinds import KINDS
    from budgetaudit.pipeline import vocabulary_of
    from budgetaudit.readers import read
    from budgetaudit.rulefiles.rulefile import load

    pairs = [(old[0], new[0])] if len(old) == len(new) == 1 else []
    named = {path.name: path for path in old}
    pairs = pairs or [(named[path.name], path) for path in new if path.name in named]
    words = vocabulary_of(load(tuple(rules), {name: kind.options for name, kind in KINDS.items()}))
    found: list[tuple[Figure, Figure]] = []
    for before, after in pairs:
        try:
            found += changed_sentences(read(str(before)), read(str(after)), words)
        except ReadError:  # the audits have said so
            continue
    return found


def run(paths: Sequence[Path], rules: Sequence[str], jobs: int, lang: str, *, tables: bool, request: Request = NOTHING) -> Audit:
    """The audit of some files, its progress shown on a terminal; `request.every` takes all findings of one ledger.

    Raises Refusal for a broken rule file, and if `every` cannot be written.
    """
    from budgetaudit.jobs import audit_all  # after the cheap refusals: this is the import that costs

    # Arrow's own pool gives memory back to the system and takes it again for the next piece of a ledger, which costs a tenth of
    # the run; the C library keeps it. Arrow looks only when it is imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        return audit_all(
            [str(path) for path in paths],
            rules,
            jobs=jobs or os.cpu_count() or 1,
            tables=tables,
            engine=request.engine,
            together=request.together,
            every=request.every,
            progress=_progress("cli.progress", lang),
            within=_progress("cli.progress-part", lang),
            tuning=request.tuning,
            per_file=request.per_file,
        )
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None
    except OSError as error:
        if request.every is None:
            raise
        reason = error.strerror or type(error).__name__
        raise Refusal(say("cli.unwritable", lang, path=request.every, reason=reason)) from None


def _progress(code: str, lang: str) -> Callable[[int, int, str], None] | None:
    """A line on the terminal while the work is long; nothing anywhere else."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    start = time.monotonic()

    def show(done: int, total: int, path: str) -> None:
        if total > 1 and time.monotonic() - start > PATIENCE:
            percent = 100 * done // total
            text = say(code, lang, done=done, total=total, percent=percent, path=path) if done < total else ""
            sys.stderr.write(f"\r\x1b[K{text[:70]}")
            sys.stderr.flush()

    return show


def accepted(files: Sequence[Path], lang: str) -> dict[Path, tuple[Waiver, ...]]:
    """The waivers of each file. Raises Refusal for a broken one."""
    if not files:
        return {}
    from budgetaudit.waivers import load

    try:
        return {file: load(file) for file in files}
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None


def tuning(select: Sequence[str], ignore: Sequence[str], severity: Sequence[str], lang: str, where: str = "") -> Tuning:
    """How the rules are changed: ids separated by commas, and `RULE=LEVEL`. Raises Refusal for a level that is none."""
    levels = []
    for item in _split(severity):
        name, found, level = item.rpartition("=")
        if not found or not name.strip() or level.strip() not in SEVERITIES:
            raise Refusal(Fault(where, 0, Message("rule-level", {"text": item})).text(lang))
        levels.append((name.strip(), cast("Severity", level.strip())))
    return Tuning(tuple(_split(select)), tuple(_split(ignore)), tuple(levels))


def _split(given: Sequence[str]) -> list[str]:
    return [part.strip() for item in given for part in item.split(",") if part.strip()]


def waive(result: Audit, accepted: Mapping[Path, tuple[Waiver, ...]], lang: str, *, update: bool = False) -> Audit:
    """The audit with its waivers applied; `update` rewrites their files without the dead ones."""
    from budgetaudit import waivers

    for file, given in accepted.items():
        applied = waivers.apply(result, given, file, date.today())  # noqa: DTZ011 - a waiver ends on a day where its reader is
        result = applied.audit
        dead = sum(state in waivers.DEAD for state in applied.states)
        if update and dead:
            write_text(waivers.kept(file.read_text(encoding="utf-8-sig"), given, applied.states), file, lang)
            streams.complain(say("cli.waivers-updated", lang, path=file, dropped=dead, kept=len(given) - dead))
            notices = tuple(notice for notice in result.notices if notice.place.file != str(file) or notice.level != "stale")
            result = replace(result, notices=notices)
    return result


def draft_waivers(result: Audit, path: Path, lang: str) -> None:
    """Write a draft of waivers for what counts."""
    from budgetaudit import waivers
    from budgetaudit.reports.wording import headline

    texts = {finding.id: headline(finding, lang) for finding in result.findings}
    write_text(waivers.draft(result, path, date.today(), texts), path, lang)  # noqa: DTZ011


def against_baseline(result: Audit, path: Path | None, lang: str) -> Audit:
    """What is new against a baseline; without the file it is written, and all that stands in it still counts this once."""
    if path is None:
        return result
    from budgetaudit import baseline

    if not path.exists():
        text = baseline.text(result, path)
        emit(lambda out: out.write(text), path, lang)
        streams.complain(say("cli.baseline-written", lang, path=path, count=text.count('"fingerprint"')))
        return result
    try:
        return baseline.apply(result, baseline.load(path))
    except baseline.BaselineError as error:
        raise Refusal(say(error.message, lang)) from None
