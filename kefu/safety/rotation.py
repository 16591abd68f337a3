"""Turning the key ring: a new key encrypts, and every value is written again with it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from kefu.safety.fields import EncryptedTextField
from kefu.safety.keyring import add_key

CHUNK = 200


def rotate() -> int:
    """Add a key and encrypt everything with it, a few hundred rows a transaction; how many values were written.

    Running it again after an interruption is harmless: the old keys stay in the ring.
    """
    add_key()
    return sum(_encrypt_again(model, names) for model, names in _encrypted_models())


def _encrypted_models() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if names:
            yield model, names


def _encrypt_again(model: type[models.Model], names: list[str]) -> int:
    last, written = None, 0
    while True:
        rows = model._default_manager.order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic():
            chunk = list(rows.only("pk", *names)[:CHUNK])
            for row in chunk:
                row.save(update_fields=names)
        if not chunk:
            return written
        last, written = chunk[-1].pk, written + len(chunk) * len(names)
