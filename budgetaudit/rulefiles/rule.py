"""The nouns of rules: what a rule file holds once it is read and checked.

The loader (`rulefile`) makes them, kinds read them. All are frozen; a text for people maps
language → sentence and always holds both `ko` and `en`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Literal, NewType

from budgetaudit.label_text import single_spaced
from budgetaudit.model import Severity
from budgetaudit.paths import matches
from budgetaudit.rulefiles.filters import Filter

Dimension = NewType("Dimension", str)
Member = NewType("Member", str)
Identifier = NewType("Identifier", str)
KindName = NewType("KindName", str)
Text = NewType("Text", dict[str, str])


def _no_text() -> Text:
    return Text({})


@dataclass(frozen=True, slots=True)
class Selector:
    """Which figures a rule speaks of: members of dimensions, or one printed column by its label."""

    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    label: str = ""

    def of(self, dimension: str) -> tuple[str, ...]:
        """The members chosen on a dimension; empty if the selector leaves it open."""
        return dict(self.members).get(dimension, ())

    def __str__(self) -> str:
        """As a rule file writes it."""
        if self.label:
            return self.label
        chosen = (f"{d}: {m[0] if len(m) == 1 else '[' + ', '.join(m) + ']'}" for d, m in self.members)
        return "{" + ", ".join(chosen) + "}"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a stated amount may be from its expectation before it is a finding."""

    kind: Literal["rounding", "truncation", "exact", "amount", "percent"] = "rounding"
    value: Decimal = Decimal(0)
    unit: str = ""

    def __str__(self) -> str:
        if self.kind == "amount":
            return f"{self.value:,f}{self.unit}"
        return f"{self.value:f}%" if self.kind == "percent" else self.kind


@dataclass(frozen=True, slots=True)
class Where:
    """Where a rule applies: glob patterns, any of which may match but none of those behind `!`, and a filter of rows."""

    table: tuple[str, ...] = ()
    file: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    rows: Filter | None = None

    @staticmethod
    def matches(patterns: tuple[str, ...], text: str | None) -> bool:
        """True if a caption, file name, sheet or column label fits one of the patterns and none of those behind `!`."""
        if not patterns or text is None:
            return not patterns
        excluded = any(fnmatchcase(single_spaced(text), single_spaced(p[1:])) for p in patterns if p.startswith("!"))
        included = [p for p in patterns if not p.startswith("!")]
        return not excluded and (not included or any(fnmatchcase(single_spaced(text), single_spaced(p)) for p in included))


@dataclass(frozen=True, slots=True)
class Keys:
    """How the keys of rows are matched: case, codes padded with zeros in front, zeros at the end of some columns dropped.

    `missing`: a key on one side only is a finding, or counts as zero. `compare`: the keys of both sides, or of the own rows only.
    """

    case: Literal["keep", "fold"] = "keep"
    pad: int = 0
    trailing_zeros: tuple[str, ...] = ()
    missing: Literal["finding", "zero"] = "finding"
    compare: Literal["both", "own"] = "both"


@dataclass(frozen=True, slots=True)
class Column:
    """A printed column name that a rule file gives coordinates itself."""

    label: str
    members: tuple[tuple[str, str], ...]
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `options` is the frozen options dataclass of its kind, `given` the keys its file wrote (`title.ko` too)."""

    id: Identifier
    kind: KindName
    title: Text = field(default_factory=_no_text)
    severity: Severity = "error"
    tolerance: Tolerance = Tolerance()
    why: Text = field(default_factory=_no_text)
    basis: Text = field(default_factory=_no_text)
    example: Text = field(default_factory=_no_text)
    where: Where = Where()
    by: tuple[str, ...] = ()
    blanks: Literal["missing", "zero"] = "missing"
    keys: Keys = Keys()
    retired: str = ""
    options: Any = field(default=None, metadata={"read": False})
    file: str = field(default="", metadata={"read": False})
    shipped: bool = field(default=False, metadata={"read": False})  # its names are meanings, not those of a user's columns
    line: int = field(default=0, metadata={"read": False})
    given: frozenset[str] = field(default=frozenset(), metadata={"read": False}, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How one run changes its rules: which apply, which do not, and how severe they are. Ids may be patterns (`period-*`)."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()

    def ids(self) -> Iterator[str]:
        """Every id or pattern it names."""
        yield from (*self.select, *self.ignore, *(name for name, _ in self.severity))

    def applied(self, rule: Rule) -> Rule | None:
        """The rule as this run wants it; None if it does not apply."""
        if self.select and not _named(rule.id, self.select):
            return None
        if _named(rule.id, self.ignore):
            return None
        levels = [level for name, level in self.severity if fnmatchcase(rule.id, name)]
        return replace(rule, severity=levels[-1]) if levels else rule


def _named(rule_id: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(rule_id, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in the order of their files, with the vocabularies and columns those files ask for.

    `vocabulary` holds names of shipped vocabularies or paths of files; `names` are the packs and files given;
    `titles` pairs a file with what it calls itself; `per_file` tunes the rules for the files that a path pattern fits;
    `shipped` names the files that come with the program, `sources` are the paths of all files read: rules, vocabularies.
    """

    rules: tuple[Rule, ...]
    vocabulary: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    names: tuple[str, ...] = ()
    titles: tuple[tuple[str, Text], ...] = ()
    per_file: tuple[tuple[str, Tuning], ...] = ()
    shipped: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=(), compare=False)

    def tuned(self, tuning: Tuning) -> RuleSet:
        """These rules as one run wants them."""
        rules = tuple(changed for rule in self.rules if (changed := tuning.applied(rule)) is not None)
        return replace(self, rules=rules)

    def of_file(self, path: str) -> RuleSet:
        """These rules as they apply to one file."""
        found = self
        for pattern, tuning in self.per_file:
            if matches(path, pattern):
                found = found.tuned(tuning)
        return found

    def active(self) -> Iterator[Rule]:
        """The rules to apply: all but the retired ones."""
        return (rule for rule in self.rules if not rule.retired)

    def find(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)
