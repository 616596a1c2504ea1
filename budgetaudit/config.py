"""Defaults of a project: `budgetaudit.toml`, or the table `[tool.budgetaudit]` of `pyproject.toml`.

The nearest one counts, from the current folder upwards. Its paths are relative to it.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from budgetaudit.messages import say
from budgetaudit.model import Message
from budgetaudit.rulefiles.typed_yaml import hint

NAMES = ("budgetaudit.toml", "pyproject.toml")
KEYS: dict[str, type] = {
    "rules": list,
    "waivers": list,
    "fail-on": str,
    "format": str,
    "lang": str,
    "evidence": bool,
    "verbose": bool,
    "quiet": bool,
    "jobs": int,
    "engine": str,
    "together": bool,
}

WANTED = {
    list: Message("config-texts"),
    str: Message("config-text"),
    bool: Message("type-bool"),
    int: Message("type-number"),
}


def system_language() -> str:
    """The language of the system where nothing else says: Korean for a Korean locale, else English."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not named and sys.platform == "win32":
        import ctypes
        import locale

        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return "ko" if named.lower().startswith("ko") else "en"


class ConfigError(Exception):
    """A configuration file that cannot be used; carries the message to print."""

    def __init__(self, path: Path, code: str, **args: object) -> None:
        super().__init__(code)
        self.path = path
        self.message = Message(code, args)

    def text(self, lang: str) -> str:
        return f"{self.path}: {say(self.message, lang)}"


def find(folder: Path) -> Path | None:
    """The configuration file that counts for a folder."""
    for place in (folder, *folder.parents):
        for name in NAMES:
            path = place / name
            if path.is_file() and (name != "pyproject.toml" or _table(path) is not None):
                return path
        if (place / ".git").exists():
            break
    return None


def load(path: Path) -> dict[str, Any]:
    """The defaults a file sets, by the name of their option; raises ConfigError."""
    table = _table(path)
    if table is None:
        raise ConfigError(path, "config-no-table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise ConfigError(path, "config-key", key=key, hint=hint(key, KEYS))
        values[key.replace("-", "_")] = _value(path, key, value)
    return values


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if path.name == "pyproject.toml":
            return None  # somebody else's file: its own tools will say what is wrong
        raise ConfigError(path, "config-syntax", reason=str(error)) from None
    except OSError as error:
        raise ConfigError(path, "config-unreadable", reason=error.strerror or "") from None
    if path.name != "pyproject.toml":
        return document
    table = document.get("tool", {}).get("budgetaudit")
    return table if isinstance(table, dict) else None


def _value(path: Path, key: str, value: object) -> object:
    wanted = KEYS[key]
    if wanted is list:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ConfigError(path, "config-type", key=key, wanted=WANTED[wanted])
        return [_placed(path.parent, item, always=key == "waivers") for item in items]
    if type(value) is not wanted:
        raise ConfigError(path, "config-type", key=key, wanted=WANTED[wanted])
    return value


def _placed(folder: Path, item: str, *, always: bool) -> str:
    """A path relative to the configuration; the name of a pack stays a name."""
    placed = folder / item
    return str(placed) if always or placed.exists() else item
