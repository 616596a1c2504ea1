"""Hypothesis strategies: small tables that balance, in the shapes in which a reading of totals most easily goes astray.

Differences beside their amounts, a single row, a total that is read in two ways, rates, lines of which the line before is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from tests.axes import Draw

Rows = list[list[str]]
ITEMS = {
    "ko": ("도로 정비", "하천 정비", "도서관 운영", "상수도 개량", "청년 지원", "농기계 임대", "문화제", "공원 조성"),
    "en": ("Road repair", "Drainage", "Library", "Water mains", "Youth centre", "Tree planting", "Festival", "Parks"),
}
TOTAL = {"ko": ("합계", "계", "총계"), "en": ("Total", "Grand total")}
WORDS = {
    "item": {"ko": "과목", "en": "Item"},
    "new": {"ko": "예산액", "en": "Budget"},
    "old": {"ko": "기정액", "en": "Prior budget"},
    "change": {"ko": "증감", "en": "Change"},
    "spent": {"ko": "집행액", "en": "Actual"},
    "rate": {"ko": "집행률(%)", "en": "% spent"},
}
WITHIN = {
    "ko": ("그중 인건비", "(그중 국고보조)", "(이 중 공무직)"),
    "en": ("of which salaries", "(of which grants)", "Of which: rent"),
}


def text(value: int | Decimal) -> str:
    return f"{value:,}"


def rows_of(
    items: Sequence[str], numbers: Sequence[Sequence[int]], total: str, first: bool, *, follow: Callable[..., list[str]]
) -> Rows:
    """Items with their numbers and what follows from them, and their total, before or behind them."""
    body = [[item, *follow(values)] for item, values in zip(items, numbers, strict=True)]
    closing = [total, *follow([sum(column) for column in zip(*numbers, strict=True)])]
    return [closing, *body] if first else [*body, closing]


@st.composite
def tables(draw: Draw) -> Rows:
    """A table that balances."""
    lang = draw(st.sampled_from(["ko", "en"]))
    shape = draw(st.sampled_from([differences, single, two_readings, rates, of_which]))
    return shape(draw, lang)


def _items(draw: Draw, lang: str, columns: int) -> tuple[list[str], list[list[int]], str, bool]:
    items = draw(st.permutations(ITEMS[lang]).flatmap(lambda order: st.integers(2, 7).map(lambda count: order[:count])))
    amount = st.sampled_from([300, 9_000, 400_000]).flatmap(lambda top: st.integers(top // 10, top))
    numbers = [[draw(amount) for _ in range(columns)] for _ in items]
    return items, numbers, draw(st.sampled_from(TOTAL[lang])), draw(st.booleans())


def differences(draw: Draw, lang: str) -> Rows:
    """New, old and what is between them."""
    items, numbers, total, first = _items(draw, lang, 2)
    header = [WORDS[word][lang] for word in ("item", "new", "old", "change")]
    return [header, *rows_of(items, numbers, total, first, follow=lambda v: [text(v[0]), text(v[1]), text(v[0] - v[1])])]


def single(draw: Draw, lang: str) -> Rows:
    """One project, with its cost and all sources of it."""
    sources = {"ko": ["국비", "도비", "시비"], "en": ["Federal", "State", "Local"]}[lang]
    amounts = [draw(st.integers(10, 90_000)) for _ in sources]
    whole = {"ko": "총사업비", "en": "Total cost"}[lang]
    row = [draw(st.sampled_from(ITEMS[lang])), text(sum(amounts)), *map(text, amounts)]
    header = [WORDS["item"][lang], whole, *sources]
    return [list(pair) for pair in zip(header, row, strict=True)] if draw(st.booleans()) else [header, row]


def two_readings(draw: Draw, lang: str) -> Rows:
    """A total of two columns that is also what was spent and what is left."""
    items, numbers, total, first = _items(draw, lang, 2)
    shares = [draw(st.integers(1, 99)) for _ in items]
    spent = [[*values, sum(values) * share // 100] for values, share in zip(numbers, shares, strict=True)]
    header = {
        "ko": ["과목", "당초 예산액", "추경 예산액", "계(A)", "결산액(B)", "차이(A-B)"],
        "en": ["Item", "Original", "Supplementary", "Total (A)", "Outturn (B)", "Difference (A-B)"],
    }[lang]

    def follow(values: Sequence[int]) -> list[str]:
        first_, second, used = values
        return [text(first_), text(second), text(first_ + second), text(used), text(first_ + second - used)]

    return [header, *rows_of(items, spent, total, first, follow=follow)]


def rates(draw: Draw, lang: str) -> Rows:
    """Amounts, what was spent of them, and the rate of it."""
    items, numbers, total, first = _items(draw, lang, 1)
    spent = [[value, value * draw(st.integers(1, 100)) // 100] for (value,) in numbers]
    places = draw(st.sampled_from(["1", "0.1", "0.01"]))

    def follow(values: Sequence[int]) -> list[str]:
        rate = (Decimal(values[1]) * 100 / values[0]).quantize(Decimal(places), ROUND_HALF_UP)
        return [text(values[0]), text(values[1]), str(rate)]

    header = [WORDS[word][lang] for word in ("item", "new", "spent", "rate")]
    return [header, *rows_of(items, spent, total, first, follow=follow)]


def of_which(draw: Draw, lang: str) -> Rows:
    """Lines behind which a part of them stands, which the total counts once."""
    items, numbers, total, first = _items(draw, lang, 3)
    header = [WORDS["item"][lang], "2024", "2025", "2026"] if lang == "en" else ["과목", "2024년", "2025년", "2026년"]
    rows: Rows = []
    for item, values in zip(items, numbers, strict=True):
        rows.append([item, *map(text, values)])
        if draw(st.booleans()):
            share = draw(st.integers(5, 95))
            rows.append([draw(st.sampled_from(WITHIN[lang])), *(text(value * share // 100) for value in values)])
    closing = [total, *(text(sum(column)) for column in zip(*numbers, strict=True))]
    return [header, closing, *rows] if first else [header, *rows, closing]
