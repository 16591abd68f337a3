"""Several web processes: each hears what the others stored, over each kind of ring, and when a ring is lost."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kefu.journal.rings.sockets import folder_for
from tests.faults.conftest import REDIS
from tests.faults.people import Agent, Customer, Line
from tests.faults.processes import WEB, only, only_where_sockets_have_owners, owner_of, processes
from tests.product import Product

pytestmark = [pytest.mark.fault, only_where_sockets_have_owners]
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


async def everybody_hears_though_the_files_are_gone(product: Product) -> None:
    customer, agent = Customer(product), Agent(product)
    ref = customer.ask("开始")
    agent.sign_in("winnie@xinghai.example")
    mine = await listening(Line(customer, f"conversation:{ref}/customer"))
    lines = [mine, *await on_both_processes(mine, agent, f"conversation:{ref}/staff")]
    await all_hear("文件还在", ref, mine, lines)

    before = ring_files(product)
    while True:
        for path in ring_files(product):
            path.unlink(missing_ok=True)
        await all_hear("文件没了", ref, mine, lines)
        # On a slow machine their owners may have been faster than the words.
        if not ring_files(product):
            break

    async with asyncio.timeout(20):
        while len(ring_files(product)) < len(before):
            await asyncio.sleep(0.1)
    assert not ring_files(product) & before
    assert all(is_heard_at(path) for path in ring_files(product))
    await all_hear("文件又有了", ref, mine, lines)
    for line in lines:
        await line.end()


async def all_hear(words: str, ref: str, mine: Line, lines: Sequence[Line]) -> None:
    number = len(mine.messages) + 1
    mine.say(ref, words)
    for line in lines:
        await line.until(lambda line=line: len(line.messages) == number, 20)
        assert line.texts[-1] == words


def ring_files(product: Product) -> set[Path]:
    return set(folder_for(product.data).glob("*.sock"))


def is_heard_at(path: Path) -> bool:
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as waker,
        contextlib.suppress(ConnectionRefusedError),
    ):
        return waker.sendto(b"", str(path)) == 0
    return False


async def on_both_processes(mine: Line, agent: Agent, topic: str) -> list[Line]:
    """Two lines of the agent, beside the customer's and on the other process."""
    product = agent.product
    lines: list[Line] = []
    for pid in (owner_of(mine), *(set(processes(product, WEB)) - {owner_of(mine)})):
        with only(pid, product):
            lines.append(await listening(Line(agent, topic)))
        assert owner_of(lines[-1]) == pid
    return lines


async def listening(line: Line) -> Line:
    await line.until(lambda: line.seq >= 0, 20)
    return line


@pytest.mark.parametrize("way", list(WAYS))
def test_each_process_hears_the_others(started: Callable[..., Product], way: str) -> None:
    product = started("--web", "2", **WAYS[way])

    asyncio.run(everybody_hears_everything(product))


def test_they_hear_each_other_though_the_files_of_their_sockets_are_removed_which_come_back(
    started: Callable[..., Product],
) -> None:
    product = started("--web", "2", **WAYS["unix-socket"])

    asyncio.run(everybody_hears_though_the_files_are_gone(product))


def test_on_postgresql_without_redis_they_hear_each_other_by_notify(
    started: Callable[..., Product], postgres: str
) -> None:
    product = started("--web", "2", DATABASE_URL=postgres)

    asyncio.run(everybody_hears_everything(product))


def test_on_postgresql_too(started: Callable[..., Product], postgres: str) -> None:
    product = started("--web", "2", DATABASE_URL=postgres, REDIS_URL=REDIS)

    asyncio.run(everybody_hears_everything(product))
