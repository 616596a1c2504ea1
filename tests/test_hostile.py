"""Hostile input: nothing is lost in silence, one file never ends the run, every input is bounded."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from budgetaudit import pipeline, runs
from budgetaudit.deadline import Terminated, TooLong, _asked, deadline
from budgetaudit.model import Document
from budgetaudit.readers.from_csv import read_records
from budgetaudit.reports import REPORTS
from tests.conftest import Run

HEAD = "사업,국비,도비,시비,계\n"


def rows(count: int) -> list[str]:
    return [f"사업{n},{7 * n},{n % 5},{3 * n},{10 * n + n % 5}" for n in range(1, count + 1)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(run: Callable[..., Run], *arguments: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(run("check", *arguments, "--format", "json").out)
    return found


# --- quotes that swallow rows ------------------------------------------------------------------


@pytest.mark.parametrize("at", [(4, 9), (4,), (0, 29), (4, 9, 15, 20)])
def test_stray_quotes_swallow_no_row(at: tuple[int, ...], run: Callable[..., Run]) -> None:
    lines = rows(30)
    for index in at:
        lines[index] = '"' + lines[index]
    lines[6] = lines[6].rsplit(",", 1)[0] + ",999"  # the wrong total stands in a row that a quote would cover
    Path("plan.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    found = report(run, "plan.csv")
    (source,) = found["inputs"]  # type: ignore[misc]
    assert source["figures"] == 120
    assert any("999" in finding["stated"]["text"] for finding in found["findings"])  # type: ignore[attr-defined]
    assert any("quotation mark" in problem["message"] for problem in source["problems"])


def test_cells_of_several_lines_stay_cells() -> None:
    text = 'a,b,c\n"one\ntwo",1,2\nx,"p, q\nr",3\ny,4,"5\n6"\n'
    stray: list[int] = []
    found = [record for _, record in read_records(text.split("\n"), ",", stray) if record]
    assert (found, stray) == ([record for record in csv.reader(io.StringIO(text)) if record], [])


def test_a_cell_may_be_as_long_as_it_likes() -> None:
    text = 'a,b\n"' + "a line of a long remark\n" * 500 + '",1\nx,2\n'
    stray: list[int] = []
    found = [record for _, record in read_records(text.split("\n"), ",", stray) if record]
    assert ([len(record) for record in found], stray) == ([2, 2, 2], [])


# --- a word in the first amount cell -----------------------------------------------------------


@pytest.mark.parametrize("word", ["미정", "해당없음", "비예산", "별도", "n/a", "TBD", "추후 결정"])
def test_a_word_among_amounts_shifts_no_row(word: str, run: Callable[..., Run]) -> None:
    text = f"사업,국비,도비,시비,계,계획,집행\n가,100,200,300,600,700,500\n나,1,2,3,6,7,5\n다,{word},1200,1200,2400,5000,4900\n"
    Path("plan.csv").write_text(text + "라,5,5,5,15,20,20\n", encoding="utf-8")
    assert report(run, "plan.csv")["findings"] == []


# --- one file never ends the run ---------------------------------------------------------------


def test_whatever_breaks_costs_its_file_alone(run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("good.csv", "bad.csv"):
        Path(name).write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    read = pipeline.read

    def breaking(path: str) -> object:
        if path == "bad.csv":
            raise MemoryError
        return read(path)

    monkeypatch.setattr(pipeline, "read", breaking)
    result = run("check", "bad.csv", "good.csv")
    assert (result.code, result.err) == (3, "bad.csv: could not be audited for lack of memory; split it, or audit it by itself\n")
    assert "20 figures" in result.out


def test_a_document_or_a_rule_that_crashes_is_said_and_costs_itself_alone(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good.csv", "bad.csv"):
        Path(name).write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    label, sums = pipeline.label, pipeline.KINDS["sum"]

    def odd(document: Document, *rest: object) -> object:
        return 1 // 0 if document.path == "bad.csv" else label(document, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "label", odd)
        found = report(run, "bad.csv", "good.csv")
    bad, good = found["inputs"]  # type: ignore[misc]
    assert ["ZeroDivisionError" in problem["message"] for problem in bad["problems"]] == [True]
    assert (good["problems"], good["figures"], found["findings"]) == ([], 20, [])

    def broken(*_: object) -> object:
        raise LookupError("lost")

    monkeypatch.setitem(pipeline.KINDS, "sum", replace(sums, compare=broken))
    result = run("check", "good.csv", "--format", "json")
    said = json.loads(result.out)["errors"]
    assert result.code == 3
    assert all("LookupError: lost" in error["message"] for error in said)
    assert {error["rule"] for error in said} >= {"funding-sources"}


def test_long_work_shows_on_a_terminal_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    clock = iter([0.0, 0.1, 60.0, 61.0])
    monkeypatch.setattr(runs.time, "monotonic", lambda: next(clock))
    show = runs._progress("cli.progress", "en")
    assert show is not None
    show(1, 9, "soon.csv")
    assert screen.getvalue() == ""
    show(3, 9, "later.csv")
    assert "later.csv" in screen.getvalue()
    assert "3" in screen.getvalue()
    show(9, 9, "last.csv")
    assert screen.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n\r"])
def test_any_line_end_is_read(ends: str, run: Callable[..., Run]) -> None:
    Path("plan.csv").write_bytes((HEAD + "\n".join(rows(6)) + "\n").replace("\n", ends).encode())
    (source,) = report(run, "plan.csv")["inputs"]  # type: ignore[misc]
    assert source["figures"] == 24


def test_a_lone_carriage_return_is_read(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_bytes((HEAD + "\n".join(rows(6)) + "\n").replace("사업3", "사\r업3").encode())
    assert run("check", "plan.csv").code in (0, 1)


def test_long_numbers_are_exact_or_no_numbers(run: Callable[..., Run]) -> None:
    whole, part = "1" + "0" * 28, "9" * 28
    table = f"사업,국비,시비,계\n가,{part},1,{whole}\n나,1,1,2\n다,2,3,5\n"
    Path("plan.csv").write_text(table, encoding="utf-8")
    assert report(run, "plan.csv")["findings"] == []
    Path("plan.csv").write_text(table.replace(f",1,{whole}", f",8,{whole}"), encoding="utf-8")
    assert "-7" in {finding["difference"]["value"] for finding in report(run, "plan.csv")["findings"]}  # type: ignore[attr-defined]
    Path("plan.csv").write_text(f"사업,국비,시비,계\n가,{'9' * 5000},1,{'9' * 5000}\n나,1,1,2\n", encoding="utf-8")
    assert run("check", "plan.csv").code in (0, 3)


# --- bounds ------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer of processor time")
def test_a_deadline_ends_what_takes_too_long() -> None:
    def endless() -> None:
        while True:
            pass

    with pytest.raises(TooLong), deadline(0.05):
        endless()
    with deadline(60):
        pass


def test_a_table_wider_than_any_is_told(run: Callable[..., Run]) -> None:
    Path("wide.csv").write_text((",".join("1" * 3000) + "\n") * 3, encoding="utf-8")
    result = run("check", "wide.csv")
    assert (result.code, "a table of 3000 columns was not read" in result.err) == (3, True)


# --- what is written, and what opens the gate --------------------------------------------------


@pytest.mark.parametrize("name", ["table", "markdown", "csv", "json", "html", "sarif", "junit", "github"])
def test_no_report_passes_on_signs_that_steer_a_terminal(name: str, run: Callable[..., Run]) -> None:
    odd = "a\x1b[31mred\r.csv"
    Path(odd).write_text("구분,계,국비,시비\n합계,46,15,20\n도\x1b[31m로,30,10,20\n하천,5,5,0\n", encoding="utf-8")
    result = run("check", odd, "missing\x1b[2J.csv", "--format", name)
    assert result.code == 3
    assert "\x1b" not in result.out + result.err
    assert "\r" not in result.out


def test_nothing_that_is_read_is_written_over(run: Callable[..., Run]) -> None:
    Path("rules").mkdir()
    Path("plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    Path("rules/part.yaml").write_text("- {id: part, kind: formula, check: 국비 + 도비 + 시비 = 계}\n", encoding="utf-8")
    Path("own.yaml").write_text("include: rules/part.yaml\nvocabulary: [korean, words.yaml]\nrules: []\n", encoding="utf-8")
    Path("words.yaml").write_text("{}\n", encoding="utf-8")
    Path("budgetaudit.toml").write_text('lang = "en"\n', encoding="utf-8")
    folder = Path("books")
    folder.mkdir()
    (folder / "note.json").write_text("{}", encoding="utf-8")
    (folder / "plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    for output in ("plan.csv", "rules/part.yaml", "own.yaml", "words.yaml", "budgetaudit.toml"):
        before = Path(output).read_bytes()
        for option in ("--output", "--all-findings"):
            more = ("--format", "json") if option == "--output" else ()
            result = run("check", "plan.csv", "--rules", "own.yaml", option, output, *more)
            assert (result.code, Path(output).read_bytes()) == (2, before), (option, output, result)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_the_configuration_of_another_user_is_not_obeyed(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    Path("budgetaudit.toml").write_text('fail-on = "never"\n', encoding="utf-8")
    os.chown("budgetaudit.toml", 65534, 65534)
    result = run("check", "plan.csv")
    assert (result.code, "belongs to another user" in result.err) == (2, True)
    assert run("--config", "budgetaudit.toml", "check", "plan.csv").code == 0
    assert run("--no-config", "check", "plan.csv").code == 0


def test_the_report_names_what_governed_the_run(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    Path("budgetaudit.toml").write_text('waivers = ["w.yaml"]\n', encoding="utf-8")
    Path("w.yaml").write_text("[]\n", encoding="utf-8")
    Path("own.yaml").write_text("include: part.yaml\nvocabulary: [korean, words.yaml]\nrules: []\n", encoding="utf-8")
    Path("part.yaml").write_text("- {id: part, kind: formula, check: 국비 + 도비 + 시비 = 계}\n", encoding="utf-8")
    Path("words.yaml").write_text("{}\n", encoding="utf-8")
    sources = report(run, "plan.csv", "--rules", "own.yaml")["sources"]
    assert [(source["role"], Path(source["path"]).name, len(source["sha256"])) for source in sources] == [  # type: ignore[attr-defined]
        ("configuration", "budgetaudit.toml", 64),
        ("waivers", "w.yaml", 64),
        ("rules", "own.yaml", 64),
        ("rules", "part.yaml", 64),
        ("rules", "words.yaml", 64),
    ]


@pytest.mark.parametrize(
    ("text", "options", "code", "color"),
    [
        ("구분,계,국비,시비\n합계,46,15,20\n도로,30,10,20\n하천,16,5,11\n", (), 1, "31;1"),
        ("구분,계,국비,시비\n합계,46,15,31\n도로,30,10,20\n하천,16,5,11\n", (), 0, "32"),
        (
            "구분,계,국비,시비\n합계,46,15,31\n도로,30,10,20\n하천,16,5,11\n",
            ("gone.csv",),
            3,
            "31;1",
        ),  # sound as far as it was read
        ("구분,계,국비,시비\n합계,46,15,20\n도로,30,10,20\n하천,16,5,11\n", ("--fail-on", "never"), 0, "33;1"),
    ],
)
def test_the_colour_of_the_verdict_follows_the_exit_code(
    text: str, options: tuple[str, ...], code: int, color: str, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    Path("plan.csv").write_text(text, encoding="utf-8")
    result = run("check", "plan.csv", *options)
    (line,) = [line for line in result.out.splitlines() if "Verdict:" in line]
    assert (result.code, line.startswith(f"\x1b[{color}m")) == (code, True), line


def test_a_marked_copy_overwrites_no_report_and_needs_a_folder_to_write_to(run: Callable[..., Run]) -> None:
    table = "<table><tr><td>계</td><td>국비</td></tr><tr><td>3</td><td>3</td></tr></table>"
    Path("plan.html").write_text(table, encoding="utf-8")
    result = run("check", "plan.html", "-o", "out.html", "--marked", "out.html")
    assert (result.code, "will not overwrite it" in result.err) == (2, True)
    Path("file").write_text("", encoding="utf-8")
    result = run("check", "plan.html", "--marked", "file/below/copies")
    assert (result.code, "cannot be written" in result.err, result.err.count("\n")) == (2, True, 1)


def test_a_broken_rule_file_is_wrong_usage_of_figures_too(run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    Path("own.yaml").write_text("- {id: part, kind: nothing}\n", encoding="utf-8")
    for command in ("figures", "tables", "check"):
        result = run(command, "plan.csv", "--rules", "own.yaml")
        assert (result.code, "own.yaml:1" in result.err, "internal" in result.err) == (2, True, False), (command, result)


@pytest.mark.parametrize("asked", [KeyboardInterrupt, Terminated])
def test_what_an_engine_takes_for_a_fault_still_ends_the_run(
    asked: type[BaseException], run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As DuckDB does where a signal arrives while it reads from Arrow."""

    def swallowing(*_: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT if asked is KeyboardInterrupt else signal.SIGTERM)
            signal.sigtimedwait([], 1)
        except BaseException:
            raise RuntimeError("unknown error") from None

    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits that it is ignored
    monkeypatch.setattr(pipeline, "read", swallowing)
    Path("plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    try:
        result = run("check", "plan.csv", "-o", "out.json")
    finally:
        for number, handler in before:
            signal.signal(number, handler)
        _asked.clear()
    assert (result.code, list(Path().glob("*out*"))) == (130 if asked is KeyboardInterrupt else 143, [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    ("pipe", "arguments", "code"),
    [
        ("a.csv.gz", ("a.csv.gz",), 3),
        ("a.parquet", ("a.parquet",), 3),
        ("a.csv", ("a.csv",), 3),
        ("a.xlsx", ("a.xlsx",), 3),
        ("parts/part-0.parquet", ("parts",), 3),
        ("own.yaml", ("plan.csv", "--rules", "own.yaml"), 2),
        ("w.yaml", ("plan.csv", "--waivers", "w.yaml"), 2),
        ("b.json", ("plan.csv", "--baseline", "b.json"), 2),
    ],
)
def test_a_pipe_without_a_writer_is_never_waited_for(
    pipe: str, arguments: tuple[str, ...], code: int, run: Callable[..., Run]
) -> None:
    Path("parts").mkdir()
    Path("plan.csv").write_text(HEAD + "\n".join(rows(5)) + "\n", encoding="utf-8")
    os.mkfifo(pipe)
    signal.alarm(60)
    try:
        assert run("check", *arguments).code == code
    finally:
        signal.alarm(0)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are texts there")
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_name_that_is_no_text_can_be_written_in_every_report(name: str, run: Callable[..., Run]) -> None:
    Path("plan.csv").write_text("구분,계,국비,시비\n합계,46,15,20\n도\x01로,30,10,20\n하천,5,5,0\n", encoding="utf-8")
    odd = os.fsdecode(b"\xff\x1bplan.csv")
    Path("plan.csv").rename(odd)
    result = run("check", odd, "--format", name, "-o", "out.bin")
    assert (result.code, "internal" in result.err, Path("out.bin").stat().st_size > 50) == (1, False, True), result.err
