"""Rule files: what is read of a good one, what each mistake prints, how files combine, bounds on hostile ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit import vocabulary
from budgetaudit.kinds import KINDS as ALL_KINDS
from budgetaudit.kinds import options
from budgetaudit.messages import TEXTS, rulefiles
from budgetaudit.rulefiles import strict_yaml, vocabulary_file
from budgetaudit.rulefiles.expressions import Compare, Expression
from budgetaudit.rulefiles.formula_parser import parse
from budgetaudit.rulefiles.rule import Column, Dimension, Member, Rule, RuleSet, Selector, Text, Tolerance, Where
from budgetaudit.rulefiles.rulefile import load, packs
from budgetaudit.rulefiles.strict_yaml import RuleFileError

ROOT = Path(__file__).parent.parent
ERRORS = ROOT / "tests" / "errors"
KINDS: dict[str, type] = {name: ALL_KINDS[name].options for name in ("sum", "agree", "within", "change", "rate", "formula")}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write rule files into an empty current folder."""
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes, name: str = "mine.yaml") -> str:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
        return name

    return write


def faults(specs: str | list[str], kinds: dict[str, type] | None = None) -> list[str]:
    with pytest.raises(RuleFileError) as caught:
        load(specs, kinds or KINDS)
    return caught.value.text().splitlines()


# --- the gallery of mistakes ---------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(ERRORS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_mistake_prints_its_line(path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.chdir(ERRORS)
    with pytest.raises(RuleFileError) as caught:
        load(path.name, KINDS)
    printed = "".join(f"{fault.text('en')}\n{fault.text('ko')}\n" for fault in caught.value.faults)
    expected = path.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(printed, encoding="utf-8")
    assert printed == expected.read_text(encoding="utf-8")


# These need more than one small file, or are said of formulas, whose own test has them.
ELSEWHERE = {
    "yaml-missing",
    "yaml-directory",
    "yaml-unreadable",
    "yaml-too-large",
    "unknown-pack",
    "too-many-files",
    "empty-folder",
}
ELSEWHERE |= {"not-vocabulary", "label-twice", "too-many-faults", "allowed", "did-you-mean"}


def test_the_gallery_has_every_mistake() -> None:
    shown: set[str] = set()
    for path in ERRORS.glob("*.yaml"):
        with pytest.raises(RuleFileError) as caught:
            load(str(path), KINDS)
        shown |= {fault.message.code for fault in caught.value.faults}
    mistakes = {
        code
        for code in rulefiles.TEXTS
        if not code.startswith(("formula-", "type-", "explain-", "kind-", "key-", "lint-", "new-", "case-", "tolerance."))
    }
    assert mistakes - ELSEWHERE == shown


def test_every_text_is_said_in_both_languages_with_the_same_arguments() -> None:
    for code, texts in rulefiles.TEXTS.items():
        assert texts.keys() == {"ko", "en"}, code
        arguments = [sorted(part.split("}")[0] for part in text.replace("{{", "").split("{")[1:]) for text in texts.values()]
        assert arguments[0] == arguments[1], code
        assert TEXTS[code] is texts


# --- what a good file says -----------------------------------------------------------------------

GOOD = """
vocabulary: [korean]
columns:
  총  예산: {measure: plan, source: 시비, year: 2024}
rules:
- id: funding-sources
  title: {ko: 재원별 합, en: Sources add up}
  kind: sum
  along: source
  parts: [local, 국비]
  severity: warning
  why: 왜냐하면
  basis: {en: Act}
- {id: "0101", kind: change, retired: "0.3"}
- id: 결산-균형
  kind: formula
  check: 예산현액 - 지출액 = 집행 잔액
  where: {table: 세출결산*, file: [a*.csv, b.csv]}
  tolerance: 0.5%
- id: within
  kind: within
  left: {measure: execution, year: [2022, prior], source: total}
  right: 계획  액
  also: cumulative
  tolerance: 1,000천원
"""


def test_a_good_file(write: Any) -> None:
    rules = load(write(GOOD), KINDS)
    assert rules == RuleSet(
        rules=(
            Rule(
                id="funding-sources",
                kind="sum",
                title={"ko": "재원별 합", "en": "Sources add up"},
                severity="warning",
                why={"ko": "왜냐하면", "en": "왜냐하면"},
                basis={"ko": "Act", "en": "Act"},
                options=options.SumOptions("source", None, ("local", "national")),
                file="mine.yaml",
                line=6,
            ),
            Rule(
                id="0101",
                kind="change",
                title={"ko": "0101", "en": "0101"},
                retired="0.3",
                options=options.ChangeOptions(),
                file="mine.yaml",
                line=14,
            ),
            Rule(
                id="결산-균형",
                kind="formula",
                title={"ko": "결산-균형", "en": "결산-균형"},
                tolerance=Tolerance("percent", Decimal("0.5")),
                where=Where(table=("세출결산*",), file=("a*.csv", "b.csv")),
                options=options.FormulaOptions(parse("예산현액 - 지출액 = 집행 잔액")),
                file="mine.yaml",
                line=15,
            ),
            Rule(
                id="within",
                kind="within",
                title={"ko": "within", "en": "within"},
                tolerance=Tolerance("amount", Decimal(1000), "천원"),
                options=options.WithinOptions(
                    Selector((("measure", ("execution",)), ("year", ("2022", "prior")), ("source", ("total",)))),
                    Selector(label="계획 액"),
                    "cumulative",
                ),
                file="mine.yaml",
                line=20,
            ),
        ),
        vocabulary=("korean",),
        columns=(Column("총 예산", (("measure", "plan"), ("source", "local"), ("year", "2024")), "mine.yaml", 4),),
        names=("mine.yaml",),
    )
    assert [rule.id for rule in rules.active()] == ["funding-sources", "결산-균형", "within"]
    assert rules.find("0101") is rules.rules[1]
    assert rules.find("101") is None


@dataclass(frozen=True)
class EveryType:
    """One field of each type a kind may ask for."""

    text: str
    flag: bool
    whole: int
    number: Decimal
    texts: Text
    dimension: Dimension
    member: Member
    selector: Selector
    check: Compare
    amount: Expression
    choice: Literal["a", "b"]
    several: tuple[str, ...]
    inner: Where
    along: Dimension
    maybe: int | None = None


EVERY = """
- id: all
  kind: every
  text: no
  flag: True
  whole: -7
  number: 0.10
  texts: {ko: 가}
  dimension: item
  member: 도비
  selector: {item: [가, 나]}
  check: a <= 5%
  amount: a + b
  choice: b
  several: x
  inner: {sheet: s*}
  along: source
"""


def test_every_type(write: Any) -> None:
    found = load(write(EVERY), {"every": EveryType}).rules[0].options
    assert found == EveryType(
        text="no",
        flag=True,
        whole=-7,
        number=Decimal("0.10"),
        texts={"ko": "가", "en": "가"},
        dimension="item",
        member="provincial",
        selector=Selector((("item", ("가", "나")),)),
        check=parse("a <= 5%"),
        amount=parse("a + b"),
        choice="b",
        several=("x",),
        inner=Where(sheet=("s*",)),
        along="source",
    )
    assert str(found.number) == "0.10"


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("flag", "yes", "flag: expected true or false, found 'yes'"),
        ("whole", "1.5", "whole: expected a number, found '1.5'"),
        ("number", "1e5", "number: expected a number, found '1e5'"),
        ("number", "nan", "number: expected a number, found 'nan'"),
        ("maybe", "[]", "maybe: expected a number, found a list"),
        ("inner", "{sheet: [a, {}]}", "sheet: expected text, found a mapping"),
        ("texts", "{}", "texts: expected text or {ko: …, en: …}, found a mapping"),
        ("selector", "{}", "selector: expected a mapping such as 'measure: execution', or a column's name, found a mapping"),
        ("selector", "''", "selector: no value (give a mapping such as 'measure: execution', or a column's name)"),
        ("amount", "a +", "amount: character 4: the formula ends here: a name or a number is needed"),
        ("choice", "c", "choice: 'c' is not a choice (allowed: a, b)"),
    ],
)
def test_every_type_refuses(write: Any, key: str, value: str, line: str) -> None:
    kept = "\n".join(entry for entry in EVERY.splitlines() if not entry.startswith(f"  {key}:"))
    [found] = faults(write(f"{kept}\n  {key}: {value}\n"), {"every": EveryType})
    assert found.split(": all: ")[1] == line


@pytest.mark.parametrize(
    ("text", "tolerance", "written"),
    [
        ("rounding", Tolerance(), "rounding"),
        ("exact", Tolerance("exact"), "exact"),
        ("1000", Tolerance("amount", Decimal(1000)), "1,000"),
        ("1,000.5", Tolerance("amount", Decimal("1000.5")), "1,000.5"),
        ("5 백만원", Tolerance("amount", Decimal(5), "백만원"), "5백만원"),
        ("0.5%", Tolerance("percent", Decimal("0.5")), "0.5%"),
        ("1 %", Tolerance("percent", Decimal(1)), "1%"),
    ],
)
def test_tolerances(write: Any, text: str, tolerance: Tolerance, written: str) -> None:
    found = load(write(f"- {{id: a, kind: agree, tolerance: '{text}'}}"), KINDS).rules[0].tolerance
    assert found == tolerance
    assert str(found) == written


@pytest.mark.parametrize("text", ["-5", "five", "5%%", "1e9", "5 5", "%", "9" * 40])
def test_no_tolerances(write: Any, text: str) -> None:
    [line] = faults(write(f"- {{id: a, kind: agree, tolerance: '{text}'}}"))
    assert line.startswith(f"mine.yaml:1: a: tolerance: cannot read '{text}'")


def test_the_members_that_options_name_by_default_exist() -> None:
    members = vocabulary.load().dimensions
    for cls in KINDS.values():
        for field in fields(cls):
            if isinstance(field.default, Selector):
                assert all(set(chosen) <= set(members[dimension]) for dimension, chosen in field.default.members)


@pytest.mark.parametrize(
    ("patterns", "text", "fits"),
    [
        ((), None, True),
        (("세출*",), "세출 결산", True),
        (("세출*",), "세입", False),
        (("세출*", "*입"), "세입", True),
        (("가 나",), "가   나", True),
        (("세출*",), None, False),
        (("*" * 50 + "x",), "y" * 5000, False),
    ],
)
def test_where(patterns: tuple[str, ...], text: str | None, fits: bool) -> None:
    assert Where.matches(patterns, text) is fits


# --- several files -------------------------------------------------------------------------------


def test_files_include_others_once_and_in_order(write: Any) -> None:
    write(
        "include: [themes/sums.yaml, themes/more.yaml]\nvocabulary: [english]\nrules: [{id: last, kind: agree}]", "pack/all.yaml"
    )
    write("include: [../themes/sums.yaml, ../all.yaml]\nrules: [{id: second, kind: agree}]", "pack/themes/more.yaml")
    write("- {id: first, kind: agree}", "pack/themes/sums.yaml")
    rules = load(["pack/all.yaml", "pack/themes/sums.yaml"], KINDS)
    assert [(rule.id, Path(rule.file).name) for rule in rules.rules] == [
        ("last", "all.yaml"),
        ("first", "sums.yaml"),
        ("second", "more.yaml"),
    ]
    assert rules.vocabulary == ("english",)


def test_a_folder_is_all_its_files(write: Any) -> None:
    write("- {id: b, kind: agree}", "pack/b.yaml")
    write("- {id: a, kind: agree}", "pack/a.yml")
    write("not a rule", "pack/notes.txt")
    assert [rule.id for rule in load("pack", KINDS).rules] == ["a", "b"]
    assert load("pack", KINDS).vocabulary == ("korean", "english")


def test_vocabularies_combine_and_may_be_files(write: Any) -> None:
    write("language: xx\ndimensions:\n  fund: {general: [Generalfonds]}\n", "words/mine.yaml")
    write(
        "vocabulary: [korean, ../words/mine.yaml]\nrules:\n- {id: a, kind: sum, along: fund, parts: [Generalfonds]}",
        "pack/a.yaml",
    )
    write("vocabulary: [english]\nrules: [{id: b, kind: agree}]", "pack/b.yaml")
    rules = load(["pack/a.yaml", "pack/b.yaml"], KINDS)
    assert rules.vocabulary == ("korean", str(Path("pack/../words/mine.yaml")), "english")
    assert rules.rules[0].options.parts == ("general",)


VOCABULARY = """
language: xx
totals: [Gesamt, [Summe]]
total: [Total]
dimensions:
  source: {national: Bund, local: [Gemeinde, Bund]}
  fund: [general]
units:
  money: {CHF: eins, kCHF: 1000}
  other_money: {EUR: {currency: EUR}}
"""


def test_a_vocabulary_of_ones_own_is_checked(write: Any) -> None:
    write(VOCABULARY, "words/mine.yaml")
    write("vocabulary: [mine.yaml]\nrules: [{id: a, kind: agree}]", "words/rules.yaml")
    assert faults("words/rules.yaml") == [
        "words/mine.yaml:3: totals: expected text, found a list",
        "words/mine.yaml:4: unknown key 'total' (did you mean 'totals'?)",
        "words/mine.yaml:7: dimensions.fund: expected a mapping, found a list",
        "words/mine.yaml:9: money.CHF: expected a number, found 'eins'",
        "words/mine.yaml:10: 'scale' is missing (give a number)",
    ]
    write("dimensions:\n  source: {national: Bund, local: [Gemeinde, b und]}\n", "words/mine.yaml")
    assert faults("words/rules.yaml") == [
        "words/mine.yaml:2: 'b und' has two meanings (it is source.national already, on line 2)"
    ]
    write("[Bund]", "words/mine.yaml")
    assert faults("words/rules.yaml") == ["words/mine.yaml:1: a vocabulary must be a mapping"]


@pytest.mark.parametrize("path", sorted((ROOT / "rules" / "vocabulary").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_vocabularies_are_sound(path: Path) -> None:
    assert [fault.text() for fault in vocabulary_file.check(path, path.name)] == []


def test_every_list_of_words_may_be_written() -> None:
    assert set(vocabulary.LISTS) < {field.name for field in fields(vocabulary_file.VocabularyFile)}


def test_ids_are_unique_across_files(write: Any) -> None:
    write("- {id: a, kind: agree}", "one.yaml")
    write("- {id: b, kind: agree}\n- {id: a, kind: agree}", "two.yaml")
    assert faults(["one.yaml", "two.yaml"]) == ["two.yaml:2: a: the same id is already at one.yaml:1 (choose another)"]


def test_mistakes_of_all_files_are_said_together(write: Any) -> None:
    write("- {id: a, kind: agre}", "one.yaml")
    write("- {id: a, kind: agree, of: []\n", "two.yaml")
    write("include: [gone.yaml]\nrules: [{id: c}]", "three.yaml")
    assert faults(["one.yaml", "two.yaml", "three.yaml"]) == [
        "one.yaml:1: a: unknown kind 'agre' (did you mean 'agree'?)",
        "two.yaml:2: not YAML: while parsing a flow mapping: did not find expected ',' or '}'",
        "three.yaml:1: include 'gone.yaml': no such file (check the path)",
        "three.yaml:2: c: 'kind' is missing (give the name of a kind such as sum)",
    ]


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        ("gone.yaml", "gone.yaml: no such file (check the path)"),
        ("korea-locl", "korea-locl: no pack or file is called 'korea-locl'"),
        ("", "no pack or file is called ''"),
        ("korea", "korea: no pack or file is called 'korea' (did you mean 'korea-local'?)"),  # a theme is no pack
        ("empty-folder", "empty-folder: the folder holds no .yaml file"),
        ("gone" * 100, f"{'gone' * 100}: no pack or file is called"),
        ("gone" * 100 + ".yaml", f"{'gone' * 100}.yaml: cannot be read: File name too long"),
        ("\0", "�: no pack or file is called '�'"),
        ("a/\0", "a/�: cannot be read: embedded null byte"),
    ],
)
def test_what_cannot_be_found(write: Any, spec: str, line: str) -> None:
    write("", "empty-folder/notes.txt")
    [found] = faults(spec)
    assert found.startswith(line)


def test_an_include_that_is_a_folder(write: Any) -> None:
    write("", "themes/notes.txt")
    assert faults(write("include: [themes]")) == ["mine.yaml:1: include 'themes': is a folder (name a file)"]


def test_shipped_packs_load() -> None:
    for pack in packs():
        rules = load(pack, _shipped_kinds())
        assert rules.rules, pack
        assert all(rule.file.startswith("rules/") for rule in rules.rules)


def _shipped_kinds() -> dict[str, type]:
    from budgetaudit import kinds

    return {name: kind.options for name, kind in getattr(kinds, "KINDS", {}).items()}


# --- hostile files ------------------------------------------------------------------------------


def _hostile() -> Iterator[tuple[str, str]]:
    yield "deep lists", "[" * 1_900_000
    yield "deep mappings", "{a: " * 400_000
    yield "deep blocks", "- " * 900_000
    yield "complex keys", "? " * 900_000
    yield "many entries", "- a\n" * 450_000
    yield "large", "#" * 2_000_001
    yield "open quote", '"' + "a" * 1_900_000
    yield "open list", "[\n" + "#\n" * 900_000
    yield "a word of two megabytes", "a" * 1_999_999
    yield "a tag of a megabyte", "!" * 1_000_000
    yield "a key of a megabyte", f"- {'k' * 1000_000}: 1"
    yield "an id of a megabyte", f"- id: {'k' * 1_000_000}\n  kind: sum"
    yield "a kind of a megabyte", f"- id: a\n  kind: {'k' * 1_000_000}"
    yield "a formula of a megabyte", f"- id: a\n  kind: formula\n  check: {'k+' * 500_000}"
    yield "a tolerance of a megabyte", f"- id: a\n  kind: agree\n  tolerance: {'1' * 1_000_000}"
    yield "many unknown keys", "- id: a\n  kind: agree\n" + "".join(f"  k{i}: 1\n" for i in range(40_000))
    yield "many bad rules", "- {kind: summ}\n" * 40_000
    yield "laughs", "a: &a [" + "x," * 1000 + "]\nb: [" + "*a," * 100_000 + "]"
    yield "itself", "&a [*a]"


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _hostile()])
def test_a_hostile_file_is_refused_fast_and_in_short_lines(write: Any, text: str) -> None:
    path = write(text)
    start = time.process_time()
    lines = faults(path)
    assert time.process_time() - start < 3
    assert len(lines) <= 102
    assert max(map(len, lines)) < 400


def test_too_many_files(write: Any) -> None:
    for number in range(210):
        write(f"- {{id: r{number}, kind: agree}}", f"pack/{number:03}.yaml")
    assert "more than 200 rule files" in faults("pack")[0]


def test_a_quoted_text_cannot_break_the_line(write: Any) -> None:
    [line] = faults(write('- id: a\n  kind: agree\n  "un\\nknown\\e[31m": 1\n'))
    assert line.startswith("mine.yaml:3: a: unknown key 'un known�[31m'")


def test_the_pure_python_parser_reads_the_same(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    with_c = load(write(GOOD), KINDS)
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.BaseLoader)
    assert load("mine.yaml", KINDS) == with_c
    for path in ERRORS.glob("*.yaml"):
        with pytest.raises(RuleFileError):
            load(str(path), KINDS)


SCALARS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "sum",
            "agree",
            "source",
            "a = b",
            "id",
            "kind",
            "measure",
            "exact",
            "국비",
            "[",
            "{",
            "&a",
            "*a",
            "!!x",
            "%",
            "- x",
            "korean",
        ]
    ),
)
KEYS = (
    st.sampled_from(
        ["id", "kind", "along", "rules", "include", "vocabulary", "columns", "left", "where", "check", "tolerance", "title", "of"]
    )
    | SCALARS
)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25)


@given(TREES, st.randoms(use_true_random=False))
def test_any_file_is_read_or_refused_with_lines(tmp_path_factory: pytest.TempPathFactory, tree: Any, random: Any) -> None:
    import yaml

    text = yaml.safe_dump(tree, allow_unicode=random.random() < 0.5, default_flow_style=random.random() < 0.5)
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        rules = load(str(path), KINDS)
    except RuleFileError as error:
        lines = [fault.text(lang) for fault in error.faults for lang in ("ko", "en")]
        assert lines
        assert all(line.startswith(str(path)) and "\n" not in line for line in lines)
    else:
        assert all(is_dataclass(rule.options) for rule in rules.rules)


def test_a_file_includes_a_pack_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("language: pl\ntotals: [razem]\n", encoding="utf-8")
    (tmp_path / "rules.yaml").write_text("vocabulary: [words.yaml]\ninclude: [generic]\n", encoding="utf-8")
    rules = load((str(tmp_path / "rules.yaml"),), {name: kind.options for name, kind in ALL_KINDS.items()})
    assert rules.vocabulary[0].endswith("words.yaml")
    assert "english" in rules.vocabulary
    assert rules.find("items") is not None
