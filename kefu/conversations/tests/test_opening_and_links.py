from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from kefu.accounts.customer_cookie import LINK_COOKIE
from kefu.accounts.policy import Refused
from kefu.accounts.viewers import link_holder_of
from kefu.conversations.actions import (
    BadLink,
    follow_private_link,
    make_private_link,
    open_conversation,
    resolve,
    revoke_private_links,
)
from kefu.conversations.models import Conversation, Message, PrivateLink
from kefu.conversations.tests.factories import (
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)
from kefu.conversations.verbs.opening import NotOpened

pytestmark = pytest.mark.django_db


def opening(house, viewer, client_id, content="充的币还没到账"):
    return open_conversation(
        viewer=viewer,
        topic=house.topic,
        language="zh-hans",
        channel="chat",
        client_id=client_id,
        content=content,
    )


def test_opening_twice_with_one_client_id_is_one_conversation():
    house = make_house()
    viewer, client_id = make_viewer(house), make_client_id()

    first, second = opening(house, viewer, client_id), opening(house, viewer, client_id)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.conversation == second.conversation
    assert Message.objects.count() == 1


def test_opening_with_other_words_stores_nothing():
    house = make_house()
    viewer, client_id = make_viewer(house), make_client_id()
    opening(house, viewer, client_id)

    with pytest.raises(NotOpened):
        opening(house, viewer, client_id, "别的")

    assert Message.objects.count() == 1


def test_a_customer_of_another_brand_opens_nothing_here():
    house, elsewhere = make_house(), make_house("other", "QT")

    with pytest.raises(Refused):
        opening(house, make_viewer(elsewhere), make_client_id())

    assert not Conversation.objects.exists()


def test_a_private_link_opens_its_conversation_and_no_other():
    house = make_house()
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    other = make_conversation(house, viewer)

    session = follow_private_link(
        token=make_private_link(conversation=conversation, viewer=viewer), brand_id=house.brand.pk
    )

    behind = link_holder_of({LINK_COOKIE: session})
    assert behind.only_conversation_id == conversation.pk
    assert list(Conversation.objects.belonging_to(behind)) == [conversation]
    assert other in Conversation.objects.belonging_to(viewer)


def test_only_the_hash_of_a_link_is_kept():
    house = make_house()
    conversation = make_conversation(house)

    token = make_private_link(conversation=conversation, viewer=viewer_of(conversation))

    assert token not in str(PrivateLink.objects.values())


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "../../etc"])
def test_a_guessed_link_opens_nothing(token):
    house = make_house()
    make_private_link(conversation=make_conversation(house), viewer=viewer_of(Conversation.objects.get()))

    with pytest.raises(BadLink):
        follow_private_link(token=token, brand_id=house.brand.pk)


def test_a_link_ends_when_revoked_and_ninety_days_after_resolution():
    house = make_house()
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    first = make_private_link(conversation=conversation, viewer=viewer)
    revoke_private_links(conversation=conversation, viewer=viewer)
    second = make_private_link(conversation=conversation, viewer=viewer)
    resolve(conversation=conversation, by=house.mei)
    follow_private_link(token=second, brand_id=house.brand.pk)
    Conversation.objects.update(resolved_at=now() - timedelta(days=91))

    for token in (first, second):
        with pytest.raises(BadLink):
            follow_private_link(token=token, brand_id=house.brand.pk)


@pytest.mark.parametrize(("resolved_days_ago", "open_days"), [(None, 90), (80, 10)])
def test_what_a_link_opens_is_closed_again_when_the_link_ends(resolved_days_ago, open_days):
    house = make_house()
    conversation = make_conversation(house)
    token = make_private_link(conversation=conversation, viewer=viewer_of(conversation))
    if resolved_days_ago is not None:
        resolved_at = now() - timedelta(days=resolved_days_ago)
        Conversation.objects.update(state="resolved", resolved_at=resolved_at)

    session = follow_private_link(token=token, brand_id=house.brand.pk)

    for days, is_open in ((open_days - 1, True), (open_days + 1, False)):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            assert (link_holder_of({LINK_COOKIE: session}) is not None) == is_open


def test_a_link_of_one_brand_is_none_of_another():
    house, elsewhere = make_house(), make_house("other", "QT")
    conversation = make_conversation(house)
    token = make_private_link(conversation=conversation, viewer=viewer_of(conversation))

    with pytest.raises(BadLink):
        follow_private_link(token=token, brand_id=elsewhere.brand.pk)


def test_mallory_makes_no_link():
    house = make_house()
    conversation = make_conversation(house)

    with pytest.raises(Refused):
        make_private_link(conversation=conversation, viewer=make_viewer(house))
