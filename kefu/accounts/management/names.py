"""Agents and teams as people call them at the console, and the names and addresses that they are given there."""

from __future__ import annotations

from django.core.management.base import CommandError

from kefu.accounts.models import Agent, Team
from kefu.safety.addresses import LONGEST_ADDRESS, NotAnAddress, mail_address


def agent_called(who: str) -> Agent:
    """The one active agent whom these words mean; raises CommandError with what to type instead."""
    found: list[Agent] = list(Agent.objects.active().called(who)[:5])
    if not found:
        known = ", ".join(Agent.objects.active().values_list("email", flat=True)[:20])
        raise CommandError(f"There is no agent {who}. Agents: {known or 'none yet'}.")
    if len(found) > 1:
        raise CommandError(f"{who} could be {', '.join(agent.email for agent in found)}; give the address.")
    return found[0]


def address_typed(typed: str) -> str:
    """As the mail system writes it; raises CommandError for what is no e-mail address, and for one that is too long."""
    try:
        return mail_address(typed)
    except NotAnAddress:
        if len(typed.strip()) > LONGEST_ADDRESS:
            raise CommandError(
                f"An e-mail address has at most {LONGEST_ADDRESS} characters; this one has {len(typed.strip())}."
            ) from None
        raise CommandError(f"{typed} is not an e-mail address.") from None


def name_typed(name: str) -> str:
    """With one space between its words; raises CommandError for none and for one that is too long."""
    name = " ".join(name.split())
    longest = Agent._meta.get_field("name").max_length or 0
    if not name:
        raise CommandError("Say --name, as colleagues and customers see it.")
    if len(name) > longest:
        raise CommandError(f"--name is at most {longest} characters; this one has {len(name)}.")
    return name


def team_called(key: str) -> Team:
    """The team with this key, or brand/key; raises CommandError with what to type instead."""
    brand, _, team = key.rpartition("/")
    found = list(Team.objects.filter(key=team, **({"brand__key": brand} if brand else {}))[:2])
    if not found:
        known = ", ".join(f"{one.brand.key}/{one.key}" for one in Team.objects.select_related("brand"))
        raise CommandError(f"There is no team {key}. Teams: {known or 'none yet'}.")
    if len(found) > 1:
        raise CommandError(f"Several brands have a team {key}; say brand/{key}.")
    return found[0]
