"""What rules over rows propose: formulas per row or per group, roll-ups against another file, keys that must be unique."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from budgetaudit.kinds.options import FormulaOptions, RollupOptions, UniqueOptions, WithinOptions
from budgetaudit.model import Comparison, Figure, Message, Operator, Place, ReadError, RuleError
from budgetaudit.relations.confront import claim, confront, not_evaluated
from budgetaudit.relations.relation import Relation, Term
from budgetaudit.rows.keys import BETWEEN, Key, Reader, Sum, keyed, sums
from budgetaudit.rows.records import NoColumn, Record, Records, cells_of, of_file
from budgetaudit.rows.rules import LOOKUP
from budgetaudit.rulefiles.evaluation import CannotEvaluate, evaluate, linear, ratio
from budgetaudit.rulefiles.expressions import Compare, Expression, Name, names, parse
from budgetaudit.rulefiles.rule import Rule, squeeze
from budgetaudit.vocabulary import Vocabulary

ONE = Fraction(1)
MIRROR: Mapping[str, Operator] = {"=": "=", "!=": "!=", "<=": ">=", "<": ">", ">=": "<=", ">": "<"}


def compare_rows(rule: Rule, records: Records, words: Vocabulary) -> Iterator[Comparison]:
    """The comparisons of a rule over some records; raises NoColumn, and ReadError for a file it asks for."""
    if isinstance(rule.options, UniqueOptions):
        yield from _unique(rule, rule.options, records)
    elif isinstance(rule.options, RollupOptions):
        yield from _rollup(rule, rule.options, records, words)
    else:
        yield from _formula(rule, _check(rule), records, words)


def _check(rule: Rule) -> Compare:
    """The rule as a formula over columns; ValueError for a kind that has no meaning over rows."""
    if isinstance(rule.options, FormulaOptions):
        return rule.options.check
    if isinstance(rule.options, WithinOptions) and rule.options.left.label and rule.options.right.label:
        return Compare("<=", Name(rule.options.left.label), Name(rule.options.right.label))
    raise ValueError(rule.kind)


def _chosen(rule: Rule, records: Records) -> Iterator[Record]:
    """The rows a rule speaks of."""
    wanted = rule.where.rows
    if wanted is None:
        yield from records.rows
        return
    columns = {name: records.column(name) for name in wanted.names}
    yield from (record for record in records.rows if wanted.holds(cells_of(record, columns)))


# --- formulas ------------------------------------------------------------------------------------


def _formula(rule: Rule, check: Compare, records: Records, words: Vocabulary) -> Iterator[Comparison]:
    looked_up = {name: _Lookup.of(name, rule, words) for name in names(check) if name.startswith(LOOKUP)}
    columns = {name: records.column(name) for name in names(check) if name not in looked_up}
    keys = {name: [records.column(column) for column in found.by] for name, found in looked_up.items()}
    law = f"{records.path}#{records.table}:{rule.id}"
    if rule.by:
        by = [records.column(name) for name in rule.by]
        found = sums(records, _chosen(rule, records), by, columns, keyed(rule.keys, rule.by), words)
        for group in found.values():
            yield _compared(rule, check, group.totals, law)
        return
    readers = {name: Reader.of(records.columns[column], words) for name, column in columns.items()}
    named = _label_columns(records, columns)
    for record in _chosen(rule, records):
        label = " ".join(filter(None, (squeeze(record.cells[column]) for column in named)))
        figures = {name: readers[name].figure(records, record, column, label) for name, column in columns.items()}
        for name, lookup in looked_up.items():
            figures[name] = lookup.figure([record.cells[column] for column in keys[name]], rule, records, record)
        yield _compared(rule, check, figures, law)


def _label_columns(records: Records, amounts: Mapping[str, int]) -> list[int]:
    """The column that names a row for people: the first that holds none of the amounts."""
    return [column for column in range(len(records.columns)) if column not in amounts.values()][:1]


def _compared(rule: Rule, check: Compare, figures: Mapping[str, Figure], law: str) -> Comparison:
    """One row, or one group, under a formula."""
    if rule.blanks == "zero":
        figures = {name: _or_zero(figure) for name, figure in figures.items()}
    stated_name = next(side.text for side in _sides(check) if isinstance(side, Name))
    stated = figures[stated_name]
    message = Message("formula-differs", {"label": stated.label, "stated": stated.text.strip() or "0", "formula": str(check)})
    empty: Relation[Figure] = Relation(rule, (), law, blanks=rule.blanks, mixed=True, message=message)
    relation = _linear(empty, check, figures, stated_name) or _divided(empty, check, figures, stated_name)
    if relation is not None:
        return confront(relation)
    try:
        left, right = (evaluate(side, _Scope(figures, rule.blanks)) for side in (check.left, check.right))
    except CannotEvaluate as reason:
        return not_evaluated(rule, stated, reason.message, [("part", figure) for figure in figures.values()], law)
    gap = Fraction(left) - Fraction(right)
    value = Fraction(stated.value or 0)
    others = (Term(figure, Fraction(0)) for figure in figures.values() if figure is not stated)
    terms = (Term(stated, ONE, "stated", "stated"), *others)
    return confront(replace(empty, terms=terms, operator=check.operator, constant=value - gap))


def _or_zero(figure: Figure) -> Figure:
    """The figure, a blank as the zero that its rule takes it for."""
    return replace(figure, value=Decimal(0)) if figure.value is None and not figure.malformed else figure


def _sides(check: Compare) -> tuple[Expression, ...]:
    """The sides of a check, single names first, then every name in it."""
    return (check.left, check.right, *(Name(name) for name in names(check)))


def _linear(empty: Relation[Figure], check: Compare, figures: Mapping[str, Figure], stated: str) -> Relation[Figure] | None:
    form = linear(check, {})
    if form is None or not form[0].get(stated):
        return None
    weights, constant = form
    lead = weights[stated]
    terms = [Term(figures[stated], ONE, "stated", "stated")]
    terms += [Term(figures[name], -weight / lead) for name, weight in weights.items() if name != stated]
    operator = check.operator if lead > 0 else MIRROR[check.operator]
    return replace(empty, terms=tuple(terms), operator=operator, constant=-constant / lead)


def _divided(empty: Relation[Figure], check: Compare, figures: Mapping[str, Figure], stated: str) -> Relation[Figure] | None:
    for side, other, operator in ((check.left, check.right, check.operator), (check.right, check.left, MIRROR[check.operator])):
        found = ratio(other, {}) if isinstance(side, Name) and side.text == stated else None
        if found is not None and found[1] is not None:
            (above, constant), (below, _) = found[0], found[1]
            terms = [Term(figures[stated], ONE, "stated", "stated")]
            terms += [Term(figures[name], weight) for name, weight in above.items()]
            terms += [Term(figures[name], weight, "divisor", "divisor") for name, weight in below.items()]
            return replace(empty, terms=tuple(terms), operator=operator, constant=constant, rounded="either")
    return None


@dataclass(frozen=True)
class _Scope:
    """The amounts of one row for a formula that is no weighted sum."""

    figures: Mapping[str, Figure]
    blanks: str

    def value(self, name: str) -> Fraction:
        figure = self.figures[name]
        if figure.value is None and (self.blanks != "zero" or figure.malformed):
            raise CannotEvaluate("formula-blank", name=name)
        return Fraction(figure.value or 0)

    def parts(self, _name: str) -> Sequence[Fraction] | None:
        return None

    def previous(self) -> _Scope:
        raise CannotEvaluate("formula-no-years")

    def running(self) -> Sequence[_Scope]:
        raise CannotEvaluate("formula-no-years")


@dataclass(frozen=True)
class _Lookup:
    """A column of another file, by key: `lookup(gtas, amount, by: tas)`."""

    name: str
    by: tuple[str, ...]
    found: Mapping[Key, Sum]
    key_of: Callable[[Sequence[str]], Key]

    @staticmethod
    def of(name: str, rule: Rule, words: Vocabulary) -> _Lookup:
        """The other file beside the rule file, summed per key; ReadError if it cannot be read."""
        inner = name.removeprefix(LOOKUP).rstrip(")")
        file, column, by = (part.strip() for part in inner.split(",", 2))
        pairs = [part.strip().split("->") for part in by.removeprefix("by:").split("+")]
        own, theirs = tuple(pair[0].strip() for pair in pairs), tuple(pair[-1].strip() for pair in pairs)
        records = of_file(_beside(rule, file), words)
        key_of = keyed(rule.keys, own)
        columns = {column: records.column(column)}
        found = sums(records, iter(records.rows), [records.column(name) for name in theirs], columns, key_of, words)
        return _Lookup(column, own, found, key_of)

    def figure(self, cells: Sequence[str], rule: Rule, records: Records, record: Record) -> Figure:
        """The other file's amount for a row; a key it has not counts as the rule says."""
        held = self.found.get(self.key_of(cells))
        if held is not None:
            return held.totals[self.name]
        value = Decimal(0) if rule.keys.missing == "zero" else None
        return Figure(value, "", records.place(record, 0), label=BETWEEN.join(cells))


def _beside(rule: Rule, name: str) -> str:
    """The path of a file that a rule names, relative to the rule's own file; a bare name stands for its CSV or Parquet file."""
    path = Path(rule.file).parent / name
    if path.suffix or path.exists():
        return str(path)
    there = (found for suffix in (".csv", ".tsv", ".parquet", ".xlsx") if (found := path.with_suffix(suffix)).exists())
    return str(next(there, path))


# --- keys ----------------------------------------------------------------------------------------


def _unique(rule: Rule, options: UniqueOptions, records: Records) -> Iterator[Comparison]:
    """One comparison a row: its key stands in no other. A key with a blank part names nothing, unless blanks are zero."""
    columns = [records.column(name) for name in options.key]
    key_of = keyed(rule.keys, options.key)
    law = f"{records.path}#{records.table}:{rule.id}"
    held: dict[Key, list[Figure]] = {}
    for record in _chosen(rule, records):
        printed = [record.cells[column] for column in columns]
        label = BETWEEN.join(map(squeeze, printed))
        figure = Figure(None, label, records.place(record, columns[0]), label=label)
        if rule.blanks == "missing" and not all(map(str.strip, printed)):
            yield not_evaluated(rule, figure, Message("row-key-blank"), (), law)
        else:
            held.setdefault(key_of(printed), []).append(figure)
    for figures in held.values():
        for at, figure in enumerate(figures):
            other = figures[0] if at else figures[-1]
            wrong = len(figures) > 1 and (at > 0 or options.told == "every")
            message = Message("row-key-twice", {"key": figure.label, "row": other.place.row})
            yield claim(rule, figure, message, law, failed=wrong, operands=[("expected", other)] if wrong else [])


def _rollup(rule: Rule, options: RollupOptions, records: Records, words: Vocabulary) -> Iterator[Comparison]:
    """Sums per key against what another file states per key."""
    published = of_file(_beside(rule, options.published), words)
    pairs = [_sides_of(text) for text in options.by]
    own_by, their_by = [own for own, _ in pairs], [theirs for _, theirs in pairs]
    key_of = keyed(rule.keys, own_by)
    for text in options.measures:
        expression, stated = _sides_of(text)
        form = linear(parse(expression), {})
        if form is None or not form[0]:
            raise ValueError(text)
        columns = {name: records.column(name) for name in form[0]}
        ours = sums(records, _chosen(rule, records), [records.column(name) for name in own_by], columns, key_of, words)
        their_columns = {stated: published.column(stated)}
        by = [published.column(name) for name in their_by]
        theirs = sums(published, iter(published.rows), by, their_columns, key_of, words)
        yield from _confronted(rule, form, stated, ours, theirs, f"{records.path}:{rule.id}:{stated}")


def _sides_of(text: str) -> tuple[str, str]:
    own, arrow, theirs = text.partition("->")
    return (own.strip(), theirs.strip()) if arrow else (own.strip(), own.strip())


def _confronted(
    rule: Rule,
    form: tuple[dict[str, Fraction], Fraction],
    stated: str,
    ours: Mapping[Key, Sum],
    theirs: Mapping[Key, Sum],
    law: str,
) -> Iterator[Comparison]:
    weights, constant = form
    empty: Relation[Figure] = Relation(rule, (), law, blanks="zero", mixed=True)
    wanted = [key for key in theirs if key in ours or rule.keys.compare == "both"]
    for key in (*wanted, *(key for key in ours if key not in theirs)):
        own, their = ours.get(key), theirs.get(key)
        if own is None or their is None:
            figure = next(iter(_one(own, their).totals.values()))
            if rule.keys.missing != "zero":
                code = "row-key-missing" if own is None else "row-key-extra"
                message = Message(code, {"key": BETWEEN.join(key), "amount": figure.text.strip()})
                yield claim(rule, figure, message, law, failed=True)
                continue
        nothing = Figure(Decimal(0), "0", _place(own, their), label=BETWEEN.join(key))
        figure = their.totals[stated] if their is not None else nothing
        parts = own.totals if own is not None else dict.fromkeys(weights, nothing)
        args = {"label": BETWEEN.join(key), "stated": figure.text.strip() or "0", "rows": own.rows if own is not None else 0}
        terms = (Term(figure, ONE, "stated", "stated"), *(Term(parts[name], weight) for name, weight in weights.items()))
        yield confront(replace(empty, terms=terms, constant=constant, message=Message("row-rollup-differs", args)))


def _place(own: Sum | None, their: Sum | None) -> Place:
    return next(iter(_one(own, their).totals.values())).place


def _one(own: Sum | None, their: Sum | None) -> Sum:
    """The group of the side that has the key."""
    group = own or their
    assert group is not None
    return group


def evaluated(
    rules: Iterable[Rule], tables: Callable[[Rule], Iterable[Records]], words: Vocabulary
) -> tuple[list[Comparison], list[RuleError], dict[str, frozenset[str]]]:
    """The comparisons of some rules over the records each applies to, the rules that broke, and those that fit no records."""
    found: list[Comparison] = []
    errors: list[RuleError] = []
    unmatched: dict[str, frozenset[str]] = {}
    for rule in rules:
        made: list[Comparison] = []
        known: set[str] = set()
        for records in tables(rule):
            try:
                made += compare_rows(rule, records, words)
            except NoColumn:
                known.update(records.columns)
            except ReadError as error:
                args = {"rule": rule.id, "file": getattr(rule.options, "published", ""), "reason": error.message}
                errors.append(RuleError(rule.id, Message("ledger-published", args)))
            except ValueError:
                errors.append(RuleError(rule.id, Message("ledger-not-linear", {"rule": rule.id})))
        found += made
        if not made and known:
            unmatched[rule.id] = frozenset(known)
    return found, errors, unmatched
