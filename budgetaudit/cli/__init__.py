"""The command line: options in, a report out. This room alone knows click; delivery.py knows the exit codes."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from budgetaudit import config, streams
from budgetaudit.cli.commands import cli
from budgetaudit.cli.usage import one_line, reordered, spoken
from budgetaudit.delivery import INCOMPLETE, INTERRUPTED, OK, TERMINATED, USAGE, Refusal
from budgetaudit.messages import say

__all__ = ["cli", "main"]


class Terminated(BaseException):
    """The process was asked to end."""


def _end_cleanly() -> None:
    """Leave no half-written file behind when the system asks the process to end."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise Terminated

    with contextlib.suppress(ValueError):  # not the main thread: somebody else's program
        signal.signal(signal.SIGTERM, end)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    streams.prepare(sys.stdout)
    streams.prepare(sys.stderr)
    _end_cleanly()
    own = {name for option in cli.params for name in option.opts} | {"-h", "--help"}
    arguments = reordered(sys.argv[1:] if arguments is None else arguments, cli.commands, own)
    lang = spoken(arguments)
    try:
        code = cli.main(arguments, prog_name="budgetaudit", standalone_mode=False, obj=lang)
    except Refusal as refusal:
        streams.complain(str(refusal))
        return USAGE
    except click.ClickException as error:
        streams.complain(one_line(error, lang))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Terminated:
        return TERMINATED
    except SystemExit:  # click's answer to a closed pipe while it prints help
        return OK
    except Exception as error:
        if os.environ.get("BUDGETAUDIT_DEBUG"):
            raise
        streams.complain(say("cli.internal", lang or config.system_language(), error=type(error).__name__))
        return INCOMPLETE
    return code if isinstance(code, int) else OK
