"""The list of rules by pack, and where each rule of one's own applied in a document or why it did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from tabulate import tabulate

from budgetaudit.messages import say
from budgetaudit.model import VERDICTS, Comparison, Message, RuleError
from budgetaudit.reports import View
from budgetaudit.reports.layout import indented, width_of, wrap
from budgetaudit.reports.wording import clean
from budgetaudit.rulefiles.rule import RuleSet


@dataclass(frozen=True, slots=True)
class Applied:
    """One rule: its comparisons by table (0: sentences) and verdict, or why there are none."""

    rule: str
    tables: Mapping[int, Counter[str]]
    reason: Message | None = None


def applied(
    rules: Iterable[str], comparisons: Sequence[Comparison], errors: Sequence[RuleError], reasons: Mapping[str, Message]
) -> list[Applied]:
    """What became of some rules in one document; `reasons` of those that compared nothing."""
    broken = {error.rule: error.message for error in errors}
    found = []
    for rule in rules:
        counts: dict[int, Counter[str]] = {}
        for comparison in comparisons:
            if comparison.rule == rule:
                counts.setdefault(comparison.stated.place.table or 0, Counter())[comparison.verdict] += 1
        reason = broken.get(rule) or (None if counts else reasons.get(rule, Message("tables.rule-nothing")))
        found.append(Applied(rule, dict(sorted(counts.items())), reason))
    return found


def to_text(found: Sequence[Applied], out: IO[str], view: View) -> None:
    """One line a rule."""
    out.write(f"\n{say('tables.rules', view.lang)}\n")
    for one in found:
        texts = [_counted(table, verdicts, view.lang) for table, verdicts in one.tables.items()]
        texts += [clean(say(one.reason, view.lang))] if one.reason else []
        out.writelines(line + "\n" for line in indented(f"{one.rule}: {'; '.join(texts)}", view.width, 2))


def to_dict(found: Sequence[Applied], lang: str) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "id": one.rule,
            "tables": [
                {"table": table or None, **{name: verdicts[name] for name in VERDICTS}} for table, verdicts in one.tables.items()
            ],
            "reason": say(one.reason, lang) if one.reason else None,
        }
        for one in found
    ]


def _counted(table: int, verdicts: Counter[str], lang: str) -> str:
    place = say("place.table", lang, n=table) if table else say("tables.sentences", lang)
    counts = ", ".join(f"{say(f'verdict.{name}', lang)} {verdicts[name]}" for name in VERDICTS if verdicts[name])
    return f"{place} ({counts})"


def listing(sets: Mapping[str, RuleSet], lang: str, width: int) -> str:
    """Every rule with its kind, severity and title, each once, and the packs that hold it."""
    packs: dict[str, list[str]] = {}
    for name, ruleset in sets.items():
        for rule in ruleset.active():
            packs.setdefault(rule.id, []).append(name)
    rules = {rule.id: rule for ruleset in sets.values() for rule in ruleset.active()}
    rows = [
        [rule.id, rule.kind, say(f"severity.{rule.severity}", lang), rule.title.get(lang) or rule.id, ", ".join(packs[rule.id])]
        for rule in rules.values()
    ]
    head = [say(f"head.{name}", lang) for name in ("rule", "kind", "severity", "title", "pack")]
    taken = sum(max(width_of(row[column]) for row in (head, *rows)) + 2 for column in (0, 1, 2, 4))
    for row in rows:
        row[3] = "\n".join(wrap(row[3], max(width - taken, 20)))
    return tabulate([head, *rows], tablefmt="plain", disable_numparse=True) + "\n"
