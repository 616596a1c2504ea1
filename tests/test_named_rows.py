"""Amounts that a row works out from other rows by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

HEAD = "구분,산출 근거,금액(원)\n재료비,,3150000\n직접노무비,,7000000\n간접노무비,직접노무비 × 13%,{}\n경비,,1240000\n"
MORE = "일반관리비,(재료비 + 직접노무비 + 경비)의 6%,{}\n"
ENGLISH = (
    "Item,Basis,Amount\nDirect labour,,7000\nOverhead,13% of direct labour,{}\n"
    "Office costs,(Direct labour + Overhead) x 5.0 %,{}\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD.format(910000) + MORE.format(683400), []),
        (HEAD.format(910000) + MORE.format(683000), []),  # cut to thousands
        (HEAD.format(901000) + MORE.format(683400), ["901000"]),
        (HEAD.format(910000) + MORE.format(638400), ["638400"]),
        (HEAD.format(910000).replace("13%", "인원 × 13%"), []),
        (ENGLISH.format(910, "395.5"), []),
        (ENGLISH.format(190, "359.5"), ["190"]),
    ],
)
def test_named_rows(run: Callable[..., Run], tmp_path: Path, text: str, expected: list[str]) -> None:
    path = tmp_path / "cost.csv"
    path.write_text(text, encoding="utf-8")
    pack = [] if "구분" in text else ["--rules", "generic"]
    report = json.loads(run("check", str(path), "--format", "json", *pack).out)
    assert [finding["stated"]["text"] for finding in report["findings"] if finding["rule"] == "calculation"] == expected
