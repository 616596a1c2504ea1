"""Keys of rows, and amounts summed per key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgetaudit.amounts import parse
from budgetaudit.model import Figure, Unit
from budgetaudit.rows.records import Record, Records
from budgetaudit.rulefiles.rule import Keys, squeeze
from budgetaudit.vocabulary import Vocabulary

BETWEEN = " · "  # between the parts of a key, for people
Key = tuple[str, ...]


def keyed(keys: Keys, names: Sequence[str]) -> Callable[[Sequence[str]], Key]:
    """What makes the key of a row from its cells: case folded, codes padded, as the rule says."""
    bare = {squeeze(name) for name in keys.trailing_zeros}

    def one(name: str, cell: str) -> str:
        text = squeeze(cell)
        text = text.casefold() if keys.case == "fold" else text
        if text.isdigit():
            text = text.rstrip("0") or "0" if squeeze(name) in bare else text.zfill(keys.pad)
        return text

    return lambda cells: tuple(one(name, cell) for name, cell in zip(names, cells, strict=True))


@dataclass(frozen=True)
class Reader:
    """Reads the amounts of one column: unit from its name, exact unless that is coarser than the currency's own."""

    words: Vocabulary
    unit: Unit | None = None

    @staticmethod
    def of(name: str, words: Vocabulary) -> Reader:
        """The reader for a column of this name."""
        return Reader(words, words.label(name).unit)

    def figure(self, records: Records, record: Record, column: int, label: str) -> Figure:
        """One cell as a figure; a blank has no value, words are malformed."""
        text = record.cells[column]
        place = records.place(record, column)
        amount = parse(text, self.words.units)
        if amount is None:
            return Figure(None, text, place, unit=self.unit, label=label, malformed=bool(text.strip()))
        unit = amount.unit or self.unit
        coarse = unit is not None and unit.family == "money" and unit.scale is not None and unit.scale > 1
        value = -amount.value if amount.bracketed else amount.value
        step = amount.step if coarse else Decimal(0)
        return Figure(value, text, place, step, unit, label, amount.dash, amount.malformed)


@dataclass
class Sum:
    """What the rows of one key come to in each column."""

    key: Key
    first: Record
    rows: int = 0
    totals: dict[str, Figure] = field(default_factory=dict)

    def add(self, name: str, figure: Figure) -> None:
        """Add one cell; a blank adds nothing, words spoil the sum."""
        held = self.totals.get(name)
        if held is None:
            self.totals[name] = figure
            return
        if held.malformed or figure.malformed:
            self.totals[name] = Figure(None, held.text, held.place, unit=held.unit, label=held.label, malformed=True)
        elif figure.value is not None:
            value = figure.value if held.value is None else held.value + figure.value
            step = max(held.step, figure.step) if held.value is None else held.step + figure.step
            self.totals[name] = Figure(value, f"{value:,f}", held.place, step, held.unit or figure.unit, held.label)


def sums(
    records: Records,
    rows: Iterator[Record],
    by: Sequence[int],
    columns: dict[str, int],
    key_of: Callable[[Sequence[str]], Key],
    words: Vocabulary,
) -> dict[Key, Sum]:
    """The sums of some columns per key, in the order of the keys' first rows."""
    readers = {name: Reader.of(records.columns[column], words) for name, column in columns.items()}
    found: dict[Key, Sum] = {}
    for record in rows:
        printed = [record.cells[column] for column in by]
        key = key_of(printed)
        held = found.get(key)
        if held is None:
            held = found[key] = Sum(key, record)
        held.rows += 1
        label = BETWEEN.join(filter(None, map(squeeze, printed)))
        for name, column in columns.items():
            held.add(name, readers[name].figure(records, record, column, label))
    return found
