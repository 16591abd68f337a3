"""What happens in conversations: ids and closed values, never words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.conversations.nouns.message import Visibility
from kefu.conversations.nouns.rating import Verdict
from kefu.journal.events import Event
from kefu.safety.files.kinds import Problem
from kefu.ui.languages import Language


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(Event):
    """`is_unconfirmed`: no letter says that it was kept, since too many from this network went to who knows whom."""

    kind: ClassVar[str] = "conversation.opened"
    is_unconfirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageSaid(Event):
    """`subject_id` is the message."""

    kind: ClassVar[str] = "conversation.message"
    visibility: Visibility


@dataclass(frozen=True, kw_only=True)
class ConversationAssigned(Event):
    kind: ClassVar[str] = "conversation.assigned"
    agent_id: int | None


@dataclass(frozen=True, kw_only=True)
class ConversationResolved(Event):
    kind: ClassVar[str] = "conversation.resolved"


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(Event):
    kind: ClassVar[str] = "conversation.reopened"


@dataclass(frozen=True, kw_only=True)
class ConversationRated(Event):
    """`subject_id` is the rating."""

    kind: ClassVar[str] = "conversation.rated"
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class RatingExplained(Event):
    """The customer has put words beside their rating, which is `subject_id`, or changed them."""

    kind: ClassVar[str] = "conversation.rating_explained"


@dataclass(frozen=True, kw_only=True)
class ConversationErased(Event):
    """Every word in it is gone, because its customer was erased."""

    kind: ClassVar[str] = "conversation.erased"


@dataclass(frozen=True, kw_only=True)
class CursorMoved(Event):
    """How far somebody has it and has seen it: in staff's counting and in the customer's."""

    kind: ClassVar[str] = "conversation.cursor"
    delivered: int
    seen: int
    customer_delivered: int
    customer_seen: int


@dataclass(frozen=True, kw_only=True)
class PrivateLinkMade(Event):
    """`subject_id` is the link."""

    kind: ClassVar[str] = "conversation.link_made"


@dataclass(frozen=True, kw_only=True)
class TranscriptAskedFor(Event):
    """The customer wants the conversation by mail; a letter follows, in the language of the page where they asked."""

    kind: ClassVar[str] = "conversation.transcript_asked_for"
    language: Language


@dataclass(frozen=True, kw_only=True)
class PrivateLinkUsed(Event):
    kind: ClassVar[str] = "conversation.link_used"


@dataclass(frozen=True, kw_only=True)
class FileUploaded(Event):
    """All of a file has come in; `subject_id` is the attachment. Nobody counts it: it is seen with its message."""

    kind: ClassVar[str] = "conversation.file_uploaded"


@dataclass(frozen=True, kw_only=True)
class FileChecked(Event):
    """A said file is ready now, or refused; `subject_id` is its message, which is drawn anew."""

    kind: ClassVar[str] = "conversation.file_checked"
    attachment_id: int
    problem: Problem | None


@dataclass(frozen=True, kw_only=True)
class TopicAdded(Event):
    """Subject: the topic, here and below; the revision holds what was before and after."""

    kind: ClassVar[str] = "topic.added"
    revision_id: int
    team_id: int


@dataclass(frozen=True, kw_only=True)
class TopicChanged(Event):
    kind: ClassVar[str] = "topic.changed"
    revision_id: int
    team_id: int
