"""What names mean in a table: printed labels, members of the vocabulary, dimensions.

A rule may name a line by what is printed over it (`집행잔액`) or by what it means (`balance`). A label says what it says; a
member is read off labels by the vocabulary, which may misread one: `Reading.inferred` tells them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice, product

from budgetaudit.label_text import normal, single_spaced, squeeze, unmarked
from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import View
from budgetaudit.rulefiles.expressions import Binary, Compare, Expression, Name, choose_check, names, rename, summed
from budgetaudit.rulefiles.rule import Selector
from budgetaudit.vocabulary import Vocabulary

DIMENSIONS = ("item", "source", "year", "measure")
TOTAL = "total"
ALTERNATIVES = 4
READINGS = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a formula in a table: `lines` are positions in the view; several lines stand for their sum.

    `parts` holds the lines of each dimension that the formula adds up along.
    """

    check: Compare
    lines: Mapping[str, tuple[int, ...]]
    parts: Mapping[str, tuple[int, ...]]
    inferred: bool


def is_labelled(line: Line, name: str) -> bool:
    """True if a line prints a name: over all its labels or as its own, blanks and bracketed remarks aside."""
    own = own_label(line)
    return any(form(name) == form(text) for form in (squeeze, normal) for text in (line.text, own) if text)


def own_label(line: Line) -> str:
    """The innermost printed label of a line."""
    return next((label.text for label in reversed(line.labels) if label.text.strip()), "")


def means(line: Line, dimension: str, member: str) -> bool:
    """True if a line has a coordinate."""
    if member == TOTAL and dimension != "measure":
        return bool(line.total)
    if dimension == "measure":
        return line.measure == member
    return line.dimension == dimension and line.member == member


def chooses(selector: Selector, line: Line) -> bool:
    """True if a selector of a rule means a line."""
    if selector.label:
        return is_labelled(line, selector.label)
    return bool(selector.members) and all(any(means(line, d, m) for m in members) for d, members in selector.members)


def members_only(check: Compare, words: Vocabulary) -> bool:
    """True if a formula speaks of meanings only, so that a table without them is no mistake of its author."""
    return words.meanings.union((TOTAL, *DIMENSIONS)).issuperset(names(check))


def in_print(reading: Reading, view: View) -> Compare:
    """A reading's formula in the words that the table prints, for people."""
    meaning: dict[str, Expression] = {}
    for name, lines in reading.lines.items():
        printed: list[Expression] = [Name(single_spaced(own_label(view.lines[i])) or name) for i in lines]
        meaning[name] = reduce(lambda left, right: Binary("+", left, right), printed)
    check = reading.check
    return Compare(check.operator, rename(check.left, meaning), rename(check.right, meaning))


class Index:
    """The lines of a view by what they print and by what they mean; made once for all formulas."""

    def __init__(self, view: View, words: Vocabulary) -> None:
        self.view = view
        self.dimensions = frozenset((*DIMENSIONS, *words.dimensions))
        self.known = words.meanings.difference(words.dimensions, words.dimensions.get("item", ())) | {TOTAL}
        # The surest form first: all that is printed over the line, its own label, both without bracketed remarks.
        self.printed: tuple[dict[str, list[int]], ...] = ({}, {}, {}, {})
        self.meant: dict[str, list[int]] = {}
        for i, line in enumerate(view.lines):
            own = next((label for label in reversed(line.labels) if label.text.strip()), None)
            texts = (squeeze(line.text), squeeze(own.text) if own else "", normal(line.text), own.key if own else "")
            for found, text in zip(self.printed, texts, strict=True):
                if text:
                    found.setdefault(text, []).append(i)
            if line.additive:
                account = words.accounts.get(own.key) or words.accounts.get(normal(unmarked(own.text)), "") if own else ""
                for member in {line.measure, line.member, account, TOTAL if line.total else ""} - {""}:
                    self.meant.setdefault(member, []).append(i)

    def find(self, name: str) -> tuple[list[int], bool]:
        """The lines a name can mean, and whether the vocabulary decided."""
        for form, found in zip((squeeze, squeeze, normal, normal), self.printed, strict=True):
            if hits := found.get(form(name)):
                return hits, False
        return self.meant.get(name, []) if name in self.known else [], True

    def groups(self) -> dict[tuple[tuple[str, ...], int | None], list[int]]:
        """The headings and years of the table, each with the lines that stand under it or under none."""
        keys = [_group(line) for line in self.view.lines]
        distinct = dict.fromkeys(keys)
        if not 1 < len(distinct) <= READINGS:
            return {}
        return {key: [i for i, own in enumerate(keys) if _belongs(own, key)] for key in distinct}


def readings(index: Index, check: Compare) -> list[list[Reading]]:
    """The ways to read a formula along one axis: one list for each place where it applies, the alternatives inside.

    Where a table repeats its columns under several headings or years, the formula applies to each of them.
    """
    present = {name for name in names(check) if index.find(name)[0]}
    if not set(names(choose_check(check, present))) <= present | (summed(check) & index.dimensions):
        return []
    whole = list(_Pool(index, None, check).readings())
    if len(whole) == 1:
        return [whole]
    found: list[list[Reading]] = []
    for pool in index.groups().values():
        inside = list(_Pool(index, frozenset(pool), check).readings())
        if inside and not any(_same(inside, other) for other in found):
            found.append(inside)
    found = [inside for inside in found if not any(_within(inside, other) for other in found)]
    return found or ([whole] if whole else [])


def _group(line: Line) -> tuple[tuple[str, ...], int | None]:
    """The headings above a line's own label, and its year."""
    printed = [label.key for label in line.labels if label.text.strip()]
    return tuple(printed[:-1]), line.year


def _belongs(own: tuple[tuple[str, ...], int | None], key: tuple[tuple[str, ...], int | None]) -> bool:
    return own[0] in ((), key[0]) and own[1] in (None, key[1])


def _within(one: Sequence[Reading], other: Sequence[Reading]) -> bool:
    """True if a place is part of another: what stands under no heading belongs to every heading."""
    mine = _used(one[0])
    return any(mine < _used(reading) for reading in other)


def _used(reading: Reading) -> frozenset[int]:
    return frozenset(i for lines in reading.lines.values() for i in lines)


def _same(one: Sequence[Reading], other: Sequence[Reading]) -> bool:
    return [reading.lines for reading in one] == [reading.lines for reading in other]


class _Pool:
    """The lines of a view, or some of them, and what the names of a formula can mean among them."""

    def __init__(self, index: Index, pool: frozenset[int] | None, check: Compare) -> None:
        self.index = index
        self.lines = index.view.lines
        self.pool = pool
        self.check = check
        self.along = {name for name in summed(check) & index.dimensions if not self._alternatives(name)[0]}

    def readings(self) -> Iterator[Reading]:
        required = [name for name in names(self.check) if name not in self.along]
        found = {name: self._alternatives(name) for name in required}
        needless = set(required) - set(names(choose_check(self.check, ())))
        choices: list[list[tuple[int, ...] | None]] = []
        for name in required:
            lines, inferred = found[name]
            # What a formula can do without may also be printed for information only.
            spare = not lines or (inferred and name in needless)
            choices.append([*lines, *([None] if spare else [])])
        seen: set[tuple[str, tuple[int, ...]]] = set()
        for chosen in islice(product(*choices), READINGS):
            bound = {name: lines for name, lines in zip(required, chosen, strict=True) if lines is not None}
            reading = self._reading(bound, {name: inferred for name, (_, inferred) in found.items()})
            if reading is None:
                continue
            key = (str(reading.check), tuple(i for lines in reading.lines.values() for i in lines))
            if key not in seen:
                seen.add(key)
                yield reading

    def _reading(self, bound: Mapping[str, tuple[int, ...]], inferred: Mapping[str, bool]) -> Reading | None:
        check = choose_check(self.check, bound)
        used = [name for name in names(check) if name not in self.along]
        if not used or any(name not in bound for name in used):
            return None
        if len(names(check)) <= 2 < len(names(self.check)):
            return None  # a total with one part or none: that all others are not printed does not say that they are nothing
        lines = {name: bound[name] for name in used}
        taken = [i for found in lines.values() for i in found]
        if len(taken) != len(set(taken)) or all(len(found) > 1 for found in lines.values()):
            return None  # one line twice, or no single line that states anything
        years = {self.lines[found[0]].year for found in lines.values() if len(found) == 1} - {None}
        if len(years) > 1 and any(inferred[name] for name in used):
            return None  # what labels only mean goes together within one year
        parts = {name: self._parts(name, taken) for name in self.along & set(names(check))}
        if any(len(found) < 2 for found in parts.values()):
            return None
        return Reading(check, lines, parts, any(inferred[name] for name in used))

    def _alternatives(self, name: str) -> tuple[list[tuple[int, ...]], bool]:
        """The lines a name can mean, the likeliest first, and whether the vocabulary decided."""
        hits, inferred = self.index.find(name)
        hits = [i for i in hits if self.pool is None or i in self.pool]
        if not inferred:
            return [(i,) for i in hits[:ALTERNATIVES]], False
        own = [i for i in hits if not _under_another(self.lines[i])]
        hits = own or hits
        totals, plain = ([i for i in hits if bool(self.lines[i].total) == total] for total in (True, False))
        found: list[tuple[int, ...]] = [(i,) for i in [*totals, *plain][:ALTERNATIVES]]
        if 2 <= len(plain) <= READINGS:
            found.append(tuple(plain))
        return found, True

    def _parts(self, dimension: str, taken: Sequence[int]) -> tuple[int, ...]:
        """The lines along a dimension: its members, no totals, nothing that is part of another."""
        pool = range(len(self.lines)) if self.pool is None else sorted(self.pool)
        return tuple(i for i in pool if i not in taken and _along(self.lines[i], dimension))


def _under_another(line: Line) -> bool:
    """True if a line is part of another measure: 이월액 under the heading 예산액."""
    return any(label.measure and label.measure != line.measure for label in line.labels[:-1])


def _along(line: Line, dimension: str) -> bool:
    if line.total or not line.additive or any(label.of_which for label in line.labels):
        return False
    if dimension == "item":
        return not line.dimension and not line.measure
    return bool(line.measure) if dimension == "measure" else line.dimension == dimension


def pairs(ours: Sequence[Line], theirs: Sequence[Line], *meanings: Callable[[Line], Hashable]) -> dict[int, Line]:
    """The index of each of our lines → the one of theirs that says the same, by the first meaning that tells them apart."""
    found: dict[int, Line] = {}
    for meaning in (_labels, *meanings):
        taken = {line.index for line in found.values()}
        mine = _unique((line for line in ours if line.index not in found), meaning)
        others = _unique((line for line in theirs if line.index not in taken), meaning)
        found |= {line.index: others[key] for key, line in mine.items() if key in others}
    return found


def _labels(line: Line) -> Hashable:
    return tuple(label.key for label in line.labels if label.key)


def _unique(lines: Iterable[Line], meaning: Callable[[Line], Hashable]) -> dict[Hashable, Line]:
    """The lines whose meaning no other shares; a line that means nothing is left out."""
    keyed = [(meaning(line), line) for line in lines]
    counts = Counter(key for key, _ in keyed)
    return {key: line for key, line in keyed if key and counts[key] == 1}
