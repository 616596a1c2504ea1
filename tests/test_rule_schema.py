"""The schema that editors use accepts what the loader accepts, and knows every key it knows."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from budgetaudit import vocabulary
from budgetaudit.kinds import KINDS
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.rulefiles.rule_schema import schema, text
from tests.test_rulefile import EVERY, GOOD, EveryType

ROOT = Path(__file__).parent.parent
OPTIONS = {name: kind.options for name, kind in KINDS.items()}
# Mistakes of shape, which a schema can see; words and formulas are the loader's to judge.
SHAPES = """a-rule-is-text a-sentence bad-selector column-without-coordinates columns-not-a-mapping list-for-text missing-formula
missing-id missing-kind missing-option missing-selector no-rules rules-not-a-list title-of-a-file unknown-choice
unknown-dimension unknown-key unknown-kind unknown-language unknown-top-key"""


@cache
def validator(*kinds: tuple[str, type]) -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    found = schema(dict(kinds), vocabulary.load())
    jsonschema.Draft7Validator.check_schema(found)
    return jsonschema.Draft7Validator(found)


def test_the_schema_is_up_to_date(request: pytest.FixtureRequest) -> None:
    path = ROOT / "rules" / "schema.json"
    if request.config.getoption("--update-golden"):
        path.write_text(text(OPTIONS, vocabulary.load()), encoding="utf-8")
    assert text(OPTIONS, vocabulary.load()) == path.read_text(encoding="utf-8"), (
        "run pytest --update-golden tests/test_rule_schema.py"
    )


def test_every_key_is_offered_with_its_meaning() -> None:
    definitions = schema(OPTIONS, vocabulary.load())["definitions"]
    for name, options in OPTIONS.items():
        found = definitions[f"kind-{name}"]["properties"]
        wanted = {field.name for field in fields(options)} | {f.name for f in fields(Rule) if f.metadata.get("read", True)}
        wanted.add("extends")
        assert found.keys() == wanted
        assert all(entry["description"] for entry in found.values())


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_rules_are_valid(path: Path) -> None:
    assert list(validator(*OPTIONS.items()).iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


def test_good_files_are_valid() -> None:
    assert list(validator(*OPTIONS.items()).iter_errors(yaml.safe_load(GOOD))) == []
    assert list(validator(("every", EveryType)).iter_errors(yaml.safe_load(EVERY))) == []


@pytest.mark.parametrize("name", SHAPES.split())
def test_mistakes_of_shape_are_seen(name: str) -> None:
    document = yaml.safe_load((ROOT / "tests" / "errors" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert list(validator(*OPTIONS.items()).iter_errors(document))
