"""What an agent had and may answer no more is nobody's again, so that the team sees it."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from kefu.accounts.actions import close_agent
from kefu.accounts.models import Agent, Role, Team
from kefu.accounts.tests.factories import sign_in
from kefu.accounts.verbs.members import change_agent
from kefu.background.running import run_next
from kefu.conversations import releases
from kefu.conversations.actions import assign, reopen, resolve, say
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_conversation,
    make_house,
    reply_to,
    viewer_of,
)
from kefu.conversations.verbs import releasing
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def of_meis(house: House) -> Conversation:
    conversation = make_conversation(house)
    say([reply_to(conversation, house.mei)])
    return conversation


def follow() -> None:
    """All of it from the beginning each time; twice is harmless."""
    for entry in Entry.objects.filter(kind__in=releases.FOLLOWED).order_by("pk"):
        releases.follow(entry)
    while run_next("one"):
        pass


def assignee_of(conversation: Conversation) -> Agent | None:
    return Conversation.objects.get(pk=conversation.pk).assignee


def assignments(conversation: Conversation) -> list[tuple[str, int | None]]:
    told = Entry.objects.filter(conversation_id=conversation.pk, kind="conversation.assigned").order_by("pk")
    return [(entry.actor_kind, entry.payload["agent_id"]) for entry in told]


def test_whoever_leaves_has_nothing_any_more(house: House, of_meis: Conversation) -> None:
    close_agent(agent=house.mei, by=SYSTEM)
    follow()

    assert assignee_of(of_meis) is None
    assert assignments(of_meis) == [("agent", house.mei.pk), ("system", None)]


def test_it_is_told_once_however_often_the_journal_is_followed(house: House, of_meis: Conversation) -> None:
    close_agent(agent=house.mei, by=SYSTEM)
    follow()
    follow()

    assert assignments(of_meis) == [("agent", house.mei.pk), ("system", None)]


def test_whoever_moves_keeps_what_they_may_still_answer(house: House, of_meis: Conversation) -> None:
    elsewhere = make_agent(house.team)
    other: Team = house.stranger.teams.get()
    change_agent(agent=house.mei, role=Role.AGENT, teams=[house.team, other], by=SYSTEM)
    follow()
    assert assignee_of(of_meis) == house.mei

    change_agent(agent=house.mei, role=Role.AGENT, teams=[other], by=SYSTEM)
    follow()
    assert assignee_of(of_meis) is None
    assign(conversation=of_meis, to=elsewhere, by=elsewhere)
    follow()
    assert assignee_of(of_meis) == elsewhere


def test_an_admin_may_answer_everywhere_and_an_auditor_nowhere(house: House, of_meis: Conversation) -> None:
    change_agent(agent=house.mei, role=Role.ADMIN, teams=[], by=SYSTEM)
    follow()
    assert assignee_of(of_meis) == house.mei

    make_agent(house.team, "另一位", role=Role.ADMIN)
    change_agent(agent=house.mei, role=Role.AUDITOR, teams=[house.team], by=SYSTEM)
    follow()
    assert assignee_of(of_meis) is None


def test_what_a_colleague_took_meanwhile_stays_theirs(house: House, of_meis: Conversation) -> None:
    colleague = make_agent(house.team)
    close_agent(agent=house.mei, by=SYSTEM)
    assign(conversation=of_meis, to=colleague, by=colleague)
    follow()

    assert assignee_of(of_meis) == colleague


@pytest.mark.parametrize("who", ["customer", "colleague"])
def test_what_was_resolved_says_who_resolved_it_until_it_opens_again(
    who: str, house: House, of_meis: Conversation
) -> None:
    colleague = make_agent(house.team)
    resolve(conversation=of_meis, by=house.mei)
    close_agent(agent=house.mei, by=SYSTEM)
    follow()
    assert assignee_of(of_meis) == house.mei

    reopen(conversation=of_meis, by=viewer_of(of_meis) if who == "customer" else colleague)
    follow()
    assert assignee_of(of_meis) is None


def test_who_answers_where_somebody_left_has_it(house: House, of_meis: Conversation) -> None:
    colleague = make_agent(house.team)
    resolve(conversation=of_meis, by=house.mei)
    close_agent(agent=house.mei, by=SYSTEM)

    say([reply_to(of_meis, colleague)])
    follow()

    assert assignee_of(of_meis) == colleague
    assert assignments(of_meis) == [("agent", house.mei.pk), ("agent", colleague.pk)]


def test_who_answers_where_a_colleague_may_go_on_leaves_it_to_them(
    house: House, of_meis: Conversation
) -> None:
    resolve(conversation=of_meis, by=house.mei)

    say([reply_to(of_meis, make_agent(house.team))])
    follow()

    assert assignee_of(of_meis) == house.mei


def test_what_was_taken_while_the_old_standing_was_trusted_is_looked_at_again(
    house: House, of_meis: Conversation
) -> None:
    other: Team = house.stranger.teams.get()
    change_agent(agent=house.mei, role=Role.AGENT, teams=[other], by=SYSTEM)
    follow()
    late = make_conversation(house)
    Conversation.objects.filter(pk=late.pk).update(assignee=house.mei)

    DBTaskResult.objects.filter(status="READY").update(run_after=now())
    while run_next("one"):
        pass

    assert assignee_of(late) is None


def test_what_opens_again_and_closes_before_anybody_looks_is_left(
    house: House, of_meis: Conversation
) -> None:
    resolve(conversation=of_meis, by=house.mei)
    close_agent(agent=house.mei, by=SYSTEM)
    colleague = make_agent(house.team)
    reopen(conversation=of_meis, by=colleague)
    resolve(conversation=of_meis, by=colleague)
    follow()

    assert assignee_of(of_meis) == house.mei


def test_as_many_as_somebody_has(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "AT_ONCE", 2)
    theirs = [make_conversation(house) for _ in range(5)]
    for conversation in theirs:
        assign(conversation=conversation, to=house.mei, by=house.mei)
    close_agent(agent=house.mei, by=SYSTEM)
    follow()

    assert {assignee_of(conversation) for conversation in theirs} == {None}


def test_colleagues_find_it_among_what_nobody_has(
    client: Browser, house: House, of_meis: Conversation
) -> None:
    colleague = make_agent(house.team)
    sign_in(client, colleague)
    page = reverse("desk:inbox", args=["unassigned"])
    assert of_meis.ref not in client.get(page).text

    close_agent(agent=house.mei, by=SYSTEM)
    follow()

    assert of_meis.ref in client.get(page).text
