"""`kefu agent add EMAIL --name NAME`: the first agent of an installation, and any other."""

from __future__ import annotations

from argparse import Namespace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from kefu.accounts.people.agents import Agent, Role, Team
from kefu.config.commands.links import sign_in_link
from kefu.config.running.refusal import Refusal


def run(arguments: Namespace) -> int:
    agent = add(email=arguments.email, name=arguments.name, role=arguments.role, teams=arguments.team)
    print(f"{agent.name} can sign in, once, by this link:")
    print(sign_in_link(agent))
    return 0


@transaction.atomic
def add(*, email: str, name: str, role: str, teams: list[str]) -> Agent:
    """Raises Refusal for an address, role or team that can't be."""
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(f"{email!r} is not an e-mail address.") from None
    if role not in Role.values:
        raise Refusal(f"There is no role {role!r}; choose one of {', '.join(Role.values)}.")
    if Agent.objects.filter(email__iexact=email).exists():
        raise Refusal(f"There is an agent with {email} already; bin/kefu signin {email} makes a link.")
    agent = Agent.objects.create_agent(email=email, name=name, role=role)
    agent.teams.set(_team(key) for key in teams)
    return agent


def _team(key: str) -> Team:
    found = list(Team.objects.filter(key=key)[:2])
    if len(found) != 1:
        known = ", ".join(Team.objects.values_list("key", flat=True).distinct())
        raise Refusal(f"There is no one team {key!r}; known are: {known or 'none yet'}.")
    return found[0]
