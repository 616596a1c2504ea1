"""A bound on the processor time that one document may take: the last line of defence behind the budgets of readers and tables."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooLong(BaseException):
    """One document took more processor time than it may."""


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
