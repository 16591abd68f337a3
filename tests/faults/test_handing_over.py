"""A web process is asked to stop: its sockets go to the other one, a few at a time, and nobody misses a word."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.faults.people import Agent, Customer, Line
from tests.faults.processes import WEB, only, only_where_sockets_have_owners, owner_of, owners_of, processes
from tests.product import READY_WITHIN, Product

pytestmark = [pytest.mark.fault, only_where_sockets_have_owners]
# So many sockets of one process do not leave in one moment: 25 go every 50 ms.
LEAVING, PAUSES = 60, 2 * 0.05
SENTENCES = 20
PAUSE = 0.05


class Leaving(Line):
    """Keeps with which codes its sockets were closed."""

    def __init__(self, *given: str | Customer | Agent) -> None:
        self.closings: list[int] = []
        super().__init__(*given)  # type: ignore[arg-type]

    async def _use(self, socket: ClientConnection) -> None:
        try:
            await super()._use(socket)
        except ConnectionClosed:
            pass
        finally:
            self.closings.append(socket.close_code or 0)


async def stop_one_of_two(product: Product) -> None:
    customer, agent = Customer(product), Agent(product)
    ref = customer.ask("开始")
    agent.sign_in("winnie@xinghai.example")
    mine = await open_line(customer, f"conversation:{ref}/customer")
    stopped = owner_of(mine)
    [other] = set(processes(product, WEB)) - {stopped}
    places = [*[stopped] * (LEAVING - 1), other, other]
    lines = [mine] + [await open_on(pid, agent, f"conversation:{ref}/staff") for pid in places]
    # A line that was lost on the way up may have come back to the other process.
    leave = [line for line, owner in zip(lines, owners_of(lines), strict=True) if owner == stopped]
    for line in lines:
        line.closings.clear()
    talking = asyncio.create_task(talk(mine, ref))
    await mine.until(lambda: len(mine.acked) > 2, 20)

    os.kill(stopped, signal.SIGTERM)

    for line in leave:
        await line.until(lambda line=line: line.closings and line.socket, 20)
    assert {code for line in leave for code in line.closings} == {1012}
    assert [code for line in lines if line not in leave for code in line.closings] == []
    # They are all there before a new process has taken the place of the old one.
    assert set(owners_of(lines)) == {other}
    await talking
    for line in lines:
        await line.until(lambda line=line: len(line.messages) == SENTENCES + 1, 20)
    assert sorted(mine.acked) == sorted(mine.said)
    assert all(line.texts == mine.texts for line in lines)
    await asyncio.to_thread(product.wait_for, "sockets_handed_over", 20)
    [said] = [json.loads(line) for line in product.log if "sockets_handed_over" in line]
    assert said["sockets"] == len(leave)
    assert said["seconds"] >= PAUSES, "they left in one moment"
    for line in lines:
        await line.end()


async def stop_and_start(product: Product) -> None:
    customer, agent = Customer(product), Agent(product)
    ref = customer.ask("开始")
    agent.sign_in("winnie@xinghai.example")
    mine = await open_line(customer, f"conversation:{ref}/customer")
    lines = [mine] + [await open_line(agent, f"conversation:{ref}/staff") for _ in range(20)]
    talking = asyncio.create_task(talk(mine, ref))
    await mine.until(lambda: len(mine.acked) > 2, 20)

    assert await asyncio.to_thread(product.stop) == 0
    for line in lines:
        # They hear of it a moment after the last process has ended.
        await line.until(lambda line=line: line.closings, 20)
    assert {line.closings[0] for line in lines} == {1012}
    product.log.clear()
    await asyncio.to_thread(product.start)

    await talking
    for line in lines:
        await line.until(lambda line=line: len(line.messages) == SENTENCES + 1, 30)
    assert sorted(mine.acked) == sorted(mine.said)
    assert all(line.texts == mine.texts for line in lines)
    for line in lines:
        await line.end()


async def open_on(pid: int, person: Agent, topic: str) -> Leaving:
    with only(pid, person.product):
        return await open_line(person, topic)


async def open_line(person: Customer | Agent, topic: str) -> Leaving:
    line = Leaving(person, topic)
    await line.until(lambda: line.seq >= 0, 20)
    return line


async def talk(line: Line, ref: str) -> None:
    for number in range(SENTENCES):
        line.say(ref, f"第 {number} 句")
        await asyncio.sleep(PAUSE)
    # All of it may start anew meanwhile.
    await line.until(lambda: not line.unsent, READY_WITHIN)


def test_a_process_that_stops_hands_its_sockets_over_and_all_of_it_may_start_again_on_sqlite(
    started: Callable[..., Product],
) -> None:
    product = started("--web", "2")

    asyncio.run(stop_one_of_two(product))
    asyncio.run(stop_and_start(product))


def test_a_process_that_stops_hands_its_sockets_over_on_postgresql(
    started: Callable[..., Product], postgres: str
) -> None:
    asyncio.run(stop_one_of_two(started("--web", "2", DATABASE_URL=postgres)))
