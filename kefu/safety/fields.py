"""Text fields that know what they hold: guarded, plain, or encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from kefu.safety.guard import Guarded, as_stored
from kefu.safety.keyring import ring

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    GuardedBase = models.TextField[str | Guarded, Guarded]
    PlainBase = models.TextField[str, str]
else:
    GuardedBase = PlainBase = models.TextField


class NotGuarded(TypeError):
    """Text that did not go through the guard was about to be stored."""


class GuardedTextField(GuardedBase):
    """Text written by or about a customer, or by an agent in a conversation: Guarded or nothing, however it is saved."""

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        is_expression = hasattr(value, "resolve_expression")
        if value not in ("", None) and not isinstance(value, Guarded) and not is_expression:
            raise NotGuarded(f"{self.model.__name__}.{self.name} takes only what guard() returned.")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: str | None, *_: Any) -> Guarded | None:
        return None if value is None else as_stored(value)


class PlainTextField(PlainBase):
    """Operators' catalogue text: articles, greetings, names. The guard has no business here."""


class EncryptedTextField(PlainBase):
    """Encrypted with the ring's active key; the key's id is in the value. Can't be searched: keep a keyed hash beside it."""

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, str):
            value = ring().encrypt(value, context=self.context)
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return None if value is None else ring().decrypt(value, context=self.context)
