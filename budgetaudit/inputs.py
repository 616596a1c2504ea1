"""Which files an argument of the command line means: a file, a folder with all documents below it, or a pattern."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = frozenset(
    ".csv .docx .htm .html .hwp .hwpx .markdown .md .pdf .tab .tsv .txt .xls .xlsm .xlsx".split()  # noqa: SIM905
)


def expand(arguments: Iterable[Path]) -> tuple[Path, ...]:
    """The files meant, each once, in the order of the arguments and by name within one.

    What means no file stays as it is, for the reader to say why it cannot be read.
    """
    found: dict[str, Path] = {}
    for argument in arguments:
        for path in _expanded(argument):
            found.setdefault(os.path.normpath(path), path)
    return tuple(found.values())


def _expanded(argument: Path) -> Iterable[Path]:
    if argument.is_dir():
        return sorted(_documents(argument)) or [argument]
    if glob.has_magic(str(argument)) and not argument.exists():
        paths = (Path(name) for name in glob.iglob(str(argument), recursive=True))  # noqa: PTH207 - a path may be absolute
        return sorted(path for path in paths if path.is_file()) or [argument]
    return [argument]


def _documents(folder: Path) -> Iterator[Path]:
    """Documents by their suffix; hidden files, temporary ones of office programs and links to folders are left out."""
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "~$")):
                yield Path(root, name)
