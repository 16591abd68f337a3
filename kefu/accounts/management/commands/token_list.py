"""`kefu token list`: whose programs come in, for what, until when, and when they last did."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kefu.accounts.models import AgentToken


class Command(BaseCommand):
    help = "List the tokens of agents; the tokens themselves are known to nobody here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that are revoked or over")
        parser.add_argument("--json", action="store_true", help="print JSON for scripts")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = AgentToken.objects.select_related("agent")
        rows = [told(one) for one in (found if options["all"] else found.living())]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("  ".join(str(value) for value in row.values()))
        if not rows:
            self.stdout.write("There is no token. Make one: kefu token add WHO --name NAME --scope SCOPE")


def told(token: AgentToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "email": token.agent.email,
        "name": token.name,
        "scopes": " ".join(token.scopes),
        "state": f"until {_moment(token.ends_at)}" if token.is_living else "ended",
        "used": f"last used {_moment(token.used_at)}" if token.used_at else "never used",
    }


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
