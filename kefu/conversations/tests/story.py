"""A conversation with cookies for both sides, and the ways to tell a story about it over the real socket handler."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import connections

from kefu.accounts.actions import open_session
from kefu.conversations.actions import Say, say
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import make_client_id, make_conversation, make_house, viewer_of
from kefu.conversations.tests.staff import staff_cookies


class Story:
    """A house with a conversation, and both sides' cookies."""

    def __init__(self) -> None:
        self.house = make_house()
        self.conversation = make_conversation(self.house)
        self.ref = self.conversation.ref
        self.customer_topic = topic_of(self.ref, Audience.CUSTOMER)
        self.staff_topic = topic_of(self.ref, Audience.STAFF)
        self.customer = {"kefu_customer": open_session(customer=self.conversation.customer)}
        self.mei = staff_cookies(self.house.mei)
        self.stranger = staff_cookies(self.house.stranger)


def say_as_customer(story, text):
    conversation = Conversation.objects.get(pk=story.conversation.pk)
    return say(
        [
            Say(
                conversation_id=conversation.pk,
                by=viewer_of(conversation),
                client_id=make_client_id(),
                content=text,
            )
        ]
    )


async def in_thread(work):
    """Work with the database, and leave no connection behind that would keep the test database busy."""

    def run():
        try:
            return work()
        finally:
            connections.close_all()

    return await sync_to_async(run)()
