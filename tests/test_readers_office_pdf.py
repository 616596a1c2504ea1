"""PDF: rulings to spans, stacked lines to rows, pages to one table, text to paragraphs; what has no text is refused."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from budgetaudit.model import Document, Grid, ReadError
from budgetaudit.readers import child, from_pdf, pdf_rows, pdf_rules, pdf_text, tabbed
from tests.office_files import grids, pdf, rows, ruled, say, say_right, spans, texts

pytest.importorskip("pypdfium2")
LEFT, MIDDLE, RIGHT = 60, 260, 400


@pytest.fixture(autouse=True)
def layout_alone(request: pytest.FixtureRequest) -> None:
    """Only what asks for the child process, or may break it, is read there."""
    if not request.node.get_closest_marker("in_child"):
        request.getfixturevalue("no_child")


def read_pdf(*pages: str, image: bool = False) -> Document:
    return from_pdf.read(Path("book.pdf"), pdf(*pages, image=image))


def budget(top: float, lines: list[tuple[str, str]], height: float = 20) -> str:
    """A ruled table of labels and amounts."""
    ys = [top - height * n for n in range(len(lines) + 1)]
    page = ruled([LEFT, MIDDLE, RIGHT], ys, 0.5)
    for n, (label, amount) in enumerate(lines):
        page += say(LEFT + 4, top - height * n - 14, label) + say_right(RIGHT - 4, top - height * n - 14, amount)
    return page


def test_rulings_make_cells_and_text_around_them_paragraphs() -> None:
    page = (
        say(60, 740, "Unit: million won")
        + budget(720, [("Item", "Amount"), ("Roads", "1,200"), ("Total", "1,200")])
        + say(60, 500, "After.")
    )
    document = read_pdf(page)
    (grid,) = grids(document)
    assert rows(grid) == [["Item", "Amount"], ["Roads", "1,200"], ["Total", "1,200"]]
    assert [getattr(block, "text", "grid") for block in document.blocks] == ["Unit: million won", "grid", "After."]
    assert {cell.page for cell in grid.cells} == {1}
    assert grid.spans


def test_a_missing_ruling_is_a_span() -> None:
    page = ruled([60, 160, 260], [600, 580, 560]).replace("60 580 m 260 580 l S", "60 580 m 260 580 l S")
    page = page.replace("160 600 m 160 560 l S", "160 580 m 160 560 l S")
    page += say(100, 586, "Budget") + say(70, 566, "2024") + say(170, 566, "2025")
    (grid,) = grids(read_pdf(page))
    assert (rows(grid), spans(grid)) == ([["Budget"], ["2024", "2025"]], {(0, 0): (1, 2)})


def test_dotted_rulings_count() -> None:
    dots = "".join(f"{x} 580 m {x + 0.4} 580 l S\n" for x in range(60, 260, 1))
    page = (
        ruled([60, 160, 260], [600, 560])
        + dots
        + say(70, 586, "A")
        + say(170, 586, "775,293")
        + say(70, 566, "B")
        + say(170, 566, "775,294")
    )
    assert rows(grids(read_pdf(page))[0]) == [["A", "775,293"], ["B", "775,294"]]


def test_lines_stacked_between_two_rulings_are_rows_when_labels_and_numbers_agree() -> None:
    page = ruled([60, 200, 300, 400], [700, 680, 620])
    for x, text in ((64, "Item"), (204, "Plan"), (304, "Spent")):
        page += say(x, 686, text)
    for y, label, plan, spent in (
        (666, "a. Road", "3,400", "1,200"),
        (648, "b. Bridge", "2,200", ""),
        (630, "c. Park", "100", "50"),
    ):
        page += say(64, y, label) + say_right(296, y, plan) + (say_right(396, y, spent) if spent else "")
    (grid,) = grids(read_pdf(page))
    assert rows(grid) == [
        ["Item", "Plan", "Spent"],
        ["a. Road", "3,400", "1,200"],
        ["b. Bridge", "2,200", ""],
        ["c. Park", "100", "50"],
    ]


def test_a_bracketed_companion_stays_in_its_cell() -> None:
    page = ruled([60, 200, 300, 400], [700, 660]) + say(64, 676, "Road") + say_right(296, 676, "900")
    page += say_right(396, 684, "564,342") + say_right(396, 670, "[564,342]")
    assert rows(grids(read_pdf(page))[0]) == [["Road", "900", "564,342\n[564,342]"]]


def test_a_wrapped_label_does_not_part_a_row() -> None:
    page = ruled([60, 200, 300, 400], [700, 660]) + say(64, 684, "Grants to local") + say(64, 670, "authorities")
    page += say_right(296, 677, "900") + say_right(396, 677, "800")
    assert rows(grids(read_pdf(page))[0]) == [["Grants to local\nauthorities", "900", "800"]]


def test_rules_of_the_header_part_the_amounts_below_it() -> None:
    """Stripes in colour under a ruled header have no rules of their own that run down."""
    stripes = "".join(f"0.9 g 50 {690 - 20 * row} 300 20 re f 0 g " for row in range(1, 4))
    lines = [("Roads", "310", "295"), ("Parks", "120", "118"), ("Total", "430", "413")]
    text = "".join(
        say(60, 695 - 20 * row, name) + say_right(230, 695 - 20 * row, one) + say_right(330, 695 - 20 * row, other)
        for row, (name, one, other) in enumerate([("Item", "2024", "2025"), *lines])
    )
    (grid,) = grids(read_pdf(ruled([50, 150, 250, 350], [690, 710]) + stripes + text))
    assert rows(grid) == [["Item", "2024", "2025"], *map(list, lines)]


def test_labels_in_one_cell_beside_ruled_amounts_are_those_of_their_rows() -> None:
    names, amounts = ("Item", "Roads", "Parks", "Trees"), ("2025", "310", "120", "45")
    tops = [710 - 20 * row for row in range(5)]
    across = "".join(f"{50 if row in (0, 1, 4) else 150} {y} m 250 {y} l S " for row, y in enumerate(tops))
    upright = "".join(f"{x} {tops[-1]} m {x} {tops[0]} l S " for x in (50, 150, 250))
    text = "".join(
        say(60, top - 15, name) + say_right(230, top - 15, amount)
        for top, name, amount in zip(tops, names, amounts, strict=False)
    )
    (grid,) = grids(read_pdf("0.5 w " + across + upright + text))
    assert rows(grid) == [list(row) for row in zip(names, amounts, strict=True)]


def test_a_blank_row_between_rules_alone_ends_no_table() -> None:
    lines = [("Item", "Budget"), ("", ""), ("Roads", "1,200"), ("Parks", "300"), ("", ""), ("Total", "1,500")]
    page = "".join(f"0.5 w\n60 {720 - 20 * n} m 400 {720 - 20 * n} l S\n" for n in range(len(lines) + 1))
    for n, (label, amount) in enumerate(lines):
        page += say(64, 706 - 20 * n, label) + say_right(390, 706 - 20 * n, amount) if label else ""
    (grid,) = grids(read_pdf(page))
    assert rows(grid)[2:] == [["Roads", "1,200"], ["Parks", "300"], ["", ""], ["Total", "1,500"]]


def test_a_label_in_two_lines_around_its_amounts_is_one_between_rules() -> None:
    page = "0.5 w " + "".join(f"50 {y} m 350 {y} l S " for y in (720, 700, 660, 640, 600))
    page += say(60, 706, "Bereich") + say_right(250, 706, "2024") + say_right(340, 706, "2025")
    for top, upper, lower, *amounts in (
        (660, "Personal und", "Versorgung", "310", "295"),
        (600, "Sach- und", "Dienste", "120", "118"),
    ):
        page += say(60, top + 24, upper) + say(60, top + 6, lower)
        page += say_right(250, top + 15, amounts[0]) + say_right(340, top + 15, amounts[1])
    page += say(60, 646, "Zinsen") + say_right(250, 646, "12") + say_right(340, 646, "14")
    (grid,) = grids(read_pdf(page))
    assert [row[1:] for row in rows(grid)] == [["2024", "2025"], ["310", "295"], ["12", "14"], ["120", "118"]]
    assert rows(grid)[1][0].replace("\n", " ") == "Personal und Versorgung"


def test_prose_between_rules_and_marks_far_left_part_no_column() -> None:
    """Rules under the headings of amounts reach over text between tables; a heading's number is no amount of their column."""
    page = "0.5 w "
    for top in (700, 560):
        page += f"{300} {top} m 350 {top} l S 400 {top} m 450 {top} l S "
        page += say_right(350, top + 5, "2021") + say_right(450, top + 5, "2022")
        for row, (name, one, other) in enumerate(
            (("Roads", "12,487", "13,484"), ("Parks", "241", "209"), ("Total", "12,728", "13,693"))
        ):
            page += say(60, top - 15 * (row + 1), name)
            page += say_right(350, top - 15 * (row + 1), one) + say_right(450, top - 15 * (row + 1), other)
    page += say(60, 630, "The item holds above all what was lent to towns and what is due in later years of 2023")
    page += say(60, 615, "and 2024") + say(60, 590, "2.5.1") + say(100, 590, "Income") + say_right(450, 590, "80,332")
    found = [row for grid in grids(read_pdf(page)) for row in rows(grid)]
    assert found.count(["Roads", "12,487", "13,484"]) == 2


@pytest.mark.in_child
def test_a_table_continues_on_the_next_page_under_its_repeated_header() -> None:
    header = [("Item", "Amount")]
    first = say(60, 740, "Title") + budget(720, [*header, ("Roads", "1")]) + say(300, 30, "1")
    second = budget(720, [*header, ("Parks", "2"), ("Total", "3")]) + say(300, 30, "2")
    (grid,) = grids(read_pdf(first, second))
    assert rows(grid) == [["Item", "Amount"], ["Roads", "1"], ["Parks", "2"], ["Total", "3"]]
    assert [cell.page for cell in grid.cells if cell.column == 0] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "second",
    [
        say(60, 740, "Another table") + budget(720, [("Item", "Amount"), ("Parks", "2")]),
        budget(720, [("Name", "Person"), ("Kim", "x")]),
        budget(720, [("Item", "Amount"), ("Parks", "2")]).replace("400", "440"),
    ],
)
def test_a_new_title_header_or_shape_is_a_new_table(second: str) -> None:
    assert len(grids(read_pdf(budget(720, [("Item", "Amount"), ("Roads", "1")]), second))) == 2


def test_rows_without_a_header_continue_the_table_before() -> None:
    (grid,) = grids(read_pdf(budget(720, [("Item", "Amount"), ("Roads", "1")]), budget(720, [("Parks", "2")])))
    assert len(rows(grid)) == 3


def test_text_below_a_table_ends_it() -> None:
    first = budget(720, [("Item", "Amount"), ("Roads", "1")]) + say(60, 600, "The following table is another one.")
    assert len(grids(read_pdf(first, budget(720, [("Parks", "2")])))) == 2


def test_aligned_amounts_without_rulings_are_a_grid() -> None:
    page = say(60, 740, "Budget of the city in 2025, by department and purpose of the money that is spent")
    lines = [
        ("Item", "2024", "2025"),
        ("Roads and bridges", "1,200", "1,300"),
        ("Parks", "90", "100"),
        ("Total", "1,290", "1,400"),
    ]
    for n, (label, old, new) in enumerate(lines):
        page += say(60, 700 - 14 * n, label) + say_right(300, 700 - 14 * n, old) + say_right(400, 700 - 14 * n, new)
    document = read_pdf(page)
    (grid,) = grids(document)
    assert (rows(grid), grid.spans, len(texts(document))) == ([list(line) for line in lines], False, 1)


def test_a_frame_around_aligned_amounts_is_no_column() -> None:
    page = ruled([50, 420], [720, 700, 640])
    lines = [("Item", "2024", "2025"), ("Roads", "1,200", "1,300"), ("Parks", "90", "100"), ("Total", "1,290", "1,400")]
    for n, (label, old, new) in enumerate(lines):
        page += say(60, 706 - 16 * n, label) + say_right(300, 706 - 16 * n, old) + say_right(400, 706 - 16 * n, new)
    assert rows(grids(read_pdf(page))[0]) == [list(line) for line in lines]
    boxes = ruled([50, 420], [720, 680, 640]) + say(60, 700, "A notice in a box, of 1,000 won.") + say(60, 660, "Another one.")
    (grid,) = grids(read_pdf(boxes))
    assert rows(grid) == [["A notice in a box, of 1,000 won."], ["Another one."]]


def test_labels_in_two_columns_signs_apart_and_indentation() -> None:
    lines = [("General", "", "Wages", "3,200"), ("", "", "Goods", "1,100"), ("", "", "Sum", "4,300"), ("Total", "$", "", "4,300")]
    page = ""
    for n, (group, sign, item, amount) in enumerate(lines):
        y = 700 - 14 * n
        page += "".join(say(x, y, text) for x, text in ((60, group), (140, item), (230, sign)) if text) + say_right(
            300, y, amount
        )
    (grid,) = grids(read_pdf(page))
    assert rows(grid) == [["General", "Wages", "3,200"], ["Goods", "1,100"], ["Sum", "4,300"], ["Total", "$ 4,300"]]
    indented = "".join(
        say(60 + x, 700 - 14 * n, "Item") + say_right(300, 700 - 14 * n, "1,000") for n, x in enumerate((0, 10, 20))
    )
    assert [cell.indent for cell in grids(read_pdf(indented))[0].cells if cell.column == 0] == [0, 2, 4]


def test_a_list_of_contents_is_no_table() -> None:
    page = "".join(say(60, 700 - 14 * n, f"Chapter {n}") + say_right(400, 700 - 14 * n, str(3 * n + 1)) for n in range(5))
    assert grids(read_pdf(page)) == []


def test_a_digit_set_apart_stays_as_printed() -> None:
    page = ruled([60, 160, 300], [600, 580]) + say(64, 586, "Total") + say(170, 586, "2") + say(180, 586, "8,029,500,000")
    assert rows(grids(read_pdf(page))[0]) == [["Total", "2 8,029,500,000"]]


def test_type_printed_twice_to_look_bold_counts_once() -> None:
    page = ruled([60, 160, 300], [600, 580]) + say(64, 586, "Total") + say(170, 586, "77,060") + say(170.4, 586, "77,060")
    assert rows(grids(read_pdf(page))[0]) == [["Total", "77,060"]]


def test_a_line_full_to_the_margin_goes_on_in_the_next() -> None:
    page = say(60, 700, "The city spends 3,000 million won on roads and") + say(
        60, 686, "bridges in the coming year, as planned before."
    )
    page += say(60, 672, "- Another item of the list.")
    long, item = texts(read_pdf(page))
    assert long == "The city spends 3,000 million won on roads and bridges in the coming year, as planned before."
    assert item == "- Another item of the list."


def test_a_table_inside_a_cell_is_nested() -> None:
    page = ruled([60, 200, 500], [700, 600, 580]) + say(64, 690, "Outer") + say(64, 584, "Foot") + say(204, 584, "5")
    page += (
        ruled([260, 340, 420], [660, 640, 620])
        + say(264, 646, "In")
        + say(344, 646, "1")
        + say(264, 626, "Sum")
        + say(344, 626, "1")
    )
    outer, inner = grids(read_pdf(page))
    assert (outer.parent, inner.parent, rows(inner)) == (None, (0, 0, 1), [["In", "1"], ["Sum", "1"]])


def test_a_label_turned_sideways_is_read_in_its_direction() -> None:
    page = ruled([60, 100, 200], [700, 600]) + "BT /F 10 Tf 0 1 -1 0 84 620 Tm (Total) Tj ET\n" + say(110, 640, "1,000")
    assert rows(grids(read_pdf(page))[0]) == [["Total", "1,000"]]


# --- what cannot be read -----------------------------------------------------------------------


def test_a_page_that_is_a_picture_is_named_and_the_rest_is_read() -> None:
    document = read_pdf(budget(720, [("Item", "1"), ("Total", "1")]), "q 500 0 0 700 50 50 cm /I Do Q", image=True)
    assert len(grids(document)) == 1
    assert [(problem.level, problem.place.page, problem.message.args["why"].code) for problem in document.problems] == [
        ("unread", 2, "read-pdf-scan")
    ]


def test_a_blank_page_is_no_problem() -> None:
    assert read_pdf(say(60, 700, "Text"), "").problems == ()


def refusal(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        from_pdf.read(Path("book.pdf"), data)
    return caught.value.message.code


@pytest.mark.in_child
def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(pdf("q 500 0 0 700 50 50 cm /I Do Q", image=True)) == "read-pdf-scanned"
    assert refusal(b"%PDF-1.4\nnothing") == "read-broken"
    assert refusal(pdf()) == "read-broken"
    monkeypatch.setattr(from_pdf, "find_spec", lambda _: None)
    assert refusal(pdf(say(60, 700, "Text"))) == "read-pdf-extra"


@pytest.mark.in_child
def test_a_silent_child_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SILENCE", 0.0)
    assert refusal(pdf(say(60, 700, "Text"))) == "read-timeout"


@pytest.mark.in_child
def test_a_child_that_dies_is_told() -> None:
    with pytest.raises(ReadError) as caught:
        list(child.records("budgetaudit.no_such_module", b"", "pdf"))
    assert caught.value.message.code == "read-crashed"


@pytest.mark.in_child
def test_a_child_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.sys, "executable", "/nowhere/python")
    assert refusal(pdf(say(60, 700, "Text"))) == "read-crashed"


def test_a_page_turned_sideways_is_read_as_it_is_held() -> None:
    turned = "".join(
        f"BT /F 10 Tf 0 1 -1 0 {x} {y} Tm ({text}) Tj ET\n"
        for x, row in ((300, ("Item", "2024")), (320, ("Roads", "1,200")), (340, ("Parks", "90")), (360, ("Total", "1,290")))
        for y, text in zip((100, 300), row, strict=True)
    )
    (grid,) = grids(read_pdf(turned))
    assert rows(grid) == [["Item", "2024"], ["Roads", "1,200"], ["Parks", "90"], ["Total", "1,290"]]


def test_what_the_file_lost_is_told() -> None:
    whole = pdf(say(60, 700, "One"), say(60, 700, "Two"))

    def told(data: bytes) -> list[tuple[int | None, str]]:
        document = from_pdf.read(Path("book.pdf"), data)
        unread = [problem for problem in document.problems if problem.level == "unread"]
        return [(problem.place.page, problem.message.args["why"].code) for problem in unread]

    assert from_pdf.read(Path("book.pdf"), whole).problems == ()
    assert told(whole.replace(b"/Count 2", b"/Count 1")) == [(2, "read-pdf-count")]
    assert told(whole.replace(b"/Count 2", b"/Count 9")) == [(3, "read-pdf-count")]
    assert told(whole.replace(b"6 0 R] /Count", b"9 0 R] /Count")) == [(2, "read-pdf-page")]
    assert told(whole.replace(b"(Two) Tj ET", b"(Two) Tj   ")) == [(2, "read-pdf-cut")]
    packed = zlib.compress(b"BT /F 10 Tf 60 700 Td (Two) Tj ET " * 20)[:-20]
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    at = whole.index(b"7 0 obj\n") + 8
    assert told(whole[:at] + stream + whole[whole.index(b"\nendobj", at) :]) == [(2, "read-pdf-cut")]


def test_filled_form_fields_are_told() -> None:
    data = pdf(say(60, 700, "Amount:"))
    field = b"/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /V (1,000) /Rect [100 690 200 710] >>] /Contents"
    document = from_pdf.read(Path("book.pdf"), data.replace(b"/Contents", field))
    assert [problem.message.args["why"].code for problem in document.problems if problem.level == "unread"] == ["read-pdf-form"]


@pytest.mark.parametrize(
    ("old", "new", "code", "level"),
    [
        (b"60 700 Td (One) Tj ET\nBT /F 10 Tf", b"", "read-pdf-damaged", "unread"),  # a stretch of the content is gone
        (b"/Type /Font", b"/Type /Font /Name /F", "read-pdf-shifted", "notice"),
        (b"startxref", b"startxxxx", "read-pdf-shifted", "notice"),
        (b"/Contents 7 0 R", b"/Kontents 7 0 R", "read-pdf-bare", "notice"),
    ],
)
def test_damage_is_told_though_nobody_knows_what_it_cost(old: bytes, new: bytes, code: str, level: str) -> None:
    whole = pdf(say(60, 700, "One") + say(60, 680, "Three"), say(60, 700, "Two"))
    assert old in whole
    document = from_pdf.read(Path("book.pdf"), whole.replace(old, new))
    assert (code, level) in [(problem.message.code, problem.level) for problem in document.problems]


def test_an_object_that_was_never_written_is_no_damage() -> None:
    whole = pdf(say(60, 700, "One")).replace(b"trailer", b"0000000000 00000 n \ntrailer").replace(b"xref\n0 6", b"xref\n0 7", 1)
    assert not from_pdf.read(Path("book.pdf"), whole).problems


# --- parts -------------------------------------------------------------------------------------


def line(top: float, *words: tuple[float, float, str]) -> pdf_text.TextLine:
    return pdf_text.text_line({"top": top, "bottom": top + 10, "size": 10.0, "words": [list(word) for word in words]})


def test_words_near_each_other_are_one_piece_and_leaders_part_them() -> None:
    assert [piece.text for piece in line(0, (0, 20, "가"), (24, 40, "나"), (80, 100, "1,000")).pieces] == ["가 나", "1,000"]
    assert [piece.text for piece in line(0, (0, 200, "Roads........26")).pieces] == ["Roads", "26"]


def test_rows_of_pairs_in_square_brackets_are_told_apart() -> None:
    def box(column: int, *levels: tuple[float, str]) -> pdf_rows.Box:
        return pdf_rows.Box(0, column, 1, 1, [line(level, (0, 50, text)) for level, text in levels])

    label = box(0, (6, "합계"), (40, "융자금"), (52, "(450-04)"))
    pairs = [box(1, (0, "4,661"), (12, "[4,661]"), (40, "4,661"), (52, "[4,661]")), box(2, (6, "30"), (46, "30"))]
    split, starts = pdf_rows.split_stacked([label, *pairs])
    assert starts == [0, 2]
    assert [(part.row, part.column, part.text) for part in split] == [
        (0, 0, "합계"), (1, 0, "융자금\n(450-04)"),
        (0, 1, "4,661\n[4,661]"), (1, 1, "4,661\n[4,661]"), (0, 2, "30"), (1, 2, "30"),
    ]  # fmt: skip


def test_edges_within_the_snap_distance_are_one() -> None:
    assert pdf_rules.edges([10, 11.5, 100, 100.4, 130]) == [10, 100, 130]


def test_prose_between_amounts_makes_no_grid() -> None:
    lines = [
        line(14 * n, (60, 200, "Restoration"), (380, 400, "783")) if n % 3 == 0 else line(14 * n, (60, 400, "prose"))
        for n in range(9)
    ]
    assert not any(isinstance(block, tabbed.Tabbed) for _, block in pdf_text.blocks(lines))
    assert isinstance(grids(read_pdf(budget(720, [("a", "1")])))[0], Grid)
