"""What is broken, and how: each blow is struck and put right again, at moments drawn from the run's seed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from tests.faults.crowd import Crowd, until
from tests.faults.processes import WEB, processes, serving
from tests.faults.proxy import Proxy
from tests.product import Product
from tests.servers import AT_ONCE, POLITELY, OwnPostgres, OwnRedis

BACK_WITHIN = 60.0
BETWEEN = (0.3, 1.0)


@dataclass
class Field:
    """One run: who takes part, and what may be broken."""

    product: Product
    proxy: Proxy
    crowd: Crowd
    chance: random.Random
    web: int
    postgres: OwnPostgres | None = None
    redis: OwnRedis | None = None
    began_at: float = field(default_factory=time.monotonic)

    @property
    def online(self) -> int:
        return sum(client.socket is not None for client in self.crowd.clients)

    def has_half(self) -> bool:
        return self.online * 2 > len(self.crowd.clients)

    def note(self, what: str) -> None:
        """Part of what is shown of a run that fails."""
        print(f"{time.monotonic() - self.began_at:6.2f} s  {self.online} online  {what}", flush=True)

    async def web_processes(self) -> list[int]:
        """All of them, once those that were killed have been started again."""
        found: list[int] = []

        def are_all_there() -> bool:
            found[:] = processes(self.product, WEB)
            return len(found) == self.web

        await until(are_all_there, BACK_WITHIN, "each web process has been started again")
        return found


async def cut_sockets(field: Field) -> None:
    wires = list(field.proxy.wires)
    chosen = field.chance.sample(wires, field.chance.randint(1, len(wires))) if wires else []
    field.note(f"{len(chosen)} of {len(wires)} connections cut")
    for wire in chosen:
        wire.cut()


async def lose_acks(field: Field) -> None:
    """What the product answers is lost for a moment, then the connection; the client can't know what was stored."""
    wires = list(field.proxy.wires)
    chosen = field.chance.sample(wires, field.chance.randint(1, len(wires))) if wires else []
    field.note(f"answers of {len(chosen)} of {len(wires)} connections lost")
    for wire in chosen:
        wire.swallows = True
    await asyncio.sleep(field.chance.uniform(0.3, 1.2))
    for wire in chosen:
        wire.cut()


async def kill_web(field: Field) -> None:
    chosen = field.chance.choice(await field.web_processes())
    field.note(f"web process {chosen} killed")
    os.kill(chosen, signal.SIGKILL)


async def freeze_web(field: Field) -> None:
    chosen = field.chance.choice(await field.web_processes())
    seconds = field.chance.uniform(1.0, 6.5)
    field.note(f"web process {chosen} frozen for {seconds:.1f} s")
    os.kill(chosen, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        os.kill(chosen, signal.SIGCONT)


async def stop_redis(field: Field) -> None:
    assert field.redis is not None
    seconds = field.chance.uniform(0.5, 3.0)
    field.note(f"Redis stopped for {seconds:.1f} s")
    await asyncio.to_thread(field.redis.stop)
    try:
        await asyncio.sleep(seconds)
    finally:
        await asyncio.to_thread(field.redis.start)


async def stop_postgres(field: Field) -> None:
    """Whoever says something meanwhile is told "busy", and who asks for what they missed to come later; afterwards all goes
    on, in the same processes.
    """
    assert field.postgres is not None
    before = serving(field.product)
    how = field.chance.choice([POLITELY, AT_ONCE])
    seconds = field.chance.uniform(0.2, 2.0)
    field.note(f"PostgreSQL stopped with {how.name} for {seconds:.1f} s")
    busy = _busy(field.crowd)
    await asyncio.to_thread(field.postgres.stop, how)
    try:
        await asyncio.sleep(seconds)
        # When all were just coming back, nobody is left who could say something.
        await until(
            lambda: _busy(field.crowd) > busy or not field.online, BACK_WITHIN, "somebody is told busy"
        )
    finally:
        await asyncio.to_thread(field.postgres.start)
    heard = field.crowd.acked
    field.note("PostgreSQL started again")
    await until(lambda: field.crowd.acked > heard, BACK_WITHIN, "messages are stored again")
    ended = set(before) - set(processes(field.product, WEB))
    assert not ended, f"{ended} ended because the database was away"


def _busy(crowd: Crowd) -> int:
    return sum(client.told.count("busy") for client in crowd.clients)


Blow = Callable[[Field], Awaitable[None]]
BLOWS: dict[str, Blow] = {
    "sockets": cut_sockets,
    "acks": lose_acks,
    "web": kill_web,
    "frozen": freeze_web,
    "redis": stop_redis,
    "postgres": stop_postgres,
}


async def strike(field: Field, names: Sequence[str], seconds: float) -> None:
    """Each of these blows at least once, in a drawn order, again and again until the time is over."""
    ends_at = time.monotonic() + seconds
    if not names:
        await asyncio.sleep(seconds)
        return
    for first_round in chain([True], repeat(False)):
        for name in field.chance.sample(names, len(names)):
            if not first_round and time.monotonic() > ends_at:
                return
            await asyncio.sleep(field.chance.uniform(*BETWEEN))
            # A blow is for people who talk, not for those who are still on their way back from the last one.
            await until(field.has_half, BACK_WITHIN, "half are back")
            await BLOWS[name](field)
