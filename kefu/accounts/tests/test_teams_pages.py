"""The settings page of teams: names and zones are changed and put back; only admins add teams."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kefu.accounts.models import Agent, Role, Team, TeamRevision
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_agent, make_other_brand, make_team
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.accounts.verbs.teams import add_team, change_team, put_back_team
from kefu.journal.models import Entry
from kefu.ui.tests.pages import parsed

pytestmark = pytest.mark.django_db

LIST, NEW = "/desk/settings/teams/", "/desk/settings/teams/new/"


@pytest.fixture
def lead(team: Team) -> Agent:
    return make_agent("周启明", role=Role.LEAD)


@pytest.fixture
def admin(team: Team) -> Agent:
    return make_agent("苏予安", role=Role.ADMIN, teams=[])


def url_of(team: Team, name: str = "team", *more: object) -> str:
    return reverse(f"settings:{name}", args=[team.pk, *more])


def test_a_lead_renames_their_team_and_puts_the_name_back(lead: Agent, team: Team) -> None:
    client = browser_of(lead)
    form = fields_of(client.get(url_of(team)), url_of(team))

    saved = client.post(url_of(team), form | {"name": "账户与安全", "zone": "Asia/Tokyo"}, follow=True)

    team.refresh_from_db()
    assert (team.name, team.zone) == ("账户与安全", "Asia/Tokyo")
    assert "The team is saved." in parsed(saved)
    assert Entry.objects.get(kind="team.changed").brand_id == team.brand_id
    history = client.get(url_of(team, "team_history"))
    assert "账户与安全" in parsed(history)
    action = url_of(team, "team_put_back", TeamRevision.objects.get().pk)
    client.post(action, fields_of(history, action))
    team.refresh_from_db()
    assert (team.name, team.zone) == ("账户", "Asia/Shanghai")


def test_of_two_at_once_the_second_is_told(lead: Agent, admin: Agent, team: Team) -> None:
    client = browser_of(lead)
    mine = fields_of(client.get(url_of(team)), url_of(team)) | {"name": "我的"}
    change_team(team=team, name="他们的", zone=team.zone, by=admin)

    answer = client.post(url_of(team), mine)

    assert answer.status_code == 409
    assert fields_of(answer, url_of(team))["name"] == ["我的"]
    team.refresh_from_db()
    assert team.name == "他们的"


def test_an_admin_adds_a_team(admin: Agent) -> None:
    client = browser_of(admin)
    form = fields_of(client.get(NEW), NEW)

    client.post(NEW, form | {"name": "法币", "key": "fiat", "zone": "Asia/Hong_Kong"})

    team = Team.objects.get(key="fiat")
    assert (team.name, team.zone) == ("法币", "Asia/Hong_Kong")
    assert "法币" in parsed(client.get(LIST))
    assert Entry.objects.filter(kind="team.added", subject_id=team.pk).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Write a name"),
        ({"name": "n" * 81}, "at most 80"),
        ({"zone": "Mars/Olympus"}, "Choose a zone"),
        ({"key": "Ä"}, "small letters, digits and hyphens"),
        ({"key": "accounts"}, "Another team has this short name."),
    ],
)
def test_what_can_not_be_a_team_is_said_and_kept(
    admin: Agent, changes: dict[str, str], sentence: str
) -> None:
    client = browser_of(admin)
    form = fields_of(client.get(NEW), NEW) | {"name": "法币", "key": "fiat"}

    answer = client.post(NEW, form | changes)

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    assert Team.objects.count() == 1


def test_mallory_changes_no_team(lead: Agent, team: Team) -> None:
    change_team(team=team, name="新名", zone=team.zone, by=lead)
    revision = TeamRevision.objects.get()
    other = make_team(make_other_brand(), key="other")
    mallories = {
        make_agent(role=Role.AGENT): 403,
        make_agent(role=Role.AUDITOR): 403,
        make_agent(role=Role.SUPERVISOR, teams=[other]): 404,
        make_agent(role=Role.LEAD, teams=[make_team(key="security")]): 404,
    }
    doors = [url_of(team), url_of(team, "team_history"), url_of(team, "team_put_back", revision.pk)]

    for mallory, status in mallories.items():
        client = browser_of(mallory)
        for door in doors:
            assert {client.get(door).status_code, client.post(door).status_code} - {405} == {status}, door
        assert client.post(NEW, {"name": "x", "key": "xx", "zone": "UTC"}).status_code in {403, 404}
        with pytest.raises(Refused):
            change_team(team=team, name="x", zone="UTC", by=mallory)
        with pytest.raises(Refused):
            put_back_team(revision=revision, by=mallory)
        with pytest.raises(Refused):
            add_team(brand=team.brand, key="xx", name="x", zone="UTC", by=mallory)
    team.refresh_from_db()
    assert team.name == "新名"


def test_the_list_asks_as_often_for_twenty_teams_as_for_one(admin: Agent) -> None:
    client = browser_of(admin)
    few = queries_of(client, LIST)
    for number in range(19):
        make_team(key=f"t{number}")

    assert queries_of(client, LIST) == few


def test_the_history_asks_as_often_for_twenty_changes_as_for_one(admin: Agent, team: Team) -> None:
    client, pages = browser_of(admin), (url_of(team), url_of(team, "team_history"))
    change_team(team=team, name="第 1 队", zone="UTC", by=admin)
    few = [queries_of(client, page) for page in pages]
    for number in range(2, 21):
        change_team(team=team, name=f"第 {number} 队", zone="UTC", by=admin)

    assert [queries_of(client, page) for page in pages] == few
    assert len(client.get(pages[1]).context["history"].entries) == 20
