"""Starts adapter servers, and speaks to them byte by byte where a polite client would not do."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEADLINE = 10


@dataclass
class Response:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Raw:
    """One connection. A small receive buffer makes a client that doesn't read stall its server soon."""

    def __init__(self, port: int, *, buffer: int = 0) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(DEADLINE)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.connect(("127.0.0.1", port))
        self.reader = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, path: str, *headers: str, method: str = "GET", body: bytes = b"") -> None:
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
        self.send("\r\n".join([*head, "", ""]).encode() + body)

    def take(self, *, method: str = "GET") -> Response:
        """The next response; raises OSError or HTTPException when it is cut."""
        response = http.client.HTTPResponse(_Kept(self.reader), method=method)  # type: ignore[arg-type]
        response.begin()
        body = response.read()
        return Response(response.status, [(k.lower(), v) for k, v in response.getheaders()], body)

    def ends(self) -> bool:
        """Whether the server ends the connection, by whatever means, before the deadline."""
        try:
            while self.socket.recv(1 << 20):
                pass
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self.reader.close()
        self.socket.close()


class _Kept:
    """Lets HTTPResponse close its file without closing ours."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def makefile(self, _: str) -> Any:
        return _Open(self.reader)


class _Open:
    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def close(self) -> None:
        """Not ours to close."""

    def flush(self) -> None:
        """Nothing to flush."""


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    connections: list[Raw] = field(default_factory=list)

    def connect(self, *, buffer: int = 0) -> Raw:
        self.connections.append(Raw(self.port, buffer=buffer))
        return self.connections[-1]

    def get(self, path: str, *headers: str, method: str = "GET", body: bytes = b"") -> Response:
        connection = Raw(self.port)
        if body:
            headers = (*headers, f"Content-Length: {len(body)}")
        try:
            connection.ask(path, *headers, method=method, body=body)
            return connection.take(method=method)
        finally:
            connection.close()

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = self.get("/counts").json
        return found

    def grows(self, name: str, before: dict[str, int], by: int = 1) -> None:
        until(lambda: self.counts().get(name, 0) - before.get(name, 0) >= by)

    def close_connections(self) -> None:
        while self.connections:
            self.connections.pop().close()


@contextmanager
def serving(
    folder: Path,
    *,
    limits: dict[str, Any] | None = None,
    proxies: list[str] | None = None,
    graceful: int = 10,
) -> Iterator[Served]:
    chosen = {"folder": str(folder), "limits": limits or {}, "proxies": proxies or [], "graceful": graceful}
    command = [sys.executable, "-W", "error", "-m", "kefu.config.tests.adapter_server", json.dumps(chosen)]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            served = Served(process, int(process.stdout.readline()))
            yield served
            served.close_connections()
        finally:
            process.kill()


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
