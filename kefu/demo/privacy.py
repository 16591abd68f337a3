"""The demo's post holds letters of customers; each goes with the letter's own row."""

from __future__ import annotations

from collections.abc import Callable

from kefu.accounts.privacy import Customers, Extract, PrivacyPart
from kefu.demo.models import OutboxLetter


def export(_customers: Customers, _extract: Extract) -> None:
    """The mailroom says which letters there were; their words were the customer's from the moment they had them."""


def erase(customers: Customers) -> list[Callable[[], None]]:
    OutboxLetter.objects.filter(letter__customer__in=customers).delete()
    return []


PART = PrivacyPart((OutboxLetter,), export, erase)
