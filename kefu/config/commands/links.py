"""Where a sign-in link leads: the address that operators see is the one that agents can open."""

from __future__ import annotations

from argparse import Namespace

from kefu.accounts.actions import make_sign_in_link
from kefu.accounts.people.agents import Agent
from kefu.config.running.choices import choose


def sign_in_link(agent: Agent) -> str:
    """A link that works once, at the public host or, without one, at the local address."""
    choices, _ = choose(Namespace())
    return f"{choices.public_address(choices.port)}{make_sign_in_link(agent=agent)}"
