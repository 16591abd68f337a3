"""The whole body first, then a thread: in memory while it is small, in a temporary file when it grows."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from kefu.config.adapter.asgi_types import Receive, Scope
from kefu.config.adapter.limits import Limits
from kefu.config.adapter.pace import Pace
from kefu.config.adapter.refusals import ClientGone, TooLarge
from kefu.config.adapter.threads import StreamThreads


@dataclass
class Body:
    """A body at its beginning, and its counted length in bytes."""

    file: IO[bytes]
    length: int
    is_on_disk: bool


def no_body() -> Body:
    return Body(BytesIO(), 0, is_on_disk=False)


class Spool:
    """Takes chunks; beyond `memory` bytes they go to disk, in pieces, by a stream thread."""

    def __init__(self, memory: int, streams: StreamThreads) -> None:
        self.memory = memory
        self.streams = streams
        self.length = 0
        self._kept = BytesIO()
        self._file: IO[bytes] | None = None

    async def add(self, chunk: bytes) -> None:
        self.length += len(chunk)
        self._kept.write(chunk)
        if self._kept.tell() > self.memory:
            await self._move_to_disk()

    async def body(self) -> Body:
        if self._file is None:
            self._kept.seek(0)
            return Body(self._kept, self.length, is_on_disk=False)
        await self._move_to_disk()
        self._file.seek(0)
        return Body(self._file, self.length, is_on_disk=True)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    async def _move_to_disk(self) -> None:
        kept, self._kept = self._kept, BytesIO()
        with self.streams.lend() as thread:
            await thread.call(self._write, kept)

    def _write(self, kept: BytesIO) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="kefu-")  # noqa: SIM115 - closed after the request
        self._file.write(kept.getbuffer())


def has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0"))
        for name, value in scope["headers"]
    )


def refuse_what_is_declared_too_large(scope: Scope, limits: Limits) -> None:
    """Before a byte of the body is read. Raises TooLarge."""
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > limits.body_at(scope["path"]):
            raise TooLarge


async def spool(scope: Scope, receive: Receive, *, limits: Limits, streams: StreamThreads) -> Body:
    """Read the body to its end. Raises TooLarge, TooSlow, or ClientGone if it was cut off."""
    kept = Spool(limits.memory, streams)
    try:
        await _fill(kept, receive, Pace(limits), largest=limits.body_at(scope["path"]))
        return await kept.body()
    except BaseException:
        kept.close()
        raise


async def _fill(kept: Spool, receive: Receive, pace: Pace, *, largest: int) -> None:
    while True:
        message = await pace.wait(receive())
        if message["type"] != "http.request":
            raise ClientGone
        chunk = message.get("body", b"")
        pace.count(len(chunk))
        if kept.length + len(chunk) > largest:
            raise TooLarge
        await kept.add(chunk)
        if not message.get("more_body", False):
            return
