"""A session goes on in another window of the same person: a code that is good once, for a minute, and becomes the session."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.events import CustomerSessionHandedOver
from kefu.accounts.people.customers import CustomerSession
from kefu.accounts.verbs.visitors import open_session
from kefu.journal.actions import record
from kefu.safety.tokens import new_token, token_hash

HAND_OVER_WITHIN = timedelta(minutes=1)


@transaction.atomic
def offer_session(*, session: CustomerSession) -> str:
    """The code for the other window. Whoever has it is this customer there, so it goes there by POST and nowhere else."""
    return open_session(customer=session.customer, lasts=HAND_OVER_WITHIN, handed_over_by=session)


def offered(*, code: str, brand_id: int) -> CustomerSession | None:
    """The session that waits behind a code, if it is of this brand and the minute is not over."""
    return (
        CustomerSession.objects.alive()
        .filter(token_hash=token_hash(code), only_conversation_id=None, customer__brand_id=brand_id)
        .filter(created_at__gte=now() - HAND_OVER_WITHIN, ends_at__lte=now() + HAND_OVER_WITHIN)
        .select_related("customer", "handed_over_by")
        .first()
    )


@transaction.atomic
def take_session_over(*, session: CustomerSession, only_conversation_id: int | None = None) -> str | None:
    """The lasting token for the code; None if somebody was faster, or if the session that it goes on from has ended.

    It lasts as long as that one. With a conversation's id it opens that one only.
    """
    token, customer, first = new_token(), session.customer, session.handed_over_by
    if first is None or not CustomerSession.objects.alive().filter(pk=first.pk).exists():
        return None
    taken = CustomerSession.objects.filter(pk=session.pk, token_hash=session.token_hash).update(
        token_hash=token_hash(token), ends_at=first.ends_at, only_conversation_id=only_conversation_id
    )
    if not taken:
        return None
    record(
        CustomerSessionHandedOver(
            actor=customer.actor, brand_id=customer.brand_id, subject_id=session.pk, customer_id=customer.pk
        )
    )
    return token
