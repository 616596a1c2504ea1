"""YAML read strictly: every scalar a string, every key and value with its line, nothing surprising.

Refused, each with its line: duplicate keys, tags, merge keys, second documents, aliases that nest,
files too large or too deep, bytes that are not UTF-8. Faults are values; `RuleFileError` carries them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml

from budgetaudit.messages import say
from budgetaudit.model import Message
from budgetaudit.paths import require_regular

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40
MAX_QUOTED = 200

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a rule file, printed as `file:line: rule: what is wrong`."""

    file: str
    line: int
    message: Message
    rule: str = ""

    def text(self, lang: str = "en") -> str:
        """The one line a person reads."""
        file = _tame(self.file, 4096)  # a path that is cut cannot be opened
        place = f"{file}:{self.line}" if self.line else file
        rule = f" {_tame(self.rule)}:" if self.rule else ""
        return f"{place}:{rule} {say(_tame_message(self.message), lang)}" if place else say(_tame_message(self.message), lang)


def _tame(text: str, limit: int = MAX_QUOTED) -> str:
    """What a file says, kept short, printable and on one line."""
    short = text if len(text) <= limit else text[:limit] + "…"
    return "".join(char if char.isprintable() else "�" for char in " ".join(short.split()))


def _tame_message(message: Message) -> Message:
    return Message(message.code, {key: _tame_value(value) for key, value in message.args.items()})


def _tame_value(value: object) -> object:
    if isinstance(value, Message):
        return _tame_message(value)
    return _tame(value) if isinstance(value, str) else value


class RuleFileError(Exception):
    """A rule file (or vocabulary) cannot be used; carries every fault found, in file order."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    def text(self, lang: str = "en") -> str:
        """One line for each fault."""
        return "\n".join(fault.text(lang) for fault in self.faults)

    def __str__(self) -> str:
        return self.text()


class ScalarNode(NamedTuple):
    """A string; `plain` if it stands without quotes."""

    text: str
    line: int
    plain: bool = True


class SequenceNode(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int


class MappingNode(NamedTuple):
    """Keys in their order, each with the node of the key (for its line) and of its value."""

    pairs: dict[str, tuple[ScalarNode, Node]]
    line: int

    def get(self, key: str) -> Node | None:
        pair = self.pairs.get(key)
        return None if pair is None else pair[1]

    def key_nodes(self) -> Iterator[ScalarNode]:
        return (key for key, _ in self.pairs.values())

    def entries(self) -> Iterator[tuple[ScalarNode, Node]]:
        return iter(self.pairs.values())


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


def read(path: str | os.PathLike[str], name: str | None = None) -> Node:
    """The node tree of a file; `name` is what faults call it (default: the path)."""
    name = os.fspath(path) if name is None else name
    try:
        require_regular(path)
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise RuleFileError(Fault(name, 0, Message("yaml-directory"))) from None
    except OSError as error:
        code = "yaml-missing" if isinstance(error, FileNotFoundError) else "yaml-unreadable"
        raise RuleFileError(Fault(name, 0, Message(code, {"reason": error.strerror or str(error)}))) from None
    except ValueError as error:  # a NUL in the path
        raise RuleFileError(Fault(name, 0, Message("yaml-unreadable", {"reason": str(error)}))) from None
    return load(data, name)


def load(data: bytes | str, name: str) -> Node:
    """The node tree of one YAML document; raises RuleFileError naming `name` and the line."""
    if len(data) > MAX_BYTES:
        raise RuleFileError(Fault(name, 0, Message("yaml-too-large", {"limit": MAX_BYTES // 1_000_000})))
    text = _decode(data, name) if isinstance(data, bytes) else data
    composer = _Composer(name, text.removeprefix("\ufeff"))
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ": ".join(filter(None, (error.context, error.problem)))
        raise RuleFileError(Fault(name, mark.line + 1 if mark else 1, Message("yaml-syntax", {"reason": reason}))) from None
    except yaml.YAMLError as error:  # a character YAML does not allow
        at = getattr(error, "position", None) or 0
        raise RuleFileError(Fault(name, text.count("\n", 0, at) + 1, Message("yaml-character"))) from None
    finally:
        composer.loader.dispose()


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RuleFileError(Fault(name, line, Message("yaml-encoding"))) from None


def plain(node: Node) -> Any:
    """The node as nested dicts, lists and strings, lines forgotten."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.pairs.items()}


class _Composer:
    """Builds nodes from parser events, counting as it goes so that a hostile file is refused at once."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        try:
            self.loader = _LOADER(text)
        except yaml.reader.ReaderError as error:  # only the pure parser reads ahead here
            line = text.count("\n", 0, error.position) + 1
            raise RuleFileError(Fault(name, line, Message("yaml-character"))) from None
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.open_anchors = 0
        self.count = 0

    def refuse(self, line: int, code: str, /, **args: object) -> RuleFileError:
        return RuleFileError(Fault(self.name, line, Message(code, args)))

    def document(self) -> Node:
        next_event = self.loader.get_event
        next_event()  # stream start
        if isinstance(next_event(), yaml.StreamEndEvent):
            raise self.refuse(1, "yaml-empty")
        node = self.node(next_event(), 0)
        next_event()  # document end
        following = next_event()
        if not isinstance(following, yaml.StreamEndEvent):
            raise self.refuse(following.start_mark.line + 1, "yaml-documents")
        return node

    def node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        self.count += 1
        if self.count > MAX_NODES:
            raise self.refuse(line, "yaml-too-many", limit=MAX_NODES)
        if type(event) is yaml.AliasEvent:
            return self.alias(event, line)
        if event.tag is not None:
            raise self.refuse(line, "yaml-tag", tag=event.tag)
        if depth > MAX_DEPTH:
            raise self.refuse(line, "yaml-too-deep", limit=MAX_DEPTH)
        if event.anchor is None:
            return self.content(event, line, depth)
        before = self.count
        self.open_anchors += 1
        node = self.content(event, line, depth)
        self.open_anchors -= 1
        self.anchors[event.anchor] = (node, self.count - before)
        return node

    def alias(self, event: Any, line: int) -> Node:
        # An alias inside an anchor is how a small file grows without end; outside, growth is linear.
        if self.open_anchors:
            raise self.refuse(line, "yaml-nested-alias", name=event.anchor)
        if event.anchor not in self.anchors:
            raise self.refuse(line, "yaml-unknown-alias", name=event.anchor)
        node, size = self.anchors[event.anchor]
        self.count += size
        return node

    def content(self, event: Any, line: int, depth: int) -> Node:
        if type(event) is yaml.ScalarEvent:
            return ScalarNode(event.value, line, event.style is None or event.style == "")
        next_event = self.loader.get_event
        if type(event) is yaml.SequenceStartEvent:
            items: list[Node] = []
            while type(item := next_event()) is not yaml.SequenceEndEvent:
                items.append(self.node(item, depth + 1))
            return SequenceNode(tuple(items), line)
        pairs: dict[str, tuple[ScalarNode, Node]] = {}
        while type(item := next_event()) is not yaml.MappingEndEvent:
            key = self.node(item, depth + 1)
            if not isinstance(key, ScalarNode):
                raise self.refuse(key.line, "yaml-key")
            if key.text in pairs:
                first = pairs[key.text][0].line
                raise self.refuse(key.line, "yaml-duplicate", key=key.text, first=first)
            pairs[key.text] = (key, self.node(next_event(), depth + 1))
        return MappingNode(pairs, line)
