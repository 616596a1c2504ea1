"""The documentation tells the truth: every command of the README prints what the README says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from budgetaudit.cli import cli
from budgetaudit.kinds import KINDS
from budgetaudit.rulefiles import rulefile
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
SHELL = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def executed(block: str, run: Callable[..., Run]) -> str:
    """A block of commands with what each really prints behind it."""
    printed = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            name, *arguments = shlex.split(line[2:])
            assert name == "budgetaudit"
            result = run(*arguments)
            printed += f"{line}\n{result.out}{result.err}"
    return "\n".join(line.rstrip() for line in printed.splitlines()) + "\n"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("here")
def test_every_command_of_the_readme_prints_what_it_says(run: Callable[..., Run], request: pytest.FixtureRequest) -> None:
    assert len(CONSOLE.findall(README)) >= 4
    page = CONSOLE.sub(lambda block: executed(block.group(), run), README)
    if request.config.getoption("--update-golden"):
        (ROOT / "README.md").write_text(page, encoding="utf-8")
    else:
        assert page == README, "run pytest --update-golden and read what changed"


def test_the_first_two_lines_install_run_and_test() -> None:
    first, second = (block.strip() for block in SHELL[:2])
    assert re.fullmatch(
        r"python3 -m venv (\S+) && \1/bin/python -m pip install --quiet \. && \1/bin/budgetaudit check (\S+)", first
    )
    assert (ROOT / first.split()[-1]).exists()
    assert second.endswith("python -m pytest -n auto")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "python -m pytest -n auto"


def test_every_command_is_in_the_readme_and_has_help() -> None:
    for name, command in cli.commands.items():
        assert f"| `budgetaudit {name}" in README, name
        assert command.help
        assert all(option.help for option in command.params if isinstance(option, click.Option)), name


def test_every_link_and_path_of_the_documentation_exists() -> None:
    for page in (ROOT / "README.md", ROOT / "data" / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
    named = re.findall(r"`([\w-]+\.(?:txt|md|csv|xlsx|yaml))`", (ROOT / "data" / "README.md").read_text(encoding="utf-8"))
    assert {*named, "README.md"} == {path.name for path in (ROOT / "data").iterdir()}


def test_the_rule_of_the_readme_is_the_sample() -> None:
    block = re.search(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert block is not None
    assert block.group(1) == (ROOT / "data" / "my-rules.yaml").read_text(encoding="utf-8")


def test_the_changelog_names_every_rule() -> None:
    pages = (ROOT / "CHANGELOG.md", *(ROOT / "changes").glob("*.md"))
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    rules = rulefile.load(("korea-local",), {name: kind.options for name, kind in KINDS.items()})
    assert [rule.id for rule in rules.rules if not re.search(rf"\b{rule.id}\b", text)] == []


def test_every_fragment_of_the_changelog_is_one_line_of_a_known_kind() -> None:
    fragments = [path for path in (ROOT / "changes").iterdir() if path.name != "README.md"]
    for path in fragments:
        assert re.fullmatch(r"\+[\w-]+\.(added|changed|fixed|removed)\.md", path.name), path.name
        assert re.fullmatch(r"[^\n]{10,300}\n?", path.read_text(encoding="utf-8")), f"{path.name}: one line"
