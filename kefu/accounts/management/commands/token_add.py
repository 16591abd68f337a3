"""`kefu token add`: a program comes in an agent's name, for some of what they may do."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import (
    MOST_DAYS,
    USUAL_DAYS,
    BadToken,
    BeyondTheirReach,
    HasLeft,
    NothingToPublish,
    add_agent_token,
)
from kefu.accounts.management.names import agent_called
from kefu.accounts.models import TokenScope
from kefu.accounts.people.agent_tokens import LONGEST_TOKEN_NAME
from kefu.journal.actor import SYSTEM

# Why the agent may not, and what to do.
LACKS = {
    TokenScope.READ_ARTICLES: "does not write for the help centre",
    TokenScope.WRITE_ARTICLES: "does not write for the help centre",
    TokenScope.PUBLISH_ARTICLES: "does not publish in the help centre",
}


class Command(BaseCommand):
    help = "Give a program a token by which it comes in an agent's name. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "who", help="an agent's e-mail address, the part of it before the @, or their name"
        )
        parser.add_argument("--name", required=True, help="what it is for, as lists show it")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            help=f"what it may be used for; may be repeated: {', '.join(TokenScope)}",
        )
        parser.add_argument(
            "--days", type=int, default=USUAL_DAYS, help=f"how long it works (default {USUAL_DAYS})"
        )
        parser.add_argument("--json", action="store_true", help="print JSON for scripts")

    def handle(self, *_args: Any, **options: Any) -> None:
        agent = agent_called(options["who"])
        scopes = [_scope(one) for one in options["scope"]]
        try:
            added = add_agent_token(
                agent=agent, name=options["name"], scopes=scopes, days=options["days"], by=SYSTEM
            )
        except BeyondTheirReach as beyond:
            raise CommandError(
                f"{agent.email} {LACKS[beyond.scope]}, so {beyond.scope} would open nothing: "
                "change what they do there under Settings, Members, or take another agent."
            ) from None
        except NothingToPublish:
            raise CommandError(
                f"{TokenScope.PUBLISH_ARTICLES} opens nothing by itself: add --scope {TokenScope.WRITE_ARTICLES}."
            ) from None
        except BadToken:
            raise CommandError(
                f"Say --name in {LONGEST_TOKEN_NAME} characters at most, and --days from 1 to {MOST_DAYS}."
            ) from None
        except HasLeft:
            raise CommandError(f"{agent.email} has left.") from None
        row = added.row
        if options["json"]:
            told = {"id": row.pk, "email": agent.email, "scopes": row.scopes}
            self.stdout.write(
                json.dumps(
                    told | {"ends_at": row.ends_at.isoformat(timespec="seconds"), "token": added.token}
                )
            )
            return
        self.stdout.write(
            f"Token {row.pk} of {agent.name} <{agent.email}>: {', '.join(row.scopes)}, "
            f"until {row.ends_at:%Y-%m-%d %H:%M} UTC."
        )
        self.stdout.write(
            "It is shown this once. Send it as  Authorization: Bearer …  and never in an address:"
        )
        self.stdout.write(added.token)


def _scope(word: str) -> TokenScope:
    try:
        return TokenScope(word)
    except ValueError:
        raise CommandError(f"There is no scope {word}. Scopes: {', '.join(TokenScope)}.") from None
