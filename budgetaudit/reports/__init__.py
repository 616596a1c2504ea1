"""The formats an audit can be written in: name → module, imported only when it is asked for.

A report only writes: filtering and sorting happened before. Each module has one function,
`write(audit, out, view)`; `out` is a text stream, or a binary one for the formats in `BINARY`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

from budgetaudit.model import Audit

REPORTS = {
    "table": "to_terminal",
    "markdown": "to_markdown",
    "csv": "to_csv",
    "json": "to_json",
    "html": "to_html",
    "xlsx": "to_xlsx",
    "docx": "to_docx",
    "hwpx": "to_hwpx",
    "sarif": "to_sarif",
    "junit": "to_junit",
    "github": "to_github",
}
BINARY = frozenset(["xlsx", "docx", "hwpx"])
SUFFIXES = {
    ".txt": "table",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
    ".html": "html",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".hwpx": "hwpx",
    ".sarif": "sarif",
    ".xml": "junit",
}


@dataclass(frozen=True, slots=True)
class View:
    """How a reader wants to see an audit; `width`, `color` and `quiet` matter to the terminal, `fail_on` to JUnit.

    `code` is the exit code of the run, which the colour of the verdict follows.
    """

    lang: str = "en"
    evidence: bool = False
    verbose: bool = False
    width: int = 100
    color: bool = False
    fail_on: str = "error"
    quiet: bool = False
    code: int = 0


def write(name: str, audit: Audit, out: IO[Any], view: View) -> None:
    """Write an audit in the named format."""
    import_module(f"{__name__}.{REPORTS[name]}").write(audit, out, view)
