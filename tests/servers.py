"""A PostgreSQL cluster and a Redis of our own, for a run or for one test: stopping them hurts nobody else."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import psycopg

REDIS_SERVERS = ("redis-server", "valkey-server")
# Debian keeps each version's programs to itself.
POSTGRES_PROGRAMS = Path("/usr/lib/postgresql")
STARTED_WITHIN, STOPPED_WITHIN = 30.0, 30.0
ASKS_EVERY = 0.02
# A crash of the server, not of the machine: what the kernel was given is there when it starts again.
CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}
# Lets every client go, or nobody: what was not committed is lost both times.
POLITELY, AT_ONCE = signal.SIGINT, signal.SIGQUIT


class Server:
    """A program of our own on a port of its own, in a folder that goes with it."""

    # What is started from a shell's background ignores SIGQUIT, unless it has a handler of its own.
    at_once = signal.SIGKILL

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"kefu-{name}-"))
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.options: Mapping[str, Any] = {}

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.options
            )
        deadline = time.monotonic() + STARTED_WITHIN
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"It did not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(ASKS_EVERY)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(STOPPED_WITHIN)
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        self.stop(self.at_once)
        shutil.rmtree(self.folder, ignore_errors=True)


class OwnRedis(Server):
    """Keeps nothing over a stop, as a cache."""

    def __init__(self) -> None:
        super().__init__("redis")
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        program = next(path for name in REDIS_SERVERS if (path := shutil.which(name)))
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return [program, *place, "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=2) as asked,
        ):
            asked.sendall(b"PING\r\n")
            return asked.recv(16).startswith(b"+PONG")
        return False


class OwnPostgres(Server):
    """A cluster; root runs it as somebody else, for it refuses root."""

    at_once = AT_ONCE

    def __init__(self) -> None:
        super().__init__("postgres")
        self.data = self.folder / "data"
        self._elsewhere: psycopg.Connection[Any] | None = None
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            who = _somebody_else()
            self.options = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
            for folder in (self.folder, self.data):
                os.chown(folder, who.pw_uid, who.pw_gid)
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._make()

    def command(self) -> list[str]:
        settings = [f"-c{name}={value}" for name, value in CONFIGURATION.items()]
        return [
            postgres_program("postgres"),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
            "-k",
            str(self.folder),
            *settings,
        ]

    def answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            self._connect("postgres").close()
            return True
        return False

    def new_database(self, name: str) -> str:
        """The address of an empty database."""
        with self._connect("postgres") as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def hold_transaction(self) -> None:
        """Somebody else's, in another database of the cluster: it has a number and does not end. Begun anew after a stop."""
        self.end_transaction()
        self._elsewhere = self._connect("postgres", autocommit=False)
        self._elsewhere.execute("SELECT pg_current_xact_id()")

    def end_transaction(self) -> None:
        if self._elsewhere is not None:
            self._elsewhere.close()
            self._elsewhere = None

    def start(self) -> None:
        super().start()
        if self._elsewhere is not None:
            self.hold_transaction()

    def _connect(self, database: str, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=autocommit
        )

    def _make(self) -> None:
        words = [
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]
        done = subprocess.run(
            [postgres_program("initdb"), *words], capture_output=True, text=True, check=False, **self.options
        )
        assert done.returncode == 0, done.stdout + done.stderr


def has_postgres() -> bool:
    return all(postgres_program(name) for name in ("initdb", "postgres"))


def has_redis() -> bool:
    return any(shutil.which(name) for name in REDIS_SERVERS)


def postgres_program(name: str) -> str:
    """The newest of a program that only servers have, such as initdb; nothing where there is none."""
    by_version = sorted(POSTGRES_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: _version(path.parts[-3]))
    return str(by_version[-1]) if by_version else shutil.which(name) or ""


def _somebody_else() -> pwd.struct_passwd:
    """As Debian's package has it, else the one who owns nothing."""
    known = {one.pw_name: one for one in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _version(name: str) -> list[int]:
    return [int(part) for part in name.split(".") if part.isdigit()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
