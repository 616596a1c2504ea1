"""YAML read strictly: strings, lines, simple aliases; everything else is refused (see errors/)."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.messages import say
from budgetaudit.model import Message
from budgetaudit.rulefiles import strict_yaml
from budgetaudit.rulefiles.strict_yaml import Fault, RuleFileError


def test_scalars_stay_strings_and_keep_their_lines() -> None:
    node = strict_yaml.load("code: 0101\nanswer: no\nnothing:\n'2': ~\nlist:\n- 0x1F\n- 2020-01-01\n", "x")
    assert strict_yaml.plain(node) == {"code": "0101", "answer": "no", "nothing": "", "2": "~", "list": ["0x1F", "2020-01-01"]}
    assert isinstance(node, strict_yaml.MappingNode)
    assert [(key.text, key.line, value.line) for key, value in node.entries()] == [
        ("code", 1, 1),
        ("answer", 2, 2),
        ("nothing", 3, 3),
        ("2", 4, 4),
        ("list", 5, 6),
    ]


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    assert strict_yaml.plain(strict_yaml.load("\ufeffa: 가\r\nb: c\r\n".encode(), "x")) == {"a": "가", "b": "c"}


def test_a_simple_alias_repeats_its_node() -> None:
    node = strict_yaml.load("a: &x {k: [1, 2]}\nb: *x\nc: [*x]", "x")
    assert strict_yaml.plain(node) == {"a": {"k": ["1", "2"]}, "b": {"k": ["1", "2"]}, "c": [{"k": ["1", "2"]}]}


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(RuleFileError):
        strict_yaml.plain(strict_yaml.load(data, "x"))


def test_a_fault_without_line_or_rule() -> None:
    assert Fault("a.yaml", 0, Message("yaml-empty")).text("ko") == f"a.yaml: {say('yaml-empty', 'ko')}"
