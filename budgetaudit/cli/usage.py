"""Wrong usage in one line: which command or configuration file, what is wrong, and where to look."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import pairwise

import click
from click.core import ParameterSource

from budgetaudit.config import system_language
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.model import Message
from budgetaudit.rulefiles.typed_yaml import hint

CONFIGURATION = "budgetaudit.configuration"  # where a context keeps the path of the file its defaults come from
QUOTED = re.compile(r"'(.*?)' ")


def spoken(arguments: Sequence[str]) -> str:
    """The language that a command line asks for, before it is understood; '' if it asks for none."""
    given = [behind for word, behind in pairwise([*arguments, ""]) if word == "--lang"]
    given += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    return next((lang for lang in (*given, os.environ.get("BUDGETAUDIT_LANG", "")) if lang in LANGUAGES), "")


def one_line(error: click.ClickException, lang: str) -> str:
    """The line to print, in the language asked for or that of the configuration."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    lang = lang or str((context.default_map or {}).get("lang", "") if context else "")
    lang = lang if lang in LANGUAGES else system_language()
    text = say(_message(error), lang)
    if context is None:
        return f"budgetaudit: {text}"
    elsewhere = _set_elsewhere(error.param, context) if isinstance(error, click.BadParameter) and error.param else ""
    return f"{elsewhere}: {text}" if elsewhere else say("cli.usage", lang, command=context.command_path, text=text)


def _set_elsewhere(parameter: click.Parameter, context: click.Context) -> str:
    """The configuration file or the environment variable that gave a value, if the command line did not."""
    source = context.get_parameter_source(parameter.name or "")
    if source is ParameterSource.DEFAULT_MAP:
        return str(context.meta.get(CONFIGURATION))
    return str(parameter.envvar) if source is ParameterSource.ENVIRONMENT else ""


def _message(error: click.ClickException) -> Message:
    """What is wrong; click's own words where they are not one of the usual mistakes."""
    text = " ".join(error.format_message().split()).rstrip(".")
    match error:
        case click.NoSuchOption():
            return Message("usage-option", {"name": error.option_name, "hint": _likely(error.possibilities)})
        case click.BadOptionUsage() if "requires" in error.message:
            return Message("usage-no-value", {"name": error.option_name})
        case click.MissingParameter() if error.param is not None:
            return Message("usage-missing", {"name": error.param.get_error_hint(error.ctx or click.Context(click.Command(None)))})
        case click.BadParameter() if error.param is not None and isinstance(error.param.type, click.Choice):
            value = QUOTED.match(error.message)
            choices = hint(value[1] if value else "", map(str, error.param.type.choices))
            return Message("usage-choice", {"name": error.param.opts[0], "value": value[1] if value else "", "hint": choices})
        case click.UsageError() if hasattr(error, "command_name"):
            return Message("usage-command", {"name": error.command_name, "hint": _likely(getattr(error, "possibilities", None))})
    return Message("usage-other", {"text": text})


def _likely(names: Sequence[str] | None) -> Message | str:
    return Message("did-you-mean", {"name": names[0]}) if names else ""
