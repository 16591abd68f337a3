"""Peers that vanish without a word: pings find those that are silent, the system those that take nothing any more."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from kefu.config.running import listening, pings, web
from kefu.config.running.listening import listen

HANDSHAKE = (
    b"GET /ws/v1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PING, CLOSE = 0x89, 0x88
SOCKETS = 40
MORE_THAN_IT_TAKES = 64 * 2**20


class Peer(asyncio.Protocol):
    """Opens a socket and says nothing more; when it was pinged first, and when it was closed."""

    def __init__(self) -> None:
        self.opened_at = self.pinged_at = self.closed_at = 0.0

    def connection_made(self, transport: Any) -> None:
        transport.write(HANDSHAKE)

    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        if not self.opened_at:
            self.opened_at, data = at, data.partition(b"\r\n\r\n")[2]
        while data:
            if data[0] == PING:
                self.pinged_at = at
            elif data[0] == CLOSE:
                self.closed_at = at
            # What we are sent here is short, and says its length in one byte.
            data = data[2 + data[1] :]


async def silent(
    _: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def visited(patience: float) -> list[Peer]:
    """Peers that came all at once to a server with our settings, once all of them were closed."""
    config = web.configuration()
    config.app, config.lifespan = silent, "off"
    config.ws_ping_timeout = patience
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = asyncio.ensure_future(server.serve([door]))
        while not server.started:
            await asyncio.sleep(0.01)
        loop, address = asyncio.get_running_loop(), door.getsockname()
        opened = [await loop.create_connection(Peer, *address) for _ in range(SOCKETS)]
        peers = [peer for _, peer in opened]
        while not all(peer.closed_at for peer in peers):
            await asyncio.sleep(0.01)
        assert not server.server_state.connections
        server.should_exit = True
        await serving
    return peers


@pytest.mark.slow
def test_sockets_that_came_in_one_moment_are_pinged_spread_out_and_closed_if_they_do_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pings, "SOONEST", 0.3)
    monkeypatch.setattr(pings, "LATEST", 1.3)

    peers = asyncio.run(asyncio.wait_for(visited(patience=0.2), 30))

    waited = sorted(peer.pinged_at - peer.opened_at for peer in peers)
    assert waited[0] > 0.2
    # Forty drawn from one second are never all within half of it.
    assert waited[-1] - waited[0] > 0.5


def test_proxies_that_close_what_is_silent_for_a_minute_see_a_ping_before() -> None:
    assert pings.SOONEST < pings.LATEST <= 50
    assert issubclass(web.configuration().ws, pings.Pinged)


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only where a socket can be given a patience"
)
def test_a_peer_that_takes_nothing_any_more_is_given_up_by_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "GONE_AFTER", 0.5)
    with (
        listen("127.0.0.1", 0) as door,
        socket.create_connection(door.getsockname()),
        door.accept()[0] as ours,
    ):
        ours.settimeout(0.5)
        with pytest.raises(TimeoutError):
            ours.sendall(bytes(MORE_THAN_IT_TAKES))
        ours.settimeout(20)
        with pytest.raises(TimeoutError) as gone:
            ours.recv(1)

    # Our own patience has no number.
    assert gone.value.errno == errno.ETIMEDOUT
