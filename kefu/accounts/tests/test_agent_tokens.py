from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.accounts.actions import (
    BadToken,
    BeyondTheirReach,
    HasLeft,
    add_agent_token,
    close_agent,
    revoke_agent_token,
)
from kefu.accounts.bearer import agent_behind
from kefu.accounts.models import Agent, AgentToken, Knowledge, Role, TokenScope
from kefu.accounts.policy import VERB_OF_SCOPE, May, Refused, Scope, allows
from kefu.accounts.tests.factories import CHINESE, make_agent, make_other_brand, make_team
from kefu.accounts.verbs.agent_tokens import revoke_tokens_of
from kefu.accounts.viewers import holder_of_agent_token
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.limits import TooMany
from kefu.safety.retention import KEPT, DataKind
from kefu.safety.tasks import retain

pytestmark = pytest.mark.django_db
WRITES, PUBLISHES = TokenScope.WRITE_ARTICLES, TokenScope.PUBLISH_ARTICLES


@pytest.fixture
def writer(team) -> Agent:
    return make_agent(CHINESE, email="brian@xinghai.example", knowledge=Knowledge.WRITES)


def token_of(agent: Agent, *scopes: TokenScope, days: int = 30) -> str:
    return add_agent_token(agent=agent, name="Docs", scopes=scopes or (WRITES,), days=days, by=SYSTEM).token


def console(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_token_is_shown_once_and_kept_as_a_hash(writer: Agent) -> None:
    out = console("token_add", "brian", "--name", "Docs", "--scope", "articles:write")

    token = out.splitlines()[-1]
    row = AgentToken.objects.get()
    assert token.startswith("kefu_")
    assert len(token) > 43
    assert token not in json.dumps(list(AgentToken.objects.values()), default=str)
    assert f"Token {row.pk} of {CHINESE} <brian@xinghai.example>: articles:write, until " in out
    assert timedelta(days=89) < row.ends_at - now() < timedelta(days=91)
    assert token not in console("token_list", "--all")


def test_a_log_that_shows_what_was_added_shows_no_token(writer: Agent) -> None:
    added = add_agent_token(agent=writer, name="Docs", scopes=[WRITES], by=SYSTEM)

    assert added.token not in f"{added!r} {added}"


def test_the_journal_tells_who_and_which_scopes_and_never_the_token(writer: Agent) -> None:
    token = token_of(writer, WRITES, TokenScope.READ_ARTICLES)
    row = AgentToken.objects.get()
    revoke_agent_token(token=row, by=writer)
    revoke_agent_token(token=row, by=writer)

    added, revoked = Entry.objects.filter(kind__startswith="agent.token").order_by("pk")
    assert (added.kind, added.actor, added.subject_id) == ("agent.token_added", SYSTEM, writer.pk)
    assert added.payload == {"token_id": row.pk, "scopes": ["articles:read", "articles:write"]}
    assert (revoked.kind, revoked.actor) == ("agent.token_revoked", writer.actor)
    assert token not in json.dumps([added.payload, revoked.payload])
    assert row.token_hash not in json.dumps([added.payload, revoked.payload])


def test_whoever_sends_it_is_its_agent_but_only_within_its_scopes(writer: Agent) -> None:
    here, elsewhere = Scope(make_team().brand_id), Scope(make_other_brand().pk)

    holder = holder_of_agent_token(token_of(writer))

    assert holder is not None
    assert (holder.agent, holder.actor, holder.name) == (writer, writer.actor, "Docs")
    assert {verb for verb in May if allows(holder, verb, here)} == {May.EDIT_ARTICLES}
    assert not any(allows(holder, verb, elsewhere) for verb in May)


def test_a_scope_gives_nothing_that_its_agent_may_not_do_any_more(writer: Agent) -> None:
    token = token_of(writer)
    writer.knowledge = Knowledge.NONE
    writer.save(update_fields=["knowledge"])

    holder = holder_of_agent_token(token)

    assert holder is not None
    assert not allows(holder, May.EDIT_ARTICLES, Scope(make_team().brand_id))


def test_an_admin_by_token_does_nothing_but_what_the_token_is_for(team) -> None:
    holder = holder_of_agent_token(token_of(make_agent(role=Role.ADMIN), *TokenScope))

    assert {verb for verb in May if allows(holder, verb, Scope(team.brand_id, team.pk))} == set(
        VERB_OF_SCOPE.values()
    )
    assert not allows(holder, May.MANAGE_AGENTS)


def test_a_revoked_an_expired_and_a_leavers_token_open_nothing(writer: Agent) -> None:
    revoked, expired, left = (token_of(writer, days=days) for days in (30, 1, 30))
    revoke_agent_token(token=AgentToken.objects.earliest("pk"), by=SYSTEM)

    with time_machine.travel(now() + timedelta(days=2)):
        assert [holder_of_agent_token(one) is None for one in (revoked, expired, left)] == [True, True, False]
        close_agent(agent=writer, by=SYSTEM)
        assert holder_of_agent_token(left) is None

    assert not AgentToken.objects.filter(revoked_at=None).exists()
    assert [row["state"] for row in json.loads(console("token_list", "--all", "--json"))] == ["ended"] * 3


def test_an_agent_who_is_only_switched_off_loses_it_at_once_too(writer: Agent) -> None:
    token = token_of(writer)
    Agent.objects.filter(pk=writer.pk).update(is_active=False)

    assert holder_of_agent_token(token) is None


@pytest.mark.parametrize("token", ["", "kefu_", "kefu_" + "A" * 43, "密", "A" * 129])
def test_what_was_never_given_out_opens_nothing(token: str, writer: Agent) -> None:
    token_of(writer)

    assert holder_of_agent_token(token) is None


def test_when_it_was_last_used_is_told_to_the_hour(writer: Agent, django_assert_num_queries) -> None:
    token = token_of(writer)
    assert "never used" in console("token_list")
    with time_machine.travel(now() + timedelta(hours=5), tick=False):
        holder_of_agent_token(token)
        assert f"last used {now():%Y-%m-%d %H:%M} UTC" in console("token_list")
        with django_assert_num_queries(1):
            holder_of_agent_token(token)


def test_whoever_tries_out_tokens_is_told_to_wait(writer: Agent) -> None:
    wrong = "kefu_" + "A" * 43
    for _ in range(60):
        assert agent_behind(wrong, address="203.0.113.7") is None

    with pytest.raises(TooMany):
        agent_behind(wrong, address="203.0.113.7")


def test_a_token_signs_in_to_no_page(writer: Agent, client: Client) -> None:
    header = {"Authorization": f"Bearer {token_of(writer)}"}

    for path in ("/desk/", "/desk/articles/", "/desk/settings/", "/staff/sessions/"):
        assert client.get(path, headers=header).status_code == 302, path
    assert not client.cookies.get("kefu_staff")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nobody", "--scope", "articles:write"), "There is no agent nobody. Agents: "),
        (("brian", "--scope", "articles:burn"), "There is no scope articles:burn. Scopes: articles:read, "),
        (
            ("brian", "--scope", "articles:publish"),
            "brian@xinghai.example does not publish in the help centre, so articles:publish would open nothing",
        ),
        (
            ("grace", "--scope", "articles:publish"),
            "articles:publish opens nothing by itself: add --scope articles:write.",
        ),
        (("grace", "--scope", "articles:read", "--scope", "articles:publish"), "add --scope articles:write."),
        (("plain", "--scope", "articles:read"), "plain@xinghai.example does not write for the help centre"),
        (("brian", "--scope", "articles:write", "--days", "0"), "--days from 1 to 366."),
        (("brian", "--scope", "articles:write", "--days", "367"), "--days from 1 to 366."),
    ],
)
def test_the_console_says_why_there_is_no_token(words: tuple[str, ...], says: str, writer: Agent) -> None:
    make_agent(email="plain@xinghai.example")
    make_agent(email="grace@xinghai.example", knowledge=Knowledge.PUBLISHES)

    with pytest.raises(CommandError) as refused:
        console("token_add", "--name", "Docs", *words)

    assert says in str(refused.value)
    assert not AgentToken.objects.exists()


def test_the_console_revokes_and_says_what_it_does_not_know(writer: Agent) -> None:
    token = token_of(writer)
    number = str(AgentToken.objects.get().pk)

    assert "opens nothing any more" in console("token_revoke", number)
    assert holder_of_agent_token(token) is None
    with pytest.raises(CommandError, match="There is no token 99; kefu token list shows them"):
        console("token_revoke", "99")
    assert "There is no token. Make one" in console("token_list")


def test_json_for_scripts(writer: Agent) -> None:
    told = json.loads(console("token_add", "brian", "--name", "Docs", "--scope", "articles:write", "--json"))

    assert told["scopes"] == ["articles:write"]
    assert holder_of_agent_token(told["token"]) is not None


@pytest.mark.parametrize(
    ("changes", "raises"),
    [({"name": " "}, BadToken), ({"name": "x" * 81}, BadToken), ({"scopes": []}, BadToken)],
)
def test_a_token_says_what_it_is_for(changes: dict[str, object], raises: type, writer: Agent) -> None:
    said = {"agent": writer, "name": "Docs", "scopes": [WRITES], "by": SYSTEM} | changes

    with pytest.raises(raises):
        add_agent_token(**said)  # type: ignore[arg-type]


def test_nobody_but_a_manager_makes_one_or_ends_another_persons(writer: Agent) -> None:
    token_of(writer)
    row = AgentToken.objects.get()

    with pytest.raises(Refused):
        add_agent_token(agent=writer, name="Docs", scopes=[WRITES], by=writer)
    with pytest.raises(Refused):
        revoke_agent_token(token=row, by=make_agent(role=Role.SUPERVISOR))
    assert revoke_agent_token(token=row, by=make_agent(role=Role.ADMIN)).revoked_at is not None


def test_all_tokens_of_an_agent_are_revoked_without_asking_for_the_agent_again(writer: Agent) -> None:
    tokens = [token_of(writer) for _ in range(3)]

    with CaptureQueriesContext(connection) as asked:
        revoke_tokens_of(agent=writer, by=SYSTEM)

    assert not any(
        one["sql"].startswith("SELECT") and 'FROM "accounts_agent" ' in one["sql"] for one in asked
    )
    assert [holder_of_agent_token(token) for token in tokens] == [None] * 3


def test_whoever_has_left_or_may_not_gets_none(writer: Agent) -> None:
    with pytest.raises(BeyondTheirReach):
        token_of(writer, WRITES, PUBLISHES)
    close_agent(agent=writer, by=SYSTEM)
    with pytest.raises(HasLeft):
        token_of(writer)


def test_it_is_forgotten_a_while_after_it_ended(writer: Agent) -> None:
    token_of(writer, days=1)
    living = token_of(writer, days=366)

    with time_machine.travel(now() + timedelta(days=KEPT[DataKind.AGENT_TOKEN].days + 2)):
        retain.call()
        assert AgentToken.objects.count() == 1
        assert holder_of_agent_token(living) is not None
