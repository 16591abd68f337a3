"""`kefu platform show`: how the brands' platforms sign, without any secret."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kefu.exchange.models import KeySource, Platform


class Command(BaseCommand):
    help = "Show how each brand's trading platform signs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("brand", nargs="?", help="only the brand with this key")
        parser.add_argument("--json", action="store_true", help="print JSON for scripts")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = Platform.objects.select_related("brand").prefetch_related("secrets").order_by("brand_id")
        if options["brand"]:
            platforms = platforms.filter(brand__key=options["brand"])
        found = [_facts(platform) for platform in platforms]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif not found:
            self.stdout.write("No platform vouches for anybody yet: bin/kefu platform set BRAND --issuer …")
        for facts in [] if options["json"] else found:
            self.stdout.write(
                "\n".join(f"{name:9} {_written(value)}" for name, value in facts.items()) + "\n"
            )


def _facts(platform: Platform) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "brand": platform.brand.key,
        "issuer": platform.issuer,
        "audience": platform.audience,
        "source": platform.source,
    }
    if platform.source == KeySource.SECRET:
        return facts | {
            "keys": [f"{one.key_id} since {one.made_at:%Y-%m-%d}" for one in platform.secrets.all()]
        }
    return facts | {
        "url": platform.jwks_url,
        "fetched": platform.fetched_at.isoformat(timespec="seconds") if platform.fetched_at else None,
        "keys": [f"{one.get('kid', '-')} {one['kty']}" for one in platform.jwks],
    }


def _written(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return str(value or "not yet")
