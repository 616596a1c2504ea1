"""Rules over the columns of a ledger, compiled to the linear form: once, whatever engine will run it.

A column gets its coordinates from the rule file's `columns:` or from its name through the vocabulary; a formula names
columns themselves.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from budgetaudit.engines.linear import LinearComparison, Plan, Rollup, Side, Unique
from budgetaudit.kinds.options import (
    ChangeOptions,
    FormulaOptions,
    RateOptions,
    RollupOptions,
    SumOptions,
    UniqueOptions,
    WithinOptions,
)
from budgetaudit.label_text import normal, only_alike, single_spaced
from budgetaudit.labels.naming import members_only
from budgetaudit.model import Message, Operator, RuleError
from budgetaudit.rulefiles.evaluation import Linear, linear, ratio
from budgetaudit.rulefiles.expressions import Call, Compare, Expression, Name, choose_check, names, rename, summed
from budgetaudit.rulefiles.rule import Column as Given
from budgetaudit.rulefiles.rule import Rule, RuleSet, Selector, Where
from budgetaudit.vocabulary import Vocabulary

HUNDRED = Fraction(100)
MIRROR: Mapping[str, Operator] = {"=": "=", "!=": "!=", "<=": ">=", "<": ">", ">=": "<=", ">": "<"}
TOTAL = "total"
EXECUTED = ("execution", "settlement", "collected")
BUDGETED = ("current_budget", "budget", "plan", "revised_budget", "levied")
CURRENT, PRIOR = ("revised_budget", "budget", "current_budget", "plan"), ("prior_budget",)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A column of amounts with its coordinates: dimension → member; `given` by the rule file, or read off its name."""

    name: str
    coordinates: Mapping[str, str]
    given: bool = False

    def others(self, *dimensions: str) -> frozenset[tuple[str, str]]:
        """The coordinates on all other dimensions."""
        return frozenset(item for item in self.coordinates.items() if item[0] not in dimensions)


@dataclass
class Compiled:
    """A plan with what could not be compiled, the rules whose columns were guessed, and those whose columns are not there."""

    plan: Plan
    errors: list[RuleError] = field(default_factory=list)
    guessed: frozenset[str] = frozenset()
    unmatched: Mapping[str, frozenset[str]] = field(default_factory=dict)


class NotFound(LookupError):  # noqa: N818 - carries names, not a fault
    """A rule speaks of columns the ledger has not."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(*missing)
        self.missing = tuple(missing)


def compile_rules(ruleset: RuleSet, columns: Sequence[str], numeric: Sequence[str], words: Vocabulary, path: str) -> Compiled:
    """The plan for a ledger with these columns; rules that do not concern it leave nothing behind."""
    labelled = coordinates(numeric, ruleset.columns, words)
    comparisons: list[LinearComparison] = []
    rollups: list[Rollup] = []
    uniques: list[Unique] = []
    errors: list[RuleError] = []
    unmatched: dict[str, frozenset[str]] = {}
    for rule in ruleset.active():
        if not concerns(rule.where, path):
            continue
        try:
            if isinstance(rule.options, RollupOptions):
                rollups.append(_rollup(rule, columns))
            elif isinstance(rule.options, UniqueOptions):
                uniques.append(
                    Unique(rule.id, rule.kind, tuple(find_column(name, columns) for name in rule.options.key), rule.severity)
                )
            elif isinstance(rule.options, FormulaOptions):
                comparisons.append(_formula(rule, columns, labelled))
            elif rule.kind in COMPILERS:
                comparisons.extend(COMPILERS[rule.kind](rule, labelled))
        except NotFound:
            if rule.kind != "formula" or not members_only(rule.options.check, words):
                unmatched[rule.id] = frozenset(columns)  # a ledger without such amounts is no mistake of the rule
        except ValueError:
            errors.append(RuleError(rule.id, Message("ledger-not-linear", {"rule": rule.id})))
    judged: dict[str, tuple[str, ...]] = {rule.id: rule.where.column for rule in ruleset.active()}
    comparisons = [one for one in comparisons if Where.matches(judged[one.rule], one.stated)]
    given = {column.name for column in labelled if column.given}
    exact = {rule.id for rule in ruleset.active() if rule.kind == "formula" and not members_only(rule.options.check, words)}
    guessed = {c.rule for c in comparisons if c.rule not in exact and not given.intersection(c.columns())}
    return Compiled(Plan(tuple(comparisons), tuple(rollups), tuple(uniques)), errors, frozenset(guessed), unmatched)


def concerns(where: Where, path: str) -> bool:
    """True if a rule speaks of this ledger, whose only title is the name of its file, and which has no sheets."""
    file = Path(path)
    names = (Where.matches(where.file, file.name) or Where.matches(where.file, path), Where.matches(where.table, file.stem))
    return all(names) and not where.sheet


def fits(rule: Rule, columns: Sequence[str]) -> bool:
    """True if a formula is a sum or a ratio of columns called by their names, so that an engine can run it."""
    try:
        _formula(rule, columns, ())
    except (NotFound, ValueError):
        return False
    return True


def has_keys(rule: Rule, columns: Sequence[str]) -> bool:
    """True if a ledger has the key columns of a rule about keys, or some of them: what is misspelt is told."""
    options = rule.options
    required = [name.partition("->")[0].strip() for name in (options.key if isinstance(options, UniqueOptions) else options.by)]
    known = {normal(column) for column in columns}
    return any(normal(name) in known or difflib.get_close_matches(name, columns, n=1) for name in required)


def coordinates(numeric: Sequence[str], given: Sequence[Given], words: Vocabulary) -> tuple[Labelled, ...]:
    """The columns of amounts with what the rule file or the vocabulary says of them."""
    stated = {single_spaced(column.label): dict(column.members) for column in given}
    found = []
    for name in numeric:
        if single_spaced(name) in stated:
            found.append(Labelled(name, stated[single_spaced(name)], given=True))
            continue
        label = words.label(name)
        members = {label.dimension: label.member} if label.dimension else {}
        if label.measure:
            members["measure"] = label.measure
        if label.year is not None:
            members.setdefault("year", str(label.year))
        if label.total == "total" and not label.dimension:
            members[TOTAL] = TOTAL
        found.append(Labelled(name, members))
    return tuple(found)


def is_identifier(name: str, words: Vocabulary) -> bool:
    """True if a column's name, or a word of it, says that it holds codes and no amounts: `gov_code`, `project id`."""
    return any(words.label(part).identifier for part in (name, *re.split(r"[\s_.-]+", name)) if part)


# --- by name -----------------------------------------------------------------------------------


def find_column(name: str, columns: Sequence[str]) -> str:
    """The column of a name: as printed, or the only one whose name without brackets and blanks is the same."""
    found = only_alike(name, columns)
    if found is None:
        raise NotFound([name])
    return columns[found]


def _named(name: str, columns: Sequence[str], labelled: Sequence[Labelled]) -> str:
    """The column a formula means: by its name, or as the only one with that member."""
    try:
        return find_column(name, columns)
    except NotFound:
        found = [column.name for column in labelled if name in column.coordinates.values()]
        if len(found) != 1:
            raise
        return found[0]


def meant(check: Compare, columns: Sequence[str], labelled: Sequence[Labelled]) -> tuple[Compare, dict[str, str]]:
    """A formula with its choices made, and the column of each name in it; raises NotFound."""
    check = _spelled_out(check, columns, labelled)
    found: dict[str, str] = {}
    for name in names(check):
        with suppress(NotFound):
            found[name] = _named(name, columns, labelled)
    check = choose_check(check, found)
    missing = [name for name in names(check) if name not in found]
    if missing:
        raise NotFound(missing)
    return check, found


def _formula(rule: Rule, columns: Sequence[str], labelled: Sequence[Labelled]) -> LinearComparison:
    """An auditor's own comparison; raises ValueError if it is not linear, or one linear expression over another."""
    return linear_formula(rule, *meant(rule.options.check, columns, labelled))


def linear_formula(rule: Rule, check: Compare, found: Mapping[str, str]) -> LinearComparison:
    """A formula over columns as a comparison of sums or ratios of them; ValueError if it is none."""
    left, right, operator = check.left, check.right, check.operator
    if operator in ("=", "!=") and isinstance(right, Name) and not isinstance(left, Name):
        left, right, operator = right, left, MIRROR[operator]
    found_ratio = ratio(right, {})
    if found_ratio is None:
        raise ValueError(str(check))
    numerator, divisor = found_ratio
    stated = linear(left, {})
    if stated is None or stated[1] or not stated[0]:
        return _both_sides(rule, check, found)
    return LinearComparison(
        rule.id,
        rule.kind,
        _side(stated, found),
        operator,
        _side(numerator, found),
        numerator[1],
        _side(divisor, found) if divisor else (),
        rule.tolerance,
        severity=rule.severity,
    )


def _spelled_out(check: Compare, columns: Sequence[str], labelled: Sequence[Labelled]) -> Compare:
    """The formula with `sum(source)` as the sum of the columns of that dimension; ValueError if they are of several kinds."""
    meaning: dict[str, Expression] = {}
    for name in summed(check).difference(columns):
        parts = [column for column in labelled if column.coordinates.get(name, TOTAL) != TOTAL]
        if len({column.others(name) for column in parts}) > 1:
            raise ValueError(str(check))
        if parts:
            meaning[name] = Call("sum", tuple(Name(column.name) for column in parts))
    renamed = rename(check, meaning)
    assert isinstance(renamed, Compare)
    return renamed


def _both_sides(rule: Rule, check: Compare, found: Mapping[str, str]) -> LinearComparison:
    """A comparison whose left side holds a constant: all columns go to the left, the constant to the right."""
    form = linear(check, {})
    if form is None or not form[0]:
        raise ValueError(str(check))
    side = _side(form, found)
    return LinearComparison(rule.id, rule.kind, side, check.operator, (), -form[1], (), rule.tolerance, severity=rule.severity)


def _side(form: Linear, found: Mapping[str, str]) -> Side:
    return tuple((coefficient, found[name]) for name, coefficient in form[0].items())


def _rollup(rule: Rule, columns: Sequence[str]) -> Rollup:
    options: RollupOptions = rule.options

    def pairs(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
        parts = [[part.strip() for part in text.split("->")] for text in texts]
        return tuple((find_column(part[0], columns), part[-1]) for part in parts)

    return Rollup(
        rule.id,
        rule.kind,
        pairs(options.by),
        pairs(options.measures),
        str(Path(rule.file).parent / options.published),
        rule.tolerance,
        rule.severity,
    )


# --- by coordinates ----------------------------------------------------------------------------


def _sums(rule: Rule, labelled: Sequence[Labelled]) -> Iterator[LinearComparison]:
    """A total and its parts along a dimension, for every combination of the other coordinates."""
    options: SumOptions = rule.options
    along = options.along
    parts: dict[frozenset[tuple[str, str]], list[Labelled]] = {}
    for column in labelled:
        member = column.coordinates.get(along)
        if member and member != (options.total or TOTAL) and (not options.parts or member in options.parts):
            parts.setdefault(column.others(along), []).append(column)
    for others, columns in parts.items():
        totals = [
            column for column in labelled if _is_total(column, along, options.total) and column.others(along, TOTAL) == others
        ]
        members = {column.coordinates[along] for column in columns}
        if len(totals) == 1 and len(columns) > 1 and len(members) == len(columns):
            yield _comparison(rule, _one(totals[0]), "=", tuple((Fraction(1), c.name) for c in columns), _label(others))


def _is_total(column: Labelled, along: str, total: str | None) -> bool:
    member = column.coordinates.get(along)
    return member == (total or TOTAL) if member else total is None and TOTAL in column.coordinates


def _within(rule: Rule, labelled: Sequence[Labelled]) -> Iterator[LinearComparison]:
    """Each amount and its limit at the same coordinates; and the running totals over the years."""
    options: WithinOptions = rule.options
    pairs = []
    for left in _chosen(options.left, labelled):
        limits = [c for c in _chosen(options.right, labelled) if c.others("measure") == left.others("measure") and c != left]
        if len(limits) == 1:
            pairs.append((left, limits[0]))
            yield _comparison(rule, _one(left), "<=", _one(limits[0]), left.name)
    if options.also != "cumulative":
        return
    running: dict[frozenset[tuple[str, str]], list[tuple[str, Labelled, Labelled]]] = {}
    for left, right in pairs:
        if (year := left.coordinates.get("year", "")).isdigit():
            running.setdefault(left.others("year"), []).append((year, left, right))
    for found in running.values():
        found.sort(key=lambda item: item[0])
        for upto in range(2, len(found) + 1):
            spent = tuple((Fraction(1), left.name) for _, left, _ in found[:upto])
            limit = tuple((Fraction(1), right.name) for _, _, right in found[:upto])
            yield _comparison(rule, spent, "<=", limit, f"≤ {found[upto - 1][0]}")


def _changes(rule: Rule, labelled: Sequence[Labelled]) -> Iterator[LinearComparison]:
    options: ChangeOptions = rule.options
    for change in _chosen(options.change, labelled):
        new, old = (_partner(change, selector, labelled) for selector in (options.new, options.old))
        if new and old:
            yield _comparison(rule, _one(change), "=", ((Fraction(1), new.name), (Fraction(-1), old.name)), change.name)


def _rates(rule: Rule, labelled: Sequence[Labelled]) -> Iterator[LinearComparison]:
    options: RateOptions = rule.options
    growth = options.of == "growth"
    if options.of == "share":  # a share's whole is another row, not another column
        return
    above = options.numerator or _measures(CURRENT if growth else EXECUTED)
    below = options.denominator or _measures(PRIOR if growth else BUDGETED)
    for rate in _chosen(options.rate, labelled):
        part, whole = _partner(rate, above, labelled), _partner(rate, below, labelled)
        if part and whole:
            terms = ((HUNDRED, part.name), *(((-HUNDRED, whole.name),) if growth else ()))
            yield _comparison(rule, _one(rate), "=", terms, rate.name, _one(whole))


def _measures(members: tuple[str, ...]) -> Selector:
    return Selector((("measure", members),))


def _chosen(selector: Selector, labelled: Sequence[Labelled]) -> list[Labelled]:
    """The columns a selector means."""
    if selector.label:
        return [column for column in labelled if single_spaced(column.name) == single_spaced(selector.label)]
    return [
        column
        for column in labelled
        if selector.members and all(column.coordinates.get(dimension) in members for dimension, members in selector.members)
    ]


def _partner(column: Labelled, selector: Selector, labelled: Sequence[Labelled]) -> Labelled | None:
    """The one column a selector means at the coordinates of another; of several measures the first that is there."""
    found = [
        other for other in _chosen(selector, labelled) if selector.label or other.others("measure") == column.others("measure")
    ]
    order = {member: at for at, member in enumerate(selector.of("measure"))}
    found.sort(key=lambda other: order.get(other.coordinates.get("measure", ""), 0))
    if len(found) > 1 and found[0].coordinates.get("measure") == found[1].coordinates.get("measure"):
        return None
    return found[0] if found else None


def _one(column: Labelled) -> Side:
    return ((Fraction(1), column.name),)


def _label(others: frozenset[tuple[str, str]]) -> str:
    return " ".join(sorted(member for _, member in others))


def _comparison(rule: Rule, left: Side, operator: Operator, right: Side, label: str, divisor: Side = ()) -> LinearComparison:
    return LinearComparison(
        rule.id, rule.kind, left, operator, right, divisor=divisor, tolerance=rule.tolerance, severity=rule.severity, label=label
    )


COMPILERS: dict[str, Callable[[Rule, Sequence[Labelled]], Iterator[LinearComparison]]] = {
    "change": _changes,
    "rate": _rates,
    "sum": _sums,
    "within": _within,
}
