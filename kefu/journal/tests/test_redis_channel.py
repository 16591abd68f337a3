"""The way over Redis, against a Redis of the test's own that goes, comes back, or says nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import redis

from kefu.journal.rings import redis_channel
from kefu.journal.rings.bell import Bell
from kefu.journal.rings.redis_channel import RedisChannel
from kefu.journal.rings.transport import APART, TransportLost
from kefu.journal.tests.facts import wait_until
from kefu.journal.tests.hearers import a_redis, free_port

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    port = free_port()
    with a_redis(port, tmp_path_factory.mktemp("redis")):
        yield f"redis://127.0.0.1:{port}"


class Hearing:
    """A thread that hears, until it is stopped."""

    def __init__(self, channel: RedisChannel) -> None:
        self.channel = channel
        self.heard: list[bytes] = []
        self.opened = 0
        self.lost: list[TransportLost] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._hear, daemon=True)
        self.thread.start()

    def _open(self) -> None:
        self.opened += 1

    def _hear(self) -> None:
        try:
            self.channel.hear(self.heard.append, on_open=self._open, stopping=self.stopping)
        except TransportLost as lost:
            self.lost.append(lost)

    def stop(self) -> None:
        self.stopping.set()
        self.channel.stop_hearing()
        self.thread.join(5)


@contextlib.contextmanager
def hearing(url: str) -> Iterator[Hearing]:
    ear = Hearing(RedisChannel(url))
    try:
        wait_until(lambda: ear.opened > 0)
        yield ear
    finally:
        ear.stop()
        ear.channel.close()


def test_what_is_sent_is_heard_in_order_and_opening_is_said_once(url):
    with hearing(url) as ear:
        sender = RedisChannel(url)
        for frame in (b"one", b"two", "三".encode()):
            sender.send(frame)
        sender.close()

        wait_until(lambda: len(ear.heard) == 3)
    assert ear.heard == [b"one", b"two", "三".encode()]
    assert (ear.opened, ear.lost) == (1, [])


def test_hearing_ends_soon_after_it_is_told_to_and_not_before(url):
    with hearing(url) as ear:
        time.sleep(1.2)
        assert ear.thread.is_alive()
        ear.channel.send(b"one")
        wait_until(lambda: ear.heard == [b"one"])

        began_at = time.monotonic()
        ear.stop()

        # It looks whenever it has heard something, and then a second later.
        assert time.monotonic() - began_at < 1.5
        assert not ear.thread.is_alive()


def test_while_nothing_comes_the_hearing_thread_rests(url, monkeypatch):
    looks: list[float] = []
    look = redis.client.PubSub.get_message

    def counted(self, *given, **values):
        looks.append(time.monotonic())
        return look(self, *given, **values)

    monkeypatch.setattr(redis.client.PubSub, "get_message", counted)
    with hearing(url) as ear:
        time.sleep(0.5)

        # For what opening said, and once more since.
        assert len(looks) <= 3
        assert ear.heard == []


def test_installations_that_share_a_server_by_number_do_not_hear_each_other(url):
    with hearing(url) as ear, hearing(f"{url}/3") as other:
        assert ear.channel.channel == "kefu:0:rings"
        third = RedisChannel(f"{url}/3")
        third.send(b"three")
        third.close()

        wait_until(lambda: other.heard == [b"three"])
        assert ear.heard == []


def test_a_server_that_goes_is_said_to_both_at_once(tmp_path):
    port = free_port()
    with a_redis(port, tmp_path) as server, hearing(f"redis://127.0.0.1:{port}") as ear:
        sender = RedisChannel(f"redis://127.0.0.1:{port}")
        sender.send(b"one")
        server.kill()
        server.wait()

        wait_until(lambda: len(ear.lost) == 1)
        with pytest.raises(TransportLost, match="Connection"):
            sender.send(b"two")
        sender.close()


@contextlib.contextmanager
def a_server(*, hangs_up: bool) -> Iterator[tuple[str, list[float]]]:
    """One that takes each connection and hangs up or never says a word; and when each came."""
    came: list[float] = []
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    came.append(time.monotonic())
                    connection.close() if hangs_up else held.append(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}", came
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for connection in held:
        connection.close()


def test_it_tries_only_once_for_whoever_calls_paces_the_tries():
    with a_server(hangs_up=True) as (url, came):
        channel = RedisChannel(url)
        with pytest.raises(TransportLost):
            channel.send(b"ring")
        time.sleep(0.05)

        assert len(came) == 1
        channel.close()


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(redis_channel, "SECONDS_FOR_AN_ANSWER", 0.2)
    with a_server(hangs_up=False) as (url, _):
        channel = RedisChannel(url)
        began_at = time.monotonic()
        with pytest.raises(TransportLost, match="Timeout"):
            channel.send(b"ring")

        assert 0.15 < time.monotonic() - began_at < 2
        channel.close()


def test_an_answer_is_awaited_for_five_seconds_and_a_silent_line_asked_each_fifteen():
    channel = RedisChannel("redis://127.0.0.1:1")
    made = channel._client.connection_pool.connection_kwargs

    assert (made["socket_timeout"], made["socket_connect_timeout"]) == (5, 5)
    assert made["health_check_interval"] == 15
    channel.close()


def test_closing_gives_the_connections_back(url):
    channel = RedisChannel(url)
    channel.send(b"one")
    (connection,) = channel._client.connection_pool._available_connections

    channel.close()

    assert not connection.is_connected


def test_of_many_rings_few_are_sent_and_the_last_one_soon(url):
    with hearing(url) as ear:
        bell = Bell(RedisChannel(url))
        began_at = time.monotonic()
        while time.monotonic() < began_at + 0.3:
            bell.ring()
            time.sleep(0.0005)
        wait_until(lambda: not bell._is_rung)
        seconds = time.monotonic() - began_at

        bell.close()
        # Some are between two; the first and the last come without.
        assert len(ear.heard) <= seconds / APART + 2
        assert seconds < 1


def test_a_silent_line_is_kept_alive_and_asked_whether_it_still_is_one(url, monkeypatch):
    monkeypatch.setattr(redis_channel, "CHECKED_EVERY", 0.05)
    monkeypatch.setattr(redis_channel, "LOOKS_AFTER", 0.05)
    with hearing(url) as ear, redis.Redis.from_url(url) as asker:
        before = pings(asker)
        wait_until(lambda: pings(asker) > before + 1)
        ear.channel.send(b"one")
        (connection,) = ear.channel._client.connection_pool._available_connections

        assert connection._sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1


def pings(asker: redis.Redis) -> int:
    return int(asker.info("commandstats").get("cmdstat_ping", {"calls": 0})["calls"])


def test_the_largest_frame_passes(url):
    with hearing(url) as ear:
        channel = RedisChannel(url)
        channel.send(b"x" * channel.largest)
        channel.close()

        wait_until(lambda: len(ear.heard) == 1)
    assert len(ear.heard[0]) == 256 * 1024
