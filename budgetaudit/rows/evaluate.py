"""What rules over rows propose: formulas per row or per group, roll-ups against another file, keys that must be unique."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from budgetaudit.kinds.options import RollupOptions, UniqueOptions
from budgetaudit.label_text import single_spaced
from budgetaudit.model import Comparison, Figure, Message, Place, ReadError, RuleError
from budgetaudit.relations.confront import claim, confront, not_evaluated
from budgetaudit.relations.relation import Relation, Term
from budgetaudit.rows.keys import BETWEEN, Key, Reader, Sum, keyed, sums
from budgetaudit.rows.records import NoColumn, Record, Records, cells_of, of_file
from budgetaudit.rows.rules import LOOKUP
from budgetaudit.rows.shapes import Shape, shapes
from budgetaudit.rulefiles.evaluation import CannotEvaluate, Linear, Single, evaluate, linear
from budgetaudit.rulefiles.formula_parser import parse
from budgetaudit.rulefiles.rule import Column, Rule
from budgetaudit.vocabulary import Vocabulary

ONE = Fraction(1)


def compare_rows(rule: Rule, records: Records, words: Vocabulary, given: Sequence[Column] = ()) -> Iterator[Comparison]:
    """The comparisons of a rule over some records; raises NoColumn, and ReadError for a file it asks for."""
    if isinstance(rule.options, UniqueOptions):
        yield from _unique(rule, rule.options, records)
    elif isinstance(rule.options, RollupOptions):
        yield from _rollup(rule, rule.options, records, words)
    else:
        for shape in shapes(rule, records, words, given):
            yield from _shaped(rule, shape, records, words)


def _chosen(rule: Rule, records: Records) -> Iterator[Record]:
    """The rows a rule speaks of."""
    selection = rule.where.rows
    if selection is None:
        yield from records.rows
        return
    columns = {name: records.column(name) for name in selection.names}
    yield from (record for record in records.rows if selection.holds(cells_of(record, columns)))


# --- formulas ------------------------------------------------------------------------------------


def _shaped(rule: Rule, shape: Shape, records: Records, words: Vocabulary) -> Iterator[Comparison]:
    lookups = {name: Lookup.of(name, rule, words) for name in shape.columns if name.startswith(LOOKUP)}
    columns = {name: records.column(name) for name in shape.columns if name not in lookups}
    keys = {name: [records.column(column) for column in found.by] for name, found in lookups.items()}
    law = f"{records.path}#{records.table}:{rule.id}"

    def looked_up(record: Record) -> dict[str, Figure]:
        cells = {name: [record.cells[column] for column in at] for name, at in keys.items()}
        return {name: found.figure(cells[name], rule, records.place(record, 0)) for name, found in lookups.items()}

    if rule.by:
        by = [records.column(name) for name in rule.by]
        key_of = keyed(rule.keys, rule.by)
        for group in sums(records, _chosen(rule, records), by, columns, key_of, words, shape.rate).values():
            yield compared(rule, shape, group.totals | looked_up(group.first), law)
        return
    readers = {name: Reader.of(records, column, words, rate=name == shape.rate) for name, column in columns.items()}
    named = label_columns(records, columns)
    for record in _chosen(rule, records):
        label = label_of(record, named)
        figures = {name: readers[name].figure(records, record, column, label) for name, column in columns.items()}
        yield compared(rule, shape, figures | looked_up(record), law)


def label_columns(records: Records, amounts: Mapping[str, int]) -> list[int]:
    """The column that names a row for people: the first that holds none of the amounts."""
    return [column for column in range(len(records.columns)) if column not in amounts.values()][:1]


def label_of(record: Record, named: Sequence[int]) -> str:
    """What names a row for people."""
    return " ".join(filter(None, (single_spaced(record.cells[column]) for column in named)))


def compared(rule: Rule, shape: Shape, figures: Mapping[str, Figure], law: str) -> Comparison:
    """One row, or one group, under a comparison."""
    if rule.blanks == "zero":
        figures = {name: _or_zero(figure) for name, figure in figures.items()}
    stated = figures[shape.stated]
    message = Message("formula-differs", {"label": stated.label, "stated": stated.text.strip() or "0", "formula": shape.text})
    if shape.relation is not None:
        return confront(replace(shape.filled(figures), law=law, message=message))
    assert shape.check is not None
    try:
        left, right = (evaluate(side, _Scope(figures, rule.blanks)) for side in (shape.check.left, shape.check.right))
    except CannotEvaluate as reason:
        return not_evaluated(rule, stated, reason.message, [("part", figure) for figure in figures.values()], law)
    others = (Term(figure, Fraction(0)) for figure in figures.values() if figure is not stated)
    terms = (Term(stated, ONE, "stated", "stated"), *others)
    constant = Fraction(stated.value or 0) - (Fraction(left) - Fraction(right))
    empty: Relation[Figure] = Relation(rule, terms, law, shape.check.operator, constant, blanks=rule.blanks, mixed=True)
    return confront(replace(empty, message=message))


def _or_zero(figure: Figure) -> Figure:
    """The figure, a blank as the zero that its rule takes it for."""
    return replace(figure, value=Decimal(0)) if figure.value is None and not figure.malformed else figure


@dataclass(frozen=True)
class _Scope(Single):
    """The amounts of one row for a formula that is no weighted sum."""

    figures: Mapping[str, Figure]
    blanks: str

    def value(self, name: str) -> Fraction:
        figure = self.figures[name]
        if figure.value is None and (self.blanks != "zero" or figure.malformed):
            raise CannotEvaluate("formula-blank", name=name)
        return Fraction(figure.value or 0)


@dataclass(frozen=True)
class Lookup:
    """A column of another file, by key: `lookup(gtas, amount, by: tas)`."""

    name: str
    by: tuple[str, ...]
    found: Mapping[Key, Sum]
    key_of: Callable[[Sequence[str]], Key]

    @staticmethod
    def of(name: str, rule: Rule, words: Vocabulary) -> Lookup:
        """The other file beside the rule file, summed per key; ReadError if it cannot be read."""
        inner = name.removeprefix(LOOKUP).rstrip(")")
        file, column, by = (part.strip() for part in inner.split(",", 2))
        pairs = [part.strip().split("->") for part in by.removeprefix("by:").split("+")]
        own, theirs = tuple(pair[0].strip() for pair in pairs), tuple(pair[-1].strip() for pair in pairs)
        records = of_file(beside(rule, file), words)
        key_of = keyed(rule.keys, own)
        columns = {column: records.column(column)}
        found = sums(records, iter(records.rows), [records.column(name) for name in theirs], columns, key_of, words)
        return Lookup(column, own, found, key_of)

    def any(self) -> Figure:
        """One of its figures, for the unit of all."""
        return next((held.totals[self.name] for held in self.found.values()), Figure(None, "", Place("")))

    def figure(self, cells: Sequence[str], rule: Rule, place: Place) -> Figure:
        """The other file's amount for a row; a key it has not counts as the rule says."""
        held = self.found.get(self.key_of(cells))
        if held is not None:
            return held.totals[self.name]
        value = Decimal(0) if rule.keys.missing == "zero" else None
        return Figure(value, "", place, label=BETWEEN.join(cells))


def beside(rule: Rule, name: str) -> str:
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
    held: dict[Key, list[Record]] = {}
    for record in _chosen(rule, records):
        printed = [record.cells[column] for column in columns]
        if rule.blanks == "missing" and not all(map(str.strip, printed)):
            figure = _key_figure(records, record, columns)
            yield not_evaluated(rule, figure, Message("row-key-blank"), (), law)
        else:
            held.setdefault(key_of(printed), []).append(record)
    for rows in held.values():
        yield from key_claims(rule, options, records, columns, rows, law)


def _key_figure(records: Records, record: Record, columns: Sequence[int]) -> Figure:
    label = BETWEEN.join(single_spaced(record.cells[column]) for column in columns)
    return Figure(None, label, records.place(record, columns[0]), label=label)


def key_claims(
    rule: Rule, options: UniqueOptions, records: Records, columns: Sequence[int], rows: Sequence[Record], law: str
) -> Iterator[Comparison]:
    """One comparison for each of the rows that hold one key."""
    figures = [_key_figure(records, record, columns) for record in rows]
    for at, figure in enumerate(figures):
        other = figures[0] if at else figures[-1]
        wrong = len(figures) > 1 and (at > 0 or options.told == "every")
        message = Message("row-key-twice", {"key": figure.label, "row": other.place.row})
        yield claim(rule, figure, message, law, failed=wrong, operands=[("expected", other)] if wrong else [])


def _rollup(rule: Rule, options: RollupOptions, records: Records, words: Vocabulary) -> Iterator[Comparison]:
    """Sums per key against what another file states per key."""
    published = of_file(beside(rule, options.published), words)
    pairs = pairs_of(options.by)
    own_by, their_by = [own for own, _ in pairs], [theirs for _, theirs in pairs]
    key_of = keyed(rule.keys, own_by)
    for text in options.measures:
        form, stated = measures_of(text)
        columns = {name: records.column(name) for name in form[0]}
        ours = sums(records, _chosen(rule, records), [records.column(name) for name in own_by], columns, key_of, words)
        their_columns = {stated: published.column(stated)}
        by = [published.column(name) for name in their_by]
        theirs = sums(published, iter(published.rows), by, their_columns, key_of, words)
        yield from confronted(rule, form, stated, ours, theirs, f"{records.path}:{rule.id}:{stated}")


def measures_of(text: str) -> tuple[Linear, str]:
    """A measure of a roll-up: the own side as a sum of columns, and the published column; ValueError if it is none."""
    ((expression, stated),) = pairs_of([text])
    form = linear(parse(expression), {})
    if form is None or not form[0]:
        raise ValueError(text)
    return form, stated


def pairs_of(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Own name and published name of `own -> theirs`."""
    pairs = (text.partition("->") for text in texts)
    return [(own.strip(), theirs.strip() if arrow else own.strip()) for own, arrow, theirs in pairs]


def confronted(
    rule: Rule,
    form: Linear,
    stated: str,
    ours: Mapping[Key, Sum],
    theirs: Mapping[Key, Sum],
    law: str,
) -> Iterator[Comparison]:
    """The published groups against the own ones of the same keys, and those that are on one side only."""
    weights, constant = form
    empty: Relation[Figure] = Relation(rule, (), law, blanks="zero", mixed=True)
    keys = [key for key in theirs if key in ours or rule.keys.compare == "both"]
    for key in (*keys, *(key for key in ours if key not in theirs)):
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
    rules: Iterable[Rule],
    tables: Callable[[Rule], Iterable[Records]],
    words: Vocabulary,
    given: Sequence[Column] = (),
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
                made += compare_rows(rule, records, words, given)
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
