"""Who may change the one list of official ways. Accounts knows, and says so here, because safety lies below it."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from kefu.journal.actor import Actor

# Whether this actor may change the settings of the brand with this id.
Allows = Callable[[Actor, int], bool]
_policy: list[Allows] = []


class MayNotChange(PermissionDenied):
    """This actor may not change the settings of this brand."""


def register(policy: Allows) -> None:
    _policy[:] = [policy]


def require_permission(by: Actor, brand_id: int) -> None:
    """Raises MayNotChange unless the policy allows it; without a policy nobody may."""
    if not any(allows(by, brand_id) for allows in _policy):
        raise MayNotChange
