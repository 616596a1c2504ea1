"""The command `rules`: what is checked and why, and help for those who write rules."""

from __future__ import annotations

from pathlib import Path

import click

from budgetaudit import delivery, inputs, streams
from budgetaudit.cli.options import complete_rules, language, output_option
from budgetaudit.cli.usage import Command
from budgetaudit.delivery import INCOMPLETE, view_of, write_text
from budgetaudit.messages import say
from budgetaudit.model import ReadError


@click.command(cls=Command)
@click.argument(
    "words", metavar="[ID | lint FILE... | test FILE [CASES] | new FILE | schema]", nargs=-1, shell_complete=complete_rules
)
@click.option(
    "--rules", "-r", "specs", multiple=True, metavar="PATH|PACK", help="Packs or rule files to explain  [default: every pack]"
)
@click.option("--markdown", is_flag=True, help="Print the whole catalogue as Markdown.")
@output_option
@language
def rules(words: tuple[str, ...], specs: tuple[str, ...], markdown: bool, output: Path | None, lang: str) -> int:
    """List the rules, explain one of them, or help to write others.

    \b
    Examples:
      budgetaudit rules                          every rule of every pack
      budgetaudit rules funding-sources          what it checks, why, and how to waive it
      budgetaudit rules lint my-rules.yaml       every mistake, with its line
      budgetaudit rules test my-rules.yaml       the cases in my-rules.cases.yaml
      budgetaudit rules new ledger.csv -o my-rules.yaml   begin rules from the columns of a file
      budgetaudit rules schema -o rules.schema.json       for completion in an editor
    """
    delivery.check_output(output, "", inputs.rule_files((*words, *specs)), lang)
    from budgetaudit.authoring import commands as authoring

    helper, rest = (words[0], words[1:]) if words[:1] and words[0] in ("lint", "test", "new", "schema") else ("", words)
    fitting = {"": len(rest) < 2, "lint": bool(rest), "test": len(rest) in (1, 2), "new": len(rest) == 1, "schema": not rest}
    if not fitting[helper]:
        raise click.UsageError(say(f"cli.rules-{helper or 'id'}", lang), click.get_current_context())
    if helper == "lint":
        code, text = authoring.lint(rest, lang)
        return max(code, write_text(text, output, lang))
    if helper == "test":
        code, text = authoring.test(rest[0], "".join(rest[1:]), lang)
        return max(code, write_text(text, output, lang))
    if helper == "new":
        try:
            return write_text(authoring.scaffold(rest[0], lang), output, lang)
        except ReadError as error:
            streams.complain(f"{rest[0]}: {say(error.message, lang)}")
            return INCOMPLETE
    if helper == "schema":
        return write_text(authoring.schema(), output, lang)
    if markdown:
        return write_text(authoring.catalogue(specs, lang), output, lang)
    if rest:
        return write_text(authoring.explanation(rest[0], specs, lang), output, lang)
    return write_text(authoring.listing(specs, lang, view_of(output, lang).width), output, lang)
