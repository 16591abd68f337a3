"""Rings and leases between real processes, over Unix sockets and over Redis."""

from __future__ import annotations

import pytest

from kefu.journal.tests.children import Child
from kefu.journal.tests.hearers import a_redis, free_port, ring_each_other, settle, settle_again

pytestmark = pytest.mark.process


def test_two_processes_ring_each_other_over_sockets(tmp_path):
    options = {"settings": {"RINGS": "socket", "REDIS_URL": ""}, "data": str(tmp_path)}
    with Child("kefu.journal.tests.a_hearer", **options) as one:
        settle(one)
        with Child("kefu.journal.tests.a_hearer", **options) as other:
            settle(other)
            ring_each_other(one, other)
            other.kill()
        one.tell("ring")
        assert one.hear() == "ring"
        # The next one finds its place in the folder beside what the killed one left.
        with Child("kefu.journal.tests.a_hearer", **options) as next_one:
            settle(next_one)
            ring_each_other(one, next_one)


def test_two_processes_ring_each_other_over_redis_which_goes_and_comes_back(tmp_path):
    port = free_port()
    url = {"settings": {"RINGS": "", "REDIS_URL": f"redis://127.0.0.1:{port}/0"}}
    with (
        a_redis(port, tmp_path) as server,
        Child("kefu.journal.tests.a_hearer", **url) as one,
        Child("kefu.journal.tests.a_hearer", **url) as other,
    ):
        settle(one)
        settle(other)
        ring_each_other(one, other)
        server.kill()
        server.wait()
        one.tell("ring")
        # The own process hears at once; the other when Redis is there again.
        assert one.hear() == "ring"
        assert other.hears_nothing(seconds=0.5)
        with a_redis(port, tmp_path):
            assert other.hear() == "ring"
            settle_again(one, other)
            ring_each_other(one, other)
