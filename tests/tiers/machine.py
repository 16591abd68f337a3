"""What the tests need of the machine, installed or started where that can be done."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REDIS_SERVERS = ("redis-server", "valkey-server")
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
STARTED_WITHIN = 20


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
    """Install browser, fonts and Redis as root on Debian, and look for what answers."""
    if missing := missing_packages():
        _install(missing)
    # The bench has an environment of its own; its test says so if there is none.
    subprocess.run(["bin/bench", "--help"], capture_output=True, check=False)
    machine = Machine(
        browser=_first(BROWSERS),
        postgres=_answering(environ.get("DATABASE_URL") or POSTGRES, 5432),
        redis=_answering(environ.get("REDIS_URL") or REDIS, 6379) or own_redis(),
    )
    if not machine.browser:
        machine.lacks["browser"] = "no Chromium; sudo apt-get install -y chromium fonts-noto-cjk"
    if not machine.postgres:
        machine.lacks["postgres"] = "no PostgreSQL on 127.0.0.1:5432, and no DATABASE_URL that answers"
    if not machine.redis:
        machine.lacks["redis"] = (
            "no Redis on 127.0.0.1:6379, no REDIS_URL that answers, and no redis-server to start"
        )
    return machine


def missing_packages() -> list[str]:
    """Debian's names of what is not there."""
    is_there = {
        "chromium": bool(_first(BROWSERS)),
        "fonts-noto-cjk": _has_chinese_fonts(),
        "redis-server": bool(_first(REDIS_SERVERS)),
    }
    return [package for package, found in is_there.items() if not found]


def _install(packages: Sequence[str]) -> None:
    if not (sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    print(f"Installing {', '.join(packages)}.", flush=True)
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update", "-q"), ("install", "-q", "-y", "--no-install-recommends", *packages)):
        subprocess.run(["apt-get", *words], stdout=subprocess.DEVNULL, env=environ, check=False)


def _first(names: Sequence[str]) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")


def _has_chinese_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def own_redis() -> str:
    """A Redis for this run alone, where the program is there and no server; it ends with the run."""
    program = _first(REDIS_SERVERS)
    if not program:
        return ""
    folder = Path(tempfile.mkdtemp(prefix="kefu-redis-"))
    port = _free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.wait)
    atexit.register(server.terminate)
    return _answering(f"redis://127.0.0.1:{port}/0", port, within=STARTED_WITHIN)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(url: str, usual_port: int, *, within: float = 0) -> str:
    parts = urlsplit(url)
    until = time.monotonic() + within
    while True:
        try:
            with socket.create_connection(
                (parts.hostname or "127.0.0.1", parts.port or usual_port), timeout=2
            ):
                return url
        except OSError:
            if time.monotonic() >= until:
                return ""
            time.sleep(0.05)
