"""What is executed stays within what was planned or budgeted: inside one table, and from a plan table to its execution table.

Years are matched by year and sources by source; with `also: cumulative` the running totals are compared too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from budgetaudit.kinds.options import WithinOptions
from budgetaudit.label_text import squeeze
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.labels.naming import chooses, pairs
from budgetaudit.labels.numbers import View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront, worth
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rulefiles.rule import Rule, Selector

MOSTLY = 3  # where more than one crossing in three exceeds, the labels were misread


def compare_within(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each amount and the limit it belongs to."""
    options: WithinOptions = rule.options
    tables = list(material.chosen(rule))
    if options.also in ("rising", "complete"):
        from budgetaudit.sentences import progress

        if options.also == "rising":
            yield from progress.compare_rising(rule, tables, material.vocabulary.prose.get("progress_words", ()))
        else:
            yield from progress.compare_completed(rule, tables, material.prose)
        return
    for table in tables:
        if options.left.label or not _revenue(table, material):
            yield from _inside(rule, table, options, material)
    yield from compare_between(rule, tables, material)


def _revenue(table: Table, material: Material) -> bool:
    """Revenue may exceed its estimate; only spending is bound by its budget."""
    words = material.vocabulary.lists["revenue_words"]
    texts = [table.caption, *(line.text for line in table.columns)]
    if any(word in squeeze(text) for text in texts for word in words):
        return True
    taxes = tuple(map(squeeze, material.vocabulary.prose.get("taxes", ())))
    rows = [squeeze(line.text) for line in table.rows if not line.total and line.text]
    return bool(rows) and 2 * sum(any(word in row for word in taxes) for row in rows) > len(rows)


def _inside(rule: Rule, table: Table, options: WithinOptions, material: Material) -> Iterator[Comparison]:
    """Two lines of one table: execution beside its budget."""
    named = bool(options.left.label and options.right.label)
    for axis, view in material.structure(table).views.items():
        for i, line in enumerate(view.lines):
            if not chooses(options.left, line) or not line.additive:
                continue
            limits = [k for k in range(len(view.lines)) if k != i and _limits(view.lines[k], line, options.right)]
            limits = [k for k in limits if _of_before(view.lines[k], material) == _of_before(line, material)]
            readings = [_against(rule, view, i, k, f"{table.place.file}#{table.number}:{axis}:{i}<={k}") for k in limits]
            best = min((made for made in readings if made), key=_exceeding, default=[])
            if named or _exceeding(best) * MOSTLY <= len(best):
                yield from best


def _of_before(line: Line, material: Material) -> bool:
    """True if a line says that it is of the year before: last year's spending is not bound by this year's budget."""
    words = material.vocabulary.prose.get("year_before", ())
    return any(label.key.startswith(squeeze(word)) for label in line.labels for word in words)


def _against(rule: Rule, view: View, i: int, limit: int, relation: str) -> list[Comparison]:
    """A line of amounts against a line of limits."""
    made = []
    for j, cross in enumerate(view.cross):
        left, right = view.figure(i, j), view.figure(limit, j)
        if left is None or right is None or left.value is None or right.value is None or not cross.additive:
            continue
        comparison = _at_most(rule, left, right, view.lines[limit].text, relation)
        if comparison is not None:
            made.append(comparison)
    return made


def _exceeding(comparisons: list[Comparison]) -> int:
    return sum(comparison.verdict == "fail" for comparison in comparisons)


def _limits(candidate: Line, line: Line, selector: Selector) -> bool:
    return chooses(selector, candidate) and candidate.additive and candidate.year == line.year and candidate.member == line.member


def _at_most(rule: Rule, left: Figure, right: Figure, limit_label: str, law: str) -> Comparison | None:
    """An amount against its limit; None if their units cannot be compared."""
    if worth(right, left) is None:
        return None
    args = {"label": left.label, "stated": left.text.strip(), "limit": right.text.strip(), "limit_label": limit_label}
    terms = (states(left), Term(right, role="limit"))
    return confront(Relation(rule, terms, law, "<=", message=Message("within-exceeds", args)))


# --- a plan table and the execution table that follows it ------------------------------------------


def compare_between(rule: Rule, tables: Sequence[Table], material: Material) -> Iterator[Comparison]:
    """A table of what was planned and the next one of the same rows and years that says what was executed."""
    options: WithinOptions = rule.options
    lefts, rights = options.left.of("measure"), options.right.of("measure")
    plan: Table | None = None
    for table in tables:
        measure = material.measure(table)
        if measure in rights:
            plan = table
        elif measure in lefts and plan is not None and _same_frame(plan, table):
            yield from _pair(rule, plan, table, options)
            plan = None


def _key(line: Line) -> str:
    """What a row or column is about, so that it is found again in another table."""
    if line.total:
        return "Σ" + "/".join(label.key for label in line.labels[:-1] if label.key and not label.measure)
    if line.member:
        return f"{line.dimension}={line.member}"
    return "/".join(label.key for label in line.labels if label.key)


def _same_frame(plan: Table, execution: Table) -> bool:
    """True if two tables have the same rows and speak of years, so that one is the execution of the other."""
    rows = {_key(line) for line in execution.rows}
    years = {line.member for line in execution.columns if line.dimension == "year"} & {
        line.member for line in plan.columns if line.dimension == "year"
    }
    return len(rows) >= 2 and bool(years) and rows <= {_key(line) for line in plan.rows}


def _pair(rule: Rule, plan: Table, execution: Table, options: WithinOptions) -> Iterator[Comparison]:
    rows, columns = pairs(execution.rows, plan.rows, _key), pairs(execution.columns, plan.columns, _key)
    relation = f"{execution.place.file}#{execution.number}<=#{plan.number}"
    paired = {line.index for line in columns.values()}
    whole = all(line.total or line.index in paired for line in plan.columns)
    for row in execution.rows:
        other = rows.get(row.index)
        if other is None:
            continue
        spent: list[Figure] = []
        planned: list[Figure] = []
        for column in execution.columns:
            match = columns.get(column.index)
            if column.total and not whole:
                continue  # a total of fewer years says nothing against the plan's
            left = execution.figures.get((row.index, column.index))
            right = plan.figures.get((other.index, match.index)) if match is not None else None
            if left is None or right is None or left.value is None or right.value is None or match is None:
                continue
            comparison = _at_most(rule, left, right, f"{plan.caption} {match.text}".strip(), f"{relation}:{row.index}")
            if comparison is not None:
                yield comparison
            if column.dimension == "year" and column.year is not None and options.also == "cumulative":
                spent.append(left)
                planned.append(right)
                if len(spent) > 1:
                    yield from _running(rule, spent, planned, match.text, f"{relation}:{row.index}")


def _running(rule: Rule, spent: list[Figure], planned: list[Figure], label: str, law: str) -> Iterator[Comparison]:
    """The running totals up to a year. A year that is over its own limit is reported by itself."""
    last = spent[-1]
    if any(worth(figure, last) is None for figure in (*spent, *planned)):
        return
    earlier = (Term(figure, side="stated") for figure in spent[:-1])
    terms = (states(last), *earlier, *(Term(figure, role="limit") for figure in planned))
    message = Message("within-cumulative", {"label": last.label, "limit_label": label})
    yield confront(Relation(rule, terms, law, "<=", message=message))
