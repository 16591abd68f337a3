"""Secrets of second factors: encrypted with the key ring, inside rows of the sign-in library."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from kefu.safety.keyring import ring

# Bound into each value, so that no other encrypted value can be put in its place.
CONTEXT = "accounts.second_factor"
CHUNK = 100
# Where the library keeps what it has us encrypt: an authenticator's key, and what recovery codes are made from.
SEALED = ("secret", "seed")
SEALED_LISTS = ("migrated_codes",)


def seal(secret: str) -> str:
    return ring().encrypt(secret, context=CONTEXT)


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    return ring().decrypt(sealed, context=CONTEXT)


def seal_again() -> int:
    """Encrypt with the active key what an older one encrypted; how many values were written. Twice is harmless."""
    written, last = 0, 0
    while chunk := _next_rows(last):
        written, last = written + _seal_rows(chunk), chunk[-1]
    return written


def _next_rows(after: int) -> list[int]:
    rows = Authenticator.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(rows[:CHUNK])


@transaction.atomic
def _seal_rows(ids: list[int]) -> int:
    """Locked from reading to writing, so that a recovery code that is used at this moment stays used."""
    written = 0
    for row in Authenticator.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        sealed, count = _sealed_again(row.data)
        if count:
            row.data = sealed
            row.save(update_fields=["data"])
        written += count
    return written


def _sealed_again(data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    older = [data[name] for name in SEALED if name in data]
    older += [value for name in SEALED_LISTS for value in data.get(name) or ()]
    fresh = {value: seal(unseal(value)) for value in older if not ring().is_current(value)}
    changed = {name: fresh.get(data[name], data[name]) for name in SEALED if name in data}
    changed |= {name: [fresh.get(one, one) for one in data[name]] for name in SEALED_LISTS if data.get(name)}
    return data | changed, len(fresh)
