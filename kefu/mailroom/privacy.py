"""What the mailroom holds of a customer: that letters went to them, until they are forgotten."""

from __future__ import annotations

from collections.abc import Callable

from kefu.accounts.privacy import Customers, Extract, PrivacyPart
from kefu.mailroom.models import Letter


def export(customers: Customers, extract: Extract) -> None:
    letters = Letter.objects.filter(customer__in=customers).order_by("pk")
    extract.own["letters"] = [
        {
            "kind": one.kind,
            "to": one.recipient,
            "code": one.code,
            "made_at": one.created_at,
            "left_at": one.left_at,
            "state": one.state,
        }
        for one in letters
    ]


def erase(customers: Customers) -> list[Callable[[], None]]:
    """Their codes can't be checked any more: whoever could ask has asked to be forgotten."""
    Letter.objects.filter(customer__in=customers).delete()
    return []


PART = PrivacyPart((Letter,), export, erase)
