"""The language and the clock of an agent's own pages: theirs to choose, and sensible before they do."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from kefu.accounts.actions import add_agent, choose_preferences, close_agent
from kefu.accounts.models import Agent, Role, Team
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_agent, sign_in
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

PAGE = "/staff/preferences/"


@pytest.fixture
def agent() -> Agent:
    return make_agent()


def told(agent: Agent) -> int:
    return Entry.objects.filter(kind="agent.preferences_chosen", subject_id=agent.pk).count()


def test_the_pages_speak_as_was_chosen_from_the_next_one_on(client: Client, agent: Agent) -> None:
    sign_in(client, agent)
    assert 'lang="zh-Hans"' in client.get(PAGE).text

    answer = client.post(PAGE, {"language": "en", "zone": "Europe/Berlin"}, follow=True)

    assert 'lang="en"' in answer.text
    assert "Your pages and letters use this now." in answer.text
    assert answer.text.count(" selected>") == 2
    assert '<option value="Europe/Berlin" selected>Berlin time · UTC+' in answer.text
    sessions = client.get(reverse("usersessions_list")).text
    assert "Where you are signed in" in sessions
    agent.refresh_from_db()
    assert (agent.language, agent.zone, told(agent)) == ("en", "Europe/Berlin", 1)


def test_times_are_shown_on_that_clock(client: Client, agent: Agent) -> None:
    sign_in(client, agent)
    session = agent.usersession_set.get()
    type(session).objects.filter(pk=session.pk).update(created_at="2026-07-01T22:30:00Z")
    at = {}
    for zone in ("Asia/Shanghai", "America/New_York"):
        choose_preferences(agent=agent, language="en", zone=zone)
        at[zone] = client.get(reverse("usersessions_list")).text

    assert "06:30" in at["Asia/Shanghai"]
    assert "18:30" in at["America/New_York"]


def test_scripts_and_the_workspace_are_told_the_same_clock(client: Client) -> None:
    agent = make_agent(role=Role.ADMIN)
    sign_in(client, agent)
    choose_preferences(agent=agent, language="en", zone="America/New_York")

    for page in (PAGE, reverse("settings:index"), reverse("desk_settings:journal"), reverse("desk:home")):
        answer = client.get(page, follow=True)
        assert '<html lang="en" data-zone="America/New_York">' in answer.text, page


@pytest.mark.parametrize("alias", ["Hongkong", "Etc/GMT+5"])
def test_a_clock_by_another_name_stays_chosen(client: Client, agent: Agent, alias: str) -> None:
    Agent.objects.filter(pk=agent.pk).update(zone=alias)
    sign_in(client, agent)

    assert f'<option value="{alias}" selected>' in client.get(PAGE).text


def test_what_is_chosen_already_is_no_change(agent: Agent) -> None:
    choose_preferences(agent=agent, language=agent.language, zone=agent.zone)

    assert told(agent) == 0


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"language": "en", "zone": "Asia/Nowhere"}, "zone-problem"),
        ({"language": "en", "zone": ""}, "zone-problem"),
        ({"language": "fr", "zone": "Asia/Tokyo"}, "language-problem"),
        ({"zone": "Asia/Tokyo"}, "language-problem"),
        ({}, "zone-problem"),
        ({"language": "en", "zone": "x" * 500}, "zone-problem"),
    ],
)
def test_what_is_no_choice_changes_nothing_and_says_so(
    client: Client, agent: Agent, given: dict[str, str], problem: str
) -> None:
    sign_in(client, agent)

    answer = client.post(PAGE, given)

    assert answer.status_code == 422
    assert f'id="{problem}"' in answer.text
    agent.refresh_from_db()
    assert (agent.language, agent.zone, told(agent)) == ("zh-hans", "Asia/Shanghai", 0)


def test_who_has_left_chooses_nothing(agent: Agent) -> None:
    close_agent(agent=agent, by=SYSTEM)
    agent.refresh_from_db()

    with pytest.raises(Refused):
        choose_preferences(agent=agent, language="en", zone="UTC")


def test_a_new_agent_has_the_clock_of_their_team_and_the_language_they_are_added_with(brand: Brand) -> None:
    team = Team.objects.create(brand=brand, key="tokyo", name="Tokyo", zone="Asia/Tokyo")
    there = add_agent(
        email="jun@staff.example", name="Jun", role=Role.AGENT, teams=[team], by=SYSTEM, language="en"
    )
    nowhere = add_agent(email="an@staff.example", name="An", role=Role.AUDITOR, teams=[], by=SYSTEM)

    assert (there.language, there.zone) == ("en", "Asia/Tokyo")
    assert (nowhere.language, nowhere.zone) == ("zh-hans", "Asia/Shanghai")


def test_the_console_adds_somebody_who_reads_traditional_chinese(brand: Brand) -> None:
    Team.objects.create(brand=brand, key="hongkong", name="Hong Kong", zone="Asia/Hong_Kong")
    call_command(
        "agent_add", "wing@staff.example", name="Wing", team=["hongkong"], language="zh-hant", verbosity=0
    )

    wing = Agent.objects.get(email="wing@staff.example")
    assert (wing.language, wing.zone) == ("zh-hant", "Asia/Hong_Kong")
