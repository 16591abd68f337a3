"""What the other tests rely on: a frame that the schema does not know fails them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from kefu.realtime.frames import encode
from tests import protocol
from tests.protocol import Wrong


@pytest.fixture
def noted() -> Iterator[list[str]]:
    yield protocol.noted
    # The test has seen to them itself.
    protocol.noted.clear()


def test_a_frame_made_here_is_looked_at(noted: list[str]) -> None:
    encode({"type": "pong"})
    assert noted == []

    encode({"type": "pong", "more": 1})

    assert len(noted) == 1


async def answer_wrong(line: ServerConnection) -> None:
    async for _ in line:
        await line.send('{"type": "fly"}')


async def talk(path: str, *said: str) -> None:
    async with serve(answer_wrong, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}{path}") as line:
            for one in said:
                await line.send(one)
                await line.recv()


def test_sockets_of_python_are_listened_to_in_both_directions(noted: list[str]) -> None:
    asyncio.run(talk("/ws/v1", '{"type": "ping", "more": 1}', '{"type": "ping"}'))

    assert [problem.partition(" in ")[2] for problem in noted] == [
        '{"type": "ping", "more": 1}',
        '{"type": "fly"}',
        '{"type": "fly"}',
    ]


def test_a_socket_that_is_read_in_a_loop_is_listened_to_as_well(noted: list[str]) -> None:
    async def read() -> None:
        async with serve(answer_wrong, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with connect(f"ws://127.0.0.1:{port}/ws/v1") as line:
                await line.send('{"type": "ping"}')
                async for _ in line:
                    return

    asyncio.run(read())

    assert [problem.partition(" in ")[2] for problem in noted] == ['{"type": "fly"}']


def test_what_is_wrong_on_purpose_and_other_sockets_are_left_alone(noted: list[str]) -> None:
    asyncio.run(talk("/elsewhere", "no JSON at all"))
    assert noted == []

    asyncio.run(talk("/ws/v1", Wrong('{"type": "hop"}')))

    assert "hop" not in "".join(noted)
