from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.timezone import now

from kefu.accounts.people.customers import Customer, Identity
from kefu.accounts.querysets import OneTimeCodeQuerySet

CODE_FOR = timedelta(minutes=10)
MOST_TRIES = 5


def code_end() -> datetime:
    return now() + CODE_FOR


class OneTimeCode(models.Model):
    """Six digits, sent to an address that a customer claims. Kept as keyed hashes: one for each letter that carried one."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="one_time_codes")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="one_time_codes")
    hashes = models.JSONField(default=list)
    # In which it was asked for, as the page was; "" is as the customer's own.
    language = models.CharField(max_length=12, default="", db_default="")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField(default=code_end)
    used_at = models.DateTimeField(null=True)

    objects = OneTimeCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"one-time code {self.pk}"
