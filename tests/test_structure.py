"""What adds up in a table: labels propose, figures decide; what neither supports is not claimed."""

from __future__ import annotations

import pytest

from budgetaudit.labels.numbers import views
from budgetaudit.structure.label_readings import label_readings
from budgetaudit.structure.search import LineSum, Search
from budgetaudit.structure.structure import analyse
from tests.grids import table

PARTS = "도로|10|31|37\n하천|20|47|48"
GROUPS = (
    "분야|사업|2022|2023\n지역|도로|10|31\n|하천|20|47\n|소계|30|78\n안전|소방|5|9\n|경찰|7|14\n|소계|12|23\n"
    "문화|극장|15|9\n|박물관|8|17\n|소계|23|26"
)
LEVELS = (
    "구분|2022|2023\n1. 인건비|30|78\n가. 봉급|10|31\n나. 수당|20|47\n2. 물건비|12|23\n가. 여비|5|9\n나. 운영비|7|14\n합계|42|101"
)


def sums(text: str) -> list[LineSum]:
    return list(analyse(table(text)).sums)


def read(text: str) -> list[tuple[str, int, tuple[int, ...]]]:
    """Each sum as (axis, target, parts)."""
    return [(item.axis, item.target, item.parts) for item in sums(text)]


def searched(text: str) -> list[tuple[int, tuple[int, ...]]]:
    """What the search of the rows finds without readings of labels alone."""
    return [(item.target, item.parts) for item in Search(views(table(text))["row"]).run()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"구분|2022|2023|2024\n계|30|78|85\n{PARTS}", [("row", 0, (1, 2))]),
        (f"구분|2022|2023|2024\n{PARTS}\n계|30|78|85", [("row", 2, (0, 1))]),
        (
            f"구분|2022|2023|2024\n합계|42|101|113\n소계|30|78|85\n{PARTS}\n소계|12|23|28\n소방|5|9|11\n경찰|7|14|17",
            [("row", 0, (1, 4)), ("row", 1, (2, 3)), ("row", 4, (5, 6))],
        ),
        (GROUPS, [("row", 2, (0, 1)), ("row", 5, (3, 4)), ("row", 8, (6, 7))]),
        (f"{GROUPS}\n합계||65|127", [("row", 2, (0, 1)), ("row", 5, (3, 4)), ("row", 8, (6, 7)), ("row", 9, (2, 5, 8))]),
        (
            LEVELS,
            [("row", 0, (1, 2)), ("row", 3, (4, 5)), ("row", 6, (0, 3))],
        ),
        ("구분|국비|도비|군비|합계\n도로|11|23|35|69\n하천|17|29|41|87\n공원|13|19|53|85", [("column", 3, (0, 1, 2))]),
        ("구분|계|기투자|2022|2023|이후\n도로|79|10|15|31|23\n하천|146|20|32|47|47", [("column", 0, (1, 2, 3, 4))]),
        (
            "구분|합계|2022년|||2023년||\n||계|국비|군비|계|국비|군비\n도로|105|31|10|21|74|33|41\n하천|48|13|5|8|35|13|22",
            [("column", 0, (1, 4)), ("column", 1, (2, 3)), ("column", 4, (5, 6))],
        ),
        ("구분|2022|2023|2024\n특별회계|42|101|77\n주차장특별회계|12|31|37\n상수도특별회계|30|70|40", [("row", 0, (1, 2))]),
        ("구분|금액\n계|57억원\n도로|3,180백만원\n하천|2,520백만원", [("row", 0, (1, 2))]),
        ("구분|2022|2023\n세입|100|210\n도로|△10|△31\n하천|△20|△47\n계|△30|△78", [("row", 3, (1, 2))]),
    ],
    ids=[
        *("total first", "total last", "nested", "per group", "groups and a total", "levels by marks", "column last", "years"),
        *("sources by year with lost spans", "named after it", "units mixed", "negatives"),
    ],
)
def test_what_adds_up(text: str, expected: list[tuple[str, int, tuple[int, ...]]]) -> None:
    assert read(text) == expected
    assert {(item.fails, item.lone) for item in sums(text)} == {(0, False)}


def test_a_wrong_cell_is_outvoted_by_the_crossings_that_balance() -> None:
    (found,) = sums(f"구분|2022|2023|2024\n계|30|88|85\n{PARTS}")
    assert (found.parts, found.cue, found.passes, found.fails, found.lone) == ((1, 2), "total", 2, 1, False)


def test_lines_of_zeros_belong_to_their_total() -> None:
    (found,) = sums("재원|2022|2023|2024\n계|31|75|80\n국비|11|31|33\n도비|20|44|47\n군비|0|0|0\n기타|-|-|-")
    assert (found.parts, found.dimension) == ((1, 2, 3, 4), "source")


def test_a_reading_of_some_parts_loses_to_that_of_all() -> None:
    """Without 기타 two of three crossings balance, with it all of them."""
    assert read("재원|2022|2023|2024\n계|60|75|95\n국비|10|20|30\n도비|20|25|30\n군비|30|30|30\n기타|0|0|5") == [
        ("row", 0, (1, 2, 3, 4))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "구분|2022|2023\n도로|13|31\n하천|29|47\n공원|57|80",
        "구분|2022|2023\n도로|10|31\n하천|20|47\n집행률|30|78",
        "구분|1월|2월|3월\n수입|100|100|100\n도로|40|40|40\n하천|60|60|60",
        "구분|2022\n수입|30\n도로|10\n하천|20",
    ],
    ids=["nothing", "rates", "one crossing three times", "one crossing"],
)
def test_no_sum_without_a_label_or_enough_figures(text: str) -> None:
    assert sums(text) == []


def test_figures_alone_prove_a_sum_that_no_label_tells() -> None:
    (found,) = sums("구분|2021|2022|2023\n수입|1030|1247|1463\n도로|410|530|587\n하천|620|717|876")
    assert (found.target, found.parts, found.cue, found.fails) == (0, (1, 2), "", 0)


def test_rounding_alone_proves_nothing_on_few_crossings() -> None:
    few, many = (
        "구분|2022|2023\n계|31|79\n도로|10|31\n하천|20|47",
        "구분|2022|2023|2024\n계|31|79|92\n도로|10|31|43\n하천|20|47|48",
    )
    assert searched(few) == []
    assert searched(many) == [(0, (1, 2))]


# --- readings that labels alone give ------------------------------------------------------------


def test_a_lone_total_with_a_slip_is_read_by_its_label() -> None:
    (found,) = sums("구분|금액\n도로|1,275\n하천|2,310\n공원|1,145\n계|4,670")
    assert (found.target, found.parts, found.passes, found.fails, found.lone) == (3, (0, 1, 2), 0, 1, True)


@pytest.mark.parametrize(
    "text",
    [
        "구분|금액\n계|3,785\n도로|1,275\n하천|2,310\n공원|100",
        "구분|2022|2023|2024\n계|31|70|99\n도로|10|31|43\n하천|20|47|48",
    ],
    ids=["one part more of the same amount", "many crossings that all fail"],
)
def test_a_total_that_its_lines_do_not_explain_stays_unexplained(text: str) -> None:
    found = analyse(table(text))
    assert found.sums == ()
    assert [axis for axis, _ in found.unexplained] == ["row"]


@pytest.mark.parametrize(
    "text",
    [
        "구분|금액\n도로|1,275\n하천|2,310\n공원|1,145\n계|9,134",
        "구분|금액\n계|4,670\n도로|1,275\n하천|2,310\n공원|",
    ],
    ids=["too far", "a blank among the parts"],
)
def test_a_total_of_a_whole_table_that_no_slip_explains_is_read_without_a_cue(text: str) -> None:
    """What has no cue is worth a note, never more."""
    (found,) = sums(text)
    assert (found.passes, found.fails, found.cue) == (0, 1, "")


ROWS = {"도로": (1362, 6044, 2409), "하천": (4213, 5187, 2340), "공원": (2951, 1876, 2211)}
SUMS = (8526, 13107, 6960)


def rows_with(changed: dict[str, tuple[int, ...]], total: tuple[int, ...] = SUMS) -> str:
    rows = ROWS | changed | {"합계": total}
    return "\n".join(["구분|국비|도비|시비", *(f"{name}|{'|'.join(f'{n:,}' for n in row)}" for name, row in rows.items())])


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        (rows_with({"하천": (4213000, 5187000, 2340000)}), "total"),
        (rows_with({"하천": (0, 4213, 5187)}, (8526, 13107, 4620)), "total"),
        (rows_with({}, (12739, 18294, 9300)), "total"),
        (rows_with({}, (4313, 7920, 4620)), ""),
    ],
    ids=["another unit", "one column off", "counted twice", "left out, or one of those above it"],
)
def test_a_total_that_fails_in_every_column_because_of_one_row_is_read(text: str, cue: str) -> None:
    (found,) = sums(text)
    assert (found.target, found.parts, found.passes, found.cue) == (3, (0, 1, 2), 0, cue)


def test_rows_that_no_one_row_explains_stay_unexplained() -> None:
    assert sums(rows_with({"하천": (4319, 5023, 2873)})) == []


def test_a_total_is_read_as_its_siblings_are() -> None:
    """One crossing of the third group fails, and by far: two groups alike that balance are enough."""
    (found,) = [item for item in sums(GROUPS.replace("|소계|23|26", "|소계|23|99")) if item.fails]
    assert (found.target, found.parts, found.passes, found.fails) == (8, (6, 7), 1, 1)


def test_two_totals_of_a_table_are_not_both_its_whole() -> None:
    view = views(table("구분|금액\n합계|100\n도로|30\n하천|71\n총계|102"))["row"]
    assert list(label_readings(view, ())) == []


def test_a_form_has_no_lone_totals() -> None:
    words = "가나다라 " * 25
    rows = "도로|1,275\n하천|2,310\n공원|1,145\n계|4,670"
    assert [item.lone for item in sums(f"구분|{words}\n{rows}")] == []
    assert [item.lone for item in sums(f"구분|금액\n{rows}")] == [True]


def test_indented_lines_are_parts_of_the_line_over_them() -> None:
    """18 is also 17 + 1 of the two first lines, but for one column."""
    lines = "계|18|1|17\n행정|17|-|17\n  질서|1|-|1\n  교육|16|-|16\n문화|1|1|-\n  환경|-|-|-\n  산업|1|1|-"
    assert (0, (1, 4)) in searched(f"구분|계|기금|도비\n{lines}")


def test_a_list_does_not_end_before_its_last_line() -> None:
    assert searched("구분|예산|집행\n총계|2,072|890\n교육|1,373|577\n홍보|577|313\n행정|123|1") == [(0, (1, 2, 3))]
