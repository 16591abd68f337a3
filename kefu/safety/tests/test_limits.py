from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
import redis
import time_machine
from django.db import connection

from kefu.safety.limits import Counting, Limit, Standing, TooMany, peek, prune_limits, take
from kefu.safety.models import Counter

HOURLY = Limit("test", 3, timedelta(hours=1))
START = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)


@pytest.fixture
def redis_store(settings, tmp_path):
    """A Redis of our own, reached by a socket in the test's folder."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    path = tmp_path / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(path)
            settings.REDIS_URL = f"unix://{path}"
            yield server
        finally:
            server.kill()


def _wait_for(path):
    deadline = time.monotonic() + 20
    with redis.Redis(unix_socket_path=str(path)) as client:
        while not _answers(client):
            assert time.monotonic() < deadline, "Redis did not start."


def _answers(client):
    try:
        return client.ping()
    except redis.ConnectionError:
        return False


def use_up(limit, key):
    for _ in range(limit.times):
        take(limit, key)


@pytest.mark.django_db
def test_a_limit_refuses_what_is_too_much_and_says_when_to_come_back():
    with time_machine.travel(START, tick=False):
        use_up(HOURLY, "203.0.113.9")

        with pytest.raises(TooMany) as refusal:
            take(HOURLY, "203.0.113.9")

        assert refusal.value.retry_after == timedelta(minutes=59, seconds=59)
        take(HOURLY, "203.0.113.10")
        take(Limit("another", 3, timedelta(hours=1)), "203.0.113.9")


@pytest.mark.django_db
def test_a_new_window_begins_anew():
    with time_machine.travel(START, tick=False) as clock:
        use_up(HOURLY, "a")
        clock.shift(timedelta(hours=1))

        take(HOURLY, "a")

        assert peek(HOURLY, "a").left == 2


@pytest.mark.django_db
def test_a_look_counts_nothing():
    with time_machine.travel(START, tick=False):
        untouched = peek(HOURLY, "a")
        take(HOURLY, "a")

        assert untouched == Standing(left=3, ends_in=timedelta(minutes=59, seconds=59))
        assert peek(HOURLY, "a").left == peek(HOURLY, "a").left == 2
        take(HOURLY, "a")
        take(HOURLY, "a")
        with pytest.raises(TooMany):
            take(HOURLY, "a")
        assert peek(HOURLY, "a").left == 0


@pytest.mark.django_db
def test_old_counters_go_and_young_ones_stay():
    with time_machine.travel(START, tick=False) as clock:
        take(HOURLY, "old")
        clock.shift(timedelta(days=3))
        take(HOURLY, "young")

        assert prune_limits() == 1
        assert peek(HOURLY, "young").left == 2


@pytest.mark.django_db
def test_whose_limit_it_is_can_not_be_read():
    take(HOURLY, "203.0.113.9")

    assert "203.0.113.9" not in str(list(Counter.objects.values()))


def _take_once(key):
    try:
        take(HOURLY, key)
    except TooMany:
        return 0
    finally:
        connection.close()
    return 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_the_limit():
    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(_take_once, ["same"] * 40))

    assert taken == HOURLY.times


def take_each(keys: Sequence[str]) -> list[timedelta | None]:
    """As a batch does it, of which all that was allowed is done."""
    counting = Counting(HOURLY)
    waits = counting.take_soon(keys)()
    counting.give_back([])
    return waits


@pytest.mark.django_db
def test_many_keys_are_counted_as_one_by_one_would_be():
    with time_machine.travel(START, tick=False):
        take(HOURLY, "b")
        answers = take_each(["a", "b", "b", "c", "b", "a"])

        assert [answer is None for answer in answers] == [True, True, True, True, False, True]
        assert answers[4] == timedelta(minutes=59, seconds=59)
        assert [peek(HOURLY, key).left for key in "abc"] == [1, 0, 2]
        assert take_each([]) == []
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        assert take_each(["b"] * 4)[2:] == [None, timedelta(minutes=59, seconds=59)]
        assert peek(HOURLY, "b").left == 0


@pytest.mark.django_db
def test_what_is_counted_at_the_edge_puts_no_later_window_back():
    with time_machine.travel(START, tick=False):
        late = Counting(HOURLY)
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        take(HOURLY, "a")
        take(HOURLY, "a")
        assert late.take_soon(["a"])() == [None]
        late.give_back(["a"])

        assert peek(HOURLY, "a").left == 0


@pytest.mark.django_db
def test_what_was_not_done_is_given_back():
    counting = Counting(HOURLY)
    assert counting.take_soon(["a", "a", "b", "a", "a"])() == [None, None, None, None, ANY]

    counting.give_back(["a", "b", "a"])

    assert [peek(HOURLY, key).left for key in "ab"] == [2, 3]


@pytest.mark.django_db
def test_nothing_is_written_for_who_has_used_it_up(django_assert_num_queries):
    take_each(["a"] * 5)

    # Nor is anything given back that was not counted.
    with django_assert_num_queries(1):
        assert take_each(["a", "a"]) == [ANY, ANY]
    assert Counter.objects.get().used == HOURLY.times
    assert [wait is None for wait in take_each(["a", "b", "a"])] == [False, True, False]


@pytest.mark.django_db
def test_many_keys_are_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        take_each([f"key {number}" for number in range(100)])


@pytest.mark.django_db
def test_many_keys_are_counted_in_the_table_also_beside_redis(redis_store):
    assert take_each(["a", "b", "a", "a", "a"]) == [None, None, None, None, ANY]
    assert sorted(Counter.objects.values_list("used", flat=True)) == [1, 3]


@pytest.mark.django_db
def test_redis_counts_where_there_is_one(redis_store):
    use_up(HOURLY, "a")

    with pytest.raises(TooMany) as refusal:
        take(HOURLY, "a")

    assert timedelta() < refusal.value.retry_after <= timedelta(hours=1)
    assert peek(HOURLY, "a").left == 0
    assert peek(HOURLY, "b").left == 3
    assert not Counter.objects.exists()


@pytest.mark.django_db
def test_the_table_counts_when_redis_has_gone(redis_store):
    redis_store.kill()
    redis_store.wait()

    use_up(HOURLY, "a")

    with pytest.raises(TooMany):
        take(HOURLY, "a")
    assert peek(HOURLY, "a").left == 0
    assert Counter.objects.get().used == 4
