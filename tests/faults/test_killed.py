"""H1, H2: processes are killed in the middle of a running talk; nothing acknowledged is lost, nothing is there twice.

A short run is one talk with every way to kill. A long run has each way by itself for a minute, from many seeds.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults.people import Agent, Customer, Line
from tests.faults.processes import WEB, WORKER, only_where_sockets_have_owners, owner_of, processes
from tests.product import Product
from tests.seeds import is_long, seeds

pytestmark = [pytest.mark.fault, only_where_sockets_have_owners]
WAYS = ("web", "worker", "everything")
TALKS = 2
FOR_SECONDS = 60 if is_long() else 0
# One person may say thirty things in half a minute; a short run ends before that counts.
PAUSE = 1.1 if is_long() else 0.05
RUNS = [((way,), seed) for way in WAYS for seed in seeds()] if is_long() else [(WAYS, seeds()[0])]
ROWS = """
import json
from kefu.conversations.models import Message
fields = ("id", "client_id", "sender", "visibility", "text", "seq", "customer_seq", "conversation__ref")
print(json.dumps(list(Message.objects.order_by("conversation", "seq").values(*fields))))
"""


@dataclass
class Talk:
    """One conversation: what the customer hears and says, and what an agent does."""

    ref: str
    customer: Line
    staff: Line
    is_over: bool = False

    @property
    def lines(self) -> tuple[Line, Line]:
        return self.customer, self.staff


@pytest.mark.parametrize(("ways", "seed"), RUNS)
def test_whatever_is_killed_each_thread_is_as_the_database_has_it_on_sqlite(
    started: Callable[..., Product], ways: Sequence[str], seed: int
) -> None:
    asyncio.run(talk_while_killed(started("--web", "2"), ways, seed))


@pytest.mark.parametrize(("ways", "seed"), RUNS)
def test_whatever_is_killed_each_thread_is_as_the_database_has_it_on_postgresql(
    started: Callable[..., Product], postgres: str, ways: Sequence[str], seed: int
) -> None:
    product = started("--web", "2", DATABASE_URL=postgres)

    asyncio.run(talk_while_killed(product, ways, seed))


async def talk_while_killed(product: Product, ways: Sequence[str], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    talks = await begin(product)
    talking = [asyncio.create_task(keep_talking(talk)) for talk in talks]
    until = time.monotonic() + FOR_SECONDS
    while True:
        for way in ways:
            await kill_while_something_flies(product, way, talks[0].customer, chance)
        if time.monotonic() > until:
            break
    for talk in talks:
        talk.is_over = True
    await asyncio.gather(*talking)
    lines = [line for talk in talks for line in talk.lines]
    for line in lines:
        await line.until(lambda line=line: not line.unsent, 120)
    rows = json.loads(await asyncio.to_thread(product.django, ROWS))
    for talk in talks:
        await compare(talk, [row for row in rows if row["conversation__ref"] == talk.ref])
    for line in lines:
        await line.end()


async def begin(product: Product) -> list[Talk]:
    agent = Agent(product)
    agent.sign_in("winnie@xinghai.example")
    talks = []
    for _ in range(TALKS):
        customer = Customer(product)
        ref = customer.ask("开始")
        talk = Talk(
            ref, Line(customer, f"conversation:{ref}/customer"), Line(agent, f"conversation:{ref}/staff")
        )
        for line in talk.lines:
            await line.until(lambda line=line: line.seq >= 0, 20)
        talks.append(talk)
    return talks


async def keep_talking(talk: Talk) -> None:
    """The customer says one thing after the other; the agent replies now and then, and notes what no customer may see."""
    number = 0
    while not talk.is_over:
        talk.customer.say(talk.ref, f"第 {number} 句")
        if number % 6 == 2:
            talk.staff.say(talk.ref, f"回复 {number}")
        if number % 6 == 4:
            talk.staff.say(talk.ref, f"内部 {number}", "staff")
        number += 1
        await asyncio.sleep(PAUSE)
        for line in talk.lines:
            await line.until(lambda line=line: len(line.unsent) < 2, 120)


async def kill_while_something_flies(product: Product, way: str, line: Line, chance: random.Random) -> None:
    """Kill between a `say` and its acknowledgement, and wait until things go on."""
    heard = len(line.acked)
    await line.until(lambda: len(line.acked) >= heard + 3, 60)
    while not line.flying:
        await line.until(lambda: line.flying, 60)
        await asyncio.sleep(chance.uniform(0, 0.003))
    name = line.flying
    await {"web": kill_its_web_process, "worker": kill_the_worker, "everything": kill_everything}[way](
        product, line
    )
    await line.until(lambda: name in line.acked, 120)


async def kill_its_web_process(product: Product, line: Line) -> None:
    lost = line.socket
    os.kill(owner_of(line), signal.SIGKILL)
    await line.until(lambda: line.socket not in {None, lost}, 60)


async def kill_the_worker(product: Product, line: Line) -> None:
    dead = processes(product, WORKER)
    assert dead
    for pid in dead:
        os.kill(pid, signal.SIGKILL)
    await line.until(lambda: set(processes(product, WORKER)) - set(dead), 60)


async def kill_everything(product: Product, line: Line) -> None:
    """The next start needs no repair."""
    product.kill_all()
    # Who is killed is gone a moment later.
    await line.until(lambda: not processes(product, WEB) + processes(product, WORKER), 20)
    product.log.clear()
    await asyncio.to_thread(product.start)


async def compare(talk: Talk, rows: list[dict[str, Any]]) -> None:
    """What each client has with what the database has."""
    for_customer = [row["text"] for row in rows if row["visibility"] == "customer"]
    await talk.customer.until(lambda: len(talk.customer.messages) == len(for_customer), 20)
    await talk.staff.until(lambda: len(talk.staff.messages) == len(rows), 20)

    assert talk.customer.texts == for_customer
    assert talk.staff.texts == [row["text"] for row in rows]
    assert not [text for text in talk.customer.texts if text.startswith("内部")]
    assert any(row["visibility"] == "staff" for row in rows)
    stored = Counter(row["client_id"] for row in rows)
    for line in talk.lines:
        assert line.refused == []
        assert {name: stored[name] for name in line.acked} == dict.fromkeys(line.acked, 1)
        in_thread = [row["client_id"] for row in rows if row["client_id"] in set(line.said)]
        assert in_thread == line.said
    assert [row["seq"] for row in rows] == sorted({row["seq"] for row in rows})
