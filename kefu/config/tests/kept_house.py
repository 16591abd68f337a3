"""A page cache in front of all of Django, with pages of its own, and what was drawn of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.config import urls
from kefu.config.adapter.asgi_types import Receive, Scope, Send
from kefu.config.adapter.environ import environ_of
from kefu.config.adapter.limits import Limits
from kefu.config.adapter.proxies import Origin
from kefu.config.adapter.sending import Outgoing
from kefu.config.adapter.spool import no_body
from kefu.config.adapter.wsgi import call
from kefu.config.kept.pages import KeptPages
from kefu.ui.kept_pages import for_everybody, for_everybody_who_asks, holds_until
from kefu.ui.middleware import Respond

MEGABYTE = 1024 * 1024
drawn: list[str] = []
TEXT = "谁来看都一样。" * 200


@require_safe
@for_everybody
def common(request: HttpRequest) -> HttpResponse:
    drawn.append(request.get_full_path())
    return HttpResponse(f"{TEXT}{request.get_full_path()} {len(drawn)}")


@for_everybody
def seen_with_a_cookie(_request: HttpRequest) -> HttpResponse:
    drawn.append("cookie")
    response = HttpResponse(TEXT)
    response.set_cookie("given", "1")
    return response


@for_everybody
def seen_with_the_session(request: HttpRequest) -> HttpResponse:
    drawn.append("session")
    return HttpResponse(f"{TEXT}{request.session.get('name')}")


@for_everybody
def missing(_request: HttpRequest) -> HttpResponse:
    drawn.append("missing")
    return HttpResponse(TEXT, status=404)


@for_everybody
def ending(request: HttpRequest) -> HttpResponse:
    drawn.append("ending")
    holds_until(request, now() + timedelta(seconds=float(request.headers.get("X-Holds", "30"))))
    return HttpResponse(TEXT)


@for_everybody_who_asks("q")
def asking(request: HttpRequest) -> HttpResponse:
    drawn.append(request.get_full_path())
    return HttpResponse(f"{TEXT}{request.GET.get('q')} {request.GET.get('other')}")


def private(_request: HttpRequest) -> HttpResponse:
    drawn.append("private")
    return HttpResponse(TEXT)


urlpatterns = [
    path(
        "en/",
        include(
            [
                path("common/", common),
                path("cookie/", seen_with_a_cookie),
                path("session/", seen_with_the_session),
                path("missing/", missing),
                path("ending/", ending),
                path("asking/", asking),
                path("private/", private),
            ]
        ),
    ),
    path("common/", common),
    *urls.urlpatterns,
]


class Answer:
    def __init__(self, sent: list[dict[str, Any]]) -> None:
        self.status = sent[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in sent[1:])

    @property
    def text(self) -> str:
        return self.body.decode()


BRAND, OTHER = Brand(pk=1, key="xinghai"), Brand(pk=2, key="other")
BRANDS = {"testserver": BRAND, "localhost": BRAND, "127.0.0.1": OTHER}


def brand_of_host(get_response: Respond) -> Respond:
    """Nothing here needs a database; a loop's thread would see nothing of a test's transaction."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.brand = BRANDS[request.get_host()]  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


MIDDLEWARE = [
    f"{__name__}.brand_of_host" if name.endswith(".brand_of_host") else name for name in settings.MIDDLEWARE
]


async def django(scope: Scope, _receive: Receive, send: Send) -> None:
    environ = environ_of(scope, body=no_body(), origin=Origin("127.0.0.1", 1, "http"))
    answer = call(WSGIHandler(), environ)
    await Outgoing(send, Limits()).whole(answer.status, answer.headers, answer.body)


class House:
    """All of Django behind the page cache, asked in a loop of its own."""

    def __init__(self, most_bytes: int = 4 * MEGABYTE) -> None:
        self.hears_changes = True
        self.kept = KeptPages(django, most_bytes=most_bytes, may_keep=lambda: self.hears_changes)
        self.loop = asyncio.new_event_loop()

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def get(self, path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
        return self.loop.run_until_complete(self.ask(path, query, method, **headers))

    def scope(
        self,
        path: str,
        query: str = "",
        method: str = "GET",
        more: Sequence[tuple[bytes, bytes]] = (),
        **headers: str,
    ) -> Scope:
        given = [("host", "testserver"), *headers.items()] if "host" not in headers else headers.items()
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in given]
        return {
            "type": "http",
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "client": ("127.0.0.1", 1),
            "headers": [*named, *more],
        }

    async def ask(
        self,
        path: str,
        query: str = "",
        method: str = "GET",
        more: Sequence[tuple[bytes, bytes]] = (),
        **headers: str,
    ) -> Answer:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(3600)
            return {}

        scope = self.scope(path, query, method, more, **headers)
        at_once = self.kept.at_once(scope)
        await asyncio.wait_for(self.kept(scope, receive, send), 20)
        if at_once is not None:
            # The server's short way says the very same.
            assert [at_once.status, at_once.headers] == [sent[0]["status"], sent[0]["headers"]]
            assert at_once.body == sent[1]["body"]
        return Answer(sent)


@pytest.fixture
def own_addresses() -> Iterator[None]:
    drawn.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE):
        yield


@pytest.fixture
def house() -> Iterator[House]:
    with House() as made:
        yield made
