from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.models import Team
from kefu.accounts.tests.settings_pages import queries_of
from kefu.conversations.models import Topic
from kefu.conversations.tests.factories import House, make_house
from kefu.realtime.models import Presence
from kefu.safety.models import OfficialWay
from kefu.ui.tests.pages import LANG, LANGUAGES, parsed
from kefu.waiting.models import DatedOverride, Greeting, WeeklyHours

pytestmark = pytest.mark.django_db

MONDAY_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
WAYS = [
    ("mail", "support@xinghai.example", ""),
    ("mail", "security@xinghai.example", ""),
    ("phone", "+44 20 7946 0142", ""),
    ("x", "@XinghaiHelp", "https://x.com/XinghaiHelp"),
    ("facebook", "XinghaiExchange", "https://www.facebook.com/XinghaiExchange"),
    ("instagram", "@xinghai.exchange", "https://www.instagram.com/xinghai.exchange"),
    ("youtube", "@XinghaiExchange", "https://www.youtube.com/@XinghaiExchange"),
    ("community", "", "https://community.xinghai.example/"),
]


@pytest.fixture
def house() -> House:
    house = make_house()
    for day in range(5):
        WeeklyHours.objects.create(team=house.team, weekday=day, opens=540, closes=1260)
    for place, (kind, value, url) in enumerate(WAYS):
        OfficialWay.objects.create(
            brand=house.brand,
            kind=kind,
            value=value,
            url=url,
            place=place,
            names={"zh-hans": "社区", "zh-hant": "社群", "en": "Community"} if kind == "community" else {},
            good_for={"zh-hans": "一般问题", "zh-hant": "一般問題", "en": "General questions"}
            if place == 0
            else {},
        )
    return house


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_official_way_stands_on_the_page_in(client: Client, house: House, language: str) -> None:
    text = parsed(client.get(f"/{language}/contact/"))

    assert f'<html lang="{LANG[language]}">' in text
    for _, value, url in WAYS:
        assert value in text
        assert url in text
    assert {"zh-hans": "一般问题", "zh-hant": "一般問題", "en": "General questions"}[language] in text
    assert "tel:+442079460142" in text


def test_a_way_that_is_hidden_or_of_another_brand_is_not_shown(client: Client, house: House) -> None:
    other = make_house("other", "QT")
    OfficialWay.objects.create(brand=other.brand, kind="mail", value="help@other.example")
    OfficialWay.objects.create(brand=house.brand, kind="mail", value="old@xinghai.example", is_shown=False)

    text = parsed(client.get("/en/contact/"))

    assert "help@other.example" not in text
    assert "old@xinghai.example" not in text


def test_the_letter_asks_for_the_four_facts(client: Client, house: House) -> None:
    text = client.get("/zh-hant/contact/").content.decode()

    letter = unquote(re.search(r'mailto:support@xinghai\.example\?body=([^"]+)', text)[1])  # type: ignore[index]
    for asked in ("帳戶名稱或 UID：", "交易或轉帳時間（含時區）：", "TxID 或訂單編號：", "已經試過的步驟："):
        assert asked in letter


def test_only_ways_that_exist_can_be_chosen(client: Client) -> None:
    brand = make_house().brand
    Topic.objects.filter(brand=brand).delete()

    text = parsed(client.get("/en/contact/"))

    assert "Start a conversation" not in text
    assert "mailto:" not in text
    assert "Choose by your question" not in text


@time_machine.travel(MONDAY_NOON, tick=False)
def test_the_page_says_the_hours_with_their_zone_without_any_script(client: Client, house: House) -> None:
    text = parsed(client.get("/zh-hans/contact/"))

    assert "周一至周五 09:00–21:00" in text
    assert "北京时间（UTC+8）" in text


@time_machine.travel(MONDAY_NOON, tick=False)
def test_the_page_follows_the_zone_that_the_visitor_chose(client: Client, house: House) -> None:
    client.cookies["kefu_zone"] = "Asia/Kolkata"

    response = client.get("/en/contact/")

    assert "Mon to Fri 06:30–18:30" in parsed(response)
    assert response["Cache-Control"] == "private, no-cache"


@time_machine.travel(MONDAY_NOON, tick=False)
def test_a_date_that_differs_is_told_with_its_reason(client: Client, house: House) -> None:
    notes = {"zh-hans": "调休工作日", "en": "<b>Working day</b>"}
    DatedOverride.objects.create(
        team=house.team, on="2026-11-28", kind="instead", intervals=[[600, 1080]], notes=notes
    )

    chinese = parsed(client.get("/zh-hans/contact/"))
    assert "2026年11月28日</time>：调休工作日" in chinese
    assert "周六 10:00–18:00" in chinese
    assert "&lt;b&gt;Working day" in parsed(client.get("/en/contact/"))
    assert "调休" not in parsed(client.get("/zh-hant/contact/"))


@pytest.mark.parametrize(
    ("zone", "at", "is_told"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 27, 16, 30, tzinfo=UTC), True),
        ("Asia/Shanghai", datetime(2026, 11, 28, 16, 30, tzinfo=UTC), False),
        ("America/New_York", datetime(2026, 11, 29, 4, 30, tzinfo=UTC), True),
        ("America/New_York", datetime(2026, 11, 29, 5, 30, tzinfo=UTC), False),
    ],
)
def test_a_date_is_over_when_it_is_over_where_it_was_meant(
    zone: str, at: datetime, is_told: bool, client: Client, house: House
) -> None:
    Team.objects.update(zone=zone)
    DatedOverride.objects.create(team=house.team, on="2026-11-28", kind="closed", notes={"en": "Day off"})

    with time_machine.travel(at, tick=False):
        assert ("Day off" in parsed(client.get("/en/contact/"))) == is_told


@time_machine.travel(MONDAY_NOON, tick=False)
def test_two_visitors_are_given_the_same_bytes(house: House) -> None:
    first, second = Client(), Client(headers={"User-Agent": "another", "Accept-Language": "en"})
    second.cookies["kefu_customer"] = "x" * 43

    answers = [visitor.get("/zh-hans/contact/") for visitor in (first, second)]

    assert answers[0].content == answers[1].content
    for answer in answers:
        assert not answer.cookies
        assert not answer.has_header("Vary")
        assert answer["Cache-Control"] == "public, no-cache"


@time_machine.travel(MONDAY_NOON, tick=False)
def test_a_kept_page_is_asked_for_again_and_sent_only_when_it_is_another(
    client: Client, house: House
) -> None:
    tag = client.get("/en/contact/")["ETag"]

    def answered() -> HttpResponse:
        answer: HttpResponse = client.get("/en/contact/", headers={"if-none-match": tag})
        return answer

    kept = answered()
    assert (kept.status_code, kept.content) == (304, b"")
    assert (kept["ETag"], kept["Cache-Control"]) == (tag, "public, no-cache")
    client.cookies["kefu_zone"] = "Asia/Kolkata"
    elsewhere = answered()
    assert (elsewhere.status_code, elsewhere["Cache-Control"]) == (200, "private, no-cache")
    del client.cookies["kefu_zone"]
    WeeklyHours.objects.update(opens=600)
    assert "Mon to Fri 10:00–21:00" in parsed(answered())
    tag = answered()["ETag"]
    OfficialWay.objects.filter(value="security@xinghai.example").delete()
    assert "security@xinghai.example" not in parsed(answered())


@time_machine.travel(datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC), tick=False)
def test_a_kept_page_does_not_outlive_the_day_it_was_made_for(client: Client, house: House) -> None:
    tag = client.get("/en/contact/")["ETag"]

    with time_machine.travel(datetime(2026, 11, 27, 16, 0, 1, tzinfo=UTC), tick=False):
        assert client.get("/en/contact/", headers={"if-none-match": tag}).status_code == 200


@time_machine.travel(MONDAY_NOON, tick=False)
def test_the_state_is_told_now_and_never_kept(client: Client, house: House) -> None:
    response = client.get("/en/contact/state/")

    assert response["Cache-Control"] == "no-store"
    state = response.json()
    assert state["at"] == "2026-11-23T04:00:00Z"
    assert state["chat"] == {
        "kind": "unstaffed",
        "closes_at": "2026-11-23T13:00:00Z",
        "next_opening": None,
        "zone": "Asia/Shanghai",
    }
    assert state["spans"][0] == ["2026-11-23T01:00:00Z", "2026-11-23T13:00:00Z"]

    house.mei.availability = "available"
    house.mei.save(update_fields=["availability"])
    Presence.objects.create(agent_id=house.mei.pk, until=now() + timedelta(minutes=1))
    assert client.get("/en/contact/state/").json()["chat"]["kind"] == "open"


@time_machine.travel(SATURDAY_NOON, tick=False)
def test_outside_hours_the_state_says_when_it_opens(client: Client, house: House) -> None:
    chat = client.get("/en/contact/state/").json()["chat"]

    assert (chat["kind"], chat["next_opening"]) == ("closed", "2026-11-30T01:00:00Z")


def test_the_state_tells_nothing_about_people(client: Client, house: House) -> None:
    assert set(client.get("/en/contact/state/").json()) == {"at", "chat", "spans", "ways"}


def phone_row(page: HttpResponse) -> str:
    found = re.search(r'<li data-way="\d+">(?:(?!</li>).)*class="number".*?</li>', parsed(page), re.DOTALL)
    assert found
    return found[0]


@time_machine.travel(MONDAY_NOON, tick=False)
def test_a_telephone_without_hours_of_its_own_keeps_the_desks(client: Client, house: House) -> None:
    row = phone_row(client.get("/zh-hans/contact/"))

    assert "周一至周五 09:00–21:00" in row
    assert "北京时间" in row
    phone = OfficialWay.objects.get(kind="phone")
    way = client.get("/en/contact/state/").json()["ways"][str(phone.pk)]
    assert (way["kind"], way["closes_at"]) == ("open", "2026-11-23T13:00:00Z")


@time_machine.travel(MONDAY_NOON, tick=False)
def test_a_telephone_says_its_own_hours_in_the_visitors_zone(client: Client, house: House) -> None:
    phone = OfficialWay.objects.get(kind="phone")
    phone.week = [[day, 540, 720] for day in range(5)]
    phone.save(update_fields=["week"])

    assert "Mon to Fri 09:00–12:00" in phone_row(client.get("/en/contact/"))
    client.cookies["kefu_zone"] = "Asia/Kolkata"
    assert "Mon to Fri 06:30–09:30" in phone_row(client.get("/en/contact/"))
    state = client.get("/en/contact/state/").json()
    # The desk is open until nine in the evening; nobody answers the telephone after noon.
    assert state["ways"][str(phone.pk)] == {
        "kind": "closed",
        "closes_at": None,
        "next_opening": "2026-11-24T01:00:00Z",
        "spans": [
            [f"2026-{day}T01:00:00Z", f"2026-{day}T04:00:00Z"]
            for day in ("11-23", "11-24", "11-25", "11-26", "11-27", "11-30", "12-01")
        ],
    }


@time_machine.travel(MONDAY_NOON, tick=False)
def test_mail_says_when_it_is_answered_if_somebody_said_so(client: Client, house: House) -> None:
    assert "Answered:" not in parsed(client.get("/en/contact/"))

    first = OfficialWay.objects.filter(kind="mail").first()
    assert first is not None
    first.week = [[0, 540, 1080]]
    first.save(update_fields=["week"])

    assert re.search(r"Answered: <span[^>]*>Mon 09:00–18:00", parsed(client.get("/en/contact/")))


def test_a_telephone_of_a_desk_without_hours_says_none(client: Client, house: House) -> None:
    WeeklyHours.objects.all().delete()

    row = phone_row(client.get("/en/contact/"))

    assert "data-way-when" not in row
    assert "Call" in row


def test_without_a_brand_there_is_no_page(client: Client) -> None:
    assert client.get("/en/contact/").status_code == 404
    assert client.get("/en/contact/state/").status_code == 404


def test_the_brands_own_sentence_stands_where_nobody_is_there(client: Client, house: House) -> None:
    Greeting.objects.create(brand=house.brand, language="en", closed_text="Asleep & back soon")

    page = parsed(client.get("/en/contact/"))

    assert '<span data-when="closed" hidden dir="auto">Asleep &amp; back soon</span>' in page
    assert '<span data-when="unstaffed" hidden dir="auto">Nobody is there right now.' in page
    assert "Asleep" not in parsed(client.get("/zh-hans/contact/"))


def test_only_reading_is_possible(client: Client, house: House) -> None:
    assert client.post("/en/contact/").status_code == 405
    assert client.post("/en/contact/state/").status_code == 405


def test_both_pages_ask_as_often_for_twenty_ways_as_for_one(client: Client, house: House) -> None:
    def add(number: int) -> None:
        OfficialWay.objects.create(brand=house.brand, kind="mail", value=f"team{number}@xinghai.example")

    pages = ("/en/contact/", "/en/contact/state/")
    add(1)
    few = [queries_of(client, page) for page in pages]
    for number in range(2, 21):
        add(number)

    assert [queries_of(client, page) for page in pages] == few
    assert client.get(pages[0]).content.decode().count("@xinghai.example</") >= 20
    assert few[0] <= 9
    assert few[1] <= 6
