"""What `budgetaudit discover` prints: the relations of a document as JSON, or as a rule file to review.

The JSON speaks of cells, so it can say every relation. A rule speaks of names: what has none, or what a rule of these
names would not find again, is only counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Any

from budgetaudit.authoring import discovery
from budgetaudit.diagnosis.causes import CERTAIN_BITS, diagnose
from budgetaudit.kinds.options import FormulaOptions
from budgetaudit.label_text import single_spaced, squeeze
from budgetaudit.labels.labelling import Line, Table, label
from budgetaudit.labels.naming import own_label
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.model import Document
from budgetaudit.pipeline import audit_document
from budgetaudit.rulefiles.expressions import Name, names
from budgetaudit.rulefiles.formula_parser import parse_check
from budgetaudit.rulefiles.rule import Identifier, KindName, Rule, RuleSet, Where
from budgetaudit.rulefiles.tokens import ExpressionError
from budgetaudit.slips import fits_anything
from budgetaudit.vocabulary import Vocabulary

MOST_RULES = 300
MOST_PARTS = 90


@dataclass(frozen=True, slots=True)
class Draft:
    """A relation of lines as a formula over their names."""

    check: str
    caption: str
    table: int
    holds: int
    fails: int
    bits: float


def to_json(document: Document, words: Vocabulary) -> str:
    """Every relation, one entry for each target cell, and the suspects; rows and columns count from 1, as printed."""
    found = discovery.discover(document, words)
    relations = _listed(_entry(table.number, relation) for table in found for relation in table.relations)
    suspects = _listed(_suspects(found))
    return f'{{"schema": "budgetaudit/relations/1",\n "relations": {relations},\n "suspects": {suspects}}}\n'


def _listed(entries: Iterable[dict[str, Any]]) -> str:
    content = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f"[\n{content}\n ]" if content else "[]"


def _suspects(tables: Sequence[discovery.Table]) -> Iterator[dict[str, Any]]:
    """Of each cause of the failures the suspects, the likeliest first; `cause` numbers the causes.

    Only what a slip explains, though it may be that of several figures alike; and only in relations that are surer than it is
    unlikely that just this number of the table is wrong: else the relation that was found is likelier wrong than the figure.
    """
    comparisons = [one.comparison for table in tables for one in table.relations if one.comparison]
    sure = {one.law: one.bits - log2(table.size) for table in tables for one in table.relations}
    found = diagnose(comparisons)
    for cause, (root, suspects) in enumerate(found.suspects.items(), start=1):
        evidence = max(sure[comparisons[index].relation] for index, of in found.cause_of.items() if of == root)
        equal = found.evidence[root].code == "cause-equal" and found.bits[root] > CERTAIN_BITS
        for suspect in suspects if evidence > 0 else ():
            if (suspect.tier == "unresolved" and not equal) or (suspect.heals == 1 and fits_anything(suspect.repair)):
                continue
            place = suspect.place
            yield {
                "cause": cause,
                "table": place.table,
                "row": place.row,
                "column": place.column,
                "text": suspect.text,
                "repair": suspect.repair,
                "value": f"{suspect.value:f}",
                "heals": suspect.heals,
                "tier": suspect.tier,
            }


def _entry(table: int, relation: discovery.Found) -> dict[str, Any]:
    def cell(at: tuple[int, int]) -> dict[str, int]:
        return {"row": at[0] + 1, "column": at[1] + 1}

    made = relation.comparison
    return {
        "kind": relation.kind,
        "table": table,
        "target": cell(relation.target),
        "terms": [cell(term) for term in relation.terms],
        "along": relation.along,
        "holds": relation.holds,
        "fails": relation.fails,
        "bits": relation.bits,
        "verdict": made.verdict if made else "pass",
        "expected": f"{(made.expected if made else None) or 0:f}",
    }


def to_rules(document: Document, words: Vocabulary, lang: str) -> str:
    """A rule file of the relations that names can say, the surest first; its rules find on this document what was found."""
    found = discovery.discover(document, words)
    laws = {relation.law for table in found for relation in table.relations}
    drafts = _confirmed(list(_drafts(found, label(document, words)))[:MOST_RULES], document, words)
    if not laws:
        return f"# {_one_line(say('discover-none', lang, file=document.path))}\n[]\n"
    text = [f"# {_one_line(say('discover-head', lang, file=document.path, count=len(drafts)))}"]
    rest = len(laws) - len(drafts)
    if rest > 0:
        text.append(f"# {say('discover-unnamed', lang, count=rest)}")
    for number, draft in enumerate(drafts, start=1):
        text += _rule(number, draft)
    return "\n".join(text if drafts else [*text, "[]"]) + "\n"


def drafted(document: Document, words: Vocabulary, *, across: bool = False) -> list[str]:
    """The lines of the rules that relations found in a document can be said as; `across`: of columns only."""
    found = discovery.discover(document, words)
    kept = [
        replace(table, relations=tuple(one for one in table.relations if not across or one.along == "row")) for table in found
    ]
    drafts = _confirmed(list(_drafts(kept, label(document, words)))[:MOST_RULES], document, words)
    return [line for number, draft in enumerate(drafts, start=1) for line in _rule(number, draft)]


def _rule(number: int, draft: Draft) -> Iterator[str]:
    yield f"- id: found-{number}"
    args = {"table": draft.table, "holds": draft.holds, "fails": draft.fails, "bits": round(draft.bits), "check": draft.check}
    for key in ("title", "why"):
        yield f"  {key}:"
        yield from (f"    {language}: {_quoted(say(f'discover-{key}', language, **args))}" for language in LANGUAGES)
    yield from ("  kind: formula", f"  check: {_quoted(draft.check)}", "  severity: warning")
    if draft.caption:
        yield f"  where: {{table: {_quoted(_pattern(draft.caption))}}}"


def _drafts(found: Sequence[discovery.Table], labelled: Sequence[Table]) -> Iterator[Draft]:
    """The relations of lines, the surest first, each formula once for each caption."""
    tables: dict[int, list[Table]] = {}
    for table in labelled:
        tables.setdefault(table.number, []).append(table)
    drafts: dict[tuple[str, str], Draft] = {}
    for one in found:
        seen: set[str] = set()
        for relation in one.relations:
            if relation.law in seen:
                continue
            seen.add(relation.law)
            for table in tables.get(one.number, ()):
                check = _check(relation, table)
                if check:
                    caption = single_spaced(table.caption)
                    draft = Draft(check, caption, one.number, relation.holds, relation.fails, relation.bits)
                    drafts.setdefault((check, caption), draft)
    yield from sorted(drafts.values(), key=lambda draft: (-draft.bits, draft.table, draft.check))


def _check(relation: discovery.Found, table: Table) -> str:
    """A relation as a formula over the names of its lines; empty if they have none of their own."""
    axis = 0 if relation.along == "column" else 1
    lines = table.rows if axis == 0 else table.columns
    called = {line.index: name for line in lines if (name := _name(line, lines))}
    places = (relation.target, *relation.terms)
    if len(places) > MOST_PARTS or any(place[axis] not in called for place in places):
        return ""
    target, *terms = (str(Name(called[place[axis]])) for place in places)
    check = f"{target} = {_made(relation, terms)}"
    try:
        known = set(names(parse_check(check)))
    except ExpressionError:  # a label too odd to be a name
        return ""
    return check if known == {called[place[axis]] for place in places} else ""


def _name(line: Line, lines: Sequence[Line]) -> str:
    """What is printed over a line and over no other: its own label, else all of them."""
    for name_of in (own_label, lambda other: other.text):
        text = single_spaced(name_of(line))
        if text and sum(squeeze(name_of(other)) == squeeze(text) for other in lines) == 1:
            return text
    return ""


def _made(relation: discovery.Found, terms: Sequence[str]) -> str:
    if relation.kind == "sum":
        return " + ".join(terms)
    if relation.kind == "average":
        return f"({' + '.join(terms)}) / {len(terms)}"
    first, second = terms
    made = f"{first} / {second}" if relation.kind == "ratio" else f"({second} - {first}) / {first}"
    return made if relation.factor == 1 else f"{made} * {relation.factor}"


def _confirmed(drafts: Sequence[Draft], document: Document, words: Vocabulary) -> list[Draft]:
    """Those that, as rules, hold where the relation holds: names may mean more places than the figures did."""
    rules = [
        Rule(
            Identifier(str(at)),
            KindName("formula"),
            where=Where(table=(_pattern(draft.caption),) if draft.caption else ()),
            options=FormulaOptions(parse_check(draft.check)),
        )
        for at, draft in enumerate(drafts)
    ]
    result = audit_document(document, RuleSet(tuple(rules)), words)
    counts = Counter((comparison.rule, comparison.verdict) for comparison in result.comparisons)
    good = []
    for at, draft in enumerate(drafts):
        held = counts[Identifier(str(at)), "pass"] + counts[Identifier(str(at)), "rounding"]
        if held > 0 and counts[Identifier(str(at)), "fail"] <= draft.fails:
            good.append(draft)
    return good


def _pattern(caption: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in caption)


def _quoted(text: str) -> str:
    # A JSON string is a YAML string, if nothing in it is unprintable.
    return json.dumps(_one_line(text), ensure_ascii=False)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
