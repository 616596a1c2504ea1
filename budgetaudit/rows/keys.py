"""Keys of rows, and amounts summed per key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgetaudit.amounts import parse
from budgetaudit.label_text import single_spaced
from budgetaudit.model import Figure, Unit
from budgetaudit.relations.confront import tidy
from budgetaudit.rows.records import Record, Records
from budgetaudit.rulefiles.rule import Keys
from budgetaudit.vocabulary import Vocabulary

BETWEEN = " · "  # between the parts of a key, for people
Key = tuple[str, ...]


def key_part(keys: Keys, name: str, cell: str) -> str:
    """One cell as part of a key: case folded, codes padded, as the rule says."""
    text = single_spaced(cell)
    text = text.casefold() if keys.case == "fold" else text
    if text.isdigit():
        text = text.rstrip("0") or "0" if single_spaced(name) in map(single_spaced, keys.trailing_zeros) else text.zfill(keys.pad)
    return text


def keyed(keys: Keys, names: Sequence[str]) -> Callable[[Sequence[str]], Key]:
    """What makes the key of a row from its cells."""
    return lambda cells: tuple(key_part(keys, name, cell) for name, cell in zip(names, cells, strict=True))


@dataclass(frozen=True)
class Reader:
    """Reads the amounts of one column: unit from its name, exact unless that is coarser than the currency's own.

    `step`: to what the rates of a column of rates were rounded.
    """

    words: Vocabulary
    unit: Unit | None = None
    step: Decimal = Decimal(0)

    @staticmethod
    def of(records: Records, column: int, words: Vocabulary, *, rate: bool = False) -> Reader:
        """The reader for a column of some records."""
        step = Decimal(1).scaleb(-records.decimals(column)) if rate else Decimal(0)
        return Reader(words, words.label(records.columns[column]).unit, step)

    def coarse(self, unit: Unit | None) -> bool:
        """True if amounts in a unit are taken for rounded ones."""
        return unit is not None and unit.family == "money" and unit.scale is not None and unit.scale > 1

    def figure(self, records: Records, record: Record, column: int, label: str) -> Figure:
        """One cell as a figure; a blank has no value, words are malformed."""
        text = record.cells[column]
        place = records.place(record, column)
        amount = parse(text, self.words.units)
        if amount is None:
            return Figure(None, text, place, unit=self.unit, label=label, malformed=bool(text.strip()))
        unit = amount.unit or self.unit
        value = -amount.value if amount.bracketed else amount.value
        step = amount.step if self.coarse(unit) else self.step
        return Figure(value, text, place, step, unit, label, amount.dash, amount.malformed)


@dataclass
class Sum:
    """What the rows of one key come to in each column; `rates` are not added: a group has one or cannot be judged."""

    key: Key
    first: Record
    rows: int = 0
    totals: dict[str, Figure] = field(default_factory=dict)
    rates: frozenset[str] = frozenset()

    def add(self, name: str, figure: Figure) -> None:
        """Add one cell; a blank adds nothing, words that cannot be read spoil the sum."""
        held = self.totals.get(name)
        if held is None or (name in self.rates and _blank(held)):
            self.totals[name] = figure
        elif _unread(held) or _unread(figure) or (name in self.rates and figure.value not in (None, held.value)):
            self.totals[name] = Figure(None, held.text, held.place, unit=held.unit, label=held.label, malformed=True)
        elif figure.value is not None and name not in self.rates:
            value = figure.value if held.value is None else held.value + figure.value
            step = max(held.step, figure.step) if held.value is None else held.step + figure.step
            self.totals[name] = Figure(value, f"{tidy(value):,f}", held.place, step, held.unit or figure.unit, held.label)


def _unread(figure: Figure) -> bool:
    return figure.value is None and figure.malformed


def _blank(figure: Figure) -> bool:
    return figure.value is None and not figure.malformed


def sums(
    records: Records,
    rows: Iterator[Record],
    by: Sequence[int],
    columns: Mapping[str, int],
    key_of: Callable[[Sequence[str]], Key],
    words: Vocabulary,
    rate: str = "",
) -> dict[Key, Sum]:
    """The sums of some columns per key, in the order of the keys' first rows."""
    readers = {name: Reader.of(records, column, words, rate=name == rate) for name, column in columns.items()}
    found: dict[Key, Sum] = {}
    for record in rows:
        printed = [record.cells[column] for column in by]
        key = key_of(printed)
        held = found.get(key)
        if held is None:
            held = found[key] = Sum(key, record, rates=frozenset([rate]))
        held.rows += 1
        label = BETWEEN.join(filter(None, map(single_spaced, printed)))
        for name, column in columns.items():
            held.add(name, readers[name].figure(records, record, column, label))
    return found
