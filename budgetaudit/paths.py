"""Paths: patterns of configuration and waivers (`*` within a folder, `**` across folders), files that may be opened."""

from __future__ import annotations

import errno
import os
import re
import stat
from functools import lru_cache


def require_regular(path: str | os.PathLike[str]) -> None:
    """Raise OSError if a path leads to something that is no file (what is missing is left to who opens it)."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - for any text
    except (FileNotFoundError, ValueError):
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


def matches(path: str, pattern: str, folder: str = "") -> bool:
    """True if a path fits a pattern that is relative to `folder`; a pattern that names a folder fits all below it."""
    absolute = os.path.join(folder, pattern) if folder else pattern  # noqa: PTH118 - for any text
    found, stated = (os.path.abspath(text).replace("\\", "/") for text in (path, absolute))  # noqa: PTH100 - for any text
    return found == stated or _expression(stated).fullmatch(found) is not None


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = [".*" if part == "**" else _segment(part) for part in pattern.split("/")]
    text = "/".join(parts).replace("/.*/", "/(?:.*/)?")
    return re.compile(f"{text}(?:/.*)?", re.DOTALL)


def _segment(text: str) -> str:
    """One part of a path as a regular expression: `*`, `?` and `[…]` as in a shell."""
    signs = re.split(r"(\*+|\?|\[!?\]?[^\]/]*\])", text)
    return "".join(map(_expression_of, signs))


def _expression_of(sign: str) -> str:
    if sign.startswith("*"):
        return "[^/]*"
    if sign == "?":
        return "[^/]"
    if sign.startswith("[") and sign.endswith("]") and len(sign) > 2:
        negated = sign[1] == "!"
        inner = "".join("\\" + char if char in "\\^[]" else char for char in sign[1 + negated : -1])
        return f"[{'^' * negated}{inner}]"
    return re.escape(sign)
