"""Shoot every page as people see it, at 390 and 1440, light and dark, to be compared by eye with the design's screens.

    .venv/bin/python -m docs.images.pages FOLDER [WORD …]

The product and its people are those of README's pictures (docs/images/demo.py). With words, only shots with one of them in
their name are taken. The pictures are for looking at: they are not part of the project.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, StorageState, expect

from docs.images.demo import ADMIN, AGENT, SUPERVISOR, Demo, converse, let_others_ask, running_demo
from tests.journeys.people import ask, choose_topic, wait_until_open
from tests.journeys.post import prove
from tests.product import CLOSED_TODAY

WIDTHS = (390, 1440)
PASSWORD = "correct horse battery staple"  # noqa: S105 - of a demo that lasts as long as its pictures
ADDRESS = "chen.yu@mail.example"
LANGUAGE = "/zh-hans/"
WITH_SECOND_STEP = f"""
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from kefu.accounts.models import Agent
agent = Agent.objects.get(name={SUPERVISOR!r})
agent.set_password({PASSWORD!r})
agent.save()
TOTP.activate(agent, generate_totp_secret())
"""
FACTS = """
from kefu.accounts.models import Agent, Customer
from kefu.helpcentre.models import Article, Category
from kefu.mailroom.models import Letter
from kefu.safety.models import OfficialWay
from kefu.conversations.models import Topic
print(
    Article.objects.first().slug, Article.objects.first().category.key, Letter.objects.exclude(code="").first().code,
    Customer.objects.filter(conversations__isnull=False).first().pk, Agent.objects.first().pk,
    OfficialWay.objects.first().pk, Topic.objects.first().pk,
)
"""
OF_CUSTOMERS = {
    "home": "",
    "category": "topics/{category}/",
    "article": "articles/{article}/",
    "search": "search/?q=TRC20",
    "search-none": "search/?q=zzzzqqq",
    "contact": "contact/",
    "deposit": "tools/deposit/",
    "check": "check/",
    "check-ours": "check/?code={letter}",
    "check-not-ours": "check/?code=2222-2222",
    "cases-none": "cases/",
    "chat-plain": "chat/plain/",
}
OF_STAFF = {
    "sign-in": "/staff/sign-in/",
    "forgotten": "/staff/password/forgotten/",
    "letter-sent": "/staff/password/forgotten/sent/",
}
OF_SETTINGS = {
    "settings": "",
    "hours": "hours/",
    "hours-team": "hours/1/",
    "hours-history": "hours/1/history/",
    "ways": "ways/",
    "way": "ways/{way}/",
    "way-new": "ways/new/",
    "topics": "topics/",
    "topic": "topics/{topic}/",
    "teams": "teams/",
    "team": "teams/1/",
    "members": "members/",
    "member": "members/{member}/",
    "member-sessions": "members/{member}/sessions/",
    "invite": "members/invite/",
    "brand": "brand/",
    "greetings": "greetings/",
    "journal": "journal/",
    "privacy": "privacy/",
    "privacy-person": "privacy/{person}/",
}
OF_ADMINS = {
    "sessions": "/staff/sessions/",
    "second-factor": "/staff/second-factor/",
    "passkey-new": "/staff/second-factor/passkeys/new/",
    "password": "/staff/password/",
    "sign-out": "/staff/sign-out/",
}


@dataclass(frozen=True)
class World:
    """Who is signed in where, and what stands in the addresses."""

    facts: dict[str, str]
    ref: str
    customer: StorageState
    agent: StorageState
    admin: StorageState


@dataclass(frozen=True)
class Shot:
    name: str
    open: Callable[[Page], None]
    signed_in: StorageState | None = None
    whole: bool = True
    script: bool = True


def main() -> None:
    parser = argparse.ArgumentParser(description="Shoot every page at two widths, light and dark.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("words", nargs="*")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo:
        world = prepare(demo)
        for shot in [*of_settings(world), *of_customers(world), *of_staff(world)]:
            if is_wanted(shot, chosen.words):
                shoot(demo, chosen.folder, shot)
        demo.product.django(CLOSED_TODAY)
        for shot in of_closed_hours():
            if is_wanted(shot, chosen.words):
                shoot(demo, chosen.folder, shot)


def is_wanted(shot: Shot, words: list[str]) -> bool:
    return not words or any(word in shot.name for word in words)


def shoot(demo: Demo, folder: Path, shot: Shot) -> None:
    for width in WIDTHS:
        for dark in (False, True):
            page = demo.open(width=width, dark=dark, script=shot.script, signed_in=shot.signed_in)
            shot.open(page)
            page.wait_for_load_state("load")
            name = f"{shot.name}-{width}-{'dark' if dark else 'light'}.png"
            page.screenshot(path=folder / name, full_page=shot.whole, animations="disabled")
            page.context.close()
            print(name, flush=True)


def prepare(demo: Demo) -> World:
    """Several customers wait, one is being answered and has proven an address; an agent and an admin have signed in."""
    demo.product.django(WITH_SECOND_STEP)
    agent = demo.sign_in(AGENT)
    let_others_ask(demo)
    customer = demo.open()
    ask(customer, "怎么把默认语言改成繁体？")
    prove(customer, demo.open(), ADDRESS)
    ref = converse(customer, agent)
    admin = demo.sign_in(ADMIN)
    names = ("article", "category", "letter", "person", "member", "way", "topic")
    facts = dict(zip(names, demo.product.django(FACTS).split(), strict=True))
    states = [page.context.storage_state() for page in (customer, agent, admin)]
    return World(facts, ref, *states)


def at(path: str) -> Callable[[Page], None]:
    def open_(page: Page) -> None:
        page.goto(path)
        known = page.locator("[data-when]:not([hidden]), [data-chat][data-ready]")
        if page.locator("[data-when]").count():
            known.first.wait_for(state="attached")

    return open_


def of_customers(world: World) -> Iterator[Shot]:
    for name, path in OF_CUSTOMERS.items():
        yield Shot(name, at(LANGUAGE + path.format(**world.facts)), script=name != "chat-plain")
    yield Shot("cases", at(f"{LANGUAGE}cases/"), world.customer)
    yield Shot("chat-open", chat, whole=False)
    yield Shot("chat-question", asking, whole=False)
    yield Shot("chat-talk", talk, world.customer, whole=False)
    yield Shot("chat-floating", floating, whole=False)
    yield Shot("not-found", at("/zh-hans/nothing/"))
    yield Shot("time-zone", at("/ui/zh-hans/time-zone/?next=/zh-hans/"))


def of_closed_hours() -> Iterator[Shot]:
    yield Shot("chat-closed", at(f"{LANGUAGE}chat/"), whole=False)
    yield Shot("contact-closed", at(f"{LANGUAGE}contact/"))
    yield Shot("home-closed", at(LANGUAGE))


def of_settings(world: World) -> Iterator[Shot]:
    """They come first: of who has signed in long ago some of them ask for proof again."""
    for name, path in OF_SETTINGS.items():
        yield Shot(f"settings-{name}", at("/desk/settings/" + path.format(**world.facts)), world.admin)


def of_staff(world: World) -> Iterator[Shot]:
    for name, path in OF_STAFF.items():
        yield Shot(f"staff-{name}", at(path))
    yield Shot("staff-code", second_step)
    for name, path in OF_ADMINS.items():
        yield Shot(f"staff-{name}", at(path), world.admin)
    for view in ("mine", "unassigned", "open", "resolved"):
        yield Shot(f"desk-{view}", partial(desk, f"/desk/{view}/"), world.agent, whole=False)
    for pane in ("views", "list", "talk", "context"):
        opened = partial(desk, f"/desk/mine/{world.ref}/", pane=pane)
        yield Shot(f"desk-thread-{pane}", opened, world.agent, whole=False)
    yield Shot("desk-keys", partial(desk, f"/desk/mine/{world.ref}/", press="?"), world.agent, whole=False)
    yield Shot("outbox", at("/demo/outbox/"))


def chat(page: Page) -> None:
    page.goto(f"{LANGUAGE}chat/")
    wait_until_open(page)


def asking(page: Page) -> None:
    chat(page)
    choose_topic(page, "account")


def talk(page: Page) -> None:
    page.goto(f"{LANGUAGE}chat/")
    page.locator("[data-log] .secret-note").wait_for()
    # Until it is connected the field says something else.
    page.get_by_placeholder("写消息").wait_for()


def floating(page: Page) -> None:
    page.goto(LANGUAGE)
    page.locator("[data-open-chat]:visible").first.click()
    page.locator("[data-chat][data-ready]").wait_for()


def second_step(page: Page) -> None:
    page.goto("/staff/sign-in/")
    page.locator("#id_login").fill("grace@xinghai.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/sign-in/code/")


def desk(path: str, page: Page, *, pane: str = "", press: str = "") -> None:
    page.goto(path)
    page.locator("[data-link]").wait_for(state="hidden")
    if pane and (go := page.locator(f"[data-go={pane}]")).is_visible():
        go.click()
    if press:
        page.keyboard.press(press)
        expect(page.locator("dialog[open]")).to_be_visible()


if __name__ == "__main__":
    main()
