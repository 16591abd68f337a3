"""Tasks for the queue's own tests. What they did is a row in a table, so that other processes see it too."""

from __future__ import annotations

import time
from datetime import timedelta

from django.utils.timezone import now

from kefu.background.models import Tick
from kefu.background.tasks import Queue, TryLater, task

NO_WAIT = (timedelta(0),)


def did(what: str) -> int:
    """How often it was done."""
    return Tick.objects.filter(name=what).count()


def note(what: str) -> None:
    Tick.objects.create(name=what, minute=now())


@task()
def succeed(number: int = 0) -> None:
    note(f"succeed:{number}")


@task(tries=3, waits=NO_WAIT)
def fail_twice(number: int) -> None:
    note("fail")
    if did("fail") < 3:
        raise ValueError(f"林小美 said something private about {number}")


@task(tries=2, waits=(timedelta(seconds=30),))
def fail_always() -> None:
    raise ValueError("林小美 said something private")


@task(tries=3)
def not_now() -> None:
    raise TryLater(timedelta(minutes=7))


@task()
def leave() -> None:
    raise SystemExit(3)


@task(priority=50)
def hurry() -> None:
    note("hurry")


@task()
async def wait_for_nothing() -> None:
    return


@task(tries=3, waits=NO_WAIT)
def take_long(seconds: float) -> None:
    """The first run takes long, the others no time."""
    note("began")
    if did("began") == 1:
        time.sleep(seconds)
    note("ended")


@task(queue=Queue.NETWORK)
def talk_to_somebody_slow(seconds: float) -> None:
    note("called")
    time.sleep(seconds)
    note("hung up")
