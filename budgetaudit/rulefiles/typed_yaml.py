"""From YAML nodes to frozen dataclasses, led by the types of their fields.

Every mistake becomes a fault with its line; reading goes on, so that one run shows all of them.
To read a new type of value, add its function to `_VALUES`.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple, NewType, Union, get_args, get_origin, get_type_hints

from budgetaudit.label_text import single_spaced
from budgetaudit.messages import LANGUAGES
from budgetaudit.model import Message
from budgetaudit.rulefiles.expressions import Compare, Expression, ExpressionError
from budgetaudit.rulefiles.filters import Filter, FilterError, parse_filter
from budgetaudit.rulefiles.formula_parser import parse, parse_check
from budgetaudit.rulefiles.rule import Dimension, Identifier, KindName, Member, Selector, Text, Tolerance
from budgetaudit.rulefiles.strict_yaml import Fault, MappingNode, Node, ScalarNode, SequenceNode
from budgetaudit.vocabulary import Vocabulary

Blank = NewType("Blank", str)  # text that may be empty

DIMENSIONS = ("item", "source", "year", "measure")
MAX_FAULTS = 100
_YEAR = re.compile(r"[0-9]{4}")
_TOLERANCE = re.compile(r"([0-9][0-9,]{0,30}(?:\.[0-9]{1,12})?)\s{0,4}(%|[^\W\d]{0,12})")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,12})?")


class Rejected(Exception):  # noqa: N818 - carries a fault to the field being read
    """A value cannot be read; collected by the reader, never seen outside. Without a code it is collected already."""

    def __init__(self, line: int, code: str = "", /, **args: object) -> None:
        super().__init__(code)
        self.line = line
        self.message = Message(code, args) if code else None


class Slot(NamedTuple):
    """The field a value is read for: its printed key, and the dimension its members belong to."""

    key: str
    along: str = ""


def hint(name: str, known: Iterable[str]) -> Message | str:
    """`(did you mean 'x'?)`, or the list of what is allowed where that is short, or nothing."""
    names = sorted(map(str, known))
    name = name[:80]
    close = difflib.get_close_matches(name, names, 1) or difflib.get_close_matches(name.lower(), names, 1)
    if close:
        return Message("did-you-mean", {"name": close[0]})
    return Message("allowed", {"names": ", ".join(names)}) if 0 < len(names) <= 20 else ""


@cache
def shape(cls: type) -> dict[str, tuple[Field[Any], Any]]:
    """The fields of a dataclass that a file may give: key → field and type. Fields marked `read=False` are left out."""
    types_of = get_type_hints(cls)
    return {
        field.name.removesuffix("_"): (field, types_of[field.name]) for field in fields(cls) if field.metadata.get("read", True)
    }


class TypedReader:
    """Turns the nodes of one file into values, collecting faults."""

    def __init__(self, file: str, words: Vocabulary | None = None) -> None:
        self.file = file
        self.words = words
        self.members = dict.fromkeys(DIMENSIONS, ()) | dict(words.dimensions if words else {})
        self.faults: list[Fault] = []
        self.rule = ""

    @property
    def full(self) -> bool:
        """True if the file has so many faults that reading stops."""
        return len(self.faults) >= MAX_FAULTS

    def fault(self, line: int, code: str, /, **args: object) -> None:
        self.faults.append(Fault(self.file, line, Message(code, args), self.rule))

    def check_keys(self, node: MappingNode, known: Collection[str]) -> frozenset[str]:
        """A fault for every key that is not known; returns the keys they are likely to mean."""
        meant = set()
        for key in node.key_nodes():
            if key.text not in known:
                likely = hint(key.text, known)
                self.fault(key.line, "unknown-key", key=key.text, hint=likely)
                if isinstance(likely, Message):
                    meant.add(likely.args.get("name", ""))
            if self.full:
                break
        return frozenset(meant)

    def values(self, node: MappingNode, cls: type, meant: Collection[str] = ()) -> dict[str, Any] | None:
        """The arguments for a dataclass from the keys it knows; None if one of them is at fault.

        A key that is missing but `meant` by an unknown one needs no fault of its own.
        """
        found = shape(cls)
        given: dict[str, Any] = {}
        sound = True
        for key, (field, expected) in found.items():
            value = node.get(key)
            if value is None:
                if field.default is MISSING and field.default_factory is MISSING:
                    sound = False
                    if key not in meant:
                        self.fault(node.line, "missing-key", key=key, expected=noun(expected))
                continue
            with self.collecting():
                given[field.name] = self.value(value, expected, Slot(key, _along(node, found)))
            sound = sound and field.name in given
        return given if sound else None

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """A rejected value inside becomes a fault, and reading goes on after it."""
        try:
            yield
        except Rejected as rejected:
            if rejected.message is not None:
                self.faults.append(Fault(self.file, rejected.line, rejected.message, self.rule))

    def value(self, node: Node, expected: Any, slot: Slot) -> Any:
        """A node as a value of the wanted type; raises Rejected."""
        origin = get_origin(expected)
        if origin in (Union, types.UnionType):
            (inner,) = (option for option in get_args(expected) if option is not type(None))
            return self.value(node, inner, slot)
        if origin is tuple:
            items = node.items if isinstance(node, SequenceNode) else (node,)
            return tuple(self.value(item, get_args(expected)[0], slot) for item in items)
        if origin is dict:
            return self._dictionary(node, get_args(expected), slot)
        if origin is Literal:
            return _choice(self, node, get_args(expected), slot)
        if is_dataclass(expected) and expected not in _VALUES:
            return self._nested(node, expected, slot)
        return _VALUES[expected](self, node, slot)

    def _nested(self, node: Node, cls: Any, slot: Slot) -> Any:
        if not isinstance(node, MappingNode):
            raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(cls), found=found_noun(node))
        given = self.values(node, cls, self.check_keys(node, shape(cls)))
        if given is None:
            raise Rejected(node.line)
        return cls(**given)

    def _dictionary(self, node: Node, types_of: tuple[Any, ...], slot: Slot) -> dict[Any, Any]:
        key_type, value_type = types_of
        if not isinstance(node, MappingNode):
            raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(MappingNode), found=found_noun(node))
        found = {}
        for key, value in node.entries():
            with self.collecting():
                found[self.value(key, key_type, slot)] = self.value(value, value_type, Slot(f"{slot.key}.{key.text}"))
        if len(found) < len(node.pairs):
            raise Rejected(node.line)
        return found

    def scalar(self, node: Node, expected: Any, slot: Slot) -> str:
        """The text of a scalar that must not be empty."""
        if not isinstance(node, ScalarNode):
            raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(expected), found=found_noun(node))
        if not node.text.strip():
            raise Rejected(node.line, "empty-value", key=slot.key, expected=noun(expected))
        return node.text

    def check_dimension(self, name: str, line: int) -> str:
        if name not in self.members:
            raise Rejected(line, "unknown-dimension", name=name, hint=hint(name, self.members))
        return name

    def check_member(self, dimension: str, name: str, line: int) -> str:
        """The member called `name`, by its own name or by a printed label of the vocabulary."""
        known = self.members.get(dimension, ())
        # Rows are about anything, and years are numbers: only their named members can be misspelt.
        if not known or self.words is None or name in known or name == "total" or (dimension == "year" and _YEAR.fullmatch(name)):
            return name
        label = self.words.label(name)
        if label.dimension == dimension and label.member:
            return label.member
        if label.total == "total":
            return "total"
        raise Rejected(line, "unknown-member", dimension=dimension, name=name, hint=hint(name, [*known, "total"]))


def _along(node: MappingNode, found: Mapping[str, Any]) -> str:
    """The dimension that members of the other fields belong to: the value of `along`, where a dataclass has one."""
    value = node.get("along") if "along" in found else None
    return value.text if isinstance(value, ScalarNode) else ""


def _choice(reader: TypedReader, node: Node, choices: tuple[str, ...], slot: Slot) -> str:
    text = reader.scalar(node, Literal[choices], slot)
    if text not in choices:
        raise Rejected(node.line, "unknown-choice", key=slot.key, name=text, hint=hint(text, choices))
    return text


def _text(reader: TypedReader, node: Node, slot: Slot) -> str:
    return reader.scalar(node, str, slot)


def _blank(reader: TypedReader, node: Node, slot: Slot) -> str:
    if isinstance(node, ScalarNode):
        return node.text
    return reader.scalar(node, str, slot)


def _bool(reader: TypedReader, node: Node, slot: Slot) -> bool:
    text = reader.scalar(node, bool, slot).lower()
    if text not in ("true", "false"):
        raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(bool), found=f"'{text}'")
    return text == "true"


def _decimal(reader: TypedReader, node: Node, slot: Slot) -> Decimal:
    text = reader.scalar(node, Decimal, slot).strip()
    if not _DECIMAL.fullmatch(text):
        raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(Decimal), found=f"'{text}'")
    return Decimal(text)


def _integer(reader: TypedReader, node: Node, slot: Slot) -> int:
    value = _decimal(reader, node, slot)
    if value % 1:
        raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(int), found=f"'{value}'")
    return int(value)


def _texts(reader: TypedReader, node: Node, slot: Slot) -> dict[str, str]:
    """A text for people in every language; one that is missing is lent by the other."""
    if isinstance(node, ScalarNode):
        text = reader.scalar(node, Text, slot)
        return dict.fromkeys(LANGUAGES, text)
    if not isinstance(node, MappingNode) or not node.pairs:
        raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(Text), found=found_noun(node))
    for key in node.key_nodes():
        if key.text not in LANGUAGES:
            raise Rejected(key.line, "unknown-language", key=slot.key, name=key.text, hint=hint(key.text, LANGUAGES))
    given = {key.text: reader.scalar(value, str, slot) for key, value in node.entries()}
    spare = next(iter(given.values()))
    return {language: given.get(language, spare) for language in LANGUAGES}


def _dimension(reader: TypedReader, node: Node, slot: Slot) -> str:
    return reader.check_dimension(reader.scalar(node, Dimension, slot), node.line)


def _member(reader: TypedReader, node: Node, slot: Slot) -> str:
    return reader.check_member(slot.along, reader.scalar(node, Member, slot), node.line)


def _selector(reader: TypedReader, node: Node, slot: Slot) -> Selector:
    if isinstance(node, ScalarNode):
        return Selector(label=single_spaced(reader.scalar(node, Selector, slot)))
    if not isinstance(node, MappingNode) or not node.pairs:
        raise Rejected(node.line, "wrong-type", key=slot.key, expected=noun(Selector), found=found_noun(node))
    chosen = []
    for key, value in node.entries():
        dimension = reader.check_dimension(key.text, key.line)
        chosen.append((dimension, reader.value(value, tuple[Member, ...], Slot(slot.key, dimension))))
    return Selector(tuple(chosen))


def _formula(parser: Callable[[str], Expression]) -> Callable[[TypedReader, Node, Slot], Expression]:
    def read(reader: TypedReader, node: Node, slot: Slot) -> Expression:
        try:
            return parser(reader.scalar(node, Expression, slot))
        except ExpressionError as error:
            raise Rejected(node.line, "bad-formula", key=slot.key, position=error.position, reason=error.message) from None

    return read


def _tolerance(reader: TypedReader, node: Node, slot: Slot) -> Tolerance:
    text = reader.scalar(node, Tolerance, slot).strip()
    if text in ("rounding", "truncation", "exact"):
        return Tolerance(text)  # type: ignore[arg-type]
    match = _TOLERANCE.fullmatch(text)
    if not match:
        raise Rejected(node.line, "bad-tolerance", text=text)
    value, unit = Decimal(match[1].replace(",", "")), match[2]
    if unit == "%":
        return Tolerance("percent", value)
    if unit and reader.words is not None and reader.words.units.find(unit) is None:
        raise Rejected(node.line, "unknown-unit", unit=unit)
    return Tolerance("amount", value, unit)


def _filter(reader: TypedReader, node: Node, slot: Slot) -> Filter:
    text = reader.scalar(node, Filter, slot)
    try:
        return parse_filter(text)
    except FilterError as error:
        raise Rejected(node.line, "bad-filter", text=text, at=error.at) from None


_VALUES: dict[Any, Callable[[TypedReader, Node, Slot], Any]] = {
    str: _text,
    Blank: _blank,
    Identifier: _text,
    KindName: _text,
    bool: _bool,
    int: _integer,
    Decimal: _decimal,
    Text: _texts,
    Dimension: _dimension,
    Member: _member,
    Selector: _selector,
    Expression: _formula(parse),
    Compare: _formula(parse_check),
    Tolerance: _tolerance,
    Filter: _filter,
}

_NOUNS: dict[Any, str] = {
    str: "type-text",
    Blank: "type-text",
    Identifier: "type-identifier",
    KindName: "type-kind",
    bool: "type-bool",
    int: "type-number",
    Decimal: "type-number",
    Text: "type-texts",
    Dimension: "type-dimension",
    Member: "type-member",
    Selector: "type-selector",
    Expression: "type-formula",
    Compare: "type-formula",
    Tolerance: "type-tolerance",
    Filter: "type-filter",
    MappingNode: "type-mapping",
    SequenceNode: "type-list",
    ScalarNode: "type-text",
}


def noun(expected: Any) -> Message | str:
    """What a type is called in a message."""
    origin = get_origin(expected)
    if origin is Literal:
        return " | ".join(get_args(expected))
    if origin in (Union, types.UnionType, tuple):
        return noun(get_args(expected)[0])
    return Message(_NOUNS.get(expected, "type-mapping"))


def found_noun(node: Node) -> Message:
    """What a node is called in a message."""
    return Message(_NOUNS[type(node)])
