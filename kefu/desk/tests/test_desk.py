"""The workspace's page and data: who sees what, in which order, at what cost."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kefu.accounts.models import Role
from kefu.conversations.actions import assign, resolve, say
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Draft, State
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import (
    make_agent,
    make_conversation,
    make_house,
    reply_to,
)
from kefu.conversations.tests.staff import staff_cookies
from kefu.conversations.topics import catch_up
from kefu.desk.api import LONGEST_DRAFT
from kefu.desk.lists import PAGE, View, counts_of, page_of
from kefu.journal.models import Entry
from kefu.realtime.people import Person

pytestmark = pytest.mark.django_db


def at_desk(agent) -> Client:
    client = Client(headers={"accept": "application/json"})
    for name, value in staff_cookies(agent).items():
        client.cookies[name] = value
    return client


def post(client, name, ref, body):
    return client.post(reverse(f"desk:{name}", args=[ref]), json.dumps(body), content_type="application/json")


def test_the_page_carries_what_its_modules_draw():
    house = make_house()
    conversation = make_conversation(house)

    page = at_desk(house.mei).get(reverse("desk:open", args=["unassigned", conversation.ref]))

    start = json.loads(
        page.content.decode().split('id="start" type="application/json">')[1].split("</script>")[0]
    )
    assert start["list"]["rows"][0]["ref"] == conversation.ref
    assert start["open"]["snapshot"]["head"]["ref"] == conversation.ref
    assert start["watch"] == [f"desk/{house.team.pk}"]
    assert "no-store" in page.headers["Cache-Control"]


def test_each_view_holds_its_own():
    house = make_house()
    mine, free, done = (make_conversation(house) for _ in range(3))
    assign(conversation=mine, to=house.mei, by=house.mei)
    resolve(conversation=done, by=house.mei)

    refs = {view: {one.ref for one in page_of(view, house.mei).conversations} for view in View}

    assert refs == {
        View.MINE: {mine.ref},
        View.UNASSIGNED: {free.ref},
        View.OPEN: {mine.ref, free.ref},
        View.RESOLVED: {done.ref},
    }


def test_ours_come_first_and_the_longest_wait_on_top():
    house = make_house()
    first, second, answered = (make_conversation(house) for _ in range(3))
    say([reply_to(answered, house.mei)])

    page = page_of(View.OPEN, house.mei)

    assert [one.ref for one in page.conversations] == [first.ref, second.ref, answered.ref]


@pytest.mark.parametrize("view", [View.OPEN, View.RESOLVED])
def test_pages_follow_each_other_without_gap_or_repeat(view):
    house = make_house()
    conversations = [make_conversation(house) for _ in range(PAGE + 7)]
    for conversation in conversations[: PAGE // 2]:
        say([reply_to(conversation, house.mei)])
    if view == View.RESOLVED:
        for conversation in conversations:
            resolve(conversation=conversation, by=house.mei)

    first = page_of(view, house.mei)
    second = page_of(view, house.mei, first.next_place)

    refs = [one.ref for one in [*first.conversations, *second.conversations]]
    assert len(first.conversations) == PAGE
    assert sorted(refs) == sorted(one.ref for one in conversations)
    assert second.next_place is None


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "1|2|3",
        "1|2026-01-01T00:00:00|5",
        "1|2026-01-01T00:00:00+00:00|x",
        "1|0001-01-01T00:00:00+23:59|5",
        f"1|2026-01-01T00:00:00+00:00|{'9' * 5_000}",
        "||",
    ],
)
def test_a_place_that_nobody_gave_is_refused(place):
    house = make_house()

    answer = at_desk(house.mei).get(reverse("desk:rows", args=["open"]), {"after": place})

    assert answer.status_code == 400


@pytest.mark.parametrize("view", list(View))
def test_a_list_costs_the_same_for_one_and_for_twenty_rows(view):
    house = make_house()
    client = at_desk(house.mei)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("desk:rows", args=[view.value]))
        return len(captured)

    def fill(number):
        for _ in range(number):
            conversation = make_conversation(house)
            if view == View.MINE:
                assign(conversation=conversation, to=house.mei, by=house.mei)
            if view == View.RESOLVED:
                resolve(conversation=conversation, by=house.mei)

    fill(1)
    client.get(reverse("desk:rows", args=[view.value]))
    one = cost()
    fill(19)
    assert cost() == one


def test_counts_are_by_team_and_by_person():
    house = make_house()
    mine, _, done = (make_conversation(house) for _ in range(3))
    assign(conversation=mine, to=house.mei, by=house.mei)
    resolve(conversation=done, by=house.mei)

    assert counts_of([house.team.pk]) == {
        house.team.pk: {"open": 2, "unassigned": 1, "by_assignee": {str(house.mei.pk): 1}}
    }


def test_assign_resolve_and_open_again():
    house = make_house()
    conversation = make_conversation(house)
    client = at_desk(house.mei)

    assigned = post(client, "assignee", conversation.ref, {"agent": house.mei.pk})
    resolved = post(client, "resolution", conversation.ref, {"resolved": True})
    reopened = post(client, "resolution", conversation.ref, {"resolved": False})
    released = post(client, "assignee", conversation.ref, {"agent": None})

    assert assigned.json()["row"]["assignee"]["name"] == "林美"
    assert resolved.json()["row"]["state"] == State.RESOLVED
    assert reopened.json()["row"]["state"] == State.OPEN
    assert released.json()["row"]["assignee"] is None


def test_nobody_is_given_what_they_can_not_see():
    house = make_house()
    conversation = make_conversation(house)

    answer = post(at_desk(house.mei), "assignee", conversation.ref, {"agent": house.stranger.pk})

    assert (answer.status_code, answer.json()) == (409, {"error": "cannot_take"})


def test_a_draft_is_kept_guarded_and_ends_when_empty():
    house = make_house()
    conversation = make_conversation(house)
    client = at_desk(house.mei)

    post(client, "draft", conversation.ref, {"kind": "reply", "text": "密码: hunter2hunter2"})
    assert str(Draft.objects.get().text) == "密码: ⟦secret:password⟧"
    assert client.get(reverse("desk:conversation", args=[conversation.ref])).json()["drafts"]

    post(client, "draft", conversation.ref, {"kind": "reply", "text": "  "})
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("assignee", {"agent": "1"}),
        ("assignee", {"agent": True}),
        ("assignee", []),
        ("resolution", {}),
        ("resolution", {"resolved": "yes"}),
        ("draft", {"kind": "letter", "text": "x"}),
        ("draft", {"kind": "reply", "text": 5}),
        ("draft", {"kind": {}, "text": "x"}),
        ("draft", {"kind": "reply", "text": "x" * (LONGEST_DRAFT + 1)}),
        ("draft", {"kind": "reply", "text": "half \ud83d"}),
    ],
)
def test_a_malformed_request_changes_nothing(verb, body):
    house = make_house()
    conversation = make_conversation(house)

    answer = post(at_desk(house.mei), verb, conversation.ref, body)

    conversation.refresh_from_db()
    assert answer.status_code == 400
    assert (conversation.assignee, conversation.state) == (None, State.OPEN)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("chosen", [[], {}, None, 1, "asleep"])
def test_what_is_no_availability_is_refused(chosen):
    house = make_house()

    answer = at_desk(house.mei).post(
        reverse("desk:availability"), json.dumps({"availability": chosen}), content_type="application/json"
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 5_000, "9" * 19])
def test_a_place_in_the_thread_that_no_thread_has_is_refused(before):
    house = make_house()
    conversation = make_conversation(house)

    answer = at_desk(house.mei).get(reverse("desk:earlier", args=[conversation.ref]), {"before": before})

    assert answer.status_code == 400


def test_an_auditor_reads_and_changes_nothing():
    house = make_house()
    conversation = make_conversation(house)
    client = at_desk(make_agent(house.team, "审计", Role.AUDITOR))

    assert client.get(reverse("desk:conversation", args=[conversation.ref])).status_code == 200
    for verb, body in (
        ("assignee", {"agent": house.mei.pk}),
        ("resolution", {"resolved": True}),
        ("draft", {"kind": "note", "text": "x"}),
    ):
        assert post(client, verb, conversation.ref, body).status_code == 403
    answer = client.post(
        reverse("desk:availability"),
        json.dumps({"availability": "available"}),
        content_type="application/json",
    )
    assert answer.status_code == 403


def test_mallory_finds_nothing_here():
    house = make_house()
    conversation = make_conversation(house)
    stranger, nobody = at_desk(house.stranger), Client(headers={"accept": "application/json"})

    for path in (
        reverse("desk:open", args=["open", conversation.ref]),
        reverse("desk:conversation", args=[conversation.ref]),
        reverse("desk:earlier", args=[conversation.ref]) + "?before=5",
    ):
        assert stranger.get(path).status_code == 404
        assert nobody.get(path).status_code in {302, 401}
    for verb, body in (
        ("assignee", {"agent": None}),
        ("resolution", {"resolved": True}),
        ("draft", {"kind": "note", "text": "x"}),
    ):
        assert post(stranger, verb, conversation.ref, body).status_code == 404
        assert post(nobody, verb, conversation.ref, body).status_code in {302, 401}
    assert stranger.get(reverse("desk:rows", args=["open"])).json()["rows"] == []
    assert stranger.get(reverse("desk:rows", args=["everything"])).status_code == 404


def test_a_form_from_elsewhere_is_refused():
    house = make_house()
    conversation = make_conversation(house)
    client = Client(enforce_csrf_checks=True)
    for name, value in staff_cookies(house.mei).items():
        client.cookies[name] = value

    assert post(client, "resolution", conversation.ref, {"resolved": True}).status_code == 403


def test_a_supervisors_look_leaves_one_entry_and_an_agents_none():
    house = make_house()
    conversation = make_conversation(house)
    supervisor = make_agent(house.team, "主管", Role.SUPERVISOR)
    path = reverse("desk:conversation", args=[conversation.ref])

    at_desk(house.mei).get(path)
    at_desk(supervisor).get(path)
    at_desk(supervisor).get(path)

    looks = Entry.objects.filter(conversation_id=conversation.pk, seq=None)
    assert [(look.actor_id, look.customer_seq) for look in looks] == [(supervisor.pk, None)]


def test_a_look_over_the_socket_or_at_what_was_earlier_leaves_an_entry_too():
    house = make_house()
    auditor = make_agent(house.team, "审计", Role.AUDITOR)
    first, second = make_conversation(house), make_conversation(house)
    topic = topic_of(first.ref, Audience.STAFF)

    catch_up(Person(auditor.actor, "审计", auditor), topic, -1)
    catch_up(Person(house.mei.actor, "林美", house.mei), topic, -1)
    at_desk(auditor).get(reverse("desk:earlier", args=[second.ref]), {"before": 5})

    looks = Entry.objects.filter(seq=None, conversation_id__isnull=False).order_by("pk")
    assert [(look.actor_id, look.conversation_id) for look in looks] == [
        (auditor.pk, first.pk),
        (auditor.pk, second.pk),
    ]
