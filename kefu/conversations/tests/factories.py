"""Conversations for tests, on top of the people that accounts makes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from kefu.accounts.models import Agent, Customer, Role, Team
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.conversations.actions import Say, open_conversation
from kefu.conversations.models import Conversation, Topic
from kefu.safety.guard import guard

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Ngirabanyiginya"
numbers = count(1)


@dataclass(frozen=True)
class House:
    """A brand with a team, a topic, an agent of the team, and an agent of another team."""

    brand: Brand
    team: Team
    topic: Topic
    mei: Agent
    stranger: Agent


def make_house(key: str = "xinghai", prefix: str = "XH") -> House:
    brand = Brand.objects.create(
        key=key, name="星海 Exchange", prefix=prefix, languages=["zh-hans", "zh-hant", "en"]
    )
    team = Team.objects.create(brand=brand, key="deposits", name="充值与提现")
    other = Team.objects.create(brand=brand, key="trading", name="Trading")
    topic = Topic.objects.create(
        brand=brand, team=team, key="account", names={"zh-hans": "账户与资产", "en": "Account"}
    )
    return House(brand, team, topic, make_agent(team, "林美"), make_agent(other, LONG_NAME))


def make_agent(team: Team, name: str = "周启", role: Role = Role.AGENT) -> Agent:
    agent = Agent.objects.create_agent(
        email=f"agent{next(numbers)}@staff.example", name=name, role=role, is_demo=True
    )
    agent.teams.add(team)
    return agent


def make_viewer(house: House, name: str = "陈晓") -> CustomerViewer:
    customer = Customer.objects.create(brand=house.brand, name=guard(name))
    return CustomerViewer(customer_id=customer.pk, brand_id=house.brand.pk)


def make_client_id() -> str:
    return f"client-{next(numbers):08d}"


def make_conversation(
    house: House, viewer: CustomerViewer | None = None, text: str = "充的币还没到账"
) -> Conversation:
    viewer = viewer or make_viewer(house)
    return open_conversation(
        viewer=viewer,
        topic=house.topic,
        language="zh-hans",
        channel="chat",
        client_id=make_client_id(),
        content=text,
    ).conversation


def viewer_of(conversation: Conversation) -> CustomerViewer:
    return CustomerViewer(customer_id=conversation.customer_id, brand_id=conversation.brand_id)


def reply_to(conversation: Conversation, by: Agent, text: str = "好的") -> Say:
    """By somebody who has read all that was said so far."""
    conversation.refresh_from_db()
    return Say(
        conversation_id=conversation.pk,
        by=by,
        client_id=make_client_id(),
        content=text,
        spoken_seq=conversation.spoken_seq,
    )
