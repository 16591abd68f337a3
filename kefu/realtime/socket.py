"""The socket's life: hello, then frames in and frames out, until either side ends it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port

from kefu.background.meters import Count
from kefu.realtime import presence, topics, verbs
from kefu.realtime.connection import (
    AT_ONCE,
    BAD_HELLO,
    HEARD_AT_ONCE,
    LOST_PERMISSION,
    NOT_SIGNED_IN,
    TRY_LATER,
    Connection,
    Send,
    TakeAtOnce,
)
from kefu.realtime.database import Busy
from kefu.realtime.frames import LARGEST, PROTOCOL, UNREADABLE, Hello, Ping, Unwatch, Watch, encode, error
from kefu.realtime.hub import hub
from kefu.realtime.leases import forget
from kefu.realtime.people import Credentials, Person, identify
from kefu.realtime.shapes import ErrorCode, Greeting, Pong
from kefu.ui.zero_characters import known_cookies

log = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[dict[str, Any]]]
HELLO_WITHIN = 10
# Every team of a large house, and what is open beside.
MOST_TOPICS = 500
LONGEST_CLIENT_ID = 64
BUSY = Count("kefu_busy", 'Frames that were answered with "busy": too many waited, or the database was away.')
PONG: Pong = {"type": "pong"}


async def serve(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """One WebSocket from accept to close. Origin was checked by the router."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    extensions = scope.get("extensions", {})
    connection = Connection(send, credentials=_credentials(scope), at_once=extensions.get(AT_ONCE))
    hear = extensions.get(HEARD_AT_ONCE, _not_heard)
    writer = asyncio.create_task(connection.write())
    serving = asyncio.current_task()
    connection.give_up = serving.cancel if serving else None
    hub.add(connection)
    hear(partial(_take_at_once, connection))
    try:
        await _converse(connection, receive, writer)
    except asyncio.CancelledError:
        if serving is None or not connection.is_closing:
            raise
        serving.uncancel()
    finally:
        hear(None)
        connection.give_up = None
        hub.remove(connection)
        forget(connection)
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await writer


async def _converse(connection: Connection, receive: Receive, writer: asyncio.Task[None]) -> None:
    """Until either side ends it: of a socket that we have closed, the server says that it is gone, as ASGI has it."""
    while True:
        message = await (receive() if connection.person else _hello(connection, receive))
        if message["type"] == "websocket.disconnect":
            return
        await connection.take_turn()
        # Asked when its turn has come: meanwhile its person may have lost the right to say it.
        if connection.is_closing:
            # What it says now it says again elsewhere; what waits for it and the code are still on their way.
            await asyncio.wait({writer}, timeout=5)
            return
        await _take(connection, message.get("text") or message.get("bytes") or "")
        connection.give_turn()


async def _hello(connection: Connection, receive: Receive) -> dict[str, Any]:
    """A socket that stays silent is closed."""
    try:
        async with asyncio.timeout(HELLO_WITHIN):
            return await receive()
    except TimeoutError:
        # A slow line is no wrong protocol: the client may come back.
        connection.close(TRY_LATER)
        return {"type": "nothing came"}


async def _take(connection: Connection, raw: str | bytes) -> None:
    if len(raw) > LARGEST:
        connection.put(error("too_large"))
        return
    try:
        said = verbs.decode(raw)
    except msgspec.ValidationError as problem:
        code: ErrorCode = "unknown" if "Invalid value" in str(problem) else "malformed"
        connection.put(error(code, client_id=_client_id(raw)))
        return
    except UNREADABLE:
        connection.put(error("malformed"))
        return
    try:
        await _answer(connection, said)
    except Exception as problem:  # noqa: BLE001 - it is said and logged
        _failed(connection, said, problem)


def _take_at_once(connection: Connection, raw: bytes) -> bool:
    """What people say most goes to the writer in the moment it comes, without waking the socket's task; in their order."""
    if len(raw) > LARGEST or not verbs.may_begin(raw) or connection.person is None or connection.is_closing:
        return False
    try:
        said = verbs.decode(raw)
    except UNREADABLE:
        # Decoded once more on the usual way, which says why.
        return False
    if not connection.take_turn_at_once():
        return False
    taken = partial(_taken, connection, said)
    try:
        verbs.beginning_of(type(said))(connection, said, taken)
    except Exception as problem:  # noqa: BLE001 - it is said and logged
        taken(problem)
    return True


def _taken(connection: Connection, said: Any, problem: Exception | None) -> None:
    if problem is not None:
        _failed(connection, said, problem)
    connection.give_turn()


def _failed(connection: Connection, said: Any, problem: Exception) -> None:
    client_id = getattr(said, "client_id", None)
    if not isinstance(problem, Busy):
        log.error("frame failed", exc_info=problem, extra={"frame": type(said).__name__})
        connection.put(error("refused", client_id=client_id))
        return
    BUSY.add()
    if isinstance(said, Hello | Watch):
        # What was missed comes with the next hello, so nothing is lost by starting over.
        connection.close(TRY_LATER)
    else:
        connection.put(error("busy", client_id=client_id, retry_after_ms=1000))


async def _answer(connection: Connection, said: Any) -> None:
    if connection.person is None:
        await _greet(connection, said)
    elif isinstance(said, Watch):
        await _watch(connection, connection.person.kind, said)
    elif isinstance(said, Unwatch):
        hub.unlisten(connection, said.topic)
    elif isinstance(said, Ping):
        connection.put(encode(PONG))
    elif isinstance(said, Hello):
        connection.put(error("protocol"))
    else:
        await verbs.answer_to(type(said))(connection, said)


async def _greet(connection: Connection, said: Any) -> None:
    if not isinstance(said, Hello):
        connection.close(BAD_HELLO)
        return
    if said.token is not None:
        connection.credentials = connection.credentials.with_token(said.token)
    kinds = (topics.audience_of(said.watch[0].topic),) if said.watch else ("agent", "customer")
    topic = said.watch[0].topic if said.watch else ""
    person = await hub.database(_first_known, kinds, connection, topic)
    if person is None:
        connection.close(NOT_SIGNED_IN)
        return
    connection.person = person
    presence.arrived(person)
    greeting: Greeting = {
        "type": "hello",
        "protocol": PROTOCOL,
        "you": {"kind": person.kind, "id": person.id, "name": person.name},
    }
    connection.put(encode(greeting))
    for cursor in said.watch:
        await _listen(connection, person, cursor.topic, cursor.after)


def _first_known(kinds: tuple[str, ...], connection: Connection, topic: str) -> Person | None:
    found = (identify(kind, connection.credentials, topic) for kind in kinds)
    return next((person for person in found if person), None)


async def _watch(connection: Connection, kind: str, said: Watch) -> None:
    """Who it is, is asked anew each time."""
    person = await hub.database(identify, kind, connection.credentials, said.topic)
    if person is None:
        connection.close(NOT_SIGNED_IN)
        return
    connection.person = person
    await _listen(connection, person, said.topic, said.after)


async def _listen(connection: Connection, person: Person, topic: str, after: int) -> None:
    """Listen first, then catch up, so that nothing falls between the two. Until then nothing of the topic is sent."""
    kind, was_listening = topics.kind_of(topic), topic in connection.topics
    if kind is None or topics.audience_of(topic) != person.kind:
        connection.put(error("not_found"))
        return
    if not was_listening and len(connection.topics) >= MOST_TOPICS:
        connection.put(error("too_many"))
        return
    hub.listen(connection, topic)
    missed = None
    try:
        missed = await hub.database(kind.catch_up, person, topic, after)
    finally:
        if missed is None:
            hub.unlisten(connection, topic)
    if missed is not None:
        connection.release(topic, missed)
    elif was_listening:
        # What was watched and is no more is a lost permission; what is new looks as if it were not there.
        connection.close(LOST_PERMISSION)
    else:
        connection.put(error("not_found"))


def _not_heard(_: TakeAtOnce | None) -> None:
    """For a server that has only ASGI's own way."""


def _client_id(raw: str | bytes) -> str | None:
    """Which message a malformed frame was about, so that it doesn't hold up those behind it."""
    try:
        found = msgspec.json.decode(raw)
    except UNREADABLE:
        return None
    named = found.get("client_id") if isinstance(found, dict) else None
    return named if isinstance(named, str) and len(named) <= LONGEST_CLIENT_ID else None


def _credentials(scope: dict[str, Any]) -> Credentials:
    """Cookies as Django reads them for pages, which forgives what other programs set."""
    raw = "; ".join(_values(scope, b"cookie"))
    host, _ = split_domain_port(next(iter(_values(scope, b"host")), ""))
    address, _ = scope.get("client") or ("", 0)
    return Credentials(cookies=known_cookies(parse_cookie(raw)), host=host, address=address)


def _values(scope: dict[str, Any], header: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == header]
