"""What is generated is in step with its sources; every rule's page shows a table it reports and one it passes."""

from __future__ import annotations

from pathlib import Path

import pytest

import budgetaudit
from scripts import generate
from scripts.api_page import PUBLIC

PAGES = generate.ROOT / "docs" / "rules"


def test_generated_files_are_in_step() -> None:
    assert generate.out_of_step() == [], "run nox -s generate"


def test_a_page_that_was_edited_by_hand_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("by hand", encoding="utf-8")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "generated", lambda: iter([(page, "generated")]))
    assert generate.out_of_step() == ["page.md"]


def test_every_page_of_a_rule_shows_what_is_reported_and_what_is_not() -> None:
    pages = [path for path in PAGES.glob("*.md") if path.name != "README.md"]
    assert len(pages) > 30
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for part in ("## What it compares", "## Why", "## Reported", "\n- **", "## Not reported", "## To waive a finding\n"):
            assert part in text, f"{page.name}: {part}"


def test_everything_public_is_documented() -> None:
    documented = {name for names in PUBLIC.values() for name in names}
    assert {name for name in budgetaudit.__all__ if not name.startswith("_")} <= documented
    assert all(getattr(budgetaudit, name) for name in budgetaudit.__all__)
