"""Write the marked copy of every input: beside each other in a folder, or the one copy of the one input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from budgetaudit.delivery import Refusal, check_output, emit
from budgetaudit.marking import FORMATS, Unmarkable, mark
from budgetaudit.marking.marks import legend, marks_of
from budgetaudit.messages import say
from budgetaudit.model import Audit, InputSummary
from budgetaudit.readers import STANDARD_INPUT
from budgetaudit.reports import View, to_xlsx
from budgetaudit.reports.wording import clean

WORKBOOK = ".xlsx"


def write_copies(audit: Audit, target: Path, lang: str, *, ticks: bool = False, kept: Sequence[Path] = ()) -> list[str]:
    """Write the copies; gives what has to be said of them, a line each.

    Raises Refusal if one cannot be written, or would be written over an input or a file of `kept`.
    """
    lines: list[str] = []
    for source in audit.inputs:
        if source.format and source.path != STANDARD_INPUT and Path(source.path).is_file():
            try:
                place = _destination(audit, source, target)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise Refusal(say("cli.unwritable", lang, path=target, reason=reason)) from None
            safe = [*kept, *(Path(one.path) for one in audit.inputs)]
            lines += _copy(only(audit, source), source, place, lang, ticks=ticks, kept=safe)
    return lines


def _destination(audit: Audit, source: InputSummary, target: Path) -> Path:
    """The file to write: the one asked for, or in a folder one named after its input."""
    if len(audit.inputs) == 1 and not target.is_dir() and target.suffix:
        return target
    target.mkdir(parents=True, exist_ok=True)
    names = [Path(one.path).name for one in audit.inputs]
    origin = Path(source.path)
    same = [one.path for one in audit.inputs if Path(one.path).name == origin.name]
    number = f"-{same.index(source.path) + 1}" if names.count(origin.name) > 1 else ""
    return target / f"{origin.stem}{number}{origin.suffix}"


def _copy(audit: Audit, source: InputSummary, target: Path, lang: str, *, ticks: bool, kept: Sequence[Path]) -> Iterator[str]:
    """Write one copy; a format that cannot be marked gives a workbook of its tables instead."""
    markable = source.format in (*FORMATS, "xlsx")
    if not markable:
        target = target.with_suffix(WORKBOOK)
        yield say("marks.workbook", lang, path=clean(source.path), format=source.format, target=target)
    elif target.suffix.lower() not in _suffixes(source):
        raise Refusal(say("marks.suffix", lang, path=target, suffix=Path(source.path).suffix))
    check_output(target, "", kept, lang)
    if source.format in FORMATS:
        try:
            marks = marks_of(audit, source.path, lang, ticks=ticks)
            data, lost = mark(source.format, Path(source.path).read_bytes(), marks, legend(lang) if ticks else ())
        except Unmarkable:
            yield say("marks.broken", lang, path=clean(source.path))
            return
        emit(partial(_put, data), target, lang, binary=True)
        names = list(dict.fromkeys(one.name for one in lost if one.name and one.note))
        if names:
            yield say("marks.lost", lang, path=clean(source.path), which=", ".join(names))
    else:
        view = View(lang=lang, evidence=ticks)
        emit(partial(_workbook, audit, view), target, lang, binary=True)
    yield say("marks.written", lang, path=target)


def _suffixes(source: InputSummary) -> set[str]:
    own = Path(source.path).suffix.lower()
    return {own, f".{source.format}"} | ({".htm", ".html"} if source.format == "html" else set())


def _put(data: bytes, out: IO[Any]) -> None:
    out.write(data)


def _workbook(audit: Audit, view: View, out: Any) -> None:
    to_xlsx.write(audit, out, view)


def only(audit: Audit, source: InputSummary) -> Audit:
    """What an audit says of one of its inputs."""
    path = source.path
    return replace(
        audit,
        inputs=(source,),
        comparisons=tuple(one for one in audit.comparisons if one.stated.place.file == path),
        findings=tuple(one for one in audit.findings if one.places and one.places[0][1].file == path),
        tables=tuple(one for one in audit.tables if one.place.file == path),
        tallies=tuple(one for one in audit.tallies if one.file == path),
    )
