"""`kefu agent reset`: phone and recovery codes are lost."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kefu.accounts.actions import reset_second_factor
from kefu.accounts.management.names import agent_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Take away a lost second factor; the next sign-in leads to enrolment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "who", help="an agent's e-mail address, the part of it before the @, or their name"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        agent = agent_called(options["who"])
        reset_second_factor(agent=agent, by=SYSTEM)
        self.stdout.write(
            f"The second factor of {agent.name} <{agent.email}> is gone and their sessions have ended."
        )
