"""The formula language: reading, writing back, values, linear forms, and what each mistake says."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.label_text import single_spaced
from budgetaudit.messages import say
from budgetaudit.rulefiles.evaluation import CannotEvaluate, Row, evaluate, holds, linear
from budgetaudit.rulefiles.expressions import (
    Binary,
    Call,
    Compare,
    Expression,
    ExpressionError,
    Name,
    Negate,
    Number,
    names,
    walk,
)
from budgetaudit.rulefiles.formula_parser import parse, parse_check

ROW = {"가": Decimal(6), "나": Decimal("2.5"), "다": Decimal(-3), "영": Decimal(0), "빈": None}


def value(text: str) -> Fraction:
    return evaluate(parse(text), Row(ROW))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("가 + 나 * 다", "-1.5"),
        ("(가 + 나) × 다", "-25.5"),
        ("가 − 나 − 다", "6.5"),
        ("가 / 나 / 2", "1.2"),
        ("-가 + +나", "-3.5"),
        ("--가", "6"),
        ("2 * -다", "6"),
        ("50% × 가", "3"),
        ("1,234,567.5", "1234567.5"),
        ("sum(가, 나, 다)", "5.5"),
        ("min(가, 나, 다)", "-3"),
        ("max(가, 나, 다)", "6"),
        ("abs(다)", "3"),
        ("round(나)", "3"),
        ("round(-나)", "-3"),
        ("round(가 ÷ 7, 2)", "0.86"),
        ("round(1449, -2)", "1400"),
        ("round(1450, -2)", "1500"),
        ("if(가 > 나, 1, 1 / 영)", "1"),
        ("if(가 <= 나, 1, 2)", "2"),
        ("SUM(가，나)", "8.5"),
        ("（가＋나）＊2", "17"),
    ],
)
def test_values(text: str, expected: str) -> None:
    assert value(text) == Fraction(expected)


@pytest.mark.parametrize(
    ("check", "truth"),
    [
        ("가 = 6", True),
        ("가 == 6.0", True),
        ("가 ≠ 6", False),
        ("가 != 5", True),
        ("가 <> 5", True),
        ("가 ≤ 6", True),
        ("가 < 6", False),
        ("가 ≥ 6", True),
        ("가 > 6", False),
        ("가 = 나 - 다 + 1/2", True),
    ],
)
def test_comparisons(check: str, truth: bool) -> None:
    assert holds(parse_check(check), Row(ROW)) is truth


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("예산현액 - 지출액 - 이월액 = 불용액", ("예산현액", "지출액", "이월액", "불용액")),
        ("다음연도 이월액 + 집행 잔액", ("다음연도 이월액", "집행 잔액")),
        ("2025년 본예산 - 1분기", ("2025년 본예산", "1분기")),
        ("㉰=㉮-㉯", ("㉰", "㉮", "㉯")),
        ("①+②=③", ("①", "②", "③")),
        ("시·도비 + 시ㆍ군비", ("시·도비", "시ㆍ군비")),
        ("[지출액(B)] / '예산액 - 이월' + “총 지출”", ("지출액(B)", "예산액 - 이월", "총 지출")),
        ("'it''s' + [a]]b]", ("it's", "a]b")),
        ("[  두   칸 ]", ("두 칸",)),
        ("sum = max + if", ("sum", "max", "if")),
        ("prev(가) + cum(나) + if(가 > 다, 라, 마)", ("가", "나", "다", "라", "마")),
        ("가 + 나 + 가", ("가", "나")),
        ("y2022 + _x", ("y2022", "_x")),
        ("дохід + Einkünfte + 予算額", ("дохід", "Einkünfte", "予算額")),
    ],
)
def test_names(text: str, found: tuple[str, ...]) -> None:
    assert names(parse(text)) == found


@pytest.mark.parametrize(
    ("text", "position", "line"),
    [
        ("", 1, "the formula ends here: a formula is needed"),
        ("가 +", 4, "the formula ends here: a name or a number is needed"),
        ("가 = 나 = 다", 7, "only one comparison is allowed (write two rules)"),
        ("가 2", 3, "no operator between '가' and '2' (if this is one name, write [가 2])"),
        ("2025 본예산", 6, "no operator between '2025' and '본예산' (if this is one name, write [2025 본예산])"),
        ("(가 + 나", 7, "the formula ends here: ')' is needed"),
        ("가 + 나)", 6, "')' where an operator is needed"),
        ("가 * * 나", 5, "'*' where a name or a number is needed"),
        ("sun(가)", 1, "there is no function 'sun' (did you mean 'sum'?) (a name with brackets goes in [ ])"),
        ("집행률(B/A) = 1", 1, "there is no function '집행률' (a name with brackets goes in [ ])"),
        ("총 집행률(B/A) = 1", 1, "there is no function '총 집행률' (a name with brackets goes in [ ])"),
        ("round(가, 나)", 1, "the second argument of round must be a whole number from -12 to 12"),
        ("round(가, 99)", 1, "the second argument of round must be a whole number from -12 to 12"),
        ("round(가, 0.5)", 1, "the second argument of round must be a whole number from -12 to 12"),
        ("if(가, 나, 다)", 1, "the first argument of if must be a comparison"),
        ("if(가 > 나, 다)", 1, "if takes 3 arguments, not 2"),
        ("min(가)", 1, "min takes 2 to 99 arguments, not 1"),
        ("cum(1 + cum(가))", 9, "cum inside cum is not allowed"),
        (
            "max(가, 100,200)",
            8,
            "'100,200' inside a function may be one number or several (write 100200, or a space after the comma)",
        ),
        ("1,23 + 가", 1, "'1,23' is no number (write 1234.5 or 1,234.5; if it is a name, put it in [ ])"),
        ("1.2.3", 1, "'1.2.3' is no number (write 1234.5 or 1,234.5; if it is a name, put it in [ ])"),
        ("1,234원", 1, "'1,234원' is no number (write 1234.5 or 1,234.5; if it is a name, put it in [ ])"),
        ("9" * 30, 1, f"'{'9' * 24}…' is no number (write 1234.5 or 1,234.5; if it is a name, put it in [ ])"),
        ("가 & 나", 3, "cannot read '&' (if it belongs to a name, put the name in [ ])"),
        ("'가", 1, "the closing ' is missing"),
        ("[ ] + 1", 1, "an empty name"),
        ("(" * 40 + "가" + ")" * 40, 31, "nested more than 30 levels deep"),
        ("-" * 40 + "가", 31, "nested more than 30 levels deep"),
        ("+".join(["가"] * 300), 402, "more than 200 operations (split the rule)"),
        ("가" * 3000, 2000, "longer than 2000 characters (split the rule)"),
        ("(가 = 나)", 4, "'=' where ')' is needed"),
        ("__import__('os')", 1, "there is no function '__import__' (a name with brackets goes in [ ])"),
        ("os.system", 3, "cannot read '.' (if it belongs to a name, put the name in [ ])"),
    ],
)
def test_mistakes(text: str, position: int, line: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.position, say(caught.value.message)) == (position, line)
    assert say(caught.value.message, "ko") != line


def test_a_check_compares() -> None:
    with pytest.raises(ExpressionError, match="formula-no-comparison"):
        parse_check("가 - 나")
    with pytest.raises(ExpressionError, match="formula-no-names"):
        parse_check("1 = 2 - 1")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("가 + 빈", "'빈' is blank"),
        ("가 + 집행액", "there is no column '집행액'"),
        ("가 / 영", "division by zero"),
        ("가 / (나 + 다 + 0.5)", "division by zero"),
        ("prev(가)", "there is no earlier year"),
        ("cum(가)", "there is no earlier year"),
    ],
)
def test_what_has_no_value_says_why(text: str, line: str) -> None:
    with pytest.raises(CannotEvaluate) as caught:
        value(text)
    assert say(caught.value.message) == line


TABLE = {2022: {"국비": 1, "시비": 2}, 2023: {"국비": 10, "시비": 20}, 2024: {"국비": 100, "시비": 200}}


class Years:
    """A scope over years and fund sources, as a kind would give it."""

    def __init__(self, year: int) -> None:
        self.year = year

    def value(self, name: str) -> Fraction:
        return Fraction(TABLE[self.year][name])

    def parts(self, name: str) -> list[Fraction] | None:
        return [Fraction(v) for v in TABLE[self.year].values()] if name == "source" else None

    def previous(self) -> Years:
        return Years(self.year - 1)

    def running(self) -> list[Years]:
        return [Years(year) for year in TABLE if year <= self.year]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(source)", 300),
        ("sum(국비)", 100),
        ("prev(sum(source))", 30),
        ("prev(prev(시비))", 2),
        ("cum(국비)", 111),
        ("cum(sum(source)) - prev(cum(시비))", 311),
        ("cum(국비 - 1)", 108),
    ],
)
def test_years_and_members(text: str, expected: int) -> None:
    assert evaluate(parse(text), Years(2024)) == expected


@pytest.mark.parametrize(
    ("text", "terms", "constant"),
    [
        ("예산현액 - 지출액 - 이월액 = 불용액", {"예산현액": 1, "지출액": -1, "이월액": -1, "불용액": -1}, 0),
        ("2 * (가 - 나) / 3 + 5 <= 0", {"가": Fraction(2, 3), "나": Fraction(-2, 3)}, 5),
        ("가 + 나 - 가", {"나": 1}, 0),
        ("-(가 - 1)", {"가": -1}, 1),
        ("가 × (3 - 1)", {"가": 2}, 0),
        ("sum(가, 나, 2)", {"가": 1, "나": 1}, 2),
        ("sum(source) = 계", {"국비": 1, "시비": 1, "계": -1}, 0),
        ("sum(가)", {"가": 1}, 0),
    ],
)
def test_linear_forms(text: str, terms: dict[str, Fraction], constant: int) -> None:
    assert linear(parse(text), {"source": ("국비", "시비")}) == (terms, constant)


@pytest.mark.parametrize(
    "text", ["가 * 나", "가 / 나", "가 / 0", "abs(가)", "prev(가)", "if(가 > 0, 가, 나)", "round(가)", "1 + max(가, 나)"]
)
def test_not_linear(text: str) -> None:
    assert linear(parse(text), {}) is None


def test_a_sum_is_linear_only_when_its_parts_are_known() -> None:
    assert linear(parse("sum(source)")) is None


def test_the_longest_formula_allowed_is_handled() -> None:
    text = " + ".join(["가"] * 201)
    assert value(text) == 6 * 201
    assert parse(str(parse(text))) == parse(text)
    assert linear(parse(text)) == ({"가": 201}, 0)


# --- properties ----------------------------------------------------------------------------------

NAMES = st.one_of(
    st.sampled_from(
        ["가", "예산 현액", "sum", "2025년", "지출액(B)", "a]b", "it's", "1", "㉮", "x y", "-", "5%", "[", "시·도비"]
    ),
    st.text(min_size=1, max_size=8).map(single_spaced).filter(bool),
)
LEAVES = st.one_of(
    NAMES.map(Name),
    st.decimals(0, 10**9, places=3).map(Number),
    st.integers(0, 10**12).map(lambda number: Number(Decimal(number))),
)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    compare = st.builds(Compare, st.sampled_from(["=", "!=", "<=", "<", ">=", ">"]), inner, inner)
    return st.one_of(
        st.builds(Negate, inner),
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda a: Call("abs", (a,)), inner),
        st.builds(lambda a: Call("prev", (a,)), inner),
        st.builds(lambda a, n: Call("round", (a, Number(Decimal(n)))), inner, st.integers(0, 12)),
        st.builds(
            lambda f, a: Call(f, tuple(a)), st.sampled_from(["sum", "min", "max"]), st.lists(inner, min_size=2, max_size=4)
        ),
        st.builds(lambda c, a, b: Call("if", (c, a, b)), compare, inner, inner),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=12)


@given(TREES)
def test_written_and_read_back_it_is_the_same_tree(tree: Expression) -> None:
    assert parse(str(tree)) == tree
    assert all(parse(str(node)) == node for node in walk(tree))


@st.composite
def arithmetic(draw: st.DrawFn, depth: int = 3) -> str:
    """A formula that Python reads as we do: names a to d, whole numbers, + - * / and brackets."""
    pieces = []
    for at in range(draw(st.integers(1, 4))):
        if at:
            pieces.append(draw(st.sampled_from(["+", "-", "*", "/", " + ", " - ", " * ", " / "])))
        pieces.append("-" * draw(st.integers(0, 2)))
        if depth and draw(st.booleans()):
            pieces.append(f"({draw(arithmetic(depth - 1))})")
        else:
            pieces.append(draw(st.sampled_from(["a", "b", "c", "d", "0", "3", "12"])))
    return "".join(pieces)


@given(arithmetic(), st.tuples(*[st.fractions(-100, 100)] * 4))
def test_values_are_those_of_fractions(text: str, values: tuple[Fraction, ...]) -> None:
    row = dict(zip("abcd", values, strict=True))
    try:
        expected = eval(re.sub(r"(\d+)", r"Fraction(\1)", text), {"Fraction": Fraction}, row)
    except ZeroDivisionError:
        with pytest.raises(CannotEvaluate):
            evaluate(parse(text), Row(row))
        return
    assert evaluate(parse(text), Row(row)) == expected
    form = linear(parse(text))
    if form is not None:
        assert sum((form[0][name] * row[name] for name in form[0]), form[1]) == expected


@given(st.text(alphabet="가나a1, .()[]'+-*/=<>%·①", max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    refusal = _refusal(text)
    if refusal is None:
        assert parse(str(parse(text))) == parse(text)
        return
    assert 1 <= refusal.position <= len(text) + 1
    assert say(refusal.message, "ko") != say(refusal.message, "en")


def _refusal(text: str) -> ExpressionError | None:
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None
