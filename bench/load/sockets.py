"""A client's WebSocket, in compiled code, so that the load takes less than the server that it measures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

HANDSHAKE_WITHIN = 30


class Socket(WSListener):  # type: ignore[misc] # It comes without types where the bench's environment is not.
    """Gives each text frame to `take` and says by `lost` that the other side has closed."""

    def __init__(self, take: Callable[[bytes], None], lost: Callable[[int], None]) -> None:
        self.take = take
        self._lost = lost
        self._is_ended = False
        self._code = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, _: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self.take(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            self._code = int(frame.get_close_code() or 0)

    def on_ws_disconnected(self, _: WSTransport) -> None:
        if not self._is_ended:
            self._lost(self._code)

    def send(self, payload: bytes) -> None:
        self._transport.send(WSMsgType.TEXT, payload)

    def end(self) -> None:
        self._is_ended = True
        self._transport.disconnect()


async def connect(
    url: str, take: Callable[[bytes], None], lost: Callable[[int], None], headers: dict[str, str]
) -> Socket:
    _, socket = await ws_connect(
        lambda: Socket(take, lost),
        url,
        extra_headers=headers,
        websocket_handshake_timeout=HANDSHAKE_WITHIN,
        max_frame_size=64 * 1024 * 1024,
        # Thousands of sockets wait in one process.
        read_buffer_init_size=2048,
    )
    assert isinstance(socket, Socket)  # noqa: S101 - what the factory made
    return socket


class Greeting:
    """Waits until a socket has been told all that it asked for: one snapshot or count a topic."""

    def __init__(self, answers: int) -> None:
        self._left = answers
        self._done = asyncio.get_running_loop().create_future()

    def count(self) -> None:
        self._left -= 1
        if self._left <= 0 and not self._done.done():
            self._done.set_result(None)

    def fail(self, reason: str) -> None:
        if not self._done.done():
            self._done.set_exception(ConnectionError(reason))

    async def wait(self, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            await self._done
