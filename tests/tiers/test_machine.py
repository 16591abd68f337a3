from __future__ import annotations

import socket
from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers
from tests.tiers.machine import missing_packages, own_postgres, own_redis, set_up

NOWHERE = {"DATABASE_URL": "postgres://postgres@127.0.0.1:1/postgres", "REDIS_URL": "redis://127.0.0.1:1/0"}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that is the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "POSTGRES_PROGRAMS", tmp_path)
    return tmp_path


def add(programs: Path, name: str, says: str = "") -> None:
    (programs / name).write_text(f"#!/bin/sh\necho {says}\n")
    (programs / name).chmod(0o755)


def test_a_bare_machine_lacks_everything_and_each_lack_says_what_to_do(programs: Path) -> None:
    machine = set_up(NOWHERE)

    assert (machine.browser, machine.postgres, machine.redis) == ("", "", "")
    assert not any(machine.has(need) for need in ("browser", "postgres", "redis"))
    assert "apt-get install" in machine.lacks["browser"]
    assert "DATABASE_URL" in machine.lacks["postgres"]
    assert "redis-server" in machine.lacks["redis"]


def test_only_what_is_not_there_is_installed(programs: Path) -> None:
    assert missing_packages() == [
        "chromium",
        "chromium-headless-shell",
        "fonts-noto-cjk",
        "postgresql",
        "redis-server",
    ]

    add(programs, "google-chrome")
    add(programs, "chromium-headless-shell")
    add(programs, "valkey-server")
    add(programs, "initdb")
    add(programs, "postgres")
    add(programs, "fc-list", "Noto Sans CJK")

    assert missing_packages() == []


def test_what_answers_is_used(programs: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/5"

        machine = set_up(NOWHERE | {"REDIS_URL": address})

    assert machine.redis == address
    assert machine.has("redis")


def test_without_a_redis_one_is_started_for_the_run() -> None:
    if "redis-server" in missing_packages():
        pytest.skip("needs redis-server: apt-get install redis-server")

    address = own_redis()

    with redis.Redis.from_url(address) as client:
        assert client.ping()


@pytest.mark.slow
def test_without_a_postgresql_one_is_started_for_the_run() -> None:
    if "postgresql" in missing_packages():
        pytest.skip("needs the programs of a PostgreSQL server: apt-get install postgresql")

    address = own_postgres()

    with psycopg.connect(address) as client:
        assert client.execute("SELECT 1").fetchone() == (1,)


def test_the_newest_of_several_versions_is_taken(programs: Path) -> None:
    for version in ("9.6", "15", "9.10"):
        (programs / version / "bin").mkdir(parents=True)
        add(programs / version / "bin", "initdb")

    assert servers.postgres_program("initdb") == str(programs / "15/bin/initdb")
