"""What the chat window shows to whoever opens it: the state now, the topics, and the visitor's own conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kefu.accounts.announcing import can_announce
from kefu.brands.models import Brand
from kefu.brands.refs import read_ref
from kefu.cases.models import IssueType
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation, Participant, Topic
from kefu.conversations.snapshot import snapshot
from kefu.livechat.visit import Reading, Visit
from kefu.ui.icons import names
from kefu.ui.languages import html_lang
from kefu.waiting.models import Greeting
from kefu.waiting.state import chat_state

MOST_SHOWN = 3


@dataclass(frozen=True)
class TopicChoice:
    key: str
    name: str
    note: str
    icon: str


@dataclass(frozen=True)
class Wish:
    """What the address asks for: one of the visitor's own conversations, a topic, what kind of problem, or to begin anew."""

    ref: str = ""
    topic: str = ""
    anew: bool = False
    issue_type: str = ""


def window(*, brand: Brand, visit: Visit, language: str, wish: Wish) -> dict[str, Any]:
    reading = None if wish.anew else _chosen(visit, wish)
    conversation = reading.conversation if reading else None
    topics = [_choice(topic, language) for topic in Topic.objects.offered(brand)]
    return {
        "state": chat_state(brand),
        "greeting": Greeting.objects.text_in(language, brand=brand),
        "can_announce": can_announce(brand),
        "topics": topics,
        "topic": wish.topic if wish.topic in {topic.key for topic in topics} else "",
        "issue_type": wish.issue_type if wish.issue_type in IssueType.values else "",
        "conversation": conversation,
        "snapshot": snapshot(conversation, Audience.CUSTOMER) if conversation else None,
        "seen": _seen(conversation) if conversation else 0,
        "is_by_link": reading is not None and reading.is_by_link,
        "previous": _all_previous(visit, language) if conversation is None else [],
        "lang": html_lang(language),
    }


def _chosen(visit: Visit, wish: Wish) -> Reading | None:
    """The one that was asked for, else the last. Who comes with a new topic does not want a resolved one."""
    if wish.ref:
        return visit.reading(read_ref(wish.ref) or "")
    last = visit.last()
    return None if last and last.conversation.is_resolved and wish.topic else last


def _seen(conversation: Conversation) -> int:
    """How far its customer has seen it, on whatever device: not every browser remembers."""
    own = Participant.objects.filter(conversation=conversation, customer=conversation.customer_id)
    return own.values_list("seen_seq", flat=True).first() or 0


def _choice(topic: Topic, language: str) -> TopicChoice:
    return TopicChoice(topic.key, topic.name_in(language), topic.note_in(language), _icon(topic))


def _icon(topic: Topic) -> str:
    return topic.icon if topic.icon in names() else "question"


def _all_previous(visit: Visit, language: str) -> list[dict[str, Any]]:
    own = [_previous(one, language) for one in visit.conversations()[:MOST_SHOWN]]
    return own + [_previous(one, language) | {"is_by_link": True} for one in visit.linked()]


def _previous(conversation: Conversation, language: str) -> dict[str, Any]:
    return {
        "ref": conversation.ref,
        "name": conversation.topic.name_in(language),
        "icon": _icon(conversation.topic),
        "at": conversation.last_message_at,
        "is_resolved": conversation.is_resolved,
    }
