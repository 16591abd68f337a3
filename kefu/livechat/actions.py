"""What a customer does from the window: ask a first question."""

from __future__ import annotations

from django.db import transaction

from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.cases.actions import file_under
from kefu.cases.models import IssueType
from kefu.conversations.actions import FirstWords, Met, NotOpened, meet_and_open
from kefu.conversations.models import Topic
from kefu.conversations.trails import Step
from kefu.livechat.channel import KEY
from kefu.livechat.questions import BadQuestion, Question
from kefu.safety.addresses import NotAnAddress


@transaction.atomic
def ask(
    *, brand: Brand, viewer: CustomerViewer | None, question: Question, language: str, asked_from: str = ""
) -> Met:
    """Open a conversation, meeting the visitor first if they are new. Twice is harmless. Raises BadQuestion.

    `asked_from` is their network, for limits only.
    """
    topic = Topic.objects.offered(brand).select_related("brand").filter(key=question.topic).first()
    if topic is None:
        raise BadQuestion("topic")
    words = FirstWords(
        topic=topic,
        channel=KEY,
        client_id=question.client_id,
        content=question.text,
        language=language,
        zone=question.zone,
        email=question.email,
        trail=[Step(one.kind, one.name) for one in question.trail],
        asked_from=asked_from,
    )
    try:
        met = meet_and_open(viewer=viewer, words=words)
    except NotAnAddress:
        raise BadQuestion("email") from None
    except NotOpened:
        raise BadQuestion("conflict") from None
    if met.is_new and question.issue_type in IssueType.values:
        file_under(IssueType(question.issue_type), conversation=met.conversation, by=met.viewer)
    return met
