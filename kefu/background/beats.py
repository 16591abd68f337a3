"""Which workers live: each writes a beat, and a beat that stopped gives its tasks to others."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils.timezone import now

from kefu.background.models import Beat

BEATS_EVERY = timedelta(seconds=5)
ALIVE_FOR = timedelta(seconds=20)


def beat(worker_id: str) -> None:
    """This process says that it lives, under this name."""
    values = {"place": process_space(), "pid": os.getpid(), "beat_at": now()}
    Beat.objects.update_or_create(worker_id=worker_id, defaults=values)


def stop_beating(worker_id: str) -> None:
    Beat.objects.filter(worker_id=worker_id).delete()


def living_workers() -> set[str]:
    """The names of the workers that live, dead ones being struck off."""
    beats = list(Beat.objects.all())
    dead = [each.worker_id for each in beats if not is_alive(each)]
    if dead:
        Beat.objects.filter(worker_id__in=dead).delete()
    return {each.worker_id for each in beats} - set(dead)


def has_living_worker() -> bool:
    """Whether any worker lives; for the readiness page."""
    return any(is_alive(each) for each in Beat.objects.all())


def has_living_worker_elsewhere() -> bool:
    """Whether a worker lives on another machine or in another container, as far as the system tells where a process is."""
    return any(is_alive(each) for each in Beat.objects.exclude(place=process_space()))


def is_alive(each: Beat) -> bool:
    """A late beat is a dead worker; on this machine a missing process is one at once."""
    if now() - each.beat_at > ALIVE_FOR:
        return False
    return each.place != process_space() or not each.place or _exists(each.pid)


@cache
def process_space() -> str:
    """Where process ids mean the same as here: this boot, and this container; "" if nobody can tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
