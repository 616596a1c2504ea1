"""Is the page of a whole folder small, quick to open, and is every finding two clicks from its top?

usage: python benchmarks/dashboard.py [--files N] [--seed N] [--keep FOLDER]

Writes N small documents (a budget by project and fund source, a table by year, a sentence), two in three with a digit swapped,
audits the folder with the command, opens its HTML report in Chromium (Playwright) and prints the size of the page, how long it
takes until it is drawn (the middle of five), and of how many findings the detail is reached by two clicks: file, finding.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

NAMES = (
    "도로 확장",
    "하천 정비",
    "공원 조성",
    "도서관 건립",
    "주차장 조성",
    "상수관 교체",
    "청사 보수",
    "체육관 신축",
    "복지관 운영",
)


def document(draw: random.Random, *, wrong: bool) -> str:
    """A document of two tables and a sentence; with a digit of one amount swapped if it is to be wrong."""
    names = draw.sample(NAMES, 6)
    rows = [[draw.randint(300, 4999), draw.randint(100, 1999), draw.randint(300, 2999)] for _ in names]
    totals = [sum(column) for column in zip(*rows, strict=True)]
    cells = [[name, sum(row), *row] for name, row in zip(names, rows, strict=True)]
    cells.append(["합계", sum(totals), *totals])
    years = [[name, sum(row) - draw.randint(10, 99), sum(row)] for name, row in zip(names, rows, strict=True)]
    if wrong:
        at, column = draw.randrange(len(names)), draw.randrange(2, 5)
        cells[at][column] = int(cells[at][column]) + draw.choice((9, 90, 18, 180))  # type: ignore[call-overload]
    lines = ["2026년 재원별 사업비 (단위: 백만원)", "", "| 사업명 | 계 | 국비 | 도비 | 시비 |", "|---|---|---|---|---|"]
    lines += [f"| {row[0]} | " + " | ".join(f"{value:,}" for value in row[1:]) + " |" for row in cells]
    lines += ["", "연도별 사업비 (단위: 백만원)", "", "| 사업명 | 2025년 | 2026년 |", "|---|---|---|"]
    lines += [f"| {row[0]} | " + " | ".join(f"{value:,}" for value in row[1:]) + " |" for row in years]
    return "\n".join([*lines, "", f"2026년 {names[0]}에는 {sum(rows[0]):,}백만원을 들인다.", ""])


def audited(folder: Path) -> Path:
    """The report of a folder, as the command writes it."""
    report = folder.parent / "report.html"
    command = [sys.executable, "-m", "budgetaudit", "check", str(folder), "--lang", "ko", "-o", str(report), "--jobs", "2"]
    start = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True)
    print(f"audited in {time.perf_counter() - start:.1f} s, exit {done.returncode}; page {report.stat().st_size / 1e6:.2f} MB")
    return report


def opened(report: Path) -> None:
    """Times and clicks of a page in a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        times = []
        for _ in range(5):
            start = time.perf_counter()
            page.goto(report.as_uri())
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            times.append(time.perf_counter() - start)
        told = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        work = told["ScriptDuration"] + told["LayoutDuration"] + told["RecalcStyleDuration"]
        print(f"opened and drawn in {median(times):.2f} s (best {min(times):.2f}, worst {max(times):.2f}), of which script,")
        print(f"  style and layout {work:.2f} s")
        reached, findings = page.evaluate(
            """() => {
                const rows = [...document.querySelectorAll("tr[data-of]")];
                const first = new Set([...document.querySelectorAll("tr[data-file] a")].map(a => a.getAttribute("href")));
                const ok = rows.filter(row => {
                    const head = row.parentElement.querySelector("tr[id]");
                    const link = row.querySelector("a");
                    return first.has("#" + (head ? head.id : "")) && document.querySelector(link.getAttribute("href"));
                });
                return [ok.length, rows.length];
            }"""
        )
        page.locator("tr[data-file] a").last.click()
        page.locator("tr[data-of] a").last.click()
        there = page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top < innerHeight")
        print(f"{reached} of {findings} findings are two clicks from the top; the last one is shown: {there}")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.keep or Path(temporary)) / "documents"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(options.files):
            (folder / f"plan-{number:03}.md").write_text(document(draw, wrong=bool(number % 3)), encoding="utf-8")
        opened(audited(folder))


if __name__ == "__main__":
    main()
