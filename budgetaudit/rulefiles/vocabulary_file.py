"""Vocabularies of the user's own, checked before they are used: every fault with its line.

Shipped vocabularies are checked by a test instead, so that a run need not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from budgetaudit.label_text import squeeze
from budgetaudit.rulefiles.strict_yaml import Fault, MappingNode, Node, RuleFileError, ScalarNode, SequenceNode, read
from budgetaudit.rulefiles.typed_yaml import Blank, TypedReader, shape

Words = tuple[str, ...]


@dataclass(frozen=True)
class OtherMoney:
    """A unit of another currency."""

    currency: Blank
    scale: Decimal


@dataclass(frozen=True)
class UnitWords:
    """The units a language prints."""

    money: dict[str, Decimal] = field(default_factory=dict)
    other_money: dict[str, OtherMoney] = field(default_factory=dict)
    multipliers: dict[str, Decimal] = field(default_factory=dict)
    currency: dict[str, str] = field(default_factory=dict)
    amount_words: Words = ()
    scales: dict[str, Decimal] = field(default_factory=dict)
    glued: dict[str, Decimal] = field(default_factory=dict)
    joints: Words = ()
    nothing: Words = ()
    credit: dict[str, Decimal] = field(default_factory=dict)
    numerals: dict[str, Decimal] = field(default_factory=dict)
    percent: Words = ()
    count: Words = ()
    time: Words = ()


@dataclass(frozen=True)
class VocabularyFile:
    """What a vocabulary file may say; the keys `vocabulary.merge` reads."""

    language: str = ""
    totals: Words = ()
    subtotals: Words = ()
    total_prefixes: Words = ()
    total_suffixes: Words = ()
    rate_suffixes: Words = ()
    of_which: Words = ()
    breakdowns: Words = ()
    averages: Words = ()
    running_totals: Words = ()
    open_list: Words = ()
    keys: Words = ()
    key_endings: Words = ()
    remarks: Words = ()
    captions: Words = ()
    revenue_words: Words = ()
    amount_endings: Words = ()
    less: Words = ()
    losses: Words = ()
    added: Words = ()
    unit_words: Words = ()
    whole: Words = ()
    dimensions: dict[str, dict[str, Words]] = field(default_factory=dict)
    together: dict[str, dict[str, Words]] = field(default_factory=dict)
    accounts: dict[str, Words] = field(default_factory=dict)
    eras: dict[str, int] = field(default_factory=dict)
    units: UnitWords = UnitWords()
    periods: dict[str, Words] = field(default_factory=dict)
    prose: dict[str, Words] = field(default_factory=dict)
    phrases: dict[str, Words] = field(default_factory=dict)


def check(path: str | Path, name: str) -> tuple[Fault, ...]:
    """Every fault of a vocabulary file; empty if it can be used."""
    try:
        root = read(path, name)
    except RuleFileError as error:
        return error.faults
    reader = TypedReader(name)
    if not isinstance(root, MappingNode):
        reader.fault(root.line, "not-vocabulary")
        return tuple(reader.faults)
    reader.values(root, VocabularyFile, reader.check_keys(root, shape(VocabularyFile)))
    if not reader.faults:
        _one_meaning(root.get("dimensions"), reader)
    return tuple(reader.faults)


def _one_meaning(dimensions: Node | None, reader: TypedReader) -> None:
    """A label that stands under two members would silently mean the first."""
    meaning: dict[str, tuple[str, int]] = {}
    for dimension, members in dimensions.entries() if isinstance(dimensions, MappingNode) else ():
        for member, labels in members.entries() if isinstance(members, MappingNode) else ():
            own = f"{dimension.text}.{member.text}"
            for label in labels.items if isinstance(labels, SequenceNode) else (labels,):
                if isinstance(label, ScalarNode):
                    known, line = meaning.setdefault(squeeze(label.text), (own, label.line))
                    if known != own:
                        reader.fault(label.line, "label-twice", label=label.text, known=known, line=line)
