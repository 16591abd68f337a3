"""What people do with a chat that stands in somebody else's page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import (
    APIResponse,
    Browser,
    Frame,
    FrameLocator,
    Page,
    Route,
    StorageState,
    expect,
)

from kefu.demo.host.people import User
from kefu.demo.host.signing import Signer
from tests.journeys.conftest import AXE, CHECK, WITHIN, Windows
from tests.journeys.embed.hosts import HostPage
from tests.product import Product

LAUNCHER = "kefu-chat button"
# Chromium keeps a frame's storage apart for each host and blocks its cookies, unless the driver switches the former off.
KEEPS_STORAGE, REFUSES_STORAGE = "Translate", "ThirdPartyStoragePartitioning"
# Keeps what the loader tells, as a host page's own script would.
LISTENS = """addEventListener("DOMContentLoaded", () => setTimeout(() => {
  window.told = [];
  for (const name of ["ready", "opened", "closed", "unread", "message", "identified", "refused"])
    window.Kefu?.on(name, (...values) => told.push([name, ...values]));
}));"""


class Visitors(Windows):
    """Windows on the host page as well as on ours."""

    def __init__(
        self, browser: Browser, product: Product, agents: dict[str, StorageState], host: HostPage
    ) -> None:
        super().__init__(browser, product, agents)
        self.host = host
        # Whose pages are visited beside ours.
        self.near = {host.url}

    def _request(self, url: str) -> None:
        if not url.startswith(tuple(self.near)):
            super()._request(url)

    def visit(self, **how: Any) -> Page:
        page = self.open(**how)
        page.context.add_init_script(LISTENS)
        page.goto(self.host.url)
        greeted(page)
        return page

    def forgive(self, pattern: str) -> None:
        """What the browser itself writes of a refusal that the story is about. It may come late, so this ends the story."""
        self.close()
        self.troubles = [one for one in self.troubles if not re.search(pattern, one)]


def greeted(page: Page) -> None:
    wait_until(page, lambda: bool(page.evaluate("Boolean(window.Kefu && window.told)")))


def hear(page: Page, *names: str) -> str:
    """The first of these events that the loader tells."""
    wait_until(page, lambda: any(name in names for name, *_ in told(page)))
    return next(name for name, *_ in told(page) if name in names)


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Asked from outside: the host's policy lets no page evaluate what the driver would ask inside it."""
    deadline = time.monotonic() + WITHIN
    while not is_so():
        assert time.monotonic() < deadline, page.evaluate("window.told")
        page.wait_for_timeout(50)


def token_for(product: Product, user: str, name: str = "顾念真") -> str:
    """As the demo exchange's backend signs it."""
    return Signer(product.data / "keys").token(User("guest", user, name, "zh-Hans"))


def say_who(page: Page, product: Product, user: str, name: str = "顾念真") -> None:
    """As the host's own script does."""
    token = token_for(product, user, name)
    page.evaluate("(token) => { told.length = 0; Kefu.identify(token); }", token)


def identify(page: Page, product: Product, user: str, name: str = "顾念真") -> None:
    say_who(page, product, user, name)
    assert hear(page, "identified", "refused") == "identified"


def end_sessions(product: Product, ref: str) -> None:
    """Sign the customer of this conversation out everywhere."""
    product.django(
        "from kefu.accounts.actions import end_sessions\n"
        "from kefu.conversations.models import Conversation\n"
        f"end_sessions(customer=Conversation.objects.get(ref={ref!r}).customer)"
    )


def exchanges(page: Page) -> list[str]:
    """Each time that a token is exchanged from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/identity/" in request.url else None)
    return asked


def another_tab(page: Page, host: HostPage) -> Page:
    tab = page.context.new_page()
    tab.goto(host.url)
    greeted(tab)
    return tab


def follow_link(page: Page, query: str) -> None:
    """As if it stood in the frame: to another conversation, or to a new one."""
    frame_of(page).evaluate(
        """(query) => {
        const link = document.createElement("a");
        link.href = `${document.body.dataset.chatUrl}?${query}`;
        document.body.append(link);
        link.click();
    }""",
        query,
    )


def come_back(page: Page) -> None:
    page.reload()
    greeted(page)


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("kefu-chat iframe")


def frame_of(page: Page) -> Frame:
    page.locator("kefu-chat iframe").wait_for(state="attached")
    return next(frame for frame in page.frames if "/chat/frame/" in frame.url)


def opened(page: Page) -> FrameLocator:
    page.locator(LAUNCHER).click()
    chat = inside(page)
    chat.locator("[data-chat][data-ready]").wait_for()
    return chat


def ask(chat: FrameLocator, words: str, topic: str = "account") -> str:
    chat.locator(f"[data-topic={topic}]").click()
    chat.locator("#chat-question").fill(words)
    chat.locator("[data-view=question] [data-send]").click()
    expect(chat.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(1)
    return str(chat.locator("[data-chat]").get_attribute("data-ref"))


def is_sound(page: Page) -> None:
    """What stands in the frame, as axe sees it, and no wider than it."""
    frame = frame_of(page)
    frame.evaluate(AXE.read_text())
    found = frame.evaluate(CHECK)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def forgets_all(page: Page) -> None:
    """What was shown is gone before that: whoever signs out is forgotten when what is under way is over."""
    wait_until(page, lambda: frame_of(page).evaluate("Object.keys(localStorage)") == [])


class OnTheirWay:
    """The first answers of these addresses: the server gives each at once, and it comes when the story lets it go."""

    def __init__(self, page: Page, pattern: str, *, most: int = 10) -> None:
        self.page = page
        self.most = most
        self.asked = 0
        self.held: list[tuple[Route, APIResponse]] = []
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        self.asked += 1
        if self.asked <= self.most:
            self.held.append((route, route.fetch()))
        else:
            route.continue_()

    def wait_for(self, number: int) -> None:
        wait_until(self.page, lambda: len(self.held) >= number)

    def let_go(self, place: int) -> None:
        """And see it arrive."""
        route, answer = self.held[place]
        with self.page.expect_response(lambda response: response.request == route.request):
            route.fulfill(response=answer)


def told(page: Page) -> list[list[Any]]:
    return page.evaluate("window.told")  # type: ignore[no-any-return]
