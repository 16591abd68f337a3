"""A client for tests where sockets are blocked: plain requests and streams, without a network between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from kefu.realtime import roads
from tests.protocol import check, check_told


class Road:
    """A client that can only send requests; `stays` is false for one that goes away at once."""

    def __init__(
        self,
        cookies: dict[str, str] | None = None,
        *,
        accept: str = "application/json",
        host: str = "testserver",
    ) -> None:
        jar = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v1/frames",
            "headers": [
                (b"host", host.encode()),
                (b"cookie", jar.encode()),
                (b"content-type", b"application/json"),
                (b"accept", accept.encode()),
            ],
        }
        self.status = 0
        self.body = b""
        self.news = asyncio.Event()
        self.goes = asyncio.Event()

    async def ask(self, raw: bytes | None = None, **fields: Any) -> Any:
        """The whole answer as JSON; `raw` is a body of one's own."""
        if raw is None:
            check({"protocol": 1} | fields, "FramesRequest")
            raw = json.dumps({"protocol": 1} | fields).encode()
        await asyncio.wait_for(roads.serve(self.scope, self._receive(raw), self._send), 20)
        answer = json.loads(self.body)
        check(answer, "FramesAnswer" if self.status == 200 else "Error")
        return answer

    def _receive(self, body: bytes) -> Any:
        coming = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if coming:
                return coming.pop()
            await self.goes.wait()
            return {"type": "http.disconnect"}

        return receive

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message["body"]
        self.news.set()

    async def events(self, **fields: Any) -> AsyncIterator[dict[str, Any]]:
        """Each frame of a stream as it comes."""
        check({"protocol": 1} | fields, "FramesRequest")
        body = json.dumps({"protocol": 1} | fields).encode()
        serving = asyncio.create_task(roads.serve(self.scope, self._receive(body), self._send))
        read = 0
        try:
            while True:
                parts = self.body.split(b"\n\n")[:-1]
                for part in parts[read:]:
                    read += 1
                    if part.startswith(b"data: "):
                        frame = json.loads(part.removeprefix(b"data: "))
                        check_told(frame)
                        yield frame
                    elif part.startswith(b"event: close"):
                        check(json.loads(part.partition(b"data: ")[2]), "CloseCode")
                        return
                self.news.clear()
                await asyncio.wait_for(self.news.wait(), 20)
        finally:
            self.goes.set()
            await asyncio.wait_for(serving, 20)
