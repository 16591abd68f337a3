"""When a socket that is silent is pinged: seldom enough for thousands, often enough for proxies, never all in one moment."""

from __future__ import annotations

import random

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# A ping and its answer take some 55 µs of a core, so every twenty seconds, which is usual, ten thousand sockets would
# cost three in a hundred of it. Open pages ask by themselves after twenty seconds of silence whether we are there; ours
# are for pages in the background, whose clocks browsers slow down, and for peers that vanished. Proxies commonly close
# what is silent for sixty seconds, in nginx and at Amazon's balancers.
SOONEST, LATEST = 40.0, 50.0
ANSWERED_WITHIN = 20.0


class Pinged(WebSocketsSansIOProtocol):
    """Each socket has an interval of its own: thousands that came back in one second would be pinged in one ever after."""

    def start_keepalive(self) -> None:
        self.ping_interval = random.uniform(SOONEST, LATEST)  # noqa: S311 - a moment, not a secret
        super().start_keepalive()
