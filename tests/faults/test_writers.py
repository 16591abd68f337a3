"""Eight processes write to overlapping sets of conversations at once: nothing fails, and none of them starves."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.faults.a_writer import CONVERSATIONS

pytestmark = [pytest.mark.fault, pytest.mark.timed]
WRITERS, SECONDS = 8, 10.0
# Each writer has half of them, shared with the three before it and the three after it.
SHARE = CONVERSATIONS // 2
READY_WITHIN, DONE_WITHIN = 60, 60
UNEVEN = 5


@dataclass
class AWriter:
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, database: str, *arguments: str) -> AWriter:
        command = [sys.executable, "-m", "tests.faults.a_writer", *arguments]
        environment = {**os.environ, "DATABASE_URL": database}
        return cls(
            subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )

    def hear(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def go(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.communicate(timeout=DONE_WITHIN)
        assert self.process.returncode == 0


def p99(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


def all_write(database: str) -> list[dict[str, Any]]:
    first = AWriter.start(database, "prepare")
    ids = first.hear()
    first.end()
    shares = [[ids[(3 * number + place) % len(ids)] for place in range(SHARE)] for number in range(WRITERS)]
    writers = [
        AWriter.start(database, "write", json.dumps({"ids": share, "number": number, "seconds": SECONDS}))
        for number, share in enumerate(shares)
    ]
    for writer in writers:
        assert writer.hear() == "ready"
    for writer in writers:
        writer.go()
    told = [writer.hear() for writer in writers]
    for writer in writers:
        writer.end()
    return told


@dataclass(frozen=True)
class Stored:
    """What the database has in the end."""

    messages: int
    places: int
    client_ids: int
    deadlocks: int


def stored(database: str) -> Stored:
    with psycopg.connect(database) as server:
        found = server.execute(
            "SELECT count(*), count(DISTINCT (conversation_id, seq)), count(DISTINCT (sender, client_id)),"
            " (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database())"
            " FROM conversations_message"
        ).fetchone()
    assert found is not None
    return Stored(*found)


def test_eight_writers_fail_nothing_and_none_is_starved(postgres: str) -> None:
    """Of any one writer a unit in a hundred waits at most five times as long as that of the writer in the middle."""
    told = all_write(postgres)

    found, said = stored(postgres), sum(one["said"] for one in told) + CONVERSATIONS
    every = sorted(seconds for one in told for seconds in one["took"])
    slowest = sorted(p99(one["took"]) for one in told)
    report = (
        f"{len(every)} units, median {statistics.median(every) * 1000:.1f} ms,"
        f" p99 of each writer {[round(one * 1000) for one in slowest]} ms, {found}"
    )
    print(report)
    assert [one["failed"] for one in told] == [{}] * WRITERS, report
    assert slowest[-1] <= UNEVEN * statistics.median(slowest), report
    assert (found.messages, found.places, found.client_ids) == (said, said, said)
