"""The settings pages of members: role and teams, closing and resetting, inviting; and nobody but an admin."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kefu.accounts.actions import add_agent_token, close_agent, invite, note_sign_in
from kefu.accounts.events import Step
from kefu.accounts.models import Agent, Invitation, Knowledge, Role, Team, TokenScope
from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.policy import Refused
from kefu.accounts.second_factor import is_enrolled
from kefu.accounts.tests.factories import VERY_LONG, enrol, make_agent, make_other_brand, make_team, sign_in
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.accounts.verbs.members import change_agent, put_back_agent
from kefu.accounts.viewers import holder_of_agent_token
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.ui.tests.pages import parsed

pytestmark = pytest.mark.django_db

LIST, INVITE = "/desk/settings/members/", "/desk/settings/members/invite/"


@pytest.fixture
def admin(team: Team) -> Agent:
    return make_agent("苏予安", role=Role.ADMIN, teams=[])


@pytest.fixture
def mei(team: Team) -> Agent:
    return make_agent("林美")


@pytest.fixture
def client(admin: Agent) -> Client:
    return browser_of(admin)


def url_of(agent: Agent, *more: object, name: str = "member") -> str:
    return reverse(f"settings:{name}", args=[agent.pk, *more])


def test_an_admin_changes_role_and_teams_and_puts_them_back(client: Client, admin: Agent, mei: Agent) -> None:
    second = make_team(key="security", name="账户安全")
    form = fields_of(client.get(url_of(mei)), url_of(mei))

    saved = client.post(url_of(mei), form | {"role": "lead", "teams": [second.pk]}, follow=True)

    mei.refresh_from_db()
    assert (mei.role, list(mei.teams.all())) == (Role.LEAD, [second])
    assert "It holds within a few seconds" in parsed(saved)
    entry = Entry.objects.get(kind="agent.changed")
    assert (entry.actor, entry.subject_id) == (admin.actor, mei.pk)
    assert entry.payload == {"role": "lead", "team_ids": [second.pk]}
    history = url_of(mei, name="member_history")
    page = client.get(history)
    for words in ("账户安全", "team lead", "苏予安"):
        assert words in parsed(page)

    action = url_of(mei, AgentRevision.objects.get().pk, name="member_put_back")
    client.post(action, fields_of(page, action))
    mei.refresh_from_db()
    assert (mei.role, list(mei.teams.all())) == (Role.AGENT, [make_team()])


def test_what_was_before_is_nobodys_where_there_is_no_such_member(
    client: Client, admin: Agent, mei: Agent
) -> None:
    change_agent(agent=mei, role=Role.LEAD, teams=[], by=SYSTEM)
    revision = AgentRevision.objects.get()

    for pk in (admin.pk, 2**70):
        there = reverse("settings:member_put_back", args=[pk, revision.pk])
        assert client.post(there).status_code == 404


def test_of_two_admins_at_once_the_second_is_told(client: Client, mei: Agent) -> None:
    mine = fields_of(client.get(url_of(mei)), url_of(mei))
    change_agent(agent=mei, role=Role.LEAD, teams=[], by=SYSTEM)

    answer = client.post(url_of(mei), mine | {"role": "supervisor"})

    assert answer.status_code == 409
    assert "The console changed this while you were here." in parsed(answer)
    assert fields_of(answer, url_of(mei))["role"] == ["supervisor"]
    mei.refresh_from_db()
    assert mei.role == Role.LEAD


def test_the_last_admin_stays_admin_and_stays(client: Client, admin: Agent, mei: Agent) -> None:
    form = fields_of(client.get(url_of(admin)), url_of(admin))
    assert "This is you." in parsed(client.get(url_of(admin)))

    demoted = client.post(url_of(admin), form | {"role": "agent"})
    closed = client.post(url_of(admin, "close", name="member_danger"))

    assert (demoted.status_code, closed.status_code) == (422, 422)
    assert "This is the last admin." in parsed(demoted)
    assert "This is the last admin." in parsed(closed)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)

    change_agent(agent=mei, role=Role.ADMIN, teams=[], by=admin)
    assert client.post(url_of(admin), form | {"role": "agent"}).status_code == 302


def test_no_role_is_no_choice(client: Client, mei: Agent) -> None:
    answer = client.post(url_of(mei), {"role": "emperor", "seen": "0"})

    assert answer.status_code == 422
    assert "Choose a role." in parsed(answer)


def test_an_account_is_closed_after_one_question_and_then_has_no_role(client: Client, mei: Agent) -> None:
    door = url_of(mei, "close", name="member_danger")
    form = fields_of(client.get(url_of(mei)), url_of(mei))
    assert "Close this account?" in parsed(client.get(door))

    closed = client.post(door, follow=True)

    assert "The account is closed." in parsed(closed)
    mei.refresh_from_db()
    assert not mei.is_active
    refused = client.post(url_of(mei), form | {"role": "admin"})
    assert (refused.status_code, mei.role) == (422, Role.AGENT)


def test_second_factor_and_sessions_are_ended(client: Client, mei: Agent) -> None:
    enrol(mei)
    theirs = Client()
    sign_in(theirs, mei)

    client.post(url_of(mei, "sessions", name="member_danger"))
    assert theirs.get("/desk/mine/").status_code == 302

    client.post(url_of(mei, "second-factor", name="member_danger"))
    assert not is_enrolled(mei)


def test_tokens_of_programs_are_seen_and_revoked(client: Client, mei: Agent) -> None:
    assert "Tokens of programs" not in parsed(client.get(url_of(mei)))
    mei.knowledge = Knowledge.WRITES
    mei.save(update_fields=["knowledge"])
    added = add_agent_token(agent=mei, name="Docs in git", scopes=[TokenScope.WRITE_ARTICLES], by=SYSTEM)

    page = parsed(client.get(url_of(mei)))
    assert "Docs in git" in page
    assert "articles:write" in page
    assert "Last used never" in " ".join(page.split())
    assert added.token not in page
    door = url_of(mei, "tokens", name="member_danger")
    assert "Revoke all their tokens?" in parsed(client.get(door))
    assert "Their tokens open nothing any more." in parsed(client.post(door, follow=True))

    assert holder_of_agent_token(added.token) is None
    assert "Docs in git" not in parsed(client.get(url_of(mei)))


def test_an_unknown_danger_is_no_page(client: Client, mei: Agent) -> None:
    assert client.post(f"{LIST}{mei.pk}/explode/").status_code == 404


def test_the_list_is_searched_and_narrowed(client: Client, mei: Agent, team: Team) -> None:
    make_agent(VERY_LONG, role=Role.LEAD, teams=[make_team(key="security")])

    def found(**query: object) -> list[str]:
        return [row["agent"].name for row in client.get(LIST, query).context["rows"]]

    assert found(q="林") == ["林美"]
    assert found(role="lead") == [VERY_LONG]
    assert found(team=team.pk) == ["林美"]
    assert found(q="zzz") == []
    assert "Nobody like this" in parsed(client.get(LIST, {"q": "zzz"}))


def test_the_list_shows_how_people_sign_in(client: Client, admin: Agent, mei: Agent) -> None:
    note_sign_in(agent=mei, steps=[Step.PASSWORD])
    rows = {row["agent"].pk: row for row in client.get(LIST).context["rows"]}

    assert rows[mei.pk]["signed_in_at"] is not None
    assert rows[mei.pk]["availability"] == "Not here"
    assert "No second factor" in parsed(client.get(LIST))


def test_the_list_comes_in_pages_and_asks_as_often_for_twenty_as_for_two(client: Client, mei: Agent) -> None:
    few = [queries_of(client, url) for url in (LIST, url_of(mei))]
    for _ in range(19):
        make_agent()
    assert [queries_of(client, url) for url in (LIST, url_of(mei))] == few
    for _ in range(20):
        make_agent()

    first = client.get(LIST)
    rest = client.get(LIST, {"after": first.context["after"]})
    assert (len(first.context["rows"]), len(rest.context["rows"])) == (25, 16)
    assert rest.context["after"] is None


def test_the_history_asks_as_often_for_twenty_changes_of_many_teams_as_for_one(
    client: Client, admin: Agent, mei: Agent
) -> None:
    pages = [url_of(mei), url_of(mei, name="member_history")]
    teams = [make_team(key=f"t{number}", name=f"第 {number} 队") for number in range(20)]
    change_agent(agent=mei, role=Role.LEAD, teams=teams[:1], by=admin)
    few = [queries_of(client, page) for page in pages]
    for number in range(1, 20):
        change_agent(agent=mei, role=Role.LEAD, teams=[teams[number]], by=admin)

    assert [queries_of(client, page) for page in pages] == few
    assert len(client.get(pages[1]).context["history"].entries) == 20


def test_the_list_asks_as_often_for_twenty_invitations_as_for_one(
    client: Client, admin: Agent, team: Team
) -> None:
    def invite_another(number: int) -> None:
        person = {"email": f"n{number}@xinghai.example", "name": f"新人 {number}", "role": Role.AGENT}
        invite(by=admin, **person, teams=[team], brands=[team.brand], language="en")

    invite_another(1)
    few = queries_of(client, LIST)
    for number in range(2, 21):
        invite_another(number)

    assert queries_of(client, LIST) == few
    for number in range(21, 30):
        invite_another(number)
    # One that stands nowhere could neither be sent again nor taken back.
    shown = parsed(client.get(LIST))
    assert all(f"n{number}@xinghai.example" in shown for number in range(1, 30))


def invited(client: Client, **changes: object) -> HttpResponse:
    form = fields_of(client.get(INVITE), INVITE)
    return client.post(INVITE, form | {"email": "lin@xinghai.example", "name": "林嘉禾"} | changes)


def test_somebody_is_invited_again_and_taken_back(client: Client, admin: Agent, team: Team) -> None:
    assert invited(client, role="lead", teams=[team.pk], language="en").status_code == 302

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.language) == ("lin@xinghai.example", "lead", "en")
    assert (list(invitation.teams.all()), invitation.invited_by) == ([team], admin)
    assert "lin@xinghai.example" in parsed(client.get(LIST))

    client.post(reverse("settings:invitation_again", args=[invitation.pk]))
    assert Entry.objects.filter(kind="agent.invitation_sent_again").count() == 1
    done = client.post(reverse("settings:invitation_withdrawn", args=[invitation.pk]), follow=True)
    assert "The invitation is taken back." in parsed(done)
    late = client.post(reverse("settings:invitation_again", args=[invitation.pk]), follow=True)
    assert "accepted or taken back already" in parsed(late)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "lin@xinghai"}, "not complete"),
        ({"email": "taken@xinghai.example"}, "is here already"),
        ({"email": "waiting@xinghai.example"}, "is invited already"),
        ({"name": " "}, "Write a name"),
        ({"name": "n" * 81}, "at most 80"),
        ({"role": "emperor"}, "Choose a role."),
        ({"language": "tlh"}, "Choose a language."),
    ],
)
def test_an_invitation_that_can_not_be_is_said_and_kept(
    client: Client, admin: Agent, brand: Brand, changes: dict[str, str], sentence: str
) -> None:
    make_agent(email="taken@xinghai.example")
    invite(
        by=admin,
        email="waiting@xinghai.example",
        name="等",
        role=Role.AGENT,
        teams=[],
        brands=[brand],
        language="en",
    )

    answer = invited(client, **changes)

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    kept = fields_of(answer, INVITE)
    for name in set(changes) & {"email", "name"}:
        assert kept[name] == [changes[name].strip()]
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "请写姓名"), ("zh-hant", "請寫姓名")])
def test_a_person_is_asked_for_their_name_and_not_for_that_of_a_thing(
    client: Client, admin: Agent, language: str, sentence: str
) -> None:
    Agent.objects.filter(pk=admin.pk).update(language=language)

    page = parsed(invited(client, name=""))

    assert "姓名" in page.split(sentence)[0]
    assert sentence in page


def test_teams_of_another_brand_bring_their_brand_along(client: Client) -> None:
    other = make_team(make_other_brand(), key="other")

    assert invited(client, teams=[other.pk]).status_code == 302
    assert list(Invitation.objects.get().teams.all()) == [other]


def test_where_no_letter_leaves_the_link_is_shown_once(client: Client) -> None:
    invited(client)
    invitation = Invitation.objects.get()

    page = client.post(reverse("settings:invitation_link", args=[invitation.pk]))

    assert f"/staff/invitation/{invitation.pk}/" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_an_admin_reaches_the_members(team: Team, admin: Agent, mei: Agent, role: Role) -> None:
    change_agent(agent=mei, role=Role.LEAD, teams=[team], by=admin)
    invitation = invite(
        by=admin,
        email="w@xinghai.example",
        name="等",
        role=Role.AGENT,
        teams=[],
        brands=[team.brand],
        language="en",
    )
    mallory = make_agent("Mallory", role=role)
    client = browser_of(mallory)
    revision = AgentRevision.objects.get()
    doors = [LIST, INVITE, url_of(mei), url_of(mei, name="member_history")]
    doors += [
        url_of(mei, verb, name="member_danger") for verb in ("close", "second-factor", "sessions", "tokens")
    ]
    doors += [url_of(mei, revision.pk, name="member_put_back")]
    doors += [
        reverse(f"settings:{name}", args=[invitation.pk])
        for name in ("invitation_again", "invitation_withdrawn", "invitation_link")
    ]

    for door in doors:
        answers = {client.get(door).status_code, client.post(door, {"role": "admin"}).status_code}
        assert answers <= {403, 405}, door
    with pytest.raises(Refused):
        change_agent(agent=mallory, role=Role.ADMIN, teams=[], by=mallory)
    with pytest.raises(Refused):
        put_back_agent(revision=revision, by=mallory)
    assert Entry.objects.filter(actor_id=mallory.pk, actor_kind="agent").count() == 0


def test_a_closed_admin_gives_nobody_a_role(admin: Agent, mei: Agent) -> None:
    make_agent("Another", role=Role.ADMIN)
    close_agent(agent=admin, by=SYSTEM)

    with pytest.raises(Refused):
        change_agent(agent=mei, role=Role.ADMIN, teams=[], by=Agent.objects.get(pk=admin.pk))
