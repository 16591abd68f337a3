"""Several web processes: each hears what the others stored, over each kind of ring, and when a ring is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.conftest import REDIS
from tests.faults.people import Agent, Customer, Line
from tests.product import Product

pytestmark = pytest.mark.fault
SOCKETS = 6
SENTENCES = 8
# Sockets are dealt out by the kernel; with six of them both processes have some.
WAYS = {
    "unix-socket": {"KEFU_RINGS": "socket"},
    "redis": {"KEFU_RINGS": "redis", "REDIS_URL": REDIS},
    "lost-rings": {"KEFU_RINGS": "local"},
}


async def everybody_hears_everything(product: Product) -> None:
    customer, agent = Customer(product), Agent(product)
    ref = customer.ask("开始")
    agent.sign_in("winnie@xinghai.example")
    mine = Line(customer, f"conversation:{ref}/customer")
    lines = [Line(agent, f"conversation:{ref}/staff") for _ in range(SOCKETS)]
    await mine.until(lambda: mine.seq >= 0, 20)
    for line in lines:
        await line.until(lambda line=line: line.seq >= 0, 20)
    for number in range(SENTENCES):
        await mine.say(ref, f"第 {number} 句")
    await mine.until(lambda: len(mine.acked) == SENTENCES, 20)
    for line in [mine, *lines]:
        await line.until(lambda line=line: len(line.texts) == SENTENCES + 1, 10)
    assert all(sorted(line.texts) == sorted(mine.texts) for line in lines)
    for line in [mine, *lines]:
        await line.end()


@pytest.mark.parametrize("way", list(WAYS))
def test_each_process_hears_the_others(started: Callable[..., Product], way: str) -> None:
    product = started("--web", "2", **WAYS[way])

    asyncio.run(everybody_hears_everything(product))


def test_on_postgresql_too(started: Callable[..., Product], postgres: str) -> None:
    product = started("--web", "2", DATABASE_URL=postgres, REDIS_URL=REDIS)

    asyncio.run(everybody_hears_everything(product))
