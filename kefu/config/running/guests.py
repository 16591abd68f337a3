"""Who can sign in at the first start: the demo's agents, each by a link that works once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from kefu.accounts.actions import make_sign_in_link
from kefu.accounts.people.agents import Agent
from kefu.brands.models import Brand


@dataclass(frozen=True)
class Guest:
    name: str
    role: str
    path: str


def greeting() -> dict[str, Any]:
    """What serve prints: links for the demo's agents, and whether there are a brand and anybody who can sign in."""
    guests = (
        [_guest(agent) for agent in Agent.objects.filter(is_demo=True, is_active=True)]
        if settings.DEMO
        else []
    )
    return {
        "guests": [asdict(guest) for guest in guests],
        "has_agents": Agent.objects.exists(),
        "has_brands": Brand.objects.exists(),
        "outbox": reverse("demo:outbox") if settings.DEMO and settings.MAIL_SERVER is None else "",
    }


def _guest(agent: Agent) -> Guest:
    return Guest(name=agent.name, role=agent.role, path=make_sign_in_link(agent=agent))
