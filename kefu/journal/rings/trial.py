"""Does one process hear another? Tried with two bells, as two processes have them."""

from __future__ import annotations

import threading

from kefu.journal.rings.bell import Bell, transport_of_settings
from kefu.journal.rings.frames import Lease

SECONDS = 3.0


class _Listener:
    def __init__(self) -> None:
        self.heard = threading.Event()

    def hear_ring(self, *, is_own: bool) -> None:
        """Nothing: it also rings for itself when it begins to hear."""

    def hear_lease(self, lease: Lease) -> None:
        if lease.get("lease") == "trial":
            self.heard.set()


def is_heard(seconds: float = SECONDS) -> bool:
    """Whether something told over the way of the settings arrives within so many seconds.

    True where there is no way because there is one process only. Raises ValueError for an address that can't be read.
    """
    hears, tells = Bell(transport_of_settings()), Bell(transport_of_settings())
    if tells.transport is None:
        return True
    listener = _Listener()
    hears.add(listener)
    try:
        tells.pass_on({"lease": "trial"})
        return listener.heard.wait(seconds)
    finally:
        tells.close()
        hears.remove(listener)
        hears.close()
