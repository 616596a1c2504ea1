"""Hypothesis strategies: budget documents that add up, built as offices build them, and slips that break them.

A table is made of two axes; every printed number is a sum over the leaves of its row and its column, or follows from such
sums. What binds each number is kept, so that a test knows which cells a rule must notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.axes import FORMS, ROOT, SOURCES, Axis, Draw, Line, crossed_axes, item_axes, listed, source_axes, year_axes
from tests.printing import Sheet, Spot, to_text

Place = tuple[int, Spot]  # which table of the document, which cell
UNITS = {"": 1, "원": 1, "천원": 10**3, "백만원": 10**6, "억원": 10**8}


@dataclass(frozen=True)
class Style:
    """How a document prints its numbers: the same for all of its tables."""

    lang: str
    unit: str
    unit_at: str
    decimals: int
    grouped: bool
    zero: str
    negative: str
    exact: bool
    repeat_spans: bool
    least: int

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-self.decimals)

    @property
    def counted(self) -> bool:
        """True if numbers are printed to the last won, so that none is rounded."""
        return self.exact and UNITS[self.unit] == 1

    def printed(self, exact: int) -> Decimal:
        """An amount in won as the document states it."""
        return (Decimal(exact) / UNITS[self.unit]).quantize(self.step, ROUND_HALF_UP)

    def text(self, value: Decimal, decimals: int, *, nothing: bool = True) -> str:
        """A number as printed; the sign for nothing stands only where there is nothing, not where little was rounded away."""
        if value == 0 and nothing:
            return self.zero
        text = f"{abs(value):,.{decimals}f}" if self.grouped else f"{abs(value):.{decimals}f}"
        return text if value >= 0 else self.negative.format(text)


@dataclass(frozen=True)
class Relation:
    """`target` follows from `operands`, but for `bound` in printed units; the crossings of one line share `name`."""

    kind: str
    name: str
    target: Place
    operands: tuple[Place, ...]
    bound: Decimal

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.target, *self.operands)


@dataclass(frozen=True)
class Budget:
    """A document that balances: its tables, the numbers they print, and what binds these."""

    parts: tuple[tuple[Builder, str], ...]
    sheets: tuple[Sheet, ...]
    numbers: dict[Place, Decimal]
    relations: tuple[Relation, ...]
    style: Style

    def __repr__(self) -> str:
        return f"\n{self.style}\n{to_text(self.sheets)}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """What Hypothesis prints of a failing example: the document."""
        printer.text(repr(self))

    def reprinted(self, style: Style) -> Budget:
        """The same amounts in another style."""
        parts = [(builder.again(style), caption) for builder, caption in self.parts]
        return document(style, parts, [relation for relation in self.relations if relation.kind == "tie"])

    def rate(self, relation: Relation) -> Decimal:
        """The first operand of a relation as a percentage of the second."""
        part, whole = (self.numbers[operand] for operand in relation.operands)
        return 100 * part / whole

    def decimals(self, place: Place) -> int:
        """How many decimals a number is printed with."""
        text = self.sheets[place[0]].cells[place[1]]
        return len(text.rstrip("%").partition(".")[2]) if text[-1:].isdigit() or text.endswith("%") else self.style.decimals

    def printing(self, place: Place, value: Decimal | None) -> tuple[Sheet, ...]:
        """The tables with another number in one cell, None for a blank."""
        number, spot = place
        percent = "%" if self.sheets[number].cells[spot].endswith("%") else ""
        # A dash for a rate says that there is none, as where nothing was budgeted: that states no wrong rate.
        amount = not any(relation.kind == "rate" and relation.target == place for relation in self.relations)
        text = "" if value is None else self.style.text(value, self.decimals(place), nothing=amount) + percent
        return tuple(sheet.printing(spot, text) if at == number else sheet for at, sheet in enumerate(self.sheets))


@st.composite
def styles(draw: Draw, *, exact: bool, units: Sequence[str], least: int) -> Style:
    lang = draw(st.sampled_from(["ko", "ko", "en"])) if "" in units else "ko"  # the English tables have no unit
    unit = draw(st.sampled_from(units)) if lang == "ko" else ""
    return Style(
        lang,
        unit,
        draw(st.sampled_from(["caption", "line", "header"])) if unit else "nowhere",
        draw(st.sampled_from([0, 1, 2])) if unit == "억원" else 0,
        draw(st.booleans()),
        draw(st.sampled_from(["-", "0", "–"])),
        draw(st.sampled_from(["△{}", "-{}", "▲{}"])),
        exact or UNITS[unit] == 1,
        draw(st.booleans()),
        least,
    )


def amounts(style: Style) -> st.SearchStrategy[int]:
    """An exact amount in won: zero now and then, else of any magnitude that public budgets have, at least `style.least`."""
    unit = UNITS[style.unit] if style.exact else 1
    step = unit // 10**style.decimals if style.exact else 1
    large = st.sampled_from([100, 1000, 10_000, 1_000_000]).flatmap(lambda top: st.integers(style.least, top + style.least))
    value = (
        large.map(lambda n: n * step)
        if style.exact
        else large.flatmap(lambda n: st.integers(n * UNITS[style.unit], (n + 1) * UNITS[style.unit]))
    )
    return st.integers(0, 5).flatmap(lambda roll: st.just(0) if roll == 0 else value)


# --- one table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Follows:
    """A column that follows from two others: 'change', 'growth', 'ratio', or 'share' (of the total row)."""

    kind: str
    new: int
    old: int
    decimals: int = 0
    percent: str = ""


class Builder:
    """Puts numbers into a table of two axes and keeps what binds them."""

    def __init__(self, number: int, rows: Axis, columns: Axis, style: Style, exact: Sequence[Sequence[int]]) -> None:
        self.number, self.rows, self.columns, self.style, self.exact = number, rows, columns, style, exact
        self.top, self.left = columns.depth, rows.depth
        self.follows: dict[int, Follows] = {}
        self.cells: dict[Spot, str] = {}
        self.spans: dict[Spot, Spot] = {}
        self.stored: dict[Spot, Decimal] = {}
        self.numbers: dict[Place, Decimal] = {}
        self.relations: list[Relation] = []

    def again(self, style: Style) -> Builder:
        """The same table, not yet printed, in another style."""
        other = Builder(self.number, self.rows, self.columns, style, self.exact)
        other.follows = self.follows
        return other

    def spot(self, row: int, column: int) -> Spot:
        return self.top + row, self.left + column

    def place(self, row: int, column: int) -> Place:
        return self.number, self.spot(row, column)

    def value(self, row: int, column: int) -> int:
        """The exact amount of a cell."""
        return sum(self.exact[r][c] for r in self.rows.lines[row].leaves for c in self.columns.lines[column].leaves)

    def build(self, caption: str, unit_line: str) -> Sheet:
        for row in range(len(self.rows.lines)):
            for column in range(len(self.columns.lines)):
                follow = self.follows.get(column)
                if follow is None:
                    self._print(
                        row,
                        column,
                        self.style.printed(self.value(row, column)),
                        self.style.decimals,
                        nothing=self.value(row, column) == 0,
                    )
                else:
                    self._derive(row, column, follow)
        for row in range(len(self.rows.lines)):
            self._sums("row", row)
        for column in range(len(self.columns.lines)):
            self._sums("column", column)
        self._headers()
        size = self.top + len(self.rows.lines), self.left + len(self.columns.lines)
        return Sheet(*size, self.cells, self.spans, self.stored, caption, unit_line, self.style.repeat_spans)

    def _print(self, row: int, column: int, value: Decimal, decimals: int, percent: str = "", *, nothing: bool = False) -> None:
        spot = self.spot(row, column)
        self.cells[spot] = self.style.text(value, decimals, nothing=nothing) + percent
        self.numbers[self.number, spot] = value
        if not percent:
            self.stored[spot] = value

    def _derive(self, row: int, column: int, follow: Follows) -> None:
        new, old = self.value(row, follow.new), self.value(row, follow.old)
        base = (self.place(row, follow.new), self.place(row, follow.old))
        if follow.kind == "change":
            self._print(row, column, self.style.printed(new - old), self.style.decimals, nothing=new == old)
            self._bind("change", f"change{column}", self.place(row, column), base, 3 * self.style.step)
            return
        if follow.kind == "share":
            total = next(at for at, line in enumerate(self.rows.lines) if len(line.leaves) == self.rows.leaves and line.total)
            old, base = self.value(total, follow.old), (self.place(row, follow.new), self.place(total, follow.old))
        if old <= 0 or new < 0:
            self.cells[self.spot(row, column)] = "-"
            return
        exact = Decimal(new - old if follow.kind == "growth" else new) * 100 / old
        rate = exact.quantize(Decimal(1).scaleb(-follow.decimals), ROUND_HALF_UP)
        self._print(row, column, rate, follow.decimals, follow.percent)
        step = Decimal(1).scaleb(-follow.decimals)
        loose = 0 if self.style.counted else 200 * self.style.step / (self.style.printed(old) or 1)
        self._bind("rate", f"rate{column}", self.place(row, column), base, 3 * step + loose)

    def _sums(self, axis: str, index: int) -> None:
        """What binds a row or a column that is a sum, at each line that crosses it."""
        line = (self.rows if axis == "row" else self.columns).lines[index]
        crossing = range(len(self.columns.lines if axis == "row" else self.rows.lines))
        for way, parts in enumerate(line.sums):
            for cross in crossing:
                if axis == "row" and self.follows.get(cross, Follows("change", 0, 0)).kind != "change":
                    continue
                places = [self.place(*((at, cross) if axis == "row" else (cross, at))) for at in (index, *parts)]
                self._bind("sum", f"{axis}{index}.{way}", places[0], tuple(places[1:]), (len(parts) + 1) * self.style.step)

    def _bind(self, kind: str, name: str, target: Place, operands: tuple[Place, ...], bound: Decimal) -> None:
        self.relations.append(Relation(kind, f"{self.number}:{name}", target, operands, bound))

    def _headers(self) -> None:
        for level, title in enumerate(self.rows.titles):
            self._label((0, level), title, (self.top, 1))
        for at, line in enumerate(self.columns.lines):
            for level, label in enumerate(line.labels):
                height = self.top - level if not any(line.labels[level + 1 :]) else 1
                if label:
                    self._label((level, self.left + at), label, (height, self._run(self.columns.lines, at, level)))
        for at, line in enumerate(self.rows.lines):
            for level, label in enumerate(line.labels):
                width = self.left - level if not any(line.labels[level + 1 :]) else 1
                if label:
                    self._label((self.top + at, level), label, (self._run(self.rows.lines, at, level), width))

    @staticmethod
    def _run(lines: Sequence[Line], at: int, level: int) -> int:
        """Over how many lines an outer label spans; 0 where the line before already printed it."""
        if level == len(lines[at].labels) - 1 or not any(lines[at].labels[level + 1 :]):
            return 1
        path = lines[at].labels[: level + 1]
        if at and lines[at - 1].labels[: level + 1] == path:
            return 0
        return next((n for n, line in enumerate(lines[at:]) if line.labels[: level + 1] != path), len(lines) - at)

    def _label(self, spot: Spot, text: str, span: Spot) -> None:
        if 0 in span:
            return
        self.cells[spot] = text
        if span != (1, 1):
            self.spans[spot] = span


def _drawn(draw: Draw, number: int, rows: Axis, columns: Axis, style: Style) -> Builder:
    value = amounts(style)
    exact = [[draw(value) for _ in range(columns.leaves)] for _ in range(rows.leaves)]
    return Builder(number, rows, columns, style, exact)


def _finish(builder: Builder, caption: str) -> tuple[Builder, Sheet]:
    """The table with its caption and its unit where the style has it."""
    style = builder.style
    unit = {"caption": f"{caption} (단위: {style.unit})", "line": f"(단위 : {style.unit})"}.get(style.unit_at, "")
    if style.unit_at == "header":
        titles = (f"{builder.rows.titles[0]}(단위:{style.unit})", *builder.rows.titles[1:])
        printed = builder.again(style)
        printed.rows = replace(builder.rows, titles=titles)
        return printed, printed.build(caption, "")
    return builder, builder.build(unit if style.unit_at == "caption" else caption, unit if style.unit_at == "line" else "")


# --- documents -----------------------------------------------------------------------------------


def _captions(lang: str) -> list[str]:
    return (
        ["세출예산 현황", "□ 연도별 재원계획", "<사업비 내역>", ""]
        if lang == "ko"
        else ["Expenditure overview", "Funding by source", ""]
    )


@st.composite
def sums(draw: Draw, style: Style, number: int = 0) -> Builder:
    """Items, sources or years in rows; sources, years or both in columns; turned round at will."""
    lang = style.lang
    turned = draw(st.integers(0, 3)) == 0
    # In a header, where labels stand in the middle of their cells, nobody sees an indent.
    items = item_axes(lang, forms=[form for form in FORMS if form != "indented"] if turned else FORMS)
    rows = draw(st.one_of(items, items, source_axes(lang), year_axes(lang)))
    used = {label for line in rows.lines for label in line.labels} & set(SOURCES[lang])
    columns = draw(
        st.one_of(year_axes(lang), crossed_axes(lang))
        if used
        else st.one_of(source_axes(lang), year_axes(lang), crossed_axes(lang))
    )
    if rows.titles[0] in ("연도", "Year"):
        columns = draw(source_axes(lang))
    if turned and columns.depth == 1 and rows.depth < 3:
        rows, columns = columns, rows
    return _drawn(draw, number, rows, columns, style)


AMOUNTS = {
    "change": {
        "ko": [("전년도예산액", "금년도예산액"), ("기정액", "경정액"), ("2024년", "2025년")],
        "en": [("Prior budget", "Budget"), ("2023", "2024")],
    },
    "execution": {
        "ko": [("예산현액", "지출액"), ("예산액", "집행액")],
        "en": [("Budget", "Actual"), ("Appropriation", "Expended")],
    },
    "share": {"ko": [("예산액",), ("금액",)], "en": [("Amount",), ("Budget",)]},
}
RATES = {
    "change": {"ko": "증감률", "en": "Growth rate"},
    "execution": {"ko": "집행률", "en": "Execution rate"},
    "share": {"ko": "구성비", "en": "Share"},
}
DIFFERENCE = {"ko": "증감", "en": "Change"}


@st.composite
def derived(draw: Draw, style: Style, number: int = 0) -> Builder:
    """Items in rows; two amounts with their change and rate of change, or budget with execution and rate, or a share."""
    lang, kind = style.lang, draw(st.sampled_from(list(AMOUNTS)))
    rows = draw(item_axes(lang, depths=(1, 1, 2)))
    names = draw(st.sampled_from(AMOUNTS[kind][lang]))
    swapped = kind == "change" and draw(st.booleans())
    labels = names[::-1] if swapped else names
    old, new = (len(names) - 1, 0) if swapped else (0, len(names) - 1)
    decimals = draw(st.integers(1, 2))
    percent = draw(st.sampled_from(["", "%"]))
    extra: list[tuple[str, Follows]] = []
    if kind == "change":
        extra.append((DIFFERENCE[lang], Follows("change", new, old)))
    if kind != "change" or draw(st.booleans()):
        label = RATES[kind][lang] + draw(st.sampled_from(["", "(%)"]))
        extra.append((label, Follows({"change": "growth", "execution": "ratio"}.get(kind, kind), new, old, decimals, percent)))
    columns = Axis(tuple(Line((label,), frozenset([at])) for at, label in enumerate(labels)), ("",), len(labels))
    builder = _drawn(draw, number, rows, columns, style)
    if kind == "execution":  # nobody spends more than he has
        builder.exact = [[a, min(a, b)] for a, b in builder.exact]
    more = tuple(Line((label,), frozenset()) for label, _ in extra)
    builder.columns = replace(columns, lines=(*columns.lines, *more))
    builder.follows = {len(labels) + at: follow for at, (_, follow) in enumerate(extra)}
    return builder


def document(style: Style, parts: Sequence[tuple[Builder, str]], ties: Sequence[Relation] = ()) -> Budget:
    """The tables, printed, as one document."""
    printed = [_finish(builder, caption) for builder, caption in parts]
    numbers = {place: value for builder, _ in printed for place, value in builder.numbers.items()}
    bound = [relation for builder, _ in printed for relation in builder.relations]
    known = [relation for relation in (*bound, *ties) if all(place in numbers for place in relation.places)]
    return Budget(tuple(parts), tuple(sheet for _, sheet in printed), numbers, tuple(known), style)


@st.composite
def single(draw: Draw, style: Style) -> Budget:
    builder = draw(st.one_of(sums(style), sums(style), derived(style)))
    return document(style, [(builder, draw(st.sampled_from(_captions(style.lang))))])


@st.composite
def plan_and_execution(draw: Draw, style: Style) -> Budget:
    """A plan by source and year, and what was executed of it: the same rows, perhaps fewer years, nothing over the plan."""
    lang, years = style.lang, draw(st.integers(2, 4))
    first = draw(st.integers(2015, 2026))
    rows = draw(source_axes(lang))
    plan = _drawn(draw, 0, rows, draw(year_axes(lang, first=first, count=years)), style)
    done = [line for line in plan.columns.lines if line.year][: draw(st.integers(2, years))]
    names = [line.labels[-1] for line in done]
    spent = listed(
        names, draw(st.sampled_from(ROOT[lang])), last=False, title=plan.columns.titles[0], years=[line.year for line in done]
    )
    exact = [[row[min(line.leaves)] * draw(st.sampled_from([0, 1, 2, 2])) // 2 for line in done] for row in plan.exact]
    execution = Builder(1, rows, spent, style, exact)
    if style.exact:
        step = UNITS[style.unit] // 10**style.decimals
        execution.exact = [[value // step * step for value in row] for row in execution.exact]
    captions = ("□ 연도별 투자계획", "□ 연도별 집행액") if lang == "ko" else ("Plan", "Execution")
    return document(style, [(plan, captions[0]), (execution, captions[1])])


@st.composite
def summary_and_details(draw: Draw, style: Style) -> Budget:
    """A summary by programme, and for each programme a table of its projects whose caption names it."""
    lang = style.lang
    columns = draw(st.one_of(source_axes(lang), year_axes(lang)))
    names = draw(
        st.permutations(
            ["문화도시 조성사업", "도시재생 뉴딜사업", "어촌 활력사업", "2단계 1기", "스마트팜 확산"]
            if lang == "ko"
            else ["Harbour renewal", "Rural roads", "Green schools"]
        )
    )
    count = draw(st.integers(2, 3))
    details = [_drawn(draw, at + 1, draw(item_axes(lang, depths=(1, 1, 2))), columns, style) for at in range(count)]
    totals = [[sum(row[c] for row in builder.exact) for c in range(columns.leaves)] for builder in details]
    rows = listed(
        names[:count], draw(st.sampled_from(ROOT[lang])), last=draw(st.booleans()), title="구분" if lang == "ko" else "Programme"
    )
    summary = Builder(0, rows, columns, style, totals)
    ties = []
    for at, builder in enumerate(details):
        row = next(r for r, line in enumerate(rows.lines) if line.leaves == {at} and not line.total)
        total = next(r for r, line in enumerate(builder.rows.lines) if line.total and len(line.leaves) == builder.rows.leaves)
        ties += [
            Relation("tie", f"tie{at}", summary.place(row, c), (builder.place(total, c),), 2 * style.step)
            for c in range(len(columns.lines))
        ]
    shape = draw(st.sampled_from(["<{} 현황>", "□ {} 세부내역", "{}"])) if lang == "ko" else "{}"
    captions = [(builder, shape.format(name)) for builder, name in zip(details, names, strict=False)]
    return document(style, [(summary, "사업 총괄" if lang == "ko" else "Overview"), *captions], ties)


@st.composite
def budgets(draw: Draw, *, exact: bool = True, units: Sequence[str] = tuple(UNITS), least: int = 1) -> Budget:
    """Documents that balance; with `exact` off, each printed number is rounded from the exact one by itself."""
    style = draw(styles(exact=exact, units=units, least=least))
    return draw(st.one_of(single(style), single(style), single(style), plan_and_execution(style), summary_and_details(style)))


# --- slips ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """One number of a budget printed wrongly; None is a blank."""

    kind: str
    place: Place
    value: Decimal | None


def slips_of(value: Decimal, decimals: int) -> Iterator[tuple[str, Decimal | None]]:
    """The ways to get a number wrong."""
    digits, sign = str(abs(int(value.scaleb(decimals)))), -1 if value < 0 else 1
    written = []
    for at, digit in enumerate(digits):
        written += [("digit", digits[:at] + str((int(digit) + by) % 10) + digits[at + 1 :]) for by in (1, 5, 8)]
    written += [("transposition", digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]) for at in range(len(digits) - 1)]
    written += [("dropped digit", digits[:at] + digits[at + 1 :]) for at in range(1, len(digits)) if len(digits) > 2]
    for kind, text in written:
        if text != digits and (text[0] != "0" or len(text) == 1):
            yield kind, sign * Decimal(text).scaleb(-decimals)
    if value:
        yield from (("x10", value * 10), ("x1000", value * 1000), ("sign", -value), ("zero", Decimal(0)), ("blank", None))


def support(budget: Budget) -> dict[str, int]:
    """For each line relation, at how many crossings at least two operands make it hold: what there is to see it by."""
    seen: dict[str, set[tuple[Decimal, ...]]] = {}
    for relation in budget.relations:
        values = tuple(budget.numbers[place] for place in relation.places)
        if values[0] and sum(1 for value in values[1:] if value) >= min(2, len(values) - 1):
            seen.setdefault(relation.name, set()).add(values)
    return {name: len(values) for name, values in seen.items()}


def _shows(budget: Budget, relation: Relation, place: Place, new: Decimal | None) -> bool:
    """True if another number at a place breaks a relation beyond its rounding, with room to spare."""
    change = abs((new or 0) - budget.numbers[place])
    if relation.kind != "rate" or place == relation.target:
        return change > 2 * relation.bound and (new is not None or (relation.kind == "sum" and place in relation.operands))
    part, whole = (new if operand == place else budget.numbers[operand] for operand in relation.operands)
    if part is None or whole is None or part < 0 or whole <= 0:
        return False
    # The share that the number makes, against the one it made, as coarsely as its digits allow to reckon it.
    before, after = budget.rate(relation), 100 * part / whole
    coarse = 0 if budget.style.counted else 200 * budget.style.step / whole * (1 + part / whole)
    return abs(after - before) > 2 * relation.bound + coarse and coarse <= after


ENOUGH = {"sum": 3, "change": 3, "tie": 3, "rate": 7}


@st.composite
def broken(draw: Draw, *, units: Sequence[str] = tuple(UNITS), kinds: Sequence[str] = ()) -> tuple[Budget, Slip]:
    """A budget, and a slip in it that exceeds the rounding of a relation which the rest of its table bears out."""
    budget = draw(budgets(units=units, least=100))
    seen = support(budget)
    by_place: dict[Place, list[Relation]] = {}
    for relation in budget.relations:
        if seen.get(relation.name, 0) >= ENOUGH[relation.kind]:
            for place in relation.places:
                by_place.setdefault(place, []).append(relation)
    assume(by_place)
    place = draw(st.sampled_from(sorted(by_place)))
    value = budget.numbers[place]

    def breaks(new: Decimal | None) -> bool:
        return any(_shows(budget, relation, place, new) for relation in by_place[place])

    choices = [
        (kind, new) for kind, new in slips_of(value, budget.decimals(place)) if breaks(new) and (not kinds or kind in kinds)
    ]
    assume(choices)
    kind = draw(st.sampled_from(sorted({kind for kind, _ in choices})))
    return budget, Slip(kind, place, draw(st.sampled_from([new for name, new in choices if name == kind])))
