"""Turning the key ring: a new key encrypts, and every value is written again with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from kefu.safety.fields import EncryptedTextField
from kefu.safety.keyring import change_key, ring

CHUNK = 200
RAW = "raw_"

# Encrypts again what lies outside of EncryptedTextField, in short transactions; how many values were written.
EncryptAgain = Callable[[], int]
_others: dict[str, EncryptAgain] = {}


def register(name: str, encrypt_again: EncryptAgain) -> None:
    """For rooms that call `ring().encrypt` themselves; they skip what `ring().is_current`."""
    _others[name] = encrypt_again


def rotate() -> int:
    """Encrypt everything with the key that waits, or else with a new one; how many values were written.

    The old keys stay in the ring, for backups and for what an interruption left; `finish` does the rest then. Another machine
    that doesn't have the key reads nothing any more that was written with it. Raises NotWritable.
    """
    change_key()
    return finish()


def finish() -> int:
    """Encrypt with the active key whatever is not yet; how many values were written. Twice is harmless."""
    own = sum(_encrypt_again(model, names) for model, names in encrypted_models())
    return own + sum(encrypt_again() for encrypt_again in _others.values())


def encrypted_models() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if names:
            yield model, names


def _encrypt_again(model: type[models.Model], names: list[str]) -> int:
    written, last = 0, None
    while chunk := _chunk(model, names, last):
        written, last = written + len(chunk) * len(names), chunk[-1]
    return written


@transaction.atomic
def _chunk(model: type[models.Model], names: list[str], last: object) -> list[object]:
    """Write the next rows that an older key encrypted, locked from reading to writing; their primary keys."""
    rows = _older(model, names)
    if last is not None:
        rows = rows.filter(pk__gt=last)
    chunk = list(rows.only("pk", *names).select_for_update(of=("self",))[:CHUNK])
    if chunk:
        model._base_manager.bulk_update(chunk, names)
    return [row.pk for row in chunk]


def _older(model: type[models.Model], names: list[str]) -> models.QuerySet[models.Model]:
    """Rows in which something was not encrypted with the active key. A cast shows the value as it is stored."""
    stored = {RAW + name: Cast(name, models.TextField()) for name in names}
    is_older = Q()
    for name in names:
        is_older |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{RAW}{name}__startswith": ring().mark})
    rows: models.QuerySet[models.Model] = model._base_manager.alias(**stored).filter(is_older)
    return rows.order_by("pk")
