"""Rings and leases where there is PostgreSQL and no Redis."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.journal.rings.bell import Bell
from kefu.journal.rings.notify_channel import CHANNEL, NAME, NotifyChannel, _connect
from kefu.journal.rings.trial import is_heard
from kefu.journal.tests.children import Child
from kefu.journal.tests.facts import Happened, happen, only_postgresql, wait_until
from kefu.journal.tests.hearers import ring_each_other, settle
from kefu.journal.tests.test_rings import Heard

pytestmark = [only_postgresql, pytest.mark.django_db(transaction=True)]
# Machines of one installation have its keys in common.
NOTIFY = {"settings": {"RINGS": "notify", "REDIS_URL": "", "SECRET_KEY": settings.SECRET_KEY}}
# The heartbeat alone would take half a second on average.
FAR_LESS_THAN_THE_HEARTBEAT = 0.2


@contextmanager
def hearing(channel: NotifyChannel | None = None) -> Iterator[tuple[Bell, Heard]]:
    """As in a process of its own: a bell with an ear, which has not heard anything yet."""
    bell, heard = Bell(channel or NotifyChannel()), Heard()
    bell.add(heard)
    wait_until(lambda: heard.rings > 0)
    heard.rings = 0
    try:
        yield bell, heard
    finally:
        bell.remove(heard)
        bell.close()


@contextmanager
def stranger() -> Iterator[psycopg.Connection]:
    """Somebody else who may open the database, and listens."""
    with _connect() as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        yield listening


def payloads(listening: psycopg.Connection, *, seconds: float) -> list[str]:
    return [notice.payload for notice in listening.notifies(timeout=seconds)]


def kill(*, that: str) -> int:
    """End the rings' connections to this database whose last statement begins so; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s AND query LIKE %s",
            [NAME, f"{that}%"],
        )
        return len(cursor.fetchall())


def test_rings_and_leases_reach_the_others():
    with hearing() as (one, ear_of_one), hearing() as (_, ear_of_other):
        one.ring()
        one.pass_on({"who": "林小美"})

        wait_until(lambda: ear_of_other.rings == 1 and ear_of_other.leases == [{"who": "林小美"}])
        assert (ear_of_one.rings, ear_of_one.leases) == (1, [])


def test_what_passes_fits_and_says_nothing_to_a_stranger():
    leases = [{"topic": f"conversation:XH-{number}/staff", "who": "林小美" * 50} for number in range(100)]
    with hearing() as (_, heard), stranger() as listening:
        one = Bell(NotifyChannel())
        for lease in leases:
            one.pass_on(lease)
        one.ring()

        wait_until(lambda: heard.leases == leases and heard.rings > 0)
        seen = payloads(listening, seconds=0.2)
        one.close()

    assert len(seen) > 5
    # Shorter words may come about by chance.
    for readable in ("林", "conversation", "is_ring", one.name):
        assert not [payload for payload in seen if readable in payload]


def test_whether_one_process_hears_another_can_be_tried(settings):
    settings.RINGS = "notify"

    assert is_heard(10)


def test_a_burst_is_at_most_one_every_twenty_milliseconds():
    with stranger() as listening:
        one = Bell(NotifyChannel())
        one.ring()
        wait_until(lambda: bool(payloads(listening, seconds=0.05)))
        began_at = time.monotonic()
        while time.monotonic() < began_at + 0.5:
            one.ring()
            time.sleep(0)
        wait_until(lambda: not one._is_rung)
        lasted = time.monotonic() - began_at
        one.close()
        seen = payloads(listening, seconds=0.2)

    # One more as it begins, and the last one at the end.
    assert 2 <= len(seen) <= lasted / 0.020 + 2
    assert lasted < 1


def test_it_rings_after_the_commit_and_not_for_what_is_rolled_back(monkeypatch):
    own = Bell(NotifyChannel())
    monkeypatch.setattr(sys.modules[Bell.__module__], "_bell", own)
    with hearing() as (_, heard):
        with transaction.atomic():
            record(Happened(actor=SYSTEM))
            transaction.set_rollback(True)
        with transaction.atomic():
            record(Happened(actor=SYSTEM))
            time.sleep(0.1)
            assert heard.rings == 0

        wait_until(lambda: heard.rings == 1)
        own.close()


def test_a_listening_connection_that_is_killed_is_opened_again():
    with hearing() as (_, heard), hearing() as (other, _):
        assert kill(that="LISTEN") == 2

        # Opening again is a ring too: something may have been missed.
        wait_until(lambda: heard.rings == 1)
        other.ring()
        wait_until(lambda: heard.rings == 2)


def test_a_ring_outlives_the_connection_that_it_goes_out_on():
    with hearing() as (one, _), hearing() as (_, heard):
        one.ring()
        wait_until(lambda: heard.rings == 1)
        assert kill(that="SELECT pg_notify") == 1

        one.ring()
        wait_until(lambda: heard.rings == 2)


def test_two_installations_in_one_cluster_do_not_hear_each_other(monkeypatch):
    neighbour = f"{connection.settings_dict['NAME']}_neighbour"
    with psycopg.connect(**_connect_to("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{neighbour}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{neighbour}"')
        try:
            with hearing() as (_, ours), stranger_of(neighbour, monkeypatch) as theirs:
                theirs.ring()
                theirs.close()
                assert ours.rings == 0
        finally:
            server.execute(f'DROP DATABASE "{neighbour}" WITH (FORCE)')


@contextmanager
def stranger_of(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    """A bell of another installation, which has really rung in its own database."""
    with monkeypatch.context() as moved:
        moved.setitem(connection.settings_dict, "NAME", database)
        with hearing() as (theirs, _), hearing() as (_, neighbour):
            theirs.ring()
            wait_until(lambda: neighbour.rings == 1)
            yield theirs


def _connect_to(database: str) -> dict[str, str]:
    given = settings.DATABASES["default"]
    found = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    return {name: value for name, value in found.items() if value} | {"dbname": database}


def test_rings_sealed_with_another_key_are_not_heard_and_that_is_said_once(caplog):
    with hearing() as (_, heard):
        forger = Bell(NotifyChannel(secret="another"))
        own = Bell(NotifyChannel())
        for _ in range(2):
            forger.pass_on({"who": "nobody"})
            forger.ring()
        forger.close()
        with stranger() as listening:
            listening.execute("SELECT pg_notify(%s, 'ring')", [CHANNEL])
        own.ring()

        wait_until(lambda: heard.rings == 1)
        assert heard.leases == []
        own.close()

    assert [record.message for record in caplog.records].count("rings_of_another_key") == 1


def test_two_processes_ring_each_other_and_one_that_is_killed_leaves_nothing():
    with Child("kefu.journal.tests.a_hearer", **NOTIFY) as one:
        settle(one)
        with Child("kefu.journal.tests.a_hearer", **NOTIFY) as other:
            settle(other)
            ring_each_other(one, other)
            other.kill()
        with Child("kefu.journal.tests.a_hearer", **NOTIFY) as next_one:
            settle(next_one)
            ring_each_other(one, next_one)


def test_another_process_is_given_an_entry_far_sooner_than_by_its_heartbeat(monkeypatch):
    own = Bell(NotifyChannel())
    monkeypatch.setattr(sys.modules[Bell.__module__], "_bell", own)
    with Child("kefu.journal.tests.a_follower", **NOTIFY) as follower:
        assert follower.hear() == "ready"
        waits = []
        for _ in range(8):
            entry = happen()
            began_at = time.monotonic()
            assert follower.hear() == str(entry.pk)
            waits.append(time.monotonic() - began_at)
        # As when the database was restarted: the first ring goes out again, and is heard by who listens again.
        assert kill(that="") >= 2
        entry = happen()
        assert follower.hear() == str(entry.pk)
    own.close()

    assert sorted(waits)[4] < FAR_LESS_THAN_THE_HEARTBEAT
