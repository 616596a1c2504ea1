"""The linear form as SQL text that DuckDB and Spark both take.

An engine lays a view `ledger` under it, with columns of plain names: `r` (row id), `k0 …` (keys), `v0 …` (amounts, exact; null
if blank or irregular), `irregular` (some amount is not exact), `bad` (the text of a row that has another number of fields);
likewise `published0 …`. Rows that do not plainly pass are handed back to be judged by the kernel: SQL only chooses them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from budgetaudit.engines.pandas_kernel import Scaled, Whole
from budgetaudit.relations import judge

SAFE = 10**-9  # far above the error of floating point, far below what a rate is stated to


def suspect(comparisons: Sequence[Scaled], index: Mapping[str, int]) -> str:
    """The condition of rows that some comparison does not plainly pass: blanks and irregular cells are never plain."""
    return " or ".join(["irregular", *dict.fromkeys(f"({_holds(scaled, index)}) is not true" for scaled in comparisons)])


def _holds(scaled: Scaled, index: Mapping[str, int]) -> str:
    """A condition that is true only for rows that pass; unknown where something is blank."""
    left, right = _sum(scaled.left, index), _right(scaled, index)
    if not scaled.divisor:
        return f"{left} {'<>' if scaled.operator == '!=' else scaled.operator} {right}"
    # A rate may be rounded, so most rows differ a little. Floating point lets pass what surely is nearest; the kernel decides
    # about the rest, exactly.
    if scaled.operator != "=" or not scaled.left or judge.cuts(scaled.weighed.source.tolerance):
        return "false"
    coefficient, name = scaled.left[0]
    step = abs(coefficient) * scaled.steps[name] * scaled.lift
    divisor = f"cast({_sum(scaled.divisor, index)} as double)"
    stated, wanted = f"cast({left} as double) * {divisor} * {scaled.lift}", f"cast({right} as double)"
    inside = f"abs({divisor}) * {step} * {1 - SAFE} - abs({wanted}) * {SAFE}"
    return f"({divisor} <> 0 and abs({stated} - {wanted}) * 2 <= {inside})"


def _right(scaled: Scaled, index: Mapping[str, int]) -> str:
    right = _sum(scaled.right, index)
    return f"({right} + {_number(scaled.constant)})" if scaled.constant else right


def _sum(side: Whole, index: Mapping[str, int]) -> str:
    """A signed sum, as a balanced tree: every addition makes a decimal type wider."""
    terms = [_term(coefficient, f"v{index[name]}") for coefficient, name in side] or ["0"]
    while len(terms) > 1:
        pairs = [terms[at : at + 2] for at in range(0, len(terms), 2)]
        terms = [f"({' + '.join(pair)})" for pair in pairs]
    return terms[0]


def _term(coefficient: int, column: str) -> str:
    if coefficient == 1:
        return column
    return f"(-{column})" if coefficient == -1 else f"({column} * {_number(coefficient)})"


def _number(number: int) -> str:
    return str(number) if number >= 0 else f"({number})"


def groups(table: str, keys: Sequence[int], measures: Sequence[int] = (), *, last: bool = False) -> str:
    """Sums per key: `g0 …`, number of rows `n`, `first_row`, on request `last_row`, `s0 …` (null: no amount), `irregulars`."""
    columns = [f"k{key} as g{at}" for at, key in enumerate(keys)]
    columns += ["count(*) as n", "min(r) as first_row", f"{'max' if last else 'min'}(r) as last_row"]
    columns += [f"sum(v{measure}) as s{at}" for at, measure in enumerate(measures)]
    columns.append("sum(case when irregular then 1 else 0 end) as irregulars")
    return f"select {', '.join(columns)} from {table} where bad is null group by {', '.join(f'k{key}' for key in keys)}"


def differing(own: str, published: str, keys: int, comparisons: Sequence[Scaled], ours: str, theirs: str) -> str:
    """Groups on both sides that differ in some measure. `comparisons` state `theirs` on the left against `ours` on the right."""
    conditions = ["o.irregulars > 0", "p.irregulars > 0"]
    for at, scaled in enumerate(comparisons):
        left = _sum(scaled.left, {theirs: at}).replace("v", "p.s")
        right = _sum(scaled.right, {ours: at}).replace("v", "o.s")
        # A group whose cells are partly blank has a sum that proves nothing.
        conditions.append(f"({left} = {right}) is not true")
    measures = [f"cast({side}.s{at} as string)" for at in range(len(comparisons)) for side in "op"]
    columns = [f"o.g{at}" for at in range(keys)] + ["o.n", "p.first_row", "p.n", "o.irregulars", "p.irregulars", *measures]
    joined = " and ".join(f"o.g{at} = p.g{at}" for at in range(keys))
    source = f"from {own} o join {published} p on {joined} where {' or '.join(conditions)}"
    return f"select {', '.join(columns)} {source} order by p.first_row"


def matched(own: str, published: str, keys: int) -> str:
    """The numbers of groups: of the one side, of the other, on both."""
    joined = " and ".join(f"o.g{at} = p.g{at}" for at in range(keys))
    sources = (own, published, f"{own} o join {published} p on {joined}")
    return f"select {', '.join(f'(select count(*) from {source})' for source in sources)}"


def alone(own: str, other: str, keys: int, limit: int) -> str:
    """The groups of one side that the other has not, those of most rows first."""
    joined = " and ".join(f"o.g{at} = p.g{at}" for at in range(keys))
    rest = f"from {own} o where not exists (select 1 from {other} p where {joined})"
    names = [f"o.g{at}" for at in range(keys)]
    listed = f"select {', '.join(names)}, o.n, o.first_row, o.last_row {rest}"
    return f"{listed} order by o.n desc, {', '.join(names)} limit {limit}"


def repeated(own: str, keys: int, limit: int) -> tuple[str, str]:
    """The keys that more than one row holds, those of most rows first; and the numbers of keys and of repeated ones."""
    names = [f"g{at}" for at in range(keys)]
    listed = f"select {', '.join(names)}, n, first_row, last_row from {own} where n > 1"
    counted = f"select count(*), sum(case when n > 1 then 1 else 0 end) from {own}"
    return f"{listed} order by n desc, {', '.join(names)} limit {limit}", counted
