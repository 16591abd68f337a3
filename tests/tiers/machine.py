"""What the tests need of the machine, installed or started where that can be done."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg

from tests import chromium
from tests.servers import OwnPostgres, OwnRedis, has_postgres, has_redis

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"


@dataclass
class Machine:
    """What was found: the address of each service, or nothing; and why a need is not met."""

    browser: str = ""
    postgres: str = ""
    redis: str = ""
    lacks: dict[str, str] = field(default_factory=dict)

    def has(self, need: str) -> bool:
        return need not in self.lacks


def set_up(environ: Mapping[str, str]) -> Machine:
    """Install browser, fonts, PostgreSQL and Redis as root on Debian, and look for what answers."""
    if missing := missing_packages():
        _install(missing)
    # The bench has an environment of its own; its test says so if there is none.
    subprocess.run(["bin/bench", "--help"], capture_output=True, check=False)
    machine = Machine(
        browser=chromium.program(is_whole=True),
        postgres=_taking_us_in(environ.get("DATABASE_URL") or POSTGRES) or own_postgres(),
        redis=_answering(environ.get("REDIS_URL") or REDIS, 6379) or own_redis(),
    )
    if not machine.browser:
        machine.lacks["browser"] = "no Chromium; sudo apt-get install -y chromium fonts-noto-cjk"
    if not machine.postgres:
        machine.lacks["postgres"] = (
            "no PostgreSQL on 127.0.0.1:5432, no DATABASE_URL that answers, and no programs of a server to start"
        )
    if not machine.redis:
        machine.lacks["redis"] = (
            "no Redis on 127.0.0.1:6379, no REDIS_URL that answers, and no redis-server to start"
        )
    return machine


def missing_packages() -> list[str]:
    """Debian's names of what is not there."""
    is_there = {
        "chromium": bool(chromium.program(is_whole=True)),
        chromium.SHELL: bool(shutil.which(chromium.SHELL)),
        "fonts-noto-cjk": _has_chinese_fonts(),
        "postgresql": has_postgres(),
        "redis-server": has_redis(),
    }
    return [package for package, found in is_there.items() if not found]


def _install(packages: Sequence[str]) -> None:
    if not (sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    print(f"Installing {', '.join(packages)}.", flush=True)
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # One by one: what a distribution does not have must not keep it from the others.
    each = (("install", "-q", "-y", "--no-install-recommends", package) for package in packages)
    for words in (("update", "-q"), *each):
        subprocess.run(["apt-get", *words], stdout=subprocess.DEVNULL, env=environ, check=False)


def _has_chinese_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def own_redis() -> str:
    """A Redis for this run alone, where the program is there and no server; it ends with the run."""
    return _of_our_own(OwnRedis) if has_redis() else ""


def own_postgres() -> str:
    """A PostgreSQL for this run alone, likewise."""
    return _of_our_own(OwnPostgres) if has_postgres() else ""


def _of_our_own(kind: type[OwnRedis | OwnPostgres]) -> str:
    server = kind()
    atexit.register(server.remove)
    server.start()
    return server.url


def _taking_us_in(url: str) -> str:
    """A PostgreSQL that Debian has just installed answers, and asks for a password that nobody has chosen."""
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2).close()
        return url
    return ""


def _answering(url: str, usual_port: int) -> str:
    parts = urlsplit(url)
    with (
        contextlib.suppress(OSError),
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or usual_port), timeout=2),
    ):
        return url
    return ""
