"""Opening a conversation: once for each client id, with its first words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from kefu.accounts.models import Customer, Identity, Level
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.refs import new_ref
from kefu.conversations import trails
from kefu.conversations.events import ConversationOpened
from kefu.conversations.nouns.conversation import Conversation, Topic
from kefu.conversations.verbs.counting import fact
from kefu.conversations.verbs.say import Conflict, Denied, Say
from kefu.conversations.verbs.saying import say
from kefu.journal.actions import record
from kefu.safety.limits import Limit, TooMany, take

# Who asks may name strangers, whose mailboxes we don't fill. Many customers may share one network, so beyond this a question
# is kept all the same, and only no letter confirms it.
CONFIRMED = Limit("conversations.confirmed", 30, timedelta(days=1))


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
    asked_from: str = "",
) -> Opening:
    """Start a conversation with its first message; asking again with the same client id gives the first one.

    `trail` is what was read and searched before; `asked_from` is the customer's network, for limits only.

    Raises NotOpened if that client id was used for other words, or if the customer has become another in this moment.
    """
    require(viewer, May.START_CONVERSATION, topic)
    # The customer's row serialises two openings with one client id, and an opening with a merge.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=viewer.customer_id)
    if customer.merged_into_id is not None or customer.erased_at is not None:
        raise NotOpened
    known = Conversation.objects.filter(customer_id=viewer.customer_id, client_id=client_id).first()
    conversation = known or _create(viewer, topic, language, channel, client_id)
    if known is None:
        _tell(conversation, viewer, customer, asked_from)
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


def _create(
    viewer: CustomerViewer, topic: Topic, language: str, channel: str, client_id: str
) -> Conversation:
    conversation: Conversation = Conversation.objects.create(
        brand_id=topic.brand_id,
        ref=new_ref(topic.brand.prefix),
        topic=topic,
        team_id=topic.team_id,
        customer_id=viewer.customer_id,
        channel=channel,
        client_id=client_id,
        language=language,
    )
    return conversation


def _tell(conversation: Conversation, viewer: CustomerViewer, customer: Customer, asked_from: str) -> None:
    is_unconfirmed = _names_a_stranger(customer) and not _has_a_turn(asked_from)
    event = fact(ConversationOpened, conversation, actor=viewer.actor, is_unconfirmed=is_unconfirmed)
    conversation.save(update_fields=["seq", "customer_seq"])
    record(event)


def _names_a_stranger(customer: Customer) -> bool:
    """Whether letters would go to an address that nobody has proven, which may be anybody's."""
    if customer.level == Level.ANONYMOUS:
        return False
    levels = set(Identity.objects.filter(customer=customer, kind="email").values_list("level", flat=True))
    return bool(levels) and max(levels) < Level.PROVEN


def _has_a_turn(network: str) -> bool:
    """Counted together with what it is about, so that asking the same again counts no more."""
    if not network:
        return True
    try:
        take(CONFIRMED, network)
    except TooMany:
        return False
    return True
