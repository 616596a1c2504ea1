"""Outlines whose headings carry amounts, and lists inside a box."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

HEADINGS = (
    "1. Network(46.3억원)\n□ 자료 구축(2,450백만원)\n□ 운영(610백만원)\n□ 관리({}백만원)\n\n"
    "2. 이용(15.2억원)\n□ 검색(920백만원)\n□ 접근(600백만원)\n"
)
LOWER = "□ 개요(100억원)\n1. 국비 50억원\n2. 시비 50억원\n□ 다음(21억원)\n□ 또 다음(12억원)\n"
BOX = "<table><tr><td>□ 개발 : 19.4억원<br>ㅇ 문항 : 1,250백만원<br>ㅇ 체계 : {}백만원<br>ㅇ 운영 : 130백만원</td></tr></table>"


def told(run: Callable[..., Run], path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    report = json.loads(run("check", str(path), "--format", "json").out)
    return [finding["stated"]["text"] for finding in report["findings"]]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", HEADINGS.format("1,570"), []),
        ("a.txt", HEADINGS.format("1,750"), ["46.3억원"]),
        ("b.txt", LOWER, []),
        ("c.html", BOX.format("560"), []),
        ("c.html", BOX.format("650"), ["19.4억원"]),
    ],
)
def test_outlines(run: Callable[..., Run], tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    assert told(run, tmp_path / name, text) == expected
