"""What happens in conversations: ids and closed values, never words."""

from __future__ import annotations

from typing import ClassVar

from kefu.conversations.nouns.message import Visibility
from kefu.conversations.nouns.rating import Verdict
from kefu.journal.events import Event
from kefu.safety.files.kinds import Problem
from kefu.ui.languages import Language


class ConversationOpened(Event, frozen=True, kw_only=True):
    """`is_unconfirmed`: no letter says that it was kept, since too many from this network went to who knows whom."""

    kind: ClassVar[str] = "conversation.opened"
    is_unconfirmed: bool = False


class MessageSaid(Event, frozen=True, kw_only=True):
    """`subject_id` is the message."""

    kind: ClassVar[str] = "conversation.message"
    visibility: Visibility


class ConversationAssigned(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "conversation.assigned"
    agent_id: int | None


class ConversationResolved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "conversation.resolved"


class ConversationReopened(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "conversation.reopened"


class ConversationRated(Event, frozen=True, kw_only=True):
    """`subject_id` is the rating."""

    kind: ClassVar[str] = "conversation.rated"
    verdict: Verdict


class RatingExplained(Event, frozen=True, kw_only=True):
    """The customer has put words beside their rating, which is `subject_id`, or changed them."""

    kind: ClassVar[str] = "conversation.rating_explained"


class ConversationErased(Event, frozen=True, kw_only=True):
    """Every word in it is gone, because its customer was erased."""

    kind: ClassVar[str] = "conversation.erased"


class CursorMoved(Event, frozen=True, kw_only=True):
    """How far somebody has it and has seen it: in staff's counting and in the customer's."""

    kind: ClassVar[str] = "conversation.cursor"
    delivered: int
    seen: int
    customer_delivered: int
    customer_seen: int


class PrivateLinkMade(Event, frozen=True, kw_only=True):
    """`subject_id` is the link."""

    kind: ClassVar[str] = "conversation.link_made"


class TranscriptAskedFor(Event, frozen=True, kw_only=True):
    """The customer wants the conversation by mail; a letter follows, in the language of the page where they asked."""

    kind: ClassVar[str] = "conversation.transcript_asked_for"
    language: Language


class PrivateLinkUsed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "conversation.link_used"


class FileUploaded(Event, frozen=True, kw_only=True):
    """All of a file has come in; `subject_id` is the attachment. Nobody counts it: it is seen with its message."""

    kind: ClassVar[str] = "conversation.file_uploaded"


class FileChecked(Event, frozen=True, kw_only=True):
    """A said file is ready now, or refused; `subject_id` is its message, which is drawn anew."""

    kind: ClassVar[str] = "conversation.file_checked"
    attachment_id: int
    problem: Problem | None


class TopicAdded(Event, frozen=True, kw_only=True):
    """Subject: the topic, here and below; the revision holds what was before and after."""

    kind: ClassVar[str] = "topic.added"
    revision_id: int
    team_id: int


class TopicChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "topic.changed"
    revision_id: int
    team_id: int
