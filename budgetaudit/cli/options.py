"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click

from budgetaudit.config import system_language
from budgetaudit.inputs import DatabaseUrl
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.model import SEVERITIES

DEFAULT_PACK = "korea-local"
PATH = click.Path(path_type=Path, readable=False)  # a file that may not be read is a problem of the audit, not of the usage


class Input(click.Path):
    """A path, or the URL of a database."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return DatabaseUrl(value) if "://" in str(value) else super().convert(value, param, ctx)


INPUT = Input(path_type=Path, readable=False)

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
        shell_complete=complete_rule_files,
        help="Rule file, folder of rule files, or pack (korea-local, generic); given several times they combine.",
    )(command)


def tuning_options(command: Command) -> Command:
    """Which of the rules apply, and how severe they are."""
    ids: dict[str, Any] = {"multiple": True, "metavar": "RULE[,RULE]", "shell_complete": complete_rules}
    levels: dict[str, Any] = {"multiple": True, "metavar": "RULE=LEVEL", "shell_complete": complete_rules}
    made = (
        click.option("--select", help="Apply these rules only.", **ids),
        click.option("--ignore", help="Leave these rules out.", **ids),
        click.option("--severity", help="Make the findings of a rule errors, warnings or notes.", **levels),
    )
    for option in reversed(made):
        command = option(command)
    return command


def complete_rules(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[Any]:
    """The ids of rules that begin so; behind a comma the next one."""
    from click.shell_completion import CompletionItem

    from budgetaudit.rulefiles.extending import shipped

    before, comma, begun = incomplete.rpartition(",")
    del context
    return [CompletionItem(f"{before}{comma}{rule}") for rule in shipped() if rule.startswith(begun)]


def complete_rule_files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Packs by their names, rule files and folders by their paths."""
    from click.shell_completion import CompletionItem

    from budgetaudit.rulefiles.rulefile import packs

    files = [path for pattern in ("*.yaml", "*.yml") for path in sorted(Path.cwd().glob(f"{incomplete}{pattern}"))]
    folders = [path for path in sorted(Path.cwd().glob(f"{incomplete}*/")) if path.is_dir()]
    found = [name for name in packs() if name.startswith(incomplete)]
    found += [str(path.relative_to(Path.cwd())) + ("/" if path.is_dir() else "") for path in (*files, *folders)]
    return [CompletionItem(name) for name in found]


def fail_on_option(command: Command) -> Command:
    """What makes a gate close."""
    return click.option(
        "--fail-on",
        type=click.Choice((*SEVERITIES, "never")),
        default="error",
        show_default=True,
        help="Least severity that makes the exit code 1.",
    )(command)


class Percent(click.ParamType):  # type: ignore[type-arg]
    """A number from 0 to 100, exact."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal(-1)
        if not 0 <= number <= 100:
            self.fail(say("cli.percent", str(ctx.obj or "en") if ctx else "en", value=value), param, ctx)
        return number


def min_coverage_option(command: Command) -> Command:
    """How much must be proven."""
    return click.option(
        "--min-coverage",
        type=Percent(),
        metavar="PERCENT",
        help="Exit code 1 also where an input has figures and less than so much of a hundred of them is proven by an equality.",
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


def outputs_option(command: Command) -> Command:
    """Where reports go; each file's suffix says its format."""
    return click.option(
        "--output",
        "-o",
        "outputs",
        multiple=True,
        type=PATH,
        help="Write a report to this file, whole or not at all; several times for several formats.",
    )(command)


def waivers_option(command: Command) -> Command:
    """What is accepted."""
    return click.option("--waivers", multiple=True, type=PATH, help="Waiver file: findings accepted with a reason.")(command)
