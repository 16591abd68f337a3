"""The thread that the server draws and the one that the module draws are the same, for every kind of event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone, translation
from msgspec.structs import replace
from playwright.sync_api import Browser, Page

from kefu.conversations.actions import Cursor, Say, assign, move_cursor, rate, reopen, resolve, say
from kefu.conversations.drawing import DRAWN_KINDS, Audience
from kefu.conversations.models import Attachment, Conversation, Message, Verdict, Visibility
from kefu.conversations.plain import plain_thread
from kefu.conversations.snapshot import snapshot
from kefu.conversations.tests.browser import ORIGIN, serve_files
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    reply_to,
    viewer_of,
)
from kefu.conversations.tests.uploads import send, send_and_check
from kefu.conversations.verbs.checking import look_at_file
from kefu.journal.models import Entry
from kefu.safety.tests.files import PDF, picture, video
from kefu.ui.languages import html_lang

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LANGUAGES = ["zh-hans", "zh-hant", "en"]
ZONE = "Asia/Shanghai"
TEXTS = [
    "<img src=x onerror=alert(1)> &amp; \"quoted\" 'it'",
    "第一段\n还是第一段\n\n第二段\n\n\n  第三段  ",
    "  \n\n 只有一段 \n\n  ",
    "看 https://xinghai.example/a_(b)?c=1&d=2。谢谢 http://x.example. (https://y.example/)",
    "https://xinghai.example@evil.example/ https://xn--80ak6aa92e.example/ https://аpple.example/ https://[::1",
    'https://x.example:99999/ https://x.example:abc/ http:// HTTPS://Y.EXAMPLE/Path?q="a" https://x.example/**b**',
    "我的密码: hunter2hunter2，助记词 ⟦secret:mnemonic⟧ 和 ⟦secret:nothing⟧",
    "验证码是 482913，密码: hunter2hunter2",
    "\u202egnp.exe\u202c RTL שלום",
]
DRAW = """async ({ snapshot, now }) => {
    const { begin, reduce } = await import("/static/conversations/reducer.js");
    const { Thread } = await import("/static/conversations/thread.js");
    const find = (id) => document.getElementById(id);
    const thread = new Thread({ log: find("log"), scroll: find("scroll"), typing: find("typing"), audience: "customer" });
    const { state } = reduce(begin({ ref: snapshot.head.ref, audience: "customer" }), { type: "resync", snapshot }, 0);
    thread.draw(state, new Date(now));
}"""
# What people see or hear of an element: its name, classes, words and where it leads; not what the module notes on it.
SEEN = """(selector) => {
    const seen = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? [node.data] : [];
        const { tagName, className, attributes, childNodes } = node;
        const told = [...attributes].filter(({ name }) => !name.startsWith("data-") && name !== "class" && name !== "href");
        const kept = told.map(({ name, value }) => `${name}=${name === "datetime" ? Date.parse(value) : value}`).sort();
        const classes = className.baseVal ?? className;
        return [[tagName, classes, node.href?.baseVal ?? node.href ?? "", ...kept], ...[...childNodes].flatMap(seen)];
    };
    return [...document.querySelector(selector).children].map(seen);
}"""


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(NOON - timedelta(days=400), tick=False):
        yield make_house()


def asked(conversation: Conversation, text: str) -> Say:
    viewer = viewer_of(conversation)
    return Say(conversation_id=conversation.pk, by=viewer, client_id=make_client_id(), content=text)


def a_whole_story(house: House) -> Conversation:
    """Every kind of event there is, over more than a year, with every kind of text."""
    conversation = make_conversation(house, text="在吗")
    mine = viewer_of(conversation)
    with time_machine.travel(NOON - timedelta(days=60), tick=False):
        assign(conversation=conversation, to=house.mei, by=house.mei)
        say([reply_to(conversation, house.mei, text) for text in TEXTS])
        move_cursor([Cursor(conversation_id=conversation.pk, by=mine, delivered=99, seen=99)])
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        say([asked(conversation, text) for text in TEXTS])
        move_cursor([Cursor(conversation_id=conversation.pk, by=house.mei, delivered=99, seen=15)])
        note = reply_to(conversation, house.mei, "内部备注")
        say([replace(note, visibility=Visibility.STAFF, spoken_seq=None)])
        assign(conversation=conversation, to=make_agent(house.team, "周启"), by=house.mei)
        assign(conversation=conversation, to=None, by=house.mei)
        say([reply_to(conversation, house.mei, "好的"), reply_to(conversation, house.mei, "已到账")])
        Message.objects.filter(text="好的").update(edited_at=NOON)
        Message.objects.filter(text="已到账").update(erased_at=NOON)
    with time_machine.travel(NOON, tick=False):
        resolve(conversation=conversation, by=house.mei)
        rate(
            conversation=conversation,
            verdict=Verdict.SOLVED,
            words="<b>很好</b> 密码: hunter2hunter2",
            by=mine,
        )
        rate(conversation=conversation, verdict=Verdict.NOT_SOLVED, words="", by=mine)
        reopen(conversation=conversation, by=house.mei)
        resolve(conversation=conversation, by=house.mei)
        reopen(conversation=conversation, by=mine)
        resolve(conversation=conversation, by=house.mei)
        say([asked(conversation, "还有一件事")])
        say_files(conversation)
    return conversation


def say_files(conversation: Conversation) -> None:
    """Every kind of file in every state, with words and without."""
    mine = viewer_of(conversation)
    ready = [
        send_and_check(conversation, mine, picture("PNG", (80, 500)), name='"><b>图</b>.png'),
        send_and_check(conversation, mine, PDF, name="对账单.pdf"),
        send_and_check(conversation, mine, b"log\n" * 400_000, name="a.log"),
        send_and_check(conversation, mine, video(), name="clip.mp4"),
    ]
    others = [send(conversation, mine), send(conversation, mine, b"\xff\xd8\xff" + b"x" * 5_000)]
    say([with_files(conversation, ready), with_files(conversation, others, "看这些 https://x.example/")])
    look_at_file(attachment_id=others[1].pk)


def with_files(conversation: Conversation, files: list[Attachment], text: str = "") -> Say:
    return replace(asked(conversation, text), files=tuple(file.key for file in files))


def drawn_by_both(page: Page, shown: dict[str, Any], language: str) -> tuple[Any, Any]:
    with translation.override(language), timezone.override(ZONE):
        parts = render_to_string("conversations/thread_templates.html")
        plain = plain_thread(shown["events"], shown["cursors"], NOON)
    body = f"<div id='plain'>{plain}</div><div id='scroll'><div id='log'></div></div><div id='typing'></div>{parts}"
    page_html = (
        f"<!doctype html><html lang='{html_lang(language)}'><meta charset='utf-8'><body>{body}</body></html>"
    )
    serve_files(page, {"/both": page_html})
    page.goto(f"{ORIGIN}/both")
    page.evaluate(DRAW, {"snapshot": shown, "now": NOON.isoformat()})
    return page.evaluate(SEEN, "#plain"), page.evaluate(SEEN, "#log")


@pytest.mark.parametrize("language", LANGUAGES)
def test_server_and_module_draw_the_same_thread(house: House, chromium: Browser, language: str) -> None:
    conversation = a_whole_story(house)
    shown = snapshot(conversation, Audience.CUSTOMER)
    context = chromium.new_context(timezone_id=ZONE)

    plain, module = drawn_by_both(context.new_page(), shown, language)

    context.close()
    assert len(module) > 2 * len(TEXTS)
    assert plain == module


def test_the_story_holds_every_kind_that_is_drawn(house: House) -> None:
    conversation = a_whole_story(house)

    kinds = set(Entry.objects.filter(conversation_id=conversation.pk).values_list("kind", flat=True))

    assert set(DRAWN_KINDS) <= kinds
