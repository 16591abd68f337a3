"""One process, three roads in: sockets, static files and health on the loop, all else through Django."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup(set_prefix=False)

# Models can be imported only after the set-up above.
from kefu.config import wiring  # noqa: E402
from kefu.config.adapter import Adapter, Proxies  # noqa: E402
from kefu.config.adapter.asgi_types import Receive, Scope, Send  # noqa: E402
from kefu.config.adapter.limits import MIB, Limits  # noqa: E402
from kefu.config.readiness import Readiness  # noqa: E402
from kefu.config.router import Router  # noqa: E402
from kefu.config.static_files import StaticFiles  # noqa: E402
from kefu.realtime import roads, socket  # noqa: E402
from kefu.safety.files.kinds import FileKind  # noqa: E402

proxies = Proxies(settings.TRUSTED_PROXIES)
# A form without script sends a file whole. Videos are for those who can send them in pieces.
FORM = max(settings.LARGEST_FILE[kind] for kind in FileKind if kind != FileKind.VIDEO) + MIB
limits = Limits(body_under={f"/{language}/chat/plain/": FORM for language, _ in settings.LANGUAGES})
adapter = Adapter(WSGIHandler(), limits=limits, proxies=proxies)


async def open_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """A socket, from where our own proxies say that it comes."""
    origin = proxies.origin(scope)
    await socket.serve({**scope, "client": (origin.address, origin.port)}, receive, send)


async def take_frames(scope: Scope, receive: Receive, send: Send) -> None:
    origin = proxies.origin(scope)
    await roads.serve({**scope, "client": (origin.address, origin.port)}, receive, send)


async def start() -> None:
    adapter.start()
    await wiring.start()


async def stop() -> None:
    await wiring.stop()
    adapter.stop()


application = Router(
    pages=adapter,
    static=StaticFiles(settings.STATIC_ROOT, prefix=settings.STATIC_URL, adapter=adapter).find,
    socket=open_socket,
    frames=take_frames,
    problems=Readiness(adapter.run).problems,
    start=start,
    stop=stop,
)
