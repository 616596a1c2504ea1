"""Help in the reader's language, and wrong usage in one line: which command or file, what is wrong, where to look."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import click
from click.core import ParameterSource

from budgetaudit.config import system_language
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.messages.usage import COMMANDS, EXIT_CODES, OPTIONS, WORDS
from budgetaudit.model import Message
from budgetaudit.rulefiles.typed_yaml import hint

CONFIGURATION = "budgetaudit.configuration"  # where a context keeps the path of the file its defaults come from
PER_FILE = "budgetaudit.per-file"  # and what it says of single files
QUOTED = re.compile(r"'(.*?)' ")
_WORD = re.compile(r"(?<![-\w])(" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + r")(?![\w-])")
_EXTRA = re.compile(r"(?s)(.*?)(  \[.*\])?\Z")


def language_of(arguments: Sequence[str]) -> str:
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
        case click.BadParameter() if error.param is not None and isinstance(error.param.type, click.IntRange):
            return _number(error.param, error.param.type, error.message)
        case click.UsageError() if hasattr(error, "command_name") and os.path.exists(error.command_name):  # noqa: PTH110
            return Message("cli.is-file", {"name": error.command_name})
        case click.UsageError() if hasattr(error, "command_name"):
            return Message("usage-command", {"name": error.command_name, "hint": _likely(getattr(error, "possibilities", None))})
    return Message("usage-other", {"text": text})


def _number(param: click.Parameter, allowed: click.IntRange, text: str) -> Message:
    """What is wrong with the value of an option that takes a whole number."""
    quoted = QUOTED.match(text)
    name = param.opts[0]
    if quoted:
        return Message("usage-integer", {"name": name, "value": quoted[1]})
    limits = [f"≥ {allowed.min}" if allowed.min is not None else "", f"≤ {allowed.max}" if allowed.max is not None else ""]
    return Message("usage-range", {"name": name, "value": text.split(" ", 1)[0], "range": ", ".join(filter(None, limits))})


def reordered(arguments: Sequence[str], commands: Collection[str], own: Collection[str]) -> list[str]:
    """The arguments with the options of a command that were written before it moved behind it.

    `own`: the options of the program itself, which stay where they are; one that takes a value keeps it.
    """
    given = list(arguments)
    at = next((at for at, word in enumerate(given) if word in commands), None)
    if at is None or not any(word.startswith("-") and word.partition("=")[0] not in own for word in given[:at]):
        return given
    before: list[str] = []
    moved: list[str] = []
    words = iter(given[:at])
    for word in words:
        if word in own:
            before.append(word)
            if own_takes_value(word):
                before.append(next(words, ""))
        else:
            (before if word.partition("=")[0] in own else moved).append(word)
    return [*before, given[at], *moved, *given[at + 1 :]]


def own_takes_value(option: str) -> bool:
    """True for an option of the program itself that is followed by a value."""
    return option == "--config"


def _likely(names: Sequence[str] | None) -> Message | str:
    return Message("did-you-mean", {"name": names[0]}) if names else ""


class Command(click.Command):
    """A command whose help is in the reader's language."""

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = _worded(" ".join(self.collect_usage_pieces(context)), context)
        formatter.write_usage(context.command_path, pieces, say("help.usage", _language(context)))

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        own = self.help
        if _language(context) == "ko":
            self.help = COMMANDS.get((context.parent and self.name) or "budgetaudit", own or "")
        super().format_help_text(context, formatter)
        self.help = own

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            record
            for option in self.get_params(context)
            if isinstance(option, click.Option) and (record := option.get_help_record(context)) is not None
        ]
        with formatter.section(say("help.options", _language(context))):
            formatter.write_dl([(_worded(name, context), _option(text, context)) for name, text in records])

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        own = self.epilog
        if own and _language(context) == "ko":
            self.epilog = EXIT_CODES
        super().format_epilog(context, formatter)
        self.epilog = own


class Group(Command, click.Group):
    """The commands, each with the first sentence of its help."""

    command_class = Command

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, context, formatter)
        self.format_commands(context, formatter)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        korean = _language(context) == "ko"
        width = formatter.width - 6 - max(map(len, self.commands))
        rows = []
        for name, command in self.commands.items():
            text = COMMANDS[name].split("\n\n")[0] if korean and name in COMMANDS else command.get_short_help_str(width)
            rows.append((name, text))
        with formatter.section(say("help.commands", _language(context))):
            formatter.write_dl(rows)


def _language(context: click.Context) -> str:
    return context.obj or system_language()


def _option(text: str, context: click.Context) -> str:
    """The help of an option, with its default behind it."""
    if _language(context) != "ko":
        return text
    if text in OPTIONS:
        return OPTIONS[text]
    found = _EXTRA.match(text)
    assert found is not None
    return OPTIONS.get(found[1], found[1]) + _worded(found[2] or "", context)


def _worded(text: str, context: click.Context) -> str:
    return _WORD.sub(lambda found: WORDS[found[1]], text) if _language(context) == "ko" else text
