"""Files that may be opened: a named pipe without a writer, or a device, would let a run wait for ever."""

from __future__ import annotations

import errno
import os
import stat


def require_regular(path: str | os.PathLike[str]) -> None:
    """Raise OSError if a path leads to something that is no file (what is missing is left to who opens it)."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - for any text
    except (FileNotFoundError, ValueError):
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
