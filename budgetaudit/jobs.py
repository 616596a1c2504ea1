"""Audit many files, in this process or in several: the result is the same, in the order of the files.

A process that dies over a document (out of memory, say) costs that document alone: it becomes a problem of its input.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from budgetaudit import vocabulary
from budgetaudit.kinds import KINDS
from budgetaudit.model import Audit, InputSummary, Message, Place, Problem
from budgetaudit.pipeline import Result, audit_one, gather, vocabulary_of
from budgetaudit.readers import STANDARD_INPUT
from budgetaudit.rulefiles.rule import RuleSet, Tuning
from budgetaudit.rulefiles.rulefile import load, tune

if TYPE_CHECKING:  # one file in this process needs none of it
    from concurrent.futures import Future, ProcessPoolExecutor

NO_TUNING = Tuning()
WATCH = 0.5  # seconds between looks at the parent

Progress = Callable[[int, int, str], None]
State = tuple[RuleSet, bool, bool, str]

_rules: RuleSet
_words: vocabulary.Vocabulary
_tables: bool
_together: bool
_engine: str


def audit_all(
    paths: Sequence[str],
    rules: Sequence[str],
    *,
    jobs: int = 1,
    tables: bool = True,
    engine: str = "auto",
    together: bool = False,
    every: Path | None = None,
    progress: Progress | None = None,
    within: Progress | None = None,
    tuning: Tuning = NO_TUNING,
    per_file: Sequence[tuple[str, Tuning]] = (),
) -> Audit:
    """Audit files with at most `jobs` processes; `tables` says whether a report will draw them.

    `tuning` and, for the files their patterns fit, `per_file` change the rules; RuleFileError if they name no rule.

    `together` also ties the figures of different files. `every` takes all findings of one ledger.
    `progress` hears how many files of how many are done, and which one was last; `within` the same of the parts of one ledger.
    """
    ruleset = tune(load(tuple(rules), {name: kind.options for name, kind in KINDS.items()}), tuning, per_file)
    tables = tables or together
    _prepare(ruleset, tables, together, engine)
    if min(jobs, len(paths)) < 2 or STANDARD_INPUT in paths:  # which no other process can read
        results: Iterable[Result] = (_one(path, every, within) for path in paths)
    else:
        results = _parallel(paths, (ruleset, tables, together, engine), min(jobs, len(paths)))
    done = []
    for path, result in zip(paths, results, strict=True):
        done.append(result)
        if progress is not None:
            progress(len(done), len(paths), path)
    return gather(done, ruleset, _words if together else None)


def _prepare(ruleset: RuleSet, tables: bool, together: bool, engine: str) -> None:
    global _rules, _words, _tables, _together, _engine  # the state of a process: its rules are loaded once
    _rules, _tables, _together, _engine = ruleset, tables, together, engine
    _words = vocabulary_of(ruleset)


def _one(path: str, every: Path | None = None, within: Progress | None = None) -> Result:
    def progress(done: int, total: int) -> None:
        if within is not None:
            within(done, total, path)

    result = audit_one(path, _rules, _words, _engine, every, progress)
    kept = replace(result, document=result.document if _together else None)
    return kept if _tables else replace(kept, tables=())


def _parallel(paths: Sequence[str], state: State, jobs: int) -> Iterator[Result]:
    """Results in order. When a process dies, what it left is audited one file a process, to find the culprit."""
    import multiprocessing

    gc.disable()  # results only gather: looking for cycles among them, again and again, takes as long as reading them
    with _pool(state, jobs) as pool:
        futures = [pool.submit(_one, path) for path in paths]
        try:
            for path, future in zip(paths, futures, strict=True):
                yield _result(path, future, state)
        except BaseException:  # interrupted: nobody waits for what the workers have begun
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            gc.enable()


def _result(path: str, future: Future[Result], state: State) -> Result:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        with _pool(state, 1) as alone:
            try:
                return alone.submit(_one, path).result()
            except BrokenProcessPool:
                return Result(InputSummary(path, "", "", problems=(Problem(Place(path), Message("audit-died")),)))


def _pool(state: State, jobs: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # A fork shares what is loaded already; where there is none, a fresh process loads it again.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    return ProcessPoolExecutor(jobs, multiprocessing.get_context(method), _child, (state, os.getpid()))


def _child(state: State, parent: int) -> None:
    import threading

    gc.enable()
    gc.freeze()  # what the parent had loaded stays shared
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    _prepare(*state)


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would wait for work for ever: its siblings hold the other end of the queue."""
    while os.getppid() == parent:
        time.sleep(WATCH)
    os._exit(1)
