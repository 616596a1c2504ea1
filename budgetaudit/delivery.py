"""From an audit to what the caller gets: the report, the lines on standard error, the exit code.

0 nothing at or above --fail-on · 1 findings, or less proven than --min-coverage asks · 2 wrong usage or a broken rule file ·
3 an input could not be read, a rule crashed, or no figure was checked. 3 beats 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any

from budgetaudit import streams
from budgetaudit.assurance import below, decided
from budgetaudit.messages import say
from budgetaudit.model import SEVERITIES, Audit, Severity
from budgetaudit.reports import BINARY, SUFFIXES, View, write

NARROWEST = 40  # columns of a screen that a report can be read on
DRAWING = frozenset(["html", "xlsx"])
OK, FINDINGS, USAGE, INCOMPLETE, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


class Refusal(Exception):  # noqa: N818 - not a fault of ours: what was asked for cannot be done
    """Wrong usage, or a file that cannot be used; carries the line to print, ends in exit code 2."""


def exit_code(audit: Audit, fail_on: str, *, unchecked: bool = False, least: Decimal | None = None) -> int:
    """What an audit means for a gate; `unchecked` lets a file pass in which nothing could be checked.

    `least`: how much of a hundred of each input's figures must be proven.
    """
    unread = any(problem.level == "unread" for source in audit.inputs for problem in source.problems)
    if unread or audit.errors or not (decided(audit) or unchecked):
        return INCOMPLETE
    if least is not None and below(audit, least):
        return FINDINGS
    stale = fail_on in SEVERITIES and any(notice.level == "stale" for notice in audit.notices)
    return FINDINGS if stale or any(audit.severity_count(severity) for severity in failing(fail_on)) else OK


def failing(fail_on: str) -> tuple[Severity, ...]:
    """The severities at or above the one given; none for `never`."""
    return SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the reports of a run go, in which format, and what they show."""

    outputs: tuple[Path, ...] = ()
    format: str | None = None
    fail_on: str = "error"
    evidence: bool = False
    verbose: bool = False
    quiet: bool = False
    statistics: bool = False
    allow_unchecked: bool = False
    least: Decimal | None = None
    marked: Path | None = None
    tick_marks: bool = False

    def name(self, output: Path | None) -> str:
        """The format of one report: as asked for, else by the suffix of its file; '' if neither says."""
        known = SUFFIXES.get(output.suffix.lower(), "") if output is not None else ""
        if output is None or len(self.outputs) == 1 or not known:
            return self.format or known or ("table" if output is None else "")
        return known

    @property
    def targets(self) -> tuple[Path | None, ...]:
        return self.outputs or (None,)

    @property
    def draws(self) -> bool:
        """True if a report draws tables."""
        return self.marked is not None or any(self.name(target) in DRAWING for target in self.targets)

    def check(self, kept: list[Path], lang: str) -> list[Path]:
        """Refuse before the work what could not be written after it; all that may not be written over from now on."""
        for target in self.targets:
            check_output(target, self.name(target), kept, lang)
            if target is not None and not self.name(target):
                known = " ".join(sorted(SUFFIXES))
                raise Refusal(say("cli.suffix", lang, path=target, suffix=target.suffix or target.name, known=known))
            kept = [*kept, target] if target is not None else kept
        return kept

    def code(self, audit: Audit) -> int:
        """What the audit means for the gate."""
        return exit_code(audit, self.fail_on, unchecked=self.allow_unchecked, least=self.least)

    def report(self, audit: Audit, lang: str) -> None:
        """Write every report, and one line on standard error for all that is incomplete, unless the screen shows it anyway.

        That less is proven than was asked for is said wherever the report goes.
        """
        from budgetaudit.reports.summary import incomplete, verdict

        complain(incomplete(audit, lang), self.name(self.targets[0]), self.targets[0])
        for source, share in below(audit, self.least) if self.least is not None else ():
            numbers = {"figures": f"{source.figures:,}", "covered": f"{source.covered:,}", "share": f"{share:.1f}"}
            streams.complain(say("cli.coverage", lang, path=source.path, least=f"{self.least:f}", **numbers))
        for target in self.targets:
            name = self.name(target)
            view = replace(view_of(target, lang), fail_on=self.fail_on, code=self.code(audit))
            view = replace(view, evidence=self.evidence, verbose=self.verbose, quiet=self.quiet)
            if self.statistics and name == "table":
                from budgetaudit.reports.summary import write as write_statistics

                emit(partial(write_statistics, audit, view=view), target, lang)
                continue
            emit(partial(_written, name, audit, view), target, lang, binary=name in BINARY, bom=name == "csv")
            if target is not None:
                streams.complain(say("cli.written", lang, path=target, verdict=verdict(audit, lang)))


def _written(name: str, audit: Audit, view: View, out: IO[Any]) -> None:
    write(name, audit, out, view)


def complain(lines: Iterable[str], name: str, output: Path | None) -> None:
    """Lines on standard error, unless the report shows them on the screen anyway."""
    if name != "table" or output is not None or not on_screen():
        for line in lines:
            streams.complain(line)


def view_of(output: Path | None, lang: str) -> View:
    """How a report on the screen, or anywhere else, is to look."""
    screen = output is None and on_screen()
    forced = output is None and os.environ.get("FORCE_COLOR", "0") not in ("", "0")
    color = not os.environ.get("NO_COLOR") and (forced or (screen and os.environ.get("TERM") != "dumb"))
    asked = os.environ.get("COLUMNS", "")
    columns = shutil.get_terminal_size().columns if screen or (output is None and asked.isdecimal()) else View().width
    return View(lang=lang, width=max(columns, NARROWEST), color=color)


def on_screen() -> bool:
    """True if the output goes to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def check_output(output: Path | None, name: str, kept: Iterable[Path], lang: str) -> None:
    """Refuse before the work what could not be written after it, and to write over a file that is read or written otherwise."""
    if output is None:
        if name in BINARY and on_screen():
            raise Refusal(say("cli.binary", lang, format=name))
        return
    reason = streams.why_unwritable(output)
    if reason:
        raise Refusal(say("cli.unwritable", lang, path=output, reason=reason))
    if any(_same(file, output) for file in kept):
        raise Refusal(say("cli.input-as-output", lang, path=output))


def _same(one: Path, other: Path) -> bool:
    """True if two paths lead to one file, or will when it is written."""
    try:
        return one.samefile(other)
    except OSError:
        return os.path.abspath(one) == os.path.abspath(other)  # noqa: PTH100


def check_draft(draft: Path | None, kept: Sequence[Path], lang: str) -> None:
    """Refuse to write a draft over a file that somebody may have reviewed."""
    if draft is not None:
        if draft.exists():
            raise Refusal(say("cli.waivers-exist", lang, path=draft))
        check_output(draft, "", kept, lang)


def emit(render: Callable[[IO[Any]], object], output: Path | None, lang: str, *, binary: bool = False, bom: bool = False) -> None:
    """Let `render` write to the file or to standard output; a file with `bom` opens in Excel as what it is."""
    try:
        if output is None:
            streams.print_whole(render, binary=binary)
            return
        with streams.whole_file(output, binary=binary, bom=bom) as stream:
            render(stream)
    except OSError as error:
        target = output or say("cli.standard-output", lang)
        raise Refusal(say("cli.unwritable", lang, path=target, reason=error.strerror or type(error).__name__)) from None


def write_text(text: str, output: Path | None, lang: str) -> int:
    """Write a text as it is."""
    emit(lambda out: out.write(text), output, lang)
    return OK
