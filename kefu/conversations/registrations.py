"""What this room hands down to the rooms below it."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.accounts.viewers import agent_of, customer_of
from kefu.conversations.frames import LookingFrame, SayFrame, SeenFrame, TypingFrame
from kefu.conversations.socket_verbs import answer_looking, answer_say, answer_seen, answer_typing
from kefu.conversations.topics import CONVERSATION_TOPICS
from kefu.realtime import people, topics, verbs
from kefu.realtime.hub import permission_kinds
from kefu.realtime.people import Person

# What accounts records when somebody may listen no longer.
ENDING = frozenset({"agent.sessions_ended", "agent.left", "customer.sessions_ended"})


def register_all() -> None:
    permission_kinds.update(ENDING)
    people.register("customer", _customer)
    people.register("agent", _agent)
    topics.register(CONVERSATION_TOPICS)
    verbs.register(SayFrame, answer_say)
    verbs.register(SeenFrame, answer_seen)
    verbs.register(TypingFrame, answer_typing)
    verbs.register(LookingFrame, answer_looking)


def _customer(cookies: Mapping[str, str], _host: str) -> Person | None:
    viewer = customer_of(cookies)
    return Person(viewer.actor, "", viewer) if viewer else None


def _agent(cookies: Mapping[str, str], _host: str) -> Person | None:
    agent = agent_of(cookies)
    return Person(agent.actor, str(agent.name), agent) if agent else None
