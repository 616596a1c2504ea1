"""One audit with something of everything a report must show: hand-made, so that reports are tested without the pipeline."""

from __future__ import annotations

from decimal import Decimal

from budgetaudit.messages import TEXTS
from budgetaudit.model import (
    Audit,
    Comparison,
    Excerpt,
    Figure,
    Finding,
    InputSummary,
    Message,
    Place,
    Problem,
    Quantity,
    RuleError,
    RuleSummary,
    Suspect,
    Unit,
)

TEXTS["test.text"] = {"ko": "{text}", "en": "{text}"}

MILLION = Unit("백만원", "money", Decimal(1_000_000))
PERCENT = Unit("%", "percent")


def plan(row: int, column: int, table: int = 3) -> Place:
    return Place("업무계획 2025.txt", table=table, row=row, column=column, line=80 + row)


def figure(text: str, place: Place, unit: Unit | None = MILLION) -> Figure:
    return Figure(Decimal(text.replace(",", "")), text, place, Decimal(1), unit)


def says(text: str) -> Message:
    """A finished text as a message, whatever its language."""
    return Message("test.text", {"text": text})


STATED = figure("77,360", plan(5, 3))
DETAIL = figure("77,060", plan(3, 3, table=5))
CITY = figure("39,981", plan(5, 5))
PARTS = tuple(("part", figure(text, plan(row, 4))) for row, text in enumerate(("10,000", "20,000", "9,681", "0"), start=6))
RATE = figure("77.0", Place("settlement.xlsx", sheet="총괄 | 세출", table=1, row=12, column=3, cell="C12"), PERCENT)
SCAN = Place("scan.pdf", page=2)


def comparison(
    verdict: str, stated: Figure, expected: str | None, operands: tuple[tuple[str, Figure], ...], text: str, **more: object
) -> Comparison:
    wanted = None if expected is None else Decimal(expected)
    difference = None if wanted is None or stated.value is None else stated.value - wanted
    values = {"rule": "summary-detail", "kind": "agree", "bound": Decimal(0), "unit": stated.unit} | more
    return Comparison(
        verdict=verdict, stated=stated, expected=wanted, difference=difference, operands=operands, message=says(text), **values
    )


COMPARISONS = (
    comparison("fail", STATED, "77060", (("expected", DETAIL),), "77,360 here, 77,060 there"),
    comparison("fail", CITY, "39681", PARTS, "the parts of 시비 add up to 39,681", rule="funding-sources", kind="sum"),
    comparison("pass", DETAIL, "77060", PARTS, "balances"),
    comparison(
        "rounding", RATE, "76.96", (), "rounded", rule="execution-rate", kind="rate", bound=Decimal("0.05"), severity="note"
    ),
    comparison("not_evaluated", Figure(None, "", plan(9, 3)), None, (), "no row is a total", rule="funding-sources", kind="sum"),
    comparison("not_evaluated", Figure(None, "", plan(9, 4)), None, (), "no row is a total", rule="funding-sources", kind="sum"),
)


def quantity(text: str, unit: Unit | None = MILLION, printed: str | None = None) -> Quantity:
    return Quantity(Decimal(text), unit, printed)


FINDINGS = (
    Finding(
        "F1",
        "b0a1",
        "summary-detail",
        "agree",
        "error",
        says("제2단계 1기 지역균형발전사업의 총사업비가 총괄표에는 77,360, 세부표에는 77,060으로 적혀 있다 <b>=SUM(1)</b> | *"),
        quantity("77360", printed="77,360"),
        quantity("77060"),
        quantity("3E+2"),
        quantity("0"),
        (("stated", STATED.place, "77,360"), ("expected", DETAIL.place, "77,060")),
        cause="F1",
        suspects=(Suspect(CITY.place, "39,981", "digit", Decimal(39681), 4, "likely"),),
        excerpts=(
            Excerpt(
                STATED.place,
                "□ 균형발전사업 총괄\x1b[31m",
                ("단계", "사업비 계", "사업비 국비", "사업비 도비"),
                (0,),
                ((5, ("제2단계 1기", "77,360", "4,800", "32,579")),),
                ((0, 1, True),),
            ),
            Excerpt(DETAIL.place, text="○ 제2단계 1기: 10개 사업에 77,060백만원", spans=((17, 23, False),)),
        ),
    ),
    Finding(
        "F2",
        "b0a2",
        "funding-sources",
        "sum",
        "error",
        says("시비 39,981 is not the sum of its parts 39,681"),
        quantity("39981", printed="39,981"),
        quantity("39681"),
        quantity("300"),
        quantity("0"),
        (("stated", CITY.place, "39,981"), *((role, part.place, part.text) for role, part in PARTS)),
        cause="F1",
    ),
    Finding(
        "F3",
        "c0a3",
        "execution-within-plan",
        "within",
        "warning",
        says("executed 77 of 60 planned"),
        quantity("77", printed="77"),
        quantity("60"),
        quantity("17"),
        quantity("0"),
        (("stated", RATE.place, "77"), ("plan", Place("settlement.xlsx", sheet="총괄 | 세출", cell="B12"), "60")),
        cause="F3",
    ),
    Finding(
        "F4",
        "c0a4",
        "notation",
        "notation",
        "note",
        says("2480 has no thousands separator among numbers that do\x1b[31m"),
        quantity("2480", None, "2480"),
        None,
        None,
        None,
        (("stated", Place("settlement.xlsx", line=7), "2480"),),
    ),
    Finding(
        "F5",
        "c0a5",
        "share",
        "rate",
        "error",
        says("the share is 77.1, stated 77.0"),
        quantity("77.0", PERCENT, "77.0"),
        quantity("77.1", PERCENT),
        quantity("-0.10", PERCENT),
        quantity("0.05", PERCENT),
        (("stated", RATE.place, "77.0"),),
        cause="F5",
        waived=says("confirmed with the bureau on the phone"),
    ),
)

SAMPLE = Audit(
    inputs=(
        InputSummary("업무계획 2025.txt", "ab" * 32, "text", 12, 430, 412),
        InputSummary(
            "settlement.xlsx",
            "cd" * 32,
            "xlsx",
            1,
            20,
            20,
            (Problem(Place("settlement.xlsx", sheet="비밀"), says("sheet is hidden"), "notice"),),
        ),
        InputSummary("scan.pdf", "", "pdf", problems=(Problem(SCAN, says("no text on the page; run it through OCR first")),)),
    ),
    rules=(
        RuleSummary("summary-detail", "agree", "error", {"ko": "총괄표와 세부표가 같다", "en": "Summary and detail agree"}),
        RuleSummary(
            "funding-sources", "sum", "error", {"ko": "재원별 금액의 합은 계와 같아야 한다", "en": "Fund sources add up"}
        ),
        RuleSummary(
            "execution-within-plan", "within", "warning", {"ko": "집행액은 계획액 이내이다", "en": "Execution within plan"}
        ),
        RuleSummary("execution-rate", "rate", "note", {"en": "Execution rate"}),
        RuleSummary("notation", "notation", "note", {"ko": "수 표기가 바르다", "en": "Numbers are well formed"}),
        RuleSummary("share", "rate", "error", {"ko": "비율이 맞다", "en": "Shares are right"}),
    ),
    comparisons=COMPARISONS,
    findings=FINDINGS,
    errors=(RuleError("my-rule", says("rule my-rule: unknown column '집행'")),),
)
