"""How each reference is served: by the very library, loop and settings that the product runs."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from kefu.config.running.pings import Pinged
from kefu.config.running.web import configuration

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def arguments(says: str) -> ArgumentParser:
    parser = ArgumentParser(description=says)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--core", type=int, required=True)
    parser.add_argument("--folder", required=True)
    return parser


def serve(application: Application, *, port: int, core: int) -> None:
    os.sched_setaffinity(0, {core})
    sys.setswitchinterval(0.001)
    config = configuration()
    # The library as it is: what ours adds to it is our own.
    config.ws = Pinged
    config.app = with_health(application)
    config.host, config.port = "127.0.0.1", port
    uvicorn.Server(config).run()


def with_health(sockets: Application) -> Application:
    """Sockets go to the application; the rest is the life of the process, and that it is there."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await sockets(scope, receive, send)
        elif scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})

    return application
