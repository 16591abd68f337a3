"""`kefu agent add`: a new member of staff, and the link that lets them in for the first time."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import AddressTaken, add_agent, make_sign_in_link
from kefu.accounts.management.addresses import add_url_option, whole
from kefu.accounts.management.names import address_typed, name_typed, team_called
from kefu.accounts.models import Role
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Add an agent and print a one-time sign-in link that works for ten minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as colleagues and customers see it")
        parser.add_argument("--role", choices=Role.values, default=Role.AGENT.value)
        parser.add_argument(
            "--team",
            action="append",
            default=[],
            metavar="KEY",
            help="a team's key, or brand/team; may be repeated",
        )
        parser.add_argument(
            "--language",
            choices=dict(settings.LANGUAGES),
            default=settings.LANGUAGE_CODE,
            help="of their desk and their letters; they can choose another",
        )
        add_url_option(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        email = address_typed(options["email"])
        name, teams = name_typed(options["name"]), [team_called(key) for key in options["team"]]
        try:
            agent = add_agent(
                email=email,
                name=name,
                role=Role(options["role"]),
                teams=teams,
                by=SYSTEM,
                language=options["language"],
            )
        except AddressTaken:
            raise CommandError(f"An agent with the address {email} exists already.") from None
        link = whole(make_sign_in_link(agent=agent, by=SYSTEM), options["url"])
        if options["json"]:
            self.stdout.write(
                json.dumps({"id": agent.pk, "email": agent.email, "role": agent.role, "sign_in": link})
            )
            return
        self.stdout.write(f"Added {agent.name} <{agent.email}> as {agent.role}.")
        self.stdout.write(f"Sign in within ten minutes, once: {link}")
