"""`kefu brand origins`: whose pages may show a brand's chat inside them."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.brands.actions import allow_origins
from kefu.brands.models import Brand
from kefu.brands.origins import MOST, NotAnOrigin, read_origin


class Command(BaseCommand):
    help = "Show, or change, the origins whose pages may show this brand's chat inside them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="the brand's key")
        for name, says in (("allow", "one more"), ("forbid", "one less")):
            parser.add_argument(
                f"--{name}",
                action="append",
                default=[],
                metavar="ORIGIN",
                help=f"{says}, such as https://www.example.com; may be repeated",
            )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        brand = _brand(options["key"])
        allowed, forbidden = _read(options["allow"]), set(_read(options["forbid"]))
        wanted = [one for one in dict.fromkeys([*brand.origins, *allowed]) if one not in forbidden]
        if len(wanted) > MOST:
            raise CommandError(f"That would be {len(wanted)} origins; {MOST} is the most.")
        brand = allow_origins(brand=brand, origins=wanted)
        if options["json"]:
            self.stdout.write(json.dumps({"brand": brand.key, "origins": brand.origins}))
            return
        for origin in brand.origins or ["No page may show this chat inside itself."]:
            self.stdout.write(origin)


def _brand(key: str) -> Brand:
    brand = Brand.objects.filter(key=key).first()
    if brand is None:
        known = ", ".join(Brand.objects.values_list("key", flat=True))
        raise CommandError(f"There is no brand {key}. Brands: {known or 'none yet'}.")
    return brand


def _read(typed: list[str]) -> list[str]:
    try:
        return [read_origin(one) for one in typed]
    except NotAnOrigin:
        raise CommandError(
            f"One of {', '.join(typed)} is no origin; write it like https://www.example.com, without a path."
        ) from None
