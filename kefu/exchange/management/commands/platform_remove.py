"""`kefu platform remove`: believe a brand's platform no more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.exchange.actions import remove_platform
from kefu.exchange.management.platforms import brand_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Believe the tokens of a brand's trading platform no more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("brand", help="the brand's key")

    def handle(self, *_args: Any, **options: Any) -> None:
        brand = brand_called(options["brand"])
        if not remove_platform(brand=brand, by=SYSTEM):
            raise CommandError(f"{brand.key} has no platform.")
        self.stdout.write(f"{brand.name} believes no platform any more. Who came before stays who they are.")
