"""Sentences: what is read in them, what is compared, what is left alone; generated sentences; hostile lines in linear time."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings

from budgetaudit import vocabulary
from budgetaudit.authoring.commands import load
from budgetaudit.model import Comparison, Document, Paragraph
from budgetaudit.pipeline import audit_document
from budgetaudit.sentences.arithmetic import expressions
from budgetaudit.sentences.breakdowns import breakdowns
from budgetaudit.sentences.scan import Scanner
from budgetaudit.sentences.statements import statements
from budgetaudit.sentences.words import Words
from tests.searching import examples
from tests.sentences import Changed, Listed, Multiplied, Spell, changed, listed, multiplied, spells

WORDS = vocabulary.load()
SCANNER = Scanner(WORDS)
RULES = load(("korea-local",), "en")


def told(*lines: str) -> list[Comparison]:
    """What the shipped rules say of some paragraphs."""
    document = Document("plan.txt", "text", tuple(Paragraph(line, line=at) for at, line in enumerate(lines, start=1)))
    result = audit_document(document, RULES, WORDS)
    assert result.errors == ()
    return list(result.comparisons)


def loud(*lines: str) -> list[tuple[str, str]]:
    """The errors and warnings: (rule, what is printed)."""
    return [(c.rule, c.stated.text) for c in told(*lines) if c.verdict == "fail" and c.severity != "note"]


# --- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("215억원(국비 115, 도비 59)", [("215", "억원"), ("115", ""), ("59", "")]),
        ("6,396억 3천9백만원과 1조 원", [("639639000000", "원"), ("1", "조원")]),
        ("39억5천3백67만2천원", [("3953672000", "원")]),
        ("3,180백만원, 5,600천 원, 20백만 원", [("3180", "백만원"), ("5600", "천원"), ("20", "백만원")]),
        ("8.7조 원, 75.3조, 3.6조원", [("8.7", "조원"), ("75.3", "조원"), ("3.6", "조원")]),
        ("2.7만호 → 3.1만호, 40여명, 6,000여종", [("27000", "호"), ("31000", "호"), ("40", "명"), ("6000", "종")]),
        ("△34,703십억원, (-14,281)", [("-34703", "십억원"), ("-14281", "")]),
        ("8개市, 7개郡", [("8", "개"), ("7", "개")]),
        ("86,666원*8명*12월", [("86666", "원"), ("8", "명"), ("12", "월")]),
        ("돌봄 1인x1,140,000원x12개월", [("1", "인"), ("1140000", "원"), ("12", "개월")]),
        ("$215 million (federal $ 115 million)", [("215000000", "$"), ("115000000", "$")]),
        # ordinals, codes, telephone and clock numbers, dates
        ("제46조 2023-6호 620-06 044-215-7630 GS1등급 ☎3232 14:00~16:00", []),
        ("① 1등급, 2·3순위, 1단계, 100대 과제", [("100", "대")]),
        ("2022. 11. 3. '21년 2024. 上 12~1월 9월 10일", []),
        ("공공데이터 현행화(3,4분기)", []),
        ("1인당 45만원", [("45", "만원")]),
    ],
)
def test_numbers_of_a_sentence(text: str, found: list[tuple[str, str]]) -> None:
    numbers = SCANNER.scan(text).numbers
    assert [(f"{n.value.normalize():f}", n.unit.symbol if n.unit else "") for n in numbers] == found


@pytest.mark.parametrize(
    ("text", "bound"),
    [("30억원 이상", "least"), ("5분 이내", "most"), ("15명 내외", "about"), ("약 3만호", "about"), ("최대 3,000만원", "most")],
)
def test_limits_and_approximations(text: str, bound: str) -> None:
    assert [number.bound for number in SCANNER.scan(text).numbers] == [bound]


@pytest.mark.parametrize(
    ("text", "step"),
    [("3,000억원", "100000000000"), ("75.3조", "0.1"), ("1,250백만원", "10"), ("57건", "0"), ("40여건", "10")],
)
def test_a_number_is_stated_to_its_last_digit(text: str, step: str) -> None:
    number = SCANNER.scan(text).numbers[0]
    assert number.step == (Decimal(step) / (10**8) if text == "3,000억원" else Decimal(step))


# --- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("'18~'20", (2018, 1, 1), (2020, 12, 31)),
        ("'22-'25", (2022, 1, 1), (2025, 12, 31)),
        ("2021. 4. ~ 2021. 12.", (2021, 4, 1), (2021, 12, 31)),
        ("2021 ~ 2024. 6.", (2021, 1, 1), (2024, 6, 31)),
        ("2023. 3.30.~3.31.", (2023, 3, 30), (2023, 3, 31)),
        ("2024. 8.~9..", (2024, 8, 1), (2024, 9, 31)),
        ("’21.12월~’22.1월", (2021, 12, 1), (2022, 1, 31)),
        ("2018.3.1부터 2019.2.28까지", (2018, 3, 1), (2019, 2, 28)),
        ("2024년 3월~2025년 2월", (2024, 3, 1), (2025, 2, 31)),
        ("2012년 1분기 ~ 2분기", (2012, 1, 1), (2012, 6, 31)),
        ("2024. 上 ~ 2024. 下", (2024, 1, 1), (2024, 12, 31)),
        ("2022. 12. ~ 2.", (2022, 12, 1), (2023, 2, 31)),
        ("2026. 9.-2027. 2.", (2026, 9, 1), (2027, 2, 31)),
    ],
)
def test_periods(text: str, since: tuple[int, int, int], until: tuple[int, int, int]) -> None:
    (period,) = SCANNER.scan(text).periods
    assert period.since is not None
    assert period.until is not None
    assert (period.since.first, period.until.last) == (since, until)


@pytest.mark.parametrize("text", ["2021. 6.~: 매월", "2023. 1. ~ 지속추진", "'13~계속", "~’26.2월"])
def test_an_open_period(text: str) -> None:
    (period,) = SCANNER.scan(text).periods
    assert not period.closed


@pytest.mark.parametrize("text", ["공고 제2023-2022호", "2008년 이후 10년 사이", "만 20-22세", "전화 02-2100-2023", "8명*12월"])
def test_no_period(text: str) -> None:
    assert SCANNER.scan(text).periods == ()


@given(spells())
@settings(max_examples=examples(300), deadline=None)
def test_a_generated_period_is_read(spell: Spell) -> None:
    (period,) = SCANNER.scan(spell.text).periods
    assert period.since is not None
    assert period.until is not None
    for date, (year, month) in ((period.since, spell.since), (period.until, spell.until)):
        assert (date.year, date.months and date.months[0]) == (year, month)


@given(spells())
@settings(max_examples=examples(50), deadline=None)
def test_a_period_turned_round_is_found(spell: Spell) -> None:
    head, since = spell.text.split(":")[0], f"{spell.until[0] + 1}. 1."
    assert loud(f"{head}: {since} ~ {spell.since[0]}. 12.") == [("period-order", f"{since} ~ {spell.since[0]}. 12.")]


# --- statements --------------------------------------------------------------------------------------


def test_bullets_of_one_line_are_taken_apart_and_broken_lines_put_together() -> None:
    document = Document(
        "a.txt",
        "text",
        (
            Paragraph("○ 행사 개최 : 2023.1.2. - 이벤트 추진 : 지급 • 홍보", line=1),
            Paragraph("- 사업비 : 100백만원(국비 50,", line=2),
            Paragraph("도비 50)", line=3),
        ),
    )
    assert [s.text for s in statements(document)] == [
        "○ 행사 개최 : 2023.1.2.",
        "- 이벤트 추진 : 지급",
        "• 홍보",
        "- 사업비 : 100백만원(국비 50, 도비 50)",
    ]


def test_a_statement_knows_its_headings() -> None:
    document = Document(
        "a.txt", "text", tuple(Paragraph(t) for t in ("□ 개요", "○ 사업", "- 사업비 : 3억원", "□ 계획", "- 예산 : 2억원"))
    )
    assert [s.heading for s in statements(document)] == [(), ("□ 개요",), ("□ 개요", "○ 사업"), (), ("□ 계획",)]


# --- what holds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("funding-sources", ["- 사업비 : 215억원(국비 115, 도비 59, 청주 23, 진천 9, 음성 9)"]),
        ("funding-sources", ["- 사업비: 25,500천원(도비 7,650천원, 시비 17,850천원)"]),
        ("funding-sources", ["- 포함된 지역사업 (75.3조, 47%), 국비(42.6조)+지방비(16.9조)+민자(15.8조)로 추진"]),
        ("funding-sources", ["- 아이디어 채택 : 80백만원(국 60, 군 20)"]),
        ("funding-sources", ["사업비 : 국비 500백만원, 도비 150백만원, 군비 350백만원, 계 1,000백만원"]),
        ("funding-sources", ["○ 총사업비 : 8,500백만원", "- 국비 : 4,250백만원", "- 도비 : 1,275백만원", "- 군비 : 2,975백만원"]),
        ("funding-sources", ["○ 총사업비 : 8,500백만원", "(국비 4,250, 도비 1,275, 군비 2,975)"]),
        ("items", ["추경예산 985억 원(일반회계 978억 원, 특별회계 7억 원)을 편성"]),
        ("items", ["△6,169십억원 = 21,802십억원(통합수지) - 27,971십억원(기금)"]),
        ("items", ["국비 3,000백만원 + 도비 900백만원 = 3,900백만원"]),
        ("counts", ["- 종합평가점수(100점) = 기술능력평가(90점)+입찰가격평가(10점)"]),
        ("counts", ["95개 기관(수도권 25, 강원권 12, 충청권 17, 호남권 17, 영남권 24)"]),
        ("counts", ["(연 13만호(국민임대 3.8만호 등 임대11만호, 분양2만호) 공급)"]),
        ("change", ["<22년 2,156억 원 ⇒ 23년 2,286억 원(증 130억)>"]),
        ("change", ["전국 평균 77.2점 대비 10.2점 높은 87.4점"]),
        ("change", ["비중이 4.7%p(17.0% → 21.7%) 증가"]),
        ("change-rate", ["전년 대비 6% 이상 증액<22년 2,156억 원 ⇒ 23년 2,286억 원>"]),
        ("change-rate", ["1분기 해외직접투자액은 총투자액 기준 150.9억 달러로", "전년 동기(176.8억 달러) 대비 14.6% 하락하였다"]),
        ("change-rate", ["2017년 40조3천347억원에서 2018년 43조1천177억원으로 6.9% 증가"]),
        ("change-rate", ["작년의 2조7천7백47억원보다 13.2%증액된 3조1천4백9억원"]),
        ("execution-rate", ["- 이행률 77% (51개 완료, 15개 정상추진)"]),
        ("execution-rate", ["집행률 : 85.2%(예산액 1,250백만원, 집행액 1,065백만원)"]),
        ("execution-rate", ["총 66개 사업 중 51개 사업 완료(77.3%)"]),
        ("share", ["한국판 뉴딜(총 160조)에 포함된 지역사업 (75.3조, 47%)"]),
        ("share", ["10억원(국비 5억(50%), 도비 1억5천만원(15%), 군비 3억5천만원(35%))"]),
        ("calculation", ["- 소요예산 : 1백만 원(군비)", "- 상품권 제공(5,000원 × 200명)"]),
        ("calculation", ["지원 12,126,000천원* 1% = 121,260,000원"]),
    ],
)
def test_a_true_statement_passes(rule: str, lines: list[str]) -> None:
    found = told(*lines)
    assert rule in {comparison.rule for comparison in found if comparison.verdict == "pass"}
    assert [comparison for comparison in found if comparison.verdict == "fail"] == []


@pytest.mark.parametrize(
    ("rule", "stated", "lines"),
    [
        ("items", "127조원", ["('21년 지역사업) 127조원(디지털 4조 + 그린뉴딜 8.7조 원) 투자"]),
        ("funding-sources", "215억원", ["- 사업비 : 215억원(국비 115, 도비 95, 청주 23, 진천 9, 음성 9)"]),
        (
            "funding-sources",
            "8,500백만원",
            ["○ 총사업비 : 8,500백만원", "- 국비 : 4,250백만원", "- 도비 : 1,725백만원", "- 군비 : 2,975백만원"],
        ),
        ("counts", "312개소", ["- 총 312개소 {292개소 (1순위: 경로당)+30개소 (2순위: 공원)}"]),
        ("counts", "350명", ["참여인원 : 350명(남 180명, 여 970명)"]),
        ("change", "130억", ["2,156억 원 ⇒ 2,386억 원(증 130억)"]),
        ("change-rate", "14.6%", ["총투자액 105.9억 달러로 전년 동기(118.8억 달러) 대비 14.6% 하락하였다"]),
        ("execution-rate", "87%", ["- 이행률 87% (51개 완료, 15개 정상추진)"]),
        ("execution-rate", "85%", ["예산액 6,000천원 중 850천원 집행(집행률 85%)"]),
        ("calculation", "1,161,000원", ["국민연금 87,750원(급여*0.045)*12개월=1,161,000원"]),
        ("told-twice", "876,757천원", ["민선 8기 공약사업 : 876,757천원", "공약사업 57개, 876,757백만 원"]),
    ],
)
def test_a_wrong_statement_is_found_and_quoted(rule: str, stated: str, lines: list[str]) -> None:
    found = [c for c in told(*lines) if c.verdict == "fail" and c.severity != "note"]
    assert [(c.rule, c.stated.text) for c in found] == [(rule, stated)]
    assert found[0].message.args["sentence"]
    assert found[0].stated.place.line is not None


@pytest.mark.parametrize(
    "lines",
    [
        ["7개 권역(읍면 5, 청소년 2) → 16개 권역(읍면 12, 청소년 2, 청년 등 직장인 2)"],
        ["[민선7기(7,019억 원) ⇨ 민선8기(1조 원)]", "⇒ 총 3,000억 원(연평균 750억 원) 증가 필요"],
        ["573개 기관(중앙 46, 지방자치단체 243 등)"],
        ["합동평가 5년 연속 '우수기관'", "결과 통보 → 4년 연속 수상"],
        ["반영비율 : 체감도(60%) + 노력도(40%) - 감점(10%+ α)"],
        ["<공공 건축물>", "□ 사업개요", "- 사업비: 1,210백만원", "<공원>", "□ 사업개요", "- 사업비: 1,010백만원"],
        ["입장료 3,000원(어린이 1,500원, 청소년 2,000원)", "과태료 10만원(2차 20만원, 3차 30만원)"],
        ["500명(어린이 200명 포함)", "지원액 300만원(자부담 30만원 별도)", "학생 300명(1학년 100명, 2학년 100명)"],
        ["매출 1,200억원(영업이익 120억원, 순이익 90억원)", "목표 120명(2023년 100명, 2024년 110명)"],
        ["코로나19 확진자 120명(누적 3,450명, 사망 12명)", "재정자립도 15.2%(전국 평균 45.0%, 도 평균 28.3%)"],
        ["위탁료 2,400만원(월 200만원)", "총 20회(회당 30명)", "국민 1인당 25만원(4인 가구 100만원)", "규격 3m×2m×10m"],
        ["당초예산 4299억686만2000원보다 8.62% 늘어난 370억5343만7000원이 증액"],
        ["교원가족수당 (475,666원×3명×4월) - 5,709,000원= -1,000"],
        ["계획액 10억원, 집행액 9억원", "당초 10억원에서 12억원으로 증액", "목표 100건, 실적 95건"],
        ["사업기간 2023. 12. ~ 2. (3개월)", "3~5월", "2024. 5. 10.(금) 14:00~16:00"],
    ],
)
def test_what_looks_wrong_and_is_right_is_left_alone(lines: list[str]) -> None:
    assert loud(*lines) == []


# --- generated sentences -----------------------------------------------------------------------------


@given(listed())
@settings(max_examples=examples(300), deadline=None)
def test_a_generated_list_is_read_as_written(sentence: Listed) -> None:
    (found,) = breakdowns(SCANNER.scan(sentence.text), Words(WORDS))
    assert found.total.value == sentence.total
    assert [(part.label, part.number.value) for part in found.parts] == list(sentence.parts)
    assert {part.unit.symbol for part in found.parts if part.unit} == {sentence.unit}
    assert (found.dimension == "source") == sentence.sources


@given(listed())
@settings(max_examples=examples(150), deadline=None)
def test_a_generated_list_adds_up(sentence: Listed) -> None:
    comparisons = [c for c in told(sentence.text) if c.kind in ("sum", "count")]
    assert [c.verdict for c in comparisons] == ["pass"]
    assert {c.rule for c in comparisons} <= {"funding-sources", "items", "counts"}


@given(listed(money=True))
@settings(max_examples=examples(150), deadline=None)
def test_a_broken_list_is_found(sentence: Listed) -> None:
    """One part raised by a tenth of the total, and by more than rounding explains."""
    assume(sentence.total >= 100)
    label, value = max(sentence.parts, key=lambda part: part[1])
    raised = value + max(sentence.total // 12, Decimal(len(sentence.parts) + 2))
    head, bracket, rest = sentence.text.partition(label)
    written = next(form for form in (f"{value:,f}", f"{value:f}") if form in rest)
    broken = head + bracket + rest.replace(written, f"{raised:,f}", 1)
    small = sentence.total * {"천원": 10**3, "백만원": 10**6, "억원": 10**8}[sentence.unit] < 10**6
    assert small or [c.verdict for c in told(broken) if c.kind == "sum"] == ["fail"]


@given(multiplied())
@settings(max_examples=examples(200), deadline=None)
def test_a_generated_calculation_comes_out(sentence: Multiplied) -> None:
    ((worked, stated),) = expressions(SCANNER.scan(sentence.text))
    assert (int(worked.value), int(stated.value)) == (sentence.amount, sentence.amount)
    assert tuple(int(number.value) for number in worked.operands) == sentence.factors


@given(multiplied(slip=12_345))
@settings(max_examples=examples(100), deadline=None)
def test_a_broken_calculation_is_found(sentence: Multiplied) -> None:
    assert [rule for rule, _ in loud(sentence.text)] == ["calculation"]


@given(changed())
@settings(max_examples=examples(150), deadline=None)
def test_a_generated_change_holds(sentence: Changed) -> None:
    verdicts = {c.kind: c.verdict for c in told(sentence.text)}
    assert verdicts["change"] == "pass"
    assert verdicts["rate"] in ("pass", "rounding")


@given(changed(slip=37))
@settings(max_examples=examples(100), deadline=None)
def test_a_broken_change_is_never_a_pass(sentence: Changed) -> None:
    (comparison,) = [c for c in told(sentence.text) if c.kind == "change"]
    assert comparison.verdict in ("fail", "not_evaluated")


# --- hostile lines -----------------------------------------------------------------------------------

MEGABYTE = 10**6


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "(",
        ")",
        "(1)",
        "((",
        "1(",
        "1 ",
        "'22.",
        "2022. ",
        "1원+",
        "1원*",
        "1억 ",
        "3천",
        "12~",
        "1.",
        "1=",
        "1→2(3%)",
        "10억(국비 5, 도비 5) ",
        "국비 1억, ",
    ],
)
def test_a_megabyte_of_one_line_is_read_in_two_seconds(piece: str) -> None:
    line = piece * (MEGABYTE // len(piece))
    started = time.process_time()
    told(line)
    assert time.process_time() - started < 2
