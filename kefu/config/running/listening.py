"""The one listening socket, opened by the supervisor and inherited by every web process."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kefu.config.running.refusal import Refusal

BACKLOG = 2048
# A peer that takes nothing for so many seconds is gone; the system itself would wait for a quarter of an hour. A ping that is
# not answered ends no such socket, for closing one waits until all that was written before is taken.
GONE_AFTER = 60.0


def listen(host: str, port: int, *, patience: float = 0.0) -> socket.socket:
    """A listening socket. Waits up to `patience` seconds for a port that is still held; raises Refusal."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return _listen_once(host, port)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise Refusal(_sentence(host, port, problem)) from None


@contextmanager
def listen_beside(main: socket.socket, host: str) -> Iterator[socket.socket]:
    """A second listening socket: on the port after the main one if that is free, else on any."""
    try:
        beside = listen(host, main.getsockname()[1] + 1)
    except (Refusal, OverflowError):
        beside = listen(host, 0)
    with beside:
        yield beside


def _listen_once(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Whoever comes in by this socket has it, too.
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(GONE_AFTER * 1000))
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def _sentence(host: str, port: int, problem: OSError) -> str:
    if isinstance(problem, socket.gaierror) or problem.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; choose another with --host."
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; stop it, or choose another port with --port."
    if problem.errno == errno.EACCES:
        return f"Port {port} is kept for the system; choose one above 1023 with --port."
    return f"Kefu can't listen on {host} port {port}: {problem.strerror}."
