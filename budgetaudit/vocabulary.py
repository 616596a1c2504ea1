"""What printed labels mean: totals, members of dimensions, units; read from YAML, one file per language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from budgetaudit import periods
from budgetaudit.currencies import rules_folder
from budgetaudit.label_text import BRACKETS, EDGES, EQUALS, TELLING, in_words, normal, squeeze, unmarked
from budgetaudit.model import Unit
from budgetaudit.units import Units, merged

ADDED = re.compile(r"[(\[]\s?=?\s?\d{1,2}(?:\s?[+~∼]\s?\d{1,2}){1,8}\s?[)\]]\s*\Z")  # 소계(1+2)
LEADING_CODE = re.compile(r"\d{2,10}\s+(?=[^\W\d_])")  # 5000 Total personnel
TILDES = "~∼～"
WORD_ENDS = re.compile(r"[\s/·ㆍ‧∙・,&]+")
SHORTEST_RATE = 3  # 투자율 is a rate, 법률 is none
COUNTED = re.compile(r"(\D{1,20}?)\s?\d[\d,]{0,9}\s?(\D{1,4})\Z")
LISTS = (
    "totals",
    "subtotals",
    "total_prefixes",
    "total_suffixes",
    "rate_suffixes",
    "of_which",
    "breakdowns",
    "averages",
    "running_totals",
    "open_list",
    "keys",
    "key_endings",
    "remarks",
    "captions",
    "revenue_words",
    "amount_endings",
    "less",
    "losses",
    "added",
    "unit_words",
    "whole",
)


@dataclass(frozen=True, slots=True)
class Label:
    """What one printed label says. `total`: 'total', 'subtotal' or ''. `member` is of `dimension`, '' if unknown.

    `closing`: the amount of a whole, which is a total where it closes its parts (총사업비); `less`, `added`: what is taken
    away, what comes to it.
    """

    text: str
    key: str
    total: str = ""
    dimension: str = ""
    member: str = ""
    year: int | None = None
    measure: str = ""
    unit: Unit | None = None
    of_which: bool = False
    breakdown: bool = False
    identifier: bool = False
    average: bool = False
    running: bool = False
    closing: bool = False
    less: bool = False
    added: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """The merged words of some languages. `lists`, `members` and `accounts` hold normalised keys.

    `accounts`: the lines of a financial statement, by the names that formulas call them; they stay items of their table.
    """

    languages: tuple[str, ...]
    lists: Mapping[str, frozenset[str]]
    members: Mapping[str, tuple[str, str]]
    units: Units
    periods: Mapping[str, tuple[str, ...]]
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    together: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    eras: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _cache: dict[str, Label] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def meanings(self) -> frozenset[str]:
        """Everything a rule may name that is no printed label: dimensions, their members, accounts."""
        return frozenset(self.accounts.values()).union(self.dimensions, *self.dimensions.values())

    def with_columns(self, columns: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> Vocabulary:
        """This vocabulary with labels that have coordinates of their own: pairs of a label and its (dimension, member) pairs."""
        given = {squeeze(text): dict(members) for text, members in columns}
        return replace(self, given=given, _cache={}) if given else self

    def label(self, text: str) -> Label:
        """The meaning of a printed label; cached, as tables repeat their labels."""
        label = self._cache.get(text)
        if label is None:
            label = self._cache[text] = self._as_given(self._classify(text))
        return label

    def _classify(self, text: str) -> Label:
        printed, text = text, in_words(text)
        unit = self.units.in_brackets(text) or self._percent(text)
        if unit is None and (behind := self.units.trailing(text)) is not None:
            text, unit = behind
        key = normal(text)
        if not key:
            key = squeeze(text)
        total = self._total(text, key)
        dimension, member, measure, year = "", "", "", None
        found = self._member(text, key, unit) or self._member(listed := unmarked(text), normal(listed), unit)
        text = periods.without_era(text, self.eras, self.periods.get("year_suffixes", ()))
        dated = periods.leading_year(
            text.strip(TILDES + " "), self.periods.get("year_suffixes", ()), self.periods.get("year_prefixes", ())
        )
        if found is None and dated is not None:
            year, rest = dated
            dimension, member = "year", _open_ended(text) or str(year)
            key_of_rest = normal(rest)
            after = self.members.get(key_of_rest)
            if after and after[0] == "measure":
                measure = after[1]
            elif after and after[0] == "year":
                member = after[1]
            elif key_of_rest and self._total(rest, key_of_rest) == "":
                dimension, member = "", ""
        elif found is not None:
            dimension, member = found
            if dimension == "measure":
                measure = member
        elif (ended := periods.trailing_year(text)) is not None:
            after = self.members.get(normal(ended[1]))
            if after is not None and after[0] == "measure":
                year, measure = ended[0], after[1]
                dimension, member = "year", str(year)
        elif over := periods.before_range(text):
            after = self.members.get(normal(over))
            measure = after[1] if after is not None and after[0] == "measure" else self._measure_by_ending(over, normal(over))
        if not measure and not found:
            measure = self._measure_by_ending(text, key)
        return Label(
            printed,
            key,
            total,
            dimension,
            member,
            year,
            measure,
            unit,
            of_which=self._is_part(text, key),
            breakdown=self._breaks_down(text, key),
            identifier=self._identifies(text, key),
            average=self._averages(text, key),
            running=self._runs(text, key),
            closing=not total and self._closes(key),
            less=self._begins(text, "less", "(-)"),
            added=self._begins(text, "added", "(+)"),
        )

    def _member(self, text: str, key: str, unit: Unit | None) -> tuple[str, str] | None:
        """The member that a label names: as a whole, with its % behind or before it, or a source before its share."""
        if unit is not None and unit.family == "percent" and (rate := self.members.get(key + "%") or self.members.get("%" + key)):
            return rate
        found = self.members.get(key) or self.members.get(squeeze(text))
        if found is None and (unit is None or unit.family != "percent"):
            ended = (self.members.get(key.removesuffix(word)) for word in self._shares if key.endswith(word))
            found = next((member for member in ended if member is not None and member[0] == "source"), None)
        return found

    @cached_property
    def _shares(self) -> tuple[str, ...]:
        return tuple(word for word, (_, member) in self.members.items() if member == "share" and word.isalpha())

    def _as_given(self, label: Label) -> Label:
        """A label with the coordinates that a rule file gives it instead of its own."""
        members = self.given.get(squeeze(label.text), self.given.get(label.key))
        if members is None:
            return label
        dimension = next((name for name in members if name != "measure"), "measure" if "measure" in members else "")
        member = members.get(dimension, "")
        year = members.get("year", "")
        return replace(
            label,
            total="total" if "total" in members.values() else "",
            dimension="" if member == "total" else dimension,
            member="" if member == "total" else member,
            year=int(year) if year.isdigit() else None,
            measure=members.get("measure", ""),
            identifier=False,
        )

    def _total(self, text: str, key: str) -> str:
        if key in self.lists["subtotals"]:
            return "subtotal"
        if key in self.lists["totals"]:
            return "total"
        if EQUALS.match(text) or ADDED.search(text):
            return "subtotal"
        spaced = WORD_ENDS.split(BRACKETS.sub(" ", text).strip(EDGES))
        if len(spaced) > 1 and len("".join(spaced[:-1])) > 1 and spaced[-1] in self.lists["totals"]:
            return "subtotal"  # 사업비 계
        for match in BRACKETS.finditer(text):
            inner = squeeze(match.group().strip().strip("()（）[]〔〕<>＜＞【】"))
            if len(key) > 1 and (inner in self.lists["totals"] or inner in self.lists["subtotals"]):
                return "subtotal"
        counted = COUNTED.match(text.strip())
        if counted and (unit := self.units.listed(counted[2])) is not None and unit.family == "count":
            return self._total(counted[1], squeeze(counted[1].strip(EDGES)))  # 소계 3건
        words = LEADING_CODE.sub("", " ".join(text.lower().split()).lstrip(EDGES))
        named = " ".join(words.replace(":", " ").split())  # Subtotal: roads
        begun = [prefix for prefix in self.lists["total_prefixes"] if prefix.endswith(" ") and named.startswith(prefix)]
        if begun:
            return "subtotal" if any(squeeze(prefix) in self.lists["subtotals"] for prefix in begun) else "total"
        closed = squeeze(words)
        for suffix in self.lists["total_suffixes"]:
            whole = words if suffix.startswith(" ") else closed  # 도로 소  계 is 도로 소계
            if len(suffix) > 1 and whole.rstrip(EDGES).endswith(suffix) and len(whole) > len(suffix):
                return "subtotal"
        return ""

    def _closes(self, key: str) -> bool:
        """True if a label names the amount of a whole: a prefix that is written together with an amount, 총사업비."""
        prefixes = [prefix for prefix in self.lists["total_prefixes"] if not prefix.endswith(" ")]
        stems = tuple(self.lists["amount_endings"])
        return any(key.startswith(prefix) and len(key) > len(prefix) + 1 and key.endswith(stems) for prefix in prefixes)

    def _begins(self, text: str, name: str, sign: str) -> bool:
        """True if a label begins with a word or a sign: Less: grants, abzüglich Zuschüsse, (-) 보조금."""
        words = " ".join(text.lower().split())
        if words.startswith(sign):
            return True
        words = words.lstrip("([-+ ").rstrip()
        return self._openings[name].match(words) is not None

    @cached_property
    def _openings(self) -> dict[str, re.Pattern[str]]:
        words = {name: "|".join(map(re.escape, sorted(self.lists[name]))) or r"(?!)" for name in ("less", "added")}
        return {name: re.compile(rf"(?:{listed})(?:[\s:)\]]|\Z)") for name, listed in words.items()}

    def _is_part(self, text: str, key: str) -> bool:
        """True if a label names a part of the line before it: of which: energy, davon Energie, うち人件費."""
        words = " ".join(text.lower().split()).lstrip(EDGES + "(（[")
        begins = any(
            words.startswith(word.rstrip("-")) and (word.endswith("-") or re.match(r"[\s:：,)）\]]", words[len(word) :]))
            for word in self.lists["of_which"]
        )
        whole = any(key == squeeze(word) for word in self.lists["of_which"])
        return whole or (begins and self._total(text, key) == "")

    def _identifies(self, text: str, key: str) -> bool:
        """True if a label names a column of numbers that are names; where words are written together, its ending: 계약번호."""
        words = [word for word in (word.strip(".") for word in text.lower().split()) if word.isalpha()] or [""]
        return (
            key in self.lists["keys"]
            or (len(words) > 1 and words[-1] in self.lists["key_endings"])
            or any(key.endswith(word) for word in self.lists["keys"] if len(word) > 1 and not word.isascii())
        )

    def _percent(self, text: str) -> Unit | None:
        """The unit of a label that speaks of a percentage: `% of total`, `year-on-year % change`."""
        words = text.split()
        found = (self.units.listed(word) for at, word in enumerate(words) if at == 0 or not words[at - 1][-1].isdigit())
        return next((unit for unit in found if unit is not None and unit.family == "percent"), None) if len(words) > 1 else None

    def _averages(self, text: str, key: str) -> bool:
        """True if a label's figures are averages or extremes: by its words at either end, or either end of a compound."""
        words = text.lower().split() or [""]
        ends = {words[0].strip(EDGES), words[-1].strip(EDGES)} if len(words) > 1 else set()
        listed = self.lists["averages"]
        compound = any(key.endswith(word) or key.startswith(word) for word in listed if not word.isascii())
        return key in listed or compound or bool(ends & {word for word in listed if len(word) >= TELLING})

    def _runs(self, text: str, key: str) -> bool:
        """True if a label names a running total: 누적집행액, 실적(누계), spending to date."""
        words, listed = BRACKETS.sub(" ", text.lower()).split(), self.lists["running_totals"]
        ends = {"".join(part) for count in (1, 2, 3) for part in (words[:count], words[-count:])}
        ends |= {squeeze(match.group().strip("()（）[]〔〕<>＜＞【】 \t\n")) for match in BRACKETS.finditer(text)}
        compound = any(key.startswith(word) or key.endswith(word) for word in listed if not word.isascii())
        return compound or bool(ends & listed)

    def _breaks_down(self, text: str, key: str) -> bool:
        """True if a label announces all parts of a whole: 분야별, by source."""
        words = " ".join(text.lower().split()).lstrip(EDGES)
        return any(
            words.startswith(word) if word.endswith(" ") else key.endswith(word) and len(key) > len(word)
            for word in self.lists["breakdowns"]
        )

    def _measure_by_ending(self, text: str, key: str) -> str:
        """A measure named by the last word of a compound label: 시설비집행률 is a rate of execution."""
        last = WORD_ENDS.split(BRACKETS.sub(" ", text).strip(EDGES))[-1]  # 인증/법률 and Multi-site 조율 are no rates
        for length in range(min(len(key) - 1, 6), 1, -1):
            ending = key[-length:]
            found = self.members.get(ending)
            short = length <= TELLING and ending.isascii() and squeeze(last) != ending  # an inspectorate is no rate
            if found and found[0] == "measure" and ending not in self.lists["whole"] and not short:
                return found[1]
        rate = min(len(key), len(last)) >= SHORTEST_RATE and key.endswith(tuple(self.lists["rate_suffixes"]))
        return "rate" if rate else ""


def _open_ended(text: str) -> str:
    """What a tilde says of the years on its side: `~2023` is all before, `2027~` all after."""
    text = text.strip()
    return "prior" if text[0] in TILDES else "later" if text[-1] in TILDES else ""


@lru_cache(maxsize=8)
def load(names: tuple[str, ...] = ("korean", "english")) -> Vocabulary:
    """The vocabulary of some languages, by name (`korean`) or by path of a YAML file, first word wins."""
    documents = [_read(rules_folder() / "vocabulary" / "phrases.yaml")] + [
        _read(Path(name) if name.endswith((".yaml", ".yml")) else rules_folder() / "vocabulary" / f"{name}.yaml")
        for name in names
    ]
    return merge(documents)


def _read(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (BaseLoader: strings only)
    return document


def merge(documents: Iterable[Mapping[str, Any]]) -> Vocabulary:
    """One vocabulary of several YAML documents."""
    lists: dict[str, set[str]] = {name: set() for name in LISTS}
    members: dict[str, tuple[str, str]] = {}
    dimensions: dict[str, list[str]] = {}
    units: list[Mapping[str, Any]] = []
    words: dict[str, list[str]] = {}
    prose: dict[str, list[str]] = {}
    phrases: dict[str, list[str]] = {}
    together: dict[str, tuple[str, str]] = {}
    eras: dict[str, int] = {}
    accounts: dict[str, str] = {}
    languages = []
    for document in documents:
        languages += [document["language"]] if "language" in document else []
        for name in LISTS:
            affix = name.startswith("total_") or name in ("breakdowns", "of_which")
            lists[name].update(word.lower() if affix else squeeze(word) for word in document.get(name, ()))
        for dimension, by_member in document.get("dimensions", {}).items():
            for member, labels in by_member.items():
                if member not in dimensions.setdefault(dimension, []):
                    dimensions[dimension].append(member)
                for text in labels:
                    members.setdefault(squeeze(text), (dimension, member))
        for dimension, by_member in document.get("together", {}).items():
            for member, labels in by_member.items():
                together.update((squeeze(text), (dimension, member)) for text in labels)
        units.append(document.get("units", {}))
        for name, values in document.get("periods", {}).items():
            words.setdefault(name, []).extend(values)
        for era, before in document.get("eras", {}).items():
            eras.setdefault(era, int(before))
        for account, labels in document.get("accounts", {}).items():
            for text in labels:
                accounts.setdefault(squeeze(text), account)
        for name, values in document.get("prose", {}).items():
            prose.setdefault(name, []).extend(values)
        for kind, found in document.get("phrases", {}).items():
            phrases.setdefault(kind, []).extend(found)
    return Vocabulary(
        tuple(languages),
        {name: frozenset(values) for name, values in lists.items()},
        members,
        merged(units, tuple(prose.get("about_before", ())), tuple(filter(None, languages))),
        {name: tuple(values) for name, values in words.items()},
        {name: tuple(values) for name, values in dimensions.items()},
        {name: tuple(values) for name, values in prose.items()},
        {kind: tuple(found) for kind, found in phrases.items()},
        together,
        eras,
        accounts,
    )
