"""What adds up in a table: the sums that figures prove, and the readings of totals that labels alone give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from budgetaudit.tables.grain import grain
from budgetaudit.tables.label_readings import label_readings
from budgetaudit.tables.labelling import Table
from budgetaudit.tables.numbers import Axis, View, views
from budgetaudit.tables.search import LineSum, Search


@dataclass(frozen=True)
class Structure:
    """What adds up in a table, along both axes, and the labelled totals that no reading explains."""

    table: Table
    views: dict[Axis, View]
    sums: tuple[LineSum, ...]
    unexplained: tuple[tuple[Axis, int], ...]

    @cached_property
    def grain(self) -> int:
        """The unit to which numbers were rounded that are printed finer, as an integer of the views; 0 if there is none."""
        return grain(self.views, self.sums) if any(item.fails for item in self.sums) else 0


def _sums(seen: View) -> list[LineSum]:
    """What figures prove, then what labels give and figures bear out, which may leave just the parts of a further total."""
    search = Search(seen)
    found = search.run()
    while sound := [item for item in label_readings(seen, found) if not item.fails]:
        found += sound
        found += search.run(found)
    return [*found, *label_readings(seen, found)]


def analyse(table: Table) -> Structure:
    """The sums of a table along its rows and its columns."""
    both = views(table)
    sums: list[LineSum] = []
    unexplained: list[tuple[Axis, int]] = []
    for axis, seen in both.items():
        found = _sums(seen)
        found.sort(key=lambda item: (item.target, item.parts))
        if table.form:
            found = [item for item in found if not item.fails and not item.lone]
        sums.extend(found)
        explained = {item.target for item in found}
        unexplained.extend((axis, i) for i, line in enumerate(seen.lines) if line.total and line.additive and i not in explained)
    return Structure(table, both, tuple(sums), tuple(unexplained))
