"""What an audit proves of the figures it read, what it only bounds, and what it could not decide.

A figure is proven by an equality that holds. An inequality that holds (execution within its budget) only bounds it, and how
numbers and dates are written says nothing of what they amount to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from budgetaudit.model import Audit, Comparison, Figure, InputSummary, Message, Place

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Table

NO_FIGURES = ("period", "notation")  # kinds that compare dates and ways of writing, not amounts

State = Literal["findings", "nothing", "open", "clean"]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A stated figure, formula or rule that was proposed and could not be decided; of a ledger, `count` rows alike."""

    place: Place
    label: str
    rule: str
    kind: str
    reason: Message
    stated: Figure | None = None
    count: int = 1


def unexplained(audit: Audit) -> tuple[Unexplained, ...]:
    """All that could not be decided, in the order of the audit."""
    return tuple(_unexplained(audit))


def _unexplained(audit: Audit) -> Iterator[Unexplained]:
    for comparison in audit.comparisons:
        if comparison.verdict == "not_evaluated" and comparison.kind not in NO_FIGURES:
            stated = comparison.stated
            yield Unexplained(stated.place, stated.label, comparison.rule, comparison.kind, comparison.message, stated)
    for tally in audit.tallies:
        if tally.kind not in NO_FIGURES:
            for reason, count in tally.reasons:
                yield Unexplained(Place(tally.file), "", tally.rule, tally.kind, reason, count=count)


def decided(audit: Audit) -> int:
    """How many comparisons of figures came to a verdict."""
    listed = sum(item.verdict != "not_evaluated" and item.kind not in NO_FIGURES for item in audit.comparisons)
    counted = (tally.passed + tally.rounding + tally.failed for tally in audit.tallies if tally.kind not in NO_FIGURES)
    return listed + sum(counted)


def unchecked_files(audit: Audit) -> set[str]:
    """The files of which no figure was checked."""
    checked = {c.stated.place.file for c in audit.comparisons if c.verdict != "not_evaluated" and c.kind not in NO_FIGURES}
    checked |= {t.file for t in audit.tallies if t.kind not in NO_FIGURES and (t.passed or t.rounding or t.failed)}
    return {source.path for source in audit.inputs} - checked


def state(audit: Audit) -> State:
    """What the verdict says: clean is an audit only if all that was proposed is decided."""
    if any(finding.waived is None for finding in audit.findings):
        return "findings"
    if not decided(audit):
        return "nothing"
    return "open" if unexplained(audit) else "clean"


def proven(comparison: Comparison) -> Literal["proven", "bounded", ""]:
    """What a comparison shows of its figures."""
    if comparison.kind in NO_FIGURES or comparison.verdict not in ("pass", "rounding"):
        return ""
    return "proven" if comparison.operator == "=" else "bounded"


def counted(
    source: InputSummary, tables: Iterable[Table], comparisons: Sequence[Comparison], in_sentences: Sequence[Figure] = ()
) -> InputSummary:
    """The summary of an input with how many figures it has, how many of them are proven, and how many only bounded.

    `in_sentences`: the amounts that its sentences print; those of which nothing is compared are figures too.
    """
    used = [table for table in tables if table.copy_of is None and table.figures]
    printed = {figure.place for table in used for figure in table.figures.values()}
    figures: set[object] = set(printed)
    shown: dict[str, set[object]] = {"proven": set(), "bounded": set(), "": set()}
    for comparison in comparisons:
        if comparison.kind in NO_FIGURES:
            continue
        what = proven(comparison)
        for figure in (comparison.stated, *(figure for _, figure in comparison.operands)):
            if figure.place.file != source.path:
                continue
            # a figure of a sentence shares its place with others, so that its words belong to what it is
            key = figure.place if figure.place in printed else (figure.place, figure.text, figure.label)
            figures.add(key)
            shown[what].add(key)
    figures.update(
        (figure.place, figure.text, figure.label) for figure in unbound(in_sentences, comparisons) if figure.place not in printed
    )
    covered, bounded = shown["proven"], shown["bounded"] - shown["proven"]
    return replace(source, tables=len(used), figures=len(figures), covered=len(figures & covered), bounded=len(figures & bounded))


def unbound(in_sentences: Sequence[Figure], comparisons: Iterable[Comparison]) -> list[Figure]:
    """The amounts of sentences that take part in no comparison."""
    if not in_sentences:
        return []
    used = {
        (figure.place, figure.text)
        for comparison in comparisons
        if comparison.kind not in NO_FIGURES
        for figure in (comparison.stated, *(figure for _, figure in comparison.operands))
    }
    return [figure for figure in in_sentences if (figure.place, figure.text) not in used]


def below(audit: Audit, percent: Decimal) -> Sequence[tuple[InputSummary, Decimal]]:
    """The inputs with figures of which less than so much of a hundred is proven, with how much is."""
    shares = ((source, Decimal(100) * source.covered / source.figures) for source in audit.inputs if source.figures)
    return [(source, share) for source, share in shares if share < percent]
