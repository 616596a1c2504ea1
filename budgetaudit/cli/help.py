"""Help in the reader's language: click's layout, with the texts of messages/usage.py where that language is Korean."""

from __future__ import annotations

import re

import click

from budgetaudit.config import system_language
from budgetaudit.messages import say
from budgetaudit.messages.usage import COMMANDS, EXIT_CODES, OPTIONS, WORDS

_WORD = re.compile(r"(?<![-\w])(" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + r")(?![\w-])")
_EXTRA = re.compile(r"(?s)(.*?)(  \[.*\])?\Z")


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
