"""What this room hands down to the rooms below it."""

from __future__ import annotations

from kefu.accounts import becoming_known, merging, privacy
from kefu.accounts.bearer import holder_of
from kefu.accounts.viewers import agent_of, customer_of, link_holder_of
from kefu.brands.models import Brand
from kefu.conversations.forgetting import forget_files_not_said, forget_loose_bytes
from kefu.conversations.frames import LookingFrame, SayFrame, SeenFrame, TypingFrame
from kefu.conversations.merging import end_private_links, move_conversations
from kefu.conversations.privacy import PART
from kefu.conversations.socket_verbs import (
    answer_looking,
    answer_say,
    answer_seen,
    answer_typing,
    begin_say,
)
from kefu.conversations.topics import CONVERSATION_TOPICS, split
from kefu.conversations.whose import reader_of
from kefu.journal.actor import Actor, agent_actor, customer_actor
from kefu.journal.models import Entry
from kefu.realtime import people, topics, verbs
from kefu.realtime.database import Busy
from kefu.realtime.hub import losing
from kefu.realtime.people import Credentials, Person
from kefu.safety import retention
from kefu.safety.limits import TooMany


def _subject(entry: Entry) -> set[Actor]:
    return {agent_actor(entry.subject_id)} if entry.subject_id is not None else set()


def _customers(entry: Entry) -> set[Actor]:
    return {customer_actor(customer_id) for customer_id in entry.payload.get("customer_ids", [])}


def register_all() -> None:
    losing["agent.sessions_ended"] = losing["agent.left"] = _subject
    losing["customer.sessions_ended"] = losing["customer.merged"] = _customers
    becoming_known.register(end_private_links)
    merging.register(move_conversations)
    privacy.register("conversations", PART)
    retention.register(retention.DataKind.FILE_NOT_SAID, forget_files_not_said)
    retention.register(retention.DataKind.FILE_BYTES, forget_loose_bytes)
    people.register("customer", _customer)
    people.register("agent", _agent)
    topics.register(CONVERSATION_TOPICS)
    verbs.register(SayFrame, answer_say, begin=begin_say)
    verbs.register(SeenFrame, answer_seen)
    verbs.register(TypingFrame, answer_typing)
    verbs.register(LookingFrame, answer_looking)


def _customer(credentials: Credentials, topic: str) -> Person | None:
    """Behind a private link somebody else than in their own conversations, so the topic decides."""
    if credentials.token is not None:
        return _by_token(credentials, credentials.token)
    own, holder = customer_of(credentials.cookies), link_holder_of(credentials.cookies)
    viewer = reader_of(parts[0], own, holder) if (parts := split(topic)) and own and holder else None
    viewer = viewer or own or holder
    return Person(viewer.actor, "", viewer) if viewer else None


def _by_token(credentials: Credentials, token: str) -> Person | None:
    brand = Brand.objects.of_host(credentials.host)
    try:
        viewer = holder_of(token, brand_id=brand.pk if brand else None, address=credentials.address)
    except TooMany as refusal:
        raise Busy from refusal
    return Person(viewer.actor, "", viewer) if viewer else None


def _agent(credentials: Credentials, _topic: str) -> Person | None:
    agent = agent_of(credentials.cookies)
    return Person(agent.actor, str(agent.name), agent) if agent else None
