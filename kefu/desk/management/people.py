"""A customer as somebody at the console names them."""

from __future__ import annotations

from django.core.management.base import CommandError

from kefu.accounts.models import Customer
from kefu.accounts.verbs.privacy import everybody_who_was
from kefu.brands.refs import read_ref
from kefu.conversations.models import Conversation


def customer_called(who: str) -> Customer:
    """By a conversation's ref or the person's number, as they are known now; raises CommandError."""
    if who.isascii() and who.isdigit():
        found = Customer.objects.filter(pk=int(who)).first()
    else:
        conversation = Conversation.objects.filter(ref=read_ref(who) or "").select_related("customer").first()
        found = conversation.customer if conversation else None
    if found is None:
        raise CommandError(f"There is no conversation and no person {who}.")
    return everybody_who_was(found)[0]
