"""The two threads of a bell: how many there are, how often they try, and that they keep nobody waiting."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu.journal.rings.bell import Bell
from kefu.journal.rings.sockets import Datagrams, folder_for
from kefu.journal.rings.transport import TransportLost
from kefu.journal.tests.children import Child
from kefu.journal.tests.facts import wait_until
from kefu.journal.tests.test_bell import Heard, Way, a_bell, threads


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture
def bell(way: Way) -> Iterator[Bell]:
    with a_bell(way) as made:
        yield made
        way.mend()


class Stuck:
    """A hearing thread that does not end."""

    def join(self, seconds: float) -> None:
        self.seconds = seconds


def test_the_last_ear_does_not_wait_long_for_its_way_to_close(bell):
    bell._hearing = stuck = Stuck()

    bell.remove(Heard())

    assert stuck.seconds == 2


def test_who_has_nothing_to_send_does_not_look_again_and_again(bell, monkeypatch):
    looks: list[object] = []
    monkeypatch.setattr(bell, "_send_once", looks.append)
    bell.ring()

    wait_until(lambda: len(looks) == 1)
    time.sleep(0.1)
    assert len(looks) == 1


@pytest.mark.slow
def test_two_rings_are_as_far_apart_as_the_way_wants_it(bell, way):
    way.apart = 0.3
    bell.ring()
    wait_until(lambda: len(way.sent) == 1)
    rung_at = time.monotonic()

    bell.ring()

    wait_until(lambda: len(way.sent) == 2)
    assert time.monotonic() - rung_at > 0.2


@pytest.mark.slow
@pytest.mark.parametrize("work", [Bell.ring, lambda bell: bell.add(Heard())], ids=["sends", "hears"])
def test_a_lost_way_is_tried_again_after_pauses(bell, way, work):
    way.problem = TransportLost("gone")

    work(bell)
    wait_until(lambda: len(way.tries) > 2)

    # After a tenth of a second, and two more.
    assert way.tries[2] - way.tries[0] > 0.25


def test_threads_that_ring_for_the_first_time_at_once_share_one_that_sends(bell, way):
    # As the second of two that both have seen that there is none yet.
    bell._start_sender(way)
    bell._start_sender(way)

    assert len(threads("rings-out")) == 1


def test_no_thread_keeps_a_process_from_its_end(bell):
    bell.add(Heard())
    bell.ring()

    assert all(thread.daemon for name in ("rings-in", "rings-out") for thread in threads(name))
    assert len(threads("rings-in") + threads("rings-out")) == 2


@pytest.mark.process
def test_a_process_that_ends_sends_the_ring_that_still_waits(tmp_path: Path):
    with a_bell(Datagrams(folder_for(tmp_path))) as hears:
        hears.add(heard := Heard())
        heard.rings = 0
        options = {"settings": {"RINGS": "socket", "REDIS_URL": ""}, "data": str(tmp_path)}

        with Child("kefu.journal.tests.a_last_ring", **options) as ends:
            assert ends.wait() == 0

        wait_until(lambda: heard.rings == 2)
