"""The geometry of a printed grid: header rows, label columns, number columns, rows shifted by a lost span.

Works on positions and on whether a cell is a number or words; what the words mean is labelling's work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from budgetaudit.amounts import Amount, is_year, parse
from budgetaudit.label_text import squeeze
from budgetaudit.labels.realign import join_staggered, unshift_rows
from budgetaudit.labels.row_labels import key_columns, row_labels
from budgetaudit.model import Cell, Grid, Message
from budgetaudit.vocabulary import Vocabulary

BEFORE_BRACKETS = re.compile(r"([△▲-]?\d[\d,.]{0,20})\s?\([△▲-]?\d[\d,.]{0,20}\s?%?\)\Z")
LINE_NUMBER = re.compile(r"[(\[]?\s?\d{1,2}\s?[)\]]?\s?(?:=[^a-z]{1,60})?\Z", re.IGNORECASE)
NUMBER_LIST = re.compile(r"\d{1,2}(?:,\s?\d{1,2}){2,}")
SHORT_LIST = re.compile(r"\d{1,2}(?:,\s?\d{1,2})?")


@dataclass
class Layout:
    """Where things stand in a grid. Positions are (row, column) after shifted rows were put right."""

    grid: Grid
    cells: dict[tuple[int, int], Cell]
    amounts: dict[tuple[int, int], Amount] = field(default_factory=dict)
    source: dict[tuple[int, int], Cell] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    header: list[dict[int, str]] = field(default_factory=list)
    body_rows: list[int] = field(default_factory=list)
    number_columns: list[int] = field(default_factory=list)
    label_columns: tuple[int, ...] = ()
    key_columns: tuple[int, ...] = ()
    row_labels: dict[int, tuple[str, ...]] = field(default_factory=dict)
    first_row: int = 0
    header_rows: int = 0
    doubts: list[Message] = field(default_factory=list)

    def indent(self, row: int) -> int:
        """The indentation of a row's label, in characters or in the workbook's own levels."""
        for column in self.label_columns:
            cell = self.source.get((row, column))
            if cell is not None and cell.text.strip():
                return cell.indent or (len(cell.text) - len(cell.text.lstrip()))
        return 0


def lay_out(grid: Grid, vocabulary: Vocabulary, *, points: bool = False) -> Layout:
    """Find the parts of a grid; `points` says that its document groups thousands by points."""
    layout = Layout(grid, _owners(grid))
    for cell in grid.cells:
        position = (cell.row, cell.column)
        layout.source[position] = cell
        amount = parse(cell.text, vocabulary.units, points=points)
        if amount is None or (amount.unit is not None and amount.unit.family == "other"):
            layout.texts[position] = cell.text
        else:
            layout.amounts[position] = amount
    _before_brackets(layout, vocabulary)
    _lists(layout)
    layout.first_row = _titles(layout, vocabulary)
    header_end = _header_end(layout)
    layout.header_rows = header_end
    layout.body_rows = _body(layout, header_end)
    _columns(layout, header_end, vocabulary)
    join_staggered(layout, vocabulary)
    if not grid.spans:
        unshift_rows(layout, vocabulary)
    layout.header = _header_texts(layout, header_end)
    layout.key_columns = key_columns(layout, vocabulary)
    layout.row_labels = row_labels(layout, vocabulary)
    return layout


def _before_brackets(layout: Layout, vocabulary: Vocabulary) -> None:
    """In a column of `2,584(120)` the number before the brackets is the amount; in them stands a part of it, or its rate."""
    found: dict[int, dict[int, Amount]] = {}
    for (row, column), text in layout.texts.items():
        if match := BEFORE_BRACKETS.match(text.strip()):
            amount = parse(match[1], vocabulary.units)
            if amount is not None:
                found.setdefault(column, {})[row] = amount
    for column, amounts in found.items():
        first = min(amounts)
        words = sum(1 for (row, c), text in layout.texts.items() if c == column and row > first and text.strip())
        if len(amounts) > 1 and words == len(amounts) - 1:
            for row, amount in amounts.items():
                layout.amounts[(row, column)] = amount
                del layout.texts[(row, column)]


def _lists(layout: Layout) -> None:
    """In a column with a list of rising numbers, 1,2,14, its other numbers are lists too, of one or two."""
    listed = {c for (_, c), text in layout.texts.items() if NUMBER_LIST.fullmatch(text.strip()) and _rising(text)}
    for (row, column), amount in list(layout.amounts.items()):
        text = layout.source[(row, column)].text.strip()
        if column in listed and not amount.dash and SHORT_LIST.fullmatch(text):
            layout.texts[(row, column)] = layout.source[(row, column)].text
            del layout.amounts[(row, column)]


def _rising(text: str) -> bool:
    """True if the numbers of a list rise, as references do; 1,23,4 is an amount with its commas in the wrong places."""
    numbers = [int(number) for number in text.split(",")]
    return all(one < other for one, other in pairwise(numbers))


def _owners(grid: Grid) -> dict[tuple[int, int], Cell]:
    """Every position that a spanning cell covers, with the cell."""
    owners: dict[tuple[int, int], Cell] = {}
    for cell in grid.cells:
        if cell.row_span == cell.column_span == 1:
            owners.setdefault((cell.row, cell.column), cell)
            continue
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                owners.setdefault((row, column), cell)
    return owners


def _titles(layout: Layout, vocabulary: Vocabulary) -> int:
    """Leading rows with a single text, beside a unit or not, are titles or unit lines; the index of the first other row."""
    by_row: dict[int, list[Cell]] = {}
    for cell in layout.grid.cells:
        if cell.text.strip():
            by_row.setdefault(cell.row, []).append(cell)
        if cell.row > 12:
            break
    row = 0
    while row < layout.grid.rows - 1 and row <= 12:
        cells = by_row.get(row, [])
        single = len(cells) == 1 and (row, cells[0].column) in layout.texts
        alone = single and cells[0].column_span in (1, layout.grid.columns)
        if cells and not (alone or _title_and_unit(layout, cells, by_row.get(row + 1, []), vocabulary)):
            break
        if cells and len(by_row.get(row + 1, [])) <= 1 and row + 2 >= layout.grid.rows:
            break
        if cells and cells[0].row_span > 1:
            break
        layout.titles.extend(line.strip() for cell in cells for line in cell.text.split("\n") if line.strip())
        row += 1
    return row


def _title_and_unit(layout: Layout, cells: list[Cell], below: list[Cell], vocabulary: Vocabulary) -> bool:
    """A title with the unit beside it, over a row of headings: 재무상태표 | (단위: 백만원)."""
    if len(cells) != 2 or len(below) < 2 or any((cell.row, cell.column) not in layout.texts for cell in (*cells, *below)):
        return False
    inner = squeeze(cells[1].text).strip("()（）[]<>〈〉【】※*")
    return any(inner.startswith(word) and inner[len(word) :][:1] in (":", "：") for word in vocabulary.lists["unit_words"])


def _header_end(layout: Layout) -> int:
    """The first row that carries figures: the rows before it are headers, but for group headings right above it."""
    numbers: dict[int, list[Amount]] = {}
    for (row, _), amount in layout.amounts.items():
        numbers.setdefault(row, []).append(amount)
    end = layout.first_row
    for row in range(layout.first_row, layout.grid.rows):
        amounts = numbers.get(row, [])
        if amounts and not all(is_year(amount) for amount in amounts) and not _numbering(layout, row, amounts):
            end = row
            break
        if amounts and row > layout.first_row and _year_key(layout, row):
            end = row
            break
    else:
        return layout.grid.rows
    while end - 1 > layout.first_row:
        filled = [c for c in range(layout.grid.columns) if (cell := layout.cells.get((end - 1, c))) and cell.text.strip()]
        own = [c for c in filled if layout.cells[(end - 1, c)].row == end - 1]
        if (len(own) == 1 and own[0] == 0 and len(filled) == 1 and layout.cells[(end - 1, 0)].column_span == 1) or (
            len({id(layout.cells[(end - 1, c)]) for c in filled}) == 1 and filled[0] == 0 and own
        ):
            end -= 1
        else:
            break
    return end


def _year_key(layout: Layout, row: int) -> bool:
    """A row that only has a year in front and words or nothing behind it belongs to the body."""
    columns = [c for (r, c) in layout.amounts if r == row]
    return columns == [0] and layout.grid.columns > 1


def _numbering(layout: Layout, row: int, amounts: list[Amount]) -> bool:
    """A row (1) (2) (3) … that numbers the columns, and has no label of its own unless it is in brackets."""
    named = (row, 0) in layout.source and layout.texts.get((row, 0), "").strip()
    texts = {c: cell.text for c in range(layout.grid.columns) if (cell := layout.source.get((row, c))) and cell.text.strip()}
    if len(texts) > len(amounts) and all(LINE_NUMBER.match(text.strip()) for text in texts.values()):
        numbers = [int(text.partition("=")[0].strip(" ()[]")) for _, text in sorted(texts.items())]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)
    return (
        len(amounts) >= 3
        and not (named and not all(amount.bracketed for amount in amounts))
        and [amount.value for amount in amounts] == list(range(1, len(amounts) + 1))
        and not any(a.places for a in amounts)
    )


def _body(layout: Layout, start: int) -> list[int]:
    """The rows below the header, without repetitions of the header itself."""
    headers = []
    for row in range(layout.first_row, start):
        texts = {
            c: squeeze(cell.text)
            for c in range(layout.grid.columns)
            if (cell := layout.source.get((row, c))) and cell.text.strip()
        }
        if len(texts) > 1:
            headers.append(texts)
    by_row: dict[int, dict[int, str]] = {}
    if headers:
        for (row, column), cell in layout.source.items():
            if row >= start and cell.text.strip():
                by_row.setdefault(row, {})[column] = squeeze(cell.text)
    repeated = {row for row, texts in by_row.items() if texts in headers}
    for position in [p for p in layout.amounts if p[0] in repeated]:
        layout.texts[position] = layout.source[position].text
        del layout.amounts[position]
    return [row for row in range(start, layout.grid.rows) if row not in repeated]


def _columns(layout: Layout, start: int, vocabulary: Vocabulary) -> None:
    """Tell number columns from label columns and from columns of words."""
    numbers: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    words: Counter[int] = Counter()
    years: Counter[int] = Counter()
    zeros: Counter[int] = Counter()
    body = set(layout.body_rows)
    for (row, column), amount in layout.amounts.items():
        if row not in body:
            continue
        (dashes if amount.dash else numbers)[column] += 1
        years[column] += is_year(amount)
        text = layout.source[(row, column)].text.strip()
        zeros[column] += len(text) > 1 and text[0] == "0" and text.isdigit()
    for (row, column), text in layout.texts.items():
        if row in body and text.strip():
            words[column] += 1
    numeric = [c for c in range(layout.grid.columns) if numbers[c] and numbers[c] + dashes[c] >= words[c]]
    keys: list[int] = []
    grouped = any(amount.grouped and row in body for (row, _), amount in layout.amounts.items())
    for c in numeric:
        heading = [layout.cells[r, c].text for r in range(start - 1, layout.first_row - 1, -1) if (r, c) in layout.cells]
        title = next((text for text in heading if text.strip()), "")
        label = vocabulary.label(title)
        leading = all(k in keys or k not in numeric for k in range(c))
        # `Number` behind names says how many
        named = label.measure == "count" and any(words[k] > numbers[k] for k in range(c))
        counts = named and not _counted_up(layout, body, c)
        identifier = (
            (label.identifier and not counts)
            or zeros[c] * 2 > numbers[c]
            or (leading and _names(layout, body, c, grouped, len(numeric) - 1))
            or (leading and _before_names(layout, body, c, numeric, vocabulary))
        )
        unnamed = leading and not title.strip() and _bare_years(layout, body, c)
        if (
            identifier
            or unnamed
            or (years[c] == numbers[c] and not dashes[c] and any(_heads_years(text, vocabulary) for text in heading))
            or (leading and years[c] == numbers[c] and not dashes[c] and c + 1 < layout.grid.columns and len(numeric) > 1)
        ):
            keys.append(c)
    numeric = [c for c in numeric if c not in keys]
    first = numeric[0] if numeric else layout.grid.columns
    # columns of dashes alone right before the numbers are amounts of nothing: no label is a dash in every row
    while first > 1 and not numbers[first - 1] and not words[first - 1] and dashes[first - 1] > 1:
        first -= 1
        numeric.append(first)
    numeric += [
        c
        for c in range(first + 1, layout.grid.columns)
        if c not in numeric and dashes[c] and not numbers[c] and dashes[c] >= words[c] and c not in keys
    ]
    layout.number_columns = sorted(numeric)
    printed = {c for _, c in layout.cells}
    layout.label_columns = tuple(c for c in range(first) if c not in numeric and c in printed)


def _before_names(layout: Layout, body: set[int], column: int, numeric: Sequence[int], vocabulary: Vocabulary) -> bool:
    """True if the numbers of a column end where a column of names behind it says total, before amounts: they are codes."""
    behind = {c for c in range(column + 1, numeric[-1]) if c not in numeric}
    for row in range(layout.first_row, min(body, default=0)):
        left, right = (
            {cell.text.strip() for c in columns if (cell := layout.cells.get((row, c))) is not None} - {""}
            for columns in (range(column), behind)
        )
        if left & right:
            return False  # two halves of a list
    totals = {
        row
        for (row, c), text in layout.texts.items()
        if c in behind and row in body and text.strip() and vocabulary.label(text).total == "total"
    }
    before = [layout.source[row, c] for row in totals for c in range(column + 1) if (row, c) in layout.source]
    return bool(totals) and not any(cell.text.strip() for cell in before)


def _counted_up(layout: Layout, body: set[int], column: int) -> bool:
    """True if most numbers of a column are one more than the number above: they number the rows."""
    values = [amount.value for (row, c), amount in sorted(layout.amounts.items()) if c == column and row in body]
    steps = [after - before for before, after in pairwise(values)]
    return len(steps) > 1 and steps.count(Decimal(1)) * 2 > len(steps)


def _heads_years(title: str, vocabulary: Vocabulary) -> bool:
    """True if a heading says that years follow, and no more: Year, 회계연도, 준공연도, Año."""
    key, periods = squeeze(title), vocabulary.periods
    named = key in map(squeeze, periods.get("year_prefixes", ()))
    return named or any(len(suffix) > 1 and key.endswith(suffix) for suffix in periods.get("year_suffixes", ()))


def _bare_years(layout: Layout, body: set[int], column: int) -> bool:
    """True if a column without a heading holds years one after the other, however they are printed: 2,022, 2,023."""
    found = [amount for (row, c), amount in sorted(layout.amounts.items()) if c == column and row in body]
    if len(found) < 2 or any(amount.places or amount.signed or amount.dash or amount.unit for amount in found):
        return False
    values = [amount.value for amount in found]
    return all(1900 <= value <= 2100 for value in values) and {abs(b - a) for a, b in pairwise(values)} == {1}


def _names(layout: Layout, body: set[int], column: int, grouped: bool, others: int) -> bool:
    """True if the numbers of a leading column name rows: 1, 2, 3 …; 20대, 30대; thousands without the commas of others."""
    own = [(row, amount) for (row, c), amount in layout.amounts.items() if c == column and row in body]
    if len(own) < 3 or not others or any(a.grouped or a.places or a.signed or a.dash or a.malformed for _, a in own):
        return False
    values = [amount.value for _, amount in sorted(own, key=lambda item: item[0])]
    if all(a.unit is not None and a.unit.family == "count" for _, a in own):
        return column == 0 and values == sorted(set(values))
    if any(amount.unit for _, amount in own):
        return False
    return values == list(range(1, len(own) + 1)) or (
        grouped and min(values) >= 1000 and not all(is_year(amount) for _, amount in own)
    )


def _header_texts(layout: Layout, end: int) -> list[dict[int, str]]:
    """The header rows as column → text, with spans given or inferred."""
    rows = range(layout.first_row, end)
    if layout.grid.spans:
        return [{c: cell.text.strip() for c in range(layout.grid.columns) if (cell := layout.cells.get((r, c)))} for r in rows]
    printed = [
        {c: cell.text.strip() for c in range(layout.grid.columns) if (cell := layout.source.get((r, c))) and cell.text.strip()}
        for r in rows
    ]
    aligned = [_align(layout, printed, index) for index in range(len(printed))]
    filled = []
    for index, texts in enumerate(aligned):
        lower = set().union(*(below.keys() for below in aligned[index + 1 :])) if index + 1 < len(aligned) else set()
        row: dict[int, str] = {}
        current, current_start = "", -1
        for c in range(layout.grid.columns):
            if texts.get(c):
                current, current_start = texts[c], c
                row[c] = current
            elif c in lower and current and current_start in lower:
                row[c] = current
            else:
                current = "" if c not in lower else current
        filled.append(row)
    return filled


def _align(layout: Layout, printed: list[dict[int, str]], index: int) -> dict[int, str]:
    """A lower header row moved under its columns, if a lost span shifted it."""
    texts = printed[index]
    if index == 0 or not texts:
        return texts
    numeric = set(layout.number_columns)

    def score(shift: int) -> int:
        columns = [c + shift for c in texts]
        if min(columns) < 0:
            return -1000
        return sum(1 if c in numeric else -1 for c in columns)

    best = max((0, -1, 1, -2, 2, -3), key=lambda shift: (score(shift), -abs(shift)))
    return {c + best: text for c, text in texts.items()}
