"""What `budgetaudit rules` does for those who read and write rules; each function gives the text to print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from budgetaudit import streams
from budgetaudit.delivery import FINDINGS, OK, USAGE, Refusal
from budgetaudit.messages import say
from budgetaudit.model import Cell, Document, Grid, Message, ReadError
from budgetaudit.rulefiles.rule import RuleSet
from budgetaudit.rulefiles.strict_yaml import RuleFileError
from budgetaudit.rulefiles.typed_yaml import hint

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Table
    from budgetaudit.reports.rules import Applied

SAMPLED = 300  # rows of a ledger in which relations are looked for


def listing(specs: Sequence[str], lang: str, width: int) -> str:
    """Every rule of some packs, one a line; of all packs if none is named."""
    from budgetaudit.reports import rules

    return rules.listing(_sets(specs, lang), lang, width)


def catalogue(specs: Sequence[str], lang: str) -> str:
    """The catalogue as Markdown."""
    from budgetaudit.rulefiles.catalogue import markdown

    return markdown(_sets(specs, lang))


def explanation(rule_id: str, specs: Sequence[str], lang: str) -> str:
    """One rule: what it checks, why, on what basis, and how to waive it."""
    from budgetaudit.rulefiles.catalogue import explain

    rules = {str(rule.id): rule for ruleset in _sets(specs, lang).values() for rule in ruleset.rules}
    if rule_id not in rules:
        raise Refusal(say("cli.unknown-rule", lang, rule=rule_id, hint=hint(rule_id, sorted(rules))))
    return explain(rules[rule_id], lang)


def lint(files: Sequence[str], lang: str) -> tuple[int, str]:
    """Every mistake of every file, and the exit code: 2 if one cannot be used, 1 if there are remarks."""
    from budgetaudit.authoring.lint import lint as remarks_on
    from budgetaudit.reports.wording import counted

    code, lines = OK, []
    for file in files:
        try:
            loaded = load((file,), lang)
        except Refusal as refusal:
            streams.complain(str(refusal))
            code = USAGE
            continue
        remarks = [fault.text(lang) for fault in remarks_on(file, _kinds())]
        code = max(code, FINDINGS if remarks else OK)
        lines += remarks or [say("cli.lint-clean", lang, file=file, rules=counted("rule", len(loaded.rules), lang))]
    return code, "".join(line + "\n" for line in lines)


def test(spec: str, where: str, lang: str) -> tuple[int, str]:
    """What the cases of some rules show: each that is not as stated, each rule that lacks one; 1 if one is not as stated."""
    from budgetaudit.authoring import cases
    from budgetaudit.reports.wording import counted

    ruleset = load((spec,), lang)
    folder = Path(where) if where else cases.beside(spec)
    if folder is None or not folder.exists():
        beside = Path(spec).with_suffix(cases.SUFFIX) if folder is None else folder
        raise Refusal(say("case-none", lang, file=spec, beside=beside))
    try:
        found = [case for case in cases.load(folder) if not folder.is_dir() or ruleset.find(case.rule)]
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None
    wrong = list(cases.run(found, ruleset))
    lines = [fault.text(lang) for fault in (*wrong, *cases.unshown(found, ruleset))]
    failed = len({(fault.file, fault.line) for fault in wrong})
    rules = counted("rule", len(ruleset.rules), lang)
    code = "case-summary" if wrong else "case-clean"
    lines.append(say(code, lang, file=spec, rules=rules, cases=len(found), wrong=failed))
    return (FINDINGS if wrong else OK), "".join(line + "\n" for line in lines)


def scaffold(file: str, lang: str) -> str:
    """The beginning of a rule file: what holds among the columns of a document or ledger, else a guess; may raise ReadError."""
    from budgetaudit import vocabulary
    from budgetaudit.authoring.discovered import drafted
    from budgetaudit.authoring.scaffold import columns_of
    from budgetaudit.authoring.scaffold import scaffold as begin
    from budgetaudit.labels.labelling import label
    from budgetaudit.readers import read
    from budgetaudit.structure.structure import analyse

    words = vocabulary.load()
    ledger = _sampled(file)
    document = ledger or read(file)
    found = drafted(document, words, across=True)
    named = [table for table in label(document, words) if any(line.text for line in table.columns)]
    if not named:
        raise Refusal(say("cli.new-no-table", lang, file=file))
    table = max(named, key=lambda table: len(table.figures))
    lines = [line.text for line in table.columns]
    if found:
        return columns_of(lines) + "\n".join(found) + "\n"
    held = [item for item in analyse(table).sums if item.axis == "column" and not item.fails]
    sums = [(lines[item.target], [lines[part] for part in item.parts]) for item in sorted(held, key=lambda item: -item.passes)]
    return begin(lines, words, table.caption, sums)


def _sampled(file: str) -> Document | None:
    """The first rows of a ledger as a document of one table; None if the file is none."""
    from budgetaudit.ledger.file import MANY_ROWS, has_ledger_format, open_ledger
    from budgetaudit.units import Units

    path = Path(file)
    if not has_ledger_format(path) and path.suffix.lower() not in (".csv", ".tsv"):
        return None
    try:
        ledger = open_ledger(file, Units())
    except ReadError:
        return None
    if not has_ledger_format(path) and ledger.estimated_rows <= MANY_ROWS:
        return None
    rows = [ledger.columns, *zip(*(column[:SAMPLED] for column in ledger.sample), strict=False)]
    cells = tuple(Cell(at, column, text, line=at + 1) for at, row in enumerate(rows) for column, text in enumerate(row))
    return Document(file, "csv", (Grid(len(rows), len(ledger.columns), cells, spans=False),))


def schema() -> str:
    """The JSON Schema of rule files."""
    from budgetaudit import vocabulary
    from budgetaudit.rulefiles import rule_schema

    return rule_schema.text(_kinds(), vocabulary.load())


def fitted(document: Document, specs: Sequence[str], lang: str) -> tuple[tuple[Table, ...], list[Applied]]:
    """The labelled tables, and what became of each rule; without `specs` the tables alone. Raises Refusal."""
    from budgetaudit.labels.labelling import label
    from budgetaudit.material import Material
    from budgetaudit.pipeline import audit_document, vocabulary_of
    from budgetaudit.reports.rules import applied
    from budgetaudit.rulefiles.expressions import names

    if not specs:
        from budgetaudit import vocabulary

        return label(document, vocabulary.load()), []
    ruleset = load(tuple(specs), lang)
    words = vocabulary_of(ruleset)
    result = audit_document(document, ruleset, words)
    material = Material(document, result.tables, words)
    reasons: dict[str, Message] = {}
    for rule in ruleset.active():
        if not material.meant(rule):
            reasons[rule.id] = Message("tables.rule-where")
        elif rule.id in result.unmatched:
            missing = [name for name in names(rule.options.check) if name not in result.unmatched[rule.id]]
            reasons[rule.id] = Message("tables.rule-columns", {"columns": ", ".join(missing or names(rule.options.check))})
    rules = [rule.id for rule in ruleset.active()]
    return result.tables, applied(rules, result.comparisons, result.errors, reasons)


def load(specs: Sequence[str], lang: str) -> RuleSet:
    """The rules of some packs and files; raises Refusal with every mistake in them."""
    from budgetaudit.rulefiles.rulefile import load as load_files

    try:
        return load_files(specs, _kinds())
    except RuleFileError as error:
        raise Refusal(error.text(lang)) from None


def _sets(specs: Sequence[str], lang: str) -> dict[str, RuleSet]:
    from budgetaudit.rulefiles.rulefile import packs

    return {spec: load((spec,), lang) for spec in specs or packs()}


def _kinds() -> dict[str, type]:
    from budgetaudit.kinds import KINDS

    return {name: kind.options for name, kind in KINDS.items()}
