"""The bell over a way that the test opens, breaks and mends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kefu.background.meters import METERS
from kefu.journal.rings.bell import Bell, _back, _lost
from kefu.journal.rings.frames import Frame, frames, parsed
from kefu.journal.rings.transport import Take, Transport, TransportLost
from kefu.journal.tests.facts import wait_until


class Way:
    """The double of a transport: what was sent, and a line that can be cut."""

    apart = 0.0
    largest = 1_000_000

    def __init__(self) -> None:
        self.sent: list[Frame] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.opens, self.stops, self.closes = 0, 0, 0
        self.tries: list[float] = []
        self.problem: Exception | None = None
        self.held = threading.Event()
        self.held.set()
        self.take: Take | None = None
        self._wake = threading.Event()

    def send(self, frame: bytes) -> None:
        self.held.wait(10)
        self.tries.append(time.monotonic())
        if self.problem is not None:
            raise self.problem
        read = parsed(frame)
        assert read is not None
        self.sent.append(read)

    def hear(self, take: Take, *, on_open: Callable[[], None], stopping: threading.Event) -> None:
        self._wake.clear()
        self.is_open.wait(10)
        self.tries.append(time.monotonic())
        if self.problem is not None:
            raise self.problem
        self.opens += 1
        self.take = take
        on_open()
        while not stopping.is_set() and self.problem is None:
            self._wake.wait(0.01)
        if self.problem is not None:
            raise self.problem

    def stop_hearing(self) -> None:
        self.stops += 1
        self.is_open.set()
        self._wake.set()

    def close(self) -> None:
        self.closes += 1

    def mend(self) -> None:
        self.problem = None
        self.held.set()


class Heard:
    def __init__(self) -> None:
        self.rings = 0
        self.leases: list[object] = []

    def hear_ring(self, *, is_own: bool) -> None:  # noqa: ARG002 - whoever rang
        self.rings += 1

    def hear_lease(self, lease: dict[str, object]) -> None:
        self.leases.append(lease["who"])


@pytest.fixture
def way() -> Way:
    return Way()


@contextmanager
def a_bell(way: Transport) -> Iterator[Bell]:
    made = Bell(way)
    yield made
    for hearer in made._hearers:
        made.remove(hearer)
    made.close()


@pytest.fixture
def bell(way: Way) -> Iterator[Bell]:
    with a_bell(way) as made:
        yield made
        way.mend()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "kefu.rings"]


def threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_without_others_it_rings_here_and_starts_nothing():
    alone, heard = Bell(None), Heard()
    alone.add(heard)

    alone.ring()
    alone.pass_on({"who": 1})

    assert (heard.rings, heard.leases) == (1, [])
    assert not threads("rings-in")
    assert not threads("rings-out")
    alone.remove(heard)
    alone.ring()
    alone.close()
    assert heard.rings == 1


def test_each_lost_way_is_waited_for_twice_as_long_up_to_five_seconds():
    pause, pauses = 0.0, []
    for _ in range(8):
        pause = _lost("rings_not_sent", pause, TransportLost("x"))
        pauses.append(round(pause, 3))

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert _back("rings_sent_again", pause) == 0


@pytest.mark.parametrize(
    ("problem", "level", "error"),
    [(TransportLost("ConnectionError"), "WARNING", "ConnectionError"), (KeyError("x"), "ERROR", "KeyError")],
)
def test_a_lost_way_is_written_down_once_and_when_it_is_back(caplog, problem, level, error):
    _back("rings_sent_again", 0.0)
    pause = _lost("rings_not_sent", 0.0, problem)
    _lost("rings_not_sent", pause, problem)
    _back("rings_sent_again", pause)

    lost, again = caplog.records
    assert (lost.message, lost.levelname, vars(lost)["error"]) == ("rings_not_sent", level, error)
    assert bool(lost.exc_info) is (level == "ERROR")
    assert again.message == "rings_sent_again"


def test_an_ear_waits_until_its_way_is_open(bell, way):
    way.is_open.clear()
    threading.Timer(0.2, way.is_open.set).start()

    bell.add(heard := Heard())

    assert way.opens == 1
    assert bell._is_open.is_set()
    wait_until(lambda: heard.rings == 1)


@pytest.mark.slow
def test_an_ear_does_not_wait_long_for_a_way_that_stays_closed(bell, way):
    way.is_open.clear()
    began_at = time.monotonic()

    bell.add(Heard())

    assert 0.9 < time.monotonic() - began_at < 1.8


def test_all_ears_share_one_way_which_the_last_one_closes(bell, way):
    one, other = Heard(), Heard()
    bell.add(one)
    bell.add(other)
    assert len(threads("rings-in")) == 1

    bell.remove(one)
    assert (way.opens, way.stops) == (1, 0)
    before = one.rings
    bell.ring()
    assert (one.rings, other.rings > 0) == (before, True)

    bell.remove(other)
    assert way.stops == 1
    assert not threads("rings-in")
    bell.remove(other)
    assert way.stops == 1


def test_who_comes_after_the_last_has_left_opens_the_way_again(bell, way):
    bell.add(first := Heard())
    bell.remove(first)
    way.is_open.clear()
    threading.Timer(0.2, way.is_open.set).start()

    bell.add(second := Heard())

    assert way.opens == 2
    wait_until(lambda: second.rings == 1)


class LeftMeanwhile(Way):
    def hear(self, _: Take, *, on_open: Callable[[], None], stopping: threading.Event) -> None:
        stopping.set()
        on_open()


def test_a_way_that_opens_when_everybody_has_left_is_not_open():
    way = LeftMeanwhile()
    left = Bell(way)

    left._hear(way, threading.Event())

    assert not left._is_open.is_set()


def test_a_way_that_comes_back_rings_for_what_was_missed(bell, way, caplog):
    caplog.set_level(logging.WARNING)
    bell.add(heard := Heard())
    wait_until(lambda: heard.rings == 1)

    way.problem = TransportLost("gone")
    wait_until(lambda: "rings_not_heard" in said(caplog))
    assert heard.rings == 1
    way.problem = None

    wait_until(lambda: heard.rings == 2)
    assert said(caplog) == ["rings_not_heard", "rings_heard_again"]


def test_a_ring_waits_for_its_way_and_leases_do_not(bell, way, caplog):
    caplog.set_level(logging.WARNING)
    way.problem = TransportLost("gone")
    bell.ring()
    bell.pass_on({"who": 1})
    wait_until(lambda: "rings_not_sent" in said(caplog))
    wait_until(lambda: not bell._leases)
    way.problem = None

    wait_until(lambda: len(way.sent) > 0)

    assert (way.sent[0].is_ring, way.sent[0].leases) == (True, [])
    wait_until(lambda: said(caplog) == ["rings_not_sent", "rings_sent_again"])
    time.sleep(0.05)
    assert len(way.sent) == 1


def test_only_the_newest_two_thousand_leases_wait(bell, way):
    way.held.clear()
    bell.ring()
    wait_until(lambda: not bell._is_rung)

    for number in range(2_001):
        bell.pass_on({"who": number})
    way.held.set()

    wait_until(lambda: sum(len(frame.leases) for frame in way.sent) >= 2_000)
    told = [lease["who"] for frame in way.sent for lease in frame.leases]
    assert told == list(range(1, 2_001))


def test_a_lease_that_is_no_json_is_written_down_and_the_ring_goes(bell, way, caplog):
    way.held.clear()
    bell.ring()
    wait_until(lambda: not bell._is_rung)
    bell.pass_on({"who": object()})
    bell.pass_on({"who": 2})
    bell.ring()
    way.held.set()

    wait_until(lambda: len(way.sent) == 2)
    assert [(frame.is_ring, frame.leases) for frame in way.sent] == [(True, []), (True, [])]
    # The ring went at the first try.
    (record,) = [one for one in caplog.records if one.name == "kefu.rings"]
    assert (record.message, vars(record)["leases"]) == ("lease_not_sent", 2)

    bell.pass_on({"who": object()})
    wait_until(lambda: said(caplog).count("lease_not_sent") == 2)
    bell.pass_on({"who": 3})
    wait_until(lambda: len(way.sent) == 3)
    assert (way.sent[2].is_ring, way.sent[2].leases) == (False, [{"who": 3}])


def test_a_ring_is_one_frame_and_nothing_follows(bell, way):
    bell.ring()

    wait_until(lambda: len(way.sent) == 1)
    time.sleep(0.05)
    assert [(frame.sender, frame.is_ring, frame.leases) for frame in way.sent] == [(bell.name, True, [])]


def test_closing_sends_what_waits_and_gives_the_way_back(bell, way):
    way.held.clear()
    bell.ring()
    wait_until(lambda: not bell._is_rung)
    bell.ring()
    bell.pass_on({"who": 1})
    threading.Timer(0.1, way.held.set).start()

    bell.close()

    assert [(frame.is_ring, frame.leases) for frame in way.sent] == [(True, []), (True, [{"who": 1}])]
    assert way.closes == 1
    assert not threads("rings-out")
    for sent in (3, 4):
        bell.ring()
        wait_until(lambda: len(way.sent) == sent)  # noqa: B023 - it is called before the next
    assert len(threads("rings-out")) == 1


@pytest.mark.slow
def test_closing_does_not_wait_long_for_a_way_that_is_stuck(bell, way):
    way.held.clear()
    bell.ring()
    wait_until(lambda: not bell._is_rung)
    began_at = time.monotonic()

    bell.close()

    assert 0.9 < time.monotonic() - began_at < 1.8


def test_a_bell_that_never_rang_gives_its_way_back_too(bell, way):
    bell.close()

    assert way.closes == 1


def test_closing_with_a_lost_way_ends_quietly(bell, way, caplog):
    way.problem = TransportLost("gone")
    bell.ring()
    wait_until(lambda: "rings_not_sent" in said(caplog))

    bell.close()

    wait_until(lambda: way.closes == 1)


def test_what_is_heard_is_given_to_every_ear_and_counted(bell, way, caplog):
    names = ("kefu_rings_heard", "kefu_leases_heard")
    bell.add(one := Heard())
    bell.add(other := Heard())
    wait_until(lambda: one.rings == 1)
    assert way.take is not None
    before = [METERS[name].read() for name in names]

    def take(sender: str, *, is_ring: bool, leases: list[dict[str, object]]) -> None:
        assert way.take is not None
        for frame in frames(sender=sender, is_ring=is_ring, leases=leases, largest=1_000):
            way.take(frame)

    take("other", is_ring=False, leases=[{"who": 1}, {"who": 2}])
    take(bell.name, is_ring=True, leases=[{"who": 3}])
    take("other", is_ring=True, leases=[])
    way.take(b"no frame")

    assert (one.leases, one.rings, other.leases) == ([1, 2], 2, [1, 2])
    assert [METERS[name].read() - past for name, past in zip(names, before, strict=True)] == [1, 2]
    (record,) = [one for one in caplog.records if one.message == "ring_malformed"]
    assert vars(record)["bytes"] == 8
