"""Somebody comes in by an invitation: from an admin only, once, within 72 hours, as what was promised and nothing more."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import now

from kefu.accounts.actions import (
    AddressTaken,
    AlreadyInvited,
    InvitationRefused,
    TeamOfOtherBrand,
    accept_invitation,
    add_agent,
    close_agent,
    invite,
    mint_invitation,
    send_invitation_again,
    withdraw_invitation,
)
from kefu.accounts.models import Agent, Invitation, InvitationState, Role
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import (
    CHINESE,
    PASSWORD,
    VERY_LONG,
    make_agent,
    make_brand,
    make_customer,
    make_other_brand,
    make_staff,
    make_team,
)
from kefu.accounts.verbs.invitations import INVITING, SENDING_AGAIN, opened_invitation
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.addresses import NotAnAddress
from kefu.safety.limits import TooMany
from kefu.safety.retention import retain_all

pytestmark = pytest.mark.django_db

ADDRESS = "zhou.ning@xinghai.example"


@pytest.fixture
def admin(team) -> Agent:
    return make_agent(role=Role.ADMIN, teams=[team])


def invited(by, **values) -> Invitation:
    given = {
        "email": ADDRESS,
        "name": CHINESE,
        "role": Role.AGENT,
        "teams": [make_team()],
        "brands": [make_brand()],
        "language": "zh-hant",
    }
    return invite(by=by, **given | values)


def link_of(invitation: Invitation) -> str:
    token = mint_invitation(invitation_id=invitation.pk)
    assert token is not None
    return token


def come_in(invitation: Invitation, token: str, **values) -> Agent:
    given = {"name": CHINESE, "password": PASSWORD, "language": "en"}
    return accept_invitation(invitation_id=invitation.pk, token=token, **given | values)


def why_refused(invitation: Invitation, token: str) -> InvitationState | None:
    with pytest.raises(InvitationRefused) as refusal:
        come_in(invitation, token)
    return refusal.value.state


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("name", [CHINESE, VERY_LONG])
def test_an_invited_person_becomes_what_was_promised(admin, team, name):
    invitation = invited(admin, role=Role.LEAD)

    agent = come_in(invitation, link_of(invitation), name=f" {name} ")

    agent.refresh_from_db()
    assert (agent.email, agent.name, agent.role, agent.language) == (ADDRESS, name, Role.LEAD, "en")
    assert agent.check_password(PASSWORD)
    assert list(agent.teams.all()) == [team]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.agent) == (InvitationState.ACCEPTED, agent)
    assert kinds() == ["agent.invited", "agent.joined"]
    joined = Entry.objects.get(kind="agent.joined")
    assert (joined.actor_id, joined.subject_id) == (agent.pk, agent.pk)
    assert joined.payload == {"invitation_id": invitation.pk, "role": "lead", "team_ids": [team.pk]}


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.AUDITOR])
def test_only_who_manages_agents_invites_anybody(admin, team, role):
    mallory = make_staff(team)[role]
    invitation = invited(admin)

    for verb in (
        lambda: invited(mallory, email="friend@mallory.example", role=role),
        lambda: invited(mallory.actor, email="friend@mallory.example", role=Role.ADMIN),
        lambda: send_invitation_again(by=mallory, invitation=invitation),
        lambda: withdraw_invitation(by=mallory, invitation=invitation),
    ):
        with pytest.raises(Refused):
            verb()

    assert list(Invitation.objects.visible_to(mallory)) == []
    assert list(Invitation.objects.visible_to(admin).open()) == [invitation]
    assert kinds() == ["agent.invited"]


def test_a_customer_and_an_admin_who_has_left_invite_nobody(admin, team):
    gone = make_agent(role=Role.ADMIN, teams=[team])
    close_agent(agent=gone, by=admin)

    for mallory in (make_customer().actor, gone):
        with pytest.raises(Refused):
            invited(mallory)
    assert not Invitation.objects.exists()


def test_the_address_lies_encrypted_and_the_link_as_a_hash(admin):
    invitation = invited(admin)
    token = link_of(invitation)

    with connection.cursor() as cursor:
        cursor.execute("SELECT email, email_hash, hashes FROM accounts_invitation")
        stored = str(cursor.fetchall())
    assert len(token) >= 43
    assert ADDRESS not in stored
    assert token not in stored
    assert all(word not in str(list(Entry.objects.values())) for word in (ADDRESS, token, CHINESE))


def test_a_link_lets_one_person_in(admin):
    invitation = invited(admin)
    token = link_of(invitation)
    agent = come_in(invitation, token)

    assert why_refused(invitation, token) is InvitationState.ACCEPTED
    assert list(Agent.objects.exclude(pk=admin.pk)) == [agent]


def test_a_link_ends_after_72_hours(admin):
    with time_machine.travel(now(), tick=False) as clock:
        invitation = invited(admin)
        token = link_of(invitation)
        clock.shift(timedelta(hours=71, minutes=59))
        opened_invitation(invitation_id=invitation.pk, token=token)
        clock.shift(timedelta(minutes=2))

        assert why_refused(invitation, token) is InvitationState.ENDED
        assert mint_invitation(invitation_id=invitation.pk) is None


def test_a_withdrawn_invitation_lets_nobody_in(admin):
    invitation = invited(admin)
    token = link_of(invitation)

    withdraw_invitation(by=admin, invitation=invitation)
    withdraw_invitation(by=admin, invitation=invitation)

    assert why_refused(invitation, token) is InvitationState.WITHDRAWN
    assert mint_invitation(invitation_id=invitation.pk) is None
    assert kinds() == ["agent.invited", "agent.invitation_withdrawn"]


def test_an_accepted_invitation_is_neither_withdrawn_nor_sent_again(admin):
    invitation = invited(admin)
    come_in(invitation, link_of(invitation))

    for verb in (withdraw_invitation, send_invitation_again):
        with pytest.raises(InvitationRefused):
            verb(by=admin, invitation=invitation)


def test_sending_again_gives_72_hours_more_and_ends_the_earlier_link(admin):
    with time_machine.travel(now(), tick=False) as clock:
        invitation = invited(admin)
        first = link_of(invitation)
        clock.shift(timedelta(hours=80))
        send_invitation_again(by=admin, invitation=invitation)
        second = link_of(invitation)

        assert why_refused(invitation, first) is None
        clock.shift(timedelta(hours=71))
        assert come_in(invitation, second).email == ADDRESS


def test_a_letter_that_was_sent_twice_carries_two_good_links(admin):
    invitation = invited(admin)
    first, second = link_of(invitation), link_of(invitation)

    opened_invitation(invitation_id=invitation.pk, token=second)
    assert come_in(invitation, first).email == ADDRESS


def test_a_link_of_another_invitation_and_a_guess_open_nothing(admin):
    mine = invited(admin)
    other = invited(admin, email="mallory@mallory.example", role=Role.AGENT)
    elsewhere = invited(
        admin,
        email="else@other.example",
        teams=[make_team(make_other_brand())],
        brands=[make_other_brand()],
    )

    for token in (link_of(other), link_of(elsewhere), "", "guess"):
        assert why_refused(mine, token) is None
    with pytest.raises(InvitationRefused):
        accept_invitation(invitation_id=999, token=link_of(mine), name="", password=PASSWORD, language="en")


def test_a_promise_of_an_admin_who_has_left_or_is_one_no_more_is_void(admin, team):
    gone, lowered = (make_agent(role=Role.ADMIN, teams=[team]) for _ in range(2))
    by_gone = invited(gone)
    by_lowered = invited(lowered, email="friend@xinghai.example", role=Role.ADMIN)
    tokens = link_of(by_gone), link_of(by_lowered)

    close_agent(agent=gone, by=admin)
    Agent.objects.filter(pk=lowered.pk).update(role=Role.AGENT)

    assert why_refused(by_gone, tokens[0]) is InvitationState.WITHDRAWN
    assert why_refused(by_lowered, tokens[1]) is InvitationState.WITHDRAWN
    assert Entry.objects.get(kind="agent.invitation_withdrawn").subject_id == by_gone.pk


def test_another_admin_who_sends_it_again_makes_the_promise_theirs(admin, team):
    lowered = make_agent(role=Role.ADMIN, teams=[team])
    invitation = invited(lowered)
    Agent.objects.filter(pk=lowered.pk).update(role=Role.AGENT)

    send_invitation_again(by=admin, invitation=invitation)

    assert come_in(invitation, link_of(invitation)).email == ADDRESS


def test_who_is_an_agent_already_is_not_invited(admin, agent):
    with pytest.raises(AddressTaken):
        invited(admin, email=agent.email.upper())
    assert not Invitation.objects.exists()


def test_who_became_an_agent_otherwise_does_not_become_another(admin, team):
    invitation = invited(admin)
    token = link_of(invitation)
    add_agent(email=ADDRESS, name=CHINESE, role=Role.AGENT, teams=[team], by=SYSTEM)

    with pytest.raises(AddressTaken):
        come_in(invitation, token, password="another good password")

    assert not Agent.objects.get(email=ADDRESS).has_usable_password()


def test_an_address_has_one_open_invitation(admin):
    first = invited(admin)

    with pytest.raises(AlreadyInvited) as refusal:
        invited(admin, email=f" {ADDRESS.upper()}")

    assert refusal.value.invitation == first


def test_who_let_an_invitation_end_can_be_invited_anew(admin):
    with time_machine.travel(now(), tick=False) as clock:
        first = invited(admin)
        clock.shift(timedelta(hours=73))

        second = invited(admin, role=Role.LEAD)

    first.refresh_from_db()
    assert (first.state, second.state) == (InvitationState.WITHDRAWN, InvitationState.OPEN)


def test_a_team_is_given_with_its_own_brand_only(admin, team):
    other = make_other_brand()

    for brands in ([other], []):
        with pytest.raises(TeamOfOtherBrand):
            invited(admin, teams=[team], brands=brands)
    invitation = invited(admin, teams=[team, make_team(other)], brands=[other, make_brand()])
    assert invitation.brand == other


@pytest.mark.parametrize(
    "typed", ["", "zhou", "zhou@", '"zhou ning"@xinghai.example', "a@b\nBcc: c@d.example"]
)
def test_what_is_no_address_is_not_invited(admin, typed):
    with pytest.raises(NotAnAddress):
        invited(admin, email=typed)


def test_nobody_invites_the_whole_world(admin):
    for number in range(INVITING.times):
        invited(admin, email=f"zhou{number}@xinghai.example")

    with pytest.raises(TooMany):
        invited(admin)
    assert Invitation.objects.count() == INVITING.times


def test_nobody_is_written_to_without_end(admin):
    invitation = invited(admin)
    for _ in range(SENDING_AGAIN.times):
        send_invitation_again(by=admin, invitation=invitation)

    with pytest.raises(TooMany):
        send_invitation_again(by=admin, invitation=invitation)


def test_the_operator_at_the_console_invites_too():
    invitation = invited(SYSTEM, role=Role.ADMIN)

    assert invitation.invited_by is None
    assert come_in(invitation, link_of(invitation)).role == Role.ADMIN


def test_an_invitation_is_forgotten_a_month_after_it_was_over_and_the_agent_stays(admin):
    accepted = invited(admin)
    agent = come_in(accepted, link_of(accepted))
    invited(admin, email="nobody@xinghai.example")

    retain_all(now() + timedelta(days=29))
    assert Invitation.objects.count() == 2
    retain_all(now() + timedelta(days=34))

    assert not Invitation.objects.exists()
    assert Agent.objects.filter(pk=agent.pk).exists()
