"""Which brand a command of the help centre is about."""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser

from kefu.brands.models import Brand


def add_brand_option(parser: CommandParser) -> None:
    parser.add_argument("--brand", metavar="KEY", help="a brand's key; may be left out while there is one")


def brand_called(key: str | None) -> Brand:
    """Raises CommandError with what there is."""
    brands = list(Brand.objects.order_by("pk"))
    known = ", ".join(brand.key for brand in brands) or "none"
    if key is None and len(brands) == 1:
        return brands[0]
    found = next((brand for brand in brands if brand.key == key), None)
    if found is None:
        raise CommandError(f"Say which brand with --brand KEY; there is {known}.")
    return found
