"""How a run is bounded and ended: processor time and memory of one document, signals of the system.

Bounds are the last line of defence behind the budgets of readers. They hold where this is the only thread of a program that has
the means (timers, limits of resources): a command line, a worker. A signal becomes an exception that no foreign engine swallows.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from budgetaudit.model import Document, ReadError

PATIENCE, PATIENCE_SIZE = 20.0, 10_000_000  # seconds of processor time, for each so many bytes begun
EACH, MOST = 0.0004, 120.0  # what a cell may take beyond that; what all of them may
MEMORY = 960 << 20  # with what a program takes before it begins a gibibyte


class TooLong(BaseException):
    """One document took more processor time than it may."""


@contextmanager
def bounded(path: str, document: Document | None = None) -> Iterator[None]:
    """Raise ReadError where the block takes too long, or too much memory, for a file of this size and for what was read of it."""
    try:
        with deadline(_patience(path, document)), _memory():
            yield
    except TooLong:
        raise ReadError("input-too-long") from None
    except MemoryError:
        raise ReadError("input-no-memory") from None


def _patience(path: str, document: Document | None) -> float:
    """Seconds of processor time."""
    try:
        size = os.stat(path).st_size  # noqa: PTH116 - for any text
    except (OSError, ValueError):
        size = 0
    cells = 0 if document is None else sum(len(grid.cells) for grid in document.grids())
    return PATIENCE * (1 + size // PATIENCE_SIZE) + min(MOST, EACH * cells)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TooLong in the block after so many seconds of processor time; no bound where the system has no such timer."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _expired)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _expired(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


@contextmanager
def _memory() -> Iterator[None]:
    """Let the block take so much memory; beyond that it meets MemoryError instead of filling the machine's."""
    limits = _limits()
    if limits is None:
        yield
        return
    resource, taken = limits
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = taken + MEMORY
    with suppress(ValueError, OSError):
        if before == resource.RLIM_INFINITY or before > limit:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _limits() -> tuple[Any, int] | None:
    """The module that limits memory and what is taken now; None where there is none, or other threads would suffer."""
    if threading.active_count() > 1 or threading.current_thread() is not threading.main_thread():
        return None
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - the one place to ask
            return resource, int(file.read().split()[5]) * resource.getpagesize()
    except (ImportError, OSError, ValueError, IndexError):
        return None


class Terminated(BaseException):
    """The process was asked to end."""


_asked: list[type[BaseException]] = []


def listen() -> None:
    """Leave no half-written file behind when the system or the user asks the process to end."""

    def end(number: int, _frame: FrameType | None) -> None:
        asked = KeyboardInterrupt if number == signal.SIGINT else Terminated
        _asked.append(asked)
        raise asked

    _asked.clear()
    with contextlib.suppress(ValueError):  # not the main thread: somebody else's program
        signal.signal(signal.SIGTERM, end)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background job ignores it
            signal.signal(signal.SIGINT, end)


def raise_pending() -> None:
    """Raise again what was asked for, if an engine took it for a fault of its own."""
    if _asked:
        raise _asked[-1]
