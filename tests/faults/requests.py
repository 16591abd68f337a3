"""One plain HTTP request at a time, without a thread for each: hundreds may wait for a process that stands still."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWER_WITHIN = 20.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


async def ask(port: int, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Answer:
    """Raises OSError or asyncio.TimeoutError when there is no answer, whole and in time."""
    async with asyncio.timeout(ANSWER_WITHIN):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(_request(port, method, path, headers, body))
            head = (await _until_empty_line(reader)).decode("latin-1")
            said = await reader.read()
        finally:
            with contextlib.suppress(OSError):
                writer.close()
    status, *lines = head.split("\r\n")
    named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if named.get("transfer-encoding") == "chunked":
        said = _joined(said)
    elif len(said) != int(named.get("content-length", len(said))):
        raise ConnectionResetError("the answer was cut off")
    return Answer(int(status.split(" ")[1]), said)


def _request(port: int, method: str, path: str, headers: Mapping[str, str], body: Any) -> bytes:
    written = b"" if body is None else json.dumps(body).encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: localhost:{port}",
        "Connection: close",
        "Accept: application/json",
        f"Content-Length: {len(written)}",
        *(["Content-Type: application/json"] if written else []),
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + written


async def _until_empty_line(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(b"\r\n\r\n"))[:-4]
    except asyncio.IncompleteReadError as problem:
        raise ConnectionResetError("there was no answer") from problem


def _joined(chunked: bytes) -> bytes:
    """The pieces of a body that came in pieces (RFC 9112, section 7.1)."""
    found = bytearray()
    while True:
        size, separator, rest = chunked.partition(b"\r\n")
        if not separator:
            raise ConnectionResetError("the answer was cut off")
        length = int(size, 16)
        if length == 0:
            return bytes(found)
        found += rest[:length]
        chunked = rest[length + 2 :]
