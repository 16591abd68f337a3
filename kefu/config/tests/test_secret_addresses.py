"""A page whose address is a key sends it on to nobody and writes it nowhere, whatever becomes of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kefu.accounts import announcing
from kefu.accounts.actions import (
    ask_for_password_reset,
    invite,
    make_sign_in_link,
    mint_invitation,
    mint_password_reset,
)
from kefu.accounts.models import Agent
from kefu.accounts.policy import Role
from kefu.accounts.tests.factories import make_agent, make_brand, make_team
from kefu.accounts.views import forgotten, invitations, links
from kefu.config.logs import JsonLine
from kefu.conversations.actions import make_private_link
from kefu.conversations.tests.factories import make_conversation, make_house, viewer_of
from kefu.livechat import views as livechat
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db

Door = Callable[[pytest.MonkeyPatch], str]


def private_link(_: pytest.MonkeyPatch) -> str:
    conversation = make_conversation(make_house())
    return reverse(
        "livechat:link",
        args=[make_private_link(conversation=conversation, viewer=viewer_of(conversation))],
    )


def sign_in_link(_: pytest.MonkeyPatch) -> str:
    return make_sign_in_link(agent=make_agent(teams=[make_team()]))


def invitation(_: pytest.MonkeyPatch) -> str:
    admin, team = make_agent(role=Role.ADMIN, teams=[make_team()]), make_team()
    made = invite(
        by=admin,
        email="zhou.ning@xinghai.example",
        name="周宁",
        role=Role.AGENT,
        teams=[team],
        brands=[make_brand()],
        language="zh-hant",
    )
    return reverse("invitation", args=[made.pk, mint_invitation(invitation_id=made.pk)])


def password_reset(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    agent: Agent = make_agent(teams=[make_team()])
    reset = ask_for_password_reset(email=agent.email, brand=make_brand())
    assert reset is not None
    return reverse("new_password", args=[reset.pk, mint_password_reset(reset_id=reset.pk)])


DOORS = [private_link, sign_in_link, invitation, password_reset]
BROKEN = {
    "private_link": (livechat, "follow_private_link"),
    "sign_in_link": (links, "agent_of_link"),
    "invitation": (invitations, "opened_invitation"),
    "password_reset": (forgotten, "agent_of_reset"),
}


def token_in(address: str) -> str:
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert len(token) > 20
    return token


def keeps_quiet(answer: object, token: str, caplog: pytest.LogCaptureFixture) -> str:
    """Answers what was logged."""
    assert answer.headers["Referrer-Policy"] in {"no-referrer", "strict-origin"}  # type: ignore[attr-defined]
    assert answer.headers["X-Robots-Tag"] == "noindex"  # type: ignore[attr-defined]
    lines = "".join(JsonLine().format(record) for record in caplog.records)
    assert token not in lines
    return lines


@pytest.mark.parametrize("door", DOORS)
def test_good_bad_and_not_to_be_asked_so(
    door: Door, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = door(monkeypatch)
    token = token_in(address)
    bad = token[:-1] + ("A" if token[-1] != "A" else "B")

    caplog.set_level("DEBUG")
    caplog.clear()
    good, wrong, other = client.get(address), client.get(address.replace(token, bad)), client.put(address)

    assert (good.status_code, other.status_code) == (302 if door is private_link else 200, 405)
    assert wrong.status_code in {404, 410}
    lines = [keeps_quiet(answer, token[:-1], caplog) for answer in (good, wrong, other)]
    assert "request answered with 405" in lines[-1]


@pytest.mark.parametrize("door", DOORS)
def test_our_own_mistake(
    door: Door, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = door(monkeypatch)
    client = Client(raise_request_exception=False)

    def fail(**words: object) -> None:
        raise RuntimeError(f"with {words}")

    monkeypatch.setattr(*BROKEN[door.__name__], fail)
    if door is sign_in_link:
        monkeypatch.setattr(links, "agent_of_link", lambda token: fail(token=token))

    caplog.set_level("DEBUG")
    caplog.clear()
    answer = client.get(address)

    assert answer.status_code == 500
    assert "RuntimeError" in keeps_quiet(answer, token_in(address), caplog)


@pytest.mark.parametrize("door", [sign_in_link, invitation, password_reset])
def test_a_form_that_was_not_ours(
    door: Door, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = door(monkeypatch)
    caplog.clear()

    answer = Client(enforce_csrf_checks=True).post(address)

    assert answer.status_code == 403
    assert "request answered with 403" in keeps_quiet(answer, token_in(address), caplog)


def test_too_many(client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    address = private_link(monkeypatch)
    monkeypatch.setattr(livechat, "LINKS_FOLLOWED", Limit("links", 1, timedelta(hours=1)))
    client.get(address)

    caplog.set_level("DEBUG")
    caplog.clear()
    answer = client.get(address)

    assert answer.status_code == 429
    assert "request answered with 429" in keeps_quiet(answer, token_in(address), caplog)
