"""A parser of others in a process of its own, with bounds on its silence, its time and its memory.

What it says comes as records, a line of JSON each, so that what was read before a failure is not lost.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from budgetaudit.model import ReadError

MEMORY = 1 << 30
SILENCE = 20  # seconds the process may say nothing
SECONDS = 300
MAX_LINE = 64 << 20
_ABORTED = 6


_CHILD = """
import importlib, json, sys
sys.path[:] = json.loads(sys.argv[1])
importlib.import_module("budgetaudit.readers.child").confine()
importlib.import_module(sys.argv[2]).serve()
"""


def confine() -> None:
    """Bound this (child) process's memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def records(module: str, data: bytes, kind: str, *args: str) -> Iterator[dict[str, Any]]:
    """What `module.serve()` says about the data in a process of its own, record by record (a line of JSON each).

    The last record is `{"done": true}`, or `{"error": …}` with a reason. A child that falls silent, takes too long,
    too much memory or dies is ended, and a `ReadError` says so after the records that did arrive.
    """
    paths = json.dumps([path for path in sys.path if path])
    command = [sys.executable, "-I", "-c", _CHILD, paths, module, *args]
    pipe = subprocess.PIPE
    try:
        child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)  # noqa: S603
    except (OSError, TypeError) as fault:  # no interpreter to run, or no room for another process
        raise ReadError("read-crashed", format=kind) from fault
    output: queue.Queue[bytes] = queue.Queue(maxsize=64)
    threads = [
        threading.Thread(target=_feed, args=(child.stdin, data), daemon=True),
        threading.Thread(target=_listen, args=(child.stdout, output), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield from _records(output, kind, child)
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                stream.close()


def _records(output: queue.Queue[bytes], kind: str, child: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            line = output.get(timeout=max(0.0, min(SILENCE, deadline - time.monotonic())))
        except queue.Empty:
            raise ReadError("read-timeout", format=kind) from None
        if not line.endswith(b"\n"):
            raise ReadError("read-memory" if len(line) > MAX_LINE or _aborted(child) else "read-crashed", format=kind)
        record: dict[str, Any] = json.loads(line)
        if "done" in record:
            return
        if "error" in record:
            raise ReadError(f"read-{record['error']}", format=kind, part=kind.upper())
        yield record


def _aborted(child: subprocess.Popen[bytes]) -> bool:
    """True if the process gave itself up, which libraries do when they are refused memory."""
    try:
        return child.wait(timeout=1) == -_ABORTED
    except subprocess.TimeoutExpired:
        return False


def _feed(stream: Any, data: bytes) -> None:
    try:
        stream.write(data)
        stream.close()
    except OSError:  # the child ended early; what it said tells why
        pass


def _listen(stream: Any, output: queue.Queue[bytes]) -> None:
    line = b"\n"
    while line.endswith(b"\n"):
        try:
            line = stream.readline(MAX_LINE + 1)
        except (OSError, ValueError):
            line = b""
        output.put(line)
