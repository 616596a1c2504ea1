"""Remarks on rules that load: each kind of remark, and silence on rules that are well."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.authoring.lint import Claim, _implies, _possible, lint
from budgetaudit.rulefiles.evaluation import COMPARE
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.rulefiles.rulefile import packs
from tests.test_rulefile import KINDS

HEAD = "severity: error, title: {ko: 가, en: a}, why: {ko: 나, en: b}"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def remarks(*rules: str, head: str = HEAD, above: str = "") -> list[str]:
    """What lint says of rules given as the inside of flow mappings; each rule stands on its own line."""
    lines = [f"- {{id: r{number}, {head}{', ' if head else ''}{rule}}}" for number, rule in enumerate(rules, 1)]
    Path("r.yaml").write_text("\n".join([*([above, "rules:"] if above else []), *lines]), encoding="utf-8")
    return [fault.text() for fault in lint("r.yaml", KINDS)]


def formulas(*checks: str) -> list[str]:
    return remarks(*(f"kind: formula, check: '{check}'" for check in checks))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            "kind: sum, along: source, total: local, parts: [national, local]",
            "'local' is both the total and a part (take it out of parts)",
        ),
        ("kind: sum, along: source, parts: [local, 국비, local]", "part 'local' is named twice"),
        ("kind: sum, along: source, parts: [local]", "'local' is the only part (that is no sum)"),
        ("kind: change, new: 결산액, old: 결산액", "both sides are 결산액 (it can never fail)"),
        (
            "kind: rate, rate: {measure: rate}, numerator: {measure: plan}, denominator: {measure: plan}",
            "both sides are {measure: plan} (it can never fail)",
        ),
        ("kind: within, left: {measure: plan}, right: {measure: plan}", "always true (it checks nothing)"),
        ("kind: formula, check: a + b = b + a", "always true (it checks nothing)"),
        ("kind: formula, check: a - 1 > a", "never true (no table can pass it)"),
        ("kind: formula, check: 2 * a / 2 - a != 0", "never true (no table can pass it)"),
    ],
)
def test_a_rule_that_makes_no_sense_alone(rule: str, line: str) -> None:
    assert remarks(rule) == [f"r.yaml:1: r1: {line}"]


def test_texts_that_are_missing() -> None:
    assert remarks("kind: agree", head="") == [
        "r.yaml:1: r1: no severity (say error, warning or note)",
        "r.yaml:1: r1: no title (write the sentence an auditor will read)",
        "r.yaml:1: r1: no why (write the sentence an auditor will read)",
    ]
    assert remarks("kind: agree", head="severity: note, title: 가, why: {ko: 나}, basis: 지방재정법, example: {en: x}") == [
        "r.yaml:1: r1: title: no text in ko",
        "r.yaml:1: r1: title: no text in en",
        "r.yaml:1: r1: why: no text in en",
        "r.yaml:1: r1: example: no text in ko",
    ]


REPEATS = "r.yaml:2: r2: says what 'r1' at r.yaml:1 says already (remove one)"
REPLACES = "r.yaml:2: r2: says all that 'r1' at r.yaml:1 says (remove that one)"
CONTRADICTS = "r.yaml:2: r2: cannot be true together with 'r1' at r.yaml:1"


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("a - b = c", "c + b = a", REPEATS),
        ("a <= b", "b >= a", REPEATS),
        ("2 * a <= 2 * b", "a <= b", REPEATS),
        ("a = b", "a <= b", REPEATS),
        ("a > b", "a != b", REPEATS),
        ("a <= b", "a = b", REPLACES),
        ("a >= 0", "a >= 1", REPLACES),
        ("abs(a) = b", "abs(a) = b", REPEATS),
        ("a = b", "a = b + 1", CONTRADICTS),
        ("a < b", "a > b", CONTRADICTS),
        ("a >= 2", "a <= 1", CONTRADICTS),
        ("a = b", "a != b", CONTRADICTS),
    ],
)
def test_two_formulas_of_the_same_names(first: str, second: str, line: str) -> None:
    assert formulas(first, second) == [line]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a <= b", "b <= c"),
        ("a <= b", "a >= b"),
        ("a >= 0", "a <= 1"),
        ("a + b = c", "a - b = c"),
        ("abs(a) = b", "abs(b) = a"),
        ("a * b = c", "c = a * b"),
    ],
)
def test_formulas_that_go_together(first: str, second: str) -> None:
    assert formulas(first, second) == []


def test_equations_that_follow_from_several() -> None:
    follows = "r.yaml:3: r3: follows from the rules before it (it is not needed)"
    assert formulas("a = b + c", "d = a - b", "d = c") == [follows]
    impossible = "r.yaml:3: r3: cannot be true together with the rules before it"
    assert formulas("a = b + c", "d = a - b", "d = c + 1") == [impossible]


def test_rules_of_different_kinds_are_compared() -> None:
    within = "kind: within, left: 지출액, right: 예산액"
    assert remarks(within, "kind: formula, check: 지출액 <= 예산액") == [REPEATS]
    assert remarks(within, "kind: formula, check: 지출액 > 예산액") == [CONTRADICTS]
    change = "kind: change, change: 증감, new: 예산액, old: 전년도"
    assert remarks(change, "kind: formula, check: 증감 = 예산액 - 전년도") == [REPEATS]
    assert remarks(
        "kind: sum, along: source, parts: [local, national]", "kind: sum, along: source, parts: [national, local]"
    ) == [REPEATS]


def test_where_tells_rules_apart() -> None:
    rule = "kind: formula, check: a = b"
    assert remarks(f"{rule}, where: {{table: 세입*}}", f"{rule}, where: {{table: 세출*}}") == []
    assert remarks(rule, f"{rule}, where: {{table: 세출*}}") == [REPEATS]
    assert remarks(f"{rule}, where: {{table: 세출*}}", rule) == [REPLACES]
    assert remarks("kind: formula, check: a != b", f"{rule}, where: {{table: 세출*}}") == [CONTRADICTS]


def test_two_grades_of_one_check_are_no_repetition() -> None:
    assert remarks("kind: agree, tolerance: exact", "kind: agree, tolerance: 5%") == []


def test_a_retired_rule_is_left_alone() -> None:
    assert remarks("kind: formula, check: a = b", "kind: formula, check: a = b + 1, retired: '0.2'") == []


def test_columns_that_mean_two_things() -> None:
    above = "columns: {총예산: {measure: plan}}"
    Path("other.yaml").write_text("columns: {총예산: {measure: budget}}\ninclude: [r.yaml]\n", encoding="utf-8")
    assert remarks("kind: agree", above=above) == []
    assert [fault.text() for fault in lint("other.yaml", KINDS)] == [
        "r.yaml:1: column '총예산' has other coordinates at other.yaml:1"
    ]


def test_faults_come_before_remarks() -> None:
    assert remarks("kind: agre") == ["r.yaml:1: r1: unknown kind 'agre' (did you mean 'agree'?)"]


def test_many_rules_are_read_fast() -> None:
    assert len(formulas(*(f"a{number} = b{number} + c" for number in range(1500)), "a7 - b7 = c")) == 1


def test_the_shipped_packs_are_well() -> None:
    from budgetaudit.kinds import KINDS as SHIPPED

    options = {name: kind.options for name, kind in SHIPPED.items()}
    assert [fault.text() for pack in packs() for fault in lint(pack, options)] == []


COMPARATORS = st.sampled_from(sorted(COMPARE))
BOUNDS = st.integers(-2, 2).map(Fraction)


@given(COMPARATORS, BOUNDS, COMPARATORS, BOUNDS)
def test_bounds_are_judged_as_on_a_fine_grid(one: str, low: Fraction, two: str, high: Fraction) -> None:
    rule = Rule("r", "formula")  # type: ignore[arg-type]
    first, second = Claim(rule, (), one, low), Claim(rule, (), two, high)
    grid = [Fraction(at, 4) for at in range(-20, 21)]
    truths = [(COMPARE[one](at, low), COMPARE[two](at, high)) for at in grid]
    assert _possible(first, second) == any(a and b for a, b in truths)
    assert _implies(first, second) == all(b for a, b in truths if a)
