"""Errors planted in documents whose figures hold: which cells are rewritten, which of them are wrong, and what they should say.

Each group is one way in which documents go wrong: a single cell mistyped; a wrong amount from which the difference, balance
or rate beside it was computed ("carried"), and the total above it too ("carried-above"); two cells at once; a row left out;
subtotals counted twice; a SUM one row short in every column; a summary that was not carried on ("stale").
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from budgetaudit.diagnosis.equations import Equation, Key, equation, key_of
from budgetaudit.diagnosis.facts import figures_of
from budgetaudit.labels.labelling import label
from budgetaudit.model import Comparison, Document, Figure, Grid, Place
from budgetaudit.vocabulary import Vocabulary

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MANY = 4  # digits that are written in groups
SPREAD = 40  # cells tried until one admits the kind of error
STEPS = 6  # how far a recomputed figure is followed
SINGLE = ("digit", "transposition", "dropped", "added", "point", "tenfold", "thousandfold", "unit", "sign", "shifted", "blank")
AMOUNTS = ("digit", "transposition", "dropped", "added", "tenfold")  # how an amount is mistyped that others are computed from
MINUS = ("-", "△", "▲")

Position = tuple[int, int, int]  # table, row, column, from 1
Changes = dict[Key, Fraction]


@dataclass(frozen=True)
class Subject:
    """A document, what its audit finds as it is, its printed figures, and the comparisons that hold."""

    document: Document
    known: Counter[object]
    cells: dict[Position, Figure]
    bound: dict[Position, tuple[Comparison, ...]]
    held: tuple[Comparison, ...]


@dataclass(frozen=True)
class Planted:
    """One planted error. `wrong`: the cells to be named, with the value each should have; `follows`: computed from them.

    `breaks`: the stated figures of the comparisons that hold no longer; `removed`: a row (table, row) taken out. `instead`:
    fewer cells than were written that would make all hold with the wrong amount, so that nobody can tell it from the right one.
    """

    group: str
    kind: str
    texts: Mapping[Position, str]
    wrong: Mapping[Position, Decimal | None]
    breaks: frozenset[Position | None]
    follows: tuple[Position, ...] = ()
    removed: tuple[int, int] | None = None
    missing: frozenset[Decimal] = field(default_factory=frozenset)
    instead: Mapping[Position, Decimal | None] = field(default_factory=dict)


def place_of(place: Place) -> Position | None:
    return None if None in (place.table, place.row, place.column) else (place.table, place.row, place.column)  # type: ignore[return-value]


def subject(document: Document, words: Vocabulary, comparisons: Sequence[Comparison], known: Counter[object]) -> Subject:
    cells: dict[Position, Figure] = {}
    for table in label(document, words):
        for figure in table.figures.values():
            if (position := place_of(figure.place)) is not None:
                cells[position] = figure
    printed = {figure.place for figure in cells.values()}
    held = tuple(comparison for comparison in comparisons if comparison.verdict in ("pass", "rounding"))
    bound: dict[Position, list[Comparison]] = defaultdict(list)
    for comparison in held:
        for figure in figures_of(comparison):
            position = place_of(figure.place)
            if position and figure.place in printed and figure.value and not figure.dash and NUMBER.search(figure.text):
                bound[position].append(comparison)
    return Subject(document, known, cells, {at: tuple(found) for at, found in bound.items()}, held)


def planted(subjects: Sequence[Subject], group: str, number: int, seed: int) -> Iterator[tuple[int, Planted]]:
    """(document, error): the kinds of a group in turn, the document and the cell at random."""
    draw = random.Random(seed if group == "single" else f"{seed} {group}")
    kinds = SINGLE if group == "single" else AMOUNTS
    for count in range(number):
        for _ in range(SPREAD):
            which = draw.randrange(len(subjects))
            error = GROUPS[group](subjects[which], kinds[count % len(kinds)], draw)
            if error is not None:
                yield which, replace(error, group=group)
                break


# --- one cell, or two ------------------------------------------------------------------------------


def single(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """One cell with one error. What it breaks only the labelled copy tells, as a cell may no longer hold a number."""
    position = draw.choice(sorted(one.bound))
    new = damaged(text_at(one.document, position), kind, neighbours(one, position), draw)
    if new is None:
        return None
    return Planted("single", kind, {position: new}, {position: one.cells[position].value}, frozenset())


def two(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """Two cells of one document, each wrong by itself."""
    first, second = single(one, kind, draw), single(one, draw.choice(AMOUNTS), draw)
    if first is None or second is None or first.wrong.keys() == second.wrong.keys():
        return None
    return replace(
        first, kind=f"{kind}+{second.kind}", texts={**first.texts, **second.texts}, wrong={**first.wrong, **second.wrong}
    )


# --- carried ---------------------------------------------------------------------------------------


def carried(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """A wrong amount from which the figures of its row (or column) were computed: its difference, balance, change or rate."""
    return _carried(one, kind, draw, above=False)


def carried_above(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """The same, and the totals above the amount computed from it too, but not those above what follows from it."""
    return _carried(one, kind, draw, above=True)


def _carried(one: Subject, kind: str, draw: random.Random, *, above: bool) -> Planted | None:
    position = draw.choice(sorted(one.bound))
    figure = one.cells[position]
    value = mistyped(one, position, kind, draw)
    if value is None:
        return None
    axis = draw.choice((1, 2))
    changes: Changes = {key_of(figure): Fraction(value)}
    beside = [c for c in one.bound[position] if _lies_along(c, position, axis)]
    if not beside or not follow(one, changes, lambda c: _lies_along(c, position, axis), remainder=True):
        return None
    if above and not follow(one, changes, lambda c: c.kind == "sum" and _lies_along(c, position, 3 - axis)):
        return None
    error = _error(one, "carried", kind, changes, {position: figure.value})
    return error and replace(error, instead=_completed(one, changes))


def _completed(one: Subject, changes: Changes) -> dict[Position, Decimal | None]:
    """The further figures that carry a wrong amount on until all holds, where they are fewer than those written."""
    whole = dict(changes)
    follow(one, whole, lambda c: c.kind != "agree")
    further = {key: value for key, value in whole.items() if key not in changes}
    if breaking(one, whole) or len(further) >= len(changes):
        return {}
    return {at: _decimal(further[key]) for at, figure in one.cells.items() if (key := key_of(figure)) in further}


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _lies_along(comparison: Comparison, position: Position, axis: int) -> bool:
    """True if all figures of a comparison stand in the row (axis 1) or column (2) of a cell."""
    places = [place_of(figure.place) for figure in figures_of(comparison)]
    return all(at is not None and (at[0], at[axis]) == (position[0], position[axis]) for at in places)


def follow(one: Subject, changes: Changes, computed: Callable[[Comparison], bool], *, remainder: bool = False) -> bool:
    """True if some figures follow from those changed, and add what they become; of a total (`remainder`) its last part may."""
    before = len(changes)
    for _ in range(STEPS):
        broken = [(c, made) for c, made in breaking(one, changes) if computed(c)]
        grown = False
        for comparison, made in broken:
            if made.holds(changes):
                continue
            dependent = _dependent(comparison, made, changes, remainder=remainder)
            if dependent is None:
                continue
            changes |= dependent
            grown = True
        if not grown:
            break
    return len(changes) > before


def _dependent(comparison: Comparison, made: Equation, changes: Changes, *, remainder: bool) -> Changes | None:
    """The figure that is computed from the changed ones, with its new value."""
    expected = made.expected(changes)
    if expected is None:
        return None
    if made.stated not in changes:
        stated = comparison.stated
        if made.weights:
            return {made.stated: made.goal + expected - made.made}
        decimals = _decimals(stated.text)
        rounded = _decimal(expected).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        return {made.stated: Fraction(rounded)}
    free = [key_of(f) for _, f in comparison.operands if f.value is not None and key_of(f) not in changes]
    if not remainder or not made.weights or not free:
        return None
    key = free[-1]
    return {key: made.terms[key] + ((changes[made.stated] - made.goal) - (expected - made.made)) / made.weights[key]}


# --- whole rows ------------------------------------------------------------------------------------


def omitted(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """A row that totals count is left out of the table."""
    del kind
    comparisons = draw.choice(_relations(one) or [()])
    rows = _slots(comparisons)
    if not comparisons or len(rows) < 3:
        return None
    table, row = draw.choice(rows)
    stated_there = {place_of(c.stated.place) for c in one.held if c.kind == "sum" and len(c.operands) > 1 and _vertical(c)}
    grid = list(one.document.grids())[table - 1]
    spans = any(c.row_span > 1 and c.row <= row - 1 < c.row + c.row_span for c in grid.cells)
    if spans or any(at is not None and at[:2] == (table, row) for at in stated_there):
        return None
    gone = {key_of(f): Fraction(0) for at, f in one.cells.items() if at[:2] == (table, row)}
    broken = [c for c, _ in breaking(one, gone) if _vertical(c)]
    if not broken:
        return None
    missing = frozenset(f.value for at, f in one.cells.items() if at[:2] == (table, row) and f.value)
    stated = {place_of(c.stated.place) for c in broken}
    after = frozenset((at[0], at[1] - (at[1] > row and at[0] == table), at[2]) for at in stated if at)
    return Planted("omitted", "row", {}, {}, after, removed=(table, row), missing=missing)


def twice(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """A total that counts the subtotals among its parts and what they are made of."""
    del kind
    tops = {place_of(c.stated.place) for c in one.held if c.kind == "sum" and len(c.operands) > 1}
    nested = [[c for c in found if sum(place_of(f.place) in tops for _, f in c.operands) > 1] for found in _relations(one)]
    comparisons = draw.choice([found for found in nested if found] or [[]])
    changes: Changes = {}
    for comparison in comparisons:
        again = [Fraction(f.value) for _, f in comparison.operands if f.value and place_of(f.place) in tops]
        changes[key_of(comparison.stated)] = Fraction(comparison.stated.value or 0) + sum(again)
    return _totals(one, "twice", comparisons, changes)


def short(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """A total whose range stops one row short, in every column; what is computed from it follows."""
    del kind
    comparisons = draw.choice([found for found in _relations(one) if len(_slots(found)) > 2] or [()])
    rows = _slots(comparisons)
    if not rows:
        return None
    left_out = draw.choice((rows[0], rows[-1]))
    changes: Changes = {}
    for comparison in comparisons:
        lost = sum(Fraction(f.value) for _, f in comparison.operands if f.value and (place_of(f.place) or ())[:2] == left_out)
        if lost and lost != comparison.stated.value:
            changes[key_of(comparison.stated)] = Fraction(comparison.stated.value or 0) - lost
    return _totals(one, "short", comparisons, changes)


def _totals(one: Subject, group: str, comparisons: Iterable[Comparison], changes: Changes) -> Planted | None:
    """An error of a total in all its columns; the totals above count what it says."""
    if not changes:
        return None
    stated = {
        position: c.stated.value for c in comparisons if (position := place_of(c.stated.place)) and key_of(c.stated) in changes
    }
    follow(one, changes, lambda c: c.kind == "sum" and _vertical(c))
    return _error(one, group, "rows", changes, stated)


def _relations(one: Subject) -> list[list[Comparison]]:
    """The sums over rows: of each its comparisons, one a column."""
    groups: dict[str, list[Comparison]] = defaultdict(list)
    for comparison in one.held:
        if comparison.kind == "sum" and comparison.relation and len(comparison.operands) > 1 and _vertical(comparison):
            groups[comparison.relation].append(comparison)
    return [groups[name] for name in sorted(groups)]


def _vertical(comparison: Comparison) -> bool:
    position = place_of(comparison.stated.place)
    return position is not None and len(comparison.operands) > 1 and _lies_along(comparison, position, 2)


def _slots(comparisons: Iterable[Comparison]) -> list[tuple[int, int]]:
    """The rows (table, row) of the parts."""
    places = {place_of(f.place) for comparison in comparisons for _, f in comparison.operands}
    return sorted({at[:2] for at in places if at is not None})


# --- a stale summary -------------------------------------------------------------------------------


def stale(one: Subject, kind: str, draw: random.Random) -> Planted | None:
    """An amount of one table is changed and so are its totals there; what another table says of them is not."""
    ties = [c for c in one.held if c.kind == "agree" and len(c.operands) == 1]
    if not ties:
        return None
    tie = draw.choice(ties)
    ends = [tie.stated, tie.operands[0][1]]
    draw.shuffle(ends)
    home = ends[0].place.table
    below = [c for c in one.held if c.kind == "sum" and key_of(c.stated) == key_of(ends[0]) and len(c.operands) > 1]
    parts = [place_of(f.place) for c in below for _, f in c.operands if f.value and not f.dash]
    parts = [at for at in parts if at in one.bound]
    if not parts or home is None or ends[1].place.table == home:
        return None
    position = draw.choice(parts)
    assert position is not None
    value = mistyped(one, position, kind, draw)
    if value is None:
        return None
    changes: Changes = {key_of(one.cells[position]): Fraction(value)}
    follow(one, changes, lambda c: c.kind != "agree" and {f.place.table for f in figures_of(c)} == {home})
    wrong: dict[Position, Decimal | None] = {}
    for comparison, made in breaking(one, changes):
        for figure in figures_of(comparison):
            at = place_of(figure.place)
            if comparison.kind == "agree" and at is not None and key_of(figure) not in changes:
                new = (
                    made.expected(changes)
                    if key_of(figure) == made.stated
                    else changes[made.stated] / next(iter(made.weights.values()))
                )
                wrong[at] = None if new is None else _decimal(new)
    return _error(one, "stale", kind, changes, wrong) if wrong else None


# --- what they share -------------------------------------------------------------------------------


def breaking(one: Subject, changes: Mapping[Key, Fraction]) -> list[tuple[Comparison, Equation]]:
    """The comparisons that would not hold any more, with their equations."""
    found = []
    for comparison in one.held:
        if any(key_of(figure) in changes for figure in figures_of(comparison)):
            made = equation(comparison)
            if made is not None and not made.holds(changes):
                found.append((comparison, made))
    return found


def _error(one: Subject, group: str, kind: str, changes: Changes, wrong: Mapping[Position, Decimal | None]) -> Planted | None:
    """The error with the texts of its cells; None where it breaks nothing, or a figure is not in a cell of a table."""
    at_key = {key_of(figure): position for position, figure in one.cells.items()}
    broken = breaking(one, changes)
    if not broken or any(key not in at_key for key in changes):
        return None
    texts = {at_key[key]: written(one, at_key[key], value) for key, value in changes.items()}
    follows = tuple(position for position in texts if position not in wrong)
    return Planted(group, kind, texts, wrong, frozenset(place_of(c.stated.place) for c, _ in broken), follows)


def mistyped(one: Subject, position: Position, kind: str, draw: random.Random) -> Decimal | None:
    """The value of a cell with one error in its number."""
    text, value = text_at(one.document, position), one.cells[position].value
    new = damaged(text, kind, (), draw)
    old_number, new_number = NUMBER.search(text), NUMBER.search(new or "")
    if not value or not old_number or not new_number or not (old := Decimal(old_number[0].replace(",", ""))):
        return None
    return Decimal(new_number[0].replace(",", "")) * value / old


def written(one: Subject, position: Position, value: Fraction) -> str:
    """A number as the cell prints its own: its grouping, decimals, unit and mark of negative numbers."""
    text, old = text_at(one.document, position), one.cells[position].value
    match = NUMBER.search(text)
    number = _decimal(value)
    if match is None:
        return f"{number:,f}"
    printed = Decimal(match[0].replace(",", ""))
    worth = abs(old / printed) if old and printed else Decimal(1)
    digits = f"{abs(number) / worth:f}"
    if "." in digits:
        whole, _, rest = digits.partition(".")
        rest = rest.rstrip("0").ljust(_decimals(text), "0")
        digits = f"{whole}.{rest}" if rest else whole
    elif _decimals(text):
        digits += "." + "0" * _decimals(text)
    before, after = text[: match.start()], text[match.end() :]
    if (number < 0) != bool(old and old < 0):
        if number < 0:
            return f"{before}-{spelled(digits, match[0])}{after}"
        before, after = before.rstrip("-△▲−–( "), after.lstrip(")")
    return before + spelled(digits, match[0]) + after


def _decimals(text: str) -> int:
    match = NUMBER.search(text)
    return len(match[0].partition(".")[2]) if match else 0


def spelled(digits: str, like: str) -> str:
    """Digits with a decimal point, grouped where the number they replace is."""
    whole, point, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    grouped = "," in like or len(like.split(".")[0]) < MANY
    return (f"{int(whole):,}" if grouped else whole) + point + rest


def damaged(text: str, kind: str, beside: Sequence[str], draw: random.Random) -> str | None:
    """A cell's text with one error of a kind in its first number; None where the kind does not apply."""
    match = NUMBER.search(text)
    if match is None:
        return None
    number = match[0]
    bare = number.replace(",", "")
    whole, _, rest = bare.partition(".")
    before, after = text[: match.start()], text[match.end() :]
    places = [at for at, char in enumerate(number) if char.isdigit()]
    new: str | None = None
    if kind == "digit":
        at = draw.choice(places)
        choices = [digit for digit in "0123456789" if digit != number[at] and (digit != "0" or at != places[0])]
        new = number[:at] + draw.choice(choices) + number[at + 1 :]
    elif kind == "transposition":
        pairs = [(a, b) for a, b in pairwise(places) if number[a] != number[b]]
        pairs = [(a, b) for a, b in pairs if a != places[0] or number[b] != "0"]
        if pairs:
            a, b = draw.choice(pairs)
            new = number[:a] + number[b] + number[a + 1 : b] + number[a] + number[b + 1 :]
    elif kind == "dropped" and len(whole) > 1:
        at = draw.randrange(len(whole))
        shorter = whole[:at] + whole[at + 1 :]
        new = None if shorter[0] == "0" and len(shorter) > 1 else spelled(shorter + bare[len(whole) :], number)
    elif kind == "added":
        at = draw.randrange(len(whole) + 1)
        digit = draw.choice("123456789") if at == 0 else draw.choice("0123456789")
        new = spelled(whole[:at] + digit + bare[len(whole) - (len(whole) - at) :], number)
    elif kind == "point":
        new = spelled(whole + rest, number) if rest else f"{whole[:-1] or '0'}.{whole[-1]}"
    elif kind == "tenfold":
        new = spelled(whole + "0", number) if not rest else spelled(f"{whole}{rest[0]}.{rest[1:]}".rstrip("."), number)
    elif kind == "thousandfold" and not rest:
        new = spelled(whole + "000", number)
    elif kind == "unit" and len(whole) > MANY - 1 and not rest:
        new = spelled(whole[:-3] + ("" if whole.endswith("000") else "." + whole[-3:]), number)
    elif kind == "sign":
        return before.rstrip("-△▲ ") + number + after if before.rstrip()[-1:] in MINUS else f"{before}△{number}{after}"
    elif kind == "shifted" and beside:
        return draw.choice(beside)
    elif kind == "blank":
        return ""
    return None if new is None or new == number else before + new + after


def neighbours(one: Subject, position: Position) -> list[str]:
    """The numbers that stand one column or one row off."""
    table, row, column = position
    around = [(table, row, column + 1), (table, row, column - 1), (table, row + 1, column), (table, row - 1, column)]
    own = text_at(one.document, position).strip()
    return [text for at in around if at in one.bound and (text := text_at(one.document, at)).strip() != own]


def with_texts(document: Document, texts: Mapping[Position, str]) -> Document:
    """The document with other texts in some cells."""
    for (number, row, column), text in texts.items():
        at, grid = _grid(document, number)
        found = [c for c in grid.cells if (c.row, c.column) == (row - 1, column - 1)]
        cells = tuple(replace(c, text=text, value=None) if found and c is found[0] else c for c in grid.cells)
        document = replace(document, blocks=(*document.blocks[:at], replace(grid, cells=cells), *document.blocks[at + 1 :]))
    return document


def without_row(document: Document, table: int, row: int) -> Document:
    """The document without one row of a table."""
    at, grid = _grid(document, table)
    kept = (cell for cell in grid.cells if cell.row != row - 1)
    cells = tuple(replace(cell, row=cell.row - 1) if cell.row > row - 1 else cell for cell in kept)
    shorter = replace(grid, cells=cells, rows=grid.rows - 1)
    return replace(document, blocks=(*document.blocks[:at], shorter, *document.blocks[at + 1 :]))


def _grid(document: Document, number: int) -> tuple[int, Grid]:
    at = [index for index, block in enumerate(document.blocks) if isinstance(block, Grid)][number - 1]
    grid = document.blocks[at]
    assert isinstance(grid, Grid)
    return at, grid


def text_at(document: Document, position: Position) -> str:
    number, row, column = position
    grid = list(document.grids())[number - 1]
    return next((c.text for c in grid.cells if (c.row, c.column) == (row - 1, column - 1)), "")


GROUPS: dict[str, Callable[[Subject, str, random.Random], Planted | None]] = {
    "single": single,
    "carried": carried,
    "carried-above": carried_above,
    "two": two,
    "omitted": omitted,
    "twice": twice,
    "short": short,
    "stale": stale,
}
