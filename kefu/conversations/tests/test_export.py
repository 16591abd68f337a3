"""What a person is handed of their conversations."""

from __future__ import annotations

import pytest

from kefu.accounts.privacy import Extract
from kefu.conversations.actions import Say, say
from kefu.conversations.privacy import export
from kefu.conversations.tests.factories import make_client_id, make_conversation, make_house, viewer_of

pytestmark = pytest.mark.django_db


def test_a_message_of_another_network_says_by_what_it_is_known_there() -> None:
    conversation = make_conversation(make_house())
    say(
        [
            Say(
                conversation_id=conversation.pk,
                by=viewer_of(conversation),
                client_id=make_client_id(),
                content="从那边写的",
                channel_account="telegram:xinghai",
                external_id="841/20077",
            )
        ]
    )

    extract = Extract()
    export([conversation.customer], extract)

    [written_here, written_there] = extract.own["conversations"][0]["messages"]
    there = {"channel_account": "telegram:xinghai", "external_id": "841/20077"}
    assert written_there.items() >= there.items()
    assert written_here.keys() == written_there.keys() - there.keys()
