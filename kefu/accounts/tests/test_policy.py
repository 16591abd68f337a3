from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine

from kefu.accounts.models import Agent, Knowledge, Role, Team, TokenHolder, TokenScope
from kefu.accounts.policy import RULES, May, Reach, Refused, Scope, allows, allows_somewhere, require
from kefu.accounts.tests.factories import (
    make_agent,
    make_customer,
    make_other_brand,
    make_staff,
    make_team,
    viewer_of,
)
from kefu.accounts.viewers import CustomerViewer

pytestmark = pytest.mark.django_db

OWN_TEAM, OTHER_TEAM, OTHER_BRAND, MIXED, WHOLE = (
    "own team",
    "other team",
    "other brand",
    "other brand's team",
    "whole",
)
THINGS = (OWN_TEAM, OTHER_TEAM, OTHER_BRAND, MIXED, WHOLE)
WORK = {May.READ_CONVERSATION, May.REPLY, May.NOTE, May.ASSIGN, May.RESOLVE, May.REOPEN}
# What a customer may do in their brand, whatever the conversation.
OF_THEIR_OWN = {May.READ_CONVERSATION, May.READ_DEPOSIT, May.SAY, May.REOPEN, May.RATE}
OF_THE_BRAND = {May.BE_VOUCHED_FOR, May.START_CONVERSATION, May.PROVE_ADDRESS, May.CHOOSE_PHRASE}
ANYWHERE = {May.USE_DESK, May.CHOOSE_AVAILABILITY}

# Said once more in other words than the policy's own table: what each role may do in its team, and everywhere.
IN_TEAM = {
    Role.AGENT: WORK,
    Role.LEAD: WORK | {May.CHANGE_SETTINGS},
    Role.SUPERVISOR: WORK | {May.CHANGE_SETTINGS, May.READ_JOURNAL},
    Role.ADMIN: set(),
    Role.AUDITOR: set(),
}
# In all of the brands in which they have a team; the second for who was granted it beside their role.
IN_HOUSE = {
    Role.AGENT: {May.READ_STAFF_ARTICLES},
    Role.LEAD: {May.READ_STAFF_ARTICLES},
    Role.SUPERVISOR: {May.READ_STAFF_ARTICLES},
    Role.ADMIN: set(),
    Role.AUDITOR: set(),
}
GRANTED = {
    Knowledge.NONE: set(),
    Knowledge.WRITES: {May.READ_DRAFTS, May.EDIT_ARTICLES},
    Knowledge.PUBLISHES: {May.READ_DRAFTS, May.EDIT_ARTICLES, May.PUBLISH_ARTICLES},
}
ARTICLES = {May.READ_STAFF_ARTICLES, May.READ_DRAFTS, May.EDIT_ARTICLES, May.PUBLISH_ARTICLES}
EVERYWHERE = {
    Role.AGENT: ANYWHERE,
    Role.LEAD: ANYWHERE,
    Role.SUPERVISOR: ANYWHERE,
    Role.ADMIN: WORK
    | ANYWHERE
    | ARTICLES
    | {May.CHANGE_SETTINGS, May.READ_JOURNAL, May.MANAGE_AGENTS, May.EXPORT_CUSTOMER, May.ERASE_CUSTOMER},
    Role.AUDITOR: {May.READ_CONVERSATION, May.USE_DESK, May.READ_JOURNAL, May.READ_STAFF_ARTICLES},
}


@dataclass(frozen=True)
class Talk:
    """What the policy sees of a conversation."""

    pk: int
    brand_id: int
    team_id: int
    customer_id: int


@pytest.fixture
def things(team: Team) -> dict[str, Talk | None]:
    other_team = make_team(team.brand, "trading", "交易")
    elsewhere = make_team(make_other_brand())
    return {
        OWN_TEAM: Talk(1, team.brand_id, team.pk, 7),
        OTHER_TEAM: Talk(2, team.brand_id, other_team.pk, 7),
        OTHER_BRAND: Talk(3, elsewhere.brand_id, elsewhere.pk, 7),
        MIXED: Talk(4, elsewhere.brand_id, team.pk, 7),
        WHOLE: None,
    }


def allowed(agent: Agent | CustomerViewer | None, things: dict[str, Talk | None]) -> dict[May, set[str]]:
    """By verb, the names of the things that it may be done to."""
    return {verb: {name for name, thing in things.items() if allows(agent, verb, thing)} for verb in May}


def wanted(role: Role, verb: May) -> set[str]:
    if verb in EVERYWHERE[role]:
        return set(THINGS)
    if verb in IN_TEAM[role]:
        return {OWN_TEAM}
    return {OWN_TEAM, OTHER_TEAM} if verb in IN_HOUSE[role] else set()


NOTHING = {verb: set() for verb in May}


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_what_it_should_and_nothing_else(role, things, team):
    agent = make_agent(role=role, teams=[team])

    assert allowed(agent, things) == {verb: wanted(role, verb) for verb in May}


@pytest.mark.parametrize("knowledge", Knowledge)
@pytest.mark.parametrize("role", Role)
def test_who_was_granted_the_help_centre_has_it_in_their_brands_and_nothing_else_with_it(
    role, knowledge, things, team
):
    plain, granted = (
        make_agent(role=role, teams=[team]),
        make_agent(role=role, teams=[team], knowledge=knowledge),
    )

    before, after = allowed(plain, things), allowed(granted, things)

    new = set() if role in {Role.ADMIN, Role.AUDITOR} else GRANTED[knowledge]
    gained = {verb: after[verb] - before[verb] for verb in May}
    assert gained == NOTHING | {verb: {OWN_TEAM, OTHER_TEAM} for verb in new}


def test_a_grant_ends_with_the_account(things, team):
    agent = make_agent(teams=[team], knowledge=Knowledge.PUBLISHES, is_active=False)

    assert allowed(agent, things) == NOTHING


@pytest.mark.parametrize("role", Role)
def test_who_has_left_reaches_nothing(role, things, team):
    agent = make_agent(role=role, teams=[team], is_active=False)

    assert allowed(agent, things) == NOTHING


def test_nobody_reaches_nothing(things):
    assert allowed(None, things) == NOTHING


@pytest.mark.parametrize("role", ["customer", "owner"])
def test_an_unknown_role_reaches_nothing(role, things, team):
    agent = make_agent(teams=[team])
    Agent.objects.filter(pk=agent.pk).update(role=role)

    assert allowed(agent, things) == NOTHING


def test_an_agent_without_teams_reaches_no_conversation(things):
    agent = make_agent(teams=[])

    assert allowed(agent, things) == NOTHING | {verb: set(THINGS) for verb in ANYWHERE}


@pytest.mark.parametrize("verb", May)
def test_customers_read_and_speak_in_their_own_conversations_only(verb, team):
    customer, stranger = make_customer(), make_customer()
    viewer = viewer_of(customer)
    own = Talk(1, customer.brand_id, team.pk, customer.pk)
    elsewhere = make_other_brand()

    refused = [
        None,
        Talk(2, customer.brand_id, team.pk, stranger.pk),
        Talk(3, elsewhere.pk, team.pk, customer.pk),
        Scope(elsewhere.pk),
    ]

    assert allows(viewer, verb, own) == (verb in OF_THEIR_OWN | OF_THE_BRAND)
    assert [thing for thing in refused if allows(viewer, verb, thing)] == (
        [refused[1]] if verb in OF_THE_BRAND else []
    )


@pytest.mark.parametrize("verb", May)
def test_a_private_link_opens_its_one_conversation(verb, team):
    customer = make_customer()
    viewer = viewer_of(customer, only_conversation_id=1)
    linked = Talk(1, customer.brand_id, team.pk, customer.pk)
    another = Talk(2, customer.brand_id, team.pk, customer.pk)

    assert allows(viewer, verb, linked) == (verb in OF_THEIR_OWN)
    assert not allows(viewer, verb, another)
    assert not allows(viewer, verb, Scope(customer.brand_id))


def test_a_thing_that_has_no_customer_is_no_customers_own():
    assert not allows(CustomerViewer(1, 1), May.READ_CONVERSATION, Scope(1, team_id=1))


def test_a_team_is_a_thing_whose_settings_its_lead_changes(team):
    lead = make_agent(role=Role.LEAD, teams=[team])

    assert allows(lead, May.CHANGE_SETTINGS, team)
    assert not allows(lead, May.CHANGE_SETTINGS, make_team(team.brand, "trading", "交易"))
    assert not allows(lead, May.CHANGE_SETTINGS, Scope(team.brand_id))


def test_require_says_which_verb_was_refused(team):
    with pytest.raises(Refused) as refused:
        require(make_agent(role=Role.AUDITOR, teams=[team]), May.REPLY, team)

    assert refused.value.verb == May.REPLY
    assert str(refused.value) == "refused: reply"


@pytest.mark.parametrize("verb", May)
def test_a_verb_is_told_to_the_outside_by_its_own_name(verb):
    assert verb.value == verb.name.lower()


def test_a_scope_is_no_row():
    assert Scope(1, team_id=2).pk is None


@pytest.mark.parametrize("verb", May)
def test_nobody_puts_words_where_all_were_erased(verb, team):
    customer, admin = make_customer(), make_agent(role=Role.ADMIN, teams=[team])
    there = SimpleNamespace(
        pk=1, brand_id=customer.brand_id, team_id=team.pk, customer_id=customer.pk, erased_at=None
    )
    erased = SimpleNamespace(**vars(there) | {"erased_at": datetime(2026, 11, 28, tzinfo=UTC)})

    for who in (admin, viewer_of(customer)):
        is_of_words = verb in {May.SAY, May.REPLY, May.NOTE, May.RATE}
        assert allows(who, verb, erased) == (allows(who, verb, there) and not is_of_words)


def test_every_verb_has_a_rule():
    assert set(RULES) == set(May)


def test_a_customers_reach_is_never_an_agents():
    assert {row.customer for row in RULES.values()} == {Reach.NOWHERE, Reach.OWN, Reach.BRAND}
    assert {row.of_role(role) for row in RULES.values() for role in Role} == {
        Reach.NOWHERE,
        Reach.TEAMS,
        Reach.HOUSES,
        Reach.EVERYWHERE,
    }
    assert {row.of_grant(one) for row in RULES.values() for one in Knowledge} == {Reach.NOWHERE, Reach.HOUSES}


def test_a_thing_that_has_no_team_is_no_teams(team):
    brand = SimpleNamespace(pk=team.brand_id, brand_id=team.brand_id)
    lead = make_agent(role=Role.LEAD, teams=[team])

    assert not allows(lead, May.CHANGE_SETTINGS, brand)
    assert allows(make_agent(role=Role.ADMIN, teams=[]), May.CHANGE_SETTINGS, brand)


def test_what_an_agent_may_do_costs_one_query_for_many_questions(team, django_assert_num_queries):
    agent = make_staff(team)[Role.SUPERVISOR]

    with django_assert_num_queries(1):
        for verb in May:
            allows(agent, verb, team)


def test_an_agent_on_a_socket_loses_a_team_within_seconds(team):
    agent = make_agent(teams=[team])
    with time_machine.travel(0, tick=False) as clock:
        assert allows(agent, May.REPLY, team)
        Agent.objects.get(pk=agent.pk).teams.clear()

        clock.shift(6)

        assert not allows(agent, May.REPLY, team)


def test_refreshing_an_agent_refreshes_what_they_may_do(team):
    agent = make_agent(teams=[team])
    assert allows(agent, May.REPLY, team)
    Agent.objects.filter(pk=agent.pk).update(is_active=False)

    agent.refresh_from_db()

    assert not allows(agent, May.REPLY, team)


@pytest.mark.parametrize("role", Role)
def test_what_is_offered_is_what_a_role_may_do_in_a_team_or_everywhere(role, team):
    placed, without = make_agent(role=role, teams=[team]), make_agent(role=role, teams=[])

    assert {verb for verb in May if allows_somewhere(placed, verb)} == (
        IN_TEAM[role] | IN_HOUSE[role] | EVERYWHERE[role]
    )
    assert {verb for verb in May if allows_somewhere(without, verb)} == EVERYWHERE[role]


SCOPED = {
    TokenScope.READ_ARTICLES: May.READ_DRAFTS,
    TokenScope.WRITE_ARTICLES: May.EDIT_ARTICLES,
    TokenScope.PUBLISH_ARTICLES: May.PUBLISH_ARTICLES,
}


@pytest.mark.parametrize("knowledge", Knowledge)
@pytest.mark.parametrize(
    "scopes",
    [
        (),
        (TokenScope.READ_ARTICLES,),
        (TokenScope.WRITE_ARTICLES,),
        (TokenScope.READ_ARTICLES, TokenScope.PUBLISH_ARTICLES),
        tuple(TokenScope),
    ],
)
def test_a_token_is_good_for_its_scopes_as_far_as_its_agent_may(
    knowledge: Knowledge, scopes: tuple[TokenScope, ...]
) -> None:
    team = make_team()
    agent = make_agent(teams=[team], knowledge=knowledge)
    holder = TokenHolder(agent, 1, "Sync", frozenset(scopes), datetime(2030, 1, 1, tzinfo=UTC))
    own, other = Scope(team.brand_id), Scope(make_other_brand().pk)

    expected = {SCOPED[scope] for scope in scopes} & GRANTED[knowledge]
    assert {verb for verb in May if allows(holder, verb, own)} == expected
    assert {verb for verb in May if allows(holder, verb, other) or allows(holder, verb)} == set()


def test_a_token_of_an_admin_reaches_all_houses_and_nothing_but_articles() -> None:
    agent = make_agent(role=Role.ADMIN, teams=[])
    holder = TokenHolder(agent, 1, "Sync", frozenset(TokenScope), datetime(2030, 1, 1, tzinfo=UTC))

    assert {verb for verb in May if allows(holder, verb)} == set(SCOPED.values())
