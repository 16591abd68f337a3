"""Several web processes: each hears what the others stored, over each kind of ring, and when a ring is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.conftest import REDIS
from tests.faults.people import Agent, Customer, Line
from tests.faults.processes import only_where_sockets_have_owners, owner_of
from tests.product import Product

pytestmark = [pytest.mark.fault, only_where_sockets_have_owners]
# The kernel deals sockets out; this many in a row do not all fall to the customer's own process.
MOST_SOCKETS = 40
SENTENCES = 8
WAYS = {
    "unix-socket": {"KEFU_RINGS": "socket"},
    "redis": {"KEFU_RINGS": "redis", "REDIS_URL": REDIS},
    "lost-rings": {"KEFU_RINGS": "local"},
}


async def everybody_hears_everything(product: Product) -> None:
    customer, agent = Customer(product), Agent(product)
    ref = customer.ask("开始")
    agent.sign_in("winnie@xinghai.example")
    mine = await listening(Line(customer, f"conversation:{ref}/customer"))
    lines = await on_both_processes(mine, agent, f"conversation:{ref}/staff")
    for number in range(SENTENCES):
        mine.say(ref, f"第 {number} 句")
    await mine.until(lambda: len(mine.acked) == SENTENCES, 20)
    for line in [mine, *lines]:
        await line.until(lambda line=line: len(line.messages) == SENTENCES + 1, 20)
    assert all(line.texts == mine.texts for line in lines)
    for line in [mine, *lines]:
        await line.end()


async def on_both_processes(mine: Line, agent: Agent, topic: str) -> list[Line]:
    """Lines of the agent, at least one beside the customer's and at least one on the other process."""
    lines: list[Line] = []
    while len({owner_of(line) for line in lines}) < 2:
        assert len(lines) < MOST_SOCKETS, "every socket sits on one process"
        lines.append(await listening(Line(agent, topic)))
    assert owner_of(mine) in {owner_of(line) for line in lines}
    return lines


async def listening(line: Line) -> Line:
    await line.until(lambda: line.seq >= 0, 20)
    return line


@pytest.mark.parametrize("way", list(WAYS))
def test_each_process_hears_the_others(started: Callable[..., Product], way: str) -> None:
    product = started("--web", "2", **WAYS[way])

    asyncio.run(everybody_hears_everything(product))


def test_on_postgresql_too(started: Callable[..., Product], postgres: str) -> None:
    product = started("--web", "2", DATABASE_URL=postgres, REDIS_URL=REDIS)

    asyncio.run(everybody_hears_everything(product))
