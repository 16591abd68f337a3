"""`kefu agent close`: an agent has left."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import LastAdmin, close_agent
from kefu.accounts.management.names import agent_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Close all ways in of an agent who has left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "who", help="an agent's e-mail address, the part of it before the @, or their name"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        agent = agent_called(options["who"])
        try:
            close_agent(agent=agent, by=SYSTEM)
        except LastAdmin:
            raise CommandError(f"{agent.email} is the last admin; add another first.") from None
        self.stdout.write(
            f"{agent.name} <{agent.email}> can't sign in any more and their sessions have ended."
        )
