"""Budget tables as a user keeps them: one model of what is printed, written as CSV, text, Markdown, HTML or XLSX."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

Spot = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A printed table. `spans`: cell → (rows, columns) it covers; `stored`: the number behind a printed one."""

    rows: int
    columns: int
    cells: Mapping[Spot, str]
    spans: Mapping[Spot, Spot] = field(default_factory=dict)
    stored: Mapping[Spot, Decimal] = field(default_factory=dict)
    caption: str = ""
    unit_line: str = ""
    repeat_spans: bool = False  # without spans: a label is printed again, instead of left blank, where its span was

    def lines(self) -> Iterator[list[str]]:
        """The rows as a copy without spans shows them."""
        shown = dict(self.cells)
        if self.repeat_spans:
            for (row, column), (height, width) in self.spans.items():
                shown |= {(row + r, column + c): self.cells[row, column] for r in range(height) for c in range(width)}
        for row in range(self.rows):
            yield [shown.get((row, column), "") for column in range(self.columns)]

    def printing(self, spot: Spot, text: str) -> Sheet:
        """The same sheet with another text in one cell."""
        stored = {key: value for key, value in self.stored.items() if key != spot}
        return replace(self, cells={**self.cells, spot: text}, stored=stored)


def to_csv(sheets: Sequence[Sheet]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for sheet in sheets:
        writer.writerows([text] for text in (sheet.caption, sheet.unit_line) if text)
        writer.writerows(sheet.lines())
        writer.writerow([])
    return out.getvalue()


def to_text(sheets: Sequence[Sheet]) -> str:
    return _paragraphs(sheets, lambda sheet: "\n".join("\t".join(row) for row in sheet.lines()))


def to_markdown(sheets: Sequence[Sheet]) -> str:
    def table(sheet: Sheet) -> str:
        rows = [f"| {' | '.join(map(_indented, row))} |" for row in sheet.lines()]
        return "\n".join([rows[0], "|" + " --- |" * sheet.columns, *rows[1:]])

    return _paragraphs(sheets, table)


def _indented(text: str) -> str:
    """A text whose leading blanks count: Markdown and HTML drop plain ones."""
    return "&nbsp;" * (len(text) - len(text.lstrip())) + text.lstrip()


def to_html(sheets: Sequence[Sheet]) -> str:
    parts = []
    for sheet in sheets:
        parts += [f"<p>{html.escape(text)}</p>" for text in (sheet.caption, sheet.unit_line) if text]
        covered = _covered(sheet)
        parts.append("<table>")
        for row in range(sheet.rows):
            cells = []
            for column in range(sheet.columns):
                if (row, column) not in covered:
                    height, width = sheet.spans.get((row, column), (1, 1))
                    text = _indented(html.escape(sheet.cells.get((row, column), "")))
                    cells.append(f'<td rowspan="{height}" colspan="{width}">{text}</td>')
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</table>")
    return "\n".join(parts)


def _paragraphs(sheets: Sequence[Sheet], table: Callable[[Sheet], str]) -> str:
    return "\n\n".join(part for sheet in sheets for part in (sheet.caption, sheet.unit_line, table(sheet)) if part) + "\n"


def _covered(sheet: Sheet) -> set[Spot]:
    return {
        (row + r, column + c)
        for (row, column), (height, width) in sheet.spans.items()
        for r in range(height)
        for c in range(width)
        if r or c
    }


def write_xlsx(sheets: Sequence[Sheet], path: Path) -> None:
    """One worksheet per table, numbers as numbers with the format that prints them."""
    from openpyxl import Workbook

    book = Workbook()
    for number, sheet in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        page.title = f"표{number + 1}"
        top = 0
        for text in (sheet.caption, sheet.unit_line):
            if text:
                top += 1
                page.cell(top, 1, text)
        for (row, column), text in sheet.cells.items():
            if text:
                cell = page.cell(top + row + 1, column + 1, text)
                value = sheet.stored.get((row, column))
                if value is not None:
                    cell.value = int(value) if value == value.to_integral_value() else float(value)
                    cell.number_format = _format(text, value)
        for (row, column), (height, width) in sheet.spans.items():
            page.merge_cells(
                start_row=top + row + 1, start_column=column + 1, end_row=top + row + height, end_column=column + width
            )
    book.save(path)


def _format(text: str, value: Decimal) -> str:
    """The number format that prints a stored number as its text: sections for positive, negative and zero."""
    decimals = len(text.partition(".")[2].rstrip("%)"))
    plain = ("#,##0" if "," in text or abs(value) < 1000 else "0") + ("." + "0" * decimals if decimals else "")
    zero = plain if text[-1].isdigit() else f'"{text}"'
    return f'{plain};"{text[0]}"{plain};{zero}'


FORMATS = {"csv": to_csv, "txt": to_text, "md": to_markdown, "html": to_html}


def write(sheets: Sequence[Sheet], folder: Path, suffix: str) -> Path:
    """The tables as one file of a format."""
    path = folder / f"budget.{suffix}"
    if suffix == "xlsx":
        write_xlsx(sheets, path)
    else:
        path.write_text(FORMATS[suffix](sheets), encoding="utf-8")
    return path
