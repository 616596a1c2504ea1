"""The small attacks of benchmarks/hostile.py: what is lost is said, what is odd ends in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.hostile import ROWS
from tests.conftest import Run

LARGE = (
    "of 48 MB",
    "192 MiB",
    "100 MB",
    "150,000",
    "30,000",
    "million",
    "400 by",
    "XLSX: 5,000",
    "XLSX: 100,000",
    "long text",
    "10 MB",
)
SMALL = [row for row in ROWS[:47] if not any(word in row[0] for word in LARGE)]


@pytest.mark.parametrize("row", SMALL, ids=[row[0] for row in SMALL])
def test_an_attack_is_held(
    row: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Run]
) -> None:
    _, file, make, codes, says, command = row
    monkeypatch.chdir(tmp_path)
    made = make()  # type: ignore[operator]
    Path(str(file)).write_bytes(made.encode() if isinstance(made, str) else made)
    result = run(*command, str(file))  # type: ignore[misc]
    assert result.code in codes, result  # type: ignore[operator]
    assert str(says) in result.out + result.err
    assert "Traceback" not in result.out + result.err
    assert "internal" not in result.err
