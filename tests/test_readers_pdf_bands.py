"""PDF: rules that enclose only the headings of columns, with rows of amounts below them, over pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.model import Document
from budgetaudit.readers import from_pdf
from tests.office_files import grids, pdf, rows, ruled, say, say_right, texts

pytest.importorskip("pypdfium2")
EDGES = [60, 260, 340, 420]
Row = tuple[str, str, str]


@pytest.fixture(autouse=True)
def layout_alone(no_child: None) -> None:
    """Pages are laid out in this process."""


def read_pdf(*pages: str) -> Document:
    return from_pdf.read(Path("book.pdf"), pdf(*pages))


def band(*lines: Row, page: int = 1, step: float = 14) -> str:
    """A page with its running head, a ruled band of headings, and rows that no rule parts."""
    found = ruled([50, 300, 430], [770, 740]) + say(60, 750, "City of Areco") + say(330, 750, f"Page {page}")
    found += ruled(EDGES, [720, 700]) + say(70, 706, "Item") + say(270, 706, "Budget") + say(350, 706, "Actual")
    for n, (label, first, second) in enumerate(lines):
        found += say(64, 680 - step * n, label) if label else ""
        found += say_right(338, 680 - step * n, first) if first else ""
        found += say_right(418, 680 - step * n, second) if second else ""
    return found


def test_a_band_of_headings_heads_the_amounts_below_it_with_titles_between() -> None:
    document = read_pdf(band(("REVENUE", "", ""), ("Taxes", "", ""), ("Land", "1,200", "1,100"), ("TOTAL", "1,200", "1,100")))
    table = grids(document)[1]
    assert rows(table) == [
        ["Item", "Budget", "Actual"],
        ["REVENUE"],
        ["Taxes"],
        ["Land", "1,200", "1,100"],
        ["TOTAL", "1,200", "1,100"],
    ]
    assert not texts(document)


def test_a_table_under_a_band_goes_on_under_the_next_one_with_the_titles_at_the_foot() -> None:
    first = band(("Land", "1,200", "1,100"), ("Fees", "", "")) + say(60, 30, "Filter: all")
    second = band(("Permits", "300", "200"), ("TOTAL", "1,500", "1,300"), page=2) + say(60, 30, "Filter: all")
    document = read_pdf(first, second)
    assert rows(grids(document)[-1])[1:] == [
        ["Land", "1,200", "1,100"],
        ["Fees"],
        ["Permits", "300", "200"],
        ["TOTAL", "1,500", "1,300"],
    ]
    assert [len(rows(grid)) for grid in grids(document)] == [1, 5]  # the running head of the second page is none of its own
    assert "Fees" not in texts(document)


def test_titles_that_follow_closely_down_into_the_foot_go_on_too() -> None:
    rest = (
        say(64, 108, "Land")
        + say_right(338, 108, "1,200")
        + say_right(418, 108, "1,100")
        + say(64, 96, "Fees")
        + say(64, 84, "Local")
    )
    first = band(*[("Item", "1", "1")] * 40, step=14) + rest + say(60, 30, "Filter: all")
    second = band(("Permits", "300", "200"), page=2) + say(60, 30, "Filter: all")
    assert rows(grids(read_pdf(first, second))[-1])[-3:] == [["Fees"], ["Local"], ["Permits", "300", "200"]]


def test_a_clipped_label_over_which_an_amount_is_printed_keeps_its_words() -> None:
    page = ruled([60, 160, 300], [720, 700, 640]) + say(64, 706, "Item") + say(170, 706, "Budget")
    lines = [
        ("Works", 250, "1,200.00"),
        ("Department of public services and", 166, "1,234,567,890.12"),
        ("Total", 250, "1,234,569,090.12"),
    ]
    for n, (label, at, amount) in enumerate(lines):
        page += say(64, 686 - 14 * n, label) + say(at, 686 - 14 * n, amount)
    (grid,) = grids(read_pdf(page))
    assert rows(grid)[1:] == [[label, amount] for label, _, amount in lines]


def test_labels_between_rules_tell_how_far_they_are_set_in_unless_they_are_centred() -> None:
    def indents(*lefts: float) -> list[int]:
        ys = [720 - 20 * n for n in range(len(lefts) + 1)]
        page = ruled([60, 260, 340], ys)
        for y, left in zip(ys, lefts, strict=False):
            page += say(left, y - 14, "Land") + say_right(338, y - 14, "1,200")
        return [cell.indent for cell in grids(read_pdf(page))[0].cells if cell.column == 0]

    assert indents(64, 74, 84, 84, 74, 84) == [0, 2, 4, 4, 2, 4]
    assert indents(64, 74, 84, 94) == [0, 0, 0, 0]


def test_titles_may_reach_over_columns_and_keep_their_own() -> None:
    def page(*lines: tuple[str, str, str, str]) -> str:
        edges = [60, 100, 240, 340, 420]
        found = ruled(edges, [720, 700]) + "".join(say(x, 706, text) for x, text in zip((62, 110, 250, 350), "ABCD", strict=True))
        for n, (fund, label, first, second) in enumerate(lines):
            y = 680 - 14 * n
            found += (say(62, y, fund) if fund else "") + say(104, y, label)
            found += say_right(338, y, first) + say_right(418, y, second) if first else ""
        return found + say(60, 30, "Filter: all")

    land, fees = ("", "Land", "1,200", "1,100"), ("", "Fees", "300", "200")
    title = ("", "Programme of roads and bridges in town", "", "")
    (grid,) = grids(read_pdf(page(("1", "Fund", "", ""), title, land, title), page(fees)))
    printed = [(cell.row, cell.column, cell.text) for cell in grid.cells if cell.text and cell.row]
    assert printed[:3] == [(1, 0, "1"), (1, 1, "Fund"), (2, 1, title[1])]
    assert (4, 1, title[1]) in printed
    assert (5, 1, "Fees") in printed


def test_two_tables_beside_each_other_whose_rows_do_not_agree_are_two() -> None:
    page = ruled([60, 160, 240], [720, 700, 640, 620]) + ruled([260, 360, 440], [720, 700, 620])
    page += "60 720 m 440 720 l S\n60 700 m 440 700 l S\n60 620 m 440 620 l S\n"
    left = [("Item", "Budget"), ("Land", "1,200"), ("Fees", "300"), ("Parks", "100"), ("Total", "1,600")]
    right = [("Account", "Amount"), ("Receipts", "1,600"), ("Payments", "1,500"), ("Capital", "60"), ("Result", "40")]
    for x, lines, tops in ((64, left, (706, 686, 670, 654, 626)), (264, right, (706, 688, 668, 648, 628))):
        for top, (label, amount) in zip(tops, lines, strict=True):
            page += say(x, top, label) + say_right(x + 174, top, amount)
    assert [rows(grid) for grid in grids(read_pdf(page))] == [[list(row) for row in left], [list(row) for row in right]]


def test_titles_below_the_last_row_of_a_document_are_text() -> None:
    document = read_pdf(band(("Land", "1,200", "1,100"), ("Source: the treasury", "", "")))
    assert (len(rows(grids(document)[1])), texts(document)) == (2, ["Source: the treasury"])


@pytest.mark.parametrize(
    "below",
    [
        say(64, 680, "Of the budget 1,200 were spent on roads, and 300 on parks of the city."),
        say(64, 560, "Land") + say_right(338, 560, "1,200") + say_right(418, 560, "1,100"),
        say_right(418, 660, "17"),
    ],
)
def test_prose_what_stands_far_below_and_a_page_number_are_no_rows_of_a_band(below: str) -> None:
    assert len(rows(grids(read_pdf(band() + below))[1])) == 1


def test_a_label_a_little_lower_than_its_amounts_and_amounts_that_nearly_touch() -> None:
    lines = say_right(338, 680, "1,234,567,890.12") + say_right(418, 680, "1,234,567,890.12") + say(64, 674, "TOTAL")
    assert rows(grids(read_pdf(band() + lines))[1])[1:] == [["TOTAL", "1,234,567,890.12", "1,234,567,890.12"]]


def test_a_running_head_that_touches_the_band_is_repeated_though_its_page_number_rises() -> None:
    def page(number: int, label: str) -> str:
        found = ruled([60, 420], [760, 720]) + say(64, 740, f"City of Areco, page {number} of 2") + ruled(EDGES, [720, 700])
        found += say(70, 706, "Item") + say(270, 706, "Budget") + say(350, 706, "Actual")
        return found + say(64, 680, label) + say_right(338, 680, "1,200") + say_right(418, 680, "1,100")

    assert len(grids(read_pdf(page(1, "Land"), page(2, "Fees")))) == 1
    assert len(grids(read_pdf(page(2024, "Land"), page(2025, "Fees")))) == 2
    assert len(grids(read_pdf(page(1, "Land"), page(3, "Fees")))) == 2


@pytest.mark.parametrize(
    ("title", "second", "split"),
    [
        ("1. Budget", "Wages", True),
        ("1. Budget", "of wages", False),
        ("Budget of the whole department of", "Works", False),
        ("Services of", "(others)", False),
        ("Ministry", "12.01 - Wages", True),
    ],
)
def test_a_line_beside_no_number_that_is_no_part_of_a_label_names_the_rows_below(title: str, second: str, split: bool) -> None:
    page = ruled([60, 230, 420], [720, 700, 600]) + say(70, 706, "Item") + say(270, 706, "Budget")
    for n, (label, amount) in enumerate(((title, ""), (second, "1,200"), ("Goods", "300"), ("Total", "1,500"))):
        page += say(64, 680 - 14 * n, label) + (say_right(418, 680 - 14 * n, amount) if amount else "")
    (grid,) = grids(read_pdf(page))
    first = [[title, ""], [second, "1,200"]] if split else [[f"{title}\n{second}", "1,200"]]
    assert rows(grid) == [["Item", "Budget"], *first, ["Goods", "300"], ["Total", "1,500"]]
