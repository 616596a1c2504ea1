"""Which label columns name a row, what they call it, and how deep it stands: columns like stairs, codes within codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from budgetaudit.label_text import CODE, normal
from budgetaudit.periods import years_in
from budgetaudit.vocabulary import Label, Vocabulary

if TYPE_CHECKING:
    from budgetaudit.labels.layout import Layout


LONG_TEXT = 40  # letters of prose
MOSTLY = 0.9
_CODE = re.compile(r"[A-Z]{0,3}\d{1,12}(?:[.\-]\d{1,6})*\Z")


def coded(rows: Mapping[int, tuple[Label, ...]]) -> dict[int, tuple[Label, ...]]:
    """The labels of rows, a number in front of one no year where most of its column are other codes: 2010 among 1200 and 4105."""
    years: Counter[int] = Counter()
    codes: Counter[int] = Counter()
    for labels in rows.values():
        for at, label in enumerate(labels):
            if CODE.match(f"{label.text.strip()} "):
                (codes if label.year is None else years)[at] += 1
    wrong = {at for at in years if codes[at] > years[at]}
    return {
        r: tuple(
            replace(label, year=None, dimension="") if at in wrong and label.year else label for at, label in enumerate(labels)
        )
        for r, labels in rows.items()
    }


def depths(layout: Layout) -> dict[int, int]:
    """The depth of each row, from 0; empty if neither columns nor codes tell."""
    return stairs(layout) or _codes(layout)


def stairs(layout: Layout) -> dict[int, int]:
    """Rows that have one label each, in a column the further right the deeper they stand."""
    columns = [c for c in layout.label_columns if any(_printed(layout, row, c) for row in layout.body_rows)]
    if len(columns) < 2:
        return {}
    found: dict[int, int] = {}
    labelled = 0
    for row in layout.body_rows:
        own = [rank for rank, column in enumerate(columns) if _printed(layout, row, column)]
        labelled += bool(own)
        if len(own) == 1:
            found[row] = own[0]
    order = [found[row] for row in layout.body_rows if row in found]
    deeper = any(after > before for before, after in pairwise(order))
    return found if labelled > 2 and deeper and len(found) >= MOSTLY * labelled and min(order) == 0 else {}


def by_marks(found: Mapping[int, int], styles: Mapping[int, str]) -> dict[int, int]:
    """Depths with those that the marks of one column add, where all its rows bear one: `1)` over `(1)` over `가.`."""
    marked = {depth: list(dict.fromkeys(styles[row] for row in found if found[row] == depth)) for depth in set(found.values())}
    within = {row: (depth, marked[depth].index(styles[row]) if all(marked[depth]) else 0) for row, depth in found.items()}
    ranks = {place: rank for rank, place in enumerate(sorted(set(within.values())))}
    return {row: ranks[place] for row, place in within.items()}


def _printed(layout: Layout, row: int, column: int) -> bool:
    return (cell := layout.source.get((row, column))) is not None and bool(cell.text.strip())


def _codes(layout: Layout) -> dict[int, int]:
    """Rows whose codes begin with those of the rows they belong to: 02, 0201, 020101."""
    for column in layout.label_columns:
        codes = {row: cell.text.strip() for row in layout.body_rows if (cell := layout.source.get((row, column)))}
        codes = {row: code for row, code in codes.items() if _CODE.match(code)}
        if len(codes) > 2 and len(codes) >= MOSTLY * len(layout.body_rows) - 1 and len(set(codes.values())) == len(codes):
            found = _nested(codes) or _nested(_without_zeros(codes))
            if found:
                return found
    return {}


def _without_zeros(codes: dict[int, str]) -> dict[int, str]:
    """Codes of one length without the zeros that fill them up: 100, 110, 200; {} if they are no such codes."""
    if len({len(code) for code in codes.values()}) > 1 or not all(code.isdigit() for code in codes.values()):
        return {}
    bare = {row: code.rstrip("0") for row, code in codes.items()}
    return bare if len(set(bare.values())) == len(bare) and all(bare.values()) else {}


def _nested(codes: dict[int, str]) -> dict[int, int]:
    """Depths by code, if every row stands right below what its code begins with; those of one depth are of one length."""
    found: dict[int, int] = {}
    above: list[str] = []
    lengths: dict[int, set[int]] = {}
    for row in sorted(codes):
        code = codes[row]
        while above and not _begins(code, above[-1]):
            above.pop()
        found[row] = len(above)
        lengths.setdefault(len(above), set()).add(len(re.split(r"[.\-]", code)) if re.search(r"[.\-]", code) else len(code))
        above.append(code)
    uniform = all(len(each) == 1 for each in lengths.values())
    return found if len(lengths) > 1 and uniform else {}


def _begins(code: str, with_: str) -> bool:
    if not code.startswith(with_) or len(code) == len(with_):
        return False
    return code[len(with_)] in ".-" or not re.search(r"[.\-]", code)


def key_columns(layout: Layout, vocabulary: Vocabulary) -> tuple[int, ...]:
    """The label columns that name the row; remarks, periods and long prose only describe it."""
    if stairs(layout):
        return tuple(c for c in layout.label_columns if any(layout.texts.get((r, c), "").strip() for r in layout.body_rows))
    keys: list[int] = []
    for c in layout.label_columns:
        title = next((texts[c] for texts in reversed(layout.header) if texts.get(c)), "")
        values = [layout.texts.get((r, c), "").strip() for r in layout.body_rows]
        values = [value for value in values if value]
        if not values and not any((r, c) in layout.amounts for r in layout.body_rows):
            continue
        dated = sum(1 for value in values[:200] if len(years_in(value)) > 1)
        long = sum(1 for value in values[:200] if len(value) > LONG_TEXT)
        numbered = sum(any(character.isdigit() for character in value) for value in values[:200])
        identifies = vocabulary.label(title).identifier and 2 * numbered >= min(len(values), 200)  # a fund may have a name
        describes = normal(title) in vocabulary.lists["remarks"] or identifies
        if keys and (describes or dated * 2 > min(len(values), 200) or long * 2 > min(len(values), 200)):
            continue
        if not keys and identifies and len(layout.label_columns) > 1:
            continue
        keys.append(c)
    return tuple(keys) or layout.label_columns[:1]


def row_labels(layout: Layout, vocabulary: Vocabulary) -> dict[int, tuple[str, ...]]:
    """The labels of each row from outside in; a blank outer label is the one above it."""
    labels: dict[int, tuple[str, ...]] = {}
    above: list[str] = [""] * len(layout.key_columns)
    unnamed = [c for c in layout.label_columns if c not in layout.key_columns]
    for row in layout.body_rows:
        own = [_text(layout, row, c) for c in layout.key_columns]
        if own and not own[0]:  # the word for a total may stand in the column of numbers that name rows
            own[0] = next((text for c in unnamed if vocabulary.label(text := _text(layout, row, c)).total), "")
        total = next((i for i, text in enumerate(own) if vocabulary.label(text).total), len(own))
        rest = zip(layout.key_columns[total + 1 :], own[total + 1 :], strict=True)
        own[total + 1 :] = ["" if _count(layout, row, c) else text for c, text in rest]
        extra = layout.row_labels.get(row, ())
        if not layout.grid.spans:
            inner = any(own[1:]) or bool(extra)
            for i, text in enumerate(own):
                if text:
                    break
                if i < len(own) - 1 or extra:
                    own[i] = above[i] if inner or extra else ""
        labels[row] = (*own, *extra)
        if any(own):
            above = list(own)
    return labels


def _count(layout: Layout, row: int, column: int) -> bool:
    """True if a cell says how many things there are: 합계 | 20건."""
    amount = layout.amounts.get((row, column))
    return amount is not None and amount.unit is not None and amount.unit.family == "count"


def _text(layout: Layout, row: int, column: int) -> str:
    cell = layout.source.get((row, column))
    if cell is None and layout.grid.spans:
        cell = layout.cells.get((row, column))
    return cell.text.strip() if cell is not None else ""
