"""A server with the settings of our own, in this process, whose application a test brings."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from kefu.config.running import web


@asynccontextmanager
async def serving(application: Any) -> AsyncIterator[int]:
    """Its port; the server ends with the block."""
    config = web.configuration()
    config.app, config.lifespan = application, "off"
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        running = asyncio.ensure_future(server.serve([door]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield door.getsockname()[1]
        server.should_exit = True
        await running
