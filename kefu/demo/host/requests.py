"""Requests to the exchange's website as values, and answers to them: the little of HTTP that it needs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
LARGEST_FORM = 4096


@dataclass(frozen=True)
class Asked:
    """A request: headers by their name in lower case, the form's fields with one value each."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)

    def cookie(self, name: str) -> str:
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    async def give(self, send: Send, *, is_head: bool, more: dict[str, str]) -> None:
        headers = {"content-type": self.kind, "content-length": str(len(self.body))} | more | self.headers
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if is_head else self.body})


def told(values: object) -> Answer:
    return Answer(json.dumps(values).encode(), kind="application/json")


def elsewhere(path: str, **headers: str) -> Answer:
    return Answer(status=303, headers={"location": path} | headers)


async def read(scope: MutableMapping[str, Any], receive: Receive) -> Asked:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    form = await _form(receive) if scope["method"] == "POST" else {}
    return Asked(scope["method"], scope["path"], headers, form)


async def _form(receive: Receive) -> dict[str, str]:
    """What is longer than any form of ours has no fields."""
    body, is_more = b"", True
    while is_more and len(body) <= LARGEST_FORM:
        message = await receive()
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
    fields = parse_qs(body[:LARGEST_FORM].decode("latin-1")) if len(body) <= LARGEST_FORM else {}
    return {name: values[0] for name, values in fields.items()}
