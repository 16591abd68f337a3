"""The three servers of one run, each with a store of its own; all of it is gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import machine
from bench.machine import Cores, NotMeasurable
from bench.product import Kefu
from bench.servers import Reference

LIMIT, REFERENCE = "limit", "Channels"
BARE, CHANNELS = "bench.references.bare", "bench.references.channels_app"


@dataclass(frozen=True)
class Place:
    """Where a run stores: a folder on a disk, and the addresses of services, empty for SQLite."""

    folder: Path
    postgres: str = ""
    redis: str = ""


@dataclass(frozen=True)
class Setting:
    """Some may be left out of a run."""

    limit: Reference | None
    reference: Reference | None
    kefu: Kefu


@contextmanager
def own_folder(chosen: Path | None) -> Iterator[Path]:
    """A folder for this run; one that was chosen stays. Raises NotMeasurable if it lies on no disk."""
    folder = chosen or Path(tempfile.mkdtemp(prefix="kefu-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if machine.is_in_memory(folder):
            raise NotMeasurable(
                f"{folder} lies in memory, where durable costs nothing; name another by --folder."
            )
        yield folder
    finally:
        if chosen is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def setting(place: Place, cores: Cores, names: frozenset[str]) -> Iterator[Setting]:
    """Start what is measured, each by its own door; they end together. Raises NotMeasurable."""
    with ExitStack() as ending:
        limit = reference = None
        if LIMIT in names:
            limit = Reference(LIMIT, BARE, cores.server, place.folder / "limit").start()
            ending.callback(limit.stop)
        if REFERENCE in names:
            reference = _channels(place, cores, ending)
        kefu = _kefu(place, cores, ending)
        yield Setting(limit, reference, kefu)


def _channels(place: Place, cores: Cores, ending: ExitStack) -> Reference:
    folder = place.folder / "channels"
    environment = {
        "DJANGO_SETTINGS_MODULE": "bench.references.channels_settings",
        "BENCH_FOLDER": str(folder),
        "BENCH_DATABASE": ending.enter_context(database(place.postgres, "reference")),
        "BENCH_REDIS": place.redis,
    }
    reference = Reference(REFERENCE, CHANNELS, cores.server, folder, environment).start()
    ending.callback(reference.stop)
    return reference


def _kefu(place: Place, cores: Cores, ending: ExitStack) -> Kefu:
    services = {
        "DATABASE_URL": ending.enter_context(database(place.postgres, "kefu")),
        "REDIS_URL": place.redis,
    }
    kefu = Kefu(place.folder / "kefu", cores.server, **{name: at for name, at in services.items() if at})
    ending.callback(kefu.stop)
    return kefu.start()


@contextmanager
def database(postgres: str, name: str) -> Iterator[str]:
    """The address of an empty database of this run's own; nothing where there is no PostgreSQL."""
    if not postgres:
        yield ""
        return
    own = f"kefu_bench_{name}_{os.getpid()}"
    _tell(postgres, f"CREATE DATABASE {own}")
    try:
        yield f"{postgres.rsplit('/', 1)[0]}/{own}"
    finally:
        _tell(postgres, f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")


def _tell(postgres: str, statement: str) -> None:
    try:
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(statement.encode())
    except psycopg.OperationalError as problem:
        raise NotMeasurable(f"PostgreSQL does not answer at --postgres ({problem}).") from problem
