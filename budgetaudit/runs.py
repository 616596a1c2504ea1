"""One run for the command line: files audited with their progress shown, waivers read and applied."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from budgetaudit.delivery import Refusal, tell
from budgetaudit.messages import say
from budgetaudit.model import Audit
from budgetaudit.rulefiles.strict_yaml import RuleFileError

if TYPE_CHECKING:
    from budgetaudit.waivers import Waiver

PATIENCE = 2.0  # seconds of work before its progress is shown


def run(
    paths: Sequence[Path],
    rules: Sequence[str],
    jobs: int,
    lang: str,
    *,
    tables: bool,
    engine: str = "auto",
    together: bool = False,
    every: Path | None = None,
) -> Audit:
    """The audit of some files, its progress shown on a terminal; `every` takes all findings of one ledger.

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
            engine=engine,
            together=together,
            every=every,
            progress=_progress("cli.progress", lang),
            within=_progress("cli.progress-part", lang),
        )
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None
    except OSError as error:
        if every is None:
            raise
        raise Refusal(say("cli.unwritable", lang, path=every, reason=error.strerror or type(error).__name__)) from None


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


def waive(result: Audit, accepted: Mapping[Path, tuple[Waiver, ...]], draft: Path | None, lang: str) -> Audit:
    """The audit with its waivers applied; what is not waived is drafted where that is wished."""
    if not accepted and draft is None:
        return result
    from budgetaudit import waivers

    today = date.today()  # noqa: DTZ011 - a waiver ends on a day where its reader is
    for file, given in accepted.items():
        result = waivers.apply(result, given, file, today)
    if draft is not None:
        author = os.environ.get("USER") or os.environ.get("USERNAME") or "?"
        tell(waivers.draft(result, author, today), draft, lang)
    return result
