"""What it takes to draw what a batch has said, gathered while it is at hand: for who said it, and for who listens here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from kefu.accounts.models import Agent, Customer
from kefu.conversations.drawing import Audience, Material, draw_head
from kefu.conversations.drawing_files import files_of
from kefu.conversations.fresh import DRAWN_OF_CUSTOMERS, Ahead, Beside, topics_beside
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.shapes import Head
from kefu.conversations.snapshot import topic_of
from kefu.conversations.verbs.saying import Batch
from kefu.journal import rows
from kefu.journal.models import Entry
from kefu.realtime.hub import hub

# The head to which a customer's message that was stored just now has led, if nothing came behind it.
HeadAfter = Callable[[Message], Head | None]


def gather_soon(batch: Batch) -> Callable[[], HeadAfter]:
    """Ask for what it takes, within `prepared.together()`; calling the answer puts it into the batch."""
    leading, heard = _leading(batch), _heard(batch)
    drawn = [*leading.values(), *heard]
    agent_ids = {vars(one)["assignee_id"] for one in drawn} | (_speaking_agents(batch) if heard else set())
    agents_soon = rows.fetch_soon(Agent, "id", agent_ids - {None})
    customer_ids = {vars(one)["customer_id"] for one in heard}
    customers_soon = rows.fetch_soon(Customer, "id", customer_ids, only=DRAWN_OF_CUSTOMERS)

    def gathered() -> HeadAfter:
        theirs = Beside(
            topics=topics_beside(drawn),
            customers={one.id: one for one in customers_soon()},
            agents={one.pk: one for one in agents_soon()},
        )
        material = Material(
            messages={one.id: one for one in batch.messages},
            topics=theirs.topics,
            customers=theirs.customers,
            agents=theirs.agents,
            rating_words={},
            files=files_of(batch.messages) if heard else {},
        )
        drawable = {one.id for one in heard if theirs.can_draw_for_staff(one)}
        batch.ahead += [
            Ahead(batch.conversations[pk], entries, material if pk in drawable else None)
            for pk, entries in _by_conversation(batch).items()
        ]

        def head_after(message: Message) -> Head | None:
            conversation = leading.get(message.id)
            return None if conversation is None else draw_head(conversation, Audience.CUSTOMER, material)

        return head_after

    return gathered


def _leading(batch: Batch) -> dict[int, Conversation]:
    """By message. What comes behind it in the same batch leads on from there, and is told as events."""
    leading = {}
    for message in batch.messages:
        conversation = batch.conversations[vars(message)["conversation_id"]]
        is_by_customer = vars(rows.related(message, "participant"))["agent_id"] is None
        if is_by_customer and message.customer_seq == conversation.customer_seq:
            leading[message.id] = conversation
    return leading


def _heard(batch: Batch) -> list[Conversation]:
    """Those to whom somebody listens for staff. A customer is told by the acknowledgement, unless somebody is beside them."""
    spoken = {vars(message)["conversation_id"] for message in batch.messages}
    conversations = (batch.conversations[pk] for pk in spoken)
    return [one for one in conversations if hub.is_heard(topic_of(one.ref, Audience.STAFF))]


def _speaking_agents(batch: Batch) -> set[int | None]:
    return {vars(rows.related(message, "participant"))["agent_id"] for message in batch.messages}


def _by_conversation(batch: Batch) -> dict[int, list[Entry]]:
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in batch.entries:
        found[entry.conversation_id or 0].append(entry)
    return found
