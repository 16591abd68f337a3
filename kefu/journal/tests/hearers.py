"""Two processes that hear each other, and a Redis of the test's own."""

from __future__ import annotations

import contextlib
import queue
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kefu.journal.tests.children import Child
from kefu.journal.tests.facts import wait_until


def settle(child: Child) -> None:
    """Past its start, at which it may ring itself."""
    while child.hear() != "ready":
        pass
    while not child.hears_nothing(seconds=0.3):
        pass


def settle_again(one: Child, other: Child) -> None:
    """Who lost the way tries again with growing pauses, each in its own time; what was lost meanwhile is not said again."""
    hear_again(one, other)
    hear_again(other, one)
    for child in (one, other):
        while not child.hears_nothing(seconds=1.0):
            pass


def hear_again(speaking: Child, hearing: Child) -> None:
    """Until what is spoken comes through."""
    for tries in range(40):
        speaking.tell(f"{tries}")
        with contextlib.suppress(queue.Empty):
            while not hearing.hear(seconds=0.5).startswith("lease"):
                pass
            return
    raise AssertionError("It never came through.")


def ring_each_other(one: Child, other: Child) -> None:
    one.tell("ring")
    assert (one.hear(), other.hear()) == ("ring", "ring")
    other.tell("ring")
    assert (one.hear(), other.hear()) == ("ring", "ring")
    one.tell("林小美")
    assert other.hear() == "lease 林小美"


@contextmanager
def a_redis(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(port))
        yield server
    finally:
        server.kill()
        server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
