"""Which amounts are negative without a sign before them: in brackets, with a hyphen behind them, on a line that says less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from budgetaudit.labels.layout import Layout

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Line


def credited(layout: Layout, rows: Mapping[int, Line]) -> bool:
    """Whether hyphens behind numbers are minus signs, `1,275-`: unless totals say that they only end an amount."""
    return turned(layout, rows, {p for p, amount in layout.amounts.items() if amount.stray and p[0] in rows})


def taken_away(layout: Layout, rows: Mapping[int, Line]) -> frozenset[int]:
    """The rows that print without a sign what their label takes away, `Less: grants`, if totals do not say otherwise."""
    lines = [r for r, line in rows.items() if not line.total and not line.measure and any(label.less for label in line.labels)]
    found = {p for p in layout.amounts if p[0] in lines}
    signed = any(layout.amounts[p].signed or layout.amounts[p].bracketed for p in found)
    return frozenset(lines) if found and not signed and turned(layout, rows, found) else frozenset()


def turned(layout: Layout, rows: Mapping[int, Line], positions: Iterable[tuple[int, int]]) -> bool:
    """Whether amounts are to be taken with a minus: totals are given by the rows above them so at least as often as plainly."""
    strays: dict[int, set[int]] = {}
    for r, c in positions:
        strays.setdefault(c, set()).add(r)
    taken = kept = 0
    for c, found in strays.items():
        printed = [(r, layout.amounts[(r, c)]) for r in rows if (r, c) in layout.amounts]
        totals = [at for at, (r, _) in enumerate(printed) if rows[r].total]
        for at, before, behind in zip(totals, [-1, *totals], [*totals[1:], len(printed)], strict=False):
            r, total = printed[at]
            for block in (printed[before + 1 : at], printed[at + 1 : behind]):
                if any(row in found for row, _ in block):
                    plain = sum(each.value for _, each in block)
                    less = sum(-each.value if row in found else each.value for row, each in block)
                    taken += less == (-total.value if r in found else total.value)
                    kept += plain == total.value
    return bool(strays) and taken >= kept


def bracket_meaning(layout: Layout, columns: Mapping[int, Line], rates: frozenset[int]) -> frozenset[int]:
    """The columns in which round brackets mean a negative number.

    They do not where a bracketed number carries its own sign. A column with nothing but brackets is no evidence: it
    follows the other columns, or its label if that says that it is a change.
    """
    bracketed: dict[int, int] = {}
    plain: dict[int, int] = {}
    signed = False
    for (r, c), amount in layout.amounts.items():
        if amount.bracketed and r not in rates:
            bracketed[c] = bracketed.get(c, 0) + 1
            signed = signed or amount.signed
        elif not amount.dash and not amount.bracketed:
            plain[c] = plain.get(c, 0) + 1
    if signed:
        return frozenset()
    mixed = frozenset(c for c in bracketed if plain.get(c, 0) > 0)
    changes = frozenset(c for c in bracketed if c in columns and columns[c].measure in ("change", "balance"))
    return frozenset(c for c in bracketed if c not in columns or columns[c].additive) if mixed else changes
