"""Run inside the product: the people of a run, and in the end what its database has. Each prints one line of JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Agent, Team
from kefu.brands.models import Brand
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation, Message, Topic
from kefu.conversations.snapshot import snapshot
from kefu.desk.rows import draw_row
from kefu.livechat.actions import ask
from kefu.livechat.questions import Question

# Two teams: the agents of one never see the conversations of the other.
TOPICS = ("account", "trading")
NAMES = (
    "林晚晴",
    "Ada",
    "陳柏宇",
    "一个很长很长很长很长很长很长很长很长很长很长的名字 with a very long name indeed",
)
OF_MESSAGE = ("client_id", "sender", "visibility", "text", "seq", "customer_seq")


def come_in(customers: int, agents: int) -> None:
    """Customers who have asked a first question, and agents who have signed in, half of them in each team."""
    teams = [Topic.objects.get(key=key).team for key in TOPICS]
    with transaction.atomic():
        asked = [_customer(number, TOPICS[number % 2]) for number in range(customers)]
        signed_in = [_agent(number, teams[number % 2]) for number in range(agents)]
    _print({"customers": asked, "agents": signed_in})


def _customer(number: int, topic: str) -> dict[str, Any]:
    question = Question(
        topic=topic, text=f"第 {number} 位客户", client_id=f"fault-first-{number}", session="token"
    )
    asked = ask(brand=Brand.objects.get(), viewer=None, question=question, language="zh-hans")
    return {
        "ref": asked.conversation.ref,
        "team": asked.conversation.team_id,
        "cookie": f"{CUSTOMER_COOKIE}={asked.token}",
    }


def _agent(number: int, team: Team) -> dict[str, Any]:
    name, email = f"{NAMES[number % len(NAMES)]} {number}", f"fault-{number}@xinghai.example"
    agent = Agent.objects.create_agent(
        email=email, name=name, role="agent", is_demo=True, availability="available"
    )
    agent.teams.add(team)
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return {"id": agent.pk, "team": team.pk, "cookie": cookie}


def tell() -> None:
    """Of each conversation, by its ref: what was said, its row on the desk, and a fresh page for each audience."""
    found = Conversation.objects.select_related("topic", "customer", "assignee")
    _print({one.ref: _told(one) for one in found})


def _told(conversation: Conversation) -> dict[str, Any]:
    messages = Message.objects.filter(conversation=conversation).order_by("seq")
    return {
        "messages": list(messages.values(*OF_MESSAGE)),
        "row": draw_row(conversation),
        "pages": {audience.value: snapshot(conversation, audience) for audience in Audience},
    }


def _print(value: Any) -> None:
    sys.stdout.write(f"{json.dumps(value, default=str)}\n")
