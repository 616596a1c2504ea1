"""Figures tied across files: what one document states, another states too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.jobs import audit_all
from budgetaudit.model import Audit, Comparison
from budgetaudit.pipeline import audit
from tests.conftest import Run

LAST = "사업명,예산액\n합계,15049\n도로 확장,4512\n하천 정비,3017\n공원 조성,2154\n도서관,5366\n"
THIS = (
    "사업명,예산액,전년도예산액\n합계,17291,15049\n도로 확장,4812,4512\n하천 정비,3377,3017\n공원 조성,2154,2154\n"
    "도서관,6948,5366\n"
)
LEDGER = (
    "사업명,지급처,예산액\n도로 확장,가,4000\n도로 확장,나,812\n하천 정비,다,3377\n공원 조성,라,2000\n공원 조성,마,154\n"
    "도서관,바,6900\n도서관,사,48\n"
)
PLAN = (
    "구분,총사업비,국비,도비,시비\n합계,48127,24011,9052,15064\n도로 확장,31415,15707,6283,9425\n하천 정비,16712,8304,2769,5639\n"
)
CARD = "도로 확장\n\n구분,총사업비,국비,도비,시비\n도로 확장,31415,15707,6283,9425\n"


@pytest.fixture
def between(tmp_path: Path) -> Callable[..., list[Comparison]]:
    """The comparisons between files of these names and contents."""

    def run(**contents: str) -> list[Comparison]:
        result = audit(_written(tmp_path, contents), together=True)
        assert result.errors == ()
        return _across(result)

    return run


def _written(folder: Path, contents: dict[str, str]) -> list[str]:
    paths = [folder / f"{name.replace('_', '-')}.csv" for name in contents]
    for path, text in zip(paths, contents.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


def _across(result: Audit) -> list[Comparison]:
    return [c for c in result.comparisons if any(figure.place.file != c.stated.place.file for _, figure in c.operands)]


def _failing(comparisons: list[Comparison]) -> list[tuple[str, str, str, str]]:
    return [
        (c.severity, Path(c.stated.place.file).stem, c.stated.text, str(c.expected)) for c in comparisons if c.verdict == "fail"
    ]


def test_the_prior_year_column_is_last_years_book(between: Callable[..., list[Comparison]]) -> None:
    sound = between(book_2023=LAST, book_2024=THIS)
    assert [(c.verdict, c.stated.text) for c in sound] == [("pass", text) for text in ("15049", "4512", "3017", "2154", "5366")]


@pytest.mark.parametrize("order", [("book_2023", "book_2024"), ("book_2024", "book_2023")])
def test_a_prior_year_column_that_differs_is_found_whatever_the_order(
    between: Callable[..., list[Comparison]], order: tuple[str, str]
) -> None:
    books = {"book_2023": LAST, "book_2024": THIS.replace("3377,3017", "3377,3071")}
    assert _failing(between(**{name: books[name] for name in order})) == [("error", "book-2024", "3071", "3017")]


def test_a_column_that_names_its_year_is_the_book_of_that_year(between: Callable[..., list[Comparison]]) -> None:
    named = THIS.replace("전년도예산액", "2023년 예산액").replace(",예산액", ",2024년 예산액").replace("2154,2154", "2154,2145")
    assert _failing(between(book_2023=LAST, later=named)) == [("error", "later", "2145", "2154")]


def test_different_years_are_not_compared(between: Callable[..., list[Comparison]]) -> None:
    other = LAST.replace("15049", "15094").replace("5366", "5411")
    assert between(book_2023=LAST, book_2022=other) == []
    assert between(book_2021=LAST, book_2024=THIS) == []
    assert len(between(book=LAST, other=other)) == 5  # where no year is printed, the figures decide


def test_without_years_a_difference_is_only_a_warning(between: Callable[..., list[Comparison]]) -> None:
    assert _failing(between(one=LAST, two=LAST.replace("2154", "2145"))) == [("warning", "two", "2145", "2154")]


def test_a_ledger_adds_up_to_the_subtotals_of_another_file(between: Callable[..., list[Comparison]]) -> None:
    assert {c.verdict for c in between(plan=THIS, ledger=LEDGER)} == {"pass"}
    found = between(plan=THIS, ledger=LEDGER.replace("사,48", "사,58"))
    assert _failing(found) == [("warning", "plan", "6948", "6958")]
    assert [len(c.operands) for c in found if c.verdict == "fail"] == [2]


def test_a_pledge_card_states_what_the_plan_book_states(between: Callable[..., list[Comparison]]) -> None:
    assert {c.verdict for c in between(plan=PLAN, card=CARD)} == {"pass"}
    assert _failing(between(plan=PLAN, card=CARD.replace("6283", "6238"))) == [("warning", "plan", "6283", "6238")]


def test_what_is_executed_in_one_file_stays_within_the_plan_of_another(tmp_path: Path) -> None:
    plan, spent = tmp_path / "plan.md", tmp_path / "spent.md"
    table = "| 구분 | 2023년 | 2024년 |\n|---|---|---|\n| 국비 | {} | 300 |\n| 시비 | 150 | 260 |\n"
    plan.write_text("연도별 투자계획\n\n" + table.format(200), encoding="utf-8")
    spent.write_text("연도별 집행액\n\n" + table.format(230), encoding="utf-8")
    found = _across(audit([plan, spent], together=True))
    assert ("230", "200") in {(c.stated.text, str(c.expected)) for c in found if c.verdict == "fail"}
    assert {c.kind for c in found} == {"within"}


def test_files_that_have_nothing_to_do_with_each_other_give_nothing(between: Callable[..., list[Comparison]]) -> None:
    people = "구분,인구\n합계,15049\n동구,4512\n서구,3017\n남구,7520\n"
    assert between(book=LAST, people=people) == []
    assert between(book=LAST, other=LAST.replace("4512", "811").replace("3017", "90210").replace("2154", "66")) == []


def test_only_together_ties_files_and_every_way_of_running_gives_the_same(tmp_path: Path, run: Callable[..., Run]) -> None:
    paths = _written(
        tmp_path, {"book_2023": LAST, "book_2024": THIS.replace("3377,3017", "3377,3071").replace(",15049", ",15103")}
    )
    assert _across(audit(paths)) == []
    assert audit_all(paths, ("korea-local",), jobs=2, together=True).findings == audit(paths, together=True).findings
    alone, tied = (run("check", *paths, "--format", "json", *more) for more in ((), ("--together",)))
    assert (alone.code, tied.code) == (0, 1)
    files = [{Path(place["file"]).stem for place in finding["places"]} for finding in json.loads(tied.out)["findings"]]
    assert {"book-2023", "book-2024"} in files


def test_what_another_file_confirms_is_bound(tmp_path: Path) -> None:
    paths = _written(tmp_path, {"book_2023": LAST.replace("합계,15049\n", ""), "book_2024": THIS})
    covered = [audit(paths, together=together).inputs[0].covered for together in (False, True)]
    assert covered == [0, 4]


def test_a_sentence_is_held_against_the_table_of_another_file(tmp_path: Path) -> None:
    book, press = tmp_path / "book.csv", tmp_path / "press.txt"
    book.write_text("과목,2026년(백만원)\n재산세,19274\n자동차세,12467\n주민세,3458\n", encoding="utf-8")
    for amount, verdicts in (("12,467", {"pass"}), ("12,647", {"pass", "fail"})):
        press.write_text(
            f"2026년 재산세는 19,274백만원, 자동차세는 {amount}백만원, 주민세는 3,458백만원이다.\n", encoding="utf-8"
        )
        result = audit([book, press], together=True)
        found = _across(result)
        assert {c.verdict for c in found} == verdicts
        assert [e.text for f in result.findings for e in f.excerpts if e.text] == (
            ["2026년 재산세는 19,274백만원, 자동차세는 12,647백만원, 주민세는 3,458백만원이다."] if "fail" in verdicts else []
        )


def test_the_cost_of_one_project_is_the_same_in_two_papers(tmp_path: Path) -> None:
    plan, card = tmp_path / "plan.txt", tmp_path / "card.txt"
    plan.write_text("문화예술회관 건립\n\n○ 총사업비 : 28,475백만원\n", encoding="utf-8")
    card.write_text("공약 카드\n\n○ 문화예술회관 건립 총사업비 : 28,745백만원\n", encoding="utf-8")
    assert [(c.stated.text, c.verdict) for c in _across(audit([plan, card], together=True))] == [("28,745백만원", "fail")]
    card.write_text("공약 카드\n\n○ 시립도서관 건립 총사업비 : 28,745백만원\n", encoding="utf-8")
    assert _across(audit([plan, card], together=True)) == []


def test_quarters_and_balances_of_one_file_are_those_of_another(between: Callable[..., list[Comparison]]) -> None:
    rows = "수도,4127,4386,4512,4975\n하수,2318,2264,2437,2586\n도로,1642,1718,1695,1829\n"
    quarters = "구분,2024년 1분기,2024년 2분기,2024년 3분기,2024년 4분기\n" + rows
    years = "구분,2023년,2024년\n수도,17345,18000\n하수,9216,9650\n도로,6718,6884\n"
    assert _failing(between(quarters=quarters, years=years)) == [("warning", "years", "9650", "9605")]
    fund = "기금명,전년도말,수입,지출,연도말\n양성평등,{},183,247,{}\n옥외광고,{},264,318,{}\n"
    before, after = fund.format(2415, 2351, 1836, 1782), fund.format(2351, 2287, 1782, 1728)
    assert {c.verdict for c in between(fund_2023=before, fund_2024=after)} == {"pass"}
