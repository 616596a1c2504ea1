"""Tie figures across files: a plan book and its settlement book, a pledge card, last year's book, a ledger and its subtotals.

Each file was audited by itself; here only figures of different files meet. Items, measures, years and units must fit,
and enough equal figures must confirm that two columns, or two rows, speak of the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import PurePath

from budgetaudit.kinds import agree, within
from budgetaudit.kinds.agree import AgreeOptions
from budgetaudit.kinds.options import WithinOptions
from budgetaudit.labels.labelling import Line, Table
from budgetaudit.labels.numbers import bits
from budgetaudit.labels.stocks import Roles
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Document, Figure, Message, RuleError, Severity
from budgetaudit.periods import years_in
from budgetaudit.relations.confront import confront, tidy
from budgetaudit.relations.relation import Relation, summed
from budgetaudit.rounding import Interval, interval, total_of
from budgetaudit.rulefiles.rule import Rule, RuleSet
from budgetaudit.slips import stroke
from budgetaudit.structure import following, overlaps
from budgetaudit.structure import sheets as paired
from budgetaudit.vocabulary import Vocabulary

AGREEING = 3
EVIDENCE = 30.0
FEW = 3  # of figures that confirm a tie, at least this many for each that differs by more than a slip
CROWD = 200  # an item that more tables print says little about which of them belong together

PRIOR = "prior_budget"
BUDGETS = frozenset(["budget", "revised_budget", "current_budget"])

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of amounts, and what it states: of which source or group, and which measure."""

    line: Line
    about: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table among those of other files: the years it speaks of, its rows by what they are about, its columns."""

    table: Table
    years: frozenset[int]
    items: Mapping[Key, tuple[Line, ...]]
    columns: tuple[Column, ...]

    def years_of(self, column: Column) -> frozenset[int]:
        return self.years if column.line.year is None else frozenset([column.line.year])


def compare_together(
    documents: Sequence[tuple[Document, Sequence[Table]]], ruleset: RuleSet, words: Vocabulary
) -> tuple[list[Comparison], list[RuleError]]:
    """The comparisons whose figures come from different files; `documents` with the tables of each, in order."""
    files = [Material(document, tuple(tables), words) for document, tables in documents]
    sheets = _sheets(files)
    found: list[Comparison] = []
    errors: list[RuleError] = []
    for rule in ruleset.active():
        try:
            made = list(_compared(rule, files, sheets)) if len(files) > 1 else []
        except Exception as error:  # as in pipeline.py: neither a finding nor silence
            args = {"rule": rule.id, "file": "--together", "error": f"{type(error).__name__}: {error}"}
            errors.append(RuleError(rule.id, Message("rule-crashed", args)))
            continue
        found.extend(_across(made))
    return found, errors


def _sheets(files: Sequence[Material]) -> dict[int, Sheet]:
    """Every table with its years, by its identity."""
    found = {}
    for file in files:
        title = years_in(" ".join(file.tables[0].heading)) if file.tables else ()
        own = frozenset(title) or frozenset(years_in(PurePath(file.document.path).stem))
        for table in file.tables:
            found[id(table)] = Sheet(table, frozenset(years_in(table.caption)) or own, _items(table), _columns_of(table))
    return found


def _compared(rule: Rule, files: Sequence[Material], sheets: Mapping[int, Sheet]) -> Iterator[Comparison]:
    if rule.kind == "agree" and isinstance(rule.options, AgreeOptions) and rule.options.told == "tables":
        chosen = [sheets[id(table)] for file in files for table in file.chosen(rule)]
        yield from _columns(rule, chosen)
        yield from _cells(rule, files, chosen)
    elif rule.kind == "agree" and isinstance(rule.options, AgreeOptions) and rule.options.told == "years":
        yield from agree.compare_years(
            rule, _dated(files, [sheets[id(t)] for f in files for t in f.chosen(rule)]), files[0].vocabulary
        )
    elif rule.kind == "agree" and isinstance(rule.options, AgreeOptions) and rule.options.told == "text":
        yield from _sentences(rule, files, sheets)
    elif rule.kind == "roll":
        own = _dated(files, [sheets[id(t)] for f in files for t in f.chosen(rule)])
        yield from following.compare_following(rule, own, Roles(files[0].vocabulary))
    elif rule.kind == "within" and isinstance(rule.options, WithinOptions) and rule.options.also in (None, "cumulative"):
        admitted = [table for file in files for table in file.chosen(rule)]
        yield from within.compare_between(rule, admitted, files[0])


def _across(comparisons: Sequence[Comparison]) -> Iterator[Comparison]:
    """Those of different files, each pair of places once."""
    seen = set()
    for comparison in comparisons:
        places = [figure.place for _, figure in comparison.operands]
        key = frozenset([comparison.stated.place, *places])
        if key not in seen and any(place.file != comparison.stated.place.file for place in places):
            seen.add(key)
            yield comparison


# --- cells: a project in a plan book and on its pledge card, two versions of one book ----------------


def _cells(rule: Rule, files: Sequence[Material], sheets: Sequence[Sheet]) -> Iterator[Comparison]:
    """What tables of different files both state, as kinds/agree.py finds it within one."""

    def apart(one: paired.Sheet, other: paired.Sheet) -> bool:
        return one.table.place.file != other.table.place.file

    for found in overlaps.overlaps(_numbered(files, sheets), apart):
        yield from agree.compared_overlap(rule, found)


def _dated(files: Sequence[Material], sheets: Sequence[Sheet]) -> list[paired.Sheet]:
    """The tables of all files, every cell of one that names no year being of the year of its file."""
    found = []
    for sheet in _numbered(files, sheets):
        years, own = sheet.context.years, sheet.context.aspect
        year = own.year or (next(iter(years)) if len(years) == 1 else "")
        found.append(replace(sheet, context=replace(sheet.context, aspect=replace(own, year=year))))
    return found


def _numbered(files: Sequence[Material], sheets: Sequence[Sheet]) -> list[paired.Sheet]:
    """The tables of all files as pairing sees them; one that names no year is of the year of its file."""
    home = {id(table): file for file in files for table in file.tables}
    numbered: list[paired.Sheet] = []
    for sheet in sheets:
        file = home[id(sheet.table)]
        made = paired.sheet_of(sheet.table, file.measure(sheet.table), file.vocabulary)
        years = frozenset(map(str, sheet.years))
        context = made.context if made.context.years else replace(made.context, years=years)
        numbered.append(replace(made, context=context))
    return numbered


# --- sentences ------------------------------------------------------------------------------------------


def _sentences(rule: Rule, files: Sequence[Material], sheets: Mapping[int, Sheet]) -> Iterator[Comparison]:
    """What the sentences of one file say against the tables and the sentences of the others."""
    from budgetaudit.sentences import ties

    wordy = [file for file in files if file.wordy and file.reads(rule)]
    for file in wordy:
        others = _dated(files, [sheets[id(t)] for other in files if other is not file for t in other.chosen(rule)])
        yield from ties.compare_between(rule, others, file.prose)
    yield from ties.compare_sentences(rule, [file.prose for file in wordy])


def _same_time(one: frozenset[int], other: frozenset[int]) -> bool:
    return not one or not other or bool(one & other)


# --- columns: a budget in two books, last year's column and last year's book, a ledger and its subtotals ----


def _columns(rule: Rule, sheets: Sequence[Sheet]) -> Iterator[Comparison]:
    """Columns that state the same of many items. What is stated is the later file's, or the column of the year before."""
    for earlier, later in _candidates(sheets):
        shared = [key for key in later.items if key in earlier.items]
        for theirs, ours in product(earlier.columns, later.columns):
            fit = _fit(later, ours, earlier, theirs)
            if fit:
                yield from _tied(rule, (later, ours), (earlier, theirs), shared, sure=fit == "known")
            elif _of_year_before(earlier, theirs, later, ours):
                yield from _tied(rule, (earlier, theirs), (later, ours), shared, sure=True)


def _candidates(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Sheet]]:
    """Pairs of tables of different files, in their order, that share enough items."""
    printing: dict[Key, list[int]] = defaultdict(list)
    for at, sheet in enumerate(sheets):
        for key in sheet.items:
            printing[key].append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for places in printing.values():
        if len(places) <= CROWD:
            shared.update((a, b) for i, a in enumerate(places) for b in places[i + 1 :])
    for (a, b), count in sorted(shared.items()):
        if count >= AGREEING and sheets[a].table.place.file != sheets[b].table.place.file:
            yield sheets[a], sheets[b]


def _items(table: Table) -> dict[Key, tuple[Line, ...]]:
    """The rows of each item: one, or all that a ledger prints under its first label."""
    found: dict[Key, list[Line]] = defaultdict(list)
    groups: dict[Key, list[Line]] = defaultdict(list)
    for row in table.rows:
        keys = tuple(label.key for label in row.labels if label.key)
        if row.total:
            found["Σ", *keys[:-1]].append(row)
        elif keys:
            found[keys].append(row)
            groups[keys[:1]].append(row)
    parts = {key: rows for key, rows in groups.items() if key not in found and ("Σ", *key) not in found}
    return {key: tuple(rows) for key, rows in (found | parts).items()}


def _columns_of(table: Table) -> tuple[Column, ...]:
    """The columns that can be summed; by their innermost label where that tells them apart, else by all their labels."""
    lines = [line for line in table.columns if line.additive]
    short = [_about(line, 1) for line in lines]
    counts = Counter(zip(short, (line.year for line in lines), strict=True))
    return tuple(
        Column(line, about if counts[about, line.year] == 1 else _about(line, None))
        for line, about in zip(lines, short, strict=True)
    )


def _about(line: Line, depth: int | None) -> tuple[str, str]:
    """What a column states: of which source or group, and which measure; its year is another matter."""
    plain = [label.key for label in line.labels if label.key and not label.measure and label.year is None]
    if line.total:
        return "Σ" + "/".join(plain[:-1][: 0 if depth else None]), line.measure
    if line.dimension == "source":
        return f"source={line.member}", line.measure
    innermost = line.labels[-1].measure if line.labels else ""
    return "/".join(plain if depth is None else [] if innermost else plain[-depth:]), line.measure


def _fit(later: Sheet, ours: Column, earlier: Sheet, theirs: Column) -> str:
    """True if two columns can state the same: `known` if the years say so, `likely` if they do not deny it."""
    mine, yours = later.years_of(ours), earlier.years_of(theirs)
    if ours.about == theirs.about:
        if not any(ours.about) and not (ours.line.year and theirs.line.year):
            return ""
        sure = len(mine) == 1 and mine == yours
        return "known" if sure else "likely" if _same_time(mine, yours) else ""
    return "known" if _of_year_before(later, ours, earlier, theirs) else ""


def _of_year_before(now: Sheet, ours: Column, then: Sheet, theirs: Column) -> bool:
    """True if a column prints the budget of the year before, and the other one that year's budget."""
    if ours.about != (theirs.about[0], PRIOR) or theirs.about[1] not in BUDGETS:
        return False
    mine, yours = now.years_of(ours), then.years_of(theirs)
    return len(mine) == 1 and yours == {year - 1 for year in mine}


def _tied(
    rule: Rule, one: tuple[Sheet, Column], other: tuple[Sheet, Column], shared: Sequence[Key], *, sure: bool
) -> Iterator[Comparison]:
    """The comparisons of two columns, if enough of their figures are equal for the rest to be meant to be."""
    both = [pair for key in shared if (pair := _pair(one, other, key)) is not None]
    agreeing, evidence, differing, unlike = 0, 0.0, 0, 0
    seen = set()
    for stated, expected, _, total in both:
        assert stated.value is not None
        if interval(stated).meets(expected):
            agreeing += stated.value != 0
            if stated.value not in seen and stated.value != 0:
                evidence += bits(int(abs(stated.value) / (stated.step or 1)), 1)
            seen.add(stated.value)
        elif not total:  # a total follows from its parts
            differing += 1
            unlike += not stroke(paired.whole(stated.value), paired.whole(expected.middle))
    if agreeing < AGREEING or evidence < EVIDENCE or differing * 2 > agreeing or unlike * FEW > agreeing:
        return
    here, there = one[0].table.place, other[0].table.place
    relation = f"{here.file}#{here.table}:{one[1].line.index}~{there.file}#{there.table}:{other[1].line.index}"
    severity: Severity = "warning" if rule.severity == "error" and not sure else rule.severity
    for stated, expected, figures, _ in both:
        place = figures[0].place.file
        captions = [sheet.table.caption for sheet, _ in (one, other) if sheet.table.place.file == place]
        caption = ": ".join([place, *filter(None, captions)])
        printed = figures[0].text.strip() if len(figures) == 1 else f"{tidy(expected.middle):,f}"
        args = {"label": stated.label, "stated": stated.text.strip(), "there": printed, "other": caption}
        message = Message("agree-differs", args)
        terms = summed(stated, figures, "expected" if len(figures) == 1 else "part")
        yield confront(Relation(rule, terms, relation, blanks="zero", severity=severity, message=message))


def _pair(
    one: tuple[Sheet, Column], other: tuple[Sheet, Column], key: Key
) -> tuple[Figure, Interval, tuple[Figure, ...], bool] | None:
    """What two columns state of an item: a figure, and another or the sum of a ledger's rows; the single one is stated."""
    sides = [_figures(*one, key), _figures(*other, key)]
    if len(sides[0]) > 1:
        sides.reverse()
    (mine, theirs) = sides
    if len(mine) != 1 or not theirs or mine[0].value is None or all(figure.value is None for figure in theirs):
        return None
    expected = total_of([(1, figure) for figure in theirs], mine[0])
    return None if expected is None else (mine[0], expected, theirs, key[0] == "Σ")


def _figures(sheet: Sheet, column: Column, key: Key) -> tuple[Figure, ...]:
    found = (sheet.table.figures.get((row.index, column.line.index)) for row in sheet.items[key])
    return tuple(figure for figure in found if figure is not None)
