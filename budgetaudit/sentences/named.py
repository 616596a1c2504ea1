"""Amounts that a cell works out from other rows by name: `(재료비 + 경비) × 6%`, `직접노무비의 13%`, `13% of direct labour`.

What the cell says is read as a weighted sum of rows; anything else (two rows multiplied, a name no row bears) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from budgetaudit.label_text import squeeze
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rulefiles.evaluation import linear
from budgetaudit.rulefiles.expressions import ExpressionError
from budgetaudit.rulefiles.formula_parser import parse
from budgetaudit.rulefiles.rule import Rule

LONGEST = 200
CUT = 3  # places of a whole amount that may have been cut or rounded off
_MARK = re.compile(r"\s*(?:[(]?(?:\d{1,2}|[가-하A-Za-zⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[①-⑳])[.)]|[①-⑳○●ㅇ□■▪·\-*•])\s*")
_WORKED = re.compile(r"[×x*✕]\s*\d|\d\s*%|\d\s*[×x*✕]")
_PERCENT, _COMMA, _OF, _ROW = (re.compile(p) for p in (r"(\d+(?:\.\d+)?)%", r"(?<=\d),(?=\d)", r"의|of\b", r"N\d+"))
_SAME = str.maketrans("×x✕−–[]{}％÷", "***--()()%/")

Linear = dict[int, Fraction]  # row → what it counts


def compare_named(rule: Rule, table: Table) -> Iterator[Comparison]:
    """One comparison for each amount whose row says how it follows from other rows."""
    names, worked = _names(table), _worked(table)
    lengths = frozenset(map(len, names))
    for line in table.rows if names and worked else ():
        for text in _texts(worked.get(line.index, ())):
            sum_ = _read(text, names, lengths, line.index)
            if sum_ is not None:
                yield from _compared(rule, table, line, sum_, "%" in text or "％" in text)
                break


def _names(table: Table) -> dict[str, int]:
    """The rows by their own names; a name that two rows bear names none."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for line in table.rows:
        name = _own_name(line)
        if len(name) > 1:
            twice |= {name} if name in found else set()
            found[name] = line.index
    return {name: row for name, row in found.items() if name not in twice}


def _own_name(line: Line) -> str:
    """A row's name without its mark, and without what it says in brackets about how it is worked out."""
    for label in reversed(line.labels):
        text = _MARK.sub("", label.text, count=1)
        text = re.split(r"[(\[]", text, maxsplit=1)[0] if _WORKED.search(text) else text
        if text.strip() and not _WORKED.search(text):
            return squeeze(text).casefold()
    return ""


def _worked(table: Table) -> dict[int, list[str]]:
    """What the cells of each row say that works something out."""
    found: dict[int, list[str]] = {}
    for (row, _), text in sorted(table.texts.items()):
        if len(text) <= LONGEST and _WORKED.search(text):
            found.setdefault(row, []).append(text)
    return found


def _texts(cells: Sequence[str]) -> Iterator[str]:
    """What the cells of a row say, and what stands in their brackets."""
    for text in cells:
        plain = " ".join(text.split())
        yield plain
        if (match := re.search(r"[(\[](.*)[)\]]", plain)) is not None:
            yield match[1]


def _within(text: str, names: Mapping[str, int], lengths: frozenset[int]) -> list[str]:
    """The names that stand in a text, the longest first; as quick for a table of thousands of names as for one of few."""
    parts = {text[at : at + length] for length in lengths for at in range(len(text) - length + 1)}
    return sorted(parts & names.keys(), key=len, reverse=True)


def _read(text: str, names: Mapping[str, int], lengths: frozenset[int], own: int) -> Linear | None:
    """A text as a weighted sum of rows; None if it is no such sum."""
    formula = squeeze(text).casefold().translate(_SAME)
    for name in _within(formula, names, lengths):
        formula = formula.replace(name, f" N{names[name]} ")
    formula = _OF.sub("*", _PERCENT.sub(r"(\1/100)", _COMMA.sub("", formula)))
    try:
        found = linear(parse(formula)) if "*" in formula or "/" in formula else None
    except ExpressionError:
        return None
    if found is None or found[1] or not all(_ROW.fullmatch(name) for name in found[0]):
        return None
    rows = {int(name[1:]): weight for name, weight in found[0].items()}
    return rows if rows and own not in rows else None


def _compared(rule: Rule, table: Table, line: Line, sum_: Linear, percent: bool) -> Iterator[Comparison]:
    """The row's amounts against what it says, column by column."""
    for column in table.columns:
        stated = table.figures.get((line.index, column.index))
        if stated is None or stated.value is None or not column.additive or stated.dash:
            continue
        parts = [(table.figures.get((row, column.index)), weight) for row, weight in sum_.items()]
        known = [(figure, weight) for figure, weight in parts if figure is not None and figure.value is not None]
        if len(known) != len(parts):
            continue
        expected = sum((Fraction(figure.value or 0) * weight for figure, weight in known), Fraction(0))
        if not percent and abs(expected / 100 - Fraction(stated.value)) < abs(expected - Fraction(stated.value)):
            known = [(figure, weight / 100) for figure, weight in known]  # `× 6` under a heading that says percent
        terms = (states(stated, step=_step(stated)), *(Term(figure, weight) for figure, weight in known))
        law = f"{table.place.file}#{table.number}:named:{line.index}"
        message = Message("named-differs", {"label": stated.label, "stated": stated.text.strip()})
        yield confront(Relation(rule, terms, law, rounded="either", mixed=True, severity="warning", message=message))


def _step(stated: Figure) -> Fraction:
    """To what a whole amount may have been cut or rounded: its last zeros tell."""
    assert stated.value is not None
    if stated.value != stated.value.to_integral_value():
        return Fraction(stated.step)
    digits = str(abs(int(stated.value)))
    zeros = min(len(digits) - len(digits.rstrip("0")), CUT, len(digits) - 1)
    return Fraction(10**zeros)
