"""`kefu signin NAME`: a one-time link in place of a password."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kefu.accounts.actions import make_sign_in_link
from kefu.accounts.management.addresses import add_url_option, whole
from kefu.accounts.management.names import agent_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Print a one-time sign-in link that works for ten minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "who", help="an agent's e-mail address, the part of it before the @, or their name"
        )
        add_url_option(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        agent = agent_called(options["who"])
        link = whole(make_sign_in_link(agent=agent, by=SYSTEM), options["url"])
        if options["json"]:
            self.stdout.write(json.dumps({"id": agent.pk, "email": agent.email, "sign_in": link}))
            return
        self.stdout.write(f"{agent.name} <{agent.email}>, {agent.role}. Sign in within ten minutes, once:")
        self.stdout.write(link)
