"""Which files an argument of the command line means: a file, a folder with all documents below it, or a pattern.

`-` is no file: it is standard input, which readers read.
"""

# os.path answers for any text; Path raises for names too long and for folders that may not be entered.
# ruff: noqa: PTH110, PTH112, PTH113, PTH207

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from budgetaudit.paths import matches

SUFFIXES = frozenset(
    ".csv .docx .htm .html .hwp .hwpx .markdown .md .pdf .tab .tsv .txt .xls .xlsm .xlsx".split()  # noqa: SIM905
)


class DatabaseUrl(type(Path())):  # type: ignore[misc]
    """The URL of a database where a path is expected; its text stays as it was given."""

    def __new__(cls, url: str) -> DatabaseUrl:
        made: DatabaseUrl = super().__new__(cls, "database")
        made.url = url
        return made

    def __init__(self, _: str) -> None:
        if sys.version_info >= (3, 12):
            super().__init__("database")

    def __str__(self) -> str:
        return str(self.url)

    __fspath__ = __str__


def expand(arguments: Iterable[Path], exclude: Sequence[str] = ()) -> tuple[Path, ...]:
    """The files meant, each once, in the order of the arguments and by name within one.

    What folders and patterns find is left out if it fits `exclude`; a file named itself never is. What means no file stays as
    it is, for the reader to say why it cannot be read.
    """
    found: dict[str, Path] = {}
    for argument in arguments:
        for path in _expanded(argument):
            if path is argument or not any(matches(str(path), pattern) for pattern in exclude):
                found.setdefault(str(path) if isinstance(path, DatabaseUrl) else os.path.normpath(path), path)
    return tuple(found.values())


def rule_files(specs: Iterable[str]) -> list[Path]:
    """The files that some rules may come from: those named, and those of a folder that is named."""
    folders = [Path(spec) for spec in specs if os.path.isdir(spec)]
    return [*map(Path, specs), *(path for folder in folders for path in folder.glob("*.y*ml"))]


def _expanded(argument: Path) -> Iterable[Path]:
    if isinstance(argument, DatabaseUrl):
        return [argument]
    if os.path.isdir(argument):
        return sorted(_documents(argument)) or [argument]
    if glob.has_magic(str(argument)) and not os.path.exists(argument):
        names = glob.iglob(str(argument), recursive=True)
        return sorted(Path(name) for name in names if os.path.isfile(name)) or [argument]
    return [argument]


def _documents(folder: Path) -> Iterator[Path]:
    """Documents by their suffix; hidden files, temporary ones of office programs and links to folders are left out.

    A folder that cannot be looked into comes as it is: its documents must not pass for audited.
    """
    closed: list[Path] = []
    for root, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "~$")):
                yield Path(root, name)
    yield from closed
