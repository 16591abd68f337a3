"""One product and one browser for the whole run; each story has its own people and its own windows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.chromium import launch
from tests.every_frame import listening
from tests.prepared import Prepared
from tests.product import BEGUN_ANEW, OPEN_ALWAYS, Product

# A busy machine is slow; what never comes is still told apart from what comes late. In seconds, of whatever is waited for.
WITHIN = 20
expect.set_options(timeout=1_000 * WITHIN)
# What Playwright itself switches off and pages would notice; what it says is not heard beside our own list.
SWITCHED_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "HttpsUpgrades",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
)
# The size of targets is a rule that axe leaves out unless asked. What a bar at the edge of the window covers comes out from
# under it by scrolling, so the bars stand in their places while the rule looks.
CHECK = """async () => {
  const bars = document.querySelectorAll(".human-bar, .site-header");
  for (const bar of bars) bar.style.position = "static";
  const found = await axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
  for (const bar of bars) bar.style.position = "";
  return found;
}"""
STANDS = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity,
)"""
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("product") / "data")
    prepared.on_sqlite(running.data)
    running.start()
    running.django(OPEN_ALWAYS)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browsers() -> Iterator[Callable[..., Browser]]:
    """A browser with these features switched off, the same one whenever it is asked for again."""
    # The synchronous driver runs its own event loop in this thread; Django must not take that for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:

        @cache
        def launched(*switched_off: str, is_whole: bool = False) -> Browser:
            return listening(launch(playwright, *switched_off, is_whole=is_whole))

        yield launched


@pytest.fixture(scope="session")
def browser(browsers: Callable[..., Browser]) -> Browser:
    return browsers(*SWITCHED_OFF)


class Windows:
    """Opens windows for people and keeps what went wrong in them."""

    def __init__(self, browser: Browser, product: Product, agents: dict[str, StorageState]) -> None:
        self.browser = browser
        self.product = product
        self.agents = agents
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []

    def open(
        self,
        *,
        phone: bool = False,
        dark: bool = False,
        locale: str = "zh-CN",
        zone: str = "Asia/Shanghai",
        script: bool = True,
        signed_in: StorageState | None = None,
    ) -> Page:
        context = self.browser.new_context(
            base_url=self.product.url,
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            has_touch=phone,
            is_mobile=phone,
            locale=locale,
            timezone_id=zone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            storage_state=signed_in,
        )
        context.set_default_timeout(1_000 * WITHIN)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._console(page, message))
        page.on("request", lambda request: self._request(request.url))
        return page

    def _console(self, page: Page, message: object) -> None:
        text = str(getattr(message, "text", ""))
        if getattr(message, "type", "") == "error" and "ERR_INTERNET_DISCONNECTED" not in text:
            self.troubles.append(f"{page.url}: {text}")

    def _request(self, url: str) -> None:
        if not url.startswith(
            (self.product.url, self.product.url.replace("http", "ws", 1), "data:", "blob:")
        ):
            self.troubles.append(f"third party: {url}")

    def agent(self, name: str, *, view: str = "unassigned", phone: bool = False, dark: bool = False) -> Page:
        """An agent at their desk, signed in by a one-time link, available."""
        page = self.open(phone=phone, dark=dark, signed_in=self.agents.get(name))
        if name not in self.agents:
            self._sign_in(page, name)
        page.goto(f"/desk/{view}/")
        page.locator("[data-link]").wait_for(state="hidden")
        if page.locator("[data-availability]").input_value() != "available":
            # Whoever leaves the page before the server has heard of it is as away as before.
            with page.expect_response("**/desk/availability/"):
                page.locator("[data-availability]").select_option("available")
        return page

    def _sign_in(self, page: Page, name: str) -> None:
        page.goto(self.product.sign_in_link(name))
        page.locator("main form button[type=submit], form button.primary").first.click()
        page.wait_for_url("**/desk/**")
        self.agents[name] = page.context.storage_state()

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="session")
def agents() -> dict[str, StorageState]:
    """The sessions of those who have signed in at this product; a story that ends them is to leave this empty."""
    return {}


@pytest.fixture(scope="module", autouse=True)
def _begin_anew(request: pytest.FixtureRequest) -> None:
    """What other files' stories have asked is done and counts no more: all of them come from one address."""
    product: Product = request.getfixturevalue("product")
    product.django(BEGUN_ANEW)


@pytest.fixture
def windows(browser: Browser, product: Product, agents: dict[str, StorageState]) -> Iterator[Windows]:
    opened = Windows(browser, product, agents)
    yield opened
    opened.close()
    assert not opened.troubles, "\n".join(opened.troubles)


def axe(page: Page) -> list[str]:
    """What axe finds wrong (WCAG 2.0 to 2.2, A and AA, and best practice), a line each."""
    # A click may have brought a page that is still being read.
    page.wait_for_load_state()
    # What is just coming or going is half as dark as it is when it stands; what turns for ever is not waited for.
    page.wait_for_function(STANDS)
    # The page's own policy allows no foreign script, so the checker comes in beside it.
    page.evaluate(AXE.read_text())
    found = page.evaluate(CHECK)
    return [
        " ".join(f"{one['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}".split())
        for one in found["violations"]
        for node in one["nodes"]
    ]


def assert_sound(page: Page) -> None:
    found = axe(page)
    if found:
        pytest.fail("\n".join([page.url, *found]))
