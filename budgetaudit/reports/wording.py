"""How reports word amounts, places and lines of text; pure functions without a stream."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from budgetaudit.messages import TEXTS, say
from budgetaudit.model import Comparison, Finding, Place, Quantity, Suspect

# Terminal escapes and right-to-left overrides in a document must not reach the reader's screen.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

DECIMALS = 4
YEARS = 10_000


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


HEADS = ("head.rule", "head.place", "head.stated", "head.expected", "head.difference")


def finding_cells(finding: Finding, lang: str, *, file: bool) -> list[str]:
    """A finding under `HEADS`."""
    place = place_text(finding.places[0][1], lang, file=file) if finding.places else ""
    return [finding.rule, place, *_amounts(finding.stated, finding.expected, finding.difference)]


def comparison_cells(comparison: Comparison, lang: str, *, file: bool) -> list[str]:
    """A comparison under `HEADS`."""
    stated = comparison.stated
    unit = comparison.unit or stated.unit
    values = (stated.value, comparison.expected, comparison.difference)
    units = (stated.unit or unit, unit, unit)
    first, second, third = (None if value is None else Quantity(value, unit) for value, unit in zip(values, units, strict=True))
    return [comparison.rule, place_text(stated.place, lang, file=file), *_amounts(first, second, third)]


def comparison_text(comparison: Comparison, lang: str) -> str:
    """What a comparison says: a passing one that it holds, any other its message."""
    if comparison.verdict == "pass":
        return clean(say("report.holds", lang, label=comparison.stated.label))
    return clean(say(comparison.message, lang))


def _amounts(stated: Quantity | None, expected: Quantity | None, difference: Quantity | None) -> list[str]:
    """Three columns; the unit stands with the difference, and with each amount where the two are in different units."""
    mixed = stated is not None and expected is not None and stated.unit != expected.unit
    return [amount(stated, unit=mixed), amount(expected, unit=mixed), amount(difference, unit=True)]


def finding_text(finding: Finding, lang: str) -> str:
    """A finding where nothing stands beside it: what is wrong, the amounts, and what is probably the culprit."""
    texts = [clean(say(finding.message, lang))]
    if finding.stated is not None and finding.expected is not None:
        names = ("stated", "expected", "difference")
        amounts = dict(zip(names, _amounts(finding.stated, finding.expected, finding.difference), strict=True))
        texts.append(say("report.amounts", lang, **amounts))
    texts += [suspect_text(suspect, lang) for suspect in telling(finding.suspects)[:1]]
    return "; ".join(texts)


REPEATS = "cause-heals"  # says no more than the line of the suspect does
ALONE = "cause-outside"  # says something where nobody is suspected


def evidence_text(finding: Finding, lang: str) -> str:
    """What speaks for the first suspect, or for a cause without one; '' where the line of the suspect says it."""
    code = finding.evidence.code if finding.evidence else ""
    told = code == ALONE or (bool(telling(finding.suspects)) and code not in ("", REPEATS))
    return clean(say(finding.evidence, lang)) if finding.evidence and told else ""


def telling(suspects: Sequence[Suspect]) -> list[Suspect]:
    """The suspects that say something to an auditor: that some other value would make one sum right is true of every figure."""
    return [suspect for suspect in suspects if suspect.tier != "unresolved"]


def suspect_text(suspect: Suspect, lang: str) -> str:
    """A suspected figure, the value that would repair it, and how much speaks for it."""
    code = f"repair.{suspect.repair}"
    return say(
        "report.suspect",
        lang,
        place=place_text(suspect.place, lang),
        text=clean(suspect.text) or say("report.blank", lang),
        value=readable(suspect.value),
        repair=say(code, lang) if code in TEXTS else suspect.repair,
        heals=counted("comparison", suspect.heals, lang),
        tier=say(f"tier.{suspect.tier}", lang),
    )


def clean(text: str) -> str:
    """The text without control characters, on one line."""
    return " ".join(_UNSAFE.sub("\ufffd", text).split())
