"""`kefu platform set`: say how a brand's trading platform signs for its users."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from kefu.exchange.actions import PlatformText, set_platform
from kefu.exchange.management.platforms import brand_called, fetched, new_secret, told
from kefu.exchange.models import KeySource
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Say how a brand's trading platform signs the tokens that vouch for its users."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("brand", help="the brand's key")
        parser.add_argument("--issuer", required=True, help="what the tokens name as iss")
        parser.add_argument("--audience", help="what they name as aud; the brand's key unless told")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "--jwks", metavar="URL", default="", help="where the platform publishes its key set"
        )
        source.add_argument("--secret", action="store_true", help="share a secret; Kefu makes it")
        source.add_argument(
            "--secret-from-stdin", action="store_true", help="share the secret on standard input"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        brand = brand_called(options["brand"])
        text = PlatformText(
            issuer=options["issuer"],
            audience=options["audience"] or brand.key,
            source=KeySource.JWKS if options["jwks"] else KeySource.SECRET,
            jwks_url=options["jwks"],
        )
        # The console speaks English, whatever language pages fall back on.
        with override("en"):
            try:
                platform = set_platform(brand=brand, text=text, by=SYSTEM)
            except ValidationError as problem:
                raise CommandError(" ".join(problem.messages)) from None
        self.stdout.write(f"{brand.name} believes tokens from {text.issuer} for {text.audience}.")
        if text.source == KeySource.JWKS:
            self.stdout.write(fetched(platform))
        elif platform.secrets.exists() and not options["secret_from_stdin"]:
            self.stdout.write(f"Its secret stays; change it with bin/kefu platform rotate {brand.key}")
        else:
            made = new_secret(platform, from_stdin=options["secret_from_stdin"])
            self.stdout.write("\n".join(told(made, from_stdin=options["secret_from_stdin"])))
