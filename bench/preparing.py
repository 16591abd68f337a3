"""Run inside the product, by its own actions: customers who have asked something, and what wakes them all."""

from __future__ import annotations

import json
import sys
from time import perf_counter

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
CLIENT_ID = "bench-first-"


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
                    topic=topic, text="开始", client_id=f"{CLIENT_ID}{place:08d}", session="token"
                )
                asked = ask_first(brand=brand, viewer=None, question=question, language=LANGUAGE)
                sys.stdout.write(f"{json.dumps({'ref': asked.conversation.ref, 'token': asked.token})}\n")


def see_all(email: str, has_seen: bool) -> None:
    """An agent has, or has seen, what each of these customers asked, so each of them is told; print when that was committed.

    All in one transaction, longer than any of the product's own: all are to be woken at once.
    """
    agent = Agent.objects.get(email=email)
    found = Conversation.objects.filter(client_id__startswith=CLIENT_ID)
    cursors = [
        Cursor(conversation_id=one.pk, by=agent, delivered=one.seq, seen=one.seq if has_seen else 0)
        for one in found
    ]
    with transaction.atomic():
        for start in range(0, len(cursors), AT_ONCE):
            move_cursor(cursors[start : start + AT_ONCE])
    sys.stdout.write(f"{perf_counter()}")
