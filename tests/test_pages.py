"""Every page of docs/ does what it says: its files are written, its commands run, their output compared."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from budgetaudit import vocabulary
from budgetaudit.kinds import KINDS
from budgetaudit.rulefiles import rulefile
from budgetaudit.rulefiles.formula_parser import FUNCTIONS
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.rulefiles.typed_yaml import shape
from budgetaudit.rulefiles.vocabulary_file import VocabularyFile
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "ko").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>\w*)(?: (?P<file>[\w./-]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def follow(page: str, run: Callable[..., Run]) -> str:
    """The page with its files written and what its commands really print."""

    def block(match: re.Match[str]) -> str:
        if match["file"]:
            Path(match["file"]).write_text(match["body"], encoding="utf-8")
        if match["language"] != "console":
            return match[0]
        printed = []
        for line in match["body"].splitlines():
            if line.startswith("$ "):
                name, *arguments = shlex.split(line[2:])
                assert name == "budgetaudit"
                result = run(*arguments)
                printed += [line, *(text.rstrip() for text in (result.out + result.err).splitlines())]
        return "```console\n" + "".join(f"{line}\n" for line in printed) + "```"

    return BLOCK.sub(block, page)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_command_prints_what_its_page_says(
    path: Path, run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    written = path.read_text(encoding="utf-8")
    page = follow(written, run)
    if request.config.getoption("--update-golden"):
        path.write_text(page, encoding="utf-8")
    else:
        assert page == written, "run pytest --update-golden and read what changed"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    named = [str(path.relative_to(ROOT / "docs")) for path in PAGES if path.name != "README.md"]
    assert [name for name in named if f"({name})" not in index] == []


def test_the_rule_language_names_every_key_kind_option_and_function() -> None:
    page = (ROOT / "docs" / "rule-language.md").read_text(encoding="utf-8")
    keys = [*rulefile.KEYS, *(key for key in shape(Rule))]
    options = [key for kind in KINDS.values() for key in shape(kind.options)]
    choices = [
        choice for kind in KINDS.values() for field in fields(kind.options) for choice in _choices(kind.options, field.name)
    ]
    assert [word for word in (*keys, *KINDS, *options, *choices) if f"`{word}`" not in page] == []
    assert [name for name in FUNCTIONS if f"`{name}(" not in page] == []


def _choices(options: type, name: str) -> tuple[str, ...]:
    wanted = get_type_hints(options)[name]
    literals = [option for option in (wanted, *get_args(wanted)) if get_origin(option) is Literal]
    return tuple(choice for literal in literals for choice in get_args(literal))


def test_the_page_on_vocabularies_names_every_section_and_member() -> None:
    page = (ROOT / "docs" / "vocabularies.md").read_text(encoding="utf-8")
    members = [member for members in vocabulary.load().dimensions.values() for member in members]
    sections = [key for key in shape(VocabularyFile) if key != "language"]
    assert [word for word in (*sections, *members) if f"`{word}`" not in page] == []
