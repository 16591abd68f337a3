"""A customer is erased, or becomes another, while something is done in their conversation: nothing of it is left behind."""

from __future__ import annotations

import pytest

from kefu.accounts.actions import erase_customer
from kefu.accounts.customer_cookie import LINK_COOKIE
from kefu.accounts.merging import merge_customer
from kefu.accounts.models import Customer, CustomerSession
from kefu.accounts.tests.at_once import once_it_waits, only_postgresql
from kefu.accounts.viewers import CustomerViewer, link_holder_of
from kefu.conversations.actions import (
    BadLink,
    Denied,
    NotOpened,
    Refusal,
    Said,
    Say,
    follow_private_link,
    make_private_link,
    say,
)
from kefu.conversations.models import Conversation, Message
from kefu.conversations.tests.factories import House, make_client_id, make_conversation, make_house, viewer_of
from kefu.journal.actor import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), only_postgresql]


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def conversation(house: House) -> Conversation:
    return make_conversation(house, text="充的币还没到账")


def erase(conversation: Conversation) -> None:
    erase_customer(customer=conversation.customer, by=SYSTEM)


def link_into(conversation: Conversation) -> str:
    return make_private_link(conversation=conversation, viewer=viewer_of(conversation))


def follow(conversation: Conversation, link: str) -> str:
    return follow_private_link(token=link, brand_id=conversation.brand_id)


def speak(conversation: Conversation, by: CustomerViewer) -> Said | Refusal:
    one = Say(conversation_id=conversation.pk, by=by, client_id=make_client_id(), content="我还在")
    return say([one])[0]


def lock(customer: Customer) -> None:
    list(Customer.objects.locked().filter(pk=customer.pk))


def test_a_link_that_is_followed_while_its_customer_is_erased_opens_nothing(
    conversation: Conversation,
) -> None:
    link = link_into(conversation)

    with pytest.raises(BadLink):
        once_it_waits(
            lambda: lock(conversation.customer),
            lambda: follow(conversation, link),
            then=lambda: erase(conversation),
        )
    assert not CustomerSession.objects.exists()


def test_what_a_link_has_just_opened_is_erased_too(conversation: Conversation) -> None:
    link = link_into(conversation)

    once_it_waits(lambda: follow(conversation, link), lambda: erase(conversation))

    assert not CustomerSession.objects.exists()


def test_a_link_that_is_followed_during_a_merge_opens_its_conversation_as_it_is_afterwards(
    house: House, conversation: Conversation
) -> None:
    link, into = link_into(conversation), make_conversation(house).customer

    session = once_it_waits(
        lambda: merge_customer(source=conversation.customer, into=into), lambda: follow(conversation, link)
    )

    holder = link_holder_of({LINK_COOKIE: session})
    assert holder == CustomerViewer(into.pk, into.brand_id, conversation.pk, holder and holder.session_id)


def test_what_is_said_while_everything_is_erased_is_refused(conversation: Conversation) -> None:
    viewer = viewer_of(conversation)

    answer = once_it_waits(lambda: erase(conversation), lambda: speak(conversation, viewer))

    assert isinstance(answer, Denied)
    assert set(Message.objects.values_list("text", flat=True)) == {""}


def test_what_was_said_a_moment_before_is_erased_with_the_rest(conversation: Conversation) -> None:
    viewer = viewer_of(conversation)

    once_it_waits(lambda: speak(conversation, viewer), lambda: erase(conversation))

    assert list(Message.objects.values_list("text", flat=True)) == ["", ""]


def test_nothing_is_opened_for_who_is_erased_now(house: House, conversation: Conversation) -> None:
    viewer = viewer_of(conversation)

    with pytest.raises(NotOpened):
        once_it_waits(lambda: erase(conversation), lambda: make_conversation(house, viewer))
    assert Conversation.objects.get() == conversation
