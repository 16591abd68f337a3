"""A real server of sockets that only takes notes, with our modules beside it."""

from __future__ import annotations

import contextlib
import json
import threading
from http import HTTPStatus
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from kefu.conversations.tests.browser import TYPES, file_at
from tests.protocol import note_said

YOU = {"type": "hello", "protocol": 1, "you": {"kind": "customer", "id": 0, "name": ""}}
Frames = list[dict[str, Any]]


class Line:
    """One socket, as the server sees it."""

    def __init__(self, connection: ServerConnection, *, is_silent: bool) -> None:
        self.connection = connection
        self.is_silent = is_silent
        self.heard: Frames = []
        self.is_over = False

    def tell(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def kinds(self) -> list[str]:
        return [frame["type"] for frame in self.heard]

    def told(self, kind: str) -> Frames:
        return [frame for frame in self.heard if frame["type"] == kind]


class Server:
    """Keeps what it is sent; greets and answers pings on lines that are not silent, and refuses sockets if it is blocked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.is_silent = False
        self.is_blocked = False
        self.serving = serve(self._take, "127.0.0.1", 0, process_request=self._answer)
        self.url = f"http://127.0.0.1:{self.serving.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serving.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        self.serving.shutdown()
        self.thread.join()

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.is_over]

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == "/ws/v1":
            return connection.respond(HTTPStatus.FORBIDDEN, "") if self.is_blocked else None
        if path == "/blank":
            return page_of(
                b"<!doctype html><html lang='en'><title>t</title><link rel='icon' href='data:,'>", ".html"
            )
        found = file_at(path)
        return (
            page_of(found.read_bytes(), found.suffix)
            if found
            else connection.respond(HTTPStatus.NOT_FOUND, "")
        )

    def _take(self, connection: ServerConnection) -> None:
        line = Line(connection, is_silent=self.is_silent)
        self.lines.append(line)
        with contextlib.suppress(ConnectionClosed):
            for raw in connection:
                note_said(raw)
                frame = json.loads(raw)
                line.heard.append(frame)
                if not line.is_silent and frame["type"] == "hello":
                    line.tell(**YOU)
                elif not line.is_silent and frame["type"] == "ping":
                    line.tell(type="pong")
        line.is_over = True


def page_of(body: bytes, suffix: str) -> Response:
    headers = Headers({"Content-Type": TYPES.get(suffix, "text/plain"), "Content-Length": str(len(body))})
    return Response(200, "OK", headers, body)
