"""Run inside the product, by its own actions: customers who have asked something, and what wakes them all."""

from __future__ import annotations

import json
import sys

from django.db import transaction

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.conversations.actions import Cursor, move_cursor
from kefu.conversations.models import Conversation, Topic
from kefu.livechat.actions import ask as ask_first
from kefu.livechat.questions import Question

# A transaction of the product lasts no longer than two seconds.
AT_ONCE = 100
LANGUAGE = "zh-hans"


def team_of(topic: str) -> None:
    """Print the id of the team that a topic's conversations come to."""
    sys.stdout.write(f"{Topic.objects.get(key=topic).team_id}")


def ask(topic: str, first: int, number: int) -> None:
    """Let so many new customers ask their first question; print each one's ref and token, a line of JSON each."""
    brand = Brand.objects.get()
    for start in range(first, first + number, AT_ONCE):
        with transaction.atomic():
            for place in range(start, min(start + AT_ONCE, first + number)):
                question = Question(
                    topic=topic, text="开始", client_id=f"bench-first-{place:08d}", session="token"
                )
                asked = ask_first(brand=brand, viewer=None, question=question, language=LANGUAGE)
                sys.stdout.write(f"{json.dumps({'ref': asked.conversation.ref, 'token': asked.token})}\n")


def see_all(refs: list[str], email: str, *, seen: bool) -> None:
    """An agent has, or has seen, what each of these customers has said: each of them is told, all in one transaction."""
    agent = Agent.objects.get(email=email)
    found = Conversation.objects.in_bulk(refs, field_name="ref")
    cursors = [
        Cursor(conversation_id=one.pk, by=agent, delivered=one.seq, seen=one.seq if seen else 0)
        for one in found.values()
    ]
    with transaction.atomic():
        for start in range(0, len(cursors), AT_ONCE):
            move_cursor(cursors[start : start + AT_ONCE])
