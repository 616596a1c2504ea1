"""An audit as three pandas frames: the figures that were read, the terms of every comparison, and the comparisons.

Amounts are integers with their decimal places, in int64 columns, or in columns of Python integers where one is too large; a
blank is a mask. No amount ever stands in a column of floats. The index of `figures` is their order in the documents; `terms`
and `comparisons` name figures by it. Many relations are judged at once, with the integers, bands and verdicts of `confront`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from budgetaudit.assurance import proven, unbound
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.model import VERDICTS, Comparison, Figure
from budgetaudit.relations.confront import Weighed, as_integers, rounding_of_others
from budgetaudit.relations.judge import NOT_EVALUATED, Spread, band, judge, spread
from budgetaudit.relations.relation import Relation
from budgetaudit.rulefiles.rule import Tolerance

if TYPE_CHECKING:
    import pandas as pd


LARGEST = 2**63 - 1
CHECKED = ("proven", "bounded", "unproven")
SAFE = 2**61  # sums of products that stay below are added in int64, others in Python integers
ROOM = 400  # doubled widths, and a percentage of an amount before it is divided
SIDES = ("stated", "part", "divisor")


@dataclass(frozen=True)
class Frames:
    """The frames of some tables, comparisons and amounts told in sentences, each made when it is first asked for."""

    tables: Sequence[Table]
    listed: Sequence[Comparison]
    in_sentences: Sequence[Figure] = ()

    @cached_property
    def _numbered(self) -> dict[Figure, tuple[int, tuple[str, str, str, str]]]:
        """Every figure with its place in the frame and its coordinates: those of tables first, then those of sentences."""
        found: dict[Figure, tuple[int, tuple[str, str, str, str]]] = {}
        for table in self.tables:
            if table.copy_of is None:
                lines = ({line.index: line for line in table.rows}, {line.index: line for line in table.columns})
                for (row, column), figure in table.figures.items():
                    named = coordinates(lines[0].get(row), lines[1].get(column))
                    found.setdefault(figure, (len(found), named))
        for comparison in self.listed:
            for figure in (comparison.stated, *(figure for _, figure in comparison.operands)):
                if figure.value is not None or comparison.proposed is not None:
                    found.setdefault(figure, (len(found), (figure.label, "", "", "")))
        printed = {figure.place for figure in found if figure.place.table is not None}
        for figure in unbound(self.in_sentences, self.listed):
            if figure.place not in printed:
                found.setdefault(figure, (len(found), (figure.label, "", "", "")))
        return found

    @cached_property
    def figures(self) -> pd.DataFrame:
        """One row for each printed number."""
        import pandas as pd

        numbered = self._numbered
        columns: dict[str, Any] = {}
        places = [figure.place for figure in numbered]
        named = list(zip(*(named for _, named in numbered.values()), strict=True)) or [(), (), (), ()]
        texts: dict[str, Sequence[str | None]] = {
            "file": [place.file for place in places],
            "sheet": [place.sheet for place in places],
            **dict(zip(("item", "source", "year", "measure"), named, strict=True)),
            "unit": [figure.unit.symbol if figure.unit else None for figure in numbered],
        }
        for name in ("file", "page", "sheet", "table", "row", "column", "line"):
            columns[name] = (
                _category(texts[name])
                if name in texts
                else pd.array([getattr(place, name) for place in places], dtype="Int64" if name == "line" else "Int32")
            )
        columns["text"] = pd.array([figure.text.strip() for figure in numbered], dtype="str")
        columns["label"] = pd.array([figure.label for figure in numbered], dtype="str")
        for name in ("item", "source", "year", "measure"):
            columns[name] = _category(texts[name])
        scaled = [_scaled(figure.value, figure.step) for figure in numbered]
        columns["value"] = whole_numbers([value for value, _, _ in scaled])
        columns["places"] = pd.array([shift for _, _, shift in scaled], dtype="int16")
        columns["unit"] = _category(texts["unit"])
        columns["scale"] = pd.Series([figure.unit.scale if figure.unit else None for figure in numbered], dtype="object")
        columns["step"] = whole_numbers([step for _, step, _ in scaled])
        columns["blank"] = pd.array([figure.value is None for figure in numbered], dtype="bool")
        columns["dash"] = pd.array([figure.dash for figure in numbered], dtype="bool")
        columns["malformed"] = pd.array([figure.malformed for figure in numbered], dtype="bool")
        columns["checked"] = pd.Categorical([self._checked.get(figure, "unproven") for figure in numbered], list(CHECKED))
        return pd.DataFrame(columns, index=pd.RangeIndex(len(numbered), name="figure"))

    @cached_property
    def _checked(self) -> dict[Figure, str]:
        """The figures that an equation which holds proves, or that only a limit bounds."""
        found: dict[Figure, str] = {}
        for comparison in self.listed:
            proof = proven(comparison)
            if proof:
                for figure in (comparison.stated, *(figure for _, figure in comparison.operands)):
                    if found.get(figure) != "proven":
                        found[figure] = proof
        return found

    @cached_property
    def terms(self) -> pd.DataFrame:
        """One row for each figure that takes part in a comparison: on which side, and what it counts for.

        Weights are exact fractions, as numerator and denominator, in the printed units; both are zero where a figure takes part
        in a product or another computed expectation.
        """
        import pandas as pd

        rows = [
            (at, self._numbered[figure][0], side, role, weight.numerator, weight.denominator if side else 0)
            for at, comparison in enumerate(self.listed)
            for figure, side, role, weight in terms_of(comparison)
            if figure in self._numbered
        ]
        at, figure, side, role, above, below = zip(*rows, strict=True) if rows else ((),) * 6
        return pd.DataFrame(
            {
                "comparison": pd.array(at, dtype="int32"),
                "figure": pd.array(figure, dtype="int32"),
                "side": _category(side),
                "role": pd.Categorical(role),
                "weight": whole_numbers(above),
                "divided_by": whole_numbers(below),
            }
        )

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """One row for each comparison; amounts in the unit of the stated figure, as integers with their places."""
        import pandas as pd

        listed = self.listed
        columns: dict[str, Any] = {
            "rule": pd.Categorical([one.rule for one in listed]),
            "kind": pd.Categorical([one.kind for one in listed]),
            "law": pd.Categorical([one.relation for one in listed]),
            "stated": pd.array(
                [self._numbered[one.stated][0] if one.stated in self._numbered else None for one in listed], dtype="Int32"
            ),
            "operator": pd.Categorical([one.operator for one in listed]),
        }
        for name in ("expected", "difference", "bound"):
            scaled = [_scaled(getattr(one, name), Decimal(0)) for one in listed]
            columns[name] = whole_numbers([value for value, _, _ in scaled])
            columns[f"{name}_places"] = pd.array([shift for _, _, shift in scaled], dtype="int16")
        columns["known"] = pd.array([one.expected is not None for one in listed], dtype="bool")
        columns["verdict"] = pd.Categorical([one.verdict for one in listed])
        columns["reason"] = pd.Categorical([one.message.code if one.verdict == "not_evaluated" else None for one in listed])
        columns["severity"] = pd.Categorical([one.severity for one in listed])
        columns["evidence"] = pd.Categorical([one.message.code for one in listed])
        return pd.DataFrame(columns, index=pd.RangeIndex(len(listed), name="comparison"))

    def judged(self, tolerance: str | None = None) -> pd.Series:
        """The verdicts of all weighted sums and rates, worked out in columns; with `exact` or `truncation`, what they would be.

        Comparisons of words and of computed expectations have none.
        """
        import pandas as pd

        chosen = [at for at, one in enumerate(self.listed) if isinstance(one.proposed, Relation)]
        codes = confront_all([self.listed[at].proposed for at in chosen], Tolerance(tolerance) if tolerance else None)  # type: ignore[arg-type]
        found = pd.Series([None] * len(self.listed), index=pd.RangeIndex(len(self.listed), name="comparison"), dtype="object")
        found.iloc[chosen] = [VERDICTS[code] for code in codes]
        return found

    def decimal(self, frame: pd.DataFrame, column: str) -> pd.Series:
        """A column of integers as exact decimals, for people; None where the figure is blank or nothing is expected."""
        import pandas as pd

        shifts = frame["places" if column in ("value", "step") else f"{column}_places"]
        absent = frame["blank"] if "blank" in frame else ~frame["known"]
        values = zip(frame[column].tolist(), shifts.tolist(), absent.tolist(), strict=True)
        made = [None if blank else Decimal(value).scaleb(-shift) for value, shift, blank in values]
        return pd.Series(made, index=frame.index, dtype="object", name=column)


def coordinates(row: Line | None, column: Line | None) -> tuple[str, str, str, str]:
    """Item, source, year and measure of the figure where two lines cross."""
    lines = [line for line in (row, column) if line is not None]
    source = next((line.member for line in lines if line.dimension == "source"), "")
    year = next((line.member or str(line.year) for line in lines if line.dimension == "year" or line.year is not None), "")
    measure = next((line.measure for line in reversed(lines) if line.measure), "")
    item = next((line.text for line in lines if line.dimension in ("", "item") and not line.measure), "")
    return item, source, year, measure


def terms_of(comparison: Comparison) -> Iterator[tuple[Figure, str, str, Fraction]]:
    """The figures of a comparison with side, role and weight; what is no weighted sum has figures only."""
    proposed = comparison.proposed
    if proposed is not None and hasattr(proposed, "terms"):
        known = {comparison.stated, *(figure for _, figure in comparison.operands)}
        for term in proposed.terms:
            if term.operand in known:
                yield term.operand, term.side, term.role, Fraction(term.weight)
        return
    for role, figure in chain([("stated", comparison.stated)], comparison.operands):
        yield figure, "", role, Fraction(0)


def _category(texts: Iterable[str | None]) -> Any:
    """A column of words that repeat; none where nothing is said."""
    import pandas as pd

    return pd.Categorical([text or None for text in texts])


def whole_numbers(values: Iterable[int]) -> pd.Series:
    """A column of integers: int64, or Python integers if one of them does not fit."""
    import pandas as pd

    numbers = list(values)
    small = all(-LARGEST <= number <= LARGEST for number in numbers)
    return pd.Series(numbers, dtype="int64" if small else "object")


def _scaled(value: Decimal | None, step: Decimal) -> tuple[int, int, int]:
    """A number and its step as integers, and how many places they are shifted; a blank is zero."""
    exponents = [-int(number.as_tuple().exponent) for number in (value, step) if number is not None]
    places = max(0, *exponents)
    return (0 if value is None else int(value.scaleb(places)), int(step.scaleb(places)), places)


def confront_all(relations: Sequence[Relation[Figure]], tolerance: Tolerance | None = None) -> list[int]:
    """The verdict code of each relation; under another tolerance than its rule's if one is given."""
    import numpy as np
    import pandas as pd

    known = [(relation, found) for relation in relations if (found := as_integers(relation)) is not None]
    if not known:
        return [NOT_EVALUATED] * len(relations)
    rows = [
        (at, one.term.side, id(one.term.operand), one.coefficient, one.value, one.step, not number, *_state(relation, one))
        for at, (relation, (weighed, _)) in enumerate(known)
        for number, one in enumerate(weighed)
    ]
    size = max(_size(weighed, scale) for _, (weighed, scale) in known)
    whole = "int64" if size < SAFE else "object"
    flagged = {"missing": "int64", "malformed": "int64", "blank": "int64"}
    weights = dict.fromkeys(("coefficient", "value", "step"), whole)
    terms: Any = pd.DataFrame(rows, columns=["at", "side", "figure", *weights, "own", *flagged]).astype(weights | flagged)
    scale: Any = pd.Series([scale for _, (_, scale) in known], dtype=whole)
    constant = pd.Series([int(relation.constant * scale) for relation, (_, scale) in known], dtype=whole)
    forced = pd.Series([int(relation.forced * scale) for relation, (_, scale) in known], dtype=whole)
    divided = pd.Series([relation.divided for relation, _ in known], dtype="bool")

    def added(numbers: Any, chosen: Any = slice(None)) -> Any:
        found = numbers[chosen].groupby(terms["at"][chosen]).sum()
        return found.reindex(range(len(known)), fill_value=0)

    amounts = terms["coefficient"] * terms["value"]
    stated, part, divisor = (added(amounts, terms["side"] == side) for side in SIDES)
    sign = 1 - 2 * (divisor < 0).astype("int64")
    around, lift = (divisor * sign).where(divided, 1), (scale * sign).where(divided, 1)
    expected = part + constant
    gap = stated * around - expected * lift
    at = terms["at"].to_numpy()
    weight = terms["coefficient"] * pd.Series(around.to_numpy()[at]).where(terms["side"] == "stated", 0)
    weight -= terms["coefficient"] * pd.Series(lift.to_numpy()[at]).where(terms["side"] == "part", 0)
    weight += terms["coefficient"] * pd.Series((stated * sign).to_numpy()[at]).where(terms["side"] == "divisor", 0)
    own = terms[terms["own"]].reset_index(drop=True)
    first = weight[terms["own"]].reset_index(drop=True)
    rest = terms.assign(weight=weight)[~terms["own"]].groupby(["at", "figure"], sort=False)
    others = rest.agg({"weight": "sum", "value": "first", "step": "first"}).reset_index()
    widths = terms["coefficient"].abs() * terms["step"]
    both = added(widths, terms["own"]) * added(widths, terms["side"] == "divisor")
    counts = {name: added(terms[name]) for name in ("missing", "malformed")}
    sizes, blanks = terms.groupby(["at", "side"]).size(), terms.groupby(["at", "side"])["blank"].sum()
    hollow = {place for place, number in sizes.items() if place[1] != "divisor" and blanks[place] == number}
    given = [("stated",) if relation.blanks == "zero" else ("stated", "part") for relation, _ in known]
    empty = pd.Series([any((place, side) in hollow for side in sides) for place, sides in enumerate(given)], dtype="bool")
    codes: Any = np.full(len(known), NOT_EVALUATED)
    groups: dict[Any, list[int]] = {}
    for place, (relation, _) in enumerate(known):
        key = (tolerance or relation.rule.tolerance, relation.operator, relation.rounded, relation.others, relation.divided)
        groups.setdefault(key, []).append(place)
    for (allowed, operator, rounded, _, ratio), places in groups.items():
        how = rounding_of_others(allowed, known[places[0]][0])
        some = others[others["at"].isin(places)]
        widths_of = spread(some["weight"], some["value"], some["step"], how)
        room = [side.groupby(some["at"]).sum().reindex(places, fill_value=0) for side in widths_of]
        product = both[places] // 2 if how == "nearest" else both[places] * 2
        within = band(
            allowed,
            (first[places], own["value"][places], own["step"][places]),
            Spread(room[0] + product, room[1] + product) if ratio else Spread(*room),
            expected=(expected * lift)[places],
            unit=(scale * around)[places],
            rounded=rounded,
            forced=(forced * around)[places],
        )
        flags = {
            "malformed": counts["malformed"][places] > 0,
            "zero_divisor": (divisor[places] == 0) & ratio,
            "empty": empty[places],
        }
        codes[places] = judge(gap[places], operator, within, blanks=counts["missing"][places], divided=ratio, **flags).to_numpy()
    judged = iter(codes.tolist())
    return [next(judged) if as_integers(relation) is not None else NOT_EVALUATED for relation in relations]


def _state(relation: Relation[Figure], one: Weighed) -> tuple[bool, bool, bool]:
    """True if a figure is missing, malformed or blank."""
    blank = one.term.operand.value is None
    malformed = blank and one.term.operand.malformed
    return blank and relation.blanks == "missing" and not malformed, malformed, blank


def _size(weighed: Sequence[Weighed], scale: int) -> int:
    """A bound of every number that judging a relation makes."""
    total = sum(abs(one.coefficient) * (abs(one.value) + one.step) for one in weighed) + scale
    divided = any(one.term.side == "divisor" for one in weighed)
    return ROOM * total * (total if divided else 1)
