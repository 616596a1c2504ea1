"""The rows and columns that budget tables have: item hierarchies, fund sources, years, and both crossed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

KOREAN = """
일반행정 공공질서 교육 문화관광 환경보호 사회복지 보건 농림해양 산업진흥 교통물류 지역개발 예비비 인건비 물건비
경상이전 자본지출 내부거래 도로정비 하천정비 공원조성 체육관건립 도서관건립 청년지원 출산장려 노인돌봄 주차장확충
상수도개량 하수관로정비 마을만들기 스마트농업 소상공인지원 관광단지조성 산불예방 가로등정비 재난안전 시장현대화
평생학습 생활체육 문화재보수 경로당운영 임도개설 양식지원 폐기물처리 대기개선 보육지원 장애인복지 보훈회관 방역사업
귀농지원 축산지원 수산진흥 기업유치 버스운영 자전거도로 도시재생 공공디자인 정보화 선거관리 세정운영 회계관리
민원봉사 기록관리 감사운영 홍보
"""
ENGLISH = """
Administration, Public safety, Education, Culture, Environment, Welfare, Health, Agriculture, Industry, Transport,
Development, Parks, Libraries, Roads, Rivers, Housing, Water works, Sewerage, Street lighting, Fire service,
Youth centre, Sports hall, Museums, Waste collection, Forestry, Fisheries, Tourism, Digital services, Elections,
Archives, Courts, Cemeteries, Markets, Harbours, Bridges, Schools, Clinics, Police, Planning, Licensing, Procurement,
Payroll, Pensions, Training, Insurance, Fleet, Stores, Printing, Radio, Mapping, Inspection, Zoning, Permits,
Shelters, Nurseries, Swimming pools, Theatres, Festivals, Grants to clubs, Veterans, Refugees, Recycling,
Flood defence, Snow clearing
"""
ITEMS = {"ko": KOREAN.split(), "en": " ".join(ENGLISH.split()).split(", ")}
ROOT = {"ko": ["계", "합계", "총계", "합  계", "총 계"], "en": ["Total", "TOTAL", "Grand total"]}
SUB = {"ko": ["소계", "소  계"], "en": ["Subtotal", "Sub-total"]}
TITLES = {"ko": ["구분", "사업명", "분야"], "en": ["Item", "Programme"]}
SOURCES = {
    "ko": ["국비", "균특", "기금", "도비", "시비", "군비", "민자", "기타"],
    "en": ["Federal", "State", "Local", "Private", "Other"],
}
PRIOR = {"ko": "기투자", "en": "Prior years"}
LATER = {"ko": "{} 이후", "en": "Later years"}
PLAN = {"ko": "투자계획", "en": "Plan"}
FORMS = ("paths", "named", "marked", "indented", "plain")
MARKS = (("Ⅰ. ", "Ⅱ. ", "Ⅲ. ", "Ⅳ. "), ("1. ", "2. ", "3. ", "4. "), ("가. ", "나. ", "다. ", "라. "))


@dataclass(frozen=True)
class Line:
    """A row or column: labels from the outside in, the leaves it sums, and the lines (by position) that make it up.

    `sums` may hold several ways, as a grand total adds up along sources and along years.
    """

    labels: tuple[str, ...]
    leaves: frozenset[int]
    sums: tuple[tuple[int, ...], ...] = ()
    total: bool = False
    year: int = 0


@dataclass(frozen=True)
class Axis:
    """Lines in the order printed; `titles` head the label columns, one per level of labels."""

    lines: tuple[Line, ...]
    titles: tuple[str, ...]
    leaves: int

    @property
    def depth(self) -> int:
        return len(self.titles)


def trees(depth: int) -> st.SearchStrategy[Any]:
    """Item hierarchies as nested lists; a leaf is None. Every group has at least two members."""
    if depth == 1:
        return st.lists(st.none(), min_size=2, max_size=5)
    return st.lists(trees(depth - 1), min_size=2, max_size=3)


class _Items:
    """Writes the lines of a hierarchy in one of the ways offices print it.

    `paths`: a label column per level; `marked`, `indented`: a group's own row states its total; `named`, `plain`: a row
    소계 before or behind each group, with or without the group's name.
    """

    def __init__(self, draw: Draw, lang: str, depth: int, form: str) -> None:
        self.names = iter(draw(st.permutations(ITEMS[lang])))
        self.root, self.middle = draw(st.permutations(ROOT[lang]))[:2]
        self.sub = draw(st.sampled_from(SUB[lang]))
        self.last = draw(st.booleans())
        self.form, self.depth = form, depth
        self.lines: list[Line] = []
        self.leaves = 0

    def write(self, tree: Sequence[Any], path: tuple[str, ...] = (), mark: str = "") -> int:
        """Write a group and give the position of its total."""
        here, level = len(self.lines), len(path)
        heads = self.form in ("marked", "indented") and level > 0
        last = self.last and not heads
        if not last:
            self.lines.append(Line((), frozenset()))
        parts = []
        for member, sign in zip(tree, cycle(MARKS[level]), strict=False):
            name = next(self.names)
            if member is None:
                parts.append(len(self.lines))
                labels = (*path, name) if self.form == "paths" else (self._marked(name, level, sign),)
                self.lines.append(Line(labels, frozenset([self.leaves])))
                self.leaves += 1
            else:
                parts.append(self.write(member, (*path, name), sign))
        leaves = frozenset[int]().union(*(self.lines[part].leaves for part in parts))
        labels = (self._marked(path[-1], level - 1, mark),) if heads else self._total(path)
        total = Line(labels, leaves, (tuple(parts),), total=not heads)
        if last:
            self.lines.append(total)
            return len(self.lines) - 1
        self.lines[here] = total
        return here

    def _marked(self, name: str, level: int, mark: str) -> str:
        return {"marked": mark, "indented": "  " * level}.get(self.form, "") + name

    def _total(self, path: tuple[str, ...]) -> tuple[str, ...]:
        level = len(path)
        label = self.root if not path else (self.sub if level == self.depth - 1 else self.middle)
        if self.form == "paths":
            return (*path, label, *[""] * (self.depth - level - 1))
        return (f"{path[-1]} {label}" if path and self.form == "named" else label,)


@st.composite
def item_axes(draw: Draw, lang: str, *, depths: Sequence[int] = (1, 1, 2, 2, 3), forms: Sequence[str] = FORMS) -> Axis:
    depth = draw(st.sampled_from(depths))
    form = draw(st.sampled_from(forms if depth > 1 else ["plain"]))
    items = _Items(draw, lang, depth, form)
    items.write(draw(trees(depth)))
    inner = ["부문" if lang == "ko" else "Sector", "세부사업" if lang == "ko" else "Detail"][: depth - 1]
    return Axis(tuple(items.lines), (draw(st.sampled_from(TITLES[lang])), *(inner if form == "paths" else ())), items.leaves)


def listed(labels: Sequence[str], total: str, *, last: bool, title: str, years: Sequence[int] = ()) -> Axis:
    """A plain list with its total first or last."""
    everything, count = frozenset(range(len(labels))), len(labels)
    leaves = [Line((label,), frozenset([at]), year=dict(enumerate(years)).get(at, 0)) for at, label in enumerate(labels)]
    if last:
        return Axis((*leaves, Line((total,), everything, (tuple(range(count)),), total=True)), (title,), count)
    return Axis((Line((total,), everything, (tuple(range(1, count + 1)),), total=True), *leaves), (title,), count)


@st.composite
def source_axes(draw: Draw, lang: str) -> Axis:
    chosen = draw(st.lists(st.sampled_from(SOURCES[lang]), min_size=2, max_size=5, unique=True))
    total = draw(st.sampled_from([*ROOT[lang], *SUB[lang]]))
    return listed(
        sorted(chosen, key=SOURCES[lang].index), total, last=draw(st.booleans()), title="재원" if lang == "ko" else "Source"
    )


@st.composite
def year_axes(draw: Draw, lang: str, *, first: int | None = None, count: int | None = None) -> Axis:
    """Years with their total: a plain list, or 총계 = 기투자 + 소계 (of the years) + 이후."""
    first, count = first or draw(st.integers(2012, 2028)), count or draw(st.integers(2, 5))
    form = draw(st.sampled_from(["{}", "{}년", "'{}"] if lang == "ko" else ["{}", "FY{}"]))
    years = range(first, first + count)
    names = [form.format(year % 100 if "'" in form else year) for year in years]
    total, title = draw(st.sampled_from(ROOT[lang])), "연도" if lang == "ko" else "Year"
    before, after = draw(st.booleans()), draw(st.booleans())
    if not (before or after):
        return listed(names, total, last=draw(st.booleans()), title=title, years=years)
    later = LATER[lang].format(first + count)
    if draw(st.booleans()):
        labels = [PRIOR[lang]] * before + names + [later] * after
        return listed(labels, total, last=draw(st.booleans()), title=title, years=(*[0] * before, *years))
    group, planned = 1 + before, frozenset(range(before, before + count))
    lines = [Line((PRIOR[lang], ""), frozenset([0]))] * before
    lines.append(
        Line((PLAN[lang], draw(st.sampled_from(SUB[lang]))), planned, (tuple(range(group + 1, group + 1 + count)),), total=True)
    )
    lines += [Line((PLAN[lang], name), frozenset([before + at]), year=first + at) for at, name in enumerate(names)]
    lines += [Line((later, ""), frozenset([before + count]))] * after
    parts = (*[1] * before, group, *[len(lines)] * after)
    whole = Line((total, ""), frozenset(range(before + count + after)), (parts,), total=True)
    return Axis((whole, *lines), (title, ""), before + count + after)


@st.composite
def crossed_axes(draw: Draw, lang: str) -> Axis:
    """Sources within years or years within sources: a total in each group, perhaps a group of totals before them."""
    first = draw(st.integers(2015, 2026))
    outer = [f"{year}년" if lang == "ko" else str(year) for year in range(first, first + draw(st.integers(2, 3)))]
    inner = draw(st.lists(st.sampled_from(SOURCES[lang]), min_size=2, max_size=3, unique=True))
    if draw(st.booleans()):
        outer, inner = inner, outer
    total, sub = draw(st.sampled_from(ROOT[lang])), draw(st.sampled_from([*SUB[lang], *ROOT[lang][:2]]))
    whole = draw(st.booleans())
    width, count = len(inner) + 1, len(inner)
    lines: list[Line] = []
    for group, name in enumerate([total] * whole + outer):
        chosen = range(len(outer)) if whole and group == 0 else [group - whole]
        parts = tuple(range(group * width + 1, (group + 1) * width))
        lines.append(Line((name, sub), frozenset(o * count + i for o in chosen for i in range(count)), (parts,), total=True))
        lines += [Line((name, label), frozenset(o * count + i for o in chosen)) for i, label in enumerate(inner)]
    if whole:
        for at in range(width):
            across = tuple(at + width * (group + 1) for group in range(len(outer)))
            lines[at] = replace(lines[at], sums=(*lines[at].sums, across), total=True)
    return Axis(tuple(lines), ("", ""), len(outer) * count)
