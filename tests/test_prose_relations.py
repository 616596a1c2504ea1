"""Plans with awkward notation: what is true passes, one wrong figure is found, what is neither is left alone."""

from __future__ import annotations

import pytest

from tests.test_prose import SCANNER, loud, told

TRUE = {
    # the amount before, in a bracket
    "revision": ("change", "527억원", ["○ 총 규모 : 9,842억원(기정 9,315억원 대비 527억원, 5.7% 증)"]),
    "revision-rate": ("change-rate", "5.7%", ["○ 총 규모 : 9,842억원(기정 9,315억원 대비 527억원, 5.7% 증)"]),
    "bare": ("change", "495", ["ㅇ 2025년 예산안 : 12,345 (전년도 11,850 대비 495 증, 4.2%)"]),
    "points-in-bracket": ("change", "0.7%p", ["○ 예산대비 채무비율 3.4%(전년 4.1%, 0.7%p↓)"]),
    "year-behind": ("change", "1.8점", ["□ 만족도 : 91.2점(전년 대비 1.8점↑, '23년 89.4점)"]),
    "series": ("change-rate", "11.3%", ["○ 이용건수 : '22년 61,204건, '23년 68,117건(↑11.3%)"]),
    "points": ("change", "5.6%p", ["유수율은 2021년 78.3%에서 지난해 83.9%로 5.6%p 올랐으며"]),
    "behind-arrow": ("change-rate", "2.9%", ["○ 농가소득 : 47,732천원('23) → 49,115천원('24)으로 2.9% 증가"]),
    # rates of what is due and what is done
    "target": ("execution-rate", "109.5%", ["□ 목표 1,200명 / 실적 1,314명(달성률 109.5%)"]),
    "places": ("execution-rate", "80%", ["- 정원 4,120명, 현원 3,296명(충족률 80%)"]),
    "collected": ("execution-rate", "98.3%", ["○ 징수결정액 1조 2,701억원, 수납액 1조 2,483억원(수납률 98.3%)"]),
    "which-is": ("execution-rate", "50%", ["- 분담금 1,250천원 중 50%인 625천원 지원"]),
    # lists without a bracket
    "next-line": (
        "funding-sources",
        "2,750,000천원",
        ["가. 총사업비 : 2,750,000천원", "국비 1,375,000천원(50%), 도비 412,500천원(15%), 시비 962,500천원(35%)"],
    ),
    "marks": (
        "funding-sources",
        "5,640백만 원",
        ["□ 예산 : 5,640백만 원(전년 4,700백만 원 대비 20% 증)", "☞ 국 1,692, 도 1,128, 시 2,820"],
    ),
    "bullets": (
        "items",
        "9,842억원",
        ["○ 총 규모 : 9,842억원", "- 일반회계 : 8,761억원(순증 471억원)", "- 특별회계 : 1,081억원"],
    ),
    "lettered": (
        "items",
        "1,250,000,000원",
        ["2. 교부결정액 : 금1,250,000,000원", "가. 인건비 : 682,400,000원", "나. 운영비 : 567,600,000원"],
    ),
    "total-last": (
        "items",
        "215,000천원",
        [
            "- 강사료 : 40,000원×2시간×15주×135강좌=162,000천원",
            "- 보조강사료 : 15,000천원",
            "- 기타운영비 : 38,000천원",
            "- 합 계 : 215,000천원",
        ],
    ),
    "and-all": ("counts", "760명", ["마. 근무인원 : 본청 712명, 의회 48명 등 총 760명"]),
    "two-totals": ("counts", "34필지", ["라. 편입토지 34필지 12,450㎡(국공유지 11필지 3,120㎡, 사유지 23필지 9,330㎡)"]),
    "compared": ("change-rate", "4.5%", ["이는 올해 당초예산 5,621억 원보다 253억 원(4.5%) 늘어난 규모다"]),
    "target-alone": ("execution-rate", "97.5%", ["- 목표 1,500대, 실적 1,462대(97.5%)"]),
    # calculations
    "beside": ("calculation", "7,200", ["○ 급량비 8,000원*15명*5일*12월              7,200"]),
    "each": ("calculation", "4,800㎡", ["○ 사업규모 : 4개소(각 1,200㎡씩, 총 4,800㎡)"]),
    "each-amount": ("calculation", "1억 5천만원", ["□ 창업지원금 : 15개 팀에 각 1,000만원씩 총 1억 5천만원 지원"]),
    "bare-terms": ("items", "2,850백만원", ["○ 세부 : 인건비 1,240 + 경상비 385 + 사업비 1,225 = 2,850백만원"]),
    "price-per": ("calculation", "1,100천원", ["- 현수막 55,000원/개 × 20개 = 1,100천원"]),
    "price-per-area": ("calculation", "83,300천원", ["- 방수공사 850㎡ × 98,000원/㎡ = 83,300천원"]),
    "worked-bullets": (
        "items",
        "3,840천원",
        ["○ 여비 : 3,840천원", "- 관내 20,000원×4명×12회 = 960천원", "- 관외 60,000원×4명×12회 = 2,880천원"],
    ),
    "rate-and-months": ("calculation", "2,961천원", ["- 4대보험료 : 2,350,000원 × 10.5% × 12월 = 2,961천원"]),
    "taken-away": (
        "items",
        "154,320천원",
        ["바. 낙찰차액 : 예정가격 1,286,000천원 - 낙찰금액 1,131,680천원 = 154,320천원(낙찰률 88%)"],
    ),
}

WRONG = {
    "compared": ("4.5%", "5.4%"),
    "target-alone": ("97.5%", "79.5%"),
    "beside": ("7,200", "7,020"),
    "each": ("4,800㎡", "8,400㎡"),
    "each-amount": ("1억 5천만원", "1억 6천만원"),
    "bare-terms": ("385", "358"),
    "revision": ("527억원", "572억원"),
    "bare": ("495", "459"),
    "points-in-bracket": ("0.7%p", "0.9%p"),
    "series": ("11.3%", "13.1%"),
    "points": ("5.6%p", "6.5%p"),
    "behind-arrow": ("2.9%", "4.9%"),
    "target": ("109.5%", "119.5%"),
    "places": ("80%", "88%"),
    "collected": ("98.3%", "93.8%"),
    "next-line": ("412,500천원", "421,500천원"),
    "marks": ("2,820", "2,280"),
    "bullets": ("1,081억원", "1,801억원"),
    "lettered": ("682,400,000원", "628,400,000원"),
    "total-last": ("215,000천원", "251,000천원"),
    "and-all": ("712명", "721명"),
    "two-totals": ("34필지", "43필지"),
    "price-per": ("1,100천원", "1,210천원"),
    "price-per-area": ("83,300천원", "88,300천원"),
    "worked-bullets": ("3,840천원", "3,480천원"),
    "taken-away": ("154,320천원", "145,320천원"),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_passes(name: str) -> None:
    rule, stated, lines = TRUE[name]
    assert loud(*lines) == []
    assert (rule, stated) in {(c.rule, c.stated.text) for c in told(*lines) if c.verdict == "pass"}


@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_figure_is_found_once(name: str) -> None:
    _, _, lines = TRUE[name]
    right, wrong = WRONG[name]
    broken = [line.replace(right, wrong) for line in lines]
    assert broken != lines
    assert len(loud(*broken)) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ["○ 총사업비 : 500억원", "- 2025년 예산 : 국비 20억원, 시비 10억원"],
        ["○ 총사업비 : 500억원", "- 확보액 : 국비 250억원, 시비 100억원"],
        ["○ 예산액 : 1,200백만원", "- 국내여비 : 120백만원", "- 업무추진비 : 60백만원"],
        ["중앙행정기관 46개, 광역자치단체 17개, 기초자치단체 226개 등 총 501개 기관"],
        ["- 시간제보육 7개반, 신규 3개소, 폐원 5개소 → 88개소에서 2개소 감소"],
        ["목표 1,200명 / 실적 314명(여성 비율 62%)", "정원 40명, 강사 12명(위촉률 50%)"],
        ["8,761억원(기정 8,290억원, 국비 120억원 증)"],
        ["○ 이용건수 : '20년 61,204건, '23년 68,117건(↑3.6%)"],
        ["위원 12명 25회(대면 10회, 서면 15회)", "교육 3회 120명(상반기 50, 하반기 70)"],
        ["- 참가비 20천원", "- 교육비 30천원", "- 운영비 계 : 500천원"],
        ["○ 사업비 120억원 중 국비 60억원, 총 3개 기관이 참여"],
        ["- 교육청 8,652백만원", "- 도비 1,730백만원", "- 시비 4,038백만원"],
        ["○ 인건비 : 3,000천원", "- 강사 100천원 × 20회", "- 보조 50천원 × 10회"],
        ["○ 사무용품 100,000원*12월 2,400"],
        ["10개 학교에 각 2명씩 총 48명의 학부모가 참여"],
        ["수돗물 생산원가 1,250원/톤 - 판매단가 980원/톤"],
    ],
)
def test_what_only_looks_like_a_relation_is_left_alone(lines: list[str]) -> None:
    assert loud(*lines) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("전년도 11,850 대비 495 증", ["11850", "495"]),
        ("11,850대비 3 개소 신설", ["11850", "3"]),
        ("총 48 명이 100 개 이상", ["48", "100"]),
        ("500억대 납품, 차량 2만대", ["500", "20000"]),
    ],
)
def test_a_word_behind_a_number_is_no_unit(text: str, found: list[str]) -> None:
    assert [str(number.value) for number in SCANNER.scan(text).numbers] == found
