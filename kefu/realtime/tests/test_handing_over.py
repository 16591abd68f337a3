"""A process that stops sends its sockets to the others."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from kefu.realtime import connection as connection_module
from kefu.realtime import hub as hub_module
from kefu.realtime import socket
from kefu.realtime.connection import MOST_QUEUED, TOO_SLOW, Connection
from kefu.realtime.hub import LEAVE_EACH_SECOND, LEAVE_EVERY, Hub
from kefu.realtime.people import Credentials


class Socket:
    """The other end: what it was sent, and when it was closed and how."""

    def __init__(self, hub: Hub, *, takes: bool = True) -> None:
        self.hub, self.takes = hub, takes
        self.heard: list[str] = []
        self.closed: int | None = None
        self.closed_at = 0.0
        self.connection = Connection(self._send, credentials=Credentials(cookies={}))
        hub.add(self.connection)
        self.writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        await self.connection.write()
        self.hub.remove(self.connection)

    async def _send(self, message: dict[str, Any]) -> None:
        while not self.takes:
            await asyncio.sleep(0.01)
        if message["type"] == "websocket.close":
            self.closed, self.closed_at = message["code"], time.monotonic()
        else:
            self.heard.append(message["text"])


def run(story: Any) -> None:
    async def with_hub() -> None:
        hub = Hub()
        try:
            await story(hub)
        finally:
            hub.close()

    asyncio.run(asyncio.wait_for(with_hub(), 20))


@pytest.mark.slow
def test_sockets_leave_few_at_a_time():
    async def story(hub: Hub) -> None:
        sockets = [Socket(hub) for _ in range(150)]

        began_at = time.monotonic()
        await hub.hand_over()

        assert {socket.closed for socket in sockets} == {1012}
        moments = sorted(socket.closed_at - began_at for socket in sockets)
        at_once = LEAVE_EACH_SECOND * LEAVE_EVERY
        for place, moment in enumerate(moments):
            assert moment >= place // at_once * LEAVE_EVERY * 0.9, f"{place} left after {moment:.3f} s"

    run(story)


@pytest.mark.slow
def test_however_many_they_are_it_ends_in_time(monkeypatch):
    monkeypatch.setattr(hub_module, "LEAVES_WITHIN", 0.3)

    async def story(hub: Hub) -> None:
        sockets = [Socket(hub) for _ in range(2_000)]

        began_at = time.monotonic()
        await hub.hand_over()

        assert {socket.closed for socket in sockets} == {1012}
        # At the usual pace it would be four seconds.
        assert time.monotonic() - began_at < 2.0

    run(story)


def test_what_waits_for_a_socket_is_sent_before_it_leaves():
    async def story(hub: Hub) -> None:
        socket = Socket(hub)
        for number in range(10):
            socket.connection.put(str(number).encode())

        await hub.hand_over()
        socket.connection.put(b"later")
        await socket.writing

        assert (socket.heard, socket.closed) == ([str(number) for number in range(10)], 1012)

    run(story)


def test_one_that_does_not_read_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(hub_module, "PATIENCE", 0.1)

    async def story(hub: Hub) -> None:
        stuck = Socket(hub, takes=False)
        for _ in range(MOST_QUEUED):
            stuck.connection.put(b"news")
        await asyncio.sleep(0)

        began_at = time.monotonic()
        await hub.hand_over()

        assert time.monotonic() - began_at < 1.0
        assert stuck.connection.is_closing
        stuck.writing.cancel()

    run(story)


def test_who_comes_meanwhile_is_sent_on():
    async def story(hub: Hub) -> None:
        await hub.hand_over()

        late = Socket(hub)
        await late.writing

        assert late.closed == 1012

    run(story)


def test_a_socket_that_was_being_closed_keeps_its_own_code():
    async def story(hub: Hub) -> None:
        slow = Socket(hub)
        slow.connection.close(TOO_SLOW)

        await hub.hand_over()

        assert slow.closed == TOO_SLOW

    run(story)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_who_speaks_while_it_is_sent_away_still_hears_all_and_the_code():
    from kefu.realtime.tests.clients import Client, a_process

    class Slow(Client):
        async def _hear(self, message: dict[str, Any]) -> None:
            await asyncio.sleep(0.05)
            await super()._hear(message)

    async def story() -> None:
        async with a_process() as hub, Slow() as client:
            while not hub.connections:
                await asyncio.sleep(0.01)
            [connection] = hub.connections
            for _ in range(4):
                connection.put(b'{"type":"pong"}')
            leaving = asyncio.create_task(hub.hand_over())
            await asyncio.sleep(0)
            client.say("ping")

            assert await client.hear_close() == 1012
            assert len(client.told) == 4
            await leaving

    asyncio.run(asyncio.wait_for(story(), 20))


@pytest.mark.django_db(transaction=True)
def test_a_real_handler_accepts_a_late_socket_and_sends_it_on():
    """Refused before it was accepted, it would look to a browser as if sockets were blocked."""
    from kefu.realtime.tests.clients import Client, a_process

    async def story() -> None:
        async with a_process() as hub:
            await hub.hand_over()
            async with Client() as late:
                assert await late.hear_close() == 1012

    asyncio.run(asyncio.wait_for(story(), 20))


def test_a_peer_that_does_not_even_take_its_code_is_given_up(monkeypatch):
    monkeypatch.setattr(connection_module, "GIVES_UP_AFTER", 0.05)

    async def story():
        never, heard = asyncio.Event(), asyncio.Queue()
        heard.put_nowait({"type": "websocket.connect"})

        async def send(message):
            if message["type"] != "websocket.accept":
                await never.wait()

        serving = asyncio.create_task(socket.serve({"type": "websocket", "headers": []}, heard.get, send))
        heard.put_nowait({"type": "websocket.receive", "text": "{"})
        await asyncio.sleep(0)
        while not hub_module.hub.connections:
            await asyncio.sleep(0.01)
        (connection,) = hub_module.hub.connections
        connection.close(TOO_SLOW)
        await asyncio.wait_for(serving, 5)
        assert not hub_module.hub.connections

    asyncio.run(story())
