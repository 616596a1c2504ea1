"""The command line: options, exit codes, where output goes, and the one line each mistake prints."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from budgetaudit import __version__, vocabulary
from budgetaudit.delivery import exit_code
from budgetaudit.labels.labelling import label
from budgetaudit.messages import LANGUAGES
from budgetaudit.model import Audit, Problem
from budgetaudit.readers import read
from budgetaudit.reports import View
from budgetaudit.reports import tables as report
from budgetaudit.reports.layout import width_of
from tests.conftest import Run

ROOT = Path(__file__).parent.parent


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> Callable[[Audit | BaseException], None]:
    """Let `check` come to a given result: what is tested here is what it does with one."""

    def use(result: Audit | BaseException) -> None:
        def audit_all(*_: object, **__: object) -> Audit:
            if isinstance(result, BaseException):
                raise result
            return result

        monkeypatch.setitem(sys.modules, "budgetaudit.jobs", types.SimpleNamespace(audit_all=audit_all))

    return use


def complete(audit: Audit) -> Audit:
    """The same audit without what makes it incomplete."""
    inputs = tuple(source for source in audit.inputs if all(problem.level == "notice" for problem in source.problems))
    return replace(audit, inputs=inputs, errors=())


# --- exit codes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ("", "note", 0),
        ("note", "note", 1),
        ("note", "warning", 0),
        ("warning", "warning", 1),
        ("warning", "error", 0),
        ("warning note", "error", 0),
        ("error", "error", 1),
        ("error", "note", 1),
        ("error warning note", "never", 0),
    ],
)
def test_exit_code_of_findings(severities: str, fail_on: str, code: int, sample: Audit) -> None:
    findings = tuple(replace(sample.findings[0], severity=severity) for severity in severities.split())
    assert exit_code(replace(complete(sample), findings=findings), fail_on) == code


def test_a_waived_finding_does_not_fail(sample: Audit) -> None:
    assert exit_code(replace(complete(sample), findings=sample.findings[4:]), "note") == 0


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_incomplete_beats_findings(fail_on: str, sample: Audit) -> None:
    whole = complete(sample)
    assert exit_code(whole, "error") == 1
    assert exit_code(replace(whole, errors=sample.errors), fail_on) == 3
    assert exit_code(replace(whole, inputs=sample.inputs), fail_on) == 3
    unchecked = tuple(comparison for comparison in sample.comparisons if comparison.verdict == "not_evaluated")
    assert unchecked
    assert exit_code(replace(whole, comparisons=unchecked), fail_on) == 3
    assert exit_code(replace(whole, comparisons=()), fail_on) == 3


def test_a_notice_is_not_incomplete(sample: Audit) -> None:
    whole = complete(sample)
    assert any(isinstance(problem, Problem) for source in whole.inputs for problem in source.problems)
    assert exit_code(whole, "never") == 0


# --- the command -------------------------------------------------------------------------------


def test_check_prints_the_report_and_what_is_incomplete(
    run: Callable[..., Run], audited: Callable[..., None], sample: Audit
) -> None:
    audited(sample)
    result = run("check", "a.csv")
    assert result.code == 3
    assert result.out.splitlines()[0] == "업무계획 2025.txt"
    assert result.err.splitlines() == [
        "scan.pdf: page 2: no text on the page; run it through OCR first",
        "rule my-rule: unknown column '집행'",
    ]


def test_language_by_option_and_environment(
    run: Callable[..., Run], audited: Callable[..., None], sample: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    audited(complete(sample))
    assert "Verdict:" in run("check", "a.csv").out
    assert "판정:" in run("check", "a.csv", "--lang", "ko").out
    monkeypatch.setenv("BUDGETAUDIT_LANG", "ko")
    assert "판정:" in run("check", "a.csv").out
    assert "Verdict:" in run("check", "a.csv", "--lang", "en").out


def test_output_is_written_whole(run: Callable[..., Run], audited: Callable[..., None], sample: Audit, tmp_path: Path) -> None:
    audited(complete(sample))
    report = tmp_path / "보고서.json"
    result = run("check", "a.csv", "--output", report)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"{report} written. Verdict: 2 errors")
    assert json.loads(report.read_text(encoding="utf-8"))["summary"]["error"] == 2
    assert list(tmp_path.iterdir()) == [report]
    assert report.stat().st_mode & 0o777 == 0o666 & ~current_umask()


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_output_that_fails_leaves_the_old_file(
    run: Callable[..., Run], audited: Callable[..., None], sample: Audit, tmp_path: Path
) -> None:
    broken = replace(sample.findings[0], severity="no such severity")
    audited(replace(complete(sample), findings=(broken,)))
    report = tmp_path / "report.txt"
    report.write_text("before")
    assert run("check", "a.csv", "--output", report).code == 3
    assert report.read_text() == "before"
    assert list(tmp_path.iterdir()) == [report]


def test_an_input_is_never_the_output(
    run: Callable[..., Run], audited: Callable[..., None], sample: Audit, tmp_path: Path
) -> None:
    audited(complete(sample))
    data = tmp_path / "a.csv"
    data.write_text("1,2")
    result = run("check", data, "--output", tmp_path / "." / "a.csv")
    assert (result.code, data.read_text()) == (2, "1,2")
    assert result.err.startswith(f"{data}: this run reads it")
    assert result.err.endswith("name another file.\n")


def test_interruption_is_quiet(run: Callable[..., Run], audited: Callable[..., None]) -> None:
    audited(KeyboardInterrupt())
    result = run("check", "a.csv")
    assert (result.code, result.out, result.err.strip()) == (130, "", "")


def test_an_internal_error_is_no_finding(run: Callable[..., Run], audited: Callable[..., None]) -> None:
    audited(ZeroDivisionError("secret"))
    result = run("check", "a.csv")
    assert (result.code, result.out, result.err.count("\n")) == (3, "", 1)
    assert "secret" not in result.err


def test_version(run: Callable[..., Run]) -> None:
    assert run("--version") == (0, f"budgetaudit {__version__}\n", "")


@pytest.mark.parametrize("command", [[], ["check"], ["compare"], ["tables"], ["rules"]])
def test_help_has_examples(command: list[str], run: Callable[..., Run]) -> None:
    result = run(*command, "--help")
    assert result.code == 0
    assert "Examples:" in result.out
    assert run(*command, "-h") == result


def test_no_command_is_wrong_usage(run: Callable[..., Run]) -> None:
    result = run()
    assert (result.code, result.out) == (2, "")
    assert "Commands:" in result.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["check"], "FILE..."),
        (["check", "a.csv", "--rulez", "x"], "--rulez"),
        (["chek"], "chek"),
        (["check", "a", "--lang", "fr"], "fr"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], named: str, run: Callable[..., Run]) -> None:
    result = run(*arguments)
    command = "budgetaudit check" if arguments[0] == "check" else "budgetaudit"
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert result.err.startswith(f"{command}: ")
    assert result.err.endswith(f" (see: {command} --help)\n")
    assert named in result.err


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["check", "--lang", "ko"], "'FILE...'를 지정하십시오"),
        (["check", "a", "--lang=ko", "--fial-on", "note"], "'--fial-on' 옵션이 없습니다 (혹시 '--fail-on'?)"),
        (["chek", "a", "--lang", "ko"], "'chek' 명령이 없습니다 (혹시 'check'?)"),
        (["check", "a", "--lang", "ko", "--fail-on", "fatal"], "--fail-on: 쓸 수 없는 값 'fatal' (쓸 수 있는 것: "),
        (["check", "a", "--lang", "ko", "--jobs"], "'--jobs'에 값을 주십시오"),
    ],
)
def test_wrong_usage_is_said_in_the_language_asked_for(arguments: list[str], fault: str, run: Callable[..., Run]) -> None:
    result = run(*arguments)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert fault in result.err


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        ("no/such/folder/x.json", "No such file or directory"),
        (".", "Is a directory"),
        ("/dev/full/x.md", "No such file or directory"),
    ],
)
def test_unwritable_output_is_one_line(output: str, fault: str, run: Callable[..., Run]) -> None:
    line = f"{output}: cannot be written ({fault}); name a file in a folder you may write to.\n"
    assert run("check", "a.csv", "--output", output) == (2, "", line)


# --- standard output ---------------------------------------------------------------------------

PRINT = """
import sys
from budgetaudit import streams
streams.prepare(sys.stdout)
streams.print_whole(lambda out: out.write({text}))
"""


def child(text: str, *, stdout: object = subprocess.PIPE, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A process that prints a Python expression."""
    command = [sys.executable, "-c", PRINT.format(text=text)]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=environment, check=False)


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["C", "POSIX", "ascii"],
)
def test_korean_prints_in_any_locale(environment: dict[str, str]) -> None:
    assert child(ascii("예산 △1\udcff"), **environment).stdout == "예산 △1\\udcff".encode()


def test_a_reader_that_goes_away_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    result = child("'x' * 200_000", stdout=writer)
    os.close(writer)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        result = child("'x' * 200_000", stdout=full)
    assert result.returncode == 1
    assert result.stderr.count(b"OSError") == 1


# --- tables ------------------------------------------------------------------------------------

PLAN = """<제2단계 사업 현황>
(단위: 백만원)
구분,총사업비,,
,계,국비,시비
합계,30,10,20
도로 <확장>,25,10,15
하천,5,-,5
"""


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("계획.csv")
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_tables_draws_what_was_read(run: Callable[..., Run], plan: Path, golden: Callable[[str, str], None]) -> None:
    result = run("tables", plan)
    assert (result.code, result.err) == (0, "")
    golden("tables.text", result.out)


def test_tables_as_json(run: Callable[..., Run], plan: Path) -> None:
    report = json.loads(run("tables", plan, "--format", "json").out)
    (table,) = report["tables"]
    assert (table["units"], table["header_rows"], table["label_columns"]) == (["백만원"], 2, [1])
    assert [line["total"] is not None for line in table["lines"]["rows"]] == [True, False, False]
    assert [line["member"] for line in table["lines"]["columns"]] == [None, "national", "local"]
    national = next(figure for figure in table["figures"] if figure["label"] == "합계 · 총사업비 국비")
    assert (national["value"], national["base"], national["row"], national["column"]) == ("10", "10000000", 3, 3)


def test_tables_of_a_missing_file(run: Callable[..., Run]) -> None:
    result = run("tables", "no-such-file.csv")
    assert (result.code, result.out, result.err.count("\n")) == (3, "", 1)
    assert result.err.startswith("no-such-file.csv: ")


@pytest.mark.parametrize("width", [40, 60, 100])
def test_tables_keeps_to_its_width(width: int, plan: Path) -> None:
    wide = "구분," + ",".join(f"{year}년 계획" for year in range(2001, 2026)) + "\n도로," + ",".join(["1000"] * 25) + "\n"
    plan.write_text(wide, encoding="utf-8")
    document = read(plan)
    tables = label(document, vocabulary.load())
    out = io.StringIO()
    report.to_text(document, tables, out, View(width=width))
    assert max(width_of(line) for line in out.getvalue().splitlines()) <= width
    assert out.getvalue().count("1000") == 25


# --- bad input ---------------------------------------------------------------------------------

TABLE = "구분,계,국비,시비\n합계,35,15,20\n도로,30,10,20\n하천,5,5,0\n"
RULE = "- id: own\n  kind: formula\n  check: 계 = 국비 + 시비\n"
FILES: dict[str, bytes] = {
    "good.csv": TABLE.encode(),
    "cp949.csv": TABLE.encode("cp949"),
    "utf16.csv": TABLE.encode("utf-16"),
    "empty.csv": b"",
    "binary.csv": bytes(range(256)) * 8,
    "broken.xlsx": b"PK\x03\x04" + bytes(100),
    "prose.txt": "표가 없는 글.\n".encode(),
    "rule.yaml": RULE.encode(),
    "syntax.yaml": b"- id: [a\n",
    "latin.yaml": RULE.encode("cp949"),
    "kind.yaml": RULE.replace("formula", "formul").encode(),
    "key.yaml": RULE.replace("check", "chek").encode(),
    "twice.yaml": (RULE + RULE).encode(),
    "severity.yaml": (RULE + "  severity: fatal\n").encode(),
    "dimension.yaml": b"- {id: own, kind: sum, along: sauce}\n",
    "expression.yaml": RULE.replace("+", "+ *").encode(),
    "column.yaml": RULE.replace("시비", "군비").encode(),
    "none.yaml": b"[]\n",
    "tag.yaml": b"- id: !!python/object/apply:os.system [ls]\n",
}
BAD: list[tuple[str, int]] = [
    ("check missing.csv", 3),
    ("check folder", 3),
    ("check empty.csv", 3),
    ("check binary.csv", 3),
    ("check broken.xlsx", 3),
    ("check prose.txt", 3),
    ("check good.csv missing.csv --fail-on never", 3),
    ("check good.csv --rules syntax.yaml", 2),
    ("check good.csv --rules latin.yaml", 2),
    ("check good.csv --rules kind.yaml", 2),
    ("check good.csv --rules key.yaml", 2),
    ("check good.csv --rules twice.yaml", 2),
    ("check good.csv --rules severity.yaml", 2),
    ("check good.csv --rules dimension.yaml", 2),
    ("check good.csv --rules expression.yaml", 2),
    ("check good.csv --rules tag.yaml", 2),
    ("check good.csv --rules none.yaml", 2),
    ("check good.csv --rules column.yaml", 3),
    ("check good.csv --rules missing.yaml", 2),
    ("check good.csv --rules korea-locale", 2),
    ("check good.csv --output folder", 2),
    ("check good.csv --output missing/report.json", 2),
    ("check good.csv --output good.csv", 2),
    ("tables missing.csv", 3),
    ("rules funding-source", 2),
    ("rules lint syntax.yaml", 2),
]


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every bad file, as the current one."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize(("command", "code"), BAD, ids=[command for command, _ in BAD])
def test_bad_input_is_one_line_and_a_code(command: str, code: int, run: Callable[..., Run]) -> None:
    result = run(*command.split())
    assert (result.code, len(result.err.splitlines())) == (code, 1)
    assert "Traceback" not in result.err


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_gallery_of_bad_input(lang: str, run: Callable[..., Run], golden: Callable[[str, str], None]) -> None:
    lines = []
    for command, _ in BAD:
        result = run(*command.split(), "--lang", lang)
        lines.append(f"$ budgetaudit {command}\n{result.err}exit {result.code}\n")
    golden(f"bad-input.{lang}.txt", "\n".join(lines))


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize("name", ["good.csv", "cp949.csv", "utf16.csv"])
def test_every_encoding_is_read(name: str, run: Callable[..., Run]) -> None:
    assert run("check", name).code == 0
    assert run("check", name, "--rules", "rule.yaml").code == 0


@pytest.mark.usefixtures("bad")
def test_every_file_is_audited_before_the_exit_code(run: Callable[..., Run]) -> None:
    report = json.loads(run("check", "missing.csv", "good.csv", "empty.csv", "cp949.csv", "--format", "json").out)
    assert [source["covered"] for source in report["inputs"]] == [0, 9, 0, 9]


@pytest.mark.usefixtures("bad")
def test_a_small_file_needs_no_heavy_library() -> None:
    code = "import sys; from budgetaudit.cli import main; main(['check', 'good.csv']); print(*sys.modules, file=sys.stderr)"
    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    heavy = {"pandas", "numpy", "openpyxl", "lxml", "pypdfium2", "xlrd", "olefile", "cryptography"}
    assert re.search(r"no contradiction in \d+ comparisons", result.stdout)
    assert heavy & set(result.stderr.split()) == set()


# --- rules -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bad")
def test_rules_lists_every_rule_of_every_pack(run: Callable[..., Run]) -> None:
    for lang in LANGUAGES:
        lines = run("rules", "--lang", lang).out.splitlines()
        listed = {line.split()[0] for line in lines[1:] if not line.startswith(" ")}
        assert listed == {rule["id"] for rule in json.loads(run("check", "good.csv", "--format", "json").out)["rules"]}


def test_rules_explains_one(run: Callable[..., Run]) -> None:
    result = run("rules", "funding-sources", "--lang", "ko")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("funding-sources: 재원별 금액의 합은 계와 같아야 한다\n")


@pytest.mark.usefixtures("bad")
def test_rules_lint(run: Callable[..., Run]) -> None:
    sound = RULE + "  severity: error\n  title: {ko: 가, en: a}\n  why: {ko: 나, en: b}\n"
    Path("sound.yaml").write_text(sound, encoding="utf-8")
    assert run("rules", "lint", "sound.yaml") == (0, "sound.yaml: 1 rule, no mistakes\n", "")
    remarks = run("rules", "lint", "rule.yaml")
    assert (remarks.code, remarks.err) == (1, "")
    assert {line.split(":")[1] for line in remarks.out.splitlines()} == {"1"}
    several = run("rules", "lint", "key.yaml", "sound.yaml", "kind.yaml")
    assert (several.code, several.out) == (2, "sound.yaml: 1 rule, no mistakes\n")
    assert [line.split(":")[0] for line in several.err.splitlines()] == ["key.yaml", "kind.yaml"]


@pytest.mark.usefixtures("bad")
def test_rules_new_makes_a_file_that_checks(run: Callable[..., Run]) -> None:
    assert run("rules", "new", "good.csv", "--output", "mine.yaml") == (0, "", "")
    assert run("check", "good.csv", "--rules", "mine.yaml").code == 0
    assert run("rules", "new", "missing.csv").code == 3
    assert run("rules", "new", "prose.txt").code == 2


def test_rules_schema_is_the_one_shipped(run: Callable[..., Run]) -> None:
    assert run("rules", "schema").out == (ROOT / "rules" / "schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["lint"], ["new"], ["new", "a", "b"], ["schema", "x"], ["one", "two"]])
def test_rules_wrong_usage(words: list[str], run: Callable[..., Run]) -> None:
    result = run("rules", *words)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str, run: Callable[..., Run]) -> None:
    result = run("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert "_BUDGETAUDIT_COMPLETE" in result.out
