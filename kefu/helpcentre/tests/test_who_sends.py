"""Who comes in to the doors for programs: by a living token for just that, and by nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from kefu.accounts.actions import close_agent, revoke_agent_token
from kefu.accounts.models import Agent, AgentToken, Knowledge, TokenHolder, TokenScope
from kefu.accounts.tests.factories import enrol, make_other_brand, sign_in
from kefu.brands.models import Brand
from kefu.config.logs import JsonLine
from kefu.helpcentre.models import Revision
from kefu.helpcentre.programs import taking, views
from kefu.helpcentre.programs.doors import Operation
from kefu.helpcentre.tests.factories import make_editor
from kefu.helpcentre.tests.programs import ARTICLES, Program, sent, text
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.limits import Limit

READ, WRITE, PUBLISH = TokenScope.READ_ARTICLES, TokenScope.WRITE_ARTICLES, TokenScope.PUBLISH_ARTICLES


@pytest.mark.parametrize(("method", "path"), [("get", ARTICLES), ("put", ARTICLES), ("get", f"{ARTICLES}/1")])
class TestWhoComesIn:
    """Each door, whoever knocks."""

    def test_without_a_token_or_with_a_session_nobody(
        self, method: str, path: str, press: Program, publisher: Agent
    ) -> None:
        enrol(publisher)
        sign_in(press.client, publisher)
        answer = getattr(press.client, method)(path)

        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_missing")
        assert answer["WWW-Authenticate"] == 'Bearer realm="kefu"'
        press.token = press.client.cookies["kefu_staff"].value
        assert press.ask(method, path, 401, data={})["error"]["code"] == "token_unknown"

    def test_by_a_revoked_an_expired_or_a_leavers_token_nobody(
        self, method: str, path: str, publisher: Agent
    ) -> None:
        revoked, over, left = (Program(publisher, READ, WRITE) for _ in range(3))
        rows = AgentToken.objects.order_by("pk")
        revoke_agent_token(token=rows[0], by=SYSTEM)
        AgentToken.objects.filter(pk=rows[1].pk).update(ends_at=rows[1].made_at)
        close_agent(agent=publisher, by=SYSTEM)

        for program in (revoked, over, left):
            assert program.ask(method, path, 401, data={})["error"]["code"] == "token_unknown"
            assert 'error="invalid_token"' in program.answer["WWW-Authenticate"]

    def test_by_a_token_for_something_else_nobody(self, method: str, path: str, publisher: Agent) -> None:
        other = {"get": (WRITE, PUBLISH), "put": (READ,)}[method]

        error = Program(publisher, *other).ask(method, path, 403, data={})["error"]

        assert error["code"] == "scope_missing"

    def test_by_a_token_of_another_brands_editor_nobody(self, method: str, path: str, brand: Brand) -> None:
        brand.hosts = ["testserver"]
        brand.save(update_fields=["hosts"])
        stranger = Program(make_editor(make_other_brand()), READ, WRITE, PUBLISH)

        assert stranger.ask(method, path, 403, data={})["error"]["code"] == "refused"

    @pytest.mark.parametrize("name", ["access_token", "token", "q"])
    def test_a_token_in_an_address_is_refused_also_beside_the_header(
        self, method: str, path: str, name: str, press: Program
    ) -> None:
        error = press.ask(method, path, 400, data={}, query_params={name: press.token})["error"]

        assert error["code"] == "token_in_address"
        assert press.token not in press.answer.content.decode()


def test_a_token_opens_no_other_page_and_no_session_comes_of_it(press: Program) -> None:
    header = {"Authorization": f"Bearer {press.token}"}

    answers = {
        path: press.client.get(path, headers=header) for path in ("/desk/", "/desk/articles/", "/en/cases/")
    }

    assert [one.status_code for one in answers.values()][:2] == [302, 302]
    assert "Set-Cookie" not in press.client.get(ARTICLES, headers=header)
    assert press.client.get("/api/v1/articles", headers=header).status_code == 200


def test_other_methods_are_none(press: Program) -> None:
    for method in ("post", "patch", "delete"):
        answer = getattr(press.client, method)(ARTICLES, headers={"Authorization": f"Bearer {press.token}"})
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, PUT")
        assert answer.json()["error"]["message"] == "This address takes GET, HEAD, PUT."


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_who_asks_too_often_is_told_when_it_works_again(
    method: str, press: Program, publisher: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = views.OPERATIONS
    one = operations[method]
    limit = Limit(f"test.programs.{method}", 1, timedelta(minutes=10))
    monkeypatch.setitem(operations, method, Operation(one.scope, limit, one.do))

    def ask(program: Program, status: int) -> Any:
        return program.read(status=status) if method == "GET" else program.send(sent(), status=status)

    ask(press, 200)
    assert ask(press, 429)["error"]["code"] == "too_many"
    assert 0 < int(press.answer["Retry-After"]) <= 600
    ask(Program(publisher, READ, WRITE), 200)


@pytest.mark.slow
def test_whoever_tries_tokens_out_is_told_to_wait(press: Program) -> None:
    press.token = "kefu_" + "A" * 43
    for _ in range(60):
        press.read(status=401)

    assert press.read(status=429)["error"]["code"] == "too_many"


def test_an_agent_who_loses_the_right_meanwhile_is_told_of_the_right_and_not_of_scopes(
    program: Program, writer: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = taking.take_in_one

    def in_the_middle(*, by: TokenHolder, **more: Any) -> Any:
        Agent.objects.filter(pk=writer.pk).update(knowledge=Knowledge.NONE)
        by.agent.refresh_from_db()
        return real(by=by, **more)

    monkeypatch.setattr(taking, "take_in_one", in_the_middle)

    assert program.send(sent(), status=403)["error"]["code"] == "refused"
    assert "WWW-Authenticate" not in program.answer


def test_our_own_mistake_writes_no_token_anywhere(
    press: Program, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**words: object) -> None:
        raise RuntimeError(f"with {words}")

    monkeypatch.setattr(views, "take_in", fail)
    caplog.set_level("DEBUG")

    answer = press.client.put(
        ARTICLES,
        {"articles": [sent()]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {press.token}"},
    )

    lines = "".join(JsonLine().format(record) for record in caplog.records)
    assert answer.status_code == 500
    assert "RuntimeError" in lines
    for said in (lines, answer.content.decode()):
        assert press.token not in said
        assert press.token.removeprefix("kefu_") not in said


def test_a_token_never_comes_into_the_database_as_it_is(press: Program) -> None:
    press.send(sent(texts={"en": text(note="from the program")}))

    kept = json.dumps(
        [list(Entry.objects.values()), list(Revision.objects.values()), list(AgentToken.objects.values())],
        default=str,
    )
    assert press.token not in kept
