"""From grids to tables: lines with what they mean, figures with unit, sign, step and label."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetaudit.labels.captions import stated_units
from budgetaudit.labels.labelling import Table, label, label_grid, mark_style
from tests.grids import WORDS, document, grid, table


def values(found: Table, row: int) -> list[str]:
    return [str(figure.value) for (r, _), figure in found.figures.items() if r == row]


def units(found: Table) -> list[str | None]:
    """The units of the first row of figures."""
    row = found.rows[0].index
    return [figure.unit.symbol if figure.unit else None for (r, _), figure in found.figures.items() if r == row]


def test_lines_and_figures_of_a_table() -> None:
    found = table("구분|2022년 계획|\n|국비|군비\n도로|10|1,020\n합  계|-|30")
    assert [(line.text, line.total) for line in found.rows] == [("도로", ""), ("합 계", "total")]
    assert [(c.text, c.dimension, c.member, c.year, c.measure) for c in found.columns] == [
        ("2022년 계획 국비", "source", "national", 2022, "plan"),
        ("2022년 계획 군비", "source", "local", 2022, "plan"),
    ]
    figure = found.figures[2, 2]
    assert (figure.value, figure.text, figure.label) == (1020, "1,020", "도로 · 2022년 계획 군비")
    assert (figure.place.table, figure.place.row, figure.place.column) == (1, 3, 3)
    assert (found.figures[3, 1].value, found.figures[3, 1].dash, found.figures[3, 1].step) == (0, True, 0)


def test_a_blank_is_no_figure() -> None:
    found = table("구분|2022|2023\n도로|10|\n하천|20|40")
    assert (1, 2) not in found.figures
    assert found.blank(1, 2)
    assert not found.blank(1, 1)
    assert not found.blank(1, 0)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (table("구분|사업비|인원\n도로|25,500천원|3명\n하천|3,000천원|4명"), ["천원", "명"]),
        (table("구분|사업비(백만원)|비율(%)\n도로|10|20.5\n하천|30|40.5"), ["백만원", "%"]),
        (table("구분|사업비|비율\n도로|10|20.5\n하천|30|40.5", caption="현황 (단위: 천원)"), ["천원", "%"]),
        (table("구분|사업비|건수\n도로|10|20\n하천|30|40", "<도로 현황>", "(단위 : 억원, %)"), ["억원", ""]),
        (table("구분|사업비|건수\n도로|10|20\n하천|30|40", "(단위 : 억원, 건)"), ["억원", "건"]),
        (table("(단위: 백만원)||\n구분|2022|2023\n도로|10|20\n하천|30|40"), ["백만원", "백만원"]),
        (table("(단위: 백만원)|2022|2023\n도로|10|20\n하천|30|40"), ["백만원", "백만원"]),
        (table("구분|2022|2023\n도로(천원)|10|20\n인구(명)|30|40"), ["천원", "천원"]),
        (table("구분|2022|2023\n도로|10|20\n하천|30|40"), [None, None]),
    ],
    ids=["cell", "header", "caption", "line above", "line with a count", "title row", "header cell", "row label", "none"],
)
def test_where_a_unit_is_printed(found: Table, expected: list[str | None]) -> None:
    assert units(found) == expected


def test_the_caption_is_the_nearest_line_that_is_no_unit() -> None:
    assert table("구분|금액\n도로|10\n하천|20", "1. 옛 제목", "<도로 현황>", "(단위 : 억원)").caption == "<도로 현황>"
    assert table("도로 현황|\n구분|금액\n도로|10\n하천|20", "다른 제목").caption == "도로 현황"
    assert table("구분|금액\n도로|10\n하천|20", "다른 제목", caption="가").caption == "가"


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("(단위 : 억 원, %)", ["억원", "%"]),
        ("<단위: 백만원>", ["백만원"]),
        ("※ 단위: 천원", ["천원"]),
        ("(단위 천원)", ["천원"]),
        ("도로 현황(단위:건)", ["건"]),
        ("단위사업 10개", []),
        ("금액 천원", []),
    ],
)
def test_units_that_a_line_states(text: str, symbols: list[str]) -> None:
    assert [unit.symbol for unit in stated_units(text, WORDS)] == symbols


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("구분|2022|2023\n도로|(10)|20\n하천|30|(40)", 1, ["-10", "20"]),
        ("구분|2022|증감\n도로|10|(20)\n하천|30|(40)", 1, ["10", "-20"]),
        ("구분|2022|증감률\n도로|10|(△7.0)\n하천|30|(17.0)", 2, ["30", "17.0"]),
        ("구분|2022|증감률\n도로|10|(△7.0)\n하천|30|(17.0)", 1, ["10", "-7.0"]),
        ("구분|사업|내수\n도로|10|(3)\n하천|30|(2)", 1, ["10", "3"]),
        ("구분|1월|2월\n수출|282.3|301.5\n수출|(147.8)|(12.1)\n수입|100.1|200.2\n수입|(3.3)|(4.4)", 2, ["147.8", "12.1"]),
    ],
    ids=["negative", "change", "signed elsewhere", "signed itself", "of which", "rate below its amount"],
)
def test_what_round_brackets_mean(text: str, row: int, expected: list[str]) -> None:
    assert values(table(text), row) == expected


def test_a_bracketed_row_below_its_own_label_is_a_rate() -> None:
    found = table("구분|1월|2월\n수출|282.3|301.5\n수출|(147.8)|(12.1)\n수입|100.1|200.2\n수입|(3.3)|(4.4)")
    assert [(line.measure, line.additive) for line in found.rows] == [("", True), ("change_rate", False)] * 2
    assert {figure.unit.symbol for (r, _), figure in found.figures.items() if r == 2 and figure.unit} == {"%"}


def test_years_as_row_labels_are_coordinates() -> None:
    found = table("연도|예산|집행\n2021|10|9\n2022|20|18")
    assert [(line.dimension, line.year) for line in found.rows] == [("year", 2021), ("year", 2022)]
    assert len(found.figures) == 4


def test_identifiers_are_neither_figures_nor_labels() -> None:
    found = table("연번|사업|코드|예산\n1|도로|0101|20\n2|하천|0102|40")
    assert [line.text for line in found.rows] == ["도로", "하천"]
    assert set(found.figures) == {(1, 3), (2, 3)}


def test_steps_follow_what_a_column_prints() -> None:
    found = table("구분|금액(백만원)|비율(%)|금액(원)|인원(명)\n도로|10.5|5|100|3\n하천|20|12.38|250|4")
    steps = {c: {str(figure.step) for (_, column), figure in found.figures.items() if column == c} for c in range(1, 5)}
    assert steps == {1: {"0.1"}, 2: {"0.01"}, 3: {"0"}, 4: {"0"}}


def test_rates_and_prices_do_not_add_up() -> None:
    found = table("구분|예산|집행률|단가|구성비(%)\n도로|10|5|100|3\n하천|20|12|250|4")
    assert [line.additive for line in found.columns] == [True, False, False, False]


def test_abbreviated_sources_mean_something_only_together() -> None:
    together = table("구분|국|도|군\n도로|10|20|30\n하천|1|2|4")
    assert [line.member for line in together.columns] == ["national", "provincial", "local"]
    assert [line.member for line in table("구분|금액|군\n도로|10|20\n하천|1|2").columns] == ["", ""]


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Ⅰ. 수입", "roman"),
        ("1. 인건비", "digit."),
        ("1) 봉급", "digit)"),
        ("(1) 봉급", "(digit)"),
        ("가. 봉급", "letter."),
        ("201 일반운영비", "code3"),
        ("○ 도로", "bullet○"),
        ("도로", ""),
    ],
)
def test_marks_in_front_of_labels(text: str, style: str) -> None:
    assert mark_style(text) == style


def test_marks_and_indents_make_levels() -> None:
    found = table("구분|금액\n1. 인건비|30\n가. 봉급|10\n나. 수당|20\n2. 물건비|5")
    assert [line.level for line in found.rows] == [1, 2, 2, 1]
    assert [line.level for line in table("구분|금액\n인건비|30\n  봉급|10\n  수당|20").rows] == [0, 2, 2]


def test_prose_in_the_header_makes_a_form() -> None:
    assert table(f"{'사업 개요 ' * 3}|{'가나다라 ' * 25}\n도로|10\n하천|20").form
    assert not table("구분|금액\n도로|10\n하천|20").form


def test_two_tables_side_by_side_are_two() -> None:
    left, right = label_grid(grid("구분|금액|구분|금액\n도로|10|학교|30\n하천|20|병원|40"), 4, (), "f", WORDS)
    assert (left.number, right.number) == (4, 4)
    assert [line.text for line in left.rows] == ["도로", "하천"]
    assert [line.text for line in right.rows] == ["학교", "병원"]
    assert right.figures[1, 3].value == 30


def test_a_copy_points_to_its_original() -> None:
    one, other = "구분|금액\n도로|10\n하천|20", "구분|금액\n도로|10\n하천|21"
    found = label(document("가", one, "나", other, "다", one), WORDS)
    assert [(item.number, item.caption, item.copy_of) for item in found] == [(1, "가", None), (2, "나", None), (3, "다", 1)]


def test_a_box_of_words_is_the_caption_of_what_follows() -> None:
    found = label(document("도로 현황|", "구분|금액\n도로|10\n하천|20"), WORDS)
    assert found[-1].caption == "도로 현황"


def test_a_stored_number_is_read_unless_another_is_displayed() -> None:
    from dataclasses import replace

    plain = grid("구분|금액\n도로|10.0\n하천|25")
    stored = {(1, 1): Decimal("10.0299999999999998"), (2, 1): Decimal(25000)}
    cells = tuple(replace(cell, value=stored.get((cell.row, cell.column))) for cell in plain.cells)
    (found,) = label_grid(replace(plain, cells=cells), 1, (), "f", WORDS)
    assert {key: str(figure.value) for key, figure in found.figures.items()} == {(1, 1): "10.0300000000000", (2, 1): "25"}


def test_points_group_thousands_where_a_document_says_so() -> None:
    german = "Posten|Ansatz\nSteuer|8.784.000\nSonstige|976.000"
    values = {
        text: [str(figure.value) for table in label(document(text), WORDS) for figure in table.figures.values()]
        for text in (german, german.replace("8.784.000", "8,784,000"), "Posten|Ansatz\nSteuer|1.250\nSonstige|976.000")
    }
    assert list(values.values()) == [["8784000", "976000"], ["8784000", "976.000"], ["1.250", "976.000"]]


def test_brackets_below_amounts_hold_their_shares() -> None:
    (found,) = label(document("분야|계|완료|추진\n계|72|31|41\n|(100%)|(43.1%)|(56.9%)\n경제|72|31|41"), WORDS)
    assert [line.measure for line in found.rows] == ["", "share", ""]
    assert found.figures[(2, 2)].value == Decimal("43.1")
