"""The page of a review in a real browser: decisions are kept, waivers saved and taken by `check`; nothing is sent anywhere."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install playwright")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
if BROWSER is None:
    pytest.skip("no browser: apt-get install chromium", allow_module_level=True)

PLAN = """(단위: 원)
구분,재원,,
,계,국비,시비
합계,4500,1500,3000
도로,{roads},1000,2000
하천,1000,300,700
공원,500,200,300
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(accept_downloads=True, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(8_000)
    opened.requests = []
    opened.errors = []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("console", lambda message: opened.errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: opened.errors.append(str(error)))
    yield opened
    sent = [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:"))]
    assert (sent, opened.errors) == ([], [])
    context.close()


@pytest.fixture
def report(tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    monkeypatch.chdir(tmp_path)

    def make(*names: str, roads: int = 3100, lang: str = "ko") -> Path:
        for name in names:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(PLAN.format(roads=roads), encoding="utf-8")
        run("check", *names, "--lang", lang, "-o", "report.html")
        return tmp_path / "report.html"

    return make


def decide(page: Any, state: str, comment: str) -> None:
    forms = page.locator("form.review")
    for number in range(forms.count()):
        forms.nth(number).locator(f"input[value={state}]").check()
        forms.nth(number).locator("textarea").fill(comment)


def saved(page: Any, button: str, target: Path) -> Path:
    with page.expect_download() as download:
        page.locator(button).click()
    download.value.save_as(target)
    return target


def test_what_is_accepted_passes_and_what_changes_does_not(
    report: Callable[..., Path], page: Any, run: Callable[..., Run]
) -> None:
    path = report("계획.csv")
    assert run("check", "계획.csv").code == 1
    page.goto(path.as_uri())
    decide(page, "accept", '담당 부서와 확인함: "이월"')
    page.locator("#author").fill("홍길동")
    waivers = saved(page, "#save-waivers", path.with_name("waivers.yaml"))
    accepted = run("check", "계획.csv", "--waivers", waivers)
    assert accepted.code == 0, accepted
    report("계획.csv", roads=3600)
    assert run("check", "계획.csv", "--waivers", waivers).code == 1


def test_files_of_a_folder_are_waived_by_their_names(report: Callable[..., Path], page: Any, run: Callable[..., Run]) -> None:
    path = report("a/하나.csv", "a/둘[1].csv")
    page.goto(path.as_uri())
    decide(page, "accept", "확인함")
    page.locator("#author").fill("홍길동")
    waivers = saved(page, "#save-waivers", path.with_name("waivers.yaml"))
    assert run("check", "a", "--waivers", waivers).code == 0


def test_a_reason_and_a_name_are_asked_for(report: Callable[..., Path], page: Any) -> None:
    page.goto(report("계획.csv").as_uri())
    page.locator("#save-waivers").click()
    assert "인정한 것이 없습니다" in page.locator("#progress").inner_text()
    page.locator("form.review input[value=accept]").first.check()
    page.locator("#save-waivers").click()
    assert page.evaluate("document.activeElement.id") == "author"
    page.locator("#author").fill("홍길동")
    page.locator("#save-waivers").click()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_decisions_stay_in_the_browser(report: Callable[..., Path], page: Any) -> None:
    path = report("계획.csv")
    page.goto(path.as_uri())
    decide(page, "reject", "수정 요구")
    page.reload()
    assert page.locator("form.review textarea").first.input_value() == "수정 요구"
    assert "지적" in page.locator("#progress").inner_text()
    memo = saved(page, "#save-memo", path.with_name("memo.html")).read_text(encoding="utf-8")
    assert "수정 요구" in memo
    assert "검토의견서" in memo


def test_the_keyboard_is_enough(report: Callable[..., Path], page: Any) -> None:
    page.goto(report("계획.csv").as_uri())
    page.locator("form.review input").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("form.review input[value=accept]").first.is_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("확인함")
    assert page.locator("form.review textarea").first.input_value() == "확인함"
    page.locator("body").press("Home")


def test_files_are_sorted_and_filtered(report: Callable[..., Path], page: Any) -> None:
    path = report("a/하나.csv", "a/둘.csv")
    Path("a/셋.csv").write_text(PLAN.format(roads=3000), encoding="utf-8")
    path = report("a/하나.csv", "a/둘.csv", "a/셋.csv")
    Path("a/셋.csv").write_text(PLAN.format(roads=3000), encoding="utf-8")
    page.goto(path.as_uri())
    names = lambda: page.locator("tr[data-file] th").all_inner_texts()  # noqa: E731
    first = names()
    page.locator("table.sortable button").first.click()
    assert names() == sorted(first)
    page.locator("tr[data-file] a").first.click()  # one click to the file, the second to its finding
    page.locator("tbody tr[data-of] a").first.click()
    assert page.url.split("#")[-1].startswith("F")
    page.locator("#by-state").select_option("accept")
    assert page.locator("article:visible").count() == 0


def test_nothing_is_lost_on_any_screen(report: Callable[..., Path], page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe: pip install axe-playwright-python")
    page.goto(report("a/하나.csv", "a/둘.csv").as_uri())
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = axe.Axe().run(page)
            assert found.violations_count == 0, (width, scheme, found.generate_report())


@pytest.mark.nightly
def test_three_hundred_files_open_at_once(report: Callable[..., Path], page: Any) -> None:
    path = report(*(f"a/{number:03}.csv" for number in range(300)))
    assert path.stat().st_size < 3_000_000
    page.set_default_timeout(60_000)
    start = time.monotonic()
    page.goto(path.as_uri())
    page.wait_for_selector(".controls:visible")
    if os.getloadavg()[0] < (os.cpu_count() or 1):  # on a busy machine the time says nothing
        assert time.monotonic() - start < 2
