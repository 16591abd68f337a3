"""What the console's words about platforms have in common."""

from __future__ import annotations

import sys

from django.core.management.base import CommandError

from kefu.brands.models import Brand
from kefu.exchange.actions import NewSecret, TwoSecrets, WeakSecret, add_secret
from kefu.exchange.fetching import NotFetched
from kefu.exchange.jwk import NotASet
from kefu.exchange.keys import fetch_keys
from kefu.exchange.models import Platform
from kefu.journal.actor import SYSTEM


def brand_called(key: str) -> Brand:
    """Raises CommandError with what to type instead."""
    found = Brand.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(Brand.objects.values_list("key", flat=True))
        raise CommandError(f"There is no brand {key}. Brands: {known or 'none yet'}.")
    return found


def platform_of(key: str) -> Platform:
    """Raises CommandError with what to type instead."""
    brand = brand_called(key)
    found = Platform.objects.filter(brand=brand).first()
    if found is None:
        raise CommandError(
            f"{brand.key} has no platform; say how it signs: bin/kefu platform set {brand.key} --issuer …"
        )
    return found


def new_secret(platform: Platform, *, from_stdin: bool) -> NewSecret:
    """One that we make, or the platform's own from standard input: on the command line others would see it."""
    given = sys.stdin.readline().strip() if from_stdin else ""
    if from_stdin and not given:
        raise CommandError("There was no secret on standard input.")
    try:
        return add_secret(platform=platform, by=SYSTEM, secret=given)
    except WeakSecret:
        raise CommandError(
            "A secret has 32 to 512 bytes and is random; leave it to Kefu to make one."
        ) from None
    except TwoSecrets:
        raise CommandError(
            "There are two secrets already; end the older one first: "
            f"bin/kefu platform rotate {platform.brand.key} --end-old"
        ) from None


def told(made: NewSecret, *, from_stdin: bool) -> list[str]:
    """What whoever made it must pass on. A secret that they brought themselves isn't printed again."""
    lines = [f"Key id (kid): {made.key_id}"]
    if not from_stdin:
        lines += [
            f"Secret (HS256): {made.secret}",
            "It is shown this once; keep it where only the backend reads it.",
        ]
    return lines


def fetched(platform: Platform) -> str:
    """How fetching its key set went, as a sentence. Raises CommandError if it went wrong."""
    try:
        count = len(fetch_keys(platform).jwks)
    except NotASet:
        raise CommandError(f"{platform.jwks_url} is no key set with a usable public key.") from None
    except NotFetched as problem:
        raise CommandError(f"{platform.jwks_url} could not be fetched: {problem}.") from None
    return f"Fetched {count} public {'key' if count == 1 else 'keys'} from {platform.jwks_url}."
