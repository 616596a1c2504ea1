"""From bytes to text: which encoding a file is in, decided strictly and said when guessed.

Order: byte-order mark, UTF-16 without one (only where NULs betray it), strict UTF-8, strict CP949, then
Windows-1252 where the text looks western. No statistics: a detector calls mostly-ASCII Korean files Big5.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from budgetaudit.model import Message, Place, Problem, ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")
_FOREIGN = re.compile("[^\x00-\x7f\ufffd]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_DAMAGE = 1000  # one unreadable character among this many is damage, more is another encoding


class Decoded(NamedTuple):
    """A text, its encoding, whether that is a guess, and the lines where characters were unreadable."""

    text: str
    encoding: str
    guessed: bool = False
    damaged: tuple[int, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of a file; raises ReadError `read-binary` or `read-undecodable`."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], name) or _refuse(data)
    if b"\x00" in data:
        return _without_mark(data)
    for name in ("utf-8", "cp949"):
        decoded = _forgiving(data, name)
        if decoded is not None and (name == "utf-8" or _looks_korean(data)):
            return decoded
    text = _strict(data, "cp1252") if _looks_western(data) else None
    return _refuse(data) if text is None else Decoded(_text(text), "cp1252", guessed=True)


def problems(path: str, decoded: Decoded) -> tuple[Problem, ...]:
    """What has to be said of an encoding that was guessed or did not fit everywhere."""
    args = {"encoding": decoded.encoding}
    found = [Problem(Place(path), Message("read-guessed-encoding", args), "notice")] if decoded.guessed else []
    damaged = (Problem(Place(path, line=line), Message("read-damaged-characters", args)) for line in decoded.damaged[:20])
    return (*found, *damaged)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _text(text: str) -> str:
    """The text if it is one: a few stray control characters pass, a stream of them is not text."""
    if len(_CONTROL.findall(text)) * 50 > len(text) + 50:
        raise ReadError("read-binary")
    return text


def _forgiving(data: bytes, name: str) -> Decoded | None:
    """The text, its few damaged characters located; None if there are too many for this to be the encoding."""
    strict = _strict(data, name)
    if strict is not None:
        return Decoded(_text(strict), name)
    text = data.decode(name, errors="replace")
    damage = text.count("\ufffd")
    if damage > max(3, len(text) // _DAMAGE) or damage * 20 > len(_FOREIGN.findall(text)):
        return None
    lines = [number for number, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
    return Decoded(_text(text), name, damaged=tuple(lines))


def _without_mark(data: bytes) -> Decoded:
    """UTF-16 without a mark: ASCII there has a NUL on one side only, and everything else decodes to text."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = _strict(data, name) if min(even, odd) * 20 <= max(even, odd) else None
    if text is None or _CONTROL.search(text):
        raise ReadError("read-binary")
    return Decoded(text, name)


def _looks_korean(data: bytes) -> bool:
    """Everyday Hangul is two high bytes; a high byte before an ASCII letter is mostly an accented western one."""
    runs = [len(run) for run in _HIGH.findall(data)]
    return sum(run for run in runs if run > 1) * 2 >= sum(runs)


def _looks_western(data: bytes) -> bool:
    """Accented letters stand alone between ASCII; two-byte scripts come in runs."""
    runs = _HIGH.findall(data)
    return sum(len(run) > 2 for run in runs) * 20 <= len(runs)


def _refuse(data: bytes) -> Decoded:
    try:
        data.decode("utf-8")
        line = 1
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    raise ReadError("read-undecodable", line=line)
