"""Make the pictures of README: help centre, chat and desk of a demo exchange of their own, in Chromium at 1440.

    .venv/bin/python -m docs.images.make

The conversations in the pictures are real: customers' browsers write them, an agent's browser answers. The exchange is open,
whatever the hour at which they are made.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from docs.images.demo import AGENT, Demo, converse, let_others_ask, running_demo

HERE = Path(__file__).resolve().parent


def main() -> None:
    with running_demo() as demo:
        take_pictures(demo)


def take_pictures(demo: Demo) -> None:
    agent = demo.sign_in(AGENT)
    let_others_ask(demo)
    customer = demo.open()
    customer.goto("/zh-hans/")
    customer.locator(".site-tools [data-when=open]:visible").first.wait_for()
    save(customer, "help")
    converse(customer, agent)
    save(customer, "chat")
    save(agent, "desk")


def save(page: Page, name: str) -> None:
    page.wait_for_load_state("load")
    page.screenshot(path=HERE / f"{name}.png")
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
