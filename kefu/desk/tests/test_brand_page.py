"""The settings page of a brand: its face, languages and origins; admins alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kefu.accounts.models import Agent, Role
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.brands.actions import BrandText, change_brand
from kefu.brands.models import BrandRevision
from kefu.conversations.tests.factories import House, make_agent, make_house
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.ui.tests.pages import parsed

pytestmark = pytest.mark.django_db

URL, HISTORY = "/desk/settings/brand/", "/desk/settings/brand/history/"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def admin(house: House) -> Agent:
    return make_agent(house.team, "苏予安", Role.ADMIN)


@pytest.fixture
def client(admin: Agent) -> Client:
    return browser_of(admin)


def test_an_admin_changes_the_brand_and_customers_see_it_at_once(
    client: Client, house: House, admin: Agent
) -> None:
    form = fields_of(client.get(URL), URL)
    form |= {"name": "星海 Pro", "hue": "120", "languages": ["en", "zh-hans"], "first": "en"}
    form |= {"zone": "Asia/Tokyo", "origins": "https://www.example.com/\nhttps://WWW.example.com:443"}

    client.post(URL, form)

    house.brand.refresh_from_db()
    assert (house.brand.name, house.brand.accent_hue, house.brand.zone) == ("星海 Pro", 120, "Asia/Tokyo")
    assert house.brand.languages == ["en", "zh-hans"]
    assert house.brand.origins == ["https://www.example.com"]
    page = Client().get("/en/contact/").content.decode()
    assert "星海 Pro" in page
    assert reverse("ui:brand_css", args=[120]) in page
    entry = Entry.objects.get(kind="brand.changed")
    assert (entry.actor, entry.payload) == (admin.actor, {"revision_id": BrandRevision.objects.get().pk})


def test_what_was_before_is_put_back(client: Client, house: House) -> None:
    form = fields_of(client.get(URL), URL)
    client.post(URL, form | {"name": "另一个", "hue": "10"})
    page = client.get(HISTORY)
    assert "另一个" in parsed(page)

    action = reverse("desk_settings:brand_put_back", args=[BrandRevision.objects.get().pk])
    client.post(action, fields_of(page, action))

    house.brand.refresh_from_db()
    assert (house.brand.name, house.brand.accent_hue) == ("星海 Exchange", 226)


def test_of_two_at_once_the_second_is_told(client: Client, house: House) -> None:
    mine = fields_of(client.get(URL), URL) | {"name": "我的"}
    theirs = BrandText(name="他们的", accent_hue=1, languages=["en"], zone="UTC", origins=[])
    change_brand(brand=house.brand, text=theirs, actor=SYSTEM)

    answer = client.post(URL, mine)

    assert answer.status_code == 409
    assert "The console changed this while you were here." in parsed(answer)
    assert fields_of(answer, URL)["name"] == ["我的"]
    house.brand.refresh_from_db()
    assert house.brand.name == "他们的"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write a name"),
        ({"hue": "361"}, "from 0 to 360"),
        ({"hue": "red"}, "from 0 to 360"),
        ({"hue": "9" * 400}, "from 0 to 360"),
        ({"first": "fr"}, "The first language has to be"),
        ({"languages": []}, "The first language has to be"),
        ({"zone": "Mars"}, "Choose a zone"),
        ({"origins": "http://www.example.com"}, "Write one address in each line"),
        ({"origins": "https://*.example.com"}, "Write one address in each line"),
        ({"origins": "\n".join(f"https://a{n}.example.com" for n in range(51))}, "50 addresses at most"),
    ],
)
def test_what_can_not_be_a_brand_is_said_and_kept(
    client: Client, house: House, changes: dict[str, object], sentence: str
) -> None:
    answer = client.post(URL, fields_of(client.get(URL), URL) | changes)

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    assert not BrandRevision.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_an_admin_reaches_the_brand(client: Client, house: House, role: Role) -> None:
    client.post(URL, fields_of(client.get(URL), URL) | {"name": "新名"})
    put_back = reverse("desk_settings:brand_put_back", args=[BrandRevision.objects.get().pk])
    mallory = browser_of(make_agent(house.team, "Mallory", role))

    for door in (URL, HISTORY, put_back):
        assert {mallory.get(door).status_code, mallory.post(door, {"seen": "9"}).status_code} <= {403, 405}
    house.brand.refresh_from_db()
    assert house.brand.name == "新名"


def test_the_history_asks_as_often_for_twenty_changes_as_for_one(client: Client, house: House) -> None:
    def change(number: int) -> None:
        text = BrandText(name=f"第 {number} 个", accent_hue=number, languages=["en"], zone="UTC", origins=[])
        change_brand(brand=house.brand, text=text, actor=SYSTEM)

    change(1)
    few = [queries_of(client, url) for url in (URL, HISTORY)]
    for number in range(2, 21):
        change(number)

    assert [queries_of(client, url) for url in (URL, HISTORY)] == few
    assert len(client.get(HISTORY).context["history"].entries) == 20
