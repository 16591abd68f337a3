"""What the window shows: the state now, the visitor's own conversations and nobody else's."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from time_machine import travel

from kefu.accounts.tests.settings_pages import queries_of
from kefu.brands.refs import new_ref
from kefu.conversations.actions import Cursor, Say, move_cursor, resolve, say
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import EVENTS
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_conversation,
    make_house,
    reply_to,
    viewer_of,
)
from kefu.livechat.tests.factories import ask, sign_in
from kefu.mailroom.server import mail_server
from kefu.safety.models import OfficialWay
from kefu.waiting.models import Greeting, WeeklyHours

pytestmark = pytest.mark.django_db
CHAT = "/zh-hans/chat/"
EARLIER = "/zh-hans/chat/earlier/"
MONDAY_EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    return make_house()


def snapshot_in(page: Any) -> dict[str, Any] | None:
    found = re.search(
        r'<script id="chat-snapshot" type="application/json">(.*?)</script>', page.content.decode()
    )
    snapshot: dict[str, Any] | None = json.loads(found[1]) if found else None
    return snapshot


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("page", ["", "panel/"])
def test_each_page_is_drawn_in_each_language_and_kept_by_no_cache(
    house: House, client: Client, language: str, page: str
) -> None:
    answer = client.get(f"/{language}/chat/{page}")

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'data-topic="account"' in answer.content.decode()


def test_looking_gives_nobody_a_cookie(house: House, client: Client) -> None:
    assert not client.get(CHAT).cookies
    assert not client.get(f"{CHAT}panel/").cookies


def test_closed_says_when_it_opens_again(house: House, client: Client) -> None:
    for weekday in range(5):
        WeeklyHours.objects.create(team=house.team, weekday=weekday, opens=9 * 60, closes=21 * 60)

    with travel(MONDAY_EVENING, tick=False):
        page = client.get(CHAT).content.decode()

    # Tuesday 09:00 in Shanghai.
    assert 'datetime="2026-11-24T01:00:00Z"' in page
    assert 'id="chat-email"' in page


def test_open_with_nobody_there_takes_the_question_all_the_same(house: House, client: Client) -> None:
    WeeklyHours.objects.create(team=house.team, weekday=1, opens=0, closes=24 * 60)

    with travel(datetime(2026, 11, 24, 3, 0, tzinfo=UTC), tick=False):
        page = client.get(CHAT).content.decode()
        answer = ask(client)

    assert "dot care" in page
    assert answer.json()["link"].startswith("http://testserver/zh-hans/chat/link/")


def test_the_brands_own_sentence_stands_beside_what_the_hours_say(house: House, client: Client) -> None:
    WeeklyHours.objects.create(team=house.team, weekday=1, opens=9 * 60, closes=21 * 60)
    Greeting.objects.create(
        brand=house.brand, language="en", closed_text="Asleep <i>now</i>", unstaffed_text="All are busy"
    )
    states = {
        "closed": ("Asleep &lt;i&gt;now&lt;/i&gt;", datetime(2026, 11, 23, 20, 0, tzinfo=UTC)),
        "unstaffed": ("All are busy", datetime(2026, 11, 24, 3, 0, tzinfo=UTC)),
    }

    for state, (sentence, at) in states.items():
        with travel(at, tick=False):
            pages = [client.get(f"/en/chat/{page}").content.decode() for page in ("panel/", "plain/")]
        for page in pages:
            assert f'<p dir="auto" data-when="{state}">{sentence}</p>' in page
        assert 'datetime="2026-11-24T' in pages[0]


def test_the_greeting_costs_one_query_at_most(house: House, client: Client) -> None:
    for language in house.brand.languages:
        Greeting.objects.create(brand=house.brand, language=language, open_text="Hello")
    client.get("/en/chat/panel/")

    with CaptureQueriesContext(connection) as captured:
        client.get("/en/chat/panel/")

    assert sum("waiting_greeting" in query["sql"] for query in captured.captured_queries) == 1


@pytest.mark.parametrize("page", ["panel/?new=1", "plain/?new=1"])
def test_what_was_asked_before_costs_the_same_for_one_and_for_twenty(
    house: House, client: Client, page: str
) -> None:
    before = make_conversation(house)
    sign_in(client, before.customer)
    few = queries_of(client, f"{CHAT}{page}")
    refs = [make_conversation(house, viewer_of(before)).ref for _ in range(19)]

    assert queries_of(client, f"{CHAT}{page}") == few
    assert refs[-1] in client.get(f"{CHAT}{page}").content.decode()


def test_only_the_words_of_todays_state_are_shown(house: House, client: Client) -> None:
    WeeklyHours.objects.create(team=house.team, weekday=1, opens=9 * 60, closes=21 * 60)
    states = {
        "closed": datetime(2026, 11, 23, 20, 0, tzinfo=UTC),
        "unstaffed": datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
    }

    for state, at in states.items():
        with travel(at, tick=False):
            window = client.get(f"{CHAT}panel/").content.decode()
        shown = re.findall(r'data-when="([a-z ]+)"(?! hidden)', window)
        assert f'data-hours="{state}"' in window
        assert len(shown) > 5
        assert all(state in kinds.split() for kinds in shown), state


def test_without_a_next_opening_the_window_says_that_it_is_closed_and_no_time(
    house: House, client: Client
) -> None:
    window = client.get(f"{CHAT}panel/").content.decode()

    assert re.search(r'data-otherwise data-when="closed">', window)
    for part in re.findall(r'<(?:span|div|p)[^>]* data-when="[^"]*">.*?</(?:span|div|p)>', window, re.DOTALL):
        assert "<time" not in part, part


def test_the_window_promises_a_letter_only_where_letters_are_sent(
    house: House, client: Client, settings: Settings
) -> None:
    settings.MAIL_SERVER = mail_server("smtp://localhost:2525")
    without = client.get("/en/chat/panel/").content.decode()
    OfficialWay.objects.create(brand=house.brand, kind="mail", value="support@xinghai.example")

    with_letters = client.get("/en/chat/panel/").content.decode()

    # Once beside the box for the address, once below the question that was asked.
    assert (without.count("do not send"), without.count("write to you there")) == (2, 0)
    assert (with_letters.count("do not send"), with_letters.count("write to you there")) == (0, 2)


def test_the_pages_without_script_promise_a_letter_only_where_letters_are_sent(
    house: House, client: Client, settings: Settings
) -> None:
    settings.MAIL_SERVER = mail_server("smtp://localhost:2525")
    conversation = make_conversation(house)
    sign_in(client, conversation.customer)
    pages = ("/en/chat/plain/?new=1", f"/en/chat/plain/{conversation.ref}/")
    without = [client.get(page).content.decode() for page in pages]
    OfficialWay.objects.create(brand=house.brand, kind="mail", value="support@xinghai.example")

    with_letters = [client.get(page).content.decode() for page in pages]

    assert [(page.count("do not send"), page.count("wwrite to you there")) for page in without] == [
        (1, 0)
    ] * 2
    assert [(page.count("do not send"), page.count("write to you there")) for page in with_letters] == [
        (0, 1)
    ] * 2


def test_the_window_starts_from_the_same_snapshot_that_a_socket_would_give(
    house: House, client: Client
) -> None:
    conversation = make_conversation(house, text="</script><script>alert(1)</script>")
    sign_in(client, conversation.customer)

    page = client.get(CHAT)

    snapshot = snapshot_in(page)
    assert snapshot is not None
    assert snapshot["head"]["ref"] == conversation.ref
    assert snapshot["events"][1]["message"]["text"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in page.content.decode()


def test_the_window_knows_what_was_seen_on_another_device(house: House, client: Client) -> None:
    conversation = make_conversation(house)
    say([reply_to(conversation, house.mei, "收到")])
    sign_in(client, conversation.customer)
    assert 'data-seen="0"' in client.get(CHAT).content.decode()

    conversation.refresh_from_db()
    seen = conversation.customer_seq
    move_cursor([Cursor(conversation_id=conversation.pk, by=house.mei, delivered=1, seen=1)])
    move_cursor(
        [Cursor(conversation_id=conversation.pk, by=viewer_of(conversation), delivered=seen, seen=seen)]
    )

    assert f'data-seen="{seen}"' in client.get(CHAT).content.decode()
    assert 'data-seen="0"' in client.get(f"{CHAT}?new=1").content.decode()


def test_a_resolved_conversation_is_still_there(house: House, client: Client) -> None:
    conversation = make_conversation(house)
    resolve(conversation=conversation, by=house.mei)
    sign_in(client, conversation.customer)

    snapshot = snapshot_in(client.get(CHAT))

    assert snapshot is not None
    assert snapshot["head"]["state"] == "resolved"


def test_asking_anew_begins_with_the_topics_and_lists_what_went_before(house: House, client: Client) -> None:
    conversation = make_conversation(house)
    sign_in(client, conversation.customer)

    page = client.get(f"{CHAT}?new=1")

    assert snapshot_in(page) is None
    assert f"?conversation={conversation.ref}" in page.content.decode()


def test_an_older_conversation_of_ones_own_can_be_opened_by_its_ref(house: House, client: Client) -> None:
    viewer = viewer_of(make_conversation(house, text="第一个"))
    first = Conversation.objects.get()
    for _ in range(5):
        make_conversation(house, viewer)
    sign_in(client, first.customer)

    snapshot = snapshot_in(client.get(f"{CHAT}?conversation={first.ref.lower()}"))

    assert snapshot is not None
    assert snapshot["head"]["ref"] == first.ref


def test_a_topic_with_an_icon_that_we_lack_is_drawn(house: House, client: Client) -> None:
    house.topic.icon = "nonsense"
    house.topic.save()

    assert client.get(CHAT).status_code == 200


def test_the_address_may_name_a_topic_that_we_have(house: House, client: Client) -> None:
    named = client.get(f"{CHAT}?topic=account&issue=kyc").content.decode()
    unknown = client.get(f'{CHAT}?topic="><script>&issue="><script>').content.decode()

    assert 'data-chosen-topic="account" data-chosen-issue="kyc"' in named
    assert "/chat/plain/?topic=account&amp;issue=kyc" in named
    assert 'data-chosen-topic="" data-chosen-issue=""' in unknown


def test_a_new_topic_goes_before_a_resolved_conversation_and_after_an_open_one(
    house: House, client: Client
) -> None:
    conversation = make_conversation(house)
    sign_in(client, conversation.customer)

    assert snapshot_in(client.get(f"{CHAT}?topic=account")) is not None
    resolve(conversation=conversation, by=house.mei)
    assert snapshot_in(client.get(f"{CHAT}?topic=account")) is None


class TestMallory:
    """Another customer, somebody signed out, another brand; refs that were guessed or overheard."""

    @pytest.fixture
    def theirs(self, house: House) -> Conversation:
        return make_conversation(house, text="别人的问题")

    @pytest.mark.parametrize("is_known", [False, True])
    def test_sees_no_conversation_but_their_own(
        self, house: House, theirs: Conversation, client: Client, is_known: bool
    ) -> None:
        if is_known:
            sign_in(client, make_conversation(house, text="自己的").customer)

        for page in (f"{CHAT}?conversation={theirs.ref}", f"{CHAT}panel/?conversation={theirs.ref}"):
            assert "别人的问题" not in json.dumps(snapshot_in(client.get(page)), ensure_ascii=False)
        earlier = client.get(EARLIER, {"ref": theirs.ref, "before": "9"})
        assert (earlier.status_code, earlier.json()["code"]) == (404, "not_found")

    def test_learns_nothing_from_the_difference_between_a_ref_and_none(
        self, theirs: Conversation, client: Client
    ) -> None:
        real = client.get(EARLIER, {"ref": theirs.ref, "before": "9"})
        guessed = client.get(EARLIER, {"ref": new_ref("XH"), "before": "9"})

        assert (real.status_code, real.content) == (guessed.status_code, guessed.content)

    def test_is_nobody_on_another_brand(self, theirs: Conversation, client: Client) -> None:
        elsewhere = make_house("polar", "PX")
        elsewhere.brand.hosts = ["polar.example"]
        elsewhere.brand.save()
        settings.ALLOWED_HOSTS.append("polar.example")
        sign_in(client, theirs.customer)

        page = client.get(CHAT, headers={"Host": "polar.example"})

        assert snapshot_in(page) is None
        settings.ALLOWED_HOSTS.remove("polar.example")

    @pytest.mark.parametrize("cookie", ["", "x", "k" * 5000, "clé"])
    @pytest.mark.usefixtures("theirs")
    def test_with_a_tampered_cookie_is_nobody(self, client: Client, cookie: str) -> None:
        client.cookies["kefu_customer"] = cookie

        assert snapshot_in(client.get(CHAT)) is None


def test_history_comes_page_by_page(house: House, client: Client) -> None:
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    for number in range(EVENTS + 20):
        say(
            [
                Say(
                    conversation_id=conversation.pk,
                    by=viewer,
                    client_id=make_client_id(),
                    content=f"第 {number} 条",
                )
            ]
        )
    sign_in(client, conversation.customer)
    snapshot = snapshot_in(client.get(CHAT))
    assert snapshot is not None

    page = client.get(EARLIER, {"ref": conversation.ref, "before": str(snapshot["events"][0]["seq"])})

    assert snapshot["earlier"] is True
    assert (page.json()["events"][0]["kind"], page.json()["earlier"]) == ("opened", False)
    assert len(page.json()["events"]) + len(snapshot["events"]) == EVENTS + 22


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "9" * 40, "9" * 5000, "٣"])
def test_a_place_that_is_no_number_is_refused(house: House, client: Client, before: str) -> None:
    assert client.get(EARLIER, {"ref": "XH", "before": before}).status_code == 400
