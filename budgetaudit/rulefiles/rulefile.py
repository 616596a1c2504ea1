"""Rule files and packs: from a path or a name to a checked `RuleSet`, or every fault at once.

A file is a list of rules, or a mapping with `vocabulary:`, `include:`, `columns:`, `rules:`. A pack
is such a file in the shipped `rules/` folder, known by its name; a folder is all its `.yaml` files.
"""

# os.path answers for any text; Path raises for names too long or with a NUL.
# ruff: noqa: PTH100, PTH112, PTH113, PTH208

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from budgetaudit import vocabulary
from budgetaudit.currencies import rules_folder
from budgetaudit.label_text import single_spaced
from budgetaudit.messages import LANGUAGES
from budgetaudit.model import Message
from budgetaudit.rulefiles.extending import KEY, extended, id_of, replaces, rule_nodes, shipped
from budgetaudit.rulefiles.rule import Column, Rule, RuleSet, Text, Tuning
from budgetaudit.rulefiles.strict_yaml import Fault, MappingNode, Node, RuleFileError, ScalarNode, SequenceNode, read
from budgetaudit.rulefiles.typed_yaml import MAX_FAULTS, Slot, TypedReader, found_noun, hint, shape

DEFAULT_VOCABULARY = ("korean", "english")
MAX_FILES = 200
KEYS = ("title", "vocabulary", "include", "columns", "rules")
_ID = re.compile(r"[^\W_][\w.-]{0,79}")


@dataclass(frozen=True, slots=True)
class Source:
    """One rule file as read: its node, and what its head says."""

    name: str
    path: Path
    root: Node
    vocabulary: tuple[str, ...] = ()
    title: Text | None = None


@dataclass
class _Loading:
    """What one call of `load` has gathered."""

    sources: dict[str, Source] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def load(specs: str | Sequence[str], kinds: Mapping[str, type]) -> RuleSet:
    """The rules of some packs and files together; raises RuleFileError with every fault found.

    `kinds` maps the name of each kind to its options dataclass.
    """
    names = (specs,) if isinstance(specs, str) else tuple(specs)
    if all(_is_shipped(name) for name in names):
        return _shipped(names, tuple(kinds.items()))
    return _loaded(names, kinds)


@lru_cache(maxsize=8)
def _shipped(names: tuple[str, ...], kinds: tuple[tuple[str, type], ...]) -> RuleSet:
    """The rules of packs alone, which no run changes: read once a process."""
    return _loaded(names, dict(kinds))


def _loaded(names: tuple[str, ...], kinds: Mapping[str, type]) -> RuleSet:
    loading = _Loading()
    for spec in names:
        loading.names.append(spec)
        for path, name in _find(spec, loading):
            _gather(path, name, loading, None)
    sources = list(loading.sources.values())
    languages = tuple(dict.fromkeys(word for source in sources for word in source.vocabulary)) or DEFAULT_VOCABULARY
    words = None if loading.faults else vocabulary.load(languages)
    columns: list[Column] = []
    rules: list[Rule] = []
    written = [node for source in sources for node in rule_nodes(source.root)]
    bases = {id_of(node): node for node in reversed(written) if not replaces(node)}
    replaced = {id_of(node) for node in written if replaces(node)}
    folder = rules_folder().absolute()
    shipped = {source.name: None for source in sources if source.path.absolute().parent == folder}
    for source in sources:
        reader = TypedReader(source.name, words)
        columns.extend(_columns(source, reader))
        for node in _rule_nodes(source, reader):
            if node.get(KEY) is None and id_of(node) in replaced:
                continue
            _check_id(node, reader, loading)
            whole = extended(node, bases, reader)
            rule = None if whole is None else _rule(whole, kinds, reader)
            if rule is not None:
                rules.append(replace(rule, shipped=source.name in shipped))
            if reader.full:
                reader.fault(node.line, "too-many-faults", limit=MAX_FAULTS)
                break
        loading.faults.extend(reader.faults)
    if not rules and not loading.faults:
        loading.faults.extend(Fault(name, 0, Message("no-rules")) for name in names[:1])
    if loading.faults:
        order = {name: at for at, name in reversed([*enumerate(loading.names)])}
        raise RuleFileError(*sorted(loading.faults, key=lambda fault: (order.get(fault.file, len(order)), fault.line)))
    titles = tuple((source.name, source.title) for source in sources if source.title)
    own_words = [word for word in languages if word.endswith((".yaml", ".yml"))]
    read_files = (*(str(source.path) for source in sources), *own_words)
    return RuleSet(tuple(rules), languages, tuple(columns), names, titles, shipped=tuple(shipped), sources=read_files)


def tune(ruleset: RuleSet, tuning: Tuning, per_file: Sequence[tuple[str, Tuning]] = ()) -> RuleSet:
    """The rules as one run wants them; raises RuleFileError for an id that is no rule's, here or in any pack."""
    asked = [(name, "") for name in tuning.ids()] + [(name, pattern) for pattern, one in per_file for name in one.ids()]
    loaded = {rule.id for rule in ruleset.rules}
    unknown = [(name, where) for name, where in asked if not any(fnmatchcase(known, name) for known in loaded)]
    if unknown:
        known = loaded | set(shipped())
        faults = [
            Fault(where, 0, Message("unknown-rule", {"name": name, "hint": hint(name, known)}))
            for name, where in unknown
            if not any(fnmatchcase(one, name) for one in known)
        ]
        if faults:
            raise RuleFileError(*faults)
    return replace(ruleset.tuned(tuning), per_file=tuple(per_file))


def packs() -> tuple[str, ...]:
    """The names of the shipped packs: the YAML files of the rules folder that name a vocabulary."""
    return tuple(sorted(path.stem for path in rules_folder().glob("*.yaml") if _is_pack(path)))


def _is_pack(path: Path) -> bool:
    # Themes lie beside the packs; only a pack says which vocabulary it speaks.
    with path.open("rb") as file:
        return any(line.startswith(b"vocabulary:") for line in file)


# --- finding and reading files -----------------------------------------------------------------


def _find(spec: str, loading: _Loading) -> Iterator[tuple[Path, str]]:
    """The files a spec stands for, each with the name messages call it."""
    if _is_shipped(spec):
        yield rules_folder() / f"{spec}.yaml", f"rules/{spec}.yaml"
    elif _is_bare(spec) and not os.path.lexists(spec):
        loading.faults.append(Fault(spec, 0, Message("unknown-pack", {"name": spec, "hint": hint(spec, packs())})))
    elif os.path.isdir(spec):
        yield from _in_folder(spec, loading)
    else:
        yield Path(spec), spec


def _is_shipped(spec: str) -> bool:
    path = rules_folder() / f"{spec}.yaml"
    return _is_bare(spec) and spec != "" and os.path.isfile(path) and _is_pack(path)


def _is_bare(spec: str) -> bool:
    return not (os.sep in spec or "/" in spec or spec.endswith((".yaml", ".yml")))


def _in_folder(spec: str, loading: _Loading) -> Iterator[tuple[Path, str]]:
    try:
        found = sorted(name for name in os.listdir(spec) if name.endswith((".yaml", ".yml")))
    except OSError as error:
        loading.faults.append(Fault(spec, 0, Message("yaml-unreadable", {"reason": error.strerror or str(error)})))
        return
    if not found:
        loading.faults.append(Fault(spec, 0, Message("empty-folder")))
    yield from ((Path(spec, name), str(Path(spec, name))) for name in found)


def _gather(path: Path, name: str, loading: _Loading, origin: Fault | None) -> None:
    """Read a file and, before it, the files it includes; each file once."""
    loading.names.append(name)
    key = os.path.abspath(path)
    if key in loading.sources:
        return
    try:
        if len(loading.sources) >= MAX_FILES:
            raise RuleFileError(Fault(name, 0, Message("too-many-files", {"limit": MAX_FILES})))
        root = read(path, name)
    except RuleFileError as error:
        # A missing include is the including line's fault: that is where it is mended.
        fault = error.faults[0]
        if origin is not None and not fault.line:
            loading.faults.append(Fault(origin.file, origin.line, Message("include", {"name": name, "reason": fault.message})))
        else:
            loading.faults.append(fault)
        return
    reader = TypedReader(name)
    loading.sources[key] = Source(name, path, root)  # before its includes: a circle ends here
    head = _head(root, reader)
    loading.sources[key] = Source(name, path, root, tuple(_vocabulary(head["vocabulary"], path, reader)), _title(root, reader))
    loading.faults.extend(reader.faults)
    for text, line in head["include"]:
        pack = rules_folder() / f"{text}.yaml"
        if "/" not in text and not (path.parent / text).exists() and pack.is_file() and _is_pack(pack):
            _gather(pack, f"rules/{text}.yaml", loading, Fault(name, line, Message("")))
        else:
            _gather(path.parent / text, str(Path(name).parent / text), loading, Fault(name, line, Message("")))


def _head(root: Node, reader: TypedReader) -> dict[str, list[tuple[str, int]]]:
    """What a file says above its rules: words of `vocabulary` and `include`, each with its line."""
    head: dict[str, list[tuple[str, int]]] = {"vocabulary": [], "include": []}
    if isinstance(root, SequenceNode):
        return head
    if not isinstance(root, MappingNode):
        reader.fault(root.line, "not-rules")
        return head
    reader.check_keys(root, KEYS)
    if root.get("rules") is None and root.get("include") is None:
        reader.fault(root.line, "no-rules")
    for key, found in head.items():
        value = root.get(key)
        for item in value.items if isinstance(value, SequenceNode) else (value,) if value is not None else ():
            with reader.collecting():
                found.append((reader.scalar(item, str, Slot(key)), item.line))
    return head


def _title(root: Node, reader: TypedReader) -> Text | None:
    node = root.get("title") if isinstance(root, MappingNode) else None
    title: Text | None = None
    if node is not None:
        with reader.collecting():
            title = reader.value(node, Text, Slot("title"))
    return title


def _vocabulary(words: list[tuple[str, int]], path: Path, reader: TypedReader) -> Iterator[str]:
    """Vocabularies by name, or by path relative to the file that asks for them."""
    folder = rules_folder() / "vocabulary"
    for word, line in words:
        if word.endswith((".yaml", ".yml")) and os.path.isfile(path.parent / word):
            from budgetaudit.rulefiles.vocabulary_file import check

            reader.faults.extend(check(path.parent / word, str(Path(reader.file).parent / word)))
            yield str(path.parent / word)
        elif re.fullmatch(r"[\w-]+", word) and os.path.isfile(folder / f"{word}.yaml"):
            yield word
        else:
            reader.fault(line, "unknown-vocabulary", name=word, hint=hint(word, (file.stem for file in folder.glob("*.yaml"))))


# --- from nodes to rules -----------------------------------------------------------------------


def _columns(source: Source, reader: TypedReader) -> Iterator[Column]:
    node = source.root.get("columns") if isinstance(source.root, MappingNode) else None
    if node is None:
        return
    if not isinstance(node, MappingNode):
        reader.fault(node.line, "wrong-type", key="columns", expected=Message("type-mapping"), found=found_noun(node))
        return
    for key, value in node.entries():
        if not isinstance(value, MappingNode):
            reader.fault(value.line, "wrong-type", key=key.text, expected=Message("type-mapping"), found=found_noun(value))
            continue
        members: list[tuple[str, str]] = []
        for dimension, member in value.entries():
            with reader.collecting():
                members.append(_coordinate(reader, dimension, member, key.text))
        yield Column(single_spaced(key.text), tuple(members), source.name, key.line)


def _coordinate(reader: TypedReader, dimension: ScalarNode, member: Node, key: str) -> tuple[str, str]:
    name = reader.check_dimension(dimension.text, dimension.line)
    return name, reader.check_member(name, reader.scalar(member, str, Slot(key)), member.line)


def _rule_nodes(source: Source, reader: TypedReader) -> Iterator[MappingNode]:
    node = source.root.get("rules") if isinstance(source.root, MappingNode) else source.root
    if node is None or (node is source.root and isinstance(node, ScalarNode)):
        return
    if not isinstance(node, SequenceNode):
        reader.fault(node.line, "wrong-type", key="rules", expected=Message("type-list"), found=found_noun(node))
        return
    for item in node.items:
        reader.rule = ""
        if isinstance(item, MappingNode):
            yield item
        else:
            reader.fault(item.line, "wrong-type", key="rules", expected=Message("type-mapping"), found=found_noun(item))


def _check_id(node: MappingNode, reader: TypedReader, loading: _Loading) -> None:
    """Refuse an id that is malformed or taken; a good one names the rule in every later fault."""
    name = node.get("id")
    if not isinstance(name, ScalarNode) or not name.text:
        return  # said where the fields are read
    if not _ID.fullmatch(name.text):
        reader.fault(name.line, "bad-id", id=name.text[:80])
        return
    reader.rule = name.text
    file, line = loading.ids.setdefault(name.text, (reader.file, name.line))
    if (file, line) != (reader.file, name.line):
        reader.fault(name.line, "duplicate-id", file=file, line=line)


def _rule(node: MappingNode, kinds: Mapping[str, type], reader: TypedReader) -> Rule | None:
    kind = node.get("kind")
    options_type = kinds.get(kind.text) if isinstance(kind, ScalarNode) else None
    if options_type is None:  # which other keys are right depends on the kind
        reader.values(node, Rule)
        if isinstance(kind, ScalarNode) and kind.text:
            reader.fault(kind.line, "unknown-kind", name=kind.text, hint=hint(kind.text, kinds))
        return None
    meant = reader.check_keys(node, [*shape(Rule), *shape(options_type)])
    common, options = reader.values(node, Rule, meant), reader.values(node, options_type, meant)
    if common is None or options is None:
        return None
    common.setdefault("title", Text(dict.fromkeys(LANGUAGES, common["id"])))
    given = frozenset(_given(node))
    return Rule(**common, options=options_type(**options), file=reader.file, line=node.line, given=given)


def _given(node: MappingNode) -> Iterator[str]:
    for key, value in node.entries():
        yield key.text
        if isinstance(value, MappingNode):
            yield from (f"{key.text}.{inner.text}" for inner in value.key_nodes())
