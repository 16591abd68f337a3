from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from kefu.background.beats import (
    ALIVE_FOR,
    beat,
    has_living_worker,
    living_workers,
    process_space,
    stop_beating,
)
from kefu.background.models import Beat

pytestmark = pytest.mark.django_db


def a_dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_worker_that_beats_lives():
    assert not has_living_worker()
    beat("one")
    beat("one")

    assert living_workers() == {"one"}
    assert has_living_worker()
    stop_beating("one")
    assert living_workers() == set()


def test_a_worker_whose_beat_stopped_is_struck_off():
    beat("one")

    with time_machine.travel(now() + ALIVE_FOR + timedelta(seconds=1)):
        assert not has_living_worker()
        assert living_workers() == set()
    assert not Beat.objects.exists()


@pytest.mark.skipif(not process_space(), reason="only where the system tells where a process id is valid")
def test_a_killed_process_of_this_machine_is_dead_at_once():
    Beat.objects.create(worker_id="killed", place=process_space(), pid=a_dead_process())
    Beat.objects.create(worker_id="elsewhere", place="another boot", pid=a_dead_process())
    Beat.objects.create(worker_id="unknown", place="", pid=a_dead_process())
    Beat.objects.create(worker_id="here", place=process_space(), pid=os.getpid())

    assert living_workers() == {"elsewhere", "unknown", "here"}
