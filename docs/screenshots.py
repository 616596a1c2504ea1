"""Make the pictures of the documentation: python docs/screenshots.py (needs Playwright and a Chromium)."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # of this copy, installed or not

from budgetaudit.cli import main  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"


def shoot() -> None:
    """The page of a finding in its place, and of a review."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "report.html"
        files = ("data/balanced-development.txt", "data/pledge-card.txt", "data/targets.csv")
        main(["check", *files, "--lang", "ko", "-o", str(page_file)])
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 640})
        page.goto(page_file.as_uri())
        page.screenshot(path=PICTURES / "files.png")
        article = page.locator("article").first
        article.locator("input[value=reject]").check()
        article.locator("textarea").fill("담당 부서에 정정 요구")
        article.screenshot(path=PICTURES / "finding.png")
        page.locator("figure").first.screenshot(path=PICTURES / "table.png")
        browser.close()


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    shoot()
