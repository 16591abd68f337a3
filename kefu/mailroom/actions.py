"""Posting a letter: it is kept with whatever made it necessary, and leaves once that is committed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kefu.accounts.actions import Gone
from kefu.accounts.models import Customer
from kefu.background.tasks import enqueue
from kefu.brands.models import Brand
from kefu.mailroom.models import Letter, LetterKind
from kefu.mailroom.tasks import send_letter
from kefu.safety.retention import remove_in_chunks


@transaction.atomic
def post_letter(
    *,
    brand: Brand,
    kind: LetterKind,
    key: str,
    language: str,
    recipient: str,
    customer: Customer | None = None,
    conversation_id: int | None = None,
    subject_id: int | None = None,
    words: str = "",
) -> Letter:
    """A letter to this address; asking again with the same `key` gives the first one and sends nothing more.

    Raises Gone if the customer was erased, at this moment too: their address is kept nowhere.
    """
    living = Customer.objects.select_for_update(no_key=True).filter(erased_at=None)
    if customer is not None and not living.filter(pk=customer.pk):
        raise Gone
    letter, is_new = Letter.objects.get_or_create(
        key=f"{kind}:{key}",
        defaults={
            "brand": brand,
            "kind": kind,
            "language": language,
            "recipient": recipient,
            "customer": customer,
            "conversation_id": conversation_id,
            "subject_id": subject_id,
            "words": words,
        },
    )
    if is_new:
        enqueue(send_letter, letter_id=letter.pk)
    return letter


def move_letters(source: Customer, into: Customer) -> None:
    """Two customers turned out to be one."""
    Letter.objects.filter(customer=source).update(customer=into)


def forget_letters(before: datetime) -> int:
    """Delete what was settled before this moment, in short transactions; how many."""
    return remove_in_chunks(Letter.objects.filter(settled_at__lt=before))
