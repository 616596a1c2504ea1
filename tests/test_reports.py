"""Reports: golden files of one audit in every format, and what must hold of all of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from budgetaudit.messages import LANGUAGES
from budgetaudit.model import Audit, Message, Place, Quantity, Unit
from budgetaudit.reports import BINARY, REPORTS, SUFFIXES, View, write
from budgetaudit.reports.layout import width_of, wrap
from budgetaudit.reports.wording import amount, grouped, place_text, plain, telling

TEXT_FORMATS = sorted(set(REPORTS) - BINARY)


def drawn(name: str, audit: Audit, **view: object) -> str:
    out = io.StringIO()
    write(name, audit, out, View(**view))
    return out.getvalue()


def without_style(text: str) -> str:
    """A page without its style sheet, which stands in a file of its own."""
    return re.sub("(?s)<style>.*?</style>", "<style></style>", text).replace("><", ">\n<") if "<style>" in text else text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_golden(name: str, lang: str, sample: Audit, golden: Callable[[str, str], None]) -> None:
    golden(f"sample.{lang}.{name}", without_style(drawn(name, sample, lang=lang)))


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_golden_evidence(name: str, sample: Audit, golden: Callable[[str, str], None]) -> None:
    golden(f"evidence.{name}", without_style(drawn(name, sample, evidence=True, verbose=True)))


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_format_loses_a_finding(name: str, sample: Audit) -> None:
    text = drawn(name, sample)
    ids = [finding.id for finding in sample.findings]
    assert ids
    assert [finding_id for finding_id in ids if finding_id not in text] == []


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_format_passes_on_control_characters(name: str, sample: Audit) -> None:
    text = without_style(drawn(name, sample, evidence=True))
    assert [character for character in text if ord(character) < 32 and character not in "\n"] == []


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_problems_are_in_every_report(name: str, sample: Audit) -> None:
    text = drawn(name, sample)
    assert "run it through OCR first" in text
    assert "unknown column" in text


def test_every_suffix_has_a_format() -> None:
    assert set(SUFFIXES.values()) <= set(REPORTS)


# --- terminal ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_terminal_keeps_to_its_width(width: int, lang: str, sample: Audit) -> None:
    lines = drawn("table", sample, width=width, evidence=True, lang=lang).splitlines()
    assert max(map(width_of, lines)) <= max(width, 98)  # what is never wrapped: amounts, severities


@pytest.mark.parametrize("lang", LANGUAGES)
def test_terminal_aligns_amounts_beside_korean(lang: str, sample: Audit) -> None:
    lines = drawn("table", sample, width=100, lang=lang).splitlines()
    rule = next(line for line in lines if line.startswith("--"))
    row = next(line for line in lines if line.startswith("F1"))
    ends = [width_of(row[: row.index(text) + len(text)]) for text in ("77,360", "77,060", "300백만원")]
    assert ends == [dashes.end() for dashes in re.finditer("-+", rule)][3:]


def test_terminal_is_black_and_white_unless_told(sample: Audit) -> None:
    assert "\x1b" not in drawn("table", sample)
    colored = drawn("table", sample, color=True)
    assert "\x1b[31;1merror\x1b[0m" in colored
    plainly = re.sub("\x1b\\[[0-9;]*m", "", colored)
    underlined = re.compile(r"^ {6,}[\^-][\^ -]*$")  # on a coloured screen the figures are underlined themselves
    assert plainly.splitlines() == [line for line in drawn("table", sample).splitlines() if not underlined.match(line)]
    assert "\x1b[4m\x1b[31;1m77,360\x1b[0m" in colored


def test_terminal_shows_a_cause_once(sample: Audit) -> None:
    short, long = drawn("table", sample), drawn("table", sample, verbose=True)
    assert [line for line in short.splitlines() if line.startswith("F2")] == []
    assert len([line for line in long.splitlines() if line.startswith("F2")]) == 1


def test_a_consequence_of_a_waived_finding_is_shown(sample: Audit) -> None:
    first, second, *rest = sample.findings
    waived = replace(sample, findings=(replace(first, waived=first.message), second, *rest))
    assert [line for line in drawn("table", waived).splitlines() if line.startswith("F2")] != []


def test_terminal_stops_after_a_hundred_unless_told(sample: Audit) -> None:
    many = tuple(replace(sample.findings[0], id=f"F{number}", cause="") for number in range(1, 251))
    full, short = drawn("table", replace(sample, findings=many), verbose=True), drawn("table", replace(sample, findings=many))
    assert [len(re.findall(r"^F\d+ ", text, re.MULTILINE)) for text in (full, short)] == [250, 100]
    assert "… and 150 findings more (--verbose lists them)" in short
    assert "250 errors" in short


# --- JSON --------------------------------------------------------------------------------------


def test_json_says_what_the_schema_says(sample: Audit) -> None:
    report = json.loads(drawn("json", sample, evidence=True))
    assert report["schema"] == "budgetaudit/report/1"
    assert list(report) == [
        "schema",
        "tool",
        "inputs",
        "rules",
        "errors",
        "notices",
        "summary",
        "tallies",
        "unexplained",
        "findings",
        "comparisons",
    ]
    assert report["summary"] == {
        "comparisons": 6, "pass": 1, "rounding": 1, "fail": 2, "not_evaluated": 2,
        "error": 2, "warning": 1, "note": 1, "waived": 1,
    }  # fmt: skip
    first = report["findings"][0]
    assert first["stated"] == {"value": "77360", "unit": "백만원", "base": "77360000000", "text": "77,360"}
    assert first["expected"] == {"value": "77060", "unit": "백만원", "base": "77060000000"}
    assert first["difference"] == {"value": "300", "unit": "백만원", "base": "300000000"}
    assert first["places"][1] == {
        "file": "업무계획 2025.txt", "page": None, "sheet": None, "table": 5, "row": 3, "column": 3,
        "cell": None, "line": 83, "paragraph": None, "text": "77,060", "role": "expected",
    }  # fmt: skip
    assert [finding["cause"] for finding in report["findings"]] == ["F1", "F1", "F3", "F4", "F5"]
    assert report["findings"][4]["waived"] == "confirmed with the bureau on the phone"
    assert len(report["comparisons"]) == len(sample.comparisons)


def test_json_has_every_key_always(sample: Audit) -> None:
    report = json.loads(drawn("json", sample, evidence=True))
    for items in (report["inputs"], report["findings"], report["comparisons"]):
        assert {tuple(item) for item in items} == {tuple(items[0])}
    places = [place for item in report["findings"] + report["comparisons"] for place in item["places"]]
    assert {tuple(place) for place in places} == {
        ("file", "page", "sheet", "table", "row", "column", "cell", "line", "paragraph", "text", "role")
    }


def test_json_without_evidence_has_no_comparisons(sample: Audit) -> None:
    assert "comparisons" not in json.loads(drawn("json", sample))


def test_json_of_nothing() -> None:
    report = json.loads(drawn("json", Audit((), (), (), ()), evidence=True))
    assert (report["findings"], report["comparisons"]) == ([], [])


# --- CSV, Markdown -----------------------------------------------------------------------------


def test_csv_reads_back(sample: Audit) -> None:
    rows = list(csv.DictReader(io.StringIO(drawn("csv", sample, evidence=True))))
    findings = [row for row in rows if row["record"] == "finding"]
    assert [(row["id"], row["stated"], row["expected"], row["difference"], row["unit"]) for row in findings] == [
        ("F1", "77360", "77060", "300", "백만원"),
        ("F2", "39981", "39681", "300", "백만원"),
        ("F3", "77", "60", "17", "백만원"),
        ("F4", "2480", "", "", ""),
        ("F5", "77", "77.1", "-0.1", "%"),
    ]
    assert len([row for row in rows if row["record"] == "comparison"]) == len(sample.comparisons)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@sum", "+cmd", "-cmd"])
def test_csv_text_never_becomes_a_formula(text: str, sample: Audit) -> None:
    first = sample.findings[0]
    hostile = replace(sample, findings=(replace(first, places=(("stated", Place(text), text),)),))
    row = next(csv.DictReader(io.StringIO(drawn("csv", hostile))))
    assert (row["file"], row["text"]) == (f"'{text}", f"'{text}")


def test_markdown_rows_have_as_many_cells_as_the_head(sample: Audit) -> None:
    rows = [line for line in drawn("markdown", sample, evidence=True).splitlines() if line.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {9, 7, 6}


# --- wording -----------------------------------------------------------------------------------


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_plain_numbers_are_exact(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert Decimal(grouped(value).replace(",", "")) == value
    assert "E" not in plain(value).upper()


@given(st.text(alphabet=st.sampled_from("가나다abc -△ㆍ"), max_size=60), st.integers(2, 30))
def test_wrapped_text_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line) <= width for line in lines)


def test_places_in_words() -> None:
    place = Place("a.pdf", page=3, table=2, row=5, column=3)
    assert place_text(place, "en") == "page 3, table 2, row 5, column 3"
    assert place_text(place, "ko", file=True) == "a.pdf, 3쪽, 표 2, 5행, 3열"
    assert place_text(Place("a.xlsx", sheet="총괄", table=1, row=12, column=3, cell="C12"), "en") == "총괄!C12"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("144.971428571428", "144.9714"),
        ("0.00001234567", "0.0000123"),
        ("-7.12345", "-7.1234"),
        ("2.5000000", "2.5"),
        ("1E-30", "0." + "0" * 29 + "1"),
    ],
)
def test_endless_decimals_are_cut(value: str, printed: str) -> None:
    assert amount(Quantity(Decimal(value))) == printed


def test_amounts_without_a_unit() -> None:
    assert amount(Quantity(Decimal("1234.50"), Unit("억원", "money", Decimal(10**8))), unit=True) == "1,234.5 억원"
    assert amount(Quantity(Decimal(-5)), unit=True) == "-5"
    assert amount(None) == "–"


# --- SARIF, JUnit, GitHub ----------------------------------------------------------------------

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.mark.parametrize("evidence", [False, True])
def test_sarif_is_valid(evidence: bool, sample: Audit) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    log = json.loads(drawn("sarif", sample, evidence=evidence))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    found = [result for result in run["results"] if "kind" not in result]
    assert [(result["properties"]["id"], result["level"]) for result in found] == [(f.id, f.severity) for f in sample.findings]
    assert [run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] for result in found] == [f.rule for f in sample.findings]
    assert ["suppressions" in result for result in found] == [finding.waived is not None for finding in sample.findings]
    assert run["invocations"][0]["executionSuccessful"] is False
    kinds = [result["kind"] for result in run["results"] if "kind" in result]
    assert kinds == ["open"] * 2 + (["pass", "informational"] if evidence else [])
    (first, _) = [result for result in run["results"] if result.get("kind") == "open"]
    assert first["ruleId"] == "funding-sources"
    assert "no row is a total" in first["message"]["text"]


def test_sarif_of_a_windows_or_absolute_path(sample: Audit) -> None:
    finding = replace(sample.findings[0], places=(("stated", Place("/tmp/가 b.txt", line=3), "1"),))
    log = json.loads(drawn("sarif", replace(sample, findings=(finding,))))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "file:///tmp/%EA%B0%80%20b.txt"}, "region": {"startLine": 3}}


@pytest.mark.parametrize("fail_on", ["error", "warning", "note", "never"])
@pytest.mark.parametrize("evidence", [False, True])
def test_junit_is_valid_and_counts_right(fail_on: str, evidence: bool, sample: Audit) -> None:
    root = etree.fromstring(drawn("junit", sample, fail_on=fail_on, evidence=evidence).encode())
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    schema.assertValid(root)
    failures = {"error": 2, "warning": 3, "note": 4, "never": 0}[fail_on]
    assert (root.get("failures"), len(root.findall(".//failure"))) == (str(failures), failures)
    assert (root.get("errors"), len(root.findall(".//error"))) == ("2", 2)
    assert root.get("tests") == str(len(root.findall(".//testcase")))
    for suite in root:
        assert suite.get("skipped") == str(len(suite.findall(".//skipped")))


def test_github_annotations_stand_on_one_line_each(sample: Audit) -> None:
    hostile = replace(sample.findings[0], message=Message("test.text", {"text": "100%\n::error::no, really"}))
    lines = drawn("github", replace(sample, findings=(hostile, *sample.findings[1:]))).splitlines()
    assert len(lines) == len(sample.findings) + 2 + 3 + 1
    assert len([line for line in lines if line.startswith("::notice") and "no row is a total" in line]) == 2
    assert lines[0].startswith("::error file=업무계획 2025.txt,line=85,title=F1 summary-detail::")
    assert "100%25 ::error::no" in lines[0]


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_every_format_says_what_is_expected_and_who_is_suspected(name: str, sample: Audit) -> None:
    finding = next(finding for finding in sample.findings if finding.expected and telling(finding.suspects))
    text = drawn(name, replace(sample, findings=(finding,)))
    assert finding.expected is not None
    for value in (finding.expected.value, telling(finding.suspects)[0].value):
        assert any(form in text for form in (grouped(value), plain(value)))
