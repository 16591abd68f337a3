"""Places for bodies that are still coming in: so many for all, and no more than a share of them for one client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kefu.config.adapter.limits import Limits
from kefu.config.adapter.refusals import TooMany, TooManyOfYours
from kefu.safety.networks import network_of


class Uploads:
    """On the event loop only. A client is a network, because one of IPv6 has addresses without end."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._taken: Counter[str] = Counter()

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """Hold a place while a body comes from this address. Raises TooManyOfYours or TooMany.

        Who has no address, behind a Unix socket, could be anybody, and shares with nobody.
        """
        client = network_of(address)
        if client and self._taken[client] >= self.limits.uploads_of_one:
            raise TooManyOfYours
        if self._taken.total() >= self.limits.uploads:
            raise TooMany
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
