"""`kefu platform rotate`: a second secret beside the first, then the end of the first; or the key set once more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.exchange.actions import end_older_secret
from kefu.exchange.management.platforms import fetched, new_secret, platform_of, told
from kefu.exchange.models import KeySource
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Add a second secret, so that the platform can change over; then end the older one. Or fetch its key set now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("brand", help="the brand's key")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--end-old", action="store_true", help="believe the older of two secrets no more")
        choice.add_argument(
            "--secret-from-stdin", action="store_true", help="share the secret on standard input"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        platform = platform_of(options["brand"])
        if platform.source == KeySource.JWKS:
            self.stdout.write(fetched(platform))
        elif options["end_old"]:
            ended = end_older_secret(platform=platform, by=SYSTEM)
            if ended is None:
                raise CommandError("There are no two secrets; the only one stays.")
            self.stdout.write(f"The secret {ended} is good no more.")
        else:
            made = new_secret(platform, from_stdin=options["secret_from_stdin"])
            lines = told(made, from_stdin=options["secret_from_stdin"])
            if platform.secrets.count() > 1:
                lines.append("The older secret is good until you end it:")
                lines.append(f"bin/kefu platform rotate {platform.brand.key} --end-old")
            self.stdout.write("\n".join(lines))
