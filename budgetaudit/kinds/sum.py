"""A total is the sum of its parts: along fund sources, years, or items (rows and column groups, with subtotals).

Which lines are parts of which total is the tables room's finding (structure.py); here each crossing of such a line is compared.
A sentence with a total and its parts is a table of one row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from budgetaudit.amounts import REMARK
from budgetaudit.kinds.formula import compare_formulas
from budgetaudit.kinds.options import FormulaOptions, SumOptions
from budgetaudit.labels.naming import TOTAL
from budgetaudit.labels.numbers import View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.relation import Relation, Term, states, summed
from budgetaudit.rulefiles.expressions import Name
from budgetaudit.rulefiles.formula_parser import parse_check
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.slips import slipped, stroke
from budgetaudit.structure.evidence import codes, stroke_bits
from budgetaudit.structure.search import LineSum
from budgetaudit.structure.structure import Structure

MONEY_MEASURES = frozenset(["plan", "budget", "execution", "balance", "change"])
SEARCHED = ("item", "source", "year")  # dimensions along which the tables room finds sums; a rule file may declare others
SEVERAL = 3  # amounts of money among which a total lies, before it is rather a mean of theirs
HOLDS = 2  # crossings in which a sum holds, before another one is taken to be of the same kind
FAR = 10
PROVEN = 3  # crossings in which a sum holds that no label tells, before one that a stroke explains is an error
ZEROS = 2  # sums that balance with blanks, before a blank is a zero


def compare_sums(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each printed total of the rule's dimension."""
    options: SumOptions = rule.options
    if options.total not in (None, TOTAL) or options.along not in SEARCHED:
        yield from compare_formulas(_as_formula(rule), material)
        return
    if options.running:
        for table in material.chosen(rule):
            yield from _running(rule, material.structure(table))
        return
    for table in material.chosen(rule):
        structure = material.structure(table)
        additive = _proven_crossings(structure)
        for item in structure.sums:
            if item.dimension != options.along or not _has_named_parts(item, structure, options):
                continue
            if not _is_change(item, structure) and not _is_difference(item, structure):
                yield from _crossings(rule, item, structure, additive)
        if options.along == "item" and not options.parts:
            yield from _unexplained(rule, structure)
    if not options.parts and material.reads(rule):
        from budgetaudit.sentences.products import compare_equations
        from budgetaudit.sentences.sums import compare_breakdowns

        yield from compare_breakdowns(rule, material.prose.breakdowns, ("money",), options.along)
        if options.along == "item":
            yield from compare_equations(rule, material.prose, products=False, families=("money",))


def _running(rule: Rule, structure: Structure) -> Iterator[Comparison]:
    """One comparison for each figure of a running total."""
    for found in structure.running:
        view = structure.views[found.axis]
        relation = f"{structure.table.place.file}#{structure.table.number}:{found.axis}:{view.lines[found.target].index}=so far"
        for j, parts in found.sums:
            stated, figures = view.figure(found.target, j), [view.figure(i, k) for i, k in parts]
            known = [figure for figure in figures if figure is not None and figure.value is not None]
            if stated is None:
                continue
            args = {"label": stated.label, "stated": stated.text.strip(), "parts": len(known)}
            blanks = len(figures) - len(known)
            comparison = confront(Relation(rule, summed(stated, known), relation, message=Message("running-differs", args)))
            if blanks and comparison.verdict == "fail":
                reason = Message("reason-blanks", {"blanks": blanks})
                comparison = not_evaluated(rule, stated, reason, comparison.operands, relation)
            yield comparison
        for j in found.beyond:
            stated = view.figure(found.target, j)
            if stated is not None:
                yield not_evaluated(rule, stated, Message("reason-no-reading", {"total": view.lines[found.target].text}))


def _as_formula(rule: Rule) -> Rule:
    """A rule that names its total: an equation between members, those that a table does not print left out."""
    options: SumOptions = rule.options
    parts = " + ".join(f"first({Name(part)}, 0)" for part in options.parts) or f"sum({Name(options.along)})"
    return replace(rule, options=FormulaOptions(parse_check(f"{Name(options.total or TOTAL)} = {parts}")))


def _has_named_parts(item: LineSum, structure: Structure, options: SumOptions) -> bool:
    """True if a sum's parts are those that the rule names, where it names any."""
    if not options.parts:
        return True
    lines = structure.views[item.axis].lines
    return {lines[p].member for p in item.parts} <= set(options.parts)


def _is_change(item: LineSum, structure: Structure) -> bool:
    """new = old + change is the change rule's business."""
    lines = structure.views[item.axis].lines
    return any(lines[p].measure == "change" for p in item.parts) and not lines[item.target].total


def _is_difference(item: LineSum, structure: Structure) -> bool:
    """A head that is its first part less the others: a cash flow over its receipts and payments."""
    view = structure.views[item.axis]
    held = 0
    for j in range(len(view.cross)):
        total, parts = _integers(view, item, j)
        if any(parts[1:]):
            held += (total == 2 * parts[0] - sum(parts)) - (total == sum(parts))
    return item.fails > 0 and held > 0


def _proven_crossings(structure: Structure) -> dict[bool, set[tuple[str, int]]]:
    """The crossing lines whose figures do add up: some sum balances in them; for a labelled total, or they are part of one."""
    proven: set[tuple[str, int]] = set()
    summed: set[tuple[str, int]] = set()
    for item in structure.sums:
        across = "column" if item.axis == "row" else "row"
        summed.update((across, i) for i in (item.target, *item.parts) if item.passes > item.fails)
        view = structure.views[item.axis]
        for j in range(len(view.cross)):
            stated, parts = view.n[item.target][j], [view.n[p][j] for p in item.parts]
            known = [part for part in parts if part is not None]
            if stated and len([part for part in known if part]) > 1 and stated == sum(known):
                proven.add((item.axis, j))
    return {False: proven, True: proven | summed}


def _crossings(rule: Rule, item: LineSum, structure: Structure, proven: dict[bool, set[tuple[str, int]]]) -> Iterator[Comparison]:
    view = structure.views[item.axis]
    additive = proven[bool(view.lines[item.target].total)]
    table = structure.table
    parts_printed = ",".join(str(view.lines[p].index) for p in item.parts)
    relation = f"{table.place.file}#{table.number}:{item.axis}:{view.lines[item.target].index}={parts_printed}"
    zero = _blank_is_zero(view, item)
    for j, line in enumerate(view.cross):
        stated = view.figure(item.target, j)
        if stated is None or stated.value is None or not line.additive:
            continue
        parts = [(p, view.figure(p, j)) for p in item.parts]
        figures = [figure for _, figure in parts if figure is not None and figure.value is not None]
        if not figures:
            continue
        blanks = len(parts) - len(figures)
        if any(figure is None and not view.blank(p, j) for p, figure in parts):
            words = Message("reason-words")
            if sum(figure.value or 0 for figure in figures) != stated.value:
                yield not_evaluated(rule, stated, words, [("part", figure) for figure in figures], relation)
                continue
        # `411억원 (예비비 포함)` may hold more than its parts.
        remarked = any(REMARK.search(figure.text.strip()) for figure in (stated, *figures))
        absent = [p for p, found in parts if found is None or found.value is None]
        missing = [view.gap(p, j) if blanks == 1 else Figure(None, "", stated.place) for p in absent]
        terms = [states(stated), *(Term(figure) for figure in figures), *(Term(figure, role="blank") for figure in missing)]
        comparison = confront(
            Relation(
                rule,
                tuple(replace(term, step=structure.step(view, term.operand)) for term in terms),
                relation,
                blanks="zero" if zero and slipped(*_integers(view, item, j)) else "missing",
                severity="note"
                if (blanks and _explained(structure, item, j)) or remarked
                else _severity(rule, item, view, j, blanks),
                message=_message(stated, figures, blanks, view.lines[item.target].text),
            )
        )
        if comparison.verdict == "fail" and item.unprinted:
            yield not_evaluated(rule, stated, Message("reason-unprinted"), comparison.operands, relation)
            continue
        percent = stated.unit is not None and stated.unit.family == "percent"  # which a heading of money does not make amounts
        summed = (item.axis, j) in additive or (line.measure in MONEY_MEASURES and not percent)
        coded = codes(*_integers(view, item, j))
        if comparison.verdict == "fail" and (
            coded
            or (not summed and ((percent and _beside_amounts(view, item.target)) or _not_a_sum(item, view, j, stated, figures)))
        ):
            reason = Message("reason-not-additive", {"column": line.text or str(line.index + 1)})
            yield not_evaluated(rule, stated, reason, comparison.operands, relation)
            continue
        if comparison.verdict == "fail" and item.dimension == "year" and _is_stock(stated, figures):
            yield not_evaluated(rule, stated, Message("reason-stock"), comparison.operands, relation)
            continue
        if comparison.verdict == "fail" and item.short:
            comparison = replace(comparison, severity=_weaker(comparison.severity))
        if comparison.verdict == "fail" and item.lone and not _by_a_stroke(view, item, j):
            comparison = replace(comparison, severity=_weaker(comparison.severity))
        yield comparison


def _integers(view: View, item: LineSum, j: int) -> tuple[int, list[int]]:
    """A total and its parts at a crossing, blanks as zero."""
    return view.n[item.target][j] or 0, [view.n[p][j] or 0 for p in item.parts]


def _by_a_stroke(view: View, item: LineSum, j: int) -> bool:
    """True if one slip of a digit, in the total or in a part with enough digits, explains the difference."""
    stated, parts = _integers(view, item, j)
    slack = view.step[item.target][j] + sum(view.step[p][j] for p in item.parts)
    return bool(stroke(stated, sum(parts))) or stroke_bits(stated, parts, slack) > 0


def _blank_is_zero(view: View, item: LineSum) -> bool:
    """True if a sum leaves its zeros blank: it balances again and again though several of its parts are not printed."""
    held = 0
    for j in range(len(view.cross)):
        total, parts = _integers(view, item, j)
        held += total == sum(parts) != 0 and sum(view.n[p][j] is None for p in item.parts) > 1
    return held >= ZEROS


def _explained(structure: Structure, item: LineSum, j: int) -> bool:
    """True if the one blank part follows from the crossing sum, so the total is right."""
    view = structure.views[item.axis]
    blank = [p for p in item.parts if view.n[p][j] is None]
    stated = view.n[item.target][j]
    if len(blank) != 1 or stated is None:
        return False
    missing = stated - sum(view.n[p][j] or 0 for p in item.parts)
    for other in structure.sums:
        if other.axis == item.axis or j not in (other.target, *other.parts):
            continue
        known = [view.n[blank[0]][k] for k in other.parts if k != j]
        total = view.n[blank[0]][other.target]
        if any(value is None for value in known):
            continue
        added = sum(value for value in known if value is not None)
        if (added if j == other.target else (None if total is None else total - added)) == missing:
            return True
    return False


def _severity(rule: Rule, item: LineSum, view: View, j: int, blanks: int) -> Severity:
    """An error where labels and figures say that it is a sum, or figures alone but in one place, where a stroke tells why."""
    stated, parts = _integers(view, item, j)
    slack = view.step[item.target][j] + sum(view.step[p][j] for p in item.parts)
    far = abs(stated - sum(parts)) > FAR * max(slack, 1)  # what is off in its last digit was rather rounded
    proven = item.passes >= PROVEN and item.causes == 1 and far and stroke_bits(stated, parts, slack) > 0
    if not item.cue and not proven:
        return "note"
    if blanks:
        return _weaker(rule.severity)
    return rule.severity


def _weaker(severity: Severity) -> Severity:
    return "warning" if severity == "error" else severity


def _not_a_sum(item: LineSum, view: View, j: int, stated: Figure, figures: list[Figure]) -> bool:
    """True if the total row of this column, in which no sum balances, is rather an average or a rate: it lies among its parts."""
    integer, parts = view.n[item.target][j], [view.n[p][j] or 0 for p in item.parts]
    if item.lone or integer is None or stated.value is None:
        return False
    money = stated.unit is not None and stated.unit.family == "money"
    if item.axis == "column" and item.passes >= HOLDS:
        return False  # the rows of a table are of one kind, and in others this sum holds
    values = [figure.value for figure in figures if figure.value]
    if len(values) < (SEVERAL if money else 2) or slipped(integer, parts):
        return False  # a table's unit of money may have been taken for that of a column of rates
    if money:  # of amounts above and below zero a sum lies among its parts as well
        return item.axis == "row" and 0 < min(values) < stated.value < max(values)
    return min(values) <= stated.value <= max(values) or stated.step < max(figure.step for figure in figures)


def _beside_amounts(view: View, line: int) -> bool:
    """True if a line prints other figures than percentages too."""
    printed = [
        figure for j in range(len(view.cross)) if (figure := view.figure(line, j)) is not None and figure.value is not None
    ]
    return any(figure.unit is None or figure.unit.family != "percent" for figure in printed)


def _is_stock(stated: Figure, figures: Sequence[Figure]) -> bool:
    """True if the total of years repeats the last of them, or is a dash: what is left at the end of each year has no sum."""
    values = [figure.value for figure in figures if figure.value]
    return len(values) > 1 and (stated.dash or stated.value == figures[-1].value != 0)


def _message(stated: Figure, figures: list[Figure], blanks: int, total: str) -> Message:
    args = {
        "total": total or stated.label,
        "label": stated.label,
        "stated": stated.text.strip(),
        "parts": len(figures),
        "blanks": blanks,
    }
    return Message("sum-with-blanks" if blanks else "sum-differs", args)


def _unexplained(rule: Rule, structure: Structure) -> Iterator[Comparison]:
    for axis, target in structure.unexplained:
        view = structure.views[axis]
        stated = next((figure for j in range(len(view.cross)) if (figure := view.figure(target, j)) and figure.value), None)
        if stated is not None:
            yield not_evaluated(rule, stated, Message("reason-no-reading", {"total": view.lines[target].text}))
