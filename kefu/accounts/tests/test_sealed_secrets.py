"""Turning the key ring reaches the second factors too."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator

from kefu.accounts import sealed_secrets
from kefu.accounts.sealed_secrets import seal, seal_again
from kefu.accounts.tests.factories import (
    code_of,
    cookies_of,
    enrol,
    make_agent,
    password_step,
    recovery_codes_of,
)
from kefu.accounts.viewers import agent_of
from kefu.safety.keyring import change_key, ring
from kefu.safety.rotation import rotate

pytestmark = pytest.mark.django_db

CODE = "/staff/sign-in/code/"
ENROL = "/staff/second-factor/enrol/"


@pytest.fixture
def own_ring(settings, tmp_path):
    settings.KEY_RING = tmp_path / "keys" / "ring.json"
    return settings.KEY_RING


def forget_older_keys(path):
    kept = json.loads(path.read_text())
    kept["keys"] = {kept["active"]: kept["keys"][kept["active"]]}
    path.write_text(json.dumps(kept))


def test_an_authenticator_works_on_after_the_old_key_is_gone(own_ring, client, agent):
    secret = enrol(agent)

    rotate()
    forget_older_keys(own_ring)

    password_step(client, agent)
    client.post(CODE, {"code": code_of(secret)})
    assert agent_of(cookies_of(client)) == agent


def test_recovery_codes_are_the_same_and_used_ones_stay_used(own_ring, client, agent):
    enrol(agent)
    first, *others = recovery_codes_of(agent)
    password_step(client, agent)
    client.post(CODE, {"code": first})

    rotate()
    forget_older_keys(own_ring)

    assert recovery_codes_of(agent) == others


def test_codes_that_came_from_elsewhere_are_encrypted_again_each(own_ring, agent):
    codes = Authenticator.objects.create(
        user=agent, type="recovery_codes", data={"migrated_codes": [seal("11112222"), seal("33334444")]}
    )
    change_key()

    assert seal_again() == 2

    forget_older_keys(own_ring)
    codes.refresh_from_db()
    assert codes.wrap().get_unused_codes() == ["11112222", "33334444"]


def test_everything_is_written_once_however_many_there_are(own_ring, agent, monkeypatch):
    monkeypatch.setattr(sealed_secrets, "CHUNK", 2)
    for _ in range(3):
        enrol(make_agent())

    assert rotate() == 6
    assert seal_again() == 0
    assert all(ring().active in str(row.data) for row in Authenticator.objects.all())


def test_an_enrolment_that_waited_longer_than_its_key_begins_anew(own_ring, client, agent):
    password_step(client, agent)
    before = client.get(ENROL).context["form"].secret

    rotate()
    forget_older_keys(own_ring)

    page = client.get(ENROL)
    assert page.status_code == 200
    assert page.context["form"].secret != before
