"""The HTML report: self-contained, escaped, every link leads somewhere, tables drawn as printed; and a browser opens it."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from budgetaudit.messages import LANGUAGES
from budgetaudit.model import Audit, Message
from budgetaudit.pipeline import audit
from budgetaudit.reports import View, write

BROKEN = """<표>: (단위: 백만원)
구분,재원,,
,계,국비,시비
합계,46,15,20
도로 <b>확장</b>,30,10,20
하천,5,5,-
"""
STYLELESS = {"row", "told-list"}  # of the parts that others style
YEARS = """(단위: 백만원)
구분,2022년 계획,2022년 집행,2023년 계획,2023년 집행,2024년 계획,2024년 집행
합계,70,65,70,70,80,10
도로,40,45,40,40,50,5
하천,30,20,30,30,30,5
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., html.HtmlElement]:
    """The report on a file with the given content."""
    monkeypatch.chdir(tmp_path)

    def make(content: str, *, name: str = "계획.csv", **view: object) -> html.HtmlElement:
        Path(name).write_text(content, encoding="utf-8")
        return html.document_fromstring(drawn(audit([name]), **view))

    return make


def drawn(result: Audit, **view: object) -> str:
    out = io.StringIO()
    write("html", result, out, View(**view))
    return out.getvalue()


def check_links(root: html.HtmlElement) -> None:
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [link.removeprefix("#") for link in root.xpath("//a/@href")]
    assert targets != []
    assert set(targets) <= set(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("evidence", [False, True])
def test_every_link_leads_somewhere(lang: str, evidence: bool, page: Callable[..., html.HtmlElement], sample: Audit) -> None:
    root = page(BROKEN, lang=lang, evidence=evidence)
    check_links(root)
    check_links(html.document_fromstring(drawn(sample, lang=lang, evidence=evidence)))
    assert root.get("lang") == lang
    assert len(root.xpath("//section[h2[@id='evidence']]")) == evidence


def test_every_finding_is_two_clicks_from_the_top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("하나.csv", "둘.csv", "셋.csv"):
        Path(name).write_text(BROKEN, encoding="utf-8")
    result = audit(["하나.csv", "둘.csv", "셋.csv"])
    root = html.document_fromstring(drawn(result))
    first = {link.removeprefix("#") for link in root.xpath("//tr[@data-file]//a/@href")}
    for finding in result.findings:
        (row,) = root.xpath(f"//tr[@data-of='{finding.id}']")
        assert row.getparent().xpath("./tr/@id")[0] in first
        assert row.xpath(".//th/a/@href") == [f"#{finding.id}"]
        assert len(root.xpath(f"//*[self::article or self::li][@id='{finding.id}']")) == 1
    assert len(result.findings) >= 6


def test_nothing_is_fetched_and_one_script_runs(sample: Audit) -> None:
    root = html.document_fromstring(drawn(sample, evidence=True))
    assert root.xpath("//link | //img | //iframe | //@src | //@onload | //@style") == []
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    data, script = root.xpath("//script")  # what the policy names is the only script that runs
    assert data.get("type") == "application/json"
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy


def test_what_a_document_says_is_escaped(page: Callable[..., html.HtmlElement], sample: Audit) -> None:
    root = page(BROKEN)
    assert root.xpath("//th[text()='도로 <b>확장</b>']") != []
    hostile = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    finding = replace(sample.findings[0], message=Message("test.text", {"text": hostile}), rule=hostile, id="F1")
    text = drawn(replace(sample, findings=(finding,)))
    assert "<script>alert" not in text
    assert text.count("<script") == 2
    assert "<img" not in text


def test_the_wrong_cell_is_marked_in_its_table(page: Callable[..., html.HtmlElement]) -> None:
    root = page(BROKEN)
    (cell,) = root.xpath("//figure//td[contains(@class, 'wrong')]")
    assert set(root.xpath("//article//td[contains(@class, 'wrong')]/text()")) == {"46"}  # beside its row, in the finding
    assert cell.text == "46"
    assert cell.get("class") == "figure wrong error"
    assert root.xpath("//article//a/@href")[0] == f"#{cell.get('id')}"
    assert {link.get("href") for link in cell.xpath("a")} <= {f"#{name}" for name in root.xpath("//article/@id | //li/@id")}
    assert [th.text for th in root.xpath("//figure//th[@scope='col']")] == ["구분", "재원", "계", "국비", "시비"]
    assert [th.text for th in root.xpath("//figure//th[@scope='row']")] == ["합계", "도로 <b>확장</b>", "하천"]


def test_no_class_of_the_page_is_misspelled(page: Callable[..., html.HtmlElement], sample: Audit) -> None:
    style = html.document_fromstring(drawn(sample)).xpath("//style")[0].text
    for root in (page(BROKEN, evidence=True), page(YEARS), html.document_fromstring(drawn(sample, evidence=True))):
        names = {name for text in root.xpath("//@class") for name in text.split()}
        assert {name for name in names if f".{name}" not in style} <= STYLELESS


def test_a_sum_is_told_on_hover_and_in_words(page: Callable[..., html.HtmlElement]) -> None:
    root = page(BROKEN)
    (cell,) = root.xpath("//figure//td[text()='15']")
    assert "15 = 10 + 5" in cell.get("title")
    assert any("15 = 10 + 5" in item.text for item in root.xpath("//figure/details//li"))


def test_spans_are_drawn(page: Callable[..., html.HtmlElement]) -> None:
    table = "<table><tr><th rowspan=2>구분</th><th colspan=3>사업비</th></tr><tr><th>계</th><th>국비</th><th>시비</th></tr>"
    rows = [("합계", 46, 15, 20), ("도로", 30, 10, 20), ("하천", 5, 5, 0)]
    table += "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    root = page(table, name="plan.html")
    assert root.xpath("//figure//th[text()='구분']/@rowspan") == ["2"]
    assert root.xpath("//figure//th[text()='사업비']/@colspan") == ["3"]
    rows_drawn = root.xpath("//figure//tr[not(td[@class='at'][1][not(text())])]")
    assert [sum(int(cell.get("colspan", 1)) for cell in row.xpath("td | th")) - 1 for row in rows_drawn] == [4, 3, 4, 4, 4]


def test_of_a_long_table_the_rows_around_the_fault_are_drawn(page: Callable[..., html.HtmlElement]) -> None:
    rows = [(f"사업{n}", 3 * n, n, 2 * n) for n in range(1, 300)]
    rows[150] = ("사업151", 454, 151, 302)
    content = "구분,계,국비,시비\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n"
    root = page(content)
    assert root.xpath("//figure//td[contains(@class, 'wrong')]/text()") == ["454"]
    assert len(root.xpath("//figure//tr")) < 20
    hints = root.xpath("//figure//tr/td[@class='hint']/text()")
    assert hints == ["… 147 rows left out …", "… 145 rows left out …"]
    assert len(html.tostring(root)) < 70_000


def test_plan_and_execution_are_drawn_by_year(page: Callable[..., html.HtmlElement]) -> None:
    root = page(YEARS)
    charts = root.xpath("//div[@class='charts']//*[local-name()='svg']")
    assert charts != []
    assert "도로" in charts[0].get("aria-label")
    assert "2022: plan 40, execution 45 (above the plan); 2023: plan 40, execution 40;" in charts[0].get("aria-label")
    assert len(charts[0].xpath(".//*[local-name()='rect']")) == 6


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_opens_it_without_complaint(tmp_path: Path, page: Callable[..., html.HtmlElement], sample: Audit) -> None:
    assert CHROMIUM is not None
    page(BROKEN)
    for name, result in (("sample", sample), ("broken", audit(["계획.csv"]))):
        path = tmp_path / f"{name}.html"
        path.write_text(drawn(result, evidence=True), encoding="utf-8")
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            f"--user-data-dir={tmp_path / 'profile'}",
        ]
        done = subprocess.run(
            [CHROMIUM, *flags, "--dump-dom", path.as_uri()], capture_output=True, text=True, timeout=120, check=True
        )
        assert "</article>" in done.stdout
        assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
