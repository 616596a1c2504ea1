"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from budgetaudit.config import system_language
from budgetaudit.messages import LANGUAGES
from budgetaudit.model import SEVERITIES

DEFAULT_PACK = "korea-local"
PATH = click.Path(path_type=Path, readable=False)  # a file that may not be read is a problem of the audit, not of the usage

Command = TypeVar("Command", bound=Callable[..., Any])


def language(command: Command) -> Command:
    """The option every command has."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=system_language,
        show_default="that of the system",
        envvar="BUDGETAUDIT_LANG",
        help="Language of the report and of every message.",
    )(command)


def rule_specs(command: Command) -> Command:
    """The rules to apply."""
    return click.option(
        "--rules",
        "-r",
        multiple=True,
        metavar="PATH|PACK",
        default=(DEFAULT_PACK,),
        show_default=True,
        help="Rule file, folder of rule files, or pack (korea-local, generic); given several times they combine.",
    )(command)


def fail_on_option(command: Command) -> Command:
    """What makes a gate close."""
    return click.option(
        "--fail-on",
        type=click.Choice((*SEVERITIES, "never")),
        default="error",
        show_default=True,
        help="Least severity that makes the exit code 1.",
    )(command)


def output_option(command: Command) -> Command:
    """Where a report goes; `-` is standard output, as it is for other programs."""
    return click.option(
        "--output",
        "-o",
        type=PATH,
        callback=lambda _context, _option, path: None if path == Path("-") else path,
        help="Write the report to this file, whole or not at all.",
    )(command)


def waivers_option(command: Command) -> Command:
    """What is accepted."""
    return click.option("--waivers", multiple=True, type=PATH, help="Waiver file: findings accepted with a reason.")(command)
