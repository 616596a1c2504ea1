"""Many relations judged at once: their terms are the rows of one pandas frame, added per comparison, and the judge sees columns.

The same integers, bands and verdicts as `confront` gives one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from budgetaudit.model import Figure
from budgetaudit.relations.confront import Weighed, as_integers, rounding_of_others
from budgetaudit.relations.judge import NOT_EVALUATED, Spread, band, judge, spread
from budgetaudit.relations.relation import Relation
from budgetaudit.rulefiles.rule import Tolerance

SAFE = 2**61  # sums of products that stay below are added in int64, others in Python integers
ROOM = 400  # doubled widths, and a percentage of an amount before it is divided
SIDES = ("stated", "part", "divisor")


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
    wanted = part + constant
    gap = stated * around - wanted * lift
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
            expected=(wanted * lift)[places],
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
