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
from budgetaudit.paths import require_regular
from budgetaudit.rulefiles.typed_yaml import hint

NAMES = ("budgetaudit.toml", "pyproject.toml")
KEYS: dict[str, type] = {
    "rules": list,
    "select": list,
    "ignore": list,
    "severity": dict,
    "exclude": list,
    "waivers": list,
    "baseline": str,
    "fail-on": str,
    "min-coverage": int,
    "format": str,
    "lang": str,
    "evidence": bool,
    "verbose": bool,
    "quiet": bool,
    "jobs": int,
    "engine": str,
    "together": bool,
    "statistics": bool,
    "sort": str,
}
PATHS = ("waivers", "exclude", "baseline")  # always paths; of `rules` those that are there, the rest are names of packs
PER_FILE = "per-file"
TUNING = ("select", "ignore", "severity")

TYPE_NAMES = {
    dict: Message("config-levels"),
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


def trusted(path: Path | None) -> Path | None:
    """A configuration found on the way up, if its owner is who runs the audit or the system; else raises ConfigError."""
    if path is None or not hasattr(os, "geteuid"):
        return path
    owner = path.stat().st_uid
    mine = {0, os.geteuid(), *(int(uid) for uid in [os.environ.get("SUDO_UID", "")] if uid.isdigit())}
    if owner not in mine:
        raise ConfigError(path, "config-owner", file=path)
    return path


def load(path: Path) -> dict[str, Any]:
    """The defaults a file sets, by the name of their option; raises ConfigError."""
    table = _table(path)
    if table is None:
        raise ConfigError(path, "config-no-table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key == PER_FILE:
            continue
        if key not in KEYS:
            raise ConfigError(path, "config-key", key=key, hint=hint(key, (*KEYS, PER_FILE)))
        values[key.replace("-", "_")] = _value(path, key, value)
    return values


def per_file(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """What `[per-file]` says: for each path pattern its `select`, `ignore` and `severity`; raises ConfigError.

    A list of rules instead of a table is what to ignore there.
    """
    found = []
    given = (_table(path) or {}).get(PER_FILE, {})
    if not isinstance(given, dict):
        raise ConfigError(path, "config-type", key=PER_FILE, expected=Message("config-per-file"))
    for pattern, value in given.items():
        table = {"ignore": value} if isinstance(value, list | str) else value
        if not isinstance(table, dict):
            raise ConfigError(path, "config-type", key=f"{PER_FILE}.{pattern}", expected=Message("config-per-file"))
        for key in table:
            if key not in TUNING:
                raise ConfigError(path, "config-key", key=key, hint=hint(key, TUNING))
        found.append((str(path.absolute().parent / pattern), {key: _value(path, key, inner) for key, inner in table.items()}))
    return found


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        require_regular(path)
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
    expected = KEYS[key]
    if expected is list:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ConfigError(path, "config-type", key=key, expected=TYPE_NAMES[expected])
        if key in ("select", "ignore"):
            return items
        return [_placed(path.parent, item, always=key in PATHS) for item in items]
    if expected is dict:
        if not isinstance(value, dict) or not all(isinstance(level, str) for level in value.values()):
            raise ConfigError(path, "config-type", key=key, expected=TYPE_NAMES[expected])
        return [f"{rule}={level}" for rule, level in value.items()]
    if type(value) is not expected:
        raise ConfigError(path, "config-type", key=key, expected=TYPE_NAMES[expected])
    return _placed(path.parent, str(value), always=True) if key in PATHS else value


def _placed(folder: Path, item: str, *, always: bool) -> str:
    """A path relative to the configuration; the name of a pack stays a name."""
    placed = folder / item
    return str(placed) if always or placed.exists() else item
