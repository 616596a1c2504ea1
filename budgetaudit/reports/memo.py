"""The review memorandum (검토의견서) as officers file it, format aside: headings, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from budgetaudit import __version__
from budgetaudit.assurance import Unexplained, unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Finding
from budgetaudit.reports.layout import width_of
from budgetaudit.reports.summary import problems, summary, undecided_cells, verdict
from budgetaudit.reports.wording import (
    against_code,
    amount,
    by_reason,
    clean,
    finding_cells,
    headline,
    open_causes,
    place_text,
    rule_titles,
    storable,
    tie_text,
)

MAX_UNDECIDED, MAX_FOLLOWING = 30, 20
AMOUNTS = (2, 3, 4)  # the columns of a finding's amounts
NUMBER, PLACE, OPINION, LEAST, MOST = 8, 12, 9, 9, 18  # shares of columns, of a hundred
PADDING = 2  # of a cell


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, its header first; `widths` are the shares of its columns, `label` says that the first column is a header."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    label: bool = False


Block = Heading | Text | Grid


def blocks(audit: Audit, lang: str) -> Iterator[Block]:
    """The memorandum from its title to the places for signatures, its headings numbered."""
    number = 0
    for block in _blocks(audit, lang):
        if isinstance(block, Heading) and block.level:
            number += 1
            yield Heading(f"{number}. {block.text}", block.level)
        elif isinstance(block, Grid):
            yield replace(block, rows=tuple(tuple(map(storable, row)) for row in block.rows))
        else:
            yield replace(block, text=storable(block.text))


def _blocks(audit: Audit, lang: str) -> Iterator[Block]:
    yield Heading(say("memo.title", lang), 0)
    yield Heading(say("memo.document", lang))
    yield Grid(tuple(_about(audit, lang)), (1, 4), label=True)
    yield Heading(say("memo.coverage", lang))
    for heading, lines in summary(audit, lang, 0):
        yield from (Text(f"{heading}: {clean(line)}") for line in lines)
    yield Text(verdict(audit, lang))
    yield Heading(say("report.findings", lang))
    found = open_causes(audit)
    if found:
        heads = ("head.id", "head.place", "head.stated", "memo.against", "head.difference", "memo.grounds", "memo.opinion")
        several = len(audit.inputs) > 1
        titles = rule_titles(audit.rules, lang)
        bases = {rule.id: rule.basis.get(lang, "") for rule in audit.rules}
        rows = [_finding(finding, following, titles, bases, lang, several=several) for finding, following in found]
        yield Grid((_heads(heads, lang), *rows), _widths(rows))
    else:
        yield Text(say("html.no-findings", lang))
    yield from _unchecked(audit, lang)
    yield Heading(say("memo.signed", lang))
    yield Grid(((say("review.author", lang), "", say("memo.signature", lang), ""),), (1, 3, 1, 3), label=True)


def _about(audit: Audit, lang: str) -> Iterator[tuple[str, ...]]:
    for source in audit.inputs:
        name = clean(source.path).replace("\\", "/").rpartition("/")[2]
        yield say("html.file", lang), name + (f"\nSHA-256 {source.sha256}" if source.sha256 else "")
    yield say("memo.date", lang), date.today().isoformat()  # noqa: DTZ011 - the day of the reader
    yield say("memo.tool", lang), f"budgetaudit {__version__}"
    yield say("memo.method", lang), say("memo.how", lang, rules=len(audit.rules), comparisons=f"{audit.compared:,}")


def _heads(codes: Sequence[str], lang: str) -> tuple[str, ...]:
    return tuple(text[:1].upper() + text[1:] for text in (say(code, lang) for code in codes))


def _widths(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """The shares of the columns of findings: those of amounts as wide as the longest, which no line breaks."""
    longest = (max(width_of(part) for row in rows for part in row[column].split("\n")) for column in AMOUNTS)
    amounts = [min(max(width + PADDING, LEAST), MOST) for width in longest]
    rest = 100 - NUMBER - PLACE - OPINION - sum(amounts)
    return NUMBER, PLACE, *amounts, rest, OPINION


def _finding(
    finding: Finding, following: Sequence[Finding], titles: dict[str, str], bases: dict[str, str], lang: str, *, several: bool
) -> tuple[str, ...]:
    _, _, stated, expected, difference = finding_cells(finding, lang, file=False)
    place = place_text(finding.places[0][1], lang, file=several) if finding.places else ""
    against = f"{say(against_code(finding), lang)}\n{expected}" if expected != amount(None) else expected
    title, basis = titles.get(finding.rule) or finding.rule, bases.get(finding.rule, "")
    grounds = [headline(finding, lang), tie_text(finding, lang), title, basis]
    grounds += [f"{say('memo.same-cause', lang)} {other.id} {headline(other, lang)}" for other in following[:MAX_FOLLOWING]]
    severity = say(f"severity.{finding.severity}", lang)
    return f"{finding.id}\n{severity}", place, stated, against, difference, "\n".join(clean(text) for text in grounds if text), ""


def _unchecked(audit: Audit, lang: str) -> Iterator[Block]:
    """What could not be decided or read: without it "no findings" would say too much."""
    undecided = by_reason(unexplained(audit), lang)
    notes = problems(audit, lang)
    if not undecided and not notes:
        return
    yield Heading(say("memo.unchecked", lang))
    yield from (Text(line) for line in notes)
    if undecided:
        rows = [(f"{reason}\n({rule})", _places(items, lang, several=len(audit.inputs) > 1)) for rule, reason, items in undecided]
        yield Grid((_heads(("head.reason", "head.place"), lang), *rows), (2, 5))


def _places(items: Sequence[Unexplained], lang: str, *, several: bool) -> str:
    """Where the figures of one reason stand, the first of many."""
    texts = [" ".join(filter(None, (place_text(item.place, lang, file=several), undecided_cells(item)[0]))) for item in items]
    more = [say("html.more", lang, n=len(texts) - MAX_UNDECIDED)] if len(texts) > MAX_UNDECIDED else []
    return "\n".join([*texts[:MAX_UNDECIDED], *more])
