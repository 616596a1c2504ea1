"""Hypothesis strategies: sentences as plans and press releases print them, with what they say.

Labels hold no digits and no words that the vocabulary gives a meaning, except fund sources where they are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

SOURCES = ("국비", "도비", "시비", "군비", "자부담", "민자", "기타")
THINGS = ("교량", "터널", "경로당", "도서관", "공원", "주차장", "마을회관", "보건소")
MONEY = {"천원": 10**3, "백만원": 10**6, "억원": 10**8}
COUNTS = ("건", "개소", "명", "대", "회")
BRACKETS = ("()", "[]", "{}", "（）")
PARTICLES = ("", "을 투입", "으로 편성", " 확보")
BULLETS = ("- ", "○ ", "□ ", "ㅇ ", "※ ", "1) ")


@dataclass(frozen=True)
class Listed:
    """A sentence with a total and its parts."""

    text: str
    total: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    unit: str
    sources: bool


def spaced(draw: st.DrawFn, unit: str) -> str:
    """A unit of money with or without blanks inside it, as offices print it."""
    return draw(st.sampled_from((unit, f" {unit}", unit.replace("원", " 원")))) if unit in MONEY else unit


def written(draw: st.DrawFn, value: Decimal) -> str:
    """Commas or none; four digits that could be a year have one."""
    bare = value < 1000 or (value < 10000 and not 1900 <= value < 2100 and draw(st.booleans()))
    return f"{value:f}" if bare else f"{value:,f}"


@st.composite
def listed(draw: st.DrawFn, *, money: bool | None = None) -> Listed:
    """`○ 사업비 : 1,200백만원(국비 600, 도비 180, 군비 420)을 투입`, in any order, spacing, brackets and separators."""
    is_money = draw(st.booleans()) if money is None else money
    unit = draw(st.sampled_from(sorted(MONEY) if is_money else COUNTS))
    sources = is_money and draw(st.booleans())
    labels = draw(st.lists(st.sampled_from(SOURCES if sources else THINGS), min_size=2, max_size=6, unique=True))
    decimals = draw(st.sampled_from((0, 0, 0, 1))) if unit == "억원" else 0
    values = [Decimal(draw(st.integers(1, 9_999))).scaleb(-decimals) for _ in labels]
    inherited = draw(st.booleans())
    printed = spaced(draw, unit)
    parts = []
    for label, value in zip(labels, values, strict=True):
        gap = draw(st.sampled_from((" ", "", ": "))) if inherited and not label[-1].isdigit() else " "
        number = written(draw, value) + ("" if inherited else printed)
        remark = draw(st.sampled_from(("", "", "", "(신규)")))
        parts.append(f"{label}{gap}{number}{remark}")
    separator = draw(st.sampled_from((", ", ",", " + ", "+", " / ", "; ")))
    total = sum(values, Decimal(0))
    opening, closing = draw(st.sampled_from(BRACKETS))
    head = draw(st.sampled_from(("사업비 : ", "소요예산: ", "(사업비) ", "점검 대상 ", "")))
    noun = "" if is_money else draw(st.sampled_from(("", " 시설", " 점검")))
    space = draw(st.sampled_from(("", " ")))
    inside = separator.join(parts)
    bullet, particle = draw(st.sampled_from(BULLETS)), draw(st.sampled_from(PARTICLES))
    text = f"{bullet}{head}{written(draw, total)}{printed}{noun}{space}{opening}{inside}{closing}{particle}"
    return Listed(text, total, tuple(zip(labels, values, strict=True)), unit, sources)


@dataclass(frozen=True)
class Multiplied:
    """A sentence with a calculation and its result in won."""

    text: str
    amount: int
    factors: tuple[int, ...]


@st.composite
def multiplied(draw: st.DrawFn, slip: int = 0) -> Multiplied:
    """`강사수당 50,000원 × 20회 × 3명 = 3,000,000원`; the result is `slip` won too high."""
    price = draw(st.integers(11, 9_999)) * 10
    factors = draw(
        st.lists(st.tuples(st.integers(2, 99), st.sampled_from(("명", "회", "개월", "월", "일", "개소"))), min_size=1, max_size=3)
    )
    times = draw(st.sampled_from((" × ", "*", "×", " x ", " X ", " * ")))
    amount = price
    pieces = [f"{price:,}원"]
    for number, unit in factors:
        amount *= number
        pieces.append(f"{number}{unit}" + draw(st.sampled_from(("", "", "(평균)"))))
    equals = draw(st.sampled_from((" = ", "=", "= ")))
    text = f"- 수당 {times.join(pieces)}{equals}{amount + slip:,}원"
    return Multiplied(text, amount, (price, *(number for number, _ in factors)))


@dataclass(frozen=True)
class Changed:
    """A sentence with an old amount, a new one, their difference and its rate."""

    text: str
    old: int
    new: int


@st.composite
def changed(draw: st.DrawFn, slip: int = 0) -> Changed:
    """`예산 2,156억 원 ⇒ 2,286억 원(증 130억 원, 6.0% 증가)`."""
    old, new = draw(st.lists(st.integers(500, 9_999), min_size=2, max_size=2, unique=True))
    unit = draw(st.sampled_from(("억원", "억 원", "백만원", "건", "명")))
    arrow = draw(st.sampled_from((" → ", "→", " ⇒ ", " ➡ ")))
    up = new > old
    word = "증" if up else "감"
    rate = Decimal(abs(new - old) * 100) / old
    difference, growth = abs(new - old) + slip, f"{rate:.1f}% {'증가' if up else '감소'}"
    text = f"- 예산 {old:,}{unit}{arrow}{new:,}{unit}({word} {difference:,}{unit}, {growth})"
    return Changed(text, old, new)


@dataclass(frozen=True)
class Spell:
    """A printed period and the months it begins and ends in."""

    text: str
    since: tuple[int, int | None]
    until: tuple[int, int | None]


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    """A period in any of the notations that plans use."""
    first, last = sorted(draw(st.lists(st.integers(2015 * 12, 2030 * 12 - 1), min_size=2, max_size=2, unique=True)))
    (a, am), (b, bm) = divmod(first, 12), divmod(last, 12)
    am, bm = am + 1, bm + 1
    tilde = draw(st.sampled_from((" ~ ", "~", "∼", " ∼ ")))
    quote = draw(st.sampled_from(("'", "’", "‘")))
    months = (
        f"{a}. {am}.{tilde}{b}. {bm}.",
        f"{a}.{am}{tilde}{b}.{bm}",
        f"{a}년 {am}월{tilde}{b}년 {bm}월",
        f"{quote}{a % 100:02}. {am}.{tilde}{quote}{b % 100:02}. {bm}.",
        f"{quote}{a % 100:02}.{am}월{tilde}{quote}{b % 100:02}.{bm}월",
        f"{a}-{am:02}-01{tilde}{b}-{bm:02}-28",
    )
    years = (
        f"{a}{tilde}{b}",
        f"{a}년{tilde}{b}년",
        f"{quote}{a % 100:02}{tilde}{quote}{b % 100:02}",
        f"{quote}{a % 100:02}-{quote}{b % 100:02}",
    )
    head = draw(st.sampled_from(("- 사업기간 : ", "○ (기간) ", "기 간: ")))
    tail = draw(st.sampled_from(("", " (예정)", " / 관내 전역")))
    if draw(st.booleans()) and a != b:
        return Spell(head + draw(st.sampled_from(years)) + tail, (a, None), (b, None))
    return Spell(head + draw(st.sampled_from(months)) + tail, (a, am), (b, bm))
