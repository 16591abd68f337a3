"""The website of the demo exchange: a small server beside Kefu's own, started and watched by the same supervisor."""

from __future__ import annotations

import socket
import sys
from importlib import import_module

import django
import uvicorn
from django.conf import settings
from django.db import connections

from kefu.config.running import tied

ADDRESS = "127.0.0.1"


def main() -> int:
    parser = tied.arguments("The website of the demo exchange; the supervisor starts it.")
    parser.add_argument("--socket", type=int, required=True, help="the listening socket's descriptor")
    parser.add_argument("--product", required=True, help="the origin of the support centre")
    chosen = parser.parse_args()
    tied.tie_to_supervisor(chosen.lifeline)
    django.setup()
    listening = socket.socket(fileno=chosen.socket)
    origin = f"http://{ADDRESS}:{listening.getsockname()[1]}"
    import_module("kefu.demo.host.arranging").arrange(origin)
    connections.close_all()
    signer = import_module("kefu.demo.host.signing").Signer(settings.DATA_DIR / "keys")
    site = import_module("kefu.demo.host.site").Site(origin=origin, product=chosen.product, signer=signer)
    server = uvicorn.Server(
        uvicorn.Config(
            site, lifespan="off", log_config=None, log_level="warning", access_log=False, server_header=False
        )
    )
    server.run(sockets=[listening])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
