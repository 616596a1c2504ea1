"""The beginning of a rule file loads as it stands, and guesses what the columns mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit import vocabulary
from budgetaudit.authoring.lint import lint
from budgetaudit.authoring.scaffold import guess, scaffold
from budgetaudit.rulefiles.rule import Where
from budgetaudit.rulefiles.rulefile import load
from tests.test_rulefile import KINDS

WORDS = vocabulary.load()


@pytest.mark.parametrize(
    ("columns", "check"),
    [
        (["과목", "예산현액", "지출액", "다음연도 이월액", "불용액"], "불용액 = 예산현액 - 지출액 - 다음연도 이월액"),
        (["과목", "예산현액(A)", "지출액(B)", "집행잔액(A-B)"], "[집행잔액(A-B)] = [예산현액(A)] - [지출액(B)]"),
        (["사업명", "기정예산액", "경정예산액", "증감액"], "증감액 = 경정예산액 - 기정예산액"),
        (["사업명", "국비", "도비", "시비", "합계", "비고"], "합계 = 국비 + 도비 + 시비"),
        (["사업명", "2024", "2025년", "총계"], "총계 = [2024] + 2025년"),
        (["부서", "지출액"], "지출액 >= 0"),
        (["x", "y"], "y >= 0"),
    ],
)
def test_the_guess(columns: list[str], check: str) -> None:
    assert guess(columns, WORDS) == check


def test_what_adds_up_in_the_file_is_a_guess() -> None:
    columns = ["사업명", "총사업비(백만원)", "국비", "도비", "비고"]
    assert guess(columns, WORDS) == "국비 >= 0"
    assert guess(columns, WORDS, [("총사업비(백만원)", ["국비", "도비"])]) == "[총사업비(백만원)] = 국비 + 도비"


def test_a_scaffold() -> None:
    assert scaffold(["사업명", "국비", "시비", "계"], WORDS, "2025년 재원별 현황 [안]") == (
        "# 표의 열: 사업명, 국비, 시비, 계\n"
        "# The table's columns: 사업명, 국비, 시비, 계\n"
        "- id: 2025년-재원별-현황-안\n"
        "  title:\n"
        '    ko: "계 = 국비 + 시비"\n'
        '    en: "계 = 국비 + 시비"\n'
        "  why:\n"
        '    ko: "왜 성립해야 하는지 쓰십시오"\n'
        '    en: "Say why this must hold"\n'
        "  kind: formula\n"
        '  check: "계 = 국비 + 시비"\n'
        "  severity: warning\n"
        "  tolerance: rounding\n"
        '  where: {table: "2025년 재원별 현황 [[]안]"}\n'
    )


@given(
    st.lists(st.text(max_size=30) | st.sampled_from(["계", "국비", "시비", "예산액", "지출액", "잔액"]), max_size=8),
    st.text(max_size=30),
)
def test_any_columns_give_a_file_that_loads_and_fits_its_table(
    tmp_path_factory: pytest.TempPathFactory, columns: list[str], caption: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "new.yaml"
    path.write_text(scaffold(columns, WORDS, caption), encoding="utf-8")
    [rule] = load(str(path), KINDS).rules
    assert lint(str(path), KINDS) == ()
    printable = "".join(char if char.isprintable() else " " for char in caption)
    assert Where.matches(rule.where.table, printable)


def test_no_columns_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(scaffold([], WORDS), encoding="utf-8")
    assert load(str(path), KINDS).rules[0].id == "my-rule"
