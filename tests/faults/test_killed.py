"""H1, H2: processes are killed in the middle of writes; nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.people import Customer, Line
from tests.product import Product

pytestmark = pytest.mark.fault
MESSAGES = 28


def stored(product: Product) -> Counter[str]:
    names = "Message.objects.values_list('client_id', flat=True)"
    code = f"from kefu.conversations.models import Message; print(*{names}, sep='\\n')"
    return Counter(product.django(code).split())


def kill_a_web_process(product: Product) -> None:
    for name in Path("/proc").iterdir():
        if not name.name.isdigit():
            continue
        command = _command_of(name)
        if "kefu.config.running.web" in command and str(product.data) in _environment_of(name) + command:
            os.kill(int(name.name), signal.SIGKILL)
            return
    raise AssertionError("no web process was found")


def _command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _environment_of(process: Path) -> str:
    try:
        return (process / "environ").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


async def talk_while_killed(product: Product) -> Line:
    customer = Customer(product)
    ref = customer.ask("开始")
    line = Line(customer, f"conversation:{ref}/customer")
    await line.until(lambda: line.seq >= 0, 20)
    for number in range(MESSAGES):
        await line.say(ref, f"第 {number} 句")
        if number in {8, 19}:
            kill_a_web_process(product)
        # Fewer than the thirty in half a minute that one speaker may say; a person writes slower than a loop.
        await asyncio.sleep(0.02)
    await line.until(lambda: len(line.acked) == MESSAGES, 90)
    await line.until(lambda: len(line.texts) == MESSAGES + 1, 20)
    await line.end()
    return line


def test_killed_web_processes_and_a_killed_house_lose_nothing_on_sqlite(
    started: Callable[..., Product],
) -> None:
    product = started("--web", "2")
    line = asyncio.run(talk_while_killed(product))

    product.kill_all()
    again = started_again(product)

    found = stored(again)
    again.stop()
    assert {name: found[name] for name in line.acked} == dict.fromkeys(line.acked, 1)


def test_the_same_on_postgresql(started: Callable[..., Product], postgres: str) -> None:
    product = started("--web", "2", DATABASE_URL=postgres)
    line = asyncio.run(talk_while_killed(product))

    product.kill_all()
    again = started_again(product)

    found = stored(again)
    again.stop()
    assert {name: found[name] for name in line.acked} == dict.fromkeys(line.acked, 1)


def started_again(product: Product) -> Product:
    """The next start needs no repair."""
    product.log.clear()
    product.start()
    return product
