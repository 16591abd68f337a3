"""Opening a conversation: once for each client id, with its first words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kefu.accounts.models import Customer
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.refs import new_ref
from kefu.conversations import trails
from kefu.conversations.events import ConversationOpened
from kefu.conversations.nouns.conversation import Conversation, Topic
from kefu.conversations.verbs.counting import fact
from kefu.conversations.verbs.saying import Conflict, Denied, Say, say
from kefu.journal.actions import record


class NotOpened(RuntimeError):
    """The first words were refused: this client id was used for others."""


@dataclass(frozen=True)
class Opening:
    conversation: Conversation
    is_new: bool


@transaction.atomic
def open_conversation(
    *,
    viewer: CustomerViewer,
    topic: Topic,
    language: str,
    channel: str,
    client_id: str,
    content: str,
    trail: Sequence[trails.Step] = (),
) -> Opening:
    """Start a conversation with its first message; asking again with the same client id gives the first one.

    `trail` is what was read and searched before.

    Raises NotOpened if that client id was used for other words, or if the customer has become another in this moment.
    """
    require(viewer, May.START_CONVERSATION, topic)
    # The customer's row serialises two openings with one client id, and an opening with a merge.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=viewer.customer_id)
    if customer.merged_into_id is not None or customer.erased_at is not None:
        raise NotOpened
    known = Conversation.objects.filter(customer_id=viewer.customer_id, client_id=client_id).first()
    conversation = known or _new(viewer, topic, language, channel, client_id)
    if known is None:
        trails.keep(conversation, trail)
    answer = say(
        [
            Say(
                conversation_id=conversation.pk,
                by=viewer,
                client_id=client_id,
                content=content,
                language=language,
            )
        ]
    )[0]
    if isinstance(answer, Conflict | Denied):
        raise NotOpened
    conversation.refresh_from_db()
    return Opening(conversation, is_new=known is None)


def _new(viewer: CustomerViewer, topic: Topic, language: str, channel: str, client_id: str) -> Conversation:
    conversation = Conversation.objects.create(
        brand_id=topic.brand_id,
        ref=new_ref(topic.brand.prefix),
        topic=topic,
        team_id=topic.team_id,
        customer_id=viewer.customer_id,
        channel=channel,
        client_id=client_id,
        language=language,
    )
    event = fact(ConversationOpened, conversation, actor=viewer.actor)
    conversation.save(update_fields=["seq", "customer_seq"])
    record(event)
    return conversation
