"""One process, three roads in: sockets, static files and health on the loop, all else through Django."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup(set_prefix=False)

# Models can be imported only after the set-up above.
from kefu.config import metrics, wiring  # noqa: E402
from kefu.config.adapter import Adapter, Proxies  # noqa: E402
from kefu.config.adapter.asgi_types import Receive, Scope, Send  # noqa: E402
from kefu.config.adapter.limits import MIB, Limits  # noqa: E402
from kefu.config.kept.pages import KeptPages, measure  # noqa: E402
from kefu.config.readiness import Readiness  # noqa: E402
from kefu.config.router import Router, no_file, no_page, nothing_kept  # noqa: E402
from kefu.config.static_files import StaticFiles  # noqa: E402
from kefu.realtime import roads, socket  # noqa: E402
from kefu.safety.files.kinds import FileKind  # noqa: E402

proxies = Proxies(settings.TRUSTED_PROXIES)
# A form without script sends a file whole. Videos are for those who can send them in pieces.
FORM = max(settings.LARGEST_FILE[kind] for kind in FileKind if kind != FileKind.VIDEO) + MIB
forms = {f"/{language}/chat/plain/": FORM for language, _ in settings.LANGUAGES}
# The tracer asks the platform's ledger while its page is drawn.
tracer = [f"/{language}/tools/deposit/" for language, _ in settings.LANGUAGES]
# A program sends up to fifty articles at once, and each of them is drawn.
limits = Limits(
    patient_paths=tracer,
    bulk_paths=["/api/v1/editor/articles"],
    body_under={**forms, "/api/v1/editor/": 2 * MIB},
)
adapter = Adapter(WSGIHandler(), limits=limits, proxies=proxies)
kept = KeptPages(
    adapter,
    most_bytes=settings.PAGE_CACHE,
    may_keep=lambda: settings.PAGE_CACHE > 0 and wiring.realtime.tail.is_well,
    limits=limits,
)
measure(kept)
wiring.realtime.heard_by.append(kept.hear)


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


files = StaticFiles(settings.STATIC_ROOT, prefix=settings.STATIC_URL, adapter=adapter)
application = Router(
    pages=no_page if settings.ONLY_SOCKETS else kept,
    static=no_file if settings.ONLY_SOCKETS else files.find,
    socket=open_socket,
    frames=take_frames,
    metrics=metrics.serve,
    problems=Readiness(adapter.run).problems,
    start=start,
    stop=stop,
    at_once=nothing_kept if settings.ONLY_SOCKETS else kept.at_once,
)
