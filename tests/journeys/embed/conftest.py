"""A browser that blocks third-party cookies, a host page of another origin, and windows on both."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from tests.journeys.embed.hosts import HostPage
from tests.journeys.embed.visiting import KEEPS_STORAGE, Visitors
from tests.product import Product


@pytest.fixture(scope="module")
def browser(browsers: Callable[..., Browser], request: pytest.FixtureRequest) -> Browser:
    """As the house's browser, in a private window, where third-party cookies are blocked."""
    switched_off = getattr(request, "param", KEEPS_STORAGE)
    return browsers(switched_off, is_whole=True)


@pytest.fixture(scope="session")
def allowed(product: Product) -> Iterator[HostPage]:
    serving = HostPage(product.url)
    exchange_is_there(product)
    product.run("brand", "origins", "xinghai", "--allow", serving.url)
    yield serving
    serving.close()


def exchange_is_there(product: Product) -> None:
    """The demo's own website allows itself at its start; what is said meanwhile could be lost."""
    product.wait_for("Exchange:", 20)
    told = next(line for line in product.log if "Exchange:" in line)
    found = re.search(r"http://[\d.]+:(\d+)", told)
    assert found
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(found[1])), 5) as line:
            line.sendall(b"GET / HTTP/1.0\r\n\r\n")
            if line.recv(1):
                return
    raise AssertionError("The demo's website does not answer.")


@pytest.fixture
def host(allowed: HostPage) -> HostPage:
    """As it is until the story changes it."""
    allowed.begin_anew()
    return allowed


@pytest.fixture
def windows(
    browser: Browser, product: Product, agents: dict[str, StorageState], host: HostPage
) -> Iterator[Visitors]:
    opened = Visitors(browser, product, agents, host)
    yield opened
    opened.close()
    assert not opened.troubles, "\n".join(opened.troubles)
