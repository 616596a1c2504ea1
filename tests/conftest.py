"""Fixtures shared by all tests: golden files, and one audit with something of everything."""

from __future__ import annotations

import importlib
import io
import queue
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from budgetaudit import __version__
from budgetaudit.cli import main
from budgetaudit.model import Audit
from budgetaudit.readers import child

# `tests/searching.py` says how many examples each profile draws. By day and night they are the same in every run.
# How long an example takes to draw is no fault: on a busy machine it says nothing.
_COMMON: dict[str, Any] = {"print_blob": True, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("day", derandomize=True, database=None, max_examples=20, **_COMMON)
settings.register_profile("nightly", derandomize=True, **_COMMON)
settings.register_profile("explore", **_COMMON)
settings.load_profile("day")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files instead of comparing with them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every property, so that the nightly job runs them all: `-m "property or nightly" --hypothesis-profile=nightly`."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("property")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name; the tool's version and the day are left out of it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        text = text.replace(__version__, "VERSION").replace(date.today().isoformat(), "TODAY")  # noqa: DTZ011 - the day of the reader
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        assert path.exists(), f"no golden file {name}: run pytest --update-golden and read what it wrote"
        assert text == path.read_bytes().decode("utf-8")

    return compare


@pytest.fixture(scope="session")
def sample() -> Audit:
    from tests.sample_audit import SAMPLE

    return SAMPLE


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse here what is parsed in a process of its own: what is read is the same, a third of a second of starting is saved."""

    def records(module: str, data: bytes, kind: str, *args: str) -> Iterator[dict[str, Any]]:
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
            patch.setattr(sys, "stdout", said)
            patch.setattr(sys, "argv", ["-c", "", module, *args])
            importlib.import_module(module).serve()
        lines: queue.Queue[bytes] = queue.Queue()
        for line in said.getvalue().splitlines(keepends=True):
            lines.put(line.encode())
        yield from child._records(lines, kind, None)  # type: ignore[arg-type]

    monkeypatch.setattr(child, "records", records)


class Run(NamedTuple):
    """What a command line printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run a command line in this process."""
    for name in ("BUDGETAUDIT_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C")

    def command(*arguments: object) -> Run:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return command
