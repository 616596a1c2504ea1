"""How a run ends from outside: a signal becomes an exception, and one that a foreign engine swallows is not forgotten."""

from __future__ import annotations

import contextlib
import signal
from types import FrameType


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


def heed() -> None:
    """Raise again what was asked for, if an engine took it for a fault of its own."""
    if _asked:
        raise _asked[-1]
