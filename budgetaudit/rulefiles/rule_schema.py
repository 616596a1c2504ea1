"""A JSON Schema of rule files, for editors that complete and check YAML while it is written.

Made of the same dataclasses the loader reads; the loader stays the judge. Kept in `rules/schema.json`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, is_dataclass
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

from budgetaudit.messages import LANGUAGES, TEXTS, say
from budgetaudit.rulefiles.expressions import Compare, Expression
from budgetaudit.rulefiles.filters import Filter
from budgetaudit.rulefiles.rule import Dimension, Identifier, KindName, Member, Rule, Selector, Text, Tolerance
from budgetaudit.rulefiles.rulefile import KEYS
from budgetaudit.rulefiles.typed_yaml import DIMENSIONS, shape
from budgetaudit.vocabulary import Vocabulary

# The loader reads every scalar as text, but an editor sees 0101 as a number and no as a truth value.
_WORD = {"type": ["string", "number", "boolean"]}


def schema(kinds: Mapping[str, type], words: Vocabulary) -> dict[str, Any]:
    """The schema of a rule file with these kinds; members of the vocabulary are offered, other words allowed."""
    dimensions = list(dict.fromkeys((*DIMENSIONS, *words.dimensions)))
    named = {
        "rule": _rule(kinds),
        "text": {"anyOf": [_WORD, _object(dict.fromkeys(LANGUAGES, _WORD))]},
        "dimension": {"enum": dimensions},
        "member": {"anyOf": [{"enum": _members(words)}, _WORD]},
        "selector": {"anyOf": [_WORD, _object({name: _offered(words.dimensions.get(name, ())) for name in dimensions})]},
        "tolerance": {"anyOf": [{"enum": ["rounding", "truncation", "exact"]}, {"type": ["number", "string"]}]},
        "words": {"anyOf": [_WORD, {"type": "array", "items": _WORD}]},
        "rules": {"type": "array", "items": {"$ref": "#/definitions/rule"}},
        **{f"kind-{name}": _kind(name, cls) for name, cls in sorted(kinds.items())},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "budgetaudit rules",
        "anyOf": [{"$ref": "#/definitions/rules"}, _file()],
        "definitions": named,
    }


def text(kinds: Mapping[str, type], words: Vocabulary) -> str:
    """The schema as `rules/schema.json` holds it."""
    return json.dumps(schema(kinds, words), ensure_ascii=False, indent=1) + "\n"


def _object(properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False, **more}


def _file() -> dict[str, Any]:
    column = {"type": "object", "additionalProperties": _WORD}
    types_of = {
        "title": {"$ref": "#/definitions/text"},
        "vocabulary": {"$ref": "#/definitions/words"},
        "include": {"$ref": "#/definitions/words"},
        "columns": {"type": "object", "additionalProperties": column},
        "rules": {"$ref": "#/definitions/rules"},
    }
    return _object({key: types_of[key] for key in KEYS}, anyOf=[{"required": ["rules"]}, {"required": ["include"]}])


def _rule(kinds: Mapping[str, type]) -> dict[str, Any]:
    """Which keys are right depends on the kind."""
    of_kind = [
        {"if": {"properties": {"kind": {"const": name}}}, "then": {"$ref": f"#/definitions/kind-{name}"}}
        for name in sorted(kinds)
    ]
    # A rule that extends another takes over its kind and all keys it does not write.
    whole = {"required": ["id", "kind"], "properties": {"kind": {"enum": sorted(kinds)}}, "allOf": of_kind}
    return {"type": "object", "if": {"required": ["extends"]}, "then": {}, "else": whole}


def _kind(name: str, cls: type) -> dict[str, Any]:
    common = {key: _described(f"key-{key}", _type(declared)) for key, (_, declared) in shape(Rule).items()}
    common["extends"] = _described("key-extends", dict(_WORD))
    options = shape(cls)
    own = {key: _described(f"key-{name}-{key}", _type(declared)) for key, (_, declared) in options.items()}
    required = [key for key, (field, _) in options.items() if field.default is MISSING and field.default_factory is MISSING]
    found = _object({**common, **own}, required=["id", "kind", *required])
    return _described(f"kind-{name}", found)


def _described(code: str, found: dict[str, Any]) -> dict[str, Any]:
    if code not in TEXTS:
        return found
    description = " · ".join(say(code, language) for language in LANGUAGES)
    # Draft 7 ignores what stands beside a $ref.
    return {"description": description, "allOf": [found]} if "$ref" in found else {"description": description, **found}


def _members(words: Vocabulary) -> list[str]:
    return sorted({"total", *words.accounts.values()}.union(*words.dimensions.values()))


def _offered(members: tuple[str, ...]) -> dict[str, Any]:
    """One word or several: the members are offered, a printed label is allowed."""
    if not members:
        return {"$ref": "#/definitions/words"}
    one = {"anyOf": [{"enum": [*members, "total"]}, _WORD]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _type(declared: Any) -> dict[str, Any]:
    origin = get_origin(declared)
    if origin in (Union, types.UnionType):
        (inner,) = (option for option in get_args(declared) if option is not type(None))
        return _type(inner)
    if origin is tuple:
        one = _type(get_args(declared)[0])
        return {"anyOf": [one, {"type": "array", "items": one}]}
    if origin is Literal:
        return {"enum": list(get_args(declared))}
    if is_dataclass(declared) and declared not in _TYPES:
        return _object({key: _described(f"key-{key}", _type(inner)) for key, (_, inner) in shape(declared).items()})  # type: ignore[arg-type]
    return _TYPES[declared]()


_TYPES: dict[Any, Callable[[], dict[str, Any]]] = {
    str: lambda: dict(_WORD),
    Identifier: lambda: dict(_WORD),
    KindName: lambda: dict(_WORD),
    bool: lambda: {"type": "boolean"},
    int: lambda: {"type": "integer"},
    Decimal: lambda: {"type": "number"},
    Text: lambda: {"$ref": "#/definitions/text"},
    Dimension: lambda: {"$ref": "#/definitions/dimension"},
    Member: lambda: {"$ref": "#/definitions/member"},
    Selector: lambda: {"$ref": "#/definitions/selector"},
    Expression: lambda: {"type": "string"},
    Compare: lambda: {"type": "string"},
    Tolerance: lambda: {"$ref": "#/definitions/tolerance"},
    Filter: lambda: dict(_WORD),
}
