"""Kefu is ready when a web process answers /healthz on the socket that customers use."""

from __future__ import annotations

import socket

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound
QUESTION = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
GOOD = (b"HTTP/1.1 200", b"HTTP/1.0 200")


class Question:
    """One question at a time. The kernel holds it until a web process takes it: nothing to poll."""

    def __init__(self, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        self.address = (EVERYWHERE.get(host, host), port)
        self.family = listening.family
        self.asked: socket.socket | None = None

    def ask(self) -> int:
        """Ask, and give the descriptor on which the answer comes."""
        self.asked = socket.socket(self.family, socket.SOCK_STREAM)
        self.asked.settimeout(2.0)
        self.asked.connect(self.address)
        self.asked.sendall(QUESTION)
        return self.asked.fileno()

    def is_answered(self) -> bool:
        """Whether a good answer came; after a bad one, or none, ask again."""
        if self.asked is None:
            return False
        try:
            return self.asked.recv(64).startswith(GOOD)
        except OSError:
            return False
        finally:
            self.close()

    def close(self) -> None:
        if self.asked:
            self.asked.close()
            self.asked = None
