"""How reports word amounts, places, lines of text, and what is told together; pure functions without a stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from unicodedata import category

from budgetaudit.assurance import Unexplained
from budgetaudit.messages import TEXTS, say
from budgetaudit.model import Audit, Comparison, Finding, Message, Place, Quantity, RuleSummary, Suspect

# Terminal escapes and right-to-left overrides in a document must not reach the reader's screen.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_SPREAD = re.compile(r"(?<![^\W\d_])[가-힣](?: [가-힣]){1,}(?![^\W\d_])")
_BRACKETS = dict(zip("<〈《「『【[", ">〉》」』】]", strict=True))
_BULLETS = " □■○●◦•◇◆▢❍∙·-–—*※#"

_LOSS = "△▲"
_UNIT = re.compile(r"(?:(?<=\d) ?[^\W\d_]+(?: [^\W\d_]+)*\Z|(?<=\d)%\Z)|\Z")

DECIMALS = 4
SUBJECT = 70  # characters of a label; some are whole sentences
YEARS = 10_000
Cause = tuple[Finding, tuple[Finding, ...]]


def plain(value: Decimal) -> str:
    """The exact number without exponent, grouping or trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def grouped(value: Decimal) -> str:
    """The exact number as people read it: 77,360."""
    sign, digits = ("-", plain(value)[1:]) if plain(value).startswith("-") else ("", plain(value))
    whole, point, fraction = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def readable(value: Decimal) -> str:
    """The number as people read it; the endless decimals of a quotient are cut to four, or to three that say something."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS:
        places = max(DECIMALS, 2 - value.adjusted()) if value else 0
        value = round(value, places)
    return grouped(value)


def amount(quantity: Quantity | None, *, unit: bool = False) -> str:
    """A quantity for a column of a table; an en dash where there is none."""
    if quantity is None:
        return "–"
    symbol = f" {quantity.unit.symbol}" if unit and quantity.unit and quantity.unit.symbol else ""
    if quantity.unit and quantity.unit.family == "other" and abs(quantity.value) < YEARS:
        return plain(quantity.value) + symbol  # a year or a month has no thousands
    return readable(quantity.value) + symbol


def counted(noun: str, number: int, lang: str) -> str:
    """`1 table`, `2 tables`, `표 2개`."""
    return say(f"count.{noun}.one" if number == 1 else f"count.{noun}", lang, n=f"{number:,}")


def place_text(place: Place, lang: str, *, file: bool = False) -> str:
    """Where something stands, in words: `page 3, table 2, row 5, column 3, line 86` or `총괄!C12`."""
    parts = [clean(place.file)] if file and place.file else []
    if place.cell:
        parts.append(f"{clean(place.sheet)}!{place.cell}" if place.sheet else place.cell)
        numbered: tuple[tuple[str, int | None], ...] = (("page", place.page),)
    else:
        parts += [clean(place.sheet)] if place.sheet else []
        numbered = tuple((name, getattr(place, name)) for name in ("page", "table", "row", "column", "line", "paragraph"))
    return ", ".join(parts + [say(f"place.{name}", lang, n=number) for name, number in numbered if number is not None])


def rule_titles(rules: Iterable[RuleSummary], lang: str) -> dict[str, str]:
    """What each rule demands, by its id."""
    return {rule.id: rule.title.get(lang) or rule.title.get("en", "") for rule in rules}


HEADS = ("head.rule", "head.place", "head.stated", "head.expected", "head.difference")


def finding_cells(finding: Finding, lang: str, *, file: bool) -> list[str]:
    """A finding under `HEADS`."""
    place = place_text(finding.places[0][1], lang, file=file) if finding.places else ""
    none = idle(finding)
    amounts = _amounts(finding.stated, None if none else finding.expected, None if none else finding.difference, lang)
    if none and finding.stated is not None and finding.stated.text:
        amounts[0] = clean(finding.stated.text)
    return [finding.rule, place, *amounts]


def comparison_cells(comparison: Comparison, lang: str, *, file: bool) -> list[str]:
    """A comparison under `HEADS`."""
    stated = comparison.stated
    unit = comparison.unit or stated.unit
    values = (stated.value, comparison.expected, comparison.difference)
    units = (stated.unit or unit, unit, unit)
    first, second, third = (None if value is None else Quantity(value, unit) for value, unit in zip(values, units, strict=True))
    return [comparison.rule, place_text(stated.place, lang, file=file), *_amounts(first, second, third, lang)]


def comparison_text(comparison: Comparison, lang: str) -> str:
    """What a comparison says: a passing one that it holds, one that was not made why, any other what differs."""
    stated, unit = comparison.stated, comparison.unit or comparison.stated.unit
    if comparison.verdict == "pass":
        return clean(say("report.holds", lang, label=stated.label))
    if comparison.verdict == "not_evaluated":
        return clean(say(comparison.message, lang))
    first = None if stated.value is None else Quantity(stated.value, stated.unit or unit)
    second, third = (None if value is None else Quantity(value, unit) for value in (comparison.expected, comparison.difference))
    text = _worded(comparison.message, first, second, third, lang)
    return clean(say("rounding-explained", lang, inner=text) if comparison.verdict == "rounding" else text)


def _amounts(stated: Quantity | None, expected: Quantity | None, difference: Quantity | None, lang: str) -> list[str]:
    """Three columns; the unit stands with the difference, and with each amount where the two are in different units."""
    mixed = stated is not None and expected is not None and stated.unit != expected.unit
    first, second = (with_unit(quantity) if mixed else amount(quantity) for quantity in (stated, expected))
    return [first, second, points(difference, lang)]


def headline(finding: Finding, lang: str) -> str:
    """What is wrong, in one line with its figures."""
    return clean(_worded(finding.message, finding.stated, finding.expected, finding.difference, lang))


def _worded(message: Message, first: Quantity | None, second: Quantity | None, difference: Quantity | None, lang: str) -> str:
    """A message with the stated and the expected amount and their difference in words."""
    args = dict(message.args)
    if isinstance(args.get("inner"), Message):
        return say(message.code, lang, **{**args, "inner": _worded(args["inner"], first, second, difference, lang)})
    rate = difference is not None and difference.unit is not None and difference.unit.family == "percent"
    mixed = first is not None and second is not None and first.unit != second.unit
    stated = str(args.get("stated") or amount(first, unit=mixed))
    label = tidy(str(args.get("label", "")))
    args |= {name: quoted(tidy(str(args[name])), lang) for name in ("other", "limit_label") if args.get(name)}
    if isinstance(args.get("parts"), int):
        args["parts"] = counted("part", int(str(args["parts"])), lang)
    direction = "over" if difference is not None and difference.value > 0 else "under"
    args |= {
        "stated": stated,
        "label": label,
        "subject": f"{quoted(label, lang)} " if label and label not in stated else "",
        "expected": with_unit(second) if mixed else _like(second, stated),
        "difference": points(None if difference is None else replace(difference, value=abs(difference.value)), lang),
        "over": say(f"{direction}.{'rate' if rate else 'amount'}", lang),
    }
    return say(message.code, lang, **args)


def quoted(text: str, lang: str) -> str:
    """What the document calls something, in quotation marks."""
    return say("quoted", lang, text=bounded(text))


def bounded(label: str) -> str:
    """A label, or the beginning of one that is a whole sentence."""
    return label[:SUBJECT] + "…" * (len(label) > SUBJECT)


def tidy(text: str) -> str:
    """A label without the bullets and brackets around it, its letters together: `□ 투 자 계 획` is 투자계획."""
    bare = clean(text).strip(_BULLETS)
    if bare[:1] in _BRACKETS and bare.endswith(_BRACKETS[bare[0]]):
        bare = bare[1:-1].strip()
    words = _SPREAD.sub(lambda found: found[0].replace(" ", ""), bare).split()
    return " ".join(word for word, before in zip(words, ["", *words], strict=False) if word != before) or clean(text)


def _like(quantity: Quantity | None, stated: str) -> str:
    """An amount written as the one beside it is: with its unit if that has one, a loss with its sign or in brackets."""
    bare = stated.rstrip(")")
    bare_number = bare[-1:].isdigit() or not any(map(str.isdigit, bare))  # a dash has no unit
    text = amount(quantity) if bare_number else with_unit(quantity)
    if not text.startswith("-"):
        return text
    if len(bare) < len(stated) and stated.startswith("(") and not any(sign in stated for sign in _LOSS):
        return f"({text[1:]})"
    return next((sign for sign in _LOSS if sign in stated), "-") + text[1:]


def with_unit(quantity: Quantity | None) -> str:
    """`300백만원`, `300 thousand`, `$300`: a sign and a Korean unit stand beside their number without a blank."""
    symbol = quantity.unit.symbol if quantity is not None and quantity.unit is not None else ""
    text = amount(quantity)
    if len(symbol) == 1 and category(symbol) == "Sc":
        return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"
    apart = symbol[:1].isascii() and symbol[:1].isalpha()  # 17.9 EUR million; 30천원
    multiplied = symbol[-1:].isdigit() and not apart  # 179 × $000
    glued = len(symbol) == 1 or not (apart or multiplied or " " in symbol)
    return f"{text}{'' if glued else ' × ' if multiplied and symbol[0] != '×' else ' '}{symbol}"


def points(difference: Quantity | None, lang: str) -> str:
    """A difference with its unit; that of two percentages is in points."""
    if difference is not None and difference.unit is not None and difference.unit.symbol == "%":
        return say("amount.points", lang, amount=amount(difference))
    return with_unit(difference)


def against_code(finding: Finding) -> str:
    """What the stated amount is held against: another printed one, a limit, or what was computed."""
    roles = [role for role, _, _ in finding.places[1:]]
    if finding.kind == "within" and roles.count("limit") == 1 == len(roles):
        return "head.limit"
    return "head.against" if roles[:1] == ["expected"] else "head.expected"


def against_head(findings: Iterable[Finding]) -> str:
    """The heading over what the stated amounts of several findings are held against."""
    codes = {against_code(finding) for finding in findings if finding.expected is not None and not idle(finding)}
    return codes.pop() if len(codes) == 1 else "head.mixed" if codes else "head.expected"


def idle(finding: Finding) -> bool:
    """True if a finding is about how something is written: its amounts are the same and say nothing."""
    return finding.kind == "notation" and not (finding.difference and finding.difference.value)


def finding_text(finding: Finding, lang: str) -> str:
    """A finding where nothing stands beside it: what is wrong, and what is probably the culprit."""
    return "; ".join(
        [headline(finding, lang), *(suspect_text(suspect, finding, lang) for suspect in telling(finding.suspects)[:1])]
    )


REPEATS = "cause-heals"  # says no more than the line of the suspect does
ALONE = ("cause-outside", "cause-equal")  # say something where nobody is suspected


def kind_name(kind: str, lang: str) -> str:
    """What a kind of finding is called."""
    return say(f"kind.{kind}", lang) if f"kind.{kind}" in TEXTS else kind


TIES = ("agree-tied", "agree-years", "told-cell")


def evidence_text(finding: Finding, lang: str) -> str:
    """What speaks for the first suspect, or for a cause without one; '' where the line of the suspect says it."""
    code = finding.evidence.code if finding.evidence else ""
    shown = code in ALONE or (bool(telling(finding.suspects)) and code not in ("", REPEATS))
    cause = clean(say(finding.evidence, lang)) if finding.evidence and shown else ""
    return "; ".join(filter(None, (tie_text(finding, lang), cause)))


def tie_text(finding: Finding, lang: str) -> str:
    """How many of the other figures that two places both state agree; '' where they state no other."""
    args = finding.message.args
    common, agreeing = args.get("common"), args.get("agreeing")
    if not isinstance(common, int) or not isinstance(agreeing, int) or common < 2 or finding.message.code not in TIES:
        return ""
    return say("report.tied", lang, common=common, agreeing=agreeing)


def telling(suspects: Sequence[Suspect]) -> list[Suspect]:
    """The suspects that say something to an auditor: that some other value would make one sum right is true of every figure."""
    return [suspect for suspect in suspects if suspect.tier != "unresolved"]


def suspect_text(suspect: Suspect, finding: Finding, lang: str) -> str:
    """A suspected figure, the value that would repair it, and how much speaks for it; the place where it is another one."""
    code = f"repair.{suspect.repair}"
    home = finding.places[0][1] if finding.places else None
    return say(
        "report.suspect",
        lang,
        place="" if suspect.place == home else place_text(suspect.place, lang) + " ",
        text=clean(suspect.text) or say("report.blank", lang),
        value=repaired(suspect),
        repair=say(code, lang) if code in TEXTS else suspect.repair,
        heals=counted("comparison", suspect.heals, lang),
        tier=say(f"tier.{suspect.tier}", lang),
    )


def repaired(suspect: Suspect) -> str:
    """The value that would repair a figure, with the unit that is printed behind it."""
    return readable(suspect.value) + _UNIT.search(clean(suspect.text))[0]  # type: ignore[index]


def storable(text: str) -> str:
    """The text without what no XML may hold: control characters, half an emoji, bytes of a name that are no UTF-8."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean(text: str) -> str:
    """The text without control characters, on one line."""
    return " ".join(_UNSAFE.sub("\ufffd", text).split())


def causes(findings: Sequence[Finding]) -> list[Cause]:
    """The findings that stand for themselves, each with those that follow from it."""
    roots = {finding.id for finding in findings if finding.cause in ("", finding.id)}
    following: dict[str, list[Finding]] = {}
    standing = []
    for finding in findings:
        if finding.id not in roots and finding.cause in roots:
            following.setdefault(finding.cause, []).append(finding)
        else:
            standing.append(finding)
    return [(finding, tuple(following.get(finding.id, ()))) for finding in standing]


def open_causes(audit: Audit) -> list[Cause]:
    """The causes of the findings that nobody waived."""
    return causes([finding for finding in audit.findings if finding.waived is None])


def by_reason(items: Iterable[Unexplained], lang: str) -> list[tuple[str, str, list[Unexplained]]]:
    """What could not be decided: rule, reason and the figures it is the reason of."""
    groups: dict[tuple[str, str], list[Unexplained]] = {}
    for item in items:
        groups.setdefault((item.rule, clean(say(item.reason, lang))), []).append(item)
    return [(rule, reason, found) for (rule, reason), found in groups.items()]


def all_shown(finding: Finding) -> bool:
    """True if the excerpts of a finding show every table and sentence that it speaks of."""
    lines = {(excerpt.place.file, excerpt.place.table, excerpt.place.line) for excerpt in finding.excerpts}
    tables = {(excerpt.place.file, excerpt.place.table) for excerpt in finding.excerpts if excerpt.place.table}
    return bool(finding.excerpts) and all(
        (place.file, place.table) in tables or (place.file, place.table, place.line) in lines for _, place, _ in finding.places
    )
