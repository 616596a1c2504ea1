"""The beginning of a rule file, from the columns of a table: a formula that fits them, for its author to mend.

What the columns seem to mean decides the guess: a settlement's balance, a change, a total of sources or
years; else that an amount is not negative.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from budgetaudit.label_text import single_spaced
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.rulefiles.expressions import Name, names
from budgetaudit.rulefiles.formula_parser import parse_check
from budgetaudit.vocabulary import Label, Vocabulary

Sums: TypeAlias = Sequence[tuple[str, Sequence[str]]]

MAX_PARTS = 30
MAX_LABEL = 100
# The identities of a budget's measures: what is stated, then its terms with their signs; `?` marks a term that may be absent.
IDENTITIES = (
    ("balance", ("current_budget", "-execution", "?-carry_over", "?-returned")),
    ("balance", ("budget", "-execution", "?-carry_over", "?-encumbered", "?-returned")),
    ("current_budget", ("budget", "?carried_in", "?reserve", "?transfers")),
    ("uncollected", ("levied", "-collected", "?-written_off")),
    ("change", ("revised_budget", "-prior_budget")),
    ("change", ("budget", "-prior_budget")),
)


def scaffold(columns: Sequence[str], words: Vocabulary, caption: str = "", sums: Sums = ()) -> str:
    """A rule file (YAML text) with one formula over some of the columns; it loads as it stands.

    `sums` pairs columns with those that add up to them in the file.
    """
    labels = list(dict.fromkeys(filter(None, map(_clean, columns))))
    added = [(_clean(total), [_clean(part) for part in parts]) for total, parts in sums]
    check = guess(labels, words, added) if labels else f"{Name(say('new-column', 'ko'))} >= 0"
    caption = _clean(caption)
    lines = [*columns_of(labels).splitlines(), f"- id: {_identifier(caption)}"]
    for key in ("title", "why"):
        lines.append(f"  {key}:")
        lines += [f"    {language}: {_quoted(say(f'new-{key}', language, check=check))}" for language in LANGUAGES]
    lines += ["  kind: formula", f"  check: {_quoted(check)}", "  severity: warning", "  tolerance: rounding"]
    if caption:
        lines.append(f"  where: {{table: {_quoted(_pattern(caption))}}}")
    return "\n".join(lines) + "\n"


def columns_of(labels: Sequence[str]) -> str:
    """The names of the columns as comments, in every language."""
    known = ", ".join(dict.fromkeys(filter(None, map(_clean, labels))))
    return "".join(f"# {say('new-columns', language)}: {known}\n" for language in LANGUAGES)


def guess(labels: Sequence[str], words: Vocabulary, sums: Sums = ()) -> str:
    """A check over these column names that is likely to be meant."""
    meanings = [words.label(label) for label in labels]
    added = [(total, [("+", part) for part in parts]) for total, parts in sums if {total, *parts} <= set(labels)]
    for stated, terms in (*_identities(labels, meanings), *_totals(labels, meanings), *added):
        check = f"{Name(stated)} = {_joined(terms)}"
        # A label too odd to be a name in a formula is no reason to fail.
        if names(parse_check(check)) == (stated, *(name for _, name in terms)):
            return check
    return f"{Name(_amount(labels, meanings))} >= 0"


def _identities(labels: Sequence[str], meanings: Sequence[Label]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    measures = [meaning.measure for meaning in meanings]
    only = {measure: labels[measures.index(measure)] for measure in measures if measure and measures.count(measure) == 1}
    for stated, terms in IDENTITIES:
        needed = [term.lstrip("-") for term in terms if not term.startswith("?")]
        if stated in only and all(name in only for name in needed):
            signed = [("-" if "-" in term else "+", only[name]) for term in terms if (name := term.lstrip("?-")) in only]
            if len(signed) > 1:
                yield only[stated], signed


def _totals(labels: Sequence[str], meanings: Sequence[Label]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    totals = [label for label, meaning in zip(labels, meanings, strict=True) if meaning.total == "total"]
    for dimension in ("source", "year"):
        parts = [
            label for label, meaning in zip(labels, meanings, strict=True) if meaning.dimension == dimension and not meaning.total
        ]
        if len(totals) == 1 and 2 <= len(parts) <= MAX_PARTS:
            yield totals[0], [("+", part) for part in parts]


def _amount(labels: Sequence[str], meanings: Sequence[Label]) -> str:
    """A column that seems to hold amounts; the last one if none says so."""
    known = (
        label for label, meaning in zip(labels, meanings, strict=True) if meaning.measure or meaning.dimension or meaning.total
    )
    return next(known, labels[-1])


def _joined(terms: Sequence[tuple[str, str]]) -> str:
    text = " ".join(f"{sign} {Name(name)}" for sign, name in terms)
    return text.removeprefix("+ ")


def _clean(label: str) -> str:
    """A label on one line, of printable characters only."""
    return single_spaced("".join(char if char.isprintable() else " " for char in label[:MAX_LABEL]))


def _identifier(caption: str) -> str:
    return re.sub(r"[^\w.-]+", "-", caption)[:60].strip("-._") or "my-rule"


def _pattern(caption: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", caption)


def _quoted(text: str) -> str:
    # A JSON string is a YAML string; everything unprintable is gone already.
    return json.dumps(text, ensure_ascii=False)
