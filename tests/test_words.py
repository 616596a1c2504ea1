"""A Korean report is in Korean and an English one in English, but for ids and what the document prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
import docx
import pytest
from lxml import etree, html

from budgetaudit import vocabulary
from budgetaudit.cli import cli
from budgetaudit.kinds import KINDS
from budgetaudit.messages import LANGUAGES, TEXTS, called, rulefiles
from budgetaudit.messages.usage import COMMANDS, OPTIONS
from budgetaudit.rulefiles import rulefile
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
HANGUL = re.compile("[가-힣]")
WORD = re.compile(r"[A-Za-z]{2,}")
# What is to be typed, quoted, or the name of a format or a program: the same in both languages.
TYPED = re.compile(
    r"`[^`]*`|'[^']*'|“[^”]*”|\{\w+\}|--?[a-z][\w-]*|\[[\w.-]+\]|pip install \S+|BUDGETAUDIT_\w+(=1)?|budgetaudit(\.toml)?|"
    r"\w+\.[a-z]{2,5}(?![a-z])|(?<![A-Za-z])[A-Z]{2,6}x?(?![A-Za-z])"
)
NAMES = {"Parquet", "Markdown", "Excel", "Word", "Windows", "GitHub", "MiB", "Unicode", "UTF", "pandas"}
NAMES |= {"check", "schema", "json", "pyarrow", "cryptography", "pypdfium"}  # commands, formats and packages
NAMES |= {"rule", "place", "difference", "reason", "author", "expires", "file", "table", "fingerprint"}  # keys of a waiver file
NAMES |= {"error", "warning", "note", "where", "columns", "select", "ignore", "extends", "vocabulary"}  # words of rule files
RULE_FILES = set(rulefiles.TEXTS) | {code for code in TEXTS if code.startswith("key-")}  # speak of keys, which are English


@pytest.mark.parametrize("code", sorted(set(TEXTS) - RULE_FILES))
def test_no_message_mixes_languages(code: str) -> None:
    korean, english = (TYPED.sub(" ", TEXTS[code][lang]) for lang in ("ko", "en"))
    assert not HANGUL.search(english), english
    assert set(WORD.findall(korean)) <= NAMES, korean


def test_every_message_is_said_somewhere() -> None:
    rooms = (path for path in (ROOT / "budgetaudit").rglob("*") if path.suffix in (".py", ".j2") and "messages" not in path.parts)
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms).replace("'", '"')
    for code in (code.removesuffix(".one") for code in TEXTS if not code.startswith(("over.", "under.", "test."))):
        families = [code[: found.end()] for found in re.finditer(r"[.-]", code)]
        assert f'"{code}"' in source or any(f'"{family}{{' in source or f'"{family}" ~' in source for family in families), code


@pytest.mark.parametrize("code", sorted(RULE_FILES))
def test_messages_of_rule_files_are_in_one_language(code: str) -> None:
    korean, english = TEXTS[code]["ko"], TYPED.sub(" ", TEXTS[code]["en"])
    assert not HANGUL.search(english), english
    assert HANGUL.search(korean) or not WORD.search(TYPED.sub(" ", korean)), korean


def test_what_a_rule_demands_and_why_is_in_one_language() -> None:
    for rule in rulefile.load(("korea-local", "generic"), {name: kind.options for name, kind in KINDS.items()}).rules:
        for texts in (rule.title, rule.why, rule.basis):
            korean, english = (TYPED.sub(" ", texts.get(lang, "")) for lang in ("ko", "en"))
            assert not HANGUL.search(english), english
            assert not WORD.search(korean), korean


def test_help_is_korean_for_every_command_and_option() -> None:
    for name, command in [("budgetaudit", cli), *cli.commands.items()]:
        assert HANGUL.search(COMMANDS[name]), name
        for option in command.params:
            if isinstance(option, click.Option):
                assert HANGUL.search(OPTIONS[option.help or ""]), option.help


@pytest.mark.parametrize("name", ["", *cli.commands])
def test_help_on_the_screen(name: str, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    for lang in LANGUAGES:
        monkeypatch.setenv("BUDGETAUDIT_LANG", lang)
        shown = run(*filter(None, [name]), "--help").out
        assert (HANGUL.search(shown) is not None) == (lang == "ko"), shown


def test_the_system_decides_the_language_where_nothing_else_does(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "규칙이 없습니다" in run("rules", "no-such-rule").err
    assert "unknown rule" in run("rules", "no-such-rule", "--lang", "en").err
    monkeypatch.setenv("BUDGETAUDIT_LANG", "en")
    assert "unknown rule" in run("rules", "no-such-rule").err
    monkeypatch.delenv("BUDGETAUDIT_LANG")
    (tmp_path / "budgetaudit.toml").write_text('lang = "en"\n')
    assert "unknown rule" in run("rules", "no-such-rule").err


def test_every_member_of_the_vocabularies_has_a_name() -> None:
    words = vocabulary.load()
    for dimension, members in words.dimensions.items():
        for member in members:
            for lang in LANGUAGES:
                assert bool(HANGUL.search(called(dimension, member, lang))) == (lang == "ko"), (dimension, member)


def words_of(report: Path) -> str:
    """What somebody reads of a report, and what a browser shows or reads out of its attributes."""
    if report.suffix == ".docx":
        document = docx.Document(str(report))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    text = report.read_text(encoding="utf-8")
    if report.suffix == ".html":
        root = html.document_fromstring(text)
        for hidden in root.xpath("//style | //script"):
            hidden.drop_tree()
        return " ".join([*root.itertext(), *root.xpath("//@title | //@aria-label | //@data-head")])
    if report.suffix == ".junit":
        root = etree.fromstring(text.encode())
        return " ".join([*root.itertext(), *root.xpath("//@name | //@message")])
    return text


KOREAN = ("balanced-development.txt", "pledge-card.txt", "targets.csv")
ENGLISH = """Department,Appropriation,Expended,Encumbered,Balance
Police,"12,450,300","11,902,110","402,115","146,075"
Parks,"3,275,150","2,990,010",0,"285,410"
Total,"15,725,450","14,892,120","402,115","431,215"
"""


@pytest.mark.parametrize("form", ["table", "markdown", "github", "html", "junit", "docx"])
@pytest.mark.parametrize("name", KOREAN)
def test_korean_reports_are_korean(
    name: str, form: str, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    target = tmp_path / f"report.{form}"
    run("check", f"data/{name}", "--lang", "ko", "--evidence", "--verbose", "--format", form, "-o", target)
    shown = words_of(target)
    typed = r"::(error|warning|notice) [^:]*::|[\w/.-]+\.(?:txt|csv)|SHA-256:? ?\w*|budgetaudit \S+|<br>|--\w+"
    shown = re.sub(typed, " ", shown)
    ids = set(re.findall(r"[a-z]+(?:-[a-z]+)*", run("rules", "--lang", "ko").out))
    assert HANGUL.search(shown)
    assert set(re.findall(r"[A-Za-z]{2,}(?:-[A-Za-z]+)*", shown.replace("\\", ""))) - ids == set()


@pytest.mark.parametrize("form", ["table", "markdown", "html", "csv", "json", "junit", "sarif", "github"])
def test_an_english_report_has_no_korean_word(form: str, run: Callable[..., Run], tmp_path: Path) -> None:
    path = tmp_path / "balance.csv"
    path.write_text(ENGLISH, encoding="utf-8")
    shown = run("check", path, "--rules", "generic", "--lang", "en", "--evidence", "--verbose", "--format", form)
    assert shown.code == 1
    assert not HANGUL.search(shown.out), HANGUL.search(shown.out)


def test_tables_and_rules_are_in_one_language(run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "balance.csv").write_text(ENGLISH, encoding="utf-8")
    assert not HANGUL.search(run("tables", "balance.csv", "--lang", "en").out)
    shown = run("tables", "balance.csv", "--lang", "ko").out
    assert "집행액" in shown
    assert "execution" not in shown
    assert "오류" in run("rules", "change", "--lang", "ko").out
