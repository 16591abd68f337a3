"""Somebody is erased while a letter to them is begun: no row keeps their address, and nothing waits for ever."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.accounts.actions import Gone, claim_email, erase_customer
from kefu.accounts.tests.at_once import once_it_waits, only_postgresql
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_conversation, make_house
from kefu.journal.actor import SYSTEM
from kefu.mailroom.actions import post_letter
from kefu.mailroom.models import Letter, LetterKind
from kefu.mailroom.notices import confirm_question
from kefu.safety.models import OfficialWay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(settings: Any) -> Conversation:
    settings.MAIL_SERVER = "mail.example"
    house = make_house()
    OfficialWay.objects.create(brand=house.brand, kind="mail", value="support@xinghai.example")
    conversation = make_conversation(house)
    claim_email(customer=conversation.customer, email="lin.xiaomei@mail.example")
    return conversation


def test_nothing_is_posted_to_who_was_erased(conversation: Conversation) -> None:
    erased = erase_customer(customer=conversation.customer, by=SYSTEM)

    with pytest.raises(Gone):
        post_letter(
            brand=conversation.brand,
            kind=LetterKind.QUESTION_KEPT,
            key="1",
            language="en",
            recipient="lin.xiaomei@mail.example",
            customer=erased,
        )
    assert not Letter.objects.exists()


@only_postgresql
def test_no_letter_is_begun_to_who_is_erased(conversation: Conversation) -> None:
    once_it_waits(
        lambda: erase_customer(customer=conversation.customer, by=SYSTEM),
        lambda: confirm_question.call(conversation_id=conversation.pk),
    )

    assert not Letter.objects.exists()


@only_postgresql
def test_a_letter_that_was_begun_a_moment_before_is_erased_with_them(conversation: Conversation) -> None:
    once_it_waits(
        lambda: confirm_question.call(conversation_id=conversation.pk),
        lambda: erase_customer(customer=conversation.customer, by=SYSTEM),
    )

    assert not Letter.objects.exists()
