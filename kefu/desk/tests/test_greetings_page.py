"""The settings page of greetings: what is typed is what customers read at once; admins alone."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse

from kefu.accounts.models import Agent, Role
from kefu.accounts.tests.factories import enrol
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.conversations.tests.factories import House, make_agent, make_house
from kefu.ui.tests.pages import parsed
from kefu.waiting.greeting_actions import set_greetings
from kefu.waiting.greetings import GreetingText
from kefu.waiting.models import Greeting, GreetingRevision, WeeklyHours

pytestmark = pytest.mark.django_db

URL, HISTORY = "/desk/settings/greetings/", "/desk/settings/greetings/history/"
OURS = "Hello, what is it about?"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def admin(house: House) -> Agent:
    return make_agent(house.team, "苏予安", Role.ADMIN)


@pytest.fixture
def client(admin: Agent) -> Client:
    return browser_of(admin)


def typed(client: Client, **texts: str) -> dict[str, object]:
    return fields_of(client.get(URL), URL) | {name.replace("__", "-"): text for name, text in texts.items()}


def test_an_admin_greets_and_customers_read_it_at_once(client: Client, house: House) -> None:
    client.post(
        URL, typed(client, open_text__en="Hello, <b>we</b> are here", closed_text__en="Asleep & back soon")
    )

    window = Client().get("/en/chat/panel/").content.decode()
    assert "Hello, &lt;b&gt;we&lt;/b&gt; are here" in window
    assert "Asleep &amp; back soon" in window
    assert OURS not in window
    assert "Asleep &amp; back soon" in Client().get("/en/contact/").content.decode()
    assert "Asleep" not in Client().get("/zh-hans/chat/panel/").content.decode()


def test_what_is_saved_is_said_beside_a_tick_and_what_is_not_beside_a_warning(client: Client) -> None:
    banner = re.compile(r'<div class="banner (\w+).*?#(?:i-)?([\w-]+)"', re.DOTALL)

    saved = client.post(URL, typed(client, open_text__en="Hello there"), follow=True)

    assert banner.findall(saved.content.decode()) == [("ok", "check-circle")]


def test_an_empty_field_is_our_own_sentence(client: Client, house: House) -> None:
    client.post(URL, typed(client, open_text__en="Hello there"))
    client.post(URL, typed(client, open_text__en="  \n "))

    assert OURS in Client().get("/en/chat/panel/").content.decode()
    assert Greeting.objects.text_in("en", brand=house.brand) == GreetingText()


def test_the_preview_shows_each_state_in_each_language_and_saves_nothing(
    client: Client, house: House
) -> None:
    WeeklyHours.objects.create(team=house.team, weekday=1, opens=540, closes=1080)

    answer = client.post(URL, typed(client, closed_text__en="Asleep") | {"do": "preview"})

    page = parsed(answer)
    assert answer.status_code == 200
    assert "Nothing is saved yet" in page
    assert '<p dir="auto" data-when="closed">Asleep</p>' in page
    # Our own sentences where nothing is typed, and the next opening, in the language of the preview.
    assert '<p class="big-line" dir="auto">你好，' in page
    assert "09:00" in page
    assert fields_of(answer, URL)["closed_text-en"] == ["Asleep"]
    assert not Greeting.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("好" * 201, "Write at most 200 characters."),
        ("bell \x07", "a character in it that nobody can see"),
        ("Go to evil.example", "Leave out links"),
    ],
)
def test_what_can_not_be_said_is_explained_and_kept(
    client: Client, house: House, text: str, sentence: str
) -> None:
    answer = client.post(URL, typed(client, open_text__en="Fine", unstaffed_text__en=text))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert 'id="unstaffed_text-en-problem"' in page
    assert text in page
    assert fields_of(answer, URL)["open_text-en"] == ["Fine"]
    assert not GreetingRevision.objects.exists()


def test_of_two_at_once_the_second_is_told(client: Client, house: House, admin: Agent) -> None:
    mine = typed(client, open_text__en="Mine")
    other = make_agent(house.team, "周启明", Role.ADMIN)
    set_greetings(brand=house.brand, texts={"en": GreetingText(open_text="Theirs")}, by=other)

    answer = client.post(URL, mine)

    assert answer.status_code == 409
    assert "周启明 changed this while you were here." in parsed(answer)
    assert Greeting.objects.text_in("en", brand=house.brand).open_text == "Theirs"
    client.post(URL, fields_of(answer, URL))
    assert Greeting.objects.text_in("en", brand=house.brand).open_text == "Mine"


def test_what_was_before_is_put_back(client: Client, house: House) -> None:
    client.post(URL, typed(client, open_text__en="Hello there"))
    page = client.get(HISTORY)
    assert "While the chat is open, English" in parsed(page)
    action = reverse("desk_settings:greetings_put_back", args=[GreetingRevision.objects.get().pk])

    assert client.post(action, {"seen": "0"}).status_code == 409
    client.post(action, fields_of(page, action))

    assert Greeting.objects.text_in("en", brand=house.brand) == GreetingText()


def test_each_brand_is_greeted_by_itself(client: Client, house: House) -> None:
    other = make_house("aurora", "AU").brand
    form = fields_of(client.get(f"{URL}?brand={other.pk}"), URL) | {"open_text-en": "Aurora here"}

    client.post(URL, form)

    assert Greeting.objects.text_in("en", brand=other).open_text == "Aurora here"
    assert Greeting.objects.text_in("en", brand=house.brand) == GreetingText()
    assert client.get(f"{URL}?brand=999").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_an_admin_reaches_the_greetings(client: Client, house: House, role: Role) -> None:
    form = typed(client, open_text__en="Hello there")
    client.post(URL, form)
    put_back = reverse("desk_settings:greetings_put_back", args=[GreetingRevision.objects.get().pk])
    mallory = browser_of(make_agent(house.team, "Mallory", role))

    for door in (URL, HISTORY, put_back):
        answers = {mallory.get(door).status_code, mallory.post(door, form | {"seen": "9"}).status_code}
        assert answers <= {403, 405}, door
    assert Greeting.objects.text_in("en", brand=house.brand).open_text == "Hello there"
    assert URL not in mallory.get("/desk/settings/").content.decode()


def test_a_stranger_is_asked_to_sign_in(house: House) -> None:
    for door in (URL, HISTORY):
        assert Client().get(door).headers["Location"].startswith("/staff/"), door
    assert Client().post(URL, {"open_text-en": "Mine"}).headers["Location"].startswith("/staff/")
    assert not Greeting.objects.exists()


def test_who_signed_in_long_ago_proves_it_once_more(client: Client, house: House, admin: Agent) -> None:
    form = typed(client, open_text__en="Hello there")
    enrol(admin)
    session = client.session
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [one | {"at": time.time() - 3600} for one in records]
    session.save()

    assert client.post(URL, form).headers["Location"].startswith("/staff/")
    assert not Greeting.objects.exists()


def test_the_history_asks_as_often_for_twenty_changes_as_for_one(
    client: Client, house: House, admin: Agent
) -> None:
    set_greetings(brand=house.brand, texts={"en": GreetingText(open_text="0")}, by=admin)
    few = [queries_of(client, url) for url in (URL, HISTORY)]
    for number in range(1, 20):
        set_greetings(brand=house.brand, texts={"en": GreetingText(open_text=str(number))}, by=admin)

    assert [queries_of(client, url) for url in (URL, HISTORY)] == few
    assert max(few) <= 16
