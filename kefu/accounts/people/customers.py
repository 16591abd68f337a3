from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.timezone import now

from kefu.accounts.querysets import CustomerQuerySet, CustomerSessionQuerySet, IdentityQuerySet
from kefu.brands.models import Brand
from kefu.journal.actor import Actor, customer_actor
from kefu.safety.fields import EncryptedTextField, GuardedTextField

SESSION_FOR = timedelta(days=90)
# Shorter than a visitor's: who signs out of the platform should not stay signed in here for months.
VOUCHED_FOR = timedelta(days=1)


class Level(models.IntegerChoices):
    """How well we know somebody; unproven is never merged into proven."""

    ANONYMOUS = 0, "anonymous"
    CLAIMED = 1, "claimed"
    PROVEN = 2, "proven"
    VOUCHED = 3, "vouched"


class Customer(models.Model):
    """Somebody who asks. Known by identities; a name is only what they call themselves."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="customers")
    name = GuardedTextField(max_length=80, blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    zone = models.CharField(max_length=64, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.ANONYMOUS)
    created_at = models.DateTimeField(default=now, editable=False)
    # What they chose to find in every letter of ours, so that a forged one is known by its absence; "" while they chose none.
    phrase = EncryptedTextField(blank=True, default="")
    # All that we knew of them was erased, on their wish.
    erased_at = models.DateTimeField(null=True)
    # They turned out to be somebody whom we knew already, and live on there.
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")

    objects = CustomerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"customer {self.pk}"

    @property
    def actor(self) -> Actor:
        return customer_actor(self.pk)


class IdentityKind(models.TextChoices):
    EMAIL = "email"
    PLATFORM = "platform"
    """The trading platform's own id of them; the hash of its value knows the brand too."""


class IdentityReason(models.TextChoices):
    """Why we believe an identity, as far as we do."""

    TYPED = "typed"
    CODE = "code"
    VOUCHED = "vouched"


class Identity(models.Model):
    """One way in which a customer is known, how well, and why we believe it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = EncryptedTextField()
    value_hash = models.CharField(max_length=64, db_index=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    reason = models.CharField(max_length=20, choices=IdentityReason.choices)
    created_at = models.DateTimeField(default=now, editable=False)
    # Since when it has this level for this reason.
    believed_at = models.DateTimeField(default=now)
    # When its owner last answered a code that was sent there. It outlives what the platform says of the address.
    proven_at = models.DateTimeField(null=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value_hash"], name="one_identity_a_value"),
            models.UniqueConstraint(
                fields=["value_hash"],
                condition=models.Q(kind="platform"),
                name="one_customer_a_platform_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of customer {self.customer_id}"


def session_end() -> datetime:
    return now() + SESSION_FOR


class CustomerSession(models.Model):
    """A customer's cookie, stored as a hash. One made from a private link opens a single conversation.

    One that was handed over to another window ends with the one that it came from, and no later.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    only_conversation_id = models.BigIntegerField(null=True, db_index=True)
    created_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField(default=session_end)
    revoked_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="handed_over"
    )

    objects = CustomerSessionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"session of customer {self.customer_id}"
