"""Where output goes: a file written whole or not at all, or a standard output that never breaks.

Korean prints in any locale, a reader that goes away (`| head`) is no error of ours.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any


def prepare(stream: IO[str] | None) -> None:
    """Make a standard stream take every text.

    A screen keeps its own encoding if that has Korean; everything else gets UTF-8, the same bytes whatever the locale.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return
    if stream.isatty() and _has_korean(stream.encoding):
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def print_whole(write: Callable[[IO[Any]], object], *, binary: bool = False) -> None:
    """Let `write` write to standard output; quiet if its reader has gone. OSError if it cannot be written."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        write(sys.stdout.buffer if binary else sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        _abandon(sys.stdout)
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            raise


def complain(line: str) -> None:
    """One line on standard error, if there is one; signs that steer a terminal are not passed on."""
    shown = "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in line)
    with contextlib.suppress(OSError, AttributeError):
        sys.stderr.write(shown + "\n")
        sys.stderr.flush()


@contextlib.contextmanager
def whole_file(path: Path, *, binary: bool = False, bom: bool = False) -> Iterator[IO[Any]]:
    """A stream whose text becomes the file only if all of it was written; OSError if it cannot be."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        with _open(target, binary=binary, bom=bom) as stream:
            yield stream
        return
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        with _open(part, binary=binary, bom=bom) as stream:
            yield stream
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def why_unwritable(path: Path) -> str | None:
    """What stands in the way of writing a file, as the system words it; known before the work is done."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = stat.S_IFREG
    except OSError as error:
        return error.strerror
    if stat.S_ISDIR(mode):
        return os.strerror(errno.EISDIR)
    if not path.parent.is_dir():
        return os.strerror(errno.ENOENT)
    if not os.access(path.parent if stat.S_ISREG(mode) else path, os.W_OK):
        return os.strerror(errno.EACCES)
    return None


def _open(path: Path, *, binary: bool, bom: bool) -> IO[Any]:
    encoding = "utf-8-sig" if bom else "utf-8"
    return path.open("wb") if binary else path.open("w", encoding=encoding, errors="backslashreplace", newline="")


def _has_korean(encoding: str) -> bool:
    try:
        return bool("가".encode(encoding))
    except (LookupError, UnicodeError):
        return False


def _abandon(stream: IO[str]) -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush says nothing."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
