"""The settings page of topics: what customers choose from follows it, and nobody reaches another team's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kefu.accounts.models import Agent, Role, Team
from kefu.accounts.policy import Refused
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.conversations.models import Topic, TopicRevision
from kefu.conversations.tests.factories import House, make_agent, make_conversation, make_house
from kefu.conversations.verbs.topics import (
    LastTopic,
    TeamOfOtherBrand,
    TopicText,
    add_topic,
    change_topic,
    order_topics,
    put_back_topic,
    retire_topic,
    use_topic_again,
)
from kefu.journal.models import Entry
from kefu.ui.tests.pages import parsed

pytestmark = pytest.mark.django_db

LIST, NEW, HISTORY = "/desk/settings/topics/", "/desk/settings/topics/new/", "/desk/settings/topics/history/"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def lead(house: House) -> Agent:
    return make_agent(house.team, "周启明", Role.LEAD)


@pytest.fixture
def client(lead: Agent) -> Client:
    return browser_of(lead)


def url_of(topic: Topic, name: str = "topic") -> str:
    return reverse(f"topics:{name}", args=[topic.pk])


def added(client: Client, **changes: str) -> object:
    form = fields_of(client.get(NEW), NEW) | {"key": "deposits", "name-zh-hans": "充值", "icon": "deposit"}
    return client.post(NEW, form | {name.replace("_", "-"): value for name, value in changes.items()})


def test_a_lead_adds_a_topic_and_customers_can_choose_it(client: Client, house: House, lead: Agent) -> None:
    added(client, note_en="Coins on their way")

    topic = Topic.objects.get(key="deposits")
    assert (topic.team, topic.names, topic.notes) == (
        house.team,
        {"zh-hans": "充值"},
        {"en": "Coins on their way"},
    )
    assert "充值" in Client().get("/zh-hans/contact/").content.decode()
    entry = Entry.objects.get(kind="topic.added")
    assert (entry.actor, entry.subject_id, entry.payload["team_id"]) == (lead.actor, topic.pk, house.team.pk)


def test_a_topic_is_changed_and_put_back(client: Client, house: House) -> None:
    form = fields_of(client.get(url_of(house.topic)), url_of(house.topic))

    client.post(url_of(house.topic), form | {"name-en": "Money", "icon": "wallet"})

    house.topic.refresh_from_db()
    assert (house.topic.names["en"], house.topic.icon) == ("Money", "wallet")
    page = client.get(HISTORY)
    assert "Money" in parsed(page)
    action = reverse("topics:put_back", args=[TopicRevision.objects.get().pk])
    client.post(action, fields_of(page, action))
    house.topic.refresh_from_db()
    assert house.topic.names["en"] == "Account"


def test_a_topic_in_use_is_retired_and_used_again(client: Client, house: House) -> None:
    conversation = make_conversation(house)
    add_topic(
        brand=house.brand,
        key="more",
        text=TopicText(team_id=house.team.pk, names={"zh-hans": "更多"}),
        by=make_agent(house.team, "Lead", Role.LEAD),
    )

    client.post(url_of(house.topic, "choosable"), {"choosable": "no"})

    assert [topic.key for topic in Topic.objects.offered(house.brand)] == ["more"]
    conversation.refresh_from_db()
    assert conversation.topic == house.topic
    assert "账户与资产" not in Client().get("/zh-hans/contact/").content.decode()
    assert "Retired" in parsed(client.get(LIST))
    client.post(url_of(house.topic, "choosable"), {"choosable": "yes"})
    assert Topic.objects.offered(house.brand).count() == 2


def test_the_last_topic_stays(client: Client, house: House) -> None:
    answer = client.post(url_of(house.topic, "choosable"), {"choosable": "no"}, follow=True)

    assert "This is the last topic that customers can choose." in parsed(answer)
    house.topic.refresh_from_db()
    assert house.topic.retired_at is None


def test_of_two_at_once_the_second_is_told(client: Client, house: House) -> None:
    mine = fields_of(client.get(url_of(house.topic)), url_of(house.topic)) | {"name-en": "Mine"}
    theirs = TopicText(team_id=house.team.pk, names={"zh-hans": "账户", "en": "Theirs"})
    change_topic(topic=house.topic, text=theirs, by=make_agent(house.team, "何思恩", Role.LEAD))

    answer = client.post(url_of(house.topic), mine)

    assert answer.status_code == 409
    assert "何思恩 changed this while you were here." in parsed(answer)
    assert fields_of(answer, url_of(house.topic))["name-en"] == ["Mine"]
    house.topic.refresh_from_db()
    assert house.topic.names["en"] == "Theirs"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"key": "UID 1"}, "small letters, digits and hyphens"),
        ({"key": "account"}, "Another topic has this name"),
        ({"name_zh-hans": ""}, "at least in the brand&#x27;s first language"),
        ({"name_en": "n" * 41}, "40 characters at most"),
        ({"note_en": "n" * 81}, "80 characters at most"),
        ({"icon": "skull"}, "Choose a picture."),
        ({"team": "0"}, "Choose the team that answers."),
    ],
)
def test_what_can_not_be_a_topic_is_said_and_kept(
    client: Client, house: House, changes: dict[str, str], sentence: str
) -> None:
    answer = added(client, **changes)

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    assert Topic.objects.count() == 1


def test_an_admin_puts_topics_in_order(house: House, lead: Agent) -> None:
    second = add_topic(
        brand=house.brand,
        key="more",
        text=TopicText(team_id=house.team.pk, names={"zh-hans": "更多"}),
        by=lead,
    )
    admin = browser_of(make_agent(house.team, "苏予安", Role.ADMIN))

    admin.post(url_of(second, "moved"), {"to": "up"})

    assert list(Topic.objects.all()) == [second, house.topic]


def test_mallory_reaches_no_topic_of_another_team_or_brand(house: House, lead: Agent) -> None:
    other = make_house("other", "QT")
    change_topic(topic=house.topic, text=TopicText(team_id=house.team.pk, names={"zh-hans": "账户"}), by=lead)
    revision = TopicRevision.objects.get()
    put_back = reverse("topics:put_back", args=[revision.pk])
    doors = [*(url_of(house.topic, name) for name in ("topic", "choosable", "moved")), put_back]
    mallories = {
        house.mei: 403,
        make_agent(house.team, "Audit", Role.AUDITOR): 403,
        make_agent(house.stranger.teams.get(), "Lead", Role.LEAD): 404,
        make_agent(other.team, "Mallory", Role.SUPERVISOR): 404,
    }
    text = TopicText(team_id=house.team.pk, names={"zh-hans": "假"})

    for mallory, status in mallories.items():
        client = browser_of(mallory)
        for door in doors:
            assert {client.get(door).status_code, client.post(door).status_code} - {405} == {status}, door
        for act in (
            lambda by=mallory: add_topic(brand=house.brand, key="fake", text=text, by=by),
            lambda by=mallory: change_topic(topic=house.topic, text=text, by=by),
            lambda by=mallory: retire_topic(topic=house.topic, by=by),
            lambda by=mallory: use_topic_again(topic=house.topic, by=by),
            lambda by=mallory: order_topics(topics=[house.topic], by=by),
            lambda by=mallory: put_back_topic(revision=revision, by=by),
        ):
            with pytest.raises(Refused):
                act()
    house.topic.refresh_from_db()
    assert house.topic.names == {"zh-hans": "账户"}


def test_a_lead_gives_no_topic_to_a_team_out_of_reach(house: House, lead: Agent) -> None:
    stranger = house.stranger.teams.get()
    admin = make_agent(house.team, "苏予安", Role.ADMIN)
    other = make_house("other", "QT")

    with pytest.raises(Refused):
        change_topic(topic=house.topic, text=TopicText(team_id=stranger.pk, names={"en": "x"}), by=lead)
    with pytest.raises(TeamOfOtherBrand):
        change_topic(topic=house.topic, text=TopicText(team_id=other.team.pk, names={"en": "x"}), by=admin)
    with pytest.raises(LastTopic):
        retire_topic(topic=house.topic, by=lead)


def test_the_pages_ask_as_often_for_twenty_topics_as_for_one(
    client: Client, house: House, lead: Agent
) -> None:
    change_topic(topic=house.topic, text=TopicText(team_id=house.team.pk, names={"zh-hans": "账"}), by=lead)
    few = [queries_of(client, url) for url in (LIST, HISTORY)]
    for number in range(19):
        text = TopicText(team_id=house.team.pk, names={"zh-hans": f"话题{number}"})
        add_topic(brand=house.brand, key=f"t{number}", text=text, by=lead)

    assert [queries_of(client, url) for url in (LIST, HISTORY)] == few
    assert Team.objects.count() == 2
