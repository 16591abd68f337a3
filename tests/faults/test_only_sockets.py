"""A process for sockets only, beside one that serves the pages: a proxy sends each path to the right one."""

from __future__ import annotations

import asyncio
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.faults.people import Agent, Customer, Line
from tests.faults.processes import WORKER, processes
from tests.product import Product

pytestmark = pytest.mark.fault
FRAMES = "/api/v1/frames"


class Through(Line):
    """A line whose sockets a proxy sends to another product than the pages."""

    def __init__(self, person: Customer | Agent, topic: str, *, sockets: Product) -> None:
        person.connect = lambda: through_a_proxy(person, sockets)  # type: ignore[method-assign]
        super().__init__(person, topic)


def through_a_proxy(person: Customer | Agent, sockets: Product) -> connect:
    return connect(
        person.product.url.replace("http", "ws", 1) + "/ws/v1",
        host="127.0.0.1",
        port=sockets.port,
        additional_headers={"Cookie": person.cookies},
        origin=Origin(person.product.url),
        ping_interval=None,
    )


def test_chat_and_desk_talk_through_a_process_that_serves_no_page(
    started: Callable[..., Product], postgres: str, tmp_path: Path
) -> None:
    pages = started("--web", "1", DATABASE_URL=postgres)
    # The folder that the next product will have.
    shutil.copytree(pages.data / "keys", tmp_path / "product1" / "keys")
    sockets = started("--only", "sockets", DATABASE_URL=postgres)

    assert any("Sockets:" in line for line in sockets.log)
    assert not processes(sockets, WORKER)
    for path in ("/", "/desk/", "/zh-hans/chat/", "/static/ui/tokens.css"):
        status, words = answer(f"{sockets.url}{path}")
        assert (status, words) == (404, "Only sockets are served here: /ws/v1 and /api/v1/frames.\n")
    assert answer(f"{sockets.url}/readyz") == (200, "ready\n")
    asyncio.run(talk(pages, sockets))


async def talk(pages: Product, sockets: Product) -> None:
    customer, agent = Customer(pages), Agent(pages)
    ref = customer.ask("开始")
    agent.sign_in("winnie@xinghai.example")
    mine = Through(customer, f"conversation:{ref}/customer", sockets=sockets)
    # The agent's socket stays with the pages, so each word goes from one product to the other.
    staff = Line(agent, f"conversation:{ref}/staff")
    for line in (mine, staff):
        await line.until(lambda line=line: line.seq >= 0, 20)
    mine.say(ref, "提现没有到")
    await staff.until(lambda: len(staff.messages) == 2, 20)
    staff.say(ref, "我来查一下")
    for line in (mine, staff):
        await line.until(lambda line=line: len(line.messages) == 3, 20)
    assert mine.texts == staff.texts == ["开始", "提现没有到", "我来查一下"]
    polled = await asyncio.to_thread(poll, customer, sockets, mine.topic)
    assert [frame["type"] for frame in polled["frames"]][:2] == ["hello", "resync"]
    for line in (mine, staff):
        await line.end()


def poll(customer: Customer, sockets: Product, topic: str) -> dict[str, Any]:
    """A plain request, as where sockets are blocked."""
    asked = {"protocol": 1, "watch": [{"topic": topic, "after": -1}], "wait": 0}
    headers = {
        "Content-Type": "application/json",
        "Host": customer.product.url.removeprefix("http://"),
        "Origin": customer.product.url,
        "Cookie": customer.cookies,
    }
    request = urllib.request.Request(sockets.url + FRAMES, json.dumps(asked).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as found:
        told: dict[str, Any] = json.loads(found.read())
    return told


def answer(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as found:
            return found.status, found.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()
