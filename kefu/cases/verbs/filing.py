"""A customer files a case: a conversation and its facts, in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.cases.events import CaseFiled
from kefu.cases.models import CaseField, CaseFile, FieldKey, IssueType
from kefu.conversations.actions import FirstWords, Met, meet_and_open
from kefu.conversations.models import Conversation, Topic
from kefu.journal.actions import record
from kefu.safety.guard import guard

# A case is answered in the chat's window.
CHANNEL = "chat"
# Whose topic a case of this type is: the first of these that the brand offers, else the first that it offers at all.
TOPICS = {IssueType.DEPOSIT_MISSING: ("deposits", "account")}


class NoTopic(LookupError):
    """The brand offers nothing to ask about."""


@dataclass(frozen=True, kw_only=True)
class Filing:
    """`client_id` is the form's own and unique for ever; `content` are the first words of the conversation.

    `email` only if somebody wants to be known by it. `asked_from` is theirs on the internet, for limits only.
    """

    issue_type: IssueType
    client_id: str
    content: str
    fields: Mapping[FieldKey, str] = field(default_factory=dict)
    zone: str = ""
    email: str = ""
    asked_from: str = ""


@transaction.atomic
def file_case(*, brand: Brand, viewer: CustomerViewer | None, filing: Filing, language: str) -> Met:
    """Open a conversation with these facts, meeting the visitor first if they are new. Twice is harmless.

    Raises NoTopic, NotAnAddress, and NotOpened if the client id was used for other words.
    """
    words = FirstWords(
        topic=_topic(brand, filing.issue_type),
        channel=CHANNEL,
        client_id=filing.client_id,
        content=filing.content,
        language=language,
        zone=filing.zone,
        email=filing.email,
        asked_from=filing.asked_from,
    )
    met = meet_and_open(viewer=viewer, words=words)
    if met.is_new:
        _keep(met.conversation, filing, met.viewer)
    return met


def _topic(brand: Brand, issue_type: IssueType) -> Topic:
    offered = list(Topic.objects.offered(brand).select_related("brand"))
    by_key = {topic.key: topic for topic in offered}
    wished = [by_key[key] for key in TOPICS.get(issue_type, ()) if key in by_key]
    if not offered:
        raise NoTopic
    return [*wished, *offered][0]


def file_under(issue_type: IssueType, *, conversation: Conversation, by: CustomerViewer) -> CaseFile:
    """Say of a conversation that was opened just now, in the same transaction, what kind of problem it is."""
    require(by, May.START_CONVERSATION, conversation.topic)
    file = CaseFile.objects.create(conversation=conversation, issue_type=issue_type)
    record(
        CaseFiled(
            actor=by.actor,
            brand_id=conversation.brand_id,
            conversation_id=conversation.pk,
            issue_type=issue_type,
        )
    )
    return file


def _keep(conversation: Conversation, filing: Filing, viewer: CustomerViewer) -> None:
    file = file_under(filing.issue_type, conversation=conversation, by=viewer)
    CaseField.objects.bulk_create(
        CaseField.of(file, key, guard(value)) for key, value in filing.fields.items() if value
    )
