"""Formulas that labels print about their own lines: `㉰=㉮-㉯`, `수납액(C=D-E)`, `불용액 A-(C+E)`, `= lines 1 and 2`.

A letter belongs to the line whose label prints it alone, `예산액(A)`, or to the left of an equals sign; a number to the line that
it numbers. Where a label names lines without saying whether they are added, the figures tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import View
from budgetaudit.labels.references import LETTER, NAMED, own_letter, terms
from budgetaudit.rulefiles.expressions import Expression, ExpressionError, names
from budgetaudit.rulefiles.formula_parser import parse

FEW, TELLING = 2, 100  # lines of which the second total is made; a balance that is not met by chance
OPERAND = rf"[(]{{0,3}}\s?(?:{LETTER}|100(?![\d.]))\s?[)]{{0,3}}"
FORMULA = re.compile(rf"(?:(?P<own>{LETTER})\s?=\s?)?(?P<body>{OPERAND}(?:\s?[-−–+*/×÷xX]\s?{OPERAND}){{1,12}})")


@dataclass(frozen=True, slots=True)
class HeaderFormula:
    """A line that its label says to be `expression`, whose names are lines of the same axis; `printed` for people."""

    line: int
    expression: Expression
    operands: Mapping[str, int]
    printed: str


def find(view: View) -> list[HeaderFormula]:
    """Every formula that the labels of a view's lines print."""
    found = [*_lettered(view.lines), *_numbered(view)]
    for further in (_cascades, _balances):
        known = {formula.line for formula in found}
        found += [formula for formula in further(view) if formula.line not in known]
    return found


def _lettered(lines: Sequence[Line]) -> list[HeaderFormula]:
    """The formulas of letters, each of which belongs to exactly one line."""
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
                    found.append(HeaderFormula(i, expression, operands, str(expression).replace("[", "").replace("]", "")))
                    break
    return found


def _numbered(view: View) -> list[HeaderFormula]:
    """The formulas of line numbers: of the ways to read each the one that holds most often."""
    lines = view.lines
    owners: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if line.number:
            owners.setdefault(line.number, []).append(i)
    found = []
    for i, line in enumerate(lines):
        if any(sign in line.refers for sign in "*/") and (formula := _quotient(view, owners, i)):
            found.append(formula)
        if not line.refers or not line.additive:
            continue
        readings = [weights for weights in _readings(view, owners, i) if len(weights) > 1 and i not in weights]
        held = {at: _holds(view, i, weights) for at, weights in enumerate(readings)}
        best = max(held, key=lambda at: (held[at], -at), default=None)
        if best is not None and (held[best] or ((line.total or line.refers[0] == "=") and _clear(line.refers))):
            found.append(_weighted(i, readings[best], {p: lines[p].number for p in readings[best]}))
    return found


def _quotient(view: View, owners: Mapping[str, list[int]], line: int) -> HeaderFormula | None:
    """A line whose label multiplies or divides numbered lines: 6=5/3, 6=5/3*100."""
    text, operands = "", dict[str, int]()
    for sign, number in terms(view.lines[line].refers):
        place = _nearest(owners.get(number, ()), line)
        if place is None and number != "100":
            return None
        operands |= {} if place is None else {str(place): place}
        text += sign + (number if place is None else f"[{place}]")
    expression = _expression(text) if len(operands) > 1 and line not in operands.values() and not set(text) & set("~&") else None
    return HeaderFormula(line, expression, operands, view.lines[line].refers.lstrip("=")) if expression else None


def _cascades(view: View) -> Iterator[HeaderFormula]:
    """The line behind lines that are taken away or added, Less: grants, is the line before them less or plus these.

    Where a list with its total on top stands before them, it is that total less or plus these, if figures say so.
    """
    lines = view.lines
    moved = [any(label.less or label.added for label in line.labels[-1:]) and line.additive for line in lines]
    for i in range(2, len(lines)):
        if moved[i] or not moved[i - 1] or not lines[i].additive:
            continue
        first = next((p for p in range(i - 1, 0, -1) if not moved[p - 1]), 1) - 1
        if moved[first] or not lines[first].additive or not any(label.less for p in range(first, i) for label in lines[p].labels):
            continue
        moving = {p: _weight(view, p) for p in range(first + 1, i)}
        head = next((p for p in range(first, -1, -1) if lines[p].total and lines[p].additive), first)
        weights = max(({p: 1, **moving} for p in (first, head)), key=lambda weights: _holds(view, i, weights))
        alone = {p: weight for p, weight in weights.items() if p in moving}  # what is moved may have a total of its own
        if _holds(view, i, weights) or ((lines[i].total or lines[i].measure) and not _holds(view, i, alone)):
            yield _weighted(i, weights, {p: " ".join(lines[p].labels[-1].text.split()) for p in weights}, _takes(view, weights))


def _balances(view: View) -> Iterator[HeaderFormula]:
    """The line right behind the second of two totals that is the first less the second, again and again: a surplus."""
    totals = [i for i, line in enumerate(view.lines) if line.total and line.additive]
    for first, second in pairwise(totals):
        line = second + 1
        if line >= len(view.lines) or second - first < FEW or view.lines[first].total != view.lines[second].total:
            continue
        if view.lines[line].total or view.lines[line].dimension or not view.lines[line].additive:
            continue
        weights = {first: 1, second: -1}
        printed = [j for j in range(len(view.cross)) if view.n[line][j]]
        significant = max((abs(view.n[line][j] or 0) for j in printed), default=0) >= TELLING
        if significant and 2 * _holds(view, line, weights, printed) >= len(printed):
            names = {p: " ".join(view.lines[p].labels[-1].text.split()) for p in (first, second)}
            yield _weighted(line, weights, names)


def _takes(view: View, weights: Mapping[int, int]) -> dict[int, int]:
    """The lines of a cascade with the signs that their labels give."""
    return {p: -1 if any(label.less for label in view.lines[p].labels) else 1 for p in weights}


def _weighted(
    line: int, weights: Mapping[int, int], names: Mapping[int, str], signs: Mapping[int, int] | None = None
) -> HeaderFormula:
    """A line that is the sum of others with signs."""
    text = "".join(f"{'-' if weight < 0 else '+'}[{p}]" for p, weight in weights.items()).removeprefix("+")
    printed = "".join(f" {'-' if (signs or weights)[p] < 0 else '+'} {names[p]}" for p in weights).removeprefix(" + ")
    return HeaderFormula(line, parse(text), {str(p): p for p in weights}, printed)


def _weight(view: View, line: int) -> int:
    """-1 for a line that prints without a sign what it takes away."""
    less = any(label.less for label in view.lines[line].labels)
    return -1 if less and not any((value or 0) < 0 for value in view.n[line]) else 1


def _clear(refers: str) -> bool:
    """True if a label says which of its lines are added."""
    return "&" not in refers


def _readings(view: View, owners: Mapping[str, list[int]], line: int) -> Iterator[dict[int, int]]:
    """The ways to read the lines that a label refers to, each line with its weight."""
    found = [(sign, _nearest(owners.get(number, ()), line)) for sign, number in terms(view.lines[line].refers)]
    if any(p is None for _, p in found) or any(sign in ("*", "/") for sign, _ in found):
        return
    known = [(sign, p) for sign, p in found if p is not None]
    own_ranges = len(known) == 2 and known[1][0] == "-"
    for kind in ("plain", "signed", "ranged"):
        for whole in (False, True):
            weights: dict[int, int] = {}
            for at, (sign, p) in enumerate(known):
                ranged = sign == "~" or (kind == "ranged" and own_ranges and sign == "-")
                if ranged:
                    between = range(known[at - 1][1] + 1, p)
                    weights.update((q, 1) for q in between if view.lines[q].number and (whole or not view.lines[q].refers))
                weights[p] = -1 if not ranged and (sign == "-" or (sign == "&" and kind == "signed")) else 1
            yield weights


def _nearest(places: Sequence[int], line: int) -> int | None:
    """The line of a number that stands nearest before another, or behind it."""
    before = [p for p in places if p < line]
    return before[-1] if before else next((p for p in places if p > line), None)


def _holds(view: View, line: int, weights: Mapping[int, int], cross: Sequence[int] | None = None) -> int:
    """In how many crossings, of some or of all, a line is what others make."""
    held = 0
    for j in range(len(view.cross)) if cross is None else cross:
        values = [view.n[p][j] for p in weights]
        stated = view.n[line][j]
        if stated is None or not any(values):
            continue
        made = sum(weight * (value or 0) for weight, value in zip(weights.values(), values, strict=True))
        slack = view.step[line][j] + sum(view.step[p][j] for p in weights)
        held += made == stated or 2 * abs(made - stated) <= slack
    return held


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
    return own_letter(text) if NAMED.search(text) else own_letter(FORMULA.sub(" ", text))


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
