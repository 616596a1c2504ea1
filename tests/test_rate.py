"""Printed rates follow from amounts: executed, grown, shares of a total; rounded, cut or forced to 100."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.confronting import brief, confront, failed

RATES = "구분|예산현액|지출액|집행률(%)\n도로|1,000|769|76.9\n하천|2,000|1,333|66.6\n공원|3,000|2,000|66.7\n교량|6,000|4,102|68.4"
GROWTH = (
    "구분|2021년 예산|2022년 예산|증감률(%)\n"
    "도로|1,000|1,769|76.9\n하천|4,000|1,333|△66.6\n공원|3,000|2,000|△33.3\n교량|3,000|3,627|20.9"
)
SHARES = "구분|예산|구성비(%)\n계|1,000|100.0\n도로|331|33.1\n하천|217|21.7\n공원|334|33.4\n교량|118|11.8"
SERIES = "구분|2020|2021|2022|2023|2024\n예산|1,000|1,250|1,500|1,200|1,320\n증감률(%)||25.0|20.0|△20.0|10.0"


def verdicts(rule: str, text: str) -> list[tuple[str, str]]:
    return [(stated, verdict) for stated, verdict, _ in brief(confront(rule, "현황", text))]


def test_a_rate_of_execution_may_be_rounded_or_cut() -> None:
    """1,333 of 2,000 is 66.65: rounded 66.7, cut 66.6."""
    assert verdicts("execution-rate", RATES) == [("76.9", "pass"), ("66.6", "rounding"), ("66.7", "pass"), ("68.4", "pass")]


def test_a_wrong_rate_fails_with_the_rate_that_follows() -> None:
    assert failed(confront("execution-rate", "현황", RATES.replace("66.7", "67.7"))) == [("67.7", Decimal("66.7"), 1)]


def test_a_rate_of_coarse_amounts_is_not_evaluated() -> None:
    found = confront("execution-rate", "현황", RATES.replace("3,000|2,000|66.7", "1|1|55.1"))
    assert [(c.stated.text, c.message.code) for c in found if c.verdict == "not_evaluated"] == [("55.1", "reason-coarse")]
    assert len(found) == 4


def test_a_rate_of_nothing_is_not_compared() -> None:
    assert [text for text, _ in verdicts("execution-rate", RATES.replace("3,000|2,000|66.7", "0|0|0"))] == [
        "76.9",
        "66.6",
        "68.4",
    ]


def test_growth_is_held_against_old_and_new() -> None:
    assert [verdict for _, verdict in verdicts("change-rate", GROWTH)] == ["pass", "rounding", "pass", "pass"]
    assert failed(confront("change-rate", "현황", GROWTH.replace("20.9", "29.9"))) == [("29.9", Decimal("20.9"), 9)]


@pytest.mark.parametrize(
    ("old", "new", "printed", "verdict"),
    [
        ("△2,000", "1,333", "△166.7", "pass"),  # the quotient as it comes
        ("△2,000", "1,333", "166.7", "pass"),  # the direction
        ("△3,000", "△3,600", "20.0", "pass"),
        ("△3,000", "△3,600", "△20.0", "pass"),
        ("△3,000", "△3,600", "△29.0", "fail"),
    ],
)
def test_from_a_negative_base_either_sign_is_right(old: str, new: str, printed: str, verdict: str) -> None:
    found = verdicts("change-rate", GROWTH.replace("3,000|2,000|△33.3", f"{old}|{new}|{printed}"))
    assert found[2] == (printed, verdict)


def test_growth_along_a_series_of_years() -> None:
    assert verdicts("change-rate", SERIES) == [(text, "pass") for text in ("25.0", "20.0", "△20.0", "10.0")]
    assert failed(confront("change-rate", "현황", SERIES.replace("|10.0", "|11.0"))) == [("11.0", 10, 1)]


def test_a_year_left_out_of_a_series_has_no_base() -> None:
    gap = "구분|2020|2021|2023|2024\n예산|1,000|1,250|1,200|1,320\n증감률(%)||25.0|△4.0|10.0"
    assert verdicts("change-rate", gap) == [("25.0", "pass"), ("10.0", "pass")]


def test_shares_may_be_forced_to_a_hundred() -> None:
    assert {verdict for _, verdict in verdicts("share", SHARES)} == {"pass"}
    forced = "구분|예산|구성비(%)\n계|1,000|100.0\n도로|333|33.4\n하천|333|33.3\n공원|334|33.3"
    assert verdicts("share", forced) == [("100.0", "pass"), ("33.4", "rounding"), ("33.3", "pass"), ("33.3", "rounding")]
    assert failed(confront("share", "현황", SHARES.replace("33.1", "33.5"))) == [("33.5", Decimal("33.1"), Decimal("0.4"))]


@pytest.mark.parametrize(
    ("last", "found"), [("33.3", [("100.0", "rounding")]), ("33.4", [("100.0", "pass")]), ("38.3", [("100.0", "fail")])]
)
def test_shares_add_up_to_their_total(last: str, found: list[tuple[str, str]]) -> None:
    assert verdicts("shares-of-whole", f"구분|구성비(%)\n계|100.0\n도로|33.3\n하천|33.3\n공원|{last}") == found


def test_rates_that_do_not_add_up_at_all_are_no_shares() -> None:
    assert verdicts("shares-of-whole", "구분|구성비(%)\n계|100.0\n도로|83.3\n하천|93.3\n공원|98.3") == []
