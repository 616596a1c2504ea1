"""Work on the parts of a file in several processes: what each part gives comes back in the order of the file.

Processes and not threads, for most of the work is many small steps of numpy, between which threads wait for one another.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from budgetaudit.model import ReadError

MOST = 8
COMMAND = re.compile(r"(?:^|[\\/])budgetaudit(?:-script)?(?:\.exe|\.py|[\\/]__main__\.py)?$")  # installed, or run as a module


class Worker(Protocol):
    """What is done with a part, and what is left when all parts are done; it must be fit to be sent to another process."""

    def part(self, number: int, part: Any, hint: Any) -> Any:
        """The yield of one part."""
        ...

    def rest(self) -> Any:
        """The yield of all parts together that this worker was given."""
        ...


def count_for(work: int, least: int) -> int:
    """How many processes some work is worth, if one is worth `least` of it: 1 is this process alone."""
    if multiprocessing.parent_process() is not None or method() is None:  # one of several already
        return 1
    return max(1, min(os.cpu_count() or 1, MOST, work // least))


def method() -> str | None:
    """How processes are started: a fork shares what is loaded already, and is safe on Linux.

    A fresh process runs the main script again, which only the command is sure to bear: not the script of somebody who calls us.
    """
    if sys.platform == "linux":
        return "fork"
    return "spawn" if COMMAND.search(sys.argv[0]) else None


class Crew:
    """The processes, each with its worker; `alone` is the worker of this process if there are none."""

    def __init__(self, worker: Worker, processes: int) -> None:
        self.worker, self.processes, self.connections = worker, [], []
        if processes < 2:
            return
        how = method()
        context: Any = multiprocessing.get_context(how)
        for _ in range(processes):
            ours, theirs = context.Pipe()
            self.connections.append(ours)
            inherited = self.connections if how == "fork" else ()
            process = context.Process(target=_serve, args=(theirs, worker, inherited), daemon=True)
            process.start()
            theirs.close()
            self.processes.append(process)

    def each(self, parts: Iterator[Any], hint: Callable[[], Any]) -> Iterator[Any]:
        """The yield of each part, in their order; `hint` is asked when a part is sent."""
        if not self.processes:
            yield from (self.worker.part(number, part, hint()) for number, part in enumerate(parts))
            return
        from multiprocessing.connection import wait

        coming = enumerate(parts)
        busy: dict[Any, int] = {}
        done: dict[int, Any] = {}
        idle, turn = list(self.connections), 0
        while True:
            while idle and (task := next(coming, None)) is not None:
                connection = idle.pop(0)
                _send(connection, (*task, hint()))
                busy[connection] = task[0]
            if not busy:
                return
            for connection in wait(list(busy)):
                done[busy.pop(connection)] = _received(connection)
                idle.append(connection)
            while turn in done:
                yield done.pop(turn)
                turn += 1

    def rests(self) -> list[Any]:
        """What is left of every worker, when all parts are done."""
        if not self.processes:
            return [self.worker.rest()]
        for connection in self.connections:
            _send(connection, None)
        return [_received(connection) for connection in self.connections]


@contextmanager
def crew(worker: Worker, processes: int) -> Iterator[Crew]:
    """A crew that is gone afterwards, whatever happens."""
    made = Crew(worker, processes)
    try:
        yield made
    finally:
        for connection in made.connections:
            connection.close()
        for process in made.processes:
            process.terminate()
        for process in made.processes:
            process.join()


def _send(connection: Any, task: Any) -> None:
    try:
        connection.send(task)
    except OSError:
        raise ReadError("audit-died") from None


def _received(connection: Any) -> Any:
    try:
        good, result = connection.recv()
    except (EOFError, OSError):  # killed, for want of memory perhaps
        raise ReadError("audit-died") from None
    if not good:
        raise result
    return result


def _serve(connection: Any, worker: Worker, others: Sequence[Any]) -> None:
    """The life of a worker. It ends with its parent, whose end of the connection no sibling may hold."""
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what the parent had loaded stays shared
    try:
        while (task := connection.recv()) is not None:
            _answer(connection, worker.part, task)
        _answer(connection, worker.rest, ())
    except (EOFError, OSError):
        return  # the parent is gone, and nobody waits for an answer


def _answer(connection: Any, work: Any, task: Any) -> None:
    try:
        result = True, work(*task)
    except Exception as fault:
        result = False, fault
    connection.send(result)
