"""A server for the adapter's tests: uvicorn as the product runs it, with a small URL table of our own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings

from kefu.config import env


def configure(folder: Path) -> None:
    settings.configure(
        SECRET_KEY="not a secret",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="kefu.config.tests.adapter_views",
        MIDDLEWARE=[
            "django.middleware.http.ConditionalGetMiddleware",
            "django.middleware.common.CommonMiddleware",
        ],
        DATABASES={"default": env.database(os.environ.get("DATABASE_URL"), folder)},
        DATA_UPLOAD_MAX_MEMORY_SIZE=None,
        LOGGING_CONFIG=None,
        USE_TZ=True,
    )


def application(limits: dict[str, Any], proxies: list[str]) -> Any:
    from django.core.wsgi import get_wsgi_application

    from kefu.config.adapter import Adapter, Limits, Proxies
    from kefu.config.tests import adapter_views

    # Loaded before the first request, so that this one is counted too.
    assert adapter_views.urlpatterns
    adapter = Adapter(get_wsgi_application(), limits=Limits(**limits), proxies=Proxies(proxies))

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            adapter.start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            adapter.stop()
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["type"] == "websocket":
            await echo(receive, send)
        else:
            await adapter(scope, receive, send)

    return answer


async def echo(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


class Server(uvicorn.Server):
    """Says its port once it listens."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"{self.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()


def main() -> None:
    chosen = json.loads(sys.argv[1])
    sys.setswitchinterval(0.001)
    configure(Path(chosen["folder"]))
    config = uvicorn.Config(
        application(chosen["limits"], chosen["proxies"]),
        port=0,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_level="warning",
        proxy_headers=False,
        timeout_graceful_shutdown=chosen["graceful"],
        reset_contextvars=True,
    )
    Server(config).run()


if __name__ == "__main__":
    main()
