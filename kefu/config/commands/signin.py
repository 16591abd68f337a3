"""`kefu signin NAME`: a link for somebody who can't sign in otherwise."""

from __future__ import annotations

from argparse import Namespace

from django.db.models import Q

from kefu.accounts.people.agents import Agent
from kefu.config.commands.links import sign_in_link
from kefu.config.running.refusal import Refusal


def run(arguments: Namespace) -> int:
    print(sign_in_link(_agent(arguments.name)))
    return 0


def _agent(name: str) -> Agent:
    found: list[Agent] = list(Agent.objects.filter(Q(email__iexact=name) | Q(name__iexact=name), is_active=True)[:2])
    if not found:
        known = ", ".join(Agent.objects.filter(is_active=True).values_list("email", flat=True)[:10])
        raise Refusal(f"There is no active agent {name!r}; known are: {known or 'none yet'}.")
    if len(found) > 1:
        raise Refusal(f"More than one agent is called {name!r}; give the e-mail address.")
    return found[0]
