"""Two customers who turn out to be one have one history, and nothing that was on its way is said twice."""

from __future__ import annotations

import pytest

from kefu.accounts.merging import merge_customer
from kefu.accounts.models import Customer
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.actions import NotOpened, Say, say
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation, Message
from kefu.conversations.snapshot import snapshot
from kefu.conversations.tests.factories import (
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_conversations_of_both_are_one_customers():
    house = make_house()
    at_home, on_the_phone = make_conversation(house), make_conversation(house)
    before = viewer_of(on_the_phone)
    one = Say(conversation_id=on_the_phone.pk, by=before, client_id=make_client_id(), content="还有一件事")
    say([one])

    merge_customer(source=on_the_phone.customer, into=at_home.customer)

    after = viewer_of(at_home)
    assert set(Conversation.objects.belonging_to(after)) == {at_home, on_the_phone}
    assert not Conversation.objects.belonging_to(before).exists()
    on_the_phone.refresh_from_db()
    drawn = snapshot(on_the_phone, Audience.CUSTOMER)
    assert str(drawn).count("还有一件事") == 1
    again = Say(conversation_id=on_the_phone.pk, by=after, client_id=one.client_id, content="还有一件事")
    say([again])
    assert Message.objects.filter(text="还有一件事").count() == 1


def test_somebody_else_keeps_their_own():
    house = make_house()
    mine, theirs = make_conversation(house), make_conversation(house)
    stranger = Customer.objects.get(pk=make_viewer(house).customer_id)

    merge_customer(source=stranger, into=mine.customer)

    assert list(Conversation.objects.belonging_to(viewer_of(theirs))) == [theirs]


def test_nothing_is_opened_any_more_for_who_has_become_somebody_else():
    house = make_house()
    at_home, on_the_phone = make_conversation(house), make_conversation(house)
    merge_customer(source=on_the_phone.customer, into=at_home.customer)

    with pytest.raises(NotOpened):
        make_conversation(house, CustomerViewer(on_the_phone.customer_id, house.brand.pk))
