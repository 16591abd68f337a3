"""Thousands of idle sockets at one server: their memory, and rounds in which each gets a frame of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from bench import machine
from bench.load.crowd import Crowd
from bench.load.people import Nobody, Speaker
from bench.load.sockets import connect
from bench.product import AGENTS, Kefu
from bench.references.bare import WAKE
from bench.servers import ROOT, Reference

# The first sockets make room that all later ones use.
FIRST = 100
SETTLING = 2.0
WOKEN_WITHIN = 120.0
# Each agent can have something, and can have seen it.
MOST_ROUNDS = 2 * len(AGENTS)


class Rouser(Protocol):
    """Wakes all customers of a server, and tells at which moment it was done."""

    async def wake(self, place: int) -> float: ...


class KefuRouser:
    """An agent reads what all of them have asked: each of them is told."""

    def __init__(self, kefu: Kefu) -> None:
        self.kefu = kefu

    async def wake(self, place: int) -> float:
        agent, has_seen = AGENTS[place // 2], bool(place % 2)
        return float(await asyncio.to_thread(self.kefu.prepare, "see_all", agent, has_seen))


class BareRouser:
    def __init__(self, limit: Reference) -> None:
        self.limit = limit

    async def wake(self, _: int) -> float:
        door = self.limit.door
        socket = await connect(door.url, lambda _: None, lambda _: None, door.headers())
        at = perf_counter()
        socket.send(WAKE.encode())
        return at


@dataclass
class Round(Nobody):
    """Who has been woken, and when the last one was."""

    waiting: set[Speaker]
    first_at: float = 0.0
    last_at: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self, speaker: Speaker, at: float) -> None:
        self.first_at = self.first_at or at
        self.waiting.discard(speaker)
        if not self.waiting:
            self.last_at = at
            self.done.set()


@dataclass(frozen=True)
class Idle:
    """Of one server: the memory of an idle socket, and of each round its seconds and the worst echo meanwhile."""

    kib: float
    rounds: list[float]
    echoes: list[float]
    missed: int

    def and_again(self, other: Idle) -> Idle:
        """Of the same server at another time, round by round. By then it has room that was used before."""
        return Idle(
            kib=self.kib,
            rounds=[(one + two) / 2 for one, two in zip(self.rounds, other.rounds, strict=True)],
            echoes=[max(both) for both in zip(self.echoes, other.echoes, strict=True)],
            missed=self.missed + other.missed,
        )


async def measure(crowd: Crowd, rouser: Rouser, *, idle: int, sockets: int, rounds: int) -> Idle:
    await crowd.invite(min(FIRST, idle // 2))
    before, base = len(crowd.speakers), await _resident(crowd)
    await crowd.invite(idle)
    kib = (await _resident(crowd) - base) / (idle - before)
    await crowd.invite(sockets)
    async with probing(crowd) as echo:
        found = [await _wake(crowd, rouser, place, echo) for place in range(rounds)]
    crowd.leave()
    missed = sum(len(one.waiting) for one, *_ in found)
    return Idle(kib, [seconds for _, seconds, _ in found], [worst for *_, worst in found], missed)


async def _resident(crowd: Crowd) -> int:
    await asyncio.sleep(SETTLING)
    return machine.resident_kib(crowd.server.web())


async def _wake(
    crowd: Crowd, rouser: Rouser, place: int, echo: Callable[[float, float], float]
) -> tuple[Round, float, float]:
    one = Round(set(crowd.speakers))
    crowd.party.hearer = one
    woken_at = await rouser.wake(place)
    try:
        async with asyncio.timeout(WOKEN_WITHIN):
            await one.done.wait()
    except TimeoutError:
        one.last_at = perf_counter()
    began = min(woken_at, one.first_at or woken_at)
    await asyncio.sleep(SETTLING)
    return one, one.last_at - began, echo(began, one.last_at)


@asynccontextmanager
async def probing(crowd: Crowd) -> AsyncIterator[Callable[[float, float], float]]:
    """A ping every two milliseconds meanwhile; what is given finds the slowest of those sent within a time."""
    door = crowd.server.door
    chat = crowd.speakers[0].chat
    whose = ("--topic", chat.own_topic, "--token", chat.token)
    command = [sys.executable, "-m", "bench.idle.probe", "--url", door.url, "--origin", door.origin, *whose]
    printed: list[str] = []
    probe = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert probe.stdout is not None  # noqa: S101 - it is a pipe
    reading = asyncio.get_running_loop().run_in_executor(None, _read, probe.stdout, printed)
    try:
        while not printed and not reading.done():
            await asyncio.sleep(0.05)
        yield lambda began, ended: slowest(printed, began, ended)
    finally:
        probe.terminate()
        probe.wait()
        reading.cancel()


def _read(printing: Iterable[str], printed: list[str]) -> None:
    for line in printing:
        printed.append(line)  # noqa: PERF402 - whoever looks meanwhile sees each line as it comes


def slowest(lines: list[str], began: float, ended: float) -> float:
    """Of pings that were under way within that time; NaN if there was none."""
    pings = [tuple(map(float, line.split())) for line in lines]
    return max((took for sent, took in pings if sent + took >= began and sent <= ended), default=float("nan"))
