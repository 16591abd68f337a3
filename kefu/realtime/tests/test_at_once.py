"""What can go out at once does; what must wait keeps its place behind what waits."""

from __future__ import annotations

import asyncio
from typing import Any

from kefu.realtime.connection import MOST_QUEUED, Connection
from kefu.realtime.people import Credentials


class Line:
    """A socket's end that takes frames at once while it has room, and else when it is let."""

    def __init__(self) -> None:
        self.has_room = True
        self.let = asyncio.Event()
        self.heard: list[str] = []
        self.at_once: list[str] = []
        self.connection = Connection(self._send, credentials=Credentials(cookies={}), at_once=self._now)
        self.writing = asyncio.create_task(self.connection.write())

    def _now(self, frame: bytes) -> bool:
        if self.has_room:
            self.heard.append(frame.decode())
            self.at_once.append(frame.decode())
        return self.has_room

    async def _send(self, message: dict[str, Any]) -> None:
        await self.let.wait()
        self.heard.append(message.get("text") or str(message["code"]))


def test_a_frame_is_sent_before_put_returns():
    async def story() -> None:
        line = Line()

        line.connection.put(b"one")

        assert line.heard == ["one"]
        line.writing.cancel()

    asyncio.run(story())


def test_what_comes_while_another_waits_does_not_pass_it():
    async def story() -> None:
        line = Line()
        line.has_room = False
        line.connection.put(b"one")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        # It is taken from the queue and under way, and there is room again.
        line.has_room = True

        line.connection.put(b"two")
        line.connection.put(b"three")
        line.let.set()
        await asyncio.sleep(0.01)
        line.connection.put(b"four")

        assert line.heard == ["one", "two", "three", "four"]
        assert line.at_once == ["four"]
        line.writing.cancel()

    asyncio.run(story())


def test_a_reader_without_room_still_loses_the_socket_and_not_a_frame():
    async def story() -> None:
        line = Line()
        line.has_room = False

        for place in range(MOST_QUEUED + 2):
            line.connection.put(f"{place}".encode())

        assert line.connection.is_closing
        line.let.set()
        await line.writing
        assert line.heard[-1] == "4008"

    asyncio.run(story())


def test_what_was_said_before_the_end_comes_before_the_close():
    async def story() -> None:
        line = Line()
        line.let.set()

        line.connection.put(b"one")
        line.has_room = False
        line.connection.put(b"two")
        line.connection.end(1012)
        line.connection.put(b"late")
        await line.writing

        assert line.heard == ["one", "two", "1012"]

    asyncio.run(story())


def test_turns_are_taken_one_after_the_other_and_nobody_comes_between():
    async def story() -> None:
        line = Line()
        order: list[str] = []

        async def wait_for_a_turn() -> None:
            await line.connection.take_turn()
            order.append("waited")

        assert line.connection.take_turn_at_once()
        waiting = asyncio.create_task(wait_for_a_turn())
        await asyncio.sleep(0)
        line.connection.give_turn()
        # It is the other's already, who has not even begun with it.
        assert not line.connection.take_turn_at_once()
        await waiting
        assert order == ["waited"]

        line.connection.give_turn()
        assert line.connection.take_turn_at_once()
        line.writing.cancel()

    asyncio.run(story())


def test_the_turn_of_one_who_has_gone_away_is_free():
    async def story() -> None:
        line = Line()
        assert line.connection.take_turn_at_once()
        waiting = asyncio.create_task(line.connection.take_turn())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)

        line.connection.give_turn()

        assert line.connection.take_turn_at_once()
        line.writing.cancel()

    asyncio.run(story())
