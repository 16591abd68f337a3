"""What goes back to the client: at once when it is short, at the client's pace when it is long."""

from __future__ import annotations

import asyncio
import contextlib

from kefu.config.adapter.asgi_types import Headers, Message, Receive, Send
from kefu.config.adapter.limits import MIB, Limits
from kefu.config.adapter.pace import Pace
from kefu.config.adapter.refusals import Refused, TooSlow

# How long, and for how much, we still read what a refused client is sending, so that it can hear our answer.
LINGER_SECONDS = 2.0
LINGER_BYTES = 8 * MIB
# What is longer than this is given to the server in pieces, as fast as the client takes them.
SHORT = 256 * 1024


class Outgoing:
    """One response. A client that doesn't take it is cut off, which frees its socket and our memory."""

    def __init__(self, send: Send, limits: Limits) -> None:
        self._send = send
        self.limits = limits
        self.pace = Pace(limits)
        self.has_started = False

    async def start(self, status: int, headers: Headers) -> None:
        self.has_started = True
        await self._give({"type": "http.response.start", "status": status, "headers": headers})

    async def piece(self, data: bytes, *, more: bool) -> None:
        self.pace.count(len(data))
        await self._give({"type": "http.response.body", "body": data, "more_body": more})

    async def data(self, data: bytes, *, more: bool) -> None:
        """As many pieces as it takes, each at the client's pace."""
        last = max(0, len(data) - 1) // self.limits.piece * self.limits.piece
        for start in range(0, last, self.limits.piece):
            await self.piece(data[start : start + self.limits.piece], more=True)
        await self.piece(data[last:], more=more)

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        """A short body in one final message: after full length and then an empty end, clients hurry ahead."""
        await self.start(status, headers)
        if len(body) <= SHORT:
            await self.piece(body, more=False)
        else:
            await self.data(body, more=False)

    async def refuse(self, why: Refused, *, unread: Receive | None = None) -> None:
        """Say why in plain text; with an unread body behind it, close the connection too."""
        text = why.says.encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if why.retry_after:
            headers.append((b"retry-after", str(why.retry_after).encode()))
        if unread is None:
            await self.whole(why.status, headers, text)
            return
        await self.start(why.status, [*headers, (b"connection", b"close")])
        await self.piece(text, more=True)
        if not isinstance(why, TooSlow):
            await _linger(unread)
        await self.piece(b"", more=False)

    async def cut(self) -> None:
        """End the connection in the middle. ASGI has no word for it, so we take uvicorn's transport."""
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
            # The server notes the loss in its own turn, and then doesn't miss the rest of the answer.
            await asyncio.sleep(0)

    async def _give(self, message: Message) -> None:
        try:
            await self.pace.wait(self._send(message))
        except TooSlow:
            await self.cut()
            raise


async def _linger(receive: Receive) -> None:
    # Closing on unread data resets the connection, and a reset can overtake our answer.
    taken = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while taken < LINGER_BYTES:
                message = await receive()
                taken += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
