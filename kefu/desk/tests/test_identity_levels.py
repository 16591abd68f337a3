"""An agent sees how well a customer is known, why, and since when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.utils.timezone import now

from kefu.accounts.actions import ask_for_code, claim_email, mint_code, prove_by_code, vouch
from kefu.accounts.models import Customer, Level
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house, viewer_of
from kefu.desk.page import open_of
from kefu.desk.rows import draw_row
from kefu.exchange.tests.platforms import signed, with_secret

pytestmark = pytest.mark.django_db

ADDRESS = "lin.xiaomei@mail.example"
LATER = datetime.fromisoformat("2026-12-01T08:30:00+00:00")


@pytest.fixture
def house() -> House:
    return make_house()


def seen(house: House, conversation: Conversation) -> dict[str, Any]:
    """The customer as the context pane draws them."""
    customer: dict[str, Any] = open_of(house.mei, conversation)["customer"]
    return customer


def claim(viewer: CustomerViewer) -> Any:
    return claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=ADDRESS)


def test_a_visitor_has_no_reason_to_be_believed(house: House) -> None:
    customer = seen(house, make_conversation(house))

    assert (customer["level"], customer["basis"]) == (Level.ANONYMOUS, {"reason": "none", "since": ""})


def test_who_typed_an_address_is_shown_as_claiming_it(house: House) -> None:
    conversation = make_conversation(house)
    identity = claim(viewer_of(conversation))

    customer = seen(house, conversation)

    assert customer["level"] == Level.CLAIMED
    assert customer["basis"] == {"reason": "typed", "since": identity.believed_at.isoformat()}
    assert customer["identities"] == [
        {"kind": "email", "value": ADDRESS, "level": Level.CLAIMED, "reason": "typed"}
    ]


def test_who_answered_a_code_is_believed_since_then_and_not_since_they_typed_it(house: House) -> None:
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    code = ask_for_code(viewer=viewer, identity=claim(viewer))
    digits = mint_code(code_id=code.pk)
    at = now()

    prove_by_code(viewer=viewer, typed=digits or "")

    customer = seen(house, conversation)
    assert (customer["level"], customer["basis"]["reason"]) == (Level.PROVEN, "code")
    assert datetime.fromisoformat(customer["basis"]["since"]) >= at


def test_whom_the_platform_vouches_for_is_shown_with_their_number(house: House) -> None:
    conversation = make_conversation(house)
    with_secret(house.brand)
    with time_machine.travel(LATER, tick=False):
        token = signed(sub="700231", email=ADDRESS, email_verified=True)
        vouch(brand=house.brand, viewer=viewer_of(conversation), token=token)

    conversation.refresh_from_db()
    customer = seen(house, conversation)
    assert customer["basis"] == {"reason": "vouched", "since": LATER.isoformat()}
    assert [(one["kind"], one["value"], one["reason"]) for one in customer["identities"]] == [
        ("platform", "700231", "vouched"),
        ("email", ADDRESS, "vouched"),
    ]
    row = draw_row(
        Conversation.objects.select_related("customer", "topic", "assignee").get(pk=conversation.pk)
    )
    assert row["level"] == Level.VOUCHED
