"""What the tests need of the machine, set up where that can be done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PACKAGES = {"chromium": "chromium", "fonts": "fonts-noto-cjk"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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
    """Install browser and fonts as root on Debian, and look for PostgreSQL and Redis."""
    _install_what_is_missing()
    machine = Machine(
        browser=_browser(),
        postgres=_answering(environ.get("DATABASE_URL") or POSTGRES, 5432),
        redis=_answering(environ.get("REDIS_URL") or REDIS, 6379),
    )
    if not machine.browser:
        machine.lacks["browser"] = "no Chromium; sudo apt-get install -y chromium fonts-noto-cjk"
    if not machine.postgres:
        machine.lacks["postgres"] = "no PostgreSQL on 127.0.0.1:5432, and no DATABASE_URL that answers"
    if not machine.redis:
        machine.lacks["redis"] = "no Redis on 127.0.0.1:6379, and no REDIS_URL that answers"
    return machine


def _install_what_is_missing() -> None:
    missing = [PACKAGES["chromium"]] if not _browser() else []
    if not _has_chinese_fonts():
        missing.append(PACKAGES["fonts"])
    may_install = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get")
    if not missing or not may_install:
        return
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    print(f"Installing {' and '.join(missing)}.", flush=True)
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)  # type: ignore[call-overload]
    subprocess.run(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing], check=False, **quiet
    )  # type: ignore[call-overload]


def _browser() -> str:
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def _has_chinese_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _answering(url: str, usual_port: int) -> str:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or usual_port), timeout=2):
            return url
    except OSError:
        return ""
