"""`kefu token revoke`: a program comes in no more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import revoke_agent_token
from kefu.accounts.models import AgentToken
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Revoke a token: it opens nothing any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help="its number in kefu token list")

    def handle(self, *_args: Any, **options: Any) -> None:
        token = AgentToken.objects.select_related("agent").filter(pk=options["id"]).first()
        if token is None:
            raise CommandError(f"There is no token {options['id']}; kefu token list shows them.")
        revoke_agent_token(token=token, by=SYSTEM)
        self.stdout.write(f"Token {token.pk} of {token.agent.email} opens nothing any more.")
