"""One web process: uvicorn on the socket that the supervisor opened, kept on one core."""

from __future__ import annotations

import os
import socket
import sys

import django
import uvicorn
from django.conf import settings
from django.db import connections

from kefu.config.running import preflight, tied
from kefu.config.running.refusal import NOT_PREPARED, SAID_WHY, Refusal


def main() -> int:
    parser = tied.arguments("A web process of Kefu; the supervisor starts it.")
    parser.add_argument("--socket", type=int, required=True, help="the listening socket's descriptor")
    parser.add_argument("--number", type=int, default=0, help="which of the web processes this is, from 0")
    chosen = parser.parse_args()
    tied.tie_to_supervisor(chosen.lifeline)
    stay_on_one_core(chosen.number)
    # A waiting thread gets the interpreter after a millisecond, so Django work does not hold up sockets.
    sys.setswitchinterval(0.001)
    django.setup()
    code = _look_first()
    if code:
        return code
    server = uvicorn.Server(configuration())
    server.run(sockets=[socket.socket(fileno=chosen.socket)])
    return 0 if server.started else 1


def stay_on_one_core(number: int) -> None:
    """One core a process keeps its caches warm; with more processes than cores they share in turn."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})


def configuration() -> uvicorn.Config:
    return uvicorn.Config(
        "kefu.config.asgi:application",
        loop="uvloop" if sys.platform != "win32" else "auto",
        http="httptools",
        ws="websockets-sansio",
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
