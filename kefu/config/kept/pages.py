"""Pages that are the same for everybody, kept for a minute and forgotten as soon as the journal says that something changed.

A page is found by its brand, its path, what of the query it asks for, and the encoding. The brand of a host is noted when
Django has answered for that host, so no host that Django would refuse is ever found here, and none is part of a key.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from django.utils.timezone import now

from kefu.background.meters import Count, Level
from kefu.config.adapter.asgi_types import Headers, Message, Receive, Scope, Send
from kefu.config.adapter.limits import Limits
from kefu.config.adapter.refusals import TooSlow
from kefu.config.adapter.sending import SHORT, Outgoing
from kefu.config.kept.answers import Answer, Kept, kept_of
from kefu.config.kept.asking import Asked, already_has, asked_by, query_of
from kefu.config.kept.changes import is_on_pages, moves_hosts
from kefu.config.kept.shelf import Key, Shelf
from kefu.journal.models import Entry
from kefu.ui.kept_pages import KEEPING, Keeping

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST = 60.0
# Somebody who owns a domain with all its subdomains can ask for any of them.
MOST_HOSTS = 1_000
WAITS_FOR_ANOTHER = 10.0
MOST_REMEMBERED = 20_000

HITS = Count("kefu_page_cache_hits", "Pages that were answered from the page cache.")
MISSES = Count("kefu_page_cache_misses", "Pages that were drawn because the page cache did not have them.")


class KeptPages:
    """An ASGI application for http scopes, in front of `draw`, which is all of Django.

    `may_keep` says whether changes are heard of just now; while they are not, nothing new is kept.
    """

    def __init__(
        self,
        draw: Application,
        *,
        most_bytes: int,
        may_keep: Callable[[], bool],
        limits: Limits | None = None,
    ) -> None:
        self.draw = draw
        self.may_keep = may_keep
        self.limits = limits or Limits()
        self.shelf = Shelf(most_bytes)
        self._brands: OrderedDict[bytes, int] = OrderedDict()
        self._changes = 0
        self._kept_before: set[Key | None] = set()
        self._drawing: dict[Key | None, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, key = self._key_of(scope)
        if asked is None:
            await self.draw(scope, receive, send)
            return
        page = self.shelf.find(key, time.monotonic()) if key else None
        if page is None and key in self._drawing:
            page = await self._of_another(key)
        if page is not None:
            HITS.add()
            await self._send(answer_of(page, asked, scope["method"]), send)
        else:
            await self._draw(scope, receive, send, asked, key)

    def at_once(self, scope: Scope) -> Answer | None:
        """What is kept for this request; None if it has to go the way of all others, as what is long does."""
        asked, key = self._key_of(scope)
        page = self.shelf.find(key, time.monotonic()) if key else None
        if asked is None or page is None:
            return None
        answer = answer_of(page, asked, scope["method"])
        if len(answer.body) > SHORT:
            return None
        HITS.add()
        return answer

    def _key_of(self, scope: Scope) -> tuple[Asked | None, Key | None]:
        """No question if it is none for the page cache; no key while the host's brand isn't known."""
        asked = asked_by(scope) if scope["method"] in {"GET", "HEAD"} else None
        query = query_of(scope["query_string"]) if asked else None
        if asked is None or query is None:
            return None, None
        brand_id = self._brands.get(asked.host)
        return asked, Key(brand_id, scope["path"], query) if brand_id is not None else None

    def hear(self, entries: Iterable[Entry]) -> None:
        """What was recorded, in the tail's order; on the loop's thread."""
        for entry in entries:
            if is_on_pages(entry):
                self._changes += 1
                self.shelf.forget(entry.brand_id)
            if moves_hosts(entry):
                self._brands.clear()

    async def _of_another(self, key: Key | None) -> Kept | None:
        """Many ask for a page at once when it was just forgotten: one draws it, and the others wait for that."""
        try:
            async with asyncio.timeout(WAITS_FOR_ANOTHER):
                await self._drawing[key].wait()
        except TimeoutError:
            return None
        return self.shelf.find(key, time.monotonic()) if key else None

    async def _draw(self, scope: Scope, receive: Receive, send: Send, asked: Asked, key: Key | None) -> None:
        if scope["method"] == "HEAD" or not self.may_keep():
            await self.draw(scope, receive, send)
            return
        if key not in self._kept_before:
            await self._draw_whole(scope, receive, send, asked)
            return
        done = self._drawing[key] = asyncio.Event()
        try:
            await self._draw_whole(scope, receive, send, asked)
        finally:
            done.set()
            if self._drawing.get(key) is done:
                del self._drawing[key]

    async def _draw_whole(self, scope: Scope, receive: Receive, send: Send, asked: Asked) -> None:
        changes, at, keeping = self._changes, time.monotonic(), Keeping()
        held = Held(send, keeping)
        await self.draw(scope | {KEEPING: keeping}, receive, held.take)
        # It was passed on, or was cut off in the middle.
        if not held.is_whole:
            return
        start, body = held.messages[0], b"".join(message.get("body", b"") for message in held.messages[1:])
        page = await asyncio.to_thread(kept_of, start["headers"], body, until=until(keeping, at))
        MISSES.add()
        # What changed while it was drawn may or may not be in it.
        if changes == self._changes and page.until > at:
            self._keep(scope, asked.host, keeping, page)
        await self._send(answer_of(page, asked, scope["method"]), send)

    def _keep(self, scope: Scope, host: bytes, keeping: Keeping, page: Kept) -> None:
        query = query_of(scope["query_string"])
        if keeping.brand_id is None or query is None:
            return
        self._brands[host] = keeping.brand_id
        while len(self._brands) > MOST_HOSTS:
            self._brands.popitem(last=False)
        key = Key(keeping.brand_id, scope["path"], query)
        self.shelf.put(key, page)
        if len(self._kept_before) > MOST_REMEMBERED:
            self._kept_before.clear()
        self._kept_before.add(key)

    async def _send(self, answer: Answer, send: Send) -> None:
        with contextlib.suppress(TooSlow):
            await Outgoing(send, self.limits).whole(answer.status, answer.headers, answer.body)


class Held:
    """Holds back an answer that may be kept, until it is whole; passes on every other as it comes."""

    def __init__(self, send: Send, keeping: Keeping) -> None:
        self._send = send
        self._keeping = keeping
        self.messages: list[Message] = []

    @property
    def is_whole(self) -> bool:
        last = self.messages[-1] if self.messages else {}
        return last.get("type") == "http.response.body" and not last.get("more_body", False)

    @property
    def transport(self) -> Any:
        """Whoever cuts off a client looks for it here, uvicorn's own; ASGI has no word for it."""
        return getattr(getattr(self._send, "__self__", None), "transport", None)

    async def take(self, message: Message) -> None:
        starts_a_page = message["type"] == "http.response.start" and is_keepable(message, self._keeping)
        if starts_a_page or self.messages:
            self.messages.append(message)
        else:
            await self._send(message)


def answer_of(page: Kept, asked: Asked, method: str) -> Answer:
    variant = page.in_encoding(asked.encoding)
    if asked.has and already_has(asked.has, variant.etag):
        return variant.still_holds
    return variant.head if method == "HEAD" else variant.whole


def is_keepable(start: Message, keeping: Keeping) -> bool:
    """What was drawn for everybody, and became nobody's own on its way out through the middleware."""
    headers: Headers = start["headers"]
    names = [name for name, _ in headers]
    found = dict(headers)
    return (
        keeping.is_for_everybody
        and start["status"] == 200  # noqa: PLR2004 - a page
        and b"etag" in found
        and b"set-cookie" not in names
        and b"public" in found.get(b"cache-control", b"")
        and found.get(b"vary", b"Accept-Encoding").lower() == b"accept-encoding"
    )


def until(keeping: Keeping, began_at: float) -> float:
    """When the page ends to hold, in the loop's clock: with what it shows, and a minute after it was begun."""
    if keeping.until is None:
        return began_at + LONGEST
    return min(began_at + LONGEST, time.monotonic() + (keeping.until - now()).total_seconds())


def measure(pages: KeptPages) -> None:
    """Show operators what is kept."""
    Level("kefu_page_cache_pages", "Pages that are kept just now.", lambda: len(pages.shelf))
    Level("kefu_page_cache_bytes", "What the kept pages take, in bytes.", lambda: pages.shelf.bytes)
