"""What names mean in a table: printed labels, members of the vocabulary, dimensions.

A rule may name a line by what is printed over it (`집행잔액`) or by what it means (`balance`). A label says what it says; a
member is read off labels by the vocabulary, which may misread one: `Reading.inferred` tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from budgetaudit.expressions import Compare, choose_check, names, summed
from budgetaudit.labelling import Line
from budgetaudit.numbers import View
from budgetaudit.rule import Selector
from budgetaudit.vocabulary import Vocabulary, normal, squeeze

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


def says(line: Line, name: str) -> bool:
    """Whether a line prints a name: over all its labels or as its own, blanks and bracketed remarks aside."""
    own = own_label(line)
    return any(form(name) == form(text) for form in (squeeze, normal) for text in (line.text, own) if text)


def own_label(line: Line) -> str:
    """The innermost printed label of a line."""
    return next((label.text for label in reversed(line.labels) if label.text.strip()), "")


def means(line: Line, dimension: str, member: str) -> bool:
    """Whether a line has a coordinate."""
    if member == TOTAL and dimension != "measure":
        return bool(line.total)
    if dimension == "measure":
        return line.measure == member
    return line.dimension == dimension and line.member == member


def chooses(selector: Selector, line: Line) -> bool:
    """Whether a selector of a rule means a line."""
    if selector.label:
        return says(line, selector.label)
    return bool(selector.members) and all(any(means(line, d, m) for m in members) for d, members in selector.members)


def members_only(check: Compare, words: Vocabulary) -> bool:
    """Whether a formula speaks of meanings only, so that a table without them is no mistake of its author."""
    known = {TOTAL, *DIMENSIONS, *words.dimensions, *(member for members in words.dimensions.values() for member in members)}
    return known.issuperset(names(check))


def readings(view: View, check: Compare, words: Vocabulary) -> list[list[Reading]]:
    """The ways to read a formula along one axis: one list for each place where it applies, the alternatives inside.

    Where a table repeats its columns under several headings or years, the formula applies to each of them.
    """
    whole = list(_Pool(view, range(len(view.lines)), check, words).readings())
    if len(whole) == 1:
        return [whole]
    keys = dict.fromkeys(_group(line) for line in view.lines)
    found: list[list[Reading]] = []
    for key in keys if 1 < len(keys) <= READINGS else ():
        pool = [i for i, line in enumerate(view.lines) if _belongs(_group(line), key)]
        inside = list(_Pool(view, pool, check, words).readings())
        if inside and not any(_same(inside, other) for other in found):
            found.append(inside)
    return found or ([whole] if whole else [])


def _group(line: Line) -> tuple[tuple[str, ...], int | None]:
    """The headings above a line's own label, and its year."""
    printed = [label.key for label in line.labels if label.text.strip()]
    return tuple(printed[:-1]), line.year


def _belongs(own: tuple[tuple[str, ...], int | None], key: tuple[tuple[str, ...], int | None]) -> bool:
    return own[0] in ((), key[0]) and own[1] in (None, key[1])


def _same(one: Sequence[Reading], other: Sequence[Reading]) -> bool:
    return [reading.lines for reading in one] == [reading.lines for reading in other]


class _Pool:
    """Some lines of a view, and what the names of a formula can mean among them."""

    def __init__(self, view: View, pool: Sequence[int], check: Compare, words: Vocabulary) -> None:
        self.view = view
        self.pool = pool
        self.check = check
        self.dimension_of = {member: d for d, members in words.dimensions.items() for member in members if d != "item"}
        printed = {name for name in names(check) for i in pool if says(view.lines[i], name)}
        self.along = {name for name in summed(check) if name in (*DIMENSIONS, *words.dimensions)} - printed

    def readings(self) -> Iterator[Reading]:
        wanted = [name for name in names(self.check) if name not in self.along]
        found = {name: self._alternatives(name) for name in wanted}
        needless = set(wanted) - set(names(choose_check(self.check, ())))
        choices: list[list[tuple[int, ...] | None]] = []
        for name in wanted:
            lines, inferred = found[name]
            # What a formula can do without may also be printed for information only.
            choices.append([*lines, *([None] if inferred and name in needless or not lines else [])])
        seen: set[tuple[str, tuple[int, ...]]] = set()
        for chosen in islice(product(*choices), READINGS):
            bound = {name: lines for name, lines in zip(wanted, chosen, strict=True) if lines is not None}
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
        lines = {name: bound[name] for name in used}
        taken = [i for found in lines.values() for i in found]
        if len(taken) != len(set(taken)):
            return None
        parts = {name: self._parts(name, taken) for name in self.along & set(names(check))}
        if any(len(found) < 2 for found in parts.values()):
            return None
        return Reading(check, lines, parts, any(inferred[name] for name in used))

    def _alternatives(self, name: str) -> tuple[list[tuple[int, ...]], bool]:
        """The lines a name can mean, the likeliest first, and whether the vocabulary decided."""
        lines = self.view.lines
        for form in _FORMS:
            hits = [i for i in self.pool if form(lines[i], name)]
            if hits:
                return [(i,) for i in hits[:ALTERNATIVES]], False
        dimension = self.dimension_of.get(name, "item" if name == TOTAL else "")
        hits = [i for i in self.pool if dimension and means(lines[i], dimension, name) and lines[i].additive]
        totals, plain = ([i for i in hits if bool(lines[i].total) == total] for total in (True, False))
        found: list[tuple[int, ...]] = [(i,) for i in [*totals, *plain][:ALTERNATIVES]]
        if 2 <= len(plain) <= READINGS:
            found.append(tuple(plain))
        return found, True

    def _parts(self, dimension: str, taken: Sequence[int]) -> tuple[int, ...]:
        """The lines along a dimension: its members, no totals, nothing that is part of another."""
        return tuple(i for i in self.pool if i not in taken and _along(self.view.lines[i], dimension))


def _along(line: Line, dimension: str) -> bool:
    if line.total or not line.additive or any(label.of_which for label in line.labels):
        return False
    if dimension == "item":
        return not line.dimension and not line.measure
    return bool(line.measure) if dimension == "measure" else line.dimension == dimension


def _printed(form: Callable[[str], str], whole: bool) -> Callable[[Line, str], bool]:
    return lambda line, name: form(line.text if whole else own_label(line)) == form(name) != ""


_FORMS = tuple(_printed(form, whole) for form in (squeeze, normal) for whole in (True, False))
