"""What is said of the hours beside an agent's name: agents may talk at any hour, and whoever is talking is not closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from kefu.accounts.models import Customer
from kefu.conversations.actions import say
from kefu.conversations.tests.browser import ORIGIN, a_window
from kefu.conversations.tests.factories import make_conversation, make_house, reply_to
from kefu.livechat.tests.factories import sign_in
from kefu.waiting.state import ChatState

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OPENS = AT + timedelta(hours=5)
STATES = {
    "open": ChatState("open", OPENS, None, "UTC"),
    "closed": ChatState("closed", None, OPENS, "UTC"),
    "closed for good": ChatState("closed", None, None, "UTC"),
    "unstaffed": ChatState("unstaffed", OPENS, None, "UTC"),
}
FOLLOW = """async (assignee) => {
    const { Heading } = await import("/static/livechat/heading.js");
    window.heading ??= new Heading(document);
    window.heading.follow({ head: { assignee } });
}"""


def drawn(name: str) -> str:
    with override("en"):
        return render_to_string("livechat/state_line.html", {"state": STATES[name]})


def window(name: str) -> str:
    sheet = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/static/livechat/chat.css">'
    heading = f"<h2 data-title>星海</h2><p>{drawn(name)}<span data-whose hidden> · 星海</span></p>"
    return f'{sheet}<div class="chat"><header><div data-avatar></div>{heading}</header></div>'


def plain(name: str) -> str:
    sheet = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/static/livechat/plain.css">'
    line = drawn(name)
    return f'{sheet}<main class="plain-chat"><p>{line}</p><p><span class="has-agent">{line}</span></p></main>'


def said(page: Page, place: str) -> str:
    return " ".join(page.locator(place).inner_text().split())


@pytest.mark.journey
@pytest.mark.parametrize(
    ("name", "alone", "beside_an_agent"),
    [
        ("open", "Open until", "Open until"),
        ("closed", "Closed, opens", "Outside hours until"),
        ("closed for good", "Closed now", "Outside hours"),
        ("unstaffed", "Nobody is free right now", "Answers may take longer now"),
    ],
)
def test_beside_an_agents_name_nothing_says_that_nobody_is_there(
    chromium: Browser, name: str, alone: str, beside_an_agent: str
) -> None:
    with a_window(chromium, {"/window": window(name), "/plain": plain(name)}) as page:
        page.goto(f"{ORIGIN}/window")
        assert said(page, "header p").startswith(alone)
        page.evaluate(FOLLOW, {"name": "林晚晴"})
        assert said(page, "header p").startswith(beside_an_agent)
        assert alone == beside_an_agent or alone not in said(page, "header p")
        page.evaluate(FOLLOW, None)
        assert said(page, "header p").startswith(alone)

        page.goto(f"{ORIGIN}/plain")
        assert said(page, "main > p:first-child").startswith(alone)
        assert said(page, ".has-agent").startswith(beside_an_agent)


@pytest.mark.django_db
def test_without_script_the_page_knows_whether_an_agent_has_the_conversation(client: Client) -> None:
    house = make_house()
    conversation = make_conversation(house)
    sign_in(client, Customer.objects.get(pk=conversation.customer_id))
    address = f"/en/chat/plain/{conversation.ref}/"
    assert 'class="has-agent"' not in client.get(address).content.decode()

    say([reply_to(conversation, house.mei)])

    assert 'class="has-agent"' in client.get(address).content.decode()
