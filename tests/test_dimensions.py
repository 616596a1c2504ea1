"""Dimensions of one's own: declared by a vocabulary, told by labels or by `columns:`, added up along like the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit import pipeline
from budgetaudit.authoring.commands import load
from budgetaudit.model import Audit

WORDS = """
language: ko
dimensions:
  gender:
    female: [여, 여성]
    male: [남, 남성]
"""
COLUMNS = "columns: {F: {gender: female}, M: {gender: male}, ALL: {gender: total}}\n"
TABLES = {
    "columns": "구분,계,남성,여성\n도서관,300,100,200\n공원,550,200,300\n체육,700,300,400\n",
    "columns under a total": "구분,계,남성,여성\n도서관,300,100,200\n공원,550,200,300\n체육,700,300,400\n합계,1550,600,900\n",
    "rows": "구분,도서관,공원,체육\n계,300,550,700\n남,100,200,300\n여,200,300,400\n",
    "codes": "구분,ALL,M,F\n도서관,300,100,200\n공원,550,200,300\n체육,700,300,400\n",
}
RULES = {
    "sum": "{id: own, kind: sum, along: gender}",
    "sum of parts": "{id: own, kind: sum, along: gender, parts: [female, male]}",
    "formula": "{id: own, kind: formula, check: total = sum(gender)}",
}


def audited(folder: Path, table: str, rule: str) -> Audit:
    (folder / "words.yaml").write_text(WORDS, encoding="utf-8")
    text = f"vocabulary: [words.yaml, korean]\n{COLUMNS}rules:\n- {rule}\n"
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    (folder / "people.csv").write_text(table, encoding="utf-8")
    return pipeline.audit(folder / "people.csv", load((str(folder / "rules.yaml"),), "en"))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("table", TABLES)
def test_a_dimension_of_its_own_is_added_up_along(table: str, rule: str, tmp_path: Path) -> None:
    found = audited(tmp_path, TABLES[table], RULES[rule])
    stated = {finding.stated.text for finding in found.findings if finding.stated}
    assert "550" in stated
    assert stated <= {"550", "1550"}
    assert found.count("pass") == 2
