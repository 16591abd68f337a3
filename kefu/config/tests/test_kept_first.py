"""Pages that go out in the moment they are asked for: the bytes of the usual way, in their order, on open connections."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import pytest

from kefu.config.adapter.asgi_types import Scope
from kefu.config.kept.answers import Answer
from kefu.config.kept.pages import KeptPages
from kefu.config.running import web
from kefu.config.running.kept_first import KeptFirst
from kefu.config.tests.own_server import serving

BODY = "谁来看都一样。".encode() * 100
HEADERS = [
    (b"content-type", b"text/plain"),
    (b"content-length", str(len(BODY)).encode()),
    (b"etag", b'"one"'),
]
KEPT, UNKEPT = Answer.of(HTTPStatus.OK, HEADERS, BODY), b"drawn"
DATE = re.compile(rb"date: [^\r]+GMT\r\n")
MANY = 3_000

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Any]]


class Pages:
    """An application that has /kept at hand; all else it draws, and says which it was asked to draw."""

    def __init__(self, kept: Answer = KEPT) -> None:
        self.kept = kept
        self.drawn: list[str] = []
        self.may_go_on = asyncio.Event()

    def at_once(self, scope: Scope) -> Answer | None:
        return self.kept if scope["path"] == "/kept" else None

    async def __call__(self, scope: Scope, _receive: Any, send: Any) -> None:
        self.drawn.append(scope["path"])
        if scope["path"] == "/slow":
            await self.may_go_on.wait()
        headers, body = HEADERS, self.kept.body
        if scope["path"] != "/kept":
            headers, body = [(b"content-length", b"5")], UNKEPT
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def told(pages: Pages, talk: Talk) -> Any:
    """What somebody hears of a server with our settings, whose application is this."""
    async with serving(pages) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        heard = await asyncio.wait_for(talk(reader, writer), 20)
        writer.close()
    return heard


def asking(path: str, *more: str, method: str = "GET") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: testserver", *more, "", "")).encode()


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length, head
    return head, await reader.readexactly(int(length[1]))


def test_the_server_asks_for_what_is_kept_first() -> None:
    assert web.configuration().http is KeptFirst
    assert callable(KeptPages.at_once)


@pytest.mark.slow
def test_what_is_kept_is_said_as_the_usual_way_says_it_without_asking_the_application() -> None:
    async def story() -> None:
        pages, usual = Pages(), Pages()
        usual.at_once = lambda _: None  # type: ignore[method-assign]

        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[bytes, bytes]:
            writer.write(asking("/kept"))
            return await answer(reader)

        (head, body), (usual_head, usual_body) = await told(pages, once), await told(usual, once)
        assert body == usual_body == BODY
        assert DATE.search(head)
        assert DATE.sub(b"", head) == DATE.sub(b"", usual_head)
        assert (pages.drawn, usual.drawn) == ([], ["/kept"])

    asyncio.run(story())


@pytest.mark.slow
def test_an_open_connection_takes_as_many_as_are_asked_for() -> None:
    async def story() -> None:
        pages = Pages()

        async def by_turns(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[bytes]:
            heard = []
            for path in ["/kept", "/drawn", "/kept", "/kept", "/drawn"]:
                writer.write(asking(path))
                heard.append((await answer(reader))[1])
            return heard

        assert await told(pages, by_turns) == [BODY, UNKEPT, BODY, BODY, UNKEPT]
        assert pages.drawn == ["/drawn"] * 2

    asyncio.run(story())


@pytest.mark.slow
@pytest.mark.parametrize("first", ["/kept", "/slow"])
def test_many_asked_for_in_one_breath_are_answered_in_their_order(first: str) -> None:
    async def story() -> None:
        pages = Pages()
        paths = [first, *(["/kept", "/drawn"] * (MANY // 2))]

        async def all_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[bytes]:
            writer.write(b"".join(asking(path) for path in paths))
            asyncio.get_running_loop().call_later(0.1, pages.may_go_on.set)
            return [(await answer(reader))[1] for _ in paths]

        expected = [BODY if path == "/kept" else UNKEPT for path in paths]
        assert await told(pages, all_at_once) == expected

    asyncio.run(story())


def test_a_connection_that_is_to_end_with_its_answer_ends() -> None:
    async def story() -> None:
        pages = Pages()

        async def last(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
            writer.write(asking("/kept", "Connection: close"))
            return await reader.read()

        heard = await told(pages, last)
        assert heard.endswith(BODY)
        assert b"connection: close" in heard
        assert pages.drawn == ["/kept"]

    asyncio.run(story())


def test_who_has_not_taken_the_last_answer_gets_no_more_at_once() -> None:
    async def story() -> None:
        length = 32 * 1024 * 1024
        long = Answer.of(HTTPStatus.OK, [(b"content-length", str(length).encode())], b"x" * length)
        pages = Pages(long)

        async def greedily(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[str]:
            writer.write(asking("/kept") * 3)
            for _ in range(200):
                await asyncio.sleep(0.01)
                if pages.drawn:
                    break
            writer.transport.abort()
            return [*pages.drawn]

        # The first lies in the server's memory; the second waits on the usual way, which watches the client's pace.
        assert await told(pages, greedily) == ["/kept"]

    asyncio.run(story())
