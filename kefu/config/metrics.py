"""/metrics, for the operator's Prometheus: answered beside Django, so that it tells of a Django that is stuck."""

from __future__ import annotations

import asyncio
import contextlib
from hmac import compare_digest
from importlib import import_module
from typing import Any

from django.conf import settings

from kefu.background import meters
from kefu.config import readings
from kefu.config.adapter.asgi_types import Receive, Scope, Send
from kefu.config.router import header, names_us, say


async def serve(scope: Scope, _receive: Receive, send: Send) -> None:
    """Open where only this machine reaches Kefu; elsewhere for whoever has the token, and without one not there."""
    if scope["method"] not in {"GET", "HEAD"}:
        await say(send, 405, "GET")
    elif settings.METRICS_TOKEN:
        if _has_token(scope):
            await _tell(send)
        else:
            await say(send, 401, "KEFU_METRICS_TOKEN", (b"www-authenticate", b"Bearer"))
    elif settings.ALONE_HERE and names_us(scope):
        await _tell(send)
    else:
        await say(send, 404, "not found")


async def _tell(send: Send) -> None:
    text, kind = await asyncio.to_thread(_text)
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _text() -> tuple[bytes, str]:
    found: dict[str, dict[str, Any]] = {}
    with contextlib.suppress(OSError):
        readings.keep()
        found = readings.all_kept()
    # What could not be written is still known here.
    found[readings.process] = meters.readings()
    # It takes a while to load, and most installations never ask.
    exposition = import_module("kefu.config.exposition")
    return exposition.text_of(found), exposition.CONTENT_TYPE


def _has_token(scope: Scope) -> bool:
    kind, _, given = header(scope, b"authorization").partition(" ")
    return kind.lower() == "bearer" and compare_digest(
        given.strip().encode(), settings.METRICS_TOKEN.encode()
    )
