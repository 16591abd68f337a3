"""A form that is sent too long after the last proof: nothing secret is kept of it, and what may be kept is done later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Agent, Role, Team
from kefu.accounts.tests.factories import code_of, enrol, make_agent, session_of, sign_in
from kefu.accounts.tests.settings_pages import fields_of
from kefu.safety import keyring

pytestmark = pytest.mark.django_db

PASSWORD, AGAIN, ENROL = "/staff/password/", "/staff/again/", "/staff/second-factor/enrol/"
NEW = "violet harbour umbrella seven"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now(), tick=False) as clock:
        yield clock


@pytest.fixture
def mei(team: Team) -> Agent:
    return make_agent("林美")


@pytest.fixture
def admin(team: Team) -> Agent:
    return make_agent("苏予安", role=Role.ADMIN, teams=[], language="en")


@pytest.fixture
def secret(admin: Agent) -> str:
    return enrol(admin)


def prove(client: Client, secret: str, wanted: str) -> object:
    return client.post(f"{AGAIN}?next={wanted}", {"code": code_of(secret), "next": wanted})


def url_of(agent: Agent) -> str:
    return f"/desk/settings/members/{agent.pk}/"


def test_a_new_password_is_never_kept_and_is_typed_again(
    client: Client, admin: Agent, secret: str, clock: time_machine.Traveller
) -> None:
    sign_in(client, admin)
    clock.shift(11 * 60)

    asked = client.post(PASSWORD, {"password": NEW, "again": NEW})

    assert asked.headers["Location"].startswith(f"{AGAIN}?next=")
    assert STATE_SESSION_KEY not in session_of(client)
    assert prove(client, secret, PASSWORD).headers["Location"] == PASSWORD  # type: ignore[attr-defined]
    assert client.get(PASSWORD).status_code == 200
    admin.refresh_from_db()
    assert not admin.check_password(NEW)


def test_a_code_that_enrols_is_not_kept(client: Client, agent: Agent, clock: time_machine.Traveller) -> None:
    client.post("/staff/sign-in/", {"login": agent.email, "password": "correct horse battery staple"})
    clock.shift(11 * 60)

    asked = client.post(ENROL, {"code": "123456"})

    assert asked.headers["Location"].startswith("/staff/again/password/")
    assert STATE_SESSION_KEY not in session_of(client)


def test_a_form_that_was_sent_too_late_is_done_after_the_proof(
    client: Client, admin: Agent, secret: str, mei: Agent, clock: time_machine.Traveller
) -> None:
    sign_in(client, admin)
    form = fields_of(client.get(url_of(mei)), url_of(mei)) | {"role": "lead"}
    clock.shift(11 * 60)

    asked = client.post(url_of(mei), form)
    mei.refresh_from_db()
    assert (asked.status_code, mei.role) == (302, Role.AGENT)
    prove(client, secret, url_of(mei))

    mei.refresh_from_db()
    assert mei.role == Role.LEAD
    assert STATE_SESSION_KEY not in session_of(client)


def test_what_is_kept_is_sealed_and_holds_no_cookies(
    client: Client, admin: Agent, secret: str, mei: Agent, clock: time_machine.Traveller
) -> None:
    sign_in(client, admin)
    client.cookies[CUSTOMER_COOKIE] = "a-customers-own-token"
    clock.shift(11 * 60)

    client.post(url_of(mei), {"role": "a-typed-role"})

    kept = session_of(client)[STATE_SESSION_KEY]
    opened = keyring.ring().decrypt(kept["state"]["sealed"], context="accounts.interrupted")
    assert "a-typed-role" not in str(kept)
    assert "a-typed-role" in opened
    for cookie in ("a-customers-own-token", client.cookies[settings.SESSION_COOKIE_NAME].value):
        assert cookie not in str(kept)
        assert cookie not in opened


def test_a_form_that_was_given_up_is_not_done_by_a_later_proof(
    client: Client, admin: Agent, secret: str, mei: Agent, clock: time_machine.Traveller
) -> None:
    sign_in(client, admin)
    form = fields_of(client.get(url_of(mei)), url_of(mei)) | {"role": "lead"}
    clock.shift(11 * 60)
    client.post(url_of(mei), form)

    client.get(url_of(mei))
    answer = prove(client, secret, url_of(mei))

    mei.refresh_from_db()
    assert (answer.headers["Location"], mei.role) == (url_of(mei), Role.AGENT)  # type: ignore[attr-defined]


def test_a_form_whose_key_is_gone_is_typed_again(
    client: Client, admin: Agent, secret: str, mei: Agent, clock: time_machine.Traveller
) -> None:
    sign_in(client, admin)
    clock.shift(11 * 60)
    client.post(url_of(mei), {"role": "lead"})
    session = session_of(client)
    session[STATE_SESSION_KEY] |= {"state": {"path": url_of(mei), "sealed": "1.gone.AAAA"}}
    session.save()

    answer = prove(client, secret, url_of(mei))

    assert answer.headers["Location"] == url_of(mei)  # type: ignore[attr-defined]


def kept(**held: object) -> Session:
    store = SessionStore()
    store.update(held)
    store.create()
    return Session.objects.get(session_key=store.session_key)


def test_an_update_takes_forms_that_lay_readable_out_of_sessions_that_go_on() -> None:
    readable = {"request": json.dumps({"POST": f"password={NEW}", "META": {"HTTP_COOKIE": "kefu_staff=x"}})}
    sealed = {"callback": "there", "state": {"path": "/desk/", "sealed": "words"}}
    old = kept(_auth_user_id="7", **{STATE_SESSION_KEY: readable})
    new = kept(_auth_user_id="8", **{STATE_SESSION_KEY: sealed})
    other = kept(_auth_user_id="9")
    ran_out = kept(_auth_user_id="10", **{STATE_SESSION_KEY: readable})
    Session.objects.filter(pk=ran_out.pk).update(expire_date=now() - timedelta(days=1))
    strange = kept(_auth_user_id="11")
    Session.objects.filter(pk=strange.pk).update(session_data=signing.dumps({}, key="another"))

    import_module("kefu.accounts.migrations.0016_readable_forms").take_out(apps, None)

    assert {one.pk: one.get_decoded() for one in Session.objects.all()} == {
        old.pk: {"_auth_user_id": "7"},
        new.pk: {"_auth_user_id": "8", STATE_SESSION_KEY: sealed},
        other.pk: {"_auth_user_id": "9"},
        ran_out.pk: {"_auth_user_id": "10"},
    }
