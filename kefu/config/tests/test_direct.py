"""Frames that are sent in the moment they are said: whole, in their order, and not when the network has no room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from kefu.config.running import direct
from kefu.config.tests.own_server import serving
from kefu.realtime.connection import AT_ONCE, HEARD_AT_ONCE

Story = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
MORE_THAN_FITS = 64 * 2**20


async def told(story: Story, hearing: Callable[[ClientConnection], Awaitable[Any]]) -> Any:
    """What somebody hears of a server with our settings, whose application does this with each socket."""
    async with (
        serving(story) as port,
        connect(f"ws://127.0.0.1:{port}/", max_size=None, compression=None) as line,
    ):
        return await asyncio.wait_for(hearing(line), 20)


def hear(story: Story, hearing: Callable[[ClientConnection], Awaitable[Any]]) -> Any:
    return asyncio.run(told(story, hearing))


async def opened(scope: dict[str, Any], receive: Any, send: Any) -> Callable[[bytes], bool]:
    await receive()
    await send({"type": "websocket.accept"})
    at_once: Callable[[bytes], bool] = scope["extensions"][AT_ONCE]
    return at_once


@pytest.mark.slow
@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_length_arrives_as_the_text_that_it_was(length: int):
    text = "客" * (length // 3) + "x" * (length % 3)

    async def story(scope: dict[str, Any], receive: Any, send: Any) -> None:
        at_once = await opened(scope, receive, send)
        assert at_once(text.encode())
        await send({"type": "websocket.send", "text": "the usual way"})

    async def both(line: ClientConnection) -> list[Any]:
        return [await line.recv(), await line.recv()]

    assert hear(story, both) == [text, "the usual way"]


@pytest.mark.slow
def test_when_the_network_has_no_room_nothing_is_sent_and_the_usual_way_waits():
    sent: list[int] = []

    async def story(scope: dict[str, Any], receive: Any, send: Any) -> None:
        at_once = await opened(scope, receive, send)
        while at_once(b"%7d" % len(sent) * 10_000):
            sent.append(len(sent))
            assert len(sent) * 70_000 < MORE_THAN_FITS
        await send({"type": "websocket.send", "text": "last"})

    async def slowly(line: ClientConnection) -> list[int]:
        await asyncio.sleep(0.2)
        heard = []
        async for text in line:
            if text == "last":
                break
            heard.append(int(text[:7]))
        return heard

    heard = hear(story, slowly)

    assert heard == sent
    assert sent


def test_nothing_is_sent_behind_the_close():
    answers: list[bool] = []
    heard: list[Any] = []

    async def story(scope: dict[str, Any], receive: Any, send: Any) -> None:
        at_once = await opened(scope, receive, send)
        await send({"type": "websocket.close", "code": 4001})
        answers.append(at_once(b"late"))

    async def until_closed(line: ClientConnection) -> tuple[list[Any], int | None]:
        with pytest.raises(ConnectionClosed):
            heard.append(await line.recv())
        return heard, line.close_code

    assert hear(story, until_closed) == ([], 4001)
    assert answers == [False]


@pytest.mark.slow
def test_who_says_more_than_is_taken_is_not_read_until_it_is():
    unread: list[int] = []

    async def story(scope: dict[str, Any], receive: Any, send: Any) -> None:
        at_once = await opened(scope, receive, send)
        protocol = scope["extensions"][AT_ONCE].__self__
        while not protocol.read_paused:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        unread.append(protocol.queue.qsize())
        for _ in range(100):
            at_once((await receive())["text"].encode())

    async def many(line: ClientConnection) -> list[Any]:
        for place in range(100):
            await line.send(f"{place}" + " " * 60_000)
        return [int(await line.recv()) for _ in range(100)]

    assert hear(story, many) == list(range(100))
    # One more that was read before the reading stopped, and what came with it.
    assert direct.MOST_UNREAD < unread[0] <= 2 * direct.MOST_UNREAD


def test_what_comes_is_asked_about_first_and_goes_the_usual_way_where_it_is_not_taken():
    async def story(scope: dict[str, Any], receive: Any, send: Any) -> None:
        at_once = await opened(scope, receive, send)

        def take(text: bytes) -> bool:
            return text.startswith(b"now") and at_once(b"at once: " + text)

        scope["extensions"][HEARD_AT_ONCE](take)
        at_once(b"ready")
        for _ in range(2):
            text = (await receive())["text"]
            # What comes meanwhile is taken, and this is taken no more.
            at_once(b"usual: " + text.encode())
        scope["extensions"][HEARD_AT_ONCE](None)
        at_once(b"usual: " + (await receive())["text"].encode())

    async def all_kinds(line: ClientConnection) -> list[Any]:
        heard = [await line.recv()]
        for text in ("now 一", "later 二", "now 三", "later 四", "now 五"):
            await line.send(text)
            heard.append(await line.recv())
        return heard

    assert hear(story, all_kinds) == [
        "ready",
        "at once: now 一",
        "usual: later 二",
        "at once: now 三",
        "usual: later 四",
        "usual: now 五",
    ]


def test_what_waits_is_passed_by_nothing_that_comes_later():
    async def story(scope: dict[str, Any], receive: Any, send: Any) -> None:
        at_once = await opened(scope, receive, send)
        taken: list[bytes] = []

        def take(text: bytes) -> bool:
            taken.append(text)
            return text == b"now"

        scope["extensions"][HEARD_AT_ONCE](take)
        at_once(b"ready")
        await asyncio.sleep(0.2)
        waiting = [(await receive())["text"] for _ in range(2)]
        at_once(f"{waiting} {taken}".encode())

    async def both(line: ClientConnection) -> Any:
        await line.recv()
        await line.send("later")
        # What comes in one piece is the library's in any case.
        await asyncio.sleep(0.05)
        await line.send("now")
        return await line.recv()

    assert hear(story, both) == "['later', 'now'] [b'later']"
