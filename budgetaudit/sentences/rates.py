"""Changes and rates that a sentence states together with the numbers they follow from, read by the phrases of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, TypeAlias

from budgetaudit.model import Figure
from budgetaudit.relations.relation import Term
from budgetaudit.sentences.alternatives import any_of
from budgetaudit.sentences.arithmetic import exact
from budgetaudit.sentences.brackets import Bracket
from budgetaudit.sentences.breakdowns import in_unit
from budgetaudit.sentences.phrases import Match, Phrases
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.vocabulary import Vocabulary

Form = Literal["change", "growth", "relative", "ratio", "share"]
BEFORE, BEHIND, LEADING = 6, 14, 20  # letters around a number, and before a phrase, in which it is said to rise or fall
FEW = 3  # from so many parts on, all shares but one make known what they are shares of
WHOLE = Decimal(100)
ONE, HUNDRED = Fraction(1), Fraction(100)
Operand: TypeAlias = tuple[Figure, Decimal | None]  # a figure and a precision that is not the printed one


@dataclass(frozen=True, slots=True)
class Claim:
    """A stated change or rate and the numbers it follows from. `down`: -1 the text says decrease, 1 increase, 0 neither."""

    form: Form
    stated: Number
    first: Number  # new, numerator
    seconds: tuple[Number, ...]  # old; what makes up the denominator
    down: int = 0
    sure: bool = False  # the words leave no doubt about the operands


class Directions:
    """The words of change and comparison in a vocabulary, and its phrases."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        prose = vocabulary.prose
        self.phrases = Phrases(vocabulary, tuple(READ))
        self.up, self.down, self.compared, self.previous, self.attributive, self.respectively, self.points = (
            any_of(prose.get(name, ()))
            for name in ("up", "down", "compared", "previous", "attributive", "respectively", "percent_points")
        )

    def in_points(self, scan: Scan, number: Number) -> bool:
        """True if a rate is stated in percentage points."""
        return bool(self.points.search(scan.text, number.start, number.end + 5))

    def direction(self, text: str) -> int:
        up, down = self.up.search(text), self.down.search(text)
        if up and (not down or up.start() < down.start()):
            return 1
        return -1 if down else 0

    def beside(self, scan: Scan, number: Number) -> int:
        """Which way a number went by the words right before and behind it."""
        before = scan.text[max(0, number.start - BEFORE) : number.start]
        return self.direction(before + " " + scan.text[number.end : number.end + BEHIND])


def alike(number: Number, other: Number) -> bool:
    """True if two numbers are printed in units that can be compared."""
    return number.unit is not None and in_unit(Decimal(1), number.unit, other.unit) is not None


def bracket_at(scan: Scan, at: int) -> Bracket | None:
    """The bracket that opens right behind a position."""
    return next((bracket for bracket in scan.pairs(at, at + 3) if not scan.text[at : bracket.start].strip()), None)


def made_of(form: str, first: Operand, seconds: Sequence[Operand], sign: Fraction = ONE) -> list[Term[Figure]]:
    """What a change or rate follows from: the change from one amount to another, or one over others in percent."""
    names = ("new", "old") if form in ("change", "growth") else ("numerator", "denominator")
    scale = sign if form == "change" else HUNDRED * sign
    terms = [Term(first[0], scale, role=names[0], step=first[1])]
    for figure, step in seconds:
        if form in ("change", "growth"):
            terms.append(Term(figure, -scale, role=names[1], step=step))
        if form != "change":
            terms.append(Term(figure, ONE, "divisor", names[1], step))
    return terms


def claims(scan: Scan, words: Directions) -> Iterator[Claim]:
    """Every change and rate of a sentence, once."""
    if words.respectively.search(scan.text):
        yield from _respectively(scan, words)
        return
    claimed: set[int] = set()
    for match in words.phrases.matches(scan):
        for claim in READ[match.kind.split()[0]](match, scan, words):
            if claim.stated.start not in claimed:
                claimed.add(claim.stated.start)
                yield claim
    yield from (claim for claim in _of_whole(scan) if claim.stated.start not in claimed)


def _moved(match: Match, scan: Scan, words: Directions) -> Iterator[Claim]:
    """A change, a rate of change or a change in points, as its unit says."""
    (old, *_), (new, *_) = match.roles["old"], match.roles["new"]
    if match.years.get("now", 1) - match.years.get("then", 0) != 1:
        return
    old = replace(old, unit=new.unit) if old.unit is None else old
    if in_unit(Decimal(1), old.unit, new.unit) is None:
        return
    for stated in match.roles["stated"]:
        before = scan.text[max(0, stated.start - BEFORE) : stated.start].rstrip()
        down = words.beside(scan, stated) or words.direction(scan.text[match.start : match.end + BEHIND])
        down = down or words.direction(scan.text[max(0, match.start - LEADING) : match.start])
        if not down and stated.value >= 0 and not before.endswith("+"):
            continue
        if stated.family == "percent" and (new.family != "percent" or words.in_points(scan, stated)):
            # `3,300억보다 9.7% 늘어난 319억` names the increase, not the new amount
            named = new.family != "percent" and down > 0 and exact(new) * 2 < exact(old)
            form: Form = "ratio" if named else "change" if new.family == "percent" else "growth"
            yield Claim(form, stated, new, (old,), down)
        elif stated.family != "percent" and (alike(stated, new) or stated.unit is new.unit is None):
            yield Claim("change", stated, new, (old,), down, sure=not stated.bound and match.kind.endswith("surely"))


def _ratio(match: Match, scan: Scan, words: Directions) -> Iterator[Claim]:
    """Each part in its whole, which is printed or the part with the rest; the rate of another year is none of theirs."""
    form: Form = "share" if match.kind == "share" else "ratio"
    for part, rate in zip(match.roles["part"], match.roles["rate"], strict=False):
        if part.end < rate.start and words.previous.search(scan.text[part.end : rate.start]):
            continue
        whole = match.roles.get("whole") or (part, *match.roles["rest"])
        if all(alike(number, part) or number.unit is part.unit is None for number in whole):
            yield Claim(form, rate, part, whole, sure=match.kind.endswith("surely"))


def _grown(match: Match, scan: Scan, words: Directions) -> Iterator[Claim]:
    """The rate of a change, of an amount that is printed or follows from the new one."""
    (change, *_), (rate, *_) = match.roles["change"], match.roles["rate"]
    down = words.direction(scan.text[change.end : match.end + BEHIND]) or words.direction(scan.text[match.start : change.start])
    (other, *_) = match.roles.get("old") or match.roles["new"]
    if down and not rate.bound and alike(other, change) and not words.in_points(scan, rate):
        base = other if "old" in match.roles else _before(other, change, down)
        yield Claim("relative", rate, change, (base,))


def _before(new: Number, change: Number, down: int) -> Number:
    """What an amount was before it changed."""
    text = f"{new.text} {'-' if down > 0 else '+'} {change.text}"
    return replace(new, value=new.value - abs(change.value) * down, text=text)


READ = {"moved": _moved, "ratio": _ratio, "share": _ratio, "rest": _ratio, "grown": _grown}


# --- lists ---------------------------------------------------------------------------------------------


def _respectively(scan: Scan, words: Directions) -> Iterator[Claim]:
    """`각각 1,820억원(12.4%), 2,640억원(24.0%) 증가한 16,497억원, 13,640억원`: the first goes with the first, and so on."""
    pairs = [
        (change, rate)
        for change, rate in pairwise(scan.numbers)
        if rate.family == "percent" and change.family in ("money", "count") and rate.depth == change.depth + 1
    ]
    if len(pairs) < 2:
        return
    last = pairs[-1][1]
    behind = scan.between(last.end, len(scan.text), pairs[0][0].depth)[: len(pairs)]
    said = scan.text[last.end : behind[0].start] if behind else ""
    down = words.direction(said)
    apart = any(mark in scan.masked[a.end : b.start] for a, b in pairwise(behind) for mark in ".;:")
    if len(behind) == len(pairs) and down and not apart and words.attributive.search(said):
        for (change, rate), new in zip(pairs, behind, strict=True):
            if alike(new, change) and not words.in_points(scan, rate) and not rate.bound:
                yield Claim("relative", rate, change, (_before(new, change, down),))


def share_behind(scan: Scan, part: Number) -> Number | None:
    """The percentage right behind a number, alone in its bracket or without one: 20개국, 50% in a bracket too."""
    rate = next(iter(scan.between(part.end, part.end + BEHIND)), None)
    if rate is None or rate.family != "percent" or rate.bound:
        return None
    gap, tail = scan.masked[part.end : rate.start].removeprefix(part.word).strip(), scan.masked[rate.end : rate.end + 1]
    inside = rate.depth == part.depth + (gap == "(")
    alone = gap == "" or (tail == ")" and (gap == "(" or scan.masked[part.start - 1 : part.start] == "("))
    return rate if inside and alone and gap in ("", "(", ",", "/") else None


def _of_whole(scan: Scan) -> Iterator[Claim]:
    """`탁월 14개(10.3%), 우수 48개(35.3%), …`: a list whose shares make up 100 is a whole, and each share follows from it."""
    run: list[tuple[Number, Number]] = []
    for number in scan.numbers:
        rate = share_behind(scan, number) if number.family in ("money", "count", "other") and not number.bound else None
        if rate is None:
            continue
        if run:
            part, before = run[-1]
            gap = scan.masked[before.end : number.start]
            if part.depth != number.depth or not alike(part, number) or len(gap) > BEHIND * 2 or set(gap) & set(".;:→⇒="):
                yield from _wholly(run)
                run = []
        run.append((number, rate))
    yield from _wholly(run)


def _wholly(run: Sequence[tuple[Number, Number]]) -> Iterator[Claim]:
    """The shares of a list, if they are shares of nothing but it."""
    parts = [exact(part) for part, _ in run]
    whole = sum(parts)
    if len(run) < 2 or not whole:
        return
    shown = sum(rate.value for _, rate in run)
    slack = sum((rate.last_place for _, rate in run), Decimal(0)) / 2
    held = sum(
        abs(part / whole - exact(rate)) * 100 <= Fraction(rate.last_place) for part, (_, rate) in zip(parts, run, strict=True)
    )
    if abs(shown - WHOLE) <= slack or (len(run) >= FEW and held == len(run) - 1):
        for part, rate in run:
            yield Claim("share", rate, part, tuple(other for other, _ in run))
