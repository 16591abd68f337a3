"""One web process: uvicorn on the socket that the supervisor opened, kept on one core."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from types import FrameType

import django
import uvicorn
from django.conf import settings
from django.db import connections

from kefu.config import readings
from kefu.config.running import preflight, tied
from kefu.config.running.direct import Direct
from kefu.config.running.kept_first import KeptFirst
from kefu.config.running.pings import ANSWERED_WITHIN
from kefu.config.running.refusal import NOT_PREPARED, SAID_WHY, Refusal
from kefu.config.running.supervisor import AGAIN_AFTER

LOOKS_EVERY = 0.1


def main() -> int:
    parser = tied.arguments("A web process of Kefu; the supervisor starts it.")
    parser.add_argument("--socket", type=int, required=True, help="the listening socket's descriptor")
    parser.add_argument("--number", type=int, default=0, help="which of the web processes this is, from 0")
    chosen = parser.parse_args()
    tied.tie_to_supervisor(chosen.lifeline)
    stay_on_one_core(chosen.number)
    open_as_many_files_as_allowed()
    # A waiting thread gets the interpreter after a millisecond, so Django work does not hold up sockets.
    sys.setswitchinterval(0.001)
    django.setup()
    readings.process = f"web-{chosen.number}"
    code = _look_first()
    if code:
        return code
    server = Server(configuration(), hand_over=_hand_over)
    server.run(sockets=[socket.socket(fileno=chosen.socket)])
    return 0 if server.started else 1


class Server(uvicorn.Server):
    """uvicorn's own would end every socket in one moment, and all of them would come back in the next."""

    def __init__(self, config: uvicorn.Config, *, hand_over: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._hand_over = hand_over
        self._asked_at = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        seldom_collect()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        # A proxy keeps connections and would open the next socket on one of them.
        is_socket = self.config.ws_protocol_class or ()
        for connection in list(self.server_state.connections):
            if not isinstance(connection, is_socket):
                connection.shutdown()
        await self._hand_over_unless_forced()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Whoever asks again wants the end at once, with Ctrl-C at any time, as in uvicorn.

        A service manager may tell every process what the supervisor then tells us too, so SIGTERM counts again only later.
        """
        super().handle_exit(sig, frame)
        at = time.monotonic()
        self._asked_at = self._asked_at or at
        self.force_exit = self.force_exit or at - self._asked_at > AGAIN_AFTER

    async def _hand_over_unless_forced(self) -> None:
        """What is forced ends all sockets in one moment; what they have said and nobody has acknowledged, they say again."""
        handing_over = asyncio.ensure_future(self._hand_over())
        while not handing_over.done():
            if self.force_exit:
                handing_over.cancel()
            await asyncio.wait({handing_over}, timeout=LOOKS_EVERY)
        if not handing_over.cancelled():
            handing_over.result()


async def _hand_over() -> None:
    # It needs the rooms' models; the application has brought it in by now.
    await import_module("kefu.config.wiring").hand_over()


def seldom_collect() -> None:
    """What was read at the start is never garbage, and thousands of sockets need not be looked through every second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def stay_on_one_core(number: int) -> None:
    """One core a process keeps its caches warm; with more processes than cores they share in turn."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})


def open_as_many_files_as_allowed() -> None:
    """A socket is a file; what a shell starts may often open 1,024, though the system would let it have more."""
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Some systems say "no limit" and refuse it.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))


def configuration() -> uvicorn.Config:
    return uvicorn.Config(
        "kefu.config.asgi:application",
        loop="uvloop" if sys.platform != "win32" else "auto",
        http=KeptFirst,
        ws=Direct,
        ws_ping_timeout=ANSWERED_WITHIN,
        ws_max_size=128 * 1024,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # The adapter asks the peer's own address whether its word counts, so it must see that address.
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        reset_contextvars=True,
    )


def _look_first() -> int:
    try:
        preflight.look(settings.DATA_DIR)
    except preflight.NotPrepared:
        return NOT_PREPARED
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return SAID_WHY
    finally:
        connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
