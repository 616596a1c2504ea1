"""Rules that extend another: `extends: funding-sources` takes over the keys of a shipped or loaded rule, its own keys win.

With the id of the rule it extends (or none) it takes that rule's place; with an id of its own it is one rule more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from budgetaudit.currencies import rules_folder
from budgetaudit.rulefiles.strict_yaml import MappingNode, Node, ScalarNode, SequenceNode, read
from budgetaudit.rulefiles.typed_yaml import TypedReader, hint

KEY = "extends"


def rule_nodes(root: Node) -> Iterator[MappingNode]:
    """The rules of one file as they are written; what is no mapping is left out."""
    node = root.get("rules") if isinstance(root, MappingNode) else root
    if isinstance(node, SequenceNode):
        yield from (item for item in node.items if isinstance(item, MappingNode))


def id_of(node: MappingNode) -> str:
    """The id of a rule; that of the rule it extends if it gives none; '' if it has neither."""
    for key in ("id", KEY):
        value = node.get(key)
        if isinstance(value, ScalarNode):
            return value.text
    return ""


def replaces(node: MappingNode) -> bool:
    """True if a rule takes the place of the one it extends."""
    value = node.get(KEY)
    return isinstance(value, ScalarNode) and id_of(node) == value.text


@cache
def shipped() -> Mapping[str, MappingNode]:
    """Every rule of the shipped rules folder by its id."""
    roots = (read(path) for path in sorted(rules_folder().glob("*.yaml")))
    return {id_of(node): node for root in roots for node in rule_nodes(root)}


def extended(node: MappingNode, loaded: Mapping[str, MappingNode], reader: TypedReader) -> MappingNode | None:
    """The rule with the keys it takes over; None, and a fault, if what it extends is unknown."""
    value = node.get(KEY)
    if value is None:
        return node
    rule_id = value.text if isinstance(value, ScalarNode) else ""
    base = loaded.get(rule_id) or shipped().get(rule_id)
    if base is None:
        reader.fault(value.line, "unknown-rule", name=rule_id, hint=hint(rule_id, {**shipped(), **loaded}))
        return None
    if base.get(KEY) is not None:
        reader.fault(value.line, "extends-twice", name=rule_id)
        return None
    pairs = base.pairs | {key: pair for key, pair in node.pairs.items() if key != KEY}
    return MappingNode(pairs, node.line)
