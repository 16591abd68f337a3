"""What a page says comes in whole and in its order, however the network cuts it, by the short way or by the library's."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from kefu.config.running.direct import Direct

LARGEST = 1_000
HELLO = "ws://localhost/"


async def application(_: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await asyncio.Event().wait()


class Socket:
    """The product's end alone, with a browser's end beside it that writes its frames."""

    def __init__(self) -> None:
        config = uvicorn.Config(application, ws=Direct, ws_max_size=LARGEST, ws_per_message_deflate=False)
        config.load()
        self.transport = Mock(**{"is_closing.return_value": False, "get_extra_info.return_value": None})
        self.end = Direct(config, ServerState(), {})
        self.client = ClientProtocol(parse_uri(HELLO))

    async def open(self) -> Socket:
        self.end.connection_made(self.transport)
        self.client.send_request(self.client.connect())
        self.end.data_received(b"".join(self.client.data_to_send()))
        while not self.transport.write.called:
            await asyncio.sleep(0)
        self.client.receive_data(self.transport.write.call_args.args[0])
        self.client.data_to_send()
        return self

    def close(self) -> None:
        self.end.stop_keepalive()
        for task in self.end.tasks:
            task.cancel()

    @property
    def heard(self) -> list[Any]:
        """What waits for the application, and last the code if the socket has ended."""
        found = []
        while not self.end.queue.empty():
            event = self.end.queue.get_nowait()
            found.append(next(event[name] for name in ("text", "bytes", "code") if name in event))
        return found


def masked(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin=fin).serialize(mask=True)


def whole(text: str) -> bytes:
    return masked(Opcode.TEXT, text.encode())


def in_pieces(text: str) -> bytes:
    data = text.encode()
    half = len(data) // 2
    return (
        masked(Opcode.TEXT, data[:half], fin=False)
        + masked(Opcode.PING, b"still there?")
        + masked(Opcode.CONT, data[half:])
    )


async def heard_of(chunks: list[bytes]) -> list[Any]:
    socket = await Socket().open()
    try:
        for chunk in chunks:
            socket.end.data_received(chunk)
        return socket.heard
    finally:
        socket.close()


def hear(*chunks: bytes) -> list[Any]:
    return asyncio.run(heard_of(list(chunks)))


texts = st.text(alphabet="客 a🙂", max_size=80)


@given(
    st.lists(st.tuples(texts, st.sampled_from([whole, in_pieces]), st.booleans()), max_size=6),
    st.lists(st.integers(0, 600), max_size=4),
)
def test_however_it_is_cut_each_message_comes_once_and_in_order(said, cuts):
    # Each frame as a chunk of its own, unless it follows at once; and cut again anywhere.
    stream, ends = b"", {0}
    for text, written, follows_at_once in said:
        stream += written(text)
        if not follows_at_once:
            ends.add(len(stream))
    places = sorted(ends | {cut for cut in cuts if cut < len(stream)} | {len(stream)})

    assert hear(*[stream[first:last] for first, last in pairwise(places)]) == [text for text, *_ in said]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, LARGEST])
def test_a_whole_message_comes_in_without_the_library(length, monkeypatch):
    async def story() -> list[Any]:
        socket = await Socket().open()
        monkeypatch.setattr(socket.end.conn, "receive_data", Mock(side_effect=AssertionError))
        socket.end.data_received(whole("x" * length))
        socket.close()
        return socket.heard

    assert asyncio.run(story()) == ["x" * length]


@pytest.mark.parametrize(
    ("chunk", "code"),
    [
        (whole("x" * (LARGEST + 1)), 1009),
        (Frame(Opcode.TEXT, b"not masked").serialize(mask=False), 1002),
        (masked(Opcode.TEXT, b"\xff\xfe"), 1007),
        (b"\xc1" + whole("a reserved bit")[1:], 1002),
    ],
    # Masks are drawn, and differ between two processes.
    ids=["too large", "not masked", "no text", "a reserved bit"],
)
def test_what_breaks_the_protocol_ends_the_socket_as_ever(chunk, code):
    assert hear(whole("first"), chunk) == ["first", code]


def test_a_new_message_within_another_breaks_the_protocol():
    assert hear(masked(Opcode.TEXT, b"half", fin=False), whole("another")) == [1002]


def test_what_looks_like_a_message_within_another_is_part_of_it():
    inner = whole("inner")
    # Masked with nothing, so that its bytes go over the wire as they are.
    begins = bytes((0x82, 0x80 + len(inner))) + bytes(4)

    assert hear(begins, inner, whole("after")) == [inner, "after"]


def test_what_comes_after_their_close_is_not_heard():
    assert hear(masked(Opcode.CLOSE, b"\x03\xe8"), whole("late")) == [1000]


def test_what_comes_after_our_close_is_not_heard():
    async def story() -> list[Any]:
        socket = await Socket().open()
        await socket.end.send({"type": "websocket.close", "code": 4001})
        before = socket.heard
        socket.end.data_received(whole("late"))
        socket.close()
        assert before == [4001]
        return socket.heard

    assert asyncio.run(story()) == []
