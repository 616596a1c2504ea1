"""The plan of the house: imports point down, siblings stay apart, registries are complete, texts stand in both languages."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

from budgetaudit.kinds import KINDS
from budgetaudit.messages import LANGUAGES, TEXTS
from budgetaudit.readers import FORMATS
from budgetaudit.reports import REPORTS

PACKAGE = Path(__file__).parent.parent / "budgetaudit"

# What a room may import; rooms that are not named here are only kept from importing in circles.
MAY = {
    "model": set(),
    "messages": {"model"},
    "readers": {"model", "messages"},
    "assurance": {"model"},
    "reports": {"model", "messages", "assurance", "labels", "rulefiles", "drafts", "waivers"},
    "labels": {"model", "messages", "amounts", "label_text", "units", "periods", "vocabulary", "rulefiles"},
    "structure": {
        "model",
        "messages",
        "amounts",
        "units",
        "label_text",
        "vocabulary",
        "rounding",
        "relations",
        "rulefiles",
        "labels",
        "slips",
    },
    "relations": {"model", "rounding", "rulefiles"},
    "diagnosis": {"model", "relations", "slips"},
}
LADDER = (
    "model",
    "messages",
    "relations",
    "label_text",
    "currencies",
    "units",
    "amounts",
    "vocabulary",
    "labels",
    "structure",
    "sentences",
    "kinds",
    "pipeline",
    "jobs",
    "cli",
)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's syntax tree, parsed once for all tests."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The modules a file imports, anywhere in it; imports for types alone are left out."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    blocks = [block for block in nodes(path) if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)]
    for_types = {node for block in blocks for node in ast.walk(block)}
    for node in nodes(path):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "budgetaudit":
            yield from (f"budgetaudit.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def room(module: str) -> str:
    """The first name below the package."""
    return module.split(".")[1] if module.startswith("budgetaudit.") else ""


@cache
def rooms() -> dict[str, set[str]]:
    """Each room with the rooms it imports."""
    graph: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name != "__init__":
            found = {room(module) for module in imports(path)}
            graph.setdefault(name, set()).update(found & set(names()) - {name})
    return graph


@cache
def names() -> list[str]:
    return [
        path.stem
        for path in PACKAGE.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    ]


def test_no_room_imports_in_a_circle() -> None:
    assert set(TopologicalSorter(rooms()).static_order()) >= set(rooms())  # a circle raises CycleError


def test_no_import_points_up() -> None:
    graph = rooms()
    up = [(low, high) for at, low in enumerate(LADDER) for high in LADDER[at + 1 :] if high in graph.get(low, set())]
    assert up == []


@pytest.mark.parametrize("name", sorted(MAY))
def test_a_room_imports_only_what_it_may(name: str) -> None:
    assert rooms()[name] <= MAY[name]


def test_only_relations_are_judged() -> None:
    """A comparison, its verdict and its tolerance are made in one package; who diagnoses only copies them."""
    made = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for call in nodes(path)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id == "Comparison" or (call.func.id != "say" and "verdict" in {keyword.arg for keyword in call.keywords})
    }
    assert made == {"relations/confront.py", "findings.py"}
    tolerant = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "kind" and "tolerance" in ast.dump(node.value)
    }
    assert tolerant <= {"relations", "rulefiles", "engines", "ledger"}


def test_click_only_in_the_command_line() -> None:
    paths = (path for path in PACKAGE.rglob("*.py") if any(module.split(".")[0] == "click" for module in imports(path)))
    assert {path.relative_to(PACKAGE).parts[0] for path in paths} == {"cli"}


@pytest.mark.parametrize(("folder", "prefix"), [("readers", "from_"), ("reports", "to_")])
def test_siblings_do_not_import_each_other(folder: str, prefix: str) -> None:
    found = [
        (path.name, module)
        for path in (PACKAGE / folder).glob(f"{prefix}*.py")
        for module in imports(path)
        if module.startswith(f"budgetaudit.{folder}.{prefix}")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("registry", "folder", "pattern"),
    [(FORMATS, "readers", "from_*.py"), (REPORTS, "reports", "to_*.py")],
    ids=["readers", "reports"],
)
def test_a_registry_equals_its_folder(registry: dict[str, str], folder: str, pattern: str) -> None:
    assert set(registry.values()) == {path.stem for path in (PACKAGE / folder).glob(pattern)}


def test_every_kind_of_rule_has_its_module() -> None:
    modules = {kind.compare.__module__.rpartition(".")[2] for kind in KINDS.values()}
    assert modules == {path.stem for path in (PACKAGE / "kinds").glob("*.py")} - {"__init__", "options"}


def test_every_text_that_is_said_stands_in_the_messages() -> None:
    """Codes written as literals; what is computed from a value is tested where it is used."""
    speaking = {"Message", "ReadError", "say"}
    said = {
        (path.name, call.args[0].value)
        for path in PACKAGE.rglob("*.py")
        for call in nodes(path)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in speaking
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value
    }
    assert len(said) > 50
    assert {(name, code) for name, code in said if code not in TEXTS} == set()


def test_no_code_of_a_text_is_used_twice() -> None:
    rooms_of_texts = [path.stem for path in (PACKAGE / "messages").glob("*.py") if path.stem not in ("__init__", "particles")]
    codes = [code for name in rooms_of_texts for code in import_module(f"budgetaudit.messages.{name}").TEXTS]
    assert sorted(codes) == sorted(set(codes))


def test_every_text_is_said_in_every_language() -> None:
    assert {code for code, texts in TEXTS.items() if set(texts) != set(LANGUAGES) or not all(texts.values())} == set()


def test_languages_fill_the_same_places() -> None:
    def fields(text: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    assert {code for code, texts in TEXTS.items() if len({frozenset(fields(text)) for text in texts.values()}) > 1} == set()


def test_no_value_is_followed_by_a_particle_that_may_not_fit_it() -> None:
    fixed = re.compile(r"\{\w+\}['’]?(으로|로|을|를|이|가|은|는|와|과|라고)(?![가-힣(])")
    assert {code for code, texts in TEXTS.items() if fixed.search(texts["ko"])} == set()


def test_korean_is_of_one_politeness() -> None:
    assert {code for code, texts in TEXTS.items() if "세요" in texts["ko"]} == set()
