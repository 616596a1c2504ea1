"""One page a rule: what, why, basis, an example that fails with what is said of it, one that passes, how to waive.

All of it comes from the rule's entry in `rules/*.yaml` and its cases in `tests/cases/*.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from budgetaudit.authoring import cases
from budgetaudit.authoring.cases import Case
from budgetaudit.messages import TEXTS, say
from budgetaudit.model import Audit
from budgetaudit.pipeline import audit_document, gather, vocabulary_of
from budgetaudit.reports.wording import headline
from budgetaudit.rulefiles.catalogue import settings
from budgetaudit.rulefiles.rule import Rule, RuleSet
from budgetaudit.waivers import entries

HEAD = "<!-- Generated from rules/ and tests/cases/ by `nox -s generate`; change those. -->"
INDEX = """\
# The rules, a page each · 규칙별 안내

Each page says what a rule checks, why, on what basis, and shows a table it reports and one it passes.
The examples are cases of the test suite, so what they show is what the tool does.

| Rule | What it checks | Severity |
| --- | --- | --- |
"""


def pages(rulesets: Mapping[str, RuleSet], folder: Path) -> Iterator[tuple[str, str]]:
    """File name and text of every page, the index last."""
    rules = {rule.id: (rule, ruleset) for ruleset in rulesets.values() for rule in ruleset.active()}
    by_rule: dict[str, list[Case]] = {}
    for case in cases.load(folder):
        by_rule.setdefault(case.rule, []).append(case)
    for rule, ruleset in rules.values():
        packs = [name for name, one in rulesets.items() if one.find(rule.id)]
        yield f"{rule.id}.md", "\n".join(_page(rule, ruleset, packs, by_rule.get(rule.id, []))) + "\n"
    lines = [
        f"| [{rule.id}]({rule.id}.md) | {rule.title['en']}<br>{rule.title['ko']} | {rule.severity} |"
        for rule, _ in rules.values()
    ]
    yield "README.md", INDEX + "\n".join(sorted(lines)) + "\n"


def _page(rule: Rule, ruleset: RuleSet, packs: Sequence[str], found: Sequence[Case]) -> Iterator[str]:
    yield from (HEAD, "", f"# {rule.id}", "", f"**{rule.title['en']}**<br>{rule.title['ko']}", "")
    yield f"Severity: {rule.severity} · kind: `{rule.kind}` · packs: {', '.join(packs)} · defined in `{rule.file}`"
    kind = f"kind-{rule.kind}"
    if kind in TEXTS:
        yield from ("", "## What it compares", "", f"{_sentence(say(kind, 'en'))}")
        if described := "; ".join(f"`{key}: {text}`" for key, text in settings(rule)):
            yield from ("", f"This rule sets {described}.")
    if rule.why:
        yield from ("", "## Why", "", *(text for lang in ("en", "ko") if (text := rule.why.get(lang))))
    if rule.basis:
        yield from ("", "## Basis", "", "<br>".join(dict.fromkeys(rule.basis[lang] for lang in ("en", "ko"))))
    failing = next((case for case in found if any(one.severity != "note" for one in case.findings)), None)
    failing = failing or next((case for case in found if case.findings), None)
    passing = next((case for case in found if case.passed and not case.findings), None)
    result = _audited(failing, rule, ruleset) if failing else None
    if failing and result:
        yield from ("", "## Reported", "", *_example(failing), "")
        for finding in result.findings:
            yield f"- **{finding.severity}**: {headline(finding, 'en')}<br>{headline(finding, 'ko')}"
    if passing:
        yield from ("", "## Not reported", "", *_example(passing))
    yield from ("", "## To waive a finding", "")
    yield "A waiver of the finding above, for a file that `--waivers` names ([how](../gate.md)):"
    yield from ("", "```yaml", *_waiver(result), "```")


def _waiver(result: Audit | None) -> Iterator[str]:
    """What a waiver file would say of the first finding; reason and author are left to people."""
    entry = next(iter(entries(result, date.min, lambda path: path).values()), {}) if result else {}
    known = {name: text for name, text in entry.items() if name not in ("file", "fingerprint", "expires")}
    for at, (name, text) in enumerate({**known, "reason": "why it is right as printed", "author": "who decided"}.items()):
        yield f"{'  ' if at else '- '}{name}: {_quoted(text)}"


def _quoted(text: str) -> str:
    """A text as YAML writes it; amounts are quoted, for they are texts."""
    return text if text[:1].isalpha() and ": " not in text else "'" + text.replace("'", "''") + "'"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].rstrip(".") + "."


def _example(case: Case) -> Iterator[str]:
    """A case as it stands in its file: its name, then the table or the text."""
    yield from (f"{_sentence(case.name)[:-1]}:", "", "```text", *(case.table or case.text).rstrip().splitlines(), "```")


def _audited(case: Case, rule: Rule, ruleset: RuleSet) -> Audit:
    """The audit of a case by the rule alone."""
    alone = replace(ruleset, rules=(rule,))
    return gather([audit_document(cases.document(case), alone, vocabulary_of(ruleset))], alone)
