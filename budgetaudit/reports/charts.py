"""Two pictures as inline SVG: plan against execution, and how much of a document the checks cover.

Every number in a picture stands in it as text; nothing depends on colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from budgetaudit.messages import say
from budgetaudit.model import Audit, Comparison, Figure
from budgetaudit.reports.markup import Html, element, join
from budgetaudit.reports.wording import clean, grouped

MAX_CHARTS = 12
MAX_BARS = 14
HEIGHT, TOP, BASE = 190, 28, 150
_YEAR = re.compile(r"(?:19|20)\d\d")


def coverage(audit: Audit, lang: str) -> Html:
    """A bar for each input: the share of its figures that a passing comparison binds."""
    rows = []
    names = [clean(source.path).replace("\\", "/").rpartition("/")[2] for source in audit.inputs]
    alone = len(set(names)) == len(names)  # else only the whole path tells which is meant
    for source, name in zip(audit.inputs, names, strict=True):
        if not source.figures:
            continue
        share = Decimal(source.covered) / source.figures
        words = say(
            "html.covered", lang, covered=f"{source.covered:,}", figures=f"{source.figures:,}", percent=f"{share * 100:.0f}"
        )
        bar = _svg(320, 16, words, _rect("rest", 0, 1, 319, 14), _rect("covered", 0, 1, round(319 * share), 14))
        rows.append(
            element(
                "tr", element("th", name if alone else clean(source.path), scope="row"), element("td", bar), element("td", words)
            )
        )
    if not rows:
        return Html()
    heads = (say("html.file", lang), say("html.coverage", lang), say("html.bound-figures", lang))
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))
    table = element("table", head, element("tbody", *rows), class_="list")
    return element("div", table, class_="scroll", tabindex=0, role="region", aria_label=say("html.coverage", lang))


def plan_and_execution(audit: Audit, lang: str) -> list[Html]:
    """A chart for each line whose execution was compared with its plan over several years, the ones that exceed it first."""
    lines: dict[tuple[object, ...], list[Comparison]] = {}
    for comparison in audit.comparisons:
        single = len([role for role, _ in comparison.operands if role == "limit"]) == 1 == len(comparison.operands)
        if (
            comparison.kind == "within"
            and single
            and comparison.verdict != "not_evaluated"
            and _YEAR.search(comparison.stated.label)
        ):
            lines.setdefault(_line(comparison.stated), []).append(comparison)
    several = [line for line in lines.values() if len({_year(item.stated) for item in line}) > 1 and any(map(_speaks, line))]
    several.sort(key=lambda line: all(item.verdict != "fail" for item in line))
    return [_chart(line[:MAX_BARS], lang) for line in several[:MAX_CHARTS]]


def _chart(line: Sequence[Comparison], lang: str) -> Html:
    unit = line[0].stated.unit
    title = " ".join(_YEAR.sub("", line[0].stated.label).split()) + (f" ({unit.symbol})" if unit else "")
    values = [(item, item.stated.value or Decimal(0), item.operands[0][1]) for item in line]
    largest = max(
        (abs(number) for _, spent, plan in values for number in (spent, _number(plan, line[0].stated))), default=Decimal(1)
    ) or Decimal(1)
    width = 24 + 110 * len(values)
    bars = [part for at, (item, spent, plan) in enumerate(values) for part in _bars(24 + 110 * at, item, spent, plan, largest)]
    axis = element("line", x1=10, y1=BASE, x2=width - 10, y2=BASE, class_="axis")
    told = "; ".join(f"{_year(item.stated)}: {_told(item, plan, lang)}" for item, _, plan in values)
    return element("figure", element("figcaption", title), _svg(width, HEIGHT, f"{title}: {told}", *bars, axis))


def _line(figure: Figure) -> tuple[object, ...]:
    """What a figure is about, whatever its year."""
    return figure.place.file, figure.place.table, " ".join(_YEAR.sub("", figure.label).split())


def _speaks(item: Comparison) -> bool:
    return bool(item.stated.value or item.operands[0][1].value)


def _told(item: Comparison, plan: Figure, lang: str) -> str:
    over = f" ({say('html.over', lang)})" if item.verdict == "fail" else ""
    return say("html.plan-and-spent", lang, plan=clean(plan.text), spent=clean(item.stated.text)) + over


def _bars(left: int, item: Comparison, spent: Decimal, plan: Figure, largest: Decimal) -> Iterator[Html]:
    over = item.verdict == "fail"
    for at, (name, number) in enumerate((("plan", _number(plan, item.stated)), ("over" if over else "spent", spent))):
        height = int(abs(number) / largest * (BASE - TOP))
        x = left + 46 * at
        yield _rect(name, x, BASE - height, 40, height)
        mark = "▲ " if name == "over" else ""
        yield element("text", f"{mark}{grouped(number)}", x=x + 20, y=BASE - height - 5, text_anchor="middle")
    yield element("text", _year(item.stated), x=left + 43, y=BASE + 18, text_anchor="middle")


def _number(figure: Figure, like: Figure) -> Decimal:
    """A figure's amount in the unit of another."""
    value = figure.value or Decimal(0)
    if figure.unit and like.unit and figure.unit.scale and like.unit.scale:
        return value * figure.unit.scale / like.unit.scale
    return value


def _year(figure: Figure) -> str:
    found = _YEAR.findall(figure.label)
    return found[-1] if found else ""


def _rect(name: str, x: int, y: int, width: int, height: int) -> Html:
    return element("rect", class_=name, x=x, y=y, width=width, height=height)


def _svg(width: int, height: int, words: str, *parts: Html) -> Html:
    return element("svg", join(*parts), viewBox=f"0 0 {width} {height}", width=width, height=height, role="img", aria_label=words)
