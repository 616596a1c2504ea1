"""What a rule over rows says of their columns: relations between names, the same whether one row is judged or a million."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from budgetaudit.engines.linear import LinearComparison
from budgetaudit.kinds.options import FormulaOptions, WithinOptions
from budgetaudit.ledger.rules import COMPILERS, MIRROR, NotFound, coordinates, is_identifier, linear_formula, meant
from budgetaudit.ledger.wording import sentence
from budgetaudit.model import Figure
from budgetaudit.relations.relation import Relation, Rounding, Term
from budgetaudit.rows.records import NoColumn, Records
from budgetaudit.rows.rules import LOOKUP
from budgetaudit.rulefiles.expressions import Compare, Name, names, rename
from budgetaudit.rulefiles.rule import Column, Rule
from budgetaudit.vocabulary import Vocabulary


@dataclass(frozen=True)
class Shape:
    """One comparison of a rule over columns, as people read it; `relation` is None where it is no weighted sum and no ratio."""

    text: str
    columns: tuple[str, ...]
    stated: str
    relation: Relation[str] | None
    check: Compare | None = None

    @property
    def rate(self) -> str:
        """The column of rates, which are rounded and cannot be added; empty if it states amounts."""
        return self.stated if self.relation is not None and self.relation.divided else ""

    def filled(self, figures: Mapping[str, Figure]) -> Relation[Figure]:
        """The relation with what stands in its columns."""
        assert self.relation is not None
        terms = [Term(figures[one.operand], one.weight, one.side, one.role) for one in self.relation.terms]
        return replace(self.relation, terms=tuple(terms))  # type: ignore[arg-type, return-value]


def shapes(rule: Rule, records: Records, words: Vocabulary, given: Sequence[Column] = ()) -> Iterator[Shape]:
    """The comparisons of a rule over some records.

    Raises NoColumn for a column by name that is not there, ValueError for a kind that has no meaning over rows.
    """
    options = rule.options
    try:
        if isinstance(options, FormulaOptions):
            yield _of_formula(rule, options.check, records, words, given)
        elif isinstance(options, WithinOptions) and options.left.label and options.right.label:
            yield _of_formula(rule, Compare("<=", Name(options.left.label), Name(options.right.label)), records, words, given)
        elif rule.kind in COMPILERS:
            labelled = coordinates(_amounts(records, words), given, words)
            yield from (_of_linear(rule, one, sentence(one)) for one in COMPILERS[rule.kind](rule, labelled))
        else:
            raise ValueError(rule.kind)
    except NotFound as error:
        raise NoColumn(error.missing[0]) from error


def _amounts(records: Records, words: Vocabulary) -> list[str]:
    """The columns that may hold amounts."""
    return [name for name in records.amounts(words.units) if not is_identifier(name, words)]


def _of_formula(rule: Rule, check: Compare, records: Records, words: Vocabulary, given: Sequence[Column]) -> Shape:
    """A formula; columns of other files count as columns."""
    known = (*records.columns, *(name for name in names(check) if name.startswith(LOOKUP)))
    check, found = meant(check, known, coordinates(_amounts(records, words), given, words))
    columns = tuple(dict.fromkeys(found[name] for name in names(check)))
    try:
        if not columns:
            raise ValueError(str(check))
        return _of_linear(rule, linear_formula(rule, check, found), str(check))
    except ValueError:
        if not columns:
            raise
    stated = next((side.text for side in (check.left, check.right) if isinstance(side, Name)), names(check)[0])
    renamed = rename(check, {name: Name(column) for name, column in found.items()})
    assert isinstance(renamed, Compare)
    return Shape(str(check), columns, found[stated], None, renamed)


def _of_linear(rule: Rule, one: LinearComparison, text: str) -> Shape:
    """The relation of a compiled comparison: the stated column counts once, all else stands against it."""
    rounded: Rounding = "nearest"
    if one.divisor:
        lead = one.left[0][0]
        terms = [Term(name, weight / lead, "stated", "stated") for weight, name in one.left]
        terms += [Term(name, weight / lead) for weight, name in one.right]
        terms += [Term(name, weight, "divisor", "divisor") for weight, name in one.divisor]
        rounded = "either"
    else:
        weights: dict[str, Fraction] = {}
        for sign, side in ((1, one.left), (-1, one.right)):
            for weight, name in side:
                weights[name] = weights.get(name, Fraction(0)) + sign * weight
        lead = weights.get(one.stated, Fraction(0))
        if not lead:
            raise ValueError(text)
        terms = [Term(one.stated, Fraction(1), "stated", "stated")]
        terms += [Term(name, -weight / lead) for name, weight in weights.items() if name != one.stated and weight]
    operator = one.operator if lead > 0 else MIRROR[one.operator]
    relation = Relation(rule, tuple(terms), "", operator, one.constant / lead, rounded, blanks=rule.blanks, mixed=True)
    return Shape(text, one.columns(), one.stated, relation)
