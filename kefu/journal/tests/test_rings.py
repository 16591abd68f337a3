from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from kefu.background.meters import METERS
from kefu.journal.rings import Ear, WorkerEar, pass_on, ring
from kefu.journal.rings.bell import (
    Bell,
    _transport_or_none,
    bell,
    transport_of_settings,
    way_of_settings,
)
from kefu.journal.rings.frames import LEASES_A_FRAME, frames, parsed
from kefu.journal.rings.notify_channel import NotifyChannel
from kefu.journal.rings.redis_channel import RedisChannel
from kefu.journal.rings.sockets import Datagrams, folder_for, prepare
from kefu.journal.rings.transport import TransportLost
from kefu.journal.tests.facts import wait_until


class Heard:
    """An ear that remembers."""

    def __init__(self) -> None:
        self.rings = 0
        self.leases: list[dict[str, object]] = []

    def hear_ring(self, *, is_own: bool) -> None:  # noqa: ARG002 - whoever rang
        self.rings += 1

    def hear_lease(self, lease: dict[str, object]) -> None:
        self.leases.append(lease)


@contextmanager
def two_bells(folder: Path) -> Iterator[tuple[Bell, Heard, Bell, Heard]]:
    """As in two processes: each with an ear."""
    bells = [(Bell(Datagrams(folder)), Heard()) for _ in range(2)]
    for each, heard in bells:
        each.add(heard)
        heard.rings = 0
    (one, ear_of_one), (other, ear_of_other) = bells
    try:
        yield one, ear_of_one, other, ear_of_other
    finally:
        for each, heard in bells:
            each.remove(heard)
            each.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_for(tmp_path)


def test_a_ring_is_heard_in_the_own_process_at_once_and_in_others_soon(folder):
    with two_bells(folder) as (one, ear_of_one, _, ear_of_other):
        one.ring()

        assert ear_of_one.rings == 1
        wait_until(lambda: ear_of_other.rings == 1)
        assert ear_of_one.rings == 1


def test_a_burst_of_rings_is_few_elsewhere(folder):
    with two_bells(folder) as (one, _, _, ear_of_other):
        for _ in range(2_000):
            one.ring()

        wait_until(lambda: ear_of_other.rings > 0)
        one.close()
        time.sleep(0.05)
        assert ear_of_other.rings < 100


def test_leases_reach_the_others_only_and_are_no_rings(folder):
    with two_bells(folder) as (one, ear_of_one, _, ear_of_other):
        for number in range(LEASES_A_FRAME * 3 + 1):
            one.pass_on({"who": number})

        wait_until(lambda: len(ear_of_other.leases) == LEASES_A_FRAME * 3 + 1)
        assert [lease["who"] for lease in ear_of_other.leases] == list(range(LEASES_A_FRAME * 3 + 1))
        assert (ear_of_one.leases, ear_of_other.rings) == ([], 0)


def test_what_was_sent_and_heard_is_counted(folder):
    names = ("kefu_rings_sent", "kefu_rings_heard", "kefu_leases_sent", "kefu_leases_heard")
    before = [METERS[name].read() for name in names]
    with two_bells(folder) as (one, _, _, ear_of_other):
        one.ring()
        wait_until(lambda: ear_of_other.rings == 1)
        for number in range(3):
            one.pass_on({"who": number})
        wait_until(lambda: len(ear_of_other.leases) == 3)

        # The other one is in this process, too.
        wait_until(lambda: METERS["kefu_leases_sent"].read() == before[2] + 3)
    assert [METERS[name].read() - past for name, past in zip(names, before, strict=True)] == [1, 1, 3, 3]


def test_a_lease_that_is_no_json_keeps_no_ring_back(folder):
    with two_bells(folder) as (one, _, _, ear_of_other):
        one.pass_on({"who": object()})
        one.ring()

        wait_until(lambda: ear_of_other.rings == 1)


def test_what_a_killed_process_left_behind_is_removed(folder):
    prepare(folder)
    left = folder / "1.dead.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(str(left))

    with two_bells(folder) as (one, _, _, ear_of_other):
        one.ring()
        wait_until(lambda: ear_of_other.rings == 1)
        assert not left.exists()


def test_a_process_that_does_not_read_holds_nobody_up(folder):
    prepare(folder)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stuck:
        stuck.bind(str(folder / "0.stuck.sock"))
        with two_bells(folder) as (one, _, _, ear_of_other):
            began_at = time.monotonic()
            for _ in range(500):
                one._is_rung = True
                one._send_once(one.transport)
            wait_until(lambda: ear_of_other.rings > 0)
            # A wait for each would be two and a half seconds.
            assert time.monotonic() - began_at < 2.0


def test_a_socket_that_somebody_removed_is_put_back(folder, monkeypatch):
    monkeypatch.setattr("kefu.journal.rings.sockets.LOOKS_AFTER", 0.05)
    with two_bells(folder) as (one, _, _, ear_of_other):
        for path in folder.iterdir():
            path.unlink()

        # Opening again is a ring too: something may have been missed.
        wait_until(lambda: ear_of_other.rings == 1)
        one.ring()
        wait_until(lambda: ear_of_other.rings == 2)


def test_the_last_ear_takes_its_socket_with_it(folder):
    with two_bells(folder):
        assert len(list(folder.iterdir())) == 2

    assert list(folder.iterdir()) == []
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("rings")]


def test_a_process_that_ends_sends_its_last_ring(folder):
    hears, rings = Bell(Datagrams(folder)), Bell(Datagrams(folder))
    heard = Heard()
    hears.add(heard)
    before = heard.rings

    rings.ring()
    rings.close()

    wait_until(lambda: heard.rings == before + 1)
    hears.remove(heard)


def test_a_long_data_folder_gets_a_short_folder_of_its_own():
    long, other = Path("/srv") / ("l" * 90), Path("/srv") / ("m" * 90)

    assert folder_for(Path("/srv/kefu")) == Path("/srv/kefu/rings")
    assert len(str(folder_for(long))) < 70
    assert folder_for(long) != folder_for(other)


def test_a_folder_that_others_may_open_is_closed_and_a_link_is_refused(tmp_path):
    (tmp_path / "open").mkdir(mode=0o777)
    prepare(tmp_path / "open")
    assert (tmp_path / "open").stat().st_mode & 0o077 == 0

    (tmp_path / "link").symlink_to(tmp_path / "open")
    with pytest.raises(TransportLost):
        prepare(tmp_path / "link")


def test_bytes_that_are_no_frame_are_dropped():
    assert parsed(b"\xff{") is None
    assert parsed(b'{"sender": 1}') is None
    assert parsed(b'{"sender": "a", "event": "text"}') is None
    assert parsed(next(frames(sender="a", is_ring=True, leases=[], largest=999))).is_ring


def test_no_frame_is_larger_than_its_way_takes_and_only_the_first_rings():
    leases = [{"who": "林" * number} for number in (1, 30, 300, 40, 50, 2)]

    cut = list(frames(sender="a" * 16, is_ring=True, leases=leases, largest=300))

    assert max(map(len, cut)) <= 300
    assert [parsed(raw).is_ring for raw in cut] == [True, *[False] * (len(cut) - 1)]
    # The one that is too large by itself is left out.
    assert [len(lease["who"]) for raw in cut for lease in parsed(raw).leases] == [1, 30, 40, 50, 2]


def test_the_way_is_chosen_by_the_settings(settings):
    settings.RINGS, settings.REDIS_URL = "local", ""
    assert transport_of_settings() is None
    settings.RINGS = ""
    usual = NotifyChannel if connection.vendor == "postgresql" else Datagrams
    assert isinstance(transport_of_settings(), usual)
    assert way_of_settings() == ("notify" if usual is NotifyChannel else "socket")
    settings.RINGS = "notify"
    assert isinstance(transport_of_settings(), NotifyChannel)
    settings.RINGS = ""
    settings.REDIS_URL = "redis://127.0.0.1:1/3"
    channel = transport_of_settings()
    assert isinstance(channel, RedisChannel)
    assert channel.channel == "kefu:3:rings"
    channel.close()
    settings.RINGS = "socket"
    assert isinstance(_transport_or_none(), Datagrams)


def test_a_malformed_address_leaves_the_rings_of_one_process(settings, caplog):
    settings.RINGS, settings.REDIS_URL = "redis", "no address"

    assert _transport_or_none() is None
    assert [record.message for record in caplog.records] == ["rings_misconfigured"]


def test_an_ear_calls_back_in_its_own_loop_and_once_for_a_burst():
    rung_in: list[threading.Thread] = []

    async def story() -> None:
        ear = Ear()
        await ear.start(lambda **_: rung_in.append(threading.current_thread()), lambda _: None)
        ringing = threading.Thread(target=lambda: [ring() for _ in range(50)])
        ringing.start()
        ringing.join()
        await asyncio.sleep(0)
        await ear.stop()
        ring()
        await asyncio.sleep(0)

    asyncio.run(story())
    assert rung_in == [threading.main_thread()]


def test_ringing_never_raises_even_when_a_loop_has_closed():
    ear = Ear()
    asyncio.run(ear.start(lambda **_: None, lambda _: None))

    ring()
    pass_on({"who": 1})

    asyncio.run(ear.stop())


def test_a_worker_waits_for_a_ring_and_remembers_one_from_before():
    ear = WorkerEar()
    ear.start()

    assert not ear.wait_for_ring(0.01)
    ring()
    assert ear.wait_for_ring(0.01)
    assert not ear.wait_for_ring(0.01)
    ear.stop()


def test_a_forked_child_has_a_bell_of_its_own():
    own = bell()
    child = os.fork()
    if child == 0:
        os._exit(0 if bell() is not own else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class Faulty(Datagrams):
    """A way with an error that nobody thought of, until the first rings have failed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.faults = ["in", "out", "out"]

    def send(self, frame: bytes) -> None:
        if "out" in self.faults:
            self.faults.remove("out")
            raise RuntimeError("out")
        super().send(frame)

    def hear(self, take, *, on_open, stopping) -> None:
        if "in" in self.faults:
            self.faults.remove("in")
            raise RuntimeError("in")
        super().hear(take, on_open=on_open, stopping=stopping)


def test_an_unknown_error_ends_neither_ringing_nor_hearing(folder, caplog):
    faulty, well = Bell(Faulty(folder)), Bell(Datagrams(folder))
    ears = {faulty: Heard(), well: Heard()}
    for each, heard in ears.items():
        each.add(heard)
    try:
        faulty.pass_on({"who": 1})
        faulty.ring()
        wait_until(lambda: ears[well].rings > 1)
        heard_before = ears[faulty].rings
        well.ring()
        wait_until(lambda: ears[faulty].rings > heard_before)
    finally:
        for each, heard in ears.items():
            each.remove(heard)
            each.close()

    assert {record.message for record in caplog.records} >= {"rings_not_heard", "rings_not_sent"}
