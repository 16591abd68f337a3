"""A process that ends while its last ring still waits for its turn."""

from __future__ import annotations

from kefu.journal.tests.children import become_child


def ring_and_end() -> None:
    from kefu.journal.rings import ring
    from kefu.journal.rings.bell import RINGS_SENT
    from kefu.journal.rings.sockets import Datagrams
    from kefu.journal.tests.facts import wait_until

    Datagrams.apart = 60.0
    ring()
    wait_until(lambda: RINGS_SENT.read() == 1)
    ring()


if __name__ == "__main__":
    become_child()
    ring_and_end()
