"""Formulas that headers print about their own columns: `㉰=㉮-㉯`, `수납액(C=D-E)`, `불용액 A-(C+E)`, `집행률(B/A)`.

A letter belongs to the line whose label prints it alone, `예산액(A)`, or to the left of an equals sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.letters import DEFINED, LETTER, own_letter
from budgetaudit.rulefiles.expressions import Expression, ExpressionError, names, parse

OPERAND = rf"[(]{{0,3}}\s?(?:{LETTER}|100(?![\d.]))\s?[)]{{0,3}}"
FORMULA = re.compile(rf"(?:(?P<own>{LETTER})\s?=\s?)?(?P<body>{OPERAND}(?:\s?[-−–+*/×÷xX]\s?{OPERAND}){{1,12}})")


@dataclass(frozen=True, slots=True)
class HeaderFormula:
    """A line that its label says to be `expression`, whose names are lines of the same axis."""

    line: int
    expression: Expression
    operands: Mapping[str, int]


def find(lines: Sequence[Line]) -> list[HeaderFormula]:
    """Every formula the labels of some lines print, where each of its letters belongs to exactly one line."""
    texts = [next((label.text for label in reversed(line.labels) if label.text.strip()), "") for line in lines]
    texts = [" ".join(text.split()) for text in texts]
    if sum(1 for text in texts if FORMULA.search(text)) == 0:
        return []
    owners = _owners(lines, texts)
    found = []
    for i, text in enumerate(texts):
        for match in FORMULA.finditer(text):
            expression = _expression(match["body"])
            if expression is None:
                continue
            letters = names(expression)
            if len(letters) >= 2 and all(len(owners.get(letter, ())) == 1 for letter in letters):
                operands = {letter: owners[letter][0] for letter in letters}
                if i not in operands.values():
                    found.append(HeaderFormula(i, expression, operands))
                    break
    return found


def _owners(lines: Sequence[Line], texts: Sequence[str]) -> dict[str, list[int]]:
    """letter → the lines it names; a letter on a group label belongs to the group's total."""
    owners: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        letter = _own_letter(text)
        if letter:
            owners.setdefault(letter, []).append(i)
    for i, line in enumerate(lines):
        if not line.total:
            continue
        for label in line.labels[:-1]:
            letter = _own_letter(" ".join(label.text.split()))
            if letter and letter not in owners:
                owners[letter] = [i]
    return owners


def _own_letter(text: str) -> str:
    return own_letter(text) if DEFINED.search(text) else own_letter(FORMULA.sub(" ", text))


def _expression(body: str) -> Expression | None:
    """The tree of a printed formula; brackets that belong to the label around it are dropped."""
    text = body.strip()
    for sign, plain in (("−", "-"), ("–", "-"), ("x", "*"), ("X", "*")):
        text = text.replace(sign, plain) if plain == "-" else re.sub(rf"(?<=[\s)]){sign}(?=[\s(\d])", plain, text)
    while text.count("(") > text.count(")") and text.startswith("("):
        text = text[1:]
    while text.count(")") > text.count("(") and text.endswith(")"):
        text = text[:-1]
    quoted = re.sub(r"[㉠-㉻ⓐ-ⓩⒶ-Ⓩ①-⑳]", lambda match: f"[{match.group()}]", text)
    try:
        return parse(quoted)
    except ExpressionError:
        return None
