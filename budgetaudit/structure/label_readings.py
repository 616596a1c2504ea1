"""Readings of totals that labels give, for those that the search left unexplained.

Where a figure is wrong in the only column a table has, no crossing line can outvote it. Then the labels say what the parts
are; what they say counts in bits, as do the crossings that balance and those that do not (evidence.py). Where one whole row
is wrong, all columns fail; that one line makes good all of them is no chance.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from budgetaudit.labels.numbers import View
from budgetaudit.structure.cues import WHOLE_MEASURES, Cues, dimension_of
from budgetaudit.structure.evidence import Tie, doubtful, price, tally
from budgetaudit.structure.search import LineSum
from budgetaudit.structure.settings import STRUCTURE

FEW_CROSSINGS = 2
DIMENSIONS = ("source", "year")
MOST_MEMBERS = 40
HEALED = 1000  # a grand total from here on does not meet the sum of the lines beneath its subtotals by chance
LEAST_FAILING = 2
TELLING = 100
THOUSAND = 1000


Reason = Literal["", "left out", "one short", "twice", "wrong"]


def one_line_off(view: View, cross: Sequence[int], target: int, parts: Sequence[int]) -> Reason:
    """What is the matter with one part if a total, made good in all crossings by it, fails in several by telling amounts.

    A part that is left out may be one of those above it, and no part of the total.
    """
    rows = {part: [view.n[part][j] or 0 for j in cross] for part in parts}
    stated = [view.n[target][j] for j in cross]
    if None in stated or len(parts) < LEAST_FAILING:
        return ""
    gaps = [(total or 0) - sum(column) for total, column in zip(stated, zip(*rows.values(), strict=True), strict=True)]
    if len({abs(gap) for gap in gaps if abs(gap) >= TELLING}) < LEAST_FAILING:
        return ""
    if gaps == [sum(column) for column in zip(*rows.values(), strict=True)]:
        return "twice"
    if gaps == [-value for value in rows[parts[-1] if parts[-1] < target else parts[0]]] and abs(parts[-1] - target) > 0:
        return "one short"
    if any(gaps == missing for row in rows.values() for missing in _missing(row, gaps)):
        return "wrong"
    return "left out" if any(gaps == [-value for value in row] for row in rows.values()) else ""


def _missing(row: Sequence[int], gaps: Sequence[int]) -> Iterator[list[int]]:
    """By how much a total is off in each crossing because one line is wrong, for each way it may be."""
    yield list(row)
    yield [value * (THOUSAND - 1) for value in row]
    if all(value % THOUSAND == 0 for value in row):
        yield [value // THOUSAND - value for value in row]
    for moved in ([*row[1:], 0], [0, *row[:-1]]):
        # a total column before the numbers that moved may have stayed
        yield [after - before if gap else 0 for before, after, gap in zip(row, moved, gaps, strict=True)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What labels propose as the parts of a total, with bits for where these stand."""

    parts: tuple[int, ...]
    bits: float
    whole: bool = False
    cue: str = "total"
    sure: bool = False


def label_readings(view: View, sums: Sequence[LineSum], ties: Sequence[Tie] = ()) -> Iterator[LineSum]:
    """A reading for each labelled total, head of deeper lines, or whole of a dimension that the search left unexplained."""
    usable = view.summed
    cross = view.crossings
    explained = {item.target for item in sums}
    cues = Cues(view, usable, cross)
    cues.consumed, cues.totals = {part for item in sums for part in item.parts}, explained
    for item in _healed(view, usable, cross, sums):
        explained.add(item.target)
        yield item
    for target in usable:
        proposals = _proposals(view, usable, target, sums)
        if target in explained:
            used = {line for item in sums for line in (item.target, *item.parts)}
            proposals = (one for one in _all_of_dimension(view, usable, target) if not used & set(one.parts))
        readings = [_judged(view, cross, cues, target, proposal, ties, sums) for proposal in proposals]
        best = max(filter(None, readings), key=lambda reading: (bool(reading.cue), reading.score), default=None)
        if best is not None:
            yield best


def undecided(view: View, sums: Sequence[LineSum]) -> Iterator[int]:
    """The lines beside all fund sources or years, and heads of deeper lines, that these do not make and no reading explains."""
    usable = view.summed
    cross = view.crossings
    explained = {item.target for item in sums}
    used = explained | {part for item in sums for part in item.parts}
    for target in usable:
        if target in explained or view.lines[target].total:
            continue
        known = view.lines[target].measure in WHOLE_MEASURES
        lists = [*(_complete(view, usable, target) if known else ()), _children(view, usable, target)]
        open_ones = [parts for parts in lists if len(parts) > 1 and not used & set(parts)]
        if any(tally(view, cross, target, parts).failed and not _less(view, cross, target, parts) for parts in open_ones):
            yield target


def _less(view: View, cross: Sequence[int], target: int, parts: Sequence[int]) -> bool:
    """True if the heading row equals its first line less the others, as a cash flow over receipts and payments."""
    n = view.n
    return all((n[target][j] or 0) == 2 * (n[parts[0]][j] or 0) - sum(n[p][j] or 0 for p in parts) for j in cross)


def _judged(
    view: View, cross: Sequence[int], cues: Cues, target: int, proposal: Proposal, ties: Sequence[Tie], sums: Sequence[LineSum]
) -> LineSum | None:
    """A proposal that figures bear out, or one worth a word: then without a cue."""
    parts = proposal.parts
    found = tally(view, cross, target, parts)
    held, failed = found.passes + found.weak, found.fails
    if not held and not failed:
        return None
    cost = price(view, ties, found, target, parts)
    own, bits = cues.of(target, parts)
    proven = found.exact or min(found.passes, len(found.seen)) >= STRUCTURE.few
    score = (found.bits if proven else 0.0) + bits + proposal.bits - cost.bits
    bound = any(set(parts) <= set(item.parts) and item.passes and not item.fails for item in sums)  # none of them is cut off
    cut = (
        cost.above and not held and not bound and cost.bits > (STRUCTURE.unprinted_cost if proposal.sure else STRUCTURE.cut_cost)
    )
    accepted = score >= STRUCTURE.labelled_score and (not (cost.rather or cut) or proposal.bits >= STRUCTURE.announced)
    reason = one_line_off(view, cross, target, parts) if proposal.whole and not accepted else ""
    accepted = accepted or reason in ("wrong", "twice", "one short")
    noted = proposal.whole and len(cross) <= FEW_CROSSINGS and not any(doubtful(view, j, target, parts) for j in found.failed)
    if not accepted and not reason and not noted:
        return None
    cue = (own or proposal.cue) if accepted else ""
    lone = not (held or proposal.sure or reason == "twice")
    return LineSum(
        view.axis, target, parts, dimension_of([view.lines[p] for p in parts]), cue, held, failed, round(score, 1), lone
    )


def _healed(view: View, usable: Sequence[int], cross: Sequence[int], sums: Sequence[LineSum]) -> list[LineSum]:
    """One subtotal that is not what its lines make, where the grand total is what it would be if it were.

    The grand total and the lines agree, so that the subtotal between them is wrong, in whatever way.
    """
    read = {item.target for item in sums}
    totals = [i for i in usable if view.lines[i].total == "total" and i not in read]
    if len(totals) != 1 or totals[0] not in (usable[0], usable[-1]):
        return []
    (total,) = totals
    for wrong, block, others in (*_by_words(view, usable, sums), *_by_place(usable, sums, total)):
        made = [(view.n[total][j], [view.n[p][j] or 0 for p in (*others, *block)], view.n[wrong][j]) for j in cross]
        agreed = all(stated == sum(values) for stated, values, _ in made if stated)
        off = [stated for stated, values, own in made if stated and own != sum(values[len(others) :])]
        if agreed and off and max(map(abs, off)) >= HEALED:
            held = len(made) - len(off)
            subtotals = tuple(sorted((*others, wrong)))
            return [
                LineSum(view.axis, wrong, block, dimension_of([view.lines[p] for p in block]), "total", held, len(off), 0.0),
                LineSum(view.axis, total, subtotals, "item", "total", held, len(off), 0.0),
            ]
    return []


def _by_words(view: View, usable: Sequence[int], sums: Sequence[LineSum]) -> Iterator[tuple[int, tuple[int, ...], Sequence[int]]]:
    """The one subtotal that no reading explains, with the lines beside it and the other subtotals, if theirs stand likewise."""
    known = {item.target: item.parts for item in sums if not item.fails}
    read = {item.target for item in sums}
    subtotals = [i for i in usable if view.lines[i].total == "subtotal"]
    open_ones = [i for i in subtotals if i not in read]
    if len(open_ones) != 1 or len(subtotals) < 2:
        return
    others = [i for i in subtotals if i != open_ones[0]]
    for after in (True, False):
        block = _block(view, usable, open_ones[0], after)
        if len(block) > 1 and all(known.get(i) == _block(view, usable, i, after) for i in others):
            yield open_ones[0], block, others


def _by_place(usable: Sequence[int], sums: Sequence[LineSum], total: int) -> Iterator[tuple[int, tuple[int, ...], Sequence[int]]]:
    """The same of heads that no word calls subtotals: where each stands right before its lines, the first line left over."""
    heads = {item.target: item.parts for item in sums if not item.fails}
    used = {total, *heads, *(p for parts in heads.values() for p in parts)}
    places = [at for at, i in enumerate(usable) if i not in used]
    together = len(places) > 2 and places[-1] - places[0] == len(places) - 1
    if heads and together and all(parts == tuple(range(i + 1, i + 1 + len(parts))) for i, parts in heads.items()):
        yield usable[places[0]], tuple(usable[at] for at in places[1:]), sorted(heads)


def _proposals(view: View, usable: Sequence[int], target: int, sums: Sequence[LineSum]) -> Iterator[Proposal]:
    """Each way in which labels let a total be read, the surest first."""
    line = view.lines[target]
    yield from _all_of_dimension(view, usable, target)
    if line.total:
        for after in (True, False):
            block = _block(view, usable, target, after)
            if _left_over(view, target, block, sums):
                yield Proposal(block, STRUCTURE.spoken_for)
            like = [item for item in sums if item.cue == "total" and _last_key(view, item.target) == _last_key(view, target)]
            alike = [item for item in like if item.parts == _block(view, usable, item.target, after) and not item.fails]
            closed = (block or (0,))[0 if not after else -1] != usable[0 if not after else -1]
            if closed and alike and len(alike) == len(like) and block:  # else it may begin on the page before
                yield Proposal(block, STRUCTURE.announced if len(alike) > 1 else STRUCTURE.alike + STRUCTURE.closed)
        if whole := _whole(view, usable, target, sums):
            yield Proposal(whole, STRUCTURE.closed, whole=len(whole) > 1)
            if 1 < len(others := tuple(i for i in whole if not _bracketed(view, i))) < len(whole):
                yield Proposal(others, STRUCTURE.closed)
    elif len(children := _children(view, usable, target)) >= 2:
        like = [item for item in sums if item.cue == "level" and not item.fails]
        alike = [item for item in like if item.parts == _children(view, usable, item.target)]
        yield Proposal(
            children, STRUCTURE.announced if len(alike) > 1 else STRUCTURE.alike * len(alike) + STRUCTURE.closed, cue="level"
        )
    elif len(group := _broken_down(view, usable, target)) >= 2:
        yield Proposal(group, STRUCTURE.announced if _comparable(view, target, group) else 0.0)


def _all_of_dimension(view: View, usable: Sequence[int], target: int) -> Iterator[Proposal]:
    """All fund sources, or all years, beside an amount: whatever else the amount is made of."""
    line = view.lines[target]
    for complete in _complete(view, usable, target):
        entire = not line.total and any(label.closing for label in line.labels)
        known = bool(line.total) or line.measure in WHOLE_MEASURES
        yield Proposal(
            complete, STRUCTURE.whole if entire else STRUCTURE.complete if known else STRUCTURE.beside, cue="dimension", sure=True
        )


def _complete(view: View, usable: Sequence[int], target: int) -> Iterator[tuple[int, ...]]:
    """The list of fund sources or years that stands right behind or before a line that is none of them."""
    line, at = view.lines[target], bisect_left(usable, target)
    if line.dimension in DIMENSIONS or (line.measure and line.measure not in WHOLE_MEASURES):
        return
    for beside in (usable[at + 1 : at + MOST_MEMBERS], usable[max(at - MOST_MEMBERS, 0) : at][::-1]):
        if not beside or _of_dimension(view, beside[0]) is None:
            continue
        kinds = [_of_dimension(view, i) for i in beside]
        run = beside[: next((k for k, kind in enumerate(kinds) if kind != kinds[0]), len(kinds))]
        named = len({view.lines[i].member for i in run}) == len(run) > 1
        beyond = beside[len(run)] if len(beside) > len(run) else None
        if (
            beyond is not None
            and view.lines[beyond].total
            and view.lines[beyond].outer == view.lines[run[0]].outer != view.lines[target].outer
        ):
            continue  # the parts of another group's total
        if named and dimension_of([view.lines[i] for i in run]) in DIMENSIONS:
            yield tuple(sorted(run))


def _of_dimension(view: View, i: int) -> tuple[str, int, tuple[str, ...]] | None:
    """What lines of one list of fund sources or years have in common; None if a line is neither."""
    line = view.lines[i]
    return (line.dimension, line.level, line.outer) if line.dimension in DIMENSIONS else None


def _left_over(view: View, target: int, block: Sequence[int], sums: Sequence[LineSum]) -> bool:
    """True if a subtotal is part of a balanced total and the lines up to the next part belong to no other sum."""
    over = next((item for item in sums if target in item.parts and not item.fails and item.passes > 1), None)
    if over is None or len(block) < 2:
        return False
    used = {line for item in sums for line in (item.target, *item.parts)}
    return not used & set(block) and view.lines[target].total != "total"


def _last_key(view: View, line: int) -> str:
    labels = view.lines[line].labels
    return labels[-1].key if labels else ""


def _block(view: View, usable: Sequence[int], target: int, after: bool) -> tuple[int, ...]:
    """The plain lines between a total and the next total, behind or before it, within its own group if it has one."""
    order = range(bisect_right(usable, target), len(usable)) if after else range(bisect_left(usable, target) - 1, -1, -1)
    block = []
    outer = view.lines[target].outer
    for i in map(usable.__getitem__, order):
        line = view.lines[i]
        if line.total or (any(outer) and tuple(label.key for label in line.labels[: len(outer)]) != outer):
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


def _bracketed(view: View, line: int) -> bool:
    """True if a label stands in brackets as a whole, as of an amount that the line above it holds already."""
    text = next((label.text.strip() for label in reversed(view.lines[line].labels) if label.text.strip()), "")
    return text[:1] in "(（" and text[-1:] in ")）" and len(text) > 2


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


def _comparable(view: View, target: int, parts: Sequence[int]) -> bool:
    """True if a line and its parts are of one kind: 5 projects are not what 300 million of cost are made of."""
    cross = view.crossings
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
