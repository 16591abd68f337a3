"""What a desk that was away is told: everything that changed, or that it must draw anew; never less."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.actions import erase_customer
from kefu.conversations.actions import assign, resolve
from kefu.conversations.tests.factories import make_conversation, make_house
from kefu.conversations.tests.staff import staff_cookies
from kefu.desk.topics import LATE_FOR, MOST_ENTRIES, PREFIX, catch_up, current_cursor
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.realtime import topics
from kefu.realtime.people import Person
from kefu.realtime.tests.clients import outgoing_of
from kefu.realtime.topics import Listened

pytestmark = pytest.mark.django_db


def told(house, after):
    """The frames for a desk that has everything up to a journal id."""
    person = Person(house.mei.actor, "林美", house.mei)
    return [json.loads(frame) for frame in catch_up(person, f"{PREFIX}{house.team.pk}", after) or []]


def refs(frames):
    return [event["row"]["ref"] for frame in frames if frame["type"] == "events" for event in frame["events"]]


def recorded(conversation, number=1, **fields):
    made = [
        Entry(kind="conversation.assigned", actor_kind="system", conversation_id=conversation.pk, **fields)
        for _ in range(number)
    ]
    Entry.objects.bulk_create(made)


def long_ago():
    """The journal's end, when nothing that is there by now can have been committed late."""
    Entry.objects.update(recorded_at=now() - timedelta(hours=1))
    Entry.objects.create(kind="agent.left", actor_kind="system")
    return current_cursor()


def test_a_desk_that_was_away_gets_each_changed_row_once_and_the_counts():
    house = make_house()
    old, changed = make_conversation(house), make_conversation(house)
    cursor = long_ago()
    assign(conversation=changed, to=house.mei, by=house.mei)
    resolve(conversation=changed, by=house.mei)

    rows, counts = told(house, cursor)

    assert refs([rows]) == [changed.ref]
    assert rows["events"][0]["row"]["state"] == "resolved"
    assert (counts["type"], counts["open"], counts["unassigned"]) == ("counts", 1, 1)
    assert old.ref not in refs([rows])


def test_whoever_is_forgotten_leaves_no_word_and_no_name_on_an_open_list():
    house = make_house()
    conversation = make_conversation(house, text="请忘掉这句话")
    assert conversation.customer.name
    cursor = long_ago()
    erase_customer(customer=conversation.customer, by=SYSTEM)
    entries = list(Entry.objects.filter(pk__gt=cursor).order_by("pk"))

    rows, _ = told(house, cursor)
    live, _ = [json.loads(one.frame) for one in outgoing_of(entries, Listened([f"{PREFIX}{house.team.pk}"]))]

    for frame in (rows, live):
        (row,) = [event["row"] for event in frame["events"]]
        assert (row["ref"], row["last_line"], row["customer"]["name"]) == (conversation.ref, "", "")


@pytest.mark.parametrize("team", ["9" * 18, "9" * 19, "9" * 70, "007", "١"])
def test_a_team_that_cannot_be_holds_up_nobody_elses_news(team):
    house = make_house()
    conversation = make_conversation(house)
    cursor = long_ago()
    resolve(conversation=conversation, by=house.mei)
    entries = list(Entry.objects.filter(pk__gt=cursor).order_by("pk"))
    wanted = [f"{PREFIX}{house.team.pk}", f"{PREFIX}{team}"]

    assert {one.topic for one in outgoing_of(entries, Listened(wanted))} == {wanted[0]}
    assert not topics.kind_of(wanted[1]).authorise(Person(house.mei.actor, "", house.mei), wanted[1])


@pytest.mark.parametrize(
    ("missed", "types"), [(MOST_ENTRIES - 1, ["events", "counts"]), (MOST_ENTRIES, ["resync"])]
)
def test_a_desk_that_missed_more_than_is_told_draws_anew(missed, types):
    house = make_house()
    conversation = make_conversation(house)
    cursor = long_ago()
    recorded(conversation, missed)

    assert [frame["type"] for frame in told(house, cursor)] == types


def test_an_entry_that_is_committed_below_the_cursor_is_told():
    house = make_house()
    late, slow = make_conversation(house), make_conversation(house)
    cursor = long_ago() + 50
    recorded(slow, pk=cursor)
    recorded(late, pk=cursor - 1)

    assert refs(told(house, cursor)) == [late.ref, slow.ref]


def test_what_is_older_than_any_transaction_is_not_told_again():
    house = make_house()
    old, newest = make_conversation(house), make_conversation(house)
    long_ago()
    recorded(old, recorded_at=now() - LATE_FOR - timedelta(seconds=1))
    recorded(newest)

    assert refs(told(house, current_cursor())) == [newest.ref]


def test_a_cursor_from_another_history_draws_anew():
    house = make_house()
    make_conversation(house)

    assert [frame["type"] for frame in told(house, current_cursor() + 1)] == ["resync"]


def test_a_list_from_its_top_carries_counts_and_the_cursor_to_go_on_from():
    house = make_house()
    make_conversation(house)
    client = Client(headers={"accept": "application/json"})
    for name, value in staff_cookies(house.mei).items():
        client.cookies[name] = value

    answer = client.get(reverse("desk:rows", args=["open"])).json()

    assert answer["cursor"] == current_cursor()
    assert answer["counts"][f"{PREFIX}{house.team.pk}"]["open"] == len(answer["rows"]) == 1


def test_of_two_rows_of_a_conversation_the_later_one_has_the_higher_seq():
    house = make_house()
    conversation = make_conversation(house)
    cursor = long_ago()

    assign(conversation=conversation, to=house.mei, by=house.mei)
    [before] = [event["row"]["seq"] for event in told(house, cursor)[0]["events"]]
    resolve(conversation=conversation, by=house.mei)
    [after] = [event["row"]["seq"] for event in told(house, cursor)[0]["events"]]

    assert after > before
