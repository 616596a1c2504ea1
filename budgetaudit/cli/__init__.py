"""The command line: options in, a report out. This room alone knows click; delivery.py knows the exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from budgetaudit import config, streams
from budgetaudit.cli.commands import cli
from budgetaudit.cli.usage import language_of, one_line, reordered
from budgetaudit.deadline import Terminated, listen
from budgetaudit.delivery import INCOMPLETE, INTERRUPTED, OK, TERMINATED, USAGE, Refusal
from budgetaudit.messages import say

__all__ = ["cli", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    streams.prepare(sys.stdout)
    streams.prepare(sys.stderr)
    listen()
    own = {name for option in cli.params for name in option.opts} | {"-h", "--help"}
    arguments = reordered(sys.argv[1:] if arguments is None else arguments, cli.commands, own)
    lang = language_of(arguments)
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
