"""Which amounts are negative without a sign before them, or are part of the amount before them.

In brackets, with a hyphen behind them, on a line that says less; on a line that says of which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from budgetaudit.amounts import Amount
from budgetaudit.labels.layout import Layout

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Line


def credited(layout: Layout, rows: Mapping[int, Line]) -> bool:
    """True if hyphens behind numbers are minus signs, `1,275-`: unless totals say that they only end an amount."""
    return turned(layout, rows, {p for p, amount in layout.amounts.items() if amount.stray and p[0] in rows})


def taken_away(layout: Layout, rows: Mapping[int, Line]) -> frozenset[int]:
    """The rows that print without a sign what their label takes away, `Less: grants`, if totals do not say otherwise."""
    lines = [r for r, line in rows.items() if not line.total and not line.measure and any(label.less for label in line.labels)]
    found = {p for p in layout.amounts if p[0] in lines}
    signed = any(layout.amounts[p].signed or layout.amounts[p].bracketed for p in found)
    return frozenset(lines) if found and not signed and turned(layout, rows, found) else frozenset()


def parts_of(lines: Mapping[int, Line], across: Sequence[int], amount: Callable[[int, int], Amount | None]) -> dict[int, Line]:
    """The lines, those marked that are part of the line before them, of which, unless totals count them as well."""
    marked = {i for i, line in lines.items() if not line.total and any(label.of_which for label in line.labels)}
    order = list(lines)
    for at, i in enumerate(order):
        if i in marked and not _smaller(next((p for p in reversed(order[:at]) if p not in marked), None), i, across, amount):
            marked.discard(i)
    if not marked:
        return dict(lines)
    counted = left_out = 0
    for j in across:
        printed = [(i, found) for i in order if (found := amount(i, j)) is not None]
        totals = [at for at, (i, _) in enumerate(printed) if lines[i].total]
        for at, before, behind in zip(totals, [-1, *totals], [*totals[1:], len(printed)], strict=False):
            for block in (printed[before + 1 : at], printed[at + 1 : behind]):
                if any(i in marked for i, _ in block):
                    counted += sum(each.value for _, each in block) == printed[at][1].value
                    left_out += sum(each.value for i, each in block if i not in marked) == printed[at][1].value
    return {i: replace(line, within=i in marked and left_out >= counted) for i, line in lines.items()}


def _smaller(whole: int | None, part: int, across: Sequence[int], amount: Callable[[int, int], Amount | None]) -> bool:
    """True if a line is nowhere larger than the one of which it is said to be a part."""
    if whole is None:
        return False
    pairs = [(one, other) for j in across if (one := amount(whole, j)) is not None and (other := amount(part, j)) is not None]
    return all(abs(other.value) <= abs(one.value) for one, other in pairs)


def turned(layout: Layout, rows: Mapping[int, Line], positions: Iterable[tuple[int, int]]) -> bool:
    """True if amounts are to be taken with a minus: totals are given by the rows above them so at least as often as plainly."""
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
