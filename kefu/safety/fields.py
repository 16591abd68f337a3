"""Text fields that know what they hold: guarded, plain, or encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.db import models
from django.db.models.expressions import Case, Col, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull

from kefu.safety.guard import Guarded, as_stored
from kefu.safety.keyring import ring

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    GuardedBase = models.TextField[Guarded | Literal[""], Guarded]
    PlainBase = models.TextField[str, str]
else:
    GuardedBase = PlainBase = models.TextField


class NotGuarded(TypeError):
    """Text that did not go through the guard was about to be stored."""


class TooLong(ValueError):
    """A text is longer than its field allows; the message tells how long, never what."""


class PlainTextField(PlainBase):
    """Operators' catalogue text: articles, greetings, names. The guard has no business here. Raises TooLong."""

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        _measure(self, value)
        return super().get_db_prep_save(value, connection)


class GuardedTextField(GuardedBase):
    """Text written by or about a customer, or by an agent in a conversation: Guarded or nothing, however it is saved.

    Raises NotGuarded from save(), bulk_create(), update() and their like; filters take any text. Raises TooLong on every
    database, placeholders counted.
    """

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, Guarded):
            _measure(self, value)
            return value
        if not self._is_guarded(value):
            raise NotGuarded(f"{_name(self)} takes only what guard() returned.")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: str | None, *_: Any) -> Guarded | None:
        return None if value is None else as_stored(value)

    def _is_guarded(self, value: Any) -> bool:
        """A value, or an expression that can only give guarded values."""
        if value is None or (value == "" and self.blank):
            return True
        if isinstance(value, Col):
            return isinstance(value.target, GuardedTextField)
        if isinstance(value, Value):
            return self._is_guarded(value.value)
        results = _results(value)
        return isinstance(value, Guarded) if results is None else all(map(self._is_guarded, results))


class EncryptedTextField(PlainBase):
    """Encrypted with the ring's active key; the key's id is in the value. Can't be searched: keep a keyed hash beside it."""

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, str):
            value = ring().encrypt(value, context=self.context)
        elif not self._is_encrypted_later(value):
            raise TypeError(f"{_name(self)} takes text, not an expression: the database can't encrypt.")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return None if value is None else ring().decrypt(value, context=self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is one: two encryptions of a text are never equal."""
        return IsNull if lookup_name == "isnull" else None

    def _is_encrypted_later(self, value: Any) -> bool:
        """Values of this very field inside a CASE, as bulk_update() writes them, come here one by one."""
        if isinstance(value, Value):
            return value.value is None or getattr(value, "_output_field_or_none", None) is self
        results = _results(value)
        return value is None if results is None else all(map(self._is_encrypted_later, results))


def _measure(field: models.TextField[Any, Any], value: Any) -> None:
    if field.max_length is not None and isinstance(value, str) and len(value) > field.max_length:
        raise TooLong(f"{_name(field)} takes {field.max_length} characters, not {len(value)}.")


def _results(expression: Any) -> list[Any] | None:
    """What an expression may come to, for those that bulk_update() makes; None for all others."""
    if isinstance(expression, Cast):
        return list(expression.get_source_expressions())
    if isinstance(expression, Case):
        return [*expression.cases, expression.default]
    if isinstance(expression, When):
        return [expression.result]
    return None


def _name(field: models.Field[Any, Any]) -> str:
    return f"{field.model.__name__}.{field.name}"
