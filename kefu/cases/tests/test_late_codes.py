"""Digits that come late, or twice: an answer in words, or the cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.accounts import announcing
from kefu.accounts.models import Identity, Level, OneTimeCode
from kefu.cases.tests.test_mine import ADDRESS, digits_of_latest_letter
from kefu.conversations.tests.factories import House, make_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    return make_house()


def test_a_code_that_comes_too_late_is_told_with_its_address(client, house):
    client.post("/zh-hans/cases/address/", {"email": ADDRESS})
    digits = digits_of_latest_letter()
    OneTimeCode.objects.update(ends_at=now() - timedelta(seconds=1))

    late = client.post("/zh-hans/cases/code/", {"code": digits})

    assert late.status_code == 400
    assert "失效" in late.content.decode()
    assert f'value="{ADDRESS}"' in late.content.decode()
    assert client.get("/zh-hans/cases/code/").headers["Location"] == "/zh-hans/cases/"
    assert Identity.objects.get().level == Level.CLAIMED


def test_digits_that_come_twice_lead_to_the_cases(client, house):
    client.post("/zh-hans/cases/address/", {"email": ADDRESS})
    digits = digits_of_latest_letter()

    for _ in range(2):
        assert client.post("/zh-hans/cases/code/", {"code": digits}).headers["Location"] == "/zh-hans/cases/"
