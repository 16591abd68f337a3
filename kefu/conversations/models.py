"""The core's nouns."""

from kefu.conversations.nouns.attachment import Attachment, FileState, LooseBytes
from kefu.conversations.nouns.conversation import Conversation, State, Topic, Turn
from kefu.conversations.nouns.draft import Draft
from kefu.conversations.nouns.message import Message, Origin, TextFormat, Visibility
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.nouns.private_link import PrivateLink
from kefu.conversations.nouns.rating import Rating, Verdict
from kefu.conversations.nouns.topic_revision import TopicRevision
from kefu.conversations.nouns.trail_step import TrailStep

__all__ = [
    "Attachment",
    "Conversation",
    "Draft",
    "FileState",
    "LooseBytes",
    "Message",
    "Origin",
    "Participant",
    "PrivateLink",
    "Rating",
    "State",
    "TextFormat",
    "Topic",
    "TopicRevision",
    "TrailStep",
    "Turn",
    "Verdict",
    "Visibility",
]
