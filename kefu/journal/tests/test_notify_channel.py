"""One end of the way over NOTIFY at a time: what it asks of the server, what it leaves, and how long it waits."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from kefu.journal.rings import notify_channel
from kefu.journal.rings.notify_channel import NotifyChannel, _connect
from kefu.journal.rings.transport import TransportLost
from kefu.journal.tests.facts import only_postgresql, wait_until
from kefu.journal.tests.test_notify import kill, stranger

pytestmark = [only_postgresql, pytest.mark.django_db(transaction=True)]


class Quiet:
    """A connection on which nobody says anything, and the clock beside it; both end after a while."""

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping, self.now, self.looks = stopping, 0.0, 0
        self.asked: list[tuple[float, str]] = []

    def monotonic(self) -> float:
        return self.now

    def notifies(self, *, timeout: float) -> list[object]:
        self.now += timeout
        self.looks += 1
        if self.looks == 140:
            self.stopping.set()
        return []

    def execute(self, statement: str) -> None:
        self.asked.append((self.now, statement))


def test_it_looks_four_times_a_second_and_asks_after_the_server_each_fifteen_seconds(monkeypatch):
    quiet = Quiet(stopping := threading.Event())
    monkeypatch.setattr(notify_channel, "time", quiet)

    NotifyChannel()._take_all(quiet, lambda _: None, stopping)

    assert quiet.now == 35
    assert quiet.asked == [(15.25, "SELECT 1"), (30.5, "SELECT 1")]


class Hearing:
    """A thread that hears, until it is stopped or its way is lost."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.opened = 0
        self.lost: list[TransportLost] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._hear, daemon=True)
        self.thread.start()
        wait_until(lambda: self.opened > 0)

    def _open(self) -> None:
        self.opened += 1

    def _hear(self) -> None:
        try:
            NotifyChannel().hear(self.heard.append, on_open=self._open, stopping=self.stopping)
        except TransportLost as lost:
            self.lost.append(lost)

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(5)


@contextlib.contextmanager
def hearing() -> Iterator[Hearing]:
    ear = Hearing()
    try:
        yield ear
    finally:
        ear.stop()


@contextlib.contextmanager
def sending() -> Iterator[NotifyChannel]:
    with contextlib.closing(NotifyChannel()) as channel:
        yield channel


def test_what_is_sent_is_heard_in_order_and_opening_is_said_once():
    with hearing() as ear, sending() as channel:
        for frame in (b"one", b"two", "三".encode()):
            channel.send(frame)

        wait_until(lambda: len(ear.heard) == 3)
    assert ear.heard == [b"one", b"two", "三".encode()]
    assert (ear.opened, ear.lost) == (1, [])


def test_hearing_ends_soon_after_it_is_told_to():
    with hearing() as ear:
        began_at = time.monotonic()
        ear.stop()

        assert time.monotonic() - began_at < 1
        assert not ear.thread.is_alive()


def test_the_largest_frame_fits_and_no_larger_one():
    with hearing() as ear, sending() as channel:
        channel.send(b"x" * channel.largest)
        with pytest.raises(TransportLost):
            channel.send(b"x" * (channel.largest + 1))

        wait_until(lambda: len(ear.heard) == 1)


def test_an_ear_whose_connection_is_killed_says_so():
    with hearing() as ear:
        kill(that="LISTEN")

        wait_until(lambda: len(ear.lost) == 1)
        assert str(ear.lost[0]) == "OperationalError"


def test_what_was_sealed_with_another_key_is_told_of_at_once_and_only_once(caplog):
    channel = NotifyChannel()

    for _ in range(3):
        channel._open("ring", pytest.fail)

        assert [record.message for record in caplog.records] == ["rings_of_another_key"]


def test_what_it_sends_with_waits_for_no_disk_and_is_closed(monkeypatch):
    # The settings of tests wait for none anyway.
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c synchronous_commit=on")
    with sending() as channel:
        channel.send(b"ring")
        out = channel._out
        assert out is not None
        assert out.execute("SHOW synchronous_commit").fetchone() == ("off",)

        channel.close()
        channel.close()

        assert out.closed
        channel.send(b"again")


def test_its_names_are_those_that_an_operator_looks_for():
    with stranger() as listening:
        assert listening.execute("SELECT pg_listening_channels()").fetchall() == [("kefu_rings",)]
        assert listening.execute("SHOW application_name").fetchone() == ("kefu rings",)


def test_a_line_that_was_cut_is_found_out_within_half_a_minute():
    wanted = {
        "connect_timeout": "5",
        "keepalives_idle": "15",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "15000",
    }
    with contextlib.closing(_connect()) as made:
        assert made.info.get_parameters().items() >= wanted.items()
