"""Readings of totals that labels alone give, for those that no evidence within the table supports.

Where a figure is wrong in the only column a table has, no crossing line can outvote it. Then the labels say what the parts
are, and the difference must look like a slip, or other totals of the table must have been read the same way and balance;
the total of a whole table that is off by anything else is worth a note.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from budgetaudit.labels.numbers import View, slipped
from budgetaudit.structure.cues import dimension_of
from budgetaudit.structure.search import LineSum
from budgetaudit.structure.whole_lines import one_line_off

FEW_CROSSINGS = 2
ALIKE = 2  # totals read alike that balance, before a third that does not is worth telling whatever it is off by
HEALED = 1000  # a grand total from here on does not meet the sum of the lines beneath its subtotals by chance
NEAR = 20  # a total within 1/20 of its parts is near enough to be worth a word


def label_readings(view: View, sums: Sequence[LineSum]) -> Iterator[LineSum]:
    """A reading for each labelled total, or head of deeper lines, that the search left unexplained."""
    usable = [i for i, line in enumerate(view.lines) if line.additive]
    cross = [j for j, line in enumerate(view.cross) if line.additive]
    explained = {item.target for item in sums}
    for item in _healed(view, usable, cross, sums):
        explained.add(item.target)
        yield item
    for target in usable:
        if target in explained:
            continue
        for parts, siblings in _readings(view, usable, target, sums):
            held, failed, plausible, unprinted = _tally(view, cross, target, parts)
            few = len(cross) <= FEW_CROSSINGS
            if not failed and not held:
                continue
            told = (few and plausible) or siblings >= ALIKE or (siblings >= 1 and plausible)
            broken_down = parts == _broken_down(view, usable, target)
            told = told or (few and broken_down and _comparable(view, cross, target, parts))
            whole = bool(view.lines[target].total) and not siblings
            reason = one_line_off(view, cross, target, parts) if whole and not told else ""
            told = told or reason == "wrong"
            if told or reason or (whole and few and not unprinted):
                # the total of a whole table that its parts do not make by any slip is worth a note: no cue
                lone, cue = not (siblings and held), "total" if told else ""
                dimension = dimension_of([view.lines[p] for p in parts])
                yield LineSum(view.axis, target, parts, dimension, cue, held, failed, 0.0, lone)
                break


def _healed(view: View, usable: Sequence[int], cross: Sequence[int], sums: Sequence[LineSum]) -> list[LineSum]:
    """One subtotal that is not what its lines make, where the grand total is what it would be if it were.

    The grand total and the lines agree, so that the subtotal between them is wrong, in whatever way.
    """
    known = {item.target: item.parts for item in sums if not item.fails}
    subtotals = [i for i in usable if view.lines[i].total == "subtotal"]
    read = {item.target for item in sums}
    totals = [i for i in usable if view.lines[i].total == "total" and i not in read]
    open_ones = [i for i in subtotals if i not in read]
    if len(totals) != 1 or len(open_ones) != 1 or len(subtotals) < 2 or totals[0] not in (usable[0], usable[-1]):
        return []
    (total,), (wrong,) = totals, open_ones
    others = [i for i in subtotals if i != wrong]
    for after in (True, False):
        block = _block(view, usable, wrong, after)
        if len(block) < 2 or any(known.get(i) != _block(view, usable, i, after) for i in others):
            continue
        made = [(view.n[total][j], [view.n[p][j] or 0 for p in (*others, *block)], view.n[wrong][j]) for j in cross]
        agreed = all(stated == sum(values) for stated, values, _ in made if stated)
        off = [stated for stated, values, own in made if stated and own != sum(values[len(others) :])]
        if agreed and off and max(map(abs, off)) >= HEALED:
            held = len(made) - len(off)
            return [
                LineSum(view.axis, wrong, block, dimension_of([view.lines[p] for p in block]), "total", held, len(off), 0.0),
                LineSum(view.axis, total, tuple(subtotals), "item", "total", held, len(off), 0.0),
            ]
    return []


def _readings(view: View, usable: Sequence[int], target: int, sums: Sequence[LineSum]) -> Iterator[tuple[tuple[int, ...], int]]:
    """(parts, how many other totals were read alike and balance) for each way labels let a total be read."""
    line = view.lines[target]
    if line.total:
        for after in (True, False):
            block = _block(view, usable, target, after)
            like = [item for item in sums if item.cue == "total" and _last_key(view, item.target) == _last_key(view, target)]
            alike = [item for item in like if item.parts == _block(view, usable, item.target, after) and not item.fails]
            complete = (block or (0,))[0 if not after else -1] != usable[0 if not after else -1]
            if complete and alike and len(alike) == len(like) and len(block) >= 2:  # else it may begin on the page before
                yield block, len(alike)
        whole = _whole(view, usable, target, sums)
        if len(whole) >= 2:
            yield whole, 0
    elif len(children := _children(view, usable, target)) >= 2:
        like = [item for item in sums if item.cue == "level" and not item.fails]
        alike = [item for item in like if item.parts == _children(view, usable, item.target)]
        yield children, len(alike)
    elif len(group := _broken_down(view, usable, target)) >= 2:
        yield group, 0


def _last_key(view: View, line: int) -> str:
    labels = view.lines[line].labels
    return labels[-1].key if labels else ""


def _block(view: View, usable: Sequence[int], target: int, after: bool) -> tuple[int, ...]:
    """The plain lines between a total and the next total, behind or before it, within its own group if it has one."""
    order = range(bisect_right(usable, target), len(usable)) if after else range(bisect_left(usable, target) - 1, -1, -1)
    block = []
    outer = [label.key for label in view.lines[target].labels[:-1]]
    for i in map(usable.__getitem__, order):
        line = view.lines[i]
        if line.total or (any(outer) and [label.key for label in line.labels[: len(outer)]] != outer):
            break
        block.append(i)
    return tuple(sorted(block))


def _whole(view: View, usable: Sequence[int], target: int, sums: Sequence[LineSum]) -> tuple[int, ...]:
    """All top lines of a table, for the total at one end; () if what another total is made of is not known."""
    others = [i for i in usable if i != target]
    explained = {item.target for item in sums}
    if target not in (usable[0], usable[-1]) or any(view.lines[i].total and i not in explained for i in others):
        return ()
    levels = {view.lines[i].level for i in others}
    top = min(levels, default=0)
    parts = {p for item in sums for p in item.parts}
    if len(levels) > 1 and top == 0 and any(view.lines[i].level and i not in parts for i in others):
        return ()
    return tuple(i for i in others if view.lines[i].level == top and (i not in parts or len(levels) > 1))


def _children(view: View, usable: Sequence[int], target: int) -> tuple[int, ...]:
    """The lines right below a line that are one level deeper."""
    level = view.lines[target].level
    children: list[int] = []
    for at in range(bisect_right(usable, target), len(usable)):
        i = usable[at]
        line = view.lines[i]
        if line.total or line.level <= level:
            break
        if not children or line.level == view.lines[children[0]].level:
            children.append(i)
    return tuple(children)


def _broken_down(view: View, usable: Sequence[int], target: int) -> tuple[int, ...]:
    """The lines under a heading beside a line that breaks it down: 건수 | 분야별: 교육, 문화, 복지."""
    at = bisect_left(usable, target)
    for beside in (*usable[at + 1 : at + 2], *usable[max(at - 1, 0) : at]):
        outer = view.lines[beside].labels[:-1]
        if not any(label.breakdown for label in outer):
            continue
        group = tuple(i for i in usable if view.lines[i].labels[:-1] == outer)
        if target not in group and not any(view.lines[i].total for i in group):
            return group
    return ()


def _comparable(view: View, cross: Sequence[int], target: int, parts: Sequence[int]) -> bool:
    """Whether a line and its parts are of one kind: 5 projects are not what 300 million of cost are made of."""
    figures = [figure for i in (target, *parts) for j in cross if (figure := view.figure(i, j)) is not None]
    families = {figure.unit.family for figure in figures if figure.unit is not None}
    if len(families) > 1:
        return False
    if families == {"count"}:
        return all(view.lines[p].dimension != "source" for p in parts)
    for j in cross:
        stated, total = abs(view.n[target][j] or 0), abs(sum(view.n[p][j] or 0 for p in parts))
        if not total <= 2 * stated <= 4 * total:
            return False
    return True


def _tally(view: View, cross: Sequence[int], target: int, parts: Sequence[int]) -> tuple[int, int, bool, bool]:
    """(crossings that balance, that do not, whether all of these look like slips, whether a part may not be printed).

    A further part like one of those that are may stand on the page before, or was left out. What lies among its parts
    is rather their mean.
    """
    held = failed = 0
    plausible, unprinted, among = True, False, True
    for j in cross:
        stated, values = view.n[target][j], [view.n[p][j] for p in parts]
        if stated is None or all(value is None for value in values):
            continue
        known = [value for value in values if value is not None]
        total = sum(known)
        allowance = view.step[target][j] + sum(view.step[p][j] for p in parts)
        if 2 * abs(stated - total) <= allowance:
            held += 1
            continue
        failed += 1
        near = abs(stated - total) * NEAR <= abs(total)
        unprinted = unprinted or stated - total in known
        plausible = plausible and len(known) == len(values) and (near or slipped(stated, known)) and not unprinted
        among = among and 0 < min(known) < stated < max(known) and not slipped(stated, known)
    return held, failed, plausible, unprinted or (failed > 0 and among and len(parts) > 1)
