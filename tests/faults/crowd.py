"""Customers who ask and agents who answer, all at once: what each does in front of their window."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.faults.clients import Client
from tests.faults.desks import Desk
from tests.faults.reading import Reading
from tests.seeds import is_long

# One person may say thirty things in half a minute, and saying one again counts; few cores must carry them all.
PAUSE = (2.5, 6.0) if is_long() else (1.5, 3.5)
LEAST_WAITING = 3
AWAY = (0.3, 2.0)
NOTE = "内部便条"
LOOKS_EVERY = 0.05
# How many agents have one conversation open.
WATCHED_BY = 2
WHAT_AGENTS_DO = {"reply": 10, "note": 5, "open": 2, "assign": 2, "resolve": 2}


class Crowd:
    """Everybody of one run. Customers have a conversation each; every conversation is open at two agents' desks."""

    def __init__(self, port: int, told: dict[str, Any], chance: random.Random) -> None:
        self.chance = chance
        self.is_over = False
        self.customers = [self._customer(port, one) for one in told["customers"]]
        self.agents = [self._agent(port, one, told) for one in told["agents"]]
        self._acting: list[asyncio.Task[None]] = []

    @property
    def clients(self) -> Sequence[Client]:
        return [*self.customers, *self.agents]

    @property
    def readings(self) -> Sequence[Reading]:
        return [reading for client in self.clients for reading in client.readings]

    @property
    def acked(self) -> int:
        return sum(len(reading.acked) for reading in self.readings)

    def summary(self) -> str:
        told = Counter(code for client in self.clients for code in client.told)
        held = sum(len(reading.held) for reading in self.readings)
        codes = "".join(f", {number} {code}" for code, number in sorted(told.items()))
        return f"{self.acked} acknowledged, {held} stale{codes}"

    async def come(self) -> None:
        for client in self.clients:
            client.open()
        await until(lambda: all(reading.seq >= 0 for reading in self.readings), 60, "everybody is there")
        for desk in self.agents:
            await desk.load()

    def begin(self) -> None:
        acting = [(self._talk, one) for one in self.customers] + [(self._work, one) for one in self.agents]
        self._acting = [asyncio.create_task(act(one)) for act, one in acting]

    async def finish(self, seconds: float) -> None:
        """Nobody begins anything more; all that is written comes to its end."""
        self.is_over = True
        await asyncio.gather(*self._acting)
        deadline = time.monotonic() + seconds
        while late := [client for client in self.clients if not client.is_done]:
            assert time.monotonic() < deadline, [client.standing() for client in late]
            for desk in self.agents:
                self._send_stale(desk)
                if desk.is_behind:
                    await desk.load()
            await asyncio.sleep(LOOKS_EVERY)

    async def end(self) -> None:
        for task in self._acting:
            task.cancel()
        await asyncio.gather(*self._acting, return_exceptions=True)
        await asyncio.gather(*(client.end() for client in self.clients))

    def _customer(self, port: int, told: dict[str, Any]) -> Client:
        reading = Reading(told["ref"], "customer")
        return Client(port, told["cookie"], [reading], self._own_chance(), may_see={told["ref"]}, never=NOTE)

    def _agent(self, port: int, told: dict[str, Any], everybody: dict[str, Any]) -> Desk:
        of_team = [one["ref"] for one in everybody["customers"] if one["team"] == told["team"]]
        colleagues = [one["id"] for one in everybody["agents"] if one["team"] == told["team"]]
        place = colleagues.index(told["id"])
        own = [
            ref
            for number, ref in enumerate(of_team)
            if (place - number) % len(colleagues) < min(WATCHED_BY, len(colleagues))
        ]
        readings = [Reading(ref, "staff") for ref in own]
        return Desk(
            port,
            told["cookie"],
            readings,
            self._own_chance(),
            may_see=set(of_team),
            agent=told["id"],
            team=told["team"],
            colleagues=colleagues,
        )

    def _own_chance(self) -> random.Random:
        return random.Random(self.chance.random())  # noqa: S311 - a moment, not a secret

    async def _talk(self, client: Client) -> None:
        """Says one thing after the other; some close the window and come back."""
        (reading,) = client.readings
        number = 0
        while not self.is_over:
            await self._pause(client)
            if client.chance.random() < 0.05:
                await client.close()
                await asyncio.sleep(client.chance.uniform(*AWAY))
                client.open()
            elif len(reading.unsent) < LEAST_WAITING:
                number += 1
                write(client, reading, f"{reading.ref} 第 {number} 句", "customer")

    async def _work(self, desk: Desk) -> None:
        number = 0
        while not self.is_over:
            await self._pause(desk)
            self._send_stale(desk)
            if desk.is_behind:
                await desk.load()
            reading = desk.chance.choice(desk.readings)
            what = desk.chance.choices(list(WHAT_AGENTS_DO), list(WHAT_AGENTS_DO.values()))[0]
            if what in {"reply", "note"} and len(reading.unsent) < LEAST_WAITING:
                number += 1
                words, side = ("回复", "customer") if what == "reply" else (NOTE, "staff")
                write(desk, reading, f"{reading.ref} {words} {number}", side)
            elif what == "open":
                await desk.request("GET", f"/desk/conversation/{reading.ref}/")
                desk.send({"type": "looking", "ref": reading.ref})
            elif what == "assign":
                agent = desk.chance.choice([*desk.colleagues, None])
                await desk.request("POST", f"/desk/conversation/{reading.ref}/assignee/", {"agent": agent})
            elif what == "resolve":
                path = f"/desk/conversation/{reading.ref}/resolution/"
                await desk.request("POST", path, {"resolved": True})

    def _send_stale(self, desk: Desk) -> None:
        """They read what came first, and send it all the same."""
        for reading in desk.readings:
            for client_id, entry in list(reading.unsent.items()):
                if entry.state == "stale" and reading.expects <= reading.seq:
                    again = {"type": "retry", "client_id": client_id, "spoken_seq": reading.spoken_seq}
                    desk.act(reading, again)

    async def _pause(self, client: Client) -> None:
        await asyncio.sleep(client.chance.uniform(*PAUSE))


def write(client: Client, reading: Reading, text: str, visibility: str) -> str:
    client_id = f"{client.chance.getrandbits(128):032x}"
    is_reply = reading.audience == "staff" and visibility == "customer"
    client.act(
        reading,
        {
            "type": "write",
            "client_id": client_id,
            "text": text,
            "visibility": visibility,
            "spoken_seq": reading.spoken_seq if is_reply else None,
            "at": datetime.now(UTC).isoformat(),
        },
    )
    return client_id


async def until(condition: Callable[[], Any], seconds: float, what: str) -> None:
    """Wait for a condition; what is said is what did not come about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(LOOKS_EVERY)
