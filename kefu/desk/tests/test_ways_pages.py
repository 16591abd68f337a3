"""The settings page of official ways: an address is asked about twice, everything can be put back, Mallory gets nowhere."""

from __future__ import annotations

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kefu.accounts.models import Agent, Role
from kefu.accounts.tests.factories import enrol
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.conversations.tests.factories import House, make_agent, make_house
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.actions import WayText, add_way, change_way
from kefu.safety.models import OfficialWay, OfficialWayRevision, WayKind
from kefu.ui.tests.pages import parsed

pytestmark = pytest.mark.django_db

LIST, NEW, HISTORY = "/desk/settings/ways/", "/desk/settings/ways/new/", "/desk/settings/ways/history/"
MAIL = WayText(kind=WayKind.MAIL, value="support@xinghai.example", names={"en": "Support mail"})


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def admin(house: House) -> Agent:
    return make_agent(house.team, "苏予安", Role.ADMIN)


@pytest.fixture
def client(admin: Agent) -> Client:
    return browser_of(admin)


@pytest.fixture
def mail(house: House) -> OfficialWay:
    return add_way(brand=house.brand, text=MAIL, by=SYSTEM)


def url_of(way: OfficialWay, name: str = "way") -> str:
    return reverse(f"desk_settings:{name}", args=[way.pk])


def typed(client: Client, url: str, **changes: str) -> dict[str, object]:
    return fields_of(client.get(url), url) | {
        name.replace("_", "-"): value for name, value in changes.items()
    }


def confirmed(client: Client, url: str, asked: HttpResponse) -> HttpResponse:
    return client.post(url, fields_of(asked, url) | {"compared": "yes", "do": "save"}, follow=True)


def test_a_way_without_an_address_is_called_by_its_kind_in_words(client: Client, house: House) -> None:
    chat = add_way(brand=house.brand, text=WayText(kind=WayKind.CHAT), by=SYSTEM)

    page = parsed(client.get(url_of(chat)))

    assert ">Live chat</h1>" in page


def test_another_address_is_asked_about_before_it_is_published(
    client: Client, mail: OfficialWay, admin: Agent
) -> None:
    asked = client.post(url_of(mail), typed(client, url_of(mail), value="help@xinghai.example"))

    page = parsed(asked)
    assert "Is this address ours?" in page
    assert "support@xinghai.example" in page
    mail.refresh_from_db()
    assert mail.value == "support@xinghai.example"

    saved = confirmed(client, url_of(mail), asked)
    mail.refresh_from_db()
    assert mail.value == "help@xinghai.example"
    assert "Customers see it in the list now." in parsed(saved)
    entry = Entry.objects.latest("pk")
    assert (entry.kind, entry.actor, entry.payload) == (
        "official_way.changed",
        admin.actor,
        {"revision_id": OfficialWayRevision.objects.latest("pk").pk},
    )


def test_back_from_the_question_the_form_still_holds_what_was_typed(
    client: Client, mail: OfficialWay
) -> None:
    asked = client.post(url_of(mail), typed(client, url_of(mail), value="help@xinghai.example"))

    back = client.post(url_of(mail), fields_of(asked, url_of(mail)) | {"do": "back"})

    assert fields_of(back, url_of(mail))["value"] == ["help@xinghai.example"]
    mail.refresh_from_db()
    assert mail.value == "support@xinghai.example"


@pytest.mark.slow
def test_other_words_for_the_same_address_need_no_question(client: Client, mail: OfficialWay) -> None:
    words = typed(client, url_of(mail), name_en="Mail", good_for_en="Long stories", opens_0="09:00")
    answer = client.post(url_of(mail), words | {"closes-0": "18:00"})

    assert answer.status_code == 302
    mail.refresh_from_db()
    assert (mail.names, mail.good_for, mail.week) == (
        {"en": "Mail"},
        {"en": "Long stories"},
        [[0, 540, 1080]],
    )


def test_a_way_is_added_hidden_moved_and_taken_out(client: Client, house: House, mail: OfficialWay) -> None:
    url = f"{NEW}?brand={house.brand.pk}"
    fields = fields_of(client.get(url), NEW) | {"kind": "phone", "value": "+852 1234 5678", "name-en": "Line"}
    confirmed(client, NEW, client.post(NEW, fields))
    phone = OfficialWay.objects.get(kind="phone")

    client.post(url_of(phone, "way_moved"), {"to": "up"})
    client.post(url_of(phone, "way_shown"), {"shown": "no"})
    assert [way.pk for way in OfficialWay.objects.all()] == [phone.pk, mail.pk]
    assert "Hidden from customers" in parsed(client.get(LIST))

    end = url_of(phone, "way_end")
    assert "Take this way out of the list?" in parsed(client.get(end))
    newest = OfficialWayRevision.objects.of_way(phone.pk)[0].pk
    client.post(end, {"seen": newest})
    assert list(OfficialWay.objects.all()) == [mail]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "no address"}, "Write the whole mail address"),
        ({"kind": "phone", "value": "12345"}, "Write the number with its country"),
        ({"kind": "x", "value": "@xinghai", "url": "http://x.com"}, "beginning with https://"),
        ({"kind": "pigeon"}, "Choose what kind of way it is."),
        ({"name-en": "n" * 61}, "60 characters at most"),
        ({"good-for-en": "g" * 161}, "160 characters at most"),
        ({"opens-0": "25:00"}, "Look at the hours"),
        ({"value": "security@xinghai.example"}, "This brand has this way already."),
    ],
)
def test_what_can_not_be_a_way_is_said_and_kept(
    client: Client, house: House, mail: OfficialWay, changes: dict[str, str], sentence: str
) -> None:
    add_way(brand=house.brand, text=WayText(kind=WayKind.MAIL, value="security@xinghai.example"), by=SYSTEM)

    answer = client.post(url_of(mail), typed(client, url_of(mail)) | changes | {"compared": "yes"})

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    kept = fields_of(answer, url_of(mail))
    assert all(kept[name] == [value] for name, value in changes.items() if name != "kind")
    mail.refresh_from_db()
    assert mail.value == MAIL.value


def test_of_two_at_once_the_second_is_told_and_nothing_is_overwritten(
    client: Client, mail: OfficialWay
) -> None:
    mine = typed(client, url_of(mail), name_en="Mine")
    change_way(way=mail, text=WayText(kind=WayKind.MAIL, value=mail.value, names={"en": "Theirs"}), by=SYSTEM)

    answer = client.post(url_of(mail), mine)

    assert answer.status_code == 409
    assert "The console changed this while you were here." in parsed(answer)
    mail.refresh_from_db()
    assert mail.names == {"en": "Theirs"}
    client.post(url_of(mail), fields_of(answer, url_of(mail)))
    mail.refresh_from_db()
    assert mail.names == {"en": "Mine"}


def test_the_history_puts_back_what_was_changed_added_and_taken_out(
    client: Client, mail: OfficialWay
) -> None:
    changed = WayText(kind=WayKind.MAIL, value="impostor@evil.example")
    change_way(way=mail, text=changed, by=SYSTEM)
    latest, first = OfficialWayRevision.objects.of_way(mail.pk)
    page = client.get(HISTORY)
    assert "impostor@evil.example" in parsed(page)

    client.post(put_back_url(latest), {"seen": latest.pk})
    mail.refresh_from_db()
    assert (mail.value, mail.names) == (MAIL.value, {"en": "Support mail"})

    client.post(put_back_url(first), {"seen": OfficialWayRevision.objects.latest("pk").pk})
    assert not OfficialWay.objects.exists()
    taken_out = OfficialWayRevision.objects.latest("pk")
    client.post(put_back_url(taken_out), {"seen": taken_out.pk})
    assert OfficialWay.objects.get().pk == mail.pk

    stale = client.post(put_back_url(latest), {"seen": latest.pk})
    assert stale.status_code == 409


def put_back_url(revision: OfficialWayRevision) -> str:
    return reverse("desk_settings:way_put_back", args=[revision.pk])


def test_who_signed_in_long_ago_proves_it_once_more(client: Client, mail: OfficialWay, admin: Agent) -> None:
    enrol(admin)
    fields = typed(client, url_of(mail), name_en="Mail")
    session = client.session
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [one | {"at": time.time() - 3600} for one in records]
    session.save()

    doors = [("way", fields), ("way_shown", {"shown": "no"}), ("way_moved", {"to": "up"}), ("way_end", {})]
    for name, body in doors:
        assert client.post(url_of(mail, name), body).headers["Location"].startswith("/staff/"), name
    assert client.get(NEW).headers["Location"].startswith("/staff/")
    put_back = put_back_url(OfficialWayRevision.objects.latest("pk"))
    assert client.post(put_back, {"seen": "999999"}).headers["Location"].startswith("/staff/")
    mail.refresh_from_db()
    assert (mail.names, mail.is_shown) == ({"en": "Support mail"}, True)
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_an_admin_reaches_the_list_of_ways(house: House, mail: OfficialWay, role: Role) -> None:
    client = browser_of(make_agent(house.team, "Mallory", role))
    put_back = put_back_url(OfficialWayRevision.objects.latest("pk"))
    doors = [
        LIST,
        NEW,
        HISTORY,
        put_back,
        *(url_of(mail, name) for name in ("way", "way_shown", "way_moved", "way_end")),
    ]

    for door in doors:
        answers = {client.get(door).status_code, client.post(door, {"seen": "999999"}).status_code}
        assert answers <= {403, 405}, door
    assert list(OfficialWay.objects.values_list("value", "is_shown")) == [(MAIL.value, True)]
    assert LIST not in client.get("/desk/settings/").content.decode()


def test_the_list_asks_as_often_for_twenty_ways_as_for_one(
    client: Client, house: House, mail: OfficialWay
) -> None:
    few = [queries_of(client, url) for url in (LIST, HISTORY)]
    for number in range(19):
        text = WayText(kind=WayKind.MAIL, value=f"m{number}@xinghai.example")
        add_way(brand=house.brand, text=text, by=SYSTEM)

    assert [queries_of(client, url) for url in (LIST, HISTORY)] == few
    assert max(few) <= 12
