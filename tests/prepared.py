"""What the first start of a product leaves, made once and copied: to prepare takes twice as long as the rest of a start."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kefu.config.running import stamp
from kefu.config.running.choices import choose
from tests.product import Product
from tests.servers import postgres_program

# A folder that all commands of a run share, where the run has made one.
PLACE = os.environ.get("TEST_PREPARED", "")
DUMP = "dump.sql"
# Every copy would do anew what the first start leaves to the worker, and that takes longer than the rest of its start.
WORKED_OFF = """
import time
from django.utils.timezone import now, timedelta
from django_tasks_db.models import DBTaskResult
from kefu.journal.models import Entry, ListenerCursor

def is_left():
    # What has no time of its own has one far away.
    later = now(), now() + timedelta(days=365)
    waiting = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).exclude(run_after__range=later)
    return waiting.exists() or ListenerCursor.objects.filter(position__lt=Entry.objects.latest("pk").pk).exists()

deadline = time.monotonic() + 120
while is_left():
    assert time.monotonic() < deadline, "The worker does not come to an end."
    time.sleep(0.2)
"""


class Prepared:
    """Whoever has the same place has the same first start."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def on_sqlite(self, data: Path) -> None:
        """Let this be a data folder after its first start."""
        made = self._once("sqlite", lambda made: start_once(made / "data"))
        shutil.copytree(made / "data", data)

    def on_postgres(self, data: Path, url: str) -> None:
        """Likewise, with its rows in this empty database; where they can't be brought there, the product starts anew."""
        filled: list[str] = []
        made = self._once("postgres", lambda made: filled.append(start_once_and_dump(made, url)))
        if not (made / DUMP).exists():
            return
        if url not in filled:
            words = ["--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "--output", os.devnull]
            done = run("psql", *words, "--file", str(made / DUMP), url)
            assert done.returncode == 0, done.stderr
        shutil.copytree(made / "data", data)
        say_that_it_is_of(data, url)

    def _once(self, name: str, make: Callable[[Path], object]) -> Path:
        made = self.place / name
        with self._alone():
            if not made.exists():
                unfinished = self.place / f"{name}.unfinished"
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir()
                make(unfinished)
                unfinished.rename(made)
        return made

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.place / "prepared.lock").open("a") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            yield


def start_once(data: Path, **environment: str) -> None:
    product = Product(data, **environment)
    product.start()
    product.django(WORKED_OFF)
    assert product.stop() == 0, "".join(product.log)


def start_once_and_dump(place: Path, url: str) -> str:
    """The address whose database has been filled on the way."""
    start_once(place / "data", DATABASE_URL=url)
    if postgres_program("pg_dump") and postgres_program("psql"):
        done = run("pg_dump", "--no-owner", "--file", str(place / DUMP), url)
        if done.returncode:
            # It may be older than the server.
            (place / DUMP).unlink(missing_ok=True)
    return url


def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([postgres_program(program), *words], capture_output=True, text=True, check=False)


def say_that_it_is_of(data: Path, url: str) -> None:
    """A stamp names the database."""
    choices, _ = choose(Namespace(data=str(data)), {"DATABASE_URL": url})
    found = stamp.read(data)
    assert found is not None
    stamp.write(data, replace(found, fingerprint=stamp.fingerprint(choices)))
